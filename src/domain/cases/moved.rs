//! What a calendar does to the clocks of a case that is open.

use crate::domain::time::{Calendar, Clock};

use super::case::Case;

/// The clocks of a case counted with this calendar, where that makes any other than it is. What has ended stays, and so does
/// a date that another system set.
#[must_use]
pub fn moved_clocks(case: &Case, calendar: &Calendar) -> Option<Vec<Clock>> {
    if !case.is_open() {
        return None;
    }
    let mut clocks = case.clocks.clone();
    for clock in &mut clocks {
        clock.count_with(calendar);
    }
    (clocks != case.clocks).then_some(clocks)
}
