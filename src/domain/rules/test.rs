//! A condition on a fact: the cell of a table, and the guard of a stage.

use super::{CaseFacts, Fact, FieldValue};

/// What a cell asks of its fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Anything, or nothing.
    Any,
    /// One of these.
    OneOf(Vec<FieldValue>),
    /// None of these.
    NoneOf(Vec<FieldValue>),
    /// Within these bounds, both included; open where there is none.
    Between(Option<FieldValue>, Option<FieldValue>),
    /// There is a value.
    Known,
    /// There is none.
    Unknown,
}

/// A test of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What is asked.
    pub fact: Fact,
    /// What of it.
    pub test: Test,
}

impl Condition {
    /// Whether the facts meet it.
    #[must_use]
    pub fn is_met(&self, facts: &CaseFacts) -> bool {
        self.test.holds(&values_of(&self.fact, facts))
    }
}

impl Test {
    /// Whether these values of a fact meet it. Values of different kinds are neither equal nor in an order.
    #[must_use]
    pub fn holds(&self, values: &[FieldValue]) -> bool {
        let is_one = |listed: &[FieldValue]| values.iter().any(|value| listed.contains(value));
        match self {
            Self::Any => true,
            Self::OneOf(listed) => is_one(listed),
            Self::NoneOf(listed) => !is_one(listed),
            Self::Between(from, to) => values.iter().any(|value| {
                let is_alike = |bound: &FieldValue| {
                    std::mem::discriminant(bound) == std::mem::discriminant(value)
                };
                let is_after = from.as_ref().is_none_or(|from| is_alike(from) && value >= from);
                is_after && to.as_ref().is_none_or(|to| is_alike(to) && value <= to)
            }),
            Self::Known => !values.is_empty(),
            Self::Unknown => values.is_empty(),
        }
    }
}

/// What the facts say of one of them: a subject says itself and all above it.
#[must_use]
pub(super) fn values_of(fact: &Fact, facts: &CaseFacts) -> Vec<FieldValue> {
    let code = |code: &str| vec![FieldValue::Choice(code.to_owned())];
    match fact {
        Fact::Nature => code(facts.nature.code()),
        Fact::Subject => {
            let first = facts.subjects.first().into_iter().flatten();
            first.map(|subject| FieldValue::Choice(subject.to_string())).collect()
        }
        Fact::Term => {
            let all = facts.subjects.iter().flatten();
            all.map(|subject| FieldValue::Choice(subject.to_string())).collect()
        }
        Fact::Type => code(&facts.case_type),
        Fact::Channel => code(facts.channel.code()),
        Fact::Unit => code(&facts.unit),
        Fact::Area if facts.area.is_empty() => Vec::new(),
        Fact::Area => code(&facts.area),
        Fact::Received => vec![FieldValue::Date(facts.received)],
        Fact::Confidentiality => code(facts.confidentiality.label()),
        Fact::Field(field) => facts.fields.get(field).cloned().into_iter().collect(),
    }
}
