//! Letters on many cases: a template or words with placeholders, filled for each reader.

use crate::desk::DraftForm;
use crate::domain::cases::{EachAct, ReplyTemplate, templates};
use crate::domain::limits::TEXT_BYTES_MAX;
use crate::keymap::{self, Action, Key, KeyCode};
use crate::tui::field::{Picture, TextField, Written};
use crate::tui::screen::Context;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};

/// Rows of the words that are shown at once, at least and at most: the letter below needs room, too.
const ROWS: std::ops::RangeInclusive<usize> = 1..=4;

/// Letters that are being written.
#[derive(Debug)]
pub(super) struct LettersEditor {
    is_picking: bool,
    text: TextField,
    template: Option<&'static ReplyTemplate>,
}

impl LettersEditor {
    pub(super) fn new() -> Self {
        Self { is_picking: true, text: TextField::block(TEXT_BYTES_MAX), template: None }
    }

    fn pick(&mut self, key: Key) -> Typed {
        if let Some(digit) = key.digit() {
            let template = usize::from(digit).checked_sub(1).and_then(|at| templates().get(at));
            let Some(template) = template else { return Typed::Nothing };
            self.template = Some(template);
            self.text.set(template.text);
            // Where something is to be added, the cursor stands there.
            if let Some((before, _)) = template.text.split_once(": \n") {
                self.text.set_cursor(before.chars().count() + 2);
            }
            self.is_picking = false;
            return Typed::Changed;
        }
        if matches!(key.code(), KeyCode::Enter | KeyCode::Down) {
            self.is_picking = false;
            return Typed::Nothing;
        }
        let written = self.text.key(key);
        self.is_picking &= written != Written::Changed;
        written.into()
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

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        if self.is_picking { self.pick(key) } else { self.text.key(key).into() }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.is_picking = false;
        self.text.paste(text).into()
    }

    fn turn(&mut self, _turn: Turn, _key: Key, _scene: &Scene) {
        self.is_picking = !self.is_picking && self.text.is_blank();
    }

    fn compose(&mut self, _scene: &Scene) -> Composed {
        Composed::Missing("There is nothing in the letters: pick a template or type.".to_owned())
    }

    fn for_each(&self, _scene: &Scene) -> Option<EachAct> {
        if self.text.is_blank() {
            return None;
        }
        let text = self.text.text();
        let is_own = self.template.is_none_or(|template| template.text != text);
        let template = self.template.map(|template| template.code.to_owned());
        Some(EachAct::Letter { template, text: is_own.then_some(text) })
    }

    fn fields(&self) -> Vec<(String, String)> {
        let template = self.template.and_then(|template| kept("template", template.code));
        kept("text", self.text.text()).into_iter().chain(template).collect()
    }

    fn focus(&self) -> &'static str {
        if self.is_picking { "template" } else { "text" }
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "text" => self.text.set(text),
            "template" => self.template = templates().iter().find(|known| known.code == text),
            _ => {}
        }
    }

    /// Letters to many begin with the choice, whatever words were kept: a digit replaces them.
    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, _scene: &Scene, cells: usize, picture: &mut Picture) {
        if self.is_picking {
            let choices: Vec<_> = templates()
                .iter()
                .zip(1..)
                .map(|(template, digit): (_, u8)| (format!("{digit} {}", template.label), false))
                .chain(std::iter::once(("Enter own words".to_owned(), false)))
                .collect();
            picture.choices("begin", &choices, true, cells);
            picture.words(
                "",
                "{address} {name} {case} {subject} {caseworker} are filled in",
                cells,
                1,
            );
        }
        if !self.is_picking || !self.text.is_blank() {
            picture.text(&self.text, !self.is_picking, cells, ROWS);
        }
    }
}
