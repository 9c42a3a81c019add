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
        let before = self.desk.kept.before_counting();
        let counts = Arc::new(self.count_alike(subject, looked_at)?);
        self.desk.kept.keep_counts(of, before, &counts);
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
