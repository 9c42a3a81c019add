//! Handing over what a colleague has, one thing or several, and taking over what they began to write.

use crate::codec::encode_record;
use crate::desk::command::{Draft, DraftKey, RowResult};
use crate::desk::error::DeskError;
use crate::desk::units::{HandTo, Handed};
use crate::desk::work::{Why, broken};
use crate::domain::cases::{CaseEvent, check_text};
use crate::domain::event::PromiseEvent;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::office::{Action, Caseworker, OfficeEvent, Resource};
use crate::domain::{CaseId, CaseworkerId, EntityId, Event, PromiseId, Refusal, UnitId};

use super::drafts::draft_key;
use super::{Done, HANDED_OVER_MAX, Run};

impl Run<'_> {
    /// Hands some of what somebody has over; what cannot go there stays, and the receipt's rows say why.
    pub(super) fn hand_over_some(
        &mut self,
        from: CaseworkerId,
        what: &[Handed],
        to: HandTo,
        why: &str,
    ) -> Result<Done, DeskError> {
        let held = self.work.directory.caseworker(from)?.clone();
        self.authorise_attendance(held.unit)?;
        check_text("the reason", why, LINE_BYTES_MAX, false)?;
        if what.len() > HANDED_OVER_MAX {
            let words = format!("At most {HANDED_OVER_MAX} things are handed over at once.");
            return Err(Refusal::new("handover.many", words, "Mark fewer of them.").into());
        }
        let receiver = self.receiver_of(&held, to)?;
        let why = if why.trim().is_empty() { "handed over" } else { why.trim() };
        let reason = format!("{} {why}", held.short_name());
        let (mut rows, mut refused) = (Vec::new(), None);
        for one in what {
            let begun = self.work.begin_part();
            let result = match one {
                Handed::Case(case) => self.hand_case(*case, &held, receiver.as_ref(), &reason),
                Handed::Promise(promise) => {
                    self.hand_promise(*promise, &held, receiver.as_ref(), &reason)
                }
                Handed::Draft(_) => Err(private_draft(&held)),
            };
            match (result, one) {
                (Ok(row), _) => rows.push(row),
                (Err(DeskError::Refused(refusal)), Handed::Case(case)) => {
                    self.work.roll_back(&begun);
                    rows.push(RowResult::Refused(EntityId::Case(*case), refusal.clone()));
                    refused = refused.or_else(|| Some((refusal.clone(), refusal.into())));
                }
                (Err(DeskError::Refused(refusal)), _) => {
                    self.work.roll_back(&begun);
                    rows.push(RowResult::Rejected(refusal.clone()));
                    refused = refused.or_else(|| Some((refusal.clone(), refusal.into())));
                }
                // It may have gone out of sight since the list was shown: nothing of it is told, and the others go.
                (Err(error @ (DeskError::NotFound(_) | DeskError::Closed(_))), _) => {
                    self.work.roll_back(&begun);
                    rows.push(RowResult::Rejected(out_of_sight()));
                    refused = refused.or_else(|| Some((out_of_sight(), error)));
                }
                (Err(error), _) => return Err(error),
            }
        }
        let moved = rows.iter().filter(|row| matches!(row, RowResult::Updated(_))).count();
        let refused = match refused {
            Some((_, error)) if moved == 0 => return Err(error),
            refused => refused.map(|(refusal, _)| refusal),
        };
        let whom = match &receiver {
            Some(receiver) => format!("to {}", receiver.name),
            None => "back to the queue".to_owned(),
        };
        let stayed =
            refused.map(|refusal| format!(" {} stayed: {}", rows.len() - moved, refusal.what));
        let label = format!("{moved} of {} went {whom}.{}", held.name, stayed.unwrap_or_default());
        let mut done = Done::new(label);
        done.rows = rows;
        Ok(done)
    }

    /// Whoever takes it over; nobody where cases go back into their queues.
    fn receiver_of(
        &mut self,
        held: &Caseworker,
        to: HandTo,
    ) -> Result<Option<Caseworker>, DeskError> {
        let id = match to {
            HandTo::Queue => return Ok(None),
            HandTo::Colleague(id) => id,
            HandTo::Substitute => {
                self.work.directory.stand_in(held.id, self.today).ok_or_else(|| {
                    Refusal::new(
                        "handover.nobody",
                        format!("Nobody stands in for {}.", held.name),
                        "Name a colleague (t), or put it back into the queue (b).",
                    )
                })?
            }
        };
        let receiver = self.on_roster(id)?;
        if !self.work.directory.is_here(id, self.today) {
            let what = format!("{} is not here.", receiver.name);
            return Err(Refusal::new("give.away", what, "Name somebody who is.").into());
        }
        Ok(Some(receiver))
    }

    fn hand_case(
        &mut self,
        id: CaseId,
        from: &Caseworker,
        receiver: Option<&Caseworker>,
        reason: &str,
    ) -> Result<RowResult, DeskError> {
        let case = self.work.case(id)?;
        let actor = self.actor()?;
        if !self.sight_of(&actor).case(&case) {
            return Err(DeskError::NotFound(id.to_string()));
        }
        let entity = EntityId::Case(id);
        let Some(queue) = case.queue.filter(|_| case.is_open()) else {
            let what = format!("{id} has ended.");
            return Err(Refusal::new("handover.ended", what, "Nothing waits there.").into());
        };
        let owner = receiver.map(|receiver| receiver.id);
        if case.owner == owner {
            return Ok(RowResult::Unchanged(entity));
        }
        if case.owner != Some(from.id)
            && !self.may_hand_on(case.unit, &Resource::of_case(&case))?
            && !self.is_given_away(&entity, from.id, case.owner)?
        {
            return Err(not_theirs(&entity, from));
        }
        if let Some(receiver) = receiver {
            if !self.may_take(receiver, &case) {
                let what = format!("{} has no right to work {id}.", receiver.name);
                let hint = "Name somebody who has, or put it back into the queue (b).";
                return Err(Refusal::new("give.right", what, hint).into());
            }
            self.check_roster(receiver.id, case.unit)?;
        }
        let words = reason.to_owned();
        let event = Event::Case(CaseEvent::Given { unit: case.unit, queue, owner, words });
        self.work.happen(&self.doer.clone(), entity.clone(), event, Why::reason(reason))?;
        Ok(RowResult::Updated(entity))
    }

    /// Whether the actor hands on whatever a unit has, be it whose it may.
    fn may_hand_on(&self, unit: UnitId, resource: &Resource<'_>) -> Result<bool, DeskError> {
        let leads = self.work.directory.leads(self.doer.actor, unit, self.today);
        Ok(leads || self.sight_of(&self.actor()?).may(Action::WorkCase, resource))
    }

    fn hand_promise(
        &mut self,
        id: PromiseId,
        from: &Caseworker,
        receiver: Option<&Caseworker>,
        reason: &str,
    ) -> Result<RowResult, DeskError> {
        let promise = self.visible_promise(id)?;
        let entity = EntityId::Promise(id);
        if !promise.is_open() {
            let what = format!("{id} is settled.");
            return Err(Refusal::new("handover.ended", what, "Nobody waits for it.").into());
        }
        let (unit, now) = (promise.promised.unit, promise.promised.owner);
        let leader = || self.work.directory.leader(unit, self.today);
        let Some(owner) = receiver.map(|receiver| receiver.id).or_else(leader) else {
            let what = "Nobody leads the unit now, and a promise is always somebody's.";
            return Err(Refusal::new("handover.leader", what, "Name a colleague (t).").into());
        };
        if now == owner {
            return Ok(RowResult::Unchanged(entity));
        }
        if now != from.id
            && !self.may_hand_on(unit, &Resource::of_unit(unit))?
            && !self.is_given_away(&entity, from.id, Some(now))?
        {
            return Err(not_theirs(&entity, from));
        }
        if !self.may_keep(owner, promise.promised.to, promise.promised.case)? {
            let what = format!("{} cannot keep {id}.", self.work.directory.caseworker(owner)?.name);
            let hint = match receiver {
                Some(_) => "Name somebody else, or give it to whoever leads the unit (b).",
                None => "Name a colleague (t).",
            };
            return Err(Refusal::new("handover.keep", what, hint).into());
        }
        let event = Event::Promise(PromiseEvent::Given { owner, unit });
        self.work.happen(&self.doer.clone(), entity.clone(), event, Why::reason(reason))?;
        Ok(RowResult::Updated(entity))
    }

    /// Takes over what a colleague began to write: a copy, so that nothing of theirs is lost. The trail says who, what
    /// about and why, and never the words.
    pub(super) fn take_draft(
        &mut self,
        from: CaseworkerId,
        key: &DraftKey,
        reason: &str,
    ) -> Result<Done, DeskError> {
        let held = self.work.directory.caseworker(from)?.clone();
        self.authorise_attendance(held.unit)?;
        // Words about a case are read by whoever may read cases; running the office is not enough.
        self.authorise(Action::ReadCase, &Resource::office())?;
        check_text("the reason", reason, LINE_BYTES_MAX, false)?;
        if reason.trim().is_empty() {
            let what = format!("What {} wrote is private.", held.name);
            return Err(Refusal::new("draft.reason", what, "Say why it has to be read.").into());
        }
        let form = key.form.words();
        let missing = || DeskError::NotFound(format!("a draft of {} ({form})", held.name));
        self.check_draft_target(key).map_err(|_hidden| missing())?;
        let found: Option<Draft> = self.work.state_record(&draft_key(from, key))?;
        let draft = found.ok_or_else(missing)?;
        let own = draft_key(self.doer.actor, key);
        if from == self.doer.actor || self.work.get(&own)?.is_some() {
            let what = "You have such a draft yourself.";
            let hint = "Send or drop it first (its words would be lost).";
            return Err(Refusal::new("draft.own", what, hint).into());
        }
        let kept = Draft { saved_at: self.doer.at, ..draft };
        self.work.put_state(own, Some(encode_record(&kept).map_err(broken)?));
        let (about, by) = (key.target.clone(), self.doer.actor);
        let event = OfficeEvent::DraftTaken { form: form.to_owned(), about, by };
        let id = EntityId::Caseworker(from);
        let why = Why::reason(reason.trim());
        self.work.happen(&self.doer.clone(), id.clone(), Event::Office(event), why)?;
        let label = format!("The {form} that {} began is among your drafts.", held.name);
        Ok(Done::new(label)
            .about(id)
            .not_undoable("drop the draft; the trail says that it was read"))
    }

    /// Refuses a draft about somebody or something that the actor may not see.
    fn check_draft_target(&mut self, key: &DraftKey) -> Result<(), DeskError> {
        let is_seen = if let Some(EntityId::Case(case)) = &key.target {
            let (case, actor) = (self.work.case(*case)?, self.actor()?);
            self.sight_of(&actor).case(&case)
        } else if let Some(EntityId::Person(person)) = &key.target {
            self.may_know_person(*person)?
        } else {
            true
        };
        if is_seen { Ok(()) } else { Err(DeskError::NotFound(key.form.words().to_owned())) }
    }
}

/// The refusal of what was neither somebody's nor is the actor's to hand on.
fn not_theirs(id: &EntityId, from: &Caseworker) -> DeskError {
    let what = format!("{id} is not of what {} has.", from.name);
    Refusal::new("handover.other", what, "Ask whoever has it, or whoever leads its unit.").into()
}

/// Why something did not go that the actor may not know of, or knows of no more.
fn out_of_sight() -> Refusal {
    Refusal::new("handover.gone", "One of them could not go.", "Read the list again (F5).")
}

fn private_draft(held: &Caseworker) -> DeskError {
    let what = format!("What {} began to write is private.", held.name);
    Refusal::new("draft.private", what, "Whoever leads the unit takes it over with a reason (r).")
        .into()
}
