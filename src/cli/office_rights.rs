//! `casedesk office grant`, `grants`, `revoke`, `group` and `limit`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::office::{caseworker, day, optional, unit};
use super::open::Opened;
use crate::desk::{
    AskGrants, AskWho, Command, GrantsAnswer, Holder, OfficeAnswer, RightLine, RightSource,
};
use crate::domain::cases::{minor_units, typed_again};
use crate::domain::money::Money;
use crate::domain::office::{Action, Confidentiality, Purpose, Role, ScopedGrant};
use crate::domain::rules::FieldValue;
use crate::domain::time::Day;

/// How long a right lasts whose last day nobody names, in days.
const DAYS: i32 = 365;

/// Gives a right to a caseworker, or to whoever is in a group of the operating system.
///
/// It comes beside what they may do already. It ends after a year where no last day is named; one above the level `case`
/// names its last day, and one above `confidential` also its unit or case types.
///
///   casedesk office grant kaya --role manager --unit housing --below --until 2026-12-31 --reason "stands in for Berg"
///   casedesk office grant kaya --role caseworker --type benefit --level high --until 2026-11-30 --reason "audit of benefits"
///   casedesk office grant --group housing-staff --role caseworker --unit housing --reason "who works there"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Give {
    #[command(flatten)]
    holder: Whose,
    /// The role whose acts it includes; as often as needed
    #[arg(long = "role", required = true, value_parser = roles())]
    roles: Vec<Role>,
    /// Only this act of the role, as work-case; as often as needed
    #[arg(long = "verb", value_name = "ACT", value_parser = verbs())]
    verbs: Vec<Action>,
    /// Only in the unit of this code
    #[arg(long, alias = "in-unit")]
    unit: Option<String>,
    /// In the units below that one, too
    #[arg(long, requires = "unit")]
    below: bool,
    /// Only on cases of the type of this code; as often as needed
    #[arg(long = "type", value_name = "CODE")]
    case_types: Vec<String>,
    /// Up to this confidentiality
    #[arg(long, default_value = "case", value_parser = levels())]
    level: Confidentiality,
    /// Only for this purpose of the register (casedesk office purposes); as often as needed
    #[arg(long = "purpose", value_name = "CODE")]
    purposes: Vec<String>,
    /// From this day on
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Until the end of this day
    #[arg(long, value_name = "DATE", value_parser = day, alias = "expires")]
    until: Option<Day>,
    /// Why, for the audit trail
    #[arg(long)]
    reason: String,
}

/// Tells what somebody or a group may do, where each right comes from, and until when.
///
///   casedesk office grants                     # your own
///   casedesk office grants kaya
///   casedesk office grants --group housing-staff
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Grants {
    #[command(flatten)]
    holder: Whose,
}

/// Takes a right back: the one with this number in `casedesk office grants`.
///
///   casedesk office revoke kaya 2 --reason "Berg is back"
///   casedesk office revoke --group housing-staff 1 --reason "given by mistake"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Revoke {
    /// The caseworker's account, unless it is a group's; and the right's number
    #[arg(required = true, num_args = 1..=2, value_names = ["ACCOUNT", "NUMBER"])]
    which: Vec<String>,
    /// The group of the operating system
    #[arg(long)]
    group: Option<String>,
    /// Why, for the audit trail
    #[arg(long)]
    reason: String,
}

/// Sets in which unit somebody of a group of the operating system is enrolled who signs in for the first time.
///
///   casedesk office group housing-staff --unit housing --reason "new colleagues sit in Housing"
///   casedesk office group housing-staff --reason "nobody new"     # nobody is enrolled
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Group {
    /// The group's name
    name: String,
    /// The code of the unit
    #[arg(long)]
    unit: Option<String>,
    /// Why, for the audit trail
    #[arg(long)]
    reason: String,
}

/// Sets up to which amount a caseworker decides alone; above it, whoever leads the unit decides.
///
/// The amount of a case is the largest of its type's money fields. A refusal is about none.
///
///   casedesk office limit kaya 25000 --reason "first year"
///   casedesk office limit kaya --reason "signs alone"             # no limit
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Limit {
    /// The caseworker's account
    account: String,
    /// The amount, in the office's money
    amount: Option<String>,
    /// Why, for the audit trail
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
struct Whose {
    /// The caseworker's account
    account: Option<String>,
    /// The group of the operating system
    #[arg(long, conflicts_with = "account")]
    group: Option<String>,
}

pub(super) fn roles() -> impl TypedValueParser<Value = Role> {
    let known = |name: String| Role::named(&name).ok_or("no such role");
    PossibleValuesParser::new(Role::ALL.map(Role::label)).try_map(known)
}

fn verbs() -> impl TypedValueParser<Value = Action> {
    let known = |name: String| Action::named(&name).ok_or("no such act");
    PossibleValuesParser::new(Action::ALL.map(Action::label)).try_map(known)
}

fn levels() -> impl TypedValueParser<Value = Confidentiality> {
    let known = |name: String| {
        let mut all = Confidentiality::ALL.into_iter();
        all.find(|level| level.label() == name).ok_or("no such level")
    };
    PossibleValuesParser::new(Confidentiality::ALL.map(Confidentiality::label)).try_map(known)
}

impl Whose {
    fn holder(&self, office: &OfficeAnswer) -> Result<Option<Holder>, CliError> {
        let caseworker = optional(self.account.as_deref(), |name| caseworker(office, name))?;
        let group = self.group.clone().map(Holder::Group);
        Ok(caseworker.map(|held| Holder::Caseworker(held.id)).or(group))
    }
}

impl Give {
    /// One command for each role.
    pub(super) fn commands(
        &self,
        opened: &Opened,
        office: &OfficeAnswer,
    ) -> Result<Vec<Command>, CliError> {
        let to = self.holder.holder(office)?.ok_or_else(nobody)?;
        let unit = optional(self.unit.as_deref(), |code| unit(office, code))?;
        let until = match self.until {
            // What reaches further has to say its end; the desk refuses it without.
            None if self.level <= Confidentiality::CaseConfidential => Some(in_a_year(opened)?),
            until => until,
        };
        let command = |role: &Role| Command::GiveRight {
            to: to.clone(),
            right: Box::new(ScopedGrant {
                role: *role,
                verbs: self.verbs.clone(),
                unit: unit.map(|unit| unit.id),
                with_units_below: self.below,
                case_types: self.case_types.clone(),
                confidentiality_max: self.level,
                purposes: self.purposes.iter().cloned().map(Purpose).collect(),
                from: self.from,
                expires: until,
            }),
            reason: self.reason.clone(),
        };
        Ok(self.roles.iter().map(command).collect())
    }
}

fn in_a_year(opened: &Opened) -> Result<Day, CliError> {
    let who = opened.ask(AskWho {})?;
    Ok(who.office.calendar.zone().day(who.at).plus_days(DAYS))
}

fn nobody() -> CliError {
    let what = "A right is a caseworker's or a group's.";
    CliError::refused("right.holder", what, "Name an account, or a group: --group NAME.")
}

impl Revoke {
    pub(super) fn command(
        &self,
        opened: &Opened,
        office: &OfficeAnswer,
    ) -> Result<Command, CliError> {
        let (account, number) = match (self.which.as_slice(), &self.group) {
            ([number], Some(_)) => (None, number),
            ([account, number], None) => (Some(account.clone()), number),
            _ => return Err(nobody()),
        };
        let whose = Whose { account, group: self.group.clone() };
        let from = whose.holder(office)?.ok_or_else(nobody)?;
        let held = opened.ask(AskGrants { whose: Some(from.clone()) })?;
        let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let line = place.and_then(|place| held.rights.get(place)).ok_or_else(|| {
            let what = format!("{} has no right {number}.", held.name);
            CliError::refused("right.none", what, "`casedesk office grants` numbers them.")
        })?;
        if let RightSource::Group(group) = &line.source {
            let what = format!("That right comes from the group {group}.");
            let hint = format!("Take it from the group: casedesk office revoke --group {group}.");
            return Err(CliError::refused("right.group", what, hint));
        }
        let right = Box::new(line.right.clone());
        Ok(Command::TakeRight { from, right, reason: self.reason.clone() })
    }
}

impl Group {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let unit = optional(self.unit.as_deref(), |code| unit(office, code))?;
        Ok(Command::SetGroupUnit {
            group: self.name.clone(),
            unit: unit.map(|unit| unit.id),
            reason: self.reason.clone(),
        })
    }
}

impl Limit {
    pub(super) fn command(&self, office: &OfficeAnswer) -> Result<Command, CliError> {
        let amount = |typed: &String| {
            let minor = minor_units(typed).ok_or_else(|| {
                let what = format!("`{typed}` is no amount.");
                CliError::refused("limit.amount", what, "Type it as 25000 or 25000.50.")
            })?;
            Ok::<_, CliError>(Money { minor, currency: office.office.currency.clone() })
        };
        Ok(Command::SetSigningLimit {
            caseworker: caseworker(office, &self.account)?.id,
            limit: self.amount.as_ref().map(amount).transpose()?,
            reason: self.reason.clone(),
        })
    }
}

#[derive(Serialize)]
struct Shown {
    name: String,
    unit: Option<String>,
    groups: Vec<String>,
    signing_limit: Option<String>,
    rights: Vec<RightShown>,
}

#[derive(Serialize)]
struct RightShown {
    number: usize,
    role: &'static str,
    verbs: Vec<&'static str>,
    unit: Option<String>,
    below: bool,
    types: Vec<String>,
    level: &'static str,
    purposes: Vec<String>,
    from: Option<String>,
    until: Option<String>,
    source: String,
    in_force: bool,
}

impl Grants {
    pub(super) fn show(
        &self,
        context: &Context,
        opened: &Opened,
        office: &OfficeAnswer,
    ) -> Result<(), CliError> {
        let held = opened.ask(AskGrants { whose: self.holder.holder(office)? })?;
        context.output.show(&Shown::from(held), Shown::lines)
    }
}

impl From<GrantsAnswer> for Shown {
    fn from(held: GrantsAnswer) -> Self {
        let amount = |limit: &Money| {
            format!("{} {}", typed_again(&FieldValue::Money(limit.minor)), limit.currency)
        };
        Self {
            signing_limit: held.signing_limit.as_ref().map(amount),
            rights: (1..).zip(held.rights).map(RightShown::from).collect(),
            name: held.name,
            unit: held.unit,
            groups: held.groups,
        }
    }
}

impl From<(usize, RightLine)> for RightShown {
    fn from((number, line): (usize, RightLine)) -> Self {
        let right = line.right;
        Self {
            number,
            role: right.role.label(),
            verbs: right.verbs.into_iter().map(Action::label).collect(),
            unit: line.unit,
            below: right.with_units_below,
            types: right.case_types,
            level: right.confidentiality_max.label(),
            purposes: right.purposes.into_iter().map(|purpose| purpose.0).collect(),
            from: right.from.map(|day| day.to_string()),
            until: right.expires.map(|day| day.to_string()),
            source: match line.source {
                RightSource::Record => "own role".to_owned(),
                RightSource::Own => "given".to_owned(),
                RightSource::Group(group) => format!("group {group}"),
            },
            in_force: line.is_in_force,
        }
    }
}

impl Shown {
    fn lines(&self) -> Vec<String> {
        let unit = self.unit.as_deref().unwrap_or("no unit");
        let mut lines = vec![format!("{}, {unit}", self.name)];
        if !self.groups.is_empty() {
            lines.push(format!("in the groups {}", self.groups.join(", ")));
        }
        if let Some(limit) = &self.signing_limit {
            lines.push(format!("signs alone up to {limit}"));
        }
        if self.rights.is_empty() {
            lines.push("no rights: casedesk office grant gives them".to_owned());
        }
        lines.extend(self.rights.iter().map(RightShown::line));
        lines
    }
}

impl RightShown {
    fn line(&self) -> String {
        let mut line = format!("{:>3}  {}", self.number, self.role);
        let mut add = |words: String| {
            line.push_str(", ");
            line.push_str(&words);
        };
        if !self.verbs.is_empty() {
            add(format!("only {}", self.verbs.join(" ")));
        }
        match (&self.unit, self.below) {
            (Some(unit), true) => add(format!("in {unit} and below")),
            (Some(unit), false) => add(format!("in {unit}")),
            (None, _) => add("everywhere".to_owned()),
        }
        if !self.types.is_empty() {
            add(format!("cases of type {}", self.types.join(" ")));
        }
        add(format!("up to {}", self.level));
        if !self.purposes.is_empty() {
            add(format!("for {}", self.purposes.join(" ")));
        }
        if let Some(from) = &self.from {
            add(format!("from {from}"));
        }
        add(self.until.as_ref().map_or_else(|| "no end".to_owned(), |day| format!("until {day}")));
        add(self.source.clone());
        if !self.in_force {
            add("NOT IN FORCE TODAY".to_owned());
        }
        line
    }
}
