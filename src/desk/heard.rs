//! What somebody said of a person, taken apart as the search understood it: names, birth date, title, telephone, e-mail,
//! postcode, and whatever else was said.

use crate::domain::people::{BirthDate, ContactPoint, ContactPointKind};
use crate::domain::time::Day;
use crate::domain::{CaseId, PersonId};
use crate::search::{Meaning, Said, said, usual_digits};

/// Digits from which on a number is a telephone number and not a year.
const TELEPHONE_DIGITS_MIN: usize = 5;
/// The longest letters-and-digits word that names a ward and not a postcode.
const WARD_CHARS_MAX: usize = 3;
/// The longest postcode of letters and digits, without its blank.
const POSTCODE_CHARS_MAX: usize = 8;

/// What words say of a person who is not registered yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard {
    /// Given names, each with a capital where none was typed.
    pub given: String,
    /// The family name, likewise.
    pub family: String,
    /// How to address them: `Mrs`.
    pub form_of_address: String,
    /// The birth date as [`BirthDate::parse`] reads it, or nothing.
    pub born: String,
    /// The telephone number as it was typed, or nothing.
    pub telephone: String,
    /// The e-mail address, or nothing.
    pub email: String,
    /// The postcode, or nothing.
    pub postcode: String,
    /// The area, or nothing.
    pub area: String,
    /// The words that are none of these, as they were typed.
    pub rest: String,
}

/// The words of a text, and which of them have found their place.
struct Words<'a> {
    typed: Vec<&'a str>,
    is_placed: Vec<bool>,
}

impl Words<'_> {
    fn place(&mut self, words: &std::ops::Range<usize>) {
        for is_placed in self.is_placed.iter_mut().take(words.end).skip(words.start) {
            *is_placed = true;
        }
    }

    fn is_placed(&self, words: &std::ops::Range<usize>) -> bool {
        words.clone().any(|word| self.is_placed.get(word).copied().unwrap_or(false))
    }

    fn of(&self, words: &std::ops::Range<usize>) -> String {
        let words = self.typed.get(words.clone()).unwrap_or_default();
        words.join(" ").trim_end_matches(',').to_owned()
    }
}

impl Heard {
    /// Takes words apart, in any order; of names the last is the family name, unless a comma says otherwise. Nothing that
    /// was said is left out. The day is needed for a year of two digits.
    #[must_use]
    pub fn of(text: &str, today: Day) -> Self {
        let mut heard = Self::default();
        let typed: Vec<&str> = text.split_whitespace().collect();
        let is_placed = vec![false; typed.len()];
        let mut words = Words { typed, is_placed };
        heard.take_email_and_numbers_of_records(&mut words);
        let said = said(text);
        heard.take_relation(&said, &mut words);
        for part in &said {
            if words.is_placed(&part.words) {
                continue;
            }
            match &part.meaning {
                Meaning::FormOfAddress if heard.form_of_address.is_empty() => {
                    heard.form_of_address = as_name(words.of(&part.words).trim_end_matches('.'));
                    words.place(&part.words);
                }
                Meaning::BirthWord => words.place(&part.words),
                Meaning::Date(dates) if heard.born.is_empty() => {
                    heard.take_date(dates, part, &mut words, today);
                }
                Meaning::Name
                | Meaning::FormOfAddress
                | Meaning::Date(_)
                | Meaning::Digits
                | Meaning::Code
                | Meaning::Relation => {}
            }
        }
        heard.take_codes(&said, &mut words);
        heard.take_digits(&said, &mut words, today);
        heard.take_names(&said, &mut words);
        let left = words.typed.iter().zip(&words.is_placed).filter(|(_, is_placed)| !**is_placed);
        let left = left.map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
        heard.add_to_rest(&left);
        heard
    }

    fn add_to_rest(&mut self, words: &str) {
        if !self.rest.is_empty() && !words.is_empty() {
            self.rest.push(' ');
        }
        self.rest.push_str(words);
    }

    fn take_email_and_numbers_of_records(&mut self, words: &mut Words<'_>) {
        for at in 0..words.typed.len() {
            let one = at..at + 1;
            let word = words.of(&one);
            let is_record = word.contains('-')
                && (word.parse::<PersonId>().is_ok() || word.parse::<CaseId>().is_ok());
            if is_record {
                words.place(&one);
                self.add_to_rest(&word);
            } else if self.email.is_empty()
                && ContactPoint::parse(ContactPointKind::Email, &word).is_ok()
            {
                words.place(&one);
                self.email = word;
            }
        }
    }

    /// "mother of Nika": what follows is somebody else's name, and is kept as it was said.
    fn take_relation(&mut self, said: &[Said], words: &mut Words<'_>) {
        let relation = said.iter().find(|part| part.meaning == Meaning::Relation);
        let Some(relation) = relation.filter(|part| !words.is_placed(&part.words)) else { return };
        let is_owned = relation.words.start.checked_sub(1).and_then(|at| words.typed.get(at));
        let is_owned = is_owned.is_some_and(|word| word.contains(['\'', '’']));
        let range = if is_owned {
            relation.words.start - 1..relation.words.end
        } else {
            let names = said.iter().filter(|part| part.words.start >= relation.words.end);
            let names = names.take_while(|part| part.meaning == Meaning::Name);
            relation.words.start..names.last().map_or(relation.words.end, |name| name.words.end)
        };
        self.add_to_rest(&words.of(&range));
        words.place(&range);
    }

    /// Takes a date in its likeliest reading. Where day and month may stand in either order, only the year is sure, and the
    /// words are kept beside it.
    fn take_date(
        &mut self,
        dates: &[(i16, u8, u8)],
        part: &Said,
        words: &mut Words<'_>,
        today: Day,
    ) {
        let parsed = |(year, month, day): &(i16, u8, u8)| {
            let written = match (*month, *day) {
                (0, _) => format!("{year:04}"),
                (month, 0) => format!("{year:04}-{month:02}"),
                (month, day) => format!("{year:04}-{month:02}-{day:02}"),
            };
            BirthDate::parse(&written)
        };
        let has_been = |date: &BirthDate| date.year() <= today.date().year();
        let mut readings = dates.iter().filter_map(parsed).filter(has_been);
        let Some(likeliest) = readings.next() else { return };
        let written = words.of(&part.words);
        let typed_parts: Vec<&str> =
            written.split(|letter: char| !letter.is_alphanumeric()).collect();
        let is_ordered = written.contains('.')
            || written.chars().any(char::is_alphabetic)
            || typed_parts.first().is_some_and(|first| first.chars().count() == 4)
            || typed_parts.len() == 1;
        let other = readings.find(|other| other.year() == likeliest.year());
        words.place(&part.words);
        if is_ordered || other.is_none_or(|other| other == likeliest) {
            self.born = likeliest.to_string();
        } else {
            self.born = format!("{:04}", likeliest.year());
            self.add_to_rest(&written);
        }
    }

    /// Takes letters with digits for a postcode, `W7 3AB`, or for an area, `W7`.
    fn take_codes(&mut self, said: &[Said], words: &mut Words<'_>) {
        let codes: Vec<&Said> = said.iter().filter(|part| part.meaning == Meaning::Code).collect();
        for (at, code) in codes.iter().enumerate() {
            if words.is_placed(&code.words) || !words.of(&code.words).chars().all(is_of_code) {
                continue;
            }
            let next = codes.get(at + 1).filter(|next| {
                next.words.start == code.words.end
                    && code.text.len() + next.text.len() <= POSTCODE_CHARS_MAX
            });
            let range = code.words.start..next.map_or(code.words.end, |next| next.words.end);
            let written = words.of(&range).to_uppercase();
            let chars = code.text.chars().count();
            if (next.is_some() || (WARD_CHARS_MAX + 1..=POSTCODE_CHARS_MAX).contains(&chars))
                && self.postcode.is_empty()
            {
                self.postcode = written;
            } else if chars <= WARD_CHARS_MAX && self.area.is_empty() {
                self.area = written;
            } else {
                continue;
            }
            words.place(&range);
        }
    }

    /// Takes digits for a year or a telephone number; what can be neither is left.
    fn take_digits(&mut self, said: &[Said], words: &mut Words<'_>, today: Day) {
        let digits = said.iter().filter(|part| part.meaning == Meaning::Digits);
        let mut telephone: Vec<String> = Vec::new();
        let mut placed = Vec::new();
        for part in digits {
            if words.is_placed(&part.words) {
                continue;
            }
            let year = if self.born.is_empty() && telephone.is_empty() {
                year_of(&part.text, today)
            } else {
                None
            };
            let Some((year, is_as_said)) = year else {
                telephone.push(usual_digits(&words.of(&part.words)));
                placed.push(part.words.clone());
                continue;
            };
            self.born = year;
            if !is_as_said {
                self.add_to_rest(&part.text);
            }
            // The letters before the digits of `sara1986` are still to be taken.
            if said.iter().filter(|other| other.words == part.words).count() == 1 {
                words.place(&part.words);
            }
        }
        telephone.dedup();
        let number = telephone.join(" ");
        let digits = number.chars().filter(char::is_ascii_digit).count();
        if digits >= TELEPHONE_DIGITS_MIN {
            self.telephone = number;
            for range in &placed {
                words.place(range);
            }
        }
    }

    fn take_names(&mut self, said: &[Said], words: &mut Words<'_>) {
        let mut names: Vec<String> = Vec::new();
        let mut family_first = None;
        for at in 0..words.typed.len() {
            let one = at..at + 1;
            let is_name = |part: &Said| part.words == one && part.meaning == Meaning::Name;
            if words.is_placed(&one) || !said.iter().any(is_name) {
                continue;
            }
            let word = usual_digits(&words.of(&one));
            names.push(as_name(word.trim_end_matches(|letter: char| letter.is_ascii_digit())));
            words.place(&one);
            if words.typed.get(at).is_some_and(|word| word.ends_with(',')) {
                family_first = Some(names.len());
            }
        }
        let split = family_first.unwrap_or(names.len().saturating_sub(1)).min(names.len());
        let (first, second) = names.split_at(split);
        let (given, family) =
            if family_first.is_some() { (second, first) } else { (first, second) };
        self.given = given.join(" ");
        self.family = family.join(" ");
    }
}

fn is_of_code(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == ' '
}

/// The year that digits mean, of two digits the last one that has been, and whether it was said as it stands here: of the
/// Persian calendar it is the year in which most of theirs lies.
fn year_of(digits: &str, today: Day) -> Option<(String, bool)> {
    let this_year = today.date().year();
    let number: i16 = digits.parse().ok()?;
    match digits.len() {
        2 => {
            let century = this_year - this_year.rem_euclid(100);
            let year = century + number;
            Some(((if year > this_year { year - 100 } else { year }).to_string(), true))
        }
        4 if (1850..=this_year).contains(&number) => Some((number.to_string(), true)),
        4 => crate::search::years_of_persian(number).map(|[year, _]| (year.to_string(), false)),
        _ => None,
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
        assert_eq!((known.family.as_str(), known.rest.as_str()), ("Nika", "P-12 4411"));
        assert_eq!(known.area, "W7");
    }

    #[test]
    fn a_date_is_read_as_the_search_reads_it_and_only_as_far_as_it_is_sure() {
        for written in [
            "1986-03-22",
            "22.3.1986",
            "22/03/1986",
            "3/22/1986",
            "۱۹۸۶/۳/۲۲",
            "22 mar 1986",
            "March 22 1986",
            "b. 22 März 1986",
            "1365/1/2",
            "۱۳۶۵/۱/۲",
            "19860322",
        ] {
            assert_eq!(heard(&format!("sara {written}")).born, "1986-03-22", "{written}");
        }
        let unsure = heard("nika 02/03/1986");
        assert_eq!((unsure.born.as_str(), unsure.rest.as_str()), ("1986", "02/03/1986"));
        assert_eq!(heard("02.03.1986").born, "1986-03-02");
        assert_eq!(heard("99/99/1986").born, "");
        let persian = heard("sara 1365");
        assert_eq!((persian.born.as_str(), persian.rest.as_str()), ("1986", "1365"));
        let month = heard("april smith 1986");
        assert_eq!((month.given.as_str(), month.family.as_str()), ("April", "Smith"));
        assert_eq!(heard("april 1986").family, "April");
    }

    #[test]
    fn titles_postcodes_and_relations_find_their_place() {
        let known = heard("mrs. sara mohammadi-ruiz W7 3AB 0912 345 67 89");
        assert_eq!(known.form_of_address, "Mrs");
        assert_eq!((known.given.as_str(), known.family.as_str()), ("Sara", "Mohammadi-ruiz"));
        assert_eq!(
            (known.postcode.as_str(), known.telephone.as_str()),
            ("W7 3AB", "0912 345 67 89")
        );
        assert_eq!(known.rest, "");
        let known = heard("sara mohammadi mother of nika");
        assert_eq!((known.family.as_str(), known.rest.as_str()), ("Mohammadi", "mother of nika"));
        let known = heard("خانم سارا محمدی ۸۶");
        assert_eq!((known.form_of_address.as_str(), known.family.as_str()), ("خانم", "محمدی"));
        assert_eq!(heard("sara1986").born, "1986");
        assert_eq!(heard("sara1986").family, "Sara");
    }
}
