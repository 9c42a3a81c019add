//! The clocks of the edge: the system's, and one that is moved for a made office. Nothing else asks what time it is.

use crate::desk::Clock;
use crate::domain::time::Instant;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::from_timestamp(jiff::Timestamp::now())
    }
}

/// A clock that stands still, for an office as it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct StillClock(pub(super) Instant);

impl Clock for StillClock {
    fn now(&self) -> Instant {
        self.0
    }
}

/// A clock that began at another moment than the system's and runs as fast.
#[derive(Debug, Clone, Copy)]
pub struct OffsetClock {
    offset_ms: i64,
}

impl OffsetClock {
    /// A clock that shows `start` now.
    #[must_use]
    pub fn starting_at(start: Instant) -> Self {
        Self { offset_ms: start.milliseconds().saturating_sub(SystemClock.now().milliseconds()) }
    }
}

impl Clock for OffsetClock {
    fn now(&self) -> Instant {
        let now = SystemClock.now().milliseconds();
        Instant::from_milliseconds(now.saturating_add(self.offset_ms))
    }
}
