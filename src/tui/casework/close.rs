//! The close: an outcome, its reasons where it says no, and why the citizen could not be told where they were not.

use crate::desk::{CaseFileAnswer, DraftForm};
use crate::domain::cases::{
    CaseAct, EachAct, GENERAL, OutcomeCode, TaskState, ends_anyhow, outcomes,
};
use crate::domain::limits::{LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::keymap::{Action, Key};
use crate::tui::field::{Picture, TextField, Written};
use crate::tui::screen::Context;

use super::deciding::{outcome_choices, outcome_of};
use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::escalate::turned;

/// Rows of the reasons that are shown at once.
const REASONS_ROWS_MAX: usize = 4;

/// Rows of what is missing.
const MISSING_ROWS_MAX: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Outcome,
    Reasons,
    NotTold,
}

impl Focus {
    const ALL: [Self; 3] = [Self::Outcome, Self::Reasons, Self::NotTold];

    fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Reasons => "reasons",
            Self::NotTold => "not-told",
        }
    }
}

/// A case that is being closed.
#[derive(Debug)]
pub(super) struct CloseEditor {
    focus: Focus,
    outcome: Option<OutcomeCode>,
    /// The outcome's code in the type, where the type is a published one.
    of_type: Option<String>,
    reasons: TextField,
    not_told: TextField,
    /// Whether the reasons, and why the citizen is not told, come from a draft and were not touched since.
    is_reasons_old: bool,
    is_not_told_old: bool,
}

impl CloseEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Outcome,
            outcome: None,
            of_type: None,
            reasons: TextField::line(TEXT_BYTES_MAX),
            not_told: TextField::line(LINE_BYTES_MAX),
            is_reasons_old: false,
            is_not_told_old: false,
        }
    }

    fn pick(&mut self, letter: char, scene: &Scene) -> Typed {
        let code = if is_of_type(scene) {
            let line = outcome_of(letter, scene);
            self.of_type = line.map(|line| line.code.clone()).or(self.of_type.take());
            line.map(|line| line.kind)
        } else {
            OutcomeCode::from_key(letter).filter(|code| allowed(scene).contains(code))
        };
        let Some(code) = code else { return Typed::Nothing };
        self.outcome = Some(code);
        if code.is_refusal() && !has_reasons(scene, code) {
            self.focus = Focus::Reasons;
        } else if scene.file.as_ref().is_some_and(|file| is_untold(file)) {
            self.focus = Focus::NotTold;
        }
        Typed::Changed
    }

    /// What is still missing, as far as the screen can see.
    fn missing(&self, scene: &Scene) -> Vec<String> {
        let mut missing = Vec::new();
        if self.outcome.is_none() {
            missing.push("an outcome".to_owned());
        }
        if self.lacks_reasons(scene) {
            missing.push("reasons".to_owned());
        }
        if let Some(file) = &scene.file {
            let excused = matches!(
                self.outcome,
                Some(OutcomeCode::Withdrawn | OutcomeCode::Duplicate | OutcomeCode::NotOurs)
            ) || is_of_type(scene) && self.outcome.is_some_and(ends_anyhow);
            if is_of_type(scene) && !excused {
                let empty = |line: &&crate::desk::TypeFieldLine| {
                    line.is_required_now && line.value.is_empty()
                };
                let names = file.plan.fields.iter().filter(empty);
                let names: Vec<_> = names
                    .map(|line| format!("\"{}\"", line.rule.labels.in_language(scene.language)))
                    .collect();
                if !names.is_empty() {
                    missing.push(format!("filled in (i): {}", names.join(", ")));
                }
            }
            let tasks = file.case.tasks.iter();
            let open: Vec<_> = tasks
                .filter(|task| task.is_required && task.state == TaskState::Open)
                .map(|task| format!("\"{}\"", task.title))
                .collect();
            if !open.is_empty() && !excused {
                let steps = if open.len() == 1 { "step" } else { "steps" };
                missing.push(format!("the required {steps} {} (s)", open.join(", ")));
            }
            if is_untold(file) && self.not_told.is_blank() {
                missing.push("a reply (r), or why the citizen cannot be told".to_owned());
            }
        }
        missing
    }

    /// Whether there are reasons from a draft that this outcome does not take: they were for another one.
    fn leaves_reasons(&self) -> bool {
        self.is_reasons_old && self.outcome.is_some_and(|code| !code.is_refusal())
    }

    fn closing(&self, scene: &Scene) -> CaseAct {
        let is_told = scene.file.as_ref().is_some_and(|file| !is_untold(file));
        let is_left = self.not_told.is_blank() || self.is_not_told_old && is_told;
        let not_notified = (!is_left).then(|| self.not_told.text());
        let reasons = if self.leaves_reasons() { String::new() } else { self.reasons.text() };
        match &self.of_type {
            Some(outcome) => CaseAct::CloseAs { outcome: outcome.clone(), reasons, not_notified },
            None => CaseAct::Close { outcome: self.outcome, reasons, not_notified },
        }
    }

    fn lacks_reasons(&self, scene: &Scene) -> bool {
        let refused = self.outcome.filter(|code| code.is_refusal() && self.reasons.is_blank());
        refused.is_some_and(|code| !has_reasons(scene, code))
    }
}

/// The outcomes to choose from.
fn allowed(scene: &Scene) -> Vec<OutcomeCode> {
    let told = scene.file.as_ref().map(|file| file.outcomes.clone());
    told.unwrap_or_else(|| outcomes(scene.row.nature))
}

/// Whether the case has a type of the office's own, whose outcomes have digits of their own.
fn is_of_type(scene: &Scene) -> bool {
    let file = scene.file.as_ref();
    file.is_some_and(|file| file.case.case_type.code != GENERAL)
}

/// Whether the case was decided so, with reasons: the closing has those.
fn has_reasons(scene: &Scene, code: OutcomeCode) -> bool {
    let decided = scene.file.as_ref().and_then(|file| file.plan.decision.as_ref());
    decided.is_some_and(|decided| decided.kind == code && !decided.reasons.trim().is_empty())
}

/// Whether nobody has told the citizen anything, as far as the file shows. The desk knows better, and has the last word.
fn is_untold(file: &CaseFileAnswer) -> bool {
    let is_written = file.messages.iter().any(crate::domain::cases::Message::tells);
    let is_said = file.timeline.iter().any(|entry| entry.kind.ends_with(" out"));
    !(is_written || is_said || file.parties.is_empty())
}

impl Editor for CloseEditor {
    fn title(&self) -> &'static str {
        "CLOSE"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Close)
    }

    fn key(&mut self, key: Key, scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Outcome => key.typed().map_or(Typed::Nothing, |letter| self.pick(letter, scene)),
            Focus::Reasons => {
                let written = self.reasons.key(key);
                self.is_reasons_old &= written != Written::Changed;
                written.into()
            }
            Focus::NotTold => {
                let written = self.not_told.key(key);
                self.is_not_told_old &= written != Written::Changed;
                written.into()
            }
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::NotTold => {
                self.is_not_told_old = false;
                self.not_told.paste(text).into()
            }
            Focus::Outcome | Focus::Reasons => {
                self.focus = Focus::Reasons;
                self.is_reasons_old = false;
                self.reasons.paste(text).into()
            }
        }
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        self.focus = turned(&Focus::ALL, self.focus, turn);
    }

    /// A case that was decided closes as it was decided.
    fn informed(&mut self, scene: &Scene) -> Typed {
        let decided = scene.file.as_ref().and_then(|file| file.plan.decision.as_ref());
        if let (Some(decided), None) = (decided, self.outcome) {
            self.outcome = Some(decided.kind);
            self.of_type = is_of_type(scene).then(|| decided.outcome.clone());
        }
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if self.outcome.is_none() {
            self.focus = Focus::Outcome;
            return Composed::Missing("A case closes with an outcome: pick its digit.".to_owned());
        }
        if self.lacks_reasons(scene) {
            self.focus = Focus::Reasons;
            return Composed::Missing(
                "A case that says no closes with reasons: type them.".to_owned(),
            );
        }
        Composed::Acts(vec![self.closing(scene)])
    }

    fn for_each(&self, scene: &Scene) -> Option<EachAct> {
        let is_whole = self.outcome.is_some() && !self.lacks_reasons(scene);
        is_whole.then(|| EachAct::Acts(vec![self.closing(scene)]))
    }

    fn fields(&self) -> Vec<(String, String)> {
        // An outcome ends the case, so that it is picked anew each time.
        let texts = [kept("reasons", self.reasons.text()), kept("not-told", self.not_told.text())];
        texts.into_iter().flatten().collect()
    }

    fn focus(&self) -> &'static str {
        self.focus.name()
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "reasons" => {
                self.reasons.set(text);
                self.is_reasons_old = true;
            }
            "not-told" => {
                self.not_told.set(text);
                self.is_not_told_old = true;
            }
            _ => {}
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, field: &str) {
        let known = Focus::ALL.into_iter().find(|focus| focus.name() == field);
        self.focus = known.unwrap_or(self.focus);
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let built_in = allowed(scene).into_iter();
        let built_in = built_in
            .map(|code| (format!("{} {}", code.key(), code.label()), self.outcome == Some(code)));
        let codes: Vec<_> = if is_of_type(scene) {
            outcome_choices(scene, self.of_type.as_deref())
        } else {
            built_in.collect()
        };
        picture.choices("outcome", &codes, self.focus == Focus::Outcome, cells);
        let has_focus = |focus| self.focus == focus;
        picture.field("reasons", &self.reasons, has_focus(Focus::Reasons), cells, REASONS_ROWS_MAX);
        if self.leaves_reasons() {
            picture.words("", "(from a draft: this outcome goes without them)", cells, 1);
        }
        picture.field("untold", &self.not_told, has_focus(Focus::NotTold), cells, 2);
        picture.words(
            "",
            "(why the citizen cannot be told; only where nobody told them)",
            cells,
            1,
        );
        let missing = self.missing(scene);
        if missing.is_empty() {
            let reopens = scene.key(Action::ReopenCase);
            let then = format!("the case leaves every queue; {reopens} takes it up again");
            picture.words("then", &then, cells, 1);
        } else {
            let missing = scene.keymap.in_words(&missing.join("; "));
            picture.words("missing", &missing, cells, MISSING_ROWS_MAX);
        }
    }
}
