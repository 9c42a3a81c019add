//! `casedesk promise`.

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, instant};
use super::error::CliError;
use super::open::Opened;
use crate::desk::{
    AskOffice, AskPromiseRates, AskPromises, AskReach, AskWho, Command, PromiseFilter, PromiseRate,
    PromiseRow, PromiseWish, RATE_DAYS, Receipt, Whose,
};
use crate::domain::cases::{Channel, PromiseAct, Recovery, Urgency};
use crate::domain::time::{Instant, SaidTime, said_time};
use crate::domain::{CaseId, EntityId, PersonId, PromiseId};

/// Promises to citizens: made with a time, listed, and ended.
#[derive(Debug, Args)]
pub(super) struct PromiseCommand {
    #[command(subcommand)]
    command: PromiseSubcommand,
}

#[derive(Debug, Subcommand)]
enum PromiseSubcommand {
    List(List),
    Make(Make),
    Kept(Kept),
    Tried(Tried),
    Broken(Broken),
    Release(Release),
    Rates(Rates),
}

/// Lists promises by their times.
///
///   casedesk promise list
///   casedesk promise list --all --state late --json
///   casedesk promise list --unit housing --state kept
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct List {
    /// Those of a unit, by its code, instead of your own
    #[arg(long, value_name = "CODE", conflicts_with_all = ["all", "person", "case"])]
    unit: Option<String>,
    /// Everybody's
    #[arg(long, conflicts_with_all = ["person", "case"])]
    all: bool,
    /// Those to a person
    #[arg(long, value_name = "P-NUMBER", conflicts_with = "case")]
    person: Option<PersonId>,
    /// Those about a case
    #[arg(long, value_name = "C-NUMBER")]
    case: Option<CaseId>,
    /// Which of them; those that ended are of the last 30 days
    #[arg(long, value_enum, default_value_t = State::Open)]
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    Open,
    Late,
    Kept,
    Broken,
    Released,
}

/// Promises something to a person by a time, typed as one says it.
///
///   casedesk promise make P-4711 14
///   casedesk promise make P-4711 "fri 9" --case C-20931 --by sms --what "the decision"
///   casedesk promise make P-4711 +2h --to berg
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Make {
    /// To whom
    person: PersonId,
    /// By when: 14, "fri 9", "tomorrow 10", +2h, "24.8. 14:00"
    #[arg(allow_hyphen_values = true)]
    when: String,
    /// About which case
    #[arg(long, value_name = "C-NUMBER")]
    case: Option<CaseId>,
    /// By which way [default: the one that the person prefers]
    #[arg(long, value_name = "CHANNEL")]
    by: Option<String>,
    /// What; without it, to ring back
    #[arg(long, default_value = "")]
    what: String,
    /// Who is to keep it, by their account [default: you]
    #[arg(long, value_name = "ACCOUNT")]
    to: Option<String>,
    /// Also where the office is closed then
    #[arg(long)]
    insist: bool,
}

/// Says that a promise was kept.
///
///   casedesk promise kept R-12
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Kept {
    /// Which
    promise: PromiseId,
}

/// Says that it was tried to keep a promise, and nobody answered: it stays open.
///
///   casedesk promise tried R-12
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Tried {
    /// Which
    promise: PromiseId,
}

/// Says that a promise was broken, why, and what makes up for it.
///
///   casedesk promise broken R-12 "the file was at another unit" --apology
///   casedesk promise broken R-12 "ill" --anew "tomorrow 10"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Broken {
    /// Which
    promise: PromiseId,
    /// Why
    why: String,
    /// An apology is written
    #[arg(long, conflicts_with = "anew")]
    apology: bool,
    /// Promised anew by this time
    #[arg(long, value_name = "WHEN")]
    anew: Option<String>,
}

/// Says that the citizen let the office off a promise.
///
///   casedesk promise release R-12 "never mind, it has come"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Release {
    /// Which
    promise: PromiseId,
    /// In the citizen's words
    words: String,
}

/// Shows how many of its promises each unit has kept in time, in 7, 30 and 365 days. Nobody is ranked.
///
///   casedesk promise rates --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Rates {}

#[derive(Serialize)]
struct Listed {
    promises: Vec<PromiseAnswer>,
    more: bool,
}

#[derive(Serialize)]
struct PromiseAnswer {
    promise: String,
    state: &'static str,
    late: bool,
    due: String,
    made: String,
    what: String,
    by: &'static str,
    person: String,
    name: String,
    case: Option<String>,
    keeper: String,
    unit: String,
    attempts: u32,
    closed_then: bool,
}

#[derive(Serialize)]
struct Done {
    promise: String,
    said: String,
}

#[derive(Serialize)]
struct RatesAnswer {
    units: Vec<RateAnswer>,
}

#[derive(Serialize)]
struct RateAnswer {
    unit: String,
    spans: Vec<SpanAnswer>,
}

#[derive(Serialize)]
struct SpanAnswer {
    days: u16,
    kept: u64,
    of: u64,
}

impl PromiseCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let act = |promise, act| {
            let command = Command::Promise { promise, version: None, act };
            done(context, promise, &opened.execute(command)?)
        };
        match &self.command {
            PromiseSubcommand::List(list) => list.run(context, &opened),
            PromiseSubcommand::Make(make) => make.run(context, &opened),
            PromiseSubcommand::Kept(kept) => act(kept.promise, PromiseAct::Keep),
            PromiseSubcommand::Tried(tried) => act(tried.promise, PromiseAct::Attempt),
            PromiseSubcommand::Broken(broken) => {
                let recovery = broken.recovery(context, &opened)?;
                act(broken.promise, PromiseAct::Break { why: broken.why.clone(), recovery })
            }
            PromiseSubcommand::Release(release) => {
                act(release.promise, PromiseAct::Release { words: release.words.clone() })
            }
            PromiseSubcommand::Rates(Rates {}) => {
                let units = opened.ask(AskPromiseRates {})?.units;
                let answer =
                    RatesAnswer { units: units.into_iter().map(RateAnswer::from).collect() };
                context
                    .output
                    .show(&answer, |answer| answer.units.iter().map(RateAnswer::line).collect())
            }
        }
    }
}

impl List {
    fn run(&self, context: &Context, opened: &Opened) -> Result<(), CliError> {
        let whose = match (&self.unit, self.person, self.case) {
            (Some(code), _, _) => {
                let units = opened.ask(AskOffice {})?.units;
                let unit = units.into_iter().find(|unit| unit.code == *code).ok_or_else(|| {
                    let what = format!("There is no unit `{code}`.");
                    CliError::refused("unit", what, "`casedesk office show` lists them.")
                })?;
                Whose::Unit(unit.id)
            }
            (None, Some(person), _) => Whose::To(person),
            (None, None, Some(case)) => Whose::On(case),
            (None, None, None) if self.all => Whose::All,
            (None, None, None) => Whose::Mine,
        };
        let filter = match self.state {
            State::Open => PromiseFilter::Open,
            State::Late => PromiseFilter::Late,
            State::Kept => PromiseFilter::Kept,
            State::Broken => PromiseFilter::Broken,
            State::Released => PromiseFilter::Released,
        };
        let now = opened.ask(AskWho {})?.at;
        let answer = opened.ask(AskPromises { whose, filter })?;
        let promises =
            answer.promises.into_iter().map(|row| PromiseAnswer::new(row, now)).collect();
        let clock = OfficeClock::of(opened)?;
        context.output.show(&Listed { promises, more: answer.has_more }, |answer| {
            let promises = answer.promises.iter();
            let mut lines: Vec<String> = promises.map(|promise| promise.line(&clock)).collect();
            if answer.promises.is_empty() {
                lines.push("There are none.".to_owned());
            }
            if answer.more {
                lines.push("There are more.".to_owned());
            }
            lines
        })
    }
}

impl Make {
    fn run(&self, context: &Context, opened: &Opened) -> Result<(), CliError> {
        let said = time(context, opened, &self.when)?;
        if let Some(closed) = said.closed.filter(|_| !self.insist) {
            let end = if closed.words.ends_with('?') { "" } else { "." };
            let what = format!("{}: {}{end}", said.understood, closed.words);
            let hint = "Say another time, or --insist on this one.";
            return Err(CliError::refused("promise.closed", what, hint));
        }
        let channel = if let Some(code) = &self.by {
            Channel::from_code(code).ok_or_else(|| {
                let codes: Vec<&str> = Channel::ALL.iter().map(|channel| channel.code()).collect();
                let hint = format!("Ways are: {}.", codes.join(", "));
                CliError::refused("channel", format!("There is no way `{code}`."), hint)
            })?
        } else {
            let reach = opened.ask(AskReach { person: self.person })?;
            reach.preferred.unwrap_or(Channel::Telephone)
        };
        let owner = match &self.to {
            Some(account) => {
                let all = opened.ask(AskOffice {})?.caseworkers;
                let found =
                    all.into_iter().find(|one| one.account == *account).ok_or_else(|| {
                        let what = format!("Nobody has the account `{account}`.");
                        CliError::refused("account", what, "`casedesk office show` lists them.")
                    })?;
                Some(found.id)
            }
            None => None,
        };
        let receipt = opened.execute(Command::MakePromise(PromiseWish {
            to: self.person,
            case: self.case,
            what: self.what.clone(),
            channel,
            due_at: said.at,
            owner,
        }))?;
        let made = receipt
            .created
            .iter()
            .find_map(|id| if let EntityId::Promise(promise) = id { Some(*promise) } else { None });
        done(context, made.unwrap_or(PromiseId(0)), &receipt)
    }
}

impl Broken {
    fn recovery(&self, context: &Context, opened: &Opened) -> Result<Recovery, CliError> {
        let Some(anew) = &self.anew else {
            return Ok(if self.apology { Recovery::Apology } else { Recovery::Nothing });
        };
        let due_at = time(context, opened, anew)?.at;
        let rows = opened.ask(AskPromises { whose: Whose::All, filter: PromiseFilter::Open })?;
        let row =
            rows.promises.into_iter().find(|row| row.id == self.promise).ok_or_else(|| {
                let what = format!("{} is not open.", self.promise);
                CliError::refused("promise.over", what, "casedesk promise list --all")
            })?;
        Ok(Recovery::Anew { what: row.what, channel: row.channel, due_at })
    }
}

/// The time that was typed, understood as the calendar of the caseworker's unit has it.
fn time(context: &Context, opened: &Opened, text: &str) -> Result<SaidTime, CliError> {
    let who = opened.ask(AskWho {})?;
    let languages = super::board::tongues(&context.preferences()?);
    said_time(text, who.at, &who.calendar, &languages)
        .map_err(|error| CliError::refused("promise.time", error.to_string(), ""))
}

fn done(context: &Context, promise: PromiseId, receipt: &Receipt) -> Result<(), CliError> {
    let answer = Done { promise: promise.to_string(), said: receipt.label.clone() };
    context.output.show(&answer, |answer| vec![answer.said.clone()])
}

impl PromiseAnswer {
    fn new(row: PromiseRow, now: Instant) -> Self {
        Self {
            promise: row.id.to_string(),
            state: row.state.label(),
            late: row.urgency(now) == Some(Urgency::Late),
            due: instant(row.due_at),
            made: instant(row.made_at),
            what: row.words().to_owned(),
            by: row.channel.code(),
            person: row.person.0.to_string(),
            case: row.case.map(|case| case.to_string()),
            keeper: row.keeper.1,
            unit: row.unit,
            attempts: row.attempts.0,
            closed_then: row.is_closed_then,
            name: row.person.1,
        }
    }

    fn line(&self, clock: &OfficeClock) -> String {
        let due = clock.told(&self.due);
        let late = if self.late { "LATE" } else { self.state };
        let case = self.case.as_deref().unwrap_or("-");
        format!(
            "{:<6}  {late:<8}  {due}  {} {}, {}  {case}  {}, {}",
            self.promise, self.what, self.name, self.person, self.keeper, self.unit
        )
    }
}

impl From<PromiseRate> for RateAnswer {
    fn from(rate: PromiseRate) -> Self {
        let spans = rate.spans.into_iter().zip(RATE_DAYS);
        Self {
            unit: rate.unit.code,
            spans: spans.map(|((kept, of), days)| SpanAnswer { days, kept, of }).collect(),
        }
    }
}

impl RateAnswer {
    fn line(&self) -> String {
        let spans = self
            .spans
            .iter()
            .map(|span| format!("{} days: {} of {}", span.days, span.kept, span.of));
        format!("{:<16}  {}", self.unit, spans.collect::<Vec<_>>().join("   "))
    }
}
