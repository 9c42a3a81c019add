//! Who may ask about whom: one pure function over what the records say of two people (R47, hard rule 12).

use std::fmt;

use crate::domain::ids::PersonId;
use crate::domain::office::Confidentiality;
use crate::domain::time::Day;

use super::household::{FamilyRole, Household, RelationshipKind};
use super::person::Person;

/// From this age on nobody asks for somebody because they are a parent.
pub const OF_AGE_YEARS: i32 = 18;

/// Whether somebody may ask about a person, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayAsk {
    /// It is the person.
    Themselves,
    /// A parent of a minor, or a legal guardian.
    Guardian,
    /// The person has given them a proxy, by a document, until this day.
    Proxy(Day),
    /// Nobody who has to do with the office's secrets is told about a person who is kept confidential.
    Confidential,
    /// The person has died: whoever asks needs a document of their own.
    Deceased,
    /// The proxy or the guardianship ended on this day.
    Ended(Day),
    /// The proxy or the guardianship begins on this day.
    NotYet(Day),
    /// A parent, and the child is of age.
    OfAge,
    /// A parent, and nobody knows how old the child is.
    AgeUnknown,
    /// Nothing on the records gives them the right.
    NoProxy,
}

impl MayAsk {
    /// Whether they may.
    #[must_use]
    pub fn is_yes(self) -> bool {
        matches!(self, Self::Themselves | Self::Guardian | Self::Proxy(_))
    }
}

impl fmt::Display for MayAsk {
    /// As a line of the file says it: `may ask: guardian`, `may not ask: no proxy`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Themselves => f.write_str("may ask: themselves"),
            Self::Guardian => f.write_str("may ask: guardian"),
            Self::Proxy(until) => write!(f, "may ask: proxy to {until}"),
            Self::Confidential => f.write_str("may not ask: confidential"),
            Self::Deceased => f.write_str("may not ask: deceased"),
            Self::Ended(on) => write!(f, "may not ask: ended {on}"),
            Self::NotYet(on) => write!(f, "may not ask: from {on}"),
            Self::OfAge => f.write_str("may not ask: of age"),
            Self::AgeUnknown => f.write_str("may not ask: age unknown"),
            Self::NoProxy => f.write_str("may not ask: no proxy"),
        }
    }
}

/// What an asker is to a person, as one record states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tie {
    kind: RelationshipKind,
    from: Option<Day>,
    until: Option<Day>,
}

impl Tie {
    fn is_basis(&self) -> bool {
        matches!(self.kind, RelationshipKind::Guardian | RelationshipKind::Proxy)
    }

    fn lasts(&self, today: Day) -> bool {
        self.from.is_none_or(|from| from <= today) && self.until.is_none_or(|until| until >= today)
    }
}

/// Whether one person may ask about another today. `household` is the one of the person who is asked about, where they are
/// in one; a child of the household counts as a child of its head and of the head's partner, as the file shows it.
#[must_use]
pub fn may_ask(
    asker: &Person,
    about: &Person,
    household: Option<&Household>,
    today: Day,
) -> MayAsk {
    if asker.id == about.id {
        return MayAsk::Themselves;
    }
    if about.confidentiality > Confidentiality::Internal {
        return MayAsk::Confidential;
    }
    if about.deceased.is_some() {
        return MayAsk::Deceased;
    }
    let ties = ties(asker, about);
    let lasting = |kind: RelationshipKind| {
        ties.iter().filter(move |tie| tie.kind == kind && tie.lasts(today))
    };
    if lasting(RelationshipKind::Guardian).next().is_some() {
        return MayAsk::Guardian;
    }
    let is_parent = lasting(RelationshipKind::Parent).next().is_some()
        || household.is_some_and(|household| is_parent_in(household, asker.id, about.id));
    let age = about.birth_date.as_ref().map(|fact| fact.value.age(today));
    if is_parent && age.is_some_and(|age| age < OF_AGE_YEARS) {
        return MayAsk::Guardian;
    }
    // A proxy without an end is none (domain: a proxy needs a document and an end date).
    if let Some(until) = lasting(RelationshipKind::Proxy).filter_map(|tie| tie.until).max() {
        return MayAsk::Proxy(until);
    }
    let coming = ties.iter().filter(|tie| tie.is_basis()).filter_map(|tie| tie.from);
    if let Some(from) = coming.filter(|from| *from > today).min() {
        return MayAsk::NotYet(from);
    }
    let past = ties.iter().filter(|tie| tie.is_basis()).filter_map(|tie| tie.until);
    if let Some(until) = past.filter(|until| *until < today).max() {
        return MayAsk::Ended(until);
    }
    match (is_parent, age) {
        (true, Some(_)) => MayAsk::OfAge,
        (true, None) => MayAsk::AgeUnknown,
        (false, _) => MayAsk::NoProxy,
    }
}

/// What the asker is to the other, as both records state it.
fn ties(asker: &Person, about: &Person) -> Vec<Tie> {
    let stated = about.relationships.iter().filter(|stated| stated.to == asker.id);
    let stated =
        stated.map(|stated| Tie { kind: stated.kind, from: stated.from, until: stated.until });
    let inverse = asker.relationships.iter().filter(|stated| stated.to == about.id);
    let inverse = inverse.map(|stated| Tie {
        kind: stated.kind.inverse(),
        from: stated.from,
        until: stated.until,
    });
    stated.chain(inverse).collect()
}

fn is_parent_in(household: &Household, asker: PersonId, about: PersonId) -> bool {
    let role = |person: PersonId| {
        let here = household.members.iter().filter(|member| member.to.is_none());
        here.filter(|member| member.person == person).map(|member| member.role).next()
    };
    matches!(role(asker), Some(FamilyRole::Head | FamilyRole::Partner))
        && role(about) == Some(FamilyRole::Child)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{CaseworkerId, HouseholdId, Ulid};
    use crate::domain::people::{
        BirthDate, Fact, HouseholdMember, NewPerson, PersonEvent, Provenance, Relationship,
        register,
    };
    use crate::domain::people::{Name, NameKind};
    use crate::domain::time::Instant;

    const ASKER: PersonId = PersonId(1);
    const ABOUT: PersonId = PersonId(2);

    fn day(text: &str) -> Day {
        match BirthDate::parse(text) {
            Some(BirthDate::Day(day)) => day,
            other => unreachable!("{text} is a day, and was read as {other:?}"),
        }
    }

    fn today() -> Day {
        day("2026-08-21")
    }

    fn person(id: PersonId, born: &str) -> Person {
        let new = NewPerson {
            names: vec![Name {
                kind: NameKind::Official,
                given: "Nika".to_owned(),
                family: String::new(),
            }],
            birth_date: BirthDate::parse(born),
            source: "identity card".to_owned(),
            ..NewPerson::default()
        };
        let at = Instant::from_milliseconds(0);
        let event = register(&new, id, Ulid::new(at, 1), CaseworkerId(1), at, today()).unwrap();
        let PersonEvent::Registered(person) = event else { unreachable!("it registers") };
        *person
    }

    fn tie(kind: RelationshipKind, from: Option<&str>, until: Option<&str>) -> Relationship {
        Relationship {
            to: ASKER,
            kind,
            from: from.map(day),
            until: until.map(day),
            source: "power of attorney 12/2026".to_owned(),
        }
    }

    fn asked(about: &Person) -> String {
        may_ask(&person(ASKER, "1986"), about, None, today()).to_string()
    }

    #[test]
    fn what_the_records_say_of_two_people_says_whether_one_may_ask_about_the_other() {
        use RelationshipKind::{Guardian, Parent, Proxy, Spouse};
        let table: [(&str, Vec<Relationship>, &str); 14] = [
            ("1984", vec![], "may not ask: no proxy"),
            ("1984", vec![tie(Spouse, None, None)], "may not ask: no proxy"),
            ("2020", vec![tie(Parent, None, None)], "may ask: guardian"),
            ("2008-08-22", vec![tie(Parent, None, None)], "may ask: guardian"),
            ("2008-08-21", vec![tie(Parent, None, None)], "may not ask: of age"),
            ("", vec![tie(Parent, None, None)], "may not ask: age unknown"),
            ("1957", vec![tie(Guardian, None, None)], "may ask: guardian"),
            (
                "1957",
                vec![tie(Guardian, None, Some("2026-06-30"))],
                "may not ask: ended 2026-06-30",
            ),
            ("1984", vec![tie(Proxy, None, Some("2026-12-31"))], "may ask: proxy to 2026-12-31"),
            ("1984", vec![tie(Proxy, None, Some("2026-08-21"))], "may ask: proxy to 2026-08-21"),
            ("1984", vec![tie(Proxy, None, Some("2026-08-20"))], "may not ask: ended 2026-08-20"),
            ("1984", vec![tie(Proxy, None, None)], "may not ask: no proxy"),
            (
                "1984",
                vec![tie(Proxy, Some("2026-09-01"), Some("2026-12-31"))],
                "may not ask: from 2026-09-01",
            ),
            (
                "1984",
                vec![
                    tie(Proxy, None, Some("2025-12-31")),
                    tie(Proxy, Some("2026-02-01"), Some("2026-12-31")),
                ],
                "may ask: proxy to 2026-12-31",
            ),
        ];
        for (born, relationships, said) in table {
            let about = Person { relationships, ..person(ABOUT, born) };
            assert_eq!(asked(&about), said, "{:?}", about.relationships);
        }
    }

    #[test]
    fn secrecy_and_death_come_before_every_right_and_oneself_before_both() {
        let relationships = vec![tie(RelationshipKind::Parent, None, None)];
        let child = Person { relationships, ..person(ABOUT, "2020") };
        let hidden = Person { confidentiality: Confidentiality::Confidential, ..child.clone() };
        assert_eq!(asked(&hidden), "may not ask: confidential");
        let provenance = Provenance { source: String::new(), on: today(), is_verified: true };
        let deceased = Some(Fact { value: today(), provenance });
        assert_eq!(asked(&Person { deceased, ..child }), "may not ask: deceased");
        let asker = person(ASKER, "1986");
        let hidden = Person { confidentiality: Confidentiality::Secret, ..asker.clone() };
        assert_eq!(may_ask(&asker, &hidden, None, today()), MayAsk::Themselves);
    }

    #[test]
    fn a_child_of_the_household_is_its_heads_and_a_relationship_counts_from_either_record() {
        let member = |person, role, to| HouseholdMember { person, role, from: today(), to };
        let household = |to| Household {
            id: HouseholdId(1),
            ulid: Ulid::new(Instant::from_milliseconds(0), 1),
            version: 1,
            members: vec![
                member(ASKER, FamilyRole::Partner, None),
                member(ABOUT, FamilyRole::Child, to),
            ],
        };
        let (asker, child) = (person(ASKER, "1986"), person(ABOUT, "2020"));
        let asks = |household: &Household| may_ask(&asker, &child, Some(household), today());
        assert_eq!(asks(&household(None)), MayAsk::Guardian);
        assert_eq!(asks(&household(Some(today()))), MayAsk::NoProxy, "the child has left it");
        let ward = Relationship { to: ABOUT, ..tie(RelationshipKind::Ward, None, None) };
        let asker = Person { relationships: vec![ward], ..asker };
        let grown = person(ABOUT, "1957");
        assert_eq!(may_ask(&asker, &grown, None, today()), MayAsk::Guardian);
    }
}
