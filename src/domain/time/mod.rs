//! Time as the office counts it: instants, days, the business calendar and the clocks that run on it.

mod calendar;
mod clock;
mod instant;
mod said;
mod term;

pub use calendar::{Calendar, Zone, ZoneError};
pub use clock::{
    CalendarVersion, Clock, ClockKind, ClockResult, ClockSource, ClockState, Extended, Pause,
};
pub use instant::{Day, Instant};
pub use said::{ClosedThen, NoTime, SaidTime, Tongue, closed_then, said_time};
pub use term::Term;
