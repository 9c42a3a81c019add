//! Reads the two files that the search is judged by: people, and questions that each mean one of them.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::ExchangeError;
use super::report::Progress;
use super::table::{Column, Delimiter, Fault, Row, Table};

/// A person as a row of the file says it, each field without spaces around it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PersonRow {
    /// The line of the file, from 1.
    pub line: u64,
    /// The file's own name for the person: any text, never empty.
    pub id: String,
    /// Given names.
    pub given: String,
    /// Family names.
    pub family: String,
    /// Names that the person is also called.
    pub other_names: Vec<String>,
    /// The date of birth, as it stands there.
    pub birth_date: String,
    /// The address in one line.
    pub address: String,
    /// The telephone number.
    pub phone: String,
    /// The number of an identity document.
    pub national_id: String,
}

/// A question as a row of the file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionRow {
    /// The line of the file, from 1.
    pub line: u64,
    /// What is typed.
    pub text: String,
    /// The id of the person who is meant.
    pub gold_id: String,
    /// What kind of question it is, in any words.
    pub kind: String,
}

/// A file of people (tab or comma separated, plain or gzip) with the columns that an import of people takes; all but `id`
/// and one of the names may be missing. Unlike an import it refuses the file for one bad row, for figures of half a file
/// would say nothing; but somebody without a name is taken, for they are found by what else is known.
pub struct PeopleFile {
    rows: Rows,
    id: Column,
    /// In the order of [`OPTIONAL`].
    optional: [Option<Column>; OPTIONAL.len()],
}

/// A file of questions with the columns `query`, `gold_id` and `kind`.
pub struct QuestionsFile {
    rows: Rows,
    query: Column,
    gold_id: Column,
    kind: Column,
}

const OPTIONAL: [&str; 7] =
    ["given", "family", "other_names", "birth_date", "address", "phone", "national_id"];

impl PeopleFile {
    /// Opens a file and looks for its columns.
    ///
    /// # Errors
    /// The file or its header cannot be read, or it lacks a column.
    pub fn open(file: &Path) -> Result<Self, ExchangeError> {
        let table = Table::open(file, Delimiter::ByHeader)?;
        let id = table.column("id")?;
        let optional = OPTIONAL.map(|name| table.optional_column(name));
        if let [None, None, ..] = optional {
            table.column("family")?;
        }
        Ok(Self { rows: Rows::new(file, table), id, optional })
    }

    /// The next person, or nobody at the end.
    ///
    /// # Errors
    /// The file cannot be read on, or the row has other fields than the header, no id, or bytes that are no text.
    pub fn next_person(&mut self) -> Result<Option<PersonRow>, ExchangeError> {
        let (id, optional) = (&self.id, &self.optional);
        self.rows.next(|row| {
            let mut fields = optional.iter().map(|column| match column {
                Some(column) => row.text(column),
                None => Ok(""),
            });
            let mut field = || fields.next().unwrap_or(Ok("")).map(str::to_owned);
            let (given, family) = (field()?, field()?);
            let other_names = field()?;
            let other_names = other_names.split([';', '|']).map(str::trim);
            Ok(PersonRow {
                line: row.line,
                id: needed(row, id, "The row has no id.")?,
                given,
                family,
                other_names: other_names
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect(),
                birth_date: field()?,
                address: field()?,
                phone: field()?,
                national_id: field()?,
            })
        })
    }

    /// How far the file is read.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.rows.table.progress()
    }
}

impl QuestionsFile {
    /// Opens a file and looks for its columns.
    ///
    /// # Errors
    /// The file or its header cannot be read, or it lacks a column.
    pub fn open(file: &Path) -> Result<Self, ExchangeError> {
        let table = Table::open(file, Delimiter::ByHeader)?;
        let (query, gold_id) = (table.column("query")?, table.column("gold_id")?);
        let kind = table.column("kind")?;
        Ok(Self { rows: Rows::new(file, table), query, gold_id, kind })
    }

    /// The next question, or nothing at the end.
    ///
    /// # Errors
    /// The file cannot be read on, or the row has other fields than the header, means nobody, or has bytes that are no
    /// text.
    pub fn next_question(&mut self) -> Result<Option<QuestionRow>, ExchangeError> {
        let (query, gold_id, kind) = (&self.query, &self.gold_id, &self.kind);
        self.rows.next(|row| {
            Ok(QuestionRow {
                line: row.line,
                text: row.text(query)?.to_owned(),
                gold_id: needed(row, gold_id, "The row does not say who is meant.")?,
                kind: row.text(kind)?.to_owned(),
            })
        })
    }
}

/// The rows of a file of which every one counts.
struct Rows {
    table: Table,
    file: String,
}

impl Rows {
    fn new(file: &Path, table: Table) -> Self {
        Self { table, file: file.display().to_string() }
    }

    fn next<T>(
        &mut self,
        read: impl FnOnce(&Row) -> Result<T, Fault>,
    ) -> Result<Option<T>, ExchangeError> {
        let Some((row, fault)) = self.table.next()? else { return Ok(None) };
        let taken = match fault {
            Some(fault) => Err(fault),
            None => read(&row),
        };
        taken.map(Some).map_err(|Fault { column, reason }| ExchangeError::Row {
            file: self.file.clone(),
            line: row.line,
            column,
            reason,
        })
    }
}

fn needed(row: &Row, column: &Column, or_else: &str) -> Result<String, Fault> {
    let text = row.text(column)?;
    if text.is_empty() {
        return Err(Fault::of(&column.name, or_else));
    }
    Ok(text.to_owned())
}
