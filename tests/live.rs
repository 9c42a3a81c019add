//! Many people at one desk: what one does another sees without a key, who else has a case open, and who composes on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use casedesk::desk::{
    Answer, AskAttendance, AskCaseFile, AskPersonFile, AskPlaces, Change, Command, Desk, DeskError,
    DraftForm, Feed, KeptPlace, LEASE_SECONDS, Query, Receipt, Request, Session,
};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::office::{CaseworkerState, NewUnit, Role};
use casedesk::domain::time::Day;
use casedesk::domain::{CaseId, CaseworkerId, EntityId, PersonId, UnitId};
use casedesk::store::{Direction, KeyRange, MemoryStore, Store as _};

use crate::harness::TestScreen;
use crate::link_remote::Listening;
use crate::office::Office;
use crate::plan_desk::publish;

fn seat(office: &Office, account: &str) -> Arc<dyn Desk> {
    Arc::new(office.desk.sign_in(account, None).unwrap())
}

fn screen(desk: &Arc<dyn Desk>, session: u64) -> TestScreen {
    let mut screen = TestScreen::open(desk.clone());
    screen.remember(session);
    screen
}

/// An office with Karimi who leads it, Berg and Moe, and two free cases, of which the second is the first in order.
fn staffed() -> (Office, CaseId) {
    let office = Office::new();
    office.enrol("berg", "A. Berg", &[Role::Caseworker]);
    office.enrol("moe", "K. Moe", &[Role::Caseworker]);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), Nature::Complaint, "July subsidy not on her account");
    office.case(None, Nature::Report, "The lift stands still");
    (office, case)
}

/// Lets what went over the socket arrive: the feed of a remote desk is another thread's.
fn until(screen: &mut TestScreen, mut is_there: impl FnMut(&mut TestScreen) -> bool) {
    for _ in 0..5_000 {
        if is_there(screen.heard()) {
            return;
        }
        std::thread::yield_now();
        std::thread::park_timeout(std::time::Duration::from_millis(2));
    }
    unreachable!("it never came:\n{}", screen.text());
}

#[test]
fn whoever_is_marked_away_at_work_is_told_why_their_cases_go() {
    let (office, case) = staffed();
    let moe = seat(&office, "moe");
    let mut screen = screen(&moe, 2);
    screen.keys("2.gb1");
    assert!(screen.text().contains("[1Mine 1]"), "{}", screen.text());
    let mark = |state| Command::SetAttendance {
        caseworker: CaseworkerId(3),
        state,
        successor: None,
        why: "ill".to_owned(),
    };
    let until_day = Day::from_parts(2026, 8, 28).unwrap();
    let away = CaseworkerState::Absent { until: until_day, substitute: None };
    office.act(&office.karimi(), mark(away)).unwrap();
    let told = "YOU ARE MARKED AWAY until Fri 28 Aug (g c)";
    until(&mut screen, |screen| screen.text().contains(told));
    assert!(screen.text().contains("[1Mine 0]"), "{case}: {}", screen.text());
    office.act(&office.karimi(), mark(CaseworkerState::Active)).unwrap();
    until(&mut screen, |screen| !screen.text().contains("MARKED AWAY"));
}

#[test]
fn a_claim_a_new_case_and_an_escalation_are_on_anothers_board_without_a_key() {
    let (office, case) = staffed();
    let (berg, moe) = (seat(&office, "berg"), seat(&office, "moe"));
    let mut other = screen(&moe, 2);
    other.keys("4");
    assert!(other.text().contains("4Free 2"), "{}", other.text());
    let mut one = screen(&berg, 1);
    one.keys(".");
    assert!(other.heard().text().contains("4Free 1"), "{}", other.text());
    assert!(other.text().contains("gone  C-2"), "{}", other.text());
    office.case(None, Nature::Report, "The door is open");
    assert!(other.heard().text().contains("4Free 2"), "{}", other.text());
    let mut leader = screen(&seat(&office, "karimi"), 3);
    assert!(leader.text().contains("7Esc 0"), "{}", leader.text());
    one.keys("e2a<enter>");
    assert!(leader.heard().text().contains("7Esc 1"), "{}", leader.text());
    let mut file = screen(&moe, 4);
    file.keys(&format!("/{case}<enter>"));
    office.on(&office.karimi(), case, CaseAct::Note { text: "She rang again".to_owned() }).unwrap();
    assert!(file.heard().text().contains("She rang again"), "{}", file.text());
}

#[test]
fn what_other_units_do_is_not_asked_for_and_a_drafts_own_session_hears_of_it() {
    let (office, case) = staffed();
    let feed = office.karimi().watch();
    let mut one = screen(&seat(&office, "berg"), 1);
    one.keys("4<enter>a She called");
    while feed.next().is_some() {}
    one.tick(office.clock_now().plus_minutes(1));
    let told: Vec<Change> = std::iter::from_fn(|| feed.next()).collect();
    let is_attended = |change: &Change| matches!(change, Change::Attended(_));
    assert!(told.iter().all(is_attended), "nobody else's draft is news: {told:?}");
    office.on(&office.karimi(), case, CaseAct::Note { text: "A note".to_owned() }).unwrap();
    let told: Vec<Change> = std::iter::from_fn(|| feed.next()).collect();
    assert!(told.contains(&Change::Lists(vec![UnitId(1)])), "{told:?}");
    let mut drafts = screen(&seat(&office, "berg"), 5);
    drafts.keys(":drafts<enter>");
    one.keys(" twice").tick(office.clock_now().plus_minutes(2));
    assert!(drafts.heard().text().contains("She called twice"), "{}", drafts.text());
}

/// Who else has a case open is said to both, told when it changes, and ends with the session.
fn each_sees_the_other(berg: Arc<dyn Desk>, moe: &Arc<dyn Desk>) {
    let mut other = screen(moe, 2);
    other.keys("4<enter>");
    assert!(!other.text().contains("also:"), "{}", other.text());
    let mut one = screen(&berg, 1);
    one.keys("4<enter>");
    until(&mut other, |other| other.text().contains("open     also: Berg"));
    until(&mut one, |one| one.text().contains("also: Moe"));
    one.keys("r1");
    until(&mut other, |other| other.text().contains("also: Berg (reply)"));
    let mut third = screen(moe, 3);
    third.keys("4");
    until(&mut third, |third| {
        third.text().contains("open  also: you, in another session, Berg (reply)")
    });
    one.keys("<esc>");
    until(&mut other, |other| other.text().contains("also: Berg\n"));
    drop((one, berg));
    until(&mut other, |other| !other.text().contains("Berg"));
}

#[test]
fn who_else_has_a_case_open_is_said_on_the_file_and_the_row() {
    let (office, _) = staffed();
    each_sees_the_other(seat(&office, "berg"), &seat(&office, "moe"));
}

#[test]
fn who_else_has_a_case_open_is_said_across_the_socket() {
    let listening = Listening::new();
    let office = &listening.office;
    office.enrol("berg", "A. Berg", &[Role::Caseworker]);
    office.enrol("moe", "K. Moe", &[Role::Caseworker]);
    office.case(None, Nature::Report, "The lift stands still");
    let berg: Arc<dyn Desk> = Arc::new(listening.remote_as("berg"));
    let moe: Arc<dyn Desk> = Arc::new(listening.remote_as("moe"));
    each_sees_the_other(berg, &moe);
}

#[test]
fn a_lease_that_ran_out_goes_when_another_is_taken() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(store.clone());
    let cases =
        [1, 2, 3].map(|number| office.case(None, Nature::Report, &format!("Lamp {number}")));
    let take = |case: CaseId| Command::TakeLease {
        about: EntityId::Case(case),
        form: DraftForm::Note,
        session: 1,
    };
    let kept = || store.scan(&KeyRange::prefix(b"3"), 9, Direction::Forward).unwrap().rows.len();
    let karimi = office.karimi();
    office.act(&karimi, take(cases[0])).unwrap();
    office.act(&karimi, take(cases[1])).unwrap();
    assert_eq!(kept(), 2, "both hold");
    office.clock.pass_seconds(LEASE_SECONDS);
    office.act(&karimi, take(cases[2])).unwrap();
    assert_eq!(kept(), 1);
}

#[test]
fn whoever_may_not_see_a_case_learns_nothing_of_who_has_it_open() {
    let (office, _) = staffed();
    let moe = seat(&office, "moe");
    let missing = moe.ask(AskAttendance { about: EntityId::Case(CaseId(99)) }).unwrap_err();
    assert_eq!(missing.to_string(), "there is no C-99");
    let attend =
        Command::Attend { session: 1, about: Some(EntityId::Case(CaseId(99))), form: None };
    let refused = office.act(&office.desk.sign_in("moe", None).unwrap(), attend).unwrap_err();
    assert_eq!(refused.to_string(), "there is no C-99");
}

#[test]
fn a_second_who_composes_the_same_is_told_since_when_and_has_it_once_the_lease_lapses() {
    let (office, _) = staffed();
    let (berg, moe) = (seat(&office, "berg"), seat(&office, "moe"));
    let mut one = screen(&berg, 1);
    one.keys("4<enter>r1");
    let mut other = screen(&moe, 2);
    other.keys("4<enter>r1");
    let text = other.heard().text();
    assert!(
        text.contains("Berg has been writing this since 9:14")
            || text.contains("Berg has been writing this since 09:14"),
        "{text}"
    );
    let about = EntityId::Case(CaseId(2));
    let leases =
        |desk: &Arc<dyn Desk>| desk.ask(AskAttendance { about: about.clone() }).unwrap().leases;
    assert_eq!(leases(&moe).len(), 1);
    assert_eq!((leases(&moe)[0].form, leases(&moe)[0].session), (DraftForm::Reply, 1));
    // An open editor renews its lease.
    for _ in 0..3 {
        office.clock.pass_seconds(31);
        for _ in 0..31 {
            one.tick(office.clock_now());
        }
    }
    assert_eq!(leases(&moe)[0].session, 1);
    // A client that was killed does not, and the other one has it then.
    drop((one, berg));
    assert_eq!(leases(&moe)[0].session, 1, "the lease outlives the session");
    office.clock.pass_seconds(LEASE_SECONDS);
    assert!(leases(&moe).is_empty());
    other.tick(office.clock_now());
    assert_eq!(leases(&moe)[0].session, 2);
    assert!(!other.heard().text().contains("lease    Berg"), "{}", other.text());
    assert!(other.status().contains("it is yours now"), "{}", other.status());
    other.keys("<esc>");
    assert!(leases(&moe).is_empty(), "a closed editor gives it back");
}

/// A desk that counts what it is asked.
struct Counting(Arc<dyn Desk>, AtomicUsize);

impl Desk for Counting {
    fn execute(&self, request: Request) -> Result<Receipt, DeskError> {
        self.0.execute(request)
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.query(query)
    }

    fn watch(&self) -> Feed {
        self.0.watch()
    }
}

#[test]
fn an_idle_board_asks_nothing_for_the_work_of_others_and_once_for_a_moment_of_its_units() {
    let (office, case) = staffed();
    let new = NewUnit { code: "roads".to_owned(), name: "Roads".to_owned(), parent: None };
    office.act(&office.karimi(), Command::OpenUnit(new)).unwrap();
    let desk = Arc::new(Counting(seat(&office, "moe"), AtomicUsize::new(0)));
    let mut board = screen(&(Arc::clone(&desk) as Arc<dyn Desk>), 1);
    board.keys("4").heard();
    board.rows();
    let asked = |board: &mut TestScreen| {
        let before = desk.1.load(Ordering::Relaxed);
        board.heard();
        desk.1.load(Ordering::Relaxed) - before
    };
    for person in 0..20 {
        office.person("Nika", &format!("Person{person}"), "1990-01-01", "");
    }
    let berg = office.desk.sign_in("berg", None).unwrap();
    let about = Some(EntityId::Case(case));
    for session in 10..30 {
        let about = about.clone().filter(|_| session % 2 == 0);
        office.act(&berg, Command::Attend { session, about, form: None }).unwrap();
    }
    assert!(asked(&mut board) <= 2, "registrations of the own unit are one question of counts");
    for _ in 0..50 {
        let note = CaseAct::Note { text: "Seen".to_owned() };
        office.on(&berg, case, note).unwrap();
    }
    assert!(
        asked(&mut board) <= 2,
        "fifty notes on another row are one question of counts and list"
    );
}

#[test]
fn what_others_did_meanwhile_is_merged_unless_it_is_what_the_act_rests_on() {
    let (office, case) = staffed();
    let (berg, moe) =
        (office.desk.sign_in("berg", None).unwrap(), office.desk.sign_in("moe", None).unwrap());
    let file = |session: &Session| {
        let desk: &dyn Desk = session;
        desk.ask(AskCaseFile { case, entries: 9 }).unwrap()
    };
    let shown = Some(file(&moe).row.version);
    let on = |session: &Session, act: CaseAct| {
        office.act(session, Command::Case { case, version: shown, act })
    };
    let note = |text: &str| CaseAct::Note { text: text.to_owned() };
    on(&berg, note("She rang")).unwrap();
    on(&moe, note("He rang")).unwrap();
    on(&berg, CaseAct::Claim).unwrap();
    on(&moe, note("a note never conflicts")).unwrap();
    let error = on(&moe, CaseAct::Release).unwrap_err();
    assert_eq!(error.to_string(), "C-1 was changed by Berg meanwhile: who has it by Berg");
    let DeskError::Changed { fields, at, .. } = error else { panic!("it says what changed") };
    assert_eq!((fields.len(), at), (1, office.clock_now()));
    assert!(on(&berg, CaseAct::Release).is_ok(), "one's own act stands in nobody's own way");
}

#[test]
fn a_field_that_both_filled_in_opens_a_choice_and_the_others_are_merged() {
    let office = Office::new();
    publish(&office, 1);
    office.enrol("berg", "A. Berg", &[Role::Caseworker]);
    let case = office.case(None, Nature::Complaint, "The bar below is loud.");
    let (karimi, berg) = (seat(&office, "karimi"), seat(&office, "berg"));
    // A form is filled in by whoever has the case, and by whoever leads the unit.
    office.on(&office.desk.sign_in("berg", None).unwrap(), case, CaseAct::Claim).unwrap();
    let mut one = screen(&karimi, 1);
    one.keys("/c-1<enter>i<up>88");
    let mut other = screen(&berg, 2);
    other.keys("/c-1<enter>i20.8.2026<up>99<f2>");
    one.keys("<f2>");
    let text = one.text();
    assert!(text.contains("1 current") && text.contains("99   Berg"), "{text}");
    assert!(text.contains("2 yours") && text.contains("3 was"), "{text}");
    assert!(one.status().contains("decibels was changed by Berg"), "{}", one.status());
    one.keys("2<f2>");
    let file = karimi.ask(AskCaseFile { case, entries: 9 }).unwrap();
    let held: Vec<&str> = file.plan.fields.iter().map(|line| line.value.as_str()).collect();
    assert_eq!(held, ["88", "2026-08-20", ""], "{}", one.text());
}

#[test]
fn a_field_of_a_person_that_both_changed_says_who_and_keeps_the_words() {
    let (office, _) = staffed();
    let (berg, moe) = (seat(&office, "berg"), seat(&office, "moe"));
    let (mut one, mut other) = (screen(&berg, 1), screen(&moe, 2));
    one.keys("/p-1<enter>i<down><down><enter>Mrs");
    other.keys("/p-1<enter>i<down><down><enter>Dr");
    other.keys("<ctrl-d>");
    one.unseen().keys("<ctrl-d>").seen();
    let text = one.text();
    assert!(text.contains("1 current  Dr"), "{text}");
    assert!(text.contains("Mrs") && text.contains("2 yours"), "{text}");
    one.keys("1");
    let file = berg.ask(AskPersonFile { person: PersonId(1) }).unwrap();
    assert_eq!(file.form_of_address, "Dr");
    assert!(!one.text().contains("2 yours"), "{}", one.text());
}

/// Everybody is told the numbers of the others' sessions: a number alone is nobody's lease and nobody's seat.
#[test]
fn nobody_holds_a_lease_or_a_place_by_the_number_of_anothers_session() {
    let (office, case) = staffed();
    let (berg, moe) = (office.sign_in("berg").unwrap(), office.sign_in("moe").unwrap());
    let about = EntityId::Case(case);
    let (form, session) = (DraftForm::Reply, 7);
    let take = Command::TakeLease { about: about.clone(), form, session };
    let release = Command::ReleaseLease { about: about.clone(), form, session };
    let held = || {
        let answer = (&berg as &dyn Desk).ask(AskAttendance { about: about.clone() }).unwrap();
        answer.leases.iter().map(|lease| lease.name.clone()).collect::<Vec<_>>()
    };
    office.act(&berg, take.clone()).unwrap();
    office.act(&moe, take).unwrap();
    assert_eq!(held(), ["Berg"]);
    office.act(&moe, release.clone()).unwrap();
    assert_eq!(held(), ["Berg"]);
    office.act(&berg, release).unwrap();
    assert!(held().is_empty());
    let kept_at = office.clock_now();
    let place = KeptPlace { session, screens: Vec::new(), shown: 0, kept_at };
    office.act(&berg, Command::KeepPlace(place)).unwrap();
    let attend = Command::Attend { session, about: Some(about.clone()), form: None };
    office.act(&moe, attend).unwrap();
    drop(moe);
    let again = office.sign_in("berg").unwrap();
    let offered = (&again as &dyn Desk).ask(AskPlaces {}).unwrap().places;
    assert!(offered.is_empty(), "Berg sits there still: {offered:?}");
}
