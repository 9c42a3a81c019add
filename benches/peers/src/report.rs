//! The tables: what each peer did in each cell, and the ratios that the store's issue sets bounds for.

use std::fmt;

use serde::Serialize;

use super::machine::Machine;
use super::{Options, Peer, Turn};

/// What was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    machine: Machine,
    seconds: f64,
    rounds: usize,
    cells: Vec<Cell>,
    bounds: Vec<Bound>,
}

/// All peers with the same writers on the same disk.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    delay_ms: u64,
    writers: usize,
    peers: Vec<Row>,
}

/// One peer's figures: of all rounds, the median.
#[derive(Debug, Serialize)]
struct Row {
    peer: Peer,
    commits_per_second: f64,
    p50_us: f64,
    p99_us: f64,
    syncs_per_thousand_commits: f64,
    /// The processor's time for a commit, in all threads.
    processor_us: f64,
    /// Processors that other programs kept busy meanwhile.
    others: f64,
    /// How many times as many commits casedesk made in the same round.
    casedesk_times: f64,
}

/// A ratio that has to be reached.
#[derive(Debug, Serialize)]
struct Bound {
    delay_ms: u64,
    writers: usize,
    against: Peer,
    wanted: f64,
    found: f64,
}

/// 1.5 times SQLite behind the same committer at 32 writers; 20 times sled's own flush at 200 on a slow disk.
const BOUNDS: [(u64, usize, Peer, f64); 2] =
    [(0, 32, Peer::Sqlite, 1.5), (4, 200, Peer::SledAlone, 20.0)];

impl Cell {
    pub(crate) fn new(delay_ms: u64, writers: usize, rounds: &[(Peer, Vec<Turn>)]) -> Self {
        let own: Vec<f64> = rounds
            .iter()
            .filter(|(peer, _)| *peer == Peer::Casedesk)
            .flat_map(|(_, turns)| turns.iter().map(|turn| turn.figures.commits_per_second))
            .collect();
        let peers = rounds
            .iter()
            .map(|(peer, turns)| {
                let of = |part: fn(&Turn) -> f64| median(turns.iter().map(part));
                let rates = turns.iter().map(|turn| turn.figures.commits_per_second);
                let times = own.iter().zip(rates).map(|(own, rate)| own / rate);
                Row {
                    peer: *peer,
                    commits_per_second: of(|turn| turn.figures.commits_per_second),
                    p50_us: of(|turn| turn.figures.median.as_secs_f64() * 1e6),
                    p99_us: of(|turn| turn.figures.slowest_hundredth.as_secs_f64() * 1e6),
                    syncs_per_thousand_commits: of(|turn| {
                        f64::from(turn.syncs) * 1000.0 / turn.figures.commits
                    }),
                    processor_us: of(|turn| turn.figures.processor.as_secs_f64() * 1e6),
                    others: of(|turn| turn.figures.others),
                    casedesk_times: median(times),
                }
            })
            .collect();
        Self { delay_ms, writers, peers }
    }
}

impl Report {
    pub(crate) fn new(machine: Machine, options: &Options, cells: Vec<Cell>) -> Self {
        let bounds = BOUNDS
            .iter()
            .filter_map(|&(delay_ms, writers, against, wanted)| {
                let mut cells = cells.iter();
                let cell =
                    cells.find(|cell| cell.delay_ms == delay_ms && cell.writers == writers)?;
                let row = cell.peers.iter().find(|row| row.peer == against)?;
                Some(Bound { delay_ms, writers, against, wanted, found: row.casedesk_times })
            })
            .collect();
        Self { machine, seconds: options.seconds, rounds: options.rounds, cells, bounds }
    }

    /// Whether every bound that was measured was reached.
    pub(crate) fn holds(&self) -> bool {
        self.bounds.iter().all(|bound| bound.found >= bound.wanted)
    }
}

fn median(of: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = of.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.machine)?;
        writeln!(
            f,
            "durable six-key commits; the median of {} rounds of {} s, peers in turn; `others`: processors busy with other \
             programs; `times`: casedesk's commits for one of the peer's\n",
            self.rounds, self.seconds
        )?;
        writeln!(
            f,
            "{:>7} {:>8}  {:<10} {:>10} {:>8} {:>8} {:>11} {:>7} {:>7} {:>6}",
            "added",
            "writers",
            "peer",
            "commits/s",
            "p50 ms",
            "p99 ms",
            "syncs/1000",
            "cpu us",
            "others",
            "times"
        )?;
        for cell in &self.cells {
            for row in &cell.peers {
                writeln!(
                    f,
                    "{:>4} ms {:>8}  {:<10} {:>10.0} {:>8.2} {:>8.2} {:>11.1} {:>7.0} {:>7.1} {:>6.2}",
                    cell.delay_ms,
                    cell.writers,
                    row.peer.name(),
                    row.commits_per_second,
                    row.p50_us / 1e3,
                    row.p99_us / 1e3,
                    row.syncs_per_thousand_commits,
                    row.processor_us,
                    row.others,
                    row.casedesk_times,
                )?;
            }
        }
        writeln!(f)?;
        for Bound { delay_ms, writers, against, wanted, found } in &self.bounds {
            let verdict = if found >= wanted { "reached" } else { "MISSED" };
            writeln!(
                f,
                "{verdict}: {found:.1} times {} at {writers} writers with {delay_ms} ms added; wanted {wanted}",
                against.name()
            )?;
        }
        Ok(())
    }
}

impl Peer {
    fn name(self) -> &'static str {
        match self {
            Self::Casedesk => "casedesk",
            Self::Sqlite => "sqlite",
            Self::SledAlone => "sled alone",
        }
    }
}
