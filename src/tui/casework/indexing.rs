//! The indexing: terms by which a case will be looked for, the object that it is about, and where that is.

use crate::desk::{Answer, DraftForm};
use crate::domain::SubjectCode;
use crate::domain::cases::{CaseAct, CasePlace, TERMS_MAX};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::keymap::{Key, KeyCode};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::{Context, Ticket};

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::escalate::turned;
use super::subject_picker::SubjectPicker;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Terms,
    Object,
    Place,
}

impl Focus {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Terms, "terms"), (Self::Object, "object"), (Self::Place, "place")];
}

/// An indexing that is being done.
#[derive(Debug)]
pub(super) struct IndexingEditor {
    focus: Focus,
    terms: Vec<SubjectCode>,
    picker: SubjectPicker,
    object: TextField,
    place: TextField,
    /// Whether what the case has already was taken over.
    is_begun: bool,
}

impl IndexingEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Terms,
            terms: Vec::new(),
            picker: SubjectPicker::new(),
            object: TextField::line(LINE_BYTES_MAX),
            place: TextField::line(LINE_BYTES_MAX),
            is_begun: false,
        }
    }

    /// Adds the term that the letters mean.
    fn add(&mut self) -> Composed {
        let Some(code) = self.picker.chosen().map(|subject| subject.code.clone()) else {
            return Composed::Missing("No subject is called that: type other letters.".to_owned());
        };
        if self.terms.len() >= TERMS_MAX {
            return Composed::Missing(format!("A case has at most {TERMS_MAX} index terms."));
        }
        if !self.terms.contains(&code) {
            self.terms.push(code);
        }
        self.picker.clear();
        Composed::Stays
    }
}

impl Editor for IndexingEditor {
    fn title(&self) -> &'static str {
        "INDEX"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Screening)
    }

    fn key(&mut self, key: Key, _scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Terms if self.picker.is_blank() && key.code() == KeyCode::Backspace => {
                if self.terms.pop().is_some() { Typed::Changed } else { Typed::Nothing }
            }
            Focus::Terms => self.picker.key(key, context),
            Focus::Object => self.object.key(key).into(),
            Focus::Place => self.place.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Terms => self.picker.paste(text, context),
            Focus::Object => self.object.paste(text).into(),
            Focus::Place => self.place.paste(text).into(),
        }
    }

    fn turn(&mut self, turn: Turn, key: Key, _scene: &Scene) {
        if self.focus == Focus::Terms && self.picker.turn(turn, key) {
            return;
        }
        self.focus = turned(&Focus::ALL.map(|(focus, _)| focus), self.focus, turn);
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        self.picker.answered(ticket, answer)
    }

    fn informed(&mut self, scene: &Scene) -> Typed {
        if std::mem::replace(&mut self.is_begun, true) {
            return Typed::Nothing;
        }
        let Some(file) = &scene.file else { return Typed::Nothing };
        if self.place.is_blank() {
            self.place.set(&file.case.place.text);
        }
        if let Some(plan) = &file.kept {
            if self.terms.is_empty() {
                self.terms.clone_from(&plan.terms);
            }
            if self.object.is_blank() {
                self.object.set(&plan.object);
            }
        }
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if self.picker.is_waiting() || (scene.file.is_none() && !scene.is_file_lost) {
            return Composed::Waiting;
        }
        if !self.picker.is_blank() {
            self.focus = Focus::Terms;
            return self.add();
        }
        let before = scene.file.as_ref().map(|file| file.case.place.clone());
        let place = before.map(|before| CasePlace { text: self.place.text(), ..before });
        let (terms, object) = (self.terms.clone(), self.object.text());
        Composed::Acts(vec![CaseAct::Index { terms, object, place }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        let terms: Vec<_> = self.terms.iter().map(|term| term.0.as_str()).collect();
        let texts = [
            kept("terms", terms.join(" ")),
            kept("object", self.object.text()),
            kept("place", self.place.text()),
        ];
        texts.into_iter().flatten().collect()
    }

    fn focus(&self) -> &'static str {
        let mut names = Focus::ALL.into_iter();
        names.find(|(focus, _)| *focus == self.focus).map_or("terms", |(_, name)| name)
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "terms" => {
                let codes = text.split(' ').filter(|code| !code.is_empty());
                self.terms = codes.map(|code| SubjectCode(code.into())).collect();
            }
            "object" => self.object.set(text),
            "place" => self.place.set(text),
            _ => {}
        }
    }

    fn restore_focus(&mut self, field: &str) {
        let known = Focus::ALL.into_iter().find(|(_, name)| *name == field);
        self.focus = known.map_or(self.focus, |(focus, _)| focus);
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        picture.words("subject", &scene.row.subject, cells, 1);
        let terms: Vec<_> = self.terms.iter().map(ToString::to_string).collect();
        if terms.is_empty() {
            picture.words("terms", "none yet", cells, 1);
        } else {
            picture.things("terms", &terms, cells, 2);
        }
        self.picker.show("add", self.focus == Focus::Terms, cells, picture);
        if self.focus == Focus::Terms {
            let words = if self.picker.is_blank() {
                "letters find a term, Backspace takes the last one off; Enter: done"
            } else {
                "Enter adds the marked one"
            };
            picture.words("", words, cells, 1);
        }
        picture.field("object", &self.object, self.focus == Focus::Object, cells, 1);
        picture.field("place", &self.place, self.focus == Focus::Place, cells, 1);
    }
}
