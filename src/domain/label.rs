//! What each event is called in the audit trail: a few words that tell what was done and nothing of what was said.

use super::answers::AnswerEvent;
use super::cases::{CaseEvent, MessageState, PlanEvent, SignedAct, SigningEvent};
use super::event::{ContactEvent, Event, HouseholdEvent, MessageEvent, PromiseEvent, ServiceEvent};
use super::merge::MergeEvent;
use super::office::OfficeEvent;
use super::office::{EmergencyEvent, PurposeEvent, RightsEvent, UnitProfileEvent};
use super::people::{DistinctionEvent, PersonEvent};
use super::rules::PublicationEvent;

impl Event {
    /// What was done, in a few words that hold nothing of the record.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Office(event) => office(event),
            Self::Person(event) => person(event),
            Self::Household(HouseholdEvent::Formed(_)) => "household formed",
            Self::Household(HouseholdEvent::Reverted(_)) => "household put back",
            Self::Household(HouseholdEvent::Annulled) => "household annulled",
            Self::Case(event) => case(event),
            Self::Contact(event) => contact(event),
            Self::Message(MessageEvent::Queued(_)) => "message queued",
            Self::Message(MessageEvent::StateSet(state)) => match state {
                MessageState::Queued => "message queued again",
                MessageState::Sent(_) => "message sent",
                MessageState::Failed { .. } => "message failed",
                MessageState::Recalled(_) => "message recalled",
                MessageState::Waiting { .. } => "message waits",
                MessageState::Undelivered { .. } => "message came back",
                MessageState::Superseded { .. } => "message written again",
            },
            Self::Service(ServiceEvent::Delivered(_)) => "service recorded",
            Self::Service(ServiceEvent::Reversed) => "service reversed",
            Self::Opened => "file opened",
            Self::Revealed { .. } => "fields revealed",
            Self::LookedBack(_) => "office looked at as it was",
            Self::AuditRead(reading) if reading.is_export => "audit trail exported",
            Self::AuditRead(_) => "audit trail read",
            Self::Distinction(DistinctionEvent::Told) => "people told apart",
            Self::Distinction(DistinctionEvent::Withdrawn) => "may be the same again",
            Self::DuplicatesListed => "duplicates listed",
            Self::Promise(event) => promise(event),
            Self::Answer(AnswerEvent::TemplateSet(_)) => "template set",
            Self::Answer(AnswerEvent::ModuleSet(_)) => "text module set",
            Self::Answer(AnswerEvent::RecallSet(_)) => "waiting time of replies set",
            Self::SlipPrinted => "receipt slip printed",
            Self::StatusAsked { is_right: true } => "status told",
            Self::StatusAsked { is_right: false } => "status asked with a wrong PIN",
            Self::Merge(MergeEvent::Made(_)) => "merged",
            Self::Merge(MergeEvent::Parted { .. }) => "merge taken apart",
            Self::Merge(MergeEvent::Reverted(_)) => "merge put back",
            Self::Publication(PublicationEvent::Proposed { .. }) => "rules proposed",
            Self::Publication(PublicationEvent::Published) => "rules published",
            Self::Publication(PublicationEvent::Withdrawn) => "proposal taken back",
            Self::Plan(event) => plan(event),
            Self::Rights(event) => rights(event),
            Self::Emergency(event) => match event {
                EmergencyEvent::Opened { .. } => "emergency access",
                EmergencyEvent::Ended => "emergency access given back",
                EmergencyEvent::Reviewed { .. } => "emergency access reviewed",
            },
            Self::UnitProfile(event) => match event {
                UnitProfileEvent::ZoneSet(_) => "zone set",
                UnitProfileEvent::SitesSet(_) => "sites set",
                UnitProfileEvent::RosterSet(_) => "roster set",
                UnitProfileEvent::NamesHidden(_) => "names of free cases",
                UnitProfileEvent::KnownContactSet(_) => "contact for other units",
                UnitProfileEvent::Reverted(_) => "profile put back",
                UnitProfileEvent::Annulled => "profile annulled",
            },
            Self::TurnedAway => "turned away from a closed file",
            Self::Signing(event) => signing(event),
            Self::Purpose(PurposeEvent::Set { .. }) => "purpose set",
            Self::Purpose(PurposeEvent::RetiredFrom(_)) => "purpose retired",
        }
    }
}

fn signing(event: &SigningEvent) -> &'static str {
    match event {
        SigningEvent::Signed(SignedAct::Decision { .. }) => "decision signed by one",
        SigningEvent::Signed(SignedAct::Edit { .. }) => "edit of a closed case signed by one",
        SigningEvent::Countersigned => "countersigned",
        SigningEvent::SentBack { .. } => "signature sent back",
        SigningEvent::Withdrawn => "signature taken back",
        SigningEvent::Lapsed => "signature lapsed",
        SigningEvent::Reverted(_) => "signature put back",
    }
}

fn rights(event: &RightsEvent) -> &'static str {
    match event {
        RightsEvent::PersonLinked(_) => "linked to a person",
        RightsEvent::GroupsSeen(_) => "groups of the system",
        RightsEvent::GrantsSet(_) => "narrower rights set",
        RightsEvent::SigningLimitSet(_) => "signing limit set",
        RightsEvent::GroupUnitSet(_) => "unit of newcomers set",
    }
}

fn plan(event: &PlanEvent) -> &'static str {
    match event {
        PlanEvent::Begun { .. } => "case type set",
        PlanEvent::StageEntered { .. } => "stage entered",
        PlanEvent::StageLeft { .. } => "stage left",
        PlanEvent::MilestoneReached { .. } => "milestone reached",
        PlanEvent::TaskPlanned(_) => "step planned",
        PlanEvent::FieldSet { .. } => "field filled in",
        PlanEvent::Indexed { .. } => "indexed",
        PlanEvent::Fired(_) => "rule fired",
        PlanEvent::Screened => "screened",
        PlanEvent::Reviewed { .. } => "reviewed",
        PlanEvent::Suggested(_) => "class suggested",
        PlanEvent::Decided(_) => "decided",
        PlanEvent::Transferred => "passed to another unit",
        PlanEvent::RungClimbed { .. } => "rung of the ladder",
        PlanEvent::Watched(_) => "next look at its clocks",
        PlanEvent::Reverted(_) => "plan put back",
        PlanEvent::Annulled => "plan annulled",
        PlanEvent::Reopened { .. } => "plan taken up again",
        PlanEvent::InfoAwaited(_) => "answer awaited",
        PlanEvent::InfoReminded => "reminder due",
        PlanEvent::InfoEnded => "answer awaited no more",
        PlanEvent::HistoryTaken { .. } => "history taken over",
    }
}

fn contact(event: &ContactEvent) -> &'static str {
    match event {
        ContactEvent::Held(_) => "contact recorded",
        ContactEvent::Annulled => "contact annulled",
        ContactEvent::Started(_) => "contact begun",
        ContactEvent::PersonSet(_) => "contact with",
        ContactEvent::CaseAdded(_) => "contact on case",
        ContactEvent::Verified(_) => "caller verified",
        ContactEvent::SameChosen(_) => "found the same",
        ContactEvent::Ended { .. } => "contact ended",
        ContactEvent::Reverted(_) => "contact put back",
        ContactEvent::SummarySet(_) => "contact summed up",
    }
}

fn promise(event: &PromiseEvent) -> &'static str {
    match event {
        PromiseEvent::Made(_) => "promise made",
        PromiseEvent::Attempted => "promise tried",
        PromiseEvent::Kept { .. } => "promise kept",
        PromiseEvent::Broken { .. } => "promise broken",
        PromiseEvent::Released { .. } => "promise released",
        PromiseEvent::Given { .. } => "promise given",
        PromiseEvent::Reverted(_) => "promise put back",
        PromiseEvent::Annulled => "promise annulled",
        PromiseEvent::Breached { .. } => "promise late",
    }
}

fn office(event: &OfficeEvent) -> &'static str {
    match event {
        OfficeEvent::OfficeSet { .. } => "office set",
        OfficeEvent::UnitOpened(_) => "unit opened",
        OfficeEvent::UnitLed { .. } => "unit led",
        OfficeEvent::QueueOpened(_) => "queue opened",
        OfficeEvent::CaseworkerEnrolled(_) => "caseworker enrolled",
        OfficeEvent::GrantsSet(_) => "grants set",
        OfficeEvent::CaseworkerStateSet(_) => "presence set",
        OfficeEvent::SubjectDefined { .. } => "subject defined",
        OfficeEvent::UnitRenamed(_) => "unit renamed",
        OfficeEvent::UnitMoved(_) => "unit moved",
        OfficeEvent::CoverLost { .. } => "queues not covered",
        OfficeEvent::CoverFound => "queues covered again",
        OfficeEvent::WorkReturned { .. } => "work returned to the queue",
        OfficeEvent::DraftTaken { .. } => "draft taken over",
    }
}

fn person(event: &PersonEvent) -> &'static str {
    match event {
        PersonEvent::Registered(_) => "person registered",
        PersonEvent::Changed { .. } => "person changed",
        PersonEvent::Reverted(_) => "person put back",
        PersonEvent::Annulled => "person annulled",
        PersonEvent::MergedInto { .. } => "person merged into another",
        PersonEvent::MergedFrom { .. } => "person merged with another",
        PersonEvent::TakenOut { .. } => "person taken out of another",
        PersonEvent::GaveBack { .. } => "person parted from another",
    }
}

fn case(event: &CaseEvent) -> &'static str {
    match event {
        CaseEvent::Registered(_) => "case registered",
        CaseEvent::Imported(_) => "case imported",
        CaseEvent::ImportUpdated(_) => "case updated by its source",
        CaseEvent::Accepted { .. } => "case accepted",
        CaseEvent::InfoAsked { .. } => "citizen asked",
        CaseEvent::FoundDuplicate { .. } => "case found a duplicate",
        CaseEvent::ReferredOut { .. } => "case referred out",
        CaseEvent::Rejected { .. } => "case rejected",
        CaseEvent::NatureSet { .. } => "nature set",
        CaseEvent::SubjectSet { .. } => "subject set",
        CaseEvent::Claimed { .. } | CaseEvent::ClaimedInTurn { .. } => "case claimed",
        CaseEvent::Released => "case released",
        CaseEvent::Given { .. } => "case given",
        CaseEvent::Noted { .. } => "case noted on",
        CaseEvent::Replied { .. } => "reply written",
        CaseEvent::MessageDelivered { failure: None, .. } => "reply handed over",
        CaseEvent::MessageDelivered { failure: Some(_), .. } => "reply failed",
        CaseEvent::Held(_) => "case held",
        CaseEvent::Resumed { .. } => "case resumed",
        CaseEvent::Escalated(_) => "case escalated",
        CaseEvent::EscalationAcknowledged => "escalation seen",
        CaseEvent::EscalationAnswered { .. } => "escalation answered",
        CaseEvent::EscalationWithdrawn => "escalation withdrawn",
        CaseEvent::EscalationPassed { .. } => "escalation passed on",
        CaseEvent::EscalationLapsed => "escalation lapsed",
        CaseEvent::TaskAdded { .. } => "step added",
        CaseEvent::TaskSet { .. } => "step set",
        CaseEvent::ContactAdded { .. } => "contact added",
        CaseEvent::Closed(_) => "case closed",
        CaseEvent::Reopened { .. } => "case reopened",
        CaseEvent::Reverted { .. } => "case put back",
        CaseEvent::Annulled { .. } => "case annulled",
        CaseEvent::ReplyRecalled { .. } => "reply recalled",
        CaseEvent::MessageReturned { .. } => "message came back",
        CaseEvent::MergedInto { .. } => "case merged into another",
        CaseEvent::MergedFrom { .. } => "case merged with another",
        CaseEvent::TakenOut { .. } => "case taken out of another",
        CaseEvent::GaveBack { .. } => "case parted from another",
        CaseEvent::Routed { .. } => "case routed",
        CaseEvent::ConfidentialitySet { .. } => "confidentiality set",
        CaseEvent::TypeSet { .. } => "type set",
        CaseEvent::ClocksSet { .. } => "clocks followed",
        CaseEvent::Decided => "case decided",
        CaseEvent::Notified => "decision told",
        CaseEvent::StepEntered { .. } => "case moved to its next step",
        CaseEvent::PlaceSet(_) => "place set",
        CaseEvent::ClocksMoved { .. } => "clocks counted anew",
        CaseEvent::Extended { .. } => "clock extended",
    }
}
