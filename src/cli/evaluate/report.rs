//! The figures of an evaluation, as one line of JSON and as a table.

use std::collections::BTreeMap;

use serde::Serialize;

use super::figures::{RANKS_MAX, Rates, Spread, Times, megabytes};
use super::people::Known;
use super::plan::Measured;
use crate::text::{fit, grouped};

/// Cells that the name of a kind has.
const KIND_CELLS: usize = 40;

/// What an evaluation came to: the shape of its line of JSON.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    overall: Rates,
    kinds: BTreeMap<String, Rates>,
    keypress_ms: Times,
    query_ms: Times,
    build_s: f64,
    open_ms: f64,
    resident_mb: Option<f64>,
    index_mb: f64,
    disk_mb: f64,
    insert_bytes: u64,
    insert_written_bytes: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    misses: Vec<MissReport>,
    #[serde(skip)]
    people: u64,
    #[serde(skip)]
    keypresses: usize,
}

/// A question whose person was not the first hit.
#[derive(Debug, Serialize)]
pub(super) struct MissReport {
    /// Its kind.
    pub(super) kind: String,
    /// What was typed.
    pub(super) query: String,
    /// Who was meant.
    pub(super) gold: String,
    /// The rank of who was meant; none beyond the last hit.
    pub(super) rank: Option<u32>,
    /// The best hits, and who was meant if they are among the later ones.
    pub(super) hits: Vec<HitReport>,
}

/// Somebody who was found.
#[derive(Debug, Serialize)]
pub(super) struct HitReport {
    /// Who it is.
    pub(super) person: String,
    /// All evidence together, in bits.
    pub(super) bits: f32,
    /// What it was, a typed word each.
    pub(super) evidence: Vec<String>,
}

impl Report {
    /// The report on what was measured; seconds of building and bytes on disk are the builder's.
    pub(super) fn new(
        known: &Known,
        measured: &Measured,
        (build_s, disk_bytes): (f64, u64),
        misses: Vec<MissReport>,
    ) -> Self {
        let mut by_kind: BTreeMap<usize, Vec<Option<u32>>> = BTreeMap::new();
        for (question, rank) in known.questions.iter().zip(&measured.ranks) {
            by_kind.entry(question.kind).or_default().push(*rank);
        }
        let kinds = known.kinds.iter().enumerate().map(|(number, name)| {
            let ranks = by_kind.remove(&number).unwrap_or_default();
            (name.clone(), Rates::of(ranks))
        });
        Self {
            kinds: kinds.collect(),
            overall: Rates::of(measured.ranks.iter().copied()),
            keypress_ms: measured.keypress_ms,
            query_ms: measured.query_ms,
            build_s,
            open_ms: measured.open_ms,
            resident_mb: measured.resident_bytes.map(megabytes),
            index_mb: megabytes(measured.index_bytes),
            disk_mb: megabytes(disk_bytes),
            insert_bytes: measured.insert_bytes,
            insert_written_bytes: measured.insert_written_bytes,
            misses,
            people: known.people,
            keypresses: measured.keypresses,
        }
    }

    /// The report as lines of at most 79 cells; only misses may be longer.
    pub(super) fn lines(&self) -> Vec<String> {
        let name = "kind";
        let mut lines = self.misses.iter().flat_map(MissReport::lines).collect::<Vec<_>>();
        lines.push(format!(
            "{name:<KIND_CELLS$}{:>8}{:>10}{:>11}{:>8}",
            "n", "recall@1", "recall@10", "MRR"
        ));
        lines.extend(self.kinds.iter().map(|(kind, recall)| row(kind, recall)));
        lines.push(row("overall", &self.overall));
        lines.push(String::new());
        lines.push(format!("{:<32}{:>12}{:>12}{:>12}", "milliseconds", "p50", "p99", "max"));
        lines.push(spread("a key press, wall", self.keypress_ms.wall));
        lines.push(spread("a key press, thread CPU", self.keypress_ms.cpu));
        lines.push(spread("a whole question, wall", self.query_ms.wall));
        lines.push(spread("a whole question, thread CPU", self.query_ms.cpu));
        lines.push(String::new());
        let resident = self.resident_mb.map_or("not known".to_owned(), |mb| format!("{mb} MB"));
        lines.push(figure("people", &grouped(self.people)));
        lines.push(figure("key presses", &grouped(self.keypresses as u64)));
        lines.push(figure("building", &format!("{} s", self.build_s)));
        lines.push(figure("opening", &format!("{} ms", self.open_ms)));
        lines.push(figure("resident memory, peak", &resident));
        lines.push(figure("the index, keys and values", &format!("{} MB", self.index_mb)));
        lines.push(figure("on disk, with its journal", &format!("{} MB", self.disk_mb)));
        lines.push(figure("one insert, in the journal", &format!("{} bytes", self.insert_bytes)));
        let written = format!("{} bytes", self.insert_written_bytes);
        lines.push(figure("the same, in all files", &written));
        lines.push(String::new());
        lines.extend(self.conclusion());
        lines
    }

    /// What the reader can conclude.
    fn conclusion(&self) -> [String; 2] {
        if self.overall.n == 0 {
            return [
                "Nothing was asked: the figures say what the index costs,".to_owned(),
                "and nothing about what it finds.".to_owned(),
            ];
        }
        let percent = |part: f64| format!("{:.1}", part * 100.0);
        [
            format!(
                "Of 100 such questions {} find their person first, {} among the first {RANKS_MAX};",
                percent(self.overall.recall_at_1),
                percent(self.overall.recall_at_10)
            ),
            format!(
                "99 of 100 key presses are answered within {} ms on this machine.",
                self.keypress_ms.wall.p99
            ),
        ]
    }
}

impl MissReport {
    fn lines(&self) -> Vec<String> {
        let rank = self.rank.map_or("not found".to_owned(), |rank| format!("rank {rank}"));
        let Self { kind, query, gold, .. } = self;
        let mut lines = vec![format!("{kind}: \"{query}\" means {gold}: {rank}")];
        for HitReport { person, bits, evidence } in &self.hits {
            lines.push(format!("  {bits:5.1} bits  {person}"));
            lines.extend(evidence.iter().map(|why| format!("      {why}")));
        }
        lines.push(String::new());
        lines
    }
}

fn row(kind: &str, recall: &Rates) -> String {
    let Rates { n, recall_at_1, recall_at_10, mrr } = recall;
    let kind = fit(kind, KIND_CELLS);
    format!("{kind}{n:>8}{recall_at_1:>10.4}{recall_at_10:>11.4}{mrr:>8.4}")
}

fn spread(name: &str, spread: Spread) -> String {
    let Spread { p50, p99, max } = spread;
    format!("{name:<32}{p50:>12.3}{p99:>12.3}{max:>12.3}")
}

fn figure(name: &str, value: &str) -> String {
    format!("{name:<32}{value:>16}")
}
