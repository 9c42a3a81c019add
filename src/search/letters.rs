//! Folded letters as small numbers, and how easily one is written for another.

use super::keys::WORD_CHARS_MAX;

/// What a letter is in comparisons: 0 to 25 for a to z, 26 to 35 for digits, then Arabic script, then all others.
pub(super) type Letter = u8;

/// The Arabic-script letters that folding leaves.
const ARABIC: &str = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی";
const ARABIC_FROM: Letter = 36;
const OTHERS_FROM: u32 = 70;

/// The letters of a folded word, at most [`WORD_CHARS_MAX`].
pub(super) fn letters(word: &str) -> Vec<Letter> {
    word.chars().take(WORD_CHARS_MAX).map(letter).collect()
}

/// Whether a folded word is written in Arabic script.
pub(super) fn is_arabic(word: &str) -> bool {
    word.chars().any(|letter| ('\u{600}'..='\u{6ff}').contains(&letter))
}

/// One bit for each letter in the word; two letters may share a bit, so it only ever rules out.
pub(super) fn mask(letters: &[Letter]) -> u64 {
    letters.iter().fold(0, |mask, letter| mask | 1 << (letter % 64))
}

/// Whether more than `bits_max` bits are set.
///
/// Bits are cleared one by one: counting them is slow on plain x86-64, and the limit is never above three or four.
pub(super) fn is_over(mut mask: u64, bits_max: u32) -> bool {
    for _ in 0..bits_max {
        mask &= mask.wrapping_sub(1);
    }
    mask != 0
}

/// Whether the letter is a vowel of Latin script, y included.
pub(super) fn is_vowel(letter: Letter) -> bool {
    matches!(letter.wrapping_add(b'a'), b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Whether the letter is h, which many spellings add or leave out.
pub(super) fn is_breath(letter: Letter) -> bool {
    letter == b'h' - b'a'
}

/// Whether two different letters look or sound alike, so that one is often written for the other.
pub(super) fn is_alike(one: Letter, other: Letter) -> bool {
    if is_vowel(one) && is_vowel(other) {
        return true;
    }
    let (Some(one), Some(other)) = (plain(one), plain(other)) else { return false };
    ALIKE.iter().any(|group| group.contains(one) && group.contains(other))
}

/// Letters of one group are written for each other: by sound, by keyboard neighbours that sound alike too, or by look.
const ALIKE: [&str; 22] = [
    "ckqx", "sz", "vw", "fv", "bp", "dt", "gj", "mn", "ij", "uv", "uw", "gk", "cs", "o0", "il1",
    "s5", "yj", "b8", "g6", "e3", "تط", "سصث",
];

fn letter(letter: char) -> Letter {
    match letter {
        'a'..='z' => u8::try_from(u32::from(letter) - u32::from('a')).unwrap_or(Letter::MAX),
        '0'..='9' => u8::try_from(u32::from(letter) - u32::from('0') + 26).unwrap_or(Letter::MAX),
        _ => match ARABIC.chars().position(|arabic| arabic == letter) {
            Some(place) => u8::try_from(place).map_or(Letter::MAX, |place| place + ARABIC_FROM),
            None => u8::try_from(OTHERS_FROM + u32::from(letter) % 180).unwrap_or(Letter::MAX),
        },
    }
}

fn plain(letter: Letter) -> Option<char> {
    match letter {
        0..26 => Some(char::from(letter + b'a')),
        26..36 => Some(char::from(letter - 26 + b'0')),
        _ => None,
    }
}
