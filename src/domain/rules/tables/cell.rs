//! The language of cells: from what somebody wrote under a fact to what is asked of it.

use crate::domain::limits::CODE_BYTES_MAX;
use crate::domain::rules::{Fact, FieldValue, Test};
use crate::domain::time::Day;
use crate::text::nearest;

use super::facts::closed;

/// Values that one cell lists at most.
const CELL_VALUES_MAX: usize = 64;

/// What is wrong with a cell, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadCell {
    pub(super) what: String,
    pub(super) hint: String,
}

impl BadCell {
    fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

/// What a cell asks of its fact.
pub(super) fn read_cell(fact: &Fact, cell: &str) -> Result<Test, BadCell> {
    let cell = cell.trim();
    match cell {
        "" | "-" => return Ok(Test::Any),
        "known" => return Ok(Test::Known),
        "unknown" => return Ok(Test::Unknown),
        _ => {}
    }
    for (sign, bound) in [
        (">=", Bound { is_lower: true, is_included: true }),
        ("<=", Bound { is_lower: false, is_included: true }),
        (">", Bound { is_lower: true, is_included: false }),
        ("<", Bound { is_lower: false, is_included: false }),
    ] {
        if let Some(rest) = cell.strip_prefix(sign) {
            return bound.test(fact, rest.trim());
        }
    }
    if let Some((from, to)) = cell.split_once("..") {
        let (from, to) = (ordered(fact, from.trim())?, ordered(fact, to.trim())?);
        if std::mem::discriminant(&from) != std::mem::discriminant(&to) {
            return Err(BadCell::new(
                format!("The two bounds of \"{cell}\" are of different kinds."),
                "Write both as days, as whole numbers, or as amounts.",
            ));
        }
        if from > to {
            return Err(BadCell::new(
                format!("Nothing is within {cell}."),
                "Write the lower bound first.",
            ));
        }
        return Ok(between(fact, Some(from), Some(to)));
    }
    match cell.strip_prefix("not ") {
        Some(rest) => Ok(Test::NoneOf(values(fact, rest)?)),
        None => Ok(Test::OneOf(values(fact, cell)?)),
    }
}

/// A bound that a sign says.
#[derive(Clone, Copy)]
struct Bound {
    is_lower: bool,
    is_included: bool,
}

impl Bound {
    fn test(self, fact: &Fact, text: &str) -> Result<Test, BadCell> {
        let step = i64::from(!self.is_included) * if self.is_lower { 1 } else { -1 };
        let value = moved(fact, ordered(fact, text)?, step).ok_or_else(|| {
            BadCell::new(format!("Nothing lies beyond {text}."), "Take the row out, or use >=.")
        })?;
        Ok(if self.is_lower {
            between(fact, Some(value), None)
        } else {
            between(fact, None, Some(value))
        })
    }
}

/// The value so many steps further. All that is ordered here is whole, so that a bound which is not included is the next one.
fn moved(fact: &Fact, value: FieldValue, step: i64) -> Option<FieldValue> {
    match value {
        FieldValue::Number(number) => number.checked_add(step).map(FieldValue::Number),
        FieldValue::Money(minor) => minor.checked_add(step).map(FieldValue::Money),
        FieldValue::Date(day) => {
            i32::try_from(step).ok().map(|step| FieldValue::Date(day.plus_days(step)))
        }
        FieldValue::Choice(code) => {
            let levels = closed(fact)?;
            let at = levels.iter().position(|(level, _)| *level == code)?;
            let at = i64::try_from(at).ok()?.checked_add(step)?;
            let (level, _) = levels.get(usize::try_from(at).ok()?)?;
            Some(FieldValue::Choice((*level).to_owned()))
        }
        FieldValue::Text(_)
        | FieldValue::YesNo(_)
        | FieldValue::Identity(_)
        | FieldValue::Telephone(_)
        | FieldValue::Email(_) => None,
    }
}

/// What lies within bounds. Levels are a short list, of which those within are named.
fn between(fact: &Fact, from: Option<FieldValue>, to: Option<FieldValue>) -> Test {
    let Some(levels) = closed(fact) else { return Test::Between(from, to) };
    let place = |value: &FieldValue| {
        levels.iter().position(|(level, _)| FieldValue::Choice((*level).to_owned()) == *value)
    };
    let from = from.as_ref().and_then(place).unwrap_or(0);
    let to = to.as_ref().and_then(place).unwrap_or(levels.len());
    let within = levels.iter().enumerate().filter(|(at, _)| (from..=to).contains(at));
    Test::OneOf(within.map(|(_, (level, _))| FieldValue::Choice((*level).to_owned())).collect())
}

/// A value of which another one can be more or less.
fn ordered(fact: &Fact, text: &str) -> Result<FieldValue, BadCell> {
    let value = value(fact, text)?;
    let is_ordered = match (&value, fact) {
        (FieldValue::Number(_) | FieldValue::Money(_) | FieldValue::Date(_), _)
        | (_, Fact::Confidentiality) => true,
        (
            FieldValue::Text(_)
            | FieldValue::YesNo(_)
            | FieldValue::Choice(_)
            | FieldValue::Identity(_)
            | FieldValue::Telephone(_)
            | FieldValue::Email(_),
            _,
        ) => false,
    };
    if is_ordered {
        return Ok(value);
    }
    Err(BadCell::new(
        format!("\"{text}\" has no more and no less."),
        "List what fits, as: complaint, report.",
    ))
}

/// The values of a list.
fn values(fact: &Fact, list: &str) -> Result<Vec<FieldValue>, BadCell> {
    let mut values = Vec::new();
    for word in list.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let value = value(fact, word)?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    match values.len() {
        0 => Err(BadCell::new("The list is empty.", "Write - where anything fits.")),
        count if count > CELL_VALUES_MAX => Err(BadCell::new(
            format!("The cell lists {count} values, and {CELL_VALUES_MAX} is the most."),
            "Divide the row, or name the subject above them all.",
        )),
        _ => Ok(values),
    }
}

fn value(fact: &Fact, word: &str) -> Result<FieldValue, BadCell> {
    if word.len() > CODE_BYTES_MAX {
        return Err(BadCell::new(
            format!("A value has more than {CODE_BYTES_MAX} bytes."),
            "Write its code.",
        ));
    }
    if let Some(listed) = closed(fact) {
        let is_it = |(code, label): &&(&str, &str)| {
            word.eq_ignore_ascii_case(code) || word.eq_ignore_ascii_case(label)
        };
        if let Some((code, _)) = listed.iter().find(is_it) {
            return Ok(FieldValue::Choice((*code).to_owned()));
        }
        let words = || listed.iter().map(|(_, label)| *label);
        let hint = nearest(word, words()).map_or_else(
            || format!("There are: {}.", words().collect::<Vec<_>>().join(", ")),
            |near| format!("Did you mean {near}?"),
        );
        return Err(BadCell::new(format!("There is no {fact} \"{word}\"."), hint));
    }
    match fact {
        Fact::Received => date(word).map(FieldValue::Date).ok_or_else(|| {
            BadCell::new(format!("\"{word}\" is no day."), "Write it as 2026-01-31.")
        }),
        Fact::Field(_) => Ok(of_field(word)),
        Fact::Nature
        | Fact::Subject
        | Fact::Term
        | Fact::Type
        | Fact::Channel
        | Fact::Unit
        | Fact::Area
        | Fact::Confidentiality => Ok(FieldValue::Choice(word.to_owned())),
    }
}

/// What a field of some type holds, by how it is written.
fn of_field(word: &str) -> FieldValue {
    if let Some(day) = date(word) {
        return FieldValue::Date(day);
    }
    if let Ok(number) = word.parse() {
        return FieldValue::Number(number);
    }
    if let Some(minor) = amount(word) {
        return FieldValue::Money(minor);
    }
    match word {
        "yes" => FieldValue::YesNo(true),
        "no" => FieldValue::YesNo(false),
        _ => FieldValue::Choice(word.to_owned()),
    }
}

/// `4200.00` in minor units.
fn amount(word: &str) -> Option<i64> {
    let (whole, minor) = word.split_once('.')?;
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(minor) || minor.len() != 2 {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(minor.parse().ok()?)
}

/// `2026-01-31`.
fn date(word: &str) -> Option<Day> {
    let mut parts = word.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Day::from_parts(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_say_what_they_ask() {
        let choice = |code: &str| FieldValue::Choice(code.to_owned());
        let field = Fact::Field("sum".to_owned());
        let asks = |fact: &Fact, cell: &str| read_cell(fact, cell).unwrap();
        assert_eq!(asks(&Fact::Nature, " - "), Test::Any);
        let listed = Test::OneOf(vec![choice("COM"), choice("RPT")]);
        assert_eq!(asks(&Fact::Nature, "complaint, RPT"), listed);
        assert_eq!(asks(&Fact::Channel, "not letter"), Test::NoneOf(vec![choice("letter")]));
        assert_eq!(
            asks(&field, "10..20"),
            Test::Between(Some(FieldValue::Number(10)), Some(FieldValue::Number(20)))
        );
        assert_eq!(
            asks(&field, "> 4200.00"),
            Test::Between(Some(FieldValue::Money(420_001)), None)
        );
        let day = Day::from_parts(2026, 1, 1).unwrap();
        assert_eq!(
            asks(&Fact::Received, ">= 2026-01-01"),
            Test::Between(Some(FieldValue::Date(day)), None)
        );
        let levels = Test::OneOf(vec![choice("secret"), choice("top-secret")]);
        assert_eq!(asks(&Fact::Confidentiality, "> high"), levels);
    }

    #[test]
    fn a_slip_is_named_with_the_word_that_was_meant() {
        let bad = read_cell(&Fact::Nature, "complant").unwrap_err();
        assert_eq!(bad.hint, "Did you mean complaint?");
        assert!(read_cell(&Fact::Nature, "> complaint").is_err());
        assert!(read_cell(&Fact::Field("sum".to_owned()), "20..10").is_err());
        assert!(read_cell(&Fact::Received, "soon").is_err());
    }
}
