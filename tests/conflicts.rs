//! One's own file, the family's and a colleague's: absent from what is listed, refused by number, and the attempt noted.

use std::sync::Arc;

use casedesk::desk::{
    AskCaseFile, AskFind, AskPersonFile, Checks, Command, Desk, DeskError, Trail, View, ViewKind,
};
use casedesk::domain::cases::{CaseAct, EscalateTo, EscalationLevel, EscalationReason, Nature};
use casedesk::domain::office::{NewCaseworker, NewUnit, Purpose, Role};
use casedesk::domain::people::{
    FamilyRole, NewHousehold, PersonChange, Relationship, RelationshipKind,
};
use casedesk::domain::{CaseId, CaseworkerId, EntityId, Event, EventRecord, PersonId, UnitId};
use tempfile::TempDir;

use crate::harness::TestScreen;
use crate::office::{Office, Seat};
use crate::store_laws;

/// Rahimi, a caseworker of Housing, who is Sara as a citizen; her husband Reza, and her mother, who lives elsewhere. Each of
/// them has a case, and so has Nora, who is nobody's relative.
pub(crate) struct Family {
    pub(crate) office: Office,
    pub(crate) sara: PersonId,
    pub(crate) reza: PersonId,
    pub(crate) mother: PersonId,
    pub(crate) nora: PersonId,
    pub(crate) cases: [CaseId; 4],
    pub(crate) rahimi: Seat,
    pub(crate) moe: Seat,
    data: TempDir,
}

impl Family {
    pub(crate) fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let office = Office::over(Arc::new(store_laws::open(data.path())));
        let karimi = office.karimi();
        let sara = office.person("Sara", "Rahimi", "1986-03-02", "+47 912 34 567");
        let reza = office.person("Reza", "Mohammadi", "1984", "+47 912 34 568");
        let mother = office.person("Zahra", "Ahmadi", "1957", "+47 912 34 569");
        let nora = office.person("Nora", "Solberg", "1970", "+47 912 34 570");
        let members = vec![(sara, FamilyRole::Head), (reza, FamilyRole::Partner)];
        office.act(&karimi, Command::FormHousehold(NewHousehold { members })).unwrap();
        let relationship = Relationship {
            to: sara,
            kind: RelationshipKind::Parent,
            from: None,
            until: None,
            source: "told".to_owned(),
        };
        let change = Command::ChangePerson {
            person: mother,
            version: None,
            change: PersonChange::Relationship(relationship),
            source: "told".to_owned(),
            is_verified: false,
        };
        office.act(&karimi, change).unwrap();
        let case = |person| office.case(Some(person), Nature::Complaint, "The stairs are wet");
        let cases = [sara, reza, mother, nora].map(case);
        let rahimi = office.enrol("rahimi", "S. Rahimi", &[Role::Caseworker, Role::Screener]);
        let moe = office.enrol("moe", "Moe Lind", &[Role::Caseworker]);
        Self { office, sara, reza, mother, nora, cases, rahimi, moe, data }
    }

    /// Says that Rahimi is Sara.
    pub(crate) fn link(&self) {
        let link = Command::LinkPerson {
            caseworker: who(&self.rahimi),
            person: Some(self.sara),
            reason: "told when she was enrolled".to_owned(),
        };
        self.office.act(&self.office.karimi(), link).unwrap();
    }

    /// What happened to a record, from the trail.
    pub(crate) fn events(&self, on: &EntityId) -> Vec<EventRecord> {
        let trail = Trail::open(self.data.path()).unwrap().map(Result::unwrap);
        trail.filter(|record| record.entity == *on).collect()
    }

    fn turned_away(&self, on: &EntityId) -> usize {
        self.events(on).iter().filter(|record| record.event == Event::TurnedAway).count()
    }
}

pub(crate) fn who(session: &Seat) -> CaseworkerId {
    at(session).ask(casedesk::desk::AskWho {}).unwrap().caseworker.id
}

/// The desk at which somebody is signed in.
pub(crate) fn at(session: &Seat) -> &dyn Desk {
    session
}

fn found(desk: &dyn Desk, text: &str) -> Vec<PersonId> {
    let answer = desk.ask(AskFind { text: text.to_owned(), limit: 20 }).unwrap();
    answer.hits.iter().filter_map(|hit| hit.person).collect()
}

fn closed<T: std::fmt::Debug>(result: Result<T, DeskError>) -> EntityId {
    match result {
        Err(DeskError::Closed(on)) => on,
        other => unreachable!("it is closed, and was {other:?}"),
    }
}

fn open(person: PersonId) -> Command {
    Command::OpenPerson { person, purpose: Purpose("casework".to_owned()) }
}

#[test]
fn own_family_and_colleagues_are_absent_from_search_and_its_count() {
    let family = Family::new();
    let before = at(&family.rahimi).ask(AskFind { text: "reza".to_owned(), limit: 9 }).unwrap();
    assert!(found(&family.rahimi, "reza").contains(&family.reza));
    assert!(found(&family.rahimi, "zahra").contains(&family.mother));
    assert_eq!(before.people, 4);
    family.link();
    for words in ["reza", "sara", "zahra"] {
        assert_eq!(found(&family.rahimi, words), Vec::new(), "{words}");
    }
    assert_eq!(found(&family.rahimi, "nora"), [family.nora]);
    assert_eq!(
        at(&family.rahimi).ask(AskFind { text: "x".to_owned(), limit: 9 }).unwrap().people,
        1
    );
    // To a colleague of her unit, her own file is closed; her family's is not.
    assert!(!found(&family.moe, "sara").contains(&family.sara));
    assert_eq!(found(&family.moe, "mohammadi"), [family.reza]);
}

#[test]
fn whoever_opens_a_closed_file_is_turned_away_and_that_is_noted_on_it() {
    let family = Family::new();
    family.link();
    let (office, rahimi) = (&family.office, &family.rahimi);
    assert_eq!(closed(office.act(rahimi, open(family.reza))), EntityId::Person(family.reza));
    assert_eq!(family.turned_away(&EntityId::Person(family.reza)), 1);
    // Within the minute it is one attempt.
    let on = closed(at(rahimi).ask(AskPersonFile { person: family.reza }));
    assert_eq!(on, EntityId::Person(family.reza));
    assert_eq!(family.turned_away(&EntityId::Person(family.reza)), 1);
    office.pass_minutes(2);
    // A screen that was turned away reads itself again: only another act of opening is another attempt.
    closed(at(rahimi).ask(AskPersonFile { person: family.reza }));
    assert_eq!(family.turned_away(&EntityId::Person(family.reza)), 1);
    closed(office.act(rahimi, open(family.reza)));
    assert_eq!(family.turned_away(&EntityId::Person(family.reza)), 2);
    let case = family.cases[2];
    assert_eq!(closed(at(rahimi).ask(AskCaseFile { case, entries: 5 })), EntityId::Case(case));
    assert_eq!(family.turned_away(&EntityId::Case(case)), 1);
    // Verifying finds nothing amiss.
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.findings.is_empty(), "{found:?}");
}

#[test]
fn nobody_acts_on_a_closed_file_and_the_next_case_is_somebody_elses() {
    let family = Family::new();
    family.link();
    let (office, rahimi) = (&family.office, &family.rahimi);
    let [own, of_reza, _, of_nora] = family.cases;
    for act in [CaseAct::Claim, CaseAct::Note { text: "I know her".to_owned() }] {
        assert_eq!(closed(office.on(rahimi, own, act)), EntityId::Case(own));
    }
    assert_eq!(family.turned_away(&EntityId::Case(own)), 1);
    let reveal =
        Command::RevealPerson { person: family.sara, purpose: Purpose("correction".to_owned()) };
    closed(office.act(rahimi, reveal));
    let view = View { kind: ViewKind::Free, unit: UnitId(1) };
    let claimed = office.act(rahimi, Command::ClaimNext(view)).unwrap();
    assert_eq!(claimed.subject, Some(EntityId::Case(of_nora)));
    assert!(office.act(rahimi, Command::ClaimNext(view)).is_err(), "the rest is closed to her");
    // Who gives work away hears that she may not have it.
    let to = casedesk::domain::cases::GiveTo::Caseworker(who(rahimi));
    let give = CaseAct::Give { to, words: String::new() };
    assert!(office.on(&office.karimi(), of_reza, give).is_err());
}

#[test]
fn the_claim_of_the_next_case_says_nothing_of_closed_ones_before_it() {
    let family = Family::new();
    family.link();
    let view = View { unit: UnitId(1), kind: ViewKind::Free };
    let receipt = family.office.act(&family.rahimi, Command::ClaimNext(view)).unwrap();
    assert_eq!(receipt.label, "Claimed C-4 from Inbox, the next in its order.");
    for reader in [&family.rahimi, &family.moe] {
        let open = Command::OpenCase { case: CaseId(4), purpose: Purpose("casework".to_owned()) };
        family.office.act(reader, open).unwrap();
        let file = at(reader).ask(AskCaseFile { case: CaseId(4), entries: 99 }).unwrap();
        let claim = file.timeline.iter().find(|entry| entry.kind == "claim").unwrap();
        assert!(claim.words.ends_with("the next in its order"), "{claim:?}");
        assert!(!claim.words.contains(char::is_numeric), "{claim:?}");
    }
}

#[test]
fn relatives_of_tomorrow_are_closed_as_soon_as_they_are_relatives() {
    let family = Family::new();
    family.link();
    let karimi = family.office.enrol("berg", "O. Berg", &[Role::Caseworker]);
    assert_eq!(found(&family.rahimi, "nora"), [family.nora]);
    let relationship = Relationship {
        to: family.reza,
        kind: RelationshipKind::Sibling,
        from: None,
        until: None,
        source: "told".to_owned(),
    };
    let change = |person, relationship| Command::ChangePerson {
        person,
        version: None,
        change: PersonChange::Relationship(relationship),
        source: "told".to_owned(),
        is_verified: false,
    };
    // A brother-in-law is no relative of hers; a sister is.
    family.office.act(&karimi, change(family.nora, relationship.clone())).unwrap();
    assert_eq!(found(&family.rahimi, "nora"), [family.nora]);
    // Sara's own file is closed to her colleagues, so somebody of another unit writes it down.
    let unit = NewUnit { code: "roads".to_owned(), name: "Roads".to_owned(), parent: None };
    family.office.act(&family.office.karimi(), Command::OpenUnit(unit)).unwrap();
    let far = elsewhere(&family.office, "dahl", UnitId(2), Role::Caseworker);
    let to_sara = Relationship { to: family.sara, ..relationship };
    family.office.act(&far, change(family.nora, to_sara)).unwrap();
    assert_eq!(found(&family.rahimi, "nora"), Vec::new());
}

/// Enrols somebody in another unit.
pub(crate) fn elsewhere(office: &Office, account: &str, unit: UnitId, role: Role) -> Seat {
    let grant = casedesk::domain::office::Grant {
        role,
        unit: None,
        confidentiality_max: casedesk::domain::office::Confidentiality::Confidential,
        expires: None,
    };
    let new = NewCaseworker {
        account: account.to_owned(),
        name: account.to_owned(),
        unit,
        grants: vec![grant],
    };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
    office.sign_in(account).unwrap()
}

#[test]
fn an_escalation_passes_over_a_manager_whose_relative_it_is_about() {
    let family = Family::new();
    let office = &family.office;
    let berg = office.enrol("berg", "O. Berg", &[Role::Manager]);
    let lead = Command::LeadUnit {
        unit: UnitId(1),
        manager: Some(who(&family.rahimi)),
        substitute: Some(who(&berg)),
    };
    office.act(&office.karimi(), lead).unwrap();
    let [_, of_reza, _, of_nora] = family.cases;
    for case in [of_reza, of_nora] {
        office.on(&family.moe, case, CaseAct::Claim).unwrap();
    }
    family.link();
    let escalate = || CaseAct::EscalateTo {
        to: EscalateTo::Level(EscalationLevel::Supervisor),
        reason: EscalationReason::OverLimit,
        ask: "Rule on it, please".to_owned(),
    };
    let asked = |case| {
        let answer = at(&berg).ask(AskCaseFile { case, entries: 1 }).unwrap();
        answer.case.open_escalation().map(|open| open.to)
    };
    office.on(&family.moe, of_nora, escalate()).unwrap();
    assert_eq!(asked(of_nora), Some(who(&family.rahimi)));
    office.on(&family.moe, of_reza, escalate()).unwrap();
    assert_eq!(asked(of_reza), Some(who(&berg)));
}

#[test]
fn nobody_says_of_themselves_who_they_are_and_only_who_runs_the_office_says_it() {
    let family = Family::new();
    let office = &family.office;
    let link = |caseworker| Command::LinkPerson {
        caseworker,
        person: Some(family.nora),
        reason: String::new(),
    };
    let karimi = office.karimi();
    assert!(matches!(office.act(&karimi, link(who(&karimi))), Err(DeskError::Refused(_))));
    assert!(matches!(
        office.act(&family.moe, link(who(&family.rahimi))),
        Err(DeskError::Refused(_))
    ));
    office.act(&karimi, link(who(&family.rahimi))).unwrap();
    assert_eq!(found(&family.moe, "nora"), Vec::new());
    let unlink = Command::LinkPerson {
        caseworker: who(&family.rahimi),
        person: None,
        reason: String::new(),
    };
    office.act(&karimi, unlink).unwrap();
    assert_eq!(found(&family.moe, "nora"), [family.nora]);
}

#[test]
fn the_screen_says_that_a_file_is_closed_and_shows_nothing_of_it() {
    let family = Family::new();
    family.link();
    let mut screen = TestScreen::open(Arc::new(family.rahimi.clone()));
    screen.keys(&format!("/{}", family.reza));
    let shown = screen.text();
    assert!(shown.contains("closed to you "), "{shown}");
    assert!(shown.contains("nothing of it is shown"), "{shown}");
    assert!(!shown.contains("household") && !shown.contains("last:"), "{shown}");
    screen.keys("<enter>");
    let shown = screen.text();
    assert!(shown.contains("is closed to you: it is your own file"), "{shown}");
    let footer = shown.trim_end().lines().last().unwrap();
    assert!(footer.contains(" emergency  Esc leave"), "{shown}");
    assert!(!shown.contains("Reza"), "{shown}");
    assert_eq!(family.turned_away(&EntityId::Person(family.reza)), 1);
}
