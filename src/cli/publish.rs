//! Publishing texts of rules: what `types`, `tables` and `calendar` share.

use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::open::Opened;
use super::output;
use crate::desk::{AskRulesText, Command, DeskError};
use crate::domain::rules::{
    Flaw, Publication, PublicationKind, PublicationName, PublicationState, RulesText,
};
use crate::domain::time::Day;

/// A text that is to be published.
pub(super) struct Offered {
    /// What it is.
    pub(super) kind: PublicationKind,
    /// Its code; the one in the text itself where its kind has one there.
    pub(super) code: Option<String>,
    /// Where it comes from, for flaws.
    pub(super) place: String,
    /// The text.
    pub(super) text: String,
}

/// How far a text has come.
#[derive(Debug, Serialize)]
pub(super) struct PublishedLine {
    name: String,
    state: &'static str,
    said: String,
}

/// Proposes each text, and publishes it where the actor may: whoever proposed a text cannot, unless nobody else is there.
/// The second person does the same once more with the same file. A text that is published already is left alone.
///
/// All are read before the first one is proposed; flaws are told with file and line.
pub(super) fn publish(
    context: &Context,
    texts: &[Offered],
    from: Option<Day>,
) -> Result<(), CliError> {
    let mut named = Vec::new();
    let mut flaws = 0;
    for text in texts {
        match name_of(text) {
            Ok(name) => named.push((name, text)),
            Err(found) => {
                flaws += found.len();
                for flaw in &found {
                    output::tell(&flaw_line(&text.place, flaw));
                }
            }
        }
    }
    if flaws > 0 {
        let what = if flaws == 1 { "flaw".to_owned() } else { format!("{flaws} flaws") };
        let what = format!("Nothing was proposed: there is {what}.").replace("is 1", "is a");
        return Err(CliError::refused("rules.flaw", what, "Correct it and try again."));
    }
    let desk = context.open()?;
    let lines = named.into_iter().map(|(name, text)| publish_one(&desk, &name, text, from));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    context.output.show(&lines, |lines| lines.iter().map(|line| line.said.clone()).collect())
}

/// A flaw with its file, as a compiler says it.
pub(super) fn flaw_line(place: &str, flaw: &Flaw) -> String {
    let Flaw { line, field, what, hint } = flaw;
    format!("{place}:{line}: {field}: {what} {hint}").trim_end().to_owned()
}

fn name_of(text: &Offered) -> Result<PublicationName, Vec<Flaw>> {
    let read = RulesText::read(text.kind, &text.text)?;
    let code = text.code.as_deref().or(read.code()).unwrap_or("office").to_owned();
    Ok(PublicationName { kind: text.kind, code, version: read.version() })
}

fn publish_one(
    desk: &Opened,
    name: &PublicationName,
    text: &Offered,
    from: Option<Day>,
) -> Result<PublishedLine, CliError> {
    let held = match desk.ask(AskRulesText { name: name.clone() }) {
        Ok(held) => Some(held),
        Err(CliError::Desk(DeskError::NotFound(_))) => None,
        Err(error) => return Err(error),
    };
    let is_same = |held: &Publication| held.text == text.text;
    let line = |state, said| PublishedLine { name: name.to_string(), state, said };
    if held.as_ref().is_some_and(|held| held.is_published() && is_same(held)) {
        return Ok(line("published", format!("{name} is published already, just so.")));
    }
    let is_proposed = held.is_some_and(|held| {
        let is_on_day = from.is_none_or(|from| from == held.from);
        held.state == PublicationState::Proposed && is_same(&held) && is_on_day
    });
    let mut said = String::new();
    if !is_proposed {
        let (kind, code) = (name.kind, name.code.clone());
        let command = Command::ProposeRules { kind, code, text: text.text.clone(), from };
        said = desk.execute(command)?.label;
    }
    match desk.execute(Command::PublishRules { name: name.clone() }) {
        Ok(receipt) => Ok(line("published", receipt.label)),
        Err(CliError::Desk(DeskError::Refused(refusal))) if is_second_persons(&refusal.code) => {
            let what = if said.is_empty() { refusal.to_string() } else { said };
            Ok(line("proposed", what))
        }
        Err(error) => Err(error),
    }
}

/// Whether a refusal says only that somebody else has to publish.
fn is_second_persons(code: &str) -> bool {
    code == "rules.second-person" || code.starts_with("permit.")
}
