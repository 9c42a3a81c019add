//! `casedesk queue`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, RowAnswer};
use super::error::CliError;
use super::open::Opened;
use crate::desk::{
    Anchor, AskCases, AskFrequencies, AskQueues, CaseRow, Frequency, Narrowing, QueueLine, View,
};
use crate::domain::cases::filter::{Field, Filter, Sort};

/// Rows that are shown unless asked otherwise.
const ROWS: u32 = 50;
/// The most rows that can be asked for.
const ROWS_MAX: u32 = 100_000;
/// Rows of one question, so that its answer fits into a frame.
const PAGE_ROWS: u32 = 200;

/// Shows queues, which own cases, and views, which filter them.
#[derive(Debug, Args)]
pub(super) struct QueueCommand {
    #[command(subcommand)]
    command: QueueSubcommand,
}

#[derive(Debug, Subcommand)]
enum QueueSubcommand {
    List(List),
    Show(Show),
    Frequencies(Frequencies),
}

/// Lists every queue and view with its number of cases.
///
///   casedesk queue list --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct List {}

/// Shows the cases of a queue or view, in its order or in another one.
///
///   casedesk queue show housing/inbox --limit 20
///   casedesk queue show housing/inbox --where 'late nature:complaint -escalated' --sort received
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Show {
    /// The code, as `queue list` shows it
    code: String,
    /// How many rows
    #[arg(long, default_value_t = ROWS, value_parser = clap::value_parser!(u32).range(0..=i64::from(ROWS_MAX)))]
    limit: u32,
    /// Only the cases that fit, in the words of the board's limit
    #[arg(long = "where", value_name = "LIMIT", default_value = "", hide_default_value = true)]
    only: Filter,
    /// due, received, age, subject, nature, unit, stage or owner; with - before it the other way round
    #[arg(long, default_value = "due", allow_hyphen_values = true)]
    sort: Sort,
}

/// Counts how often each value of a field occurs in a queue or view.
///
///   casedesk queue frequencies housing/inbox --by subject --where late --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Frequencies {
    /// The code, as `queue list` shows it
    code: String,
    /// subject, nature, unit, owner, stage, channel, area, due, received or flag
    #[arg(long, value_name = "FIELD", value_parser = field)]
    by: Field,
    /// Only the cases that fit, in the words of the board's limit
    #[arg(long = "where", value_name = "LIMIT", default_value = "", hide_default_value = true)]
    only: Filter,
}

#[derive(Serialize)]
struct Queues {
    queues: Vec<QueueAnswer>,
}

#[derive(Serialize)]
struct QueueAnswer {
    code: String,
    name: String,
    kind: &'static str,
    cases: u64,
}

#[derive(Serialize)]
struct Listed {
    code: String,
    name: String,
    kind: &'static str,
    cases: u64,
    /// The limit, in its normal form.
    only: String,
    /// How many cases fit it.
    fitting: u64,
    /// Whether all cases were looked at for that.
    is_complete: bool,
    rows: Vec<RowAnswer>,
}

#[derive(Serialize)]
struct Counted {
    code: String,
    by: &'static str,
    only: String,
    cases: u64,
    is_complete: bool,
    values: Vec<CountedValue>,
    others: u64,
}

#[derive(Serialize)]
struct CountedValue {
    value: String,
    only: String,
    cases: u64,
    share: f64,
}

impl QueueCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let queues = opened.ask(AskQueues {})?.queues;
        match &self.command {
            QueueSubcommand::List(List {}) => {
                let queues = queues.into_iter().map(QueueAnswer::from).collect();
                context.output.show(&Queues { queues }, |answer| {
                    answer.queues.iter().map(QueueAnswer::line).collect()
                })
            }
            QueueSubcommand::Show(show) => show.run(context, &opened, queues),
            QueueSubcommand::Frequencies(counting) => counting.run(context, &opened, queues),
        }
    }
}

impl Show {
    fn run(
        &self,
        context: &Context,
        opened: &Opened,
        queues: Vec<QueueLine>,
    ) -> Result<(), CliError> {
        let queue = queue_of(queues, &self.code)?;
        let narrowing = Narrowing { limit: self.only.clone(), sort: self.sort };
        let (rows, fitting, is_complete) = rows(opened, queue.view, self.limit, &narrowing)?;
        let head = QueueAnswer::from(queue);
        let answer = Listed {
            code: head.code,
            name: head.name,
            kind: head.kind,
            cases: head.cases,
            only: self.only.to_string(),
            fitting,
            is_complete,
            rows: rows.into_iter().map(RowAnswer::from).collect(),
        };
        let clock = OfficeClock::of(opened)?;
        context.output.show(&answer, |answer| {
            let limited = match answer.only.as_str() {
                "" => String::new(),
                only => format!(", {} of them only {only}", answer.fitting),
            };
            let cut = if answer.is_complete { "" } else { ", as far as they were looked at" };
            let head =
                format!("{} {}: {} cases{limited}{cut}", answer.kind, answer.code, answer.cases);
            let mut shown = vec![head];
            shown.extend(answer.rows.iter().map(|row| row.line(&clock)));
            shown
        })
    }
}

impl Frequencies {
    fn run(
        &self,
        context: &Context,
        opened: &Opened,
        queues: Vec<QueueLine>,
    ) -> Result<(), CliError> {
        let queue = queue_of(queues, &self.code)?;
        let limit = self.only.clone();
        let counted = opened.ask(AskFrequencies { view: queue.view, limit, field: self.by })?;
        let total = counted.total;
        let answer = Counted {
            code: queue.code,
            by: self.by.word(),
            only: self.only.to_string(),
            cases: total,
            is_complete: !counted.is_cut,
            values: counted
                .values
                .into_iter()
                .map(|value| CountedValue::new(value, total))
                .collect(),
            others: counted.others,
        };
        context.output.show(&answer, |answer| {
            let limited = match answer.only.as_str() {
                "" => String::new(),
                only => format!(" only {only}"),
            };
            let cut = if answer.is_complete { "" } else { ", as far as they were looked at" };
            let mut shown = vec![format!("{} cases{limited} by {}{cut}", answer.cases, answer.by)];
            shown.extend(answer.values.iter().map(|value| {
                let percent = value.share * 100.0;
                format!("{:>8}  {percent:>5.1}%  {}  ({})", value.cases, value.value, value.only)
            }));
            if answer.others > 0 {
                shown.push(format!("and {} more values", answer.others));
            }
            shown
        })
    }
}

impl CountedValue {
    fn new(value: Frequency, total: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a share needs no more than a few digits")]
        let share = value.count as f64 / total.max(1) as f64;
        Self { value: value.label, only: value.drill.to_string(), cases: value.count, share }
    }
}

fn field(word: &str) -> Result<Field, String> {
    Field::named(word).ok_or_else(|| {
        let words: Vec<_> = Field::ALL.iter().map(|field| field.word()).collect();
        format!("there are {}", words.join(", "))
    })
}

fn queue_of(queues: Vec<QueueLine>, code: &str) -> Result<QueueLine, CliError> {
    queues.into_iter().find(|queue| queue.code == code).ok_or_else(|| {
        let what = format!("There is no queue or view `{code}`.");
        CliError::refused("queue", what, "`casedesk queue list` shows their codes.")
    })
}

/// The first rows of a list, asked for in pages; how many fit the limit, and whether all were looked at.
fn rows(
    opened: &Opened,
    view: View,
    limit: u32,
    narrowing: &Narrowing,
) -> Result<(Vec<CaseRow>, u64, bool), CliError> {
    let mut rows: Vec<CaseRow> = Vec::new();
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    loop {
        let last = rows.last().map(|row| row.id);
        let anchor = last.map_or(Anchor::First, Anchor::Case);
        let (after, narrowing) = (PAGE_ROWS + 1, narrowing.clone());
        let answer = opened.ask(AskCases { view, anchor, before: 0, after, narrowing })?;
        let seen = rows.len();
        rows.extend(answer.rows.into_iter().filter(|row| Some(row.id) != last));
        if rows.len() == seen || rows.len() >= wanted {
            rows.truncate(wanted);
            return Ok((rows, answer.total, !answer.is_cut));
        }
    }
}

impl From<QueueLine> for QueueAnswer {
    fn from(line: QueueLine) -> Self {
        let kind = if line.is_queue { "queue" } else { "view" };
        Self { code: line.code, name: line.name, kind, cases: line.cases }
    }
}

impl QueueAnswer {
    fn line(&self) -> String {
        format!("{:<5}  {:<24}  {:>8}  {}", self.kind, self.code, self.cases, self.name)
    }
}
