//! What the status line says of receipts and refusals.

use std::collections::VecDeque;

use crate::desk::{ChangedField, DISK_FULL, DeskError, Receipt, UNDONE, Undoable};
use crate::domain::limits::UNDO_ACTS_MAX;
use crate::keymap::{self, Action};

use super::screen::{Shared, Status};
use super::text::safe_line;
use super::when;

/// What was done from this screen since it opened and can be undone, in the words of its receipts.
#[derive(Debug, Default)]
pub(super) struct OwnActs(VecDeque<String>);

impl OwnActs {
    /// Remembers what can be undone.
    pub(super) fn note(&mut self, receipt: &Receipt) {
        if receipt.undo != Undoable::Yes {
            return;
        }
        if self.0.len() >= UNDO_ACTS_MAX {
            self.0.pop_front();
        }
        self.0.push_back(receipt.label.clone());
    }

    /// What a receipt of an undo says; an act that was taken back and was done from somewhere else is said to be so.
    pub(super) fn of_undo(&self, receipt: &Receipt, shared: &Shared) -> Option<Status> {
        let words = receipt.label.trim_end();
        match words.strip_prefix(UNDONE) {
            Some(undone) if !self.0.iter().any(|label| undone.starts_with(label.trim_end())) => {
                Some(Status::Done(format!("Undone, done elsewhere: {undone}")))
            }
            _ => of_receipt(receipt, shared),
        }
    }
}

/// What a receipt says, with whether it can be undone; nothing where it has no label.
pub(super) fn of_receipt(receipt: &Receipt, shared: &Shared) -> Option<Status> {
    if receipt.label.is_empty() {
        return None;
    }
    let label = receipt.label.trim_end();
    let words = match &receipt.undo {
        Undoable::Yes => match undo_offer(shared) {
            Some(offer) => format!("{label}   {offer}"),
            None => label.to_owned(),
        },
        Undoable::No(reason) => format!("{label}   cannot be undone: {reason}"),
        Undoable::Nothing => label.to_owned(),
    };
    Some(Status::Done(words))
}

/// What the status line says of what can be undone: `u undoes`.
fn undo_offer(shared: &Shared) -> Option<String> {
    let key = key_of(shared, keymap::Context::Everywhere, Action::Undo)?;
    Some(format!("{key} undoes"))
}

/// Whether the status line says that a key undoes.
pub(super) fn offers_undo(status: Option<&Status>, shared: &Shared) -> bool {
    let Some(Status::Done(words)) = status else { return false };
    undo_offer(shared).is_some_and(|offer| words.ends_with(&offer))
}

/// Said of a file that does not open for whoever wants it: why stands in its place, and not over the footer, too.
pub(super) const STAYS_CLOSED: &str = "It stays closed: why stands above.";

/// What stands in the place of a file that was open until now: nobody has tried anything, so that nothing is noted.
pub(super) fn in_place_of_open(error: &DeskError, shared: &Shared) -> String {
    match error {
        DeskError::Closed(file) => {
            with_emergency(&format!("{file} is closed to you again"), shared)
        }
        other => in_place(other, shared),
    }
}

/// What stands in the place of a file that does not open.
pub(super) fn in_place(error: &DeskError, shared: &Shared) -> String {
    match error {
        DeskError::Closed(_) => with_emergency(&error.to_string(), shared),
        other => other.to_string(),
    }
}

fn with_emergency(closed: &str, shared: &Shared) -> String {
    let key = shared.keymap.key(keymap::Context::Everywhere, Action::Emergency);
    format!("{closed}. In an emergency, {key} opens it for an hour.")
}

/// What an error says, and what to do.
pub(super) fn of_error(error: &DeskError, shared: &Shared) -> Status {
    let words = match error {
        DeskError::Refused(refusal) if refusal.code == DISK_FULL => {
            format!("{refusal} What you typed is still here.")
        }
        DeskError::Refused(refusal) => refusal.to_string(),
        DeskError::Changed { entity, by, at, fields } if fields.is_empty() => {
            let at = when::time(*at, &shared.zone);
            format!(
                "{entity} was changed by {by} at {at}, so nothing was done. It has been read again; \
                 what you typed is kept. Look, and do it once more."
            )
        }
        DeskError::Changed { entity, fields, .. } => {
            let changed = changed(fields, shared);
            format!("{entity}: {changed}. What you typed is kept; look, and do it once more.")
        }
        DeskError::NotFound(what) => format!("There is no {what}."),
        DeskError::Closed(_) => in_place(error, shared),
        DeskError::ReadOnly(why) => {
            format!(
                "Nothing can be saved now: {why}. What was acknowledged before is safe, and what you typed is still \
                 here. Look at the disk, then close casedesk and open it again."
            )
        }
        DeskError::Broken(why) => format!("The database cannot be read: {why}."),
        DeskError::Lost(why) => format!("The desk does not answer: {why}."),
        DeskError::GivenUp => {
            let refresh = shared.keymap.key(keymap::Context::Text, Action::Refresh);
            format!("The search was given up; {refresh} asks again.")
        }
    };
    Status::Refused(words)
}

/// Which fields were changed, by whom and when: `stage by Berg at 14:02, hold by Moe at 14:03`.
pub(super) fn changed(fields: &[ChangedField], shared: &Shared) -> String {
    let said = |change: &ChangedField| {
        let (field, by) = (safe_line(&change.field), safe_line(&change.by));
        format!("{field} was changed by {by} at {}", when::time(change.at, &shared.zone))
    };
    fields.iter().map(said).collect::<Vec<_>>().join(", ")
}

/// What an error says of an undo: somebody's change meanwhile is not to be met with another try.
pub(super) fn of_undo_error(error: &DeskError, shared: &Shared) -> Status {
    let DeskError::Changed { entity, by, at, .. } = error else { return of_error(error, shared) };
    let at = when::time(*at, &shared.zone);
    Status::Refused(format!(
        "{entity} was changed by {by} at {at} since, so your act stays. Do the opposite instead."
    ))
}

/// The key that means an action in a context, as it is shown.
pub(super) fn key_of(shared: &Shared, context: keymap::Context, action: Action) -> Option<String> {
    shared.keymap.keys_for(context, action).first().cloned()
}
