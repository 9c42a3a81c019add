//! Acts that change more than one record holds: what undoing them takes lies in pages behind the act's entry.

use crate::codec::{RECORD_BYTES_MAX, decode_record, encode_record};
use crate::desk::error::DeskError;
use crate::desk::keys::{self, Key};
use crate::desk::records::UndoEntry;
use crate::desk::work::{Work, broken};
use crate::domain::limits::UNDO_ACTS_MAX;
use crate::domain::{CaseworkerId, Entity, EntityId};
use crate::store::{Direction, Latest, Write};

use super::undo_many::part_key;
use super::{undo_counter, undo_slot};

/// The most bytes of a page.
const PAGE_BYTES_MAX: usize = RECORD_BYTES_MAX - 64;
/// Pages of one act, the entry itself included; one that takes more says that it cannot be undone.
pub(super) const PAGES_MAX: usize = 24;

/// The pages of an act, each encoded; none where it changed too much at once.
pub(in crate::desk) fn paged(entry: UndoEntry) -> Option<Vec<Vec<u8>>> {
    let bytes =
        |page: &UndoEntry| encode_record(page).ok().filter(|bytes| bytes.len() <= PAGE_BYTES_MAX);
    if let Some(whole) = bytes(&entry) {
        return Some(vec![whole]);
    }
    let empty = UndoEntry { touched: Vec::new(), ..entry.clone() };
    let (mut pages, mut page) = (Vec::new(), empty.clone());
    for touched in entry.touched {
        let mut grown = page.clone();
        grown.touched.push(touched.clone());
        if bytes(&grown).is_none() {
            pages.push(bytes(&page)?);
            grown = UndoEntry { touched: vec![touched], ..empty.clone() };
        }
        page = grown;
    }
    pages.push(bytes(&page)?);
    (pages.len() <= PAGES_MAX).then_some(pages)
}

/// An act that its actor can undo once it is done. Its place among theirs is taken in the commit's turn, so that two sessions
/// of one caseworker never wait for each other over it.
pub(in crate::desk) struct UndoAct {
    /// Who does it.
    pub(in crate::desk) actor: CaseworkerId,
    /// What undoing it takes; which commit does it is known only in its turn.
    pub(in crate::desk) entry: UndoEntry,
}

impl UndoAct {
    /// What is written of it: its pages and its place, while the parts of the act that gives way go.
    ///
    /// # Errors
    /// The store cannot be read, or it is too much, which whoever keeps it has made sure that it is not.
    pub(in crate::desk) fn write(
        self,
        latest: &dyn Latest,
        writes: &mut Vec<Write>,
    ) -> Result<(), String> {
        let Self { actor, entry } = self;
        let text = |error: crate::store::StoreError| error.to_string();
        let counter = undo_counter(actor);
        let act = latest.latest(&counter).map_err(text)?.map_or(0, |acts| keys::last_number(&acts));
        let gone = latest.latest(&undo_slot(actor, act)).map_err(text)?;
        // What cannot be read of the act that gives way is written over all the same.
        let gone = gone.and_then(|entry| decode_record::<UndoEntry>(&entry).ok());
        let parts = gone.and_then(|entry| entry.many).map_or(0, |many| many.parts);
        writes.extend((0..parts).map(|part| Write::Delete(part_key(actor, act, part))));
        writes.push(Write::Put(counter, (act + 1).to_be_bytes().to_vec()));
        let pages = paged(UndoEntry { sequence: latest.sequence().0, ..entry });
        let pages = pages.ok_or_else(|| "it changed too much at once".to_owned())?;
        writes.extend((0_u64..).zip(pages).map(|(place, page)| {
            let key = match place {
                0 => undo_slot(actor, act),
                _ => pages_of(actor, act).number(place).done(),
            };
            Write::Put(key, page)
        }));
        Ok(())
    }
}

/// Where the pages of an act lie, the first excepted.
pub(super) fn pages_of(caseworker: CaseworkerId, act: u64) -> Key {
    let slot = act % u64::try_from(UNDO_ACTS_MAX).unwrap_or(50);
    keys::undo_of(caseworker).byte(3).number(slot)
}

/// All that an act changed, its pages included. A page of an older act in the same place says another sequence.
pub(super) fn touched(
    work: &mut Work,
    caseworker: CaseworkerId,
    act: u64,
    entry: &UndoEntry,
) -> Result<Vec<(EntityId, u64, Option<Entity>)>, DeskError> {
    let mut touched = entry.touched.clone();
    let range = pages_of(caseworker, act).range();
    for (_, value) in work.scan(&range, PAGES_MAX, Direction::Forward)?.rows {
        let page: UndoEntry = decode_record(&value.value).map_err(broken)?;
        if page.sequence == entry.sequence {
            touched.extend(page.touched);
        }
    }
    Ok(touched)
}
