//! Which letters of a shown text a question matched.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::fold::{fold_char, is_parting, normalise};
use super::keys::{QUESTION_CHARS_MAX, QUESTION_WORDS_MAX};

/// Characters of a shown text that are looked at.
const TEXT_CHARS_MAX: usize = 512;

/// The matcher of all: it keeps the room in which it compares.
static MATCHER: LazyLock<SkimMatcherV2> = LazyLock::new(|| SkimMatcherV2::default().ignore_case());

/// The places of the characters (not bytes) of `text` to mark for `query`, ascending.
///
/// Each typed word marks letters in the one word of the text that it fits best; accents and letter case make no
/// difference. A typed word that shares less than half of its letters with every word marks nothing.
#[must_use]
pub fn highlight(text: &str, query: &str) -> Vec<usize> {
    let shown = shown_words(text);
    let mut marked = BTreeSet::new();
    let query: String = query.chars().take(QUESTION_CHARS_MAX).collect();
    for typed in
        normalise(&query).split(' ').filter(|word| !word.is_empty()).take(QUESTION_WORDS_MAX)
    {
        let best = shown
            .iter()
            .filter_map(|word| {
                let (score, letters) = fit(word, typed)?;
                Some((score, word, letters))
            })
            .max_by_key(|(score, ..)| *score);
        if let Some((_, word, letters)) = best {
            marked.extend(letters.iter().filter_map(|&place| word.places.get(place)));
        }
    }
    marked.into_iter().collect()
}

/// How well what was typed fits a text, both folded, as a list picker ranks them; nothing where a letter is missing.
#[must_use]
pub fn fuzzy_score(text: &str, typed: &str) -> Option<i64> {
    MATCHER.fuzzy_match(text, typed)
}

/// A word as it is shown: its folded letters, and for each the place of its character in the text.
struct ShownWord {
    letters: String,
    places: Vec<usize>,
}

fn shown_words(text: &str) -> Vec<ShownWord> {
    let mut words: Vec<ShownWord> = Vec::new();
    let mut is_parted = true;
    for (place, letter) in text.chars().take(TEXT_CHARS_MAX).enumerate() {
        if is_parting(letter) {
            is_parted = true;
            continue;
        }
        let mut folded = String::new();
        fold_char(letter, &mut folded);
        if std::mem::take(&mut is_parted) {
            words.push(ShownWord { letters: String::new(), places: Vec::new() });
        }
        if let Some(word) = words.last_mut() {
            word.places.extend(folded.chars().map(|_| place));
            word.letters.push_str(&folded);
        }
    }
    words
}

/// How well a typed word fits a shown one, and the places of the letters that they share.
///
/// The fuzzy matcher wants every typed letter; a misspelt word falls back on the longest common subsequence, which is
/// always worth less.
fn fit(word: &ShownWord, typed: &str) -> Option<(i64, Vec<usize>)> {
    if let Some((score, letters)) = MATCHER.fuzzy_indices(&word.letters, typed) {
        // Letters scattered over a long word are chance, not a match.
        let spread = letters.last()?.checked_sub(*letters.first()?)?;
        if spread < 2 * letters.len() {
            return Some((score + 1_000, letters));
        }
    }
    let typed: Vec<char> = typed.chars().collect();
    let letters: Vec<char> = word.letters.chars().collect();
    let common = common_subsequence(&typed, &letters);
    let is_half = 2 * common.len() > typed.len() && 2 * common.len() > letters.len();
    is_half.then(|| (i64::try_from(common.len()).unwrap_or_default(), common))
}

/// The places in `word` of the longest common subsequence with `typed`.
fn common_subsequence(typed: &[char], word: &[char]) -> Vec<usize> {
    // Each cell holds the length of the best subsequence up to there, and where that comes from.
    #[derive(Clone, Copy)]
    enum Came {
        Above,
        Left,
        Both,
    }
    let mut above = vec![0_usize; word.len() + 1];
    let mut here = above.clone();
    let mut came = Vec::with_capacity(typed.len() * word.len());
    for &typed_letter in typed {
        let mut left = 0;
        for ((&letter, pair), cell) in
            word.iter().zip(above.windows(2)).zip(here.iter_mut().skip(1))
        {
            let [diagonal, up] = *pair else { continue };
            let mut from = if up >= left { Came::Above } else { Came::Left };
            let mut best = up.max(left);
            if letter == typed_letter && diagonal >= best {
                (from, best) = (Came::Both, diagonal + 1);
            }
            came.push(from);
            *cell = best;
            left = best;
        }
        std::mem::swap(&mut above, &mut here);
    }
    let mut places = Vec::new();
    let (mut row, mut column) = (typed.len(), word.len());
    while let (Some(before), Some(place)) = (row.checked_sub(1), column.checked_sub(1)) {
        match came.get(before * word.len() + place) {
            Some(Came::Above) => row = before,
            Some(Came::Left) => column = place,
            Some(Came::Both) => {
                places.push(place);
                (row, column) = (before, place);
            }
            None => break,
        }
    }
    places.reverse();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, query: &str) -> String {
        let marks = highlight(text, query);
        text.chars()
            .enumerate()
            .map(|(place, letter)| if marks.contains(&place) { letter } else { '.' })
            .collect()
    }

    #[test]
    fn the_letters_that_fit_are_marked() {
        assert_eq!(marked("Sara Mohammadi", "moham"), ".....Moham....");
        assert_eq!(marked("Işıl Ağaoğlu", "agaoglu isil"), "Işıl.Ağaoğlu");
        assert_eq!(marked("Blake Carter", "blkae"), "Bl.ke.......");
        assert_eq!(marked("Sara", "xyz"), "....");
        assert_eq!(marked("", "sara"), "");
        assert_eq!(marked("سارا محمدی", "محمدي"), ".....محمدی");
    }
}
