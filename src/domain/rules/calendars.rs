//! Which calendar a unit works by.

use crate::domain::time::{Calendar, Day};

use super::Rules;

impl Rules {
    /// The calendar of a unit on a day, where one was published under the unit's code or under `office`.
    #[must_use]
    pub fn calendar(&self, unit: &str, day: Day) -> Option<&Calendar> {
        let newest = |code: &str| {
            let versions = self.calendars.get(code)?;
            let in_force = versions.values().filter(|(from, _)| *from <= day);
            in_force.max_by_key(|(from, calendar)| (*from, calendar.version)).map(|(_, held)| held)
        };
        newest(unit).or_else(|| newest("office"))
    }
}
