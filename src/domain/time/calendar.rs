//! The business calendar: when a unit works, by the minute, in its own zone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::open_days::OpenDays;
use super::zone::DAY_MINUTES;
use super::{CalendarVersion, Day, Instant, OfficeHours, Zone};

/// The code of the calendar of the office as a whole.
pub const OFFICE_CALENDAR: &str = "office";
/// Openings in one day.
pub const HOURS_MAX: usize = 8;
/// Exceptions and holidays of one calendar, its presets and feeds included.
pub const EXCEPTIONS_MAX: usize = 6_000;

/// A stretch of a day in which the office is open: minutes after midnight by the clock on the wall, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hours {
    /// Opens.
    pub open: u16,
    /// Closes; 1440 is the midnight that ends the day.
    pub close: u16,
}

/// The hours of Monday to Sunday, each in ascending order and apart.
pub type Week = [Vec<Hours>; 7];

/// What makes a day another one than its weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayHours {
    /// Closed all day.
    Closed,
    /// Open as its weekday, but no longer than until this minute: a half day.
    Until(u16),
    /// Open in these hours.
    Open(Vec<Hours>),
}

/// A day that is not as its weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// What it is called, as `Constitution Day`.
    pub name: String,
    /// Whether it is a public holiday, rather than a day of the office's own.
    pub is_holiday: bool,
    /// When the office is open then.
    pub hours: DayHours,
}

/// Why the office is closed on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClosedWhy {
    /// It is on every such weekday.
    Weekend,
    /// A public holiday.
    Holiday(String),
    /// A day of the office's own.
    Exception(String),
}

impl ClosedWhy {
    /// In words.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Weekend => "weekend",
            Self::Holiday(name) | Self::Exception(name) if name.is_empty() => "closed",
            Self::Holiday(name) | Self::Exception(name) => name,
        }
    }
}

/// The weekly hours from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Season {
    from: Day,
    week: Week,
}

/// When a unit works. A change makes a new version; clocks say which version they were counted with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Calendar {
    /// Its code: a unit's, or [`OFFICE_CALENDAR`].
    pub code: String,
    /// Counts the changes; the first is 1.
    pub version: u32,
    zone_name: String,
    zone: Zone,
    /// Ascending; the first one reaches back for good.
    seasons: Vec<Season>,
    exceptions: BTreeMap<Day, Exception>,
    /// Made when it is first asked, and once.
    open_days: OnceLock<OpenDays>,
}

impl Eq for Calendar {}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        (&self.code, self.version, &self.zone_name)
            == (&other.code, other.version, &other.zone_name)
            && (&self.seasons, &self.exceptions) == (&other.seasons, &other.exceptions)
    }
}

/// A calendar as it goes to whoever asks: what it was made of, without what follows from that.
#[derive(Serialize, Deserialize)]
struct Written {
    code: String,
    version: u32,
    zone: String,
    seasons: Vec<Season>,
    exceptions: BTreeMap<Day, Exception>,
}

impl From<Calendar> for Written {
    fn from(held: Calendar) -> Self {
        let Calendar { code, version, zone_name, seasons, exceptions, .. } = held;
        Self { code, version, zone: zone_name, seasons, exceptions }
    }
}

impl From<Written> for Calendar {
    fn from(written: Written) -> Self {
        let Written { code, version, zone: zone_name, seasons, exceptions } = written;
        let zone = Zone::named(&zone_name).unwrap_or_else(|_| Zone::utc());
        let open_days = OnceLock::new();
        Self { code, version, zone_name, zone, seasons, exceptions, open_days }
    }
}

impl From<&OfficeHours> for Calendar {
    fn from(hours: &OfficeHours) -> Self {
        let minutes = |hour: i8| u16::try_from(hour).unwrap_or(0).saturating_mul(60);
        let week = hours.week.map(|held| {
            let held =
                held.map(|(open, close)| Hours { open: minutes(open), close: minutes(close) });
            held.into_iter().collect()
        });
        let closed = |day: &Day| {
            let hours = DayHours::Closed;
            (*day, Exception { name: String::new(), is_holiday: false, hours })
        };
        let exceptions = hours.closed.iter().map(closed).collect();
        let (zone_name, zone) = (hours.zone.clone(), hours.zone());
        let calendar = Self::new(OFFICE_CALENDAR, (zone_name, zone), week, exceptions);
        Self { version: hours.version, ..calendar }
    }
}

impl Calendar {
    /// A calendar at its first version.
    #[must_use]
    pub fn new(
        code: &str,
        (zone_name, zone): (String, Zone),
        week: Week,
        exceptions: BTreeMap<Day, Exception>,
    ) -> Self {
        Self {
            code: code.to_owned(),
            version: 1,
            zone_name,
            zone,
            seasons: vec![Season { from: Day::from_number(i32::MIN), week }],
            exceptions,
            open_days: OnceLock::new(),
        }
    }

    /// Monday to Friday, eight to four, in this zone.
    #[must_use]
    pub fn weekdays(zone: &str) -> Self {
        Self::from(&OfficeHours::weekdays(zone))
    }

    /// The same calendar under another code.
    #[must_use]
    pub fn called(self, code: &str) -> Self {
        Self { code: code.to_owned(), ..self }
    }

    /// The same hours and days by the clocks of another zone, under a code that says so: clocks name what they were counted
    /// with.
    #[must_use]
    pub fn in_zone(&self, zone_name: &str, zone: Zone) -> Self {
        Self {
            code: format!("{} in {zone_name}", self.code),
            zone_name: zone_name.to_owned(),
            zone,
            open_days: OnceLock::new(),
            ..self.clone()
        }
    }

    /// The same calendar at a version.
    #[must_use]
    pub fn at_version(self, version: u32) -> Self {
        Self { version, ..self }
    }

    /// This calendar until `from`, and `newer` from that day on. What is in another zone replaces this one for good, as days
    /// of two zones cannot be counted together.
    #[must_use]
    pub fn followed_by(&self, newer: Self, from: Day) -> Self {
        if newer.zone_name != self.zone_name {
            return newer;
        }
        let mut seasons: Vec<Season> =
            self.seasons.iter().filter(|season| season.from < from).cloned().collect();
        seasons.extend(
            newer
                .seasons
                .iter()
                .map(|season| Season { from: season.from.max(from), week: season.week.clone() }),
        );
        let before = self.exceptions.range(..from);
        let after = newer.exceptions.range(from..);
        let exceptions =
            before.chain(after).map(|(day, exception)| (*day, exception.clone())).collect();
        Self { seasons, exceptions, open_days: OnceLock::new(), ..newer }
    }

    /// Code and version.
    #[must_use]
    pub fn id(&self) -> CalendarVersion {
        CalendarVersion { code: self.code.clone(), version: self.version }
    }

    /// The zone.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.zone.clone()
    }

    /// The zone without a copy.
    pub(super) fn zone_held(&self) -> &Zone {
        &self.zone
    }

    /// The zone's IANA name.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// The hours of Monday to Sunday on a day.
    #[must_use]
    pub fn week_on(&self, day: Day) -> Option<&Week> {
        let season = self.seasons.iter().rev().find(|season| season.from <= day);
        season.or(self.seasons.first()).map(|season| &season.week)
    }

    /// The days that are not as their weekday, ascending.
    #[must_use]
    pub fn exceptions(&self) -> &BTreeMap<Day, Exception> {
        &self.exceptions
    }

    fn week_hours(&self, day: Day) -> &[Hours] {
        let week = self.week_on(day).and_then(|week| week.get(weekday(day)));
        week.map_or(&[], Vec::as_slice)
    }

    /// The hours of a day, ascending and apart; none where the office is closed.
    #[must_use]
    pub fn intervals(&self, day: Day) -> Vec<Hours> {
        match self.exceptions.get(&day).map(|exception| &exception.hours) {
            None => self.week_hours(day).to_vec(),
            Some(DayHours::Closed) => Vec::new(),
            Some(DayHours::Open(hours)) => hours.clone(),
            Some(DayHours::Until(until)) => {
                let cut = |held: &Hours| Hours { open: held.open, close: held.close.min(*until) };
                let hours = self.week_hours(day).iter().map(cut);
                hours.filter(|held| held.open < held.close).collect()
            }
        }
    }

    /// As [`Self::is_open_on`], from the hours themselves.
    pub(super) fn opens_on(&self, day: Day) -> bool {
        let week = self.week_hours(day);
        match self.exceptions.get(&day).map(|exception| &exception.hours) {
            None => !week.is_empty(),
            Some(DayHours::Closed) => false,
            Some(DayHours::Open(hours)) => !hours.is_empty(),
            Some(DayHours::Until(until)) => week.iter().any(|hours| hours.open < *until),
        }
    }

    /// From the first opening of a day to its last closing, if the office works then.
    #[must_use]
    pub fn hours(&self, day: Day) -> Option<Hours> {
        let hours = self.intervals(day);
        Some(Hours { open: hours.first()?.open, close: hours.last()?.close })
    }

    /// Whether the office works on a day.
    #[must_use]
    pub fn is_open_on(&self, day: Day) -> bool {
        self.open_days().is_open(day).unwrap_or_else(|| self.opens_on(day))
    }

    /// Whether the office is open at an instant. Hours are half-open: at closing time it is closed.
    #[must_use]
    pub fn is_open_at(&self, at: Instant) -> bool {
        let day = self.zone.day(at);
        self.stretches(day).iter().any(|(open, close)| *open <= at && at < *close)
    }

    /// Why the office does not work on a day; nothing where it does.
    #[must_use]
    pub fn closed_why(&self, day: Day) -> Option<ClosedWhy> {
        if self.opens_on(day) {
            return None;
        }
        if self.week_hours(day).is_empty() {
            return Some(ClosedWhy::Weekend);
        }
        let exception = self.exceptions.get(&day)?;
        let name = exception.name.clone();
        Some(if exception.is_holiday {
            ClosedWhy::Holiday(name)
        } else {
            ClosedWhy::Exception(name)
        })
    }

    /// The hours of a day as instants, ascending.
    pub(super) fn stretches(&self, day: Day) -> Vec<(Instant, Instant)> {
        let at = |minute| self.zone.boundary(day, minute);
        self.intervals(day).iter().map(|hours| (at(hours.open), at(hours.close))).collect()
    }

    /// The open days of the years that are counted fast.
    pub(super) fn open_days(&self) -> &OpenDays {
        self.open_days.get_or_init(|| OpenDays::of(self))
    }

    /// When a day opens, or its midnight where the office is closed.
    #[must_use]
    pub fn open_of(&self, day: Day) -> Instant {
        self.zone.boundary(day, self.hours(day).map_or(0, |hours| hours.open))
    }

    /// Closing time of a day, or midnight at its end where the office is closed.
    #[must_use]
    pub fn close_of(&self, day: Day) -> Instant {
        self.zone.boundary(day, self.hours(day).map_or(DAY_MINUTES, |hours| hours.close))
    }
}

/// Monday is 0. The first day of 1970 was a Thursday.
fn weekday(day: Day) -> usize {
    usize::try_from((day.number() + 3).rem_euclid(7)).unwrap_or(0)
}
