//! Made offices: people, cases and two years of work that look real and belong to nobody, made only by commands through
//! the desk.
//!
//! The same [`Plan`] makes the same office everywhere. Nothing here writes a record: each step is an act of a caseworker
//! who may do it, at a time at which they work, so that every row has its events, its clocks and its reason.

mod axis;
mod branches;
mod coming;
mod course;
mod data;
mod kin;
mod make;
mod office;
mod people;
mod promises;
mod random;
mod rollout;
mod sender;
mod story;
pub mod tables;
mod tutor;
mod typed;
mod typed_cases;
mod words;

pub use make::{Plan, Summary, make};
pub use office::{ACCOUNT, ROLES};
pub use tutor::{Classroom, classroom};
