//! What the process that builds the index tells the one that measures it, and what that one answers.

use serde::{Deserialize, Serialize};

use super::figures::Times;
use crate::domain::people;
use crate::exchange::PersonRow;
use crate::search::{BirthDate, Document};

/// The plan's file in the scratch directory.
pub(super) const PLAN_FILE: &str = "plan.json";
/// The store's directory in the scratch directory.
pub(super) const STORE_DIRECTORY: &str = "store";

/// What is to be measured.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    /// MiB of the store's page cache.
    pub(super) cache_mib: u64,
    /// The questions, in the order of their file.
    pub(super) questions: Vec<Question>,
    /// Made people, each to be inserted alone.
    pub(super) inserts: Vec<PersonRow>,
    /// The number that the first of them gets.
    pub(super) first_insert: u64,
    /// Misses of every kind that are to be told.
    pub(super) misses: usize,
}

/// A question, with what it needs to be judged and no more: the process that asks it is the one whose memory counts.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Question {
    /// What is typed.
    pub(super) text: String,
    /// The number of the person who is meant.
    pub(super) person: u64,
    /// The number of its kind.
    pub(super) kind: usize,
}

/// What was measured.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Measured {
    /// From opening the store until the first question can be asked, in milliseconds.
    pub(super) open_ms: f64,
    /// The rank of who was meant, from 1, for every question.
    pub(super) ranks: Vec<Option<u32>>,
    /// Whole questions.
    pub(super) query_ms: Times,
    /// Key presses.
    pub(super) keypress_ms: Times,
    /// How many key presses.
    pub(super) keypresses: usize,
    /// The most memory of the process until here, where the system tells it.
    pub(super) resident_bytes: Option<u64>,
    /// Bytes of the index's keys and values.
    pub(super) index_bytes: u64,
    /// Bytes written for one insert, on average.
    pub(super) insert_bytes: u64,
    /// Bytes written for one insert in all files.
    pub(super) insert_written_bytes: u64,
    /// Questions whose person was not the first hit.
    pub(super) misses: Vec<Miss>,
}

/// A question whose person was not the first hit.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Miss {
    /// Which question, from 0.
    pub(super) question: usize,
    /// The first hits.
    pub(super) hits: Vec<MissHit>,
}

/// Somebody who was found instead.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MissHit {
    /// Their number.
    pub(super) person: u64,
    /// All evidence together, in bits.
    pub(super) bits: f32,
    /// What it was, a typed word each.
    pub(super) evidence: Vec<String>,
}

/// What a person of this number is found by. A date of birth that is none is left out.
pub(super) fn document(person: u64, row: &PersonRow) -> Document {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Document {
        person,
        names: vec![format!("{} {}", row.given, row.family).trim().to_owned()],
        other_names: row.other_names.clone(),
        birth_date: people::BirthDate::parse(&row.birth_date).map(birth_date),
        ids: given(&row.national_id).into_iter().collect(),
        telephones: given(&row.phone).into_iter().collect(),
        addresses: given(&row.address).into_iter().collect(),
        related_names: Vec::new(),
        is_restricted: false,
    }
}

fn birth_date(date: people::BirthDate) -> BirthDate {
    let part = |part: i8| u8::try_from(part).ok();
    match date {
        people::BirthDate::Year(year) => BirthDate { year, month: None, day: None },
        people::BirthDate::Month(year, month) => BirthDate { year, month: part(month), day: None },
        people::BirthDate::Day(day) => {
            let date = day.date();
            BirthDate { year: date.year(), month: part(date.month()), day: part(date.day()) }
        }
    }
}
