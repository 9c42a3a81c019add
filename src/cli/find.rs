//! `casedesk find`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, RowAnswer, instant};
use super::error::CliError;
use super::open::Opened;
use super::register::command_for;
use super::reveal::{Fields, Reveal, lines, masked_birth};
use crate::desk::{AskFind, AskWho, FindHit, Heard};

/// Hits that are asked for unless a limit is given.
const HITS: u32 = 10;
/// The most hits that can be asked for.
const HITS_MAX: u32 = 200;

/// Finds people and cases by whatever the citizen says.
///
/// A name in any order and spelling, a year of birth, the tail of a telephone number, an id, a street, a case number, or
/// several of these. Where nobody is found, it says which command registers the person.
///
///   casedesk find "mohamedi sara 1986"
///   casedesk find C-20931 --json
///   casedesk find 5512 --reveal --purpose contact
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Find {
    /// What was said
    text: String,
    /// How many hits
    #[arg(long, default_value_t = HITS, value_parser = clap::value_parser!(u32).range(1..=i64::from(HITS_MAX)))]
    limit: u32,
    #[command(flatten)]
    reveal: Reveal,
}

#[derive(Serialize)]
struct Found {
    text: String,
    understood: String,
    matched: u64,
    people: u64,
    hits: Vec<HitAnswer>,
    /// The command that registers whoever was not found.
    #[serde(skip_serializing_if = "Option::is_none")]
    register: Option<String>,
}

/// A hit, as scripts read it.
#[derive(Serialize)]
pub(super) struct HitAnswer {
    person: Option<String>,
    name: String,
    also: Option<String>,
    born: String,
    area: String,
    household: String,
    /// Nothing where the file is closed to whoever asks.
    open_cases: Option<u64>,
    due: Option<String>,
    why: String,
    case: Option<RowAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Fields>,
}

impl From<FindHit> for HitAnswer {
    fn from(hit: FindHit) -> Self {
        Self {
            person: hit.person.map(|person| person.to_string()),
            name: hit.name,
            also: hit.also.map(|also| also.name),
            born: masked_birth(&hit.born),
            area: hit.area,
            household: hit.household,
            open_cases: (!hit.is_closed).then_some(hit.open_cases),
            due: hit.due_at.map(instant),
            why: hit.why,
            case: hit.case.map(RowAnswer::from),
            fields: None,
        }
    }
}

impl HitAnswer {
    /// The hit for people.
    pub(super) fn lines(&self, clock: &OfficeClock) -> Vec<String> {
        let person = self.person.as_deref().unwrap_or("-");
        let also = self.also.as_ref().map(|also| format!(" (also {also})")).unwrap_or_default();
        let (name, why) = (&self.name, &self.why);
        let first = match self.open_cases {
            Some(open) => {
                let (born, area) = (&self.born, &self.area);
                format!("{person:<10}  {name}{also}  {born}  {area}  {open} open  [{why}]")
            }
            None => format!("{person:<10}  {name}  [{why}]"),
        };
        let mut shown = vec![first];
        shown.extend((!self.household.is_empty()).then(|| format!("    {}", self.household)));
        shown.extend(self.case.iter().map(|case| format!("    {}", case.line(clock))));
        shown.extend(lines(self.fields.as_ref()));
        shown
    }
}

impl Find {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let answer = opened.ask(AskFind { text: self.text.clone(), limit: self.limit })?;
        let mut hits = Vec::new();
        for hit in answer.hits {
            let fields = self.reveal.fields(&opened, hit.person)?;
            let born = hit.born.clone();
            let mut shown = HitAnswer { fields, ..HitAnswer::from(hit) };
            if self.reveal.is_asked() {
                shown.born = born;
            }
            hits.push(shown);
        }
        let found = Found {
            register: if hits.is_empty() { self.register(&opened)? } else { None },
            text: answer.text,
            understood: answer.understood,
            matched: answer.matched,
            people: answer.people,
            hits,
        };
        let clock = OfficeClock::of(&opened)?;
        context.output.show(&found, |found| {
            let hits = found.hits.iter();
            let mut shown: Vec<String> = hits.flat_map(|hit| hit.lines(&clock)).collect();
            shown.push(format!("{} of {} people match.", found.matched, found.people));
            if let Some(register) = &found.register {
                shown.push(
                    "Try fewer letters, only a beginning, or a year. To register them:".to_owned(),
                );
                shown.push(format!("    {register}"));
            }
            shown
        })
    }

    /// The command that registers whoever the text is about; nothing where it names nobody.
    fn register(&self, opened: &Opened) -> Result<Option<String>, CliError> {
        let who = opened.ask(AskWho {})?;
        let today = who.calendar.zone().day(who.at);
        let heard = Heard::of(&self.text, today);
        let has_name = !(heard.given.is_empty() && heard.family.is_empty());
        Ok(has_name.then(|| command_for(&heard)))
    }
}
