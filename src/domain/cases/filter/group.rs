//! Which rows of a table of frequencies a case counts in, and what limits a list to each of them.

use super::facts::{CaseFacts, Moment};
use super::field::{Field, Flag};
use super::term::{DayWord, Filter, Span, SpanUnit, Term, Test, TimeTest, Value};

/// A row of a table of frequencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its place, where the values have an order of their own; else it is the same for all.
    pub rank: u8,
    /// What it is called.
    pub label: String,
    /// What leaves exactly its cases.
    pub drill: Filter,
}

/// The rows that a case counts in: one, but for flags, index terms and sites, of which it may have several.
#[must_use]
pub fn groups(field: Field, facts: &CaseFacts<'_>, moment: &Moment) -> Vec<Group> {
    let one = |label: &str, test: Test| vec![group(0, label, vec![test.into()])];
    match field {
        Field::Unit => {
            let (code, name) = facts.unit;
            one(name, Test::Unit(vec![text(code)]))
        }
        Field::Owner => match facts.owner {
            None => one("nobody", Test::Owner(vec![Value::None])),
            Some(owner) if owner.is_actor => one(owner.name, Test::Owner(vec![Value::Me])),
            Some(owner) => one(owner.name, Test::Owner(vec![text(owner.account)])),
        },
        Field::Subject => match facts.subject {
            None => one("(no subject yet)", Test::Subject(vec![Value::None])),
            Some((code, label)) => one(label, Test::Subject(vec![text(code)])),
        },
        Field::Term if facts.terms.is_empty() => {
            one("(not indexed)", Test::Indexed(vec![Value::None]))
        }
        Field::Term => {
            let of = |(code, label): &(&str, &str)| {
                group(0, label, vec![Test::Indexed(vec![text(code)]).into()])
            };
            facts.terms.iter().map(of).collect()
        }
        Field::Site if facts.sites.is_empty() => one("(no site)", Test::Site(vec![Value::None])),
        Field::Site => {
            let at = |(code, name): &(&str, &str)| {
                group(0, name, vec![Test::Site(vec![text(code)]).into()])
            };
            facts.sites.iter().map(at).collect()
        }
        Field::Area if facts.area.is_empty() => one("(no area)", Test::Area(vec![Value::None])),
        Field::Area => one(facts.area, Test::Area(vec![text(facts.area)])),
        Field::Nature => one(facts.nature.label(), Test::Nature(vec![facts.nature])),
        Field::Stage => one(facts.stage.label(), Test::Stage(vec![facts.stage])),
        Field::Channel => one(facts.channel.label(), Test::Channel(vec![facts.channel])),
        Field::Due => first_fitting(due_groups(), facts, moment),
        Field::Received => first_fitting(received_groups(), facts, moment),
        Field::Flag => {
            let carried = Flag::ALL.iter().filter(|flag| facts.has_flag(**flag, moment));
            carried
                .map(|flag| group(0, flag.word(), vec![Test::Flags(vec![*flag]).into()]))
                .collect()
        }
    }
}

fn text(name: &str) -> Value {
    Value::Text(name.to_owned())
}

fn group(rank: u8, label: &str, terms: Vec<Term>) -> Group {
    Group { rank, label: label.to_owned(), drill: Filter { terms } }
}

fn first_fitting(groups: Vec<Group>, facts: &CaseFacts<'_>, moment: &Moment) -> Vec<Group> {
    groups.into_iter().find(|group| group.drill.matches(facts, moment)).into_iter().collect()
}

/// Parts of the time until something is due, none of which overlap.
fn due_groups() -> Vec<Group> {
    let late = |is_not| Term { is_not, test: Test::Flags(vec![Flag::Late]) };
    let under = |days| Test::Due(TimeTest::Under(span(days))).into();
    let over = |days| Test::Due(TimeTest::Over(span(days))).into();
    vec![
        group(0, "late", vec![late(false)]),
        group(1, "today", vec![late(true), under(1)]),
        group(2, "1 to 3 days", vec![over(0), under(4)]),
        group(3, "4 to 7 days", vec![over(3), under(8)]),
        group(4, "8 to 28 days", vec![over(7), under(29)]),
        group(5, "over 28 days", vec![over(28)]),
        group(6, "no clock runs", vec![Test::Due(TimeTest::On(vec![DayWord::None])).into()]),
    ]
}

/// Parts of the time since something was received, none of which overlap.
fn received_groups() -> Vec<Group> {
    let under = |days| Test::Received(TimeTest::Under(span(days))).into();
    let over = |days| Test::Received(TimeTest::Over(span(days))).into();
    vec![
        group(0, "today", vec![under(1)]),
        group(1, "1 to 7 days ago", vec![over(0), under(8)]),
        group(2, "8 to 28 days ago", vec![over(7), under(29)]),
        group(3, "29 to 91 days ago", vec![over(28), under(92)]),
        group(4, "over 91 days ago", vec![over(91)]),
    ]
}

fn span(days: u32) -> Span {
    Span { amount: days, unit: SpanUnit::Days }
}
