//! The day of a caseworker beside their cases: what came since they left, who is away and who stands in, what must not stay
//! overnight, and what the unit's days were.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;

use casedesk::desk::{
    AskBoard, AskCaseFile, AskDay, AskNews, AskOverdue, Checks, Clock as _, Command, Desk,
    DeskError, Draft, DraftForm, DraftKey, LeftOver, NewsKind, Post, PromiseWish, Receipt, View,
    ViewKind,
};
use casedesk::domain::cases::{
    CaseAct, Channel, EscalationLevel, EscalationReason, GiveTo, Message, Nature, OutcomeCode,
    ReplyAddress,
};
use casedesk::domain::office::{
    CaseworkerState, Confidentiality, Grant, NewCaseworker, NewQueue, NewUnit, OrderingId,
    QueueKind, Role,
};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, CaseworkerId, EntityId, UnitId};
use casedesk::store::{Commit, CommitId, Direction, KeyRange, MemoryStore, Store, Write};

use crate::harness::TestScreen;
use crate::office::Office;

const KARIMI: CaseworkerId = CaseworkerId(1);
const MOE: CaseworkerId = CaseworkerId(2);
const KAYA: CaseworkerId = CaseworkerId(3);
const HOUSING: UnitId = UnitId(1);
const WORKS: UnitId = UnitId(2);
/// Minutes from 9:14 to 17:05, and from there to 8:02 on Monday.
const TO_CLOSING: i64 = 471;
const OVER_THE_WEEKEND: i64 = 2 * 24 * 60 + 14 * 60 + 57;

/// Housing, which Karimi leads, with Moe and Kaya.
fn housing() -> Office {
    let office = Office::new();
    office.enrol("moe", "T. Moe", &[Role::Caseworker, Role::Screener]);
    office.enrol("kaya", "M. Kaya", &[Role::Caseworker, Role::Screener]);
    let lead = Command::LeadUnit { unit: HOUSING, manager: Some(KARIMI), substitute: Some(KAYA) };
    office.act(&office.karimi(), lead).unwrap();
    office
}

fn desk(office: &Office, account: &str) -> Arc<dyn Desk> {
    Arc::new(office.sign_in(account).unwrap())
}

fn by(office: &Office, account: &str, case: CaseId, act: CaseAct) -> Result<Receipt, DeskError> {
    office.on(&office.sign_in(account).unwrap(), case, act)
}

fn away(caseworker: CaseworkerId, substitute: Option<CaseworkerId>) -> Command {
    let until = Day::from_parts(2026, 8, 28).unwrap();
    let state = CaseworkerState::Absent { until, substitute };
    Command::SetAttendance { caseworker, state, successor: None, why: "ill".to_owned() }
}

fn refusal<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => format!("not refused: {other:?}"),
    }
}

fn escalate(to: EscalationLevel) -> CaseAct {
    let ask = "May I?".to_owned();
    CaseAct::Escalate { level: to, reason: EscalationReason::OverLimit, ask }
}

fn owner(office: &Office, case: CaseId) -> Option<CaseworkerId> {
    desk(office, "karimi").ask(AskCaseFile { case, entries: 1 }).unwrap().case.owner
}

fn findings(office: &Office) -> Vec<String> {
    office.desk.verify(Checks::deep(), &|_| {}).unwrap().findings
}

/// A post that can hand nothing over.
struct NoPost;

impl Post for NoPost {
    fn hand_over(&self, _: &Message) -> Result<(), String> {
        Err("the gateway is away".to_owned())
    }
}

#[test]
fn what_came_since_one_left_stands_on_the_board_until_it_was_looked_at() {
    let office = housing();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    let cases: Vec<CaseId> =
        (0..4).map(|_| office.case(Some(sara), Nature::Complaint, "Damp")).collect();
    for case in &cases[..2] {
        by(&office, "moe", *case, CaseAct::Claim).unwrap();
    }
    by(&office, "kaya", cases[2], CaseAct::Claim).unwrap();
    by(&office, "kaya", cases[2], escalate(EscalationLevel::Supervisor)).unwrap();
    let to = ReplyAddress { addressee: sara, channel: Channel::Sms };
    let reply = CaseAct::Reply { to, template: None, text: "We come on Monday.".to_owned() };
    by(&office, "kaya", cases[2], reply).unwrap();
    office.pass_minutes(TO_CLOSING);
    let mut evening = TestScreen::open(desk(&office, "kaya"));
    assert!(!evening.text().contains("since "), "{}", evening.text());
    drop(evening);
    office.pass_minutes(OVER_THE_WEEKEND - 30);
    office.act(&office.karimi(), away(MOE, Some(KAYA))).unwrap();
    let answer = CaseAct::AnswerEscalation { answer: "Granted, once.".to_owned() };
    by(&office, "karimi", cases[2], answer).unwrap();
    office.desk.deliver(&NoPost).unwrap();
    office.case(None, Nature::Report, "Lift");
    office.pass_minutes(30);
    let mut morning = TestScreen::open(desk(&office, "kaya"));
    let line = "since Fri 17:05  +2 yours (Moe ill)  1 ruling C-3  1 letter came back  1 new";
    assert!(morning.text().contains(line), "{}", morning.text());
    assert!(morning.rows().iter().all(|row| row.chars().count() < 80), "{}", morning.text());
    morning.keys("gn");
    let text = morning.text();
    assert!(text.starts_with("SINCE YOU LEFT  Fri 21 Aug 17:05   1 new in Housing"), "{text}");
    assert!(text.contains("ruling") && text.contains("Karimi: Granted, once."), "{text}");
    assert!(text.contains("letter came back") && text.contains("the gateway is away"), "{text}");
    assert_eq!(text.matches("Karimi: Moe ill").count(), 2, "{text}");
    assert!(morning.cursor_row().starts_with(">*"), "{text}");
    assert!(morning.keys("<enter>").text().starts_with("C-"), "{}", morning.text());
    morning.keys("gb");
    assert!(!morning.text().contains("since "), "it was looked at: {}", morning.text());
    assert!(morning.keys("gn").text().contains("Moe ill"), "and stays to be read for the day");
    let mut others = TestScreen::open(desk(&office, "moe"));
    assert!(!others.text().contains("ruling"), "{}", others.text());
}

#[test]
fn a_case_that_was_given_on_or_taken_back_is_no_news() {
    let office = housing();
    let case = office.case(None, Nature::Report, "Lift");
    let kaya = desk(&office, "kaya");
    kaya.execute(office.request(Command::NoteHere)).unwrap();
    office.pass_minutes(1);
    let give = |to| CaseAct::Give { to: GiveTo::Caseworker(to), words: "yours".to_owned() };
    by(&office, "karimi", case, give(KAYA)).unwrap();
    let yours = || kaya.ask(AskBoard { unit: HOUSING }).unwrap().since.unwrap().yours;
    assert_eq!(yours(), [("yours".to_owned(), 1)]);
    office.act(&office.karimi(), Command::Undo).unwrap();
    assert!(yours().is_empty());
    let other = office.case(None, Nature::Report, "Lamp");
    by(&office, "kaya", other, CaseAct::Claim).unwrap();
    assert!(yours().is_empty(), "what one takes oneself is no news");
    assert!(kaya.ask(AskNews {}).unwrap().lines.is_empty());
}

#[test]
fn whoever_is_ill_is_stood_in_for_in_one_act_and_one_undo_takes_it_back() {
    let office = housing();
    let cases: Vec<CaseId> =
        (0..30).map(|_| office.case(None, Nature::Report, "Stair light")).collect();
    for case in &cases {
        by(&office, "moe", *case, CaseAct::Claim).unwrap();
    }
    let asked = office.case(None, Nature::Report, "Lift");
    by(&office, "karimi", asked, CaseAct::Claim).unwrap();
    by(&office, "karimi", asked, escalate(EscalationLevel::Colleague)).unwrap();
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("gc");
    let text = screen.text();
    assert!(text.contains("T. Moe                 30    .    .  here"), "{text}");
    screen.keys("<end>a");
    assert!(screen.text().contains("-- AWAY T. Moe   30 open"), "{}", screen.text());
    screen.keys("28.8<tab>kay");
    assert!(
        screen.text().contains("away until Fri 28 Aug; all goes to M. Kaya"),
        "{}",
        screen.text()
    );
    let text = screen.keys("<enter>").text();
    assert!(text.contains("30 cases, 1 escalation went to Kaya."), "{text}");
    assert!(text.contains("WORK OF T. Moe  30  Kaya stands in"), "{text}");
    let text = screen.keys("<").text();
    assert!(text.contains("T. Moe                  .    .    .  ill until Fri 28 Aug"), "{text}");
    assert!(cases.iter().all(|case| owner(&office, *case) == Some(KAYA)));
    let file = |case| desk(&office, "karimi").ask(AskCaseFile { case, entries: 3 }).unwrap();
    assert_eq!(file(asked).case.open_escalation().unwrap().to, KAYA);
    assert_eq!(file(cases[0]).timeline[0].words, "to Kaya: Moe ill");
    assert!(file(asked).timeline[0].words.starts_with("passed on to Kaya: Moe ill"));
    assert!(findings(&office).is_empty(), "{:?}", findings(&office));
    screen.keys("u");
    let text = screen.text();
    assert!(text.contains("T. Moe                 30    .    .  here"), "{text}");
    assert!(cases.iter().all(|case| owner(&office, *case) == Some(MOE)));
    assert_eq!(file(asked).case.open_escalation().unwrap().to, MOE);
    assert!(findings(&office).is_empty(), "{:?}", findings(&office));
    screen.keys("u");
    assert!(
        screen.status().contains("C-31 is escalated to Moe"),
        "one undo was enough: {}",
        screen.status()
    );
}

#[test]
fn a_promise_of_whoever_is_away_is_kept_by_whoever_stands_in() {
    let office = housing();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    let promise = PromiseWish {
        to: sara,
        case: None,
        what: String::new(),
        channel: Channel::Telephone,
        due_at: office.clock.now().plus_minutes(60),
        owner: None,
    };
    let moe = office.sign_in("moe").unwrap();
    let kaya = desk(&office, "kaya");
    kaya.execute(office.request(Command::NoteHere)).unwrap();
    office.pass_minutes(1);
    office.act(&moe, Command::MakePromise(promise)).unwrap();
    let kinds = |desk: &Arc<dyn Desk>| {
        let left = desk.ask(AskDay {}).unwrap().left_over;
        left.iter().map(|line| line.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&desk(&office, "moe")), [LeftOver::Promise]);
    office.act(&office.karimi(), away(MOE, Some(KAYA))).unwrap();
    assert_eq!(kinds(&kaya), [LeftOver::Promise]);
    assert!(kinds(&desk(&office, "moe")).is_empty());
    assert_eq!(kaya.ask(AskBoard { unit: HOUSING }).unwrap().since.unwrap().promises, 1);
    office.act(&office.karimi(), Command::Undo).unwrap();
    assert_eq!(kinds(&desk(&office, "moe")), [LeftOver::Promise]);
}

#[test]
fn without_a_substitute_cases_go_back_into_their_queue_and_more_than_one_act_holds_goes_on() {
    let office = housing();
    for _ in 0..95 {
        let case = office.case(None, Nature::Report, "Stair light");
        by(&office, "moe", case, CaseAct::Claim).unwrap();
    }
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("gc<end>a<enter>");
    assert!(screen.status().contains("T. Moe: 95 handed over"), "{}", screen.status());
    assert!(screen.text().contains("WORK OF T. Moe  95  nobody stands in"), "{}", screen.text());
    screen.keys("gc");
    assert!(screen.text().contains("ill until Fri 21 Aug, nobody stands in"), "{}", screen.text());
    let free = screen.keys("gb4").rows()[1].clone();
    assert!(free.contains("[4Free 95]"), "{free}");
    screen.keys("u");
    assert!(screen.text().contains("4Free 0"), "one undo takes it all back: {}", screen.text());
    screen.keys("gc<end>a<enter>");
    screen.keys("gc<end>b");
    assert!(screen.status().contains("T. Moe is back"), "{}", screen.status());
}

#[test]
fn only_whoever_leads_the_unit_or_runs_the_office_says_who_is_away() {
    let office = housing();
    let moe = office.sign_in("moe").unwrap();
    assert_eq!(refusal(office.act(&moe, away(KAYA, None))), "permit.no-grant");
    let mut screen = TestScreen::open(desk(&office, "moe"));
    screen.keys("gca");
    assert!(screen.status().contains("is said by whoever leads it"), "{}", screen.status());
    let karimi = office.karimi();
    assert_eq!(refusal(office.act(&karimi, away(MOE, Some(MOE)))), "absence.self");
    office.act(&karimi, away(KARIMI, None)).unwrap();
    // Kaya leads while Karimi is away.
    let kaya = office.sign_in("kaya").unwrap();
    office.act(&kaya, away(MOE, Some(KAYA))).unwrap();
    assert_eq!(refusal(office.act(&karimi, away(KAYA, Some(MOE)))), "absence.substitute");
    let past = CaseworkerState::Absent { until: Day::from_number(1), substitute: None };
    let past = Command::SetAttendance {
        caseworker: MOE,
        state: past,
        successor: None,
        why: String::new(),
    };
    assert_eq!(refusal(office.act(&kaya, past)), "absence.until");
}

#[test]
fn nobody_leaves_with_work_for_the_same_act_gives_it_to_a_successor() {
    let office = housing();
    let case = office.case(None, Nature::Report, "Lamp");
    by(&office, "moe", case, CaseAct::Claim).unwrap();
    let gone = |successor| Command::SetAttendance {
        caseworker: MOE,
        state: CaseworkerState::Left,
        successor,
        why: String::new(),
    };
    office.act(&office.karimi(), gone(Some(KAYA))).unwrap();
    assert_eq!(owner(&office, case), Some(KAYA));
    assert!(office.sign_in("moe").is_err());
    office.act(&office.karimi(), Command::Undo).unwrap();
    assert_eq!(owner(&office, case), Some(MOE));
    assert!(office.sign_in("moe").is_ok());
}

/// A unit beside Housing with its queues, which Berg works alone.
fn works(office: &Office) -> CaseworkerId {
    let karimi = office.karimi();
    let unit =
        NewUnit { code: "works".to_owned(), name: "Works".to_owned(), parent: Some(HOUSING) };
    office.act(&karimi, Command::OpenUnit(unit)).unwrap();
    for (kind, code) in [(QueueKind::Screening, "w/screening"), (QueueKind::Inbox, "w/inbox")] {
        let (code, name) = (code.to_owned(), "Inbox".to_owned());
        let queue = NewQueue { code, name, unit: WORKS, kind, ordering: OrderingId::DueFirst };
        office.act(&karimi, Command::OpenQueue(queue)).unwrap();
    }
    let grant = Grant {
        role: Role::Caseworker,
        unit: Some(WORKS),
        confidentiality_max: Confidentiality::Confidential,
        expires: None,
    };
    let berg = NewCaseworker {
        account: "berg".to_owned(),
        name: "S. Berg".to_owned(),
        unit: WORKS,
        grants: vec![grant],
    };
    let receipt = office.act(&karimi, Command::Enrol(berg)).unwrap();
    match receipt.created.first() {
        Some(EntityId::Caseworker(id)) => *id,
        other => unreachable!("somebody was enrolled, and the receipt says {other:?}"),
    }
}

#[test]
fn a_queue_that_nobody_covers_is_not_offered_and_rings_the_alarm_above() {
    let office = housing();
    let berg = works(&office);
    let case = office.case(None, Nature::Report, "Bridge");
    let give = CaseAct::Give { to: GiveTo::Unit(WORKS), words: String::new() };
    by(&office, "karimi", case, give).unwrap();
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    assert!(!screen.text().contains("NOBODY HERE"), "{}", screen.text());
    let view = View { kind: ViewKind::Free, unit: WORKS };
    office.act(&office.karimi(), away(berg, None)).unwrap();
    assert_eq!(refusal(office.act(&office.karimi(), Command::ClaimNext(view))), "claim.uncovered");
    screen.keys("<f5>");
    assert!(screen.text().contains("NOBODY HERE: Works, 1 open (g c)"), "{}", screen.text());
    assert!(
        screen.keys("gc").text().contains("NOBODY HERE: name who stands in"),
        "{}",
        screen.text()
    );
    let moe = desk(&office, "moe");
    let board = moe.ask(AskBoard { unit: HOUSING }).unwrap();
    assert!(board.uncovered.is_empty(), "it is nothing that Moe could mend");
    office.act(&office.karimi(), away(berg, Some(KAYA))).unwrap();
    office.act(&office.karimi(), Command::ClaimNext(view)).unwrap();
    assert!(desk(&office, "karimi").ask(AskBoard { unit: HOUSING }).unwrap().uncovered.is_empty());
}

#[test]
fn what_must_not_stay_overnight_is_listed_with_its_key_until_nothing_is_left() {
    let office = housing();
    let case = office.case(None, Nature::Report, "Lamp");
    let asked = office.case(None, Nature::Report, "Lift");
    by(&office, "moe", case, CaseAct::Claim).unwrap();
    by(&office, "kaya", asked, CaseAct::Claim).unwrap();
    by(&office, "kaya", asked, escalate(EscalationLevel::Supervisor)).unwrap();
    let karimi = desk(&office, "karimi");
    let mut screen = TestScreen::open(karimi.clone());
    screen.keys("gd");
    assert!(screen.text().contains("escalation") && screen.text().contains("x seen"));
    screen.keys("x");
    assert!(screen.text().contains("Nothing of yours stays overnight."), "{}", screen.text());
    let moe = desk(&office, "moe");
    let draft = Draft {
        key: DraftKey { form: DraftForm::Note, target: Some(EntityId::Case(case)) },
        fields: vec![("text".to_owned(), "half a thought".to_owned())],
        focus: "text".to_owned(),
        base_version: 2,
        saved_at: office.clock.now(),
    };
    moe.execute(office.request(Command::SaveDraft(draft))).unwrap();
    let mut screen = TestScreen::open(moe.clone());
    screen.keys("gd");
    let text = screen.text();
    assert!(
        text.contains("> claim") && text.contains("nothing done since     x releases"),
        "{text}"
    );
    assert!(text.contains("\" draft") && text.contains("note: half a thought"), "{text}");
    screen.keys("x");
    assert!(screen.status().contains("C-1 is free again"), "{}", screen.text());
    assert!(screen.keys("x").status().contains("the same key drops them"), "{}", screen.text());
    assert_eq!(moe.ask(AskDay {}).unwrap().left_over.len(), 1, "words are not dropped by one key");
    screen.keys("x");
    assert!(screen.text().contains("Nothing of yours stays overnight."), "{}", screen.text());
    screen.keys("u");
    let left = moe.ask(AskDay {}).unwrap().left_over;
    assert_eq!(left.first().map(|line| line.kind), Some(LeftOver::Claim), "{left:?}");
    by(&office, "moe", case, CaseAct::Note { text: "seen".to_owned() }).unwrap();
    assert!(moe.ask(AskDay {}).unwrap().left_over.is_empty(), "it was worked on");
}

#[test]
fn the_day_in_figures_is_ones_own_and_an_undone_closing_does_not_count() {
    let office = housing();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+4791234567");
    office.pass_minutes(30);
    office.case(Some(sara), Nature::Information, "When is the counter open?");
    let case = office.case(Some(sara), Nature::Information, "And on Saturday?");
    by(&office, "karimi", case, CaseAct::Claim).unwrap();
    let close = CaseAct::Close {
        outcome: Some(OutcomeCode::Answered),
        reasons: String::new(),
        not_notified: Some("told at once".to_owned()),
    };
    by(&office, "karimi", case, close).unwrap();
    let figures = |account: &str| desk(&office, account).ask(AskDay {}).unwrap().figures;
    let own = figures("karimi");
    assert_eq!((own.contacts, own.closed, own.first_contact), (2, 1, 1));
    office.pass_minutes(30);
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("gd");
    let text = screen.text();
    assert!(
        text.contains("cases closed 1   of these in the first contact 1   1.0 cases an hour"),
        "{text}"
    );
    assert_eq!(figures("moe").closed, 0);
    screen.keys("u");
    let own = figures("karimi");
    assert_eq!((own.closed, own.first_contact), (0, 0));
    office.pass_minutes(24 * 60);
    assert_eq!(figures("karimi").contacts, 0, "another day begins at nothing");
}

#[test]
fn late_cases_are_told_by_age_and_an_age_opens_its_own_list() {
    let office = housing();
    let case = office.case(None, Nature::Information, "When?");
    office.case(None, Nature::Report, "Lamp");
    for case in [case, CaseId(2)] {
        by(&office, "karimi", case, CaseAct::Claim).unwrap();
    }
    // The enquiry was to be answered by Monday, the report by Wednesday.
    office.pass_minutes(6 * 24 * 60);
    let answer = desk(&office, "karimi").ask(AskOverdue {}).unwrap();
    assert_eq!((answer.units[0].1, answer.ages[0]), (2, [0, 1, 1, 0, 0, 0]));
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("go");
    assert!(screen.text().contains("-- Housing   2 of 2 late"), "{}", screen.text());
    assert!(screen.keys("<right><right><right>").cursor_row().starts_with("> Housing"));
    assert!(screen.text().contains("> 3 3-5 d        1  ####"), "{}", screen.text());
    screen.keys("<enter>");
    assert!(screen.at().contains("C-1   1 of 1   late 3-5 d"), "{}", screen.text());
    assert!(screen.keys("go2").at().contains("C-2   1 of 1   late 1-2 d"), "{}", screen.text());
    assert!(screen.keys("go<enter>").text().contains("[6LATE 2]"), "{}", screen.text());
}

/// Writes rows behind the desk's back.
fn plant(store: &MemoryStore, writes: Vec<Write>) {
    let commit =
        Commit { id: CommitId(u128::MAX), reads: Vec::new(), stamp: Box::new(move |_| Ok(writes)) };
    store.commit(commit).unwrap();
}

#[test]
fn what_came_and_went_is_counted_as_a_recount_of_the_events_says() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let berg = works(&office);
    let first = office.case(None, Nature::Report, "Lamp");
    office.case(None, Nature::Report, "Lift");
    office.pass_minutes(24 * 60);
    let give = CaseAct::Give { to: GiveTo::Caseworker(berg), words: String::new() };
    by(&office, "karimi", first, give).unwrap();
    by(&office, "karimi", CaseId(2), CaseAct::Claim).unwrap();
    let close = CaseAct::Close {
        outcome: Some(OutcomeCode::Answered),
        reasons: String::new(),
        not_notified: None,
    };
    let _may_be_refused = by(&office, "karimi", CaseId(2), close);
    office.act(&office.karimi(), Command::Undo).unwrap();
    office.case(None, Nature::Report, "Door");
    let flow = |unit| {
        let days = desk(&office, "karimi").ask(AskBoard { unit }).unwrap().flow;
        days.iter().map(|day| (day.came, day.backlog)).collect::<Vec<_>>()
    };
    assert_eq!(flow(HOUSING), [(2, 2), (1, 2)]);
    assert_eq!(flow(WORKS), [(1, 1)]);
    assert!(findings(&office).is_empty(), "{:?}", findings(&office));
    // The counter of what came into Housing on the first day.
    let range = KeyRange::prefix(&[b'c', 10]);
    let page = store.scan(&range, 1, Direction::Forward).unwrap();
    let key = page.rows[0].0.clone();
    plant(&store, vec![Write::Put(key, 7_i64.to_be_bytes().to_vec())]);
    let found = findings(&office);
    assert!(found.len() == 1 && found[0].contains("Came(UnitId(1)"), "{found:?}");
    assert!(found[0].contains("says 7, and events say 2"), "{found:?}");
}

#[test]
fn a_counter_that_an_older_program_kept_and_nothing_reads_is_no_finding() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let counter = |kind: u8| {
        let days = 20_000_i64.to_be_bytes();
        [&[b'c', kind][..], &HOUSING.0.to_be_bytes(), &[1], &days].concat()
    };
    // Promises of a unit that were kept in time on a day.
    plant(&store, vec![Write::Put(counter(13), 3_i64.to_be_bytes().to_vec())]);
    assert_eq!(findings(&office), Vec::<String>::new());
}

#[test]
fn an_office_from_before_the_counters_is_counted_from_its_next_event_on() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    office.case(None, Nature::Report, "Lamp");
    let mut writes = Vec::new();
    for prefix in [[b'c', 10], [b'c', 11], [b'c', 12]] {
        let page = store.scan(&KeyRange::prefix(&prefix), 10, Direction::Forward).unwrap();
        writes.extend(page.rows.into_iter().map(|(key, _)| Write::Delete(key)));
    }
    assert!(!writes.is_empty());
    plant(&store, writes);
    assert!(findings(&office).is_empty(), "{:?}", findings(&office));
    office.case(None, Nature::Report, "Lift");
    assert!(findings(&office).is_empty(), "{:?}", findings(&office));
    let flow = desk(&office, "karimi").ask(AskBoard { unit: HOUSING }).unwrap().flow;
    assert_eq!((flow.len(), flow[0].came, flow[0].backlog), (1, 1, 2));
}

#[test]
fn a_draft_without_a_name_is_told_by_its_words_and_alike_in_both_lists() {
    let office = housing();
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    let opened_at = casedesk::desk::Clock::now(office.clock.as_ref()).milliseconds().to_string();
    screen.keys("ntc<esc>");
    for keys in ["gd", "gw"] {
        let text = screen.keys(keys).text();
        assert!(text.contains("new case"), "{keys}: {text}");
        assert!(!text.contains(&opened_at), "{keys}: {text}");
    }
}

#[test]
fn a_wide_board_charts_the_unit_and_a_narrow_one_leaves_its_rows_to_the_list() {
    let office = housing();
    office.case(None, Nature::Report, "Lamp");
    office.pass_minutes(24 * 60);
    office.case(None, Nature::Report, "Lift");
    office.case(None, Nature::Report, "Door");
    let mut wide = TestScreen::open_with(desk(&office, "karimi"), "default", (132, 43));
    let line = "2 days   came =# 2 today   open _# 3 now, 1 then";
    assert!(wide.rows().iter().any(|row| row == line), "{}", wide.text());
    assert!(!wide.resize(80, 24).text().contains("days   came"), "{}", wide.text());
}

#[test]
fn work_of_somebody_ill_is_news_the_next_morning_until_it_is_undone() {
    let office = housing();
    let case = office.case(None, Nature::Report, "Lamp");
    by(&office, "moe", case, CaseAct::Claim).unwrap();
    let kaya = desk(&office, "kaya");
    let mut evening = TestScreen::open(kaya.clone());
    assert!(!evening.text().contains("since "), "{}", evening.text());
    office.pass_minutes(24 * 60);
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("gc<end>a<tab>kaya<enter>");
    assert!(screen.status().contains("1 case went to Kaya"), "{}", screen.text());
    let news = kaya.ask(AskNews {}).unwrap();
    assert_eq!(news.lines.first().map(|line| line.kind), Some(NewsKind::Given));
    let mut morning = TestScreen::open(kaya);
    assert!(morning.text().contains("+1 yours (Moe ill)"), "{}", morning.text());
    screen.keys("u");
    assert_eq!(owner(&office, case), Some(MOE));
}
