//! The ids of the newest commits, so that a retry after a lost answer is the same commit.

use std::collections::HashMap;

use super::limits::REMEMBERED_IDS_MAX;
use super::{CommitId, Sequence};

/// A ring of the last [`REMEMBERED_IDS_MAX`] commit ids.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    sequences: HashMap<CommitId, Sequence>,
    slots: Vec<Option<CommitId>>,
}

/// The place of a commit's id in the ring.
pub(super) fn slot(sequence: Sequence) -> u32 {
    // The remainder is below 100,000, so it always fits.
    u32::try_from(sequence.0 % REMEMBERED_IDS_MAX).unwrap_or(0)
}

impl Remembered {
    /// The commit that had this id.
    pub(super) fn find(&self, id: CommitId) -> Option<Sequence> {
        self.sequences.get(&id).copied()
    }

    /// Remembers a commit, and forgets the one whose slot it takes.
    pub(super) fn remember(&mut self, id: CommitId, sequence: Sequence) {
        let at = slot(sequence) as usize;
        if self.slots.len() <= at {
            self.slots.resize(at + 1, None);
        }
        if let Some(place) = self.slots.get_mut(at)
            && let Some(forgotten) = place.replace(id)
            && forgotten != id
        {
            self.sequences.remove(&forgotten);
        }
        self.sequences.insert(id, sequence);
    }
}
