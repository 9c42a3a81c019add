//! The work of a round: writers that each commit six keys, wait for the answer, and commit again.
//!
//! A commit rests on three keys: one that nobody changes, the record that the writer made last, and the new record's own
//! key, which has to be absent. It puts four fresh keys of 30 bytes with values of 200 bytes, two of them in ascending
//! order, as records are, and two scattered, as index entries are. Its stamp adds one to two counters, which all writers
//! share.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use casedesk::store::{Commit, CommitId, Committed, Latest, Read, Sequence, Store, Write};

use super::machine::Work;

/// What stops a measurement.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

const KEY_BYTES: usize = 30;
const VALUE_BYTES: usize = 200;

/// The writer that puts what is there before the others begin.
const PREPARING: u64 = u32::MAX as u64;

/// What a round came to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Acknowledged commits in a second.
    pub(crate) commits_per_second: f64,
    /// The time within which half of the commits were answered.
    pub(crate) median: Duration,
    /// The time within which 99 of a hundred were answered.
    pub(crate) slowest_hundredth: Duration,
    /// How many commits were acknowledged.
    pub(crate) commits: f64,
    /// The processor's time for a commit, in all threads.
    pub(crate) processor: Duration,
    /// How many processors other programs kept busy meanwhile.
    pub(crate) others: f64,
}

/// What the writers of a round share.
struct Shared<'a> {
    store: &'a dyn Store,
    settings: Read,
    is_over: AtomicBool,
    start: Barrier,
}

/// Lets `writers` work for `time`, and counts afterwards whether the store has everything that it acknowledged.
pub(crate) fn run(store: &dyn Store, writers: usize, time: Duration) -> Result<Figures, Failure> {
    let settings = key(9, 0, 0);
    let prepared = store.commit(Commit {
        id: CommitId(u128::MAX),
        reads: Vec::new(),
        stamp: Box::new({
            let settings = settings.clone();
            move |_| Ok(vec![Write::Put(settings, value(PREPARING))])
        }),
    })?;
    let shared = Shared {
        store,
        settings: Read::Key { key: settings, version: sequence(prepared) },
        is_over: AtomicBool::new(false),
        start: Barrier::new(writers + 1),
    };
    let (outcomes, elapsed, work) = thread::scope(|scope| {
        let threads: Vec<_> = (0..writers as u64)
            .map(|writer| {
                scope.spawn({
                    let shared = &shared;
                    move || work(shared, writer)
                })
            })
            .collect();
        shared.start.wait();
        let (begun, work) = (Instant::now(), Work::now());
        while begun.elapsed() < time {
            thread::park_timeout(time.saturating_sub(begun.elapsed()));
        }
        shared.is_over.store(true, Ordering::SeqCst);
        let elapsed = begun.elapsed();
        let outcomes: Vec<_> = threads.into_iter().map(thread::ScopedJoinHandle::join).collect();
        (outcomes, elapsed, work)
    });
    let mut latencies = Vec::new();
    for outcome in outcomes {
        latencies.extend(outcome.map_err(|_panic| "a writer panicked")??);
    }
    let (own, others) = Work::now()?.since(work?);
    check(store, latencies.len() as u64)?;
    latencies.sort_unstable();
    let at = |part: usize| {
        let place = (latencies.len() * part / 1000).min(latencies.len().saturating_sub(1));
        latencies.get(place).copied().unwrap_or_default()
    };
    // A round has too few commits for the number to lose anything.
    let commits = f64::from(u32::try_from(latencies.len())?);
    Ok(Figures {
        commits_per_second: commits / elapsed.as_secs_f64(),
        median: at(500),
        slowest_hundredth: at(990),
        commits,
        processor: own.div_f64(commits),
        others: others.div_duration_f64(elapsed),
    })
}

/// Commits until the round is over; gives how long each commit took.
fn work(shared: &Shared<'_>, writer: u64) -> Result<Vec<Duration>, Failure> {
    let mut latencies = Vec::new();
    let mut last: Option<Read> = None;
    shared.start.wait();
    for number in 0.. {
        if shared.is_over.load(Ordering::Relaxed) {
            break;
        }
        let record = key(1, number, writer);
        let mut reads =
            vec![shared.settings.clone(), Read::Key { key: record.clone(), version: Sequence(0) }];
        reads.extend(last.take());
        let id =
            CommitId(u128::from(mixed(writer, number)) << 64 | u128::from(writer << 40 | number));
        let fresh = [
            record.clone(),
            key(2, writer, number),
            key(3, mixed(number, writer), writer),
            key(4, mixed(writer, number), number),
        ];
        let seed = mixed(number, writer);
        let stamp = Box::new(move |latest: &dyn Latest| {
            let mut puts: Vec<Write> = Vec::with_capacity(6);
            for (place, key) in (0_u64..).zip(fresh) {
                puts.push(Write::Put(key, value(seed.wrapping_add(place))));
            }
            for counter in counters() {
                let count = latest.latest(&counter).map_err(|error| error.to_string())?;
                let next = count_in(count.as_deref()) + 1;
                let mut counted = value(next);
                counted.splice(..8, next.to_be_bytes());
                puts.push(Write::Put(counter, counted));
            }
            Ok(puts)
        });
        let begun = Instant::now();
        let committed = shared.store.commit(Commit { id, reads, stamp })?;
        latencies.push(begun.elapsed());
        last = Some(Read::Key { key: record, version: sequence(committed) });
    }
    Ok(latencies)
}

/// Whether both counters say how many commits were acknowledged.
fn check(store: &dyn Store, commits: u64) -> Result<(), Failure> {
    for counter in counters() {
        let count = count_in(store.get(&counter)?.map(|found| found.value).as_deref());
        if count != commits {
            return Err(
                format!("{commits} commits were acknowledged, and {count} were counted").into()
            );
        }
    }
    Ok(())
}

fn sequence(committed: Committed) -> Sequence {
    match committed {
        Committed::New(sequence) | Committed::Repeated(sequence) => sequence,
    }
}

fn counters() -> [Vec<u8>; 2] {
    [key(8, 0, 0), key(8, 1, 0)]
}

fn count_in(value: Option<&[u8]>) -> u64 {
    value.and_then(|value| value.first_chunk()).map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// A key in the order of its tag, then of `first`, then of `second`.
fn key(tag: u8, first: u64, second: u64) -> Vec<u8> {
    let mut key = vec![tag];
    key.extend_from_slice(&first.to_be_bytes());
    key.extend_from_slice(&second.to_be_bytes());
    key.resize(KEY_BYTES, b'.');
    key
}

/// A value that does not compress.
fn value(seed: u64) -> Vec<u8> {
    let words = (0..VALUE_BYTES as u64 / 8).flat_map(|place| mixed(seed, place).to_be_bytes());
    words.collect()
}

/// Two numbers scattered (the finish of splitmix64).
fn mixed(one: u64, other: u64) -> u64 {
    let mut mixed =
        one.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ other.wrapping_add(0x632B_E59B_D9B4_E019);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
