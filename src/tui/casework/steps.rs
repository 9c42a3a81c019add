//! The steps of a case that is being worked: ticks the next one off, or adds one.

use crate::desk::DraftForm;
use crate::domain::cases::{CaseAct, Task, TaskState};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::keymap::Key;
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;

use super::checklist::{added_by, has_stage, planned, show_rest, show_stage, step_name};
use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};

/// Steps that have a digit.
const DIGITS: usize = 9;
/// The key that leaves the list and adds a step.
const ADD: char = '+';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    List,
    Title,
}

/// The steps, one to be picked or added.
#[derive(Debug)]
pub(super) struct StepsEditor {
    focus: Focus,
    title: TextField,
    picked: Option<u8>,
    /// The step of the type that a letter adds.
    added: Option<String>,
    is_begun: bool,
}

impl StepsEditor {
    pub(super) fn new() -> Self {
        let title = TextField::line(LINE_BYTES_MAX);
        Self { focus: Focus::List, title, picked: None, added: None, is_begun: false }
    }
}

/// The steps in the order of their digits: open ones first, each with its place in the case.
fn listed(scene: &Scene) -> Vec<(usize, &Task)> {
    let Some(file) = &scene.file else { return Vec::new() };
    // Steps of a stage that was left are done with; those of the stage that is worked come first.
    let is_shown =
        |at: usize| !has_stage(scene) || planned(file, at).is_none_or(|line| line.is_of_stage);
    let tasks = || file.case.tasks.iter().enumerate().filter(|(at, _)| is_shown(*at));
    let open = tasks().filter(|(_, task)| task.state == TaskState::Open);
    let done = tasks().filter(|(_, task)| task.state == TaskState::Done);
    open.chain(done).take(DIGITS).collect()
}

impl Editor for StepsEditor {
    fn title(&self) -> &'static str {
        "STEPS"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Screening)
    }

    fn key(&mut self, key: Key, scene: &Scene, _context: &mut Context<'_>) -> Typed {
        if self.focus == Focus::Title {
            return self.title.key(key).into();
        }
        if key.typed() == Some(ADD) {
            self.focus = Focus::Title;
            return Typed::Nothing;
        }
        if let Some(task) = key.typed().and_then(|letter| added_by(letter, scene)) {
            self.added = Some(task);
            return Typed::Send;
        }
        let Some(digit) = key.digit() else { return Typed::Nothing };
        self.picked = Some(digit);
        let is_there = usize::from(digit) <= listed(scene).len();
        if scene.file.is_some() && is_there { Typed::Send } else { Typed::Nothing }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.focus = Focus::Title;
        self.title.paste(text).into()
    }

    fn turn(&mut self, _turn: Turn, _key: Key, _scene: &Scene) {
        self.focus = if self.focus == Focus::List { Focus::Title } else { Focus::List };
    }

    /// The one open step is ticked off without a further key; where there is none, a step can be typed.
    fn informed(&mut self, scene: &Scene) -> Typed {
        if std::mem::replace(&mut self.is_begun, true) || self.focus == Focus::Title {
            return Typed::Nothing;
        }
        let listed = listed(scene);
        let open = listed.iter().filter(|(_, task)| task.state == TaskState::Open).count();
        match (self.picked, open) {
            (Some(digit), _) if usize::from(digit) <= listed.len() => Typed::Send,
            // The checklist of a stage is looked at before anything in it is ticked off.
            _ if has_stage(scene) => Typed::Nothing,
            (_, 1) => {
                self.picked = Some(1);
                Typed::Send
            }
            (_, 0) => {
                self.focus = Focus::Title;
                Typed::Nothing
            }
            _ => Typed::Nothing,
        }
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if self.focus == Focus::Title {
            if self.title.is_blank() {
                return Composed::Missing("There is no step to add: type it first.".to_owned());
            }
            let act = CaseAct::AddTask { title: self.title.text(), is_required: false };
            return Composed::Acts(vec![act]);
        }
        if scene.file.is_none() && !scene.is_file_lost {
            return Composed::Waiting;
        }
        if let Some(task) = self.added.take() {
            return Composed::Acts(vec![CaseAct::AddPlanned { task }]);
        }
        if has_stage(scene) && self.picked.is_none() {
            return Composed::Missing("Pick a step by its digit.".to_owned());
        }
        let steps = listed(scene);
        let digit = self.picked.take().unwrap_or(1);
        let step = usize::from(digit).checked_sub(1).and_then(|at| steps.get(at));
        match step {
            Some((at, task)) => Composed::Acts(vec![CaseAct::SetTask {
                index: u32::try_from(*at).unwrap_or(u32::MAX),
                is_done: task.state == TaskState::Open,
            }]),
            None => Composed::Missing("There is no such step: pick one by its digit.".to_owned()),
        }
    }

    fn fields(&self) -> Vec<(String, String)> {
        kept("step", self.title.text()).into_iter().collect()
    }

    fn focus(&self) -> &'static str {
        match self.focus {
            Focus::List => "list",
            Focus::Title => "step",
        }
    }

    fn restore(&mut self, field: &str, text: &str) {
        if field == "step" {
            self.title.set(text);
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, field: &str) {
        if field == "step" {
            self.focus = Focus::Title;
        }
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        show_stage(scene, cells, picture);
        for ((at, task), digit) in listed(scene).iter().zip(1..) {
            let mark = match task.state {
                TaskState::Done => 'x',
                TaskState::Open if task.is_required => '!',
                TaskState::Open => '.',
            };
            let need = if task.is_required { "" } else { "   (may be left out)" };
            let name = scene
                .file
                .as_ref()
                .map_or_else(String::new, |file| step_name(file, *at, task, scene.language));
            picture.words("", &format!("{digit} {mark} {name}{need}"), cells, 1);
        }
        show_rest(scene, cells, picture);
        if scene.file.is_none() {
            picture.words("", "reading", cells, 1);
        }
        if self.focus == Focus::List {
            picture.cursor = (1.min(picture.rows.len().saturating_sub(1)), 0);
            picture.words("", &format!("digit ticks or unticks, {ADD} adds a step"), cells, 1);
        } else {
            picture.field("add step", &self.title, true, cells, 2);
        }
    }
}
