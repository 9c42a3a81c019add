//! Reads a file of requests as words and the class that each came to have, to judge what suggests classes.

use std::path::Path;

use super::ExchangeError;
use super::mapping::Mapping;
use super::table::{Column, Delimiter, Row, Table};

/// A request as far as it says what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledRow {
    /// The file's own reference.
    pub reference: String,
    /// When it was received, as the file writes it: years first, so that texts are in the order of time.
    pub received: String,
    /// The words.
    pub words: String,
    /// The class.
    pub class: String,
}

/// A file of requests with one column that is the class, and columns of words.
pub struct LabelledFile {
    table: Table,
    reference: Column,
    received: Column,
    class: Column,
    words: Vec<Column>,
    blank: Vec<String>,
    /// Rows that could not be read, or say no class or no word.
    pub left_out: u64,
}

impl LabelledFile {
    /// Opens a file. The class is the mapping's first column of the subject, unless another one is named; the words are
    /// the mapping's columns of what is asked that are not the class, unless others are named.
    ///
    /// # Errors
    /// The file or its header cannot be read, or it lacks a column.
    pub fn open(
        file: &Path,
        mapping: &Mapping,
        class: Option<&str>,
        words: &[String],
    ) -> Result<Self, ExchangeError> {
        let table = Table::open(file, Delimiter::Byte(mapping.delimiter))?;
        let columns = &mapping.columns;
        let subject = columns.subject.columns.first().map_or("", String::as_str);
        let class = table.column(class.unwrap_or(subject))?;
        let asked = columns.asks.columns.iter().filter(|column| **column != class.name);
        let named: Vec<&String> =
            if words.is_empty() { asked.collect() } else { words.iter().collect() };
        let words = named.into_iter().map(|name| table.column(name)).collect::<Result<_, _>>()?;
        Ok(Self {
            reference: table.column(&columns.reference)?,
            received: table.column(&columns.received)?,
            class,
            words,
            blank: mapping.blank.clone(),
            left_out: 0,
            table,
        })
    }

    /// The names of the class's column and of the columns of words.
    #[must_use]
    pub fn columns(&self) -> (&str, Vec<&str>) {
        (&self.class.name, self.words.iter().map(|column| column.name.as_str()).collect())
    }

    /// The next row that says something; nothing at the end.
    ///
    /// # Errors
    /// The file cannot be read on.
    pub fn next_row(&mut self) -> Result<Option<LabelledRow>, ExchangeError> {
        while let Some((row, fault)) = self.table.next()? {
            let read = if fault.is_none() { self.read(&row) } else { None };
            match read {
                Some(read) => return Ok(Some(read)),
                None => self.left_out += 1,
            }
        }
        Ok(None)
    }

    fn read(&self, row: &Row) -> Option<LabelledRow> {
        let said = |column: &Column| {
            let text = row.text(column).ok()?;
            (!self.blank.iter().any(|blank| blank == text)).then(|| text.to_owned())
        };
        let class = said(&self.class)?;
        let words: Vec<String> = self.words.iter().filter_map(said).collect();
        let words = words.join(" ");
        if class.is_empty() || words.trim().is_empty() {
            return None;
        }
        let received = row.text(&self.received).ok()?.to_owned();
        let reference = row.text(&self.reference).ok()?.to_owned();
        Some(LabelledRow { reference, received, words, class })
    }
}
