//! What was typed, parted into words, years, dates and numbers.

use casedesk::search::words;

/// The years that somebody may be born in.
const YEARS: std::ops::RangeInclusive<u16> = 1000..=2100;

/// A part of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// A folded word.
    Word(String),
    /// Four digits that may be a year of birth, or the end of a number.
    Year(String),
    /// A whole date, as `1986-03-02`.
    Date(String),
    /// Other digits.
    Number(String),
}

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) parts: Vec<Part>,
}

impl Typed {
    /// Understands a text.
    pub(crate) fn new(text: &str) -> Self {
        let words = words(text);
        let mut parts = Vec::new();
        let mut rest = words.as_slice();
        while let Some((first, after)) = rest.split_first() {
            if let [one, two, three, ..] = rest
                && let Some(date) = date(one, two, three)
            {
                parts.push(Part::Date(date));
                rest = after.get(2..).unwrap_or_default();
                continue;
            }
            let is_number = first.bytes().all(|byte| byte.is_ascii_digit());
            let is_year = first.len() == 4 && first.parse().is_ok_and(|year| YEARS.contains(&year));
            parts.push(match (is_number, is_year) {
                (true, true) => Part::Year(first.clone()),
                (true, false) => Part::Number(first.clone()),
                (false, _) => Part::Word(first.clone()),
            });
            rest = after;
        }
        Self { parts }
    }

    /// Whether the part at this place may be the beginning of something longer: the last one may.
    pub(crate) fn is_last(&self, place: usize) -> bool {
        place + 1 == self.parts.len()
    }
}

/// Day, month and year, in this order or the other way round.
fn date(one: &str, two: &str, three: &str) -> Option<String> {
    let (year, month, day) = match (one.len(), two.len(), three.len()) {
        (4, 1..=2, 1..=2) => (one, two, three),
        (1..=2, 1..=2, 4) => (three, two, one),
        _ => return None,
    };
    let (year, month, day): (u16, u8, u8) =
        (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day) && YEARS.contains(&year))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_years_and_numbers_are_told_from_words() {
        let typed = Typed::new("Kin WANG 06.09.2005 1971 9553 1167435");
        let expected = [
            Part::Word("kin".into()),
            Part::Word("wang".into()),
            Part::Date("2005-09-06".into()),
            Part::Year("1971".into()),
            Part::Number("9553".into()),
            Part::Number("1167435".into()),
        ];
        assert_eq!(typed.parts, expected);
        assert!(typed.is_last(5));
    }
}
