//! Hidden people move nothing in what others find: not whom, not in which order, not of how many.

use casedesk::desk::{Answer, AskFind, Command, Desk, DeskError, Query};
use casedesk::domain::PersonId;
use casedesk::domain::office::{Confidentiality, Role};
use casedesk::domain::people::{
    FamilyRole, NewHousehold, PersonChange, Relationship, RelationshipKind,
};

use crate::conflicts::who;
use crate::office::Office;
use crate::visibility::{ROLES, comparable, enrol_narrow, first_difference, viewer};

/// Names that make ones of the others' names common, ones that are nearly theirs, and one that nobody else has.
const HIDDEN: [&str; 4] = ["Sara Bakke", "Sarah Bakker", "Saralund Moe", "Zuleika Verborgen"];
const QUESTIONS: [&str; 12] = [
    "sara rahimi",
    "sara",
    "sar",
    "saralund",
    "sara lund",
    "rahimi",
    "zuleika",
    "bakke lund",
    "verborgen",
    "1986",
    "9121",
    "zuleika sara rahimi",
];

fn set(office: &Office, person: PersonId, level: Confidentiality) {
    change(office, person, PersonChange::Confidentiality(level));
}

fn change(office: &Office, person: PersonId, change: PersonChange) {
    let (source, is_verified) = ("told".to_owned(), false);
    let change = Command::ChangePerson { person, version: None, change, source, is_verified };
    office.act(&office.karimi(), change).unwrap();
}

/// Five people whom everybody may see, and so many of each hidden name.
fn office(hidden: u32) -> (Office, Vec<PersonId>) {
    let office = Office::new();
    for role in ROLES {
        enrol_narrow(&office, role);
    }
    let people = [("Sara", "Lund"), ("Omid", "Rahimi"), ("Reza", "Rahimi"), ("Saga", "Lind")];
    for (given, family) in people.into_iter().chain([("Amir", "Rahimi")]) {
        office.person(given, family, "1986-03-02", "+989121234411");
    }
    let mut people = Vec::new();
    for number in 0..hidden * 4 {
        let name = HIDDEN[number as usize % HIDDEN.len()];
        let (given, family) = name.split_once(' ').unwrap();
        let person = office.person(given, family, "1986-04-05", "+989121234499");
        set(&office, person, Confidentiality::Confidential);
        people.push(person);
    }
    (office, people)
}

fn find(desk: &dyn Desk, text: &str, limit: u32) -> Result<Answer, DeskError> {
    desk.query(Query::Find(AskFind { text: text.to_owned(), limit }))
}

fn assert_same_found(one: &dyn Desk, other: &dyn Desk, questions: &[&str], whose: &str) {
    for text in questions {
        for limit in [1, 3, 50] {
            let is_same = comparable(find(one, text, limit));
            let asked = comparable(find(other, text, limit));
            let difference = first_difference(&is_same, &asked);
            assert!(is_same == asked, "{whose} {text} {limit}\n{difference}");
        }
    }
}

#[test]
fn hidden_people_move_nothing_in_what_any_role_finds() {
    let ((without, _), (with, hidden)) = (office(0), office(8));
    for role in ROLES {
        let (one, other) = (viewer(&without, role), viewer(&with, role));
        assert_same_found(&one, &other, &QUESTIONS, &format!("{role:?}"));
    }
    // Whoever may see them finds them, by what only they are named and by the rest.
    let of = |text| {
        let Answer::Find(found) = find(&with.karimi(), text, 50).unwrap() else { unreachable!() };
        (found.hits.len(), found.people)
    };
    assert_eq!(of("zuleika"), (8, 5 + hidden.len() as u64));
    assert_eq!(of("bakke").0, 16);
}

#[test]
fn who_is_hidden_no_more_is_found_at_once_by_words_that_nobody_had() {
    let (office, hidden) = office(1);
    let clerk = viewer(&office, Role::Caseworker);
    let found = || -> Vec<_> {
        let Answer::Find(found) = find(&clerk, "zuleika", 9).unwrap() else { unreachable!() };
        found.hits.iter().filter_map(|hit| hit.person).collect()
    };
    assert_eq!(found(), Vec::new());
    set(&office, hidden[3], Confidentiality::Internal);
    assert_eq!(found(), [hidden[3]]);
    set(&office, hidden[3], Confidentiality::Confidential);
    assert_eq!(found(), Vec::new());
}

/// The spouse of each of [`OPEN`], and in which order their names stand.
const SPOUSES: [(&str, &str); 4] =
    [("Tara", "Mohammadi"), ("Sara", "Bakke"), ("Zuleika", "Rahimi"), ("Saga", "Lund")];
const OPEN: [(&str, &str); 4] =
    [("Reza", "Mohammadi"), ("Omid", "Rahimi"), ("Nils", "Lund"), ("Tarald", "Moe")];
const OF_BOTH: [&str; 14] = [
    "mohammadi tara w12",
    "mohammadi tara",
    "tara",
    "tar",
    "rahimi sara",
    "sara bakke omid",
    "omid bakk",
    "zuleika lund",
    "husband of zuleika",
    "zuleika",
    "saga moe",
    "tarald saga lund 0184",
    "nils saga",
    "lund",
];

/// An office with couples, and a few others who are named alike. One of each couple is a colleague of the viewer's, or else
/// somebody whom the viewer may not know of at all.
fn couples(is_colleague: bool) -> Office {
    let office = Office::new();
    enrol_narrow(&office, Role::Caseworker);
    for (given, family) in [("Tara", "Lind"), ("Reza", "Mohammadi"), ("Sara", "Rahimi")] {
        office.person(given, family, "1981-02-01", "+989121234433");
    }
    for (place, (spouse, own)) in SPOUSES.into_iter().zip(OPEN).enumerate() {
        let spouse = office.person(spouse.0, spouse.1, "1984-04-05", "+989121234499");
        let own = office.person(own.0, own.1, "1985-03-02", "+989121234411");
        if place % 2 == 0 {
            let members = vec![(own, FamilyRole::Head), (spouse, FamilyRole::Partner)];
            office.act(&office.karimi(), Command::FormHousehold(NewHousehold { members })).unwrap();
        } else {
            let (kind, source) = (RelationshipKind::Spouse, "told".to_owned());
            let stated = Relationship { to: own, kind, from: None, until: None, source };
            change(&office, spouse, PersonChange::Relationship(stated));
        }
        if is_colleague {
            let colleague = office.enrol(&format!("colleague{place}"), "A. Colleague", &[]);
            let (person, reason) = (Some(spouse), "told when they were enrolled".to_owned());
            let link = Command::LinkPerson { caseworker: who(&colleague), person, reason };
            office.act(&office.karimi(), link).unwrap();
        } else {
            set(&office, spouse, Confidentiality::Confidential);
        }
    }
    office
}

#[test]
fn the_name_of_a_colleague_moves_nothing_in_how_their_family_is_found() {
    let (hidden, closed) = (couples(false), couples(true));
    let (one, other) = (viewer(&hidden, Role::Caseworker), viewer(&closed, Role::Caseworker));
    assert_same_found(&one, &other, &OF_BOTH, "");
    // Whoever becomes a relative of theirs later is one at once.
    let (reza, sara) = (PersonId(5), PersonId(3));
    for office in [&hidden, &closed] {
        let (kind, source) = (RelationshipKind::Sibling, "told".to_owned());
        let stated = Relationship { to: sara, kind, from: None, until: None, source };
        change(office, reza, PersonChange::Relationship(stated));
    }
    for text in ["mohammadi rahimi", "sara", "brother of sara", "tara mohammadi rahimi"] {
        let asked = find(&other, text, 9).unwrap();
        assert_eq!(comparable(find(&one, text, 9)), comparable(Ok(asked.clone())), "{text}");
        let Answer::Find(found) = asked else { unreachable!() };
        assert!(found.hits.iter().any(|hit| hit.person == Some(reza)), "{text}");
    }
}
