//! The people whom not everybody may see: read from their index once, and kept in memory.

use std::collections::BTreeMap;

use crate::domain::PersonId;
use crate::domain::office::Confidentiality;
use crate::store::{Direction, Store};

use super::error::DeskError;
use super::keys::{self, Key, tag};
use super::work::broken;

/// Rows of the index read in one scan.
const SCAN_ROWS_MAX: usize = 4_096;
/// Bits of the sieve for each restricted person: one in about sixteen of the others passes it for nothing.
const SIEVE_BITS_A_PERSON: usize = 16;

/// The people whom not everybody who reads people may see, with who may.
///
/// A search asks of some hundred thousand people whether they are here, nearly always in vain; the sieve answers that in a
/// few instructions, and only what passes it is looked up.
#[derive(Debug, Clone, Default)]
pub(super) struct Restricted {
    levels: BTreeMap<PersonId, Confidentiality>,
    /// A bit is set where a person is listed whose number falls on it; a power of two of words, or none.
    sieve: Vec<u64>,
}

impl Restricted {
    /// Reads the index.
    pub(super) fn load(store: &dyn Store) -> Result<Self, DeskError> {
        let mut levels = BTreeMap::new();
        let mut range = Key::new(tag::RESTRICTED).range();
        loop {
            let page = store.scan(&range, SCAN_ROWS_MAX, Direction::Forward).map_err(broken)?;
            for (key, found) in &page.rows {
                levels.insert(PersonId(keys::last_number(key)), level(&found.value));
            }
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else { break };
            range = range.beyond(last.clone(), Direction::Forward);
        }
        let mut restricted = Self { levels, sieve: Vec::new() };
        restricted.fill();
        Ok(restricted)
    }

    /// Takes over what the index says of one person.
    pub(super) fn set(&mut self, person: PersonId, is: Option<Confidentiality>) {
        let Some(level) = is else {
            // Its bit stays: it costs a look-up, and may be another's as well.
            self.levels.remove(&person);
            return;
        };
        self.levels.insert(person, level);
        if self.levels.len() * SIEVE_BITS_A_PERSON > self.sieve.len() * 64 {
            self.fill();
        } else {
            self.mark(person);
        }
    }

    /// Who may see a person; nothing for one whom everybody may see who reads people.
    pub(super) fn level(&self, person: PersonId) -> Option<Confidentiality> {
        let (word, bit) = self.place(person);
        let may_be_here = self.sieve.get(word).is_some_and(|bits| bits & bit != 0);
        if may_be_here { self.levels.get(&person).copied() } else { None }
    }

    /// How many people are of a level that fits.
    pub(super) fn count(&self, fits: impl Fn(Confidentiality) -> bool) -> u64 {
        let hidden = self.levels.values().filter(|level| fits(**level)).count();
        u64::try_from(hidden).unwrap_or(u64::MAX)
    }

    fn fill(&mut self) {
        let words = (self.levels.len() * SIEVE_BITS_A_PERSON).div_ceil(64);
        let words = if words == 0 { 0 } else { words.next_power_of_two() };
        self.sieve = vec![0; words];
        let people: Vec<PersonId> = self.levels.keys().copied().collect();
        for person in people {
            self.mark(person);
        }
    }

    fn mark(&mut self, person: PersonId) {
        let (word, bit) = self.place(person);
        if let Some(bits) = self.sieve.get_mut(word) {
            *bits |= bit;
        }
    }

    /// Where in the sieve a person falls.
    fn place(&self, person: PersonId) -> (usize, u64) {
        // One multiplication spreads numbers that follow each other; nobody outside chooses them.
        let spread = person.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let word = usize::try_from(spread >> 6).unwrap_or_default();
        (word & self.sieve.len().wrapping_sub(1), 1 << (spread & 63))
    }
}

/// Who may see a person, as the index has it now; nothing for one whom everybody may see who reads people.
pub(super) fn level_of(
    store: &dyn Store,
    person: PersonId,
) -> Result<Option<Confidentiality>, DeskError> {
    let found = store.get(&keys::restricted(person)).map_err(broken)?;
    Ok(found.map(|found| level(&found.value)))
}

/// The level that a value of the index names. One that nobody knows hides the person: it may be a newer program's.
fn level(value: &[u8]) -> Confidentiality {
    let named = |level: &Confidentiality| level.label().as_bytes() == value;
    Confidentiality::ALL.into_iter().find(named).unwrap_or(Confidentiality::TopSecret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_are_restricted_however_many_there_are() {
        let mut restricted = Restricted::default();
        assert_eq!(restricted.level(PersonId(7)), None);
        for person in (0..5_000).step_by(50) {
            restricted.set(PersonId(person), Some(Confidentiality::Secret));
        }
        let listed = (0..5_000).filter(|person| restricted.level(PersonId(*person)).is_some());
        assert!(listed.eq((0..5_000).step_by(50)));
        assert_eq!(restricted.count(|level| level == Confidentiality::Secret), 100);
        restricted.set(PersonId(50), None);
        assert_eq!(restricted.level(PersonId(50)), None);
        assert_eq!(restricted.level(PersonId(100)), Some(Confidentiality::Secret));
    }
}
