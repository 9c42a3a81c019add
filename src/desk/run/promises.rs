//! Promises: made to a citizen with a time, kept, broken, released or given on, and found late by a rule.

use std::collections::BTreeSet;

use crate::desk::command::{IntakePromise, PromiseWish};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::Why;
use crate::domain::cases::{
    Channel, Contact, ContactOutcome, Direction, Intake, NewPromise, Promise, PromiseAct, Recovery,
    check_text, decide_promise,
};
use crate::domain::event::PromiseEvent;
use crate::domain::limits::{LINE_BYTES_MAX, PROMISE_ATTEMPTS_MAX, PROMISE_DAYS_MAX};
use crate::domain::office::{Action, Caseworker, Resource};
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseId, CaseworkerId, EntityId, Event, PersonId, PromiseId, Refusal};
use crate::store::{Direction as Towards, KeyRange};

use super::{Done, Run};
use crate::desk::command::RowResult;

/// Promises that one command of the rule marks as late.
pub(in crate::desk) const MARKED_MAX: usize = 100;
/// Open promises to one person that are looked at when a contact or a reply ends.
const OPEN_LOOKED_AT_MAX: usize = 20;
/// Minutes of a day.
const DAY_MINUTES: i64 = 1_440;

impl Run<'_> {
    pub(super) fn make_promise(&mut self, wish: &PromiseWish) -> Result<Done, DeskError> {
        self.authorise(Action::RegisterCase, &Resource::office())?;
        if let Some(case) = wish.case {
            self.authorise_note(case)?;
        }
        let (number, label) = self.promise(wish)?;
        if let Some(case) = wish.case {
            self.touch_case_in_contact(case)?;
        }
        Ok(Done::new(label).made(vec![EntityId::Promise(number)]))
    }

    fn promise(&mut self, wish: &PromiseWish) -> Result<(PromiseId, String), DeskError> {
        check_text("what is promised", &wish.what, LINE_BYTES_MAX, false)?;
        check_time(wish.due_at, self.doer.at)?;
        let person = self.living_record(wish.to)?;
        let asked = self.on_roster(wish.owner.unwrap_or(self.doer.actor))?;
        let zone = self.calendar()?.zone();
        let owner = self.keeper_of(wish, &asked, zone.day(wish.due_at))?;
        let made_in = self.running_contact()?.map(|contact| contact.id);
        let number = self.work.next::<PromiseId>();
        self.work.expect_new(&EntityId::Promise(number));
        let made = PromiseEvent::Made(NewPromise {
            what: wish.what.clone(),
            to: wish.to,
            case: wish.case,
            made_in,
            channel: wish.channel,
            due_at: wish.due_at,
            owner: owner.id,
            unit: owner.unit,
        });
        self.promise_happens(number, made, Why::default())?;
        let (hour, minute) = zone.hour_minute(wish.due_at);
        let day = zone.day(wish.due_at).date().strftime("%a %-d %b");
        let who = if owner.id == self.doer.actor { "you".to_owned() } else { owner.name.clone() };
        let who = if owner.id == asked.id {
            who
        } else {
            format!("{who}, for {}, who is away", asked.name)
        };
        let name = person.name().listed();
        let label = format!("Promised {name} as {number}: {day} {hour:02}:{minute:02}, {who}.");
        Ok((number, label))
    }

    /// Who keeps a new promise: whoever is asked, or who stands in for them where they are away on that day. Nobody keeps
    /// one that would be hidden from them.
    fn keeper_of(
        &mut self,
        wish: &PromiseWish,
        asked: &Caseworker,
        day: Day,
    ) -> Result<Caseworker, DeskError> {
        let keeper = self.work.directory.keeper(asked.id, asked.unit, day);
        // Whoever promises may see to whom, or they would not have come so far.
        let may_keep = |run: &mut Self, id| {
            Ok::<_, DeskError>(id == run.doer.actor || run.may_keep(id, wish.to, wish.case)?)
        };
        if may_keep(self, keeper)? {
            return self.on_roster(keeper);
        }
        if keeper != asked.id && may_keep(self, asked.id)? {
            return Ok(asked.clone());
        }
        Err(cannot_keep(asked, "it"))
    }

    /// Makes the promise of an intake form; gives what the status line says of it.
    pub(super) fn promise_at_intake(
        &mut self,
        intake: &Intake,
        case: CaseId,
        promise: &IntakePromise,
    ) -> Result<String, DeskError> {
        let Some(to) = intake.asked_by else {
            return Err(Refusal::new(
                "promise.nobody",
                "Nobody known can be promised anything.",
                "Leave the promise out, or register who asks.",
            )
            .into());
        };
        let wish = PromiseWish {
            to,
            case: Some(case),
            what: promise.what.clone(),
            channel: promise.channel,
            due_at: promise.due_at,
            owner: None,
        };
        Ok(self.promise(&wish)?.1)
    }

    /// Does something with an open promise.
    pub(super) fn promise_act(
        &mut self,
        id: PromiseId,
        version: Option<u64>,
        act: &PromiseAct,
    ) -> Result<Done, DeskError> {
        self.authorise(Action::RegisterCase, &Resource::office())?;
        let promise = self.visible_promise(id)?;
        let entity = EntityId::Promise(id);
        if let Some(now) = self.work.entity(&entity)? {
            self.check_version(&entity, &now, version)?;
        }
        // Whom and what it is about may have been merged since.
        let to = self.current_person(promise.promised.to)?;
        let case = promise.promised.case.map(|case| self.current_case(case)).transpose()?;
        let name = self.work.person(to)?.name().listed();
        let (mut recovery, mut unit, mut made) = (String::new(), promise.promised.unit, Vec::new());
        let label = match act {
            PromiseAct::Attempt => {
                format!("{id}: {name} was tried and did not answer; it stays open.")
            }
            PromiseAct::Keep => format!("{id} to {name} is kept."),
            PromiseAct::Release { .. } => format!("{name} let the office off {id}."),
            PromiseAct::Break { recovery: Recovery::Nothing, .. } => {
                format!("{id} to {name} is broken.")
            }
            PromiseAct::Break { recovery: Recovery::Apology, .. } => {
                "an apology".clone_into(&mut recovery);
                format!("{id} to {name} is broken; an apology is owed.")
            }
            PromiseAct::Break { recovery: Recovery::Anew { what, channel, due_at }, .. } => {
                // Whoever had it and may not see any more to whom it was made cannot keep the next one either.
                let had = promise.promised.owner;
                let owner = if self.may_keep(had, to, case)? { Some(had) } else { None };
                let anew = PromiseWish {
                    to,
                    case,
                    what: what.clone(),
                    channel: *channel,
                    due_at: *due_at,
                    owner,
                };
                let (number, said) = self.promise(&anew)?;
                recovery = format!("promised anew as {number}");
                made.push(EntityId::Promise(number));
                format!("{id} is broken. {said}")
            }
            PromiseAct::Give { to: receiver } => {
                let receiver = self.on_roster(*receiver)?;
                if !self.may_keep(receiver.id, to, case)? {
                    return Err(cannot_keep(&receiver, &id.to_string()));
                }
                unit = receiver.unit;
                format!("{id} to {name} is for {} to keep.", receiver.name)
            }
        };
        let running = self.running_contact()?;
        let is_with = |contact: &Contact| contact.held.person == Some(to);
        let kept_in = running.filter(is_with).map(|contact| contact.id);
        let event = decide_promise(&promise, act, kept_in, &recovery, unit)?;
        self.promise_happens(id, event, Why::default())?;
        let mut done = Done::new(label).about(EntityId::Promise(id));
        done.created = made;
        Ok(done)
    }

    /// A promise, to somebody whom the actor may see; any other looks like none.
    pub(super) fn visible_promise(&mut self, id: PromiseId) -> Result<Promise, DeskError> {
        let promise = self.work.promise(id)?;
        if self.may_know_promise(&promise)? {
            Ok(promise)
        } else {
            Err(DeskError::NotFound(id.to_string()))
        }
    }

    /// Whether the actor may know of a promise: they may see to whom it was made, and note on the case that it is about.
    pub(super) fn may_know_promise(&mut self, promise: &Promise) -> Result<bool, DeskError> {
        let to = self.current_person(promise.promised.to)?;
        if !self.may_know_person(to)? {
            return Ok(false);
        }
        let Some(case) = promise.promised.case else { return Ok(true) };
        match self.authorise_note(case) {
            Ok(()) => Ok(true),
            Err(DeskError::Refused(_) | DeskError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether a promise to somebody, about a case or none, can be the keeper's: they may see to whom it was made, and note
    /// on the case that it is about. From anybody else it would be hidden, and nobody would keep it.
    pub(super) fn may_keep(
        &mut self,
        keeper: CaseworkerId,
        to: PersonId,
        case: Option<CaseId>,
    ) -> Result<bool, DeskError> {
        let keeper = self.work.directory.caseworker(keeper)?.clone();
        let to = self.current_person(to)?;
        let person = match self.work.person(to) {
            Ok(person) => person,
            Err(DeskError::NotFound(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        if !self.sight_of(&keeper).person(&person) {
            return Ok(false);
        }
        let Some(case) = case else { return Ok(true) };
        let case = self.work.case(case)?;
        let sight = self.sight_of(&keeper);
        let notes = sight.may(Action::NoteCase, &Resource::of_case_anywhere(&case));
        Ok(notes && sight.case(&case))
    }

    /// Notes promises whose time has passed. They stay open: only people end a promise.
    pub(super) fn mark_late(&mut self, until: Instant) -> Result<Done, DeskError> {
        let range = KeyRange {
            from: keys::promises_in_time().done(),
            to: Some(keys::promises_in_time().signed(until.milliseconds()).done()),
        };
        let page = self.work.scan(&range, MARKED_MAX, Towards::Forward)?;
        let mut marked = Vec::new();
        for (key, _) in page.rows {
            let promise = self.work.promise(PromiseId(keys::last_number(&key)))?;
            if !promise.is_open() || promise.breached_at.is_some() {
                continue;
            }
            let told = self.work.directory.leader(promise.promised.unit, self.today);
            let event = PromiseEvent::Breached { told };
            self.promise_happens(promise.id, event, Why::rule("promise.late"))?;
            marked.push(RowResult::Updated(EntityId::Promise(promise.id)));
        }
        let label = format!("{} promises are late.", marked.len());
        let mut done = Done::new(label).leaves_nothing();
        done.rows = marked;
        Ok(done)
    }

    /// The cases of the promises that ring now and that are to be kept by such a contact with somebody.
    pub(super) fn cases_that_ring(
        &mut self,
        person: PersonId,
        channel: Channel,
    ) -> Result<BTreeSet<CaseId>, DeskError> {
        let at = self.doer.at;
        let ringing = self.open_promises(person, |promise| {
            promise.promised.channel == channel && at >= promise.rings_from()
        })?;
        let cases = ringing.iter().filter_map(|promise| promise.promised.case);
        cases.map(|case| self.current_case(case)).collect()
    }

    /// What a contact that ended means for what its citizen was promised: an attempt that nobody answered is logged with
    /// the promise that it was for, and one that reached them offers to keep it.
    pub(super) fn promises_after_contact(
        &mut self,
        contact: &Contact,
        outcome: ContactOutcome,
    ) -> Result<String, DeskError> {
        let Some(person) = contact.held.person.filter(|_| contact.held.direction == Direction::Out)
        else {
            return Ok(String::new());
        };
        let mut about = self.open_promises(person, |promise| {
            let is_case = promise.promised.case.is_some_and(|case| contact.cases.contains(&case));
            is_case || contact.held.started_at >= promise.rings_from()
        })?;
        match outcome {
            ContactOutcome::NotReached => {
                // What was tried as often as it can be is to be broken; the contact ends all the same.
                about.retain(|promise| promise.attempts.len() < PROMISE_ATTEMPTS_MAX);
                for promise in &about {
                    let event = decide_promise(
                        promise,
                        &PromiseAct::Attempt,
                        None,
                        "",
                        promise.promised.unit,
                    )?;
                    self.promise_happens(promise.id, event, Why::default())?;
                }
                Ok(listed(&about).map_or_else(String::new, |ids| {
                    format!(" {ids} stays open: the attempt is logged.")
                }))
            }
            ContactOutcome::Answered
            | ContactOutcome::CaseWork
            | ContactOutcome::Promised
            | ContactOutcome::PassedOn => Ok(offer(&about)),
            ContactOutcome::BrokenOff | ContactOutcome::Misdirected => Ok(String::new()),
        }
    }

    /// What a reply means for what its reader was promised by that way: the promise may be kept by it, and is not of itself.
    pub(super) fn promises_after_reply(
        &mut self,
        person: PersonId,
        channel: Channel,
        case: CaseId,
    ) -> Result<String, DeskError> {
        let about = self.open_promises(person, |promise| {
            promise.promised.channel == channel && promise.promised.case.is_none_or(|on| on == case)
        })?;
        Ok(offer(&about))
    }

    /// The open promises to somebody, under any of their numbers, that fit and that the actor may know of.
    fn open_promises(
        &mut self,
        person: PersonId,
        fits: impl Fn(&Promise) -> bool,
    ) -> Result<Vec<Promise>, DeskError> {
        let mut open = Vec::new();
        for number in self.numbers_of(person)? {
            let range = keys::promises_to(number).byte(0).range();
            let page = self.work.scan(&range, OPEN_LOOKED_AT_MAX, Towards::Forward)?;
            for (key, _) in page.rows {
                let promise = self.work.promise(PromiseId(keys::last_number(&key)))?;
                if promise.is_open() && fits(&promise) && self.may_know_promise(&promise)? {
                    open.push(promise);
                }
            }
        }
        Ok(open)
    }

    fn promise_happens(
        &mut self,
        id: PromiseId,
        event: PromiseEvent,
        why: Why,
    ) -> Result<(), DeskError> {
        let entity = EntityId::Promise(id);
        self.work.happen(&self.doer.clone(), entity, Event::Promise(event), why)
    }
}

/// The refusal of a promise that would be hidden from whoever is to keep it; `what` is its number, where it has one.
fn cannot_keep(keeper: &Caseworker, what: &str) -> DeskError {
    let what = format!("{} cannot keep {what}.", keeper.name);
    let hint =
        "Name somebody else: whoever keeps a promise may see to whom it was made, and its case.";
    Refusal::new("promise.keeper", what, hint).into()
}

/// The numbers of promises, with commas; nothing where there are none.
fn listed(promises: &[Promise]) -> Option<String> {
    let ids: Vec<String> = promises.iter().map(|promise| promise.id.to_string()).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

/// That a promise may have been kept by what was done: it is offered, and not taken for granted.
fn offer(promises: &[Promise]) -> String {
    listed(promises)
        .map_or_else(String::new, |ids| format!(" {ids} is still open: P, then k if this kept it."))
}

fn check_time(due_at: Instant, now: Instant) -> Result<(), DeskError> {
    if due_at <= now {
        return Err(Refusal::new(
            "promise.past",
            "The time of the promise has passed already.",
            "Promise a time that is still to come.",
        )
        .into());
    }
    if due_at.minutes_since(now) > PROMISE_DAYS_MAX * DAY_MINUTES {
        return Err(Refusal::new(
            "promise.far",
            "What is promised for later than in a year is no promise.",
            "Promise a nearer time, or put the case on hold.",
        )
        .into());
    }
    Ok(())
}
