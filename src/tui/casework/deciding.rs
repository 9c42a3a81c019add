//! The decision: an outcome of the case's type, its reasons and its ground. It is signed by sending it.

use crate::desk::{DraftForm, OutcomeLine};
use crate::domain::cases::{CaseAct, SigningState};
use crate::domain::limits::{LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::keymap::{Action, Key};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;
use crate::tui::text::safe_line;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::escalate::turned;

/// Rows of the reasons that are shown at once.
const REASONS_ROWS_MAX: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Outcome,
    Reasons,
    Ground,
}

impl Focus {
    const ALL: [Self; 3] = [Self::Outcome, Self::Reasons, Self::Ground];

    fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Reasons => "reasons",
            Self::Ground => "ground",
        }
    }
}

/// A case that is being decided.
#[derive(Debug)]
pub(super) struct DecideEditor {
    focus: Focus,
    outcome: Option<String>,
    reasons: TextField,
    ground: TextField,
}

impl DecideEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Outcome,
            outcome: None,
            reasons: TextField::line(TEXT_BYTES_MAX),
            ground: TextField::line(LINE_BYTES_MAX),
        }
    }

    fn chosen<'s>(&self, scene: &'s Scene) -> Option<&'s OutcomeLine> {
        let code = self.outcome.as_ref()?;
        scene.file.as_ref()?.plan.outcomes.iter().find(|line| line.code == *code)
    }

    fn lacks_reasons(&self, scene: &Scene) -> bool {
        self.chosen(scene).is_some_and(|line| line.kind.is_refusal()) && self.reasons.is_blank()
    }
}

/// The outcome of a digit, where it can be given now.
pub(super) fn outcome_of(key: char, scene: &Scene) -> Option<&OutcomeLine> {
    let place = usize::try_from(key.to_digit(10)?).ok()?.checked_sub(1)?;
    scene.file.as_ref()?.plan.outcomes.get(place).filter(|line| line.is_given_now)
}

/// Outcomes with their digits; one that cannot be given yet says so.
pub(super) fn outcome_choices(scene: &Scene, chosen: Option<&str>) -> Vec<(String, bool)> {
    let outcomes = scene.file.iter().flat_map(|file| &file.plan.outcomes).zip(1_u32..10);
    let line = |(line, digit): (&OutcomeLine, u32)| {
        let label = safe_line(line.labels.in_language(scene.language));
        let later = if line.is_given_now { "" } else { " (later)" };
        (format!("{digit} {label}{later}"), chosen == Some(line.code.as_str()))
    };
    outcomes.map(line).collect()
}

impl Editor for DecideEditor {
    fn title(&self) -> &'static str {
        "DECIDE"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Decision)
    }

    fn key(&mut self, key: Key, scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Outcome => {
                let Some(line) = key.typed().and_then(|key| outcome_of(key, scene)) else {
                    return Typed::Nothing;
                };
                self.outcome = Some(line.code.clone());
                if line.kind.is_refusal() {
                    self.focus = Focus::Reasons;
                }
                Typed::Changed
            }
            Focus::Reasons => self.reasons.key(key).into(),
            Focus::Ground => self.ground.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Ground => self.ground.paste(text).into(),
            Focus::Outcome | Focus::Reasons => {
                self.focus = Focus::Reasons;
                self.reasons.paste(text).into()
            }
        }
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        self.focus = turned(&Focus::ALL, self.focus, turn);
    }

    fn informed(&mut self, scene: &Scene) -> Typed {
        if let Some(file) = &scene.file
            && self.ground.is_blank()
        {
            self.ground.set(&file.plan.ground);
        }
        if let Some(line) = scene.file.as_ref().and_then(|file| file.signing.as_ref())
            && let SigningState::SentBack { .. } = line.state
            && line.is_own
            && self.reasons.is_blank()
        {
            self.reasons.set(&line.decision_reasons);
        }
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        let Some(outcome) = self.outcome.clone() else {
            self.focus = Focus::Outcome;
            return Composed::Missing("A decision has an outcome: pick its digit.".to_owned());
        };
        if self.lacks_reasons(scene) {
            self.focus = Focus::Reasons;
            let what = "A decision that says no has reasons: type them.";
            return Composed::Missing(what.to_owned());
        }
        let (reasons, ground) = (self.reasons.text(), self.ground.text());
        Composed::Acts(vec![CaseAct::Decide { outcome, reasons, ground }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        // What is signed is picked anew each time.
        kept("reasons", self.reasons.text()).into_iter().collect()
    }

    fn focus(&self) -> &'static str {
        self.focus.name()
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "reasons" => self.reasons.set(text),
            "ground" => self.ground.set(text),
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
        let Some(file) = &scene.file else {
            picture.words("", "reading", cells, 1);
            return;
        };
        let has_focus = |focus| self.focus == focus;
        let choices = outcome_choices(scene, self.outcome.as_deref());
        picture.choices("outcome", &choices, has_focus(Focus::Outcome), cells);
        picture.field("reasons", &self.reasons, has_focus(Focus::Reasons), cells, REASONS_ROWS_MAX);
        picture.field("ground", &self.ground, has_focus(Focus::Ground), cells, 2);
        let appeal = self.chosen(scene).map(|line| line.appeal.in_language(scene.language));
        if let Some(appeal) = appeal.filter(|appeal| !appeal.is_empty()) {
            picture.words("appeal", appeal, cells, 2);
        }
        if let Some(held) = &file.plan.decision {
            let was = file.plan.outcomes.iter().find(|line| line.code == held.outcome);
            let was = was.map_or(held.kind.label(), |line| line.labels.in_language(scene.language));
            picture.words("before", &format!("{was}; this decision replaces it"), cells, 1);
        }
        if self.lacks_reasons(scene) {
            picture.words("missing", "reasons", cells, 1);
            return;
        }
        let reply = scene.key(Action::Reply);
        let then = format!(
            "signed at once: no undo, but another decision replaces it; {reply} tells the citizen"
        );
        picture.words("then", &then, cells, 2);
    }
}
