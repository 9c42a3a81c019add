//! What can be asked at a desk, and the table that pairs each question with its answer.

use serde::{Deserialize, Serialize};

use crate::domain::cases::filter::{Field, Filter, Sort};
use crate::domain::cases::{Channel, EachAct, Nature, Step};
use crate::domain::people::NewPerson;
use crate::domain::rules::{Publication, PublicationKind, PublicationName};
use crate::domain::time::{Calendar, Day};
use crate::domain::{
    AccessId, AuditReading, CaseId, CaseworkerId, ContactId, EntityId, MessageId, PersonId,
    QueueId, SubjectCode, UnitId,
};

use super::answer::{
    AccessReadingsAnswer, AccessesAnswer, AlikeAnswer, BoardAnswer, CallAnswer, CaseFileAnswer,
    CaseHeaderAnswer, CaseIdsAnswer, CasePreviewAnswer, CasesAnswer, CensusAnswer,
    ClockMovesAnswer, ClosedFilesAnswer, ContactRecord, ContactsAnswer, DraftsAnswer,
    DuplicatesAnswer, EscalationTargetsAnswer, FairnessAnswer, FilledAnswer, FindAnswer,
    ForEachAnswer, FrequenciesAnswer, GiveTargetsAnswer, GrantsAnswer, HistoryAnswer, LedgerAnswer,
    LibraryAnswer, LimitWordsAnswer, MacrosAnswer, ModulesAnswer, OfficeAnswer, OverdueAnswer,
    PersonFileAnswer, PlacesAnswer, PresenceAnswer, PurposesAnswer, QueuesAnswer, ReplyKitAnswer,
    RulesAnswer, SigningsAnswer, SimilarAnswer, SubjectsAnswer, TableCheckAnswer, TableTryAnswer,
    TrailAnswer, TrailCheckAnswer, TrailPlace, VerificationAnswer, WhoAnswer, WhyAnswer,
};
use super::attendance::AttendanceAnswer;
use super::command::{Draft, DraftKey, Holder, SavedViews};
use super::daily::{ColleaguesAnswer, DayAnswer, LateAge, NewsAnswer};
use super::error::DeskError;
use super::health::HealthAnswer;
use super::merge_answer::{MergeCandidatesAnswer, PersonMergeAnswer};
use super::promised::{PromiseFilter, PromiseRatesAnswer, PromisesAnswer, ReachAnswer, Whose};
use super::suggest::SuggestionAnswer;
use super::units::{HandoverAnswer, UnitsAnswer};
use crate::domain::cases::Message;

/// A calendar that nobody has published yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedCalendar {
    /// For which unit, by its code, or `office`.
    pub code: String,
    /// Its text.
    pub text: String,
    /// The day from which it is to be in force; today without.
    pub from: Option<Day>,
}

/// A kind of list on the board, in the order of its digit. Queues own cases; views are saved filters over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ViewKind {
    /// 1, a view: what I have claimed.
    Mine,
    /// 2, a queue: the unit's work, whoever has it.
    Inbox,
    /// 3, queues: what waits for any step before it is routed that the actor may do.
    Screening,
    /// 4, a view of the inbox: what nobody has.
    Free,
    /// 5, a view of the inbox: due today.
    Today,
    /// 6, a view of the inbox: overdue.
    Late,
    /// 7, a view: open escalations to me or from me.
    Escalated,
    /// 8, a view of the inbox: on hold, or waiting for the citizen.
    Waiting,
    /// A view: messages that are queued or failed.
    Mail,
    /// A queue by its number, as `Unrouted`.
    Queue(QueueId),
    /// 9, a view: the cases of promises that I am to keep.
    Calls,
    /// A view of the inbox: overdue for so long.
    Aged(LateAge),
    /// A view: what no rule could place, of the units that I lead.
    Unrouted,
    /// A queue: what waits for one step before it is routed.
    Step(Step),
}

impl ViewKind {
    /// The nine of the board, in the order of their digits.
    pub const BOARD: [Self; 9] = [
        Self::Mine,
        Self::Inbox,
        Self::Screening,
        Self::Free,
        Self::Today,
        Self::Late,
        Self::Escalated,
        Self::Waiting,
        Self::Calls,
    ];

    /// The word on the strip.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Mine => "Mine",
            Self::Inbox => "Inbox",
            Self::Screening => "Screen",
            Self::Free => "Free",
            Self::Today => "Today",
            Self::Late => "LATE",
            Self::Escalated => "Esc",
            Self::Waiting => "Wait",
            Self::Mail => "Mail",
            Self::Queue(_) => "Queue",
            Self::Calls => "Calls",
            Self::Aged(age) => age.label(),
            Self::Unrouted => "UNROUTED",
            Self::Step(step) => step.label(),
        }
    }

    /// Whether it owns its cases, rather than filtering another's.
    #[must_use]
    pub fn is_queue(self) -> bool {
        matches!(self, Self::Inbox | Self::Screening | Self::Queue(_) | Self::Step(_))
    }
}

/// A list of cases: a kind, of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct View {
    /// The kind.
    pub kind: ViewKind,
    /// Whose; `Mine`, `Escalated`, `Unrouted` and a numbered queue do not depend on it.
    pub unit: UnitId,
}

/// From where in a list rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    /// From the first.
    First,
    /// Up to the last.
    Last,
    /// Around this case; where it has left the list, around the place that it had, after its due date and number.
    Case(CaseId),
}

/// Which rows of a list are wanted, and in which order: by itself all of them, in the list's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Narrowing {
    /// What has to hold of a case.
    pub limit: Filter,
    /// The order.
    pub sort: Sort,
}

impl Narrowing {
    /// Whether it leaves a list as it is.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

macro_rules! questions {
    ($( $(#[$doc:meta])* $question:ident { $( $(#[$field_doc:meta])* $field:ident : $type:ty, )* } => $variant:ident($answer:ty), )+) => {
        /// A question, as it crosses the socket.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Query { $( $(#[$doc])* $variant($question), )+ }

        /// An answer, as it crosses the socket.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum Answer { $( #[doc = concat!("To [`", stringify!($question), "`].")] $variant(Box<$answer>), )+ }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $question { $( $(#[$field_doc])* pub $field: $type, )* }

            impl Ask for $question {
                type Answer = $answer;

                fn into_query(self) -> Query {
                    Query::$variant(self)
                }

                fn expect(answer: Answer) -> Result<Self::Answer, DeskError> {
                    match answer {
                        Answer::$variant(answer) => Ok(*answer),
                        #[allow(unreachable_patterns, reason = "a table of one question would have no other answer")]
                        _ => Err(DeskError::Lost(concat!("it answered something else than ", stringify!($variant)).to_owned())),
                    }
                }
            }
        )+
    };
}

/// A question that knows its answer. What shows a file opens it first, unless the session has: see `desk::opened`.
pub trait Ask {
    /// What is answered.
    type Answer;

    /// As it crosses the socket.
    fn into_query(self) -> Query;

    /// Takes the answer out of what came back.
    ///
    /// # Errors
    /// The desk answered another question.
    fn expect(answer: Answer) -> Result<Self::Answer, DeskError>;
}

questions! {
    /// Who is signed in, where, and what time the desk has.
    AskWho {} => Who(WhoAnswer),
    /// The strip of the board.
    AskBoard {
        /// Whose views.
        unit: UnitId,
    } => Board(BoardAnswer),
    /// Rows of a queue or view.
    AskCases {
        /// Which.
        view: View,
        /// From where.
        anchor: Anchor,
        /// Rows wanted before the anchor.
        before: u32,
        /// Rows wanted from the anchor on, it included.
        after: u32,
        /// Which rows of the list, and in which order.
        narrowing: Narrowing,
    } => Cases(CasesAnswer),
    /// What the board shows below its list.
    AskCasePreview {
        /// Which.
        case: CaseId,
    } => CasePreview(CasePreviewAnswer),
    /// Everything about a case.
    AskCaseFile {
        /// Which.
        case: CaseId,
        /// Timeline entries wanted, newest first.
        entries: u32,
    } => CaseFile(CaseFileAnswer),
    /// A person's file, masked.
    AskPersonFile {
        /// Whose.
        person: PersonId,
    } => PersonFile(PersonFileAnswer),
    /// People who match a text.
    AskFind {
        /// What was typed, of any kind.
        text: String,
        /// Hits wanted.
        limit: u32,
    } => Find(FindAnswer),
    /// Subjects that match a text.
    AskSubjects {
        /// What was typed.
        text: String,
        /// How many.
        limit: u32,
    } => Subjects(SubjectsAnswer),
    /// Cases that may be the same as one that is being taken in.
    AskSimilar {
        /// Who asks.
        person: Option<PersonId>,
        /// Its nature, once it is known.
        nature: Option<Nature>,
        /// Its subject, once it is known.
        subject: Option<SubjectCode>,
        /// The area.
        area: String,
        /// The street or object.
        place: String,
    } => Similar(SimilarAnswer),
    /// Whom a case can be given to.
    AskGiveTargets {
        /// Letters of a unit or caseworker.
        text: String,
    } => GiveTargets(GiveTargetsAnswer),
    /// Who receives an escalation of a case, by level.
    AskEscalationTargets {
        /// Which.
        case: CaseId,
    } => EscalationTargets(EscalationTargetsAnswer),
    /// Why a case is due when it is due, and why it is where it is.
    AskWhy {
        /// Which.
        case: CaseId,
    } => Why(WhyAnswer),
    /// Late cases of each unit.
    AskOverdue {} => Overdue(OverdueAnswer),
    /// Queues and views of the whole office, for scripts.
    AskQueues {} => Queues(QueuesAnswer),
    /// The office: units, queues, caseworkers.
    AskOffice {} => Office(OfficeAnswer),
    /// A draft.
    AskDraft {
        /// Which.
        key: DraftKey,
    } => Draft(Option<Draft>),
    /// The actor's drafts.
    AskDrafts {} => Drafts(DraftsAnswer),
    /// A message.
    AskMessage {
        /// Which.
        message: MessageId,
    } => Message(Message),
    /// What became of the cases with the numbers after this one: some thousands of them, so that nobody waits for it.
    AskLedger {
        /// 0 begins the ledger.
        after: u64,
    } => Ledger(LedgerAnswer),
    /// Whether anything can be changed just now, and if not, why not and what to do. Anybody who is signed in may ask.
    AskHealth {} => Health(HealthAnswer),
    /// How many keys of each kind there are, and how many bytes they take: a part of them at a time. It tells no content,
    /// so that anybody who is signed in may ask.
    AskCensus {
        /// Where the part before ended; none for the first.
        place: Option<u64>,
    } => Census(CensusAnswer),
    /// The people who are likely the one that a form describes, as far as it is filled.
    AskAlike {
        /// The form.
        person: Box<NewPerson>,
        /// How many.
        limit: u32,
    } => Alike(AlikeAnswer),
    /// Pairs of people who are likely the same: a part of the whole register at a time, so that nobody waits for it.
    AskDuplicates {
        /// Only of this person.
        person: Option<PersonId>,
        /// Of the people with the numbers after this one, each with those before them; 0 begins the register.
        after: u64,
        /// From how many bits on; without, from where two people are likely the same.
        bits_min: Option<i16>,
    } => Duplicates(DuplicatesAnswer),
    /// Pairs that were found when one of them was registered by somebody who may not see the other.
    AskLikely {} => Likely(DuplicatesAnswer),
    /// Whose telephone number this is: the whole number, however it is written.
    AskCall {
        /// The number, as the telephone shows it.
        number: String,
    } => Call(CallAnswer),
    /// The actor's macros, by their names.
    AskMacros {} => Macros(MacrosAnswer),
    /// What an act on many cases would come to just now: decided as the act itself is, and nothing is changed.
    AskForEach {
        /// Which, in the order in which they would be done.
        cases: Vec<CaseId>,
        /// What.
        act: EachAct,
        /// Which of the letters is to be shown, where letters would be written; from 0.
        letter: u32,
    } => ForEach(ForEachAnswer),
    /// What goes on wherever the actor is: their contact that runs, and the promises that ring.
    AskPresence {} => Presence(PresenceAnswer),
    /// What came for the actor since they left.
    AskNews {} => News(NewsAnswer),
    /// What of the actor's must not stay overnight, and what their day was.
    AskDay {} => Day(DayAnswer),
    /// Who is here, who is away and who stands in, by unit.
    AskColleagues {} => Colleagues(ColleaguesAnswer),
    /// The numbers of all rows of a list under a limit, in their order.
    AskCaseIds {
        /// Which list.
        view: View,
        /// Which rows of it, and in which order.
        narrowing: Narrowing,
        /// How many numbers at the most.
        most: u32,
    } => CaseIds(CaseIdsAnswer),
    /// How often each value of a field occurs in a list under a limit.
    AskFrequencies {
        /// Which list.
        view: View,
        /// Which rows of it.
        limit: Filter,
        /// The field.
        field: Field,
    } => Frequencies(FrequenciesAnswer),
    /// The actor's saved views, in the order in which they were saved.
    AskViews {} => Views(SavedViews),
    /// The names that a limit can hold: units, caseworkers and subjects.
    AskLimitWords {} => LimitWords(LimitWordsAnswer),
    /// What a reply on a case is written with: templates filled in for everybody on it, and text modules.
    AskReplyKit {
        /// Which.
        case: CaseId,
    } => ReplyKit(ReplyKitAnswer),
    /// A template filled in for a case and somebody on it, in their language.
    AskFilled {
        /// Which case.
        case: CaseId,
        /// Whom the message goes to.
        addressee: PersonId,
        /// By which way.
        channel: Channel,
        /// The template's code.
        template: String,
    } => Filled(FilledAnswer),
    /// Text modules that match a text.
    AskModules {
        /// The case that they are for, if there is one: its places are filled in.
        case: Option<CaseId>,
        /// The subject; the case's own without.
        subject: Option<SubjectCode>,
        /// Letters of the title, the code or the passage; empty matches all.
        text: String,
        /// The reader's language.
        language: String,
    } => Modules(ModulesAnswer),
    /// All templates and modules of a language or of all, for scripts.
    AskLibrary {
        /// Only of this language.
        language: Option<String>,
    } => Library(LibraryAnswer),
    /// Promises to citizens.
    AskPromises {
        /// Whose.
        whose: Whose,
        /// Which of them.
        filter: PromiseFilter,
    } => Promises(PromisesAnswer),
    /// How somebody likes to be reached.
    AskReach {
        /// Who.
        person: PersonId,
    } => Reach(ReachAnswer),
    /// How many of each unit's promises were kept.
    AskPromiseRates {} => PromiseRates(PromiseRatesAnswer),
    /// Where sessions of the actor were that ended without a good-bye.
    AskPlaces {} => Places(PlacesAnswer),
    /// The next two questions that prove who the person of the actor's running contact is.
    AskVerification {} => Verification(VerificationAnswer),
    /// Contacts, newest first.
    AskContacts {
        /// Of this person; the actor's own without.
        person: Option<PersonId>,
        /// How many.
        limit: u32,
    } => Contacts(ContactsAnswer),
    /// One contact: the actor's own, or of somebody whom they may see.
    AskContact {
        /// Which.
        contact: ContactId,
    } => Contact(ContactRecord),
    /// Cases that one may be merged with, the likeliest first; or only one that was named, whatever it looks like.
    AskMergeCandidates {
        /// Which.
        case: CaseId,
        /// The one that was named.
        named: Option<CaseId>,
    } => MergeCandidates(MergeCandidatesAnswer),
    /// Two people side by side, each field with the side that a merge would take.
    AskPersonMerge {
        /// The record that would go on.
        survivor: PersonId,
        /// The record that would go into it.
        merged: PersonId,
    } => PersonMerge(PersonMergeAnswer),
    /// The texts of rules that were proposed and published, by code and version.
    AskRules {
        /// Only of this kind.
        kind: Option<PublicationKind>,
    } => Rules(RulesAnswer),
    /// One text of rules, as it was proposed.
    AskRulesText {
        /// Which.
        name: PublicationName,
    } => RulesText(Publication),
    /// What is wrong with the text of a decision table in this office, and what whoever publishes it should know.
    AskTableCheck {
        /// The text.
        text: String,
    } => TableCheck(TableCheckAnswer),
    /// Which row of a table would fire, and why. Nothing happens.
    AskTableTry {
        /// The text of the table.
        text: String,
        /// For the facts of this case, where one is named.
        case: Option<CaseId>,
        /// Facts instead of the case's, or of nothing: word and value.
        facts: Vec<(String, String)>,
    } => TableTry(TableTryAnswer),
    /// What closed cases suggest for a new one.
    AskSuggestion {
        /// The case; its own words are taken then.
        case: Option<CaseId>,
        /// What was asked, where there is no case yet.
        text: String,
    } => Suggestion(SuggestionAnswer),
    /// The calendar that a unit works by.
    AskCalendar {
        /// The unit's code.
        unit: String,
    } => Calendar(Calendar),
    /// Whom a calendar would move, a stretch of cases at a time.
    AskClockMoves {
        /// The calendar.
        proposed: ProposedCalendar,
        /// The last case of the stretch before; none to begin with.
        after: Option<CaseId>,
    } => ClockMoves(ClockMovesAnswer),
    /// What was done on a case in the system that it came from.
    AskHistory {
        /// Which.
        case: CaseId,
    } => History(HistoryAnswer),
    /// What somebody or a group may do, and where each right comes from.
    AskGrants {
        /// Whose; the actor's own without, which anybody may ask.
        whose: Option<Holder>,
    } => Grants(GrantsAnswer),
    /// Who has a case or person open, and who composes on it.
    AskAttendance {
        /// Which.
        about: EntityId,
    } => Attendance(AttendanceAnswer),
    /// Whether queues were fair, and how equal waiting was; it is asked after [`super::Command::ReadFairness`] was recorded.
    AskFairness {
        /// Only of this unit and those below it.
        unit: Option<UnitId>,
        /// Claims, and cases registered, from this day on.
        from: Option<Day>,
        /// Up to this day.
        to: Option<Day>,
    } => Fairness(FairnessAnswer),
    /// The tree of units, with sites, zones, rosters and who covers them now.
    AskUnits {} => Units(UnitsAnswer),
    /// What somebody has that can be handed over, by due time.
    AskHandover {
        /// Whose.
        caseworker: CaseworkerId,
        /// Cases and promises that were handed over just now, and are to be listed as well.
        also: Vec<EntityId>,
    } => Handover(HandoverAnswer),
    /// What is said of a case before it is opened: the leanest thing that can be asked about one.
    AskCaseHeader {
        /// Which.
        case: CaseId,
    } => CaseHeader(CaseHeaderAnswer),
    /// Emergency accesses, and who was turned away from closed files.
    AskAccesses {} => Accesses(AccessesAnswer),
    /// What waits for a second signature: the actor's own, or that of somebody else on what the actor signed first.
    AskSignings {} => Signings(SigningsAnswer),
    /// A page of the audit trail, up to the event that recorded the reading. It is asked after
    /// [`super::Command::ReadAudit`] recorded just this reading, and answered for a day from then.
    AskTrail {
        /// What was recorded.
        reading: AuditReading,
        /// Where the page before ended.
        after: TrailPlace,
        /// At most so many events, and at most [`TRAIL_PAGE_MAX`](super::TRAIL_PAGE_MAX).
        most: u32,
    } => Trail(TrailAnswer),
    /// The people whose files are closed to the actor, for a look at the office as it was.
    AskClosedFiles {} => ClosedFiles(ClosedFilesAnswer),
    /// The office's register of purposes, retired ones included. Anybody who is signed in may ask.
    AskPurposes {} => Purposes(PurposesAnswer),
    /// Whether the audit chain holds, some events at a time; nothing of it is shown.
    AskTrailCheck {
        /// The place up to which it was followed.
        after: TrailPlace,
        /// The hash of the event there; zeros at the beginning.
        hash: [u8; 32],
        /// At most so many events, and at most [`TRAIL_PAGE_MAX`](super::TRAIL_PAGE_MAX).
        most: u32,
    } => TrailCheck(TrailCheckAnswer),
    /// What was read under an emergency access.
    AskAccessReadings {
        /// Which.
        access: AccessId,
    } => AccessReadings(AccessReadingsAnswer),
}
