//! Measures the sweep of what escalates or returns by itself: its time has to grow with what is due, not with what waits.
//!
//! `cargo bench --bench sweep`; `WAITING=10000,100000,1000000` says how many cases wait for a later moment, `DUE` (200) how
//! many are due, `DATA` is a directory on a disk, where everything is made and removed again. The cases that are due are
//! registered, claimed and parked as at a desk; of those that wait, the plan and its entry in the index are written as a
//! desk writes them, a copy of a parked case's own.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant as Stopwatch;

use casedesk::desk::{Clock, Command, Desk as _, Entropy, Founding, LocalDesk, Request};
use casedesk::domain::cases::{
    About, CaseAct, CasePlace, Channel, Intake, Nature, SameCheck, SameChoice,
};
use casedesk::domain::time::{Day, Instant, Zone};
use casedesk::domain::{EntityId, SubjectCode};
use casedesk::store::{
    Commit, CommitId, Direction, KeyRange, OpenOptions, SledStore, Store, Write,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The tags of the index of moments and of plans, as the desk lays them out.
const WATCHED: u8 = b'E';
const PLAN: u8 = b'A';
/// Cases that wait are numbered from here on.
const FIRST_WAITING: u64 = 1_000_000_000;
/// Rows of one commit.
const ROWS: u64 = 5_000;

struct Moved(AtomicI64);

impl Clock for Moved {
    fn now(&self) -> Instant {
        Instant::from_milliseconds(self.0.load(Ordering::SeqCst))
    }
}

struct Counted(AtomicU64);

impl Entropy for Counted {
    fn draw(&self) -> [u8; 16] {
        u128::from(self.0.fetch_add(1, Ordering::SeqCst)).to_be_bytes()
    }
}

fn variable(name: &str, or: &str) -> String {
    std::env::var(name).unwrap_or_else(|_absent| or.to_owned())
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn main() -> Result<(), Failure> {
    let data = PathBuf::from(variable("DATA", concat!(env!("CARGO_MANIFEST_DIR"), "/target/data")));
    std::fs::create_dir_all(&data)?;
    let due: u64 = variable("DUE", "200").parse()?;
    println!(
        "{:>9} {:>6} {:>9} {:>12} {:>14}",
        "waiting", "due", "sweep ms", "us per due", "none due, us"
    );
    for waiting in variable("WAITING", "10000,100000,1000000").split(',') {
        measure(&data, waiting.trim().parse()?, due)?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn measure(data: &std::path::Path, waiting: u64, due: u64) -> Result<(), Failure> {
    let directory = tempfile::tempdir_in(data)?;
    let store = Arc::new(SledStore::open(directory.path(), OpenOptions::default(), &|_| {})?);
    let zone = Zone::named("Europe/Oslo")?;
    let friday = Day::from_parts(2026, 8, 21).ok_or("no such day")?;
    let evening = zone.instant(friday, 18, 0);
    let clock = Arc::new(Moved(AtomicI64::new(evening.milliseconds())));
    let entropy = Arc::new(Counted(AtomicU64::new(1)));
    let desk = LocalDesk::open(
        Arc::clone(&store) as Arc<dyn Store>,
        Arc::clone(&clock) as Arc<dyn Clock>,
        entropy,
    )?;
    desk.found(&Founding {
        office: "Town of Testing".to_owned(),
        zone: "Europe/Oslo".to_owned(),
        currency: "NOK".to_owned(),
        is_made: false,
        unit: ("housing".to_owned(), "Housing".to_owned()),
        account: "karimi".to_owned(),
        name: "L. Karimi".to_owned(),
        at: evening,
    })?;
    let session = desk.sign_in("karimi", None)?;
    let mut requests = 1_u128;
    let mut act = |command| {
        requests += 1;
        session.execute(Request { id: requests, command })
    };
    for _ in 0..due {
        let receipt = act(Command::RegisterCase(intake(evening)))?;
        let Some(EntityId::Case(case)) = receipt.created.first().cloned() else {
            return Err("no case was registered".into());
        };
        for act_on in [CaseAct::Claim, CaseAct::Park { words: String::new() }] {
            act(Command::Case { case, version: None, act: act_on })?;
        }
    }
    wait(store.as_ref(), waiting)?;
    let stopwatch = Stopwatch::now();
    let none = desk.sweep()?;
    let idle = stopwatch.elapsed();
    let monday = zone.instant(friday.plus_days(3), 8, 0);
    clock.0.store(monday.milliseconds(), Ordering::SeqCst);
    let stopwatch = Stopwatch::now();
    let swept = desk.sweep()?;
    let took = stopwatch.elapsed().as_secs_f64();
    if (none, u64::try_from(swept)?) != (0, due) {
        return Err(format!("{swept} were swept of {due}, and {none} before they were due").into());
    }
    let each = took * 1e6 / f64::from(u32::try_from(due.max(1))?);
    println!(
        "{waiting:>9} {due:>6} {:>9.1} {each:>12.0} {:>14.0}",
        took * 1e3,
        idle.as_secs_f64() * 1e6
    );
    store.close()?;
    Ok(())
}

fn intake(at: Instant) -> Intake {
    Intake {
        channel: Channel::Telephone,
        registry_number: None,
        received_at: at,
        nature: Nature::Report,
        subject: Some(SubjectCode("HOU-1".into())),
        asked_by: None,
        about: About::Same,
        addressee: None,
        place: CasePlace::default(),
        says: "Lamp".to_owned(),
        same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
    }
}

/// Writes plans of cases that wait until a year from now, each with its entry in the index.
fn wait(store: &dyn Store, waiting: u64) -> Result<(), Failure> {
    let page = store.scan(&KeyRange::prefix(&[PLAN]), 1, Direction::Forward)?;
    let plan = page.rows.first().map(|(_, held)| held.value.clone()).ok_or("nothing is parked")?;
    let page = store.scan(&KeyRange::prefix(&[WATCHED]), 1, Direction::Forward)?;
    let entry = page.rows.first().map(|(key, _)| key.clone()).ok_or("nothing is watched")?;
    let moment = entry.get(1..9).and_then(|bytes| bytes.first_chunk::<8>()).ok_or("no moment")?;
    let year = 366 * 24 * 60 * 60 * 1_000;
    let later = u64::from_be_bytes(*moment) + year;
    for first in (0..waiting).step_by(usize::try_from(ROWS)?) {
        let plan = plan.clone();
        let rows = first..(first + ROWS).min(waiting);
        let stamp = move |_: &dyn casedesk::store::Latest| {
            let rows = rows.flat_map(|row| {
                let number = (FIRST_WAITING + row).to_be_bytes();
                let entry = [&[WATCHED][..], &(later + row).to_be_bytes(), &number].concat();
                let held = [&[PLAN][..], &number].concat();
                [Write::Put(entry, Vec::new()), Write::Put(held, plan.to_vec())]
            });
            Ok(rows.collect())
        };
        let id = CommitId(u128::MAX - u128::from(first));
        store.commit(Commit { id, reads: Vec::new(), stamp: Box::new(stamp) })?;
    }
    Ok(())
}
