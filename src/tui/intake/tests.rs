//! What the intake form does.

use crate::desk::{Command, RunningContact, SimilarCase};
use crate::domain::cases::{About, Channel, Direction, Intake, Nature, SameChoice, Stage};
use crate::domain::{CaseId, ContactId, PersonId, SubjectCode};
use crate::tui::field::bench::{Bench, case_row};
use crate::tui::{Go, Status};

use super::IntakeScreen;

fn intake() -> Bench<IntakeScreen> {
    Bench::open(IntakeScreen::new(Some(PersonId(4_711)), ""))
}

fn with_similar() -> Bench<IntakeScreen> {
    let mut bench = intake();
    let alike = |id| SimilarCase {
        row: case_row(id),
        why: "same person, same subject".to_owned(),
        ended: None,
    };
    bench.desk.similar.cases = vec![alike(20_931), alike(19_402)];
    bench.desk.similar.answer_by = Some(bench.shared.now.plus_minutes(60 * 24 * 14));
    bench
}

fn registered(bench: &Bench<IntakeScreen>) -> Intake {
    let found = bench.commands.iter().find_map(|command| match command {
        Command::TakeIn(matter) => Some(matter.intake.clone()),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn a_complaint_by_telephone_takes_few_keys_for_filled_fields_are_passed_by() {
    let mut bench = with_similar();
    bench.keys("t c r e n Enter Enter Enter n");
    bench.types("July subsidy still not there");
    bench.keys("Ctrl-D");
    let intake = registered(&bench);
    assert_eq!(intake.channel, Channel::Telephone);
    assert_eq!(intake.nature, Nature::Complaint);
    assert_eq!(intake.subject, Some(SubjectCode("RENT-2".into())));
    assert_eq!(intake.asked_by, Some(PersonId(4_711)));
    assert_eq!(intake.about, About::Same);
    assert_eq!((intake.place.text.as_str(), intake.place.area.as_str()), ("Azadi 12/3", "W7"));
    assert_eq!(intake.says, "July subsidy still not there");
    assert_eq!(intake.same.choice, SameChoice::New);
    assert_eq!(intake.same.shown, [CaseId(20_931), CaseId(19_402)]);
    assert_eq!(bench.go, Some(Go::Case(CaseId(21_100))));
    assert!(matches!(&bench.status, Some(Status::Done(words)) if words.contains("C-21100")));
}

#[test]
fn keys_typed_ahead_of_every_answer_mean_the_same() {
    let mut slow = with_similar();
    slow.is_slow = true;
    slow.keys("t c r e n Enter Enter Enter n");
    slow.types("It is late");
    slow.keys("Enter more Ctrl-D");
    assert!(slow.commands.is_empty());
    slow.is_slow = false;
    slow.settle();
    let intake = registered(&slow);
    assert_eq!(intake.subject, Some(SubjectCode("RENT-2".into())));
    assert_eq!(intake.says, "It is late\nmore");
    assert_eq!(intake.same.choice, SameChoice::New);
}

#[test]
fn same_has_to_be_answered_and_a_digit_adds_the_contact_to_that_case() {
    let mut bench = with_similar();
    bench.keys("t c r e n Enter Enter Enter");
    assert!(bench.shown().contains("still needed: SAME?"), "{}", bench.shown());
    bench.keys("Ctrl-D");
    assert!(bench.refused().contains("SAME?"));
    bench.keys("1 asks Ctrl-D");
    let intake = registered(&bench);
    assert_eq!(intake.same.choice, SameChoice::AddedTo(CaseId(20_931)));
    assert_eq!(intake.same.shown, [CaseId(20_931), CaseId(19_402)]);
    assert_eq!(intake.asked_by, Some(PersonId(4_711)));
    assert_eq!(intake.says, "asks");
    assert_eq!(bench.go, Some(Go::Case(CaseId(20_931))));
}

#[test]
fn where_nothing_is_alike_same_is_passed_by() {
    let mut bench = intake();
    bench.keys("t i r e n Enter 2 Enter x Ctrl-D");
    let intake = registered(&bench);
    assert_eq!(intake.same.choice, SameChoice::NothingShown);
    assert_eq!(intake.about, About::Person(PersonId(5_002)));
    assert_eq!(intake.says, "x");
}

#[test]
fn other_cases_than_were_shown_ask_for_the_choice_again() {
    let mut bench = with_similar();
    bench.keys("t c r e n Enter Enter Enter n x");
    bench.desk.similar.cases.pop();
    bench.handle(|screen, context| {
        crate::tui::Screen::changed(screen, &crate::desk::Change::Resync, context);
    });
    bench.keys("Ctrl-D");
    assert!(bench.refused().contains("SAME?"));
    assert!(bench.commands.is_empty());
}

#[test]
fn a_received_day_is_apart_from_the_day_of_entry_and_never_in_the_future() {
    let mut bench = intake();
    bench.keys("l");
    bench.types("22.8.2026");
    bench.keys("Enter");
    assert!(bench.refused().contains("future"), "{}", bench.refused());
    bench.keys("Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace");
    bench.keys("Backspace");
    bench.types("14.8");
    assert!(bench.shown().contains("Fri 14 Aug 2026"), "{}", bench.shown());
    bench.keys("Enter r Enter Enter Enter");
    bench.types("please");
    bench.keys("Ctrl-D");
    let received = registered(&bench).received_at;
    assert_eq!(bench.shared.zone.day(received).to_string(), "2026-08-14");
}

#[test]
fn an_anonymous_matter_names_nobody() {
    let mut bench = Bench::open(IntakeScreen::new(None, ""));
    bench.keys("w p Enter");
    assert!(bench.shown().contains(">asked by"), "{}", bench.shown());
    bench.keys("a Enter");
    bench.types("Dock Road 3, W4");
    bench.keys("Enter");
    bench.types("The light is broken");
    bench.keys("F2");
    let intake = registered(&bench);
    assert_eq!(intake.asked_by, None);
    assert_eq!((intake.place.text.as_str(), intake.place.area.as_str()), ("Dock Road 3", "W4"));
}

#[test]
fn a_form_that_is_left_comes_back_and_registering_drops_it() {
    let mut bench = intake();
    bench.keys("t c r e n Enter Enter Enter");
    bench.types("half a");
    bench.seconds(2);
    let Some(Command::SaveDraft(draft)) = bench.commands.last().cloned() else {
        panic!("{:?}", bench.commands)
    };
    assert!(bench.shown().contains("draft kept 09:14:02"), "{}", bench.shown());
    bench.keys("Esc");
    assert_eq!(bench.commands.len(), 1, "what is kept is not kept twice");
    let mut again = Bench::with_draft(IntakeScreen::new(Some(PersonId(4_711)), ""), Some(draft));
    assert!(again.shown().contains("half a"));
    again.types(" sentence");
    again.keys("Ctrl-D");
    let intake = registered(&again);
    assert_eq!(intake.says, "half a sentence");
    assert_eq!(intake.subject, Some(SubjectCode("RENT-2".into())));
    assert!(matches!(again.commands.last(), Some(Command::DropDraft(_))));
}

#[test]
fn typing_without_a_pause_is_kept_every_two_seconds() {
    let mut bench = intake();
    bench.keys("t c Enter Enter Enter");
    for _ in 0..10 {
        bench.keys("x");
        bench.seconds(1);
    }
    let kept = bench.commands.iter().filter(|command| matches!(command, Command::SaveDraft(_)));
    assert_eq!(kept.count(), 5);
}

#[test]
fn another_screen_does_not_take_words_with_it_that_were_not_kept() {
    let mut bench = intake();
    bench.keys("t c Enter Enter Enter");
    bench.types("half a");
    bench.handle(crate::tui::Screen::put_away);
    assert!(matches!(bench.commands.last(), Some(Command::SaveDraft(_))), "{:?}", bench.commands);
}

#[test]
fn a_contact_that_runs_fills_in_what_is_known_of_it() {
    let mut shared = crate::tui::bench::shared("UTC", crate::tui::bench::day(2026, 8, 21));
    let started_at = shared.now.plus_minutes(-3);
    shared.presence.contact = Some(RunningContact {
        contact: ContactId(7),
        channel: Channel::Telephone,
        direction: Direction::In,
        person: None,
        started_at,
        cases: Vec::new(),
        is_verified: false,
        is_failed: false,
        telephone: None,
        ivr_path: None,
        summary: String::new(),
        is_promised: false,
    });
    let desk = intake().desk;
    let mut bench = Bench::at(IntakeScreen::new(Some(PersonId(4_711)), ""), shared, desk);
    assert!(bench.shown().contains(">nature"), "{}", bench.shown());
    bench.keys("c r e n Enter Enter Enter");
    bench.types("late");
    bench.keys("Ctrl-D");
    let intake = registered(&bench);
    assert_eq!((intake.channel, intake.received_at), (Channel::Telephone, started_at));
}

#[test]
fn another_subject_asks_same_again_and_a_case_that_has_ended_takes_nothing_in() {
    let mut bench = with_similar();
    bench.desk.similar.cases[1].ended = Some("upheld".to_owned());
    bench.desk.similar.cases[1].row.stage = Stage::Closed;
    bench.keys("t c r e n Enter Enter Enter");
    bench.keys("2");
    assert!(bench.refused().contains("has ended"), "{}", bench.refused());
    bench.keys("n");
    assert!(!bench.shown().contains("still needed: SAME?"));
    bench.keys("Up Up Up Up Up Up");
    assert!(bench.shown().contains(">subject"), "{}", bench.shown());
    bench.keys("Backspace Backspace Backspace Backspace Backspace Backspace p a r Enter");
    assert!(bench.shown().contains("SAME?"), "{}", bench.shown());
    bench.keys("Ctrl-D");
    assert!(bench.refused().contains("SAME?"), "{}", bench.refused());
}

#[test]
fn a_name_is_looked_for_and_whoever_is_found_comes_back_into_the_form() {
    let mut bench = Bench::open(IntakeScreen::new(None, ""));
    bench.keys("t c Enter");
    assert!(bench.shown().contains(">asked by"), "{}", bench.shown());
    bench.types("mohmdi");
    bench.keys("Enter");
    assert_eq!(bench.go, Some(Go::FindFor("mohmdi".to_owned())));
    bench.handle(|screen, context| {
        crate::tui::Screen::take_person(screen, PersonId(4_711), context);
    });
    assert!(bench.shown().contains("NEW for P-4711 Mohammadi, Sara"), "{}", bench.shown());
    assert!(bench.shown().contains(">about"), "{}", bench.shown());
}

#[test]
fn the_form_shows_every_field_at_once() {
    let mut bench = with_similar();
    bench.keys("t c r e n");
    let text = bench.shown();
    for seen in [
        "NEW for P-4711 Mohammadi, Sara",
        ">t tel",
        "o online a audience",
        "Fri 21 Aug 2026 09:14",
        ">c complaint",
        ">RENT-2 rent subsidy, late or missing",
        "PARK-4 rental parking place",
        ">s same  1 Reza  2 Nika  3 Zahra  h household  / other",
        "Azadi 12/3, W7   from the file",
        "SAME?",
        "-- what the citizen says",
        "still needed: SAME?",
    ] {
        assert!(text.contains(seen), "{seen}\n{text}");
    }
}

#[test]
fn it_draws_at_every_size() {
    let mut bench = with_similar();
    bench.assert_draws_at_every_size();
    for keys in ["t c r e n", "Enter Enter Enter", "n abc", "Up Up Up Up"] {
        bench.keys(keys);
        bench.assert_draws_at_every_size();
    }
}

#[test]
fn letters_of_no_subject_are_not_dropped_silently() {
    for key in ["Enter", "Tab"] {
        let mut bench = intake();
        bench.keys("t i z z z").keys(key);
        let said = "No subject is like that: empty it to leave it to screening.";
        assert_eq!(bench.refused(), said, "{key}");
        bench.keys("Ctrl-D");
        assert!(bench.refused().contains("No subject is picked"), "{}", bench.refused());
        assert!(bench.commands.is_empty());
        bench.keys("Backspace Backspace Backspace").keys(key);
        assert!(!bench.shown().contains(">subject"), "{}", bench.shown());
    }
}

#[test]
fn to_whom_letters_go_has_a_row_that_is_passed_by() {
    let mut bench = with_similar();
    assert!(bench.shown().contains(" letters to whoever asks"), "{}", bench.shown());
    assert!(bench.shown().contains("still needed: via"), "{}", bench.shown());
    bench.keys("t c r e n Enter Enter Enter");
    assert!(bench.shown().contains(">- SAME?") || bench.shown().contains("-> SAME?"));
}

#[test]
fn a_promise_is_made_with_the_matter_by_a_time_as_one_says_it() {
    let mut bench = intake();
    assert!(bench.shown().contains("none   (a time: 14, fri 9, +2h)"), "{}", bench.shown());
    bench.keys("t c r e n Enter Enter Enter x Tab");
    bench.types("soon");
    bench.keys("Ctrl-D");
    assert!(bench.commands.is_empty() && bench.refused().contains("14, fri 9"));
    bench.keys("Backspace Backspace Backspace Backspace");
    bench.types("14");
    assert!(bench.shown().contains("Fri 21 Aug 14:00"), "{}", bench.shown());
    bench.keys("Enter Ctrl-D");
    let promise = bench.commands.iter().find_map(|command| match command {
        Command::TakeIn(matter) => matter.promise.clone(),
        _ => None,
    });
    let promise = promise.unwrap();
    assert_eq!(bench.shared.zone.hour_minute(promise.due_at), (14, 0));
    assert_eq!(promise.channel, Channel::Telephone);
}

#[test]
fn words_that_are_typed_before_same_is_answered_are_not_lost() {
    let mut bench = with_similar();
    bench.keys("t c r e n Enter Enter Enter");
    bench.types("July is late");
    assert!(bench.shown().contains("> July is late"), "{}", bench.shown());
    bench.keys("Ctrl-D");
    assert_eq!(bench.refused(), "Still needed: SAME?");
    bench.keys("n Ctrl-D");
    assert_eq!(registered(&bench).says, "July is late");
}
