//! Undo: the actor's last act is taken back by a new event, unless somebody has changed the same record since.

use std::sync::Arc;

use crate::codec::encode_record;
use crate::desk::command::RowResult;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::records::{Touched, UndoEntry};
use crate::desk::work::{Why, Work};
use crate::domain::cases::{CaseEvent, MessageState, PlanEvent, SigningEvent};
use crate::domain::event::{
    ContactEvent, HouseholdEvent, MessageEvent, PromiseEvent, ServiceEvent,
};
use crate::domain::limits::{UNDO_ACTS_MAX, UNDO_HOURS};
use crate::domain::office::{Action, OfficeEvent, Resource};
use crate::domain::people::{DistinctionEvent, PersonEvent};
use crate::domain::rules::PublicationEvent;
use crate::domain::time::Instant;
use crate::domain::{CaseworkerId, Entity, EntityId, Event, MergeEvent, MessageId, Refusal};

use super::absence::FURTHER;
use super::answers::answer_before;
use super::undo_chain::PutBack;
use super::undo_pages::touched;
use super::{Done, Run};

/// What the receipt of an undo says before the words of what was taken back.
pub const UNDONE: &str = "Undone: ";

/// What the reason of an event begins with that takes back an act.
const OF_UNDO: &str = "undo of ";

fn reason(act: u64) -> String {
    format!("{OF_UNDO}{act}")
}

/// Whether a reason is that of an event which takes back an act, and none that somebody gave.
pub(in crate::desk) fn is_of_undo(reason: &str) -> bool {
    let act = reason.strip_prefix(OF_UNDO);
    act.is_some_and(|act| !act.is_empty() && act.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Where the counter of somebody's acts lives.
pub(in crate::desk) fn undo_counter(caseworker: CaseworkerId) -> Vec<u8> {
    keys::undo_of(caseworker).byte(0).done()
}

/// Where an act is kept: in a ring, so that the oldest gives way.
pub(in crate::desk) fn undo_slot(caseworker: CaseworkerId, act: u64) -> Vec<u8> {
    let slot = act % u64::try_from(UNDO_ACTS_MAX).unwrap_or(50);
    keys::undo_of(caseworker).byte(1).number(slot).done()
}

/// Whether an act said that somebody is away, back or gone, which comes first of what it does, or went on with handing over
/// what was theirs.
fn is_of_handing_over(entry: &UndoEntry) -> bool {
    let first = entry.touched.first().map(|(id, _, _)| id);
    entry.label.starts_with(FURTHER) || matches!(first, Some(EntityId::Caseworker(_)))
}

fn changed_since(entity: EntityId, at: Instant) -> DeskError {
    DeskError::Changed { entity, by: "somebody".to_owned(), at, fields: Vec::new() }
}

impl Run<'_> {
    pub(super) fn undo(&mut self) -> Result<Done, DeskError> {
        let (act, mut entry) = self.newest_act()?.ok_or_else(nothing)?;
        if entry.many.is_some() {
            return self.undo_part(act, entry);
        }
        let touched = touched(self.work, self.doer.actor, act, &entry)?;
        let mut but = "";
        if is_of_handing_over(&entry) {
            but = self.take_back_what_stands(&entry, touched)?;
        } else if let Some(message) = self.recallable_alone(&touched)? {
            self.recall_message(message)?;
        } else {
            let mut put_back = PutBack::new();
            for (id, version, before) in touched {
                let is_written = before.is_none();
                self.put_back(&entry, id.clone(), version, before, &mut put_back)?;
                if let (true, EntityId::Message(message)) = (is_written, &id) {
                    let message = self.work.message(*message)?;
                    self.keep_recalled_words(&message)?;
                }
            }
            self.renumber_earlier(put_back)?;
        }
        entry.is_undone = true;
        let value = encode_record(&entry).map_err(crate::desk::work::broken)?;
        self.work.put_state(undo_slot(self.doer.actor, act), Some(value));
        let when = self.when_done(&entry)?;
        let mut done = Done::new(format!("{UNDONE}{}{when}{but}", entry.label)).leaves_nothing();
        done.subject = entry.touched.first().map(|(id, _, _)| id.clone());
        if entry.label.starts_with(FURTHER) {
            done.rows = vec![RowResult::Unchanged(EntityId::Caseworker(self.doer.actor))];
        }
        Ok(done)
    }

    /// Puts back what a handing over gave away, but for what somebody has worked on since: that stays with them. Gives what is
    /// to be said of it, without a number, for some of it may be hidden from the actor.
    ///
    /// # Errors
    /// Whether they are here was said anew since, or all of it was worked on.
    fn take_back_what_stands(
        &mut self,
        entry: &UndoEntry,
        touched: Touched,
    ) -> Result<&'static str, DeskError> {
        let (mut put_back, mut stays) = (PutBack::new(), 0);
        let all = touched.len();
        for change in touched {
            let id = change.0.clone();
            match self.undo_one(entry, vec![change], &mut put_back)? {
                RowResult::Refused(_, refusal) => return Err(refusal.into()),
                RowResult::Conflict(entity) if matches!(id, EntityId::Caseworker(_)) => {
                    return Err(changed_since(entity, self.doer.at));
                }
                RowResult::Conflict(_) => stays += 1,
                RowResult::Created(_)
                | RowResult::Updated(_)
                | RowResult::Unchanged(_)
                | RowResult::Rejected(_) => {}
            }
        }
        if stays == all {
            return Err(Refusal::new(
                "undo.all-changed",
                "All that was handed over has been worked on since, so nothing was taken back.",
                "Look at it, and give back what is to go back.",
            )
            .into());
        }
        self.renumber_earlier(put_back)?;
        Ok(if stays == 0 { "" } else { " What has been worked on since stays." })
    }

    /// When the act was done that is undone; nothing where that is just now, so that nobody takes it for another.
    fn when_done(&mut self, entry: &UndoEntry) -> Result<String, DeskError> {
        let zone = self.calendar()?.zone();
        let (then, now) = (entry.at, self.doer.at);
        let (hour, minute) = zone.hour_minute(then);
        if zone.day(then) != zone.day(now) {
            let day = zone.day(then).date().strftime("%a %-d %b");
            return Ok(format!(" ({day} {hour:02}:{minute:02})"));
        }
        let is_now = (hour, minute) == zone.hour_minute(now);
        Ok(if is_now { String::new() } else { format!(" ({hour:02}:{minute:02})") })
    }

    /// The message of an act that wrote one, where its case has changed since: it is recalled without what came after.
    fn recallable_alone(
        &mut self,
        touched: &[(EntityId, u64, Option<Entity>)],
    ) -> Result<Option<MessageId>, DeskError> {
        let mut written = touched.iter().filter_map(|(id, _, before)| match (id, before) {
            (EntityId::Message(message), None) => Some(*message),
            _ => None,
        });
        let (Some(message), None) = (written.next(), written.next()) else { return Ok(None) };
        let written = self.work.message(message)?;
        // An extension does not stand without the notice of it.
        if written.is_extension_notice() {
            return Ok(None);
        }
        let case = EntityId::Case(written.case);
        let now = self.work.entity(&case)?.map_or(0, |held| held.version());
        let is_as_left = touched.iter().any(|(id, version, _)| *id == case && *version == now);
        Ok((!is_as_left).then_some(message))
    }

    /// The act of that commit, if it is kept.
    pub(super) fn act_of(&mut self, sequence: u64) -> Result<Option<(u64, UndoEntry)>, DeskError> {
        find_act(self.work, self.doer.actor, sequence)
    }

    /// Whether it is a contact of the actor's, which nobody else changes: opening a file may have said with whom it is
    /// since.
    fn is_own_contact(&self, now: &Entity) -> bool {
        matches!(now, Entity::Contact(contact) if contact.handler == self.doer.actor)
    }

    /// The newest act that is not undone yet and not too old.
    fn newest_act(&mut self) -> Result<Option<(u64, UndoEntry)>, DeskError> {
        let counter = self.work.get(&undo_counter(self.doer.actor))?;
        let acts = counter.map_or(0, |bytes| keys::last_number(&bytes));
        let oldest = acts.saturating_sub(u64::try_from(UNDO_ACTS_MAX).unwrap_or(50));
        for act in (oldest..acts).rev() {
            let key = undo_slot(self.doer.actor, act);
            let Some(entry) = self.work.state_record::<UndoEntry>(&key)? else { continue };
            if entry.is_undone {
                continue;
            }
            if self.doer.at.minutes_since(entry.at) > UNDO_HOURS * 60 {
                return Ok(None);
            }
            return Ok(Some((act, entry)));
        }
        Ok(None)
    }

    /// Puts one record back that an act changed.
    pub(super) fn revert(
        &mut self,
        entry: &UndoEntry,
        id: &EntityId,
        version: u64,
        before: Option<Entity>,
    ) -> Result<(), DeskError> {
        let Some(now) = self.work.entity(id)? else {
            return Err(DeskError::NotFound(id.to_string()));
        };
        // A merge is taken apart whatever has happened to its records since.
        if let (None, Entity::Merge(merge)) = (&before, &now) {
            return self.unmerge(merge.id, &reason(entry.sequence)).map(drop);
        }
        if let (None, Entity::Message(message)) = (&before, &now) {
            self.check_waits(message)?;
        }
        if let Entity::Publication(publication) = &now {
            super::rules::check_undo(publication)?;
        }
        let is_newest = now.version() == version;
        if !is_newest && !self.is_own_contact(&now) {
            return Err(changed_since(id.clone(), self.doer.at));
        }
        self.authorise_undo(entry, id)?;
        if let Some(Entity::Case(case)) = &before
            && let Some(owner) = case.owner
        {
            self.on_roster(owner)?;
        }
        let act = entry.sequence;
        let event = match (before, now) {
            (Some(Entity::Case(to)), Entity::Case(_)) => Event::Case(CaseEvent::Reverted {
                act,
                label: entry.label.clone(),
                to: Box::new(Arc::unwrap_or_clone(to)),
            }),
            (None, Entity::Case(_)) => Event::Case(CaseEvent::Annulled { act, at: self.doer.at }),
            (Some(Entity::Person(to)), Entity::Person(_)) => {
                Event::Person(PersonEvent::Reverted(Box::new(Arc::unwrap_or_clone(to))))
            }
            (None, Entity::Person(_)) => Event::Person(PersonEvent::Annulled),
            (Some(Entity::Household(to)), Entity::Household(_)) => {
                Event::Household(HouseholdEvent::Reverted(to))
            }
            (None, Entity::Household(_)) => Event::Household(HouseholdEvent::Annulled),
            (None, Entity::Contact(_)) => Event::Contact(ContactEvent::Annulled),
            (Some(Entity::Contact(to)), Entity::Contact(now)) => {
                let to = self.contact_put_back(to, now, is_newest)?;
                Event::Contact(ContactEvent::Reverted(Box::new(to)))
            }
            (None, Entity::Promise(_)) => Event::Promise(PromiseEvent::Annulled),
            (Some(Entity::Promise(to)), Entity::Promise(_)) => {
                Event::Promise(PromiseEvent::Reverted(Box::new(to)))
            }
            (None, Entity::Service(_)) => Event::Service(ServiceEvent::Reversed),
            (Some(Entity::Distinction(to)), Entity::Distinction(_)) if to.is_in_force => {
                Event::Distinction(DistinctionEvent::Told)
            }
            (Some(Entity::Plan(to)), Entity::Plan(_)) => {
                Event::Plan(PlanEvent::Reverted(Box::new(Arc::unwrap_or_clone(to))))
            }
            (None, Entity::Plan(_)) => Event::Plan(PlanEvent::Annulled),
            (Some(Entity::Signing(to)), Entity::Signing(_)) => {
                Event::Signing(SigningEvent::Reverted(to))
            }
            (None, Entity::Signing(_)) => Event::Signing(SigningEvent::Withdrawn),
            (_, Entity::Publication(_)) => Event::Publication(PublicationEvent::Withdrawn),
            (Some(Entity::Merge(to)), Entity::Merge(_)) => Event::Merge(MergeEvent::Reverted(to)),
            (_, Entity::Distinction(_)) => Event::Distinction(DistinctionEvent::Withdrawn),
            (None, Entity::Message(_)) => {
                Event::Message(MessageEvent::StateSet(MessageState::Recalled(self.doer.at)))
            }
            (Some(Entity::Caseworker(to)), Entity::Caseworker(_)) => {
                Event::Office(OfficeEvent::CaseworkerStateSet(to.state))
            }
            (Some(Entity::Message(to)), Entity::Message(_)) => {
                Event::Message(MessageEvent::StateSet(to.state))
            }
            (before, now @ (Entity::Unit(_) | Entity::UnitProfile(_))) => {
                super::units::put_back(before, &now).ok_or_else(|| cannot_be_put_back(id))?
            }
            (before, Entity::Rights(now)) => {
                Event::Rights(super::rights::rights_before(before, &now))
            }
            (before, Entity::Group(now)) => {
                Event::Rights(super::rights::group_before(before, &now))
            }
            (before, now) => match answer_before(before, now) {
                Some(event) => Event::Answer(event),
                None => return Err(cannot_be_put_back(id)),
            },
        };
        self.work.happen(&self.doer.clone(), id.clone(), event, Why::reason(&reason(act)))
    }
}

/// Somebody's act of that commit, if it is kept.
pub(super) fn find_act(
    work: &mut Work,
    actor: CaseworkerId,
    sequence: u64,
) -> Result<Option<(u64, UndoEntry)>, DeskError> {
    let counter = work.get(&undo_counter(actor))?;
    let acts = counter.map_or(0, |bytes| keys::last_number(&bytes));
    let oldest = acts.saturating_sub(u64::try_from(UNDO_ACTS_MAX).unwrap_or(50));
    for act in (oldest..acts).rev() {
        let key = undo_slot(actor, act);
        if let Some(entry) = work.state_record::<UndoEntry>(&key)?
            && entry.sequence == sequence
        {
            return Ok(Some((act, entry)));
        }
    }
    Ok(None)
}

impl Run<'_> {
    /// Refuses whoever may not put a record back any more.
    fn authorise_undo(&self, entry: &UndoEntry, id: &EntityId) -> Result<(), DeskError> {
        // Whoever marked somebody away handed their work over without a right to the cases, and takes it back so.
        let away = entry.touched.first().map(|(id, _, _)| id);
        if let Some(EntityId::Caseworker(away)) = away {
            let away = *away;
            let unit = self.work.directory.caseworker(away)?.unit;
            return self.authorise_attendance(unit);
        }
        if let EntityId::Unit(unit) | EntityId::UnitProfile(unit) = id {
            return self.authorise(Action::RunOffice, &Resource::of_unit(*unit));
        }
        let is_of_case = matches!(
            id,
            EntityId::Case(_) | EntityId::Message(_) | EntityId::Plan(_) | EntityId::Signing(_)
        );
        let is_of_office =
            matches!(id, EntityId::Template(_) | EntityId::TextModule(_) | EntityId::RecallTime);
        if matches!(id, EntityId::Merge(_)) {
            return self.authorise(Action::Merge, &Resource::office());
        }
        if matches!(id, EntityId::Publication(_)) {
            return self.authorise(Action::ProposeRules, &Resource::office());
        }
        if matches!(id, EntityId::Rights(_) | EntityId::Group(_)) {
            return self.authorise_undo_of_rights(id);
        }
        if is_of_office {
            return self.authorise(Action::RunOffice, &Resource::whole_office());
        }
        let right = if is_of_case { Action::NoteCase } else { Action::RegisterPerson };
        self.authorise(right, &Resource::office())
    }
}

fn cannot_be_put_back(id: &EntityId) -> DeskError {
    let what = format!("{id} cannot be put back.");
    Refusal::new("undo.kind", what, "Do the opposite instead.").into()
}

pub(super) fn nothing() -> DeskError {
    Refusal::new(
        "undo.nothing",
        "There is nothing of yours to undo.",
        format!("Acts can be undone for {UNDO_HOURS} hours, unless they left the office."),
    )
    .into()
}
