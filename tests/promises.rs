//! What was promised: made at the keyboard, ringing, late, kept, broken, released, on this desk and across a socket.

use std::sync::Arc;

use casedesk::desk::{
    Ask, AskBoard, AskCaseFile, AskDay, AskPersonFile, AskPresence, AskPromiseRates, AskPromises,
    AskWho, Checks, Command, Desk, DeskError, PromiseFilter, PromiseRow, PromiseWish, Receipt,
    Whose,
};
use casedesk::domain::cases::{
    Channel, ContactOutcome, Direction, Nature, PromiseAct, PromiseState, Recovery, StartedContact,
};
use casedesk::domain::limits::PROMISE_ATTEMPTS_MAX;
use casedesk::domain::office::{CaseworkerState, Confidentiality, Role};
use casedesk::domain::people::PersonChange;
use casedesk::domain::time::{Day, Instant};
use casedesk::domain::{CaseId, EntityId, PersonId, PromiseId, UnitId};
use casedesk::store::MemoryStore;

use crate::harness::TestScreen;
use crate::office::{Office, Seat};

/// Sara Mohammadi, and her case, which is Karimi's.
fn sara(office: &Office) -> (PersonId, CaseId) {
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let case = office.case(Some(sara), Nature::Complaint, "Rent subsidy late");
    let claim = casedesk::domain::cases::CaseAct::Claim;
    office.on(&office.karimi(), case, claim).unwrap();
    (sara, case)
}

fn now(office: &Office) -> Instant {
    ask(&office.karimi(), AskWho {}).at
}

fn wish(to: PersonId, case: Option<CaseId>, due_at: Instant) -> PromiseWish {
    let what = String::new();
    PromiseWish { to, case, what, channel: Channel::Telephone, due_at, owner: None }
}

fn ask<Q: Ask>(session: &Seat, question: Q) -> Q::Answer {
    (session as &dyn Desk).ask(question).unwrap()
}

/// Promises to ring in so many minutes.
fn promise(office: &Office, by: &Seat, to: PersonId, minutes: i64) -> PromiseId {
    let due_at = now(office).plus_minutes(minutes);
    made(&office.act(by, Command::MakePromise(wish(to, None, due_at))).unwrap())
}

fn made(receipt: &Receipt) -> PromiseId {
    match receipt.created.first() {
        Some(EntityId::Promise(promise)) => *promise,
        other => unreachable!("a promise was made, and the receipt says {other:?}"),
    }
}

fn act(
    office: &Office,
    by: &Seat,
    promise: PromiseId,
    act: PromiseAct,
) -> Result<Receipt, DeskError> {
    office.act(by, Command::Promise { promise, version: None, act })
}

fn listed(desk: &dyn Desk, whose: Whose, filter: PromiseFilter) -> Vec<PromiseRow> {
    desk.ask(AskPromises { whose, filter }).unwrap().promises
}

fn open(desk: &dyn Desk, whose: Whose) -> Vec<PromiseId> {
    listed(desk, whose, PromiseFilter::Open).iter().map(|row| row.id).collect()
}

fn assert_whole(office: &Office) {
    let found = office.desk.verify(Checks::deep(), &|_| {}).unwrap();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
}

#[test]
fn a_promise_is_typed_rings_on_every_screen_and_is_kept_from_its_line() {
    let office = Office::new();
    let (sara, case) = sara(&office);
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("p2");
    let shown = screen.text();
    assert!(shown.contains("-- PROMISE Mohammadi, Sara  C-1"), "{shown}");
    assert!(shown.contains("Fri 21 Aug 14:00, in 4 h 46 min, by tel, you"), "{shown}");
    screen.keys("<enter>");
    let status = screen.status();
    assert!(
        status.starts_with("Promised Mohammadi, Sara as R-1: Fri 21 Aug 14:00, you."),
        "{status}"
    );
    let shown = screen.text();
    assert!(shown.contains("9Calls 1"), "{shown}");
    assert!(shown.contains("! 14:00 ring Mohammadi, Sara C-1"), "the board's line: {shown}");
    assert!(screen.rows().iter().any(|row| row.contains("> ") && row.ends_with('!')), "{shown}");

    // Ten minutes before, every screen says it, and takes no key for it.
    office.pass_minutes(4 * 60 + 35);
    screen.tick(now(&office));
    assert!(!screen.rows()[0].contains("! 14:00"), "{}", screen.rows()[0]);
    office.pass_minutes(1);
    screen.tick(now(&office));
    assert!(screen.rows()[0].contains("! 14:00 ring Mohammadi"), "{}", screen.rows()[0]);
    screen.keys("/mo");
    assert!(screen.text().contains("/ mo") || screen.text().contains("mo_"), "{}", screen.text());
    assert!(screen.rows()[0].contains("! 14:00 ring Mohammadi"), "{}", screen.rows()[0]);
    screen.keys("<esc>!");
    let shown = screen.text();
    assert!(shown.contains("! ring 14:00 today (you)"), "the case says it: {shown}");
    assert!(screen.rows()[0].contains("! 14:00"), "{}", screen.rows()[0]);

    // It passes its time: in words, once, with whoever leads the unit told; it stays open.
    office.pass_minutes(11);
    office.desk.mark_late().unwrap();
    office.desk.mark_late().unwrap();
    screen.tick(now(&office));
    assert!(screen.rows()[0].contains("! LATE 14:00"), "{}", screen.rows()[0]);
    let file = ask(&office.karimi(), AskCaseFile { case, entries: 50 });
    let late: Vec<&str> = file
        .timeline
        .iter()
        .filter(|line| line.kind == "promise")
        .map(|line| &*line.words)
        .collect();
    assert_eq!(late, ["R-1 LATE, Karimi is told", "R-1 ring by Fri 21 Aug 14:00 (tel, Karimi)"]);
    assert_eq!(open(&office.karimi(), Whose::On(case)), [PromiseId(1)]);
    let board = ask(&office.karimi(), AskBoard { unit: UnitId(1) });
    assert_eq!(board.promises_late, 1);

    screen.keys("Pa");
    let shown = screen.text();
    assert!(screen.status().contains("did not answer; it stays open"), "{shown}");
    screen.keys("P");
    assert!(screen.text().contains("tried 1, last 14:01"), "{}", screen.text());
    screen.keys("k");
    assert!(screen.status().starts_with("R-1 to Mohammadi, Sara is kept."), "{}", screen.text());
    assert!(!screen.rows()[0].contains("LATE 14:00"), "{}", screen.rows()[0]);
    assert!(screen.text().contains("no promise open"), "{}", screen.text());
    let kept = listed(&office.karimi(), Whose::To(sara), PromiseFilter::Kept);
    assert!(matches!(kept[0].state, PromiseState::Kept { .. }) && kept[0].attempts.0 == 1);
    let rates = ask(&office.karimi(), AskPromiseRates {}).units;
    assert_eq!(rates[0].spans, [(0, 1); 3], "kept, and not in time");
    assert_whole(&office);
}

#[test]
fn what_rings_gives_way_to_the_case_and_the_running_call_is_never_cut() {
    let office = Office::new();
    sara(&office);
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("p2<enter>");
    office.pass_minutes(4 * 60 + 36);
    screen.tick(now(&office));
    screen.keys("!ct");
    let header = screen.rows()[0].clone();
    assert!(header.contains("! 14:00  ") && !header.contains("ring"), "the time alone: {header}");
    assert!(header.starts_with("C-1 COM housing   claimed   you, Housing  "), "{header}");
    assert!(header.ends_with("TEL in 00:00"), "{header}");
    screen.resize(60, 20);
    let header = screen.rows()[0].clone();
    assert!(header.ends_with("TEL in 00:00"), "{header}");
}

#[test]
fn outside_the_office_s_hours_enter_offers_the_nearest_time_inside_and_ctrl_d_insists() {
    let office = Office::new();
    let (_, case) = sara(&office);
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("p18");
    let shown = screen.text().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("the office is closed then; Fri 21 Aug 16:00?"), "{shown}");
    screen.keys("<enter>");
    assert!(open(&office.karimi(), Whose::On(case)).is_empty());
    assert!(screen.text().contains("when     2026-08-21 16:00"), "{}", screen.text());
    screen.keys("<enter>p19<ctrl-d>");
    let rows = listed(&office.karimi(), Whose::On(case), PromiseFilter::Open);
    let flagged: Vec<bool> = rows.iter().map(|row| row.is_closed_then).collect();
    assert_eq!(flagged, [false, true]);
}

#[test]
fn a_word_that_is_no_time_keeps_the_line_and_what_was_typed_outlives_it_as_a_draft() {
    let office = Office::new();
    sara(&office);
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("psoon<enter>");
    assert!(screen.status().contains("\"soon\" is no time"), "{}", screen.status());
    screen.keys("<esc>p");
    assert!(screen.text().contains("when     soon"), "{}", screen.text());
}

#[test]
fn the_view_of_calls_and_the_list_of_promises_show_and_end_them() {
    let office = Office::new();
    let (sara, case) = sara(&office);
    let due = now(&office).plus_minutes(30);
    office.act(&office.karimi(), Command::MakePromise(wish(sara, Some(case), due))).unwrap();
    promise(&office, &office.karimi(), sara, 60);
    office.pass_minutes(31);
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("9");
    let rows = screen.rows();
    assert!(rows.iter().any(|row| row.starts_with(">LATE") && row.contains("C-1")), "{rows:?}");
    assert!(
        rows.iter().any(|row| row.starts_with("-- R-1 ") && row.ends_with(" 1 of 2")),
        "{rows:?}"
    );
    // The board's acts on a row are acts on the promise's case, and Enter opens it.
    screen.keys("a");
    assert!(screen.text().contains("-- NOTE C-1"), "{}", screen.text());
    screen.keys("<esc><down>Pk");
    assert!(screen.text().contains("9Calls 1"), "{}", screen.text());
    screen.keys("gp");
    let shown = screen.text();
    assert!(shown.contains("[1open]") && shown.contains("[mine]"), "{shown}");
    assert!(shown.contains("1 of 2   50%"), "the rate of Housing: {shown}");
    screen.keys("3<tab><tab>");
    let shown = screen.text();
    assert!(
        shown.contains("[3kept]") && shown.contains("[all]") && shown.contains(">kept"),
        "{shown}"
    );
    screen.keys("<esc>gm");
    assert!(screen.text().contains("[Mail 0]"), "{}", screen.text());
}

#[test]
fn a_broken_promise_says_why_and_is_promised_anew_in_the_same_act() {
    let office = Office::new();
    let (_, case) = sara(&office);
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    screen.keys("p11<enter>Pbthe file was away<enter>pmon 9<enter>");
    let status = screen.status();
    assert!(status.contains("R-1 is broken. Promised Mohammadi, Sara as R-2"), "{status}");
    let broken = listed(&office.karimi(), Whose::On(case), PromiseFilter::Broken);
    let PromiseState::Broken { why, recovery, .. } = &broken[0].state else { unreachable!() };
    assert_eq!((why.as_str(), recovery.as_str()), ("the file was away", "promised anew as R-2"));
    assert_eq!(open(&office.karimi(), Whose::On(case)), [PromiseId(2)]);
    screen.keys("Prshe has it now<enter>");
    let released = listed(&office.karimi(), Whose::On(case), PromiseFilter::Released);
    assert!(
        matches!(&released[0].state, PromiseState::Released { words, .. } if words == "she has it now")
    );
    assert_whole(&office);
}

#[test]
fn an_end_needs_its_words_and_comes_once() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, _) = sara(&office);
    let id = promise(&office, &karimi, sara, 60);
    let refused = |act_: PromiseAct| act(&office, &karimi, id, act_).unwrap_err().to_string();
    let broken = |why: &str| PromiseAct::Break { why: why.to_owned(), recovery: Recovery::Nothing };
    assert!(refused(broken(" ")).contains("for a reason"));
    assert!(refused(PromiseAct::Release { words: String::new() }).contains("own words"));
    act(&office, &karimi, id, PromiseAct::Keep).unwrap();
    assert!(refused(broken("late")).contains("is kept already"));
    let late = office.act(&karimi, Command::MarkLate { until: now(&office) }).unwrap_err();
    assert!(late.to_string().contains("Only the desk itself"), "{late}");
    let past = wish(sara, None, now(&office));
    let past = office.act(&karimi, Command::MakePromise(past)).unwrap_err();
    assert!(past.to_string().contains("has passed"), "{past}");
}

#[test]
fn making_is_undone_only_while_nobody_has_acted_on_it() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, _) = sara(&office);
    promise(&office, &karimi, sara, 60);
    office.act(&karimi, Command::Undo).unwrap();
    assert!(open(&karimi, Whose::All).is_empty(), "what was taken back is no promise");
    promise(&office, &karimi, sara, 60);
    office.pass_minutes(61);
    office.desk.mark_late().unwrap();
    let refused = office.act(&karimi, Command::Undo).unwrap_err();
    assert!(matches!(refused, DeskError::Changed { .. }), "{refused:?}");
    assert_eq!(open(&karimi, Whose::All), [PromiseId(2)]);
    assert_whole(&office);
}

#[test]
fn a_call_that_nobody_answers_is_logged_and_one_that_is_answered_offers_to_keep_the_promise() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, _) = sara(&office);
    promise(&office, &karimi, sara, 5);
    let call = |outcome| {
        let started = StartedContact {
            channel: Channel::Telephone,
            direction: Direction::Out,
            person: Some(sara),
            telephone: None,
            ivr_path: None,
        };
        let receipt = office.act(&karimi, Command::StartContact(started)).unwrap();
        let Some(EntityId::Contact(contact)) = receipt.created.first() else { unreachable!() };
        let end = Command::EndContact {
            contact: *contact,
            outcome,
            summary: "rang her".to_owned(),
            article: None,
        };
        office.act(&karimi, end).unwrap().label
    };
    let said = call(ContactOutcome::NotReached);
    assert!(said.contains("R-1 stays open"), "{said}");
    let row = listed(&karimi, Whose::Mine, PromiseFilter::Open).remove(0);
    assert_eq!(row.attempts, (1, Some(now(&office))));
    let said = call(ContactOutcome::Answered);
    assert!(said.contains("R-1 is still open: P, then k"), "{said}");
    assert_eq!(
        open(&karimi, Whose::Mine),
        [PromiseId(1)],
        "it is offered, and not taken for granted"
    );
}

#[test]
fn whoever_stands_in_keeps_the_promises_of_somebody_who_is_away() {
    let office = Office::new();
    let karimi = office.karimi();
    let (moe, berg) = (
        office.enrol("moe", "A. Moe", &[Role::Caseworker]),
        office.enrol("berg", "I. Berg", &[Role::Caseworker]),
    );
    let (sara, _) = sara(&office);
    let before = promise(&office, &moe, sara, 5);
    let state = CaseworkerState::Absent {
        until: Day::from_parts(2026, 8, 28).unwrap(),
        substitute: Some(casedesk::domain::CaseworkerId(3)),
    };
    let caseworker = casedesk::domain::CaseworkerId(2);
    office.act(&karimi, Command::SetCaseworkerState { caseworker, state }).unwrap();
    assert_eq!(open(&berg, Whose::Mine), [before]);
    assert_eq!(ask(&berg, AskPresence {}).rings.len(), 1);
    let asked =
        PromiseWish { owner: Some(caseworker), ..wish(sara, None, now(&office).plus_minutes(90)) };
    let label = office.act(&karimi, Command::MakePromise(asked)).unwrap().label;
    assert!(label.contains("I. Berg, for A. Moe, who is away"), "{label}");
    assert_eq!(open(&berg, Whose::Mine).len(), 2);
}

#[test]
fn what_was_promised_to_somebody_hidden_is_in_no_list_and_no_count_of_whoever_may_not_see_them() {
    let office = Office::new();
    let karimi = office.karimi();
    let clerk = office.enrol("lind", "O. Lind", &[Role::Clerk]);
    let grants = vec![casedesk::domain::office::Grant {
        role: Role::Clerk,
        unit: None,
        confidentiality_max: Confidentiality::Internal,
        expires: None,
    }];
    let caseworker = casedesk::domain::CaseworkerId(2);
    let nora = office.person("Nora", "Solberg", "1960", "+47 912 00 000");
    let hide = Command::ChangePerson {
        person: nora,
        version: None,
        change: PersonChange::Confidentiality(Confidentiality::Confidential),
        source: "told".to_owned(),
        is_verified: false,
    };
    office.act(&karimi, hide).unwrap();
    let asked =
        PromiseWish { owner: Some(caseworker), ..wish(nora, None, now(&office).plus_minutes(5)) };
    let id = made(&office.act(&karimi, Command::MakePromise(asked)).unwrap());
    office.act(&karimi, Command::SetGrants { caseworker, grants }).unwrap();
    for whose in [Whose::Mine, Whose::All, Whose::Unit(UnitId(1)), Whose::To(nora)] {
        assert!(open(&clerk, whose).is_empty(), "{whose:?}");
    }
    assert!(ask(&clerk, AskPresence {}).rings.is_empty());
    assert!(ask(&clerk, AskDay {}).left_over.is_empty(), "the end of the day tells it neither");
    let refused = act(&office, &clerk, id, PromiseAct::Keep).unwrap_err();
    assert!(matches!(refused, DeskError::NotFound(_)), "{refused:?}");
    assert_eq!(open(&karimi, Whose::All), [id]);
}

#[test]
fn nobody_is_given_a_promise_that_would_be_hidden_from_them() {
    let office = Office::new();
    let karimi = office.karimi();
    let clerk = office.enrol("lind", "O. Lind", &[Role::Clerk]);
    let berg = office.enrol("berg", "I. Berg", &[Role::Caseworker]);
    let (lind, berg_id) = (casedesk::domain::CaseworkerId(2), casedesk::domain::CaseworkerId(3));
    let grants = vec![casedesk::domain::office::Grant {
        role: Role::Clerk,
        unit: None,
        confidentiality_max: Confidentiality::Internal,
        expires: None,
    }];
    office.act(&karimi, Command::SetGrants { caseworker: lind, grants }).unwrap();
    let nora = office.person("Nora", "Solberg", "1960", "+47 912 00 000");
    let hide = Command::ChangePerson {
        person: nora,
        version: None,
        change: PersonChange::Confidentiality(Confidentiality::Confidential),
        source: "told".to_owned(),
        is_verified: false,
    };
    office.act(&karimi, hide).unwrap();
    let refused = |result: Result<Receipt, DeskError>| match result {
        Err(DeskError::Refused(refusal)) => format!("{} {}", refusal.code, refusal.what),
        other => unreachable!("it is refused, and was {other:?}"),
    };
    let due_at = now(&office).plus_minutes(30);
    let asked = PromiseWish { owner: Some(lind), ..wish(nora, None, due_at) };
    let said = refused(office.act(&karimi, Command::MakePromise(asked)));
    assert_eq!(said, "promise.keeper O. Lind cannot keep it.");
    let id = promise(&office, &karimi, nora, 30);
    let said = refused(act(&office, &karimi, id, PromiseAct::Give { to: lind }));
    assert_eq!(said, "promise.keeper O. Lind cannot keep R-1.");
    assert_eq!(open(&karimi, Whose::Mine), [id], "it is still somebody's who sees it");
    // To whoever may not see to whom it was made there is no such promise, to give or to make.
    let hidden = act(&office, &clerk, id, PromiseAct::Give { to: berg_id }).unwrap_err();
    let absent = act(&office, &clerk, PromiseId(99), PromiseAct::Give { to: berg_id }).unwrap_err();
    assert_eq!(hidden.to_string().replace("R-1", "R-99"), absent.to_string());
    let wished = Command::MakePromise(wish(nora, None, due_at));
    assert!(matches!(office.act(&clerk, wished), Err(DeskError::NotFound(_))));
    act(&office, &karimi, id, PromiseAct::Give { to: berg_id }).unwrap();
    assert_eq!(open(&berg, Whose::Mine), [id]);
}

#[test]
fn promises_are_the_same_after_a_new_start() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let (sara, case) = sara(&office);
    let karimi = office.karimi();
    let mut screen = TestScreen::open(Arc::new(karimi.clone()));
    screen.keys("p+5m<enter>");
    assert!(screen.status().starts_with("Promised Mohammadi, Sara as R-1"), "{}", screen.status());
    assert_eq!(ask(&karimi, AskPresence {}).rings[0].case, Some(case));
    let file = ask(&karimi, AskPersonFile { person: sara });
    drop((screen, karimi));
    let reopened = Office::over(store);
    assert_eq!(ask(&reopened.karimi(), AskPresence {}).rings.len(), 1);
    assert_eq!(open(&reopened.karimi(), Whose::On(case)), [PromiseId(1)]);
    assert_eq!(ask(&reopened.karimi(), AskPersonFile { person: sara }), file);
    assert_whole(&reopened);
}

/// Rings somebody and ends the call; gives what the status line says.
fn ring(office: &Office, by: &Seat, person: PersonId, outcome: ContactOutcome) -> String {
    let started = StartedContact {
        channel: Channel::Telephone,
        direction: Direction::Out,
        person: Some(person),
        telephone: None,
        ivr_path: None,
    };
    let receipt = office.act(by, Command::StartContact(started)).unwrap();
    let Some(EntityId::Contact(contact)) = receipt.created.first() else { unreachable!() };
    let summary = "rang her".to_owned();
    let end = Command::EndContact { contact: *contact, outcome, summary, article: None };
    office.act(by, end).unwrap().label
}

#[test]
fn a_call_ends_although_its_promise_was_tried_as_often_as_can_be() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, _) = sara(&office);
    let id = promise(&office, &karimi, sara, 5);
    for _ in 0..PROMISE_ATTEMPTS_MAX {
        act(&office, &karimi, id, PromiseAct::Attempt).unwrap();
    }
    let refused = act(&office, &karimi, id, PromiseAct::Attempt).unwrap_err();
    assert!(refused.to_string().contains("was tried 100 times"), "{refused}");
    let said = ring(&office, &karimi, sara, ContactOutcome::NotReached);
    assert!(said.ends_with("ended: nobody answered."), "{said}");
}

#[test]
fn what_was_promised_to_a_merged_record_is_kept_and_promised_anew_with_the_survivor() {
    let office = Office::new();
    let karimi = office.karimi();
    let (sara, _) = sara(&office);
    let zara = office.person("Zara", "Karimzadeh", "1986", "+47 912 99 999");
    let first = promise(&office, &karimi, zara, 5);
    let second = promise(&office, &karimi, zara, 6);
    let merge = Command::MergePeople {
        survivor: sara,
        merged: zara,
        versions: None,
        chosen: Vec::new(),
        reason: "same passport".to_owned(),
    };
    office.act(&karimi, merge).unwrap();
    let said = ring(&office, &karimi, sara, ContactOutcome::NotReached);
    assert!(said.contains("R-1, R-2 stays open"), "{said}");
    let recovery = Recovery::Anew {
        what: String::new(),
        channel: Channel::Telephone,
        due_at: now(&office).plus_minutes(60),
    };
    let broken = PromiseAct::Break { why: "was out".to_owned(), recovery };
    let anew = made(&act(&office, &karimi, first, broken).unwrap());
    let row = listed(&karimi, Whose::To(sara), PromiseFilter::Open);
    let ids: Vec<_> = row.iter().map(|row| (row.id, row.person.0)).collect();
    assert_eq!(ids, [(second, sara), (anew, sara)]);
    assert_whole(&office);
}
