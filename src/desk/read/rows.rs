//! Rows of cases, as every list shows them.

use crate::codec::decode_record;
use crate::desk::answer::{CaseRow, RowPerson};
use crate::desk::command::{Draft, DraftForm, DraftKey};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::run::draft_key;
use crate::desk::work::broken;
use crate::domain::cases::{Case, CaseOrigin, EscalationState, Lane};
use crate::domain::time::Instant;
use crate::domain::{EntityId, PersonId};
use crate::store::Direction;

use super::Reader;

/// Forms whose drafts a row shows as its own.
const CASE_FORMS: [DraftForm; 9] = [
    DraftForm::Note,
    DraftForm::Reply,
    DraftForm::Escalation,
    DraftForm::Hold,
    DraftForm::Close,
    DraftForm::Give,
    DraftForm::Reopen,
    DraftForm::Screening,
    DraftForm::Promise,
];

/// Open cases of a person that are looked at for a count and the most urgent one.
const OPEN_LOOKED_AT_MAX: usize = 100;

impl Reader<'_> {
    pub(super) fn row(&self, case: &Case) -> Result<CaseRow, DeskError> {
        let person = match (case.initiator(), &case.origin) {
            (Some(person), _) => RowPerson::Person(person, self.name_of(person)?),
            (None, CaseOrigin::Imported { source, .. }) => RowPerson::From(source.clone()),
            (None, CaseOrigin::Registered) => RowPerson::Anonymous,
        };
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
                "(no subject yet)".to_owned()
            } else {
                case.subject_label.clone()
            },
            person,
            stage: case.stage,
            channel: case.channel,
            owner: case.owner.map(|owner| (owner, self.directory.short_name(owner))),
            unit: self
                .directory
                .units
                .get(&case.unit)
                .map(|unit| unit.name.clone())
                .unwrap_or_default(),
            is_held: case.lane() == Lane::Waiting,
            is_escalated: case.open_escalation().is_some(),
            is_answered: answered && case.is_open(),
            has_draft: case.owner == Some(self.actor.id) && self.has_draft(case)?,
            has_mail: self.has_mail(case)?,
            closed_at: case.closed_at,
            alike: 0,
            has_promise: self.has_promise(case.id)?,
            subject_code: case.subjects.first().cloned(),
        })
    }

    /// The name of a person as lists show it; a person whom the actor may not see has only a number.
    pub(super) fn name_of(&self, person: PersonId) -> Result<String, DeskError> {
        Ok(self
            .visible_person(person)?
            .map_or_else(|| person.to_string(), |person| person.name().listed()))
    }

    pub(super) fn has_draft(&self, case: &Case) -> Result<bool, DeskError> {
        for form in CASE_FORMS {
            let key =
                draft_key(self.actor.id, &DraftKey { form, target: Some(EntityId::Case(case.id)) });
            if self.get(&key)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn has_mail(&self, case: &Case) -> Result<bool, DeskError> {
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
    ) -> Result<(Vec<Case>, u64, u64), DeskError> {
        let mut cases = Vec::new();
        let mut counts = [0_u64; 2];
        for (lane, count) in counts.iter_mut().enumerate() {
            let range = keys::of_person(person).byte(u8::try_from(lane).unwrap_or(1)).range();
            let page = self.scan(&range, OPEN_LOOKED_AT_MAX, Direction::Backward)?;
            for (key, _) in page.rows {
                let case = self.case(crate::domain::CaseId(keys::last_number(&key)))?;
                if !self.may_see(&case) {
                    continue;
                }
                *count += 1;
                if cases.len() < limit {
                    cases.push(case);
                }
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
        let range = keys::of_person(person).byte(0).range();
        let page = self.scan(&range, OPEN_LOOKED_AT_MAX, Direction::Backward)?;
        let (mut open, mut due) = (0, None);
        for (key, _) in page.rows {
            let case = self.case(crate::domain::CaseId(keys::last_number(&key)))?;
            if self.may_see(&case) {
                open += 1;
                let own = case.due_kind().map(|_| case.due_at());
                due = [due, own].into_iter().flatten().min();
            }
        }
        Ok((open, due))
    }

    /// How many open cases a person has, without reading them.
    pub(super) fn open_cases(&self, person: PersonId) -> Result<u64, DeskError> {
        let page = self.scan(
            &keys::of_person(person).byte(0).range(),
            OPEN_LOOKED_AT_MAX,
            Direction::Forward,
        )?;
        Ok(u64::try_from(page.rows.len()).unwrap_or(u64::MAX))
    }

    pub(super) fn draft(&self, key: &DraftKey) -> Result<Option<Draft>, DeskError> {
        let bytes = self.get(&draft_key(self.actor.id, key))?;
        bytes.map(|bytes| decode_record(&bytes)).transpose().map_err(broken)
    }
}
