//! How many cases are alike to each row of a list, so that they can be answered together.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::desk::answer::CaseRow;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::of_subject::{Brief, KEPT_OF_SUBJECT_MAX, OfSubject};
use crate::domain::cases::{Case, Nature};
use crate::domain::{CaseId, CaseworkerId, PersonId, QueueId, SubjectCode};
use crate::store::Direction;

use super::Reader;

/// Open cases of one subject that are looked at, the newest first.
const OF_SUBJECT_MAX: usize = 100;
/// Cases that are looked at for the rows of one answer.
const LOOKED_AT_MAX: usize = 3_000;

/// How many cases of a subject stand in a queue with a nature, and are nobody's or the actor's.
type Counts = BTreeMap<(QueueId, Nature), u32>;

impl Reader<'_> {
    /// Rows of cases, each with how many others are alike.
    pub(super) fn rows(&self, cases: &[Arc<Case>]) -> Result<Vec<CaseRow>, DeskError> {
        let mut known: BTreeMap<&SubjectCode, Counts> = BTreeMap::new();
        let mut looked_at = 0;
        let mut rows = Vec::with_capacity(cases.len());
        for case in cases {
            let mut row = self.row(case)?;
            if let (Some(subject), Some(queue)) = (case.subjects.first(), case.queue)
                && self.could_answer(case.initiator().is_some(), case.owner)
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
    fn could_answer(&self, has_initiator: bool, owner: Option<CaseworkerId>) -> bool {
        has_initiator && owner.is_none_or(|owner| owner == self.actor.id)
    }

    /// How many cases of a subject stand in a queue with a nature, and are nobody's or the actor's: of what is kept of the
    /// subject, where the class of a case alone decides whether the actor may see it and enough is kept.
    fn alike_of(&self, subject: &SubjectCode, looked_at: &mut usize) -> Result<Counts, DeskError> {
        let of = self.of_subject(subject, looked_at)?;
        self.counted(&of).map_or_else(|| self.count_alike(subject, looked_at), Ok)
    }

    fn of_subject(
        &self,
        subject: &SubjectCode,
        looked_at: &mut usize,
    ) -> Result<Arc<OfSubject>, DeskError> {
        let subjects = &self.desk.kept.subjects;
        if let Some(of) = subjects.find(subject) {
            return Ok(of);
        }
        let since = subjects.now();
        let range = keys::of_subject(subject).range();
        let page = self.scan(&range, KEPT_OF_SUBJECT_MAX, Direction::Backward)?;
        *looked_at += page.rows.len();
        let mut cases = Vec::with_capacity(page.rows.len());
        for (key, _) in &page.rows {
            cases.push(self.case(CaseId(keys::last_number(key)))?);
        }
        let of = OfSubject::of(cases.iter().map(Arc::as_ref), page.has_more);
        let of = Arc::new(of);
        subjects.keep(subject, since, &of);
        Ok(of)
    }

    fn counted(&self, of: &OfSubject) -> Option<Counts> {
        let sight = self.sight();
        let is_on_one = |person: &PersonId| of.people.binary_search(person).is_ok();
        if sight.has_access() || sight.conflicts().iter().any(is_on_one) {
            return None;
        }
        let seen: Vec<bool> = of.classes.iter().map(|class| self.permits_class(class)).collect();
        let is_seen = |brief: &&Brief| seen.get(brief.class).is_some_and(|is_seen| *is_seen);
        let (mut counts, mut looked_at) = (Counts::new(), 0);
        for brief in of.cases.iter().filter(is_seen).take(OF_SUBJECT_MAX) {
            looked_at += 1;
            if let Some(queue) = brief.queue
                && self.could_answer(brief.has_initiator, brief.owner)
            {
                *counts.entry((queue, brief.nature)).or_default() += 1;
            }
        }
        (looked_at == OF_SUBJECT_MAX || !of.has_more).then_some(counts)
    }

    fn count_alike(
        &self,
        subject: &SubjectCode,
        looked_at: &mut usize,
    ) -> Result<Counts, DeskError> {
        let mut counts = Counts::new();
        let range = keys::of_subject(subject).range();
        let newest = Direction::Backward;
        for number in self.seen_in(&range, OF_SUBJECT_MAX, newest, keys::last_number)? {
            *looked_at += 1;
            let case = match self.visible_case(CaseId(number)) {
                Ok(case) => case,
                Err(DeskError::NotFound(_)) => continue,
                Err(error) => return Err(error),
            };
            if let Some(queue) = case.queue
                && self.could_answer(case.initiator().is_some(), case.owner)
            {
                *counts.entry((queue, case.nature)).or_default() += 1;
            }
        }
        Ok(counts)
    }
}
