//! What was read and is kept in memory until it changes: decoded records, and counts that took reading many of them.
//!
//! Nothing here outlives the commit that makes it untrue: whoever commits says what has changed before the caller is
//! answered, and what was read before that is not put in afterwards.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;

use crate::domain::cases::{Case, CasePlan, Nature, Promise};
use crate::domain::people::Person;
use crate::domain::time::Day;
use crate::domain::{CaseworkerId, Entity, EntityId, QueueId, SubjectCode};

use super::local::lock;

/// Parts that are locked apart from each other.
const SHELVES: usize = 16;
/// Records that were asked for lately which one part keeps; when there are more, those that nobody asked for since the last
/// time are forgotten.
const LATE_RECORDS_MAX: usize = 1_000;
/// Changes that one part remembers, to know what was read before them.
const CHANGES_MAX: usize = 4_096;
/// Counts that are kept; when there are more, they begin anew.
const COUNTS_MAX: usize = 4_096;

/// How many cases of a subject stand in a queue with a nature, and are nobody's or the actor's.
pub(super) type Counts = BTreeMap<(QueueId, Nature), u32>;

/// Whose counts, of which subject, seen on which day, and in which minute where an emergency access runs.
pub(super) type CountsOf = (CaseworkerId, SubjectCode, Day, i64);

/// Records and counts that were read.
#[derive(Default)]
pub(super) struct Kept {
    shelves: [Mutex<Shelf>; SHELVES],
    /// Grows whenever what lists and counts show may have become another.
    moves: AtomicU64,
    counts: Mutex<FxHashMap<CountsOf, (u64, Arc<Counts>)>>,
}

/// A record by its kind and number: what every look goes by.
type Number = (u8, u64);

#[derive(Default)]
struct Shelf {
    /// What was asked for lately.
    late: FxHashMap<Number, KeptRecord>,
    /// What was asked for before that.
    early: FxHashMap<Number, KeptRecord>,
    /// Changes so far.
    changes: u64,
    /// When a record was last changed; what is not there was not since `forgotten`.
    changed: FxHashMap<Number, u64>,
    forgotten: u64,
}

/// A record as it is kept, shared by all who read it.
#[derive(Clone)]
pub(super) enum KeptRecord {
    Case(Arc<Case>),
    Person(Arc<Person>),
    Plan(Arc<CasePlan>),
    Promise(Arc<Promise>),
}

impl KeptRecord {
    /// A record that was read, where its kind is kept.
    #[expect(clippy::wildcard_enum_match_arm, reason = "other records are not kept")]
    pub(super) fn of(entity: Entity) -> Option<Self> {
        Some(match entity {
            Entity::Case(case) => Self::Case(case),
            Entity::Person(person) => Self::Person(person),
            Entity::Plan(plan) => Self::Plan(plan),
            Entity::Promise(promise) => Self::Promise(Arc::new(promise)),
            _ => return None,
        })
    }
}

/// A moment before a record was read.
#[derive(Clone, Copy)]
pub(super) struct Before(u64);

/// The number of a record whose kind is kept: of those that every list reads.
#[expect(clippy::wildcard_enum_match_arm, reason = "other records are not kept")]
fn number_of(id: &EntityId) -> Option<Number> {
    Some(match id {
        EntityId::Case(case) => (0, case.0),
        EntityId::Person(person) => (1, person.0),
        EntityId::Plan(case) => (2, case.0),
        EntityId::Promise(promise) => (3, promise.0),
        _ => return None,
    })
}

impl Shelf {
    fn find(&mut self, number: Number) -> Option<KeptRecord> {
        if let Some(found) = self.late.get(&number) {
            return Some(found.clone());
        }
        let found = self.early.remove(&number)?;
        self.put(number, found.clone());
        Some(found)
    }

    fn put(&mut self, number: Number, record: KeptRecord) {
        if self.late.len() >= LATE_RECORDS_MAX {
            self.early = std::mem::take(&mut self.late);
        }
        self.late.insert(number, record);
    }
}

#[expect(clippy::similar_names, reason = "a shelf is a part of this self")]
impl Kept {
    fn shelf(&self, number: Number) -> Option<&Mutex<Shelf>> {
        let place = usize::try_from(number.1).unwrap_or(0) % SHELVES;
        self.shelves.get(place)
    }

    /// A record that is kept, or the moment before it is read.
    pub(super) fn record(&self, id: &EntityId) -> Result<KeptRecord, Before> {
        let Some(number) = number_of(id) else { return Err(Before(0)) };
        let Some(shelf) = self.shelf(number) else { return Err(Before(0)) };
        let mut shelf = lock(shelf);
        shelf.find(number).ok_or(Before(shelf.changes))
    }

    /// Keeps a record that was read after this moment, unless it has changed since.
    pub(super) fn keep(&self, id: &EntityId, before: Before, record: &KeptRecord) {
        let Some(number) = number_of(id) else { return };
        let Some(shelf) = self.shelf(number) else { return };
        let mut shelf = lock(shelf);
        let last = shelf.changed.get(&number).copied().unwrap_or(shelf.forgotten);
        if last <= before.0 {
            shelf.put(number, record.clone());
        }
    }

    /// Says what a commit has changed, and whether anything moved that lists and counts show.
    pub(super) fn changed(&self, changed: &[EntityId], has_moved: bool) {
        for number in changed.iter().filter_map(number_of) {
            let Some(shelf) = self.shelf(number) else { continue };
            let mut shelf = lock(shelf);
            shelf.changes += 1;
            let now = shelf.changes;
            shelf.late.remove(&number);
            shelf.early.remove(&number);
            if shelf.changed.len() >= CHANGES_MAX {
                shelf.changed.clear();
                shelf.forgotten = now;
            }
            shelf.changed.insert(number, now);
        }
        if has_moved {
            self.moves.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Forgets everything: nobody knows what has changed.
    pub(super) fn forget(&self) {
        for shelf in &self.shelves {
            let mut shelf = lock(shelf);
            shelf.changes += 1;
            shelf.forgotten = shelf.changes;
            shelf.late.clear();
            shelf.early.clear();
            shelf.changed.clear();
        }
        self.moves.fetch_add(1, Ordering::AcqRel);
    }

    /// The moment before something is counted.
    pub(super) fn before_counting(&self) -> Before {
        Before(self.moves.load(Ordering::Acquire))
    }

    /// Counts that are kept and still true.
    pub(super) fn counts(&self, of: &CountsOf) -> Option<Arc<Counts>> {
        let now = self.moves.load(Ordering::Acquire);
        lock(&self.counts)
            .get(of)
            .filter(|(moves, _)| *moves == now)
            .map(|(_, kept)| Arc::clone(kept))
    }

    /// Keeps counts that were made after this moment.
    pub(super) fn keep_counts(&self, of: CountsOf, before: Before, counts: &Arc<Counts>) {
        let mut kept = lock(&self.counts);
        if kept.len() >= COUNTS_MAX {
            kept.clear();
        }
        kept.insert(of, (before.0, Arc::clone(counts)));
    }
}

/// Whether a change of a record moves nothing that lists and counts show beside the record's own row.
pub(super) fn is_in_place(was: Option<&Entity>, is: Option<&Entity>) -> bool {
    match (was, is) {
        (Some(Entity::Case(was)), Some(Entity::Case(is))) => facets(was) == facets(is),
        (
            _,
            Some(Entity::Contact(_) | Entity::Message(_) | Entity::Promise(_) | Entity::Plan(_)),
        ) => true,
        _ => false,
    }
}

/// What of a case decides in which lists and counts it is, and who may see it there.
fn facets(case: &Case) -> impl PartialEq + '_ {
    (
        (&case.subjects, case.queue, case.nature, case.owner, case.stage, case.unit),
        (case.confidentiality, &case.case_type, case.initiator(), &case.roles),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CaseId;
    use crate::domain::cases::TypeVersion;

    fn plan() -> (EntityId, KeptRecord) {
        let case_type = TypeVersion { code: "general".to_owned(), version: 1 };
        (
            EntityId::Plan(CaseId(7)),
            KeptRecord::Plan(Arc::new(CasePlan::none_yet(CaseId(7), case_type))),
        )
    }

    #[test]
    fn a_record_that_was_read_before_it_changed_is_not_kept() {
        let (kept, (id, record)) = (Kept::default(), plan());
        let Err(before) = kept.record(&id) else { unreachable!("nothing was kept yet") };
        kept.keep(&id, before, &record);
        assert!(kept.record(&id).is_ok());
        let late = kept.record(&EntityId::Plan(CaseId(23))).err();
        kept.changed(std::slice::from_ref(&id), true);
        assert!(kept.record(&id).is_err());
        if let Some(late) = late {
            kept.keep(&id, late, &record);
        }
        assert!(kept.record(&id).is_err(), "what was read before the change stays out");
        let Err(before) = kept.record(&id) else { unreachable!("it was left out") };
        kept.keep(&id, before, &record);
        kept.forget();
        kept.keep(&id, before, &record);
        assert!(kept.record(&id).is_err());
    }

    #[test]
    fn counts_are_true_until_something_moves() {
        let kept = Kept::default();
        let of = (CaseworkerId(1), SubjectCode("HOU-1".to_owned()), Day::default(), 3);
        kept.keep_counts(of.clone(), kept.before_counting(), &Arc::default());
        assert!(kept.counts(&of).is_some());
        kept.changed(&[], false);
        assert!(kept.counts(&of).is_some());
        kept.changed(&[], true);
        assert!(kept.counts(&of).is_none());
    }
}
