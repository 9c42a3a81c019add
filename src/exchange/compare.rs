//! Judges another system's old cases with casedesk's own clocks: does an office that moves find the same cases late?

use std::path::Path;

use serde::Serialize;

use super::ExchangeError;
use super::mapping::{Mapping, Verdict};
use super::moment::PartOfDay;
use super::table::{Column, Delimiter, Fault, Row, Table};
use crate::domain::time::{Clock, Instant};

/// Differences that are told one by one.
const DIFFERENCES_MAX: usize = 20;

/// How far casedesk and another system agree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Rows of the file.
    pub rows: u64,
    /// Rows of which both say the same.
    pub agree: u64,
    /// Rows of which they do not, and rows that cannot be judged.
    pub disagree: u64,
    /// The first of these.
    pub first: Vec<Difference>,
}

/// A row of which casedesk and the other system do not say the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its line, from 1.
    pub line: u64,
    /// The other system's reference.
    pub reference: String,
    /// What the other system says.
    pub theirs: String,
    /// What casedesk says: `on time`, `late`, or why it cannot say.
    pub ours: String,
}

impl Comparison {
    fn add(&mut self, row: &Row, reference: &str, theirs: &str, ours: Result<(bool, bool), Fault>) {
        self.rows += 1;
        let ours = match ours {
            Ok((is_late, is_late_there)) if is_late == is_late_there => {
                self.agree += 1;
                return;
            }
            Ok((is_late, _)) => if is_late { "late" } else { "on time" }.to_owned(),
            Err(fault) => format!("{}: {}", fault.column, fault.reason),
        };
        self.disagree += 1;
        if self.first.len() < DIFFERENCES_MAX {
            let (reference, theirs) = (reference.to_owned(), theirs.to_owned());
            self.first.push(Difference { line: row.line, reference, theirs, ours });
        }
    }
}

/// The columns that are judged by.
struct Columns<'m> {
    mapping: &'m Mapping,
    verdict: &'m Verdict,
    reference: Column,
    received: Column,
    ended: Option<Column>,
    due: Option<Column>,
    theirs: Column,
}

impl<'m> Columns<'m> {
    fn of(mapping: &'m Mapping, table: &Table) -> Result<Self, ExchangeError> {
        let Some(verdict) = &mapping.verdict else {
            let what = "it has no [verdict]: the column that says whether a case was on time";
            let (file, what) = (mapping.source.clone(), what.to_owned());
            return Err(ExchangeError::Mapping { file, line: 1, what });
        };
        let columns = &mapping.columns;
        let optional =
            |name: &Option<String>| name.as_ref().map(|name| table.column(name)).transpose();
        Ok(Self {
            mapping,
            verdict,
            reference: table.column(&columns.reference)?,
            received: table.column(&columns.received)?,
            ended: optional(&columns.ended)?,
            due: optional(&columns.due)?,
            theirs: table.column(&verdict.column)?,
        })
    }

    fn moment(
        &self,
        row: &Row,
        column: Option<&Column>,
        part: PartOfDay,
    ) -> Result<Option<Instant>, Fault> {
        column.map_or(Ok(None), |column| self.mapping.date(row, column, part))
    }

    /// The newest moment of a row; what cannot be read is none.
    fn newest(&self, row: &Row) -> Option<Instant> {
        let received = Some(&self.received);
        let all = [received, self.ended.as_ref(), self.due.as_ref()];
        let read = |column| self.moment(row, column, PartOfDay::End).ok().flatten();
        all.into_iter().filter_map(read).max()
    }

    /// Whether a row is late by a clock of casedesk, and whether the other system says so.
    fn judge(&self, row: &Row, as_of: Instant) -> Result<(bool, bool), Fault> {
        let theirs = row.text(&self.theirs)?;
        let says = |words: &[String]| words.iter().any(|word| word == theirs);
        let is_late_there = says(&self.verdict.late);
        if !is_late_there && !says(&self.verdict.on_time) {
            let reason = format!("the mapping does not say what `{theirs}` means");
            return Err(Fault::of(&self.theirs.name, reason));
        }
        let received = self.mapping.date(row, &self.received, PartOfDay::Start)?;
        let received = received
            .ok_or_else(|| Fault::of(&self.received.name, "the row does not say when it came"))?;
        let ended = self.moment(row, self.ended.as_ref(), PartOfDay::End)?;
        let due = self.moment(row, self.due.as_ref(), PartOfDay::End)?;
        let is_late = due.is_some_and(|due_at| {
            let from = self.mapping.zone.day(received);
            let mut clock = Clock::imported(&self.mapping.source, from, due_at);
            if let Some(at) = ended {
                clock.stop(at);
            }
            clock.is_late(as_of)
        });
        Ok((is_late, is_late_there))
    }
}

/// Compares whether each case of a file was on time with what the file itself says. A case that has no due date is on time;
/// one that has not ended is judged as of an instant, or as of the newest one in the file.
///
/// # Errors
/// The file or its header cannot be read, or the mapping does not say which column has the other system's judgement.
pub fn compare_clocks(
    file: &Path,
    mapping: &Mapping,
    as_of: Option<&str>,
) -> Result<Comparison, ExchangeError> {
    let as_of = match as_of {
        None => newest(file, mapping)?,
        Some(text) => {
            let said = text.parse().ok().map(Instant::from_timestamp);
            let said = said.or_else(|| mapping.zone.instant_of_words(text));
            said.or_else(|| mapping.moment(text, PartOfDay::End)).ok_or_else(|| {
                let what = format!("`--as-of {text}` is no instant: write 2018-01-31 17:00");
                ExchangeError::Mapping { file: mapping.source.clone(), line: 1, what }
            })?
        }
    };
    let mut table = Table::open(file, Delimiter::Byte(mapping.delimiter))?;
    let columns = Columns::of(mapping, &table)?;
    let mut comparison = Comparison::default();
    while let Some((row, fault)) = table.next()? {
        let reference = row.text(&columns.reference).unwrap_or_default().to_owned();
        let theirs = row.text(&columns.theirs).unwrap_or_default().to_owned();
        let ours = match fault {
            Some(fault) => Err(fault),
            None => columns.judge(&row, as_of),
        };
        comparison.add(&row, &reference, &theirs, ours);
    }
    Ok(comparison)
}

/// The newest instant in a file.
fn newest(file: &Path, mapping: &Mapping) -> Result<Instant, ExchangeError> {
    let mut table = Table::open(file, Delimiter::Byte(mapping.delimiter))?;
    let columns = Columns::of(mapping, &table)?;
    let mut newest = Instant::from_milliseconds(i64::MIN);
    while let Some((row, _)) = table.next()? {
        newest = newest.max(columns.newest(&row).unwrap_or(newest));
    }
    Ok(newest)
}
