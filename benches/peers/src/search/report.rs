//! The table: one engine a line.

use std::fmt;

use serde::Serialize;

use super::Options;
use super::figures::{Clocks, Figures, Rates};

/// A group of kinds: its name, and whether a kind is of it.
type Group = (&'static str, fn(&str) -> bool);

/// The groups of the search's issue.
const GROUPS: [Group; 4] = [
    ("all", |_| true),
    ("name and a second field", |kind| {
        kind.starts_with("febrl")
            && ["_name_year", "_name_street", "_name_id4"].iter().any(|end| kind.ends_with(end))
    }),
    ("real variants with year", |kind| {
        kind.ends_with("_year")
            && ["ofac", "un", "wd", "hist", "wr", "nick"]
                .iter()
                .any(|source| kind.split('_').next() == Some(source))
    }),
    ("another script", |kind| kind.starts_with("xscript")),
];

/// All engines.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) people: usize,
    every: usize,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    engine: &'static str,
    groups: Vec<(&'static str, Rates)>,
    figures: Figures,
}

impl Report {
    pub(crate) fn new(options: &Options) -> Self {
        Self { people: 0, every: options.every, rows: Vec::new() }
    }

    pub(crate) fn add(&mut self, engine: &'static str, figures: Figures) {
        let groups = GROUPS.iter().map(|(name, is_of)| (*name, figures.group(is_of))).collect();
        self.rows.push(Row { engine, groups, figures });
    }

    /// The table for a README: found first / among ten for each group.
    pub(crate) fn markdown(&self) -> String {
        let mut heads = vec!["", "queries"];
        heads.extend(GROUPS.map(|(name, _)| name));
        heads.extend(["MRR", "query p50 / p99, CPU", "wall", "build, CPU", "disk", "memory"]);
        let mut lines = vec![line(&heads), line(&vec!["---"; heads.len()])];
        for Row { engine, groups, figures } in &self.rows {
            let Figures { overall, query_ms: Clocks { cpu, wall }, built, .. } = figures;
            let mut cells = vec![(*engine).to_owned(), overall.n.to_string()];
            cells.extend(groups.iter().map(|(_, rates)| match rates.n {
                0 => String::from("–"),
                _ => format!("{} / {}", share(rates.recall_at_1), share(rates.recall_at_10)),
            }));
            let build = match built.build_cpu_s {
                Some(seconds) => format!("{seconds:.0} s"),
                None => format!("{:.0} s (wall)", built.build_s),
            };
            cells.extend([
                share(overall.mrr),
                format!("{:.1} / {:.1} ms", cpu.p50, cpu.p99),
                format!("{:.1} / {:.1} ms", wall.p50, wall.p99),
                build,
                format!("{:.0} MB", built.disk_mb),
                format!("{:.0} MB", figures.resident_mb),
            ]);
            lines.push(line(&cells));
        }
        lines.concat()
    }
}

/// A line of a table.
fn line<Cell: AsRef<str>>(cells: &[Cell]) -> String {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    format!("| {} |\n", cells.join(" | "))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} people, every {}. query", self.people, self.every)?;
        for Row { engine, groups, figures } in &self.rows {
            writeln!(f, "{engine}")?;
            for (name, Rates { n, recall_at_1, recall_at_10, mrr }) in groups {
                writeln!(
                    f,
                    "  {name:<24} {n:>6}  first {}  ten {}  mrr {}",
                    share(*recall_at_1),
                    share(*recall_at_10),
                    share(*mrr)
                )?;
            }
            let (clocks, built) = (figures.query_ms, figures.built);
            writeln!(
                f,
                "  query p50 / p99: CPU {:.1} / {:.1} ms, wall {:.1} / {:.1} ms; open {:.0} ms; build {:.1} s{}; \
                 {:.0} MB on disk; {:.0} MB of memory",
                clocks.cpu.p50,
                clocks.cpu.p99,
                clocks.wall.p50,
                clocks.wall.p99,
                figures.open_ms,
                built.build_s,
                built
                    .build_cpu_s
                    .map_or_else(String::new, |seconds| format!(" (CPU {seconds:.1} s)")),
                built.disk_mb,
                figures.resident_mb
            )?;
        }
        Ok(())
    }
}

/// `.85` for 0.85, and `1.00` for all.
fn share(part: f64) -> String {
    let text = format!("{part:.3}");
    text.strip_prefix('0').map_or(text.clone(), str::to_owned)
}
