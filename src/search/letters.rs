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

/// Which letters a word is written with; between two scripts only the sound tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Script {
    /// Latin letters and digits.
    Latin,
    /// Arabic, as Persian and others write it too.
    Arabic,
    /// Any other.
    Other,
}

/// The script of a folded word: that of its first letter that is no digit.
pub(super) fn script(word: &str) -> Script {
    match word.chars().find(|letter| !letter.is_ascii_digit()) {
        Some('\u{600}'..='\u{6ff}') => Script::Arabic,
        Some(letter) if !letter.is_ascii() => Script::Other,
        Some(_) | None => Script::Latin,
    }
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
    one < 64 && other < 64 && likenesses(one) >> other & 1 == 1
}

/// The letters that are written for `letter` by sound or by look, one bit each.
fn likenesses(letter: Letter) -> u64 {
    const ARABIC_T: u64 = 1 << (ARABIC_FROM + 3) | 1 << (ARABIC_FROM + 18);
    const ARABIC_S: u64 =
        1 << (ARABIC_FROM + 4) | 1 << (ARABIC_FROM + 14) | 1 << (ARABIC_FROM + 16);
    match letter.wrapping_add(b'a') {
        b'b' => bits("pv8"),
        b'c' => bits("kqxs"),
        b'd' => bits("t"),
        b'e' => bits("3"),
        b'f' => bits("v"),
        b'g' => bits("jk6"),
        b'i' => bits("jl1"),
        b'j' => bits("giy"),
        b'k' => bits("cqxg"),
        b'l' => bits("i1"),
        b'm' => bits("n"),
        b'n' => bits("m"),
        b'o' => bits("0"),
        b'p' => bits("b"),
        b'q' => bits("ckx"),
        b's' => bits("zc5"),
        b't' => bits("d"),
        b'u' => bits("vw"),
        b'v' => bits("wfub"),
        b'w' => bits("vu"),
        b'x' => bits("ckq"),
        b'y' => bits("j"),
        b'z' => bits("s"),
        _ => match plain_digit(letter) {
            Some(b'0') => bits("o"),
            Some(b'1') => bits("il"),
            Some(b'3') => bits("e"),
            Some(b'5') => bits("s"),
            Some(b'6') => bits("g"),
            Some(b'8') => bits("b"),
            _ => {
                [ARABIC_T, ARABIC_S].into_iter().find(|group| group >> letter & 1 == 1).unwrap_or(0)
            }
        },
    }
}

const fn bits(letters: &str) -> u64 {
    let mut rest = letters.as_bytes();
    let mut bits = 0;
    while let Some((&letter, after)) = rest.split_first() {
        bits |=
            if letter.is_ascii_digit() { 1 << (letter - b'0' + 26) } else { 1 << (letter - b'a') };
        rest = after;
    }
    bits
}

fn plain_digit(letter: Letter) -> Option<u8> {
    (26..36).contains(&letter).then(|| letter - 26 + b'0')
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_is_mutual() {
        for one in 0..64 {
            for other in 0..64 {
                assert_eq!(is_alike(one, other), is_alike(other, one), "{one} {other}");
            }
        }
        assert!(letters("تط").windows(2).all(|pair| is_alike(pair[0], pair[1])));
        assert!(letters("سصس").windows(2).all(|pair| is_alike(pair[0], pair[1])));
    }
}
