//! What somebody said of a person, taken apart: names, birth date, telephone, e-mail, and whatever else was said.

use crate::domain::time::Day;

use super::person::{BirthDate, ContactPoint, ContactPointKind};

/// Digits from which on a number is a telephone number and not a year.
const TELEPHONE_DIGITS_MIN: usize = 5;

/// What words say of a person who is not registered yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard {
    /// Given names, each with a capital where none was typed.
    pub given: String,
    /// The family name, likewise.
    pub family: String,
    /// The birth date as [`BirthDate::parse`] reads it, or nothing.
    pub born: String,
    /// The telephone number as it was typed, or nothing.
    pub telephone: String,
    /// The e-mail address, or nothing.
    pub email: String,
    /// The words that are none of these, as they were typed.
    pub rest: String,
}

impl Heard {
    /// Takes words apart, in any order; of names the last is the family name, unless a comma says otherwise. Nothing that
    /// was said is left out. The day is needed for a year of two digits.
    #[must_use]
    pub fn of(words: &str, today: Day) -> Self {
        let mut heard = Self::default();
        let mut names: Vec<String> = Vec::new();
        let mut family_first = None;
        let mut numbers: Vec<String> = Vec::new();
        let mut rest: Vec<&str> = Vec::new();
        for word in words.split_whitespace() {
            let bare = with_usual_digits(word.trim_end_matches(','));
            let is_number =
                bare.chars().all(|letter| letter.is_ascii_digit() || "+-()/.".contains(letter));
            if ContactPoint::parse(ContactPointKind::Email, &bare).is_some() {
                heard.email = bare;
            } else if let Some((born, is_sure)) = date(&bare).filter(|_| heard.born.is_empty()) {
                heard.born = born;
                rest.extend((!is_sure).then_some(word));
            } else if is_number {
                numbers.push(bare);
            } else if bare.contains(|letter: char| letter.is_ascii_digit()) {
                rest.push(word);
            } else {
                names.push(as_name(word.trim_end_matches(',')));
                if word.ends_with(',') {
                    family_first = Some(names.len());
                }
            }
        }
        let left = heard.take_numbers(&numbers, today);
        let split = family_first.unwrap_or(names.len().saturating_sub(1)).min(names.len());
        let (first, second) = names.split_at(split);
        let (given, family) =
            if family_first.is_some() { (second, first) } else { (first, second) };
        heard.given = given.join(" ");
        heard.family = family.join(" ");
        heard.rest = rest.into_iter().chain(left.as_deref()).collect::<Vec<_>>().join(" ");
        heard
    }

    /// Takes digits for a year or a telephone number; what can be neither is given back.
    fn take_numbers(&mut self, numbers: &[String], today: Day) -> Option<String> {
        let mut telephone: Vec<&str> = Vec::new();
        for number in numbers {
            let is_first = self.born.is_empty() && telephone.is_empty();
            if is_first && number.len() == 2 && number.parse::<u8>().is_ok() {
                self.born = year_of_two(number, today);
            } else if is_first && BirthDate::parse(number).is_some() {
                self.born.clone_from(number);
            } else {
                telephone.push(number);
            }
        }
        let number = telephone.join(" ");
        let digits = number.chars().filter(char::is_ascii_digit).count();
        if digits < TELEPHONE_DIGITS_MIN {
            return Some(number).filter(|number| !number.is_empty());
        }
        self.telephone = number;
        None
    }
}

/// A text with the digits of Persian and Arabic keyboards as the usual ones.
fn with_usual_digits(text: &str) -> String {
    let usual = |letter: char| {
        let digit = [('۰', '۹'), ('٠', '٩')].into_iter().find_map(|(zero, nine)| {
            (zero..=nine).contains(&letter).then(|| u32::from(letter) - u32::from(zero))
        });
        digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(letter)
    };
    text.chars().map(usual).collect()
}

/// The birth date that three numbers mean, and whether they can mean no other: with the year last, day and month may
/// stand in either order where dots do not say it, and then only the year is sure.
fn date(word: &str) -> Option<(String, bool)> {
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    let [one, two, three] = parts.as_slice() else { return None };
    let read = |year: &str, month: &str, day: &str| {
        let text = format!("{year}-{month}-{day}");
        BirthDate::parse(&text).map(|date| date.to_string())
    };
    if one.len() == 4 {
        return Some((read(one, two, three)?, true));
    }
    if three.len() != 4 {
        return None;
    }
    let (day_first, month_first) = (read(three, two, one), read(three, one, two));
    match (day_first, month_first) {
        (Some(date), None) | (None, Some(date)) => Some((date, true)),
        (Some(date), Some(other)) if word.contains('.') || date == other => Some((date, true)),
        (Some(_), Some(_)) => Some(((*three).to_owned(), false)),
        (None, None) => None,
    }
}

/// A word typed in small letters alone begins with a capital, as names do; anything else stays as it was typed.
fn as_name(word: &str) -> String {
    if word.chars().any(char::is_uppercase) {
        return word.to_owned();
    }
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The last year that ends so and is not in the future.
fn year_of_two(word: &str, today: Day) -> String {
    let this_year = today.date().year();
    let Ok(ending) = word.parse::<i16>() else { return String::new() };
    let century = this_year - this_year.rem_euclid(100);
    let year = if century + ending > this_year { century + ending - 100 } else { century + ending };
    year.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(words: &str) -> Heard {
        Heard::of(words, Day::from_parts(2026, 8, 21).unwrap())
    }

    #[test]
    fn what_was_typed_to_find_somebody_is_taken_apart_and_all_kept() {
        let known = heard("sara mohamedi 86");
        assert_eq!(
            (known.given.as_str(), known.family.as_str(), known.born.as_str()),
            ("Sara", "Mohamedi", "1986")
        );
        let known = heard("Hernandez Ruiz, Luz +98 912 555 4411 luz@example.org");
        assert_eq!((known.given.as_str(), known.family.as_str()), ("Luz", "Hernandez Ruiz"));
        assert_eq!(known.telephone, "+98 912 555 4411");
        assert_eq!(known.email, "luz@example.org");
        assert_eq!(known.rest, "");
        assert_eq!(heard("nika 20").born, "2020");
        assert_eq!(heard(""), Heard::default());
        let known = heard("nika W7 4411 P-12");
        assert_eq!((known.family.as_str(), known.rest.as_str()), ("Nika", "W7 P-12 4411"));
    }

    #[test]
    fn a_date_is_read_as_it_is_written_and_only_as_far_as_it_is_sure() {
        for written in ["1986-03-22", "22.3.1986", "22/03/1986", "3/22/1986", "۱۹۸۶/۳/۲۲"] {
            assert_eq!(heard(written).born, "1986-03-22", "{written}");
        }
        let unsure = heard("nika 02/03/1986");
        assert_eq!((unsure.born.as_str(), unsure.rest.as_str()), ("1986", "02/03/1986"));
        assert_eq!(heard("02.03.1986").born, "1986-03-02");
        assert_eq!(heard("99/99/1986").born, "");
    }
}
