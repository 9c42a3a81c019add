//! The eight core tasks at the real program in a real terminal: their keys are counted, and none takes more than its goal.

use std::sync::Arc;

use casedesk::desk::{Entropy, LocalDesk};
use casedesk::domain::CaseId;
use casedesk::domain::time::Instant;
use casedesk::made::{Classroom, classroom};
use casedesk::store::{OpenOptions, SledStore};

use crate::office::{Counted, TestClock};
use crate::pty_terminal::Pty;

use Counts::{Keys, Words};

/// A task as it is pressed: how one comes to where it begins, and what is pressed, whether it counts, and what the screen
/// says then.
struct Task {
    name: &'static str,
    goal: usize,
    before: (String, &'static str),
    presses: Vec<(&'static str, Counts, &'static str)>,
}

/// Whether keys are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// They are keys.
    Keys,
    /// They are words that the citizen or the clerk chooses.
    Words,
}

/// An office on disk with what each task needs, as the tutor has it.
fn office(place: &std::path::Path) -> Classroom {
    let now = Instant::from_timestamp(jiff::Timestamp::now());
    let store = Arc::new(SledStore::open(place, OpenOptions::default(), &|_| {}).unwrap());
    let clock = Arc::new(TestClock::at(now.milliseconds()));
    let entropy: Arc<dyn Entropy> = Arc::new(Counted::from(1));
    let desk = LocalDesk::open(store.clone(), clock, entropy).unwrap();
    let room = classroom(&desk, now).unwrap();
    drop(desk);
    store.close().unwrap();
    room
}

/// What the terminal sends for Ctrl-D.
const SEND: &str = "\x04";

/// On the board, where every task ends, too.
fn on_the_board() -> (String, &'static str) {
    (String::new(), "1Mine")
}

fn on_a_case(case: CaseId) -> (String, &'static str) {
    (format!("/{case}\r"), "-- timeline")
}

fn tasks_of_a_call() -> [Task; 3] {
    [
        Task {
            name: "find a citizen by a misspelt name and open the file",
            goal: 10,
            before: on_the_board(),
            presses: vec![
                ("/", Keys, "FIND"),
                ("mohmdi s", Keys, "Mohammadi, Sara"),
                ("\r", Keys, "MOHAMMADI, Sara"),
            ],
        },
        Task {
            name: "register a complaint from a telephone call",
            goal: 15,
            before: on_the_board(),
            presses: vec![
                ("/", Keys, "FIND"),
                ("mohmdi s", Words, "Mohammadi, Sara"),
                ("\r", Keys, "MOHAMMADI, Sara"),
                ("n", Keys, "NEW for"),
                ("t", Keys, ">nature"),
                ("c", Keys, ">subject"),
                ("ren", Keys, ">RENT"),
                ("\r", Keys, ">about"),
                ("\r", Keys, ">place"),
                ("\r", Keys, "-> SAME?"),
                // What comes in one piece with the words would be taken for a pasted text.
                ("n", Keys, "a new one, although"),
                ("July subsidy is not on her account", Words, "not on her account"),
                (SEND, Keys, "Registered as C-"),
            ],
        },
        Task {
            name: "claim the next case",
            goal: 1,
            before: on_the_board(),
            presses: vec![(".", Keys, "Claimed C-")],
        },
    ]
}

fn tasks_on_a_case(room: &Classroom) -> [Task; 3] {
    [
        Task {
            name: "escalate with a level and a reason",
            goal: 4,
            before: on_a_case(room.escalated),
            presses: vec![
                ("e", Keys, "ESCALATE"),
                ("2", Keys, ""),
                ("a", Keys, ""),
                ("\r", Keys, "is escalated to"),
            ],
        },
        Task {
            name: "canned reply, and close",
            goal: 6,
            before: on_a_case(room.answered),
            presses: vec![
                ("r", Keys, "REPLY"),
                ("1", Keys, ""),
                (SEND, Keys, "u"),
                ("x", Keys, "CLOSE"),
                ("1", Keys, ""),
                ("\r", Keys, "Closed C-"),
            ],
        },
        Task {
            name: "merge duplicate cases, and undo",
            goal: 3,
            before: on_a_case(room.duplicate),
            presses: vec![("m", Keys, "MERGE"), ("\r", Keys, "is part of"), ("u", Keys, "Undone")],
        },
    ]
}

fn tasks_on_many() -> [Task; 2] {
    [
        Task {
            name: "reassign ten cases in bulk",
            goal: 8,
            before: ("2".to_owned(), "[2Inbox"),
            presses: vec![
                ("f", Keys, ""),
                ("flood", Words, "flood"),
                ("\r", Keys, " of 10"),
                ("*", Keys, "marked"),
                ("t", Keys, "GIVE"),
                ("k", Keys, ""),
                ("a", Keys, "Kaya"),
                ("\r", Keys, "cases to Kaya"),
            ],
        },
        Task {
            name: "overdue cases by unit",
            goal: 3,
            before: on_the_board(),
            presses: vec![("g", Keys, ""), ("o", Keys, "OVERDUE"), ("\r", Keys, "[6LATE")],
        },
    ]
}

#[test]
#[expect(clippy::print_stdout, reason = "the counts are what the test is asked for")]
fn no_core_task_takes_more_keys_than_its_goal() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("data");
    let room = office(&place);
    let mut pty = Pty::start_on(home, &place, "exec $casedesk --as karimi");
    pty.wait("the board", |screen| screen.contents().contains("1Mine"));
    let tasks = tasks_of_a_call().into_iter().chain(tasks_on_a_case(&room)).chain(tasks_on_many());
    for task in tasks {
        let (before, said) = &task.before;
        // A burst of keys would be taken for a paste, so each waits for what the one before it opens.
        match before.strip_prefix('/') {
            Some(number) => {
                pty.press("/");
                pty.wait(task.name, |screen| screen.contents().contains("FIND"));
                pty.press(number.trim_end());
                pty.wait(task.name, |screen| screen.contents().contains(number.trim_end()));
                pty.press("\r");
            }
            None => pty.press(before),
        }
        pty.wait(task.name, |screen| screen.contents().contains(said));
        let mut keys = 0;
        for (pressed, counts, said) in &task.presses {
            if *counts == Keys {
                keys += pressed.chars().count();
            }
            pty.press(pressed);
            pty.wait(&format!("{}: {pressed:?}", task.name), |screen| {
                screen.contents().contains(said)
            });
        }
        println!("{:52} {keys:>2} keys, goal {:>2}", task.name, task.goal);
        assert!(keys <= task.goal, "{}: {keys} keys, and {} is the goal", task.name, task.goal);
        pty.press("gb");
        pty.wait("the board", |screen| screen.contents().contains("1Mine"));
    }
}
