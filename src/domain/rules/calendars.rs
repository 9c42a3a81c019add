//! Which calendar a unit works by.

use std::sync::Arc;

use crate::domain::time::{Calendar, CalendarVersion, Day, OFFICE_CALENDAR};

use super::Rules;

impl Rules {
    /// The calendar of a unit, where one was published under the unit's code or under `office`: its newest version, with the
    /// versions before it on the days before it was in force.
    #[must_use]
    pub fn calendar(&self, unit: &str) -> Option<&Arc<Calendar>> {
        let newest =
            |code: &str| self.calendars.get(code)?.values().next_back().map(|(_, held)| held);
        newest(unit).or_else(|| newest(OFFICE_CALENDAR))
    }

    /// A published calendar at a version.
    #[must_use]
    pub fn calendar_at(&self, id: &CalendarVersion) -> Option<&Arc<Calendar>> {
        self.calendars.get(&id.code)?.get(&id.version).map(|(_, held)| held)
    }

    /// Takes a calendar in that is in force from a day on, until a newer version is. Versions come in ascending order,
    /// as their keys stand.
    pub fn take_calendar(&mut self, calendar: Calendar, from: Day) {
        let versions = self.calendars.entry(calendar.code.clone()).or_default();
        let before = versions.range(..calendar.version).next_back();
        let whole = match before {
            Some((_, (_, before))) => before.followed_by(calendar, from),
            None => calendar,
        };
        versions.insert(whole.version, (from, Arc::new(whole)));
    }
}
