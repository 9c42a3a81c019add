//! Decision tables: read from text, checked for overlaps and gaps, and evaluated over facts in which there is no person.
//!
//! # The text
//! A table is TOML, or CSV as a spreadsheet writes it; the first line tells which: a first cell `code` makes it CSV.
//! ```toml
//! code = "routing"
//! version = 1
//! use = "route"          # classify, route, clocks, confidentiality
//! policy = "F"           # U: at most one row holds. F: the first row that holds counts.
//! complete = false       # true: a gap is a flaw
//!
//! [[row]]
//! id = "rent"
//! when = { subject = "RENT", channel = "not letter" }
//! then = { unit = "housing", queue = "inbox" }
//! note = "Rent is Housing's, wherever it was taken in."
//! ```
//! ```csv
//! code,routing
//! version,1
//! use,route
//! policy,F
//! row,when subject,when channel,then unit,then queue,note
//! rent,RENT,not letter,housing,inbox,Rent is Housing's.
//! ```
//! Cells of CSV may be divided by `,`, `;` or tabs; empty rows, and rows that begin with `#`, are passed over.
//!
//! # Cells
//! | Cell | Holds where the fact is |
//! |---|---|
//! | `-`, or nothing | anything |
//! | `complaint, report` | one of these; a subject or term with all that is under it |
//! | `not letter` | none of these |
//! | `10..20` | within these bounds, both included |
//! | `>= 2026-01-01`, `< 10` | beyond this bound |
//! | `known`, `unknown` | there, or not |
//!
//! A field is asked as `field.CODE`; its values are whole numbers (`42`), amounts (`4200.00`), days (`2026-01-31`), `yes`
//! and `no`, and codes.

mod cell;
mod check;
mod classes;
mod csv_text;
mod decide;
mod draft;
mod facts;
mod known;
mod outputs;
mod rows;
mod said;
mod toml_text;

pub use check::{Checked, check_table};
pub use decide::{Decision, decide_table, fired, words_of_fact};
pub use draft::read_table;
pub use known::{Known, KnownType, misnamed};
pub use outputs::{RouteTo, term_of_words, terms_of};
pub use said::said_fact;
