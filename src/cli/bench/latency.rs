//! Times from when a request was due until its answer was there, and what is said of many of them.

use std::time::Duration;

use serde::Serialize;

use crate::cli::long::rounded;

/// Times of requests, in microseconds.
#[derive(Debug, Default, Clone)]
pub(super) struct Latencies(Vec<u32>);

/// What is said of them, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Quantiles {
    /// How many there were.
    pub(super) requests: usize,
    /// Half of them took no longer.
    pub(super) p50_ms: f64,
    /// 99 of 100 took no longer.
    pub(super) p99_ms: f64,
    /// The longest.
    pub(super) max_ms: f64,
}

impl Latencies {
    /// Takes one more.
    pub(super) fn note(&mut self, took: Duration) {
        self.0.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    /// What is said of them.
    pub(super) fn quantiles(&self) -> Quantiles {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let ms = |micros: Option<&u32>| rounded(f64::from(*micros.unwrap_or(&0)) / 1_000.0);
        let rank = |percent: usize| {
            sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        };
        Quantiles {
            requests: sorted.len(),
            p50_ms: ms(rank(50)),
            p99_ms: ms(rank(99)),
            max_ms: ms(sorted.last()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_the_time_that_so_many_requests_did_not_exceed() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.quantiles().requests, 0);
        (1..=1_000).rev().for_each(|ms| latencies.note(Duration::from_millis(ms)));
        let said = latencies.quantiles();
        assert_eq!((said.requests, said.max_ms), (1_000, 1_000.0));
        assert!((said.p50_ms - 501.0).abs() < 1.0 && (said.p99_ms - 991.0).abs() < 1.0, "{said:?}");
    }
}
