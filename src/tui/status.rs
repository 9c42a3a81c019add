//! What the status line says of receipts and refusals.

use crate::desk::{DISK_FULL, DeskError, Receipt, Undoable};
use crate::keymap::{self, Action};

use super::screen::{Shared, Status};
use super::when;

/// What a receipt says, with whether it can be undone; nothing where it has no label.
pub(super) fn of_receipt(receipt: &Receipt, shared: &Shared) -> Option<Status> {
    if receipt.label.is_empty() {
        return None;
    }
    let label = receipt.label.trim_end();
    let words = match &receipt.undo {
        Undoable::Yes => match key_of(shared, keymap::Context::Everywhere, Action::Undo) {
            Some(key) => format!("{label}   {key} undoes"),
            None => label.to_owned(),
        },
        Undoable::No(reason) => format!("{label}   cannot be undone: {reason}"),
        Undoable::Nothing => label.to_owned(),
    };
    Some(Status::Done(words))
}

/// What an error says, and what to do.
pub(super) fn of_error(error: &DeskError, shared: &Shared) -> Status {
    let words = match error {
        DeskError::Refused(refusal) if refusal.code == DISK_FULL => {
            format!("{refusal} What you typed is still here.")
        }
        DeskError::Refused(refusal) => refusal.to_string(),
        DeskError::Changed { entity, by, at } => {
            let at = when::time(*at, &shared.zone);
            format!(
                "{entity} was changed by {by} at {at}, so nothing was done. It has been read again; \
                 what you typed is kept. Look, and do it once more."
            )
        }
        DeskError::NotFound(what) => format!("There is no {what}."),
        DeskError::ReadOnly(why) => {
            format!(
                "Nothing can be saved now: {why}. What was acknowledged before is safe, and what you typed is still \
                 here. Look at the disk, then close casedesk and open it again."
            )
        }
        DeskError::Broken(why) => format!("The database cannot be read: {why}."),
        DeskError::Lost(why) => format!("The desk does not answer: {why}."),
        DeskError::GivenUp => "The search was given up; F5 asks again.".to_owned(),
    };
    Status::Refused(words)
}

/// What an error says of an undo: somebody's change meanwhile is not to be met with another try.
pub(super) fn of_undo_error(error: &DeskError, shared: &Shared) -> Status {
    let DeskError::Changed { entity, by, at } = error else { return of_error(error, shared) };
    let at = when::time(*at, &shared.zone);
    Status::Refused(format!(
        "{entity} was changed by {by} at {at} since, so your act stays. Do the opposite instead."
    ))
}

/// The key that means an action in a context, as it is shown.
pub(super) fn key_of(shared: &Shared, context: keymap::Context, action: Action) -> Option<String> {
    shared.keymap.keys_for(context, action).into_iter().next()
}
