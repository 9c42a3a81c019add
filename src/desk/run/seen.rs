//! What of a queue whoever acts may see, for acts that say where a case stood among others.

use crate::desk::counters::sum_of;
use crate::desk::error::DeskError;
use crate::desk::keys::Key;
use crate::desk::sight::Sight;

use super::Run;

impl Run<'_> {
    /// Whether the actor may know of cases of a class, as the row of an index or counter has it.
    pub(super) fn sees_class(&self, class: &[u8]) -> bool {
        self.actor().is_ok_and(|actor| self.sight_of(&actor).class_named(class))
    }

    /// How many cases that the actor may see some counters come to, one for each class, as they were when they were read:
    /// it is shown, and decides nothing.
    pub(super) fn seen_count(&mut self, counters: Key) -> Result<u64, DeskError> {
        let actor = self.actor()?;
        let directory = std::sync::Arc::clone(&self.work.directory);
        let sight = Sight::new(&directory, &actor, self.today, self.doer.at);
        sum_of(self.work, counters, |class| sight.class_named(class))
    }
}
