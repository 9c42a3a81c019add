//! What the find screen does.

use crate::domain::{CaseId, PersonId};
use crate::tui::field::bench::Bench;
use crate::tui::{Go, Screen as _};

use super::FindScreen;

fn find(text: &str) -> Bench<FindScreen> {
    Bench::open(FindScreen::new(text))
}

#[test]
fn ten_keys_find_and_open() {
    let mut bench = find("");
    bench.keys("mohmdi Space s Enter");
    assert_eq!(bench.go, Some(Go::Person(PersonId(4_711))));
}

#[test]
fn an_enter_ahead_of_its_answer_opens_a_hit_of_the_newest_text_alone() {
    let mut bench = find("");
    bench.is_slow = true;
    bench.keys("sara Enter");
    for _ in 0..3 {
        bench.answer_oldest();
    }
    assert_eq!(bench.go, None, "the answers to s, sa and sar are of other texts");
    assert!(bench.screen.is_waiting());
    bench.answer_oldest();
    assert_eq!(bench.go, Some(Go::Person(PersonId(4_711))));
    assert!(!bench.screen.is_waiting());
}

#[test]
fn the_hits_say_who_and_why_and_the_chosen_one_says_it_in_full() {
    let mut bench = find("sara mohamedi 86");
    let text = bench.shown();
    assert!(
        text.contains(
            ">1 Mohammadi, Sara         1986-03-02 P-4711    Azadi, W7 3      1 off, year"
        ),
        "{text}"
    );
    assert!(text.contains("3 of 31 shown, whole register of 500000"), "{text}");
    assert!(text.contains("-- P-4711"), "{text}");
    assert!(text.contains("mohamedi = Mohammadi (m, a for e)   1986 = year"), "{text}");
    bench.keys("Down");
    assert!(bench.shown().contains("-- P-4712"));
    bench.keys("Enter");
    assert_eq!(bench.go, Some(Go::Person(PersonId(4_712))));
}

#[test]
fn tab_goes_into_the_hits_where_a_digit_opens_and_n_takes_the_words_along() {
    let mut bench = find("sara 86");
    bench.keys("Tab 3");
    assert_eq!(bench.go, Some(Go::Person(PersonId(4_713))));
    bench.keys("9");
    assert!(bench.refused().contains('9'));
    bench.keys("n");
    let shown = vec![PersonId(4_711), PersonId(4_712), PersonId(4_713)];
    assert_eq!(bench.go, Some(Go::NewPerson("sara 86".to_owned(), shown)));
    bench.keys("Tab x");
    assert!(bench.shown().contains("/ sara 86x"));
}

#[test]
fn a_case_number_opens_the_case() {
    let mut bench = find("");
    bench.keys("c-20931 Enter");
    assert_eq!(bench.go, Some(Go::Case(CaseId(20_931))));
}

#[test]
fn nothing_typed_and_nobody_found_both_say_what_to_do() {
    let mut bench = find("");
    assert!(bench.shown().contains("a name as it sounded"));
    bench.keys("Enter");
    assert_eq!(bench.go, None);
    bench.keys("nobody Enter");
    assert!(bench.shown().contains("Nobody is found by \"nobody\""));
    assert!(bench.shown().contains("registers a new person"));
    assert!(bench.shown().contains("family name   Nobody"), "{}", bench.shown());
    assert_eq!(bench.go, None);
    bench.keys("Tab n");
    assert_eq!(bench.go, Some(Go::NewPerson("nobody".to_owned(), Vec::new())));
}

#[test]
fn it_draws_at_every_size() {
    find("sara").assert_draws_at_every_size();
    find("").assert_draws_at_every_size();
    let mut bench = find("sara");
    bench.keys("Tab");
    bench.assert_draws_at_every_size();
}

#[test]
fn going_down_past_the_last_hit_brings_more_of_them() {
    let mut bench = find("many");
    assert!(bench.shown().contains("Down past the end: more"), "{}", bench.shown());
    bench.keys("PgDn");
    assert!(bench.shown().contains("16 of 31 shown"), "{}", bench.shown());
    assert!(bench.shown().contains("-- P-4719"), "{}", bench.shown());
    bench.keys("Down Down Down Down Down Down Down Down");
    assert!(bench.shown().contains("24 of 31 shown"), "{}", bench.shown());
    assert!(bench.shown().contains("-- P-4727"), "{}", bench.shown());
    bench.keys("x");
    assert!(bench.shown().contains("3 of 31 shown"), "what is typed begins from the first hit");
}

#[test]
fn plus_shows_people_like_the_chosen_one_and_then_what_was_typed_again() {
    let mut bench = find("sara 86");
    bench.keys("Tab Down +");
    assert!(bench.shown().contains("like Zara Mohammadi (P-4712)"), "{}", bench.shown());
    assert!(bench.shown().contains("/ sara 86"), "{}", bench.shown());
    bench.keys("n");
    let shown = vec![PersonId(4_711), PersonId(4_712), PersonId(4_713)];
    assert_eq!(bench.go, Some(Go::NewPerson("sara 86".to_owned(), shown)));
    bench.keys("+");
    assert!(!bench.shown().contains("like Zara"), "{}", bench.shown());
    bench.keys("+ Tab x");
    assert!(!bench.shown().contains("like"), "{}", bench.shown());
}
