//! Public holidays of seven countries and of some of their parts, with the hours that offices usually keep there.

use std::collections::BTreeMap;

use super::{Calendar, Day, DayHours, Exception, Hours, Week, Zone};

/// A country, or a part of one, whose holidays come with casedesk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HolidayPreset {
    /// Its code, as `no` or `gb-eng`.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The zone of its capital.
    pub zone: &'static str,
    /// Usual hours from Monday to Sunday, as a calendar's text writes them.
    week: [&'static str; 7],
    text: &'static str,
}

const MEXICO: [&str; 7] = week("09:00-18:00", "", "");
const TURKIYE: [&str; 7] = week("08:30-12:30 13:30-17:30", "", "");
const NORWAY: [&str; 7] = week("08:00-15:45", "", "");
const BRITAIN: [&str; 7] = week("09:00-17:00", "", "");
const STATES: [&str; 7] = week("08:00-17:00", "", "");
const SPAIN: [&str; 7] = week("09:00-14:00", "", "");
/// Saturday to Wednesday, and half of Thursday; Friday is the day of rest.
const IRAN: [&str; 7] = {
    let day = "08:00-16:00";
    [day, day, day, "08:00-12:00", "", day, day]
};

const fn week(
    day: &'static str,
    saturday: &'static str,
    sunday: &'static str,
) -> [&'static str; 7] {
    [day, day, day, day, day, saturday, sunday]
}

macro_rules! presets {
    ($($code:literal $name:literal $zone:literal $week:ident)+) => {
        /// Every preset.
        pub const HOLIDAY_PRESETS: &[HolidayPreset] = &[$(HolidayPreset {
            code: $code,
            name: $name,
            zone: $zone,
            week: $week,
            text: include_str!(concat!("holidays/", $code, ".tsv")),
        }),+];
    };
}

presets! {
    "mx" "Mexico" "America/Mexico_City" MEXICO
    "tr" "Türkiye" "Europe/Istanbul" TURKIYE
    "no" "Norway" "Europe/Oslo" NORWAY
    "ir" "Iran" "Asia/Tehran" IRAN
    "gb" "Great Britain" "Europe/London" BRITAIN
    "gb-eng" "England" "Europe/London" BRITAIN
    "gb-wls" "Wales" "Europe/London" BRITAIN
    "gb-sct" "Scotland" "Europe/London" BRITAIN
    "gb-nir" "Northern Ireland" "Europe/London" BRITAIN
    "us" "United States" "America/New_York" STATES
    "us-ca" "California" "America/Los_Angeles" STATES
    "us-il" "Illinois" "America/Chicago" STATES
    "us-ma" "Massachusetts" "America/New_York" STATES
    "us-md" "Maryland" "America/New_York" STATES
    "us-ny" "New York" "America/New_York" STATES
    "es" "Spain" "Europe/Madrid" SPAIN
}

impl HolidayPreset {
    /// The preset of this code.
    #[must_use]
    pub fn of(code: &str) -> Option<&'static Self> {
        HOLIDAY_PRESETS.iter().find(|preset| preset.code.eq_ignore_ascii_case(code))
    }

    /// Usual hours from Monday to Sunday.
    #[must_use]
    pub fn week(&self) -> Week {
        self.week.map(|day| day.split(' ').filter_map(hours_of).collect())
    }

    /// The holidays, by day.
    #[must_use]
    pub fn holidays(&self) -> BTreeMap<Day, Exception> {
        self.text.lines().filter(|line| !line.starts_with('#')).filter_map(holiday).collect()
    }

    /// A calendar of the usual hours and the holidays.
    #[must_use]
    pub fn calendar(&self) -> Calendar {
        let zone = Zone::named(self.zone).unwrap_or_else(|_| Zone::utc());
        Calendar::new(self.code, (self.zone.to_owned(), zone), self.week(), self.holidays())
    }
}

fn holiday(line: &str) -> Option<(Day, Exception)> {
    let mut cells = line.split('\t');
    let day = Day::from_date(cells.next()?.parse().ok()?);
    let name = cells.next()?.to_owned();
    let hours = match cells.next().and_then(minute_of) {
        Some(until) => DayHours::Until(until),
        None => DayHours::Closed,
    };
    Some((day, Exception { name, is_holiday: true, hours }))
}

/// The hours of `08:00-12:30`, if it is that.
pub(super) fn hours_of(text: &str) -> Option<Hours> {
    let (open, close) = text.split_once(['-', '–'])?;
    let hours = Hours { open: minute_of(open.trim())?, close: minute_of(close.trim())? };
    (hours.open < hours.close).then_some(hours)
}

/// The minute after midnight of `13:00`; `24:00` is the midnight that ends the day.
pub(super) fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str, most: u16| {
        let is_plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|number| is_plain && *number <= most)
    };
    let minutes = number(hour, 24)? * 60 + number(minute, 59)?;
    (minutes <= super::zone::DAY_MINUTES).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_reads_whole() {
        for preset in HOLIDAY_PRESETS {
            let lines = preset.text.lines().filter(|line| !line.starts_with('#')).count();
            assert_eq!(preset.holidays().len(), lines, "{}", preset.code);
            assert!(lines > 150, "{} has {lines} holidays", preset.code);
            assert!(preset.week().iter().flatten().count() >= 5);
            assert!(Zone::named(preset.zone).is_ok());
            assert!(preset.text.contains("MIT License"));
        }
    }

    #[test]
    fn the_day_before_a_turkish_feast_is_half_a_day() {
        let calendar = HolidayPreset::of("TR").unwrap().calendar();
        let eve = Day::from_parts(2026, 5, 26).unwrap();
        // The feast begins at one; the office closes for lunch before that.
        assert_eq!(calendar.hours(eve), Some(Hours { open: 510, close: 750 }));
        assert_eq!(calendar.closed_why(eve.plus_days(1)).unwrap().label(), "Eid al-Adha");
    }
}
