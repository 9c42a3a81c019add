//! People who are likely the same: what speaks for it and against it, telling them apart, and a registration that must not
//! tell who is here already.

use std::sync::Arc;

use casedesk::codec::{decode_record, encode_record};
use casedesk::desk::{
    AskAlike, AskBoard, AskDuplicates, AskFind, AskLikely, AskPersonFile, Change, Command, Desk,
    DeskError, DuplicatePair, Receipt, Request, Undoable,
};
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, Role};
use casedesk::domain::people::{
    BirthDate, ContactPoint, ContactPointKind, Identity, Name, NameKind, NewPerson, Person,
};
use casedesk::domain::{EntityId, PersonId, UnitId};
use casedesk::link::{RemoteDesk, SignIn, serve};
use casedesk::search::{
    BirthDate as Birth, Comparer, Dictionary, Document, Profile, Sign, likely_bits,
};
use casedesk::store::{Commit, CommitId, MemoryStore, Store, Write};

use crate::office::{Office, Seat};
use crate::search_office::Office as Index;
use crate::tui_find::screen_at;

fn born(year: i16, month: u8, day: u8) -> Birth {
    Birth { year, month: Some(month), day: Some(day) }
}

fn somebody(person: u64, name: &str, birth_date: Birth) -> Profile {
    let document = Document {
        person,
        names: vec![name.to_owned()],
        birth_date: Some(birth_date),
        telephones: vec!["+47 912 34 567".to_owned()],
        addresses: vec!["Azadi 12, 0184, Oslo".to_owned()],
        ..Document::default()
    };
    Profile { document, ..Profile::default() }
}

/// Compares two people in an office of a thousand others, in which Hansen is a frequent name.
fn compared(one: &Profile, other: &Profile) -> (f32, Vec<Sign>) {
    let mut index = Index::default();
    let others: Vec<Document> = (100..1_100)
        .map(|person| {
            let family = if person % 4 == 0 { "Hansen" } else { "Solberg" };
            let names = vec![format!("Kari {family}")];
            Document { person, names, ..Document::default() }
        })
        .collect();
    index.put_all(&others);
    index.put_all(&[one.document.clone(), other.document.clone()]);
    let dictionary = Dictionary::load(&index).unwrap();
    let signs = Comparer::new(&dictionary, &index).compare(one, other).unwrap();
    let back = Comparer::new(&dictionary, &index).compare(other, one).unwrap();
    let sum = |signs: &[casedesk::search::Weighed]| signs.iter().map(|sign| sign.bits).sum::<f32>();
    assert!((sum(&signs) - sum(&back)).abs() < 0.01, "it is the same whoever comes first");
    (sum(&signs), signs.iter().map(|sign| sign.sign).collect())
}

fn are_likely(one: &Profile, other: &Profile) -> bool {
    compared(one, other).0 >= likely_bits(1_002)
}

#[test]
fn a_misspelt_name_with_the_same_date_is_likely_the_same_person() {
    let sara = somebody(1, "Sara Mohammadi", born(1986, 3, 2));
    let mut again = somebody(2, "Sarah Mohamadi", born(1986, 3, 2));
    again.document.telephones.clear();
    again.document.addresses.clear();
    let (_, signs) = compared(&sara, &again);
    assert!(signs.contains(&Sign::NameOff(2)) && signs.contains(&Sign::SameDate), "{signs:?}");
    assert!(are_likely(&sara, &again));
    let turned = somebody(3, "Mohammadi Sara", born(1986, 2, 3));
    assert!(compared(&sara, &turned).1.contains(&Sign::TurnedDate));
    assert!(compared(&sara, &turned).1.contains(&Sign::SwappedName));
    assert!(are_likely(&sara, &turned));
    let script = somebody(4, "سارا محمدی", born(1986, 3, 2));
    assert!(compared(&sara, &script).1.contains(&Sign::NameInScript));
    assert!(are_likely(&sara, &script));
}

#[test]
fn people_of_one_household_are_not_taken_for_one() {
    let jon = somebody(1, "Jon Tveitdalen", born(1960, 5, 17));
    let son = somebody(2, "Jon Tveitdalen", born(1988, 11, 4));
    assert!(!are_likely(&jon, &son), "father and son of one name: {:?}", compared(&jon, &son));
    let twin = somebody(3, "Marit Tveitdalen", born(1960, 5, 17));
    assert!(!are_likely(&jon, &twin), "twins: {:?}", compared(&jon, &twin));
    let mut here = somebody(4, "Jon Tveitdalen", born(1960, 5, 17));
    assert!(are_likely(&jon, &here));
    here.household = Some(7);
    let mut there = jon;
    there.household = Some(7);
    assert!(!are_likely(&there, &here), "somebody wrote both into one household");
}

#[test]
fn a_rare_name_tells_more_than_a_frequent_one_and_another_checked_id_speaks_against() {
    let bare = |person, name: &str| {
        let mut profile = somebody(person, name, born(1986, 3, 2));
        profile.document.telephones.clear();
        profile.document.addresses.clear();
        profile
    };
    let rare = compared(&bare(1, "Ola Quistgaard"), &bare(2, "Ola Quistgaard")).0;
    let frequent = compared(&bare(1, "Ola Hansen"), &bare(2, "Ola Hansen")).0;
    assert!(rare > frequent + 3.0, "{rare} {frequent}");
    let with_id = |person, value: &str, is_checked| {
        let mut profile = bare(person, "Ola Quistgaard");
        profile.ids = vec![("national-id".to_owned(), value.to_owned(), is_checked)];
        profile
    };
    let (one, other) = (with_id(1, "02038612345", true), with_id(2, "02038698765", true));
    assert!(compared(&one, &other).1.contains(&Sign::OtherCheckedId));
    assert!(!are_likely(&one, &other));
    assert!(are_likely(&one, &with_id(2, "0203 86 12345", false)));
}

fn new_person(given: &str, family: &str, born: &str, telephone: &str) -> NewPerson {
    NewPerson {
        names: vec![Name {
            kind: NameKind::Official,
            given: given.to_owned(),
            family: family.to_owned(),
        }],
        birth_date: BirthDate::parse(born),
        contact_points: ContactPoint::parse(ContactPointKind::Telephone, telephone)
            .into_iter()
            .collect(),
        source: "told by telephone".to_owned(),
        ..NewPerson::default()
    }
}

fn listed(session: &Seat) -> Vec<DuplicatePair> {
    let desk: &dyn Desk = session;
    let question = AskDuplicates { person: None, after: 0, bits_min: None };
    desk.ask(question).unwrap().pairs
}

fn numbers(pairs: &[DuplicatePair]) -> Vec<(u64, u64)> {
    pairs.iter().map(|pair| (pair.sides.0.person.0, pair.sides.1.person.0)).collect()
}

#[test]
fn the_register_lists_each_pair_once_and_whoever_was_told_apart_no_more() {
    let office = Office::new();
    let karimi = office.karimi();
    office.person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    office.person("Ola", "Hansen", "1950-01-09", "+4790000001");
    office.person("Sarah", "Mohamadi", "1986-03-02", "+4791234567");
    let pairs = listed(&karimi);
    assert_eq!(numbers(&pairs), [(1, 3)]);
    let words: Vec<&str> = pairs[0].evidence.iter().map(|(words, _)| words.as_str()).collect();
    assert!(words.contains(&"same telephone") && words.contains(&"name 2 off"), "{words:?}");
    let not_same = |is_withdrawn| Command::TellApart {
        people: (PersonId(3), PersonId(1)),
        reason: Some("sisters".to_owned()),
        is_withdrawn,
    };
    let receipt = office.act(&karimi, not_same(false)).unwrap();
    assert_eq!(receipt.undo, Undoable::Yes);
    assert!(listed(&karimi).is_empty());
    let again = office.act(&karimi, not_same(false));
    assert!(matches!(again, Err(DeskError::Refused(refusal)) if refusal.code == "duplicates.told"));
    office.act(&karimi, Command::Undo).unwrap();
    assert_eq!(numbers(&listed(&karimi)), [(1, 3)], "undo lists them again");
    office.act(&karimi, not_same(false)).unwrap();
    office.act(&karimi, not_same(true)).unwrap();
    assert_eq!(numbers(&listed(&karimi)), [(1, 3)], "taken back");
    let checks = casedesk::desk::Checks::deep();
    assert!(office.desk.verify(checks, &|_| ()).unwrap().findings.is_empty());
}

#[test]
fn a_form_shows_whoever_is_likely_the_same_and_what_was_told_apart_is_kept_with_it() {
    let office = Office::new();
    let clerk = enrol(&office, "ida", Role::Clerk);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    let desk: &dyn Desk = &clerk;
    let mut form = new_person("Sarah", "Mohamadi", "", "+4791234567");
    let ask = |person: &NewPerson| {
        desk.ask(AskAlike { person: Box::new(person.clone()), limit: 9 }).unwrap().people
    };
    let alike = ask(&form);
    assert_eq!(alike.len(), 1);
    assert_eq!((alike[0].side.person, alike[0].side.born.as_str()), (sara, "1986-03-02"));
    assert!(ask(&new_person("Ola", "Hansen", "", "")).is_empty());
    assert!(ask(&NewPerson::default()).is_empty(), "a form that is no person yet");
    form.shown = vec![sara];
    form.told_apart = vec![sara, PersonId(99)];
    office.act(&clerk, Command::RegisterPerson(form)).unwrap();
    assert!(listed(&office.karimi()).is_empty(), "told apart as it was registered");
    office.act(&clerk, Command::Undo).unwrap();
    let told =
        Command::TellApart { people: (sara, PersonId(2)), reason: None, is_withdrawn: false };
    assert!(matches!(office.act(&clerk, told), Err(DeskError::Refused(_))), "a clerk lists none");
}

/// Enrols somebody who may see no more than what is confidential to a case.
fn enrol(office: &Office, account: &str, role: Role) -> Seat {
    let grant = Grant {
        role,
        unit: None,
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    };
    let new = NewCaseworker {
        account: account.to_owned(),
        name: account.to_owned(),
        unit: UnitId(1),
        grants: vec![grant],
    };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
    office.sign_in(account).unwrap()
}

/// Raises who may see a person, as no command does yet.
fn hide(store: &MemoryStore, person: PersonId) {
    let key = [&[b'P'][..], &person.0.to_be_bytes()].concat();
    let mut record: Person = decode_record(&store.get(&key).unwrap().unwrap().value).unwrap();
    record.confidentiality = Confidentiality::Confidential;
    let bytes = encode_record(&record).unwrap();
    let stamp = Box::new(move |_: &dyn casedesk::store::Latest| Ok(vec![Write::Put(key, bytes)]));
    store.commit(Commit { id: CommitId(u128::MAX), reads: Vec::new(), stamp }).unwrap();
}

/// What a clerk sees of registering somebody: the receipt, the file, the search, the list of what could be undone, and how
/// long the chain is.
fn seen_by_clerk(desk: &dyn Desk, new: NewPerson) -> Vec<String> {
    let form = desk.ask(AskAlike { person: Box::new(new.clone()), limit: 9 }).unwrap();
    let register = Request { id: 4_711, command: Command::RegisterPerson(new) };
    let receipt: Receipt = desk.execute(register).unwrap();
    let person = PersonId(2);
    assert_eq!(receipt.created, [EntityId::Person(person)]);
    let mut seen = vec![format!("{form:?}"), format!("{receipt:?}")];
    seen.push(format!("{:?}", desk.ask(AskPersonFile { person })));
    let found = desk.ask(AskFind { text: "mohammadi".to_owned(), limit: 9 }).unwrap();
    seen.push(format!("{:?}", found.hits));
    seen.push(format!("{:?}", desk.ask(AskBoard { unit: UnitId(1) }).unwrap()));
    let undo = desk.execute(Request { id: 4_712, command: Command::Undo }).unwrap();
    seen.push(format!("{undo:?}"));
    seen
}

/// An office in which somebody is hidden, or somebody else who is like nobody.
fn with_hidden(hidden: &NewPerson, is_remote: bool) -> (Office, Seat, Vec<String>, u64) {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let clerk = enrol(&office, "ida", Role::Clerk);
    office.act(&office.karimi(), Command::RegisterPerson(hidden.clone())).unwrap();
    hide(&store, PersonId(1));
    let mut new = new_person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    new.identities =
        vec![Identity { scheme: "national-id".to_owned(), value: "02038612345".to_owned() }];
    let seen = if is_remote {
        let data = tempfile::tempdir().unwrap();
        let desk = Arc::clone(&office.desk);
        let sign_in: SignIn =
            Arc::new(move |_| Ok(Arc::new(desk.sign_in("ida", None)?) as Arc<dyn Desk>));
        let _server = serve(data.path(), sign_in).unwrap();
        seen_by_clerk(&RemoteDesk::connect(data.path(), None).unwrap(), new)
    } else {
        seen_by_clerk(&clerk, new)
    };
    let events = chain_length(store.as_ref());
    let karimi = office.karimi();
    (office, karimi, seen, events)
}

fn chain_length(store: &MemoryStore) -> u64 {
    let all = casedesk::store::KeyRange::prefix(b"t");
    let rows = store.scan(&all, 1_000, casedesk::store::Direction::Forward).unwrap().rows;
    u64::try_from(rows.len()).unwrap()
}

#[test]
fn registering_somebody_who_is_hidden_looks_as_usual_and_a_permitted_colleague_hears_of_it() {
    let mut sara = new_person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    sara.identities =
        vec![Identity { scheme: "national-id".to_owned(), value: "02038612345".to_owned() }];
    let nobody = new_person("Ola", "Hansen", "1950-01-09", "+4790000001");
    for is_remote in [false, true] {
        let (_office, karimi, seen, events) = with_hidden(&sara, is_remote);
        let (_another, other, usual, usual_events) = with_hidden(&nobody, is_remote);
        assert_eq!(seen, usual, "the clerk sees nothing of it");
        assert_eq!(events, usual_events, "nor does the chain");
        let (karimi, other): (&dyn Desk, &dyn Desk) = (&karimi, &other);
        assert!(karimi.ask(AskLikely {}).unwrap().pairs.is_empty(), "the registration is undone");
        assert!(other.ask(AskLikely {}).unwrap().pairs.is_empty());
    }
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let clerk = enrol(&office, "ida", Role::Clerk);
    office.act(&office.karimi(), Command::RegisterPerson(sara.clone())).unwrap();
    hide(&store, PersonId(1));
    office.act(&clerk, Command::RegisterPerson(sara)).unwrap();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskBoard { unit: UnitId(1) }).unwrap().duplicates, 1);
    let likely = desk.ask(AskLikely {}).unwrap().pairs;
    assert_eq!(numbers(&likely), [(1, 2)]);
    assert!(likely[0].evidence.iter().any(|(words, _)| words == "same id"), "{likely:?}");
    let caseworker = enrol(&office, "moe", Role::Caseworker);
    let desk: &dyn Desk = &caseworker;
    assert!(desk.ask(AskLikely {}).unwrap().pairs.is_empty(), "who may not see both hears nothing");
    assert_eq!(desk.ask(AskBoard { unit: UnitId(1) }).unwrap().duplicates, 0);
    assert!(listed(&caseworker).is_empty());
    let told = |people| Command::TellApart { people, reason: None, is_withdrawn: false };
    let hidden = office.act(&caseworker, told((PersonId(1), PersonId(2))));
    assert!(matches!(hidden, Err(DeskError::NotFound(_))), "as somebody who is not there");
    office.act(&karimi, told((PersonId(1), PersonId(2)))).unwrap();
    let desk: &dyn Desk = &karimi;
    assert_eq!(desk.ask(AskBoard { unit: UnitId(1) }).unwrap().duplicates, 0, "it was ruled on");
}

#[test]
fn a_pair_that_the_clerk_saw_and_registered_all_the_same_waits_for_whoever_compares_people() {
    let office = Office::new();
    let clerk = enrol(&office, "ida", Role::Clerk);
    let sara = new_person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    office.act(&clerk, Command::RegisterPerson(sara.clone())).unwrap();
    office.act(&clerk, Command::RegisterPerson(sara)).unwrap();
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    let likely = || numbers(&desk.ask(AskLikely {}).unwrap().pairs);
    let on_board = |desk: &dyn Desk| desk.ask(AskBoard { unit: UnitId(1) }).unwrap().duplicates;
    assert_eq!((likely(), on_board(desk), on_board(&clerk)), (vec![(1, 2)], 1, 0));
    let merge = Command::MergePeople {
        survivor: PersonId(1),
        merged: PersonId(2),
        versions: None,
        chosen: Vec::new(),
        reason: String::new(),
    };
    office.act(&karimi, merge).unwrap();
    assert_eq!((likely(), on_board(desk)), (Vec::new(), 0), "a merged pair is one person");
    office.act(&karimi, Command::Undo).unwrap();
    let people = (PersonId(1), PersonId(2));
    let told = Command::TellApart { people, reason: None, is_withdrawn: false };
    assert_eq!(likely(), [(1, 2)]);
    office.act(&karimi, told).unwrap();
    assert_eq!(likely(), []);
}

#[test]
fn a_reference_that_a_hidden_person_has_is_registered_as_usual() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let clerk = enrol(&office, "ida", Role::Clerk);
    let mut sara = new_person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    sara.origin = Some(("register".to_owned(), "77-4711".to_owned()));
    office.act(&office.karimi(), Command::RegisterPerson(sara.clone())).unwrap();
    let refused = office.act(&clerk, Command::RegisterPerson(sara.clone()));
    assert!(matches!(refused, Err(DeskError::Refused(_))), "who is seen is named");
    hide(&store, PersonId(1));
    let mut other = new_person("Ola", "Hansen", "1950-01-09", "+4790000001");
    other.origin = sara.origin;
    let receipt = office.act(&clerk, Command::RegisterPerson(other)).unwrap();
    assert_eq!(receipt.label, "Registered Hansen, Ola as P-2.");
    let karimi = office.karimi();
    let desk: &dyn Desk = &karimi;
    assert_eq!(numbers(&desk.ask(AskLikely {}).unwrap().pairs), [(1, 2)]);
}

#[test]
fn a_reference_whose_registration_was_undone_is_not_given_away_again() {
    let office = Office::new();
    let karimi = office.karimi();
    let mut sara = new_person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    sara.origin = Some(("register".to_owned(), "77-4711".to_owned()));
    office.act(&karimi, Command::RegisterPerson(sara.clone())).unwrap();
    office.act(&karimi, Command::Undo).unwrap();
    for _ in 0..2 {
        let again = office.act(&karimi, Command::RegisterPerson(sara.clone()));
        let Err(DeskError::Refused(refusal)) = again else { unreachable!("{again:?}") };
        assert_eq!(refusal.code, "person.origin");
    }
}

#[test]
fn a_clerk_registers_somebody_while_the_index_cannot_be_asked() {
    let office = Office::new();
    let clerk = enrol(&office, "ida", Role::Clerk);
    office.person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    office.desk.leave_index_behind().unwrap();
    let desk: &dyn Desk = &clerk;
    assert!(desk.ask(AskFind { text: "sara".to_owned(), limit: 9 }).is_err());
    let again = new_person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    office.act(&clerk, Command::RegisterPerson(again)).unwrap();
}

#[test]
fn the_new_person_form_shows_who_is_likely_the_same_and_f4_decides() {
    let office = Office::new();
    office.person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    let mut screen = screen_at(&office);
    screen.keys("/sarah mohamadi +4791234567<tab>n");
    let text = screen.text();
    assert!(text.contains("LIKELY THE SAME") && text.contains("1 P-1 Mohammadi, Sara"), "{text}");
    assert!(text.contains("name 2 off, same telephone (24 bits)"), "{text}");
    screen.keys("<f4>=");
    assert!(screen.text().starts_with("P-1  MOHAMMADI, Sara"), "{}", screen.text());
    screen.keys("/sarah mohamadi +4791234567<tab>n<f4>x");
    assert!(screen.text().contains("not the same: 1"), "{}", screen.text());
    screen.keys("<ctrl-d>");
    assert!(screen.text().starts_with("P-2  MOHAMADI, Sarah"), "{}", screen.text());
    assert!(listed(&office.karimi()).is_empty(), "what was said at the form is remembered");
    screen.keys("u");
    office.person("Sarah", "Mohamadi", "1986-03-02", "+4791234567");
    assert_eq!(numbers(&listed(&office.karimi())), [(1, 3)], "a third is another matter");
}

#[test]
fn the_board_tells_of_a_likely_duplicate_and_its_list_rules_on_it() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let clerk = enrol(&office, "ida", Role::Clerk);
    let sara = new_person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    office.act(&office.karimi(), Command::RegisterPerson(sara.clone())).unwrap();
    hide(&store, PersonId(1));
    let mut screen = screen_at(&office);
    assert!(!screen.text().contains("likely duplicate"), "{}", screen.text());
    office.act(&clerk, Command::RegisterPerson(sara)).unwrap();
    screen.changed(Change::Changed(vec![EntityId::Person(PersonId(2))]));
    assert!(screen.text().contains("1 likely duplicate (g l)"), "{}", screen.text());
    screen.keys("gl");
    let text = screen.text();
    assert!(text.contains("1 P-1 Mohammadi, Sara 1986-03-02"), "{text}");
    assert!(text.contains("2 P-2 Mohammadi, Sara 1986-03-02"), "{text}");
    assert!(text.contains("same birth date +14.8, same telephone +12.0"), "{text}");
    screen.keys("x");
    assert!(screen.text().contains("None waits"), "{}", screen.text());
    screen.keys("u");
    assert_eq!(numbers(&listed(&office.karimi())), [(1, 2)], "undo lists them again");
}
