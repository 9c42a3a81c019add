//! For what a file is opened: told by the contact or by one's own case, else asked once a person and day.

use std::sync::Arc;

use casedesk::codec::{FRAME_BYTES_MAX, encode_record, to_bytes};
use casedesk::desk::{
    AskAttendance, AskPurposes, Command, DeskError, Holder, PURPOSE_NEEDED, Undoable, UnitChange,
};
use casedesk::domain::cases::CaseAct;
use casedesk::domain::office::{
    Confidentiality, NewCaseworker, NewUnit, Purpose, PurposeEvent, RegisteredPurpose, Role,
    ScopedGrant,
};
use casedesk::domain::rules::Labels;
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, EntityId, Event, PersonId, UnitId};

use crate::conflicts::{Family, at, elsewhere, who};
use crate::harness::TestScreen;

fn family() -> Family {
    let family = Family::new();
    family.office.desk.ask_for_purposes();
    family
}

fn open(person: PersonId) -> Command {
    Command::OpenPerson { person, purpose: Purpose::unasked() }
}

fn look(case: CaseId) -> Command {
    Command::OpenCase { case, purpose: Purpose::unasked() }
}

fn asks<T: std::fmt::Debug>(result: Result<T, DeskError>) -> bool {
    matches!(result, Err(DeskError::Refused(refusal)) if refusal.code == PURPOSE_NEEDED)
}

/// For what a record was read, and why, each time.
fn readings(family: &Family, on: &EntityId) -> Vec<(String, Option<String>)> {
    let read = family.events(on).into_iter().filter(|record| record.event == Event::Opened);
    read.map(|record| (record.purpose.unwrap().0, record.reason)).collect()
}

#[test]
fn a_purpose_is_asked_once_a_person_and_day_and_nothing_is_read_before() {
    let family = family();
    let (office, moe, nora) = (&family.office, &family.moe, family.nora);
    assert!(asks(office.act(moe, open(nora))));
    assert_eq!(readings(&family, &EntityId::Person(nora)), Vec::new());
    let correction = Purpose("correction".to_owned());
    office.act(moe, Command::OpenPerson { person: nora, purpose: correction }).unwrap();
    office.act(moe, open(nora)).unwrap();
    // What was said of the person holds for their cases.
    office.act(moe, look(family.cases[3])).unwrap();
    assert!(asks(office.act(&family.rahimi, open(nora))), "it was another who said it");
    assert!(asks(office.act(moe, open(family.reza))), "it was of another person");
    let told = ("correction".to_owned(), None);
    assert_eq!(readings(&family, &EntityId::Person(nora)), [told.clone(), told.clone()]);
    assert_eq!(readings(&family, &EntityId::Case(family.cases[3])), [told]);
    office.pass_minutes(24 * 60);
    assert!(asks(office.act(moe, open(nora))));
}

/// How often others read a file: some five pages.
const OTHERS: usize = 160;

#[test]
fn what_was_said_holds_however_often_others_read_the_file_since() {
    let family = family();
    let (office, nora) = (&family.office, family.nora);
    let said = |words: &str| Command::OpenPerson { person: nora, purpose: Purpose(words.into()) };
    office.act(&family.moe, said("correction")).unwrap();
    for _ in 0..OTHERS {
        office.act(&family.rahimi, said("complaint")).unwrap();
    }
    office.act(&family.moe, open(nora)).unwrap();
    let read: Vec<String> = readings(&family, &EntityId::Person(nora))
        .into_iter()
        .map(|(purpose, _)| purpose)
        .collect();
    let others = std::iter::repeat_n("complaint", OTHERS);
    let all = std::iter::once("correction").chain(others).chain(["correction"]);
    assert_eq!(read, all.collect::<Vec<_>>(), "each is there once, in its order");
}

#[test]
fn an_own_case_tells_the_purpose_and_is_named_in_the_trail() {
    let family = family();
    let (office, moe, case) = (&family.office, &family.moe, family.cases[3]);
    assert!(asks(office.act(moe, look(case))));
    office.on(moe, case, CaseAct::Claim).unwrap();
    office.act(moe, look(case)).unwrap();
    office.act(moe, open(family.nora)).unwrap();
    let own = ("casework".to_owned(), Some(case.to_string()));
    assert_eq!(readings(&family, &EntityId::Person(family.nora)), [own]);
    assert!(asks(office.act(&family.rahimi, open(family.nora))), "it is no case of hers");
}

#[test]
fn the_screens_ask_with_one_digit_and_then_no_more() {
    let family = family();
    let mut screen = TestScreen::open(Arc::new(family.moe.clone()));
    screen.keys(&format!("/{}<enter>", family.nora));
    let asked = screen.text();
    assert!(asked.contains("for which purpose?") && !asked.contains("SOLBERG"), "{asked}");
    screen.keys("5");
    assert!(screen.text().contains("SOLBERG, Nora"), "{}", screen.text());
    screen.keys(&format!("/{}<enter>", family.cases[3]));
    assert!(screen.text().contains("Nora"), "{}", screen.text());
    screen.keys(&format!("/{}<enter>", family.cases[1]));
    let asked = screen.text();
    assert!(asked.contains("for which purpose?") && !asked.contains("Reza"), "{asked}");
    screen.keys("1");
    assert!(screen.text().contains("Mohammadi, Reza"), "{}", screen.text());
    assert_eq!(
        readings(&family, &EntityId::Case(family.cases[1])),
        [("casework".to_owned(), None)]
    );
}

#[test]
fn the_question_for_a_purpose_lets_go_of_whoever_looks_for_somebody_else_and_nobody_is_there_yet() {
    let family = family();
    let mut screen = TestScreen::open(Arc::new(family.rahimi.clone()));
    let there = |about: EntityId| at(&family.moe).ask(AskAttendance { about }).unwrap().open.len();
    let nora = EntityId::Person(family.nora);
    screen.remember(1).keys(&format!("/{}<enter>", family.nora));
    assert!(screen.text().contains("for which purpose?"), "{}", screen.text());
    assert_eq!(there(nora.clone()), 0, "nobody has it open who has not seen it");
    screen.keys("/");
    assert!(screen.text().starts_with("FIND"), "{}", screen.text());
    screen.keys(&format!("{}<enter>", family.cases[1]));
    assert!(screen.text().contains("for which purpose?"), "{}", screen.text());
    assert_eq!(there(EntityId::Case(family.cases[1])), 0);
    assert!(screen.keys("/").text().starts_with("FIND"), "{}", screen.text());
    screen.keys(&format!("{}<enter>5", family.nora));
    assert!(screen.text().contains("SOLBERG"), "{}", screen.text());
    assert_eq!(there(nora), 1);
}

#[test]
fn a_right_for_one_purpose_opens_and_shows_for_that_purpose_alone() {
    let family = Family::new();
    let (office, nora, case) = (&family.office, family.nora, family.cases[3]);
    let new = NewCaseworker {
        account: "dahl".to_owned(),
        name: "N. Dahl".to_owned(),
        unit: UnitId(1),
        grants: Vec::new(),
    };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
    let dahl = &office.sign_in("dahl").unwrap();
    let complaint = Purpose("complaint".to_owned());
    let right = ScopedGrant {
        role: Role::Caseworker,
        verbs: Vec::new(),
        unit: None,
        with_units_below: false,
        case_types: Vec::new(),
        confidentiality_max: Confidentiality::CaseConfidential,
        purposes: vec![complaint.clone()],
        from: None,
        expires: None,
    };
    let (to, reason) = (Holder::Caseworker(who(dahl)), "the ombudsman asks".to_owned());
    let give = Command::GiveRight { to, right: Box::new(right), reason };
    office.act(&office.karimi(), give).unwrap();
    // Where nobody was asked, the purpose is asked for; another one than the right is for is refused.
    assert!(asks(office.act(dahl, open(nora))));
    assert!(asks(office.act(dahl, look(case))));
    let refused = |command| match office.act(dahl, command) {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => unreachable!("it is refused, and was {other:?}"),
    };
    let casework = || Purpose("casework".to_owned());
    let other = "permit.other-purpose";
    assert_eq!(refused(Command::OpenPerson { person: nora, purpose: casework() }), other);
    assert_eq!(refused(Command::RevealPerson { person: nora, purpose: casework() }), other);
    assert_eq!(refused(Command::OpenCase { case, purpose: casework() }), other);
    assert_eq!(readings(&family, &EntityId::Person(nora)), Vec::new());
    office.act(dahl, Command::OpenPerson { person: nora, purpose: complaint.clone() }).unwrap();
    office.act(dahl, Command::RevealPerson { person: nora, purpose: complaint.clone() }).unwrap();
    office.act(dahl, Command::OpenCase { case, purpose: complaint }).unwrap();
    // What was said holds for the day.
    office.act(dahl, open(nora)).unwrap();
}

#[test]
fn what_is_masked_on_a_case_is_shown_for_a_purpose_that_an_own_case_tells() {
    let family = Family::new();
    let case = family.cases[3];
    let mut screen = TestScreen::open(Arc::new(family.moe.clone()));
    screen.keys(&format!("/{case}<enter>z"));
    let asked = screen.text();
    assert!(asked.contains("for which purpose?") && !asked.contains("+4791234570"), "{asked}");
    screen.keys("<esc>");
    assert!(!screen.text().contains("for which purpose?"), "{}", screen.text());
    screen.keys("z5");
    assert!(screen.text().contains("in full; the reading is recorded"), "{}", screen.text());
    family.office.on(&family.moe, case, CaseAct::Claim).unwrap();
    screen.keys("<esc><f5>z");
    assert!(screen.text().contains("in full; the reading is recorded"), "{}", screen.text());
    let shown = family.events(&EntityId::Person(family.nora)).into_iter();
    let shown = shown.filter(|record| matches!(record.event, Event::Revealed { .. }));
    let purposes: Vec<String> = shown.map(|record| record.purpose.unwrap().0).collect();
    assert_eq!(purposes, ["complaint", "casework"]);
}

/// That a purpose is added, or said otherwise.
fn add(code: &str, words: &[(&str, &str)]) -> Command {
    let words = words.iter().map(|(tag, said)| ((*tag).to_owned(), (*said).to_owned()));
    Command::SetPurpose {
        code: code.to_owned(),
        words: Labels(words.collect()),
        legal_basis: "council decision 14".to_owned(),
        reason: "the council asks".to_owned(),
    }
}

fn retire(code: &str, from: Day) -> Command {
    let (code, reason) = (code.to_owned(), "it has ended".to_owned());
    Command::RetirePurpose { code, from, reason }
}

fn today(family: &Family) -> Day {
    at(&family.moe).ask(AskPurposes {}).unwrap().today
}

fn code<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => unreachable!("it is refused, and was {other:?}"),
    }
}

#[test]
fn the_question_offers_what_the_register_has_in_force_and_the_trail_stays_readable() {
    let family = family();
    let (office, karimi) = (&family.office, &family.office.karimi());
    let mut screen = TestScreen::open(Arc::new(family.moe.clone()));
    screen.keys(&format!("/{}<enter>", family.nora));
    let asked = screen.text();
    assert!(
        asked.contains(" 5 complaint      looking into") && !asked.contains("study"),
        "{asked}"
    );
    screen.keys("6");
    assert!(screen.text().contains("Pick the purpose with its digit"), "{}", screen.text());
    // Whoever is being asked sees the purpose that comes in.
    office.act(karimi, add("study", &[("en", "a study of waiting"), ("nb", "en studie")])).unwrap();
    screen.heard();
    let asked = screen.text();
    assert!(asked.contains(" 6 study          a study of waiting"), "{asked}");
    screen.keys("6");
    assert!(screen.text().contains("SOLBERG, Nora"), "{}", screen.text());
    let told = ("study".to_owned(), None);
    assert_eq!(readings(&family, &EntityId::Person(family.nora)), std::slice::from_ref(&told));
    // What was said today holds no more than the purpose itself.
    office.act(karimi, retire("study", today(&family))).unwrap();
    assert!(asks(office.act(&family.moe, open(family.nora))));
    let study = Purpose("study".to_owned());
    let opening = Command::OpenPerson { person: family.nora, purpose: study };
    assert_eq!(code(office.act(&family.moe, opening)), "purpose.unknown");
    let mut again = TestScreen::open(Arc::new(family.moe.clone()));
    again.keys(&format!("/{}<enter>", family.nora));
    let asked = again.text();
    assert!(asked.contains(" 5 complaint") && !asked.contains("study"), "{asked}");
    assert_eq!(readings(&family, &EntityId::Person(family.nora)), [told]);
    // The register keeps it, with the reasons of both changes.
    let kept = at(&family.moe).ask(AskPurposes {}).unwrap().purposes;
    assert_eq!(kept.iter().filter(|held| held.code == "study").count(), 1);
    let events = family.events(&EntityId::Purpose("study".to_owned()));
    let reasons: Vec<_> = events.iter().map(|record| record.reason.clone().unwrap()).collect();
    assert_eq!(reasons, ["the council asks", "it has ended"]);
}

#[test]
fn a_purpose_that_casedesk_comes_with_retires_from_a_day_and_comes_back() {
    let family = family();
    let (office, karimi, moe) = (&family.office, &family.office.karimi(), &family.moe);
    let complaint = || Purpose("complaint".to_owned());
    let opening = || Command::OpenPerson { person: family.nora, purpose: complaint() };
    let tomorrow = today(&family).plus_days(1);
    office.act(karimi, retire("complaint", tomorrow)).unwrap();
    office.act(moe, opening()).unwrap();
    // Its digit is free on that day and not before.
    office.act(karimi, add("study", &[("en", "a study")])).unwrap();
    office.pass_minutes(24 * 60);
    assert_eq!(code(office.act(moe, opening())), "purpose.unknown");
    office.act(karimi, add("audits", &[("en", "an audit by the state")])).unwrap();
    let digits = || -> Vec<(u8, String)> {
        let held = at(moe).ask(AskPurposes {}).unwrap();
        let in_force = held.purposes.into_iter().filter(|one| one.is_in_force(held.today));
        in_force.map(|one| (one.digit, one.code)).filter(|(digit, _)| *digit > 4).collect()
    };
    assert_eq!(digits(), [(5, "audits".to_owned()), (6, "study".to_owned())]);
    let receipt = office.act(karimi, add("complaint", &[("en", "a complaint about us")])).unwrap();
    assert!(matches!(receipt.undo, Undoable::No(_)));
    assert_eq!(digits().last(), Some(&(7, "complaint".to_owned())));
    office.act(moe, opening()).unwrap();
}

#[test]
fn what_the_register_does_not_take_is_said() {
    let family = family();
    let (office, karimi, moe) = (&family.office, &family.office.karimi(), &family.moe);
    let said = [("en", "a study")];
    assert!(office.act(moe, add("study", &said)).unwrap_err().is_denied());
    assert!(office.act(moe, retire("complaint", today(&family))).unwrap_err().is_denied());
    let day = today(&family);
    for (command, refused) in [
        (add("two words", &said), "code"),
        (add("audit", &said), "purpose.reserved"),
        (add("study", &[]), "purpose.words"),
        (add("study", &[("EN", "a study")]), "purpose.words"),
        (add("study", &[("en", "a study"), ("en", "another")]), "purpose.words"),
        (add("study", &[("en", " ")]), "purpose.words"),
        (retire("contact", day), "purpose.always"),
        (retire("study", day), "purpose.unknown"),
        (retire("complaint", day.plus_days(-1)), "purpose.past"),
    ] {
        assert_eq!(code(office.act(karimi, command)), refused);
    }
    for number in 6..10 {
        office.act(karimi, add(&format!("study{number}"), &said)).unwrap();
    }
    assert_eq!(code(office.act(karimi, add("study10", &said))), "purpose.digits");
    office.act(karimi, retire("complaint", day)).unwrap();
    assert_eq!(code(office.act(karimi, retire("complaint", day))), "purpose.retired");
    office.act(karimi, add("study10", &said)).unwrap();
}

#[test]
fn a_right_takes_a_purpose_of_the_register_and_opens_for_it_alone() {
    let family = Family::new();
    let (office, karimi, nora) = (&family.office, &family.office.karimi(), family.nora);
    let new = NewCaseworker {
        account: "dahl".to_owned(),
        name: "N. Dahl".to_owned(),
        unit: UnitId(1),
        grants: Vec::new(),
    };
    office.act(karimi, Command::Enrol(new)).unwrap();
    let dahl = &office.sign_in("dahl").unwrap();
    let study = || Purpose("study".to_owned());
    let give = || Command::GiveRight {
        to: Holder::Caseworker(who(dahl)),
        right: Box::new(ScopedGrant {
            role: Role::Caseworker,
            verbs: Vec::new(),
            unit: None,
            with_units_below: false,
            case_types: Vec::new(),
            confidentiality_max: Confidentiality::CaseConfidential,
            purposes: vec![study()],
            from: None,
            expires: None,
        }),
        reason: "the study".to_owned(),
    };
    assert_eq!(code(office.act(karimi, give())), "right.purpose");
    office.act(karimi, add("study", &[("en", "a study")])).unwrap();
    office.act(karimi, give()).unwrap();
    let opening = |purpose| Command::OpenPerson { person: nora, purpose };
    let complaint = Purpose("complaint".to_owned());
    assert_eq!(code(office.act(dahl, opening(complaint))), "permit.other-purpose");
    office.act(dahl, opening(study())).unwrap();
    office.act(karimi, retire("study", today(&family))).unwrap();
    assert_eq!(code(office.act(dahl, opening(study()))), "purpose.unknown");
}

#[test]
fn purposes_are_the_bytes_that_timelines_and_records_hold() {
    let bytes = |event| to_bytes(&Event::Purpose(event), FRAME_BYTES_MAX).unwrap();
    let id = EntityId::Purpose("a".to_owned());
    assert_eq!(to_bytes(&id, FRAME_BYTES_MAX).unwrap(), [24, 1, b'a']);
    let words = || Labels(vec![("en".to_owned(), "w".to_owned())]);
    let legal_basis = || "b".to_owned();
    let set = PurposeEvent::Set { digit: 6, words: words(), legal_basis: legal_basis() };
    // The variant, the digit, one language with its words, and the legal basis.
    assert_eq!(bytes(set), [25, 0, 6, 1, 2, b'e', b'n', 1, b'w', 1, b'b']);
    let day = Day::from_date(jiff::civil::date(2026, 11, 23));
    let written = to_bytes(&day, FRAME_BYTES_MAX).unwrap();
    assert_eq!(bytes(PurposeEvent::RetiredFrom(day)), [&[25, 1][..], &written].concat());
    let purpose = RegisteredPurpose {
        code: "a".to_owned(),
        version: 3,
        digit: 6,
        words: words(),
        legal_basis: legal_basis(),
        retired_from: Some(day),
    };
    let record = encode_record(&purpose).unwrap();
    assert_eq!(record[..2], [b'6', 1]);
    let held = [1, b'a', 3, 6, 1, 2, b'e', b'n', 1, b'w', 1, b'b', 1];
    assert_eq!(record[7..], [&held[..], &written].concat());
}

#[test]
fn the_day_for_which_a_purpose_holds_is_that_of_whoever_said_it() {
    let family = family();
    let (office, nora) = (&family.office, family.nora);
    let unit = NewUnit { code: "quay".to_owned(), name: "Quay".to_owned(), parent: None };
    office.act(&office.karimi(), Command::OpenUnit(unit)).unwrap();
    let zone = UnitChange::Zone(Some("America/New_York".to_owned()));
    let change = Command::ChangeUnit { unit: UnitId(2), change: zone };
    office.act(&office.karimi(), change).unwrap();
    let berg = elsewhere(office, "berg", UnitId(2), Role::Caseworker);
    // Saturday at the office, and Friday evening there.
    office.pass_minutes(16 * 60);
    let correction = Purpose("correction".to_owned());
    office.act(&berg, Command::OpenPerson { person: nora, purpose: correction }).unwrap();
    office.pass_minutes(1);
    office.act(&berg, open(nora)).unwrap();
    office.on(&family.moe, family.cases[3], CaseAct::Claim).unwrap();
    let taken = office.on(&berg, family.cases[3], CaseAct::Claim).unwrap_err();
    assert!(taken.to_string().contains("since 19:15"), "{taken}");
}
