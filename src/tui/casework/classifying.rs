//! The classification: nature and subject are settled; what closed cases suggest is taken with one key.

use crate::desk::{Answer, DraftForm};
use crate::domain::SubjectCode;
use crate::domain::cases::{CaseAct, Class, Nature, Stage};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::keymap::Key;
use crate::tui::field::{Picture, Side, TextField};
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;

use super::classed::{Classed, show_choice};
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
    /// A subject that was taken of what stood there before, and not picked by letters.
    taken: Option<(SubjectCode, String)>,
    /// What the case said when it was looked at last.
    shown: Option<Classed>,
    /// What it said before somebody else settled something else: there is a choice to make.
    was: Option<Classed>,
}

impl ClassifyingEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Subject,
            picker: SubjectPicker::new(),
            nature: None,
            reason: TextField::line(LINE_BYTES_MAX),
            suggestion: Suggestion::default(),
            taken: None,
            shown: None,
            was: None,
        }
    }

    /// The subject that was chosen here, if one was.
    fn chosen_subject(&self) -> Option<(SubjectCode, String)> {
        let picked = self.picker.chosen().filter(|_| !self.picker.is_blank());
        let picked = picked.map(|subject| (subject.code.clone(), subject.label.clone()));
        picked.or_else(|| self.taken.clone())
    }

    /// What was chosen here, over what stood there before.
    fn yours(&self, was: &Classed) -> Classed {
        Classed {
            nature: self.nature.unwrap_or(was.nature),
            subject: self.chosen_subject().or_else(|| was.subject.clone()),
        }
    }

    /// Ends the choice between what somebody else has settled, what was chosen here, and what it was before both.
    fn choose(&mut self, side: Side, scene: &Scene) -> Typed {
        let Some(was) = self.was.take() else { return Typed::Nothing };
        let taken = match side {
            Side::Current if scene.row.stage != Stage::Classification => return Typed::Close,
            Side::Current => None,
            Side::Yours => Some(self.yours(&was)),
            Side::Original => Some(was),
        };
        if side != Side::Yours {
            self.picker.clear();
        }
        self.nature = taken.as_ref().map(|taken| taken.nature);
        self.taken = taken.and_then(|taken| taken.subject);
        Typed::Changed
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
        self.shown = Some(Classed::of(&scene.row));
        self.suggestion.ask(scene, context);
    }

    fn key(&mut self, key: Key, scene: &Scene, context: &mut Context<'_>) -> Typed {
        if self.was.is_some() {
            if let Some(side) = Side::of(key) {
                return self.choose(side, scene);
            }
            // Whoever types on has chosen their own.
            if key.typed().is_some() {
                self.choose(Side::Yours, scene);
            }
        }
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

    fn informed(&mut self, scene: &Scene) -> Typed {
        let now = Classed::of(&scene.row);
        if let Some(shown) = self.shown.replace(now.clone()).filter(|shown| *shown != now) {
            let yours = self.yours(&shown);
            let is_open = yours != shown && yours != now;
            self.was = is_open.then_some(shown);
        }
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if self.was.is_some() {
            let words = "Somebody else has classified it: 1 takes theirs, 2 yours, 3 what it was.";
            return Composed::Missing(words.to_owned());
        }
        if self.picker.is_waiting() || self.suggestion.is_waiting() {
            return Composed::Waiting;
        }
        let picked = self.chosen_subject().map(|(code, _)| code);
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
        if let (Some(was), Some(now)) = (&self.was, &self.shown) {
            show_choice(now, &self.yours(was), was, cells, picture);
        }
        self.suggestion.show(takes, cells, picture);
        self.picker.show("subject", self.focus == Focus::Subject, cells, picture);
        if let Some((_, label)) = self.taken.as_ref().filter(|_| self.picker.is_blank()) {
            picture.words("", &format!("as {}", safe_line(label)), cells, 1);
        } else if self.picker.is_blank() && !is_open {
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
