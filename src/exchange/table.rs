//! Reads the rows of a delimited file one by one, each with its line.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::ExchangeError;
use super::error::did_you_mean;
use super::report::Progress;
use super::source::{Bounded, Source};

/// The delimited files that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    /// This byte; quotation marks hold fields together, except in a file of tabs.
    Byte(u8),
    /// A tab where the first line has one, else a comma.
    ByHeader,
}

/// A file with a header and rows.
pub(super) struct Table {
    reader: Reader<BufReader<Bounded>>,
    header: Vec<String>,
    name: String,
    done_bytes: Arc<AtomicU64>,
    total_bytes: u64,
    row_bytes: Arc<AtomicU64>,
    rows: u64,
    last_line: u64,
}

/// Why a row is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The column, where one is to blame.
    pub(super) column: String,
    /// The reason, as a sentence.
    pub(super) reason: String,
}

impl Fault {
    /// A fault of one column.
    pub(super) fn of(column: &str, reason: impl Into<String>) -> Self {
        Self { column: column.to_owned(), reason: reason.into() }
    }
}

/// A row with the line it begins on.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The line of the file, from 1.
    pub(super) line: u64,
    /// The fields.
    pub(super) fields: ByteRecord,
}

impl Row {
    /// A field as text, without spaces around it.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub(super) fn text<'a>(&'a self, column: &Column) -> Result<&'a str, Fault> {
        let bytes = self.fields.get(column.index).unwrap_or_default();
        str::from_utf8(bytes)
            .map(str::trim)
            .map_err(|error| Fault::of(&column.name, format!("The field is not UTF-8: {error}.")))
    }
}

/// A column that was found in the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    index: usize,
}

impl Table {
    /// Opens a file and reads its header.
    pub(super) fn open(file: &Path, delimiter: Delimiter) -> Result<Self, ExchangeError> {
        let name = file.display().to_string();
        let mut source = Source::open(file)?;
        let failed = |source| ExchangeError::Io { action: "read", file: name.clone(), source };
        let delimiter = match delimiter {
            Delimiter::Byte(byte) => byte,
            Delimiter::ByHeader => {
                let start = source.stream.fill_buf().map_err(failed)?;
                let has_tab = start.iter().take_while(|byte| **byte != b'\n').any(|b| *b == b'\t');
                if has_tab { b'\t' } else { b',' }
            }
        };
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .quoting(delimiter != b'\t')
            .flexible(true)
            .from_reader(source.stream);
        let broken = |source| ExchangeError::Broken { file: name.clone(), line: 0, source };
        let header: Vec<String> = reader
            .byte_headers()
            .map_err(broken)?
            .iter()
            .map(|field| String::from_utf8_lossy(field).trim_start_matches('\u{feff}').to_owned())
            .collect();
        if header.iter().all(String::is_empty) {
            return Err(ExchangeError::Header {
                file: name,
                what: "there is no header".to_owned(),
            });
        }
        Ok(Self {
            reader,
            header,
            name,
            done_bytes: source.done_bytes,
            total_bytes: source.total_bytes,
            row_bytes: source.row_bytes,
            rows: 0,
            last_line: 1,
        })
    }

    /// A column by its name.
    ///
    /// # Errors
    /// The header has none of that name.
    pub(super) fn column(&self, name: &str) -> Result<Column, ExchangeError> {
        self.optional_column(name).ok_or_else(|| {
            let hint = did_you_mean(name, self.header.iter().map(String::as_str));
            let what = format!("there is no column `{name}`{hint}");
            ExchangeError::Header { file: self.name.clone(), what }
        })
    }

    /// A column by its name, if the header has it.
    pub(super) fn optional_column(&self, name: &str) -> Option<Column> {
        let index = self.header.iter().position(|column| column.trim() == name)?;
        Some(Column { name: name.to_owned(), index })
    }

    /// The next row, or nothing at the end; a row whose fields are not as many as the header's is there with its fault.
    ///
    /// # Errors
    /// The file cannot be read on.
    pub(super) fn next(&mut self) -> Result<Option<(Row, Option<Fault>)>, ExchangeError> {
        let mut fields = ByteRecord::new();
        self.row_bytes.store(0, Ordering::Relaxed);
        let is_row = self.reader.read_byte_record(&mut fields).map_err(|source| {
            ExchangeError::Broken { file: self.name.clone(), line: self.last_line, source }
        })?;
        if !is_row {
            return Ok(None);
        }
        self.rows += 1;
        self.last_line = fields.position().map_or(self.last_line, csv::Position::line);
        let (have, want) = (fields.len(), self.header.len());
        let fault = (have != want).then(|| {
            Fault::of("", format!("The row has {have} fields, and the header has {want}."))
        });
        Ok(Some((Row { line: self.last_line, fields }, fault)))
    }

    /// The line of the last row.
    pub(super) fn last_line(&self) -> u64 {
        self.last_line
    }

    /// How far the file is read.
    pub(super) fn progress(&self) -> Progress {
        Progress {
            done_bytes: self.done_bytes.load(Ordering::Relaxed),
            total_bytes: self.total_bytes,
            rows: self.rows,
        }
    }
}
