//! Makes the search index of all people at once, from their records, and leaves it behind while very many come.
//!
//! A row of the index says when it cannot be relied on, and it is the first that a rebuild writes and the last: killed in
//! between, the next opening finds it and builds again. While the index is left behind, commits change people alone;
//! while it is built, they may not change people, so that what was read of the records stays true.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::{Entity, Refusal};
use crate::search::{
    BEHIND, BUILDING, BULK_MEMORY_BYTES, Built, Bulk, FORMAT, IndexFound, IndexRead as _, IndexRow,
    SearchError, format_of, format_row,
};
use crate::store::{Commit, CommitId, Direction, FRAME_BYTES_MAX, KeyRange, Latest, Write};

use super::commit::search_key;
use super::derive::document;
use super::error::DeskError;
use super::health::Level;
use super::keys::{Counter, tag};
use super::kin::StoredKin;
use super::local::LocalDesk;
use super::read::StoreIndex;
use super::records::decode_entity;
use super::scratch::ScratchFile;
use super::verify::entity_id;
use super::work::{broken, counted};

/// Rows of people, or of the old index, that are read at once.
const PAGE_ROWS: usize = 512;
/// Bytes of one commit of a rebuild: large, for each is synced; less than a frame by what a frame adds.
const COMMIT_BYTES_MAX: usize = FRAME_BYTES_MAX / 8 * 7;
/// What a write takes in a frame besides its key and value.
const WRITE_BYTES: usize = 16;

/// What a rebuild is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexStep {
    /// People are read.
    Reading,
    /// The index is written.
    Writing,
}

/// How far a rebuild has come with its present step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexProgress {
    /// What it does.
    pub step: IndexStep,
    /// How much of that is done.
    pub done: u64,
    /// How much there is.
    pub total: u64,
}

/// What a rebuild made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reindexed {
    /// People who can be found.
    pub people: u64,
    /// Different words of their names and addresses.
    pub words: u32,
    /// Rows of the index that were written or taken away; the others were right.
    pub changed_rows: u64,
}

impl LocalDesk {
    /// Why the search index has to be made anew, in words; nothing where it is whole.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn index_fault(&self) -> Result<Option<String>, DeskError> {
        let fault = match format_of(&StoreIndex(self.store.as_ref())) {
            Ok(Some(FORMAT)) => None,
            Ok(None) => (self.people()? > 0).then(|| "there is none".to_owned()),
            Ok(Some(BEHIND)) => Some("people came in without it".to_owned()),
            Ok(Some(BUILDING)) => Some("it was being built when casedesk ended".to_owned()),
            Ok(Some(other)) => {
                Some(format!("it has format {other}, and this program writes format {FORMAT}"))
            }
            Err(SearchError::Damaged { record }) => Some(format!("its {record} is damaged")),
            Err(error) => return Err(error.into()),
        };
        Ok(fault)
    }

    /// How many people there are whose registration was not undone.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn people(&self) -> Result<u64, DeskError> {
        let found = self.store.get(&Counter::Live(tag::PERSON).key()).map_err(broken)?;
        Ok(found.map_or(0, |found| counted(&found.value)).unsigned_abs())
    }

    /// From now on people come and change without the search index, which cannot be asked meanwhile, until
    /// [`LocalDesk::reindex`] makes it of all of them: for an import of so many that this is less work.
    ///
    /// # Errors
    /// The store cannot write.
    pub fn leave_index_behind(&self) -> Result<(), DeskError> {
        self.mark_index(BEHIND)
    }

    /// Makes the search index anew from the records of all people, with a scratch file in `directory`. It cannot be asked
    /// meanwhile, and people cannot be changed. Whose record cannot be read is left out: verifying tells of it.
    ///
    /// # Errors
    /// It was stopped, the store cannot read or write, or there is no scratch file. An index that was whole and of which
    /// nothing was written yet is as it was; any other is left behind, so that people come and change without it, and
    /// [`LocalDesk::index_fault`] says so.
    pub fn reindex(
        &self,
        directory: &Path,
        stop: &AtomicBool,
        progress: &dyn Fn(IndexProgress),
    ) -> Result<Reindexed, DeskError> {
        let was = format_of(&StoreIndex(self.store.as_ref())).unwrap_or(Some(BEHIND));
        let mut is_written = false;
        let made = self.rebuild(directory, stop, progress, &mut is_written);
        if made.is_err() {
            // While people were read nobody could change, so an index that was whole still is.
            let is_whole = was == Some(FORMAT) && !is_written;
            if let Err(error) = self.mark_index(if is_whole { FORMAT } else { BEHIND }) {
                self.note(
                    Level::Error,
                    &format!("the search index is left as being built: {error}"),
                );
            }
        }
        made
    }

    fn rebuild(
        &self,
        directory: &Path,
        stop: &AtomicBool,
        progress: &dyn Fn(IndexProgress),
        is_written: &mut bool,
    ) -> Result<Reindexed, DeskError> {
        let mut scratch = ScratchFile::new_in(directory).map_err(SearchError::Scratch)?;
        self.mark_index(BUILDING)?;
        let mut bulk = Bulk::new(&mut scratch, BULK_MEMORY_BYTES);
        self.read_people(&mut bulk, stop, progress)?;
        *is_written = true;
        let mut rewrite = Rewrite::new(self);
        let Built { people, words } = bulk.finish(|row, steps| {
            if stop.load(Ordering::Relaxed) {
                return Err(stopped());
            }
            progress(IndexProgress {
                step: IndexStep::Writing,
                done: steps.done,
                total: steps.total,
            });
            rewrite.take(row)
        })?;
        let changed_rows = rewrite.finish()?;
        Ok(Reindexed { people, words, changed_rows })
    }

    /// Whether the index is being built just now.
    pub(super) fn is_building_index(&self) -> bool {
        matches!(format_of(&StoreIndex(self.store.as_ref())), Ok(Some(BUILDING)))
    }

    fn read_people(
        &self,
        bulk: &mut Bulk<'_>,
        stop: &AtomicBool,
        progress: &dyn Fn(IndexProgress),
    ) -> Result<(), DeskError> {
        let (mut done, total) = (0, self.people()?);
        let kin = StoredKin(self.store.as_ref());
        let mut range = KeyRange::prefix(&[tag::PERSON]);
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(stopped());
            }
            let page = self.store.scan(&range, PAGE_ROWS, Direction::Forward).map_err(broken)?;
            for (key, found) in &page.rows {
                let Some(id) = entity_id(key) else { continue };
                if let Ok(Entity::Person(person)) = decode_entity(&id, &found.value)
                    && let Some(document) = document(&person, &kin).map_err(broken)?
                {
                    bulk.put(&document)?;
                    done += 1;
                }
            }
            progress(IndexProgress { step: IndexStep::Reading, done, total: total.max(done) });
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { return Ok(()) };
            range = range.beyond(last.clone(), Direction::Forward);
        }
    }

    /// Writes what stands in place of the index's format.
    fn mark_index(&self, mark: u32) -> Result<(), DeskError> {
        let (key, value) = format_row(mark);
        self.write_index(vec![Write::Put(search_key(&key), value)])
    }

    pub(super) fn write_index(&self, writes: Vec<Write>) -> Result<(), DeskError> {
        if let Some(past) = &self.past {
            return Err(self.is_past(past));
        }
        let id = CommitId(u128::from_be_bytes(self.entropy.draw()));
        let stamp = Box::new(move |_: &dyn Latest| Ok(writes));
        match self.store.commit(Commit { id, reads: Vec::new(), stamp }) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.commit_failed(error)),
        }
    }
}

/// Makes the rows of the old index those of the new one, both in ascending order, and leaves alone what is equal.
struct Rewrite<'d> {
    desk: &'d LocalDesk,
    /// Rows of the old index from the first on that is not behind the new one, the last of them first.
    old: Vec<IndexFound>,
    /// Where the old index is read on, unless it has no more.
    old_from: Option<Vec<u8>>,
    batch: Batch,
    changed_rows: u64,
}

impl<'d> Rewrite<'d> {
    fn new(desk: &'d LocalDesk) -> Self {
        // The row of the format is written last; while it is another one, nobody relies on the rest.
        let after_format = format_row(BUILDING).0.into_iter().chain([0]).collect();
        let old_from = Some(after_format);
        Self { desk, old: Vec::new(), old_from, batch: Batch::default(), changed_rows: 0 }
    }

    /// Takes the next row of the new index.
    fn take(&mut self, (key, value): IndexRow) -> Result<(), DeskError> {
        if key == format_row(FORMAT).0 {
            return Ok(());
        }
        while let Some((old_key, old_value)) = self.next_old()? {
            if old_key > key {
                self.old.push((old_key, old_value));
                break;
            }
            if old_key < key {
                self.write(Write::Delete(search_key(&old_key)))?;
            } else if *old_value == *value {
                return Ok(());
            } else {
                break;
            }
        }
        self.write(Write::Put(search_key(&key), value))
    }

    /// Takes away what is left of the old index and says that the new one is whole; gives how many rows were changed.
    fn finish(mut self) -> Result<u64, DeskError> {
        while let Some((key, _)) = self.next_old()? {
            self.write(Write::Delete(search_key(&key)))?;
        }
        let (key, value) = format_row(FORMAT);
        self.batch.writes.push(Write::Put(search_key(&key), value));
        self.desk.write_index(self.batch.writes)?;
        Ok(self.changed_rows)
    }

    fn next_old(&mut self) -> Result<Option<IndexFound>, DeskError> {
        if self.old.is_empty()
            && let Some(from) = self.old_from.take()
        {
            let index = StoreIndex(self.desk.store.as_ref());
            self.old = index.scan(&from, None, PAGE_ROWS).map_err(broken)?;
            if self.old.len() == PAGE_ROWS {
                self.old_from =
                    self.old.last().map(|(last, _)| last.iter().copied().chain([0]).collect());
            }
            self.old.reverse();
        }
        Ok(self.old.pop())
    }

    fn write(&mut self, write: Write) -> Result<(), DeskError> {
        self.changed_rows += 1;
        match self.batch.push(write) {
            Some(full) => self.desk.write_index(full),
            None => Ok(()),
        }
    }
}

/// Writes of the index that go into one commit.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) writes: Vec<Write>,
    bytes: usize,
}

impl Batch {
    /// Takes a write; gives those before it once there is no room for it beside them.
    pub(super) fn push(&mut self, write: Write) -> Option<Vec<Write>> {
        let bytes = WRITE_BYTES
            + match &write {
                Write::Put(key, value) => key.len() + value.len(),
                Write::Delete(key) => key.len(),
            };
        let full = self.bytes + bytes > COMMIT_BYTES_MAX;
        let full = full.then(|| std::mem::take(self).writes);
        self.bytes += bytes;
        self.writes.push(write);
        full
    }
}

fn stopped() -> DeskError {
    Refusal::new(
        "reindex.stopped",
        "The search index was not made: it was stopped.",
        "The same command, or the next opening, makes it.",
    )
    .into()
}
