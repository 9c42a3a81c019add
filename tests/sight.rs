//! What somebody may see changes while they look: their screens show at once no more than they may see now.

use std::sync::Arc;

use casedesk::desk::{
    Anchor, AskAccesses, AskCaseFile, AskCases, AskDay, Change, Command, Desk, DeskError, LeftOver,
    Narrowing, UnitChange, View, ViewKind,
};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::office::{
    Behind, Confidentiality, Grant, NewCaseworker, NewUnit, Purpose, Role,
};
use casedesk::domain::people::PersonChange;
use casedesk::domain::{CaseId, CaseworkerId, PersonId, UnitId};

use crate::harness::TestScreen;
use crate::link_remote::Listening;
use crate::office::{Office, Seat};

/// An office with Moe, who sees people and cases up to `confidential`; Nora, who is so, and Omid, who is not, each with a
/// case.
fn office() -> (Office, Seat, [PersonId; 2], [CaseId; 2]) {
    let office = Office::new();
    let moe = office.enrol("moe", "K. Moe", &[Role::Caseworker]);
    let nora = office.person("Nora", "Solberg", "1970", "+47 912 34 570");
    let omid = office.person("Omid", "Rahimi", "1979-11-20", "+989121234422");
    let cases = [(nora, "The stairs are wet"), (omid, "A moving grant")]
        .map(|(person, words)| office.case(Some(person), Nature::Complaint, words));
    (office, moe, [nora, omid], cases)
}

fn set_grants(office: &Office, confidentiality_max: Option<Confidentiality>) {
    let grant = |confidentiality_max| Grant {
        role: Role::Caseworker,
        unit: None,
        confidentiality_max,
        expires: None,
    };
    let grants = confidentiality_max.map(grant).into_iter().collect();
    let set = Command::SetGrants { caseworker: CaseworkerId(2), grants };
    office.act(&office.karimi(), set).unwrap();
}

/// Has Nora's file be confidential.
fn hide(office: &Office, nora: PersonId) {
    let change = Command::ChangePerson {
        person: nora,
        version: None,
        change: PersonChange::Confidentiality(Confidentiality::Confidential),
        source: "told".to_owned(),
        is_verified: false,
    };
    office.act(&office.karimi(), change).unwrap();
}

fn seat(office: &Office) -> Arc<dyn Desk> {
    Arc::new(office.desk.sign_in("moe", None).unwrap())
}

#[test]
fn whoever_loses_their_rights_has_an_empty_screen_without_a_key() {
    let (office, _, _, _) = office();
    let mut board = TestScreen::open(seat(&office));
    board.keys("4");
    let mut file = TestScreen::open(seat(&office));
    file.keys("4<enter>");
    let mut find = TestScreen::open(seat(&office));
    find.keys("/solberg<enter>");
    for screen in [&mut board, &mut file, &mut find] {
        assert!(screen.text().contains("Solberg"), "{}", screen.text());
    }
    set_grants(&office, None);
    for screen in [&mut board, &mut file, &mut find] {
        let text = screen.heard().text();
        assert!(!text.contains("Solberg") && !text.contains("stairs"), "{text}");
    }
    // Nor does what lies behind it.
    let text = file.keys("<esc>").text();
    assert!(!text.contains("Solberg") && !text.contains("stairs"), "{text}");
    set_grants(&office, Some(Confidentiality::CaseConfidential));
    assert!(board.heard().text().contains("4Free 2"), "{}", board.text());
}

#[test]
fn a_person_who_may_not_be_seen_any_more_leaves_the_file_and_the_list_under_the_cursor() {
    let (office, _, [nora, _], _) = office();
    set_grants(&office, Some(Confidentiality::Confidential));
    hide(&office, nora);
    let mut file = TestScreen::open(seat(&office));
    file.keys("/solberg<enter><enter>");
    let mut find = TestScreen::open(seat(&office));
    find.keys("/solberg<enter>");
    for screen in [&mut file, &mut find] {
        assert!(screen.text().contains("Solberg"), "{}", screen.text());
    }
    set_grants(&office, Some(Confidentiality::CaseConfidential));
    for screen in [&mut file, &mut find] {
        let text = screen.heard().text();
        assert!(!text.contains("Solberg, Nora") && !text.contains("1970"), "{text}");
    }
}

#[test]
fn the_case_of_somebody_who_turns_out_to_be_a_colleague_goes_from_under_the_cursor() {
    let (office, _, [nora, _], [case, _]) = office();
    office.enrol("solberg", "N. Solberg", &[Role::Caseworker]);
    let mut board = TestScreen::open(seat(&office));
    board.keys("4");
    assert!(board.cursor_row().contains(&case.to_string()), "{}", board.text());
    let link = Command::LinkPerson {
        caseworker: CaseworkerId(3),
        person: Some(nora),
        reason: "told".to_owned(),
    };
    office.act(&office.karimi(), link).unwrap();
    let text = board.heard().text();
    assert!(!text.contains(&case.to_string()) && !text.contains("Solberg"), "{text}");
    assert!(text.contains("4Free 1"), "{text}");
    // Nobody tried to open anything.
    assert!(!text.contains("closed to you"), "{text}");
    let waiting = (&office.karimi() as &dyn Desk).ask(AskAccesses {}).unwrap();
    assert_eq!(waiting.attempts.len(), 0);
}

#[test]
fn a_file_that_closes_while_it_is_open_is_no_attempt_on_it() {
    let (office, moe, [nora, _], [case, _]) = office();
    let officer = office.enrol("petri", "P. Petri", &[Role::PrivacyOfficer]);
    office.enrol("solberg", "N. Solberg", &[Role::Caseworker]);
    let mut file = TestScreen::open(seat(&office));
    file.remember(1).keys("4<enter>");
    assert!(file.text().contains("The stairs are wet"), "{}", file.text());
    let link = Command::LinkPerson {
        caseworker: CaseworkerId(4),
        person: Some(nora),
        reason: "told".to_owned(),
    };
    office.act(&office.karimi(), link).unwrap();
    let text = file.heard().text();
    assert!(!text.contains("stairs") && text.contains("closed to you"), "{text}");
    let attempts = || {
        let desk: &dyn Desk = &officer;
        desk.ask(AskAccesses {}).unwrap().attempts.len()
    };
    assert_eq!(attempts(), 0);
    // Elsewhere it is one.
    assert!((&moe as &dyn Desk).ask(AskCaseFile { case, entries: 1 }).is_err());
    assert_eq!(attempts(), 1);
}

#[test]
fn whoever_presses_nothing_is_turned_away_from_nothing() {
    let (office, moe, [nora, _], [case, _]) = office();
    let officer = office.enrol("petri", "P. Petri", &[Role::PrivacyOfficer]);
    office.enrol("solberg", "N. Solberg", &[Role::Caseworker]);
    let mut file = TestScreen::open(seat(&office));
    file.remember(1).keys("4<enter>1");
    assert!(file.text().starts_with("P-1  SOLBERG"), "{}", file.text());
    let link = |person| Command::LinkPerson {
        caseworker: CaseworkerId(4),
        person,
        reason: "told".to_owned(),
    };
    office.act(&office.karimi(), link(Some(nora))).unwrap();
    let attempts = || (&officer as &dyn Desk).ask(AskAccesses {}).unwrap().attempts.len();
    assert!(file.heard().text().contains("closed to you"), "{}", file.text());
    // The case below the file has gone, too; coming back to it and time that passes open nothing.
    office.pass_minutes(2);
    file.tick(office.clock_now()).heard();
    assert!(file.keys("<esc>").text().contains("closed to you"), "{}", file.text());
    office.pass_minutes(2);
    file.keys("><").tick(office.clock_now());
    assert_eq!(attempts(), 0);
    // Once it opens again, coming back shows it, and records the reading.
    office.act(&office.karimi(), link(None)).unwrap();
    assert!(file.heard().keys("<esc>>").text().contains("The stairs are wet"), "{}", file.text());
    office.act(&office.karimi(), link(Some(nora))).unwrap();
    let again = Command::OpenCase { case, purpose: Purpose::unasked() };
    assert!(office.act(&moe, again).is_err());
    assert_eq!(attempts(), 1, "an act of one's own is an attempt");
}

#[test]
fn what_an_emergency_opened_goes_from_the_screen_when_its_hour_is_over() {
    let (office, moe, [nora, _], [case, _]) = office();
    office.enrol("solberg", "N. Solberg", &[Role::Caseworker]);
    let link = Command::LinkPerson {
        caseworker: CaseworkerId(3),
        person: Some(nora),
        reason: "told".to_owned(),
    };
    office.act(&office.karimi(), link).unwrap();
    let reason = "her child waits alone at the door".to_owned();
    office.act(&moe, Command::OpenEmergency { behind: Behind::Case(case), reason }).unwrap();
    let mut file = TestScreen::open(seat(&office));
    file.remember(1).keys(&format!("/{case}<enter><enter>"));
    assert!(file.text().contains("The stairs are wet"), "{}", file.text());
    let since = office.clock_now();
    office.pass_minutes(59);
    office.desk.tell_what_ran_out(since);
    assert!(file.heard().text().contains("The stairs are wet"), "{}", file.text());
    office.pass_minutes(2);
    office.desk.tell_what_ran_out(since);
    assert!(!file.heard().text().contains("stairs"), "{}", file.text());
}

#[test]
fn only_those_whose_sight_has_changed_read_everything_again() {
    let listening = Listening::new();
    let office = &listening.office;
    let moe = office.enrol("moe", "K. Moe", &[Role::Caseworker]);
    let new = NewUnit { code: "roofs".to_owned(), name: "Roofs".to_owned(), parent: None };
    office.act(&office.karimi(), Command::OpenUnit(new)).unwrap();
    let far = listening.remote_as("moe");
    let (near, far, other) = (moe.watch(), far.watch(), office.karimi().watch());
    assert_eq!(far.wait(), Some(Change::Resync));
    while near.next().is_some() {}
    set_grants(office, Some(Confidentiality::CaseConfidential));
    assert_eq!((near.next(), far.wait()), (Some(Change::Sight), Some(Change::Sight)));
    assert!(matches!(other.next(), Some(Change::Changed(_))));
    // Rights reach the units below, so that a unit that stands elsewhere is everybody's matter.
    let (unit, change) = (UnitId(2), UnitChange::Parent(Some(UnitId(1))));
    while other.next().is_some() {}
    office.act(&office.karimi(), Command::ChangeUnit { unit, change }).unwrap();
    assert_eq!((near.next(), other.next()), (Some(Change::Sight), Some(Change::Sight)));
}

/// What a day tells of cases that were claimed and left, and whether there is more of it.
fn left(moe: &Seat) -> (Vec<CaseId>, bool) {
    let day = (moe as &dyn Desk).ask(AskDay {}).unwrap();
    let claims = day.left_over.iter().filter(|line| line.kind == LeftOver::Claim);
    (claims.filter_map(|line| line.case.map(|(case, _)| case)).collect(), day.has_more)
}

#[test]
fn the_end_of_the_day_says_nothing_of_own_cases_that_were_closed_to_one_since() {
    let (office, moe, [nora, _], _) = office();
    // More than a day looks through, all of them due before the one that stays.
    for _ in 0..=200 {
        let case = office.case(Some(nora), Nature::Request, "The stairs are wet");
        office.on(&moe, case, CaseAct::Claim).unwrap();
    }
    office.pass_minutes(3 * 24 * 60);
    let own = office.case(None, Nature::Request, "The lamp is out");
    office.on(&moe, own, CaseAct::Claim).unwrap();
    let (before, has_more) = left(&moe);
    assert_eq!((before.len(), before.contains(&own), has_more), (200, false, true));
    let reason = "told so".to_owned();
    let link = Command::LinkPerson { caseworker: CaseworkerId(2), person: Some(nora), reason };
    office.act(&office.karimi(), link).unwrap();
    assert_eq!(left(&moe), (vec![own], false), "neither a line nor that there are more");
}

#[test]
fn whoever_works_in_one_unit_opens_what_the_lists_of_another_show_and_does_nothing_there() {
    let (office, _, [_, omid], [_, case]) = office();
    let karimi = office.karimi();
    let (code, name) = ("roads".to_owned(), "Roads".to_owned());
    office.act(&karimi, Command::OpenUnit(NewUnit { code, name, parent: None })).unwrap();
    let grants = vec![Grant {
        role: Role::Caseworker,
        unit: Some(UnitId(2)),
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    }];
    let (account, name) = ("strand".to_owned(), "A. Strand".to_owned());
    let new = NewCaseworker { account, name, unit: UnitId(2), grants };
    office.act(&karimi, Command::Enrol(new)).unwrap();
    let strand = office.sign_in("strand").unwrap();
    let desk: &dyn Desk = &strand;
    let view = View { kind: ViewKind::Inbox, unit: UnitId(1) };
    let (anchor, narrowing) = (Anchor::First, Narrowing::default());
    let page = AskCases { view, anchor, before: 0, after: 9, narrowing };
    assert!(desk.ask(page).unwrap().rows.iter().any(|row| row.id == case));
    let purpose = Purpose("casework".to_owned());
    office.act(&strand, Command::OpenCase { case, purpose }).unwrap();
    let file = desk.ask(AskCaseFile { case, entries: 5 }).unwrap();
    assert_eq!((file.case.id, file.case.initiator()), (case, Some(omid)));
    let claimed = office.on(&strand, case, CaseAct::Claim);
    let code = |error| if let DeskError::Refused(it) = error { it.code } else { String::new() };
    assert_eq!(claimed.map(drop).map_err(code), Err("permit.other-unit".to_owned()));
}
