//! People are found through those they belong to, and the index follows when one of them changes.

use casedesk::desk::{AskFind, Checks, Command, Desk};
use casedesk::domain::PersonId;
use casedesk::domain::people::{
    FamilyRole, Name, NameKind, NewHousehold, PersonChange, Relationship, RelationshipKind,
};

use crate::office::Office;

fn first(office: &Office, text: &str) -> Option<PersonId> {
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let answer = desk.ask(AskFind { text: text.to_owned(), limit: 8 }).unwrap();
    answer.hits.first().and_then(|hit| hit.person)
}

fn change(office: &Office, person: PersonId, change: PersonChange) {
    let source = "told by telephone".to_owned();
    let change =
        Command::ChangePerson { person, version: None, change, source, is_verified: false };
    office.act(&office.karimi(), change).unwrap();
}

fn renamed(given: &str, family: &str) -> PersonChange {
    let name =
        Name { kind: NameKind::Official, given: given.to_owned(), family: family.to_owned() };
    PersonChange::Name { index: 0, name }
}

fn is_parent(to: PersonId) -> PersonChange {
    PersonChange::Relationship(Relationship {
        to,
        kind: RelationshipKind::Parent,
        from: None,
        until: None,
        source: "told by telephone".to_owned(),
    })
}

fn assert_sound(office: &Office) {
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
}

#[test]
fn a_mother_is_found_by_her_child_also_after_the_child_was_renamed() {
    let office = Office::new();
    let nika = office.person("Nika", "Rostami", "2016-03-02", "");
    let father = office.person("Kamran", "Rostami", "1980-01-05", "+989120000001");
    let mother = office.person("Zahra", "Tavakoli", "1984-01-05", "+989120000002");
    for (person, gender) in [(father, "male"), (mother, "female")] {
        change(&office, person, PersonChange::Gender(gender.to_owned()));
        change(&office, nika, is_parent(person));
    }
    assert_eq!(first(&office, "Nika's mother"), Some(mother));
    assert_eq!(first(&office, "Nika's father"), Some(father));
    assert_eq!(first(&office, "zahra tavakoli's child"), Some(nika));
    assert_eq!(first(&office, "Nika"), Some(nika));
    change(&office, nika, renamed("Parvaneh", "Rostami"));
    assert_eq!(first(&office, "Parvaneh's mother"), Some(mother));
    assert_ne!(first(&office, "Nika's mother"), Some(mother));
    assert_sound(&office);
}

#[test]
fn a_household_is_found_by_each_of_its_members() {
    let office = Office::new();
    let head = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let partner = office.person("Reza", "Karimi", "1984-03-02", "+989121234412");
    let child = office.person("Nika", "Karimi", "2016-03-02", "");
    let members =
        vec![(head, FamilyRole::Head), (partner, FamilyRole::Partner), (child, FamilyRole::Child)];
    office.act(&office.karimi(), Command::FormHousehold(NewHousehold { members })).unwrap();
    assert_eq!(first(&office, "spouse of reza karimi"), Some(head));
    assert_eq!(first(&office, "child of sara mohammadi"), Some(child));
    assert_eq!(first(&office, "sara nika"), Some(head));
    change(&office, child, PersonChange::Household(None));
    change(&office, child, renamed("Parvaneh", "Karimi"));
    assert_sound(&office);
    change(&office, partner, renamed("Omid", "Karimi"));
    assert_eq!(first(&office, "wife of omid karimi"), Some(head));
    assert_sound(&office);
}
