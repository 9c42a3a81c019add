//! What a server did in the last minute, counted without a lock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::status::Load;

/// Seconds that are looked back on.
const SECONDS: u64 = 60;
/// Classes of durations: four to a doubling, from a microsecond to more than a minute.
const CLASSES: usize = 108;

/// The requests of one second.
struct Second {
    /// Which second since the server began, plus one; 0 where none was counted yet.
    number: AtomicU64,
    classes: [AtomicU64; CLASSES],
}

/// The requests of the last minute, by how long each took.
pub(super) struct Meter {
    began: Instant,
    seconds: Vec<Second>,
    in_flight: AtomicU64,
    commands_in_flight: AtomicU64,
}

/// A request that is being carried out.
pub(super) struct Running<'a> {
    meter: &'a Meter,
    since: Instant,
    is_command: bool,
}

impl Meter {
    pub(super) fn new() -> Self {
        let second = || Second {
            number: AtomicU64::new(0),
            classes: [const { AtomicU64::new(0) }; CLASSES],
        };
        Self {
            began: Instant::now(),
            seconds: (0..SECONDS).map(|_| second()).collect(),
            in_flight: AtomicU64::new(0),
            commands_in_flight: AtomicU64::new(0),
        }
    }

    /// Notes that a request begins; it ends when what is given back is dropped.
    pub(super) fn begin(&self, is_command: bool) -> Running<'_> {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
        self.commands_in_flight.fetch_add(u64::from(is_command), Ordering::AcqRel);
        Running { meter: self, since: Instant::now(), is_command }
    }

    /// How long it counts.
    pub(super) fn up(&self) -> Duration {
        self.began.elapsed()
    }

    fn count(&self, now: Instant, took: Duration) {
        let number = now.saturating_duration_since(self.began).as_secs() + 1;
        let place = usize::try_from(number % SECONDS).unwrap_or_default();
        let Some(second) = self.seconds.get(place) else { return };
        let before = second.number.load(Ordering::Acquire);
        let is_begun = before != number
            && second
                .number
                .compare_exchange(before, number, Ordering::AcqRel, Ordering::Acquire)
                .is_ok();
        if is_begun {
            // What others count between these two lines is lost: a few of a second's requests.
            second.classes.iter().for_each(|class| class.store(0, Ordering::Relaxed));
        }
        if let Some(class) = second.classes.get(class_of(took)) {
            class.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The last minute, without the second that is going on, unless the server is younger than that.
    pub(super) fn load(&self) -> Load {
        let now = self.began.elapsed().as_secs() + 1;
        let oldest = now.saturating_sub(SECONDS - 1);
        let mut classes = [0_u64; CLASSES];
        for second in &self.seconds {
            let number = second.number.load(Ordering::Acquire);
            if number >= oldest && number > 0 && (number < now || now == 1) {
                for (sum, class) in classes.iter_mut().zip(&second.classes) {
                    *sum += class.load(Ordering::Relaxed);
                }
            }
        }
        let requests = classes.iter().sum();
        Load {
            requests,
            seconds: (now - 1).clamp(1, SECONDS - 1),
            in_flight: self.in_flight.load(Ordering::Acquire),
            commands_in_flight: self.commands_in_flight.load(Ordering::Acquire),
            p50_us: at_rank(&classes, requests.div_ceil(2)),
            p99_us: at_rank(&classes, requests - requests / 100),
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        self.meter.in_flight.fetch_sub(1, Ordering::AcqRel);
        self.meter.commands_in_flight.fetch_sub(u64::from(self.is_command), Ordering::AcqRel);
        self.meter.count(now, now.saturating_duration_since(self.since));
    }
}

/// The class of a duration: its doubling, and the quarter of it.
fn class_of(took: Duration) -> usize {
    let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
    let doubling = us.ilog2();
    let quarter = if doubling < 2 { 0 } else { (us >> (doubling - 2)) & 3 };
    let class = u64::from(doubling) * 4 + quarter;
    usize::try_from(class).unwrap_or(CLASSES).min(CLASSES - 1)
}

/// The upper end of a class, in microseconds.
fn end_of(class: usize) -> u64 {
    let (doubling, quarter) = (class / 4, class as u64 % 4);
    let unit = 1_u64 << doubling.min(62);
    unit + (unit / 4).max(1) * (quarter + 1)
}

/// The upper end of the class in which the request of this rank lies; 0 where there was none.
fn at_rank(classes: &[u64; CLASSES], rank: u64) -> u64 {
    let mut sum = 0;
    for (class, count) in classes.iter().enumerate() {
        sum += count;
        if rank > 0 && sum >= rank {
            return end_of(class);
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_the_upper_end_of_its_class() {
        for us in [1_u64, 3, 7, 90, 1_000, 49_999, 2_000_000] {
            let end = end_of(class_of(Duration::from_micros(us)));
            assert!(end >= us && end <= us + us / 4 + 2, "{us} -> {end}");
        }
    }

    #[test]
    fn the_slowest_of_a_hundred_is_the_ninety_ninth_percentile_of_fifty() {
        let meter = Meter::new();
        let now = meter.began;
        for _ in 0..49 {
            meter.count(now, Duration::from_micros(100));
        }
        meter.count(now, Duration::from_millis(40));
        let load = meter.load();
        assert_eq!(load.requests, 50);
        assert!((100..=128).contains(&load.p50_us), "{load:?}");
        assert!((40_000..=50_000).contains(&load.p99_us), "{load:?}");
    }
}
