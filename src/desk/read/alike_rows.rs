//! How many cases are alike to each row of a list, so that they can be answered together.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::desk::answer::CaseRow;
use crate::desk::error::DeskError;
use crate::desk::kept::Counts;
use crate::desk::keys;
use crate::domain::cases::Case;
use crate::domain::{CaseId, SubjectCode};
use crate::store::Direction;

use super::Reader;

/// Open cases of one subject that are looked at, the newest first.
const OF_SUBJECT_MAX: usize = 100;
/// Cases that are looked at for the rows of one answer.
const LOOKED_AT_MAX: usize = 1_500;

impl Reader<'_> {
    /// Rows of cases, each with how many others are alike.
    pub(super) fn rows(&self, cases: &[Arc<Case>]) -> Result<Vec<CaseRow>, DeskError> {
        let mut known: BTreeMap<&SubjectCode, Arc<Counts>> = BTreeMap::new();
        let mut looked_at = 0;
        let mut rows = Vec::with_capacity(cases.len());
        for case in cases {
            let mut row = self.row(case)?;
            if let (Some(subject), Some(queue)) = (case.subjects.first(), case.queue)
                && self.could_answer(case)
            {
                if !known.contains_key(subject) && looked_at < LOOKED_AT_MAX {
                    known.insert(subject, self.alike_of(subject, &mut looked_at)?);
                }
                let counts = known.get(subject);
                let count = counts.and_then(|counts| counts.get(&(queue, case.nature)));
                row.alike = count.map_or(0, |count| count.saturating_sub(1));
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// Whether the actor could answer it together with others: it is nobody's or theirs, and there is somebody to answer.
    fn could_answer(&self, case: &Case) -> bool {
        case.initiator().is_some() && case.owner.is_none_or(|owner| owner == self.actor.id)
    }

    /// The counts of a subject, which are kept until a case moves; what is kept costs no looking.
    fn alike_of(
        &self,
        subject: &SubjectCode,
        looked_at: &mut usize,
    ) -> Result<Arc<Counts>, DeskError> {
        // Only an emergency access ends within a day; without one, a thousand sessions need not count anew every minute.
        let minute =
            if self.sight().has_access() { self.at.milliseconds().div_euclid(60_000) } else { 0 };
        let of = (self.actor.id, subject.clone(), self.today, minute);
        if let Some(kept) = self.desk.kept.counts(&of) {
            return Ok(kept);
        }
        let counts = Arc::new(self.count_alike(subject, looked_at)?);
        self.desk.kept.keep_counts(of, self.counting, &counts);
        Ok(counts)
    }

    fn count_alike(
        &self,
        subject: &SubjectCode,
        looked_at: &mut usize,
    ) -> Result<Counts, DeskError> {
        let mut counts = Counts::new();
        let range = keys::of_subject(subject).range();
        for (key, _) in self.seen_rows(&range, OF_SUBJECT_MAX, Direction::Backward)? {
            *looked_at += 1;
            let case = match self.visible_case(CaseId(keys::last_number(&key))) {
                Ok(case) => case,
                Err(DeskError::NotFound(_)) => continue,
                Err(error) => return Err(error),
            };
            if let Some(queue) = case.queue
                && self.could_answer(&case)
            {
                *counts.entry((queue, case.nature)).or_default() += 1;
            }
        }
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use crate::desk::{Act, Clock, Command, Entropy, Founding, LocalDesk};
    use crate::domain::office::NewCaseworker;
    use crate::domain::time::Instant;
    use crate::domain::{CaseworkerId, UnitId};
    use crate::store::MemoryStore;

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Instant {
            Instant::from_milliseconds(1_787_000_000_000)
        }
    }

    impl Entropy for Still {
        fn draw(&self) -> [u8; 16] {
            static DRAWN: AtomicU64 = AtomicU64::new(1);
            // Each commit has a key of its own.
            u128::from(DRAWN.fetch_add(1, Ordering::Relaxed)).to_be_bytes()
        }
    }

    #[test]
    fn what_was_counted_by_rights_of_before_is_not_kept() {
        let desk = LocalDesk::open(Arc::new(MemoryStore::new()), Arc::new(Still), Arc::new(Still));
        let desk = desk.unwrap();
        let founding = Founding {
            office: "Town".to_owned(),
            zone: "UTC".to_owned(),
            currency: "NOK".to_owned(),
            is_made: false,
            unit: ("housing".to_owned(), "Housing".to_owned()),
            account: "karimi".to_owned(),
            name: "L. Karimi".to_owned(),
            at: Still.now(),
        };
        desk.found(&founding).unwrap();
        let (karimi, subject) = (CaseworkerId(1), SubjectCode("HOU-1".to_owned()));
        let before = Reader::new(&desk, karimi).unwrap();
        let of = (karimi, subject.clone(), before.today, 0);
        // Meanwhile the directory becomes another one.
        let new = NewCaseworker {
            account: "moe".to_owned(),
            name: "T. Moe".to_owned(),
            unit: UnitId(1),
            grants: Vec::new(),
        };
        let command = Command::Enrol(new);
        let act = Act { actor: karimi, at: Still.now(), command };
        desk.execute_all(vec![act]).unwrap().pop().unwrap().unwrap();
        before.alike_of(&subject, &mut 0).unwrap();
        assert!(desk.kept.counts(&of).is_none(), "rights may not be what they were");
        let after = Reader::new(&desk, karimi).unwrap();
        after.alike_of(&subject, &mut 0).unwrap();
        assert!(desk.kept.counts(&of).is_some());
    }
}
