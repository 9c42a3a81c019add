//! What `keys check` says of keys that work, and yet may disappoint: keys that need `AltGr` somewhere, single characters under
//! a keymap that promises none, actions that are left without a key.

use super::actions::ACTIONS;
use super::context::Context;
use super::key::{Key, KeyCode, print_sequence};
use super::map::{Binding, Keymap};
use super::problem::{Problem, ProblemKind};

/// The signs of each keyboard that need no `AltGr`.
const KEYBOARDS: &str = include_str!("../../keymaps/keyboards.toml");

impl Keymap {
    /// What there is to say of keys that load without a fault, in the order of files and lines.
    #[must_use]
    pub fn advice(&self) -> Vec<Problem> {
        let keyboards = keyboards();
        let mut found = Vec::new();
        for (context, bindings) in &self.bindings {
            for binding in bindings.iter().filter(|binding| binding.action.is_some()) {
                found.extend(
                    self.single_character(*context, binding)
                        .or_else(|| self.needs_alt_gr(*context, binding, &keyboards))
                        .map(|kind| (binding.layer, binding.line, kind)),
                );
            }
        }
        found.sort_by_key(|(layer, line, _)| (*layer, *line));
        let last = self.files.len().saturating_sub(1);
        found.extend(self.without_keys().map(|kind| (last, 0, kind)));
        let file = |layer: usize| self.files.get(layer).cloned().unwrap_or_default();
        found
            .into_iter()
            .map(|(layer, line, kind)| Problem { file: file(layer), line, kind })
            .collect()
    }

    /// Whether single characters are no commands outside text, as the preset promises (WCAG 2.1.4).
    #[must_use]
    pub fn promises_no_characters(&self) -> bool {
        self.leader.is_some()
    }

    fn single_character(&self, context: Context, binding: &Binding) -> Option<ProblemKind> {
        let leader = self.leader?;
        if context.is_text() || !binding.keys.first().is_some_and(|key| is_character(*key)) {
            return None;
        }
        let key = print_sequence(&binding.keys);
        Some(ProblemKind::SingleCharacter { instead: format!("{leader} {key}"), key })
    }

    fn needs_alt_gr(
        &self,
        context: Context,
        binding: &Binding,
        keyboards: &[(String, String)],
    ) -> Option<ProblemKind> {
        let action = binding.action?;
        let missing = missing_on(&binding.keys, keyboards);
        let mut others = self.sequences_for(context, action);
        if missing.is_empty() || others.any(|keys| missing_on(keys, keyboards).is_empty()) {
            return None;
        }
        let key = print_sequence(&binding.keys);
        Some(ProblemKind::NeedsAltGr { key, keyboards: missing.join(", ") })
    }

    /// Actions that no key means anywhere.
    fn without_keys(&self) -> impl Iterator<Item = ProblemKind> {
        let has_keys =
            |context: Context, action| self.sequences_for(context, action).next().is_some();
        ACTIONS
            .iter()
            .filter(move |info| !Context::ALL.iter().any(|place| has_keys(*place, info.action)))
            .map(|info| ProblemKind::WithoutKey { action: info.name, label: info.label })
    }
}

/// Whether a key is a letter, a digit, a sign or the space bar, as somebody types or dictates them.
pub(super) fn is_character(key: Key) -> bool {
    key.typed().is_some() || key.code() == KeyCode::AnyDigit
}

/// The keyboards on which a sign among the keys needs `AltGr` or is missing.
fn missing_on(keys: &[Key], keyboards: &[(String, String)]) -> Vec<String> {
    let mut signs = keys.iter().filter_map(|key| key.typed()).filter(char::is_ascii_punctuation);
    let is_missing =
        |(_, typed): &&(String, String)| signs.clone().any(|sign| !typed.contains(sign));
    let missing = keyboards.iter().filter(is_missing).map(|(name, _)| name.clone()).collect();
    if signs.next().is_some() { missing } else { Vec::new() }
}

fn keyboards() -> Vec<(String, String)> {
    let (table, _) = toml::de::DeTable::parse_recoverable(KEYBOARDS);
    let signs = table.get_ref().iter().filter_map(|(name, signs)| {
        Some((name.get_ref().to_string(), signs.get_ref().as_str()?.to_owned()))
    });
    signs.collect()
}
