//! The case screen and its editors, with a desk that answers what the test has put there.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks at the few commands and queries that it is about"
)]

#[path = "bench.rs"]
mod bench;

use super::CaseScreen;

use bench::{BOSS, Bench, ME, refused};

use crate::desk::{CaseFileAnswer, Change, Command, DeskError};
use crate::domain::cases::{
    CaseAct, Channel, Escalation, EscalationLevel, EscalationReason, EscalationState, GiveTo, Hold,
    HoldReason, OutcomeCode, ReplyAddress, ScreeningOutcome, Stage,
};
use crate::domain::event::EntityId;
use crate::domain::knowledge::Subject;
use crate::domain::time::Day;
use crate::domain::{CaseId, PersonId, SubjectCode, UnitId};
use crate::keymap::Action;
use crate::tui::paint::Paper;
use crate::tui::screen::{Go, Screen, Status};

fn escalated(file: &mut CaseFileAnswer, is_to_me: bool) {
    let (from, to) = if is_to_me { (BOSS, ME) } else { (ME, BOSS) };
    file.row.is_escalated = true;
    file.case.escalations.push(Escalation {
        level: EscalationLevel::Supervisor,
        reason: EscalationReason::OverLimit,
        ask: "Rule on 4.2m".to_owned(),
        from,
        to,
        raised_at: file.case.received_at,
        due_at: file.case.received_at,
        state: EscalationState::Raised,
    });
}

#[test]
fn four_keys_escalate() {
    let mut bench = Bench::open();
    bench.keys("e 2 a Enter");
    let ask = "over my limit".to_owned();
    let (level, reason) = (EscalationLevel::Supervisor, EscalationReason::OverLimit);
    assert_eq!(bench.acts(), [CaseAct::Escalate { level, reason, ask }]);
    assert!(!bench.shown().contains("ESCALATE"));
}

#[test]
fn an_escalation_shows_who_decides_and_when() {
    let mut bench = Bench::open();
    bench.keys("e 2 a").types("Rule on 4.2m");
    let shown = bench.shown();
    for words in [
        "-- ESCALATE C-20931",
        ">2 supervisor: Berg out, so M. Kaya",
        ">a over my limit",
        "today 15:14",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let (rows, cursor) = bench.drawn(79, 22);
    assert_eq!(rows[usize::from(cursor.y)], "ask      Rule on 4.2m");
    assert_eq!(cursor.x, 21);
}

#[test]
fn a_refused_escalation_keeps_the_words() {
    let mut bench = Bench::open();
    bench.desk.refusal = Some(refused("There is no head to ask."));
    bench.keys("e 3 d").types("the notice ends on Monday").keys("Enter");
    let shown = bench.shown();
    assert!(shown.contains("the notice ends on Monday"), "{shown}");
    assert!(shown.contains("refused  There is no head to ask."), "{shown}");
    bench.keys("Enter");
    let acts = bench.acts();
    assert_eq!((acts.len(), &acts[0]), (2, &acts[1]));
    assert!(!bench.shown().contains("ESCALATE"));
}

#[test]
fn another_reason_takes_words() {
    let mut bench = Bench::open();
    bench.keys("e o Enter");
    assert_eq!(bench.acts(), []);
    assert!(matches!(&bench.status, Some(Status::Refused(why)) if why.contains("words")));
}

#[test]
fn the_receiver_acknowledges_and_answers_in_place() {
    let mut bench = Bench::with(|file| escalated(file, true));
    assert!(bench.shown().contains("Kaya asks: Rule on 4.2m"), "{}", bench.shown());
    assert_eq!(bench.screen.hints()[0], Action::Acknowledge);
    bench.keys("A e").types("Grant it").keys("Enter");
    let answer = "Grant it".to_owned();
    assert_eq!(
        bench.acts(),
        [CaseAct::AcknowledgeEscalation, CaseAct::AnswerEscalation { answer }]
    );
}

#[test]
fn the_sender_sees_what_is_waited_for_and_takes_it_back() {
    let mut bench = Bench::with(|file| escalated(file, false));
    bench.keys("e");
    assert!(
        bench.shown().contains("it waits for Kaya; 3 asks the head; b takes it back"),
        "{}",
        bench.shown()
    );
    bench.keys("b");
    assert_eq!(bench.acts(), [CaseAct::WithdrawEscalation]);
}

#[test]
fn the_sender_sees_the_answer() {
    let bench = Bench::with(|file| {
        escalated(file, false);
        file.row.is_escalated = false;
        let at = file.case.received_at;
        file.case.escalations[0].state =
            EscalationState::Answered { at, answer: "Grant it".to_owned() };
    });
    assert!(bench.shown().contains("ruled    Kaya, 2 Nov 15:47: Grant it"), "{}", bench.shown());
}

#[test]
fn three_keys_reply_with_a_template() {
    let mut bench = Bench::open();
    bench.keys("r 1 Ctrl-D");
    let [CaseAct::Reply { to, template, text }] = &bench.acts()[..] else { unreachable!() };
    assert_eq!(*to, ReplyAddress { addressee: PersonId(4711), channel: Channel::Sms });
    assert_eq!(template.as_deref(), Some("done@1/en"));
    assert!(text.starts_with("C-20931: what you asked for is done."), "{text}");
    let mut bench = Bench::open();
    bench.keys("r 1 Tab 2");
    assert!(bench.shown().contains("Dear Mrs Mohammadi,"), "a letter: {}", bench.shown());
}

#[test]
fn six_keys_reply_and_close_though_the_desk_is_slow() {
    let mut bench = Bench::open();
    bench.is_slow = true;
    bench.keys("r 1 Ctrl-D x 1 Enter");
    assert_eq!(bench.acts(), []);
    bench.settle();
    let [reply, close] = &bench.acts()[..] else { unreachable!() };
    assert!(matches!(reply, CaseAct::Reply { .. }));
    assert!(matches!(close, CaseAct::Close { outcome: Some(OutcomeCode::Granted), .. }));
    let version = |at: usize| match bench.commands.iter().filter(|c| is_act(c)).nth(at) {
        Some(Command::Case { version, .. }) => *version,
        _ => None,
    };
    assert_eq!((version(0), version(1)), (Some(7), None));
}

fn is_act(command: &Command) -> bool {
    matches!(command, Command::Case { .. })
}

#[test]
fn a_refused_reply_takes_what_was_typed_ahead_with_it() {
    let mut bench = Bench::open();
    bench.is_slow = true;
    bench.desk.refusal = Some(refused("Somebody else works C-20931."));
    bench.keys("r 1 Ctrl-D x 1 Enter");
    bench.settle();
    assert_eq!(bench.acts().len(), 1);
    assert!(bench.shown().contains("what you asked for is done"), "{}", bench.shown());
}

#[test]
fn two_colons_put_a_text_in_and_esc_leaves_them() {
    let mut bench = Bench::open();
    bench.keys("r Enter").types("Hello. ::inter");
    assert!(bench.shown().contains(">An interpreter, free of charge"), "{}", bench.shown());
    bench.keys("Enter Ctrl-D");
    let [CaseAct::Reply { text, .. }] = &bench.acts()[..] else { unreachable!() };
    assert!(text.starts_with("Hello. If you would rather speak with us"), "{text}");
    let used = Command::CountUse { module: "interpreter".to_owned() };
    assert!(bench.commands.contains(&used));
    let mut bench = Bench::open();
    bench.keys("r Enter").types("at 9::").keys("Ctrl-D");
    assert!(bench.acts().is_empty(), "a text that is being picked is not sent with its colons");
    bench.keys("Esc").types("00").keys("Ctrl-D");
    let [CaseAct::Reply { text, .. }] = &bench.acts()[..] else { unreachable!() };
    assert_eq!(text, "at 9::00");
}

#[test]
fn what_is_not_filled_in_keeps_a_reply_and_is_typed_over() {
    let mut bench = Bench::open();
    bench.keys("r 3");
    assert!(bench.shown().contains("to fill in: {papers}"), "{}", bench.shown());
    assert!(bench.shown().contains("of 160, 1 part, GSM"), "{}", bench.shown());
    bench.keys("Home Ctrl-D");
    assert_eq!(bench.acts(), []);
    let said = &bench.status;
    assert!(matches!(said, Some(Status::Refused(why)) if why.contains("{papers}")), "{said:?}");
    bench.types("the lease").keys("Ctrl-D");
    let [CaseAct::Reply { text, .. }] = &bench.acts()[..] else { unreachable!() };
    assert!(text.contains("we need from you: the lease. Please"), "{text}");
}

#[test]
fn knowledge_is_read_in_place_and_begins_a_reply() {
    let mut bench = Bench::open();
    bench.keys("K Down Enter");
    assert!(bench.shown().contains("You can send copies by post"), "{}", bench.shown());
    bench.keys("r Ctrl-D");
    let [CaseAct::Reply { text, .. }] = &bench.acts()[..] else {
        unreachable!("{}", bench.shown())
    };
    assert!(text.starts_with("You can send copies by post"), "{text}");
}

#[test]
fn a_reply_can_go_another_way_and_says_how_long_it_can_be_recalled() {
    let mut bench = Bench::open();
    bench.keys("r Enter").types("Come on Monday").keys("Tab 2 Ctrl-D");
    let [CaseAct::Reply { to, text, .. }] = &bench.acts()[..] else { unreachable!() };
    assert_eq!((to.channel, text.as_str()), (Channel::Letter, "Come on Monday"));
    bench.keys("r");
    assert!(bench.shown().contains("u recalls it for 2 min"), "{}", bench.shown());
}

#[test]
fn what_is_typed_is_kept_after_a_rest_and_offered_on_return() {
    let mut bench = Bench::open();
    bench.keys("a").types("met her at the counter").seconds(2);
    assert_eq!(bench.desk.draft.as_ref().unwrap().fields[0].1, "met her at the counter");
    assert!(bench.shown().contains("draft kept 09:14:02"), "{}", bench.shown());
    bench.keys("Esc");
    assert!(!bench.shown().contains("NOTE"));
    bench.keys("a");
    assert!(bench.shown().contains("met her at the counter"), "{}", bench.shown());
    bench.keys("Ctrl-D");
    let text = "met her at the counter".to_owned();
    assert_eq!(bench.acts(), [CaseAct::Note { text }]);
    assert_eq!(bench.desk.draft, None);
}

#[test]
fn words_of_an_escalation_come_back_after_leaving_it_and_keys_pick_first() {
    let mut bench = Bench::open();
    bench.keys("e 3 l").types("may we").keys("Esc e");
    let shown = bench.shown();
    assert!(shown.contains("here; Ctrl-N anew"), "{shown}");
    assert!(shown.contains(">3 head") && shown.contains("may we"), "{shown}");
    bench.keys("Tab Tab").types(" do that?").keys("Enter");
    let ask = "may we do that?".to_owned();
    let (level, reason) = (EscalationLevel::Head, EscalationReason::Law);
    assert_eq!(bench.acts(), [CaseAct::Escalate { level, reason, ask }]);
}

#[test]
fn a_draft_is_offered_again_though_the_desk_has_not_kept_it_yet() {
    let mut bench = Bench::open();
    bench.is_slow = true;
    bench.keys("a").types("one").keys("Esc a").types(" two");
    bench.settle();
    bench.keys("Ctrl-D");
    bench.settle();
    assert_eq!(bench.acts(), [CaseAct::Note { text: "one two".to_owned() }]);
    assert!(!bench.screen.is_waiting());
}

#[test]
fn typing_without_a_rest_is_kept_every_ten_seconds() {
    let mut bench = Bench::open();
    bench.keys("a");
    for _ in 0..11 {
        bench.types("x").seconds(1);
    }
    assert_eq!(bench.desk.draft.as_ref().unwrap().fields[0].1.len(), 10);
}

#[test]
fn a_hold_takes_a_reason_and_a_day_and_the_same_key_ends_it() {
    let mut bench = Bench::open();
    bench.keys("h c").types("14.12").keys("Tab").types("income proof").keys("Enter");
    let until = Day::from_parts(2026, 12, 14).unwrap();
    let (reason, words) = (HoldReason::Citizen, "income proof".to_owned());
    assert_eq!(bench.acts(), [CaseAct::Hold { reason, until, words }]);
    let mut bench = Bench::with(|file| {
        file.row.is_held = true;
        let (by, from, words) = (ME, file.case.received_at, String::new());
        file.case.hold = Some(Hold { reason, until, words, by, from });
    });
    assert!(bench.shown().contains("hold     citizen till 14 Dec"), "{}", bench.shown());
    bench.keys("h");
    assert_eq!(bench.acts(), [CaseAct::Resume]);
}

#[test]
fn a_hold_that_is_too_long_says_so_before_it_is_sent() {
    let mut bench = Bench::open();
    bench.keys("h t").types("+500").keys("Enter");
    assert_eq!(bench.acts(), []);
    assert!(matches!(&bench.status, Some(Status::Refused(why)) if why.contains("180 days")));
}

#[test]
fn letters_and_enter_give_the_case_even_when_typed_ahead() {
    let mut bench = Bench::open();
    bench.desk.targets = vec![
        (GiveTo::Unit(UnitId(2)), "Property".to_owned(), String::new()),
        (GiveTo::Caseworker(BOSS), "Kaya".to_owned(), "12 cases".to_owned()),
    ];
    bench.is_slow = true;
    bench.keys("t k a Enter");
    bench.settle();
    let to = GiveTo::Caseworker(BOSS);
    assert_eq!(bench.acts(), [CaseAct::Give { to, words: String::new() }]);
}

#[test]
fn a_case_goes_back_to_whoever_had_it_last() {
    let mut bench = Bench::with(|file| file.case.last_handler = Some(BOSS));
    bench.keys("t - Enter");
    let to = GiveTo::Caseworker(BOSS);
    assert_eq!(bench.acts(), [CaseAct::Give { to, words: String::new() }]);
}

#[test]
fn a_close_that_says_no_waits_for_its_reasons() {
    let mut bench = Bench::open();
    bench.keys("x");
    assert!(
        bench.shown().contains("missing  an outcome; the required step \"check the facts\""),
        "{}",
        bench.shown()
    );
    bench.keys("4 Enter");
    assert_eq!(bench.acts(), []);
    bench.types("no right to it").keys("Enter");
    let [CaseAct::Close { outcome, reasons, not_notified }] = &bench.acts()[..] else {
        unreachable!()
    };
    assert_eq!((*outcome, reasons.as_str()), (Some(OutcomeCode::Refused), "no right to it"));
    assert_eq!(*not_notified, None);
}

#[test]
fn a_close_comes_back_from_a_draft_with_no_outcome_picked_and_keys_pick_one() {
    let mut bench = Bench::open();
    bench.desk.refusal = Some(refused("The step \"hear both\" is open."));
    bench.keys("x 4").types("not entitled").keys("Enter Esc x");
    let shown = bench.shown();
    assert!(shown.contains("draft kept 09:14:00: its words are here; Ctrl-N starts"), "{shown}");
    assert!(shown.contains("reasons  not entitled"), "{shown}");
    assert!(shown.contains("missing  an outcome"), "{shown}");
    bench.keys("1 Enter");
    let [_, CaseAct::Close { outcome, reasons, .. }] = &bench.acts()[..] else { unreachable!() };
    assert_eq!((*outcome, reasons.as_str()), (Some(OutcomeCode::Granted), ""));
}

#[test]
fn a_draft_is_dropped_and_the_editor_begun_anew() {
    for key in ["x 4", "a", "h c Tab", "e 2 a", "t Tab", "r Enter"] {
        let mut bench = Bench::open();
        bench.keys(key).types("old words").keys("Esc");
        assert!(bench.desk.draft.is_some(), "{key}");
        let opening = key.chars().next().unwrap().to_string();
        bench.keys(&opening);
        assert!(bench.shown().contains("old words"), "{key}\n{}", bench.shown());
        bench.keys("Ctrl-N");
        assert!(!bench.shown().contains("old words"), "{key}\n{}", bench.shown());
        assert!(!bench.shown().contains("draft kept"), "{key}\n{}", bench.shown());
        assert_eq!(bench.desk.draft, None, "{key}");
    }
}

#[test]
fn a_step_is_ticked_off_though_another_one_is_half_typed() {
    let mut bench = Bench::open();
    bench.keys("s +").types("call").keys("Esc s 2");
    assert_eq!(bench.acts(), [CaseAct::SetTask { index: 1, is_done: true }]);
}

#[test]
fn typing_at_an_escalation_that_one_has_raised_leaves_no_draft() {
    let mut bench = Bench::with(|file| escalated(file, false));
    bench.is_slow = true;
    bench.keys("e").types("hello").seconds(2);
    bench.settle();
    bench.seconds(2).keys("Esc");
    bench.settle();
    assert_eq!(bench.desk.draft, None);
}

#[test]
fn a_closed_case_shows_its_end_and_is_reopened_with_a_reason() {
    let mut bench = Bench::with(|file| {
        file.case.stage = Stage::Closed;
        file.row.stage = Stage::Closed;
        file.case.closed_at = Some(file.case.received_at);
        file.case.outcome = Some(crate::domain::cases::Outcome {
            code: OutcomeCode::Refused,
            source_text: String::new(),
            reasons: "no right to it".to_owned(),
            by: Some(BOSS),
            at: file.case.received_at,
            not_notified: Some("moved away".to_owned()),
        });
    });
    let shown = bench.shown();
    assert!(shown.contains("refused 2 Nov by Kaya: no right to it"), "{shown}");
    bench.keys("X").types("new papers").keys("Enter");
    assert_eq!(bench.acts(), [CaseAct::Reopen { reason: "new papers".to_owned() }]);
}

#[test]
fn two_keys_and_enter_accept_a_case_and_settle_its_subject_on_the_way() {
    let screening = |file: &mut CaseFileAnswer| {
        file.row.stage = Stage::Screening;
        file.case.stage = Stage::Screening;
    };
    let mut bench = Bench::with(screening);
    bench.keys("s 1 Enter");
    assert_eq!(bench.acts(), [CaseAct::Screen(ScreeningOutcome::Accept)]);

    let mut bench = Bench::with(|file| {
        screening(file);
        file.case.subjects.clear();
    });
    let subject = SubjectCode("RENT-1".into());
    bench.desk.subjects = vec![Subject {
        code: subject.clone(),
        version: 1,
        label: "Rent subsidy, apply".to_owned(),
        synonyms: Vec::new(),
        parent: None,
        is_retired: false,
    }];
    bench.keys("s 1").types("ren").keys("Enter");
    let settle = CaseAct::SetSubject { subject, reason: String::new() };
    assert_eq!(bench.acts(), [settle, CaseAct::Screen(ScreeningOutcome::Accept)]);
}

#[test]
fn a_duplicate_is_named_by_its_number() {
    let mut bench = Bench::with(|file| file.row.stage = Stage::Screening);
    bench.keys("s 3").types("19402").keys("Enter");
    let of = CaseId(19402);
    assert_eq!(bench.acts(), [CaseAct::Screen(ScreeningOutcome::DuplicateOf(of))]);
}

#[test]
fn one_open_step_is_ticked_off_at_once_and_several_by_their_digit() {
    let mut bench = Bench::with(|file| file.case.tasks.truncate(1));
    bench.keys("s");
    assert_eq!(bench.acts(), [CaseAct::SetTask { index: 0, is_done: true }]);
    let mut bench = Bench::open();
    bench.keys("s");
    assert!(bench.shown().contains("2 ! check the facts"), "{}", bench.shown());
    bench.keys("2");
    assert_eq!(bench.acts(), [CaseAct::SetTask { index: 1, is_done: true }]);
    bench.keys("s +").types("call the landlord").keys("Enter");
    let title = "call the landlord".to_owned();
    assert_eq!(bench.acts()[1], CaseAct::AddTask { title, is_required: false });
}

#[test]
fn why_is_explained_in_place() {
    let mut bench = Bench::open();
    bench.keys("w");
    assert!(bench.shown().contains("decide: 20 working days from 2026-11-02"), "{}", bench.shown());
    bench.keys("Esc");
    assert!(!bench.shown().contains("WHY"));
}

#[test]
fn a_case_that_somebody_changed_is_read_again_before_the_next_try() {
    let mut bench = Bench::open();
    let entity = EntityId::Case(CaseId(20931));
    let at = bench.shared.now;
    bench.desk.refusal =
        Some(DeskError::Changed { entity, by: "Rahimi".to_owned(), at, fields: Vec::new() });
    bench.desk.file.row.version = 12;
    bench.keys("h c").types("+7").keys("Enter Enter");
    let versions: Vec<_> = bench
        .commands
        .iter()
        .filter_map(|command| match command {
            Command::Case { version, .. } => Some(*version),
            _ => None,
        })
        .collect();
    assert_eq!(versions, [Some(7), Some(12)]);
}

#[test]
fn the_reading_is_recorded_before_the_case_is_shown() {
    let mut bench = Bench::open();
    assert!(matches!(bench.commands[0], Command::OpenCase { .. }));
    bench.is_slow = true;
    bench.screen = CaseScreen::new(CaseId(20931));
    bench.handle(Screen::load);
    assert!(!bench.shown().contains("Mohammadi"));
}

#[test]
fn the_screen_says_what_by_when_and_for_whom() {
    let bench = Bench::open();
    let (rows, cursor) = bench.drawn(79, 22);
    assert!(rows[0].starts_with("C-20931 COM Rent subsidy late   claimed   you, Housing"));
    assert!(rows[0].ends_with("LATE 11d"), "{}", rows[0]);
    assert_eq!(
        rows[1],
        "people   1 P-4711 Mohammadi, Sara (asked)   tel, received 2 Nov, entered 2 Nov"
    );
    assert!(rows[2].contains("ANSWER 9 Nov 16:00 -11d (5 wd)"), "{}", rows[2]);
    assert!(rows.iter().any(|row| row == "todo     . hear the citizen   ! check the facts"));
    assert_eq!(rows[usize::from(cursor.y)], ">today 09:14  note    Karimi    entry 0");
    assert!(rows.iter().any(|row| row == "whole text of entry 0"));
}

#[test]
fn keys_wait_for_a_file_that_a_change_has_asked_for_anew() {
    let mut bench = Bench::open();
    bench.is_slow = true;
    bench.screen = CaseScreen::new(CaseId(20_931));
    bench.handle(CaseScreen::load);
    bench.answer_oldest();
    let change = Change::Changed(vec![EntityId::Case(CaseId(20_931))]);
    bench.handle(|screen, context| screen.changed(&change, context));
    bench.answer_oldest();
    assert!(bench.screen.is_waiting(), "the first answer is not the one that counts");
    bench.settle();
    assert!(!bench.screen.is_waiting());
}

#[test]
fn the_chosen_entry_stays_chosen_when_news_come() {
    let mut bench = Bench::open();
    bench.keys("j j");
    assert!(bench.shown().contains("whole text of entry 2"), "{}", bench.shown());
    let mut news = bench.desk.file.timeline[0].clone();
    news.sequence = 200;
    news.words = "news".to_owned();
    bench.desk.file.timeline.insert(0, news);
    let change = Change::Changed(vec![EntityId::Case(CaseId(20931))]);
    bench.handle(|screen, context| screen.changed(&change, context));
    let shown = bench.shown();
    assert!(shown.contains("news") && shown.contains("whole text of entry 2"), "{shown}");
}

#[test]
fn a_digit_goes_to_the_person_and_a_dot_claims_a_free_case() {
    let mut bench = Bench::open();
    bench.keys("1");
    assert_eq!(bench.go, Some(Go::Person(PersonId(4711))));
    let mut bench = Bench::with(|file| {
        file.case.owner = None;
        file.row.owner = None;
    });
    bench.keys(".");
    assert_eq!(bench.acts(), [CaseAct::Claim]);
}

#[test]
fn hostile_text_is_shown_harmless() {
    let mut bench = Bench::with(|file| {
        let hostile = "\u{1b}[2J\u{202e}evil\u{9b}31m\u{e0041}";
        file.row.subject = hostile.into();
        file.case.asks = format!("{hostile}\n{hostile}");
        file.parties[0].name = hostile.to_owned();
        file.parties[0].reply[0].1 = hostile.to_owned();
        file.case.tasks[0].title = hostile.to_owned();
        file.next = hostile.to_owned();
        escalated(file, true);
        file.case.escalations[0].ask = hostile.to_owned();
        for field in ["kind", "who", "words", "text"] {
            let entry = &mut file.timeline[0];
            match field {
                "kind" => entry.kind = hostile.to_owned(),
                "who" => entry.who = hostile.to_owned(),
                "words" => entry.words = hostile.to_owned(),
                _ => entry.text = hostile.to_owned(),
            }
        }
    });
    bench.desk.refusal = Some(refused("\u{1b}]0;title\u{7}"));
    for keys in ["j k", "e", "Esc r 1", "Esc x 1", "Esc s", "Esc t", "Esc w", "Esc h", "Esc A"] {
        bench.keys(keys);
        for (width, height) in [(79, 22), (200, 60), (24, 8)] {
            let shown = bench.drawn(width, height).0.join("");
            let is_harmful = |letter: char| {
                letter.is_control() || matches!(letter, '\u{202e}' | '\u{e0000}'..='\u{e0fff}')
            };
            assert!(!shown.contains(is_harmful), "{keys} {shown:?}");
        }
    }
    assert!(bench.keys("Esc").shown().contains("^[[2J<202E>evil"), "{}", bench.shown());
    bench.keys("a");
    bench.paste("\u{1b}[2J");
    assert!(matches!(&bench.status, Some(Status::Refused(_))));
}

#[test]
fn no_area_is_too_small_and_the_cursor_stays_in_it() {
    let mut bench = Bench::with(|file| {
        escalated(file, false);
        file.row.is_escalated = false;
    });
    for keys in ["j", "e", "Esc r", "1", "Esc a", "Esc x", "Esc h", "Esc t", "Esc s", "Esc w"] {
        bench.keys(keys);
        for width in [0, 1, 2, 5, 10, 40, 79, 300] {
            for height in [0, 1, 2, 3, 5, 11, 22, 80] {
                let area = ratatui::layout::Rect::new(0, 0, width, height);
                let mut sheet = crate::tui::Sheet::new(area);
                let mut paper = Paper::new(&mut sheet, bench.shared.look);
                let cursor = bench.screen.draw(&bench.shared, area, &mut paper);
                assert!(cursor.x < width.max(1) && cursor.y < height.max(1), "{keys} {cursor}");
            }
        }
    }
}

#[test]
fn an_imported_case_says_where_it_comes_from() {
    let bench = Bench::with(|file| {
        file.parties.clear();
        file.case.origin = crate::domain::cases::CaseOrigin::Imported {
            source: "nyc-council".to_owned(),
            reference: "88-12".to_owned(),
            digest: 1,
            is_touched: false,
        };
    });
    assert!(bench.shown().contains("from nyc-council 88-12"), "{}", bench.shown());
}

#[test]
fn what_is_masked_is_shown_after_the_reading_is_recorded_and_hidden_again() {
    let mut bench = Bench::open();
    bench.keys("z");
    let revealed = |command: &Command| matches!(command, Command::RevealPerson { .. });
    assert_eq!(bench.commands.iter().filter(|command| revealed(command)).count(), 1);
    assert!(bench.shown().contains("telephone  +98 912 000 4411"), "{}", bench.shown());
    bench.keys("Esc");
    assert!(!bench.shown().contains("000 4411"));
    bench.keys("z j");
    assert!(!bench.shown().contains("000 4411"));
}

#[test]
fn a_screening_comes_back_from_a_draft_with_nothing_picked() {
    let mut bench = Bench::with(|file| {
        file.row.stage = Stage::Screening;
        file.case.stage = Stage::Screening;
    });
    bench.keys("s 4").types("tax office").keys("Esc s");
    assert!(bench.shown().contains("tax office"), "{}", bench.shown());
    assert!(!bench.shown().contains(">4"), "{}", bench.shown());
    bench.keys("1 Enter");
    assert_eq!(bench.acts(), [CaseAct::Screen(ScreeningOutcome::Accept)]);
}
