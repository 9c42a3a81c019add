//! Looking at the office as it was: who may, and the trace that it leaves in the office of today.

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::office::{Action, Purpose, Resource};
use crate::domain::{EntityId, Event, Past};

use super::{Done, Run};

impl Run<'_> {
    /// Records that somebody looks at the office as it was. It is a reading of everything that they may see, so that it
    /// stands with the office itself; whoever sees no case today sees none of then.
    pub(super) fn look_back(&mut self, past: Past, purpose: &Purpose) -> Result<Done, DeskError> {
        self.check_purpose(purpose)?;
        self.authorise(Action::ReadCase, &Resource::office())?;
        self.work.happen(
            &self.doer.clone(),
            EntityId::Office,
            Event::LookedBack(past),
            Why::purpose(purpose),
        )?;
        let label = format!("Logged under {}.", purpose.0);
        Ok(Done::new(label).about(EntityId::Office).leaves_nothing())
    }
}
