//! Whether guards leave any facts out: each fact is divided into the values that the guards tell apart.

use std::collections::BTreeSet;

use crate::domain::rules::{Condition, Fact, FieldKind, FieldRule, FieldValue, Test};

use super::guards::closed;

/// Combinations of facts that are looked at.
const COMBINATIONS_MAX: usize = 20_000;
/// Subjects and terms that guards can name: a case has several, so that all their sets are looked at.
const NAMED_MAX: usize = 8;
/// What stands for a value that no guard names.
const ANOTHER: &str = "(another)";

/// Everything that the facts can be, as far as guards tell it apart.
pub(super) struct Facts<'t> {
    axes: Vec<(&'t Fact, Vec<Vec<FieldValue>>)>,
    count: usize,
}

/// One of these: a value, or several, of each fact.
pub(super) struct Picked<'f>(Vec<(&'f Fact, &'f [FieldValue])>);

impl<'t> Facts<'t> {
    /// What conditions ask for.
    ///
    /// # Errors
    /// They tell too many facts apart.
    pub(super) fn asked_by(
        conditions: &[&'t Condition],
        fields: &[FieldRule],
    ) -> Result<Self, String> {
        let facts: BTreeSet<&Fact> = conditions.iter().map(|asked| &asked.fact).collect();
        let mut read = Self { axes: Vec::new(), count: 1 };
        for fact in facts {
            let tests = conditions.iter().filter(|asked| asked.fact == *fact);
            let tests: Vec<&Test> = tests.map(|asked| &asked.test).collect();
            let classes = classes(fact, &tests, fields)?;
            read.count = read.count.saturating_mul(classes.len().max(1));
            read.axes.push((fact, classes));
        }
        if read.count > COMBINATIONS_MAX {
            return Err("Its guards ask for too many facts at once to be proved.".to_owned());
        }
        Ok(read)
    }

    /// Each of them.
    pub(super) fn all(&self) -> impl Iterator<Item = Picked<'_>> {
        (0..self.count).map(|number| {
            let mut rest = number;
            let picked = self.axes.iter().map(|(fact, classes)| {
                let count = classes.len().max(1);
                let class = classes.get(rest % count).map(Vec::as_slice).unwrap_or_default();
                rest /= count;
                (*fact, class)
            });
            Picked(picked.collect())
        })
    }
}

impl Picked<'_> {
    /// Whether a guard holds.
    pub(super) fn meet(&self, guard: &[&Condition]) -> bool {
        guard.iter().all(|asked| {
            let found = self.0.iter().find(|(fact, _)| **fact == asked.fact);
            asked.test.holds(found.map(|(_, values)| *values).unwrap_or_default())
        })
    }

    /// The facts in words: those of them that these conditions ask for, or all where they ask for none.
    pub(super) fn words(&self, asked: &[&Condition]) -> String {
        let is_asked = |fact: &Fact| asked.is_empty() || asked.iter().any(|one| one.fact == *fact);
        let all = self.0.iter().filter(|(fact, _)| is_asked(fact));
        all.map(|(fact, values)| words(fact, values)).collect::<Vec<_>>().join(" and ")
    }
}

/// A fact on which guards that all have to hold contradict each other.
pub(super) fn contradiction(guard: &[Condition]) -> Option<String> {
    let facts: BTreeSet<&Fact> = guard.iter().map(|asked| &asked.fact).collect();
    facts.into_iter().find_map(|fact| {
        let tests = guard.iter().filter(|asked| asked.fact == *fact).map(|asked| &asked.test);
        let tests: Vec<&Test> = tests.collect();
        let classes = classes(fact, &tests, &[]).ok()?;
        let unknown = Vec::new();
        let mut all = classes.iter().chain([&unknown]);
        let is_met = all.any(|values| tests.iter().all(|test| test.holds(values)));
        (!is_met).then(|| fact.to_string())
    })
}

/// The classes of values of a fact that these tests tell apart, an example of each.
fn classes(
    fact: &Fact,
    tests: &[&Test],
    fields: &[FieldRule],
) -> Result<Vec<Vec<FieldValue>>, String> {
    let named = named(tests);
    // A field that is empty can be filled in; of all else, what is not known stays so.
    let may_be_unknown = matches!(fact, Fact::Subject | Fact::Term | Fact::Area);
    let mut classes: Vec<Vec<FieldValue>> = match fact {
        Fact::Subject | Fact::Term => {
            if named.len() > NAMED_MAX {
                return Err("Its guards name too many subjects to be proved.".to_owned());
            }
            (0..1_usize << named.len())
                .map(|set| {
                    let chosen = named.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
                    chosen.map(|(_, value)| value.clone()).chain([another()]).collect()
                })
                .collect()
        }
        Fact::Nature
        | Fact::Type
        | Fact::Channel
        | Fact::Unit
        | Fact::Area
        | Fact::Received
        | Fact::Confidentiality
        | Fact::Field(_) => match closed(fact, fields) {
            Some(values) => values.into_iter().map(|value| vec![value]).collect(),
            None => open(fact, named, fields).into_iter().map(|value| vec![value]).collect(),
        },
    };
    if may_be_unknown {
        classes.push(Vec::new());
    }
    Ok(classes)
}

/// Examples of a fact that can hold anything of its kind.
fn open(fact: &Fact, named: Vec<FieldValue>, fields: &[FieldRule]) -> Vec<FieldValue> {
    let kind = fields.iter().find(|field| *fact == Fact::Field(field.code.clone()));
    let kind = kind.map(|field| &field.kind);
    let is_within = |value: &FieldValue| match (kind, value) {
        (Some(FieldKind::Number { min, max }), FieldValue::Number(number)) => {
            (min..=max).contains(&number)
        }
        (Some(FieldKind::Money { max }), FieldValue::Money(minor)) => (0..=*max).contains(minor),
        _ => true,
    };
    let beside = |value: &FieldValue| match value {
        FieldValue::Number(number) => {
            vec![
                FieldValue::Number(number.saturating_sub(1)),
                FieldValue::Number(number.saturating_add(1)),
            ]
        }
        FieldValue::Money(minor) => {
            vec![
                FieldValue::Money(minor.saturating_sub(1)),
                FieldValue::Money(minor.saturating_add(1)),
            ]
        }
        FieldValue::Date(day) => {
            vec![FieldValue::Date(day.plus_days(-1)), FieldValue::Date(day.plus_days(1))]
        }
        FieldValue::Text(_)
        | FieldValue::YesNo(_)
        | FieldValue::Choice(_)
        | FieldValue::Identity(_)
        | FieldValue::Telephone(_)
        | FieldValue::Email(_) => vec![another()],
    };
    let mut values: BTreeSet<FieldValue> = named.iter().flat_map(beside).collect();
    values.extend(named);
    let mut values: Vec<FieldValue> = values.into_iter().filter(is_within).collect();
    if values.is_empty() {
        values.push(another());
    }
    values
}

/// The values that tests name.
fn named(tests: &[&Test]) -> Vec<FieldValue> {
    let mut named = BTreeSet::new();
    for test in tests {
        match test {
            Test::OneOf(listed) | Test::NoneOf(listed) => named.extend(listed.iter().cloned()),
            Test::Between(from, to) => named.extend(from.iter().chain(to).cloned()),
            Test::Any | Test::Known | Test::Unknown => {}
        }
    }
    named.into_iter().collect()
}

fn another() -> FieldValue {
    FieldValue::Choice(ANOTHER.to_owned())
}

/// A fact and its value, as a flaw says them.
fn words(fact: &Fact, values: &[FieldValue]) -> String {
    let is_named = |value: &&FieldValue| **value != another();
    let listed: Vec<String> = values.iter().filter(is_named).map(value_words).collect();
    let said = match (values.is_empty(), listed.is_empty()) {
        (true, _) => "is not known".to_owned(),
        (false, true) => "is something else".to_owned(),
        (false, false) => format!("is {}", listed.join(" and ")),
    };
    format!("{fact} {said}")
}

/// A value, as a guard writes it.
pub(super) fn value_words(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(words)
        | FieldValue::Choice(words)
        | FieldValue::Identity(words)
        | FieldValue::Telephone(words)
        | FieldValue::Email(words) => words.clone(),
        FieldValue::Number(number) | FieldValue::Money(number) => number.to_string(),
        FieldValue::Date(day) => day.to_string(),
        FieldValue::YesNo(true) => "yes".to_owned(),
        FieldValue::YesNo(false) => "no".to_owned(),
    }
}
