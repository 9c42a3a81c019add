//! What was measured of one engine: the fields of `casedesk evaluate search --json`, for every engine alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How often the person meant was found.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Rates {
    /// How many queries.
    pub(crate) n: u32,
    /// The share whose person came first.
    pub(crate) recall_at_1: f64,
    /// The share whose person was among the first ten.
    pub(crate) recall_at_10: f64,
    /// The mean of one over the rank; 0 beyond ten.
    pub(crate) mrr: f64,
}

impl Rates {
    /// One query, with the place of the person meant among the answers, from 0.
    pub(crate) fn of(place: Option<usize>) -> Self {
        let rank = place.and_then(|place| u32::try_from(place + 1).ok());
        Self {
            n: 1,
            recall_at_1: if rank == Some(1) { 1.0 } else { 0.0 },
            recall_at_10: if rank.is_some() { 1.0 } else { 0.0 },
            mrr: rank.map_or(0.0, |rank| 1.0 / f64::from(rank)),
        }
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        let n = self.n + other.n;
        let mean = |own: f64, others: f64| {
            (own * f64::from(self.n) + others * f64::from(other.n)) / f64::from(n.max(1))
        };
        Self {
            n,
            recall_at_1: mean(self.recall_at_1, other.recall_at_1),
            recall_at_10: mean(self.recall_at_10, other.recall_at_10),
            mrr: mean(self.mrr, other.mrr),
        }
    }
}

/// Milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Times {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

/// Milliseconds on the wall, and of the thread's own work.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Clocks {
    pub(crate) wall: Times,
    pub(crate) cpu: Times,
}

/// What building took.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Built {
    /// Seconds on the wall.
    pub(crate) build_s: f64,
    /// Seconds of all threads' work; casedesk does not tell.
    #[serde(default)]
    pub(crate) build_cpu_s: Option<f64>,
    /// Of all files, in 10^6 bytes.
    pub(crate) disk_mb: f64,
}

/// All figures of an engine.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Figures {
    pub(crate) overall: Rates,
    pub(crate) kinds: BTreeMap<String, Rates>,
    pub(crate) query_ms: Clocks,
    pub(crate) open_ms: f64,
    /// The most memory that the process that answered ever had, pages of mapped files included, in 10^6 bytes.
    pub(crate) resident_mb: f64,
    #[serde(flatten, default)]
    pub(crate) built: Built,
}

impl Figures {
    /// The recall of all kinds for which `is_wanted`.
    pub(crate) fn group(&self, is_wanted: impl Fn(&str) -> bool) -> Rates {
        let kinds = self.kinds.iter().filter(|(kind, _)| is_wanted(kind));
        kinds.fold(Rates::default(), |sum, (_, kind)| sum.and(*kind))
    }
}
