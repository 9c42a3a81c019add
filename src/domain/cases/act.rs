//! What can be done with a case, and what has happened to one.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{
    CaseId, CaseworkerId, ContactId, MergeId, MessageId, PersonId, QueueId, SubjectCode, UnitId,
};
use crate::domain::office::{Confidentiality, Purpose, Role};
use crate::domain::time::{Clock, ClockKind, Day, Instant};

use super::case::{Case, CasePlace, Escalation, Hold, Outcome, Task, TypeVersion};
use super::extension::Telling;
use super::kinds::{
    Channel, EscalationLevel, EscalationReason, HoldReason, Nature, OutcomeCode, RejectionReason,
    Stage,
};
use super::merge::{Brought, Keeps, Standing};
use super::steps::{Class, ReviewOutcome};
use super::turn::Turn;

/// How a screening ends, by its digit on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScreeningOutcome {
    /// 1: into the unit's inbox.
    Accept,
    /// 2: the citizen is asked first.
    NeedInfo {
        /// What is asked.
        ask: String,
    },
    /// 3: the same as another case.
    DuplicateOf(CaseId),
    /// 4: another agency's matter.
    NotOurs {
        /// Which agency.
        agency: String,
    },
    /// 5: not accepted.
    Reject {
        /// Why.
        reason: RejectionReason,
        /// In words.
        words: String,
    },
    /// 6, once the citizen had their time: asked, reminded, and no answer came.
    NoResponse,
}

/// To whom a case is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GiveTo {
    /// Into a unit's inbox.
    Unit(UnitId),
    /// To a caseworker.
    Caseworker(CaseworkerId),
}

/// Whom an escalation asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EscalateTo {
    /// Somebody at a level of the case's own unit, or above it.
    Level(EscalationLevel),
    /// Whoever leads this unit.
    Unit(UnitId),
    /// Somebody of the case's unit with this role.
    Role(Role),
}

impl EscalateTo {
    /// How high that is.
    #[must_use]
    pub fn level(self) -> EscalationLevel {
        match self {
            Self::Level(level) => level,
            Self::Unit(_) => EscalationLevel::Unit,
            Self::Role(_) => EscalationLevel::Role,
        }
    }
}

/// Where a reply goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyAddress {
    /// To whom.
    pub addressee: PersonId,
    /// By which way.
    pub channel: Channel,
}

/// Something that a caseworker does with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaseAct {
    /// Ends the screening.
    Screen(ScreeningOutcome),
    /// Settles or changes the nature; a change takes a reason.
    SetNature {
        /// The nature.
        nature: Nature,
        /// Why it changes.
        reason: String,
    },
    /// Settles or changes the subject; a change takes a reason.
    SetSubject {
        /// The subject.
        subject: SubjectCode,
        /// Why it changes.
        reason: String,
    },
    /// Takes the case.
    Claim,
    /// Puts a claimed case back.
    Release,
    /// Gives the case away.
    Give {
        /// To whom.
        to: GiveTo,
        /// With which words.
        words: String,
    },
    /// Writes a note.
    Note {
        /// The note.
        text: String,
    },
    /// Writes to the citizen.
    Reply {
        /// Where it goes.
        to: ReplyAddress,
        /// The template it began from.
        template: Option<String>,
        /// What it says.
        text: String,
    },
    /// Waits for somebody else.
    Hold {
        /// For whom.
        reason: HoldReason,
        /// The day on which the case returns by itself.
        until: Day,
        /// For what, in words.
        words: String,
    },
    /// Ends the hold.
    Resume,
    /// Shows the case upwards.
    Escalate {
        /// How high.
        level: EscalationLevel,
        /// Why.
        reason: EscalationReason,
        /// What is asked.
        ask: String,
    },
    /// Tells the sender that the escalation was seen.
    AcknowledgeEscalation,
    /// Answers the escalation.
    AnswerEscalation {
        /// The answer.
        answer: String,
    },
    /// Takes the escalation back.
    WithdrawEscalation,
    /// Adds a step.
    AddTask {
        /// What there is to do.
        title: String,
        /// Whether the case cannot close without it.
        is_required: bool,
    },
    /// Ticks a step off, or unticks it.
    SetTask {
        /// Which, counted from 0.
        index: u32,
        /// Whether it is done.
        is_done: bool,
    },
    /// Ends the case.
    Close {
        /// The outcome; none is refused in a sentence.
        outcome: Option<OutcomeCode>,
        /// The reasons, obligatory where the outcome says no.
        reasons: String,
        /// Why the citizen could not be told, where no message or contact told them.
        not_notified: Option<String>,
    },
    /// Takes a closed case up again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Notes that a message came back.
    CameBack {
        /// Which.
        message: MessageId,
        /// Why, in a sentence.
        why: String,
    },
    /// Makes one case of this one and another.
    Merge {
        /// The other one.
        other: CaseId,
        /// Which of them goes on.
        keeps: Keeps,
        /// Why, where that is not plain.
        reason: String,
    },
    /// Fills fields of the case's type in, or empties them: all of them, or none where one is wrong.
    SetFields {
        /// Codes and what was typed; nothing empties.
        fields: Vec<(String, String)>,
    },
    /// Adds a step that the type knows and that is there only once somebody adds it.
    AddPlanned {
        /// The task's code.
        task: String,
    },
    /// Decides the case; another decision replaces this one, and nothing takes it back.
    Decide {
        /// The outcome's code in the type.
        outcome: String,
        /// Why, in words that the citizen can read; obligatory where it says no.
        reasons: String,
        /// The legal ground.
        ground: String,
    },
    /// Ends the case with an outcome of its type.
    CloseAs {
        /// The outcome's code in the type.
        outcome: String,
        /// The reasons, obligatory where the outcome says no; those of the decision where nothing is said.
        reasons: String,
        /// Why the citizen could not be told, where no message or contact told them.
        not_notified: Option<String>,
    },
    /// Shows the case upwards: to a level, a unit or a role. Over an open escalation only higher up.
    EscalateTo {
        /// To whom.
        to: EscalateTo,
        /// Why.
        reason: EscalationReason,
        /// What is asked.
        ask: String,
    },
    /// Lets the case wait until the unit opens next, with all its clocks running (R58).
    Park {
        /// For what, in words.
        words: String,
    },
    /// Ends an expert's review.
    Review {
        /// How.
        outcome: ReviewOutcome,
        /// What the expert writes; obligatory.
        note: String,
    },
    /// Settles nature and subject at once; in the step that is there for it, the case goes on then.
    Classify(Class),
    /// Settles index terms, object and place; in the step that is there for it, the case goes on then.
    Index {
        /// Index terms beside the subject.
        terms: Vec<SubjectCode>,
        /// The object that it is about.
        object: String,
        /// Another place; none where the one it has stands.
        place: Option<CasePlace>,
    },
    /// Extends a clock, as the law behind it lets the office.
    Extend {
        /// Which clock.
        clock: ClockKind,
        /// Why, in words that the citizen can read.
        reason: String,
        /// How the citizen hears of it.
        told: Telling,
    },
}

/// What has happened to a case. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaseEvent {
    /// It was taken in: the whole first state.
    Registered(Box<Case>),
    /// It was brought from another system: the whole first state.
    Imported(Box<Case>),
    /// The other system said something new, and nobody here had changed the case.
    ImportUpdated(Box<Case>),
    /// It was accepted into a queue.
    Accepted {
        /// The queue.
        queue: QueueId,
    },
    /// The citizen is asked before it can be accepted.
    InfoAsked {
        /// What.
        ask: String,
    },
    /// It is the same as another case.
    FoundDuplicate {
        /// Which.
        of: CaseId,
    },
    /// It is another agency's matter.
    ReferredOut {
        /// Whose.
        agency: String,
    },
    /// It was not accepted.
    Rejected {
        /// Why.
        reason: RejectionReason,
        /// In words.
        words: String,
    },
    /// Its nature was changed.
    NatureSet {
        /// From.
        from: Nature,
        /// To.
        to: Nature,
        /// The clocks that follow from it.
        clocks: Vec<Clock>,
    },
    /// Its subject was changed.
    SubjectSet {
        /// To.
        subject: SubjectCode,
        /// Its label.
        label: String,
    },
    /// Somebody took it.
    Claimed {
        /// Who.
        by: CaseworkerId,
        /// Its place in the order of free cases when it was taken, and how many there were: the proof that the queue
        /// was fair. Only where it was taken as "next".
        place: Option<(u64, u64)>,
    },
    /// It was put back.
    Released,
    /// It was given away.
    Given {
        /// Whose work it is now.
        unit: UnitId,
        /// Its queue now.
        queue: QueueId,
        /// Who has it now.
        owner: Option<CaseworkerId>,
        /// With which words.
        words: String,
    },
    /// Somebody wrote a note.
    Noted {
        /// The note.
        text: String,
    },
    /// Somebody wrote to the citizen.
    Replied {
        /// The message.
        message: MessageId,
        /// By which way.
        channel: Channel,
        /// The first line or so.
        excerpt: String,
    },
    /// A message was handed over, or could not be.
    MessageDelivered {
        /// The message.
        message: MessageId,
        /// Why not, where it failed.
        failure: Option<String>,
    },
    /// It waits for somebody else.
    Held(Hold),
    /// It waits no more.
    Resumed {
        /// The clocks as they count on.
        clocks: Vec<Clock>,
        /// Whether the return date came.
        is_by_date: bool,
    },
    /// It was shown upwards.
    Escalated(Escalation),
    /// The receiver has seen the escalation.
    EscalationAcknowledged,
    /// The receiver has answered.
    EscalationAnswered {
        /// In words.
        answer: String,
    },
    /// The sender took it back.
    EscalationWithdrawn,
    /// A step was added.
    TaskAdded {
        /// What there is to do.
        title: String,
        /// Whether the case cannot close without it.
        is_required: bool,
    },
    /// A step was done or undone.
    TaskSet {
        /// Which.
        index: u32,
        /// Whether it is done.
        is_done: bool,
    },
    /// A contact touched the case.
    ContactAdded {
        /// Which.
        contact: ContactId,
        /// By which way.
        channel: Channel,
        /// What was said.
        summary: String,
    },
    /// It ended.
    Closed(Outcome),
    /// It was taken up again.
    Reopened {
        /// Its queue now.
        queue: QueueId,
        /// Who has it now.
        owner: Option<CaseworkerId>,
        /// The clocks that run from now.
        clocks: Vec<Clock>,
    },
    /// An act was undone: the state before it, with its version going on.
    Reverted {
        /// The act's sequence.
        act: u64,
        /// What the act was, in words.
        label: String,
        /// The state before.
        to: Box<Case>,
    },
    /// Its registration was undone.
    Annulled {
        /// The act's sequence.
        act: u64,
        /// When.
        at: Instant,
    },
    /// Its open escalation goes to somebody else, for whoever was asked is away or has left.
    EscalationPassed {
        /// Who answers now.
        to: CaseworkerId,
    },

    /// A reply was taken back before it was handed over.
    ReplyRecalled {
        /// The message.
        message: MessageId,
        /// The clocks as they count on without it.
        clocks: Vec<Clock>,
    },
    /// A message came back: the citizen was not told by it.
    MessageReturned {
        /// The message.
        message: MessageId,
        /// Why, in a sentence.
        why: String,
    },
    /// It went into another case.
    MergedInto {
        /// The merge.
        merge: MergeId,
        /// The survivor.
        case: CaseId,
    },
    /// Another case went into it.
    MergedFrom {
        /// The merge.
        merge: MergeId,
        /// The case that was merged.
        case: CaseId,
        /// What that brought.
        brought: Box<Brought>,
    },
    /// Its merge was taken apart: it stands again as it stood.
    TakenOut {
        /// The merge.
        merge: MergeId,
        /// The case that it had gone into.
        case: CaseId,
        /// How it stood.
        standing: Box<Standing>,
    },
    /// Its merge was taken apart: it gave back what the other case had brought.
    GaveBack {
        /// The merge.
        merge: MergeId,
        /// The case that was merged.
        case: CaseId,
        /// What it gave back.
        brought: Box<Brought>,
    },
    /// A table placed it, or no row of it could.
    Routed {
        /// The unit whose work it is now.
        unit: UnitId,
        /// The queue.
        queue: QueueId,
        /// Who was told that no rule fits; nobody where a row placed it.
        told: Option<CaseworkerId>,
    },
    /// It may be seen more narrowly than before.
    ConfidentialitySet {
        /// The level before.
        from: Confidentiality,
        /// The level now.
        to: Confidentiality,
    },
    /// It is handled under this type.
    TypeSet {
        /// The type, at the version that it keeps.
        to: TypeVersion,
        /// Why its data may be kept and used under this type.
        purpose: Purpose,
        /// The clocks that follow from the type.
        clocks: Vec<Clock>,
        /// The steps that stay.
        tasks: Vec<Task>,
    },
    /// Clocks of its type began, or were met.
    ClocksSet {
        /// The clocks now.
        clocks: Vec<Clock>,
        /// Which began.
        begun: Vec<ClockKind>,
        /// Which were met, in time or not.
        met: Vec<ClockKind>,
    },
    /// There is a decision; what it says is in its plan.
    Decided,
    /// The citizen was told of the decision.
    Notified,
    /// Its open escalation gave way to a higher one.
    EscalationLapsed,
    /// It waits for another step before it is routed.
    StepEntered {
        /// Where it stands then.
        stage: Stage,
        /// The queue of the step.
        queue: QueueId,
    },
    /// Where the matter is was settled.
    PlaceSet(CasePlace),
    /// Its open clocks are counted with another calendar: the office published one, or it went to a unit that works by
    /// another one.
    ClocksMoved {
        /// The clocks as they count on.
        clocks: Vec<Clock>,
    },
    /// A clock was extended, as the law behind it lets the office.
    Extended {
        /// The clocks as they count on.
        clocks: Vec<Clock>,
        /// Which was extended.
        clock: ClockKind,
        /// Why, in words.
        reason: String,
        /// Why the citizen cannot be told of it, where no message tells them.
        not_told: Option<String>,
    },
    /// Somebody took it out of the free cases of its queue.
    ClaimedInTurn {
        /// Who.
        by: CaseworkerId,
        /// How that queue stood then.
        turn: Box<Turn>,
    },
}
