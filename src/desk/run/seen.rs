//! What of a queue whoever acts may see, for acts that say where a case stood among others.

use crate::desk::class::{CLASSES_MAX, Class};
use crate::desk::error::DeskError;
use crate::desk::keys::Key;
use crate::desk::work::counted;
use crate::store::{Direction, KeyRange};

use super::Run;

impl Run<'_> {
    /// Whether the actor may know of cases of a class, as the row of an index or counter has it.
    pub(super) fn sees_class(&self, class: &[u8]) -> bool {
        let class = Class::read(class);
        let actor = self.actor();
        class.zip(actor.ok()).is_some_and(|(class, actor)| self.sight_of(&actor).class(&class))
    }

    /// How many cases that the actor may see some counters come to, one for each class, as they were when they were read:
    /// it is shown, and decides nothing.
    pub(super) fn seen_count(&mut self, counters: Key) -> Result<u64, DeskError> {
        let prefix = counters.done();
        let rows =
            self.work.peek_rows(&KeyRange::prefix(&prefix), CLASSES_MAX, Direction::Forward)?;
        let seen = rows
            .iter()
            .filter(|(key, _)| self.sees_class(key.get(prefix.len()..).unwrap_or_default()));
        let sum: i64 = seen.map(|(_, value)| counted(value)).sum();
        Ok(u64::try_from(sum).unwrap_or_default())
    }
}
