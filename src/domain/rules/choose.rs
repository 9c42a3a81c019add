//! Which case type handles a matter: the one published type whose guard says the most about it.

use crate::domain::cases::{GENERAL, TypeVersion};
use crate::domain::time::{Day, Instant};

use super::{CaseFacts, CaseType, Fact, FieldValue, Fired, Guard, Rules, TableUse};

/// How much a guard says of a matter: how near its subject is to the case's own (the nearer the more), and whether it names
/// the channel and the nature. The greater says more.
type Weight = (usize, bool, bool);

/// The type of a matter whose nature and subject are known, in force on this day; and how that came about. The most
/// specific guard wins: a subject before a channel before a nature, a nearer subject before one above it; where two say as
/// much, the first in the order of their codes. Where none fits it is the built-in type, and nothing has fired.
#[must_use]
pub fn choose_type(
    rules: &Rules,
    facts: &CaseFacts,
    day: Day,
    at: Instant,
) -> (TypeVersion, Option<Fired>) {
    let weighed = rules.types_on(day).filter_map(|held| Some((weight(&held.guard, facts)?, held)));
    let best = weighed.max_by(|(one, held), (other, than)| {
        one.cmp(other).then_with(|| than.id.code.cmp(&held.id.code))
    });
    match best {
        Some((_, found)) => (found.id.clone(), Some(fired(found, facts, at))),
        None => (TypeVersion { code: GENERAL.to_owned(), version: 1 }, None),
    }
}

/// What a guard says of a matter; nothing where it does not fit.
fn weight(guard: &Guard, facts: &CaseFacts) -> Option<Weight> {
    let of_subject = if guard.subjects.is_empty() {
        0
    } else {
        let chain = facts.subjects.first()?;
        chain.len() - chain.iter().position(|code| guard.subjects.contains(code))?
    };
    let fits = (guard.natures.is_empty() || guard.natures.contains(&facts.nature))
        && (guard.channels.is_empty() || guard.channels.contains(&facts.channel));
    fits.then_some((of_subject, !guard.channels.is_empty(), !guard.natures.is_empty()))
}

fn fired(found: &CaseType, facts: &CaseFacts, at: Instant) -> Fired {
    let asked = [
        (!found.guard.subjects.is_empty(), "subject", Fact::Subject),
        (!found.guard.channels.is_empty(), "channel", Fact::Channel),
        (!found.guard.natures.is_empty(), "nature", Fact::Nature),
    ];
    let words = |fact: &Fact| match super::test::values_of(fact, facts).first() {
        Some(FieldValue::Choice(code)) => code.clone(),
        _ => String::new(),
    };
    let facts = asked.iter().filter(|(is_asked, ..)| *is_asked);
    Fired {
        decides: TableUse::Classify,
        table: "type".to_owned(),
        version: found.id.version,
        row: found.id.code.clone(),
        outputs: vec![("type".to_owned(), format!("{}@{}", found.id.code, found.id.version))],
        facts: facts.map(|(_, name, fact)| ((*name).to_owned(), words(fact))).collect(),
        at,
    }
}
