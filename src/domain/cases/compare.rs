//! Which fields of a case an act rests on, and which an event changed: an act that rests on nothing that somebody else has
//! changed since it was composed is done, whatever else happened meanwhile.

use std::fmt;

use super::{CaseAct, CaseEvent};

/// A part of a case that is compared as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseField {
    /// How far it has come.
    Stage,
    /// Who has it, and where.
    Holder,
    /// Nature, subject, type and level.
    Class,
    /// Terms and place.
    Index,
    /// Whether it waits.
    Hold,
    /// What is asked higher up.
    Escalation,
    /// A step, by its place.
    Step(u32),
    /// What was heard from the citizen.
    Heard,
    /// What was decided, and how it ended.
    Outcome,
    /// By when it is due.
    Due,
}

impl fmt::Display for CaseField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::Stage => "stage",
            Self::Holder => "who has it",
            Self::Class => "nature and subject",
            Self::Index => "terms and place",
            Self::Hold => "hold",
            Self::Escalation => "escalation",
            Self::Step(index) => return write!(f, "step {}", index.saturating_add(1)),
            Self::Heard => "what the citizen said",
            Self::Outcome => "decision",
            Self::Due => "due dates",
        };
        f.write_str(words)
    }
}

/// Every part but the single steps: what an event changed that brings a whole state.
const ALL: [CaseField; 9] = [
    CaseField::Stage,
    CaseField::Holder,
    CaseField::Class,
    CaseField::Index,
    CaseField::Hold,
    CaseField::Escalation,
    CaseField::Heard,
    CaseField::Outcome,
    CaseField::Due,
];

/// What an event changed of a case. A note, a message and what follows by itself of an act change nothing that anybody
/// rests on.
#[must_use]
pub fn changed_fields(event: &CaseEvent) -> Vec<CaseField> {
    match event {
        CaseEvent::Registered(_)
        | CaseEvent::Imported(_)
        | CaseEvent::ImportUpdated(_)
        | CaseEvent::Reverted { .. }
        | CaseEvent::Annulled { .. }
        | CaseEvent::MergedInto { .. }
        | CaseEvent::MergedFrom { .. }
        | CaseEvent::TakenOut { .. }
        | CaseEvent::GaveBack { .. } => ALL.to_vec(),
        CaseEvent::Accepted { .. }
        | CaseEvent::InfoAsked { .. }
        | CaseEvent::FoundDuplicate { .. }
        | CaseEvent::ReferredOut { .. }
        | CaseEvent::Rejected { .. }
        | CaseEvent::StepEntered { .. } => vec![CaseField::Stage],
        CaseEvent::NatureSet { .. }
        | CaseEvent::SubjectSet { .. }
        | CaseEvent::TypeSet { .. }
        | CaseEvent::ConfidentialitySet { .. } => vec![CaseField::Class],
        CaseEvent::PlaceSet(_) => vec![CaseField::Index],
        CaseEvent::Claimed { .. }
        | CaseEvent::ClaimedInTurn { .. }
        | CaseEvent::Released
        | CaseEvent::Given { .. }
        | CaseEvent::Routed { .. } => vec![CaseField::Holder],
        CaseEvent::Held(_) | CaseEvent::Resumed { .. } => vec![CaseField::Hold],
        CaseEvent::Escalated(_)
        | CaseEvent::EscalationAcknowledged
        | CaseEvent::EscalationAnswered { .. }
        | CaseEvent::EscalationWithdrawn
        | CaseEvent::EscalationPassed { .. }
        | CaseEvent::EscalationLapsed => vec![CaseField::Escalation],
        CaseEvent::TaskSet { index, .. } => vec![CaseField::Step(*index)],
        CaseEvent::ContactAdded { .. } => vec![CaseField::Heard],
        CaseEvent::Decided => vec![CaseField::Outcome],
        CaseEvent::Closed(_) => vec![CaseField::Stage, CaseField::Outcome],
        CaseEvent::Reopened { .. } => vec![CaseField::Stage, CaseField::Holder],
        CaseEvent::Extended { .. } => vec![CaseField::Due],
        CaseEvent::Noted { .. }
        | CaseEvent::Replied { .. }
        | CaseEvent::MessageDelivered { .. }
        | CaseEvent::ReplyRecalled { .. }
        | CaseEvent::MessageReturned { .. }
        | CaseEvent::TaskAdded { .. }
        | CaseEvent::ClocksSet { .. }
        | CaseEvent::ClocksMoved { .. }
        | CaseEvent::Notified => Vec::new(),
    }
}

/// What an act rests on: where somebody else has changed that since, it is not done. A note, a reply and a new step rest on
/// nothing, and the fields of a form are compared each with its own words.
#[must_use]
pub fn rests_on(act: &CaseAct) -> Vec<CaseField> {
    use CaseField as F;
    match act {
        CaseAct::Screen(_) | CaseAct::Reopen { .. } => vec![F::Stage],
        CaseAct::SetNature { .. } | CaseAct::SetSubject { .. } => vec![F::Class],
        CaseAct::Review { .. } | CaseAct::Classify(_) => vec![F::Stage, F::Class],
        CaseAct::Index { .. } => vec![F::Stage, F::Index],
        CaseAct::Claim | CaseAct::Release | CaseAct::Give { .. } | CaseAct::Park { .. } => {
            vec![F::Stage, F::Holder]
        }
        CaseAct::Hold { .. } | CaseAct::Resume => vec![F::Stage, F::Holder, F::Hold],
        CaseAct::Escalate { .. }
        | CaseAct::EscalateTo { .. }
        | CaseAct::AcknowledgeEscalation
        | CaseAct::AnswerEscalation { .. }
        | CaseAct::WithdrawEscalation => vec![F::Stage, F::Escalation],
        CaseAct::SetTask { index, .. } => vec![F::Step(*index)],
        CaseAct::Extend { .. } => vec![F::Stage, F::Due],
        CaseAct::Decide { .. }
        | CaseAct::Close { .. }
        | CaseAct::CloseAs { .. }
        | CaseAct::Merge { .. } => ALL.to_vec(),
        CaseAct::Note { .. }
        | CaseAct::Reply { .. }
        | CaseAct::AddTask { .. }
        | CaseAct::AddPlanned { .. }
        | CaseAct::CameBack { .. }
        | CaseAct::SetFields { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CaseworkerId;

    #[test]
    fn a_note_and_a_reply_rest_on_nothing_and_a_decision_on_what_the_citizen_said() {
        let claimed = CaseEvent::Claimed { by: CaseworkerId(1), place: None };
        let note = CaseAct::Note { text: String::new() };
        assert!(rests_on(&note).is_empty());
        assert!(rests_on(&CaseAct::Claim).contains(&changed_fields(&claimed)[0]));
        let decide = CaseAct::Decide {
            outcome: String::new(),
            reasons: String::new(),
            ground: String::new(),
        };
        assert!(rests_on(&decide).contains(&CaseField::Heard));
        assert!(changed_fields(&CaseEvent::Noted { text: String::new() }).is_empty());
    }
}
