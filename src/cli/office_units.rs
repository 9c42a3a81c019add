//! `casedesk office units`, `unit`, `people`, and what changes a unit: `site`, `zone`, `known-contact`, `move-unit`,
//! `rename-unit`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::office::{optional, unit};
use super::open::Opened;
use crate::desk::{AskUnits, Command, OfficeAnswer, UnitChange, UnitLine};
use crate::domain::office::{CaseworkerState, Cover, Site};
use crate::domain::time::Zone;

/// Shows the tree of units: where each works, by which clock, who leads it, who covers its queues now, and how much waits.
///
///   casedesk office units
///   casedesk office units --json | jq '.units[] | select(.cover == "nobody")'
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Units {}

/// Shows one unit with everything that is known of it, its roster included.
///
///   casedesk office unit housing
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct ShowUnit {
    /// The unit's code
    code: String,
}

/// Lists who works here: account, name, unit, roles, and whether they are here.
///
///   casedesk office people
///   casedesk office people --unit housing
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct People {
    /// Only of the unit of this code
    #[arg(long)]
    unit: Option<String>,
}

/// Sets a site of a unit, or removes it. A unit without sites works at those of the unit above.
///
///   casedesk office site housing north "North hall" --address "Quay 3"
///   casedesk office site housing north --remove
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct SetSite {
    /// The unit's code
    unit: String,
    /// A short code of the site, without spaces: lists are limited by it, as site:north
    site: String,
    /// The name shown
    #[arg(required_unless_present = "remove")]
    name: Option<String>,
    /// Where it is
    #[arg(long, default_value = "")]
    address: String,
    /// It works there no more
    #[arg(long, conflicts_with_all = ["name", "address"])]
    remove: bool,
}

/// Sets the time zone of a unit, by which its people see days and times and its hours are counted; without one, it is that of
/// the unit above. A unit with open cases changes its zone by a calendar of its own, which shows first whom it moves.
///
///   casedesk office zone overseas Atlantic/Azores
///   casedesk office zone overseas
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct SetZone {
    /// The unit's code
    unit: String,
    /// The IANA zone, as Atlantic/Azores
    zone: Option<String>,
}

/// Sets what other units are told who meet somebody whom this unit knows, of cases that are not confidential; without words,
/// nothing is told any more.
///
///   casedesk office known-contact housing "housing desk, 12 34 56"
///   casedesk office known-contact housing
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct KnownContact {
    /// The unit's code
    unit: String,
    /// Whom to ask
    contact: Option<String>,
}

/// Puts a unit, with all below it, below another one, or at the top.
///
///   casedesk office move-unit north --below housing
///   casedesk office move-unit north --top
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct MoveUnit {
    /// The unit's code
    unit: String,
    /// The code of the unit that it is to stand below
    #[arg(long, required_unless_present = "top")]
    below: Option<String>,
    /// It stands below none
    #[arg(long, conflicts_with = "below")]
    top: bool,
}

/// Gives a unit another name. Its code stays.
///
///   casedesk office rename-unit north "North district"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct RenameUnit {
    /// The unit's code
    unit: String,
    /// The name shown
    name: String,
}

impl SetSite {
    pub(super) fn command(
        &self,
        opened: &Opened,
        office: &OfficeAnswer,
    ) -> Result<Command, CliError> {
        let id = unit(office, &self.unit)?.id;
        let units = opened.ask(AskUnits {})?.units;
        let held = units.into_iter().find(|line| line.unit.id == id);
        let own = held.filter(|line| line.has_own_sites).map(|line| line.sites);
        let mut sites = own.unwrap_or_default();
        let is_this = |site: &Site| site.code == self.site;
        if self.remove && !sites.iter().any(is_this) {
            let what = format!("{} has no site `{}` of its own.", self.unit, self.site);
            let hint = "`casedesk office unit` shows its sites.";
            return Err(CliError::refused("unit.site", what, hint));
        }
        let new = self.name.as_ref().map(|name| Site {
            code: self.site.clone(),
            name: name.clone(),
            address: self.address.clone(),
        });
        match (new, sites.iter_mut().find(|site| is_this(site))) {
            (Some(new), Some(site)) => *site = new,
            (Some(new), None) => sites.push(new),
            (None, _) => sites.retain(|site| !is_this(site)),
        }
        Ok(Command::ChangeUnit { unit: id, change: UnitChange::Sites(sites) })
    }
}

impl SetZone {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let change = UnitChange::Zone(self.zone.clone());
        Ok(Command::ChangeUnit { unit: unit(office, &self.unit)?.id, change })
    }
}

impl KnownContact {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let change = UnitChange::KnownContact(self.contact.clone());
        Ok(Command::ChangeUnit { unit: unit(office, &self.unit)?.id, change })
    }
}

impl MoveUnit {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let parent = optional(self.below.as_deref(), |code| unit(office, code))?;
        let change = UnitChange::Parent(parent.map(|unit| unit.id));
        Ok(Command::ChangeUnit { unit: unit(office, &self.unit)?.id, change })
    }
}

impl RenameUnit {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let change = UnitChange::Name(self.name.clone());
        Ok(Command::ChangeUnit { unit: unit(office, &self.unit)?.id, change })
    }
}

#[derive(Serialize)]
struct UnitsShown {
    units: Vec<UnitShown>,
}

#[derive(Serialize)]
struct UnitShown {
    code: String,
    name: String,
    depth: u32,
    above: Option<String>,
    zone: String,
    own_zone: bool,
    local_time: String,
    sites: Vec<SiteShown>,
    leader: Option<String>,
    cover: &'static str,
    covered_by: Option<String>,
    uncovered_since: Option<String>,
    open_now: bool,
    open: u64,
    free: u64,
    queues: Vec<QueueShown>,
    known_contact: Option<String>,
    hides_names: bool,
    roster: Vec<ShiftShown>,
}

#[derive(Serialize)]
struct SiteShown {
    code: String,
    name: String,
    address: String,
    own: bool,
}

#[derive(Serialize)]
struct QueueShown {
    code: String,
    cases: u64,
}

/// A shift of the roster, as `mon 08:00-12:00`.
#[derive(Serialize)]
struct ShiftShown {
    account: String,
    name: String,
    shift: String,
}

impl UnitShown {
    fn of(line: UnitLine, at: crate::domain::time::Instant, units: &[(u64, String)]) -> Self {
        let zone = Zone::named(&line.zone).unwrap_or_else(|_unknown| Zone::utc());
        let moment = |at| {
            let (hour, minute) = zone.hour_minute(at);
            format!("{} {hour:02}:{minute:02}", zone.day(at))
        };
        let parent = line.unit.parent.map(|id| id.0);
        let above = units.iter().find(|(id, _)| Some(*id) == parent).map(|(_, code)| code.clone());
        let own = line.has_own_sites;
        Self {
            code: line.unit.code,
            name: line.unit.name,
            depth: line.depth,
            above,
            local_time: moment(at),
            own_zone: line.own_zone.is_some(),
            sites: line
                .sites
                .into_iter()
                .map(|site| SiteShown {
                    code: site.code,
                    name: site.name,
                    address: site.address,
                    own,
                })
                .collect(),
            leader: line.leader,
            cover: match line.cover {
                Cover::By(_) => "covered",
                Cover::Closed => "closed",
                Cover::Nobody => "nobody",
            },
            covered_by: line.covered_by,
            uncovered_since: line.uncovered_since.map(moment),
            open_now: line.is_open,
            open: line.open,
            free: line.free,
            queues: line
                .queues
                .into_iter()
                .map(|(code, cases)| QueueShown { code, cases })
                .collect(),
            known_contact: line.known_contact,
            hides_names: line.hides_names,
            roster: line
                .roster
                .into_iter()
                .map(|(account, name, shift)| ShiftShown { account, name, shift: shift.words() })
                .collect(),
            zone: line.zone,
        }
    }

    fn cover_words(&self) -> String {
        match (self.cover, &self.covered_by, &self.uncovered_since) {
            (_, Some(name), _) if self.roster.is_empty() => {
                format!("covered by {name}, or anybody of it who is here")
            }
            (_, Some(name), _) => format!("covered by {name}"),
            ("closed", ..) => "closed now".to_owned(),
            (_, None, Some(since)) => format!("NOT COVERED since {since}"),
            (_, None, None) if self.open == 0 => "nobody here, nothing open".to_owned(),
            (_, None, None) => "NOT COVERED".to_owned(),
        }
    }

    /// One line in the tree.
    fn line(&self) -> String {
        let indent = "  ".repeat(usize::try_from(self.depth).unwrap_or(0));
        let name = format!("{indent}{} ({})", self.name, self.code);
        let leader = self.leader.as_deref().unwrap_or("nobody");
        let sites: Vec<&str> = self.sites.iter().map(|site| site.code.as_str()).collect();
        let at =
            if sites.is_empty() { String::new() } else { format!("  at {}", sites.join(", ")) };
        let zone = if self.own_zone { format!("  {}", self.zone) } else { String::new() };
        format!(
            "{name:<36} {:>4} open {:>4} free  led by {leader}; {}{at}{zone}",
            self.open,
            self.free,
            self.cover_words()
        )
    }

    /// Everything, a line each.
    fn lines(&self) -> Vec<String> {
        let own = if self.own_zone { "its own" } else { "that of the unit above" };
        let mut lines = vec![
            format!("{} ({})", self.name, self.code),
            format!("  above    {}", self.above.as_deref().unwrap_or("none")),
            format!("  led by   {}", self.leader.as_deref().unwrap_or("nobody who is here")),
            format!("  clock    {}, {own}: {}", self.zone, self.local_time),
            format!("  cover    {}", self.cover_words()),
            format!("  work     {} open, {} free", self.open, self.free),
        ];
        let queue = |queue: &QueueShown| format!("  queue    {}  {}", queue.code, queue.cases);
        lines.extend(self.queues.iter().map(queue));
        lines.extend(self.sites.iter().map(|site| {
            let whose = if site.own { "" } else { " (of the unit above)" };
            format!("  site     {}  {}  {}{whose}", site.code, site.name, site.address)
        }));
        let told = self.known_contact.as_deref().unwrap_or("nothing");
        lines.push(format!("  others are told of people it knows: {told}"));
        if self.hides_names {
            lines.push("  free cases are listed without names".to_owned());
        }
        if self.roster.is_empty() {
            lines.push("  roster   none: everybody of the unit, in its hours".to_owned());
        }
        lines.extend(
            self.roster
                .iter()
                .map(|shift| format!("  roster   {:<12} {}", shift.account, shift.shift)),
        );
        lines
    }
}

fn all(opened: &Opened) -> Result<Vec<UnitShown>, CliError> {
    let answer = opened.ask(AskUnits {})?;
    let ids: Vec<(u64, String)> =
        answer.units.iter().map(|line| (line.unit.id.0, line.unit.code.clone())).collect();
    Ok(answer.units.into_iter().map(|line| UnitShown::of(line, answer.at, &ids)).collect())
}

impl Units {
    pub(super) fn run(context: &Context, opened: &Opened) -> Result<(), CliError> {
        let shown = UnitsShown { units: all(opened)? };
        context.output.show(&shown, |shown| shown.units.iter().map(UnitShown::line).collect())
    }
}

impl ShowUnit {
    pub(super) fn run(
        &self,
        context: &Context,
        opened: &Opened,
        office: &OfficeAnswer,
    ) -> Result<(), CliError> {
        unit(office, &self.code)?;
        let Some(shown) = all(opened)?.into_iter().find(|unit| unit.code == self.code) else {
            return Ok(());
        };
        context.output.show(&shown, UnitShown::lines)
    }
}

#[derive(Serialize)]
struct PeopleShown {
    people: Vec<PersonShown>,
}

#[derive(Serialize)]
struct PersonShown {
    account: String,
    name: String,
    unit: String,
    roles: Vec<&'static str>,
    state: &'static str,
}

impl People {
    pub(super) fn run(&self, context: &Context, office: &OfficeAnswer) -> Result<(), CliError> {
        let only = optional(self.unit.as_deref(), |code| unit(office, code))?.map(|unit| unit.id);
        let code = |id| {
            let found = office.units.iter().find(|unit| unit.id == id);
            found.map(|unit| unit.code.clone()).unwrap_or_default()
        };
        let there = office.caseworkers.iter().filter(|held| only.is_none_or(|id| held.unit == id));
        let people = there.map(|held| PersonShown {
            account: held.account.clone(),
            name: held.name.clone(),
            unit: code(held.unit),
            roles: held.grants.iter().map(|grant| grant.role.label()).collect(),
            state: match held.state {
                CaseworkerState::Active => "here",
                CaseworkerState::Absent { .. } => "away",
                CaseworkerState::Left => "left",
            },
        });
        let shown = PeopleShown { people: people.collect() };
        context.output.show(&shown, |shown| {
            let line = |one: &PersonShown| {
                let roles = one.roles.join(", ");
                let (account, name, unit) = (&one.account, &one.name, &one.unit);
                format!("{account:<12} {name:<20} {unit:<12} {:<5} {roles}", one.state)
            };
            shown.people.iter().map(line).collect()
        })
    }
}
