//! A case's record: the state that its events fold to.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{
    CaseId, CaseworkerId, ContactId, HouseholdId, MessageId, PersonId, QueueId, SubjectCode, Ulid,
    UnitId,
};
use crate::domain::office::{Confidentiality, Purpose};
use crate::domain::time::{Clock, ClockKind, ClockState, Day, Instant, Zone};

use super::kinds::{
    Channel, EscalationLevel, EscalationReason, HoldReason, Nature, OutcomeCode, Stage,
};

/// A case type and its version: a case keeps the version it started under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TypeVersion {
    /// The code, as `general`.
    pub code: String,
    /// The version.
    pub version: u32,
}

/// Somebody who has to do with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Party {
    /// A registered person.
    Person(PersonId),
    /// Nobody known; never linked to a person afterwards without an event (hard rule 15).
    Anonymous,
}

/// What a party is on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PartyRole {
    /// Asked for it.
    Initiator,
    /// The matter is about them.
    About,
    /// Letters go to them.
    Addressee,
    /// Asked for it as well, in a case that was merged into this one.
    CoInitiator,
}

/// A party in a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleOnCase {
    /// Who.
    pub party: Party,
    /// As what.
    pub role: PartyRole,
    /// Since.
    pub from: Day,
    /// Until.
    pub to: Option<Day>,
}

/// Whom the matter is about, as intake asks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// Whoever asks.
    Same,
    /// Another person.
    Person(PersonId),
    /// The whole household.
    Household(HouseholdId),
}

/// Where the matter is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct CasePlace {
    /// Street, object, as it was said.
    pub text: String,
    /// The office's area.
    pub area: String,
}

/// How a case came into this database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaseOrigin {
    /// Taken in here.
    Registered,
    /// Brought from another system.
    Imported {
        /// The system, as `nyc-council`.
        source: String,
        /// Its own reference there.
        reference: String,
        /// A digest of what the row said, so that an unchanged row is recognised.
        digest: u64,
        /// Whether somebody here has changed the case since.
        is_touched: bool,
    },
}

/// Whether something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskState {
    /// To do.
    Open,
    /// Done.
    Done,
}

/// A step of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What there is to do.
    pub title: String,
    /// Whether the case cannot close without it.
    pub is_required: bool,
    /// Whether it is done.
    pub state: TaskState,
    /// Who did it, and when.
    pub done: Option<(CaseworkerId, Instant)>,
}

/// A hold: the case waits for somebody else, and comes back by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// The day on which it returns to its queue.
    pub until: Day,
    /// What is waited for, in words.
    pub words: String,
    /// Who put it on hold.
    pub by: CaseworkerId,
    /// When.
    pub from: Instant,
}

/// Where an escalation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EscalationState {
    /// Raised, not yet seen.
    Raised,
    /// The receiver has seen it.
    Acknowledged(Instant),
    /// Answered.
    Answered {
        /// When.
        at: Instant,
        /// In words.
        answer: String,
    },
    /// Taken back by the sender.
    Withdrawn(Instant),
    /// Given way to a higher one: it was not answered in time, or somebody or a rule asked higher up.
    Lapsed(Instant),
}

/// A case shown upwards: a question with a level, a reason, and an answer by a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// How high.
    pub level: EscalationLevel,
    /// Why.
    pub reason: EscalationReason,
    /// What is asked.
    pub ask: String,
    /// Who asks.
    pub from: CaseworkerId,
    /// Who answers.
    pub to: CaseworkerId,
    /// When it was raised.
    pub raised_at: Instant,
    /// When the answer is due.
    pub due_at: Instant,
    /// Where it stands.
    pub state: EscalationState,
}

impl Escalation {
    /// Whether it still waits for its answer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, EscalationState::Raised | EscalationState::Acknowledged(_))
    }
}

/// How a case ended. Reasons are there where it says no; the dates are derived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The result.
    pub code: OutcomeCode,
    /// The result's name in the system that the case came from, where it came with an outcome.
    pub source_text: String,
    /// Why, in words the citizen can read.
    pub reasons: String,
    /// Who decided; nobody here for an imported outcome.
    pub by: Option<CaseworkerId>,
    /// When.
    pub at: Instant,
    /// Why the citizen could not be told, where they were not.
    pub not_notified: Option<String>,
}

/// What was chosen on the SAME? line of the intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SameChoice {
    /// A new case, although these were shown.
    New,
    /// The contact was added to this case.
    AddedTo(CaseId),
    /// There was nothing to show.
    NothingShown,
}

/// What the SAME? line showed, and what was chosen (kept for the trace).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SameCheck {
    /// The cases shown, in order.
    pub shown: Vec<CaseId>,
    /// The choice.
    pub choice: SameChoice,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The reference.
    pub id: CaseId,
    /// The identifier across offices.
    pub ulid: Ulid,
    /// Counts the events applied.
    pub version: u64,
    /// Who registered or imported it.
    pub created_by: CaseworkerId,
    /// When.
    pub created_at: Instant,
    /// Who may see it.
    pub confidentiality: Confidentiality,
    /// Why the office may keep and use its data.
    pub purpose: Purpose,
    /// Its type and version.
    pub case_type: TypeVersion,
    /// Its nature.
    pub nature: Nature,
    /// Its subjects, the first one shown.
    pub subjects: Vec<SubjectCode>,
    /// The label of the first subject when it was set, for lists.
    pub subject_label: String,
    /// Who has to do with it.
    pub roles: Vec<RoleOnCase>,
    /// The household it is about, if it is about one.
    pub household: Option<HouseholdId>,
    /// What is asked, in the citizen's or clerk's words. Hostile to a terminal until it is made safe.
    pub asks: String,
    /// Where it is.
    pub place: CasePlace,
    /// How it came.
    pub channel: Channel,
    /// The registry number of a letter.
    pub registry_number: Option<String>,
    /// When the office received it: clocks count from here.
    pub received_at: Instant,
    /// When it was entered.
    pub registered_at: Instant,
    /// Where it stands.
    pub stage: Stage,
    /// The unit whose work it is.
    pub unit: UnitId,
    /// The one queue that owns it while it is open.
    pub queue: Option<QueueId>,
    /// Who has claimed it.
    pub owner: Option<CaseworkerId>,
    /// Who had it last, for "put me through to whoever served me".
    pub last_handler: Option<CaseworkerId>,
    /// What is owed by when.
    pub clocks: Vec<Clock>,
    /// The steps.
    pub tasks: Vec<Task>,
    /// The hold that is on.
    pub hold: Option<Hold>,
    /// Escalations, oldest first; at most the last one is open.
    pub escalations: Vec<Escalation>,
    /// Messages to the citizen.
    pub messages: Vec<MessageId>,
    /// Contacts that touched the case.
    pub contacts: Vec<ContactId>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When it ended.
    pub closed_at: Option<Instant>,
    /// How often it was reopened.
    pub reopened: u32,
    /// Other cases it is linked to.
    pub links: Vec<CaseId>,
    /// How it came into this database.
    pub origin: CaseOrigin,
    /// What the SAME? line showed.
    pub same: SameCheck,
}

impl Case {
    /// The person who asked for it, unless anonymous.
    #[must_use]
    pub fn initiator(&self) -> Option<PersonId> {
        self.party(PartyRole::Initiator)
    }

    /// The person in a role now.
    #[must_use]
    pub fn party(&self, role: PartyRole) -> Option<PersonId> {
        self.roles.iter().find(|held| held.role == role && held.to.is_none()).and_then(|held| {
            match held.party {
                Party::Person(person) => Some(person),
                Party::Anonymous => None,
            }
        })
    }

    /// Whether any of the people who have to do with it now is one of these.
    #[must_use]
    pub fn has_person(&self, is_one: impl Fn(PersonId) -> bool) -> bool {
        let held = self.roles.iter().filter(|held| held.to.is_none());
        held.filter_map(|held| match held.party {
            Party::Person(person) => Some(person),
            Party::Anonymous => None,
        })
        .any(is_one)
    }

    /// The people who have to do with it now, each once.
    #[must_use]
    pub fn people(&self) -> Vec<PersonId> {
        let mut people: Vec<PersonId> = Vec::new();
        for held in self.roles.iter().filter(|held| held.to.is_none()) {
            if let Party::Person(person) = held.party
                && !people.contains(&person)
            {
                people.push(person);
            }
        }
        people
    }

    /// The escalation that waits for an answer.
    #[must_use]
    pub fn open_escalation(&self) -> Option<&Escalation> {
        self.escalations.last().filter(|escalation| escalation.is_open())
    }

    /// Whether it is work.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stage.is_open()
    }

    /// The next day by which the citizen is owed something, of the running clocks that `counts` names: a day that has
    /// passed is no promise any more. A closed case owes nothing.
    #[must_use]
    pub fn next_owed_day(
        &self,
        zone: &Zone,
        today: Day,
        counts: impl Fn(ClockKind) -> bool,
    ) -> Option<Day> {
        let owed = self.clocks.iter().filter(|clock| {
            // When the office screens a matter is no concern of the citizen's.
            clock.kind != ClockKind::Screen
                && counts(clock.kind)
                && clock.state() == ClockState::Running
        });
        let days = owed.map(|clock| zone.day(clock.due_at)).filter(|day| *day >= today);
        days.min().filter(|_| self.is_open())
    }
}
