//! The rules of casework: what there is in an office, what may happen to it, and why not.
//!
//! Nothing here reads a clock, a file or a terminal: time and identity are arguments, so that every rule can be stated
//! as a property and every state can be folded from its events again.

pub mod answers;
pub mod cases;
pub mod event;
pub mod fairness;
mod fold;
pub mod ids;
pub mod knowledge;
mod label;
pub mod limits;
mod merge;
pub mod money;
mod naming;
pub mod office;
pub mod people;
pub mod refusal;
pub mod rules;
pub mod suggest;
pub mod time;

pub use event::{AuditReading, Entity, EntityId, Event, EventRecord, Past};
pub use fold::fold;
pub use ids::*;
pub use merge::{CaseMerge, Joined, Merge, MergeEvent, Parting, PersonMerge};
pub use refusal::Refusal;
