//! Letters on many cases: a template in each reader's language, or words with placeholders, filled for each reader.

use crate::desk::{Answer, AskLibrary, CaseRow, DraftForm, LibraryAnswer, TemplateLine};
use crate::domain::answers::codes_of;
use crate::domain::cases::EachAct;
use crate::domain::limits::TEXT_BYTES_MAX;
use crate::keymap::{self, Action, Key, KeyCode};
use crate::tui::field::{Picture, TextField, Written};
use crate::tui::screen::{Context, Ticket};

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};

/// Rows of the words that are shown at once, at least and at most: the letter below needs room, too.
const ROWS: std::ops::RangeInclusive<usize> = 1..=4;

/// Templates that a digit picks.
const TEMPLATES_MAX: usize = 9;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Template,
    Text,
}

/// Letters that are being written.
#[derive(Debug)]
pub(super) struct LettersEditor {
    focus: Focus,
    /// Words of one's own; a template that is picked goes before them.
    text: TextField,
    templates: Vec<TemplateLine>,
    template: Option<usize>,
    ticket: Option<Ticket>,
}

impl LettersEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Template,
            text: TextField::block(TEXT_BYTES_MAX),
            templates: Vec::new(),
            template: None,
            ticket: None,
        }
    }

    fn pick(&mut self, key: Key) -> Typed {
        if let Some(digit) = key.digit() {
            let place = usize::from(digit).checked_sub(1);
            let Some(place) = place.filter(|place| *place < self.templates.len()) else {
                return Typed::Nothing;
            };
            self.template = Some(place);
            return Typed::Changed;
        }
        if matches!(key.code(), KeyCode::Enter | KeyCode::Down) {
            self.write();
            return Typed::Nothing;
        }
        let written = self.text.key(key);
        if written == Written::Changed {
            self.write();
        }
        written.into()
    }

    /// Words of one's own take the place of a template.
    fn write(&mut self) {
        self.focus = Focus::Text;
        self.template = None;
    }
}

impl Editor for LettersEditor {
    fn title(&self) -> &'static str {
        "REPLY"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Reply)
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Letters
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Send, Action::NextLetter, Action::PreviousLetter, Action::Leave]
    }

    fn open(&mut self, _scene: &Scene, context: &mut Context<'_>) {
        // No file of the many is open, so that the templates are asked for themselves.
        self.ticket = Some(context.ask(AskLibrary { language: None }));
    }

    fn is_waiting(&self) -> bool {
        self.ticket.is_some()
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, scene: &Scene) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.ticket = None;
        if let Some(Answer::Library(library)) = answer {
            self.templates = fitting(library, &scene.row);
        }
        true
    }

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Template => self.pick(key),
            Focus::Text => self.text.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.write();
        self.text.paste(text).into()
    }

    fn turn(&mut self, _turn: Turn, _key: Key, _scene: &Scene) {
        match self.focus {
            Focus::Template => self.write(),
            Focus::Text => self.focus = Focus::Template,
        }
    }

    fn compose(&mut self, _scene: &Scene) -> Composed {
        Composed::Missing("There is nothing in the letters: pick a template or type.".to_owned())
    }

    fn for_each(&self, _scene: &Scene) -> Option<EachAct> {
        let picked = self.template.and_then(|place| self.templates.get(place));
        if let Some(line) = picked {
            return Some(EachAct::Letter { template: Some(line.code.clone()), text: None });
        }
        let words = || Some(self.text.text());
        (!self.text.is_blank()).then(|| EachAct::Letter { template: None, text: words() })
    }

    fn fields(&self) -> Vec<(String, String)> {
        // A template is picked anew each time: its letters leave the office.
        kept("text", self.text.text()).into_iter().collect()
    }

    fn focus(&self) -> &'static str {
        match self.focus {
            Focus::Template => "template",
            Focus::Text => "text",
        }
    }

    fn restore(&mut self, field: &str, text: &str) {
        if field == "text" {
            self.text.set(text);
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, _scene: &Scene, cells: usize, picture: &mut Picture) {
        let choices: Vec<_> = self
            .templates
            .iter()
            .enumerate()
            .map(|(at, line)| (format!("{} {}", at + 1, line.label), self.template == Some(at)))
            .chain(std::iter::once(("Enter own words".to_owned(), self.focus == Focus::Text)))
            .collect();
        let picked = self.template.and_then(|place| Some((place + 1, self.templates.get(place)?)));
        if let Some((digit, line)) = picked {
            // The letter itself needs the room.
            picture.cursor = (picture.rows.len(), 0);
            picture.words(
                "begin",
                &format!(">{digit} {}   another digit changes it", line.label),
                cells,
                1,
            );
        } else if self.focus == Focus::Template {
            picture.choices("begin", &choices, true, cells);
        }
        if self.focus == Focus::Text {
            let words = "{salutation} {name} {case} {subject} {caseworker} are filled in for each";
            picture.words("", words, cells, 1);
            picture.text(&self.text, true, cells, ROWS);
        }
    }
}

/// The templates that fit a case.
fn fitting(library: &LibraryAnswer, row: &CaseRow) -> Vec<TemplateLine> {
    let templates = || library.templates.iter().map(|(template, _)| template);
    let fits = |code: &str| {
        let mut of_code = templates().filter(|template| template.code == code);
        of_code.any(|template| template.binding.fits(row.nature, row.stage))
    };
    let codes = codes_of(templates()).into_iter().filter(|(code, _)| fits(code));
    codes.take(TEMPLATES_MAX).map(|(code, label)| TemplateLine { code, label }).collect()
}
