//! Undo of one act after the other: a record that was put back is again as the act before left it, under a later version.

use crate::codec::encode_record;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::records::{Touched, UndoEntry, UndoPart};
use crate::desk::work::broken;
use crate::domain::limits::UNDO_ACTS_MAX;
use crate::domain::{Entity, EntityId};
use crate::store::Direction;

use super::undo_many::part_key;
use super::undo_pages::{PAGES_MAX, pages_of};
use super::{Run, undo_counter, undo_slot};

/// Records that were put back: the version that the act before left, and the one under which it stands again.
pub(super) type PutBack = Vec<(EntityId, u64, u64)>;

impl Run<'_> {
    /// Puts one record of an act back, and notes it where it stands again as an earlier act left it.
    pub(super) fn put_back(
        &mut self,
        entry: &UndoEntry,
        id: EntityId,
        version: u64,
        before: Option<Entity>,
        put_back: &mut PutBack,
    ) -> Result<(), DeskError> {
        let was = before.as_ref().map(Entity::version).filter(|_| is_put_back_whole(&id));
        self.revert(entry, &id, version, before)?;
        if let (Some(was), Some(now)) = (was, self.work.entity(&id)?) {
            put_back.push((id, was, now.version()));
        }
        Ok(())
    }

    /// Has the actor's earlier acts know the records again that were put back to what they had left. An act of somebody
    /// else is theirs to undo, and they are told of the change.
    pub(super) fn renumber_earlier(&mut self, mut put_back: PutBack) -> Result<(), DeskError> {
        let actor = self.doer.actor;
        let counter = self.work.get(&undo_counter(actor))?;
        let acts = counter.map_or(0, |bytes| keys::last_number(&bytes));
        let oldest = acts.saturating_sub(u64::try_from(UNDO_ACTS_MAX).unwrap_or(50));
        for act in (oldest..acts).rev() {
            if put_back.is_empty() {
                break;
            }
            let key = undo_slot(actor, act);
            let Some(mut entry) = self.work.state_record::<UndoEntry>(&key)? else { continue };
            if entry.is_undone {
                continue;
            }
            if renumber(&mut entry.touched, &mut put_back) {
                self.work.put_state(key, Some(encode_record(&entry).map_err(broken)?));
            }
            self.renumber_pages(act, entry.sequence, &mut put_back)?;
            for part in 0..entry.many.map_or(0, |many| many.left) {
                let key = part_key(actor, act, part);
                let Some(mut part) = self.work.state_record::<UndoPart>(&key)? else { continue };
                let changed = part.cases.iter_mut().map(|one| renumber(one, &mut put_back));
                if changed.fold(false, |any, one| any | one) {
                    self.work.put_state(key, Some(encode_record(&part).map_err(broken)?));
                }
            }
        }
        Ok(())
    }

    /// The same in the pages of an act. A page of an older act in the same place says another sequence.
    fn renumber_pages(
        &mut self,
        act: u64,
        sequence: u64,
        put_back: &mut PutBack,
    ) -> Result<(), DeskError> {
        let range = pages_of(self.doer.actor, act).range();
        for (key, _) in self.work.scan(&range, PAGES_MAX, Direction::Forward)?.rows {
            let Some(mut page) = self.work.state_record::<UndoEntry>(&key)? else { continue };
            if page.sequence == sequence && renumber(&mut page.touched, put_back) {
                self.work.put_state(key, Some(encode_record(&page).map_err(broken)?));
            }
        }
        Ok(())
    }
}

/// Whether undoing an act puts such a record back as it was before, and not only in one thing.
fn is_put_back_whole(id: &EntityId) -> bool {
    matches!(
        id,
        EntityId::Case(_)
            | EntityId::Plan(_)
            | EntityId::Signing(_)
            | EntityId::Person(_)
            | EntityId::Household(_)
            | EntityId::Promise(_)
            | EntityId::Unit(_)
            | EntityId::UnitProfile(_)
            // What is undone of a caseworker is whether they are here, and nothing else of theirs was changed by such an act.
            | EntityId::Caseworker(_)
    )
}

/// Gives what an act left its later version; each record that was found is looked for no further.
fn renumber(touched: &mut Touched, put_back: &mut PutBack) -> bool {
    let before = put_back.len();
    for (id, version, _) in touched {
        let found = put_back.iter().position(|(known, was, _)| known == id && was == version);
        if let Some(found) = found {
            let (_, _, now) = put_back.swap_remove(found);
            *version = now;
        }
    }
    put_back.len() < before
}
