//! What a caseworker is told who looks for somebody: of whom, why, and of whom not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use casedesk::desk::{
    Ask, AskCall, AskFind, AskPersonFile, Command, Desk, DeskError, FindAnswer, FindHit,
};
use casedesk::domain::cases::Nature;
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, Role};
use casedesk::domain::people::{
    FamilyRole, Name, NameKind, NewHousehold, PersonChange, Relationship, RelationshipKind,
};
use casedesk::domain::{PersonId, UnitId};
use casedesk::store::MemoryStore;

use crate::office::{Office, Seat};
use crate::search_office::chances;

/// Somebody at the counter, who may see what everybody may see.
fn clerk(office: &Office) -> Seat {
    let grant = Grant {
        role: Role::Clerk,
        unit: None,
        confidentiality_max: Confidentiality::Internal,
        expires: None,
    };
    let new = NewCaseworker {
        account: "vik".to_owned(),
        name: "A. Vik".to_owned(),
        unit: UnitId(1),
        grants: vec![grant],
    };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
    office.sign_in("vik").unwrap()
}

fn change(office: &Office, person: PersonId, change: PersonChange) {
    let source = "told at the counter".to_owned();
    let command =
        Command::ChangePerson { person, version: None, change, source, is_verified: false };
    office.act(&office.karimi(), command).unwrap();
}

fn restrict(office: &Office, person: PersonId) {
    change(office, person, PersonChange::Confidentiality(Confidentiality::Confidential));
}

fn household(office: &Office, members: &[(PersonId, FamilyRole)]) {
    let new = NewHousehold { members: members.to_vec() };
    office.act(&office.karimi(), Command::FormHousehold(new)).unwrap();
}

fn find(session: &Seat, text: &str, limit: u32) -> FindAnswer {
    (session as &dyn Desk).ask(AskFind { text: text.to_owned(), limit }).unwrap()
}

fn names(answer: &FindAnswer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.name.as_str()).collect()
}

fn first(session: &Seat, text: &str) -> FindHit {
    find(session, text, 8).hits.into_iter().next().unwrap()
}

const GIVEN: [&str; 8] = ["Sara", "Zara", "Reza", "Ingrid", "Nika", "Luz", "Mehmet", "Gareth"];
const FAMILY: [&str; 7] =
    ["Mohammadi", "Mohamadi", "Karimi", "Solberg", "Haugen", "Whitlock", "Demir"];

/// The same people in two offices: here one in six is hidden, there they were never registered for good. Each third lives
/// with the one before and after.
fn with_and_without(seed: u64) -> (Office, Office) {
    let (with, without) = (Office::new(), Office::new());
    let mut chance = chances(seed);
    let mut pick = |names: &[&'static str]| {
        names.iter().copied().cycle().nth(usize::try_from(chance(1_000)).unwrap()).unwrap()
    };
    let mut people = Vec::new();
    for number in 0..60_u64 {
        let (given, family) = (pick(&GIVEN), pick(&FAMILY));
        let (born, telephone) =
            (format!("19{}-03-02", 40 + number), format!("+9891212{number:05}"));
        let person = with.person(given, family, &born, &telephone);
        assert_eq!(without.person(given, family, &born, &telephone), person);
        let is_hidden = number % 6 == 1;
        if is_hidden {
            without.act(&without.karimi(), Command::Undo).unwrap();
        }
        people.push((person, is_hidden));
    }
    for home in people.chunks(3) {
        let members = |hides: bool| -> Vec<(PersonId, FamilyRole)> {
            let roles = [FamilyRole::Head, FamilyRole::Child, FamilyRole::Parent];
            let members = home.iter().zip(roles).filter(|((_, hidden), _)| !(hides && *hidden));
            members.map(|((person, _), role)| (*person, role)).collect()
        };
        household(&with, &members(false));
        household(&without, &members(true));
    }
    for (person, _) in people.iter().filter(|(_, is_hidden)| *is_hidden) {
        restrict(&with, *person);
    }
    (with, without)
}

#[test]
fn who_may_not_be_seen_is_in_no_answer_and_no_count_and_shortens_no_page() {
    for seed in [1, 2] {
        let (with, without) = with_and_without(seed);
        let (here, there) = (clerk(&with), clerk(&without));
        let mut texts: Vec<String> = GIVEN.iter().map(ToString::to_string).collect();
        texts.extend(FAMILY.iter().flat_map(|name| [name.to_lowercase(), format!("sara {name}")]));
        texts.extend(
            ["mohmdi 86", "1986", "8912", "P-2", "2", "azadi", "P-2 sara", "nobody", ""]
                .map(str::to_owned),
        );
        for text in &texts {
            // How rare a word is counts everybody, so it may order those of different words otherwise; nobody comes or goes.
            let (mut one, mut other) = (find(&here, text, 200), find(&there, text, 200));
            one.hits.sort_by_key(|hit| hit.person);
            other.hits.sort_by_key(|hit| hit.person);
            assert_eq!(one.hits, other.hits, "{text:?}");
            assert_eq!((one.matched, one.people), (other.matched, other.people), "{text:?}");
            for limit in [3, 8] {
                let pages = (find(&here, text, limit), find(&there, text, limit));
                assert_eq!(pages.0.hits.len(), pages.1.hits.len(), "{text:?}");
            }
        }
        assert!(find(&here, "sara", 50).people < find(&with.karimi(), "sara", 50).people);
    }
}

#[test]
fn hiding_somebody_holds_for_the_next_search_and_after_the_desk_was_closed() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.person("Ingrid", "Solberg", "1974-03-02", "+4740000001");
    let (vik, karimi) = (clerk(&office), office.karimi());
    assert_eq!(names(&find(&vik, "mohamadi", 8)), ["Mohammadi, Sara"]);
    restrict(&office, sara);
    assert_eq!(find(&vik, "mohamadi", 8).people, 1);
    assert_eq!(names(&find(&vik, "P-1", 8)), [""; 0]);
    assert_eq!(names(&find(&karimi, "mohamadi", 8)), ["Mohammadi, Sara"]);
    let again = Office::over(store);
    assert_eq!(find(&again.sign_in("vik").unwrap(), "sara", 8).matched, 0);
    change(&office, sara, PersonChange::Confidentiality(Confidentiality::Internal));
    assert_eq!(names(&find(&vik, "sara", 8)), ["Mohammadi, Sara"]);
    // Nobody hides anybody from themselves: they could not take it back.
    let level = PersonChange::Confidentiality(Confidentiality::TopSecret);
    let command = Command::ChangePerson {
        person: sara,
        version: None,
        change: level,
        source: "told".to_owned(),
        is_verified: false,
    };
    assert!(matches!(office.act(&karimi, command), Err(DeskError::Refused(_))));
}

#[test]
fn whoever_may_not_be_seen_is_nobody_to_a_household_or_a_relationship() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let reza = office.person("Reza", "Haugen", "1984-01-02", "+989121234412");
    household(&office, &[(sara, FamilyRole::Head)]);
    restrict(&office, sara);
    let vik = clerk(&office);
    for to in [sara, PersonId(77)] {
        let form = NewHousehold { members: vec![(to, FamilyRole::Head)] };
        let relationship = Relationship {
            to,
            kind: RelationshipKind::Spouse,
            from: None,
            until: None,
            source: "told".to_owned(),
        };
        let relate = Command::ChangePerson {
            person: reza,
            version: None,
            change: PersonChange::Relationship(relationship),
            source: "told".to_owned(),
            is_verified: false,
        };
        for command in [Command::FormHousehold(form), relate] {
            assert_eq!(office.act(&vik, command), Err(DeskError::NotFound(to.to_string())));
        }
    }
}

#[test]
fn a_file_names_no_relative_who_may_not_be_seen() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let reza = office.person("Reza", "Haugen", "1984-01-02", "+989121234412");
    let relationship = Relationship {
        to: sara,
        kind: RelationshipKind::Spouse,
        from: None,
        until: None,
        source: "told".to_owned(),
    };
    change(&office, reza, PersonChange::Relationship(relationship));
    let vik = clerk(&office);
    let relatives = || {
        let file = (&vik as &dyn Desk).ask(AskPersonFile { person: reza }).unwrap();
        file.relations.iter().map(|line| line.to).collect::<Vec<_>>()
    };
    assert_eq!(relatives(), [sara]);
    restrict(&office, sara);
    assert!(relatives().is_empty());
}

#[test]
fn two_people_of_one_name_are_told_apart_without_opening_them() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let reza = office.person("Reza", "Mohammadi", "1984-01-02", "+989121234412");
    let nika = office.person("Nika", "Mohammadi", "2020-05-06", "+989121234413");
    let zahra = office.person("Zahra", "Ahmadi", "1957-05-06", "+989121234414");
    let other = office.person("Sara", "Mohammadi", "1968-08-06", "+989121239999");
    let ali = office.person("Ali", "Mohammadi", "1992-08-06", "+989121238888");
    household(
        &office,
        &[
            (sara, FamilyRole::Head),
            (reza, FamilyRole::Partner),
            (nika, FamilyRole::Child),
            (zahra, FamilyRole::Parent),
        ],
    );
    household(&office, &[(other, FamilyRole::Head)]);
    let relationship = Relationship {
        to: ali,
        kind: RelationshipKind::Child,
        from: None,
        until: None,
        source: "told".to_owned(),
    };
    change(&office, other, PersonChange::Relationship(relationship));
    office.case(Some(sara), Nature::Complaint, "Damp");
    let answer = find(&office.karimi(), "sara mohamedi", 8);
    let line = |person| {
        let hit = answer.hits.iter().find(|hit| hit.person == Some(person)).unwrap();
        (hit.household.as_str(), hit.open_cases, hit.due_at.is_some())
    };
    assert_eq!(line(sara), ("Reza (partner), Nika 6, Zahra (parent)", 1, true));
    assert_eq!(line(other), ("lives alone; elsewhere Ali 34 (child)", 0, false));
}

#[test]
fn evidence_says_word_by_word_what_matched_and_marks_it_in_the_name_that_matched() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let name = |kind, given: &str, family: &str| Name {
        kind,
        given: given.to_owned(),
        family: family.to_owned(),
    };
    let add = |name| PersonChange::Name { index: u32::MAX, name };
    change(&office, sara, add(name(NameKind::Other, "Sara", "Berg")));
    change(&office, sara, add(name(NameKind::Transliteration, "سارا", "محمدی")));
    let karimi = office.karimi();
    let hit = first(&karimi, "sara mohamedi 1986 4411");
    assert_eq!(
        hit.evidence,
        "sara = Sara   mohamedi = Mohammadi (m, a for e)   1986 = year   4411 = tel (ending)"
    );
    assert_eq!(hit.also, None);
    let marked: String =
        hit.marked.iter().filter_map(|at| hit.name.chars().nth(*at as usize)).collect();
    assert_eq!(marked, "MohamdiSara");
    let also = first(&karimi, "sara berg").also.unwrap();
    assert_eq!((also.name.as_str(), also.marked.len()), ("Sara Berg", 8));
    let also = first(&karimi, "محمدی").also.unwrap();
    assert_eq!((also.name.as_str(), also.marked.len()), ("سارا محمدی", 5));
}

#[test]
fn numbers_of_cases_and_people_are_found_alone_and_beside_words() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.person("Ingrid", "Solberg", "1974-03-02", "+4740000001");
    let case = office.case(Some(sara), Nature::Complaint, "Damp");
    let karimi = office.karimi();
    let found = |text: &str| -> Vec<String> {
        let hits = find(&karimi, text, 8).hits.into_iter();
        hits.map(|hit| hit.case.map_or(hit.name, |case| case.id.to_string())).collect()
    };
    assert_eq!(found("P-1"), ["Mohammadi, Sara"]);
    assert_eq!(found("C-99"), [""; 0], "a number that nobody has is not an initial");
    assert_eq!(found(&format!("{case} solberg")), [case.to_string(), "Solberg, Ingrid".to_owned()]);
    assert_eq!(found("solberg P-1"), ["Mohammadi, Sara", "Solberg, Ingrid"]);
    assert_eq!(found("1"), ["Mohammadi, Sara".to_owned(), case.to_string()]);
    assert_eq!(found("۱").first().unwrap(), "Mohammadi, Sara");
    assert_eq!(find(&karimi, "1", 1).hits.len(), 1);
}

#[test]
fn a_caller_is_whoever_has_the_whole_number_and_may_be_seen() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let reza = office.person("Reza", "Mohammadi", "1984-01-02", "0912 555 4411");
    let also = office.person("Zara", "Haugen", "1990-01-05", "+989125554411");
    let (karimi, vik) = (office.karimi(), clerk(&office));
    let call = |session: &Seat, number: &str| {
        let answer = (session as &dyn Desk).ask(AskCall { number: number.to_owned() }).unwrap();
        let candidates: Vec<PersonId> =
            answer.candidates.iter().filter_map(|hit| hit.person).collect();
        (answer.person, candidates)
    };
    for number in ["+98 912 123 4411", "0912 (123) 44-11", "00989121234411", "۰۹۱۲۱۲۳۴۴۱۱"]
    {
        assert_eq!(call(&karimi, number), (Some(sara), vec![sara]), "{number}");
    }
    assert_eq!(call(&karimi, "09125554411"), (None, vec![reza, also]));
    assert_eq!(call(&karimi, "1234411"), (None, vec![]));
    restrict(&office, reza);
    assert_eq!(call(&vik, "0912 5554411"), (Some(also), vec![also]));
    let fragment = (&karimi as &dyn Desk).ask(AskCall { number: "4411".to_owned() });
    assert!(matches!(fragment, Err(DeskError::Refused(_))));
}

#[test]
fn a_search_that_nobody_wants_any_more_stops() {
    let office = Office::new();
    office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let karimi = office.karimi();
    let asked = AtomicUsize::new(0);
    let is_cancelled = || asked.fetch_add(1, Ordering::SeqCst) > 0;
    let question = AskFind { text: "sara".to_owned(), limit: 8 }.into_query();
    let answer = karimi.query_unless(question.clone(), &is_cancelled);
    assert_eq!(answer, Err(DeskError::GivenUp));
    assert!(asked.into_inner() > 1);
    assert!(karimi.query_unless(question, &|| false).is_ok());
}

#[test]
fn searches_run_beside_each_other() {
    let office = Office::new();
    office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let (karimi, other) = (office.karimi(), office.karimi());
    find(&karimi, "sara", 8);
    let inner = AtomicUsize::new(0);
    // The outer search is under way while the inner one runs from its beginning to its end.
    let search_within = || {
        if inner.fetch_add(1, Ordering::SeqCst) == 0 {
            assert_eq!(names(&find(&other, "mohammadi", 8)), ["Mohammadi, Sara"]);
        }
        false
    };
    let question = AskFind { text: "sara".to_owned(), limit: 8 }.into_query();
    assert!(karimi.query_unless(question, &search_within).is_ok());
    assert!(inner.into_inner() > 0);
}
