//! What an entered line comes to: a command on a screen, or what is entered in a form.

use crate::desk::ViewKind;
use crate::keymap::{self, Action, Key, KeyCode, parse_sequence};
use crate::tui::model::Overlay;
use crate::tui::screen::{Go, Status};
use crate::tui::tutor::Coach;
use crate::tui::update::keys;

use super::line::{Meant, Reader, number};
use super::page::Page;
use super::say;
use super::session::{Plain, Step};
use super::speech::Typing;

/// Letters of a queue's name that are enough to choose it.
const QUEUE_LETTERS_MIN: usize = 3;
/// Commands of forms, which mean nothing elsewhere and are no words to look for.
const FORM_COMMANDS: [&str; 7] = [".", "/leave", "/send", "/next", "/back", "/anew", "/undo"];

impl Plain {
    pub(super) fn command(&mut self, line: &str) {
        if line.trim().is_empty() && self.goes_on_with_enter() {
            return self.push(Step::Key(Key::plain(KeyCode::Enter)));
        }
        if FORM_COMMANDS.contains(&line.trim()) {
            let words = format!("No form is open here: {} is for forms.", line.trim());
            self.model.status = Some(Status::Refused(words));
            return;
        }
        let contexts = self.contexts();
        let reader = Reader { keymap: &self.model.shared.keymap, contexts: &contexts };
        let is_finding = contexts
            .iter()
            .any(|context| matches!(context, keymap::Context::Find | keymap::Context::FindHits));
        let in_full = reader.read_in_full(line).or_else(|| queue(line, &contexts));
        let meant = match in_full {
            None if is_finding => return self.push(Step::Find(line.trim().to_owned())),
            None => reader.read(line),
            Some(meant) => meant,
        };
        self.mean(meant);
    }

    /// Whether Enter goes on: the tutor explains, or a lesson is done.
    pub(super) fn goes_on_with_enter(&self) -> bool {
        matches!(self.model.overlay, Overlay::Lesson(_))
            || self.model.coach.as_ref().is_some_and(Coach::is_done)
    }

    pub(super) fn mean(&mut self, meant: Meant) {
        match meant {
            Meant::Again => self.reads_all = true,
            Meant::Help(all) => self.help(all),
            Meant::Quit => self.push(Step::Quit),
            Meant::Row(number) => self.choose(number),
            Meant::Act(Action::OpenHelp | Action::OpenPalette, _) => self.help(true),
            Meant::Act(action, rest) => self.mean_action(action, &rest),
            Meant::Keys(keys) => keys.into_iter().for_each(|key| self.push(Step::Key(key))),
            Meant::Case(case) => self.push(Step::Go(Go::Case(case))),
            Meant::Person(person) => self.push(Step::Go(Go::Person(person))),
            Meant::Unknown(words) => self.model.status = Some(Status::Refused(words)),
        }
    }

    /// A number: its row is gone to, and opened where a digit opens it; where nothing is numbered, a digit is a key.
    pub(super) fn choose(&mut self, number: u64) {
        let page = Page::of(&self.model);
        match (page.chosen(), u8::try_from(number).ok().filter(|digit| (1..=9).contains(digit))) {
            (Some(_), _) => {
                self.push(Step::Row(number, 0));
                if opens_rows(keys(&self.model)) {
                    self.push(Step::Act(Action::OpenRow));
                }
            }
            (None, Some(digit)) => self.push(Step::Key(digit_key(digit))),
            (None, None) => {
                let words = "There is no list here whose rows have numbers.";
                self.model.status = Some(Status::Refused(words.to_owned()));
            }
        }
    }

    pub(super) fn mean_action(&mut self, action: Action, rest: &str) {
        let numbered = number(rest);
        match numbered.and_then(|digit| u8::try_from(digit).ok()).filter(|digit| *digit <= 9) {
            Some(digit) if action.info().takes_digit => {
                return self.push(Step::Digit(action, digit_key(digit)));
            }
            _ if action.info().takes_digit => {
                let label = action.info().label;
                let words = format!("Which one is said by its digit: {label} 1 to {label} 9.");
                self.model.status = Some(Status::Refused(words));
                return;
            }
            _ => {}
        }
        // On a case, acts are about the case, whichever of its entries is chosen: a number is for the form then.
        let is_of_rows = keys(&self.model) != keymap::Context::Case;
        let is_listed = || is_of_rows && Page::of(&self.model).chosen().is_some();
        if let Some(row) = numbered.filter(|_| is_listed()) {
            self.push(Step::Row(row, 0));
            return self.push(Step::Act(action));
        }
        if action == Action::OpenFind && !rest.is_empty() {
            return self.push(Step::Find(rest.to_owned()));
        }
        self.push(Step::Act(action));
        if !rest.is_empty() {
            self.push(Step::Feed(rest.to_owned()));
        }
    }

    /// A line of a form: its text, or a command with a dot or a slash before it.
    pub(super) fn entry(&mut self, line: &str) {
        let trimmed = line.trim();
        let is_word = trimmed.chars().nth(1).is_some_and(char::is_alphabetic);
        if self.is_only_read() && (is_word || trimmed.is_empty()) {
            self.push(Step::Act(Action::Leave));
            if is_word {
                self.push(Step::Line(trimmed.trim_start_matches('/').to_owned()));
            }
            return;
        }
        if is_word && Page::of(&self.model).typing == Typing::Pick {
            match trimmed {
                "quit" => return self.push(Step::Quit),
                "help" => return self.help(false),
                "again" => return self.reads_all = true,
                _ => {}
            }
        }
        if trimmed == "." {
            return self.push(Step::Act(self.sending()));
        }
        // A dot or a slash of one's own is written twice.
        if let Some(text) = line.strip_prefix('.').filter(|text| text.starts_with('.')) {
            return self.push(Step::Feed(text.to_owned()));
        }
        let Some(command) = trimmed.strip_prefix('/').filter(|command| !command.is_empty()) else {
            return self.push(Step::Feed(line.to_owned()));
        };
        if command.starts_with('/') {
            return self.push(Step::Feed(command.to_owned()));
        }
        match command {
            "quit" => self.push(Step::Quit),
            "help" => self.help(false),
            "again" => self.reads_all = true,
            "send" => self.push(Step::Act(self.sending())),
            "next" => self.push(Step::Act(Action::NextField)),
            "back" => self.push(Step::Act(Action::PreviousField)),
            "leave" => self.push(Step::Act(Action::Leave)),
            "anew" => self.push(Step::Act(Action::StartAnew)),
            "undo" => self.push(Step::Key(Key::control('u'))),
            _ => {
                let contexts = self.contexts();
                let reader = Reader { keymap: &self.model.shared.keymap, contexts: &contexts };
                let meant = match (number(command), parse_sequence(command)) {
                    (Some(number), _) => Meant::Row(number),
                    (None, Ok(keys)) => Meant::Keys(keys),
                    (None, Err(_)) => reader.read(command),
                };
                self.mean(meant);
            }
        }
    }

    /// What sends the form that is open.
    pub(super) fn sending(&self) -> Action {
        let context = keys(&self.model);
        if context == keymap::Context::Intake { Action::Register } else { Action::Send }
    }
}

/// The queue or view of the board that is called so, or begins so.
fn queue(line: &str, contexts: &[keymap::Context]) -> Option<Meant> {
    let word = line.trim().to_lowercase();
    if !contexts.contains(&keymap::Context::Board) || word.len() < QUEUE_LETTERS_MIN {
        return None;
    }
    let begins = |kind: &ViewKind| say::queue(*kind).to_lowercase().starts_with(&word);
    let place = ViewKind::BOARD.iter().position(begins)?;
    Some(Meant::Act(Action::ChooseQueue, (place + 1).to_string()))
}

fn digit_key(digit: u8) -> Key {
    Key::char(char::from_digit(u32::from(digit), 10).unwrap_or('0'))
}

/// Whether a number opens its row: where the digits of the full screen do.
fn opens_rows(context: keymap::Context) -> bool {
    use keymap::Context;
    matches!(
        context,
        Context::Find | Context::FindHits | Context::Person | Context::Picker | Context::Palette
    )
}
