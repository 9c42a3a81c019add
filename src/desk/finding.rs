//! What the desk keeps in memory to find people: the dictionary of all names, whom not everybody may see, and who is found
//! by the names of those whose files are closed to somebody.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::domain::{EntityId, PersonId};
use crate::search::{Dictionary, FoundWithout, SearchError};
use crate::store::Store;

use super::beside::BesideClosed;
use super::error::DeskError;
use super::local::LocalDesk;
use super::read::StoreIndex;
use super::restricted::{self, Restricted};

/// How often a search tries to have the dictionary as it is, while others change it; each try reads what is new.
const ATTEMPTS_MAX: usize = 8;

/// What finding takes, each read when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Finding {
    /// Whoever searches shares it; whoever brings it up to date has it alone.
    dictionary: RwLock<Option<Dictionary>>,
    restricted: RwLock<Option<Arc<Restricted>>>,
    beside: RwLock<BesideClosed>,
    /// How often somebody's kin may have changed.
    kin_changes: AtomicU64,
    /// Bytes that the dictionary may take; 0 where nobody set a bound.
    memory_bytes: AtomicU64,
}

impl Finding {
    /// Follows a commit that changed these records.
    pub(super) fn follow(&self, store: &dyn Store, changed: &[EntityId]) {
        if BesideClosed::hangs_on(changed) {
            let mut beside = self.beside.write().unwrap_or_else(PoisonError::into_inner);
            self.kin_changes.fetch_add(1, Ordering::AcqRel);
            *beside = BesideClosed::default();
        }
        let mut held = self.restricted.write().unwrap_or_else(PoisonError::into_inner);
        let Some(restricted) = held.as_mut() else { return };
        for id in changed {
            let EntityId::Person(person) = id else { continue };
            match restricted::level_of(store, *person) {
                Ok(is) if is == restricted.level(*person) => {}
                Ok(is) => Arc::make_mut(restricted).set(*person, is),
                // It is read again, from the beginning, by whoever needs it next.
                Err(_) => {
                    *held = None;
                    return;
                }
            }
        }
    }

    /// The people whom not everybody may see.
    pub(super) fn restricted(&self, store: &dyn Store) -> Result<Arc<Restricted>, DeskError> {
        let known = || self.restricted.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(restricted) = known() {
            return Ok(restricted);
        }
        // It is read while no commit can put news into it, so that none is missed.
        let mut held = self.restricted.write().unwrap_or_else(PoisonError::into_inner);
        let restricted = match held.take() {
            Some(restricted) => restricted,
            None => Arc::new(Restricted::load(store)?),
        };
        Ok(Arc::clone(held.insert(restricted)))
    }

    /// What those who are found by the name of one of `closed` (in order) as well may be found by without those names.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) fn found_without(
        &self,
        store: &dyn Store,
        closed: &[PersonId],
    ) -> Result<Vec<FoundWithout>, DeskError> {
        let before = self.kin_changes.load(Ordering::Acquire);
        let known = self.beside.read().unwrap_or_else(PoisonError::into_inner).without(closed);
        if let Some(found) = known {
            return Ok(found);
        }
        let read = BesideClosed::read(store, closed)?;
        let found = read.without(closed).unwrap_or_default();
        let mut held = self.beside.write().unwrap_or_else(PoisonError::into_inner);
        // What was read beside a commit that changed kin may be of before it: it is good for this once.
        if self.kin_changes.load(Ordering::Acquire) == before {
            held.learn(read);
        }
        Ok(found)
    }

    /// Brings the dictionary up to date, or reads it.
    fn refresh(&self, index: &StoreIndex<'_>) -> Result<(), SearchError> {
        let mut held = self.dictionary.write().unwrap_or_else(PoisonError::into_inner);
        // One that could not be brought up to date is read anew.
        let dictionary = match held.take() {
            Some(mut dictionary) => {
                dictionary.refresh(index)?;
                dictionary
            }
            None => load(index, self.memory_bytes.load(Ordering::Relaxed))?,
        };
        *held = Some(dictionary);
        Ok(())
    }
}

impl LocalDesk {
    /// Bounds the memory that finding people takes, in bytes; it holds for what is read from now on.
    pub fn bound_search_memory(&self, bytes: u64) {
        self.finding.memory_bytes.store(bytes, Ordering::Relaxed);
    }

    /// Runs `ask` with the dictionary of all names as the store has it. Searches run beside each other.
    pub(super) fn with_dictionary<T>(
        &self,
        ask: impl FnOnce(&Dictionary, &StoreIndex<'_>) -> Result<T, SearchError>,
    ) -> Result<T, DeskError> {
        Ok(self.try_dictionary(ask)?)
    }

    /// As [`LocalDesk::with_dictionary`], for whoever goes on without an index that cannot be asked.
    pub(super) fn try_dictionary<T>(
        &self,
        ask: impl FnOnce(&Dictionary, &StoreIndex<'_>) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let index = StoreIndex(self.store.as_ref());
        for _ in 0..ATTEMPTS_MAX {
            let held = self.finding.dictionary.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(dictionary) = held.as_ref()
                && dictionary.is_current(&index)?
            {
                return ask(dictionary, &index);
            }
            drop(held);
            self.finding.refresh(&index)?;
        }
        // Somebody registers people without a pause: what was known a moment ago is near enough.
        let held = self.finding.dictionary.read().unwrap_or_else(PoisonError::into_inner);
        match held.as_ref() {
            Some(dictionary) => ask(dictionary, &index),
            None => Err(SearchError::Unfinished),
        }
    }
}

/// Reads the dictionary, within so many bytes if that is not 0.
fn load(index: &StoreIndex<'_>, bytes: u64) -> Result<Dictionary, SearchError> {
    let bytes = if bytes == 0 { usize::MAX } else { usize::try_from(bytes).unwrap_or(usize::MAX) };
    Dictionary::load_within(index, bytes)
}
