//! What is told of cases: rows, previews, files, and what can be done with them.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::domain::cases::filter::Filter;
use crate::domain::cases::{
    Case, CasePlan, Channel, EscalateTo, EscalationLevel, GiveTo, InfoWait, Message, Nature,
    OutcomeCode, Stage,
};
use crate::domain::knowledge::Subject;
use crate::domain::rules::Labels;
use crate::domain::time::{ClockKind, Day, Instant};
use crate::domain::{CaseId, CaseworkerId, PersonId, Refusal, SubjectCode, UnitId};

use crate::desk::command::Undoable;
use crate::desk::promised::PromiseRow;

/// Who asked for a case, as rows show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowPerson {
    /// A registered person: number and name as listed.
    Person(PersonId, CompactString),
    /// Nobody known.
    Anonymous,
    /// Nobody known here: the case came from this source.
    From(CompactString),
    /// Not told: it is free, and its unit lists free cases without names.
    Hidden,
}

impl RowPerson {
    /// What is said in place of a name that is not told.
    pub const HIDDEN: &'static str = "name hidden";
}

/// A row of a list of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the row, and none excludes another"
)]
pub struct CaseRow {
    /// The number.
    pub id: CaseId,
    /// Its version, for acts on the row.
    pub version: u64,
    /// When the next clock runs out, if one runs.
    pub due_at: Option<Instant>,
    /// Which clock.
    pub due_kind: Option<ClockKind>,
    /// The nature.
    pub nature: Nature,
    /// The subject's label.
    pub subject: CompactString,
    /// Who asked.
    pub person: RowPerson,
    /// The stage.
    pub stage: Stage,
    /// How it came.
    pub channel: Channel,
    /// Who has it: number and short name.
    pub owner: Option<(CaseworkerId, CompactString)>,
    /// Its unit's name.
    pub unit: CompactString,
    /// Whether it is on hold.
    pub is_held: bool,
    /// Whether an escalation waits for an answer.
    pub is_escalated: bool,
    /// Whether an escalation has an answer that is newer than anything the owner did.
    pub is_answered: bool,
    /// Whether the actor has a draft on it.
    pub has_draft: bool,
    /// Whether a message of it failed or still waits.
    pub has_mail: bool,
    /// When it ended, if it has.
    pub closed_at: Option<Instant>,
    /// How many other open cases of its queue have its subject and nature and are nobody's or the actor's; 0 where this
    /// one is somebody else's. It is known for rows of queues and views only.
    pub alike: u32,
    /// Whether something is promised on it and still to be kept.
    pub has_promise: bool,
    /// The subject's code, once it has one.
    pub subject_code: Option<SubjectCode>,
    /// The stage of its type that is being worked, by its names; none where its type has no stages.
    pub worked_stage: Labels,
}

/// Rows of a queue or view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasesAnswer {
    /// The rows, in order.
    pub rows: Vec<CaseRow>,
    /// The place of the first row in the list, counted from 0.
    pub first: u64,
    /// How many the list has, under its limit.
    pub total: u64,
    /// How many it has without the limit.
    pub of: u64,
    /// Whether the list was too long to look at all of it, so that rows under the limit may be missing.
    pub is_cut: bool,
}

/// The numbers of the rows of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseIdsAnswer {
    /// The numbers, in order.
    pub ids: Vec<CaseId>,
    /// How many rows there are.
    pub total: u64,
    /// Whether the list was too long to look at all of it.
    pub is_cut: bool,
}

/// How often a value occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frequency {
    /// The value, as shown.
    pub label: String,
    /// What limits the list to it.
    pub drill: Filter,
    /// How many cases have it.
    pub count: u64,
}

/// How often each value of a field occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrequenciesAnswer {
    /// The values, the most frequent first; those that have an order of their own, in that.
    pub values: Vec<Frequency>,
    /// How many cases there are under the limit. A case may have several flags, or none.
    pub total: u64,
    /// Values that are left out, for there are too many.
    pub others: u64,
    /// Whether the list was too long to look at all of it.
    pub is_cut: bool,
}

/// The names that a limit can hold, each with what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitWordsAnswer {
    /// Units: code and name.
    pub units: Vec<(String, String)>,
    /// Caseworkers who have not left: account and name.
    pub owners: Vec<(String, String)>,
    /// Subjects in use: code and label.
    pub subjects: Vec<(String, String)>,
    /// Sites of units: code and name.
    pub sites: Vec<(String, String)>,
}

/// What the board shows below its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePreviewAnswer {
    /// The row again.
    pub row: CaseRow,
    /// What is asked.
    pub asks: String,
    /// The newest timeline entry.
    pub last: Option<TimelineEntry>,
    /// What comes next, in words.
    pub next: String,
    /// Clocks: kind, due, why, and whether it has ended or is paused, in words.
    pub clocks: Vec<ClockLine>,
    /// Steps: title and whether it is done.
    pub todo: Vec<(String, bool)>,
    /// Where.
    pub place: String,
}

/// A clock, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockLine {
    /// What it measures.
    pub kind: ClockKind,
    /// When it is due.
    pub due_at: Instant,
    /// `running`, `paused`, `met`, `breached`, `waived`.
    pub state: String,
    /// Why it is due then.
    pub source: String,
}

/// One line of a timeline, with the text behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// When.
    pub at: Instant,
    /// Its place in the audit chain.
    pub sequence: u64,
    /// A word for what it is: `note`, `hold`, `screen`, `T in`, `S out`, `escal`, `clock`.
    pub kind: String,
    /// Who, by their short name; `system` where a rule did it.
    pub who: String,
    /// One line.
    pub words: String,
    /// The whole text, where there is more than the line.
    pub text: String,
}

/// Somebody on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyLine {
    /// Who.
    pub person: PersonId,
    /// The name as listed.
    pub name: String,
    /// `asked`, `about`, `letters to`.
    pub role: String,
    /// Where a reply could go: channel, the address (masked where it is a number), whether there is one at all.
    pub reply: Vec<(Channel, String)>,
    /// How to address them.
    pub form_of_address: String,
}

/// Everything about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFileAnswer {
    /// The case.
    pub case: Case,
    /// The row that lists show.
    pub row: CaseRow,
    /// The people on it, in the order of their digits.
    pub parties: Vec<PartyLine>,
    /// Clocks.
    pub clocks: Vec<ClockLine>,
    /// The newest entries, newest first.
    pub timeline: Vec<TimelineEntry>,
    /// How many entries there are.
    pub timeline_total: u64,
    /// Its messages, newest first.
    pub messages: Vec<Message>,
    /// Names of the caseworkers that the case names.
    pub names: Vec<(CaseworkerId, String)>,
    /// The queue that owns it, by name.
    pub queue: Option<String>,
    /// The case in words: what comes next.
    pub next: String,
    /// The outcomes that it can have.
    pub outcomes: Vec<OutcomeCode>,
    /// Whether the actor works it, and so may act on it now.
    pub is_actors: bool,
    /// What is promised on it and still to be kept, the most urgent first.
    pub promises: Vec<PromiseRow>,
    /// Who had another case of the same person last, and is here.
    pub served_by: Option<(CaseworkerId, String)>,
    /// Whether it was done at its first contact.
    pub is_first_contact: bool,
    /// The zone by whose clocks its unit works, where that is another than the reader's.
    pub zone: Option<String>,
    /// How often it was passed on from unit to unit, and when last; nothing where it never was.
    pub passed_on: Option<(u32, Instant)>,
    /// What was merged into it, the newest first.
    pub merges: Vec<crate::desk::merge_answer::MergeLine>,
    /// Rows of tables that fired on it, oldest first.
    pub fired: Vec<crate::domain::rules::Fired>,
    /// What its type makes of it.
    pub plan: super::PlanView,
    /// Whether its unit settles nature and subject in a step of its own, so that they may be open when it is accepted.
    pub is_classified_later: bool,
    /// What the steps before routing left on its plan, where it has one.
    pub kept: Option<Box<StepsLeft>>,
    /// Clocks that the law lets the office extend now.
    pub extensions: Vec<crate::domain::cases::ExtensionOffer>,
    /// What one person signed last on it for a second one to sign.
    pub signing: Option<super::SigningLine>,
}

/// What screening, review and indexing left on the plan of a case. What was filled in stands in [`super::PlanView`], masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepsLeft {
    /// Who screened it, and when.
    pub screened: Option<(CaseworkerId, Instant)>,
    /// Which expert reviewed it, and when.
    pub reviewed: Option<(CaseworkerId, Instant)>,
    /// How long its citizen is waited for, who was asked for something last.
    pub info: Option<InfoWait>,
    /// Index terms beside the subject.
    pub terms: Vec<SubjectCode>,
    /// The object that it is about: a building, a lamp post.
    pub object: String,
}

impl From<&CasePlan> for StepsLeft {
    fn from(plan: &CasePlan) -> Self {
        Self {
            screened: plan.screened,
            reviewed: plan.reviewed,
            info: plan.info.clone(),
            terms: plan.terms.clone(),
            object: plan.object.clone(),
        }
    }
}

/// Subjects that match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectsAnswer {
    /// Best first.
    pub subjects: Vec<Subject>,
}

/// A case that may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimilarCase {
    /// The case.
    pub row: CaseRow,
    /// Why it is shown: `same person, same subject`.
    pub why: String,
    /// How it ended, in words, if it has.
    pub ended: Option<String>,
}

/// Cases that may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimilarAnswer {
    /// Most alike first, at most nine.
    pub cases: Vec<SimilarCase>,
    /// When the citizen would have an answer, if the nature is known.
    pub answer_by: Option<Instant>,
    /// Why then.
    pub answer_source: String,
}

/// Whom a case can be given to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveTargetsAnswer {
    /// Best first: target, name, and what there is to know (away until, how much they have).
    pub targets: Vec<(GiveTo, String, String)>,
}

/// Who receives an escalation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalationTarget {
    /// The level.
    pub level: EscalationLevel,
    /// Who, if anybody.
    pub receiver: Option<(CaseworkerId, String)>,
    /// What there is to know: `Berg out, so M. Kaya`.
    pub note: String,
}

/// A unit or a role that an escalation can name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherTarget {
    /// Which.
    pub to: EscalateTo,
    /// Its name.
    pub name: String,
    /// The name of who receives it.
    pub receiver: String,
}

/// Who receives an escalation, by level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalationTargetsAnswer {
    /// The levels of the case's unit.
    pub targets: Vec<EscalationTarget>,
    /// Other units and roles of the unit in which somebody is here to be asked, by name.
    pub others: Vec<OtherTarget>,
    /// When the answer would be due.
    pub due_at: Instant,
    /// When that of an urgent question would be.
    pub urgent_due_at: Instant,
}

/// What a part of "why?" is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhyTopic {
    /// When it is due: every clock, its rule and its sum.
    Due,
    /// Its place in its queue.
    Queue,
    /// The table and row that sent it where it is.
    Routing,
    /// Which type handles it.
    Type,
    /// The class that was suggested, and the words that decided.
    Class,
    /// Who may see it.
    Confidentiality,
    /// When it escalates next.
    Escalation,
    /// What it waits for.
    Hold,
}

impl WhyTopic {
    /// The word on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Queue => "queue",
            Self::Routing => "routing",
            Self::Type => "type",
            Self::Class => "class",
            Self::Confidentiality => "seen",
            Self::Escalation => "rungs",
            Self::Hold => "hold",
        }
    }
}

/// One part of "why?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhySection {
    /// What it is about.
    pub topic: WhyTopic,
    /// Sentences; those that begin with two spaces explain the one above. Words of citizens may be among them: hostile to a
    /// terminal until they are made safe.
    pub lines: Vec<String>,
    /// The cases that it names.
    pub cases: Vec<CaseId>,
}

impl WhySection {
    /// A part that names no case.
    #[must_use]
    pub fn new(topic: WhyTopic, lines: Vec<String>) -> Self {
        Self { topic, lines, cases: Vec::new() }
    }
}

/// Why something is as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyAnswer {
    /// Its parts, in the order in which they are asked for most.
    pub sections: Vec<WhySection>,
    /// When it was received and when its clocks are due, to be said in another calendar, too.
    pub days: Vec<(String, Day)>,
}

impl WhyAnswer {
    /// All sentences below each other.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.sections.iter().flat_map(|section| section.lines.clone()).collect()
    }
}

/// What would become of one of many cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EachLine {
    /// Which.
    pub case: CaseId,
    /// Its version, for the command that follows; 0 where it would be refused.
    pub version: u64,
    /// Why nothing would be done with it, where it is so.
    pub refused: Option<Refusal>,
}

/// A letter to one of many readers, as that reader gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EachLetter {
    /// Its place among the letters, from 0.
    pub place: u32,
    /// How many letters there are.
    pub of: u32,
    /// On which case.
    pub case: CaseId,
    /// The reader's name as listed.
    pub name: String,
    /// The reader's language; empty where nobody has said.
    pub language: String,
    /// By which way.
    pub channel: Channel,
    /// What it says.
    pub text: String,
}

/// What an act on many cases would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForEachAnswer {
    /// What would become of each case, in the order asked.
    pub lines: Vec<EachLine>,
    /// One of the letters, where letters would be written.
    pub letter: Option<EachLetter>,
    /// Whether it could be undone.
    pub undo: Undoable,
}

/// What is said of a case before it is opened. It names no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseHeaderAnswer {
    /// The number; where it was merged, that of the case that goes on.
    pub case: CaseId,
    /// Its version, for acts on it.
    pub version: u64,
    /// The stage.
    pub stage: Stage,
    /// The nature.
    pub nature: Nature,
    /// The subject's label; empty where there is none yet.
    pub subject: String,
    /// The unit that has it.
    pub unit: UnitId,
    /// Who has it.
    pub owner: Option<CaseworkerId>,
    /// When the next clock runs out, and which, if one runs.
    pub due: Option<(ClockKind, Instant)>,
}
