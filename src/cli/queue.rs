//! `casedesk queue`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::answer::RowAnswer;
use super::error::CliError;
use super::open::Opened;
use crate::desk::{Anchor, AskCases, AskQueues, CaseRow, Narrowing, QueueLine, View};

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
}

/// Lists every queue and view with its number of cases.
///
///   casedesk queue list --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct List {}

/// Shows the cases of a queue or view, in its order.
///
///   casedesk queue show housing/inbox --limit 20
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Show {
    /// The code, as `queue list` shows it
    code: String,
    /// How many rows
    #[arg(long, default_value_t = ROWS, value_parser = clap::value_parser!(u32).range(0..=i64::from(ROWS_MAX)))]
    limit: u32,
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
    rows: Vec<RowAnswer>,
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
        let queue = queues.into_iter().find(|queue| queue.code == self.code).ok_or_else(|| {
            let what = format!("There is no queue or view `{}`.", self.code);
            CliError::refused("queue", what, "`casedesk queue list` shows their codes.")
        })?;
        let rows = rows(opened, queue.view, self.limit)?;
        let head = QueueAnswer::from(queue);
        let answer = Listed {
            code: head.code,
            name: head.name,
            kind: head.kind,
            cases: head.cases,
            rows: rows.into_iter().map(RowAnswer::from).collect(),
        };
        context.output.show(&answer, |answer| {
            let mut shown =
                vec![format!("{} {}: {} cases", answer.kind, answer.code, answer.cases)];
            shown.extend(answer.rows.iter().map(RowAnswer::line));
            shown
        })
    }
}

/// The first rows of a list, asked for in pages.
fn rows(opened: &Opened, view: View, limit: u32) -> Result<Vec<CaseRow>, CliError> {
    let mut rows: Vec<CaseRow> = Vec::new();
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    while rows.len() < wanted {
        let last = rows.last().map(|row| row.id);
        let anchor = last.map_or(Anchor::First, Anchor::Case);
        let answer = opened.ask(AskCases {
            view,
            anchor,
            before: 0,
            after: PAGE_ROWS + 1,
            narrowing: Narrowing::default(),
        })?;
        let seen = rows.len();
        rows.extend(answer.rows.into_iter().filter(|row| Some(row.id) != last));
        if rows.len() == seen {
            break;
        }
    }
    rows.truncate(wanted);
    Ok(rows)
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
