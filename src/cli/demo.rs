//! `casedesk demo`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Context;
use super::board;
use super::clock::OffsetClock;
use super::entropy::CounterEntropy;
use super::error::CliError;
use super::long::progress_bar;
use super::office::day;
use super::open::{
    Means, Opened, Seat, heal_index, join, keep_anchors, open_local, open_store, seat,
};
use super::output::Output;
use crate::desk::{AskOffice, AskQueues, AskWho, View, ViewKind};
use crate::domain::time::{Day, Zone};
use crate::made::{self, ACCOUNT, Plan, ROLES};
use crate::store::{SledStore, StoreError};

/// The file that says that a directory holds a finished demo, and which.
const MARK: &str = "demo.json";

/// Opens a made office to try things in: nothing in it is real.
///
/// It lies in a private temporary directory that goes with it, or in DIR, where it is opened again next time. Without a
/// terminal it is made and summed up, and nothing is opened.
///
/// It opens as karimi, who leads Housing and has the manager's rights in every unit; hansen leads Education with them in
/// Education alone. Others see another office: castillo (intake clerk), fischer (screener), vidal (reviewer), holm
/// (caseworker), walsh (auditor), nordby (privacy officer, with an emergency to review), doyle (administrator); silva
/// works by the clocks of the islands, and ferreira has secret cases.
///
///   casedesk demo
///   casedesk demo --as nordby
///   casedesk demo --data /tmp/office --people 20000 --cases 30000 --no-open
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Demo {
    /// How many people
    #[arg(long, default_value_t = 2_000)]
    people: u32,
    /// How many cases
    #[arg(long, default_value_t = 3_000)]
    cases: u32,
    /// The number that everything in it follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The day that it is in the office
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Day>,
    /// Make it, sum it up, and open nothing
    #[arg(long)]
    no_open: bool,
}

/// What a directory's mark says.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Mark {
    account: String,
    seed: u64,
    today: Option<String>,
}

#[derive(Serialize)]
struct Summary {
    office: String,
    account: String,
    people: u64,
    cases: u64,
    cases_open: u64,
    contacts: u64,
    events: u64,
    inbox: u64,
    units: usize,
    caseworkers: usize,
    data: Option<String>,
}

impl Demo {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        // CASEDESK_DATA names an office that is real, and never counts here.
        let kept = context.global.data.clone();
        let temporary = match &kept {
            Some(_) => None,
            None => Some(private_directory()?),
        };
        let data = match (&kept, &temporary) {
            (Some(data), _) => data.clone(),
            (None, Some(directory)) => directory.path().to_owned(),
            (None, None) => PathBuf::new(),
        };
        let opened = self.open(context, &data)?;
        let is_shown = board::is_terminal() || context.plain.is_asked();
        if self.no_open || context.output.is_json() || !is_shown {
            return Self::sum_up(context, &opened, kept.as_deref());
        }
        board::show(context, &opened.opened)
    }

    /// The demo of a directory: the one that is there, or a new one where nothing is.
    fn open(&self, context: &Context, data: &Path) -> Result<OpenedDemo, CliError> {
        let mark = read_mark(data)?;
        let today = match mark.as_ref().and_then(|mark| mark.today.as_deref()) {
            Some(text) => day(text).ok(),
            None => self.today,
        };
        let means = means(today)?;
        let account = context.global.account.clone();
        let options = context.store_options()?;
        let store = match (open_store(data, &means, options.clone(), context.output), &mark) {
            (Ok(store), _) => Arc::new(store),
            (Err(StoreError::Held { path, holder }), Some(mark)) => {
                let place = Seat { data, own: &mark.account, account: account.as_deref() };
                let opened = join(&place, (path, holder), means, options)?;
                return Ok(OpenedDemo { opened, mark: mark.clone() });
            }
            (Err(error), _) => return Err(error.into()),
        };
        let mark = match mark {
            Some(mark) => mark,
            None => self.make(&store, &means, data, context.output)?,
        };
        let place = Seat { data, own: &mark.account, account: account.as_deref() };
        let desk = open_local(&store, &means)?;
        heal_index(&desk, data, context.output);
        let opened = seat(&place, store, desk, means)?
            .within(context.search_bytes()?)
            .holding(context.preferences()?.recall_minutes);
        Ok(OpenedDemo { opened, mark })
    }

    /// Makes the office and marks the directory once it is whole.
    fn make(
        &self,
        store: &Arc<SledStore>,
        means: &Means,
        data: &Path,
        output: Output,
    ) -> Result<Mark, CliError> {
        // The seed is for the making alone: a key that it gave must never be given again.
        let entropy = Arc::new(CounterEntropy::from_seed(self.seed));
        let making = Means { clock: Arc::clone(&means.clock), entropy };
        let desk = open_local(store, &making)?;
        let plan = Plan {
            people: u64::from(self.people),
            cases: u64::from(self.cases),
            seed: self.seed,
            today: means.clock.now(),
        };
        let bar = progress_bar(output);
        let progress = |done: u64, total: u64| {
            bar.set_length(total);
            bar.set_position(done);
        };
        let anchors = keep_anchors(&desk, data);
        let made = made::make(&desk, &plan, &progress);
        anchors.stop(&desk);
        bar.finish_and_clear();
        made?;
        let today = self.today.map(|today| today.to_string());
        let mark = Mark { account: ACCOUNT.to_owned(), seed: self.seed, today };
        let path = data.join(MARK);
        let failed = CliError::failed_to(format!("write {}", path.display()));
        fs::write(&path, serde_json::to_vec(&mark)?).map_err(failed)?;
        Ok(mark)
    }

    fn sum_up(context: &Context, demo: &OpenedDemo, kept: Option<&Path>) -> Result<(), CliError> {
        let office = demo.opened.ask(AskOffice {})?;
        let queues = demo.opened.ask(AskQueues {})?.queues;
        let unit = demo.opened.ask(AskWho {})?.unit.id;
        let own = View { kind: ViewKind::Inbox, unit };
        let inbox = queues.iter().find(|queue| queue.view == own).map(|queue| queue.cases);
        let summary = Summary {
            office: office.office.name,
            account: demo.mark.account.clone(),
            people: office.people,
            cases: office.cases,
            cases_open: office.cases_open,
            contacts: office.contacts,
            events: office.events,
            inbox: inbox.unwrap_or_default(),
            units: office.units.len(),
            caseworkers: office.caseworkers.len(),
            data: kept.map(|data| data.display().to_string()),
        };
        context.output.show(&summary, |summary| {
            vec![
                format!("A made office, {}: nothing in it is real.", summary.office),
                format!(
                    "{} people, {} cases ({} open), {} contacts, {} events",
                    summary.people,
                    summary.cases,
                    summary.cases_open,
                    summary.contacts,
                    summary.events
                ),
                format!(
                    "{} units, {} caseworkers; the unit's inbox has {} cases",
                    summary.units, summary.caseworkers, summary.inbox
                ),
                match &summary.data {
                    Some(data) => format!("Open it with: casedesk demo --data {data}"),
                    None => "It was in a temporary directory, and is gone.".to_owned(),
                },
                format!("As somebody else, with --as: {}", accounts()),
            ]
        })
    }
}

/// Time and random bytes of a demo; where a day is given, it is midmorning of that day, so that its work lies ahead.
fn means(today: Option<Day>) -> Result<Means, CliError> {
    let system = Means::of_system()?;
    let Some(today) = today else { return Ok(system) };
    let clock = Arc::new(OffsetClock::starting_at(Zone::utc().instant(today, 9, 0)));
    Ok(Means { clock, ..system })
}

/// The account of each role: `castillo (intake clerk), ...`.
fn accounts() -> String {
    let told = ROLES.map(|(role, account)| format!("{account} ({role})"));
    told.join(", ")
}

struct OpenedDemo {
    opened: Opened,
    mark: Mark,
}

fn private_directory() -> Result<tempfile::TempDir, CliError> {
    tempfile::Builder::new()
        .prefix("casedesk-demo-")
        .tempdir()
        .map_err(CliError::failed_to("make a temporary directory"))
}

/// What the directory's mark says; nothing for a directory that is empty or not there yet.
fn read_mark(data: &Path) -> Result<Option<Mark>, CliError> {
    let path = data.join(MARK);
    if path.is_file() {
        let failed = CliError::failed_to(format!("read {}", path.display()));
        return Ok(Some(serde_json::from_slice(&fs::read(&path).map_err(failed)?)?));
    }
    let is_empty = match fs::read_dir(data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(CliError::failed_to(format!("read {}", data.display()))(error)),
    };
    if is_empty {
        return Ok(None);
    }
    Err(CliError::refused(
        "demo.directory",
        format!("{} is not empty and holds no finished demo.", data.display()),
        "Give an empty directory, or none.",
    ))
}
