//! Evaluating a table: which row holds for the facts of a case, and how that is said afterwards.

use crate::domain::rules::test::values_of;
use crate::domain::rules::{
    CaseFacts, DecisionTable, Fact, FieldValue, Fired, HitPolicy, TableRow, Test,
};
use crate::domain::time::Instant;

use super::facts::words_of_value;

/// What a table says of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'t> {
    /// This row.
    Row(&'t TableRow),
    /// No row holds.
    Nothing,
    /// Two rows hold where at most one may: the checker proved that there are none, and subjects came since. Neither
    /// counts.
    Both(&'t TableRow, &'t TableRow),
}

/// Which row of a table holds. The facts have no person in them, so that no table can treat two people differently.
#[must_use]
pub fn decide_table<'t>(table: &'t DecisionTable, facts: &CaseFacts) -> Decision<'t> {
    let inputs: Vec<Vec<FieldValue>> =
        table.inputs.iter().map(|column| values_of(&column.fact, facts)).collect();
    let holds = |row: &&TableRow| {
        row.conditions.iter().zip(&inputs).all(|(asked, values)| asked.test.holds(values))
    };
    let mut holding = table.rows.iter().filter(holds);
    match (holding.next(), table.policy) {
        (None, _) => Decision::Nothing,
        (Some(first), HitPolicy::First) => Decision::Row(first),
        (Some(first), HitPolicy::Unique) => {
            holding.next().map_or(Decision::Row(first), |second| Decision::Both(first, second))
        }
    }
}

/// A decision as it is stored on the case: the facts that were asked for, in words, and what followed.
#[must_use]
pub fn fired(
    table: &DecisionTable,
    decision: Decision<'_>,
    facts: &CaseFacts,
    at: Instant,
) -> Fired {
    let row = match decision {
        Decision::Row(row) => Some(row),
        Decision::Nothing | Decision::Both(..) => None,
    };
    let is_asked = |fact: &Fact| {
        row.is_none_or(|row| {
            row.conditions.iter().any(|asked| asked.fact == *fact && asked.test != Test::Any)
        })
    };
    let asked = table.inputs.iter().map(|column| &column.fact).filter(|fact| is_asked(fact));
    let outputs = match decision {
        Decision::Row(row) => row.outputs.clone(),
        Decision::Nothing => Vec::new(),
        Decision::Both(first, second) => {
            vec![("two rows hold".to_owned(), format!("{} and {}", first.id, second.id))]
        }
    };
    Fired {
        decides: table.decides,
        table: table.code.clone(),
        version: table.version,
        row: row.map(|row| row.id.clone()).unwrap_or_default(),
        outputs,
        facts: asked.map(|fact| (fact.to_string(), words_of_fact(fact, facts))).collect(),
        at,
    }
}

/// What a fact is, in words: `complaint`, `RENT-1 under RENT`, `none`.
#[must_use]
pub fn words_of_fact(fact: &Fact, facts: &CaseFacts) -> String {
    let chain = |chain: &Vec<crate::domain::SubjectCode>| {
        let codes: Vec<&str> = chain.iter().map(|code| code.0.as_str()).collect();
        codes.join(" under ")
    };
    let words = match fact {
        Fact::Subject => facts.subjects.first().map(chain).unwrap_or_default(),
        Fact::Term => facts.subjects.iter().map(chain).collect::<Vec<_>>().join(", "),
        Fact::Nature
        | Fact::Type
        | Fact::Channel
        | Fact::Unit
        | Fact::Area
        | Fact::Received
        | Fact::Confidentiality
        | Fact::Field(_) => {
            let values = values_of(fact, facts);
            values.first().map(|value| words_of_value(fact, value)).unwrap_or_default()
        }
    };
    if words.is_empty() { "none".to_owned() } else { words }
}
