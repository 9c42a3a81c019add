//! `casedesk find`.

use clap::Args;
use serde::Serialize;

use super::Context;
use super::answer::{RowAnswer, instant};
use super::error::CliError;
use super::reveal::{Fields, Reveal, lines, masked_birth};
use crate::desk::AskFind;

/// Hits that are asked for unless a limit is given.
const HITS: u32 = 10;
/// The most hits that can be asked for.
const HITS_MAX: u32 = 200;

/// Finds people and cases by whatever the citizen says.
///
/// A name in any order and spelling, a year of birth, the tail of a telephone number, an id, a street, a case number, or
/// several of these:
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
    hits: Vec<Hit>,
}

#[derive(Serialize)]
struct Hit {
    person: Option<String>,
    name: String,
    born: String,
    area: String,
    household: String,
    open_cases: u64,
    due: Option<String>,
    why: String,
    case: Option<RowAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Fields>,
}

impl Find {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let answer = opened.ask(AskFind { text: self.text.clone(), limit: self.limit })?;
        let mut hits = Vec::new();
        for hit in answer.hits {
            hits.push(Hit {
                fields: self.reveal.fields(&opened, hit.person)?,
                person: hit.person.map(|person| person.to_string()),
                name: hit.name,
                born: if self.reveal.is_asked() { hit.born } else { masked_birth(&hit.born) },
                area: hit.area,
                household: hit.household,
                open_cases: hit.open_cases,
                due: hit.due_at.map(instant),
                why: hit.why,
                case: hit.case.map(RowAnswer::from),
            });
        }
        let found = Found {
            text: answer.text,
            understood: answer.understood,
            matched: answer.matched,
            people: answer.people,
            hits,
        };
        context.output.show(&found, |found| {
            let mut shown = Vec::new();
            for hit in &found.hits {
                let person = hit.person.as_deref().unwrap_or("-");
                let open = hit.open_cases;
                shown.push(format!(
                    "{person:<10}  {}  {}  {}  {open} open  [{}]",
                    hit.name, hit.born, hit.area, hit.why
                ));
                shown.extend(hit.case.iter().map(|case| format!("    {}", case.line())));
                shown.extend(lines(hit.fields.as_ref()));
            }
            shown.push(format!("{} of {} people match.", found.matched, found.people));
            shown
        })
    }
}
