//! `casedesk office`.

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::Context;
use super::accesses::{Accesses, Emergency, GiveBack};
use super::attendance::{self, Absent, Back, Gone, Went};
use super::error::CliError;
use super::linking::{Link, Unlink};
use super::names::Names;
use super::office_purposes::Purposes;
use super::office_rights::{Give, Grants, Group, Limit, Revoke, roles};
use super::office_roster::{Roster, Work};
use super::office_units::{
    KnownContact, MoveUnit, People, RenameUnit, SetSite, SetZone, ShowUnit, Units,
};
use crate::desk::{AskOffice, Command, OfficeAnswer, Receipt};
use crate::domain::office::{
    Caseworker, CaseworkerState, Confidentiality, Grant, NewCaseworker, NewQueue, NewUnit,
    OrderingId, QueueKind, Role, Unit,
};
use crate::domain::time::{Day, Zone};

/// Shows the office and sets it up: units, queues, caseworkers and what they may do.
#[derive(Debug, Args)]
pub(super) struct OfficeCommand {
    #[command(subcommand)]
    command: OfficeSubcommand,
}

#[derive(Debug, Subcommand)]
enum OfficeSubcommand {
    Show(Show),
    Set(Set),
    OpenUnit(OpenUnit),
    Lead(Lead),
    OpenQueue(OpenQueue),
    Enrol(Enrol),
    Grant(Give),
    Grants(Grants),
    Revoke(Revoke),
    Group(Group),
    Limit(Limit),
    Purposes(Purposes),
    Absent(Absent),
    RecallMinutes(RecallMinutes),
    Back(Back),
    Gone(Gone),
    Link(Link),
    Unlink(Unlink),
    Names(Names),
    Units(Units),
    Unit(ShowUnit),
    People(People),
    Site(SetSite),
    Zone(SetZone),
    Roster(Roster),
    KnownContact(KnownContact),
    MoveUnit(MoveUnit),
    RenameUnit(RenameUnit),
    Work(Work),
    Accesses(Accesses),
    Emergency(Emergency),
    GiveBack(GiveBack),
}

/// Shows units, queues and caseworkers.
#[derive(Debug, Args)]
struct Show {}

/// Sets the office's name, time zone or currency.
///
///   casedesk office set --name "Town hall" --zone Europe/Oslo --currency NOK
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Set {
    /// The name shown
    #[arg(long)]
    name: Option<String>,
    /// The IANA time zone, as Europe/Oslo
    #[arg(long)]
    zone: Option<String>,
    /// The ISO 4217 code of its money
    #[arg(long)]
    currency: Option<String>,
}

/// Sets how many minutes a sent reply waits, and can be recalled, before it is handed over.
///
///   casedesk office recall-minutes 5
///   casedesk office recall-minutes          # as each program's preferences say
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct RecallMinutes {
    /// Minutes; 0 hands over at once
    minutes: Option<u32>,
}

/// Opens a unit.
///
///   casedesk office open-unit housing "Housing" --parent town
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct OpenUnit {
    /// A short code without spaces
    code: String,
    /// The name shown
    name: String,
    /// The code of the unit above
    #[arg(long)]
    parent: Option<String>,
}

/// Sets who leads a unit.
///
///   casedesk office lead housing --manager berg --substitute kaya
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Lead {
    /// The unit's code
    unit: String,
    /// The manager's account
    #[arg(long)]
    manager: Option<String>,
    /// The account of whoever takes the manager's place
    #[arg(long)]
    substitute: Option<String>,
}

/// Opens a queue of a unit.
///
///   casedesk office open-queue housing/inbox "Inbox" --unit housing --kind inbox
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct OpenQueue {
    /// A short code
    code: String,
    /// The name shown
    name: String,
    /// The code of the unit that works it
    #[arg(long)]
    unit: String,
    /// What it is for
    #[arg(long, value_enum)]
    kind: Kind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Registered, not yet screened
    Screening,
    /// The unit's own work
    Inbox,
    /// What no rule could place
    Unrouted,
    /// Accepted, nature or subject still to settle
    Classification,
    /// Accepted, for an expert to review
    Review,
    /// Accepted, index terms still to settle
    Indexing,
}

/// Enrols a caseworker.
///
///   casedesk office enrol kaya "Mehmet Kaya" --unit housing --role caseworker --role screener
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Enrol {
    /// The account of the operating system
    account: String,
    /// The name shown
    name: String,
    /// The code of their unit
    #[arg(long)]
    unit: String,
    #[command(flatten)]
    roles: RolesGiven,
}

#[derive(Debug, Args)]
struct RolesGiven {
    /// A role, as often as needed: clerk, screener, reviewer, caseworker, manager, auditor, privacy-officer, administrator
    #[arg(long = "role", value_parser = roles())]
    roles: Vec<Role>,
    /// Only in the unit of this code
    #[arg(long)]
    in_unit: Option<String>,
    /// Until the end of this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    expires: Option<Day>,
}

/// Reads a date like 2026-08-14.
pub(super) fn day(text: &str) -> Result<Day, String> {
    let date: jiff::civil::Date =
        text.parse().map_err(|_not_a_date| format!("`{text}` is no date like 2026-08-14"))?;
    Ok(Day::from_date(date))
}

impl OfficeCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open_or_found()?;
        let office = opened.ask(AskOffice {})?;
        let command = match &self.command {
            OfficeSubcommand::Show(Show {}) => return show(context, office),
            OfficeSubcommand::Set(set) => set.command(&office)?,
            OfficeSubcommand::OpenUnit(open) => Command::OpenUnit(NewUnit {
                code: open.code.clone(),
                name: open.name.clone(),
                parent: optional(open.parent.as_deref(), |code| unit(&office, code))?
                    .map(|unit| unit.id),
            }),
            OfficeSubcommand::Lead(lead) => {
                let somebody = |account: Option<&str>| {
                    Ok::<_, CliError>(
                        optional(account, |name| caseworker(&office, name))?.map(|held| held.id),
                    )
                };
                Command::LeadUnit {
                    unit: unit(&office, &lead.unit)?.id,
                    manager: somebody(lead.manager.as_deref())?,
                    substitute: somebody(lead.substitute.as_deref())?,
                }
            }
            OfficeSubcommand::OpenQueue(open) => Command::OpenQueue(NewQueue {
                code: open.code.clone(),
                name: open.name.clone(),
                unit: unit(&office, &open.unit)?.id,
                kind: match open.kind {
                    Kind::Screening => QueueKind::Screening,
                    Kind::Inbox => QueueKind::Inbox,
                    Kind::Unrouted => QueueKind::Unrouted,
                    Kind::Classification => QueueKind::Classification,
                    Kind::Review => QueueKind::Review,
                    Kind::Indexing => QueueKind::Indexing,
                },
                ordering: OrderingId::DueFirst,
            }),
            OfficeSubcommand::Enrol(enrol) => Command::Enrol(NewCaseworker {
                account: enrol.account.clone(),
                name: enrol.name.clone(),
                unit: unit(&office, &enrol.unit)?.id,
                grants: enrol.roles.list(&office)?,
            }),
            OfficeSubcommand::Grants(grants) => return grants.show(context, &opened, &office),
            OfficeSubcommand::Grant(give) => {
                let commands = give.commands(&opened, &office)?;
                let receipts = commands.into_iter().map(|command| opened.execute(command));
                return done(context, &receipts.collect::<Result<Vec<_>, _>>()?);
            }
            OfficeSubcommand::Revoke(revoke) => revoke.command(&opened, &office)?,
            OfficeSubcommand::Group(group) => group.command(&office)?,
            OfficeSubcommand::Limit(limit) => limit.command(&office)?,
            OfficeSubcommand::Purposes(purposes) => match purposes.command(&opened)? {
                Some(command) => command,
                None => return purposes.show(context, &opened),
            },
            OfficeSubcommand::Absent(absent) => absent.command(&office)?,
            OfficeSubcommand::RecallMinutes(set) => Command::SetRecallTime { minutes: set.minutes },
            OfficeSubcommand::Back(back) => back.command(&office)?,
            OfficeSubcommand::Gone(gone) => gone.command(&office)?,
            OfficeSubcommand::Link(link) => link.command(&office)?,
            OfficeSubcommand::Unlink(unlink) => unlink.command(&office)?,
            OfficeSubcommand::Names(names) => names.command(&office)?,
            OfficeSubcommand::Units(Units {}) => return Units::run(context, &opened),
            OfficeSubcommand::Unit(show) => return show.run(context, &opened, &office),
            OfficeSubcommand::People(people) => return people.run(context, &office),
            OfficeSubcommand::Work(work) => return work.run(context, &opened, &office),
            OfficeSubcommand::Site(site) => site.command(&opened, &office)?,
            OfficeSubcommand::Zone(zone) => zone.command(&office)?,
            OfficeSubcommand::KnownContact(contact) => contact.command(&office)?,
            OfficeSubcommand::MoveUnit(moved) => moved.command(&office)?,
            OfficeSubcommand::RenameUnit(renamed) => renamed.command(&office)?,
            OfficeSubcommand::Roster(roster) => match roster.command(&opened, &office)? {
                Some(command) => command,
                None => return roster.show(context, &opened),
            },
            OfficeSubcommand::Accesses(accesses) => match accesses.command() {
                Some(review) => review,
                None => return accesses.list(context, &opened),
            },
            OfficeSubcommand::Emergency(emergency) => emergency.command(),
            OfficeSubcommand::GiveBack(access) => access.command(),
        };
        let (receipt, went, notes) = attendance::execute_telling(&opened, &office, &command)?;
        done_telling(context, &[receipt], went, notes)
    }
}

impl Set {
    fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let mut calendar = office.office.calendar.clone();
        if let Some(zone) = &self.zone {
            let known = Zone::named(zone);
            known.map_err(|error| {
                CliError::refused("office.zone", error.to_string(), "Give one like Europe/Oslo.")
            })?;
            calendar.zone.clone_from(zone);
            calendar.version += 1;
        }
        Ok(Command::SetOffice {
            name: self.name.clone().unwrap_or_else(|| office.office.name.clone()),
            calendar,
            currency: self.currency.clone().unwrap_or_else(|| office.office.currency.clone()),
            is_made: office.office.is_made,
        })
    }
}

impl RolesGiven {
    fn list(&self, office: &OfficeAnswer) -> Result<Vec<Grant>, CliError> {
        let unit =
            optional(self.in_unit.as_deref(), |code| unit(office, code))?.map(|unit| unit.id);
        let grant = |role: &Role| Grant {
            role: *role,
            unit,
            confidentiality_max: Confidentiality::CaseConfidential,
            expires: self.expires,
        };
        Ok(self.roles.iter().map(grant).collect())
    }
}

pub(super) fn optional<'a, T>(
    name: Option<&str>,
    find: impl Fn(&str) -> Result<&'a T, CliError>,
) -> Result<Option<&'a T>, CliError> {
    name.map(find).transpose()
}

pub(super) fn unit<'a>(office: &'a OfficeAnswer, code: &str) -> Result<&'a Unit, CliError> {
    office.units.iter().find(|unit| unit.code == code).ok_or_else(|| missing("unit", code))
}

pub(super) fn caseworker<'a>(
    office: &'a OfficeAnswer,
    account: &str,
) -> Result<&'a Caseworker, CliError> {
    let found = office.caseworkers.iter().find(|held| held.account == account);
    found.ok_or_else(|| missing("caseworker", account))
}

fn missing(kind: &str, name: &str) -> CliError {
    let what = format!("There is no {kind} `{name}`.");
    CliError::refused(&format!("office.{kind}"), what, "`casedesk office show` lists them.")
}

#[derive(Serialize)]
struct Done {
    ok: bool,
    created: Vec<String>,
    label: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    went: Vec<Went>,
}

fn done(context: &Context, receipts: &[Receipt]) -> Result<(), CliError> {
    done_telling(context, receipts, Vec::new(), Vec::new())
}

/// Says what was done, what it took from somebody, and in words what else there is to say of it.
fn done_telling(
    context: &Context,
    receipts: &[Receipt],
    went: Vec<Went>,
    notes: Vec<String>,
) -> Result<(), CliError> {
    let created = receipts.iter().flat_map(|receipt| &receipt.created);
    let labels: Vec<&str> = receipts.iter().map(|receipt| receipt.label.as_str()).collect();
    let created = created.map(ToString::to_string).collect();
    let done = Done { ok: true, created, label: labels.join(" "), went };
    context.output.show(&done, |done| std::iter::once(done.label.clone()).chain(notes).collect())
}

#[derive(Serialize)]
struct Shown {
    office: String,
    zone: String,
    currency: String,
    made: bool,
    people: u64,
    cases: u64,
    cases_open: u64,
    contacts: u64,
    events: u64,
    subjects: usize,
    units: Vec<UnitShown>,
    queues: Vec<QueueShown>,
    caseworkers: Vec<CaseworkerShown>,
}

#[derive(Serialize)]
struct UnitShown {
    unit: String,
    code: String,
    name: String,
    manager: Option<String>,
    substitute: Option<String>,
}

#[derive(Serialize)]
struct QueueShown {
    queue: String,
    code: String,
    name: String,
    unit: String,
}

#[derive(Serialize)]
struct CaseworkerShown {
    caseworker: String,
    account: String,
    name: String,
    unit: String,
    roles: Vec<&'static str>,
    state: String,
}

fn show(context: &Context, office: OfficeAnswer) -> Result<(), CliError> {
    let shown = Shown {
        people: office.people,
        cases: office.cases,
        cases_open: office.cases_open,
        contacts: office.contacts,
        events: office.events,
        subjects: office.subjects.len(),
        units: office.units.iter().map(UnitShown::from).collect(),
        queues: office
            .queues
            .into_iter()
            .map(|queue| QueueShown {
                queue: queue.id.to_string(),
                code: queue.code,
                name: queue.name,
                unit: queue.unit.to_string(),
            })
            .collect(),
        caseworkers: office.caseworkers.into_iter().map(CaseworkerShown::from).collect(),
        office: office.office.name,
        zone: office.office.calendar.zone,
        currency: office.office.currency,
        made: office.office.is_made,
    };
    context.output.show(&shown, |shown| {
        let mut lines = vec![
            format!("{} ({}, {})", shown.office, shown.zone, shown.currency),
            format!(
                "{} people, {} cases ({} open), {} contacts, {} events",
                shown.people, shown.cases, shown.cases_open, shown.contacts, shown.events
            ),
        ];
        let leads = |unit: &UnitShown| unit.manager.clone().unwrap_or_else(|| "-".to_owned());
        lines.extend(shown.units.iter().map(|unit| {
            format!("unit {:<6} {:<16} {}  led by {}", unit.unit, unit.code, unit.name, leads(unit))
        }));
        lines.extend(shown.queues.iter().map(|queue| {
            format!("queue {:<6} {:<20} {}  {}", queue.queue, queue.code, queue.name, queue.unit)
        }));
        lines.extend(shown.caseworkers.iter().map(|held| {
            let roles = held.roles.join(", ");
            format!(
                "{:<6} {:<12} {}  {}  {roles}  {}",
                held.caseworker, held.account, held.name, held.unit, held.state
            )
        }));
        lines
    })
}

impl From<&Unit> for UnitShown {
    fn from(unit: &Unit) -> Self {
        Self {
            unit: unit.id.to_string(),
            code: unit.code.clone(),
            name: unit.name.clone(),
            manager: unit.manager.map(|id| id.to_string()),
            substitute: unit.substitute.map(|id| id.to_string()),
        }
    }
}

impl From<Caseworker> for CaseworkerShown {
    fn from(held: Caseworker) -> Self {
        let mut roles: Vec<Role> = held.grants.iter().map(|grant| grant.role).collect();
        roles.sort_unstable();
        roles.dedup();
        Self {
            caseworker: held.id.to_string(),
            unit: held.unit.to_string(),
            roles: roles.into_iter().map(Role::label).collect(),
            state: match held.state {
                CaseworkerState::Active => "active".to_owned(),
                CaseworkerState::Absent { until, .. } => format!("absent until {until}"),
                CaseworkerState::Left => "left".to_owned(),
            },
            account: held.account,
            name: held.name,
        }
    }
}
