//! What was read and is kept in memory until it changes: decoded records, and what rows say of a case that lies beside it.
//!
//! Nothing here outlives the commit that makes it untrue: whoever commits says what has changed before the caller is
//! answered, and what was read before that is not put in afterwards.

use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;

use crate::domain::cases::{Case, CasePlan, Promise};
use crate::domain::people::{Household, Person};
use crate::domain::{CaseId, Entity, EntityId, SubjectCode};

use super::local::lock;
use super::of_subject::{Subjects, subjects_moved};

/// Parts that are locked apart from each other.
const SHELVES: usize = 16;
/// Records, and what lies beside cases, that were asked for lately and that one part keeps; when there are more, those that
/// nobody asked for since the last time are forgotten. Of all parts and both times that is 64,000, of one or two kilobytes.
const LATE_RECORDS_MAX: usize = 2_000;
/// Changes that one part remembers, to know what was read before them.
const CHANGES_MAX: usize = 4_096;

/// Records that were read, and what was read with them.
#[derive(Default)]
pub(super) struct Kept {
    shelves: [Mutex<Shelf>; SHELVES],
    /// The open cases of subjects.
    pub(super) subjects: Subjects,
}

/// What lies beside a case, whoever asks: most cases have nothing of it, which one look says of each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beside {
    /// Whether something is promised on the case itself and still to be kept.
    pub(super) has_promise: bool,
    /// Whether other cases went into it.
    pub(super) has_absorbed: bool,
    /// Whether its newest message failed or still waits.
    pub(super) has_mail: bool,
}

/// What a commit changed beside the records themselves.
#[derive(Debug, Default)]
pub(super) struct Moved {
    /// The cases beside which something may have become another.
    cases: Vec<CaseId>,
    /// The subjects of cases that moved.
    subjects: Vec<SubjectCode>,
}

impl Moved {
    /// By a record that was one thing and is another.
    #[expect(clippy::wildcard_enum_match_arm, reason = "little lies beside cases")]
    pub(super) fn add(&mut self, was: Option<&Entity>, is: Option<&Entity>) {
        for entity in [was, is].into_iter().flatten() {
            match entity {
                Entity::Case(case) => self.cases.push(case.id),
                Entity::Message(message) => self.cases.push(message.case),
                Entity::Promise(promise) => self.cases.extend(promise.promised.case),
                Entity::Merge(merge) => {
                    self.cases.extend(merge.cases().map(|cases| cases.survivor));
                }
                _ => {}
            }
        }
        self.subjects.extend(subjects_moved(was, is).cloned());
    }
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
    Household(Arc<Household>),
    Beside(Beside),
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
            Entity::Household(household) => Self::Household(Arc::new(household)),
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
        EntityId::Household(household) => (5, household.0),
        _ => return None,
    })
}

/// The number of what lies beside a case.
fn beside_of(case: CaseId) -> Number {
    (4, case.0)
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
        number_of(id).map_or(Err(Before(0)), |number| self.find(number))
    }

    /// Keeps a record that was read after this moment, unless it has changed since.
    pub(super) fn keep(&self, id: &EntityId, before: Before, record: &KeptRecord) {
        if let Some(number) = number_of(id) {
            self.put(number, before, record);
        }
    }

    /// What is kept of what lies beside a case, or the moment before it is read.
    pub(super) fn beside(&self, case: CaseId) -> Result<Beside, Before> {
        match self.find(beside_of(case))? {
            KeptRecord::Beside(beside) => Ok(beside),
            KeptRecord::Case(_)
            | KeptRecord::Person(_)
            | KeptRecord::Plan(_)
            | KeptRecord::Promise(_)
            | KeptRecord::Household(_) => Err(Before(0)),
        }
    }

    /// Keeps what was read after this moment of what lies beside a case, unless it has changed since.
    pub(super) fn keep_beside(&self, case: CaseId, before: Before, beside: Beside) {
        self.put(beside_of(case), before, &KeptRecord::Beside(beside));
    }

    fn find(&self, number: Number) -> Result<KeptRecord, Before> {
        let Some(shelf) = self.shelf(number) else { return Err(Before(0)) };
        let mut shelf = lock(shelf);
        shelf.find(number).ok_or(Before(shelf.changes))
    }

    fn put(&self, number: Number, before: Before, record: &KeptRecord) {
        let Some(shelf) = self.shelf(number) else { return };
        let mut shelf = lock(shelf);
        let last = shelf.changed.get(&number).copied().unwrap_or(shelf.forgotten);
        if last <= before.0 {
            shelf.put(number, record.clone());
        }
    }

    /// Says what a commit has changed, and what that moved.
    pub(super) fn changed(&self, changed: &[EntityId], moved: &Moved) {
        let records = changed.iter().filter_map(number_of);
        for number in records.chain(moved.cases.iter().map(|case| beside_of(*case))) {
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
        // Last, so that what is read of a subject after this is not made of records of before.
        self.subjects.moved(&moved.subjects);
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
        self.subjects.forget();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        kept.changed(std::slice::from_ref(&id), &Moved::default());
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
    fn what_lies_beside_a_case_is_kept_until_something_of_it_changes() {
        let (kept, case) = (Kept::default(), CaseId(7));
        let nothing = Beside { has_promise: false, has_absorbed: false, has_mail: false };
        let keep = || match kept.beside(case) {
            Ok(_) => unreachable!("nothing was kept"),
            Err(before) => kept.keep_beside(case, before, nothing),
        };
        keep();
        assert_eq!(kept.beside(case).ok(), Some(nothing));
        let moved = Moved { cases: vec![CaseId(8)], subjects: Vec::new() };
        kept.changed(&[], &moved);
        assert!(kept.beside(case).is_ok(), "it was beside another case");
        let moved = Moved { cases: vec![case], subjects: Vec::new() };
        kept.changed(&[], &moved);
        assert!(kept.beside(case).is_err());
        keep();
        kept.forget();
        assert!(kept.beside(case).is_err());
    }
}
