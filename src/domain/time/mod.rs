//! Time as the office counts it: instants, days, the business calendar and the clocks that run on it.

mod also;
mod calendar;
mod clock;
mod due;
mod holidays;
mod instant;
mod office_hours;
mod open_days;
mod said;
mod term;
mod written;
mod zone;

pub use also::AlsoCalendar;
pub use calendar::{
    Calendar, ClosedWhy, DayHours, EXCEPTIONS_MAX, Exception, HOURS_MAX, Hours, OFFICE_CALENDAR,
    Week,
};
pub use clock::{
    CalendarVersion, Clock, ClockKind, ClockResult, ClockSource, ClockState, Extended, Pause,
};
pub use due::{DueSum, SumDays, SumLeg, SumPause, SumUnit, SumWhy, due};
pub use holidays::{HOLIDAY_PRESETS, HolidayPreset};
pub use instant::{Day, Instant};
pub use office_hours::OfficeHours;
pub use said::{ClosedThen, NoTime, SaidTime, Tongue, closed_then, said_time};
pub use term::Term;
pub use written::{hours_words, read_calendar, written_feed};
pub use zone::{Zone, ZoneError};
