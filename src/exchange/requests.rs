//! Reads a row of a file of requests as a case of another system, as its mapping says.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::ExchangeError;
use super::clean::{Repair, Shape, take};
use super::mapping::Mapping;
use super::moment::PartOfDay;
use super::report::Report;
use super::rules::BoundWords;
use super::run::{Job, RowReader, Taken, run};
use super::table::{Column, Delimiter, Fault, Row, Table};
use crate::desk::{AskOffice, Command};
use crate::domain::SubjectCode;
use crate::domain::cases::{CaseImport, CasePlace, Channel, Nature, OutcomeCode};
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::domain::time::{Day, Instant};

/// Subjects whose code and nature are kept at hand.
const SUBJECTS_AT_HAND_MAX: usize = 10_000;

/// Bytes of the readable part of a subject's code.
const CODE_WORDS_BYTES_MAX: usize = 48;

/// Imports a file of requests through a mapping.
///
/// # Errors
/// The file or its header cannot be read, or the desk stops taking commands; rows that were taken stay.
pub fn import_requests(
    job: &Job<'_>,
    file: &Path,
    mapping: &Mapping,
) -> Result<Report, ExchangeError> {
    let mut table = Table::open(file, Delimiter::Byte(mapping.delimiter))?;
    let reader = RequestReader::new(mapping, &table, defined_subjects(job)?)?;
    run(job, &mut table, &mapping.source, reader)
}

/// The subjects that the office has already.
pub(super) fn defined_subjects(job: &Job<'_>) -> Result<HashSet<SubjectCode>, ExchangeError> {
    let asked = job.desk.ask(AskOffice {});
    let office = asked.map_err(|source| ExchangeError::Desk { line: 1, source })?;
    Ok(office.subjects.into_iter().map(|subject| subject.code).collect())
}

struct Subject {
    code: SubjectCode,
    label: String,
    nature: Nature,
}

pub(super) struct RequestReader<'a> {
    pub(super) mapping: &'a Mapping,
    repair: Repair,
    reference: Column,
    received: Column,
    ended: Option<Column>,
    due: Option<Column>,
    status: Option<Column>,
    channel: Option<Column>,
    skip: Vec<(Column, &'a [String])>,
    subject: BoundWords,
    asks: BoundWords,
    place: BoundWords,
    area: BoundWords,
    outcome_words: BoundWords,
    subjects: HashMap<String, Subject>,
    defined: HashSet<SubjectCode>,
    to_define: Vec<Command>,
}

impl<'a> RequestReader<'a> {
    /// Finds the columns of a mapping.
    ///
    /// # Errors
    /// The header lacks one.
    pub(super) fn new(
        mapping: &'a Mapping,
        table: &Table,
        defined: HashSet<SubjectCode>,
    ) -> Result<Self, ExchangeError> {
        let columns = &mapping.columns;
        let optional =
            |name: &Option<String>| name.as_ref().map(|name| table.column(name)).transpose();
        let skip = mapping
            .skip
            .iter()
            .map(|skip| Ok((table.column(&skip.column)?, skip.values.as_slice())))
            .collect::<Result<_, ExchangeError>>()?;
        Ok(Self {
            mapping,
            repair: if mapping.is_cleaned { Repair::Allowed } else { Repair::Never },
            reference: table.column(&columns.reference)?,
            received: table.column(&columns.received)?,
            ended: optional(&columns.ended)?,
            due: optional(&columns.due)?,
            status: optional(&columns.status)?,
            channel: optional(&mapping.channel.column)?,
            skip,
            subject: columns.subject.bind(table)?,
            asks: columns.asks.bind(table)?,
            place: columns.place.bind(table)?,
            area: columns.area.bind(table)?,
            outcome_words: mapping.outcome.words.bind(table)?,
            subjects: HashMap::new(),
            defined,
            to_define: Vec::new(),
        })
    }

    fn line(&self, column: &str, text: &str, bytes_max: usize) -> Result<String, Fault> {
        take(text, Shape::Line, bytes_max, self.repair)
            .map_err(|why| Fault::of(column, why.to_string()))
    }

    fn words(&self, words: &BoundWords, row: &Row) -> Result<String, Fault> {
        self.line(words.first_name(), &words.join(row, &self.mapping.blank)?, LINE_BYTES_MAX)
    }

    fn subject(&mut self, row: &Row) -> Result<(SubjectCode, String, Nature), Fault> {
        let joined = self.subject.join(row, &self.mapping.blank)?;
        if let Some(known) = self.subjects.get(&joined) {
            return Ok((known.code.clone(), known.label.clone(), known.nature));
        }
        let label = self.line(self.subject.first_name(), &joined, LINE_BYTES_MAX)?;
        if label.is_empty() {
            let reason = "The row has no subject, and the mapping has no default for it.";
            return Err(Fault::of(self.subject.first_name(), reason));
        }
        let rules = &self.mapping.nature;
        let nature = rules.by_words(&label).or(rules.default).ok_or_else(|| {
            Fault::of(self.subject.first_name(), "The mapping gives this subject no nature.")
        })?;
        let code = subject_code(&label);
        if self.defined.insert(code.clone()) {
            self.to_define.push(Command::DefineSubject {
                code: code.clone(),
                label: label.clone(),
                synonyms: Vec::new(),
                parent: None,
            });
        }
        if self.subjects.len() >= SUBJECTS_AT_HAND_MAX {
            self.subjects.clear();
        }
        let subject = Subject { code: code.clone(), label: label.clone(), nature };
        self.subjects.insert(joined, subject);
        Ok((code, label, nature))
    }

    fn channel(&self, row: &Row) -> Result<Channel, Fault> {
        let rules = &self.mapping.channel;
        let (name, value) = match &self.channel {
            Some(column) => (column.name.as_str(), row.text(column)?),
            None => ("", ""),
        };
        rules.by_value(value).or(rules.default).ok_or_else(|| {
            Fault::of(name, format!("The mapping does not say which channel `{value}` is."))
        })
    }

    /// The source's own key of the case that a row is of.
    pub(super) fn reference(&self, row: &Row) -> Result<String, Fault> {
        let reference = row.text(&self.reference)?;
        let reference = take(reference, Shape::Line, CODE_BYTES_MAX, Repair::Never)
            .map_err(|why| Fault::of(&self.reference.name, why.to_string()))?;
        if reference.is_empty() {
            return Err(Fault::of(&self.reference.name, "The row has no reference."));
        }
        Ok(reference)
    }

    /// The day of an instant where the source is.
    pub(super) fn day(&self, at: Instant) -> Day {
        self.mapping.zone.day(at)
    }

    /// The subjects that the rows read so far need defined.
    pub(super) fn take_definitions(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.to_define)
    }

    /// How the case ended, by its words, then by its status, then by the default; an end needs its date.
    fn ended(&self, row: &Row) -> Result<Option<(Instant, OutcomeCode, String)>, Fault> {
        let at = match &self.ended {
            Some(column) => self.mapping.date(row, column, PartOfDay::End)?,
            None => None,
        };
        let (status_name, status) = match &self.status {
            Some(column) => (column.name.as_str(), row.text(column)?),
            None => ("", ""),
        };
        let rules = &self.mapping.outcome.choice;
        let by_status = rules.by_value(status);
        if by_status == Some(None) {
            return Ok(None);
        }
        let Some(at) = at else {
            return match by_status {
                Some(Some(_)) => {
                    let reason =
                        format!("The status `{status}` says that it ended, and no date says when.");
                    Err(Fault::of(status_name, reason))
                }
                Some(None) | None => Ok(None),
            };
        };
        let words = self.words(&self.outcome_words, row)?;
        let chosen = rules.by_words(&words).or(by_status).or(rules.default).ok_or_else(|| {
            let reason = format!("The mapping does not say which outcome `{status}` is.");
            Fault::of(status_name, reason)
        })?;
        Ok(chosen.map(|code| (at, code, words)))
    }
}

impl RowReader for RequestReader<'_> {
    type Record = CaseImport;

    fn read(&mut self, row: &Row) -> Result<Taken<CaseImport>, Fault> {
        let record = self.read_case(row)?;
        if let (Some((at, _, _)), Some(column)) = (&record.ended, &self.ended)
            && *at < record.received_at
        {
            return Err(Fault::of(&column.name, "The case ended before it was received."));
        }
        let bytes = record.asks.len() + record.place.text.len() + record.subject_label.len();
        Ok(Taken { key: record.reference.clone(), record, bytes, doubts: Vec::new() })
    }

    fn before(&mut self) -> Vec<Command> {
        self.take_definitions()
    }

    fn command(&self, records: Vec<CaseImport>) -> Command {
        Command::ImportCases(records)
    }
}

impl RequestReader<'_> {
    /// The case that a row tells of. That its dates agree is for the caller to see.
    pub(super) fn read_case(&mut self, row: &Row) -> Result<CaseImport, Fault> {
        for (column, values) in &self.skip {
            let value = row.text(column)?;
            if values.iter().any(|skipped| skipped == value) {
                return Err(Fault::of(&column.name, format!("The mapping skips `{value}`.")));
            }
        }
        let reference = self.reference(row)?;
        let received_at =
            self.mapping.date(row, &self.received, PartOfDay::Start)?.ok_or_else(|| {
                Fault::of(&self.received.name, "The row does not say when it was received.")
            })?;
        let ended = self.ended(row)?;
        let due_at = match &self.due {
            Some(column) => self.mapping.date(row, column, PartOfDay::End)?,
            None => None,
        };
        let (subject, subject_label, nature) = self.subject(row)?;
        let mut asks = self.asks.join(row, &self.mapping.blank)?;
        if asks.is_empty() {
            asks.clone_from(&subject_label);
        }
        let asks = take(&asks, Shape::Block, TEXT_BYTES_MAX, self.repair)
            .map_err(|why| Fault::of(self.asks.first_name(), why.to_string()))?;
        let place =
            CasePlace { text: self.words(&self.place, row)?, area: self.words(&self.area, row)? };
        Ok(CaseImport {
            source: self.mapping.source.clone(),
            reference,
            nature,
            subject,
            subject_label,
            asks,
            place,
            channel: self.channel(row)?,
            received_at,
            due_at,
            ended,
        })
    }
}

/// The code of a subject by its label: its words in capitals. Where that loses something, a digest of the label keeps
/// two subjects apart.
fn subject_code(label: &str) -> SubjectCode {
    let mut code = String::new();
    let mut is_whole = true;
    for letter in label.chars() {
        if code.len() >= CODE_WORDS_BYTES_MAX {
            is_whole = false;
            break;
        }
        if letter.is_ascii_alphanumeric() {
            code.push(letter.to_ascii_uppercase());
        } else {
            is_whole &= letter.is_ascii();
            if !code.is_empty() && !code.ends_with('-') {
                code.push('-');
            }
        }
    }
    let words = code.trim_end_matches('-');
    if is_whole && !words.is_empty() {
        return SubjectCode(words.into());
    }
    let digest = label
        .to_lowercase()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let separator = if words.is_empty() { "" } else { "-" };
    SubjectCode(format!("{words}{separator}{digest:08X}").into())
}

#[cfg(test)]
mod tests {
    use super::subject_code;
    use crate::domain::limits::CODE_BYTES_MAX;

    #[test]
    fn a_subject_code_is_readable_short_and_distinct() {
        let code = |label: &str| subject_code(label).0;
        assert_eq!(code("Housing and Buildings: DOB Permits"), "HOUSING-AND-BUILDINGS-DOB-PERMITS");
        assert_eq!(code("HOUSING AND BUILDINGS"), code("Housing and Buildings"));
        assert_ne!(code("Gate: Ørsta"), code("Gate: Årsta"));
        assert_ne!(code("آب"), code("برق"));
        let long = "a very long label that goes on and on and does not end where a code has to end";
        assert_ne!(code(long), code(&format!("{long} ever")));
        assert!(code(long).len() <= CODE_BYTES_MAX, "{}", code(long));
    }
}
