//! Brings other systems' records in: CSV files of requests through a mapping, and files of people, through the one door.
//!
//! A file is read as a stream, so that its size does not matter; rows go to the desk in commands of a few hundred, a few
//! of them at a time. Every row is counted in exactly one figure of the [`Report`], and a row that is not taken lies in
//! `DATA/rejects/` with its line, column and reason. An import that is stopped is done again with the same file: what is
//! there already is found unchanged.

mod clean;
mod compare;
mod error;
mod histories;
mod ical;
mod labelled;
mod mapping;
mod moment;
mod people;
mod recurrence;
mod rejects;
mod report;
mod requests;
mod roster;
mod rules;
mod run;
mod shipped;
mod source;
mod table;
mod trial;

pub use compare::{Comparison, Difference, compare_clocks};
pub use error::ExchangeError;
pub use histories::{HistoryReport, import_histories};
pub use ical::read_days_off;
pub use labelled::{LabelledFile, LabelledRow};
pub use mapping::Mapping;
pub use people::{import_people, rows_about};
pub use report::{Progress, Report};
pub use requests::import_requests;
pub use roster::{RosterFlaw, RosterRow, days_of, hours_of, read_roster};
pub use run::{Ids, Job, ROWS_PER_COMMAND_MAX};
pub use shipped::{SHIPPED, SHIPPED_TYPES};
pub use trial::{PeopleFile, PersonRow, QuestionRow, QuestionsFile};
