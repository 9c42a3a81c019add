//! Messages to citizens: writing one, whether they were told, and what became of it.

use std::sync::Arc;

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::answers::{SMS_PARTS_MAX, first_open_placeholder, sms_length};
use crate::domain::cases::{
    self, Case, CaseAct, CaseEvent, Channel, Direction as ContactDirection, EXTENSION_NOTICE,
    Message, MessageState, ReplyAddress, check_text,
};
use crate::domain::event::MessageEvent;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::people::Person;
use crate::domain::time::Instant;
use crate::domain::{EntityId, Event, MessageId, Refusal};

use super::{Done, Run};

/// Contacts of a case that are looked through for one that told the citizen, the newest first.
const CONTACTS_LOOKED_AT_MAX: usize = 200;

/// Refuses a text with places that are still to be filled in, and one that is too long for the way that it goes.
pub(super) fn check_sendable(channel: Channel, text: &str) -> Result<(), Refusal> {
    if let Some((_, place)) = first_open_placeholder(text) {
        let what = format!("{place} in the reply is not filled in.");
        return Err(Refusal::new(
            "reply.placeholder",
            what,
            "Put what belongs there in its place.",
        ));
    }
    let parts = sms_length(text).parts;
    if channel == Channel::Sms && parts > SMS_PARTS_MAX {
        let what = format!("It would be {parts} text messages, and {SMS_PARTS_MAX} are the most.");
        return Err(Refusal::new("reply.long", what, "Shorten it, or choose another way."));
    }
    Ok(())
}

impl Run<'_> {
    /// Whether a message that did not fail, or an outbound contact, has told the citizen since the case was last opened.
    /// A reopened case counts from the day of its new clocks: what was said that day was said about it.
    pub(super) fn is_notified(&mut self, case: &Case) -> Result<bool, DeskError> {
        Ok(self.told_at(case)?.is_some())
    }

    /// When a message or contact as in [`Self::is_notified`] was made: the newest message that tells, else a contact.
    pub(super) fn told_at(&mut self, case: &Case) -> Result<Option<Instant>, DeskError> {
        let zone = self.calendar()?.zone();
        let opened = case.clocks.iter().map(|clock| clock.from).max().filter(|_| case.reopened > 0);
        let is_since = |at: Instant| opened.is_none_or(|opened| zone.day(at) >= opened);
        let mut told_at = None;
        for message in case.messages.iter().rev() {
            let message = self.work.message(*message)?;
            if !is_since(message.queued_at) {
                break;
            }
            if message.tells() {
                told_at = Some(message.queued_at);
                break;
            }
        }
        for contact in case.contacts.iter().rev().take(CONTACTS_LOOKED_AT_MAX) {
            let contact = self.work.contact(*contact)?;
            let is_out = contact.held.direction == ContactDirection::Out && !contact.is_annulled;
            if is_out && is_since(contact.held.started_at) {
                return Ok(told_at.max(Some(contact.held.started_at)));
            }
        }
        Ok(told_at)
    }

    pub(super) fn reply(
        &mut self,
        case: &Case,
        to: &ReplyAddress,
        template: Option<&str>,
        text: &str,
    ) -> Result<Done, DeskError> {
        if let Some(template) = template {
            check_text("the template", template, LINE_BYTES_MAX, false)?;
            if template == EXTENSION_NOTICE {
                let what = "Only an extension writes its notice.";
                return Err(Refusal::new("reply.template", what, "Write without it.").into());
            }
        }
        let (person, address) = self.reached(case, to)?;
        check_sendable(to.channel, text)?;
        let calendar = self.calendar()?;
        let number = self.work.next::<MessageId>();
        let mut context = self.context_on(&calendar, case)?;
        context.message = Some(number);
        let act = CaseAct::Reply { to: to.clone(), template: None, text: text.to_owned() };
        let events = cases::decide(case, &act, &context)?;
        let message = (number, template.map(str::to_owned), text.to_owned());
        let until = self.write_message(case, (to, address), message)?;
        self.happen_on(case.id, events, &Why::default())?;
        self.supersede(case, to.addressee, number)?;
        let mut done = Done::new(self.written_label(number, (&person, to.channel), until)?);
        if until.is_none() {
            done = done.not_undoable("a message leaves the office at once");
        }
        done = done.about(EntityId::Case(case.id));
        done.label.push_str(&self.promises_after_reply(to.addressee, to.channel, case.id)?);
        done.created = vec![EntityId::Message(number)];
        Ok(done)
    }

    /// Whoever is written to, and where that reaches them.
    pub(super) fn reached(
        &mut self,
        case: &Case,
        to: &ReplyAddress,
    ) -> Result<(Arc<Person>, String), DeskError> {
        if !self.people_now(case)?.contains(&to.addressee) {
            return Err(Refusal::new(
                "reply.party",
                format!("{} is not on this case.", to.addressee),
                "Write to somebody who is.",
            )
            .into());
        }
        let person = self.living_record(to.addressee)?;
        let address = person.address_by(to.channel);
        if address.is_empty() {
            return Err(Refusal::new(
                "reply.address",
                format!(
                    "There is no way to reach {} by {}.",
                    person.name().listed(),
                    to.channel.label()
                ),
                "Choose another way, or add it to the file first.",
            )
            .into());
        }
        Ok((person, address))
    }

    /// Writes a message of this number, with the template that it began from; until when it waits, unless it leaves at once.
    pub(super) fn write_message(
        &mut self,
        case: &Case,
        (to, address): (&ReplyAddress, String),
        (number, template, text): (MessageId, Option<String>, String),
    ) -> Result<Option<Instant>, DeskError> {
        let id = EntityId::Message(number);
        self.work.expect_new(&id);
        let minutes = i64::from(self.work.recall_minutes);
        let until = (minutes > 0).then(|| self.doer.at.plus_minutes(minutes));
        let state = until.map_or(MessageState::Queued, |until| MessageState::Waiting { until });
        let message = Message {
            id: number,
            version: 1,
            case: case.id,
            unit: case.unit,
            addressee: to.addressee,
            address,
            channel: to.channel,
            template,
            text,
            by: self.doer.actor,
            queued_at: self.doer.at,
            state,
        };
        let queued = Event::Message(MessageEvent::Queued(Box::new(message)));
        self.work.happen(&self.doer.clone(), id, queued, Why::default())?;
        Ok(until)
    }

    /// What the status line says of a message that was written.
    pub(super) fn written_label(
        &self,
        number: MessageId,
        (person, channel): (&Person, Channel),
        until: Option<Instant>,
    ) -> Result<String, DeskError> {
        let (name, way) = (person.name().listed(), channel.label());
        let Some(until) = until else {
            return Ok(format!("{number} to {name} is queued by {way}."));
        };
        let (hour, minute) = self.calendar()?.zone().hour_minute(until);
        Ok(format!("{number} to {name} by {way} waits until {hour:02}:{minute:02}."))
    }

    pub(super) fn deliver_message(
        &mut self,
        id: MessageId,
        failure: Option<&str>,
    ) -> Result<Done, DeskError> {
        let message = self.work.message(id)?;
        if message.state != MessageState::Queued {
            return Err(Refusal::new(
                "message.state",
                format!("{id} {}.", message.state.told()),
                "",
            )
            .into());
        }
        let at = self.doer.at;
        let failure: Option<String> =
            failure.map(|why| why.chars().take(LINE_BYTES_MAX / 4).collect());
        let state = match failure.clone() {
            None => MessageState::Sent(at),
            Some(why) => MessageState::Failed { at, why },
        };
        let why = Why::rule("outbox");
        self.work.happen(
            &self.doer.clone(),
            EntityId::Message(id),
            Event::Message(MessageEvent::StateSet(state)),
            why.clone(),
        )?;
        let event = CaseEvent::MessageDelivered { message: id, failure };
        self.work.happen(
            &self.doer.clone(),
            EntityId::Case(message.case),
            Event::Case(event),
            why,
        )?;
        Ok(Done::new(format!("{id} is handed over."))
            .about(EntityId::Case(message.case))
            .leaves_nothing())
    }
}
