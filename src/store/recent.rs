//! Values that the committer keeps at hand, because the stamp of nearly every commit reads them.

use std::collections::HashMap;

use super::Versioned;
use super::group::Changes;
use super::limits::{RECENT_BYTES_MAX, RECENT_VALUES_MAX};

/// A bounded copy of rows of the table; the committer alone writes the table, so the copy is never stale.
#[derive(Debug, Default)]
pub(super) struct Recent {
    values: HashMap<Vec<u8>, Option<Versioned>>,
    bytes: usize,
}

impl Recent {
    /// The value of a key, or none where it is absent; nothing at all where the key is not at hand.
    pub(super) fn get(&self, key: &[u8]) -> Option<&Option<Versioned>> {
        self.values.get(key)
    }

    /// Keeps a value as the table has it. A full copy is emptied whole: what every commit needs is back at once.
    pub(super) fn keep(&mut self, key: &[u8], value: Option<&Versioned>) {
        if self.values.len() >= RECENT_VALUES_MAX || self.bytes >= RECENT_BYTES_MAX {
            self.values.clear();
            self.bytes = 0;
        }
        self.bytes = self.bytes.saturating_add(weight(key, value));
        self.values.insert(key.to_vec(), value.cloned());
    }

    /// Takes over what was applied to the table, for the keys at hand.
    pub(super) fn follow(&mut self, changes: &Changes) {
        for (key, change) in changes {
            if let Some(value) = self.values.get_mut(key) {
                self.bytes = self.bytes.saturating_add(weight(&[], change.as_ref()));
                value.clone_from(change);
            }
        }
    }
}

fn weight(key: &[u8], value: Option<&Versioned>) -> usize {
    key.len() + value.map_or(0, |versioned| versioned.value.len())
}
