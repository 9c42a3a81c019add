//! What the person screens do.

use crate::desk::{Command, Draft, DraftForm, DraftKey};
use crate::domain::office::Purpose;
use crate::domain::people::{ContactPointState, PersonChange};
use crate::domain::{CaseId, EntityId, PersonId};
use crate::tui::Go;
use crate::tui::field::bench::Bench;

use super::{NewPersonScreen, PersonScreen};

fn person() -> Bench<PersonScreen> {
    Bench::open(PersonScreen::new(PersonId(4_711)))
}

#[test]
fn the_file_is_one_window_and_opening_it_is_recorded_first() {
    let bench = person();
    let purpose = Purpose::unasked();
    assert_eq!(bench.commands, [Command::OpenPerson { person: PersonId(4_711), purpose }]);
    let text = bench.shown();
    for seen in [
        "P-4711  MOHAMMADI, Sara  Mrs  b.1986-03-02 (40)  fa, sms",
        "T1 +98 912 ***4411 ? 08-11",
        "Azadi 12/3, W7",
        "! C-20931 late -2d   NOT IDENTIFIED",
        "-- kin, household H-1190 (3)",
        " 1 husband  Mohammadi, Reza",
        "-- cases, 3 open of 11",
        ">4  -2d C-20931",
        " 6  -2d C-21044",
        "C-19402",
        "-- services, 12 months 8,400,000 NOK",
        "06-01 rent subsidy  4,200,000 NOK  C-19870",
        "-- contacts, 14",
        "08-20    L in  registry   C-20931  lease sent again ^[]0;x",
        "-- next 1, notes 1",
        "Mon decision C-21007 (Hansen)",
        "mornings best (Rahimi 07-30)",
    ] {
        assert!(text.contains(seen), "{seen}\n{text}");
    }
}

#[test]
fn digits_go_to_kin_and_then_to_open_cases() {
    let mut bench = person();
    bench.keys("2");
    assert_eq!(bench.go, Some(Go::Person(PersonId(5_002))));
    bench.keys("4");
    assert_eq!(bench.go, Some(Go::Case(CaseId(20_931))));
    bench.keys("7");
    assert!(bench.refused().contains('7'), "the seventh is a past case, which has no digit");
    bench.keys("Down Enter");
    assert_eq!(bench.go, Some(Go::Case(CaseId(21_007))));
    bench.keys("Tab Enter");
    assert_eq!(bench.go, Some(Go::Case(CaseId(20_931))));
    bench.keys("n");
    assert_eq!(bench.go, Some(Go::Intake(Some(PersonId(4_711)), String::new())));
}

#[test]
fn what_is_masked_is_shown_for_a_purpose_and_until_one_leaves() {
    let mut bench = person();
    bench.keys("z");
    assert!(bench.shown().contains("1 casework"));
    bench.keys("3");
    let purpose = Purpose("verification".to_owned());
    assert_eq!(
        bench.commands.last(),
        Some(&Command::RevealPerson { person: PersonId(4_711), purpose })
    );
    assert!(bench.shown().contains("telephone +98 912 555 4411"));
    bench.keys("Esc");
    assert!(!bench.shown().contains("555 4411"));
}

#[test]
fn a_field_is_edited_in_its_row_with_its_source_and_the_version_seen() {
    let mut bench = person();
    bench.keys("i Down");
    let text = bench.shown();
    assert!(
        text.contains("born             1986-03-02                     ok 08-11 identity card"),
        "{text}"
    );
    bench.keys("Enter Backspace 3 Enter Enter");
    let (change, source) = last_change(&bench);
    assert_eq!(
        change,
        PersonChange::BirthDate(crate::domain::people::BirthDate::parse("1986-03-03").unwrap())
    );
    assert_eq!(source, "told by telephone");
    assert!(bench.shown().contains("-- edit"), "one stays in the list");
}

#[test]
fn a_masked_number_is_typed_anew_and_a_wrong_one_is_marked() {
    let mut bench = person();
    bench.keys("i Down Down Down Down Enter 12 Enter Enter");
    assert!(bench.refused().contains("5 to 15 digits"));
    bench.keys("Up 345 Ctrl-D");
    let (change, _) = last_change(&bench);
    assert!(
        matches!(&change, PersonChange::ContactPoint { index: 0, point } if point.raw == "12345")
    );
    bench.keys("w");
    let wrong = PersonChange::ContactPointState { index: 0, state: ContactPointState::Wrong };
    assert_eq!(last_change(&bench).0, wrong);
}

#[test]
fn an_edit_that_is_left_is_kept_and_comes_back() {
    let mut bench = person();
    bench.keys("i Down Enter x Esc");
    let Some(Command::SaveDraft(draft)) = bench.commands.last().cloned() else {
        panic!("{:?}", bench.commands)
    };
    assert_eq!(draft.key.target, Some(EntityId::Person(PersonId(4_711))));
    assert_eq!(draft.base_version, 7);
    let mut again = Bench::with_draft(PersonScreen::new(PersonId(4_711)), Some(draft));
    again.keys("i");
    assert!(again.shown().contains("DRAFT, half typed"), "{}", again.shown());
    assert!(again.shown().contains("draft kept 09:14:00"));
    again.keys("Down Enter");
    assert!(again.shown().contains("1986-03-02x"), "{}", again.shown());
    assert!(again.shown().contains("its words are here; Ctrl-N"), "{}", again.shown());
    again.keys("Ctrl-N");
    assert!(!again.shown().contains("1986-03-02x"), "{}", again.shown());
    assert!(matches!(again.commands.last(), Some(Command::DropDraft(_))));
}

#[test]
fn a_half_typed_field_stays_closed_until_it_is_opened() {
    let mut bench = person();
    bench.keys("i Enter x Esc Esc");
    let Some(Command::SaveDraft(draft)) = bench.commands.last().cloned() else { unreachable!() };
    let mut again = Bench::with_draft(PersonScreen::new(PersonId(4_711)), Some(draft));
    again.keys("i Down Down Down Enter y");
    assert!(!again.commands.iter().any(|c| matches!(c, Command::ChangePerson { .. })));
    again.keys("Esc");
    let Some(Command::SaveDraft(draft)) = again.commands.last() else { unreachable!() };
    let labels: Vec<_> = draft.fields.iter().filter(|(name, _)| name == "field").collect();
    assert_eq!(labels.len(), 2, "each field keeps its words");
}

#[test]
fn a_new_person_is_filled_from_the_words_and_opens_once_registered() {
    let shown = vec![PersonId(1), PersonId(2)];
    let mut bench = Bench::open(NewPersonScreen::new("sara mohamedi 86", shown.clone()));
    let text = bench.shown();
    assert!(text.contains("Sara") && text.contains("Mohamedi") && text.contains("1986"), "{text}");
    bench.types("0912 555 4411");
    bench.keys("Ctrl-D");
    let Some(Command::RegisterPerson(person)) =
        bench.commands.iter().find(|command| matches!(command, Command::RegisterPerson(_)))
    else {
        panic!("{:?}", bench.commands)
    };
    assert_eq!(person.shown, shown);
    assert_eq!(person.names[0].listed(), "Mohamedi, Sara");
    assert_eq!(person.contact_points[0].normalised, "09125554411");
    assert_eq!(bench.go, Some(Go::Person(PersonId(90_001))));
}

#[test]
fn what_no_field_takes_becomes_a_note_of_the_new_person() {
    let mut bench = Bench::open(NewPersonScreen::new("nika W7 4411", Vec::new()));
    assert!(bench.shown().contains("W7"), "{}", bench.shown());
    bench.keys("Ctrl-D");
    let kept = bench.commands.iter().any(|command| {
        matches!(
            command,
            Command::ChangePerson { person: PersonId(90_001), change: PersonChange::Note(note), .. }
                if note == "4411"
        )
    });
    assert!(kept, "{:?}", bench.commands);
    assert_eq!(bench.go, Some(Go::Person(PersonId(90_001))));
}

#[test]
fn a_new_person_needs_a_name_and_keeps_what_is_typed() {
    let mut bench = Bench::open(NewPersonScreen::new("", Vec::new()));
    bench.keys("Ctrl-D");
    assert!(bench.refused().contains("needs a name"));
    bench.keys("Down Liv");
    bench.seconds(2);
    let key = DraftKey { form: DraftForm::Person, target: None };
    assert!(matches!(
        bench.commands.last(),
        Some(Command::SaveDraft(Draft { key: kept, .. })) if *kept == key
    ));
    bench.keys("Ctrl-D");
    assert_eq!(bench.commands.last(), Some(&Command::DropDraft(key)));
}

#[test]
fn they_draw_at_every_size() {
    let mut bench = person();
    bench.assert_draws_at_every_size();
    let wide = bench.drawn(120, 40).0.join("\n");
    assert!(wide.contains("-- services"), "{wide}");
    for keys in ["z", "1", "i", "Enter"] {
        bench.keys(keys);
        bench.assert_draws_at_every_size();
    }
    Bench::open(NewPersonScreen::new("x", Vec::new())).assert_draws_at_every_size();
}

fn last_change(bench: &Bench<PersonScreen>) -> (PersonChange, String) {
    let change = bench.commands.iter().rev().find_map(|command| match command {
        Command::ChangePerson { version, change, source, .. } => {
            assert_eq!(*version, Some(7));
            Some((change.clone(), source.clone()))
        }
        _ => None,
    });
    change.unwrap()
}

#[test]
fn the_case_under_the_cursor_is_worked_in_place() {
    let mut bench = person();
    bench.keys("h");
    assert!(bench.shown().contains("-- C-20931"), "{}", bench.shown());
    bench.assert_draws_at_every_size();
    bench.keys("Esc");
    assert!(!bench.shown().contains("-- C-20931"));
}
