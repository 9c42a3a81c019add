//! The eight lessons: story, keys, where each begins, and what has to be seen before it is done.

use crate::desk::{Command, ViewKind};
use crate::domain::cases::{CaseAct, EachAct, SameChoice};
use crate::keymap::{Action, Context};

use super::super::place::Place;
use super::coach::Prepared;

/// Cases that the lesson on many cases is about.
const TEN: usize = 10;

/// Something that was seen to happen.
pub(super) enum Seen<'a> {
    /// One is here now.
    At(&'a Place),
    /// This was carried out.
    Done(&'a Command),
}

/// A part of the way through a lesson.
pub(super) enum Step {
    /// The key of an action in a context, and what it does here.
    Key(Context, Action, &'static str),
    /// Keys that are what they are under every keymap.
    Press(&'static str, &'static str),
}

/// Where a lesson begins.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// On the board, with this list.
    Board(ViewKind),
    /// On the case that is to be escalated.
    Escalated,
    /// On the case that is to be answered.
    Answered,
    /// On one of two cases that are the same.
    Duplicate,
}

/// A lesson.
pub(super) struct Lesson {
    /// What is learnt.
    pub(super) title: &'static str,
    /// The keys that it should not take more than.
    pub(super) goal: u32,
    /// What happens, and why it is done so; a default key in brackets becomes the live one.
    pub(super) story: &'static [&'static str],
    /// The way through it.
    pub(super) steps: &'static [Step],
    /// Where it begins.
    pub(super) start: Start,
    /// Contexts in which letters are the citizen's words rather than keys, and not counted.
    pub(super) free: &'static [Context],
    /// What has to be seen, one after the other.
    pub(super) deeds: &'static [fn(&Seen<'_>, &Prepared) -> bool],
}

/// The lessons, in the order of a working day.
pub(super) const LESSONS: &[Lesson] = &[
    Lesson {
        title: "Find by a misspelt name",
        goal: 10,
        story: &[
            "The telephone rings, the line is bad: \"Mohammadi, Sara\", or something like it.",
            "Type what you heard, in any order and spelling; what you type narrows the list at every key. Letters that \
             were misheard or left out are found, too, and so are a year of birth, the end of a number, a street.",
        ],
        steps: &[
            Step::Key(Context::Board, Action::OpenFind, "finds"),
            Step::Press("mohmdi s", "what you heard"),
            Step::Key(Context::Find, Action::OpenRow, "opens the first"),
        ],
        start: Start::Board(ViewKind::Mine),
        free: &[],
        deeds: &[
            |seen, prepared| matches!(seen, Seen::At(Place::Person(person)) if *person == prepared.caller),
        ],
    },
    Lesson {
        title: "A complaint by telephone",
        goal: 15,
        story: &[
            "She says that July's rent subsidy is not on her account. Find her again, and take it in: the form asks one \
             thing after the other, a letter or an arrow picks, and what is known already is passed by.",
            "At SAME? a digit adds the call to a case that is there; n makes a new one, which is wanted here.",
        ],
        steps: &[
            Step::Key(Context::Board, Action::OpenFind, "mohmdi s"),
            Step::Key(Context::Find, Action::OpenRow, ""),
            Step::Key(Context::Person, Action::NewCase, "new"),
            Step::Press("t c", ""),
            Step::Press("ren", ""),
            Step::Key(Context::Intake, Action::NextField, "3 times"),
            Step::Press("n", ""),
            Step::Press("her words", ""),
            Step::Key(Context::Editor, Action::Send, ""),
        ],
        start: Start::Board(ViewKind::Mine),
        free: &[Context::Find, Context::Editor],
        deeds: &[|seen, prepared| {
            matches!(seen, Seen::Done(Command::TakeIn(matter))
                if matter.intake.asked_by == Some(prepared.caller)
                    && !matches!(matter.intake.same.choice, SameChoice::AddedTo(_)))
        }],
    },
    Lesson {
        title: "Claim the next case",
        goal: 1,
        story: &[
            "You are free for the next matter. The queue decides which one that is, by its dates and not by who asks; \
             claiming leaves a proof of the case's place in the order.",
        ],
        steps: &[Step::Key(Context::Board, Action::ClaimNext, "claims the next one and opens it")],
        start: Start::Board(ViewKind::Free),
        free: &[],
        deeds: &[|seen, _| matches!(seen, Seen::Done(Command::ClaimNext(_)))],
    },
    Lesson {
        title: "Escalate in place",
        goal: 4,
        story: &[
            "This one takes more than you may decide alone. Show it to your supervisor from where you are: the case stays \
             yours, its clocks run, and the answer has a date.",
        ],
        steps: &[
            Step::Key(Context::Case, Action::Escalate, "escalates"),
            Step::Press("2", "supervisor"),
            Step::Press("a", "over my limit"),
            Step::Key(Context::Line, Action::Send, "raises it"),
        ],
        start: Start::Escalated,
        free: &[],
        deeds: &[|seen, _| {
            matches!(seen, Seen::Done(Command::Case { act: CaseAct::Escalate { .. }, .. }))
        }],
    },
    Lesson {
        title: "Answer and close",
        goal: 6,
        story: &[
            "The light in the stairwell burns again. The first template says so, in the citizen's language and by the way \
             they prefer; the reply waits two minutes, in which undo (u) takes it back. Closing takes an outcome: the first one.",
        ],
        steps: &[
            Step::Key(Context::Case, Action::Reply, "replies"),
            Step::Press("1", "it is done"),
            Step::Key(Context::Editor, Action::Send, "sends"),
            Step::Key(Context::Case, Action::CloseCase, "closes"),
            Step::Press("1", "done, granted"),
            Step::Key(Context::Line, Action::Send, "does it"),
        ],
        start: Start::Answered,
        free: &[],
        deeds: &[
            |seen, prepared| {
                matches!(seen, Seen::Done(Command::Case { case, act: CaseAct::Reply { .. }, .. })
                    if *case == prepared.answered)
            },
            |seen, prepared| {
                matches!(seen, Seen::Done(Command::Case { case, act: CaseAct::Close { .. }, .. })
                    if *case == prepared.answered)
            },
        ],
    },
    Lesson {
        title: "Merge what is the same, and undo",
        goal: 3,
        story: &[
            "Gareth Whitlock has reported the same damp twice. Make one case of the two: the best candidate is chosen \
             already, both numbers lead to what stays, and both histories can be read.",
            "Then take it back: a merge loses nothing, so that it can be undone at any time.",
        ],
        steps: &[
            Step::Key(Context::Case, Action::Merge, "merges"),
            Step::Key(Context::Line, Action::Send, "with the first one"),
            Step::Key(Context::Case, Action::Undo, "takes it back"),
        ],
        start: Start::Duplicate,
        free: &[],
        deeds: &[
            |seen, _| matches!(seen, Seen::Done(Command::Case { act: CaseAct::Merge { .. }, .. })),
            |seen, _| matches!(seen, Seen::Done(Command::Undo)),
        ],
    },
    Lesson {
        title: "Give ten cases at once",
        goal: 8,
        story: &[
            "Ten people ask for the moving grant after the flood, and M. Kaya decides those. Limit the list to them by a \
             word, mark all that is shown, and give them in one act: what could not be done stays marked, and one undo (u) takes the whole back.",
        ],
        steps: &[
            Step::Key(Context::Board, Action::OpenLimit, "limits"),
            Step::Press("flood", ""),
            Step::Key(Context::Limit, Action::Send, ""),
            Step::Key(Context::Board, Action::MarkAll, "marks all"),
            Step::Key(Context::Board, Action::Give, "gives"),
            Step::Press("k a", "Kaya"),
            Step::Key(Context::Line, Action::Send, "does it"),
        ],
        start: Start::Board(ViewKind::Inbox),
        free: &[Context::Limit],
        deeds: &[|seen, _| {
            matches!(seen, Seen::Done(Command::ForEach { cases, act: EachAct::Acts(acts) })
                if cases.len() >= TEN && matches!(acts.as_slice(), [CaseAct::Give { .. }]))
        }],
    },
    Lesson {
        title: "Overdue by unit",
        goal: 3,
        story: &[
            "Before the day begins: what is late, and where? One screen has the units with their late cases and how long \
             they have been late; opening a row shows its cases.",
        ],
        steps: &[
            Step::Key(Context::Board, Action::GoOverdue, "late cases by unit"),
            Step::Key(Context::List, Action::OpenRow, "those of the unit"),
        ],
        start: Start::Board(ViewKind::Mine),
        free: &[],
        deeds: &[
            |seen, _| matches!(seen, Seen::At(Place::Overdue)),
            |seen, _| matches!(seen, Seen::At(Place::Board)),
        ],
    },
];
