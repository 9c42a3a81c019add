//! The plain mode: every task in lines and words, and nothing in what is said that a terminal would obey.

use std::io::Write as _;
use std::process::Stdio;
use std::sync::Arc;

use casedesk::desk::{AskDrafts, Clock as _, Command, Desk, LocalDesk};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::time::Instant;
use casedesk::made::{Classroom, classroom};
use casedesk::store::MemoryStore;

use crate::harness::{PlainScreen, program};
use crate::office::story::{ACCOUNT, HEARD, LEVEL_AND_REASON, NAME, NOTE, OUTCOME, Story};
use crate::office::{Counted, Office, TestClock};

fn at(office: &Office, account: &str) -> PlainScreen {
    PlainScreen::open(Arc::new(office.sign_in(account).unwrap()))
}

/// Tells the story at a desk.
fn tell(story: &Story, desk: &Arc<dyn Desk>) {
    let mut clerk = PlainScreen::open(Arc::clone(desk));
    clerk.hears(&format!("find {HEARD}"), &format!("1: {NAME}; born 1986-03-02"));
    clerk.hears("1", "MOHAMMADI, Sara");
    clerk.hears("1", "newest first");
    clerk.hears("note", "A line with a single dot: keep");
    clerk.says(NOTE);
    clerk.hears(".", NOTE);
    story.is_noted(&**desk);
    let [level, reason] = LEVEL_AND_REASON;
    clerk.hears("escalate", "level: 1 colleague; 2 supervisor");
    clerk.hears(&format!("{level} {reason}"), "reason: a over my limit, chosen");
    clerk.hears(".", "is escalated to");
    story.is_escalated(&**desk);
    clerk.hears(&format!("close {OUTCOME}"), ", chosen");
    clerk.hears(".", "Closed C-");
    story.is_closed(&**desk);
    clerk.says("quit");
    assert!(clerk.has_ended());
}

#[test]
fn the_story_of_every_preset_is_told_in_words() {
    let office = Office::new();
    let story = Story::begin(&office);
    tell(&story, &(Arc::new(office.sign_in(ACCOUNT).unwrap()) as Arc<dyn Desk>));
}

/// An office with what each of the eight tasks needs, and whoever does them.
fn class() -> (PlainScreen, Classroom) {
    let now = Instant::from_milliseconds(1_787_300_000_000);
    let clock = Arc::new(TestClock::at(now.milliseconds()));
    let store = Arc::new(MemoryStore::new());
    let desk = LocalDesk::open(store, clock, Arc::new(Counted::from(1))).unwrap();
    let room = classroom(&desk, now).unwrap();
    (PlainScreen::open(Arc::new(desk.sign_in("karimi", None).unwrap())), room)
}

#[test]
fn each_of_the_eight_core_tasks_is_done_in_lines() {
    let (mut clerk, room) = class();
    clerk.hears("find mohmdi s", "Mohammadi, Sara");
    clerk.hears("1", "MOHAMMADI, Sara");
    clerk.hears("new", "via: t tel");
    clerk.says("t");
    clerk.hears("c", "c complaint, chosen");
    clerk.says("ren");
    for (line, asked) in [("", "about"), ("", "place")] {
        let said = clerk.says(line);
        assert!(said.ends_with("> "), "{asked}: {said}");
    }
    clerk.says("n");
    clerk.says("July subsidy is not on her account");
    clerk.hears(".", "Registered as C-");
    clerk.says("board");
    clerk.hears("next", "Claimed C-");
    clerk.says(&room.escalated.to_string());
    clerk.says("escalate 2 a");
    clerk.hears(".", "is escalated to");
    clerk.says(&room.answered.to_string());
    clerk.hears("reply 1", "text: ");
    clerk.says(".");
    clerk.says("close 1");
    clerk.hears(".", "Closed C-");
    clerk.says(&room.duplicate.to_string());
    clerk.says("merge");
    clerk.hears(".", "is part of");
    clerk.hears("undo", "Undone");
    clerk.says("board");
    clerk.hears("inbox", "2 Inbox has");
    clerk.hears("limit flood", "1 of 10");
    clerk.hears("mark all", "marked");
    clerk.hears("give ka", "Kaya");
    clerk.hears(".", "cases to Kaya");
    clerk.says("board");
    clerk.hears("overdue", " late of ");
    clerk.hears("open", "6 Late has");
    assert!(!clerk.heard.contains('\x1b'), "{}", clerk.heard);
}

#[test]
fn what_a_citizen_wrote_is_said_harmless() {
    let office = Office::new();
    let person = office.person("Sa\u{200f}ra", "Moh\u{200b}ammadi", "1986-03-02", "+989121234411");
    let says = "one \u{200e}two\u{ad} three";
    office.case(Some(person), Nature::Complaint, says);
    let mut clerk = at(&office, "karimi");
    for line in ["inbox", "1", "open", "", "find sara", "1", "help all", "\u{1b}[2J\u{9b}x", "why"]
    {
        clerk.says(line);
    }
    let is_obeyed = |letter: &char| {
        (letter.is_control() && *letter != '\n')
            || matches!(letter, '\u{ad}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}')
    };
    assert_eq!(clerk.heard.chars().find(is_obeyed), None, "{}", clerk.heard);
    assert!(clerk.heard.contains("<200F>"), "{}", clerk.heard);
}

#[test]
fn a_number_means_the_row_that_was_read_with_it_however_the_list_has_moved() {
    let office = Office::new();
    for says in ["first", "second", "third"] {
        office.case(None, Nature::Request, says);
    }
    let mut clerk = at(&office, "karimi");
    clerk.hears("inbox", "3: due in");
    clerk.hears("2", "2 of 3: due in 7 days; case C-2");
    let earlier = office.clock.now().plus_minutes(-3 * 24 * 60);
    let intake = Office::intake(None, Nature::Request, "HOU-1", "it came before", earlier);
    office.act(&office.karimi(), Command::RegisterCase(intake)).unwrap();
    let said = clerk.hear_changes().says("1");
    assert!(said.starts_with("Meanwhile some lines of this screen changed"), "{said}");
    assert!(
        said.contains("2 of 4: due in 7 days; case C-1;"),
        "the row that was read as 1: {said}"
    );
    clerk.hears("again", "1: due in 4 days; case C-4");
    clerk.hears("1", "1 of 4: due in 4 days; case C-4");
}

#[test]
fn a_count_is_a_list_of_its_own_over_the_list_that_it_counts() {
    let office = Office::new();
    for says in ["first", "second", "third"] {
        office.case(None, Nature::Request, says);
    }
    let mut clerk = at(&office, "karimi");
    clerk.hears("inbox", "2: due in");
    clerk.hears("frequencies", "COUNT Inbox by subject: 3 cases");
    clerk.hears("g", "1 of 1: ");
    clerk.hears("1", "1 of 1: ");
    clerk.hears("/leave", "board> ");
    clerk.hears("2", "2 of 3: due in 7 days; case C-2");
}

#[test]
fn words_are_understood_as_far_as_they_can_be_told_apart() {
    let office = Office::new();
    let mut clerk = at(&office, "karimi");
    clerk.hears("overd", "OVERDUE");
    clerk.hears("g b", "board> ");
    clerk.hears("bord", "Did you mean board?");
    clerk.hears("go.co", "COLLEAGUES");
    clerk.hears("refresh", "Read again.");
    clerk.hears("board", "queues: 1 Mine has 0, chosen");
    clerk.hears("help", "find (/)");
    clerk.hears("help all", "Claims the next case");
    clerk.hears("reconcile", "LEDGER");
    clerk.hears("12", "There is no list here");
}

#[test]
fn a_text_of_several_lines_ends_with_a_dot_and_is_kept_when_it_is_left() {
    let office = Office::new();
    let person = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(person), Nature::Complaint, "the lift");
    let mut clerk = at(&office, "karimi");
    clerk.says(&case.to_string());
    clerk.hears("note", "/leave leaves this, its draft is kept");
    let said = clerk.says("first line");
    assert!(said.starts_with("note"), "nothing but the prompt is said between lines: {said}");
    for line in ["..", "//quit", "", "last"] {
        clerk.says(line);
    }
    clerk.hears("/leave", "case C-1> ");
    clerk.hears("note", "text: first line\n.\n/quit\n\nlast");
    clerk.says("the next day");
    clerk.hears("/again", "\nlast\nthe next day");
    let (is_over, _) = clerk.interrupt();
    assert!(!is_over, "the first Ctrl-C leaves the entry");
    let (is_over, _) = clerk.interrupt();
    assert!(is_over);
    clerk.hang_up();
    let karimi: &dyn Desk = &office.karimi();
    let drafts = karimi.ask(AskDrafts {}).unwrap().drafts;
    assert_eq!(drafts[0].first_words().lines().next(), Some("first line"));
}

#[test]
fn what_others_change_is_told_before_the_next_answer_and_a_ring_with_its_time() {
    let office = Office::new();
    let person = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    let case = office.case(Some(person), Nature::Complaint, "the lift");
    let kaya = office.enrol("kaya", "M. Kaya", &[casedesk::domain::office::Role::Caseworker]);
    let mut clerk = at(&office, "karimi");
    clerk.says(&case.to_string());
    office.on(&kaya, case, CaseAct::Note { text: "she rang".to_owned() }).unwrap();
    let said = clerk.hear_changes().says("again");
    assert!(said.starts_with("Meanwhile"), "{said}");
    clerk.hears("/leave", "No form is open here");
    clerk.hears("promise 9:20", "when: 9:20");
    clerk.hears(".", "C-1");
    office.pass_minutes(7);
    clerk.tick(office.clock.now());
    clerk.hears(
        "again",
        "It rings: late: promised for 09:20 by tel to Mohammadi, Sara P-1 about C-1",
    );
}

#[test]
fn long_output_stops_after_a_page_and_any_line_goes_on_or_away() {
    let office = Office::new();
    for says in ["one", "two", "three"] {
        office.case(None, Nature::Request, says);
    }
    let desk = Arc::new(office.sign_in("karimi").unwrap());
    let mut clerk = PlainScreen::open_with(desk, 40, Some(6));
    assert!(clerk.heard.ends_with("more lines: Enter> "), "{}", clerk.heard);
    assert!(clerk.heard.lines().all(|line| line.chars().count() <= 40), "{}", clerk.heard);
    let said = clerk.says("");
    assert!(said.ends_with("board> "), "{said}");
    assert!(clerk.says("help all").ends_with("more lines: Enter> "));
    let said = clerk.says("quit");
    assert!(clerk.has_ended(), "{said}");
}

/// Runs the program on lines from a pipe, without a terminal.
fn piped(place: &std::path::Path, arguments: &[&str], lines: &str) -> (String, Option<i32>) {
    let mut program = program();
    program.args(arguments).arg("--data").arg(place).env_clear().env("HOME", place);
    program.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = program.spawn().unwrap();
    running.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

#[test]
fn lines_come_from_a_pipe_and_its_end_ends_the_program_with_drafts_kept() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("data");
    let (said, code) =
        piped(&place, &["--plain", "demo", "--people", "40", "--cases", "30"], "mine\n");
    assert_eq!(code, Some(0), "{said}");
    let (said, code) =
        piped(&place, &["--plain", "--as", "karimi"], "inbox\n1\nnote\nhalf a thought\n");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("board> inbox\n"), "{said}");
    assert!(!said.bytes().any(|byte| byte == 0x1b), "{said}");
    let (said, code) = piped(&place, &["--plain", "--as", "karimi"], "drafts\n1\nopen\nquit\n");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("text: half a thought"), "{said}");
}

/// The dialogue that the README shows.
const DIALOGUE: &str = include_str!("plain_dialogue.txt");

/// A text in which every number is the same one, for the numbers of an office are its own.
fn without_numbers(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars() {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        if letter != '0' || !shown.ends_with('0') {
            shown.push(letter);
        }
    }
    shown
}

#[test]
fn the_dialogue_of_the_readme_goes_as_it_is_shown() {
    let (mut clerk, _) = class();
    let mut said = clerk.heard.clone();
    for line in DIALOGUE.lines() {
        if let Some((prompt, entered)) = line.split_once("> ") {
            let prompt = without_numbers(&format!("{prompt}> "));
            assert!(without_numbers(&said).ends_with(&prompt), "{prompt}: {said}");
            said = clerk.says(entered);
        } else {
            let words = without_numbers(line.trim_end_matches(" ..."));
            assert!(without_numbers(&said).contains(&words), "{words}: {said}");
        }
    }
    assert!(clerk.has_ended());
}
