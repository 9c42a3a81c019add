//! What a text would be if the keyboard had been set to another layout: keys at the same place on two keyboards.

/// The United States keyboard: the number row's outer keys and three rows.
const QWERTY: &str = "`qwertyuiop[]asdfghjkl;'\\zxcvbnm,./";

/// Keyboards that are mixed up with another one in one office, each with the letters of its first level: Persian after
/// ISIRI 9147 and the older one of Windows, which differ in a few keys; Arabic (101); Turkish Q and F; Russian.
const PERSIAN: &str = " ضصثقفغعهخحجچشسیبلاتنمکگ\\ظطزرذدپو./";
const PERSIAN_OF_WINDOWS: &str = "پضصثقفغعهخحجچشسیبلاتنمکگژظطزرذدئو./";
const ARABIC: &str = "ذضصثقفغعهخحجدشسيبلاتنمكط\\ئءؤرﻻىةوزظ";
const TURKISH_Q: &str = "\"qwertyuıopğüasdfghjklşi,zxcvbnmöç.";
const TURKISH_F: &str = "+fgğıodrnhpqwuieaütkmlyşxjövcçzsb.,";
const RUSSIAN: &str = "ёйцукенгшщзхъфывапролджэ\\ячсмитьбю.";

/// The keyboard that was set, and the one that may have been meant.
const PAIRS: [(&str, &str); 10] = [
    (QWERTY, PERSIAN),
    (QWERTY, PERSIAN_OF_WINDOWS),
    (QWERTY, ARABIC),
    (QWERTY, RUSSIAN),
    (PERSIAN, QWERTY),
    (PERSIAN_OF_WINDOWS, QWERTY),
    (ARABIC, QWERTY),
    (RUSSIAN, QWERTY),
    (TURKISH_Q, TURKISH_F),
    (TURKISH_F, TURKISH_Q),
];

/// What each word would be on each other keyboard; a word that was not typed on that keyboard, or has no letter, is
/// `None`. Keyboards on which no word is another one are left out.
pub(super) fn readings(words: &[&str]) -> Vec<Vec<Option<String>>> {
    let mut readings: Vec<Vec<Option<String>>> = Vec::new();
    for (set, meant) in PAIRS {
        let reading: Vec<Option<String>> =
            words.iter().map(|word| retyped(word, set, meant)).collect();
        if reading.iter().any(Option::is_some) && !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

/// The word that the same keys give on the other keyboard.
fn retyped(word: &str, set: &str, meant: &str) -> Option<String> {
    if !word.chars().any(char::is_alphabetic) {
        return None;
    }
    word.chars()
        .flat_map(char::to_lowercase)
        // The dot that the small letter of the Turkish capital İ is taken apart into.
        .filter(|&letter| letter != '\u{307}')
        .map(|letter| {
            let key = set.chars().zip(meant.chars()).find(|&(own, _)| own == letter);
            match key {
                Some((_, other)) => Some(other),
                None => letter.is_numeric().then_some(letter),
            }
        })
        .collect::<Option<String>>()
        .filter(|other| other != word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_another(word: &str) -> Vec<String> {
        readings(&[word]).into_iter().flatten().flatten().collect()
    }

    #[test]
    fn every_keyboard_has_the_same_places() {
        for (set, meant) in PAIRS {
            assert_eq!(set.chars().count(), 35, "{set}");
            assert_eq!(meant.chars().count(), 35, "{meant}");
        }
    }

    #[test]
    fn a_name_typed_on_the_wrong_keyboard_is_read_on_the_right_one() {
        for (typed, meant) in [
            ("lpln", "محمد"),
            ("KD;H", "نیکا"),
            ("سشقش", "sara"),
            ("bdfyjd", "иванов"),
            ("фтнф", "anya"),
            ("udyğ", "ayşe"),
            ("fşid", "ayşe"),
        ] {
            assert!(on_another(typed).contains(&meant.to_owned()), "{typed}");
        }
        assert!(on_another("1986").is_empty());
        assert!(on_another("漢字").is_empty());
    }
}
