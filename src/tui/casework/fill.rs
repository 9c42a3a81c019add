//! The form of a case type: its fields one below the other, each checked by what it takes.

use crate::desk::{DraftForm, TypeFieldLine};
use crate::domain::cases::{CaseAct, read_field};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::rules::FieldKind;
use crate::domain::time::Day;
use crate::keymap::{self, Action, Key, KeyCode};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;
use crate::tui::text::safe_line;

use super::editor::{Composed, Editor, Scene, Turn, Typed};

/// Fields that are shown at once.
const SHOWN_MAX: usize = 7;
/// What empties a field that stands masked.
const EMPTIES: &str = "-";

/// A field of the form.
#[derive(Debug)]
struct Entry {
    line: TypeFieldLine,
    text: TextField,
    /// Why what was typed is not taken.
    wrong: Option<String>,
}

impl Entry {
    fn new(line: TypeFieldLine) -> Self {
        let mut text = TextField::line(LINE_BYTES_MAX);
        if !line.rule.is_personal {
            text.set(&line.value);
        }
        Self { line, text, wrong: None }
    }

    /// What the desk is to be told; nothing where the field was left as it is.
    fn change(&self) -> Option<(String, String)> {
        let typed = self.text.text().trim().to_owned();
        let is_same =
            if self.line.rule.is_personal { typed.is_empty() } else { typed == self.line.value };
        let typed =
            if self.line.rule.is_personal && typed == EMPTIES { String::new() } else { typed };
        (!is_same).then(|| (self.line.rule.code.clone(), typed))
    }

    fn check(&mut self, today: Day) {
        let change = self.change();
        self.wrong = change.and_then(|(_, typed)| read_field(&self.line.rule, &typed, today).err());
    }
}

/// The form of a case.
#[derive(Debug, Default)]
pub(super) struct FillEditor {
    entries: Vec<Entry>,
    focus: usize,
    /// What a draft had, until the fields are known.
    kept: Vec<(String, String)>,
    focus_kept: Option<String>,
}

impl FillEditor {
    pub(super) fn new() -> Self {
        Self::default()
    }

    fn entry(&mut self) -> Option<&mut Entry> {
        self.entries.get_mut(self.focus)
    }

    fn go_to(&mut self, place: usize, scene: &Scene) {
        if let Some(left) = self.entry() {
            left.check(scene.today());
        }
        self.focus = place.min(self.entries.len().saturating_sub(1));
    }

    fn put_kept_back(&mut self) {
        for (code, text) in std::mem::take(&mut self.kept) {
            if let Some(entry) = self.entries.iter_mut().find(|one| one.line.rule.code == code) {
                entry.text.set(&text);
            }
        }
        let focus = self.focus_kept.take();
        let at = focus
            .and_then(|code| self.entries.iter().position(|entry| entry.line.rule.code == code));
        self.focus = at.unwrap_or(self.focus);
    }
}

impl Editor for FillEditor {
    fn title(&self) -> &'static str {
        "FORM"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Fields)
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Editor
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Send, Action::NextField, Action::PreviousField, Action::Leave]
    }

    fn key(&mut self, key: Key, scene: &Scene, _context: &mut Context<'_>) -> Typed {
        let last = self.entries.len().saturating_sub(1);
        match key.code() {
            KeyCode::Enter if self.focus >= last => return Typed::Send,
            KeyCode::Enter | KeyCode::Down => {
                self.go_to(self.focus + 1, scene);
                return Typed::Changed;
            }
            KeyCode::Up => {
                self.go_to(self.focus.saturating_sub(1), scene);
                return Typed::Changed;
            }
            _ => {}
        }
        let Some(entry) = self.entry() else { return Typed::Nothing };
        let typed: Typed = entry.text.key(key).into();
        if typed == Typed::Changed {
            entry.wrong = None;
        }
        typed
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.entry().map_or(Typed::Nothing, |entry| entry.text.paste(text).into())
    }

    fn turn(&mut self, turn: Turn, _key: Key, scene: &Scene) {
        let last = self.entries.len().saturating_sub(1);
        let to = match turn {
            Turn::Next if self.focus >= last => 0,
            Turn::Next => self.focus + 1,
            Turn::Previous => self.focus.checked_sub(1).unwrap_or(last),
        };
        self.go_to(to, scene);
    }

    fn informed(&mut self, scene: &Scene) -> Typed {
        let Some(file) = &scene.file else { return Typed::Nothing };
        if self.entries.is_empty() {
            self.entries = file.plan.fields.iter().cloned().map(Entry::new).collect();
            // Whoever opens the form goes to what the stage waits for.
            let missing = |entry: &Entry| entry.line.is_required_now && entry.line.value.is_empty();
            self.focus = self.entries.iter().position(missing).unwrap_or_default();
            self.put_kept_back();
        }
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if scene.file.is_none() && !scene.is_file_lost {
            return Composed::Waiting;
        }
        if self.entries.is_empty() {
            return Composed::Missing("The type of this case has no form.".to_owned());
        }
        self.entries.iter_mut().for_each(|entry| entry.check(scene.today()));
        if let Some(at) = self.entries.iter().position(|entry| entry.wrong.is_some()) {
            self.focus = at;
            let count = self.entries.iter().filter(|entry| entry.wrong.is_some()).count();
            let fields = if count == 1 { "One field is" } else { "Some fields are" };
            return Composed::Missing(format!("{fields} not right yet; nothing was kept."));
        }
        let fields: Vec<_> = self.entries.iter().filter_map(Entry::change).collect();
        if fields.is_empty() {
            return Composed::Nothing;
        }
        Composed::Acts(vec![CaseAct::SetFields { fields }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        let typed = self.entries.iter().filter(|entry| entry.change().is_some());
        typed.map(|entry| (entry.line.rule.code.clone(), entry.text.text())).collect()
    }

    fn focus(&self) -> &'static str {
        "field"
    }

    fn restore(&mut self, field: &str, text: &str) {
        self.kept.push((field.to_owned(), text.to_owned()));
        if !self.entries.is_empty() {
            self.put_kept_back();
        }
    }

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        if self.entries.is_empty() {
            let words =
                if scene.file.is_some() { "The type of this case has no form." } else { "reading" };
            picture.words("", words, cells, 1);
            return;
        }
        let of = self.entries.len();
        let first = (self.focus + 1)
            .saturating_sub(SHOWN_MAX.div_ceil(2))
            .min(of.saturating_sub(SHOWN_MAX));
        for (at, entry) in self.entries.iter().enumerate().skip(first).take(SHOWN_MAX) {
            let has_focus = at == self.focus;
            picture.words("", &heading(entry, has_focus, scene), cells, 2);
            picture.list(entry.line.rule.labels.in_language(scene.language), at, of, has_focus);
            if has_focus {
                picture.field("", &entry.text, true, cells, 1);
            }
            if let Some(wrong) = &entry.wrong {
                picture.words("wrong", &format!("it takes {wrong}"), cells, 1);
            }
        }
        if of > SHOWN_MAX {
            picture.words("", &format!("field {} of {of}", self.focus + 1), cells, 1);
        }
    }
}

/// The mark and name of a field, with what it takes while it has the focus, and else with what is in it.
fn heading(entry: &Entry, has_focus: bool, scene: &Scene) -> String {
    let line = &entry.line;
    let typed = entry.text.text();
    let is_empty = typed.is_empty() && line.value.is_empty();
    let mark = match (line.is_required_now, is_empty) {
        (true, true) => '!',
        (_, false) => 'x',
        (false, true) => '.',
    };
    let name = safe_line(line.rule.labels.in_language(scene.language)).into_owned();
    let masked = if line.rule.is_personal && !line.value.is_empty() && typed.is_empty() {
        format!("   {} is kept; {EMPTIES} empties it", line.value)
    } else {
        String::new()
    };
    if !has_focus {
        return format!("{mark} {name}   {}{masked}", safe_line(&typed));
    }
    let help = safe_line(line.rule.help.trim_end_matches('.')).into_owned();
    let takes = takes(&line.rule.kind, scene.language);
    let between = if help.is_empty() || takes.is_empty() { "" } else { "; " };
    format!("{mark} {name}   {help}{between}{takes}{masked}")
}

fn takes(kind: &FieldKind, language: &str) -> String {
    match kind {
        FieldKind::Text => String::new(),
        FieldKind::Number { min, max } => format!("{min} to {max}"),
        FieldKind::Money { .. } => "an amount".to_owned(),
        FieldKind::Date => "a day, as 2026-08-21".to_owned(),
        FieldKind::YesNo => "y or n".to_owned(),
        FieldKind::Choice(choices) => {
            let listed = choices.iter().zip(1..).map(|((_, labels), digit): (_, u32)| {
                format!("{digit} {}", safe_line(labels.in_language(language)))
            });
            listed.collect::<Vec<_>>().join("  ")
        }
        FieldKind::Identity(scheme) => format!("an identity number, {scheme}"),
        FieldKind::Telephone => "a telephone number".to_owned(),
        FieldKind::Email => "a mail address".to_owned(),
    }
}
