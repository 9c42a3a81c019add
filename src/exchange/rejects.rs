//! Keeps the rows that were not taken, with line, column and reason, so that they can be corrected and imported again.

use std::fs::{File, OpenOptions, create_dir_all};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Writer, WriterBuilder};

use super::ExchangeError;
use super::table::{Fault, Row};
use crate::domain::time::Day;

/// The file of rejected rows; it is made with the first one.
pub(super) struct Rejects {
    path: PathBuf,
    writer: Option<Writer<File>>,
}

impl Rejects {
    /// The file of a source and a day in a directory: `SOURCE-DATE.csv`.
    pub(super) fn new(directory: &Path, source: &str, today: Day) -> Self {
        let safe: String =
            source.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
        let path = directory.join(format!("{safe}-{today}.csv"));
        Self { path, writer: None }
    }

    /// Appends a row.
    pub(super) fn add(&mut self, row: &Row, fault: &Fault) -> Result<(), ExchangeError> {
        let whole = as_line(&row.fields);
        let fields = [
            row.line.to_string().as_bytes(),
            fault.column.as_bytes(),
            fault.reason.as_bytes(),
            &whole,
        ]
        .iter()
        .collect::<ByteRecord>();
        let path = self.path.display().to_string();
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.open()?,
        };
        let written = self.writer.insert(writer).write_byte_record(&fields);
        written.map_err(|error| failed(&path)(error.into()))
    }

    /// Writes what is buffered.
    pub(super) fn finish(mut self) -> Result<(), ExchangeError> {
        let path = self.path.display().to_string();
        match &mut self.writer {
            Some(writer) => writer.flush().map_err(failed(&path)),
            None => Ok(()),
        }
    }

    fn open(&self) -> Result<Writer<File>, ExchangeError> {
        let path = self.path.display().to_string();
        if let Some(directory) = self.path.parent() {
            create_dir_all(directory).map_err(failed(&path))?;
        }
        let opened = OpenOptions::new().append(true).create(true).open(&self.path);
        let file = opened.map_err(failed(&path))?;
        let is_new = file.metadata().map_err(failed(&path))?.len() == 0;
        let mut writer = WriterBuilder::new().from_writer(file);
        if is_new {
            let header = writer.write_record(["line", "column", "reason", "row"]);
            header.map_err(|error| failed(&path)(error.into()))?;
        }
        Ok(writer)
    }
}

/// The row as one line of CSV.
fn as_line(fields: &ByteRecord) -> Vec<u8> {
    let mut writer = Writer::from_writer(Vec::new());
    // Writing to memory does not fail, and a row that was read can be written.
    let _written = writer.write_byte_record(fields);
    let mut line = writer.into_inner().unwrap_or_default();
    while line.last().is_some_and(u8::is_ascii_whitespace) {
        line.pop();
    }
    line
}

fn failed(file: &str) -> impl Fn(std::io::Error) -> ExchangeError + '_ {
    move |source| ExchangeError::Io { action: "write", file: file.to_owned(), source }
}
