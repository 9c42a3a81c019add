//! Messages that are recalled before they leave, and messages that come back.

use crate::codec::encode_record;
use crate::desk::command::{Draft, DraftForm, DraftKey};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::{Why, broken};
use crate::domain::cases::{Case, CaseEvent, Message, MessageState, check_text};
use crate::domain::event::MessageEvent;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::office::{Action, Resource};
use crate::domain::people::{ContactPointState, Person, PersonChange};
use crate::domain::time::{ClockKind, Day};
use crate::domain::{CaseId, EntityId, Event, MessageId, PersonId, Refusal};
use crate::store::Direction;

use super::{Done, Run, draft_key};

/// Cases of a person that are looked through for messages to an address that was found wrong: open ones, and closed ones.
const CASES_LOOKED_AT_MAX: usize = 50;

impl Run<'_> {
    /// Ends the time in which a message can be recalled; from here on the outbox may hand it over.
    pub(super) fn release_message(&mut self, id: MessageId) -> Result<Done, DeskError> {
        let message = self.work.message(id)?;
        if !matches!(message.state, MessageState::Waiting { until } if until <= self.doer.at) {
            let what = format!("{id} does not wait, or not long enough yet.");
            return Err(Refusal::new("message.state", what, "").into());
        }
        self.set_message(id, MessageState::Queued, Why::rule("outbox"))?;
        Ok(Done::new(format!("{id} leaves.")).leaves_nothing())
    }

    /// Takes a message back whatever has happened to its case since, as long as it is open.
    pub(super) fn recall_message(&mut self, id: MessageId) -> Result<Done, DeskError> {
        self.authorise(Action::WorkCase, &Resource::office())?;
        let message = self.work.message(id)?;
        let case = match self.authorise_case(Action::WorkCase, message.case) {
            // A message is as hidden as its case.
            Err(DeskError::NotFound(_)) => return Err(DeskError::NotFound(id.to_string())),
            case => case?,
        };
        self.check_waits(&message)?;
        if message.is_extension_notice() {
            return Err(Refusal::new(
                "recall.extension",
                format!("{id} tells of an extension, which does not stand without it."),
                "Undo the extension (u) while nothing else has been done on the case.",
            )
            .into());
        }
        if !case.is_open() {
            return Err(Refusal::new(
                "recall.closed",
                format!("{} is closed, and {id} is what its citizen was told.", case.id),
                "Undo the closing first (u), or reopen the case (X); then recall it.",
            )
            .into());
        }
        self.set_message(id, MessageState::Recalled(self.doer.at), Why::default())?;
        self.stand_again(&case, id)?;
        let clocks = self.clocks_without(&case, &message)?;
        let event = CaseEvent::ReplyRecalled { message: id, clocks };
        self.on_case(case.id, event, Why::default())?;
        self.keep_recalled_words(&message)?;
        Ok(Done::new(format!(
            "{id} is recalled: it does not leave, and the reply (r) has its words."
        ))
        .about(EntityId::Case(case.id))
        .not_undoable("send the reply again (r)"))
    }

    /// Keeps the words of a recalled message as the draft of the reply form of its case, as that form keeps them itself.
    /// A reply that is begun already stays: it is newer.
    pub(super) fn keep_recalled_words(&mut self, message: &Message) -> Result<(), DeskError> {
        let target = Some(EntityId::Case(message.case));
        let key = DraftKey { form: DraftForm::Reply, target };
        let kept = draft_key(self.doer.actor, &key);
        // The form of the extension writes its notice anew.
        if message.is_extension_notice() {
            return Ok(());
        }
        if self.work.get(&kept)?.is_some() || !self.drafts_behind(&key)?.is_empty() {
            return Ok(());
        }
        let way = format!("{} {}", message.addressee, message.channel.code());
        let text = Some(("text", message.text.clone()));
        let template = message.template.clone().map(|template| ("template", template));
        let fields = [text, template, Some(("way", way))].into_iter().flatten();
        let draft = Draft {
            key,
            fields: fields.map(|(name, text)| (name.to_owned(), text)).collect(),
            focus: "text".to_owned(),
            base_version: self.work.case(message.case)?.version,
            saved_at: self.doer.at,
        };
        let value = encode_record(&draft).map_err(broken)?;
        self.work.put_state(kept, Some(value));
        Ok(())
    }

    /// Refuses to take back what has left, and says what compensates.
    pub(super) fn check_waits(&self, message: &Message) -> Result<(), DeskError> {
        let id = message.id;
        let zone = self.calendar()?.zone();
        let what = match &message.state {
            MessageState::Waiting { until } if *until > self.doer.at => return Ok(()),
            MessageState::Waiting { .. } | MessageState::Queued => {
                format!("{id} is being handed over.")
            }
            MessageState::Sent(at) => {
                let (hour, minute) = zone.hour_minute(*at);
                format!("{id} was handed over at {hour:02}:{minute:02}.")
            }
            MessageState::Failed { .. }
            | MessageState::Recalled(_)
            | MessageState::Undelivered { .. }
            | MessageState::Superseded { .. } => format!("{id} {}.", message.state.told()),
        };
        Err(Refusal::new("recall.left", what, "Write a correction (r), template `correction`.")
            .into())
    }

    /// The clocks of a case as they were before this reply answered it, unless another one did.
    fn clocks_without(
        &mut self,
        case: &Case,
        recalled: &Message,
    ) -> Result<Vec<crate::domain::time::Clock>, DeskError> {
        let mut is_answered = false;
        for other in case.messages.iter().filter(|other| **other != recalled.id) {
            is_answered |= self.work.message(*other)?.tells();
        }
        let mut clocks = case.clocks.clone();
        for clock in clocks.iter_mut().filter(|clock| clock.kind == ClockKind::Answer) {
            let is_its_end = clock.ended.is_some_and(|(at, _)| at == recalled.queued_at);
            if is_its_end && !is_answered {
                clock.ended = None;
            }
        }
        Ok(clocks)
    }

    /// Notes that a message came back; the caller has authorised it on its case.
    pub(super) fn return_message(
        &mut self,
        case: &Case,
        id: MessageId,
        why: &str,
    ) -> Result<Done, DeskError> {
        let message = self.work.message(id)?;
        // What was written on a number that went into this case came back to this case.
        if self.current_case(message.case)? != case.id {
            let what = format!("{id} is no message of {}.", case.id);
            return Err(Refusal::new("return.case", what, "Name one of its own.").into());
        }
        let why = why.trim();
        check_text("why it came back", why, LINE_BYTES_MAX, false)?;
        if why.is_empty() {
            let what = "A message comes back for a reason.";
            return Err(
                Refusal::new("return.why", what, "Say in a word why: moved, unknown.").into()
            );
        }
        if !matches!(message.state, MessageState::Sent(_) | MessageState::Failed { .. }) {
            return Err(Refusal::new(
                "return.state",
                format!("{id} {}.", message.state.told()),
                "Look at the case's messages.",
            )
            .into());
        }
        self.came_back(&message, why, &Why::reason(why))?;
        let case = self.work.case(case.id)?;
        let remedy = if case.is_open() {
            "ask for the address (V, i), then reply (r)"
        } else {
            "ask for the address (V, i), reopen (X), then reply (r)"
        };
        Ok(Done::new(format!("{id} came back, so {} is not told: {remedy}.", case.id))
            .about(EntityId::Case(case.id)))
    }

    /// A number or address of a person was marked: where it reaches them no more, what was sent to it came back. Gives how
    /// many messages did.
    pub(super) fn return_what_went_to(
        &mut self,
        person: &Person,
        change: &PersonChange,
    ) -> Result<usize, DeskError> {
        let Some((address, since, state)) = marked(person, change) else { return Ok(0) };
        if !matches!(state, ContactPointState::Bounced | ContactPointState::Wrong) {
            return Ok(0);
        }
        let zone = self.calendar()?.zone();
        let why = format!("the address is {}", state.label());
        let mut returned = 0;
        let numbers = self.numbers_of(person.id)?;
        for case in self.cases_to_look_at(&numbers)? {
            for id in &self.work.case(case)?.messages {
                let message = self.work.message(*id)?;
                let MessageState::Sent(at) = message.state else { continue };
                let is_there = numbers.contains(&message.addressee) && message.address == address;
                if is_there && since.is_none_or(|since| zone.day(at) >= since) {
                    self.came_back(&message, &why, &Why::rule("address.wrong"))?;
                    returned += 1;
                }
            }
        }
        Ok(returned)
    }

    fn cases_to_look_at(&mut self, numbers: &[PersonId]) -> Result<Vec<CaseId>, DeskError> {
        let mut cases = Vec::new();
        for (person, lane) in numbers.iter().flat_map(|number| [(*number, 0), (*number, 1)]) {
            let range = keys::of_person(person).byte(lane).range();
            let page = self.work.scan(&range, CASES_LOOKED_AT_MAX, Direction::Backward)?;
            cases.extend(page.rows.iter().map(|(key, _)| CaseId(keys::last_number(key))));
        }
        Ok(cases)
    }

    /// Messages to the same reader that had come back are made good by a new one.
    pub(super) fn supersede(
        &mut self,
        case: &Case,
        to: PersonId,
        by: MessageId,
    ) -> Result<(), DeskError> {
        for id in self.joint_messages(case.id)? {
            let message = self.work.message(id)?;
            if matches!(message.state, MessageState::Undelivered { .. })
                && self.current_person(message.addressee)? == to
            {
                let state = MessageState::Superseded { at: self.doer.at, by };
                self.set_message(id, state, Why::default())?;
            }
        }
        Ok(())
    }

    /// What a recalled message would have made good is undelivered once more: its citizen is still not told.
    fn stand_again(&mut self, case: &Case, recalled: MessageId) -> Result<(), DeskError> {
        for id in self.joint_messages(case.id)? {
            let state = self.work.message(id)?.state;
            if matches!(state, MessageState::Superseded { by, .. } if by == recalled) {
                let why = format!("{recalled}, which took its place, was recalled");
                let state = MessageState::Undelivered { at: self.doer.at, why };
                self.set_message(id, state, Why::default())?;
            }
        }
        Ok(())
    }

    fn came_back(&mut self, message: &Message, words: &str, why: &Why) -> Result<(), DeskError> {
        let state = MessageState::Undelivered { at: self.doer.at, why: words.to_owned() };
        self.set_message(message.id, state, why.clone())?;
        let event = CaseEvent::MessageReturned { message: message.id, why: words.to_owned() };
        self.on_case(message.case, event, why.clone())
    }

    fn set_message(
        &mut self,
        id: MessageId,
        state: MessageState,
        why: Why,
    ) -> Result<(), DeskError> {
        let event = Event::Message(MessageEvent::StateSet(state));
        self.work.happen(&self.doer.clone(), EntityId::Message(id), event, why)
    }

    fn on_case(&mut self, id: CaseId, event: CaseEvent, why: Why) -> Result<(), DeskError> {
        self.work.happen(&self.doer.clone(), EntityId::Case(id), Event::Case(event), why)?;
        self.follow(id)
    }
}

/// The address that a change marks, since when it had been known to be right, and what it is marked as.
fn marked(
    person: &Person,
    change: &PersonChange,
) -> Option<(String, Option<Day>, ContactPointState)> {
    if let PersonChange::ContactPointState { index, state } = change {
        let fact = person.contact_points.get(usize::try_from(*index).ok()?)?;
        let is_right = fact.value.state == ContactPointState::Verified;
        return Some((fact.value.raw.clone(), is_right.then_some(fact.provenance.on), *state));
    }
    if let PersonChange::AddressState(state) = change {
        let fact = person.address.as_ref()?;
        let is_right = person.address_state() == Some(ContactPointState::Verified);
        return Some((fact.value.line(), is_right.then_some(fact.provenance.on), *state));
    }
    None
}
