//! The classification: nature and subject are settled; what closed cases suggest is taken with one key.

use crate::desk::{Answer, DraftForm};
use crate::domain::cases::{CaseAct, Class, Nature};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::keymap::Key;
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::{Context, Ticket};

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::escalate::turned;
use super::subject_picker::SubjectPicker;
use super::suggested::Suggestion;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Subject,
    Nature,
    Reason,
}

impl Focus {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Subject, "subject"), (Self::Nature, "nature"), (Self::Reason, "change")];
}

/// A classification that is being done.
#[derive(Debug)]
pub(super) struct ClassifyingEditor {
    focus: Focus,
    picker: SubjectPicker,
    /// The nature that was picked, if one was.
    nature: Option<Nature>,
    reason: TextField,
    suggestion: Suggestion,
}

impl ClassifyingEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Subject,
            picker: SubjectPicker::new(),
            nature: None,
            reason: TextField::line(LINE_BYTES_MAX),
            suggestion: Suggestion::default(),
        }
    }

    /// The nature that would be settled: picked, or suggested, or the one that the case has.
    fn settled_nature(&self, scene: &Scene) -> Nature {
        let suggested = || self.suggestion.nature(scene).map(|(nature, _)| nature);
        self.nature.or_else(suggested).unwrap_or(scene.row.nature)
    }

    /// Why nature or subject change: what was typed, or that closed cases say so.
    fn reason(&self, scene: &Scene) -> String {
        let typed = self.reason.text();
        let is_suggested = self.nature.is_none() && self.picker.is_blank();
        match self.suggestion.nature(scene) {
            Some((_, percent)) if typed.trim().is_empty() && is_suggested => {
                format!("as alike closed cases ({percent} %)")
            }
            _ => typed,
        }
    }
}

impl Editor for ClassifyingEditor {
    fn title(&self) -> &'static str {
        "CLASSIFY"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Screening)
    }

    fn open(&mut self, scene: &Scene, context: &mut Context<'_>) {
        self.suggestion.ask(scene, context);
    }

    fn key(&mut self, key: Key, _scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Subject => self.picker.key(key, context),
            Focus::Nature => match key.typed().and_then(Nature::from_key) {
                Some(nature) => {
                    self.nature = Some(nature);
                    Typed::Changed
                }
                None => Typed::Nothing,
            },
            Focus::Reason => self.reason.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Subject => self.picker.paste(text, context),
            Focus::Nature | Focus::Reason => self.reason.paste(text).into(),
        }
    }

    fn turn(&mut self, turn: Turn, key: Key, _scene: &Scene) {
        if self.focus == Focus::Subject && self.picker.turn(turn, key) {
            return;
        }
        self.focus = turned(&Focus::ALL.map(|(focus, _)| focus), self.focus, turn);
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        self.picker.answered(ticket, answer) || self.suggestion.answered(ticket, answer)
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if self.picker.is_waiting() || self.suggestion.is_waiting() {
            return Composed::Waiting;
        }
        let picked = self.picker.chosen().map(|subject| subject.code.clone());
        if picked.is_none() && !self.picker.is_blank() {
            self.focus = Focus::Subject;
            return Composed::Missing("No subject is called that: type other letters.".to_owned());
        }
        let before = scene.row.subject_code.clone();
        let suggested = || self.suggestion.subject().map(|subject| subject.code.clone());
        // What is there already is only replaced by what somebody picked.
        let subject = picked.or_else(|| if before.is_none() { suggested() } else { None });
        let Some(settled) = subject.clone().or_else(|| before.clone()) else {
            self.focus = Focus::Subject;
            return Composed::Missing(
                "It has no subject yet: type some of its letters.".to_owned(),
            );
        };
        let nature = Some(self.settled_nature(scene)).filter(|it| *it != scene.row.nature);
        let changes = nature.is_some() || before.is_some_and(|before| before != settled);
        let reason = self.reason(scene);
        if changes && reason.trim().is_empty() {
            self.focus = Focus::Reason;
            return Composed::Missing("A change takes a reason: type why.".to_owned());
        }
        let suggested = self.suggestion.kept(&settled);
        let class = Class { nature, subject, reason, suggested };
        Composed::Acts(vec![CaseAct::Classify(class)])
    }

    fn fields(&self) -> Vec<(String, String)> {
        kept("change", self.reason.text()).into_iter().collect()
    }

    fn focus(&self) -> &'static str {
        let mut names = Focus::ALL.into_iter();
        names.find(|(focus, _)| *focus == self.focus).map_or("subject", |(_, name)| name)
    }

    fn restore(&mut self, field: &str, text: &str) {
        if field == "change" {
            self.reason.set(text);
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, field: &str) {
        let known = Focus::ALL.into_iter().find(|(_, name)| *name == field);
        self.focus = known.map_or(self.focus, |(focus, _)| focus);
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let is_open = scene.row.subject_code.is_none();
        let takes = if is_open && self.picker.is_blank() { "   Enter takes it" } else { "" };
        self.suggestion.show(takes, cells, picture);
        self.picker.show("subject", self.focus == Focus::Subject, cells, picture);
        if self.picker.is_blank() && !is_open {
            picture.words("", &format!("stays {}", scene.row.subject), cells, 1);
        }
        let settled = self.settled_nature(scene);
        let natures: Vec<_> = Nature::ALL
            .iter()
            .map(|one| (format!("{} {}", one.key(), one.label()), *one == settled))
            .collect();
        picture.choices("nature", &natures, self.focus == Focus::Nature, cells);
        if settled != scene.row.nature || !self.reason.is_blank() || self.focus == Focus::Reason {
            picture.field("because", &self.reason, self.focus == Focus::Reason, cells, 2);
            if self.reason.is_blank() {
                let reason = self.reason(scene);
                let words = if reason.is_empty() { "why it changes" } else { &reason };
                picture.words("", &format!("({words})"), cells, 1);
            }
        }
    }
}
