//! What is told of people: files, what was found, and who may be the same.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{Channel, ContactOutcome};
use crate::domain::money::Money;
use crate::domain::people::{ContactPointKind, ContactPointState, NameKind, PersonState};
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseId, EntityId, HouseholdId, PersonId};

use crate::desk::promised::PromiseRow;

use super::cases::CaseRow;

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
    pub merges: Vec<crate::desk::merge_answer::MergeLine>,
    /// Other units that know them and let that be told: name, and whom to ask.
    pub also_known_to: Vec<(String, String)>,
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
    /// Of which person, or of which case's form.
    pub about: EntityId,
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
    /// Whether the file is closed to whoever asks: its number was typed, and nothing of it is told.
    pub is_closed: bool,
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
