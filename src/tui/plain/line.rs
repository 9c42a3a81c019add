//! What an entered line means where no text is typed: a number, a word, a key, a case or a person.

use crate::domain::{CaseId, PersonId};
use crate::keymap::{self, Action, ActionInfo, Key, Keymap, Resolution, parse_sequence};
use crate::text::nearest;

/// The most words that are named where a word may mean several things.
const NAMED_MAX: usize = 8;

/// What a line means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    /// The screen is read again.
    Again,
    /// What can be done here is listed; all of it, or what is done most.
    Help(bool),
    /// The program ends.
    Quit,
    /// The row of this number.
    Row(u64),
    /// An action, with what was written after it.
    Act(Action, String),
    /// Keys that are pressed.
    Keys(Vec<Key>),
    /// A case is opened.
    Case(CaseId),
    /// A person's file is opened.
    Person(PersonId),
    /// Nothing that is known here: what is to be said of it.
    Unknown(String),
}

/// A number in whatever digits.
pub(super) fn number(words: &str) -> Option<u64> {
    let mut digits = words.chars().map(|digit| Key::char(digit).digit().map(u64::from));
    let value = digits.try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(digit?));
    value.filter(|_| !words.is_empty())
}

/// Reads lines by the keys and actions of the contexts in which somebody is, the nearest first.
pub(super) struct Reader<'a> {
    pub(super) keymap: &'a Keymap,
    pub(super) contexts: &'a [keymap::Context],
}

impl Reader<'_> {
    /// What a line means.
    pub(super) fn read(&self, line: &str) -> Meant {
        let line = line.trim();
        if let Some(meant) = reserved(line) {
            return meant;
        }
        if let Some(number) = number(line) {
            return Meant::Row(number);
        }
        if let Some(meant) = self.keys(line).or_else(|| self.named(line)) {
            return meant;
        }
        if let Ok(case) = line.to_uppercase().parse() {
            return Meant::Case(case);
        }
        if let Ok(person) = line.to_uppercase().parse() {
            return Meant::Person(person);
        }
        self.key_and_words(line).or_else(|| self.begun(line)).unwrap_or_else(|| self.unknown(line))
    }

    /// As [`Reader::read`], where words are looked for: only what is written in full is an action.
    pub(super) fn read_in_full(&self, line: &str) -> Option<Meant> {
        let line = line.trim();
        reserved(line)
            .or_else(|| number(line).map(Meant::Row))
            .or_else(|| self.keys(line))
            .or_else(|| self.named(line))
            .or_else(|| self.key_and_words(line))
    }

    /// The word for an action here: its label, or its name where another action has that label.
    pub(super) fn word(&self, action: Action) -> &'static str {
        let info = action.info();
        match self.labelled(info.label, &|other| other.label).as_slice() {
            [only] if only.action == action => info.label,
            _ => info.name,
        }
    }

    /// The actions that mean something here, each once.
    pub(super) fn actions(&self) -> Vec<&'static ActionInfo> {
        let mut actions: Vec<&'static ActionInfo> = Vec::new();
        for context in self.contexts {
            for info in self.keymap.actions_in(*context) {
                if !actions.iter().any(|known| known.action == info.action) {
                    actions.push(info);
                }
            }
        }
        actions
    }

    /// The whole line as the keys of an action.
    fn keys(&self, line: &str) -> Option<Meant> {
        let keys = parse_sequence(line).ok()?;
        self.action_of(&keys).map(|action| match keys.last().and_then(|key| key.digit()) {
            Some(digit) if action.info().takes_digit => Meant::Act(action, digit.to_string()),
            _ => Meant::Act(action, String::new()),
        })
    }

    fn action_of(&self, keys: &[Key]) -> Option<Action> {
        let (last, begun) = keys.split_last()?;
        self.contexts.iter().find_map(|context| match self.keymap.resolve(*context, begun, *last) {
            Resolution::Action(action) => Some(action),
            Resolution::Pending(_) | Resolution::Unbound => None,
        })
    }

    /// A key of one letter, and what it is to be done with: `t kaya`, `/mohmdi`.
    fn key_and_words(&self, line: &str) -> Option<Meant> {
        let (key, rest) = match line.strip_prefix('/') {
            Some(rest) => ("/", rest),
            None => line.split_once(' ')?,
        };
        let action = self.action_of(&parse_sequence(key).ok()?)?;
        Some(Meant::Act(action, rest.trim().to_owned()))
    }

    /// An action by its whole word or name, and what is written after it.
    fn named(&self, line: &str) -> Option<Meant> {
        let lower = line.to_lowercase();
        let mut ends: Vec<usize> = lower.match_indices(' ').map(|(at, _)| at).collect();
        ends.push(lower.len());
        for end in ends.into_iter().rev() {
            let (head, rest) = lower.split_at_checked(end)?;
            let said = line.get(end..).filter(|_| line.len() == lower.len()).unwrap_or(rest).trim();
            let labels = self.labelled(head, &|info| info.label);
            let names = self.labelled(head, &|info| info.name);
            let found = if names.is_empty() { labels } else { names };
            let has_digit = number(said).is_some();
            let fitting: Vec<_> =
                found.iter().filter(|info| has_digit || !info.takes_digit).copied().collect();
            let bound: Vec<_> =
                fitting.iter().filter(|info| self.is_bound(info)).copied().collect();
            match (bound.as_slice(), fitting.as_slice(), found.as_slice()) {
                ([info], _, _) | ([], [info], _) | ([], [], [info]) => {
                    return Some(Meant::Act(info.action, said.to_owned()));
                }
                ([], [], []) => {}
                ([], [], several) | ([], several, _) | (several, _, _) => {
                    return Some(Meant::Unknown(several_words(head, several)));
                }
            }
        }
        None
    }

    fn labelled(
        &self,
        word: &str,
        of: &dyn Fn(&'static ActionInfo) -> &'static str,
    ) -> Vec<&'static ActionInfo> {
        self.actions().into_iter().filter(|info| of(info) == word).collect()
    }

    fn is_bound(&self, info: &ActionInfo) -> bool {
        let keys = |context: &keymap::Context| self.keymap.keys_for(*context, info.action);
        self.contexts.iter().any(|context| !keys(context).is_empty())
    }

    /// An action by the beginning of its word, where only one begins so.
    fn begun(&self, line: &str) -> Option<Meant> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let word = word.to_lowercase();
        let begins = |info: &&ActionInfo| {
            let verb = info.name.rsplit('.').next().unwrap_or_default();
            info.label.starts_with(&word) || info.name.starts_with(&word) || verb.starts_with(&word)
        };
        let found: Vec<_> = self.actions().into_iter().filter(begins).collect();
        let by_label: Vec<_> =
            found.iter().filter(|info| info.label.starts_with(&word)).copied().collect();
        match (by_label.as_slice(), found.as_slice()) {
            ([only], _) | ([], [only]) => Some(Meant::Act(only.action, rest.trim().to_owned())),
            ([], []) => None,
            ([], several) | (several, _) => Some(Meant::Unknown(several_words(&word, several))),
        }
    }

    fn unknown(&self, line: &str) -> Meant {
        if let Ok(keys) = parse_sequence(line)
            && let [key] = keys.as_slice()
        {
            return Meant::Keys(vec![*key]);
        }
        let word = line.split(' ').next().unwrap_or_default();
        let known = self.actions();
        let words = known.iter().flat_map(|info| [info.label, info.name]).chain(RESERVED);
        let meant = nearest(word, words).map(|near| format!(" Did you mean {near}?"));
        let meant = meant.unwrap_or_default();
        Meant::Unknown(format!("\"{word}\" means nothing here.{meant} help says what does."))
    }
}

const RESERVED: [&str; 4] = ["help", "again", "quit", "help all"];

fn reserved(line: &str) -> Option<Meant> {
    Some(match line.to_lowercase().as_str() {
        "" | "again" | "read" => Meant::Again,
        "help" | "?" => Meant::Help(false),
        "help all" => Meant::Help(true),
        "quit" | "exit" => Meant::Quit,
        _ => return None,
    })
}

fn several_words(word: &str, several: &[&ActionInfo]) -> String {
    let names: Vec<&str> = several.iter().take(NAMED_MAX).map(|info| info.name).collect();
    format!("\"{word}\" may mean {}: write one of these.", names.join(", "))
}
