//! What no rule could place, for whoever has to place it.

use crate::domain::QueueId;
use crate::domain::office::QueueKind;

use super::Reader;

impl Reader<'_> {
    /// The queues of unrouted cases that are this caseworker's to empty: of units that they lead or stand above, and of
    /// those that nobody leads today, which everybody sees.
    pub(super) fn unrouted(&self) -> Vec<QueueId> {
        let is_theirs = |unit| {
            let is_led = self.directory.leader(unit, self.today).is_some();
            !is_led || self.directory.answers_for(self.actor.id, unit, self.today)
        };
        let queues = self.directory.queues.values();
        let unrouted = queues.filter(|queue| queue.kind == QueueKind::Unrouted);
        unrouted.filter(|queue| is_theirs(queue.unit)).map(|queue| queue.id).collect()
    }
}
