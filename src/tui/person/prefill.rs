//! What the words of a search say about a new person: names, birth date, telephone, e-mail.

use crate::domain::people::{BirthDate, ContactPoint, ContactPointKind};
use crate::domain::time::Day;

/// Digits from which on a number is a telephone number and not a year.
const TELEPHONE_DIGITS_MIN: usize = 5;

/// What the words say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Prefill {
    pub(super) given: String,
    pub(super) family: String,
    pub(super) born: String,
    pub(super) telephone: String,
    pub(super) email: String,
}

/// Reads words in any order; of names the last is the family name, unless a comma says otherwise.
pub(super) fn prefill(words: &str, today: Day) -> Prefill {
    let mut known = Prefill::default();
    let mut names: Vec<String> = Vec::new();
    let mut family_first = None;
    let mut digits: Vec<&str> = Vec::new();
    for word in words.split_whitespace() {
        let bare = word.trim_end_matches(',');
        if ContactPoint::parse(ContactPointKind::Email, bare).is_some() {
            bare.clone_into(&mut known.email);
        } else if bare.chars().all(|letter| letter.is_ascii_digit() || "+-()/.".contains(letter)) {
            digits.push(bare);
        } else {
            names.push(as_name(bare));
            if word.ends_with(',') {
                family_first = Some(names.len());
            }
        }
    }
    read_digits(&digits, today, &mut known);
    let split = family_first.unwrap_or(names.len().saturating_sub(1)).min(names.len());
    let (first, second) = names.split_at(split);
    let (given, family) = if family_first.is_some() { (second, first) } else { (first, second) };
    known.given = given.join(" ");
    known.family = family.join(" ");
    known
}

/// A word typed in small letters alone begins with a capital, as names do; anything else stays as it was typed.
fn as_name(word: &str) -> String {
    if word.chars().any(char::is_uppercase) {
        return word.to_owned();
    }
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn read_digits(words: &[&str], today: Day, known: &mut Prefill) {
    let mut telephone: Vec<&str> = Vec::new();
    for word in words {
        let is_year_of_two = word.len() == 2 && word.parse::<u8>().is_ok();
        if known.born.is_empty() && is_year_of_two && telephone.is_empty() {
            known.born = year_of_two(word, today);
        } else if known.born.is_empty() && BirthDate::parse(word).is_some() && telephone.is_empty()
        {
            (*word).clone_into(&mut known.born);
        } else {
            telephone.push(word);
        }
    }
    let number = telephone.join(" ");
    let digits = number.chars().filter(char::is_ascii_digit).count();
    if digits >= TELEPHONE_DIGITS_MIN {
        known.telephone = number;
    }
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

    fn read(words: &str) -> Prefill {
        prefill(words, Day::from_parts(2026, 8, 21).unwrap())
    }

    #[test]
    fn what_was_typed_to_find_somebody_fills_the_form() {
        let known = read("sara mohamedi 86");
        assert_eq!(
            (known.given.as_str(), known.family.as_str(), known.born.as_str()),
            ("Sara", "Mohamedi", "1986")
        );
        let known = read("Hernandez Ruiz, Luz +98 912 555 4411 luz@example.org");
        assert_eq!((known.given.as_str(), known.family.as_str()), ("Luz", "Hernandez Ruiz"));
        assert_eq!(known.telephone, "+98 912 555 4411");
        assert_eq!(known.email, "luz@example.org");
        assert_eq!(read("nika 1986-03-02").born, "1986-03-02");
        assert_eq!(read("nika 20").born, "2020");
        assert_eq!(read(""), Prefill::default());
    }
}
