//! Turns ranks and times into figures.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Hits that a question is judged by; whoever stands after them is not found.
pub(super) const RANKS_MAX: usize = 10;

/// Questions that are typed letter by letter, about.
const TYPED_QUESTIONS: usize = 400;

/// How well the people meant are found. Where nothing was asked, every figure is 0.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub(super) struct Rates {
    /// Questions.
    pub(super) n: usize,
    /// The part of them, 0 to 1, whose person is the first hit.
    pub(super) recall_at_1: f64,
    /// The part of them whose person is among the first [`RANKS_MAX`] hits.
    pub(super) recall_at_10: f64,
    /// The mean of 1 / rank, where who is not among those hits counts 0.
    pub(super) mrr: f64,
}

impl Rates {
    /// The figures of these ranks, each counted from 1; none is somebody who was not found.
    pub(super) fn of(ranks: impl IntoIterator<Item = Option<u32>>) -> Self {
        let (mut n, mut first, mut within, mut reciprocal) = (0, 0_u32, 0_u32, 0.0);
        for rank in ranks {
            n += 1;
            first += u32::from(rank == Some(1));
            within += u32::from(rank.is_some());
            reciprocal += rank.map_or(0.0, |rank| 1.0 / f64::from(rank.max(1)));
        }
        let part = |of: f64| if n == 0 { 0.0 } else { rounded(of / count(n), 4) };
        Self {
            n,
            recall_at_1: part(first.into()),
            recall_at_10: part(within.into()),
            mrr: part(reciprocal),
        }
    }
}

/// How long something takes, in milliseconds: the middle, what 99 of 100 stay within, and the worst.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Spread {
    /// Half of the times are not longer.
    pub(super) p50: f64,
    /// 99 of 100 are not longer.
    pub(super) p99: f64,
    /// The longest.
    pub(super) max: f64,
}

impl Spread {
    /// The spread of these times, by nearest rank: each figure is one of the times. All are 0 where there are none.
    pub(super) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).max(1);
            times.get(rank - 1).copied().map_or(0.0, milliseconds)
        };
        Self { p50: at(50), p99: at(99), max: at(100) }
    }
}

/// The times of one kind of work, by the clock on the wall and by the processor that the thread had.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Times {
    /// What a caseworker waits.
    pub(super) wall: Spread,
    /// What the search itself takes, whatever else the machine does.
    pub(super) cpu: Spread,
}

/// Every how many-th of `questions` is typed letter by letter.
pub(super) fn typed_step(questions: usize) -> usize {
    (questions / TYPED_QUESTIONS).max(1)
}

/// A time in milliseconds, to the microsecond.
pub(super) fn milliseconds(time: Duration) -> f64 {
    rounded(time.as_secs_f64() * 1000.0, 3)
}

/// Millions of bytes, to the thousandth.
pub(super) fn megabytes(bytes: u64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a size is told to the thousandth of a megabyte"
    )]
    let bytes = bytes as f64;
    rounded(bytes / 1_000_000.0, 3)
}

fn rounded(figure: f64, places: i32) -> f64 {
    let unit = 10_f64.powi(places);
    (figure * unit).round() / unit
}

#[expect(clippy::cast_precision_loss, reason = "no file has 2^52 questions")]
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_become_recall_and_mean_reciprocal_rank() {
        let recall = Rates::of([Some(1), Some(4), None, Some(10)]);
        let expected = Rates { n: 4, recall_at_1: 0.25, recall_at_10: 0.75, mrr: 0.3375 };
        assert_eq!(recall, expected);
        assert_eq!(Rates::of([]), Rates::default(), "nothing asked is nothing found");
    }

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let spread = Spread::of((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!(spread, Spread { p50: 100.0, p99: 198.0, max: 200.0 });
        let one = Spread::of(vec![Duration::from_micros(1500)]);
        assert_eq!(one, Spread { p50: 1.5, p99: 1.5, max: 1.5 });
        assert_eq!(Spread::of(Vec::new()), Spread::default());
    }

    #[test]
    fn about_four_hundred_questions_are_typed() {
        assert_eq!([0, 1, 799, 800, 13_423].map(typed_step), [1, 1, 1, 2, 33]);
    }
}
