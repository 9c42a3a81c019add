//! Keys that sentences mention. The rules and the desk know nothing of keymaps: they write the default key in brackets,
//! `Claim it first (.).`, and here it becomes the key that means the same now.

use super::actions::Action;
use super::context::Context;
use super::key::{Key, KeyCode};
use super::map::{Binding, Keymap};

/// Where a mentioned key means what the sentence says.
const MENTIONED: [Context; 4] = [Context::Row, Context::Case, Context::Person, Context::Board];

/// The most letters between brackets that are looked up.
const MENTION_BYTES_MAX: usize = 16;

/// A default key: as it is written, where, and what it means there.
pub(super) type Written = (String, Context, Action);

/// The default keys that sentences may mention, read off while nothing lies over them.
pub(super) fn written(keymap: &Keymap) -> Vec<Written> {
    let mut written: Vec<Written> = Vec::new();
    for place in MENTIONED {
        for level in keymap.chain(place) {
            for Binding { keys, action, .. } in keymap.level(level) {
                let spelling = super::print_sequence(keys);
                let is_new = written.iter().all(|(known, ..)| *known != spelling);
                if let (Some(action), true) = (action, is_new) {
                    written.push((spelling, place, *action));
                }
            }
        }
    }
    written
}

impl Keymap {
    /// The key that means an action in a context, for a sentence; where none does, the palette's and the action's name there.
    #[must_use]
    pub fn key(&self, context: Context, action: Action) -> String {
        let first = |action| self.keys_for(context, action).first().cloned();
        first(action).unwrap_or_else(|| {
            let palette = first(Action::OpenPalette).unwrap_or_default();
            format!("{palette} {}", action.info().label)
        })
    }

    /// As [`Self::key`], for an action that takes a digit: the key of that one.
    #[must_use]
    pub fn digit_key(&self, context: Context, action: Action, digit: u8) -> String {
        let (any, digit) = (Key::plain(KeyCode::AnyDigit).to_string(), digit.to_string());
        let keys = self.keys_for(context, action);
        keys.iter()
            .map(|key| key.replace(&any, &digit))
            .find(|key| key.ends_with(&digit))
            .unwrap_or_else(|| self.key(context, action))
    }

    /// A sentence with each default key that stands in brackets replaced by the key that means the same now; where no key
    /// does, by the palette's key and the action's name there.
    #[must_use]
    pub fn in_words(&self, sentence: &str) -> String {
        let mut said = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some((before, behind)) = rest.split_once('(') {
            said.push_str(before);
            said.push('(');
            rest = behind;
            let inside = behind.split_once(')').map(|(inside, _)| inside);
            let inside = inside.filter(|inside| inside.len() <= MENTION_BYTES_MAX);
            if let Some(inside) = inside
                && let Some(live) = self.live(inside)
            {
                said.push_str(&live);
                rest = behind.strip_prefix(inside).unwrap_or_default();
            }
        }
        said.push_str(rest);
        said
    }

    /// Default keys with commas between them as they are now, if all of them are such keys.
    fn live(&self, keys: &str) -> Option<String> {
        let live = keys.split(", ").map(|key| {
            let (_, place, action) = self.written.iter().find(|(written, ..)| written == key)?;
            let still_means_it = self.keys_for(*place, *action).iter().any(|now| now == key);
            Some(if still_means_it { key.to_owned() } else { self.key(*place, *action) })
        });
        Some(live.collect::<Option<Vec<_>>>()?.join(", "))
    }
}
