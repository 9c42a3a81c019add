//! The end of somebody's day: what must not stay overnight, and what the day was.

use crate::codec::decode_record;
use crate::desk::daily::{DayAnswer, DayFigures, LeftOver, LeftOverLine};
use crate::desk::error::DeskError;
use crate::desk::here::Tally;
use crate::desk::keys;
use crate::desk::timeline;
use crate::desk::work::broken;
use crate::domain::cases::{self, Case, CaseEvent, MessageState, Stage};
use crate::domain::office::{Action, Resource};
use crate::domain::time::Instant;
use crate::domain::{CaseId, ContactId, EntityId, Event, MessageId};
use crate::store::{Direction, KeyRange};

use super::Reader;
use super::words::first_line;

/// Rows of each kind that are looked through.
const LOOKED_AT_MAX: usize = 200;
/// Events of a case that are looked through for the newest one that is not a reading.
const EVENTS_LOOKED_AT_MAX: usize = 12;

/// What was found so far.
#[derive(Default)]
struct Found {
    lines: Vec<LeftOverLine>,
    has_more: bool,
}

impl Found {
    fn add(&mut self, kind: LeftOver, at: Instant, words: String) -> Option<&mut LeftOverLine> {
        self.lines.push(LeftOverLine { kind, at, words, case: None, person: None, draft: None });
        self.lines.last_mut()
    }

    fn about(&mut self, kind: LeftOver, at: Instant, words: String, case: &Case) {
        if let Some(line) = self.add(kind, at, words) {
            line.case = Some((case.id, case.version));
            line.person = case.initiator();
        }
    }
}

impl Reader<'_> {
    pub(super) fn day(&self) -> Result<DayAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let mut found = Found::default();
        self.running_contacts(&mut found)?;
        self.due_promises(&mut found)?;
        self.unseen_escalations(&mut found)?;
        self.failed_messages(&mut found)?;
        self.untouched_claims(&mut found)?;
        self.unsent_drafts(&mut found)?;
        Ok(DayAnswer { left_over: found.lines, has_more: found.has_more, figures: self.figures()? })
    }

    /// The numbers that end the keys of a part of an index of cases or of mail. What is hidden is left out before there is
    /// said to be more.
    fn seen_numbers(&self, range: &KeyRange, found: &mut Found) -> Result<Vec<u64>, DeskError> {
        let limit = LOOKED_AT_MAX + 1;
        let mut numbers = self.seen_in(range, limit, Direction::Forward, keys::last_number)?;
        found.has_more |= numbers.len() > LOOKED_AT_MAX;
        numbers.truncate(LOOKED_AT_MAX);
        Ok(numbers)
    }

    fn running_contacts(&self, found: &mut Found) -> Result<(), DeskError> {
        let range = keys::running_of(self.actor.id).range();
        let running = self.scan(&range, LOOKED_AT_MAX, Direction::Forward)?;
        found.has_more |= running.has_more;
        for (key, _) in running.rows {
            let contact = self.contact(ContactId(keys::last_number(&key)))?;
            let with = match contact.held.person {
                Some(person) => self.name_of(person)?,
                None => "nobody known".to_owned(),
            };
            let (channel, direction) =
                (contact.held.channel.label(), contact.held.direction.label());
            let words = format!("{channel} {direction}, {with}");
            let person = contact.held.person;
            if let Some(line) =
                found.add(LeftOver::Contact(contact.id), contact.held.started_at, words)
            {
                line.person = person;
            }
        }
        Ok(())
    }

    /// When the next shift begins.
    fn next_shift(&self) -> Result<Instant, DeskError> {
        let calendar = &self.directory.calendar_of(self.actor.unit)?;
        Ok(calendar.open_of(calendar.working_days_after(self.today.plus_days(1), 0)))
    }

    /// The promises that the actor is to keep before the next shift: those that ring, and of whomever they stand in for.
    fn due_promises(&self, found: &mut Found) -> Result<(), DeskError> {
        for promised in self.promises_due(self.next_shift()?)? {
            let what = if promised.what.is_empty() { "ring back" } else { &promised.what };
            let (person, name) = promised.person;
            let words = format!("{what}: {name}");
            let case = promised.case.and_then(|case| self.visible_case(case).ok());
            if let Some(line) = found.add(LeftOver::Promise, promised.due_at, words) {
                line.person = Some(person);
                line.case = case.map(|case| (case.id, case.version));
            }
        }
        Ok(())
    }

    fn unseen_escalations(&self, found: &mut Found) -> Result<(), DeskError> {
        let range = keys::escalated(self.actor.id).byte(0).range();
        for number in self.seen_numbers(&range, found)? {
            let Ok(case) = self.visible_case(CaseId(number)) else { continue };
            let Some(open) = case.open_escalation() else { continue };
            let from = self.directory.short_name(open.from);
            let words = format!("{from} asks: {}", first_line(&open.ask));
            found.about(LeftOver::Escalation, open.due_at, words, &case);
        }
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other state wants anything of anybody")]
    fn failed_messages(&self, found: &mut Found) -> Result<(), DeskError> {
        let mail = |lane| keys::mail(self.actor.unit).byte(lane).range();
        let failed = self.seen_numbers(&mail(1), found)?;
        let returned = self.seen_numbers(&mail(3), found)?;
        for number in failed.into_iter().chain(returned) {
            let message = self.message(MessageId(number))?;
            let (at, why, became) = match &message.state {
                MessageState::Failed { at, why } => (at, why, "failed"),
                MessageState::Undelivered { at, why } => (at, why, "came back"),
                _ => continue,
            };
            let Ok(case) = self.visible_case(message.case) else { continue };
            if message.by == self.actor.id || case.owner == Some(self.actor.id) {
                let words = format!("{} {became}: {}", message.id, first_line(why));
                found.about(LeftOver::Message, *at, words, &case);
            }
        }
        Ok(())
    }

    fn untouched_claims(&self, found: &mut Found) -> Result<(), DeskError> {
        for number in self.seen_numbers(&keys::of_owner(self.actor.id).range(), found)? {
            let Ok(case) = self.visible_case(CaseId(number)) else { continue };
            if case.hold.is_some() || case.open_escalation().is_some() {
                continue;
            }
            if case.stage != Stage::Claimed && !case.stage.is_before_routing() {
                continue;
            }
            if let Some(at) = self.claimed_and_left(&case)? {
                let words = format!("{}, nothing done since", case.subject_label);
                found.about(LeftOver::Claim, at, words, &case);
            }
        }
        Ok(())
    }

    /// When the actor claimed a case, where nothing was done with it since; readings are no doing.
    #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else was done is work")]
    fn claimed_and_left(&self, case: &Case) -> Result<Option<Instant>, DeskError> {
        let id = EntityId::Case(case.id);
        let (newest, _) = timeline::newest(self.store, &id, EVENTS_LOOKED_AT_MAX)?;
        let is_reading = |event: &Event| matches!(event, Event::Opened | Event::Revealed { .. });
        let done = newest.iter().find(|record| !is_reading(&record.event));
        Ok(done.and_then(|record| match &record.event {
            Event::Case(event) if cases::claimed_by(event) == Some(self.actor.id) => {
                Some(record.at)
            }
            // What was done and taken back was not done.
            Event::Case(CaseEvent::Reverted { to, .. }) if to.stage == case.stage => {
                Some(record.at)
            }
            _ => None,
        }))
    }

    fn unsent_drafts(&self, found: &mut Found) -> Result<(), DeskError> {
        for draft in self.drafts()?.drafts {
            let (case, person) = match &draft.key.target {
                Some(EntityId::Case(case)) => (self.visible_case(*case).ok(), None),
                Some(EntityId::Person(person)) => (None, Some(*person)),
                _ => (None, None),
            };
            let words = format!("{}: {}", draft.key.form.words(), first_line(draft.first_words()));
            if let Some(line) = found.add(LeftOver::Draft, draft.saved_at, words) {
                line.case = case.map(|case| (case.id, case.version));
                line.person = person;
                line.draft = Some(draft.key);
            }
        }
        Ok(())
    }

    /// What the actor did today.
    fn figures(&self) -> Result<DayFigures, DeskError> {
        let kept = self.get(&keys::tally_of(self.actor.id))?;
        let kept: Option<Tally> =
            kept.map(|bytes| decode_record(&bytes)).transpose().map_err(broken)?;
        let tally = kept.filter(|tally| tally.day == self.office_today);
        let of = tally.unwrap_or_else(|| Tally::new(self.office_today, self.at));
        Ok(DayFigures {
            first_at: tally.map(|tally| tally.first_at),
            contacts: of.contacts,
            contact_minutes: of.contact_seconds.div_ceil(60),
            closed: of.closed,
            first_contact: of.first_contact,
            promises_kept: of.promises_kept,
        })
    }
}
