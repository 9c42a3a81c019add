//! Moments as another system wrote them, in the formats and the zone of its mapping.

use jiff::fmt::strtime::BrokenDownTime;

use super::mapping::Mapping;
use super::table::{Column, Fault, Row};
use crate::domain::time::{Day, Instant};

/// The moment that a date without a time stands for.
#[derive(Clone, Copy)]
pub(super) enum PartOfDay {
    /// Its first minute: nothing was received later than it says.
    Start,
    /// Its last minute: whatever ends or is due on a day has all of it.
    End,
}

impl Mapping {
    /// The moment in a column; nothing where it is empty.
    pub(super) fn date(
        &self,
        row: &Row,
        column: &Column,
        part: PartOfDay,
    ) -> Result<Option<Instant>, Fault> {
        let text = row.text(column)?;
        if text.is_empty() {
            return Ok(None);
        }
        let reason = || format!("`{text}` is not a date as the mapping writes them.");
        let read = self.moment(text, part);
        read.map(Some).ok_or_else(|| Fault::of(&column.name, reason()))
    }

    /// The moment that a text says in one of the mapping's formats.
    pub(super) fn moment(&self, text: &str, part: PartOfDay) -> Option<Instant> {
        self.dates.iter().find_map(|format| self.read_date(format, text, part))
    }

    fn read_date(&self, format: &str, text: &str, part: PartOfDay) -> Option<Instant> {
        let time = BrokenDownTime::parse(format, text).ok()?;
        if time.offset().is_some() {
            return time.to_timestamp().ok().map(Instant::from_timestamp);
        }
        let day = Day::from_date(time.to_date().ok()?);
        let zone = &self.zone;
        if time.hour().is_none() {
            return Some(match part {
                PartOfDay::Start => zone.instant(day, 0, 0),
                PartOfDay::End => zone.instant(day, 23, 59),
            });
        }
        let time = time.to_time().ok()?;
        let minute = zone.instant(day, time.hour(), time.minute()).milliseconds();
        Some(Instant::from_milliseconds(minute + i64::from(time.second()) * 1000))
    }
}
