//! Measures an engine in the process that this is.

use std::fs::{read_dir, read_to_string};
use std::path::Path;
use std::time::{Duration, Instant};

use super::engine::{Peer, People};
use super::figures::{Built, Clocks, Figures, Rates, Times};
use super::typed::Typed;
use casedesk_peers::people::{Failure, Person, Query};

/// Builds the index, and says what it took.
pub(crate) fn build(
    peer: Peer,
    mut people: impl Iterator<Item = Result<Person, Failure>>,
    data: &Path,
) -> Result<Built, Failure> {
    let begun = Instant::now();
    let people: People<'_> = &mut people;
    peer.build(people, data)?;
    let build_s = begun.elapsed().as_secs_f64();
    let build_cpu_s = Some(work(libc::CLOCK_PROCESS_CPUTIME_ID).as_secs_f64());
    let mut bytes = 0;
    for file in read_dir(data)? {
        bytes += file?.metadata()?.len();
    }
    Ok(Built { build_s, build_cpu_s, disk_mb: f64::from(u32::try_from(bytes / 1000)?) / 1000.0 })
}

/// Opens the index and asks every query once.
pub(crate) fn ask(peer: Peer, queries: &[Query], data: &Path) -> Result<Figures, Failure> {
    let begun = Instant::now();
    let mut engine = peer.open(data)?;
    let open_ms = milliseconds(begun.elapsed());
    let mut figures = Figures { open_ms, ..Figures::default() };
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    for query in queries {
        let (begun, before) = (Instant::now(), work(libc::CLOCK_THREAD_CPUTIME_ID));
        let found = engine.ask(&Typed::new(&query.text))?;
        cpu.push(milliseconds(work(libc::CLOCK_THREAD_CPUTIME_ID).saturating_sub(before)));
        wall.push(milliseconds(begun.elapsed()));
        let rates = Rates::of(found.iter().position(|&person| person == query.gold));
        figures.overall = figures.overall.and(rates);
        let kind = figures.kinds.entry(query.kind.clone()).or_default();
        *kind = kind.and(rates);
    }
    figures.query_ms = Clocks { wall: times(wall), cpu: times(cpu) };
    figures.resident_mb = resident_mb()?;
    Ok(figures)
}

fn times(mut all: Vec<f64>) -> Times {
    all.sort_unstable_by(f64::total_cmp);
    let at = |part: usize| {
        let last = all.len().saturating_sub(1);
        all.get((all.len() * part / 100).min(last)).copied().unwrap_or_default()
    };
    Times { p50: at(50), p99: at(99), max: at(100) }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The processors' work so far, for this thread or the whole process.
fn work(clock: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a time on this stack, which the call fills; without one it leaves the zeros.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The most memory that this process ever had.
fn resident_mb() -> Result<f64, Failure> {
    let status = read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kib: u32 = kib.ok_or("/proc/self/status has no VmHWM")?.parse()?;
    Ok(f64::from(kib) * 1024.0 / 1e6)
}
