//! What tables and guards may know of a case. There is no person in it (hard rule 6), nor anything from which one follows:
//! who asks, what they say, where they live. A table over it cannot treat two people differently.

use std::collections::BTreeMap;

use crate::domain::cases::{Channel, Nature};
use crate::domain::ids::SubjectCode;
use crate::domain::office::Confidentiality;
use crate::domain::time::Day;

use super::FieldValue;

/// The view of a case that decision tables and guards take.
///
/// Whoever has it has all that a table can know of a case:
/// ```
/// fn nature(facts: &casedesk::domain::rules::CaseFacts) -> &'static str {
///     facts.nature.label()
/// }
/// ```
/// There is no field for a person in it, by the name that a case has for them or by another one:
/// ```compile_fail,E0609
/// fn initiator(facts: &casedesk::domain::rules::CaseFacts) {
///     let _ = &facts.initiator;
/// }
/// ```
/// ```compile_fail,E0609
/// fn roles(facts: &casedesk::domain::rules::CaseFacts) {
///     let _ = &facts.roles;
/// }
/// ```
/// Nor what they said, in which a name may stand:
/// ```compile_fail,E0609
/// fn asks(facts: &casedesk::domain::rules::CaseFacts) {
///     let _ = &facts.asks;
/// }
/// ```
/// Nobody puts one in:
/// ```compile_fail,E0560
/// use casedesk::domain::rules::CaseFacts;
/// fn with_person(facts: CaseFacts) -> CaseFacts {
///     CaseFacts { asked_by: Some(casedesk::domain::PersonId(1)), ..facts }
/// }
/// ```
/// And a table is never asked about a case itself, which has one:
/// ```compile_fail,E0308
/// use casedesk::domain::{cases::Case, rules::{DecisionTable, decide_table}};
/// fn decide(table: &DecisionTable, case: &Case) {
///     let _ = decide_table(table, case);
/// }
/// ```
/// While with the facts it is:
/// ```
/// use casedesk::domain::rules::{CaseFacts, DecisionTable, decide_table};
/// fn decide(table: &DecisionTable, facts: &CaseFacts) {
///     let _ = decide_table(table, facts);
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    /// What the matter is, in kind.
    pub nature: Nature,
    /// Its subject and index terms, each with all that stand above it in the tree, nearest first.
    pub subjects: Vec<Vec<SubjectCode>>,
    /// The code of its case type.
    pub case_type: String,
    /// How it came.
    pub channel: Channel,
    /// The code of the unit whose work it is.
    pub unit: String,
    /// The office's area of the place that it is about; empty where it is about none.
    pub area: String,
    /// The day on which it was received, in the unit's zone.
    pub received: Day,
    /// How widely it may be seen.
    pub confidentiality: Confidentiality,
    /// The fields that the type marks as facts; never one that says who somebody is.
    pub fields: BTreeMap<String, FieldValue>,
}

/// Something that a table or a guard can ask of a case, by its word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// `nature`.
    Nature,
    /// `subject`: the first one, or one above it.
    Subject,
    /// `term`: any index term, or one above it.
    Term,
    /// `type`.
    Type,
    /// `channel`.
    Channel,
    /// `unit`.
    Unit,
    /// `area`.
    Area,
    /// `received`.
    Received,
    /// `confidentiality`.
    Confidentiality,
    /// `field.CODE`.
    Field(String),
}
