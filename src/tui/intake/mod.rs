//! Taking a matter in: how it came, what it is, about whom, whether it is one that is here already, and what is said.

mod choosing;
mod draft;
mod draw;
mod fields;
mod moment;
mod name;
mod screen;
mod steps;
mod suggesting;
#[cfg(test)]
mod tests;

pub(in crate::tui) use moment::parse_received;
pub use screen::IntakeScreen;
