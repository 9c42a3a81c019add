//! A contact: one call, visit or letter, with its clock, channel, people, cases and outcome.

use serde::{Deserialize, Serialize};

use crate::domain::event::{ContactEvent, EventRecord};
use crate::domain::ids::{CaseId, CaseworkerId, ContactId, PersonId};
use crate::domain::time::{Instant, Zone};

use super::case::{Case, SameCheck};
use super::kinds::{Channel, ContactOutcome, Stage};

/// Who turned to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// The citizen to the office.
    In,
    /// The office to the citizen.
    Out,
}

impl Direction {
    /// The word on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// A contact as it is recorded. An inbound contact always ends in something: a case, or an answer in the summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewContact {
    /// The way.
    pub channel: Channel,
    /// Who turned to whom.
    pub direction: Direction,
    /// With whom; nobody for an anonymous contact.
    pub person: Option<PersonId>,
    /// When it began.
    pub started_at: Instant,
    /// When it ended; while it runs, when it began.
    pub ended_at: Instant,
    /// What it was about.
    pub summary: String,
    /// The case that it opened or touched first.
    pub case: Option<CaseId>,
}

/// A contact that begins now, and runs until it is ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedContact {
    /// The way.
    pub channel: Channel,
    /// Who turned to whom.
    pub direction: Direction,
    /// With whom, where that is known already.
    pub person: Option<PersonId>,
    /// The number as the telephone showed it.
    pub telephone: Option<String>,
    /// What the citizen chose before somebody answered, as `4 information` (R12).
    pub ivr_path: Option<String>,
}

/// That a caller was asked who they are: which facts, and whether the answers were right. The facts themselves are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Each fact that was asked for, by its name, and whether the answer was right.
    pub questions: Vec<(String, bool)>,
    /// Whether that was enough.
    pub is_passed: bool,
    /// When.
    pub at: Instant,
}

/// Whether a contact goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactState {
    /// Its clock runs.
    Running,
    /// It has ended.
    WrappedUp,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The number.
    pub id: ContactId,
    /// Counts the events applied.
    pub version: u64,
    /// Who had it.
    pub handler: CaseworkerId,
    /// What it was.
    pub held: NewContact,
    /// Whether it was recorded by mistake and taken back.
    pub is_annulled: bool,
    /// Whether it goes on.
    pub state: ContactState,
    /// The number as the telephone showed it.
    pub telephone: Option<String>,
    /// What the citizen chose before somebody answered.
    pub ivr_path: Option<String>,
    /// The cases that it opened or touched, in that order.
    pub cases: Vec<CaseId>,
    /// Whether the caller was asked who they are.
    pub verification: Option<Verification>,
    /// How it ended; nothing for what was recorded afterwards.
    pub outcome: Option<ContactOutcome>,
    /// The text of the office's knowledge that was the answer, by its code.
    pub article: Option<String>,
    /// What the SAME? line showed, where the contact was added to a case that exists.
    pub same: Option<SameCheck>,
}

impl Contact {
    /// Whether it goes on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.state == ContactState::Running && !self.is_annulled
    }

    /// Whether the caller has proved who they are.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verification.as_ref().is_some_and(|verification| verification.is_passed)
    }
}

/// Whether a case was done at its first contact (R65): it was closed while the contact that brought it went on, or by the
/// end of that day without another contact. `contacts` are those that touched the case.
#[must_use]
pub fn is_first_contact(case: &Case, contacts: &[Contact], zone: &Zone) -> bool {
    let Some(closed_at) = case.closed_at.filter(|_| case.stage == Stage::Closed) else {
        return false;
    };
    let mut held: Vec<&Contact> = contacts
        .iter()
        .filter(|contact| !contact.is_annulled && contact.held.started_at <= closed_at)
        .collect();
    held.sort_by_key(|contact| (contact.held.started_at, contact.id));
    let Some((brought, others)) = held.split_first() else { return false };
    let is_within = brought.is_running() || closed_at <= brought.held.ended_at;
    is_within || (others.is_empty() && zone.day(closed_at) == zone.day(brought.held.started_at))
}

/// A contact as databases held it before contacts ran: schema 1, frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactV1 {
    /// The number.
    pub id: ContactId,
    /// Counts the events applied.
    pub version: u64,
    /// Who had it.
    pub handler: CaseworkerId,
    /// What it was.
    pub held: NewContact,
    /// Whether it was recorded by mistake and taken back.
    pub is_annulled: bool,
}

impl From<ContactV1> for Contact {
    fn from(old: ContactV1) -> Self {
        Self {
            id: old.id,
            version: old.version,
            handler: old.handler,
            state: ContactState::WrappedUp,
            telephone: None,
            ivr_path: None,
            cases: old.held.case.into_iter().collect(),
            verification: None,
            outcome: None,
            article: None,
            same: None,
            held: old.held,
            is_annulled: old.is_annulled,
        }
    }
}

/// Applies an event to a contact, and says what it is then. Total: an event that does not fit changes nothing.
#[must_use]
pub fn apply_contact(
    contact: Option<Contact>,
    id: ContactId,
    record: &EventRecord,
    event: &ContactEvent,
) -> Option<Contact> {
    let version = contact.as_ref().map_or(0, |contact| contact.version) + 1;
    let begun = |held: NewContact, state| Contact {
        id,
        version,
        handler: record.actor,
        is_annulled: false,
        state,
        telephone: None,
        ivr_path: None,
        cases: held.case.into_iter().collect(),
        verification: None,
        outcome: None,
        article: None,
        same: None,
        held,
    };
    let mut next = match (contact, event) {
        (_, ContactEvent::Held(held)) => {
            return Some(begun(held.clone(), ContactState::WrappedUp));
        }
        (_, ContactEvent::Started(new)) => {
            let held = NewContact {
                channel: new.channel,
                direction: new.direction,
                person: new.person,
                started_at: record.at,
                ended_at: record.at,
                summary: String::new(),
                case: None,
            };
            return Some(Contact {
                telephone: new.telephone.clone(),
                ivr_path: new.ivr_path.clone(),
                ..begun(held, ContactState::Running)
            });
        }
        (Some(contact), _) => contact,
        (None, _) => return None,
    };
    match event {
        ContactEvent::Held(_) | ContactEvent::Started(_) => {}
        ContactEvent::Annulled => next.is_annulled = true,
        ContactEvent::PersonSet(person) => {
            // Whoever it is now has proved nothing yet.
            next.verification = next.verification.filter(|_| next.held.person == *person);
            next.held.person = *person;
        }
        ContactEvent::SummarySet(summary) => next.held.summary.clone_from(summary),
        ContactEvent::CaseAdded(case) => {
            next.held.case = next.held.case.or(Some(*case));
            if !next.cases.contains(case) {
                next.cases.push(*case);
            }
        }
        ContactEvent::Verified(verification) => next.verification = Some(verification.clone()),
        ContactEvent::SameChosen(same) => next.same = Some(same.clone()),
        ContactEvent::Ended { outcome, summary, article } => {
            next.state = ContactState::WrappedUp;
            next.held.ended_at = record.at;
            next.outcome = Some(*outcome);
            if !summary.is_empty() {
                next.held.summary.clone_from(summary);
            }
            next.article.clone_from(article);
        }
        ContactEvent::Reverted(before) => next = (**before).clone(),
    }
    next.version = version;
    Some(next)
}
