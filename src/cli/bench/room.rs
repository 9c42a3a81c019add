//! The office that is measured at: where it lies, how it is made, and who works there besides.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use crate::cli::Context;
use crate::cli::entropy::CounterEntropy;
use crate::cli::error::CliError;
use crate::cli::long::progress_bar;
use crate::cli::open::{Means, open_local, open_store};
use crate::desk::{AskUnits, AskWho, Command, Desk, Entropy as _, Founding, LocalDesk, Request};
use crate::domain::UnitId;
use crate::domain::office::{Confidentiality, Grant, NewCaseworker, Role};
use crate::made::{self, Plan};

/// Where the office lies that is measured at.
pub(super) enum Room {
    /// In a directory that goes with the measurement.
    Scratch(TempDir),
    /// Where somebody keeps it for the next time.
    Kept(PathBuf),
}

impl Room {
    /// A made office: that of the data directory that was given, made there where nothing is yet, or one that goes with the
    /// measurement.
    pub(super) fn of(context: &Context, people: u32, cases: u32) -> Result<Self, CliError> {
        // CASEDESK_DATA names an office that is real, and never counts here.
        let room = match &context.global.data {
            Some(data) if data.join("journal").is_dir() => return Ok(Self::Kept(data.clone())),
            Some(data) => Self::Kept(data.clone()),
            None => Self::scratch()?,
        };
        make(context, room.path(), people, cases)?;
        Ok(room)
    }

    /// A directory that goes with the measurement.
    pub(super) fn scratch() -> Result<Self, CliError> {
        let directory = tempfile::Builder::new().prefix("casedesk-bench-").tempdir();
        Ok(Self::Scratch(directory.map_err(CliError::failed_to("make a temporary directory"))?))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Scratch(directory) => directory.path(),
            Self::Kept(path) => path,
        }
    }
}

/// Does something at the desk of a data directory, and closes it again.
pub(super) fn at_desk<T>(
    context: &Context,
    data: &Path,
    means: &Means,
    work: impl FnOnce(&Arc<LocalDesk>) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let store = Arc::new(open_store(data, means, context.store_options()?, context.output)?);
    let done = work(&open_local(&store, means)?)?;
    store.close()?;
    Ok(done)
}

fn make(context: &Context, data: &Path, people: u32, cases: u32) -> Result<(), CliError> {
    let system = Means::of_system()?;
    let making =
        Means { clock: Arc::clone(&system.clock), entropy: Arc::new(CounterEntropy::from_seed(1)) };
    let plan = Plan {
        people: u64::from(people),
        cases: u64::from(cases),
        seed: 1,
        today: making.clock.now(),
    };
    at_desk(context, data, &making, |desk| {
        let bar = progress_bar(context.output);
        let made = made::make(desk, &plan, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        });
        bar.finish_and_clear();
        Ok(made.map(drop)?)
    })
}

/// Founds an empty office of one unit.
pub(super) fn found(context: &Context, data: &Path) -> Result<(), CliError> {
    let means = Means::of_system()?;
    let founding = Founding {
        office: "Scratch".to_owned(),
        zone: "UTC".to_owned(),
        currency: "EUR".to_owned(),
        is_made: true,
        unit: ("office".to_owned(), "Office".to_owned()),
        account: "head".to_owned(),
        name: "H. Head".to_owned(),
        at: means.clock.now(),
    };
    at_desk(context, data, &means, |desk| Ok(desk.found(&founding).map(drop)?))
}

/// Has so many more people work at the office, who may take in and work the cases of every unit; their accounts. They are
/// spread over the units in turn, and whoever is there already from a measurement before is taken.
pub(super) fn staff(context: &Context, data: &Path, count: usize) -> Result<Vec<String>, CliError> {
    let means = Means::of_system()?;
    at_desk(context, data, &means, |desk| {
        let there = desk.accounts();
        let mut units = BTreeSet::new();
        for account in &there {
            units.insert(unit_of(&desk.sign_in(account, None)?)?);
        }
        let Some(first) = there.first() else {
            return Err(CliError::refused("bench.nobody", "Nobody works at this office.", ""));
        };
        let head: Arc<dyn Desk> = Arc::new(desk.sign_in(first, None)?);
        // Whoever is on no roster of a unit that has one can have none of its cases.
        for line in head.ask(AskUnits {})?.units.iter().filter(|line| !line.roster.is_empty()) {
            units.remove(&line.unit.id);
        }
        let mut accounts = Vec::with_capacity(count);
        for (number, unit) in (1..=count).zip(units.iter().cycle()) {
            let account = format!("bench-{number:04}");
            if !there.contains(&account) {
                let command = Command::Enrol(newcomer(&account, number, *unit));
                let id = u128::from_be_bytes(means.entropy.draw());
                head.execute(Request { id, command })?;
            }
            accounts.push(account);
        }
        Ok(accounts)
    })
}

/// The unit of whoever sits here.
fn unit_of(door: &dyn Desk) -> Result<UnitId, CliError> {
    Ok(door.ask(AskWho {})?.unit.id)
}

fn newcomer(account: &str, number: usize, unit: UnitId) -> NewCaseworker {
    let grant = |role| Grant {
        role,
        unit: None,
        confidentiality_max: Confidentiality::Confidential,
        expires: None,
    };
    NewCaseworker {
        account: account.to_owned(),
        name: format!("Bench {number:04}"),
        unit,
        grants: [Role::Clerk, Role::Screener, Role::Caseworker].map(grant).to_vec(),
    }
}

/// A key for the first of many commands; the others count on from it.
pub(super) fn first_id() -> Result<u128, CliError> {
    let entropy =
        CounterEntropy::from_system().map_err(CliError::failed_to("draw random bytes"))?;
    Ok(u128::from_be_bytes(entropy.draw()))
}
