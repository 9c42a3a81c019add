//! What a desk answers. Texts are as they were entered: whoever shows them makes them safe first.

use serde::{Deserialize, Serialize};

use crate::domain::answers::{Template, TextModule};
use crate::domain::cases::filter::Filter;
use crate::domain::cases::{
    Case, Channel, ContactOutcome, Direction, EscalationLevel, GiveTo, Ledger, Message, Nature,
    OutcomeCode, Stage,
};
use crate::domain::knowledge::Subject;
use crate::domain::money::Money;
use crate::domain::office::{Caseworker, Office, Queue, Role, Unit};
use crate::domain::people::{ContactPointKind, ContactPointState, NameKind, PersonState};
use crate::domain::time::{ClockKind, Day, Instant};
use crate::domain::{
    CaseId, CaseworkerId, ContactId, HouseholdId, PersonId, PromiseId, Refusal, SubjectCode,
};

use super::command::{Draft, Macro, Undoable};
use super::daily::{FlowDay, Since};
use super::place::KeptPlace;
use super::promised::PromiseRow;
use super::query::View;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoAnswer {
    /// The caseworker.
    pub caseworker: Caseworker,
    /// Their unit.
    pub unit: Unit,
    /// The roles they hold today.
    pub roles: Vec<Role>,
    /// The office.
    pub office: Office,
    /// The desk's time.
    pub at: Instant,
}

/// The strip of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardAnswer {
    /// The unit.
    pub unit: Unit,
    /// The nine views with their counts, in the order of their digits.
    pub views: Vec<(View, u64)>,
    /// Cases in the office's unrouted queue: an alarm where there are any.
    pub unrouted: u64,
    /// The actor's drafts.
    pub drafts: u64,
    /// Escalations to the actor that they have not acknowledged.
    pub escalations_unseen: u64,
    /// Answers to the actor's own escalations that came since yesterday: case and the answer's first words.
    pub answers: Vec<(CaseId, String)>,
    /// Messages of the unit that failed.
    pub messages_failed: u64,
    /// What `u` would undo.
    pub undo: Option<String>,
    /// The desk's time.
    pub at: Instant,
    /// Pairs of people found likely the same at a registration, for the actor to look at.
    pub duplicates: u64,
    /// Messages of the unit that came back and were not written again.
    pub letters_returned: u64,
    /// Messages of the unit that can still be recalled.
    pub messages_waiting: u64,
    /// What the actor has promised for today or before, the most urgent first.
    pub calls: Vec<Ring>,
    /// Promises that are late in the units that the actor leads.
    pub promises_late: u64,
    /// What came since they left, unless they are here for the first time.
    pub since: Option<Since>,
    /// Units that they answer for, with open cases and nobody here who works them: name and open cases.
    pub uncovered: Vec<(String, u64)>,
    /// What came into the unit and what was open, day by day, oldest first.
    pub flow: Vec<FlowDay>,
}

/// Who asked for a case, as rows show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowPerson {
    /// A registered person: number and name as listed.
    Person(PersonId, String),
    /// Nobody known.
    Anonymous,
    /// Nobody known here: the case came from this source.
    From(String),
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
    pub subject: String,
    /// Who asked.
    pub person: RowPerson,
    /// The stage.
    pub stage: Stage,
    /// How it came.
    pub channel: Channel,
    /// Who has it: number and short name.
    pub owner: Option<(CaseworkerId, String)>,
    /// Its unit's name.
    pub unit: String,
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
    /// What was merged into it, the newest first.
    pub merges: Vec<super::merge_answer::MergeLine>,
}

/// A field of a person's record, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldLine {
    /// The field's name.
    pub field: String,
    /// The value, masked where it is to be.
    pub value: String,
    /// Where it comes from.
    pub source: String,
    /// When it was taken down.
    pub on: Day,
    /// Whether it was checked.
    pub is_verified: bool,
}

/// A contact point, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPointLine {
    /// Its place in the record, for changes.
    pub index: u32,
    /// What it is.
    pub kind: ContactPointKind,
    /// The number or address, masked.
    pub value: String,
    /// What is known about it.
    pub state: ContactPointState,
    /// Whether it is tried first.
    pub is_primary: bool,
    /// When that was taken down.
    pub on: Day,
}

/// A relative or member of the household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinLine {
    /// Who.
    pub person: PersonId,
    /// What they are to the person of the file.
    pub relation: String,
    /// The name as listed.
    pub name: String,
    /// Year of birth.
    pub born: Option<i16>,
    /// Age, for children and whoever's age matters.
    pub age: Option<i32>,
    /// Open cases.
    pub open_cases: u64,
    /// Whether they live in the same household.
    pub is_household: bool,
    /// Whether the caller, or else the person of the file, may ask about them, and why: `may ask: guardian`.
    pub may_ask: String,
}

/// A delivered service, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLine {
    /// When.
    pub on: Day,
    /// What.
    pub service: String,
    /// Money.
    pub amount: Option<Money>,
    /// Pieces or hours.
    pub quantity: Option<u32>,
    /// Under which case.
    pub case: Option<CaseId>,
    /// To whom, where not to the person of the file.
    pub recipient: Option<String>,
}

/// A contact, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLine {
    /// When.
    pub at: Instant,
    /// The way.
    pub channel: Channel,
    /// `in` or `out`.
    pub direction: String,
    /// Who had it.
    pub handler: String,
    /// What about.
    pub summary: String,
    /// The first case that it touched.
    pub case: Option<CaseId>,
    /// How many more it touched.
    pub cases_more: u32,
    /// Minutes that it took, rounded up, where that was measured; nothing while it runs.
    pub minutes: Option<u32>,
    /// Whether it still runs.
    pub is_running: bool,
    /// How it ended, where that was said.
    pub outcome: Option<ContactOutcome>,
}

/// A person's file, masked: the single window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFileAnswer {
    /// The number.
    pub person: PersonId,
    /// The record's version, for changes.
    pub version: u64,
    /// The name as listed.
    pub name: String,
    /// Other names: kind and spoken form.
    pub other_names: Vec<(NameKind, String)>,
    /// How far the record is established.
    pub state: PersonState,
    /// Birth date, as precise as it is known.
    pub born: Option<String>,
    /// Age.
    pub age: Option<i32>,
    /// How to address the person.
    pub form_of_address: String,
    /// Languages, preferred first.
    pub languages: Vec<String>,
    /// The preferred channel.
    pub preferred_channel: Option<Channel>,
    /// Every field with source and date, masked.
    pub fields: Vec<FieldLine>,
    /// Contact points.
    pub contact_points: Vec<ContactPointLine>,
    /// The address in one line.
    pub address: String,
    /// The area.
    pub area: String,
    /// Needs, as told.
    pub needs: Vec<String>,
    /// The household.
    pub household: Option<HouseholdId>,
    /// Household and relatives, in the order of their digits.
    pub kin: Vec<KinLine>,
    /// Cases, open ones first, newest first.
    pub cases: Vec<CaseRow>,
    /// How many are open.
    pub cases_open: u64,
    /// How many there are.
    pub cases_total: u64,
    /// Services, newest first.
    pub services: Vec<ServiceLine>,
    /// Money received in the last twelve months, by currency.
    pub services_year: Vec<Money>,
    /// Contacts, newest first.
    pub contacts: Vec<ContactLine>,
    /// How many there are.
    pub contacts_total: u64,
    /// What comes next, in words: a case's due date, a hold that ends, an escalation's answer.
    pub next: Vec<String>,
    /// Remarks: when, who, what.
    pub notes: Vec<(Instant, String, String)>,
    /// Who had a case of this person last.
    pub last_handler: Option<String>,
    /// Contacts in this month, the one that runs included.
    pub contacts_month: u64,
    /// Relationships stated on this record.
    pub relations: Vec<RelationLine>,
    /// Where the record came from.
    pub origin: Option<String>,
    /// What they were promised and is still to be kept, the most urgent first.
    pub promises: Vec<PromiseRow>,
    /// What was merged into the record, the newest first.
    pub merges: Vec<super::merge_answer::MergeLine>,
}

/// A relationship stated on a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationLine {
    /// Which, counted from 0.
    pub index: u32,
    /// The other person.
    pub to: PersonId,
    /// What the other person is to this one: `guardian`, `proxy`.
    pub kind: String,
    /// Until, if it ends or has ended.
    pub until: Option<Day>,
    /// Who said so; for a proxy, the document.
    pub source: String,
}

/// What a reveal shows, once it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// Whose.
    pub person: PersonId,
    /// Fields with their values in full.
    pub fields: Vec<(String, String)>,
}

/// A person who matches, or a case named by its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindHit {
    /// The person; for a case, who asked for it.
    pub person: Option<PersonId>,
    /// The name as listed; for a case, its subject.
    pub name: String,
    /// Places in the name (counted in characters) that match what was typed.
    pub marked: Vec<u32>,
    /// Birth date as known.
    pub born: String,
    /// The area.
    pub area: String,
    /// Open cases.
    pub open_cases: u64,
    /// When the most urgent one is due.
    pub due_at: Option<Instant>,
    /// Why it matched, short: `1 off, year, tel`.
    pub why: String,
    /// Why it matched, in full: `mohamedi = Mohammadi (m, a for e)   1986 = year`.
    pub evidence: String,
    /// Whom they live with, children with ages.
    pub household: String,
    /// The last contact: day and channel.
    pub last_contact: Option<(Instant, Channel)>,
    /// The case, where a case number was typed.
    pub case: Option<CaseRow>,
    /// The name that was matched, where it is not the one that is shown: another name, or one in another script.
    pub also: Option<MarkedName>,
}

/// A name with the letters of it that match what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedName {
    /// The name as one says it.
    pub name: String,
    /// Places in the name (counted in characters) that match.
    pub marked: Vec<u32>,
}

/// People who match a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindAnswer {
    /// The text that was asked, so that an old answer is recognised.
    pub text: String,
    /// The hits, best first.
    pub hits: Vec<FindHit>,
    /// How many people matched at all.
    pub matched: u64,
    /// How many people there are.
    pub people: u64,
    /// How the text was understood: `names sara, mohamedi   born 1986`.
    pub understood: String,
}

/// Whose telephone number it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallAnswer {
    /// The only visible person who has the number, if there is exactly one.
    pub person: Option<PersonId>,
    /// Everybody visible who has the number, by person number.
    pub candidates: Vec<FindHit>,
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

/// Who receives an escalation, by level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalationTargetsAnswer {
    /// The three levels.
    pub targets: Vec<EscalationTarget>,
    /// When the answer would be due.
    pub due_at: Instant,
}

/// Why something is as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyAnswer {
    /// Sentences: one a clock, one for the queue, one for its place.
    pub lines: Vec<String>,
}

/// Late cases by unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueAnswer {
    /// Unit, late cases, open cases, in the order of the most late.
    pub units: Vec<(Unit, u64, u64)>,
    /// The late cases of each of them by age, in the order of [`LateAge::ALL`](super::LateAge::ALL).
    pub ages: Vec<[u64; 6]>,
}

/// A part of the intake ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerAnswer {
    /// Numbers that were given to cases so far.
    pub received: u64,
    /// What became of those that follow the number asked for, up to the ledger's last.
    pub ledger: Ledger,
}

/// A queue or view, for scripts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueLine {
    /// The code to ask for it by: `housing/inbox`.
    pub code: String,
    /// The name.
    pub name: String,
    /// Whether it owns its cases.
    pub is_queue: bool,
    /// The list.
    pub view: View,
    /// How many cases.
    pub cases: u64,
}

/// Queues and views.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuesAnswer {
    /// In the order of units and kinds.
    pub queues: Vec<QueueLine>,
}

/// The office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeAnswer {
    /// The office.
    pub office: Office,
    /// Units by number.
    pub units: Vec<Unit>,
    /// Queues by number.
    pub queues: Vec<Queue>,
    /// Caseworkers by number.
    pub caseworkers: Vec<Caseworker>,
    /// Subjects by code.
    pub subjects: Vec<Subject>,
    /// People registered, cases registered, messages.
    pub people: u64,
    /// Cases ever numbered.
    pub cases: u64,
    /// Open ones.
    pub cases_open: u64,
    /// Contacts ever numbered.
    pub contacts: u64,
    /// Events in the audit chain.
    pub events: u64,
}

/// The actor's drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftsAnswer {
    /// Newest first.
    pub drafts: Vec<Draft>,
    /// What each of them is about, as far as the actor may see it.
    pub about: Vec<String>,
}

/// Where sessions of the actor were that ended without a good-bye.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacesAnswer {
    /// The newest first.
    pub places: Vec<KeptPlace>,
}

/// What a family of keys is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyGroup {
    /// Records.
    Record,
    /// Their timelines: the events of the audit chain.
    Timeline,
    /// Lists that follow from records.
    Index,
    /// The search for people.
    Search,
    /// What the desk keeps for itself.
    Own,
    /// Nobody knows: a newer program may have written it.
    Unknown,
}

/// Keys of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusLine {
    /// What they are there for.
    pub group: KeyGroup,
    /// What they are called: `people`, `cases by queue`.
    pub kind: String,
    /// How many.
    pub keys: u64,
    /// Bytes of the keys themselves.
    pub key_bytes: u64,
    /// Bytes of their values.
    pub value_bytes: u64,
}

/// A part of the keys, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusAnswer {
    /// The kinds in this part; a kind may go on in the next one.
    pub lines: Vec<CensusLine>,
    /// Where the next part begins; none where this was the last.
    pub next: Option<u64>,
    /// Events in the audit chain.
    pub events: u64,
    /// The newest commit.
    pub sequence: u64,
}

/// One of two people who may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairSide {
    /// The person.
    pub person: PersonId,
    /// The name as listed.
    pub name: String,
    /// The birth date, as precise as it is known; empty where it is not.
    pub born: String,
}

/// Somebody who is likely the one that a form describes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// Who.
    pub side: PairSide,
    /// All evidence together, in bits.
    pub bits: f32,
    /// The evidence in words that disclose no number, each with its bits, what tells most first.
    pub evidence: Vec<(String, f32)>,
}

/// The people who are likely the one that a form describes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlikeAnswer {
    /// They, the likeliest first.
    pub people: Vec<Alike>,
}

/// Two people who are likely the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DuplicatePair {
    /// The two, the lower number first.
    pub sides: (PairSide, PairSide),
    /// All evidence together, in bits.
    pub bits: f32,
    /// The evidence in words that disclose no number, each with its bits, what tells most first.
    pub evidence: Vec<(String, f32)>,
}

impl DuplicatePair {
    /// The order in which pairs are listed: the strongest first, of equals the lower numbers.
    #[must_use]
    pub fn by_strength(one: &Self, other: &Self) -> std::cmp::Ordering {
        let numbers = |pair: &Self| (pair.sides.0.person, pair.sides.1.person);
        other.bits.total_cmp(&one.bits).then_with(|| numbers(one).cmp(&numbers(other)))
    }
}

/// Evidence as it is shown: `same telephone +12.0, other id -7.0`.
#[must_use]
pub fn evidence_line(evidence: &[(String, f32)]) -> String {
    let parts: Vec<String> =
        evidence.iter().map(|(words, bits)| format!("{words} {bits:+.1}")).collect();
    parts.join(", ")
}

/// Pairs of people who are likely the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DuplicatesAnswer {
    /// The pairs, the strongest first.
    pub pairs: Vec<DuplicatePair>,
    /// The last person who was compared; the whole register is done where that is everybody.
    pub last: u64,
    /// How many numbers were given to people.
    pub people: u64,
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

/// A contact that runs, as every screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningContact {
    /// Which.
    pub contact: ContactId,
    /// The way.
    pub channel: Channel,
    /// Who turned to whom.
    pub direction: Direction,
    /// With whom, where that is known: number and name as listed.
    pub person: Option<(PersonId, String)>,
    /// When it began.
    pub started_at: Instant,
    /// The cases that it has touched.
    pub cases: Vec<CaseId>,
    /// Whether the caller has proved who they are.
    pub is_verified: bool,
    /// Whether they failed to, and no try is left.
    pub is_failed: bool,
    /// The number as the telephone showed it, masked.
    pub telephone: Option<String>,
    /// What the citizen chose before somebody answered.
    pub ivr_path: Option<String>,
    /// What it is about, as far as that was written down.
    pub summary: String,
    /// Whether something was promised in it.
    pub is_promised: bool,
}

/// A question that a caller is asked, and what the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyQuestion {
    /// The name of the fact, as it is recorded.
    pub fact: String,
    /// What is asked.
    pub question: String,
    /// The right answer; of a number no more than its end.
    pub answer: String,
}

/// The questions of one try to prove who a caller is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationAnswer {
    /// In which contact.
    pub contact: ContactId,
    /// Who they say they are: number and name as listed.
    pub person: (PersonId, String),
    /// Which try it is, from 1.
    pub attempt: u32,
    /// What to ask, in this order.
    pub questions: Vec<VerifyQuestion>,
}

/// A contact, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRecord {
    /// The number.
    pub id: ContactId,
    /// The way.
    pub channel: Channel,
    /// Who turned to whom.
    pub direction: Direction,
    /// When it began.
    pub started_at: Instant,
    /// When it ended; nothing while it runs.
    pub ended_at: Option<Instant>,
    /// Who had it.
    pub handler: String,
    /// With whom, as far as the actor may see them.
    pub person: Option<(PersonId, String)>,
    /// The number as the telephone showed it, masked.
    pub telephone: Option<String>,
    /// What the citizen chose before somebody answered.
    pub ivr_path: Option<String>,
    /// What it was about.
    pub summary: String,
    /// The cases that it touched, and whether each was done at its first contact.
    pub cases: Vec<(CaseId, bool)>,
    /// The facts that the caller was asked for, and whether the answers were right.
    pub questions: Vec<(String, bool)>,
    /// Whether that was enough.
    pub is_verified: bool,
    /// How it ended; nothing while it runs, and for what was recorded afterwards.
    pub outcome: Option<ContactOutcome>,
    /// The text of the office's knowledge that was the answer.
    pub article: Option<String>,
    /// Whether it was taken back.
    pub is_annulled: bool,
}

/// Contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactsAnswer {
    /// They, newest first.
    pub contacts: Vec<ContactRecord>,
}

/// A promise that rings: its time is near, or has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// Which.
    pub promise: PromiseId,
    /// By when.
    pub due_at: Instant,
    /// By which way.
    pub channel: Channel,
    /// To whom: number and name as listed.
    pub person: (PersonId, String),
    /// About which case.
    pub case: Option<CaseId>,
}

/// What goes on wherever the actor is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceAnswer {
    /// Their contact that runs.
    pub contact: Option<RunningContact>,
    /// Their promises that ring, the most urgent first.
    pub rings: Vec<Ring>,
}

/// The actor's macros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacrosAnswer {
    /// By their names.
    pub macros: Vec<Macro>,
}

/// A template that the reply editor offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateLine {
    /// The code.
    pub code: String,
    /// The label.
    pub label: String,
}

/// A template filled in for a case and a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledAnswer {
    /// What is kept with the sent copy: `done@1/fa`.
    pub template: String,
    /// The language of the text.
    pub language: String,
    /// The language that the reader prefers, where there is no text in it.
    pub wanted: Option<String>,
    /// The text; what is missing stands in it as its placeholder.
    pub text: String,
    /// The names of the placeholders that nothing is known for.
    pub missing: Vec<String>,
}

/// A template filled in for one way to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyText {
    /// To whom.
    pub person: PersonId,
    /// By which way.
    pub channel: Channel,
    /// Which template.
    pub code: String,
    /// The text.
    pub filled: FilledAnswer,
}

/// What a reply is written with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyKitAnswer {
    /// Templates that fit the case, in the order of the digits that pick them.
    pub templates: Vec<TemplateLine>,
    /// Each of them, for each way to each person on the case.
    pub texts: Vec<ReplyText>,
    /// Text modules for each person, in their language.
    pub modules: Vec<(PersonId, Vec<ModuleLine>)>,
    /// How many minutes a reply waits before it is handed over.
    pub recall_minutes: u32,
}

/// A text module as it is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleLine {
    /// The code.
    pub code: String,
    /// What it is about.
    pub title: String,
    /// The passage, filled in as far as the case is known.
    pub text: String,
    /// The language of both.
    pub language: String,
    /// How often it was used.
    pub uses: u64,
    /// Whether it is about the subject that was asked for, and not about all.
    pub is_of_subject: bool,
    /// Whether a citizen may read it.
    pub is_for_citizens: bool,
}

/// Text modules, those of the subject first, then the most used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulesAnswer {
    /// The modules.
    pub modules: Vec<ModuleLine>,
}

/// What an office answers with: its own templates and modules over those that come with casedesk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryAnswer {
    /// The templates; whether each is the office's own.
    pub templates: Vec<(Template, bool)>,
    /// The modules; whether each is the office's own.
    pub modules: Vec<(TextModule, bool)>,
    /// How many minutes a reply waits.
    pub recall_minutes: u32,
}
