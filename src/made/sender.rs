//! Brings acts to the desk in batches, and stops at the first one that is refused.

use crate::desk::{Act, Command, DeskError, LocalDesk, Receipt};
use crate::domain::time::Instant;
use crate::domain::{CaseworkerId, EntityId, Refusal};

/// Acts of one commit: few enough that their records fit one frame of the journal with room to spare.
const ACTS_MAX: usize = 128;
/// Bytes of a command that an error shows.
const SHOWN_MAX: usize = 300;

/// The way to the desk.
pub(super) struct Sender<'d> {
    desk: &'d LocalDesk,
}

impl<'d> Sender<'d> {
    pub(super) fn new(desk: &'d LocalDesk) -> Self {
        Self { desk }
    }

    /// Carries out acts in their order; each gives its receipt.
    ///
    /// # Errors
    /// The store failed, or an act was refused. A made office knows the rules, so a refusal is a mistake of the making: the
    /// error names the act.
    pub(super) fn send(&self, acts: Vec<Act>) -> Result<Vec<Receipt>, DeskError> {
        let mut receipts = Vec::with_capacity(acts.len());
        let mut acts = acts.into_iter().peekable();
        while acts.peek().is_some() {
            let batch: Vec<Act> = acts.by_ref().take(ACTS_MAX).collect();
            let kept = batch.clone();
            for (act, result) in kept.iter().zip(self.desk.execute_all(batch)?) {
                receipts.push(result.map_err(|error| named(act, error))?);
            }
        }
        Ok(receipts)
    }
}

/// An act, in short.
pub(super) fn act(actor: CaseworkerId, at: Instant, command: Command) -> Act {
    Act { actor, at, command }
}

fn named(act: &Act, error: DeskError) -> DeskError {
    let DeskError::Refused(refusal) = error else { return error };
    let shown: String = format!("{:?}", act.command).chars().take(SHOWN_MAX).collect();
    let what = format!("{} at {}: {} ({shown})", act.actor, act.at.timestamp(), refusal.what);
    DeskError::Refused(Refusal::new(&refusal.code, what, refusal.hint))
}

macro_rules! created {
    ($name:ident, $variant:ident, $id:ty, $doc:literal) => {
        #[doc = $doc]
        pub(super) fn $name(receipt: &Receipt) -> Result<$id, DeskError> {
            let found = receipt.created.iter().find_map(|id| match id {
                EntityId::$variant(id) => Some(*id),
                _ => None,
            });
            found.ok_or_else(|| missing(concat!("no ", stringify!($variant))))
        }
    };
}

created!(unit, Unit, crate::domain::UnitId, "The unit that was opened.");
created!(caseworker, Caseworker, CaseworkerId, "The caseworker who was enrolled.");
created!(person, Person, crate::domain::PersonId, "The person who was registered.");
created!(household, Household, crate::domain::HouseholdId, "The household that was formed.");
created!(case, Case, crate::domain::CaseId, "The case that was registered.");
created!(promise, Promise, crate::domain::PromiseId, "The promise that was made.");
created!(access, Access, crate::domain::AccessId, "The emergency access that was opened.");
created!(message, Message, crate::domain::MessageId, "The message that was queued.");

fn missing(what: &str) -> DeskError {
    DeskError::Broken(format!("a receipt names {what}"))
}
