//! What somebody has that others can take over, by due time: cases by their next clock, promises, and that drafts are there.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::codec::decode_record;
use crate::desk::command::Draft;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::units::{Handed, HandoverAnswer, HandoverLine};
use crate::desk::work::broken;
use crate::domain::cases::{Case, Promise};
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, CaseworkerId, Entity, EntityId, PromiseId};
use crate::store::{Direction, KeyRange};

use super::Reader;

/// Things of one kind that one answer lists.
const LISTED_MAX: usize = 400;

/// Whether a case is its owner's, who has asked somebody: the question was passed on, and not the case.
fn is_asked_only(case: &Case) -> bool {
    case.open_escalation().is_some_and(|open| case.owner == Some(open.from))
}

impl Reader<'_> {
    pub(super) fn handover(
        &self,
        id: CaseworkerId,
        also: &[EntityId],
    ) -> Result<HandoverAnswer, DeskError> {
        let held = self.directory.caseworker(id)?.clone();
        if !self.directory.leads(self.actor.id, held.unit, self.today) {
            self.authorise(Action::RunOffice, &Resource::of_unit(held.unit))?;
        }
        let mut answer = HandoverAnswer {
            caseworker: id,
            name: held.name.clone(),
            stand_in: self.directory.stand_in(id, self.today).map(|id| self.named(id)),
            lines: Vec::new(),
            has_more: also.len() > LISTED_MAX,
        };
        let mut cases: Vec<CaseId> = Vec::new();
        let mut promises: Vec<PromiseId> = Vec::new();
        for id in also.iter().take(LISTED_MAX) {
            if let EntityId::Case(case) = id {
                cases.push(*case);
            } else if let EntityId::Promise(promise) = id {
                promises.push(*promise);
            }
        }
        let (owned, has_more) = self.seen_of(&keys::of_owner(id).range(), |key, _| {
            let case = CaseId(keys::last_number(key));
            Ok(self.open_case_seen(case)?.map(|_| case))
        })?;
        answer.has_more |= has_more;
        let owned_ids: BTreeSet<CaseId> = owned.into_iter().collect();
        cases.extend(&owned_ids);
        let (made, has_more) = self.seen_of(&keys::promises_of(id).range(), |key, _| {
            let promise = PromiseId(keys::last_number(key));
            let Some(Entity::Promise(held)) = self.entity(&EntityId::Promise(promise))? else {
                return Ok(None);
            };
            Ok(self.promise_to_hand(&held)?.map(|_| promise))
        })?;
        answer.has_more |= has_more;
        promises.extend(made);
        cases.sort_unstable();
        cases.dedup();
        promises.sort_unstable();
        promises.dedup();
        for case in cases {
            let is_theirs = |case: &Arc<Case>| owned_ids.contains(&case.id) || !is_asked_only(case);
            let found = self.open_case_seen(case)?.filter(is_theirs);
            answer.lines.extend(found.map(|case| self.case_to_hand(&case)));
        }
        for promise in promises {
            let Some(Entity::Promise(promise)) = self.entity(&EntityId::Promise(promise))? else {
                continue;
            };
            answer.lines.extend(self.promise_to_hand(&promise)?);
        }
        self.drafts_of(id, &mut answer)?;
        answer.lines.sort_by_key(|line| {
            (line.due_at.is_none() || matches!(line.what, Handed::Draft(_)), line.due_at)
        });
        Ok(answer)
    }

    /// An open case that the actor may see.
    fn open_case_seen(&self, id: CaseId) -> Result<Option<Arc<Case>>, DeskError> {
        match self.visible_case(id) {
            Ok(case) => Ok(Some(case).filter(|case| case.is_open())),
            Err(DeskError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What rows stand for, as far as the actor may see it, up to [`LISTED_MAX`], and whether there is more of that. What is
    /// hidden takes nobody's place.
    fn seen_of<T>(
        &self,
        range: &KeyRange,
        seen: impl Fn(&[u8], &[u8]) -> Result<Option<T>, DeskError>,
    ) -> Result<(Vec<T>, bool), DeskError> {
        let (mut range, mut found) = (range.clone(), Vec::new());
        loop {
            let page = self.scan(&range, LISTED_MAX, Direction::Forward)?;
            for (key, value) in &page.rows {
                let Some(one) = seen(key, &value.value)? else { continue };
                if found.len() == LISTED_MAX {
                    return Ok((found, true));
                }
                found.push(one);
            }
            let Some((last, _)) = page.rows.last().filter(|_| page.has_more) else {
                return Ok((found, false));
            };
            // The first key that stands behind the last one.
            range.from = last.iter().copied().chain([0]).collect();
        }
    }

    fn named(&self, id: CaseworkerId) -> (CaseworkerId, String) {
        (id, self.directory.short_name(id))
    }

    fn case_to_hand(&self, case: &Case) -> HandoverLine {
        HandoverLine {
            what: Handed::Case(case.id),
            due_at: case.due_kind().is_some().then(|| case.due_at()),
            words: format!("{} {}", case.nature.code(), case.subject_label),
            case: Some(case.id),
            with: case.owner.map(|owner| self.named(owner)),
        }
    }

    /// A promise that is open, to somebody whom the actor may see; nothing else is told of.
    fn promise_to_hand(&self, promise: &Promise) -> Result<Option<HandoverLine>, DeskError> {
        let promised = &promise.promised;
        if !promise.is_open() || promise.is_annulled {
            return Ok(None);
        }
        let Some(person) = self.visible_person(promised.to)? else { return Ok(None) };
        if let Some(case) = promised.case
            && matches!(self.visible_case(case), Err(DeskError::NotFound(_)))
        {
            return Ok(None);
        }
        let what = if promised.what.is_empty() { "ring back" } else { &promised.what };
        Ok(Some(HandoverLine {
            what: Handed::Promise(promise.id),
            due_at: Some(promised.due_at),
            words: format!("{}: {what}", person.name().listed()),
            case: promised.case,
            with: Some(self.named(promised.owner)),
        }))
    }

    /// That somebody began to write: the form, about what and when, and none of the words.
    fn drafts_of(&self, id: CaseworkerId, answer: &mut HandoverAnswer) -> Result<(), DeskError> {
        let (lines, has_more) = self.seen_of(&keys::drafts_of(id).range(), |_, value| {
            let draft: Draft = decode_record(value).map_err(broken)?;
            let form = draft.key.form.words();
            let (words, case) = match &draft.key.target {
                Some(EntityId::Case(case)) => match self.visible_case(*case) {
                    Ok(case) => (format!("{form}, {}", case.subject_label), Some(case.id)),
                    Err(DeskError::NotFound(_)) => return Ok(None),
                    Err(error) => return Err(error),
                },
                Some(EntityId::Person(person)) => match self.visible_person(*person)? {
                    Some(person) => (format!("{form}, {}", person.name().listed()), None),
                    None => return Ok(None),
                },
                Some(_) | None => (form.to_owned(), None),
            };
            Ok(Some(HandoverLine {
                what: Handed::Draft(draft.key),
                due_at: Some(draft.saved_at),
                words,
                case,
                with: Some(self.named(id)),
            }))
        })?;
        answer.has_more |= has_more;
        answer.lines.extend(lines);
        Ok(())
    }
}
