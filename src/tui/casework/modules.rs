//! The line that opens at two colons: text modules, narrowed by letters, one of which goes into the text.

use crate::desk::{ModuleLine, ReplyKitAnswer};
use crate::domain::PersonId;
use crate::domain::limits::CODE_BYTES_MAX;
use crate::keymap::{Key, KeyCode};
use crate::tui::field::Picture;
use crate::tui::text::safe_line;

use super::editor::Turn;

/// What opens the line.
pub(super) const COLONS: &str = "::";
/// Modules that the line shows.
const SHOWN_MAX: usize = 4;

/// What came of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Picked {
    /// The line goes on.
    Nothing,
    /// It is left; the colons stay.
    Left,
    /// This one.
    Module(ModuleLine),
}

/// The modules in a reader's language that a reply may hold.
pub(super) fn modules_for(kit: &ReplyKitAnswer, person: Option<PersonId>) -> Vec<ModuleLine> {
    let mut known = kit.modules.iter();
    let of_person =
        known.find(|(reader, _)| Some(*reader) == person).or_else(|| kit.modules.first());
    let lines = of_person.map(|(_, lines)| lines.as_slice()).unwrap_or_default();
    lines.iter().filter(|line| line.is_for_citizens).cloned().collect()
}

/// The line while it is open.
#[derive(Debug)]
pub(super) struct ModulePicker {
    lines: Vec<ModuleLine>,
    letters: String,
    chosen: usize,
}

impl ModulePicker {
    pub(super) fn new(lines: Vec<ModuleLine>) -> Self {
        Self { lines, letters: String::new(), chosen: 0 }
    }

    /// The modules whose title or code has all the letters typed, in the order in which the desk ranked them.
    fn matching(&self) -> Vec<&ModuleLine> {
        let words: Vec<String> = self.letters.split_whitespace().map(str::to_lowercase).collect();
        let has = |line: &&ModuleLine| {
            let title = line.title.to_lowercase();
            words
                .iter()
                .all(|word| title.contains(word.as_str()) || line.code.contains(word.as_str()))
        };
        self.lines.iter().filter(has).collect()
    }

    pub(super) fn key(&mut self, key: Key) -> Picked {
        match key.code() {
            KeyCode::Enter => {
                let found = self.matching().get(self.chosen).map(|line| (*line).clone());
                return found.map_or(Picked::Left, Picked::Module);
            }
            KeyCode::Down | KeyCode::Right => self.step(Turn::Next),
            KeyCode::Up | KeyCode::Left => self.step(Turn::Previous),
            KeyCode::Backspace if self.letters.is_empty() => return Picked::Left,
            KeyCode::Backspace => {
                self.letters.pop();
                self.chosen = 0;
            }
            _ => {
                let letter = key.typed().filter(|_| self.letters.len() < CODE_BYTES_MAX);
                if let Some(letter) = letter {
                    self.letters.push(letter);
                    self.chosen = 0;
                }
            }
        }
        Picked::Nothing
    }

    pub(super) fn step(&mut self, turn: Turn) {
        let last = self.matching().len().saturating_sub(1);
        self.chosen = match turn {
            Turn::Next => (self.chosen + 1).min(last),
            Turn::Previous => self.chosen.saturating_sub(1),
        };
    }

    pub(super) fn show(&self, cells: usize, picture: &mut Picture) {
        let matching = self.matching();
        let first = self.chosen.saturating_sub(SHOWN_MAX - 1);
        let shown = matching.iter().enumerate().skip(first).take(SHOWN_MAX);
        let choices: Vec<(String, bool)> = shown
            .map(|(at, line)| {
                (format!("{} ({})", safe_line(&line.title), line.language), at == self.chosen)
            })
            .collect();
        let label = format!("{COLONS} {}", self.letters);
        if choices.is_empty() {
            picture.words(&label, "no text has these letters; leaving leaves the colons", cells, 1);
        } else {
            picture.choices(&label, &choices, true, cells);
        }
    }
}
