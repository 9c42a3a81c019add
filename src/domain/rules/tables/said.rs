//! Facts as somebody says them, to try a table: `nature=complaint`, `subject=RENT-1`.

use crate::domain::cases::{Channel, Nature};
use crate::domain::ids::SubjectCode;
use crate::domain::office::Confidentiality;
use crate::domain::rules::{CaseFacts, Fact, FieldValue, Test};

use super::cell::read_cell;
use super::draft::did_you_mean;

/// Sets a fact in the words of tables; a term is added to the subjects. `chain` gives a subject with all above it, and
/// nothing for one that the office does not have.
///
/// # Errors
/// What is the matter, and what to do.
pub fn said_fact(
    facts: &mut CaseFacts,
    word: &str,
    value: &str,
    chain: impl Fn(&SubjectCode) -> Option<Vec<SubjectCode>>,
) -> Result<Fact, (String, String)> {
    let fact = Fact::named(word).ok_or_else(|| {
        let hint = did_you_mean(word, Fact::words().chain(["field.CODE"]), "There are");
        (format!("There is no fact \"{word}\"."), hint)
    })?;
    let one = || (format!("\"{value}\" is not one value."), format!("Say one, as {fact}=..."));
    let held = match read_cell(&fact, value).map_err(|bad| (bad.what, bad.hint))? {
        Test::OneOf(listed) if listed.len() == 1 => listed.into_iter().next().ok_or_else(one)?,
        Test::OneOf(_)
        | Test::Any
        | Test::NoneOf(_)
        | Test::Between(..)
        | Test::Known
        | Test::Unknown => return Err(one()),
    };
    match (&fact, held) {
        (Fact::Field(code), held) => drop(facts.fields.insert(code.clone(), held)),
        (Fact::Received, FieldValue::Date(day)) => facts.received = day,
        (_, FieldValue::Choice(code)) => set_code(facts, &fact, code, chain)?,
        (_, _) => return Err(one()),
    }
    Ok(fact)
}

fn set_code(
    facts: &mut CaseFacts,
    fact: &Fact,
    code: String,
    chain: impl Fn(&SubjectCode) -> Option<Vec<SubjectCode>>,
) -> Result<(), (String, String)> {
    let subject = |code: String| {
        chain(&SubjectCode(code.as_str().into())).ok_or_else(|| {
            (
                format!("There is no subject {code}."),
                "Write its code, as the intake lists it (n).".to_owned(),
            )
        })
    };
    match fact {
        Fact::Nature => facts.nature = Nature::from_code(&code).unwrap_or(facts.nature),
        Fact::Channel => facts.channel = Channel::from_code(&code).unwrap_or(facts.channel),
        Fact::Subject => {
            facts.subjects.truncate(0);
            facts.subjects.push(subject(code)?);
        }
        Fact::Term => facts.subjects.push(subject(code)?),
        Fact::Type => facts.case_type = code,
        Fact::Unit => facts.unit = code,
        Fact::Area => facts.area = code,
        Fact::Confidentiality => {
            let mut levels = Confidentiality::ALL.into_iter();
            let level = levels.find(|level| level.label() == code);
            facts.confidentiality = level.unwrap_or(facts.confidentiality);
        }
        Fact::Received | Fact::Field(_) => {}
    }
    Ok(())
}
