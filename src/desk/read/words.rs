//! Events in words: one line of a timeline, and the text behind it.

use crate::desk::answer::TimelineEntry;
use crate::domain::cases::{
    Brought, Case, CaseEvent, Direction, EscalationState, MessageState, PlanEvent, claimed_as_next,
};
use crate::domain::event::{ContactEvent, MessageEvent};
use crate::domain::people::{PersonChange, PersonEvent};
use crate::domain::{CaseId, Event, EventRecord, PersonId};

use super::Reader;

/// Characters of a line of words; the whole text stands behind it.
const WORDS_MAX: usize = 160;

impl Reader<'_> {
    /// A timeline entry, or nothing for readings: they are in the audit trail, and would bury what was done.
    pub(super) fn entry(&self, record: &EventRecord) -> Option<TimelineEntry> {
        let (kind, words, text) = match &record.event {
            // What was decided is told by the plan's own event, and what was passed on by the case's.
            Event::Plan(PlanEvent::Watched(_) | PlanEvent::Transferred)
            | Event::Case(CaseEvent::Decided)
            | Event::Opened
            | Event::LookedBack(_)
            | Event::AuditRead(_)
            | Event::Distinction(_)
            | Event::DuplicatesListed
            | Event::Answer(_)
            | Event::Merge(_)
            | Event::Message(MessageEvent::Queued(_))
            | Event::Office(_)
            | Event::Household(_)
            | Event::Publication(_)
            | Event::Rights(_)
            | Event::Emergency(_)
            | Event::UnitProfile(_)
            | Event::Purpose(_)
            | Event::TurnedAway
            | Event::Service(_) => return None,
            Event::Case(event) => self.case_words(record, event),
            Event::Person(event) => (String::from("file"), self.person_words(event), String::new()),
            Event::Contact(ContactEvent::Held(held)) => (
                format!("{} {}", held.channel.glyph(), held.direction.label()),
                first_line(&held.summary),
                held.summary.clone(),
            ),
            Event::Contact(ContactEvent::Annulled) => {
                (String::from("undo"), String::from("the contact was taken back"), String::new())
            }
            Event::Promise(event) => {
                (String::from("promise"), self.promise_words(&record.entity, event), String::new())
            }
            Event::Plan(PlanEvent::RungClimbed { .. }) => {
                let words = record.reason.clone()?;
                (String::from("clock"), words, String::new())
            }
            Event::Plan(event) => self.plan_words(&record.entity, event)?,
            Event::Signing(event) => self.signing_words(&record.entity, event)?,
            Event::Contact(_) => (record.event.label().to_owned(), String::new(), String::new()),
            Event::Message(MessageEvent::StateSet(state)) => {
                (String::from("message"), message_words(state), String::new())
            }
            Event::SlipPrinted => {
                (String::from("slip"), String::from("printed with a new PIN"), String::new())
            }
            Event::StatusAsked { is_right: true } => {
                (String::from("status"), String::from("told by reference and PIN"), String::new())
            }
            Event::StatusAsked { is_right: false } => {
                (String::from("status"), String::from("asked with a wrong PIN"), String::new())
            }
            Event::Revealed { fields } => (String::from("shown"), fields.join(", "), String::new()),
        };
        let who = match &record.rule {
            // The rules of types, tables and ladders name a text and its version.
            Some(rule)
                if matches!(rule.as_str(), "outbox" | "hold.until" | "promise.late")
                    || rule.contains('@')
                    || rule.contains('/') =>
            {
                "system".to_owned()
            }
            // A row of a table, or a rule of a type: `routing@1/r4`.
            Some(rule) if rule.contains('@') => "system".to_owned(),
            _ => self.directory.short_name(record.actor),
        };
        let who = match &record.on_behalf_of {
            Some(account) => format!("{who} ({account})"),
            None => who,
        };
        Some(TimelineEntry { at: record.at, sequence: record.sequence, kind, who, words, text })
    }

    /// The entries of a case's records, which come newest first. A step has its title, back to where something was put
    /// back: before that, another step may have had its number.
    pub(super) fn case_entries(&self, case: &Case, records: &[EventRecord]) -> Vec<TimelineEntry> {
        let mut is_as_now = true;
        let mut entries = Vec::new();
        for record in records {
            let Some(mut entry) = self.entry(record) else { continue };
            if let Event::Case(CaseEvent::Reverted { .. } | CaseEvent::GaveBack { .. }) =
                &record.event
            {
                is_as_now = false;
            }
            if let Event::Case(CaseEvent::TaskSet { index, is_done }) = &record.event
                && is_as_now
            {
                let index = usize::try_from(*index).ok();
                if let Some(task) = index.and_then(|index| case.tasks.get(index)) {
                    entry.words = format!("{}: {}", done_words(*is_done), task.title);
                }
            }
            entries.push(entry);
        }
        entries
    }

    #[expect(clippy::too_many_lines, reason = "one table: a line or two for each event")]
    fn case_words(&self, record: &EventRecord, event: &CaseEvent) -> (String, String, String) {
        let name = |id| self.directory.short_name(id);
        let reason =
            || record.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let (kind, words, text) = match event {
            CaseEvent::Registered(case) => ("intake", first_line(&case.asks), case.asks.clone()),
            CaseEvent::Imported(case) => ("import", first_line(&case.asks), case.asks.clone()),
            CaseEvent::ImportUpdated(case) => {
                ("import", "the source changed it".to_owned(), case.asks.clone())
            }
            CaseEvent::Accepted { .. } => ("screen", "accepted".to_owned(), String::new()),
            CaseEvent::StepEntered { stage, .. } => {
                ("screen", format!("goes on to: {}", stage.label()), String::new())
            }
            CaseEvent::PlaceSet(place) => {
                ("place", format!("{} {}", place.text, place.area), String::new())
            }
            CaseEvent::InfoAsked { ask } => ("screen", format!("needs: {ask}"), String::new()),
            CaseEvent::FoundDuplicate { of } => {
                ("screen", format!("the same as {}", self.other_case(*of)), String::new())
            }
            CaseEvent::ReferredOut { agency } => {
                ("screen", format!("not ours: {agency}"), String::new())
            }
            CaseEvent::Rejected { reason, words } => {
                ("screen", format!("rejected, {}: {words}", reason.label()), String::new())
            }
            CaseEvent::NatureSet { from, to, .. } => (
                "nature",
                format!("{} instead of {}{}", to.label(), from.label(), reason()),
                String::new(),
            ),
            CaseEvent::SubjectSet { subject, label } => {
                ("subject", format!("{subject} {label}{}", reason()), String::new())
            }
            // Who took it stands before the words.
            // The place that it had counts cases that a reader may not know of: `casedesk fairness` says it to whoever may
            // see them all.
            CaseEvent::Claimed { .. } | CaseEvent::ClaimedInTurn { .. } => {
                let next = claimed_as_next(event).map_or("", |_by| "the next in its order");
                ("claim", next.to_owned(), String::new())
            }
            CaseEvent::Released => ("claim", "put back".to_owned(), String::new()),
            CaseEvent::Given { unit, owner, words, .. } => {
                let unit = self
                    .directory
                    .units
                    .get(unit)
                    .map(|unit| unit.name.clone())
                    .unwrap_or_default();
                let to = owner.map_or(unit, name);
                (
                    "give",
                    if words.is_empty() { format!("to {to}") } else { format!("to {to}: {words}") },
                    String::new(),
                )
            }
            CaseEvent::Noted { text } => ("note", first_line(text), text.clone()),
            CaseEvent::Replied { message, channel, excerpt } => {
                return (
                    format!("{} out", channel.glyph()),
                    format!("{message}: {excerpt}"),
                    self.message_text(*message),
                );
            }
            CaseEvent::MessageDelivered { message, failure: None } => {
                ("sent", format!("{message} handed over"), String::new())
            }
            CaseEvent::MessageDelivered { message, failure: Some(why) } => {
                ("FAILED", format!("{message}: {why}"), self.message_text(*message))
            }
            CaseEvent::Held(hold) => {
                let words =
                    if hold.words.is_empty() { String::new() } else { format!(": {}", hold.words) };
                (
                    "hold",
                    format!("on until {}, {}{words}", hold.until, hold.reason.label()),
                    String::new(),
                )
            }
            CaseEvent::Resumed { is_by_date, .. } => (
                "hold",
                if *is_by_date { "off, its day has come" } else { "off" }.to_owned(),
                String::new(),
            ),
            CaseEvent::Escalated(escalation) => (
                "escal",
                format!(
                    "to {} ({}): {}",
                    name(escalation.to),
                    escalation.reason.label(),
                    first_line(&escalation.ask)
                ),
                escalation.ask.clone(),
            ),
            CaseEvent::EscalationAcknowledged => ("escal", "seen".to_owned(), String::new()),
            CaseEvent::EscalationAnswered { answer } => {
                ("answer", first_line(answer), answer.clone())
            }
            CaseEvent::EscalationWithdrawn => ("escal", "taken back".to_owned(), String::new()),
            CaseEvent::EscalationLapsed => {
                ("escal", "gives way to a higher level".to_owned(), String::new())
            }
            CaseEvent::EscalationPassed { to } => {
                ("escal", format!("passed on to {}{}", name(*to), reason()), String::new())
            }
            CaseEvent::TaskAdded { title, .. } => {
                ("step", format!("added: {title}"), String::new())
            }
            CaseEvent::TaskSet { index, is_done } => {
                ("step", format!("{} {}", index + 1, done_words(*is_done)), String::new())
            }
            CaseEvent::ContactAdded { contact, channel, summary } => {
                let contact_held = self.contact(*contact).map(|contact| contact.held.direction);
                let direction = contact_held.unwrap_or(Direction::In);
                return (
                    format!("{} {}", channel.glyph(), direction.label()),
                    // A call that nobody has put into words yet is named by its number alone.
                    match first_line(summary) {
                        words if words.is_empty() => contact.to_string(),
                        words => format!("{contact}: {words}"),
                    },
                    summary.clone(),
                );
            }
            CaseEvent::Closed(outcome) => {
                let words = match (&outcome.not_notified, outcome.reasons.is_empty()) {
                    (Some(why), _) => format!("{}; not told: {why}", outcome.code.label()),
                    (None, true) => outcome.code.label().to_owned(),
                    (None, false) => {
                        format!("{}: {}", outcome.code.label(), first_line(&outcome.reasons))
                    }
                };
                ("closed", words, outcome.reasons.clone())
            }
            CaseEvent::Reopened { .. } => {
                ("reopen", record.reason.clone().unwrap_or_default(), String::new())
            }
            CaseEvent::Reverted { label, .. } => {
                ("undo", format!("taken back: {label}"), String::new())
            }
            CaseEvent::ReplyRecalled { message, .. } => {
                ("undo", format!("{message} was recalled"), String::new())
            }
            CaseEvent::MessageReturned { message, why } => {
                ("RETURN", format!("{message} came back: {why}"), self.message_text(*message))
            }
            CaseEvent::Annulled { .. } => {
                ("undo", "taken back: its registration".to_owned(), String::new())
            }
            CaseEvent::MergedInto { merge, case } => {
                let case = self.other_case(*case);
                ("merge", format!("into {case}, {merge}{}", reason()), String::new())
            }
            CaseEvent::MergedFrom { merge, case, brought } => {
                let (case, words) = (self.other_case(*case), brought_words(brought));
                ("merge", format!("with {case}, {merge}{}{words}", reason()), String::new())
            }
            CaseEvent::TakenOut { merge, case, .. } => {
                let case = self.other_case(*case);
                ("merge", format!("out of {case} again, {merge}{}", reason()), String::new())
            }
            CaseEvent::TypeSet { to, .. } => {
                ("type", format!("{}{}", self.type_words(to), reason()), String::new())
            }
            CaseEvent::ClocksSet { begun, met, .. } => {
                ("clock", super::plan_words::clock_words(begun, met), String::new())
            }
            CaseEvent::Decided => ("decide", "decided".to_owned(), String::new()),
            CaseEvent::Notified => {
                ("told", "the citizen knows of the decision".to_owned(), String::new())
            }
            CaseEvent::GaveBack { merge, case, .. } => {
                let case = self.other_case(*case);
                ("merge", format!("parted from {case}, {merge}{}", reason()), String::new())
            }
            CaseEvent::Routed { queue, told, .. } => {
                let rule = record.rule.as_deref().unwrap_or_default();
                ("route", self.routed_words(*queue, *told, rule), String::new())
            }
            CaseEvent::ConfidentialitySet { from, to } => {
                let rule = record.rule.as_deref().unwrap_or_default();
                let words = format!("{} instead of {} ({rule})", to.label(), from.label());
                ("secrecy", words, String::new())
            }
            CaseEvent::ClocksMoved { .. } => {
                let rule = record.rule.as_deref().unwrap_or_default();
                ("clock", format!("due dates counted anew ({rule})"), String::new())
            }
            CaseEvent::Extended { clocks, clock, reason, not_told } => {
                let words = self.extended_words(clocks, *clock, not_told.as_deref());
                ("clock", words, reason.clone())
            }
        };
        (kind.to_owned(), words, text)
    }

    /// Where a case was routed, and by which row; or that no row could place it, and who was told.
    fn routed_words(
        &self,
        queue: crate::domain::QueueId,
        told: Option<crate::domain::CaseworkerId>,
        rule: &str,
    ) -> String {
        let queue = self.directory.queues.get(&queue);
        let unit = queue.and_then(|queue| self.directory.units.get(&queue.unit));
        let unit = unit.map_or("", |unit| unit.name.as_str());
        let name = queue.map_or("", |queue| queue.name.as_str());
        match told {
            Some(told) => {
                let told = self.directory.short_name(told);
                format!("no rule fits: {name} of {unit}, {told} is told ({rule})")
            }
            None => format!("to {unit}, {name} ({rule})"),
        }
    }

    /// The number of another case; of one that the actor may not see, that it is another one.
    fn other_case(&self, id: CaseId) -> String {
        match self.case(id) {
            Ok(case) if self.may_see(&case) => id.to_string(),
            _ => "another case".to_owned(),
        }
    }

    fn person_words(&self, event: &PersonEvent) -> String {
        match event {
            PersonEvent::Registered(_) => "registered".to_owned(),
            PersonEvent::Changed { change, provenance } => {
                format!("{} changed, {}", changed(change), provenance.source)
            }
            PersonEvent::Reverted(_) => "a change was undone".to_owned(),
            PersonEvent::Annulled => "registration undone".to_owned(),
            PersonEvent::MergedInto { merge, person } => {
                format!("merged into {}, {merge}", self.other_person(*person))
            }
            PersonEvent::MergedFrom { merge, person, .. } => {
                format!("merged with {}, {merge}", self.other_person(*person))
            }
            PersonEvent::TakenOut { merge, .. } => format!("stands for itself again, {merge}"),
            PersonEvent::GaveBack { merge, person, .. } => {
                format!("parted from {}, {merge}", self.other_person(*person))
            }
        }
    }

    /// The number of another person; of one that the actor may not see, that it is another one.
    fn other_person(&self, id: PersonId) -> String {
        match self.person(id) {
            Ok(person) if self.may_see_record(&person) => id.to_string(),
            _ => "another person".to_owned(),
        }
    }

    fn message_text(&self, id: crate::domain::MessageId) -> String {
        self.message(id).map(|message| message.text).unwrap_or_default()
    }
}

fn done_words(is_done: bool) -> &'static str {
    if is_done { "done" } else { "to do again" }
}

/// The field that a change is of.
fn changed(change: &PersonChange) -> &'static str {
    match change {
        PersonChange::Name { .. } => "name",
        PersonChange::BirthDate(_) => "birth date",
        PersonChange::Gender(_) => "gender",
        PersonChange::Identity { .. } => "id number",
        PersonChange::ContactPoint { .. } => "number or e-mail",
        PersonChange::ContactPointState { .. } => "state of a number or e-mail",
        PersonChange::Address(_) => "address",
        PersonChange::AddressState(_) => "state of the address",
        PersonChange::FormOfAddress(_) => "form of address",
        PersonChange::Languages(_) => "languages",
        PersonChange::PreferredChannel(_) => "preferred way",
        PersonChange::Needs(_) => "needs",
        PersonChange::Deceased(_) => "day of death",
        PersonChange::Note(_) => "notes",
        PersonChange::Relationship(_) | PersonChange::RelationshipEnded { .. } => "relatives",
        PersonChange::Household(_) => "household",
        PersonChange::Confidentiality(_) => "who may see the file",
    }
}

/// What a merge brought, as far as it changed the survivor.
fn brought_words(brought: &Brought) -> String {
    let counted = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let brought: Vec<String> = [
        counted(brought.roles.len(), "party", "parties"),
        counted(brought.steps.len(), "step", "steps"),
        brought.clock.as_ref().map(|_| "its earlier legal limit".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if brought.is_empty() { String::new() } else { format!("; brought {}", brought.join(", ")) }
}

fn message_words(state: &MessageState) -> String {
    match state {
        MessageState::Failed { why, .. } => format!("failed: {why}"),
        MessageState::Undelivered { why, .. } => format!("came back: {why}"),
        MessageState::Queued
        | MessageState::Sent(_)
        | MessageState::Recalled(_)
        | MessageState::Waiting { .. }
        | MessageState::Superseded { .. } => state.label().to_owned(),
    }
}

/// The first line of a text that says anything.
pub(super) fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let end = line.char_indices().nth(WORDS_MAX).map_or(line.len(), |(end, _)| end);
    line.get(..end).unwrap_or(line).to_owned()
}

/// What an escalation says to whoever looks at the case.
pub(super) fn escalation_words(state: &EscalationState) -> &'static str {
    match state {
        EscalationState::Raised => "not seen yet",
        EscalationState::Acknowledged(_) => "seen",
        EscalationState::Answered { .. } => "answered",
        EscalationState::Withdrawn(_) => "taken back",
        EscalationState::Lapsed(_) => "asked higher up",
    }
}
