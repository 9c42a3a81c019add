//! The newest open cases of each subject, as far as lists count which are alike: kept in memory for all who ask, until one
//! of the subject's cases moves. What each may see of them is decided by whoever counts.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;

use crate::domain::cases::{Case, Nature};
use crate::domain::{CaseworkerId, Entity, PersonId, QueueId, SubjectCode};

use super::class::Class;
use super::local::lock;

/// Open cases of one subject that are looked at by whoever counts which are alike, the newest first.
pub(super) const OF_SUBJECT_MAX: usize = 100;
/// Open cases of a subject that are kept, so that as many as are counted are left where others are hidden between them.
pub(super) const KEPT_OF_SUBJECT_MAX: usize = 200;
/// Subjects that are kept; when there are more, they begin anew.
const SUBJECTS_MAX: usize = 512;

/// The newest open cases of one subject.
#[derive(Debug, Default)]
pub(super) struct OfSubject {
    /// The newest first.
    pub(super) cases: Vec<Brief>,
    /// The classes that they are of.
    pub(super) classes: Vec<Class>,
    /// Everybody who has to do with one of them, in order.
    pub(super) people: Vec<PersonId>,
    /// Whether the subject has more of them.
    pub(super) has_more: bool,
    /// The newest of them that stand in a queue and have somebody to answer, counted by what makes them alike and by who
    /// has them: for whoever may see all of them.
    groups: Vec<(Alike, Option<CaseworkerId>, u32)>,
}

/// What makes cases of a subject alike: their queue and nature.
pub(super) type Alike = (QueueId, Nature);

/// To which others of its subject a case is alike: to none where it stands in no queue, or nobody is there to be answered.
pub(super) fn alike(case: &Case) -> Option<Alike> {
    case.queue.filter(|_| case.initiator().is_some()).map(|queue| (queue, case.nature))
}

/// What decides whether a case is alike to another one of its subject.
#[derive(Debug)]
pub(super) struct Brief {
    /// The place of its class.
    pub(super) class: usize,
    /// As [`alike`] says.
    pub(super) alike: Option<Alike>,
    pub(super) owner: Option<CaseworkerId>,
}

impl OfSubject {
    /// Of these cases, the newest first.
    pub(super) fn of<'a>(cases: impl Iterator<Item = &'a Case>, has_more: bool) -> Self {
        let mut of = Self { has_more, ..Self::default() };
        let mut people = BTreeSet::new();
        for case in cases {
            let known = of.classes.iter().position(|class| class.is_of(case));
            let class = known.unwrap_or_else(|| {
                of.classes.push(Class::of(case));
                of.classes.len() - 1
            });
            people.extend(case.people());
            of.cases.push(Brief { class, alike: alike(case), owner: case.owner });
        }
        of.people = people.into_iter().collect();
        for brief in of.cases.iter().take(OF_SUBJECT_MAX) {
            let Some(alike) = brief.alike else { continue };
            let is_same = |group: &&mut (Alike, _, u32)| (group.0, group.1) == (alike, brief.owner);
            match of.groups.iter_mut().find(is_same) {
                Some((_, _, count)) => *count += 1,
                None => of.groups.push((alike, brief.owner, 1)),
            }
        }
        of
    }

    /// How many of the newest are so and nobody's or this caseworker's, whoever may see them.
    pub(super) fn count(&self, alike: Alike, own: CaseworkerId) -> u32 {
        let is_free = |owner: Option<CaseworkerId>| owner.is_none_or(|owner| owner == own);
        let groups = self.groups.iter().filter(|(of, owner, _)| *of == alike && is_free(*owner));
        groups.map(|(_, _, count)| count).sum()
    }
}

/// What is kept of all subjects.
#[derive(Default)]
pub(super) struct Subjects {
    /// How many commits have moved cases so far.
    moves: AtomicU64,
    kept: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    /// With the moment before it was read.
    subjects: FxHashMap<SubjectCode, (Since, Arc<OfSubject>)>,
    /// When a case of a subject last moved; of the others none has since `forgotten`.
    moved: FxHashMap<SubjectCode, u64>,
    forgotten: u64,
}

/// A moment before a subject's cases were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Since(u64);

impl Shelf {
    fn is_true(&self, subject: &SubjectCode, since: Since) -> bool {
        since.0 >= self.moved.get(subject).copied().unwrap_or_default().max(self.forgotten)
    }
}

impl Subjects {
    /// The moment before a subject's cases are read.
    pub(super) fn now(&self) -> Since {
        Since(self.moves.load(Ordering::Acquire))
    }

    /// What is kept of a subject and still true.
    pub(super) fn find(&self, subject: &SubjectCode) -> Option<Arc<OfSubject>> {
        let kept = lock(&self.kept);
        let (since, of) = kept.subjects.get(subject)?;
        kept.is_true(subject, *since).then(|| Arc::clone(of))
    }

    /// Keeps what was read after this moment, unless a case of the subject has moved meanwhile.
    pub(super) fn keep(&self, subject: &SubjectCode, since: Since, of: &Arc<OfSubject>) {
        let mut kept = lock(&self.kept);
        if !kept.is_true(subject, since) {
            return;
        }
        if kept.subjects.len() >= SUBJECTS_MAX && !kept.subjects.contains_key(subject) {
            kept.subjects.clear();
        }
        kept.subjects.insert(subject.clone(), (since, Arc::clone(of)));
    }

    /// Cases of these subjects have moved.
    pub(super) fn moved(&self, subjects: &[SubjectCode]) {
        if subjects.is_empty() {
            return;
        }
        let mut kept = lock(&self.kept);
        let now = self.moves.fetch_add(1, Ordering::AcqRel) + 1;
        if kept.moved.len() >= SUBJECTS_MAX {
            kept.moved.clear();
            kept.subjects.clear();
            kept.forgotten = now;
        }
        for subject in subjects {
            kept.subjects.remove(subject);
            kept.moved.insert(subject.clone(), now);
        }
    }

    /// Nobody knows which cases have moved.
    pub(super) fn forget(&self) {
        let mut kept = lock(&self.kept);
        kept.forgotten = self.moves.fetch_add(1, Ordering::AcqRel) + 1;
        kept.subjects.clear();
        kept.moved.clear();
    }
}

/// The subjects of a case of which something else is true after a change: none where it moved in nothing that is kept here.
pub(super) fn subjects_moved<'a>(
    was: Option<&'a Entity>,
    is: Option<&'a Entity>,
) -> impl Iterator<Item = &'a SubjectCode> {
    let case = |entity: Option<&'a Entity>| match entity {
        Some(Entity::Case(case)) => Some(case.as_ref()),
        _ => None,
    };
    let (was, is) = (case(was), case(is));
    let has_moved = was.map(facets) != is.map(facets);
    [was, is].into_iter().flatten().filter(move |_| has_moved).flat_map(|case| &case.subjects)
}

/// What of a case decides whether it is among the open cases of a subject, what is kept of it there, and who may see it.
fn facets(case: &Case) -> impl PartialEq + '_ {
    (
        (&case.subjects, case.queue, case.nature, case.owner, case.stage, case.unit),
        (case.confidentiality, &case.case_type, case.initiator(), &case.roles),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(code: &str) -> SubjectCode {
        SubjectCode(code.into())
    }

    #[test]
    fn what_was_read_before_a_case_moved_is_not_kept() {
        let (subjects, one, other) = (Subjects::default(), subject("HOU-1"), subject("HOU-2"));
        let of = Arc::new(OfSubject::default());
        let before = subjects.now();
        subjects.keep(&one, before, &of);
        subjects.keep(&other, before, &of);
        subjects.moved(std::slice::from_ref(&one));
        assert!(subjects.find(&one).is_none(), "one of its cases moved");
        assert!(subjects.find(&other).is_some(), "none of its cases moved");
        subjects.keep(&one, before, &of);
        assert!(subjects.find(&one).is_none(), "it was read before that");
        subjects.keep(&one, subjects.now(), &of);
        assert!(subjects.find(&one).is_some());
        let before = subjects.now();
        subjects.forget();
        subjects.keep(&one, before, &of);
        assert!(subjects.find(&one).is_none() && subjects.find(&other).is_none());
    }
}
