//! Rows of cases, as every list shows them.

use std::collections::BTreeSet;
use std::sync::Arc;

use compact_str::CompactString;

use crate::codec::decode_record;
use crate::desk::answer::{CaseRow, RowPerson};
use crate::desk::command::{Draft, DraftForm, DraftKey};
use crate::desk::error::DeskError;
use crate::desk::kept::Beside;
use crate::desk::keys;
use crate::desk::run::draft_key;
use crate::desk::work::broken;
use crate::domain::cases::{Case, CaseOrigin, EscalationState, Lane, standing};
use crate::domain::time::Instant;
use crate::domain::{CaseId, EntityId, PersonId};
use crate::store::Direction;

use super::Reader;

/// Forms whose drafts a row shows as its own.
const CASE_FORMS: [DraftForm; 14] = [
    DraftForm::Note,
    DraftForm::Reply,
    DraftForm::Escalation,
    DraftForm::Hold,
    DraftForm::Close,
    DraftForm::Give,
    DraftForm::Reopen,
    DraftForm::Screening,
    DraftForm::Promise,
    DraftForm::Merge,
    DraftForm::Fields,
    DraftForm::Decision,
    DraftForm::Extension,
    DraftForm::Correction,
];

/// Open cases of a person that are looked at for a count and the most urgent one.
const OPEN_LOOKED_AT_MAX: usize = 100;

impl Reader<'_> {
    /// The row of a case in a list: without whoever asked where its unit lists free cases so.
    pub(super) fn row(&self, case: &Case) -> Result<CaseRow, DeskError> {
        self.row_of(case, self.hides_names_of(case))
    }

    /// The row of a case that was opened, or whose person was: it says who asked.
    pub(super) fn opened_row(&self, case: &Case) -> Result<CaseRow, DeskError> {
        self.row_of(case, false)
    }

    /// Whether lists say nothing of who a case is about: nobody has it, and its unit lists such cases without names, so that
    /// nobody picks by person (R75).
    pub(super) fn hides_names_of(&self, case: &Case) -> bool {
        standing(case).is_some() && self.directory.hides_names(case.unit)
    }

    fn row_of(&self, case: &Case, hides_names: bool) -> Result<CaseRow, DeskError> {
        let person = match (case.initiator(), &case.origin) {
            _ if hides_names => RowPerson::Hidden,
            (Some(person), _) => match self.visible_person(person)? {
                Some(now) => RowPerson::Person(now.id, now.name().listed().into()),
                None => RowPerson::Person(person, person.to_string().into()),
            },
            (None, CaseOrigin::Imported { source, .. }) => RowPerson::From(source.as_str().into()),
            (None, CaseOrigin::Registered) => RowPerson::Anonymous,
        };
        let beside = self.beside(case)?;
        let due_kind = case.due_kind();
        let answered = case
            .escalations
            .last()
            .is_some_and(|last| matches!(last.state, EscalationState::Answered { .. }));
        Ok(CaseRow {
            id: case.id,
            version: case.version,
            due_at: due_kind.map(|_| case.due_at()),
            due_kind,
            nature: case.nature,
            subject: if case.subject_label.is_empty() {
                CompactString::const_new("(no subject yet)")
            } else {
                case.subject_label.as_str().into()
            },
            person,
            stage: case.stage,
            channel: case.channel,
            owner: case.owner.map(|owner| (owner, self.directory.short_name(owner).into())),
            unit: self
                .directory
                .units
                .get(&case.unit)
                .map(|unit| unit.name.as_str().into())
                .unwrap_or_default(),
            is_held: case.lane() == Lane::Waiting,
            is_escalated: case.open_escalation().is_some(),
            is_answered: answered && case.is_open(),
            has_draft: case.owner == Some(self.actor.id) && self.has_draft(case)?,
            has_mail: beside.has_mail,
            closed_at: case.closed_at,
            alike: 0,
            has_promise: self.has_promise(case.id, beside)?,
            subject_code: case.subjects.first().cloned(),
            worked_stage: self.worked_stage(case)?,
        })
    }

    /// The name of a person as lists show it; a person whom the actor may not see has only a number.
    pub(super) fn name_of(&self, person: PersonId) -> Result<String, DeskError> {
        Ok(self
            .visible_person(person)?
            .map_or_else(|| person.to_string(), |person| person.name().listed()))
    }

    pub(super) fn has_draft(&self, case: &Case) -> Result<bool, DeskError> {
        // Most have none at all, which one look finds for all rows.
        if !self.has_drafts()? {
            return Ok(false);
        }
        let own = EntityId::Case(case.id);
        let mut targets = self.merged_into(&own)?;
        targets.push(own);
        for target in targets {
            for form in CASE_FORMS {
                let target = Some(target.clone());
                if self.get(&draft_key(self.actor.id, &DraftKey { form, target }))?.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// What lies beside a case, as it is kept for all who list it.
    pub(super) fn beside(&self, case: &Case) -> Result<Beside, DeskError> {
        let before = match self.desk.kept.beside(case.id) {
            Ok(kept) => return Ok(kept),
            Err(before) => before,
        };
        // The row's own case may have been read before that moment: which message is its newest is asked after it.
        let now = self.case(case.id)?;
        let beside = Beside {
            has_promise: self.has_any(&keys::promises_on(case.id).byte(0).range())?,
            has_absorbed: self.has_any(&keys::absorbed(&EntityId::Case(case.id)).range())?,
            has_mail: self.has_mail(&now)?,
        };
        self.desk.kept.keep_beside(case.id, before, beside);
        Ok(beside)
    }

    fn has_mail(&self, case: &Case) -> Result<bool, DeskError> {
        let Some(newest) = case.messages.last() else { return Ok(false) };
        for lane in 0..=3 {
            if self.get(&keys::mail_of(case.unit, lane, case.id, *newest))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A person's cases that the actor may see: open ones first, newest first, at most so many; and how many are open
    /// and how many there are.
    pub(super) fn cases_of(
        &self,
        person: PersonId,
        limit: usize,
    ) -> Result<(Vec<Arc<Case>>, u64, u64), DeskError> {
        let mut cases = Vec::new();
        let mut counts = [0_u64; 2];
        for (lane, count) in counts.iter_mut().enumerate() {
            let numbers = self.case_numbers(person, u8::try_from(lane).unwrap_or(1))?;
            *count = u64::try_from(numbers.len()).unwrap_or(u64::MAX);
            for id in numbers.into_iter().take(limit.saturating_sub(cases.len())) {
                cases.push(self.case(id)?);
            }
        }
        let [open, closed] = counts;
        Ok((cases, open, open + closed))
    }

    /// How many open cases of a person the actor may see, and when the most urgent of them is due.
    pub(super) fn open_and_due(
        &self,
        person: PersonId,
    ) -> Result<(u64, Option<Instant>), DeskError> {
        let (mut open, mut due) = (0, None);
        for id in self.case_numbers(person, 0)? {
            let case = self.case(id)?;
            open += 1;
            let own = case.due_kind().map(|_| case.due_at());
            due = [due, own].into_iter().flatten().min();
        }
        Ok((open, due))
    }

    /// How many open cases a person has that the actor may see, without reading them.
    pub(super) fn open_cases(&self, person: PersonId) -> Result<u64, DeskError> {
        Ok(u64::try_from(self.case_numbers(person, 0)?.len()).unwrap_or(u64::MAX))
    }

    /// The open (0) or closed (1) cases of a person under any of their numbers that the actor may see, each once, the newest
    /// first.
    fn case_numbers(&self, person: PersonId, lane: u8) -> Result<Vec<CaseId>, DeskError> {
        let mut cases = BTreeSet::new();
        for &number in self.numbers_of(person)?.iter() {
            let range = keys::of_person(number).byte(lane).range();
            let newest = Direction::Backward;
            let numbers = self.seen_in(&range, OPEN_LOOKED_AT_MAX, newest, keys::last_number)?;
            for id in numbers.into_iter().map(CaseId) {
                // One that went into a hidden case is as hidden; none of those is open.
                if lane == 0 || self.sees_case(id)? {
                    cases.insert(id);
                }
            }
        }
        Ok(cases.into_iter().rev().collect())
    }

    /// A draft: the actor's own on that target, or else the one that they left on what was merged into it.
    pub(super) fn draft(&self, key: &DraftKey) -> Result<Option<Draft>, DeskError> {
        if !self.is_target_seen(key.target.as_ref())? {
            return Ok(None);
        }
        if let Some(own) = self.own_draft(key)? {
            return Ok(Some(own));
        }
        let Some(target) = &key.target else { return Ok(None) };
        for merged in self.merged_into(target)? {
            let behind = DraftKey { form: key.form, target: Some(merged) };
            if let Some(draft) = self.own_draft(&behind)? {
                return Ok(Some(Draft { key: key.clone(), ..draft }));
            }
        }
        Ok(None)
    }

    fn own_draft(&self, key: &DraftKey) -> Result<Option<Draft>, DeskError> {
        let bytes = self.get(&draft_key(self.actor.id, key))?;
        bytes.map(|bytes| decode_record(&bytes)).transpose().map_err(broken)
    }
}
