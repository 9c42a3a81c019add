//! Time as the office counts it: instants, days, the business calendar and the clocks that run on it.

mod calendar;
mod clock;
mod instant;

pub use calendar::{Calendar, Zone, ZoneError};
pub use clock::{Clock, ClockKind, ClockResult, ClockSource, ClockState, Pause};
pub use instant::{Day, Instant};
