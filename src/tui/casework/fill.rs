//! The form of a case type: its fields one below the other, each checked by what it takes.

use crate::desk::{Command, DraftForm, FilledField, TypeFieldLine};
use crate::domain::CaseId;
use crate::domain::cases::{CaseAct, read_field};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::rules::FieldKind;
use crate::domain::time::Day;
use crate::keymap::{self, Action, Key, KeyCode};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;
use crate::tui::text::safe_line;
use crate::tui::when;

use super::super::field::Side;
use super::editor::{Composed, Editor, Scene, Turn, Typed};

/// Fields that are shown at once.
const SHOWN_MAX: usize = 7;
/// What empties a field that stands masked.
const EMPTIES: &str = "-";

/// What a draft keeps of what a field held when it was typed in.
const WAS: &str = "was ";

/// A field of the form.
#[derive(Debug)]
struct Entry {
    line: TypeFieldLine,
    text: TextField,
    /// Why what was typed is not taken.
    wrong: Option<String>,
    /// The field as somebody else has filled it in since, where that is neither what it was nor what was typed.
    theirs: Option<TypeFieldLine>,
}

impl Entry {
    fn new(line: TypeFieldLine) -> Self {
        let mut text = TextField::line(LINE_BYTES_MAX);
        if !line.rule.is_personal {
            text.set(&line.value);
        }
        Self { line, text, wrong: None, theirs: None }
    }

    /// Takes the field as it is now: one in which nothing else was typed is as it is now, and one that both changed waits
    /// for whoever types to choose.
    fn meet(&mut self, now: TypeFieldLine) {
        let is_typed_alike = !now.rule.is_personal && self.text.text().trim() == now.value;
        if now.value == self.line.value {
            self.line = now;
        } else if self.change().is_none() || is_typed_alike {
            *self = Self::new(now);
        } else {
            self.theirs = Some(now);
        }
    }

    /// Ends the choice between what somebody else has filled in, what was typed here, and what it was before both.
    fn choose(&mut self, side: Side) {
        let Some(theirs) = self.theirs.take() else { return };
        let original = std::mem::replace(&mut self.line, theirs.clone());
        match side {
            Side::Current => *self = Self::new(theirs),
            Side::Yours => {}
            Side::Original => self.text.set(&original.value),
        }
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

    /// Takes a key of the choice that is open on a field; whether it was one. Whoever types on has chosen their own words.
    fn choose_by(&mut self, key: Key) -> bool {
        let Some(entry) = self.entry().filter(|entry| entry.theirs.is_some()) else { return false };
        let side = Side::of(key);
        if side.is_some() || key.typed().is_some() {
            entry.choose(side.unwrap_or(Side::Yours));
        }
        side.is_some()
    }

    fn go_to(&mut self, place: usize, scene: &Scene) {
        if let Some(left) = self.entry() {
            left.check(scene.today());
        }
        self.focus = place.min(self.entries.len().saturating_sub(1));
    }

    /// What a field held when what was typed in it was typed: where it holds something else now, both are shown.
    fn was(&mut self, code: &str, original: &str) {
        let entry = self.entries.iter_mut().find(|entry| entry.line.rule.code == code);
        if let Some(entry) = entry.filter(|entry| entry.line.value != original) {
            let now = entry.line.clone();
            original.clone_into(&mut entry.line.value);
            entry.meet(now);
        }
    }

    /// The first field that waits for a choice.
    fn first_to_choose(&self) -> Option<usize> {
        self.entries.iter().position(|entry| entry.theirs.is_some())
    }

    fn put_kept_back(&mut self) {
        for (code, text) in std::mem::take(&mut self.kept) {
            if let Some(code) = code.strip_prefix(WAS) {
                self.was(code, &text);
            } else if let Some(entry) =
                self.entries.iter_mut().find(|one| one.line.rule.code == code)
            {
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
        if self.choose_by(key) {
            return Typed::Changed;
        }
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
        } else {
            for now in &file.plan.fields {
                let known = self.entries.iter_mut().find(|one| one.line.rule.code == now.rule.code);
                if let Some(entry) = known {
                    entry.meet(now.clone());
                }
            }
        }
        self.focus = self.first_to_choose().unwrap_or(self.focus);
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if scene.file.is_none() && !scene.is_file_lost {
            return Composed::Waiting;
        }
        if self.entries.is_empty() {
            return Composed::Missing("The type of this case has no form.".to_owned());
        }
        if let Some(at) = self.first_to_choose() {
            self.focus = at;
            return Composed::Missing(
                "Somebody else has filled in this field, too: 1 takes theirs, 2 yours, 3 what it was."
                    .to_owned(),
            );
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

    fn command(&self, case: CaseId, version: Option<u64>, act: CaseAct) -> Command {
        let CaseAct::SetFields { fields } = act else {
            return Command::Case { case, version, act };
        };
        let original = |code: &String| {
            let entry = self.entries.iter().find(|entry| entry.line.rule.code == *code);
            entry.map(|entry| entry.line.value.clone()).unwrap_or_default()
        };
        let filled = |(code, value)| FilledField { original: original(&code), code, value };
        Command::FillIn { case, fields: fields.into_iter().map(filled).collect() }
    }

    fn fields(&self) -> Vec<(String, String)> {
        let typed = self.entries.iter().filter(|entry| entry.change().is_some());
        let words = |entry: &Entry| {
            let code = &entry.line.rule.code;
            [(code.clone(), entry.text.text()), (format!("{WAS}{code}"), entry.line.value.clone())]
        };
        typed.flat_map(words).collect()
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
            if let Some(theirs) = &entry.theirs {
                show_choice(theirs, entry, scene, cells, picture);
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

/// What somebody else has filled in and when, what was typed here, and what it was before both.
fn show_choice(
    theirs: &TypeFieldLine,
    entry: &Entry,
    scene: &Scene,
    cells: usize,
    picture: &mut Picture,
) {
    let filled = theirs.filled.as_ref().map_or_else(String::new, |(by, at)| {
        format!("   {} {}", safe_line(by), when::time(*at, &scene.zone))
    });
    let or_nothing = |value: &str| {
        if value.is_empty() { "nothing".to_owned() } else { safe_line(value).into_owned() }
    };
    picture.words("1 current", &format!("{}{filled}", or_nothing(&theirs.value)), cells, 1);
    picture.words("2 yours", &or_nothing(entry.text.text().trim()), cells, 1);
    picture.words("3 was", &or_nothing(&entry.line.value), cells, 1);
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
