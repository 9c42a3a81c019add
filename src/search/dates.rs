//! Dates of birth in the forms in which people write and say them, in the Gregorian and the Persian calendar.

/// A year, a month and a day; a month or day that was not said is 0.
pub(super) type Date = (i16, u8, u8);

/// Readings of one date that are kept; the likeliest come first.
const READINGS_MAX: usize = 12;
/// Years of birth that can be years of the Persian calendar, and not of the Gregorian one.
const PERSIAN_YEARS: std::ops::RangeInclusive<i16> = 1270..=1420;
/// Years of a date, in either calendar.
const YEARS: std::ops::RangeInclusive<i16> = 1200..=2199;
/// What a Persian year is behind the Gregorian year in which it begins.
const PERSIAN_BEHIND: i16 = 621;

/// One part of a date: digits, or the name of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// One to four digits.
    Number {
        /// What they come to.
        value: i16,
        /// How many there are.
        digits: usize,
    },
    /// A month by its name.
    Month {
        /// 1 to 12.
        month: u8,
        /// Whether it is one of the Persian calendar.
        is_persian: bool,
    },
}

impl Part {
    /// Reads a folded word.
    pub(super) fn parse(word: &str) -> Option<Self> {
        if word.len() <= 4 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Number { value: word.parse().ok()?, digits: word.len() });
        }
        let place = |months: &[&str; 12]| {
            let found = months.iter().position(|names| names.split(' ').any(|name| name == word));
            found.and_then(|place| u8::try_from(place + 1).ok())
        };
        place(&MONTHS)
            .map(|month| Self::Month { month, is_persian: false })
            .or_else(|| place(&PERSIAN_MONTHS).map(|month| Self::Month { month, is_persian: true }))
    }

    /// Whether it is the name of a month.
    pub(super) fn is_month(self) -> bool {
        matches!(self, Self::Month { .. })
    }
}

/// The dates that some parts, in their order, can mean, the likeliest first; none if they are no date.
///
/// The year comes first or last. Day and month come in either order, and a year of two digits means both centuries and
/// the Persian one, since nobody here knows what day it is.
pub(super) fn dates(parts: &[Part]) -> Vec<Date> {
    use Part::{Month, Number};
    let mut found = Found::default();
    match *parts {
        [
            Number { value: year, digits: 4 },
            Number { value: one, .. },
            Number { value: two, .. },
        ] => {
            found.push(year, one, two);
            found.push(year, two, one);
        }
        [
            Number { value: one, .. },
            Number { value: two, .. },
            Number { value: year, digits: 4 },
        ] => {
            found.push(year, two, one);
            found.push(year, one, two);
        }
        [
            Number { value: one, digits: 1..=2 },
            Number { value: two, digits: 1..=2 },
            Number { value: three, digits: 1..=2 },
        ] => {
            for (year, month, day) in [(three, two, one), (three, one, two), (one, two, three)] {
                found.push_short(year, month, day);
            }
        }
        [
            Number { value: day, digits: 1..=2 },
            month @ Month { .. },
            Number { value: year, digits },
        ]
        | [
            month @ Month { .. },
            Number { value: day, digits: 1..=2 },
            Number { value: year, digits },
        ]
        | [
            Number { value: year, digits: digits @ 4 },
            month @ Month { .. },
            Number { value: day, .. },
        ] => {
            found.push_named(year, digits, month, day);
        }
        [month @ Month { .. }, Number { value: year, digits: digits @ 4 }]
        | [Number { value: year, digits: digits @ 4 }, month @ Month { .. }] => {
            found.push_named(year, digits, month, 0);
        }
        [Number { value: year, digits: 4 }, Number { value: month, digits: 1..=2 }]
        | [Number { value: month, digits: 1..=2 }, Number { value: year, digits: 4 }] => {
            found.push(year, month, 0);
        }
        _ => {}
    }
    found.0
}

/// The years that the last two digits of one can mean.
pub(super) fn short_years(year: i16) -> [Date; 2] {
    [(1900 + year, 0, 0), (2000 + year, 0, 0)]
}

/// The dates that eight digits can mean, year first or year last.
pub(super) fn of_digits(text: &str) -> Vec<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse().ok());
    let mut found = Found::default();
    for (year, month, day) in [((0, 4), (4, 6), (6, 8)), ((4, 8), (2, 4), (0, 2))] {
        let parts = (part(year.0, year.1), part(month.0, month.1), part(day.0, day.1));
        let (Some(year), Some(month), Some(day)) = parts else { continue };
        if month > 0 && day > 0 {
            found.push(year, month, day);
        }
    }
    found.0.retain(|&(year, ..)| (1800..2200).contains(&year));
    found.0
}

/// The Gregorian years that a year of the Persian calendar lies in, the one in which most of it lies first.
#[must_use]
pub fn years_of_persian(year: i16) -> Option<[i16; 2]> {
    PERSIAN_YEARS.contains(&year).then_some([year + PERSIAN_BEHIND, year + PERSIAN_BEHIND + 1])
}

#[derive(Default)]
struct Found(Vec<Date>);

impl Found {
    fn keep(&mut self, date: Date) {
        if self.0.len() < READINGS_MAX && !self.0.contains(&date) {
            self.0.push(date);
        }
    }

    /// A date with a whole year, of the calendar that the year belongs to.
    fn push(&mut self, year: i16, month: i16, day: i16) {
        let (Ok(month), Ok(day)) = (u8::try_from(month), u8::try_from(day)) else { return };
        if !YEARS.contains(&year) || !(1..=12).contains(&month) || day > 31 {
            return;
        }
        if PERSIAN_YEARS.contains(&year) {
            self.push_persian(year, month, day);
        }
        self.keep((year, month, day));
    }

    fn push_persian(&mut self, year: i16, month: u8, day: u8) {
        if day > 0 {
            if let Some(date) = gregorian(year, month, day) {
                self.keep(date);
            }
            return;
        }
        // A Persian month lies in two Gregorian ones.
        for day in [1, 29] {
            if let Some((year, month, _)) = gregorian(year, month, day) {
                self.keep((year, month, 0));
            }
        }
    }

    fn push_short(&mut self, year: i16, month: i16, day: i16) {
        for century in [1900, 2000, 1300] {
            if day > 0 && month > 0 {
                self.push(century + year, month, day);
            }
        }
    }

    /// A date whose month has a name.
    fn push_named(&mut self, year: i16, digits: usize, month: Part, day: i16) {
        let Part::Month { month, is_persian } = month else { return };
        match (digits, is_persian) {
            (4, false) => self.push(year, month.into(), day),
            (1..=2, false) => self.push_short(year, month.into(), day),
            (_, true) => {
                let year = if digits <= 2 { 1300 + year } else { year };
                if let Ok(day) = u8::try_from(day)
                    && PERSIAN_YEARS.contains(&year)
                {
                    self.push_persian(year, month, day);
                }
            }
            _ => {}
        }
    }
}

/// The Gregorian date of a date of the Persian calendar, by the 33-year cycle of leap years, which is right for 1178 to
/// 1632 (Birashk, "A Comparative Calendar", 1993); nothing if there is no such day.
fn gregorian(year: i16, month: u8, day: u8) -> Option<Date> {
    let (year, month, day) = (i32::from(year), i32::from(month), i32::from(day));
    let days_of_month = if month <= 6 { 31 } else { 30 };
    if !(1..=12).contains(&month) || !(1..=days_of_month).contains(&day) {
        return None;
    }
    // Days before the year, the month and the day, counted from the first day of year 0; 1 Farvardin 1 is 226,894 days
    // after 1 January 1.
    let leaps = (8 * year + 21).div_euclid(33);
    let before_month = if month <= 7 { (month - 1) * 31 } else { 186 + (month - 7) * 30 };
    let number = 226_894 + 365 * (year - 1) + leaps + before_month + day - 1;
    let (year, month, day) = civil(number);
    Some((i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

/// The Gregorian date of a day counted from 1 January 1 (Hinnant, "chrono-compatible low-level date algorithms", 2013).
fn civil(number: i32) -> (i32, i32, i32) {
    let shifted = number + 306;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i32::from(month <= 2), month, day)
}

/// Names and abbreviations of the months, folded: English, German, French, Spanish, Italian, Turkish, then the Gregorian
/// months in Persian and in Arabic.
const MONTHS: [&str; 12] = [
    "january jan januar janner janvier janv enero ene gennaio gen ocak oca ژانویه ینایر",
    "february feb februar feber fevrier fevr febrero febbraio subat sub فوریه فبرایر شباط",
    "march mar marz mrz mars marzo mart مارس اذار",
    "april apr avril avr abril abr aprile nisan nis اوریل ابریل نیسان",
    "may mai mayo maggio mag mayis مه مایو ایار",
    "june jun juni juin junio giugno giu haziran haz ژوین ژوین یونیو حزیران",
    "july jul juli juillet juil julio luglio lug temmuz tem ژوییه یولیو تموز",
    "august aug aout agosto ago agustos agu اوت اغسطس اب",
    "september sep sept septembre septiembre settembre set eylul eyl سپتامبر سبتمبر ایلول",
    "october oct oktober okt octobre octubre ottobre ott ekim eki اکتبر اکتوبر",
    "november nov novembre noviembre kasim kas نوامبر نوفمبر",
    "december dec dezember dez decembre diciembre dic dicembre aralik ara دسامبر دیسمبر",
];

/// Names of the months of the Persian calendar, folded, in both scripts.
const PERSIAN_MONTHS: [&str; 12] = [
    "فروردین farvardin",
    "اردیبهشت ordibehesht",
    "خرداد khordad",
    "تیر tir",
    "مرداد امرداد mordad",
    "شهریور shahrivar",
    "مهر mehr",
    "ابان aban",
    "اذر azar",
    "دی dey",
    "بهمن bahman",
    "اسفند esfand",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::normalise;

    fn read(text: &str) -> Vec<Date> {
        let parts: Option<Vec<Part>> =
            text.split(['-', '/', '.', ' ']).map(|part| Part::parse(&normalise(part))).collect();
        parts.map(|parts| dates(&parts)).unwrap_or_default()
    }

    #[test]
    fn a_date_is_read_in_each_usual_form() {
        for typed in [
            "1986-03-22",
            "22.03.1986",
            "1986/3/22",
            "۱۹۸۶/۳/۲۲",
            "22 mar 1986",
            "March 22 1986",
            "22 März 1986",
            "22 mart 1986",
            "22 مارس 1986",
            "22 mars 86",
            "1986 Mar 22",
            "1365/1/2",
            "۱۳۶۵/۱/۲",
            "2 فروردین 1365",
            "2 Farvardin 65",
        ] {
            assert_eq!(read(typed).first(), Some(&(1986, 3, 22)), "{typed}");
        }
        for typed in ["22/03/86", "86-3-22", "03/22/86", "65/1/2"] {
            assert!(read(typed).contains(&(1986, 3, 22)), "{typed}");
        }
        assert_eq!(read("02/03/1986"), [(1986, 3, 2), (1986, 2, 3)]);
        assert_eq!(read("1986/3"), [(1986, 3, 0)]);
        assert_eq!(read("march 1986"), [(1986, 3, 0)]);
        for none in ["1986-13-99", "--", "sara 1986", "2 3", "99 99 99", "2 mar"] {
            assert_eq!(read(none), [], "{none}");
        }
        assert!(read("10-11-12").len() <= READINGS_MAX);
    }

    #[test]
    fn eight_digits_can_be_a_date_either_way_round() {
        assert_eq!(of_digits("19860322"), [(1986, 3, 22)]);
        assert_eq!(of_digits("22031986"), [(1986, 3, 22)]);
        assert_eq!(of_digits("13650102"), [(1986, 3, 22)]);
        assert_eq!(of_digits("99999999"), []);
    }

    #[test]
    fn the_persian_calendar_keeps_its_leap_years() {
        // Nowruz of these years, after the calendar centre of the University of Tehran.
        for (year, is) in [
            (1300, (1921, 3, 21)),
            (1342, (1963, 3, 21)),
            (1354, (1975, 3, 21)),
            (1357, (1978, 3, 21)),
            (1376, (1997, 3, 21)),
            (1379, (2000, 3, 20)),
            (1400, (2021, 3, 21)),
            (1403, (2024, 3, 20)),
            (1404, (2025, 3, 21)),
        ] {
            assert_eq!(gregorian(year, 1, 1), Some(is), "{year}");
        }
        assert_eq!(gregorian(1403, 12, 30), Some((2025, 3, 20)));
        assert_eq!(gregorian(1365, 7, 31), None);
        assert_eq!(years_of_persian(1365), Some([1986, 1987]));
        assert_eq!(years_of_persian(1986), None);
    }

    #[test]
    fn months_are_written_folded_and_stand_for_one_month_each() {
        let names: Vec<&str> =
            MONTHS.iter().chain(&PERSIAN_MONTHS).flat_map(|names| names.split(' ')).collect();
        for name in &names {
            assert_eq!(normalise(name), *name);
        }
    }
}
