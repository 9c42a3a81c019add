//! Readings of the audit trail that go on with their next page.
//!
//! Whoever asks for a page says where the one before ended, and that is enough to find the place in the journal. A reading
//! that is still open there spares looking for it, through a part of the journal, at each page.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::domain::CaseworkerId;

use super::answer::TrailPlace;
use super::local::lock;
use super::trail::Trail;

/// Readings that stay open at once, each with a file and the events of one commit; the oldest gives way.
const TRAILS_MAX: usize = 8;

/// The readings that may go on.
#[derive(Debug, Default)]
pub(super) struct Trails(Mutex<VecDeque<(CaseworkerId, TrailPlace, Trail)>>);

impl Trails {
    /// A reading of this reader that stands at this place.
    pub(super) fn take(&self, reader: CaseworkerId, place: TrailPlace) -> Option<Trail> {
        let mut kept = lock(&self.0);
        let at = kept.iter().position(|(by, stands, _)| (*by, *stands) == (reader, place))?;
        kept.remove(at).map(|(_, _, trail)| trail)
    }

    /// Keeps a reading for the next page.
    pub(super) fn keep(&self, reader: CaseworkerId, place: TrailPlace, trail: Trail) {
        let mut kept = lock(&self.0);
        if kept.len() >= TRAILS_MAX {
            kept.pop_front();
        }
        kept.push_back((reader, place, trail));
    }
}
