//! What of an index and of counters the actor may see: filtered by class before anything is cut or counted, so that no page
//! length and no number depends on what is hidden, and without reading a hidden case.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::desk::class::Class;
use crate::desk::derive::counters_of_case;
use crate::desk::error::DeskError;
use crate::desk::flow::{self, Recount};
use crate::desk::keys::{self, Key, tag};
use crate::desk::work::{broken, counted};
use crate::domain::cases::Case;
use crate::domain::office::{Behind, Confidentiality};
use crate::domain::people::Person;
use crate::domain::time::Zone;
use crate::domain::{CaseId, EntityId, PersonId, fold};
use crate::store::{Direction, KeyRange, Versioned, Visit};

use super::Reader;

/// Rows that are looked at in one go, and that are read at once where some were left out already.
const PAGE_ROWS: usize = 1_000;
/// Cases of one person with whom the actor is in conflict that are left out: more than any person has.
const CONFLICTS_MAX: usize = 1_000;

/// What was decided for one question: who asks does not change meanwhile.
#[derive(Default)]
pub(super) struct Seen {
    /// By the bytes of a class.
    classes: RefCell<BTreeMap<Vec<u8>, bool>>,
    /// The same by class, for whoever has the case itself: few, so that they are looked through.
    permitted: RefCell<Vec<(Class, bool)>>,
    /// Whether people of a level may be known to be there, in the order of the levels.
    levels: RefCell<[Option<bool>; Confidentiality::ALL.len()]>,
    /// Every number under which somebody is known.
    numbers: RefCell<FxHashMap<PersonId, Rc<[PersonId]>>>,
    conflicts: OnceCell<Conflicts>,
    /// Whether the actor has any draft.
    has_drafts: OnceCell<bool>,
    /// What the cases that are left out and those that an emergency opened have added to what came and went.
    flows: OnceCell<Flows>,
}

/// What came and went of some cases, by the counters' keys.
#[derive(Default)]
struct Flows {
    left_out: BTreeMap<Vec<u8>, i64>,
    opened: BTreeMap<Vec<u8>, i64>,
}

/// Where the class of a case does not decide alone: the cases of people with whom the actor is in conflict, as far as their
/// class would show them, and what an emergency access opens.
#[derive(Default)]
struct Conflicts {
    cases: BTreeSet<u64>,
    /// What they count for, by the counters' keys.
    counts: BTreeMap<Vec<u8>, i64>,
    /// The cases that their class hides and an emergency access of the actor opens.
    opened: BTreeSet<u64>,
    /// What those count for.
    opened_counts: BTreeMap<Vec<u8>, i64>,
}

impl Reader<'_> {
    /// Whether cases of this class may be known to be there.
    pub(super) fn sees_class(&self, class: &[u8]) -> bool {
        if let Some(is_seen) = self.seen.classes.borrow().get(class) {
            return *is_seen;
        }
        let is_seen = self.sight().class_named(class);
        self.seen.classes.borrow_mut().insert(class.to_vec(), is_seen);
        is_seen
    }

    /// Whether a case may be known to be there ([`Sight::case`]).
    pub(super) fn may_see(&self, case: &Case) -> bool {
        let sight = self.sight();
        sight.case_where(case, || self.permits_class_of(case))
    }

    fn permits_class_of(&self, case: &Case) -> bool {
        let is_permitted = self.permitted_before(|class| class.is_of(case));
        is_permitted.unwrap_or_else(|| self.permits_class(&Class::of(case)))
    }

    fn permitted_before(&self, is_it: impl Fn(&Class) -> bool) -> Option<bool> {
        let permitted = self.seen.permitted.borrow();
        permitted.iter().find(|(class, _)| is_it(class)).map(|(_, is_permitted)| *is_permitted)
    }

    /// Whether cases of a class may be known to be there, but for those of people whose files are closed to the actor.
    pub(super) fn permits_class(&self, class: &Class) -> bool {
        if let Some(is_permitted) = self.permitted_before(|known| known == class) {
            return is_permitted;
        }
        let is_permitted = self.sight().class(class);
        self.seen.permitted.borrow_mut().push((class.clone(), is_permitted));
        is_permitted
    }

    /// Whether a person may be known to be there ([`Sight::person`]).
    pub(super) fn may_see_record(&self, person: &Person) -> bool {
        self.sight().person_where(person, || self.sees_level(person.confidentiality))
    }

    fn sees_level(&self, level: Confidentiality) -> bool {
        let place = Confidentiality::ALL.iter().position(|known| *known == level);
        let mut levels = self.seen.levels.borrow_mut();
        match place.and_then(|place| levels.get_mut(place)) {
            Some(known) => *known.get_or_insert_with(|| self.sight().level(level)),
            None => self.sight().level(level),
        }
    }

    /// Every number under which somebody is known, the own one first.
    pub(in crate::desk) fn numbers_of(
        &self,
        person: PersonId,
    ) -> Result<Rc<[PersonId]>, DeskError> {
        if let Some(known) = self.seen.numbers.borrow().get(&person) {
            return Ok(Rc::clone(known));
        }
        let numbers: Rc<[PersonId]> = self.numbers_read(person)?.into();
        self.seen.numbers.borrow_mut().insert(person, Rc::clone(&numbers));
        Ok(numbers)
    }

    fn conflicts(&self) -> Result<&Conflicts, DeskError> {
        if let Some(known) = self.seen.conflicts.get() {
            return Ok(known);
        }
        let mut found = Conflicts::default();
        for person in self.sight().conflicts() {
            let rows =
                self.scan(&keys::of_person(*person).range(), CONFLICTS_MAX, Direction::Forward)?;
            for (key, value) in rows.rows {
                let number = keys::last_number(&key);
                if !self.sees_class(&value.value) || found.cases.contains(&number) {
                    continue;
                }
                let case = self.case(CaseId(number))?;
                // An emergency access opens what is closed.
                if self.sight().case(&case) {
                    continue;
                }
                found.cases.insert(number);
                count(&mut found.counts, &case, &self.office_zone);
            }
        }
        for number in self.opened_numbers()? {
            let case = self.case(CaseId(number))?;
            if !self.sight().permits_case(&case) && found.opened.insert(number) {
                count(&mut found.opened_counts, &case, &self.office_zone);
            }
        }
        Ok(self.seen.conflicts.get_or_init(|| found))
    }

    /// Whether the actor composes anything.
    pub(super) fn has_drafts(&self) -> Result<bool, DeskError> {
        if let Some(known) = self.seen.has_drafts.get() {
            return Ok(*known);
        }
        let has_any = self.has_any(&keys::drafts_of(self.actor.id).range())?;
        Ok(*self.seen.has_drafts.get_or_init(|| has_any))
    }

    /// Whether anything lies in a range.
    pub(super) fn has_any(&self, range: &KeyRange) -> Result<bool, DeskError> {
        let mut has_any = false;
        let mut look = |_: &[u8], _: &Versioned| {
            has_any = true;
            false
        };
        let visit = Visit { likely: 1, ..Visit::all(range) };
        self.store.visit(&visit, &mut look).map_err(broken)?;
        Ok(has_any)
    }

    /// The cases that the actor's emergency accesses name, or that are about whom they name.
    fn opened_numbers(&self) -> Result<Vec<u64>, DeskError> {
        let mut numbers = Vec::new();
        for access in self.directory.open_accesses(self.actor.id, self.at) {
            match access.behind {
                Behind::Case(case) => numbers.push(case.0),
                Behind::Person(person) => {
                    let range = keys::of_person(person).range();
                    let page = self.scan(&range, CONFLICTS_MAX, Direction::Forward)?;
                    numbers.extend(page.rows.iter().map(|(key, _)| keys::last_number(key)));
                }
            }
        }
        Ok(numbers)
    }

    /// How many of these cases the actor may not know of, as they are in conflict with somebody on them.
    pub(super) fn in_conflict(&self, cases: &BTreeSet<u64>) -> Result<usize, DeskError> {
        Ok(self.conflicts()?.cases.intersection(cases).count())
    }

    /// What came and went follows from events, so that it is counted again from those of the few cases whose class does not
    /// decide.
    fn flows(&self) -> Result<&Flows, DeskError> {
        if let Some(known) = self.seen.flows.get() {
            return Ok(known);
        }
        let conflicts = self.conflicts()?;
        let flows = Flows {
            left_out: self.flows_of(&conflicts.cases)?,
            opened: self.flows_of(&conflicts.opened)?,
        };
        Ok(self.seen.flows.get_or_init(|| flows))
    }

    fn flows_of(&self, cases: &BTreeSet<u64>) -> Result<BTreeMap<Vec<u8>, i64>, DeskError> {
        let mut recount = Recount::of(self.store)?;
        for case in cases {
            let id = EntityId::Case(CaseId(*case));
            let mut entity = None;
            for record in &self.history_of(&id)? {
                let was = flow::work_of(entity.as_ref());
                entity = fold(entity, record);
                recount.event(record, was, flow::work_of(entity.as_ref()), &self.office_zone);
            }
        }
        let counts = recount.counts().into_iter();
        Ok(counts.map(|(counter, by)| (counter.key(), by)).collect())
    }

    /// Whether the case of a row may be known to be there: the row names it and its class.
    fn sees_case_row(&self, conflicts: &Conflicts, key: &[u8], class: &[u8]) -> bool {
        let number = keys::last_number(key);
        if self.sees_class(class) {
            !conflicts.cases.contains(&number)
        } else {
            conflicts.opened.contains(&number)
        }
    }

    /// Whether a case, and what it was merged into, may be known to be there.
    pub(super) fn sees_case(&self, case: CaseId) -> Result<bool, DeskError> {
        match self.visible_case(case) {
            Ok(_) => Ok(true),
            Err(DeskError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What `read` makes of the first rows of a part of an index of cases or of mail whose case the actor may see, of at most
    /// so many, in the order of the direction.
    pub(super) fn seen_in<T>(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
        read: impl Fn(&[u8]) -> T,
    ) -> Result<Vec<T>, DeskError> {
        let mut seen = Vec::new();
        if limit == 0 {
            return Ok(seen);
        }
        if range.from.first() == Some(&tag::MAIL) {
            return self.seen_mail(range, limit, direction, read);
        }
        let conflicts = self.conflicts()?;
        let (mut rest, mut left) = (None, limit);
        loop {
            let (mut looked_at, mut last) = (0, None);
            let mut look = |key: &[u8], class: &Versioned| {
                if self.sees_case_row(conflicts, key, &class.value) {
                    seen.push(read(key));
                }
                looked_at += 1;
                // Whoever writes waits for no more rows than these.
                last = (looked_at == PAGE_ROWS).then(|| key.to_vec());
                seen.len() < limit && looked_at < PAGE_ROWS
            };
            // One more tells whoever reads pages that nothing is behind them.
            let of = rest.as_ref().unwrap_or(range);
            let visit = Visit { range: of, direction, likely: left.saturating_add(1) };
            self.store.visit(&visit, &mut look).map_err(broken)?;
            let Some(last) = last.filter(|_| seen.len() < limit) else { return Ok(seen) };
            left = limit - seen.len();
            rest = Some(of.beyond(last, direction));
        }
    }

    /// The same of mail: a message is as hidden as its case, which has to be looked up, for the row does not know its class.
    fn seen_mail<T>(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
        read: impl Fn(&[u8]) -> T,
    ) -> Result<Vec<T>, DeskError> {
        let (mut range, mut rows, mut seen) = (range.clone(), limit, Vec::new());
        loop {
            let page = self.scan(&range, rows, direction)?;
            for (key, _) in &page.rows {
                if self.sees_case(CaseId(keys::number_at(key, keys::MAIL_CASE_AT)))? {
                    seen.push(read(key));
                }
                if seen.len() == limit {
                    return Ok(seen);
                }
            }
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else {
                return Ok(seen);
            };
            range = range.beyond(last.clone(), direction);
            // Where nothing is hidden, one scan was enough.
            rows = PAGE_ROWS;
        }
    }

    /// How many rows of an index of cases the actor may see, counted up to a limit.
    pub(super) fn seen_length(&self, range: &KeyRange, limit: usize) -> Result<usize, DeskError> {
        let (conflicts, mut length) = (self.conflicts()?, 0);
        let mut count = |key: &[u8], class: &Versioned| {
            length += usize::from(self.sees_case_row(conflicts, key, &class.value));
            length < limit
        };
        self.store.visit(&Visit::all(range), &mut count).map_err(broken)?;
        Ok(length)
    }

    /// Calls `each` with every counter of a part of them that counts cases which the actor may see: its key and what it
    /// comes to. The class stands in the key from `class_at` on.
    pub(super) fn seen_counters(
        &self,
        range: &KeyRange,
        class_at: usize,
        mut each: impl FnMut(&[u8], i64),
    ) -> Result<(), DeskError> {
        // Comings and goings lie apart from what is there.
        let (left_out, opened) = if keys::is_of_flow(&range.from) {
            let flows = self.flows()?;
            (&flows.left_out, &flows.opened)
        } else {
            let conflicts = self.conflicts()?;
            (&conflicts.counts, &conflicts.opened_counts)
        };
        let mut look = |key: &[u8], value: &Versioned| {
            if self.sees_class(key.get(class_at..).unwrap_or_default()) {
                let hidden = left_out.get(key).copied().unwrap_or_default();
                each(key, counted(&value.value) - hidden);
            } else if let Some(count) = opened.get(key) {
                each(key, *count);
            }
            true
        };
        self.store.visit(&Visit::all(range), &mut look).map_err(broken)
    }

    /// How many cases that the actor may see some counters come to, one for each class.
    pub(super) fn seen_count(&self, counters: Key) -> Result<u64, DeskError> {
        let prefix = counters.done();
        let mut sum = 0;
        self.seen_counters(&KeyRange::prefix(&prefix), prefix.len(), |_, count| sum += count)?;
        Ok(u64::try_from(sum).unwrap_or_default())
    }
}

/// Adds what a case counts for.
fn count(counts: &mut BTreeMap<Vec<u8>, i64>, case: &Case, zone: &Zone) {
    for (counter, by) in counters_of_case(case, zone) {
        *counts.entry(counter.key()).or_default() += by;
    }
}
