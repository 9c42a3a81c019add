//! Reads an event log: each row is an activity of a case, and each case comes in once with all of them, under a type.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use super::ExchangeError;
use super::clean::{Repair, Shape, take};
use super::mapping::Mapping;
use super::moment::PartOfDay;
use super::rejects::Rejects;
use super::requests::{RequestReader, defined_subjects};
use super::run::Job;
use super::table::{Column, Delimiter, Fault, Row, Table};
use crate::desk::{Command, DeskError, HISTORIES_MAX, Request, RowResult};
use crate::domain::cases::{
    ACTIVITIES_MAX, CaseHistory, CaseImport, Judgement, PastActivity, judge, read_field,
};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::rules::{CaseType, FieldRule, FieldValue};
use crate::domain::time::{Day, Instant};

/// Rows of one log: it is sorted into cases before the first goes to the desk, as a case's rows may lie apart.
const ROWS_MAX: usize = 500_000;

/// Rows after which progress is told.
const ROWS_PER_PROGRESS: u64 = 1_000;

/// Which columns of an event log tell of the activity.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventColumns {
    activity: String,
    at: String,
    resource: Option<String>,
    /// The task of the type that an activity is.
    tasks: BTreeMap<String, String>,
    /// The column that a field of the type is filled from.
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

/// What became of an event log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct HistoryReport {
    /// Rows read.
    pub read: u64,
    /// Cases among them.
    pub cases: u64,
    /// Cases that came in.
    pub created: u64,
    /// Cases that are here already and say the same.
    pub unchanged: u64,
    /// Cases that are here already and say something else: they stay as they are.
    pub conflicts: u64,
    /// Rows that could not be taken: they lie in `DATA/rejects/`.
    pub rejected: u64,
    /// Activities that were taken, or would be.
    pub activities: u64,
    /// Activities that the type would not have had done then, and cases that it would not have ended: they lie in
    /// `DATA/rejects/SOURCE-deviations-DATE.csv`, each with its reason.
    pub deviations: u64,
    /// How often each activity was done, by its name in the source.
    pub by_activity: BTreeMap<String, u64>,
    /// Whether it was stopped before the end.
    #[serde(skip)]
    pub is_stopped: bool,
}

/// Imports an event log through a mapping that has `[events]`, under a published type. A dry run judges and reports, and
/// leaves nothing behind but its report.
///
/// # Errors
/// The mapping has no `[events]` or names a task or field that the type has not, the file or its header cannot be read, or
/// the desk stops taking commands; cases that were taken stay.
pub fn import_histories(
    job: &Job<'_>,
    file: &Path,
    mapping: &Mapping,
    case_type: &CaseType,
    is_dry: bool,
) -> Result<HistoryReport, ExchangeError> {
    let mut table = Table::open(file, Delimiter::Byte(mapping.delimiter))?;
    let columns = Bound::new(mapping, &table, case_type)?;
    let requests = RequestReader::new(mapping, &table, defined_subjects(job)?)?;
    let file_of =
        |what: &str| Rejects::new(job.rejects, &format!("{}{what}", mapping.source), job.today);
    let mut log = Log {
        job,
        case_type,
        columns,
        requests,
        report: HistoryReport::default(),
        rejects: file_of(""),
        deviations: file_of("-deviations"),
        is_dry,
    };
    let cases = log.read(&mut table)?;
    log.report.cases = cases.len() as u64;
    log.take(cases)?;
    (job.progress)(table.progress());
    log.rejects.finish()?;
    log.deviations.finish()?;
    Ok(log.report)
}

/// The columns of the activity, found in a header.
struct Bound<'a> {
    activity: Column,
    at: Column,
    resource: Option<Column>,
    tasks: &'a BTreeMap<String, String>,
    fields: Vec<(&'a FieldRule, Column)>,
}

impl<'a> Bound<'a> {
    fn new(
        mapping: &'a Mapping,
        table: &Table,
        case_type: &'a CaseType,
    ) -> Result<Self, ExchangeError> {
        let wrong =
            |what: String| ExchangeError::Mapping { file: mapping.source.clone(), line: 1, what };
        let named = format!("{}@{}", case_type.id.code, case_type.id.version);
        let events = mapping.events.as_ref().ok_or_else(|| {
            wrong("it has no [events], which says which columns tell of the activity".to_owned())
        })?;
        for task in events.tasks.values() {
            if !case_type.tasks.iter().any(|known| known.code == *task) {
                return Err(wrong(format!(
                    "`events.tasks`: the type {named} has no task `{task}`"
                )));
            }
        }
        let mut fields = Vec::new();
        for (field, column) in &events.fields {
            let rule =
                case_type.fields.iter().find(|rule| rule.code == *field).ok_or_else(|| {
                    wrong(format!("`events.fields`: the type {named} has no field `{field}`"))
                })?;
            fields.push((rule, table.column(column)?));
        }
        Ok(Self {
            activity: table.column(&events.activity)?,
            at: table.column(&events.at)?,
            resource: events.resource.as_ref().map(|name| table.column(name)).transpose()?,
            tasks: &events.tasks,
            fields,
        })
    }
}

/// The rows of one case: the first as it stands, and what was done.
struct Gathered {
    reference: String,
    first: Row,
    done: Vec<(Row, PastActivity)>,
}

struct Log<'a> {
    job: &'a Job<'a>,
    case_type: &'a CaseType,
    columns: Bound<'a>,
    requests: RequestReader<'a>,
    report: HistoryReport,
    rejects: Rejects,
    deviations: Rejects,
    is_dry: bool,
}

impl Log<'_> {
    fn reject(&mut self, row: &Row, fault: &Fault) -> Result<(), ExchangeError> {
        self.report.rejected += 1;
        self.rejects.add(row, fault)
    }

    /// Sorts the rows into cases, in the order in which the cases come.
    fn read(&mut self, table: &mut Table) -> Result<Vec<Gathered>, ExchangeError> {
        let mut cases: Vec<Gathered> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        while let Some((row, fault)) = table.next()? {
            self.report.read += 1;
            if self.report.read.is_multiple_of(ROWS_PER_PROGRESS) {
                (self.job.progress)(table.progress());
            }
            let read = match fault {
                Some(fault) => Err(fault),
                None => self.activity(&row),
            };
            let (reference, activity) = match read {
                Ok(read) => read,
                Err(fault) => {
                    self.reject(&row, &fault)?;
                    continue;
                }
            };
            if self.report.read > ROWS_MAX as u64 {
                self.reject(
                    &row,
                    &Fault::of("", "One log has at most 500,000 rows: divide it by case."),
                )?;
                continue;
            }
            let place = *places.entry(reference.clone()).or_insert(cases.len());
            match cases.get_mut(place) {
                Some(case) => case.done.push((row, activity)),
                None => cases.push(Gathered {
                    reference,
                    first: row.clone(),
                    done: vec![(row, activity)],
                }),
            }
        }
        Ok(cases)
    }

    /// The case that a row is of, and what it says was done.
    fn activity(&self, row: &Row) -> Result<(String, PastActivity), Fault> {
        let Bound { activity, at, resource, tasks, .. } = &self.columns;
        let reference = self.requests.reference(row)?;
        let name = row.text(activity)?;
        let task = tasks.get(name).ok_or_else(|| {
            Fault::of(&activity.name, format!("The mapping names no task for `{name}`."))
        })?;
        let done_at = self
            .requests
            .mapping
            .date(row, at, PartOfDay::End)?
            .ok_or_else(|| Fault::of(&at.name, "The row does not say when it was done."))?;
        let resource = match resource {
            Some(column) => take(row.text(column)?, Shape::Line, LINE_BYTES_MAX, Repair::Allowed)
                .map_err(|why| Fault::of(&column.name, why.to_string()))?,
            None => String::new(),
        };
        let (activity, task) = (name.to_owned(), task.clone());
        Ok((reference, PastActivity { activity, task, at: done_at, resource, is_legal: true }))
    }

    fn take(&mut self, cases: Vec<Gathered>) -> Result<(), ExchangeError> {
        let mut sent: Vec<Gathered> = Vec::new();
        let mut rows: Vec<CaseHistory> = Vec::new();
        for mut case in cases {
            if self.job.stop.load(Ordering::Relaxed) {
                self.report.is_stopped = true;
                break;
            }
            // Within a second the order of the file counts.
            case.done.sort_by_key(|(_, activity)| activity.at);
            match self.history(&case) {
                Ok(history) => {
                    rows.push(history);
                    sent.push(case);
                }
                Err(fault) => self.reject_case(&case, &fault)?,
            }
            if rows.len() >= HISTORIES_MAX {
                self.send(&std::mem::take(&mut rows), &std::mem::take(&mut sent))?;
            }
        }
        if rows.is_empty() { Ok(()) } else { self.send(&rows, &sent) }
    }

    fn reject_case(&mut self, case: &Gathered, fault: &Fault) -> Result<(), ExchangeError> {
        case.done.iter().try_for_each(|(row, _)| self.reject(row, fault))
    }

    fn history(&mut self, case: &Gathered) -> Result<CaseHistory, Fault> {
        let count = case.done.len();
        if count > ACTIVITIES_MAX {
            let why = format!("The case has {count} activities, and {ACTIVITIES_MAX} is the most.");
            return Err(Fault::of("", why));
        }
        let mut import = self.requests.read_case(&case.first)?;
        // What the source did before the matter was received there, it had received.
        let earliest = case.done.first().map_or(import.received_at, |(_, first)| first.at);
        let ended = import.ended.as_ref().map_or(import.received_at, |(at, _, _)| *at);
        import.received_at = import.received_at.min(earliest).min(ended);
        let day = |at: Instant| -> Day { self.requests.day(at) };
        if let (Some((_, first)), Some((_, last))) = (case.done.first(), case.done.last()) {
            let (first, last) = (day(first.at), day(last.at));
            import.asks = format!("{} {count} activities from {first} to {last}.", import.asks);
        }
        Ok(CaseHistory {
            // A day that is named by how far it is counts from when the matter came.
            fields: self.fields(&case.first, day(import.received_at))?,
            activities: case.done.iter().map(|(_, activity)| activity.clone()).collect(),
            case: import,
        })
    }

    fn fields(&self, row: &Row, today: Day) -> Result<Vec<(String, FieldValue)>, Fault> {
        let mut fields = Vec::new();
        for (rule, column) in &self.columns.fields {
            let typed = take(row.text(column)?, Shape::Line, LINE_BYTES_MAX, Repair::Allowed)
                .map_err(|why| Fault::of(&column.name, why.to_string()))?;
            let value = read_field(rule, &typed, today).map_err(|takes| {
                Fault::of(&column.name, format!("The field {} takes {takes}.", rule.code))
            })?;
            fields.extend(value.map(|value| (rule.code.clone(), value)));
        }
        Ok(fields)
    }

    fn send(&mut self, rows: &[CaseHistory], sent: &[Gathered]) -> Result<(), ExchangeError> {
        let results = if self.is_dry {
            vec![None; rows.len()]
        } else {
            let line = sent.first().map_or(0, |case| case.first.line);
            self.execute(rows.to_vec(), line)?
        };
        for ((row, case), result) in rows.iter().zip(sent).zip(results) {
            match result {
                Some(RowResult::Rejected(refusal) | RowResult::Refused(_, refusal)) => {
                    self.reject_case(case, &Fault::of("", refusal.what.as_str()))?;
                    continue;
                }
                Some(RowResult::Created(_) | RowResult::Updated(_)) => self.report.created += 1,
                Some(RowResult::Unchanged(_)) => self.report.unchanged += 1,
                Some(RowResult::Conflict(_)) => self.report.conflicts += 1,
                None => {}
            }
            self.judge(row, case)?;
        }
        Ok(())
    }

    fn execute(
        &mut self,
        rows: Vec<CaseHistory>,
        line: u64,
    ) -> Result<Vec<Option<RowResult>>, ExchangeError> {
        let failed = |source| ExchangeError::Desk { line, source };
        let case_type = self.case_type.id.clone();
        let asked = rows.len();
        let mut commands = self.requests.take_definitions();
        commands.push(Command::ImportHistories { case_type, rows });
        let mut results = Vec::new();
        for command in commands {
            let request = Request { id: (self.job.ids)(), command };
            results = self.job.desk.execute(request).map_err(failed)?.rows;
        }
        if results.len() != asked {
            let what = format!("it answered {} cases of {asked}", results.len());
            return Err(failed(DeskError::Lost(what)));
        }
        Ok(results.into_iter().map(Some).collect())
    }

    /// Counts what was done, and writes down where the type would have had it otherwise.
    fn judge(&mut self, row: &CaseHistory, case: &Gathered) -> Result<(), ExchangeError> {
        let CaseHistory { case: CaseImport { ended, .. }, activities, .. } = row;
        let tasks = activities.iter().map(|activity| activity.task.as_str());
        let Judgement { deviations, end, .. } = judge(self.case_type, tasks, ended.is_some());
        for ((row, activity), deviation) in case.done.iter().zip(deviations) {
            self.report.activities += 1;
            *self.report.by_activity.entry(activity.activity.clone()).or_default() += 1;
            if let Some(why) = deviation {
                let name = self.columns.activity.name.clone();
                self.deviate(row, &name, &format!("{}: {why}.", case.reference))?;
            }
        }
        match (end, case.done.last()) {
            (Some(why), Some((row, _))) => {
                let why = format!("{}: it ended, and {why}.", case.reference);
                self.deviate(row, "", &why)
            }
            _ => Ok(()),
        }
    }

    fn deviate(&mut self, row: &Row, column: &str, why: &str) -> Result<(), ExchangeError> {
        self.report.deviations += 1;
        self.deviations.add(row, &Fault::of(column, why))
    }
}
