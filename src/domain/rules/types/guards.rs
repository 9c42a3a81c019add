//! The guards of criteria: `nature: complaint, report`, `field.damage: >= 500`, `area: unknown`.

use crate::domain::cases::{Channel, Nature};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::office::Confidentiality;
use crate::domain::rules::{Condition, Fact, FieldKind, FieldRule, FieldValue, Test};
use crate::domain::time::Day;

use super::cover::value_words;
use super::part::{Part, Said, meant};

/// The closed list of a fact's values, as facts hold them; none where anything can stand there.
pub(super) fn closed(fact: &Fact, fields: &[FieldRule]) -> Option<Vec<FieldValue>> {
    let choices = |codes: Vec<&str>| {
        Some(codes.into_iter().map(|code| FieldValue::Choice(code.to_owned())).collect())
    };
    match fact {
        Fact::Nature => choices(Nature::ALL.iter().map(|nature| nature.code()).collect()),
        Fact::Channel => choices(Channel::ALL.iter().map(|channel| channel.code()).collect()),
        Fact::Confidentiality => {
            choices(Confidentiality::ALL.iter().map(|level| level.label()).collect())
        }
        Fact::Field(code) => match &fields.iter().find(|field| field.code == *code)?.kind {
            FieldKind::YesNo => Some(vec![FieldValue::YesNo(true), FieldValue::YesNo(false)]),
            FieldKind::Choice(listed) => {
                choices(listed.iter().map(|(code, _)| code.as_str()).collect())
            }
            FieldKind::Text
            | FieldKind::Number { .. }
            | FieldKind::Money { .. }
            | FieldKind::Date
            | FieldKind::Identity(_)
            | FieldKind::Telephone
            | FieldKind::Email => None,
        },
        Fact::Subject | Fact::Term | Fact::Type | Fact::Unit | Fact::Area | Fact::Received => None,
    }
}

/// Reads the guards of a part.
pub(super) fn conditions(part: &Part<'_>, fields: &[FieldRule]) -> Vec<Condition> {
    let said = part.words("when", LINE_BYTES_MAX);
    said.iter().filter_map(|said| condition(part, said, fields)).collect()
}

fn condition(part: &Part<'_>, said: &Said, fields: &[FieldRule]) -> Option<Condition> {
    let bad = |what: String, hint: String| {
        part.flaw(said.line, "when", what, hint);
        None
    };
    let Some((asked, cell)) = said.words.split_once(':') else {
        let what = format!("`{}` asks nothing.", said.words);
        return bad(
            what,
            "Write it as \"nature: complaint\" or \"field.damage: >= 500\".".to_owned(),
        );
    };
    let (asked, cell) = (asked.trim(), cell.trim());
    let fact = if let Some(code) = asked.strip_prefix("field.") {
        let Some(field) = fields.iter().find(|field| field.code == code) else {
            let known = fields.iter().map(|field| field.code.as_str());
            return bad(format!("There is no field `{code}`."), meant(code, known));
        };
        if field.is_personal {
            let what = format!("The field `{code}` says who somebody is; no guard asks for it.");
            return bad(what, "Ask something else.".to_owned());
        }
        Fact::Field(code.to_owned())
    } else {
        let Some(found) = Fact::named(asked) else {
            let known = Fact::words().chain(["field.CODE"]);
            return bad(format!("`{asked}` is nothing that can be asked."), meant(asked, known));
        };
        found
    };
    match test(&fact, cell, fields) {
        Ok(test) => Some(Condition { fact, test }),
        Err((what, hint)) => bad(what, hint),
    }
}

type Bad = (String, String);

fn test(fact: &Fact, cell: &str, fields: &[FieldRule]) -> Result<Test, Bad> {
    let one = |words: &str| value(fact, words.trim(), fields);
    let list = |words: &str| words.split(',').map(one).collect::<Result<Vec<_>, _>>();
    if cell == "known" {
        return Ok(Test::Known);
    }
    if cell == "unknown" {
        return Ok(Test::Unknown);
    }
    if let Some(rest) = cell.strip_prefix("not ") {
        return list(rest).map(Test::NoneOf);
    }
    let bounds = if let Some(rest) = cell.strip_prefix(">=") {
        Some((Some(one(rest)?), None))
    } else if let Some(rest) = cell.strip_prefix("<=") {
        Some((None, Some(one(rest)?)))
    } else if let Some((from, to)) = cell.split_once("..") {
        Some((Some(one(from)?), Some(one(to)?)))
    } else {
        None
    };
    let Some((from, to)) = bounds else { return list(cell).map(Test::OneOf) };
    let is_ordered = |value: &FieldValue| {
        matches!(value, FieldValue::Number(_) | FieldValue::Money(_) | FieldValue::Date(_))
    };
    if !from.iter().chain(&to).all(is_ordered) {
        let what = format!("`{cell}`: nothing of it is more or less than something else.");
        return Err((what, "List what is meant.".to_owned()));
    }
    if let (Some(from), Some(to)) = (&from, &to)
        && from > to
    {
        return Err((
            format!("Nothing is within {cell}."),
            "Write the lower bound first.".to_owned(),
        ));
    }
    Ok(Test::Between(from, to))
}

/// A value as facts hold it.
fn value(fact: &Fact, words: &str, fields: &[FieldRule]) -> Result<FieldValue, Bad> {
    let bad = |what: &str, hint: &str| Err((format!("`{words}` is {what}."), hint.to_owned()));
    if words.is_empty() {
        return Err(("A value is missing.".to_owned(), String::new()));
    }
    let choice = |code: &str| Ok(FieldValue::Choice(code.to_owned()));
    // Natures and channels can be written as they are called.
    match fact {
        Fact::Nature => {
            let found =
                Nature::ALL.iter().find(|known| [known.label(), known.code()].contains(&words));
            if let Some(nature) = found {
                return choice(nature.code());
            }
            let hint = meant(words, Nature::ALL.iter().map(|nature| nature.label()));
            return bad("no nature", &hint);
        }
        Fact::Received => return date(words),
        Fact::Field(code) => {
            let field = fields.iter().find(|field| field.code == *code);
            match field.map(|field| &field.kind) {
                Some(FieldKind::YesNo) => {
                    return match words {
                        "yes" => Ok(FieldValue::YesNo(true)),
                        "no" => Ok(FieldValue::YesNo(false)),
                        _ => bad("neither yes nor no", "Write yes or no."),
                    };
                }
                Some(FieldKind::Number { .. }) => {
                    return words
                        .parse()
                        .map(FieldValue::Number)
                        .or_else(|_| bad("no whole number", ""));
                }
                Some(FieldKind::Money { .. }) => {
                    return words
                        .parse()
                        .map(FieldValue::Money)
                        .or_else(|_| bad("no amount", "Write it in the smallest unit, as cents."));
                }
                Some(FieldKind::Date) => return date(words),
                Some(FieldKind::Choice(_)) | None => {}
                Some(
                    FieldKind::Text
                    | FieldKind::Identity(_)
                    | FieldKind::Telephone
                    | FieldKind::Email,
                ) => {
                    return bad("a text, which no guard compares", "Write known or unknown.");
                }
            }
        }
        Fact::Subject
        | Fact::Term
        | Fact::Type
        | Fact::Channel
        | Fact::Unit
        | Fact::Area
        | Fact::Confidentiality => {}
    }
    match closed(fact, fields) {
        Some(values) if !values.contains(&FieldValue::Choice(words.to_owned())) => {
            let known: Vec<String> = values.iter().map(value_words).collect();
            bad("not among its values", &meant(words, known.iter().map(String::as_str)))
        }
        Some(_) | None => choice(words),
    }
}

fn date(words: &str) -> Result<FieldValue, Bad> {
    match words.parse() {
        Ok(date) => Ok(FieldValue::Date(Day::from_date(date))),
        Err(_) => Err((format!("`{words}` is no day."), "Write it as 2027-01-31.".to_owned())),
    }
}
