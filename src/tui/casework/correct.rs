//! Corrects a closed case, which stays closed: its subject or a field of its form, with a reason, for two people to sign.

use crate::desk::{Answer, Command, DraftForm, TypeFieldLine};
use crate::domain::cases::{CaseAct, ClosedEdit, read_field};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::{CaseId, SubjectCode};
use crate::keymap::{Action, Key};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::{Context, Ticket};

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::subject_picker::SubjectPicker;

/// What can be corrected, one digit each: the subject, and the first fields of the form.
const OFFERED_MAX: usize = 9;
/// The code that stands for the subject where a field's code would: no field has an empty one.
const SUBJECT: &str = "";

/// What has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    What,
    Value,
    Reason,
}

/// A correction that is being written.
#[derive(Debug)]
pub(super) struct CorrectEditor {
    /// Its place among what can be corrected; the subject is the first.
    what: usize,
    subject: SubjectPicker,
    value: TextField,
    reason: TextField,
    focus: Focus,
}

impl CorrectEditor {
    pub(super) fn new() -> Self {
        Self {
            what: 0,
            subject: SubjectPicker::new(),
            value: TextField::line(LINE_BYTES_MAX),
            reason: TextField::line(LINE_BYTES_MAX),
            focus: Focus::What,
        }
    }

    /// The fields that are offered.
    fn fields_of(scene: &Scene) -> &[TypeFieldLine] {
        let fields = scene.file.as_ref().map_or(&[][..], |file| &file.plan.fields);
        fields.get(..fields.len().min(OFFERED_MAX - 1)).unwrap_or_default()
    }

    /// The field that is corrected; nothing where it is the subject.
    fn field<'s>(&self, scene: &'s Scene) -> Option<&'s TypeFieldLine> {
        Self::fields_of(scene).get(self.what.checked_sub(1)?)
    }

    fn choose(&mut self, place: usize, scene: &Scene) -> Typed {
        if place > Self::fields_of(scene).len() {
            return Typed::Refused("Choose by one of the digits shown.".to_owned());
        }
        if place != self.what {
            self.what = place;
            self.value.set("");
            self.subject.clear();
        }
        self.focus = Focus::Value;
        Typed::Changed
    }

    /// What it is corrected into, by the code of its field, and what is still missing.
    fn corrected(&mut self, scene: &Scene) -> Result<(String, String), Composed> {
        let missing = |words: &str| Err(Composed::Missing(words.to_owned()));
        let corrected = if let Some(line) = self.field(scene) {
            let typed = self.value.text().trim().to_owned();
            if let Err(takes) = read_field(&line.rule, &typed, scene.today()) {
                self.focus = Focus::Value;
                return Err(Composed::Missing(format!("That is not right: it takes {takes}.")));
            }
            (line.rule.code.clone(), typed)
        } else {
            if self.subject.is_waiting() {
                return Err(Composed::Waiting);
            }
            let Some(subject) = self.subject.chosen() else {
                self.focus = Focus::Value;
                return missing("Type letters of the right subject, or choose another field.");
            };
            (SUBJECT.to_owned(), subject.code.to_string())
        };
        if self.reason.is_blank() {
            self.focus = Focus::Reason;
            return missing("A closed case is changed with a reason only: type it.");
        }
        Ok(corrected)
    }
}

impl Editor for CorrectEditor {
    fn title(&self) -> &'static str {
        "CORRECT"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Correction)
    }

    fn key(&mut self, key: Key, scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::What => match key.digit() {
                Some(digit) => match usize::from(digit).checked_sub(1) {
                    Some(place) => self.choose(place, scene),
                    None => Typed::Nothing,
                },
                None => Typed::Nothing,
            },
            Focus::Value if self.what == 0 => self.subject.key(key, context),
            Focus::Value => self.value.key(key).into(),
            Focus::Reason => self.reason.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::What => Typed::Nothing,
            Focus::Value if self.what == 0 => self.subject.paste(text, context),
            Focus::Value => self.value.paste(text).into(),
            Focus::Reason => self.reason.paste(text).into(),
        }
    }

    fn turn(&mut self, turn: Turn, key: Key, _scene: &Scene) {
        if self.focus == Focus::Value && self.what == 0 && self.subject.turn(turn, key) {
            return;
        }
        self.focus = match (self.focus, turn) {
            (Focus::What, Turn::Next) | (Focus::Reason, Turn::Previous) => Focus::Value,
            (Focus::Value, Turn::Next) | (Focus::What, Turn::Previous) => Focus::Reason,
            (Focus::Reason, Turn::Next) | (Focus::Value, Turn::Previous) => Focus::What,
        };
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        self.subject.answered(ticket, answer)
    }

    fn is_waiting(&self) -> bool {
        self.subject.is_waiting()
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if scene.file.is_none() && !scene.is_file_lost {
            return Composed::Waiting;
        }
        match self.corrected(scene) {
            Ok(field) => Composed::Acts(vec![CaseAct::SetFields { fields: vec![field] }]),
            Err(missing) => missing,
        }
    }

    fn command(&self, case: CaseId, version: Option<u64>, act: CaseAct) -> Command {
        let CaseAct::SetFields { fields } = &act else {
            return Command::Case { case, version, act };
        };
        let Some((code, value)) = fields.first().cloned() else {
            return Command::Case { case, version, act };
        };
        let edit = if code == SUBJECT {
            ClosedEdit::Subject(SubjectCode(value.into()))
        } else {
            ClosedEdit::Field { code, value }
        };
        Command::EditClosed { case, edit, reason: self.reason.text() }
    }

    fn fields(&self) -> Vec<(String, String)> {
        let what = (self.what > 0).then(|| ("what".to_owned(), self.what.to_string()));
        let words = [kept("value", self.value.text()), kept("reason", self.reason.text())];
        let words: Vec<_> = words.into_iter().flatten().collect();
        if words.is_empty() { words } else { what.into_iter().chain(words).collect() }
    }

    fn focus(&self) -> &'static str {
        match self.focus {
            Focus::What => "what",
            Focus::Value => "value",
            Focus::Reason => "reason",
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "what" => self.what = text.parse().map_or(0, |place: usize| place.min(OFFERED_MAX - 1)),
            "value" => self.value.set(text),
            "reason" => self.reason.set(text),
            _ => {}
        }
    }

    fn restore_focus(&mut self, field: &str) {
        self.focus = match field {
            "value" => Focus::Value,
            "reason" => Focus::Reason,
            _ => Focus::What,
        };
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        if scene.row.stage.is_open() {
            let fill = scene.key(Action::FillIn);
            let words = format!("the case is open: it is changed as it is ({fill})");
            picture.words("", &words, cells, 2);
        }
        let fields = Self::fields_of(scene);
        let labels = fields.iter().map(|line| line.rule.labels.in_language(scene.language));
        let named = std::iter::once("subject").chain(labels).zip(1..);
        let choices: Vec<(String, bool)> = named
            .map(|(label, digit): (_, usize)| (format!("{digit} {label}"), digit == self.what + 1))
            .collect();
        picture.choices("what", &choices, self.focus == Focus::What, cells);
        let now = self.field(scene).map_or(scene.row.subject.as_str(), |line| &line.value);
        picture.words("now", if now.is_empty() { "nothing" } else { now }, cells, 1);
        let has_focus = self.focus == Focus::Value;
        if self.what == 0 {
            self.subject.show("right", has_focus, cells, picture);
        } else {
            picture.field("right", &self.value, has_focus, cells, 1);
        }
        picture.field("reason", &self.reason, self.focus == Focus::Reason, cells, 2);
        picture.words(
            "then",
            "the case stays closed and as it is until somebody else signs",
            cells,
            1,
        );
    }
}
