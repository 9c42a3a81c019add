//! What made citizens say and made caseworkers write: sentences with their blanks filled in.

use crate::domain::time::Day;

use super::data::{Data, Wording};
use super::random::Random;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const FLOORS: [&str; 7] = ["ground", "first", "second", "third", "fourth", "fifth", "sixth"];

/// Where something is said to be.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) street: String,
    pub(super) area: &'static str,
}

/// What a citizen says, on a day, about a spot.
pub(super) fn asks(
    data: &Data,
    wording: &Wording,
    spot: &Spot,
    on: Day,
    random: &mut Random,
) -> String {
    let is_english = wording.language == "en";
    let text = fill(wording.text, &mut |blank| match blank {
        "street" => spot.street.clone(),
        "place" => spot.area.split_once(' ').map_or(spot.area, |(_, name)| name).to_owned(),
        "floor" if is_english => random.words(&FLOORS).to_owned(),
        "floor" => format!("{}.", random.between(1, 6)),
        "month" => month(on.plus_days(-days(random.between(0, 70)))).to_owned(),
        "date" => date(on.plus_days(days(random.between(4, 24))), is_english),
        "day" => date(on.plus_days(-days(random.between(1, 12))), is_english),
        "sum" => format!("€{}", random.between(6, 140) * 10 + random.between(0, 9)),
        "count" => random.between(2, 6).to_string(),
        section => random.words(data.phrases(section)).to_owned(),
    });
    text.trim_end().to_owned()
}

/// A phrase of a section, its blanks filled in from `known`. Where the section has phrases of its own for this `kind` of
/// matter they take the place of the common ones, and those of the unit are added.
pub(super) fn phrase(
    data: &Data,
    section: &str,
    (kind, unit): (&str, &str),
    known: &[(&str, &str)],
    random: &mut Random,
) -> String {
    let own = data.phrases(&format!("{section}-{kind}"));
    let mut fitting = if own.is_empty() { data.phrases(section) } else { own }.to_vec();
    fitting.extend(data.phrases(&format!("{section}-{unit}")));
    let template = random.words(&fitting);
    fill(template, &mut |blank| {
        if let Some((_, value)) = known.iter().find(|(name, _)| *name == blank) {
            return (*value).to_owned();
        }
        match blank {
            // The number is filled in when the case has one.
            "case" => CASE_BLANK.to_owned(),
            "sum" => format!("€{}", random.between(30, 420) * 10),
            _ => String::new(),
        }
    })
}

/// Stands for the number of a case until it has one.
pub(super) const CASE_BLANK: &str = "{case}";

fn days(days: i64) -> i32 {
    i32::try_from(days).unwrap_or(0)
}

fn month(day: Day) -> &'static str {
    let month = usize::try_from(day.date().month()).unwrap_or(1);
    MONTHS.get(month.saturating_sub(1)).copied().unwrap_or_default()
}

fn date(day: Day, is_english: bool) -> String {
    let date = day.date();
    if is_english {
        format!("{} {}", date.day(), month(day))
    } else {
        format!("{}/{}", date.day(), date.month())
    }
}

/// Fills the blanks in braces.
fn fill(template: &str, blank: &mut dyn FnMut(&str) -> String) -> String {
    let mut text = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(&blank(name));
        rest = tail;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn three_thousand_citizens_say_far_more_than_two_hundred_different_things() {
        let data = Data::read();
        let on = Day::from_parts(2026, 8, 21).unwrap();
        let wordings: Vec<&Wording> =
            data.matters.iter().flat_map(|matter| &matter.wordings).collect();
        assert!(wordings.len() > 110);
        let mut random = Random::of(1, 99, 0);
        let said: BTreeSet<String> = (0..3_000)
            .map(|_| {
                let wording = random.pick(&wordings).unwrap();
                let area = random.pick(&data.areas).unwrap();
                let spot =
                    Spot { street: format!("{} 4", random.words(&area.streets)), area: area.name };
                asks(&data, wording, &spot, on, &mut random)
            })
            .collect();
        assert!(said.len() > 2_000, "{}", said.len());
        for text in said {
            assert!(
                !text.contains(['{', '}']) && !text.contains("  ") && text.len() > 20,
                "{text}"
            );
        }
    }
}
