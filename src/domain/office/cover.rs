//! Who works a unit's queues at a moment, by its roster: a weekly plan on the unit's own wall clock.

use serde::{Deserialize, Serialize};

use crate::domain::ids::CaseworkerId;
use crate::domain::time::{Day, Instant, Zone};

use super::unit_profile::{Shift, UnitProfile};

/// Shifts of one unit.
pub const SHIFTS_MAX: usize = 200;
/// Sites of one unit.
pub const SITES_MAX: usize = 16;
/// Units above one another.
pub const UNIT_LEVELS_MAX: usize = 16;
/// Minutes of a day; a shift that ends with the day ends at this one.
pub const DAY_MINUTES: u16 = 24 * 60;
/// The days of a week as rosters name them, Monday first.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A moment on the clock on a unit's wall: where an hour comes twice, both are the same to a roster; one that is left out
/// is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WallTime {
    /// The day.
    pub day: Day,
    /// The day of the week, from 1 for Monday.
    pub weekday: u8,
    /// The minute of the day.
    pub minute: u16,
}

impl WallTime {
    /// What the wall says in a zone at an instant.
    #[must_use]
    pub fn of(at: Instant, zone: &Zone) -> Self {
        let day = zone.day(at);
        let (hour, minute) = zone.hour_minute(at);
        let whole = |part: i8| u16::try_from(part).unwrap_or(0);
        // The first day of 1970 was a Thursday.
        let weekday = u8::try_from((day.number() + 3).rem_euclid(7)).unwrap_or(0) + 1;
        Self { day, weekday, minute: whole(hour) * 60 + whole(minute) }
    }
}

impl Shift {
    /// Whether it is worked then: from its first minute on, and before its last.
    #[must_use]
    pub fn is_at(&self, wall: WallTime) -> bool {
        self.weekday == wall.weekday && (self.from_minute..self.to_minute).contains(&wall.minute)
    }

    /// In words, as `mon 08:00-12:30`.
    #[must_use]
    pub fn words(&self) -> String {
        let day = usize::from(self.weekday).checked_sub(1).and_then(|day| WEEKDAYS.get(day));
        format!("{} {}", day.copied().unwrap_or("?"), hours_words(self.from_minute, self.to_minute))
    }
}

/// A stretch of a day, as `08:00-12:30`.
#[must_use]
pub fn hours_words(from: u16, to: u16) -> String {
    format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
}

impl UnitProfile {
    /// Who is on the roster then, each once.
    #[must_use]
    pub fn on_shift(&self, wall: WallTime) -> Vec<CaseworkerId> {
        let shifts = self.roster.iter().filter(|shift| shift.is_at(wall));
        let mut found: Vec<CaseworkerId> = shifts.map(|shift| shift.caseworker).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether somebody is on the roster at any time of the week.
    #[must_use]
    pub fn is_rostered(&self, caseworker: CaseworkerId) -> bool {
        self.roster.iter().any(|shift| shift.caseworker == caseworker)
    }
}

/// Whether a unit's queues are covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cover {
    /// This one is here for them.
    By(CaseworkerId),
    /// Nobody is, and the unit is closed.
    Closed,
    /// Nobody is, and the unit is open.
    Nobody,
}
