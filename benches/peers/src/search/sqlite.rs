//! SQLite's FTS5 with the trigram tokenizer: every three letters of a word are a term.
//!
//! A card is one row of folded text with a space before and after each word, so that a term also says where a word begins
//! or ends. A query is every trigram of every typed word, joined by OR (the last word may go on, so it has no end), the
//! best by bm25 first; numbers, years and dates are looked up whole, as parts of a text, which is what trigrams are
//! best at. The best candidates are ranked anew by nearness.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::{Connection, params};

use super::engine::{Card, Engine, People};
use super::nearness::{CANDIDATES, best};
use super::typed::{Part, Typed};
use casedesk_peers::people::Failure;

const FILE: &str = "fts5.db";
/// casedesk's default.
const CACHE_KIB: i64 = 64 * 1024;
const SCHEMA: &str = "CREATE TABLE card (id INTEGER PRIMARY KEY, line TEXT NOT NULL);
    CREATE VIRTUAL TABLE found USING fts5 \
    (line, content = '', tokenize = 'trigram case_sensitive 1');";
/// The join reads only the rows of the best.
const ASK: &str = "SELECT card.id, card.line FROM \
    (SELECT rowid FROM found WHERE found MATCH ?1 ORDER BY rank LIMIT ?2) AS best \
    JOIN card ON card.id = best.rowid";

/// Builds the two tables.
pub(crate) fn build(people: People<'_>, data: &Path) -> Result<(), Failure> {
    let mut connection = Connection::open(data.join(FILE))?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.execute_batch(SCHEMA)?;
    let transaction = connection.transaction()?;
    {
        let mut card = transaction.prepare("INSERT INTO card (id, line) VALUES (?1, ?2)")?;
        let mut found = transaction.prepare("INSERT INTO found (rowid, line) VALUES (?1, ?2)")?;
        for person in people {
            let person = person?;
            let (id, line) = (person.id.cast_signed(), Card::of(&person).line());
            found.execute(params![id, format!(" {} ", line.replace('\t', " "))])?;
            card.execute(params![id, line])?;
        }
    }
    transaction.execute("INSERT INTO found (found) VALUES ('optimize')", [])?;
    Ok(transaction.commit()?)
}

/// The two tables, open.
pub(crate) struct Fts5(Connection);

impl Fts5 {
    pub(crate) fn open(data: &Path) -> Result<Self, Failure> {
        let connection = Connection::open(data.join(FILE))?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        Ok(Self(connection))
    }
}

impl Engine for Fts5 {
    fn ask(&mut self, typed: &Typed) -> Result<Vec<u64>, Failure> {
        let wanted = expression(typed);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut ask = self.0.prepare_cached(ASK)?;
        let limit = i64::try_from(CANDIDATES)?;
        let rows = ask.query_map(params![wanted, limit], |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
        })?;
        Ok(best(typed, &rows.collect::<rusqlite::Result<Vec<(u64, String)>>>()?))
    }
}

/// The query in FTS5's language: quoted strings joined by OR. Folded words hold no quotes.
fn expression(typed: &Typed) -> String {
    let mut expression = String::new();
    let mut add = |text: &str| {
        let or = if expression.is_empty() { "" } else { " OR " };
        // A string takes whatever is written into it.
        let _written = write!(expression, "{or}\"{text}\"");
    };
    for (place, part) in typed.parts.iter().enumerate() {
        match part {
            Part::Word(word) => {
                let end = if typed.is_last(place) { "" } else { " " };
                let letters: Vec<char> = format!(" {word}{end}").chars().collect();
                for three in letters.windows(3) {
                    add(&three.iter().collect::<String>());
                }
            }
            Part::Year(year) => {
                add(&format!(" {year}-"));
                add(&format!("{year} "));
            }
            Part::Date(date) => add(date),
            Part::Number(digits) if digits.len() >= 3 => add(digits),
            Part::Number(_) => {}
        }
    }
    expression
}
