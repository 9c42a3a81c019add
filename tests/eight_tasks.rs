//! The eight core tasks at the real program in a real terminal: their keys are counted, and none takes more than its goal.

use std::sync::Arc;

use casedesk::desk::{Entropy, LocalDesk};
use casedesk::domain::time::Instant;
use casedesk::made::{Classroom, classroom};
use casedesk::store::{OpenOptions, SledStore};

use crate::office::{Counted, TestClock};
use crate::pty_terminal::Pty;

/// A task as it is pressed: what is pressed, whether it counts, and what the screen says then.
struct Task {
    name: &'static str,
    goal: usize,
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

fn tasks(room: &Classroom) -> Vec<(String, Task)> {
    use Counts::{Keys, Words};
    let at = |case: casedesk::domain::CaseId| format!("/{case}\r");
    vec![
        (
            String::new(),
            Task {
                name: "find a citizen by a misspelt name and open the file",
                goal: 10,
                presses: vec![
                    ("/", Keys, "FIND"),
                    ("mohmdi s", Keys, "Mohammadi, Sara"),
                    ("\r", Keys, "MOHAMMADI, Sara"),
                ],
            },
        ),
        (
            String::new(),
            Task {
                name: "register a complaint from a telephone call",
                goal: 15,
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
                    ("\r", Keys, "SAME?"),
                    ("n", Keys, ""),
                    ("July subsidy is not on her account", Words, "not on her account"),
                    (SEND, Keys, "Registered as C-"),
                ],
            },
        ),
        (
            String::new(),
            Task { name: "claim the next case", goal: 1, presses: vec![(".", Keys, "Claimed C-")] },
        ),
        (
            at(room.escalated),
            Task {
                name: "escalate with a level and a reason",
                goal: 4,
                presses: vec![
                    ("e", Keys, "ESCALATE"),
                    ("2", Keys, ""),
                    ("a", Keys, ""),
                    ("\r", Keys, "is escalated to"),
                ],
            },
        ),
        (
            at(room.answered),
            Task {
                name: "canned reply, and close",
                goal: 6,
                presses: vec![
                    ("r", Keys, "REPLY"),
                    ("1", Keys, ""),
                    (SEND, Keys, "u"),
                    ("x", Keys, "CLOSE"),
                    ("1", Keys, ""),
                    ("\r", Keys, "Closed C-"),
                ],
            },
        ),
        (
            at(room.duplicate),
            Task {
                name: "merge duplicate cases, and undo",
                goal: 3,
                presses: vec![("m", Keys, "MERGE"), ("\r", Keys, "merged"), ("u", Keys, "Undone")],
            },
        ),
        (
            "2".to_owned(),
            Task {
                name: "reassign ten cases in bulk",
                goal: 8,
                presses: vec![
                    ("f", Keys, ""),
                    ("moving", Words, "moving"),
                    ("\r", Keys, ""),
                    ("*", Keys, "marked"),
                    ("t", Keys, "GIVE"),
                    ("k", Keys, ""),
                    ("a", Keys, "Kaya"),
                    ("\r", Keys, "10"),
                ],
            },
        ),
        (
            String::new(),
            Task {
                name: "overdue cases by unit",
                goal: 3,
                presses: vec![("g", Keys, ""), ("o", Keys, "OVERDUE"), ("\r", Keys, "[6LATE")],
            },
        ),
    ]
}

#[test]
fn no_core_task_takes_more_keys_than_its_goal() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("data");
    let room = office(&place);
    let mut pty = Pty::start_on(home, &place, "exec $casedesk --as karimi");
    pty.wait("the board", |screen| screen.contents().contains("1Mine"));
    for (before, task) in tasks(&room) {
        pty.press(&before);
        let mut keys = 0;
        for (pressed, counts, said) in &task.presses {
            if *counts == Counts::Keys {
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
