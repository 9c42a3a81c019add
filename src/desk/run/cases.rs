//! Cases: taking in, opening, acting, claiming the next, and what rules do by themselves.

use crate::desk::command::RowResult;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::query::{View, ViewKind};
use crate::desk::work::Why;
use crate::domain::cases::{
    self, About, Case, CaseAct, CaseContext, CaseEvent, Direction as ContactDirection, GiveTo,
    Intake, Lane, Message, MessageState, NewContact, ReplyAddress, ScreeningOutcome, check_text,
};
use crate::domain::event::MessageEvent;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::office::{
    Action, Caseworker, CaseworkerState, Confidentiality, Decision, Purpose, QueueKind, Resource,
    permit,
};
use crate::domain::time::{Calendar, Day, Instant};
use crate::domain::{
    CaseId, CaseworkerId, Entity, EntityId, Event, MessageId, QueueId, Refusal, Ulid, UnitId,
};
use crate::store::Direction;

use super::{Done, Run, check_purpose};

/// Held cases that one command returns; the rest waits for the next one.
pub(in crate::desk) const RETURNED_MAX: usize = 200;
/// Free cases that claiming looks through for one that the actor may claim.
const CLAIM_LOOKED_AT_MAX: usize = 50;
/// Contacts of a case that are looked through for one that told the citizen, the newest first.
const CONTACTS_LOOKED_AT_MAX: usize = 200;

impl Run<'_> {
    fn calendar(&self) -> Result<Calendar, DeskError> {
        Ok(self.work.directory.office()?.calendar.clone())
    }

    fn queue(&self, unit: UnitId, kind: QueueKind) -> Result<QueueId, DeskError> {
        let queue = self.work.directory.queue_of(unit, kind).map(|queue| queue.id);
        queue.ok_or_else(|| {
            Refusal::new(
                "queue.none",
                format!("{unit} has no such queue."),
                "Open one: casedesk office open-queue.",
            )
            .into()
        })
    }

    /// What a decision needs to know, without anything that depends on the act.
    pub(super) fn case_context<'c>(&self, calendar: &'c Calendar, unit: UnitId) -> CaseContext<'c> {
        CaseContext {
            actor: self.doer.actor,
            unit: self.doer.unit,
            at: self.doer.at,
            calendar,
            may_screen: self.may(Action::Screen, unit, Confidentiality::CaseConfidential),
            leads_unit: self.work.directory.leads(self.doer.actor, unit, self.today),
            destination: None,
            receiver: None,
            message: None,
            subject: None,
            place: None,
            is_notified: false,
        }
    }

    fn authorise_case(&mut self, action: Action, id: CaseId) -> Result<Case, DeskError> {
        self.authorise(
            action,
            &Resource { unit: None, confidentiality: Confidentiality::Internal },
        )?;
        let case = self.work.case(id)?;
        self.authorise(
            action,
            &Resource { unit: Some(case.unit), confidentiality: case.confidentiality },
        )?;
        Ok(case)
    }

    /// As [`Self::authorise_case`], with the right in any unit: whoever was asked answers where the case is.
    fn authorise_anywhere(&mut self, action: Action, id: CaseId) -> Result<Case, DeskError> {
        self.authorise(action, &Resource::office())?;
        let case = self.work.case(id)?;
        self.authorise(action, &Resource { unit: None, confidentiality: case.confidentiality })?;
        Ok(case)
    }

    /// Refuses what somebody else has no right to see or note on; nothing of the case is told then.
    pub(super) fn authorise_note(&mut self, id: CaseId) -> Result<(), DeskError> {
        self.authorise_anywhere(Action::NoteCase, id).map(drop)
    }

    /// Somebody on the roster, read so that the commit is decided again where they leave meanwhile.
    pub(super) fn on_roster(&mut self, id: CaseworkerId) -> Result<Caseworker, DeskError> {
        match self.work.entity(&EntityId::Caseworker(id))? {
            Some(Entity::Caseworker(caseworker)) if caseworker.state != CaseworkerState::Left => {
                Ok(caseworker)
            }
            Some(Entity::Caseworker(caseworker)) => Err(Refusal::new(
                "roster.left",
                format!("{} has left.", caseworker.name),
                "Give it to somebody who is here.",
            )
            .into()),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    pub(super) fn register_case(&mut self, intake: &Intake) -> Result<Done, DeskError> {
        let unit = self.doer.unit;
        self.authorise(Action::RegisterCase, &Resource { unit: Some(unit), ..Resource::office() })?;
        let calendar = self.calendar()?;
        let context = self.case_context(&calendar, unit);
        let queues = (self.queue(unit, QueueKind::Screening)?, self.queue(unit, QueueKind::Inbox)?);
        let label = match &intake.subject {
            Some(code) => {
                let subject =
                    self.work.directory.subjects.get(code).filter(|subject| !subject.is_retired);
                let subject = subject.ok_or_else(|| {
                    Refusal::new(
                        "subject.unknown",
                        format!("There is no subject {code}."),
                        "Pick one of the list.",
                    )
                })?;
                subject.label.clone()
            }
            None => String::new(),
        };
        let about = match &intake.about {
            About::Person(person) => Some(*person),
            About::Same | About::Household(_) => None,
        };
        for person in intake.asked_by.iter().chain(&about).chain(&intake.addressee) {
            self.living_record(*person)?;
        }
        if let About::Household(household) = intake.about {
            self.work.household(household)?;
        }
        let household = match intake.asked_by {
            Some(person) => self.work.person(person)?.household,
            None => None,
        };
        let number = self.work.next_case();
        let ulid = Ulid::new(self.doer.at, u128::from_be_bytes(self.work.draw()));
        let event = cases::register(intake, number, ulid, queues, &label, household, &context)?;
        let id = EntityId::Case(number);
        self.work.expect_new(&id);
        self.work.happen(&self.doer.clone(), id.clone(), Event::Case(event), Why::default())?;
        let contact = self.new_contact(&NewContact {
            channel: intake.channel,
            direction: ContactDirection::In,
            person: intake.asked_by,
            started_at: intake.received_at,
            ended_at: self.doer.at,
            summary: intake.says.clone(),
            case: Some(number),
        })?;
        let case = self.work.case(number)?;
        let place = case
            .queue
            .and_then(|queue| self.work.directory.queues.get(&queue))
            .map(|queue| queue.name.clone());
        let label = format!("Registered as {number}, in {}.", place.unwrap_or_default());
        Ok(Done::new(label).made(vec![id, EntityId::Contact(contact)]))
    }

    pub(super) fn open_case(&mut self, id: CaseId, purpose: &Purpose) -> Result<Done, DeskError> {
        check_purpose(purpose)?;
        self.authorise_case(Action::ReadCase, id)?;
        self.work.happen(
            &self.doer.clone(),
            EntityId::Case(id),
            Event::Opened,
            Why::purpose(purpose),
        )?;
        Ok(Done::new(format!("Opened {id}.")).about(EntityId::Case(id)).leaves_nothing())
    }

    pub(super) fn case_act(
        &mut self,
        id: CaseId,
        version: Option<u64>,
        act: &CaseAct,
    ) -> Result<Done, DeskError> {
        let case = if is_of_escalation(act) {
            self.authorise_anywhere(action_of(act), id)?
        } else {
            self.authorise_case(action_of(act), id)?
        };
        self.check_version(&EntityId::Case(id), &Entity::Case(Box::new(case.clone())), version)?;
        if let CaseAct::Reply { to, template, text } = act {
            return self.reply(&case, to, template.as_deref(), text);
        }
        let calendar = self.calendar()?;
        let mut context = self.case_context(&calendar, case.unit);
        self.look_up(&case, act, &mut context)?;
        let events = cases::decide(&case, act, &context)?;
        let why = reason_of(act).map_or_else(Why::default, |reason| Why::reason(&reason));
        for event in events {
            self.work.happen(
                &self.doer.clone(),
                EntityId::Case(id),
                Event::Case(event),
                why.clone(),
            )?;
        }
        let now = self.work.case(id)?;
        Ok(Done::new(self.label_of(act, &now)).about(EntityId::Case(id)))
    }

    /// Looks up what this act needs beside the case.
    fn look_up(
        &mut self,
        case: &Case,
        act: &CaseAct,
        context: &mut CaseContext<'_>,
    ) -> Result<(), DeskError> {
        match act {
            CaseAct::Screen(outcome) => {
                context.destination = Some((case.unit, self.queue(case.unit, QueueKind::Inbox)?));
                if let ScreeningOutcome::DuplicateOf(of) = outcome {
                    self.work.case(*of)?;
                }
            }
            CaseAct::Give { to, .. } => context.destination = Some(self.destination(case, *to)?),
            CaseAct::Claim => drop(self.on_roster(self.doer.actor)?),
            CaseAct::Reopen { .. } => {
                self.on_roster(self.doer.actor)?;
                context.destination = Some((case.unit, self.queue(case.unit, QueueKind::Inbox)?));
            }
            CaseAct::SetSubject { subject, .. } => {
                let known =
                    self.work.directory.subjects.get(subject).filter(|known| !known.is_retired);
                context.subject = known.map(|known| (known.code.clone(), known.label.clone()));
            }
            CaseAct::Escalate { level, .. } => {
                context.receiver =
                    self.work.directory.receiver(case.unit, *level, self.doer.actor, self.today);
            }
            CaseAct::Close { .. } => context.is_notified = self.is_notified(case)?,
            CaseAct::SetNature { .. }
            | CaseAct::Release
            | CaseAct::Note { .. }
            | CaseAct::Reply { .. }
            | CaseAct::Hold { .. }
            | CaseAct::Resume
            | CaseAct::AcknowledgeEscalation
            | CaseAct::AnswerEscalation { .. }
            | CaseAct::WithdrawEscalation
            | CaseAct::AddTask { .. }
            | CaseAct::SetTask { .. } => {}
        }
        Ok(())
    }

    /// Unit and queue of whoever a case is given to. Work that is not screened yet stays work to screen.
    fn destination(&mut self, case: &Case, to: GiveTo) -> Result<(UnitId, QueueId), DeskError> {
        let kind =
            if case.stage.is_before_acceptance() { QueueKind::Screening } else { QueueKind::Inbox };
        match to {
            GiveTo::Unit(unit) => {
                self.work.directory.unit(unit)?;
                Ok((unit, self.queue(unit, kind)?))
            }
            GiveTo::Caseworker(caseworker) => {
                let receiver = self.on_roster(caseworker)?;
                if !self.work.directory.is_here(caseworker, self.today) {
                    return Err(Refusal::new(
                        "give.away",
                        format!("{} is not here.", receiver.name),
                        "Give it to their substitute, or to the unit.",
                    )
                    .into());
                }
                // Within the case's own unit it stays there; else it goes where they work.
                let may_work = |unit: UnitId| {
                    let confidentiality = case.confidentiality;
                    let resource = Resource { unit: Some(unit), confidentiality };
                    let rights = [Action::WorkCase, Action::Screen];
                    let rights =
                        if kind == QueueKind::Screening { &rights[..] } else { &rights[..1] };
                    rights.iter().any(|right| {
                        !matches!(
                            permit(&receiver, *right, &resource, self.today),
                            Decision::Deny(_)
                        )
                    })
                };
                let is_of_unit = receiver.grants.iter().any(|grant| grant.unit == Some(case.unit));
                let unit =
                    if is_of_unit && may_work(case.unit) { case.unit } else { receiver.unit };
                if !may_work(unit) {
                    return Err(Refusal::new(
                        "give.right",
                        format!("{} has no right to work this case.", receiver.name),
                        "Give it to somebody who has, or to the unit.",
                    )
                    .into());
                }
                Ok((unit, self.queue(unit, kind)?))
            }
        }
    }

    /// Whether a message that did not fail, or an outbound contact, has told the citizen since the case was last opened.
    /// A reopened case counts from the day of its new clocks: what was said that day was said about it.
    fn is_notified(&mut self, case: &Case) -> Result<bool, DeskError> {
        let zone = self.calendar()?.zone();
        let opened = case.clocks.iter().map(|clock| clock.from).max().filter(|_| case.reopened > 0);
        let is_since = |at: Instant| opened.is_none_or(|opened| zone.day(at) >= opened);
        for message in case.messages.iter().rev() {
            let message = self.work.message(*message)?;
            if !is_since(message.queued_at) {
                break;
            }
            if matches!(message.state, MessageState::Queued | MessageState::Sent(_)) {
                return Ok(true);
            }
        }
        for contact in case.contacts.iter().rev().take(CONTACTS_LOOKED_AT_MAX) {
            let contact = self.work.contact(*contact)?;
            let is_out = contact.held.direction == ContactDirection::Out && !contact.is_annulled;
            if is_out && is_since(contact.held.started_at) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn reply(
        &mut self,
        case: &Case,
        to: &ReplyAddress,
        template: Option<&str>,
        text: &str,
    ) -> Result<Done, DeskError> {
        let calendar = self.calendar()?;
        if !case.people().contains(&to.addressee) {
            return Err(Refusal::new(
                "reply.party",
                format!("{} is not on this case.", to.addressee),
                "Write to somebody who is.",
            )
            .into());
        }
        if let Some(template) = template {
            check_text("the template", template, LINE_BYTES_MAX, false)?;
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
        let number = self.work.next_message();
        let mut context = self.case_context(&calendar, case.unit);
        context.message = Some(number);
        let act = CaseAct::Reply { to: to.clone(), template: None, text: text.to_owned() };
        let events = cases::decide(case, &act, &context)?;
        let id = EntityId::Message(number);
        self.work.expect_new(&id);
        let message = Message {
            id: number,
            version: 1,
            case: case.id,
            unit: case.unit,
            addressee: to.addressee,
            address,
            channel: to.channel,
            template: template.map(str::to_owned),
            text: text.to_owned(),
            by: self.doer.actor,
            queued_at: self.doer.at,
            state: MessageState::Queued,
        };
        let queued = Event::Message(MessageEvent::Queued(Box::new(message)));
        self.work.happen(&self.doer.clone(), id.clone(), queued, Why::default())?;
        for event in events {
            self.work.happen(
                &self.doer.clone(),
                EntityId::Case(case.id),
                Event::Case(event),
                Why::default(),
            )?;
        }
        let label =
            format!("{number} to {} is queued by {}.", person.name().listed(), to.channel.label());
        let mut done = Done::new(label)
            .about(EntityId::Case(case.id))
            .not_undoable("a message leaves the office at once");
        done.created = vec![id];
        Ok(done)
    }

    pub(super) fn claim_next(&mut self, view: View) -> Result<Done, DeskError> {
        let unit = view.unit;
        self.authorise(Action::WorkCase, &Resource { unit: Some(unit), ..Resource::office() })?;
        let queue = match view.kind {
            ViewKind::Screening => self.queue(unit, QueueKind::Screening)?,
            ViewKind::Queue(queue) => queue,
            ViewKind::Mine
            | ViewKind::Inbox
            | ViewKind::Free
            | ViewKind::Today
            | ViewKind::Late
            | ViewKind::Escalated
            | ViewKind::Waiting
            | ViewKind::Mail => self.queue(unit, QueueKind::Inbox)?,
        };
        self.on_roster(self.doer.actor)?;
        let lane = keys::lane_of(queue, Lane::Free).range();
        let page = self.work.scan(&lane, CLAIM_LOOKED_AT_MAX, Direction::Forward)?;
        for (place, (key, _)) in page.rows.iter().enumerate() {
            let id = CaseId(keys::last_number(key));
            let case = self.work.case(id)?;
            if !self.may(Action::WorkCase, case.unit, case.confidentiality) {
                continue;
            }
            let free = self.count(keys::Counter::Lane(queue, keys::lane_byte(Lane::Free)))?;
            let calendar = self.calendar()?;
            let mut context = self.case_context(&calendar, unit);
            let place = u64::try_from(place).unwrap_or(u64::MAX).saturating_add(1);
            context.place = Some((place, free));
            for event in cases::decide(&case, &CaseAct::Claim, &context)? {
                self.work.happen(
                    &self.doer.clone(),
                    EntityId::Case(id),
                    Event::Case(event),
                    Why::rule("queue.due-first"),
                )?;
            }
            let name = self
                .work
                .directory
                .queues
                .get(&queue)
                .map(|queue| queue.name.clone())
                .unwrap_or_default();
            let label = format!("Claimed {id} from {name}, {place} of {free} in its order.");
            return Ok(Done::new(label).about(EntityId::Case(id)));
        }
        Err(Refusal::new(
            "claim.none",
            "There is no free case here.",
            "Look into another queue (2 to 4), or take a matter in (n).",
        )
        .into())
    }

    /// A counter as it was when it was read; it is shown, and decides nothing, so it is not checked again.
    fn count(&mut self, counter: keys::Counter) -> Result<u64, DeskError> {
        let value = self.work.peek(&counter.key())?;
        Ok(value.map_or(0, |bytes| crate::desk::work::counted(&bytes)).unsigned_abs())
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
                format!("{id} is {} already.", message.state.label()),
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

    pub(super) fn return_held(&mut self, today: Day) -> Result<Done, DeskError> {
        let calendar = self.calendar()?;
        let mut range = crate::store::KeyRange::prefix(&[keys::tag::HELD_UNTIL]);
        range.to = Some(keys::held_until(today.plus_days(1)).done());
        let page = self.work.scan(&range, RETURNED_MAX, Direction::Forward)?;
        let mut returned = Vec::new();
        for (key, _) in page.rows {
            let id = CaseId(keys::last_number(&key));
            let case = self.work.case(id)?;
            if case.hold.is_none() {
                continue;
            }
            let context = self.case_context(&calendar, case.unit);
            let event = CaseEvent::Resumed {
                clocks: cases::resumed_clocks(&case, &context),
                is_by_date: true,
            };
            self.work.happen(
                &self.doer.clone(),
                EntityId::Case(id),
                Event::Case(event),
                Why::rule("hold.until"),
            )?;
            returned.push(RowResult::Updated(EntityId::Case(id)));
        }
        let label = format!("{} held cases are back in their queues.", returned.len());
        let mut done = Done::new(label).leaves_nothing();
        done.rows = returned;
        Ok(done)
    }

    fn label_of(&self, act: &CaseAct, case: &Case) -> String {
        let id = case.id;
        let name = |caseworker: CaseworkerId| self.work.directory.short_name(caseworker);
        match act {
            CaseAct::Screen(_) => format!("{id}: {}.", case.stage.label()),
            CaseAct::SetNature { nature, .. } => format!("{id} is a {} now.", nature.label()),
            CaseAct::SetSubject { .. } => format!("{id}: {}.", case.subject_label),
            CaseAct::Claim => format!("Claimed {id}."),
            CaseAct::Release => format!("{id} is free again."),
            CaseAct::Give { .. } => {
                let unit = self
                    .work
                    .directory
                    .units
                    .get(&case.unit)
                    .map(|unit| format!("{}'s queue", unit.name));
                format!(
                    "{id} is with {} now.",
                    case.owner.map_or_else(|| unit.unwrap_or_default(), name)
                )
            }
            CaseAct::Note { .. } => format!("Noted on {id}."),
            CaseAct::Reply { .. } => format!("Replied on {id}."),
            CaseAct::Hold { until, .. } => format!("{id} is on hold until {until}."),
            CaseAct::Resume => format!("{id} is off hold."),
            CaseAct::Escalate { .. } => {
                let to = case.open_escalation().map(|open| name(open.to)).unwrap_or_default();
                format!("{id} is escalated to {to}; it stays yours.")
            }
            CaseAct::AcknowledgeEscalation => {
                format!("{id}: the sender sees that you have seen it.")
            }
            CaseAct::AnswerEscalation { .. } => format!("{id}: answered."),
            CaseAct::WithdrawEscalation => format!("{id}: escalation taken back."),
            CaseAct::AddTask { .. } => format!("{id}: step added."),
            CaseAct::SetTask { is_done, .. } => {
                format!("{id}: step {}.", if *is_done { "done" } else { "to do again" })
            }
            CaseAct::Close { .. } => {
                format!(
                    "Closed {id}: {}.",
                    case.outcome.as_ref().map(|outcome| outcome.code.label()).unwrap_or_default()
                )
            }
            CaseAct::Reopen { .. } => format!("{id} is open again, and yours."),
        }
    }
}

/// The right that an act takes.
fn action_of(act: &CaseAct) -> Action {
    match act {
        CaseAct::Screen(_) => Action::Screen,
        CaseAct::SetNature { .. } | CaseAct::SetSubject { .. } => Action::Classify,
        CaseAct::Note { .. } => Action::NoteCase,
        CaseAct::Close { .. } => Action::Decide,
        CaseAct::Reopen { .. } => Action::Reopen,
        CaseAct::Claim
        | CaseAct::Release
        | CaseAct::Give { .. }
        | CaseAct::Reply { .. }
        | CaseAct::Hold { .. }
        | CaseAct::Resume
        | CaseAct::Escalate { .. }
        | CaseAct::AcknowledgeEscalation
        | CaseAct::AnswerEscalation { .. }
        | CaseAct::WithdrawEscalation
        | CaseAct::AddTask { .. }
        | CaseAct::SetTask { .. } => Action::WorkCase,
    }
}

/// Whether an act belongs to an escalation's sender or receiver, who may be of another unit than the case.
fn is_of_escalation(act: &CaseAct) -> bool {
    matches!(
        act,
        CaseAct::AcknowledgeEscalation
            | CaseAct::AnswerEscalation { .. }
            | CaseAct::WithdrawEscalation
    )
}

/// The reason that an act was given, for its events.
fn reason_of(act: &CaseAct) -> Option<String> {
    match act {
        CaseAct::SetNature { reason, .. }
        | CaseAct::SetSubject { reason, .. }
        | CaseAct::Reopen { reason } => Some(reason.clone()).filter(|reason| !reason.is_empty()),
        CaseAct::Escalate { reason, .. } => Some(reason.code().to_owned()),
        CaseAct::Hold { reason, .. } => Some(reason.code().to_owned()),
        CaseAct::Screen(ScreeningOutcome::Reject { reason, .. }) => Some(reason.code().to_owned()),
        CaseAct::Screen(_)
        | CaseAct::Claim
        | CaseAct::Release
        | CaseAct::Give { .. }
        | CaseAct::Note { .. }
        | CaseAct::Reply { .. }
        | CaseAct::Resume
        | CaseAct::AcknowledgeEscalation
        | CaseAct::AnswerEscalation { .. }
        | CaseAct::WithdrawEscalation
        | CaseAct::AddTask { .. }
        | CaseAct::SetTask { .. }
        | CaseAct::Close { .. } => None,
    }
}
