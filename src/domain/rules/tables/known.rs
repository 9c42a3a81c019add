//! What the office has that a table can name: units, queues, subjects, types; a table that names others is not published.

use crate::domain::cases::GENERAL;
use crate::domain::ids::SubjectCode;
use crate::domain::office::QueueKind;
use crate::domain::rules::{
    Condition, DecisionTable, Fact, FieldKind, FieldValue, Flaw, TableRow, TableUse, Test,
};

use super::draft::did_you_mean;
use super::outputs::RouteTo;

/// A published case type, as far as tables name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownType {
    /// Its code.
    pub code: String,
    /// The fields that tables may ask, and what they take; never one that says who somebody is.
    pub fields: Vec<(String, FieldKind)>,
}

/// What the office has that a table can name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Each subject with all that stand above it, nearest first, itself at the head.
    pub subjects: Vec<Vec<SubjectCode>>,
    /// Codes of units.
    pub units: Vec<String>,
    /// Queues: code, code of the unit, kind.
    pub queues: Vec<(String, String, QueueKind)>,
    /// Published types.
    pub types: Vec<KnownType>,
}

impl Known {
    /// Codes of every type, the built-in one included.
    pub(super) fn type_codes(&self) -> impl Iterator<Item = &str> + Clone {
        self.types.iter().map(|known| known.code.as_str()).chain([GENERAL])
    }
}

/// What a table names that the office does not have.
#[must_use]
pub fn misnamed(table: &DecisionTable, known: &Known) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for row in &table.rows {
        for condition in &row.conditions {
            flaws.extend(condition_fault(row, condition, known));
        }
        for (output, value) in &row.outputs {
            let fault = output_fault(table.decides, output, value, row, known);
            flaws.extend(fault.map(|(what, hint)| Flaw {
                line: row.line,
                field: format!("then.{output}"),
                what,
                hint,
            }));
        }
    }
    flaws
}

fn condition_fault(row: &TableRow, asked: &Condition, known: &Known) -> Option<Flaw> {
    let flaw = |what: String, hint: String| Flaw {
        line: row.line,
        field: format!("when.{}", asked.fact),
        what,
        hint,
    };
    let named: Vec<&FieldValue> = match &asked.test {
        Test::OneOf(listed) | Test::NoneOf(listed) => listed.iter().collect(),
        Test::Between(from, to) => from.iter().chain(to).collect(),
        Test::Any => return None,
        Test::Known | Test::Unknown => Vec::new(),
    };
    let missing = |codes: &mut dyn Iterator<Item = &str>| {
        let codes: Vec<&str> = codes.collect();
        named.iter().find_map(|value| match value {
            FieldValue::Choice(code) if !codes.contains(&code.as_str()) => {
                let hint = nearest_of(code, &codes);
                Some(flaw(format!("There is no {} \"{code}\".", asked.fact), hint))
            }
            FieldValue::Choice(_)
            | FieldValue::Text(_)
            | FieldValue::Number(_)
            | FieldValue::Money(_)
            | FieldValue::Date(_)
            | FieldValue::YesNo(_)
            | FieldValue::Identity(_)
            | FieldValue::Telephone(_)
            | FieldValue::Email(_) => None,
        })
    };
    match &asked.fact {
        Fact::Subject | Fact::Term => {
            let heads = known.subjects.iter().filter_map(|chain| chain.first());
            missing(&mut heads.map(|code| code.0.as_str()))
        }
        Fact::Unit => missing(&mut known.units.iter().map(String::as_str)),
        Fact::Type => missing(&mut known.type_codes()),
        Fact::Field(code) => {
            let fields = || known.types.iter().flat_map(|known| &known.fields);
            let kinds: Vec<&FieldKind> =
                fields().filter(|(held, _)| held == code).map(|(_, kind)| kind).collect();
            if kinds.is_empty() {
                let codes: Vec<&str> = fields().map(|(code, _)| code.as_str()).collect();
                let what = format!("No published type has a field \"{code}\" that tables may ask.");
                return Some(flaw(what, nearest_of(code, &codes)));
            }
            let odd = named.iter().find(|value| !kinds.iter().any(|kind| takes(kind, value)))?;
            let value = super::facts::words_of_value(&asked.fact, odd);
            let hint = kinds.first().map_or("", |kind| form(kind)).to_owned();
            Some(flaw(format!("\"{value}\" is nothing that the field {code} takes."), hint))
        }
        Fact::Nature | Fact::Channel | Fact::Area | Fact::Received | Fact::Confidentiality => None,
    }
}

fn nearest_of(code: &str, codes: &[&str]) -> String {
    crate::text::nearest(code, codes.iter().copied())
        .map_or_else(String::new, |near| format!("Did you mean {near}?"))
}

/// Whether a field takes a value.
fn takes(kind: &FieldKind, value: &FieldValue) -> bool {
    match (kind, value) {
        (FieldKind::Number { .. }, FieldValue::Number(_))
        | (FieldKind::Money { .. }, FieldValue::Money(_))
        | (FieldKind::Date, FieldValue::Date(_))
        | (FieldKind::YesNo, FieldValue::YesNo(_)) => true,
        (FieldKind::Choice(listed), FieldValue::Choice(code)) => {
            listed.iter().any(|(known, _)| known == code)
        }
        (
            FieldKind::Number { .. }
            | FieldKind::Money { .. }
            | FieldKind::Date
            | FieldKind::YesNo
            | FieldKind::Choice(_)
            | FieldKind::Text
            | FieldKind::Identity(_)
            | FieldKind::Telephone
            | FieldKind::Email,
            _,
        ) => false,
    }
}

/// How values of a field are written.
fn form(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Number { .. } => "Write a whole number, as 42.",
        FieldKind::Money { .. } => "Write an amount, as 4200.00.",
        FieldKind::Date => "Write a day, as 2026-01-31.",
        FieldKind::YesNo => "Write yes or no.",
        FieldKind::Choice(_) => "Write one of its codes.",
        FieldKind::Text | FieldKind::Identity(_) | FieldKind::Telephone | FieldKind::Email => {
            "Tables compare no texts; ask whether it is known or unknown."
        }
    }
}

fn output_fault(
    decides: TableUse,
    output: &str,
    value: &str,
    row: &TableRow,
    known: &Known,
) -> Option<(String, String)> {
    match (decides, output) {
        (TableUse::Classify, _) if !known.type_codes().any(|code| code == value) => {
            let hint = did_you_mean(value, known.type_codes(), "Published are");
            Some((format!("There is no published type \"{value}\"."), hint))
        }
        (TableUse::Route, "unit") if !known.units.iter().any(|unit| unit == value) => {
            let hint = did_you_mean(value, known.units.iter().map(String::as_str), "There are");
            Some((format!("There is no unit \"{value}\"."), hint))
        }
        (TableUse::Route, "unit") => {
            let has_inbox = known
                .queues
                .iter()
                .any(|(_, unit, kind)| unit == value && *kind == QueueKind::Inbox);
            let is_other = row.outputs.iter().any(|(output, _)| output == "queue");
            (!has_inbox && !is_other).then(|| {
                let hint = "Open one: casedesk office open-queue.".to_owned();
                (format!("The unit {value} has no inbox."), hint)
            })
        }
        (TableUse::Route, _) => {
            let unit = row.outputs.iter().find(|(output, _)| output == "unit");
            let unit = unit.map_or("", |(_, unit)| unit.as_str());
            let to = RouteTo::of_words(value);
            let is_there = known.queues.iter().any(|(code, of, kind)| match &to {
                RouteTo::Kind(wanted) => of == unit && kind == wanted,
                RouteTo::Code(wanted) => of == unit && code == wanted,
            });
            (!is_there).then(|| {
                let of_unit = known.queues.iter().filter(|(_, of, _)| of == unit);
                let codes: Vec<&str> = of_unit.map(|(code, ..)| code.as_str()).collect();
                let hint = format!("It has: {}.", codes.join(", "));
                (format!("The unit {unit} has no queue \"{value}\"."), hint)
            })
        }
        (TableUse::Classify | TableUse::Clocks | TableUse::Confidentiality, _) => None,
    }
}
