//! The words of what was asked, as they are learned and compared.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::domain::suggest::WORDS_READ_MAX;
use crate::search::normalise;

/// The fewest and the most letters of a word that is learned.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=24;

/// The words of a text, each once, folded as the search folds: without accents, capitals and variants of a script. What
/// has a figure in it is left out, for it says who or where rather than what.
#[must_use]
pub fn asked_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.unicode_words() {
        for part in normalise(word).split(' ') {
            let is_word =
                LETTERS.contains(&part.chars().count()) && part.chars().all(char::is_alphabetic);
            if is_word && !words.iter().any(|known| known == part) {
                words.push(part.to_owned());
            }
            if words.len() >= WORDS_READ_MAX {
                return words;
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::asked_words;

    #[test]
    fn words_are_folded_and_figures_and_commands_to_a_terminal_are_none() {
        assert_eq!(
            asked_words("The KİRA, the kira! C-20931 \u{1b}[31m Røyk\u{202e} 12b كتاب"),
            ["the", "kira", "royk", "کتاب"]
        );
    }
}
