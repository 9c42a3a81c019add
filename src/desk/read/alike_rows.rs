//! How many cases are alike to each row of a list, so that they can be answered together.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::desk::answer::CaseRow;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::of_subject::{
    Alike, Brief, KEPT_OF_SUBJECT_MAX, OF_SUBJECT_MAX, OfSubject, alike,
};
use crate::domain::cases::Case;
use crate::domain::{CaseId, CaseworkerId, PersonId, SubjectCode};
use crate::store::Direction;

use super::Reader;

/// Subjects of the rows of one answer of which it is counted: which rows have a count depends on nothing that is hidden.
const SUBJECTS_MAX: usize = 40;

/// How many cases of a subject are alike, of those that are nobody's or the actor's.
enum Counts {
    /// As they are counted for whoever sees all of them.
    Kept(Arc<OfSubject>),
    /// As they were counted for the actor.
    Own(BTreeMap<Alike, u32>),
}

impl Reader<'_> {
    /// Rows of cases, each with how many others are alike.
    pub(super) fn rows(&self, cases: &[Arc<Case>]) -> Result<Vec<CaseRow>, DeskError> {
        let mut known: BTreeMap<&SubjectCode, Counts> = BTreeMap::new();
        let mut rows = Vec::with_capacity(cases.len());
        for case in cases {
            let mut row = self.row(case)?;
            if let (Some(subject), Some(alike)) = (case.subjects.first(), alike(case))
                && self.is_free(case.owner)
            {
                if !known.contains_key(subject) && known.len() < SUBJECTS_MAX {
                    known.insert(subject, self.alike_of(subject)?);
                }
                let count = known.get(subject).map_or(0, |counts| match counts {
                    Counts::Kept(of) => of.count(alike, self.actor.id),
                    Counts::Own(counts) => counts.get(&alike).copied().unwrap_or_default(),
                });
                row.alike = count.saturating_sub(1);
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// Whether the actor could answer it together with others: it is nobody's or theirs.
    fn is_free(&self, owner: Option<CaseworkerId>) -> bool {
        owner.is_none_or(|owner| owner == self.actor.id)
    }

    /// The counts of a subject: off what is kept of it, where the class of a case alone decides whether the actor may see it
    /// and enough is kept.
    fn alike_of(&self, subject: &SubjectCode) -> Result<Counts, DeskError> {
        let of = self.of_subject(subject)?;
        let sight = self.sight();
        let is_on_one = |person: &PersonId| of.people.binary_search(person).is_ok();
        if sight.has_access() || sight.conflicts().iter().any(is_on_one) {
            return self.count_alike(subject).map(Counts::Own);
        }
        let seen: Vec<bool> = of.classes.iter().map(|class| self.permits_class(class)).collect();
        if seen.iter().all(|is_seen| *is_seen) {
            return Ok(Counts::Kept(of));
        }
        match self.counted(&of, &seen) {
            Some(counts) => Ok(Counts::Own(counts)),
            None => self.count_alike(subject).map(Counts::Own),
        }
    }

    /// Counts what is kept, of the classes that are seen; nothing where so many are hidden that too few are left.
    fn counted(&self, of: &OfSubject, seen: &[bool]) -> Option<BTreeMap<Alike, u32>> {
        let is_seen = |brief: &&Brief| seen.get(brief.class).is_some_and(|is_seen| *is_seen);
        let (mut counts, mut looked_at) = (BTreeMap::new(), 0);
        for brief in of.cases.iter().filter(is_seen).take(OF_SUBJECT_MAX) {
            looked_at += 1;
            if let Some(alike) = brief.alike.filter(|_| self.is_free(brief.owner)) {
                *counts.entry(alike).or_default() += 1;
            }
        }
        (looked_at == OF_SUBJECT_MAX || !of.has_more).then_some(counts)
    }

    fn of_subject(&self, subject: &SubjectCode) -> Result<Arc<OfSubject>, DeskError> {
        let subjects = &self.desk.kept.subjects;
        if let Some(of) = subjects.find(subject) {
            return Ok(of);
        }
        let since = subjects.now();
        let range = keys::of_subject(subject).range();
        let page = self.scan(&range, KEPT_OF_SUBJECT_MAX, Direction::Backward)?;
        let mut cases = Vec::with_capacity(page.rows.len());
        for (key, _) in &page.rows {
            cases.push(self.case(CaseId(keys::last_number(key)))?);
        }
        let of = OfSubject::of(cases.iter().map(Arc::as_ref), page.has_more);
        let of = Arc::new(of);
        subjects.keep(subject, since, &of);
        Ok(of)
    }

    /// Counts what the actor may see, case by case.
    fn count_alike(&self, subject: &SubjectCode) -> Result<BTreeMap<Alike, u32>, DeskError> {
        let mut counts = BTreeMap::new();
        let range = keys::of_subject(subject).range();
        let newest = Direction::Backward;
        for number in self.seen_in(&range, OF_SUBJECT_MAX, newest, keys::last_number)? {
            let case = match self.visible_case(CaseId(number)) {
                Ok(case) => case,
                Err(DeskError::NotFound(_)) => continue,
                Err(error) => return Err(error),
            };
            if let Some(alike) = alike(&case).filter(|_| self.is_free(case.owner)) {
                *counts.entry(alike).or_default() += 1;
            }
        }
        Ok(counts)
    }
}
