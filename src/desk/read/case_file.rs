//! Everything about a case, and why it is due when it is due.

use std::sync::Arc;

use crate::desk::answer::{CaseFileAnswer, PartyLine, StepsLeft};
use crate::desk::error::DeskError;
use crate::desk::promised::Whose;
use crate::desk::timeline;
use crate::domain::cases::{self, Case, Channel, Party, PartyRole, PlanEvent};
use crate::domain::office::{Action, QueueKind, Resource};
use crate::domain::people::Person;
use crate::domain::time::Instant;
use crate::domain::{CaseId, CaseworkerId, EntityId, Event, EventRecord, PersonId};

use super::Reader;
use super::board::clock_lines;
use super::mask;

/// Timeline entries that one answer holds.
const ENTRIES_MAX: usize = 500;
/// Cases of the same person among which whoever served them last is looked for.
const SERVED_CASES_MAX: usize = 40;

impl Reader<'_> {
    pub(super) fn case_file(&self, id: CaseId, entries: u32) -> Result<CaseFileAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(id)?;
        let limit = usize::try_from(entries).unwrap_or(ENTRIES_MAX).min(ENTRIES_MAX);
        let merged = self.cases_in(case.id)?;
        let (shown, total) = self.joint_timeline(case.id, &merged, limit, ENTRIES_MAX)?;
        let messages = self.joint_messages(&case, &merged)?;
        Ok(CaseFileAnswer {
            promises: self.open_promises(Whose::On(case.id))?,
            row: self.opened_row(&case)?,
            parties: self.parties(&case)?,
            clocks: clock_lines(&case),
            timeline: shown,
            timeline_total: total,
            messages,
            names: self.names_in(&case),
            served_by: self.served_by(&case)?,
            is_first_contact: self.is_done_at_first_contact(&case)?,
            zone: self
                .zone_beside(case.unit, self.directory.calendar_of(self.actor.unit)?.zone_name())?,
            queue: case
                .queue
                .and_then(|queue| self.directory.queues.get(&queue))
                .map(|queue| queue.name.clone()),
            next: self.next_of(&case),
            outcomes: self.outcomes_of(&case),
            is_actors: case.owner == Some(self.actor.id)
                || self.directory.leads(self.actor.id, case.unit, self.today),
            plan: self.plan_view(&case)?,
            passed_on: self.passed_on(&case)?,
            merges: self.merge_lines(&EntityId::Case(case.id))?,
            fired: self.fired_on(case.id)?,
            is_classified_later: self
                .directory
                .queue_of(case.unit, QueueKind::Classification)
                .is_some(),
            extensions: self.extensions_of(&case)?,
            signing: self.signing_on(&case)?,
            kept: self
                .kept_plan(case.id)?
                .filter(|plan| plan.version > 0)
                .map(|plan| Box::new(StepsLeft::from(plan.as_ref()))),
            case: self.case_shown(Arc::unwrap_or_clone(case))?,
        })
    }

    /// A case without the numbers of cases that the actor may not know of.
    fn case_shown(&self, mut case: Case) -> Result<Case, DeskError> {
        for named in [&mut case.links, &mut case.same.shown] {
            for id in std::mem::take(named) {
                if self.sees_case(id)? {
                    named.push(id);
                }
            }
        }
        Ok(case)
    }

    /// How often a case was passed on from unit to unit, and since when it is where it is.
    fn passed_on(&self, case: &Case) -> Result<Option<(u32, Instant)>, DeskError> {
        let Some(plan) = self.kept_plan(case.id)?.filter(|plan| plan.transfers > 0) else {
            return Ok(None);
        };
        let (records, _) = timeline::newest(self.store, &EntityId::Plan(case.id), ENTRIES_MAX)?;
        let is_passed = |record: &&EventRecord| record.event == Event::Plan(PlanEvent::Transferred);
        let last = records.iter().find(is_passed).map_or(case.received_at, |record| record.at);
        Ok(Some((plan.transfers, last)))
    }

    fn parties(&self, case: &Case) -> Result<Vec<PartyLine>, DeskError> {
        let mut parties: Vec<PartyLine> = Vec::new();
        let mut held: Vec<(PartyRole, PersonId)> = Vec::new();
        for role in &case.roles {
            if let (Party::Person(person), None) = (&role.party, role.to) {
                held.push((role.role, *person));
            }
        }
        held.sort_by_key(|(role, _)| match role {
            PartyRole::Initiator => 0,
            PartyRole::CoInitiator => 1,
            PartyRole::Addressee => 2,
            PartyRole::About => 3,
        });
        for (role, id) in held {
            let word = match role {
                PartyRole::Initiator => "asked",
                PartyRole::CoInitiator => "asked too",
                PartyRole::Addressee => "letters to",
                PartyRole::About => "about",
            };
            let Some(person) = self.visible_person(id)? else { continue };
            if let Some(known) = parties.iter_mut().find(|party| party.person == person.id) {
                known.role = format!("{}, {word}", known.role);
                continue;
            }
            parties.push(PartyLine {
                person: person.id,
                name: person.name().listed(),
                role: word.to_owned(),
                reply: reply_ways(&person),
                form_of_address: person
                    .form_of_address
                    .as_ref()
                    .map(|fact| fact.value.clone())
                    .unwrap_or_default(),
            });
        }
        Ok(parties)
    }

    /// Who had another case of the same person last, and is still here.
    fn served_by(&self, case: &Case) -> Result<Option<(CaseworkerId, String)>, DeskError> {
        let Some(person) = case.initiator() else { return Ok(None) };
        let (cases, _, _) = self.cases_of(person, SERVED_CASES_MAX)?;
        let others = cases.iter().filter(|other| other.id != case.id);
        let served = others.filter_map(|other| {
            let by = other.owner.or(other.last_handler)?;
            let is_here = self.directory.is_here(by, self.today) && by != self.actor.id;
            is_here.then_some((other.closed_at.unwrap_or(self.at), by))
        });
        let last = served.max_by_key(|(at, _)| *at);
        Ok(last.map(|(_, by)| (by, self.directory.short_name(by))))
    }

    fn names_in(&self, case: &Case) -> Vec<(CaseworkerId, String)> {
        let mut ids: Vec<CaseworkerId> = vec![case.created_by];
        ids.extend(case.owner.iter().chain(&case.last_handler));
        let plan = self.plan_of(case).ok();
        let steps = plan.iter().flat_map(|plan| plan.screened.iter().chain(&plan.reviewed));
        ids.extend(steps.map(|(by, _)| *by));
        for escalation in &case.escalations {
            ids.extend([escalation.from, escalation.to]);
        }
        ids.extend(case.outcome.iter().filter_map(|outcome| outcome.by));
        ids.extend(case.hold.iter().map(|hold| hold.by));
        let decided = plan.iter().filter_map(|plan| plan.decision.as_ref());
        ids.extend(decided.map(|decision| decision.by));
        ids.extend(case.tasks.iter().filter_map(|task| task.done.map(|(by, _)| by)));
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(|id| (id, self.directory.short_name(id))).collect()
    }
}

/// How a reply could reach somebody, their preferred way first; addresses are masked.
pub(super) fn reply_ways(person: &Person) -> Vec<(Channel, String)> {
    let masked = |channel: Channel| mask::address(channel, &person.address_by(channel));
    cases::ways_to(person).into_iter().map(|channel| (channel, masked(channel))).collect()
}
