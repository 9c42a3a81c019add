//! Cases: taking in, opening, acting, claiming the next, and what rules do by themselves.

use std::sync::Arc;

use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::{
    self, About, Case, CaseAct, CaseContext, CasePlan, Direction as ContactDirection, EscalateTo,
    GiveTo, Happened, Intake, Nature, NewContact, PlanEvent, ReviewOutcome, ScreeningOutcome,
    Stage, Step, general_type,
};
use crate::domain::office::{
    Action, Caseworker, CaseworkerState, Confidentiality, Purpose, QueueKind, Resource,
};
use crate::domain::time::Calendar;
use crate::domain::{
    CaseId, CaseworkerId, Entity, EntityId, Event, QueueId, Refusal, SubjectCode, Ulid, UnitId,
};

use super::{Done, Run};

impl Run<'_> {
    /// The calendar of the actor's own unit.
    pub(super) fn calendar(&self) -> Result<Arc<Calendar>, DeskError> {
        self.calendar_of(self.doer.unit)
    }

    /// The calendar that a unit works by.
    pub(super) fn calendar_of(&self, unit: UnitId) -> Result<Arc<Calendar>, DeskError> {
        self.work.directory.calendar_of(unit)
    }

    pub(super) fn queue(&self, unit: UnitId, kind: QueueKind) -> Result<QueueId, DeskError> {
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
            passed: None,
            is_notified: false,
            next: None,
            screening: None,
            terms: Vec::new(),
            case_type: general_type(Nature::Request),
            plan: Box::new(CasePlan::none_yet(CaseId(0), general_type(Nature::Request).id.clone())),
            terms_set: Vec::new(),
        }
    }

    pub(super) fn authorise_case(
        &mut self,
        action: Action,
        id: CaseId,
    ) -> Result<Arc<Case>, DeskError> {
        self.authorise(action, &Resource::office())?;
        let case = self.work.case(id)?;
        self.check_is_seen(&case)?;
        self.authorise_on(action, &case, &Resource::of_case(&case))?;
        Ok(case)
    }

    /// As [`Self::authorise_case`], with the right in any unit: whoever was asked answers where the case is, and any unit
    /// opens what it may see.
    fn authorise_anywhere(&mut self, action: Action, id: CaseId) -> Result<Arc<Case>, DeskError> {
        self.authorise(action, &Resource::office())?;
        let case = self.work.case(id)?;
        self.check_is_seen(&case)?;
        self.authorise_on(action, &case, &Resource::of_case_anywhere(&case))?;
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
        let (number, label) = self.new_case(intake)?;
        let contact = self.new_contact(&NewContact {
            channel: intake.channel,
            direction: ContactDirection::In,
            person: intake.asked_by,
            started_at: intake.received_at,
            ended_at: self.doer.at,
            summary: intake.says.clone(),
            case: Some(number),
        })?;
        Ok(Done::new(label).made(vec![EntityId::Case(number), EntityId::Contact(contact)]))
    }

    /// Makes the case of an intake; gives its number and what the status line says of it.
    pub(super) fn new_case(&mut self, intake: &Intake) -> Result<(CaseId, String), DeskError> {
        let unit = self.doer.unit;
        self.authorise(Action::RegisterCase, &Resource::of_unit(unit))?;
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
        let number = self.work.next::<CaseId>();
        let ulid = Ulid::new(self.doer.at, u128::from_be_bytes(self.work.draw()));
        let event = cases::register(intake, number, ulid, queues, &label, household, &context)?;
        let id = EntityId::Case(number);
        self.work.expect_new(&id);
        self.work.happen(&self.doer.clone(), id, Event::Case(event), Why::default())?;
        self.settle_type(number, &Why::default())?;
        self.settle_terms(number)?;
        self.settle_confidentiality(number)?;
        self.enter_steps(number)?;
        self.follow(number)?;
        let case = self.work.case(number)?;
        if !case.stage.is_before_routing()
            && let Some(routed) = self.route_case(number)?
        {
            return Ok((number, format!("Registered as {number}. {routed}")));
        }
        let place = case
            .queue
            .and_then(|queue| self.work.directory.queues.get(&queue))
            .map(|queue| queue.name.clone());
        let opens = cases::opens_at(&calendar, self.doer.at).map_or_else(String::new, |opens| {
            let zone = calendar.zone();
            let (hour, minute) = zone.hour_minute(opens);
            let day = zone.day(opens).date().strftime("%a %-d %b");
            format!(" The unit opens {day} {hour:02}:{minute:02}.")
        });
        let label = format!("Registered as {number}, in {}.{opens}", place.unwrap_or_default());
        Ok((number, label))
    }

    pub(super) fn open_case(&mut self, id: CaseId, purpose: &Purpose) -> Result<Done, DeskError> {
        self.check_purpose_or_unasked(purpose)?;
        // What any unit lists it opens (R15): a right in one unit limits what is done there, not what is read.
        self.authorise_anywhere(Action::ReadCase, id)?;
        let now = self.current_case(id)?;
        if now != id {
            self.authorise_anywhere(Action::ReadCase, now)?;
        }
        // Both numbers were opened: what is shown are the histories of both.
        for opened in if now == id { vec![id] } else { vec![id, now] } {
            let case = self.work.case(opened)?;
            let why = self.why_case_opened(&case, purpose)?;
            let id = EntityId::Case(opened);
            let file = (&id, &Resource::of_case_anywhere(&case));
            self.check_is_for(Action::ReadCase, file, &why, purpose)?;
            self.opened(id, why)?;
        }
        let label = if now == id { String::new() } else { format!(" {id} was merged into it.") };
        Ok(Done::new(format!("Opened {now}.{label}")).about(EntityId::Case(now)).leaves_nothing())
    }

    pub(super) fn case_act(
        &mut self,
        id: CaseId,
        version: Option<u64>,
        act: &CaseAct,
    ) -> Result<Done, DeskError> {
        if let CaseAct::Merge { other, keeps, reason } = act {
            return self.merge_cases((id, version), *other, *keeps, reason);
        }
        let case = if is_of_escalation(act) {
            self.authorise_anywhere(action_of(act), id)?
        } else {
            self.authorise_case(action_of(act), id)?
        };
        if matches!(act, CaseAct::Claim) {
            // Who has it is all that a claim depends on: whatever else was changed since it was shown takes nothing away.
            self.check_is_not_taken(&case)?;
        } else {
            self.compare_case(&case, version, act)?;
        }
        self.check_stands(id)?;
        if let CaseAct::Reply { to, template, text } = act {
            return self.reply(&case, to, template.as_deref(), text);
        }
        if let CaseAct::CameBack { message, why } = act {
            return self.return_message(&case, *message, why);
        }
        if let CaseAct::Extend { .. } = act {
            return self.extend(&case, act);
        }
        let calendar = self.calendar_of(case.unit)?;
        let mut context = self.context_on(&calendar, &case)?;
        self.look_up(&case, act, &mut context)?;
        let happened = cases::decide(&case, act, &context)?;
        if let Some(above) = self.above_limit(&case, &context.plan, &happened) {
            return self.sign_first(&case, act, above);
        }
        let why = reason_of(act).map_or_else(Why::default, |reason| Why::reason(&reason));
        let is_decided = happened.iter().any(is_decision);
        self.happen_on(id, happened, &why)?;
        if matches!(act, CaseAct::Classify(_)) {
            self.go_on_classified(id, act, &why)?;
        }
        let routed = self.by_tables(&case, act)?;
        let now = self.work.case(id)?;
        if is_decided || now.is_open() != case.is_open() {
            self.lapse_signing(id)?;
        }
        // A unit that works by another calendar counts the clocks by that from then on.
        if now.unit != case.unit && self.calendar_of(now.unit)?.id() != calendar.id() {
            self.follow_calendar(id)?;
        }
        let mut label = self.label_of(act, &now);
        if let Some(routed) = routed {
            label = format!("{label} {routed}");
        }
        let done = Done::new(label).about(EntityId::Case(id));
        if matches!(act, CaseAct::Decide { .. }) {
            return Ok(done.not_undoable("it is signed; decide again (d) instead"));
        }
        Ok(done)
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
                self.look_ahead(case, act, context)?;
                if let ScreeningOutcome::DuplicateOf(of) = outcome {
                    self.seen_case(*of)?;
                }
            }
            CaseAct::Give { to, .. } => {
                let destination = self.destination(case, *to)?;
                context.destination = Some(destination);
                context.receiver = self.asked_after_transfer(destination.0);
            }
            CaseAct::Claim => {
                self.on_roster(self.doer.actor)?;
                self.check_roster(self.doer.actor, case.unit)?;
            }
            CaseAct::Reopen { .. } => {
                self.on_roster(self.doer.actor)?;
                context.destination = Some((case.unit, self.queue(case.unit, QueueKind::Inbox)?));
            }
            CaseAct::SetSubject { subject, .. } => context.subject = self.known(subject),
            CaseAct::Classify(class) => {
                self.look_ahead(case, act, context)?;
                context.subject = class.subject.as_ref().and_then(|code| self.known(code));
            }
            CaseAct::Review { .. } => self.look_ahead(case, act, context)?,
            CaseAct::Index { terms, .. } => {
                self.look_ahead(case, act, context)?;
                let known = terms.iter().filter_map(|term| self.known(term));
                context.terms = known.map(|(code, _)| code).collect();
            }
            CaseAct::Escalate { level, .. } => {
                let directory = &self.work.directory;
                let to = EscalateTo::Level(*level);
                context.receiver = directory.asked_about(case, to, self.doer.actor, self.today);
            }
            CaseAct::EscalateTo { to, .. } => {
                let directory = &self.work.directory;
                context.receiver = directory.asked_about(case, *to, self.doer.actor, self.today);
            }
            CaseAct::Close { .. } | CaseAct::CloseAs { .. } => {
                context.is_notified = self.is_notified(case)?;
            }
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
            | CaseAct::SetTask { .. }
            | CaseAct::CameBack { .. }
            | CaseAct::Park { .. }
            | CaseAct::Merge { .. }
            | CaseAct::SetFields { .. }
            | CaseAct::AddPlanned { .. }
            | CaseAct::Extend { .. }
            | CaseAct::Decide { .. } => {}
        }
        Ok(())
    }

    /// A subject that cases can still get, with its label.
    pub(super) fn known(&self, code: &SubjectCode) -> Option<(SubjectCode, String)> {
        let known = self.work.directory.subjects.get(code).filter(|known| !known.is_retired);
        known.map(|known| (known.code.clone(), known.label.clone()))
    }

    /// Unit and queue of whoever a case is given to. Work that is not routed yet stays in its step.
    fn destination(&mut self, case: &Case, to: GiveTo) -> Result<(UnitId, QueueId), DeskError> {
        let step = Step::of(case.stage);
        let kind = step.map_or(QueueKind::Inbox, Step::queue);
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
                    let resource = Resource { unit: Some(unit), ..Resource::of_case(case) };
                    let mut rights = step.map(Step::right).into_iter().chain([Action::WorkCase]);
                    let sight = self.sight_of(&receiver);
                    let is_closed = self.work.directory.conflicts.closes_case(receiver.id, case);
                    !is_closed && rights.any(|right| sight.may(right, &resource))
                };
                let mut held = self.work.directory.standing(&receiver).in_force(self.today);
                let is_of_unit = held.any(|(_, held)| held.unit == Some(case.unit));
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
                self.check_roster(caseworker, unit)?;
                Ok((unit, self.queue(unit, kind)?))
            }
        }
    }

    fn label_of(&self, act: &CaseAct, case: &Case) -> String {
        let id = case.id;
        let name = |caseworker: CaseworkerId| self.work.directory.short_name(caseworker);
        match act {
            CaseAct::Screen(_) | CaseAct::Review { .. } => {
                format!("{id}: {}.", stands(case.stage))
            }
            CaseAct::Classify(_) => {
                let (nature, subject) = (case.nature.label(), &case.subject_label);
                format!("{id}: {nature}, {subject}; {}.", stands(case.stage))
            }
            CaseAct::Index { terms, .. } => {
                let terms = match terms.len() {
                    1 => "1 index term".to_owned(),
                    count => format!("{count} index terms"),
                };
                format!("{id}: {terms}; {}.", stands(case.stage))
            }
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
            CaseAct::CameBack { message, .. } => format!("{message} came back."),
            CaseAct::Hold { until, .. } => format!("{id} is on hold until {until}."),
            CaseAct::Resume => format!("{id} is off hold."),
            CaseAct::Park { .. } => {
                let until = case.hold.as_ref().map(|hold| hold.until.to_string());
                let until = until.unwrap_or_default();
                format!("{id} is parked until the unit opens, {until}; its clocks run.")
            }
            CaseAct::Escalate { .. } | CaseAct::EscalateTo { .. } => {
                let to = case.open_escalation().map(|open| name(open.to)).unwrap_or_default();
                format!("{id} is escalated to {to}; it stays yours.")
            }
            CaseAct::AcknowledgeEscalation => {
                format!("{id}: the sender sees that you have seen it.")
            }
            CaseAct::AnswerEscalation { .. } => format!("{id}: answered."),
            CaseAct::WithdrawEscalation => format!("{id}: escalation taken back."),
            CaseAct::AddTask { .. } | CaseAct::AddPlanned { .. } => format!("{id}: step added."),
            CaseAct::SetTask { is_done, .. } => {
                format!("{id}: step {}.", if *is_done { "done" } else { "to do again" })
            }
            CaseAct::SetFields { fields } if fields.len() == 1 => format!("{id}: a field is kept."),
            CaseAct::SetFields { fields } => format!("{id}: {} fields are kept.", fields.len()),
            CaseAct::Decide { .. } => {
                format!("{id} is decided; tell the citizen (r), then close (x).")
            }
            CaseAct::Extend { clock, .. } => format!("{id}: {} is extended.", clock.label()),
            CaseAct::Close { .. } | CaseAct::CloseAs { .. } => {
                format!(
                    "Closed {id}: {}.",
                    case.outcome.as_ref().map(|outcome| outcome.code.label()).unwrap_or_default()
                )
            }
            CaseAct::Reopen { .. } => format!("{id} is open again, and yours."),
            CaseAct::Merge { other, .. } => format!("{id} and {other} are one."),
        }
    }
}

/// The right that an act takes.
pub(super) fn action_of(act: &CaseAct) -> Action {
    match act {
        CaseAct::Screen(_) => Action::Screen,
        CaseAct::SetNature { .. }
        | CaseAct::SetSubject { .. }
        | CaseAct::Classify(_)
        | CaseAct::Index { .. } => Action::Classify,
        CaseAct::Review { .. } => Action::Review,
        CaseAct::Note { .. } | CaseAct::CameBack { .. } => Action::NoteCase,
        CaseAct::Close { .. } | CaseAct::CloseAs { .. } | CaseAct::Decide { .. } => Action::Decide,
        CaseAct::Reopen { .. } => Action::Reopen,
        CaseAct::Merge { .. } => Action::Merge,
        CaseAct::Claim
        | CaseAct::Release
        | CaseAct::Give { .. }
        | CaseAct::Reply { .. }
        | CaseAct::Hold { .. }
        | CaseAct::Resume
        | CaseAct::Escalate { .. }
        | CaseAct::EscalateTo { .. }
        | CaseAct::Park { .. }
        | CaseAct::AcknowledgeEscalation
        | CaseAct::AnswerEscalation { .. }
        | CaseAct::WithdrawEscalation
        | CaseAct::AddTask { .. }
        | CaseAct::SetTask { .. }
        | CaseAct::SetFields { .. }
        | CaseAct::Extend { .. }
        | CaseAct::AddPlanned { .. } => Action::WorkCase,
    }
}

/// Whether a decision was made.
fn is_decision(happened: &Happened) -> bool {
    matches!(happened, Happened::Plan(PlanEvent::Decided(_)))
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
        | CaseAct::Extend { reason, .. }
        | CaseAct::Reopen { reason } => Some(reason.clone()).filter(|reason| !reason.is_empty()),
        CaseAct::Escalate { reason, .. } | CaseAct::EscalateTo { reason, .. } => {
            Some(reason.code().to_owned())
        }
        CaseAct::Hold { reason, .. } => Some(reason.code().to_owned()),
        CaseAct::Screen(ScreeningOutcome::Reject { reason, .. }) => Some(reason.code().to_owned()),
        CaseAct::CameBack { why, .. } => Some(why.clone()),
        CaseAct::Classify(class) => Some(class.reason.clone()).filter(|it| !it.is_empty()),
        CaseAct::Review { outcome: ReviewOutcome::Reject { reason, .. }, .. } => {
            Some(reason.code().to_owned())
        }
        CaseAct::Review { .. }
        | CaseAct::Index { .. }
        | CaseAct::Screen(_)
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
        | CaseAct::Merge { .. }
        | CaseAct::SetFields { .. }
        | CaseAct::AddPlanned { .. }
        | CaseAct::Decide { .. }
        | CaseAct::CloseAs { .. }
        | CaseAct::Park { .. }
        | CaseAct::Close { .. } => None,
    }
}

/// Where a case stands after a step: the step that it waits for, else its stage.
fn stands(stage: Stage) -> String {
    match Step::of(stage).filter(|step| step.stage() == stage) {
        Some(step) => format!("to {}", step.label()),
        None => stage.label().to_owned(),
    }
}
