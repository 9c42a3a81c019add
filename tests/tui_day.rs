//! A working day at the keyboard, on a real desk: what the keys do is seen on the screen, and still there afterwards.

use std::sync::Arc;

use casedesk::desk::{AskCaseFile, Desk};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{Nature, Stage};
use casedesk::domain::office::Role;

use crate::harness::TestScreen;
use crate::office::Office;

fn desk(office: &Office, account: &str) -> Arc<dyn Desk> {
    Arc::new(office.sign_in(account).unwrap())
}

/// Whether a row of the screen holds all of these.
fn has_row(screen: &mut TestScreen, parts: &[&str]) -> bool {
    screen.rows().iter().any(|row| parts.iter().all(|part| row.contains(part)))
}

#[test]
fn the_board_counts_what_waits_and_one_key_chooses_and_claims() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.case(Some(sara), Nature::Complaint, "July subsidy not on her account");
    office.case(None, Nature::Report, "Lift out of order");
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    assert!(screen.rows()[1].contains("[1Mine 0]2Inbox 2"), "{}", screen.text());
    assert!(
        has_row(&mut screen, &["You have no cases"]),
        "an empty list says what to do\n{}",
        screen.text()
    );
    screen.keys("4");
    assert!(has_row(&mut screen, &[">", "C-2", "RPT", "anonymous", "free"]), "{}", screen.text());
    assert!(has_row(&mut screen, &["C-1", "COM", "Mohammadi, Sara", "T"]), "{}", screen.text());
    screen.keys(".");
    assert!(
        screen.status().contains("Claimed C-2 from Inbox, 1 of 2 in its order"),
        "{}",
        screen.text()
    );
    screen.keys("gb1");
    assert!(has_row(&mut screen, &[">", "C-2", "claimed"]), "{}", screen.text());
    assert!(screen.rows()[1].contains("[1Mine 1]"), "{}", screen.text());
    screen.keys("u");
    assert!(screen.status().contains("Undone: Claimed C-2"), "{}", screen.text());
    assert!(screen.rows()[1].contains("[1Mine 0]"), "{}", screen.text());
}

#[test]
fn a_note_a_step_a_hold_and_a_give_are_made_in_place_and_are_there_after_reopening() {
    let office = Office::new();
    office.enrol("moe", "T. Moe", &[Role::Caseworker]);
    let case = office.case(None, Nature::Complaint, "Damp in the bedroom");
    let karimi = desk(&office, "karimi");
    let mut screen = TestScreen::open(karimi.clone());
    screen.keys(".");
    screen.keys("arang the landlord<ctrl-d>");
    assert!(has_row(&mut screen, &["note", "Karimi", "rang the landlord"]), "{}", screen.text());
    screen.keys("hc+7<enter>");
    assert!(has_row(&mut screen, &["hold", "citizen", "28 Aug"]), "{}", screen.text());
    assert!(has_row(&mut screen, &["decide", "paused"]), "clocks stand still\n{}", screen.text());
    screen.keys("h");
    assert!(screen.status().contains("off hold"), "{}", screen.text());
    screen.keys("tmoe<enter>");
    assert!(screen.status().contains("is with Moe now"), "{}", screen.text());
    let mut reopened = TestScreen::open(karimi.clone());
    assert!(reopened.rows()[1].contains("[1Mine 0]2Inbox 1"), "{}", reopened.text());
    let file = karimi.ask(AskCaseFile { case, entries: 20 }).unwrap();
    let kinds: Vec<&str> = file.timeline.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ["give", "hold", "hold", "note", "claim", "T in", "intake"]);
}

#[test]
fn a_case_closes_only_with_what_is_missing_and_opens_again_with_a_reason() {
    let office = Office::new();
    let case = office.case(None, Nature::Request, "Ramp at the front door");
    let karimi = desk(&office, "karimi");
    let mut screen = TestScreen::open(karimi.clone());
    screen.keys(".x4");
    screen.keys("<enter>");
    assert!(screen.text().contains("reasons"), "a refusal takes reasons\n{}", screen.text());
    screen.keys("<esc>x1<enter>");
    assert!(
        screen.text().contains("check the papers"),
        "a required step is named\n{}",
        screen.text()
    );
    screen.keys("<esc>s");
    assert!(screen.status().contains("step done"), "{}", screen.text());
    screen.keys("x1<enter>");
    let stage = |case| karimi.ask(AskCaseFile { case, entries: 1 }).unwrap().case.stage;
    assert_eq!(stage(case), Stage::Closed, "{}", screen.text());
    screen.keys("Xthe ramp broke<enter>");
    assert_eq!(stage(case), Stage::Reopened, "{}", screen.text());
    assert!(has_row(&mut screen, &["reopen", "the ramp broke"]), "{}", screen.text());
}

#[test]
fn what_is_typed_is_kept_and_offered_on_return() {
    let office = Office::new();
    office.case(None, Nature::Report, "Lamp");
    let karimi = desk(&office, "karimi");
    let mut screen = TestScreen::open(karimi.clone());
    screen.keys(".ahalf a sentence");
    screen.keys("<esc>");
    // Another program, as after a dropped line: the same screen and field have the words.
    let mut again = TestScreen::open(karimi);
    assert!(again.rows()[0].contains("1 draft"), "{}", again.text());
    again.keys("1<enter>a");
    assert!(has_row(&mut again, &["half a sentence"]), "{}", again.text());
    assert!(again.text().contains("draft kept"), "{}", again.text());
}

#[test]
fn what_a_citizen_wrote_cannot_touch_the_terminal() {
    let office = Office::new();
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    let at = casedesk::desk::Clock::now(office.clock.as_ref());
    let karimi = office.karimi();
    // Control characters are refused at intake; direction overrides in what came before are shown by number.
    let hostile = Office::intake(None, Nature::Report, "HOU-1", "\u{1b}]0;owned\u{7}", at);
    assert!(office.act(&karimi, casedesk::desk::Command::RegisterCase(hostile)).is_err());
    office.case(None, Nature::Report, "abc\u{ad}def lamp");
    screen.keys("2<f5>");
    assert!(has_row(&mut screen, &["abc<00AD>def lamp"]), "{}", screen.text());
    assert!(!screen.text().contains('\u{1b}'));
}

#[test]
fn screening_ends_with_one_digit() {
    let office = Office::new();
    let clerk = office.enrol("lunde", "A. Lunde", &[Role::Clerk]);
    let at = casedesk::desk::Clock::now(office.clock.as_ref());
    let intake = Office::intake(None, Nature::Report, "HOU-1", "Stair light broken", at);
    office.act(&clerk, casedesk::desk::Command::RegisterCase(intake)).unwrap();
    let karimi = desk(&office, "karimi");
    let mut screen = TestScreen::open(karimi.clone());
    assert!(
        screen.rows()[1].contains("3Screen 1"),
        "a clerk's case waits for screening\n{}",
        screen.text()
    );
    screen.keys("3s1<enter>");
    let case = karimi.ask(AskCaseFile { case: CaseId(1), entries: 1 }).unwrap().case;
    assert_eq!(case.stage, Stage::Queued, "{}", screen.text());
    assert!(screen.rows()[1].contains("2Inbox 1"), "{}", screen.text());
}

#[test]
fn a_new_matter_is_for_nobody_from_the_board_and_for_whoever_is_open() {
    let office = Office::new();
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.case(Some(sara), Nature::Report, "Lamp");
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("2n");
    assert!(!screen.text().contains("Mohammadi"), "nobody chose her\n{}", screen.text());
    screen.keys("<esc>2<enter>n");
    assert!(screen.rows()[0].starts_with("NEW for P-1"), "{}", screen.text());
}

#[test]
fn a_letter_asks_when_it_was_received_and_a_call_does_not() {
    let office = Office::new();
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("nl");
    assert!(has_row(&mut screen, &[">received"]), "{}", screen.text());
    let office = Office::new();
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("nt");
    assert!(
        has_row(&mut screen, &[">nature"]) || !has_row(&mut screen, &[">received"]),
        "{}",
        screen.text()
    );
}

#[test]
fn two_claims_are_released_by_two_keys_typed_ahead() {
    let office = Office::new();
    office.case(None, Nature::Report, "Lift out of order");
    office.case(None, Nature::Report, "Stair light broken");
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys("4.gb.gd");
    let claims = screen.rows().iter().filter(|row| row.contains("x releases")).count();
    assert_eq!(claims, 2, "{}", screen.text());
    screen.hold().keys("xx").release();
    assert!(has_row(&mut screen, &["Nothing of yours stays overnight"]), "{}", screen.text());
}

#[test]
fn an_undo_of_what_was_done_elsewhere_says_so_and_when() {
    let office = Office::new();
    office.case(None, Nature::Complaint, "Damp in the bedroom");
    office.case(None, Nature::Complaint, "Noise at night");
    let mut elsewhere = TestScreen::open(desk(&office, "karimi"));
    let mut screen = TestScreen::open(desk(&office, "karimi"));
    screen.keys(".gb");
    office.pass_minutes(1);
    elsewhere.keys(".");
    office.pass_minutes(2);
    assert_eq!(
        screen.keys("u").status(),
        "Undone, done elsewhere: Claimed C-2 from Inbox, 1 of 1 in its order. (09:15)"
    );
    let own = "Undone: Claimed C-1 from Inbox, 1 of 2 in its order. (09:14)";
    assert_eq!(screen.keys("u").status(), own);
}
