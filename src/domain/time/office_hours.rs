//! The hours that an office was founded with: whole hours and closed days. They lie in events of the audit chain, so that
//! their bytes stay as they are; whoever counts makes a [`Calendar`](super::Calendar) of them.

use serde::{Deserialize, Serialize};

use super::{Day, Zone};

/// When an office works, until it publishes a calendar. A change makes a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHours {
    /// Counts the changes; the first is 1.
    pub version: u32,
    /// The IANA zone.
    pub zone: String,
    /// For Monday to Sunday: opening and closing hour, half-open, or closed all day.
    pub week: [Option<(i8, i8)>; 7],
    /// Days on which the office is closed, ascending.
    pub closed: Vec<Day>,
}

impl OfficeHours {
    /// Monday to Friday, eight to four, in this zone.
    #[must_use]
    pub fn weekdays(zone: &str) -> Self {
        let open = Some((8, 16));
        Self {
            version: 1,
            zone: zone.to_owned(),
            week: [open, open, open, open, open, None, None],
            closed: Vec::new(),
        }
    }

    /// The zone, or UTC where the name is unknown (opening an office checks the name first).
    #[must_use]
    pub fn zone(&self) -> Zone {
        Zone::named(&self.zone).unwrap_or_else(|_| Zone::utc())
    }
}
