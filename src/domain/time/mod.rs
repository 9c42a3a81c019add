//! Time as the office counts it: instants, days, the business calendar and the clocks that run on it.

mod calendar;
mod clock;
mod instant;
mod said;

pub use calendar::{Calendar, Zone, ZoneError};
pub use clock::{Clock, ClockKind, ClockResult, ClockSource, ClockState, Pause};
pub use instant::{Day, Instant};
pub use said::{ClosedThen, NoTime, SaidTime, Tongue, closed_then, said_time};
