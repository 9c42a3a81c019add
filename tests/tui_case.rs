//! Casework from the keyboard, on a real desk: the core tasks in the keys that the sketches count.

use std::sync::Arc;

use casedesk::desk::{AskCaseFile, AskDrafts, CaseFileAnswer, Command, Desk};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{CaseAct, EscalationState, MessageState, Nature, OutcomeCode, Stage};
use casedesk::domain::office::Role;

use crate::harness::TestScreen;
use crate::office::Office;

/// The desk of an account.
fn seat(office: &Office, account: &str) -> Arc<dyn Desk> {
    Arc::new(office.sign_in(account).unwrap())
}

/// An office with a case of Sara's in the inbox, and the screen of a caseworker who leads nobody.
fn at_work(nature: Nature) -> (Office, Arc<dyn Desk>, CaseId) {
    let office = Office::new();
    office.enrol("rahimi", "M. Rahimi", &[Role::Caseworker]);
    let rahimi = seat(&office, "rahimi");
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(sara), nature, "July subsidy not on her account");
    (office, rahimi, case)
}

fn file(desk: &Arc<dyn Desk>, case: CaseId) -> CaseFileAnswer {
    desk.ask(AskCaseFile { case, entries: 20 }).unwrap()
}

#[test]
fn one_key_claims_and_four_escalate_and_the_receiver_rules_in_place() {
    let (office, rahimi, case) = at_work(Nature::Complaint);
    let mut screen = TestScreen::open(rahimi.clone());
    screen.keys(".");
    assert_eq!(screen.status(), "Claimed C-1 from Inbox, 1 of 1 in its order.   u undoes");
    assert!(screen.rows()[0].starts_with("C-1 COM"), "{}", screen.text());
    assert!(screen.rows()[0].contains("you, Housing"), "{}", screen.text());
    screen.keys("e2a<enter>");
    let asked = file(&rahimi, case);
    assert_eq!(asked.case.open_escalation().unwrap().ask, "over my limit");
    assert!(screen.text().contains("over my limit"), "{}", screen.text());

    let karimi = seat(&office, "karimi");
    let mut leader = TestScreen::open(karimi.clone());
    leader.keys("7<enter>");
    assert!(leader.text().contains("Rahimi asks: over my limit"), "{}", leader.text());
    leader.keys("AeGrant it<enter>");
    let ruled = file(&karimi, case).case.escalations[0].state.clone();
    assert!(
        matches!(&ruled, EscalationState::Answered { answer, .. } if answer == "Grant it"),
        "{ruled:?}"
    );
    screen.keys("<f5>");
    assert!(screen.text().contains("Grant it"), "{}", screen.text());
}

#[test]
fn six_keys_reply_and_close_also_when_they_are_typed_ahead() {
    for is_slow in [false, true] {
        let (_office, rahimi, case) = at_work(Nature::Information);
        let mut screen = TestScreen::open(rahimi.clone());
        screen.keys(".");
        if is_slow {
            screen.hold();
        }
        screen.keys("r1<ctrl-d>x1<enter>").release();
        let closed = file(&rahimi, case);
        assert_eq!(closed.case.stage, Stage::Closed, "slow: {is_slow}\n{}", screen.text());
        assert_eq!(closed.case.outcome.unwrap().code, OutcomeCode::Granted);
        assert_eq!(closed.messages[0].state, MessageState::Queued);
        assert!(closed.messages[0].text.contains("C-1"), "{}", closed.messages[0].text);
        assert!(screen.text().contains("ended    done, granted"), "{}", screen.text());
    }
}

#[test]
fn six_keys_reply_and_close_a_case_of_each_nature_whose_steps_are_done() {
    for nature in Nature::ALL.iter().copied() {
        let (office, rahimi, case) = at_work(nature);
        office.desk.hold_replies(2);
        let session = office.sign_in("rahimi").unwrap();
        office.on(&session, case, CaseAct::Claim).unwrap();
        for index in 0..file(&rahimi, case).case.tasks.len() {
            let index = u32::try_from(index).unwrap();
            office.on(&session, case, CaseAct::SetTask { index, is_done: true }).unwrap();
        }
        let mut screen = TestScreen::open(rahimi.clone());
        screen.keys(&format!("/{case}<enter>")).keys("r1<ctrl-d>x1<enter>");
        let closed = file(&rahimi, case);
        assert_eq!(closed.case.stage, Stage::Closed, "{nature:?}\n{}", screen.text());
        assert!(matches!(closed.messages[0].state, MessageState::Waiting { .. }), "it waits");
    }
}

#[test]
fn a_refused_escalation_keeps_the_words_on_the_screen() {
    let (office, _, _) = at_work(Nature::Complaint);
    let mut screen = TestScreen::open(seat(&office, "karimi"));
    screen.keys(".e2lMay we pay before the papers come?<enter>");
    let text = screen.text();
    assert!(text.contains("May we pay before the papers come?"), "{text}");
    assert!(text.contains("-- ESCALATE C-1"), "{text}");
    assert!(text.contains("is you"), "{text}");
}

#[test]
fn a_draft_outlives_the_screen_and_ends_with_the_note() {
    let (office, rahimi, case) = at_work(Nature::Complaint);
    TestScreen::open(rahimi.clone()).keys(".aShe came<enter>by herself<esc>");
    assert_eq!(rahimi.ask(AskDrafts {}).unwrap().drafts.len(), 1);
    let mut screen = TestScreen::open(seat(&office, "rahimi"));
    screen.keys("<enter>a");
    assert!(screen.text().contains("-- NOTE C-1   draft kept 09:14:00"), "{}", screen.text());
    assert!(screen.text().contains("by herself"), "{}", screen.text());
    screen.keys(" today<ctrl-d>");
    let noted = file(&rahimi, case).timeline[0].clone();
    assert_eq!(noted.text, "She came\nby herself today");
    assert_eq!(rahimi.ask(AskDrafts {}).unwrap().drafts, []);
}

#[test]
fn steps_hold_and_reopening_go_in_place() {
    let (_office, rahimi, case) = at_work(Nature::Complaint);
    let mut screen = TestScreen::open(rahimi.clone());
    screen.keys(".s2");
    assert!(screen.text().contains("x check the facts"), "{}", screen.text());
    screen.keys("s");
    assert!(screen.text().contains("x hear the citizen"), "{}", screen.text());
    screen.keys("hc+7 the lease<enter>");
    assert_eq!(file(&rahimi, case).case.hold.unwrap().words, "the lease");
    assert!(screen.text().contains("citizen till 28 Aug: the lease"), "{}", screen.text());
    screen.keys("hx1moved away<enter>");
    let text = screen.text();
    assert!(text.contains("the citizen was not told: moved away"), "{text}");
    screen.keys("XNew papers<enter>");
    assert_eq!(file(&rahimi, case).case.stage, Stage::Reopened, "{}", screen.text());
    screen.keys("w");
    assert!(screen.text().contains("-- WHY C-1"), "{}", screen.text());
}

#[test]
fn what_a_citizen_said_is_shown_harmless() {
    let (office, rahimi, _) = at_work(Nature::Complaint);
    let says = "pay\u{200f}now\u{ad}";
    office.case(None, Nature::Report, says);
    let mut screen = TestScreen::open(rahimi);
    screen.keys("2<enter>");
    let text = screen.text();
    assert!(text.contains("pay<200F>now<00AD>"), "{text}");
    assert!(!text.contains(['\u{200f}', '\u{ad}']));
}

#[test]
fn on_a_free_case_the_footer_says_that_its_key_claims() {
    let (_, rahimi, case) = at_work(Nature::Complaint);
    let mut screen = TestScreen::open(rahimi);
    screen.keys(&format!("/{case}<enter>"));
    assert!(screen.footer().starts_with(". claim"), "{}", screen.text());
    screen.keys(".");
    assert!(!screen.footer().contains("claim"), "{}", screen.text());
}

#[test]
fn one_key_shows_the_receipt_with_its_pin_over_the_case_and_over_its_row() {
    let (office, rahimi, case) = at_work(Nature::Complaint);
    let mut screen = TestScreen::open(rahimi.clone());
    screen.keys(".");
    for keys in ["S", "<esc>gbS"] {
        screen.keys(keys);
        assert!(screen.text().contains("RECEIPT  C-1"), "{keys}: {}", screen.text());
        assert!(screen.text().contains("PIN: "), "{keys}: {}", screen.text());
    }
    let text = screen.text();
    let pin = text.lines().find_map(|line| line.trim().strip_prefix("PIN: ")).unwrap();
    let pin = pin.trim().to_owned();
    let told = office.act(&office.karimi(), Command::AskStatus { case, pin }).unwrap();
    assert!(told.text.is_some(), "the last one opens the door");
    screen.keys("<esc>");
    assert!(!screen.text().contains("RECEIPT"), "{}", screen.text());
    assert!(screen.text().contains("printed with a new PIN"), "it is logged: {}", screen.text());
}

#[test]
fn what_is_typed_and_put_in_stands_before_the_signature() {
    let (_office, rahimi, case) = at_work(Nature::Information);
    let mut screen = TestScreen::open(rahimi.clone());
    screen.keys(".r1 Ring us.<ctrl-d>");
    let text = file(&rahimi, case).messages[0].text.clone();
    let (before, after) = text.split_once(" Ring us.\n").unwrap();
    assert!(before.ends_with('.') && after.contains("M. Rahimi"), "{text}");
}

#[test]
fn a_recalled_reply_is_corrected_where_it_was_written() {
    let (office, rahimi, case) = at_work(Nature::Information);
    office.desk.hold_replies(2);
    let mut screen = TestScreen::open(rahimi.clone());
    screen.keys(".r1 Rnig us.<ctrl-d>u");
    screen.keys("r");
    assert!(screen.text().contains("Rnig us."), "{}", screen.text());
    screen.keys(" Soon.<ctrl-d>");
    let messages = file(&rahimi, case).messages;
    let text = &messages[0].text;
    assert!(text.contains("Rnig us. Soon.\n"), "{text}");
    assert!(messages[0].template.is_some(), "it began from a template still");
}

#[test]
fn the_timeline_names_steps_by_their_titles_and_whoever_claimed_once() {
    let (office, rahimi, case) = at_work(Nature::Complaint);
    let session = office.sign_in("rahimi").unwrap();
    office.on(&session, case, CaseAct::Claim).unwrap();
    let set = |is_done| CaseAct::SetTask { index: 1, is_done };
    office.on(&session, case, set(true)).unwrap();
    let shown = || {
        let timeline = file(&rahimi, case).timeline.into_iter();
        let line = |kind: &str, words: &str| format!("{kind} {words}");
        timeline.map(|entry| line(&entry.kind, &entry.words)).collect::<Vec<_>>()
    };
    let title = file(&rahimi, case).case.tasks[1].title.clone();
    let timeline = shown();
    assert_eq!(timeline[..2], [format!("step done: {title}"), "claim ".to_owned()]);
    // What was put back may have had other steps: what came before it is told by number.
    office.act(&session, Command::Undo).unwrap();
    office.on(&session, case, set(true)).unwrap();
    let timeline = shown();
    assert_eq!(timeline[0], format!("step done: {title}"));
    assert_eq!(timeline[2], "step 2 done");
}
