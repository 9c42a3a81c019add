//! The office's rules as text that was published: case types, decision tables and business calendars, each in versions
//! that never change, and what they say once they are read.

mod calendars;
mod case_type;
mod choose;
mod facts;
mod flaw;
mod in_force;
mod publication;
mod read;
mod table;
mod tables;
mod test;
mod types;
mod value;

pub use case_type::{
    CaseType, ClockRule, ClockStart, ClockStop, Criterion, Exit, Extension, FieldRule, Guard,
    HoldRule, Labels, Lead, MilestoneRule, OutcomeRule, Retention, Review, RoleRule, Rung, RungTo,
    StageRule, Steps, TaskRule, Trigger,
};
pub use choose::choose_type;
pub use facts::{CaseFacts, Fact};
pub use flaw::Flaw;
pub use in_force::Rules;
pub use publication::{
    PUBLICATION_BYTES_MAX, Publication, PublicationEvent, PublicationKind, PublicationName,
    PublicationState, apply_publication,
};
pub use read::RulesText;
pub use table::{Column, DecisionTable, Fired, HitPolicy, TableRow, TableUse};
pub use tables::{
    Checked, Decision, Known, KnownType, RouteTo, check_table, decide_table, fired, misnamed,
    read_table, said_fact, term_of_words, terms_of, words_of_fact,
};
pub use test::{Condition, Test};
pub use types::{TypeChange, TypeEntry, read_type, shipped_types, type_difference, type_in_words};
pub use value::{FieldKind, FieldValue};
