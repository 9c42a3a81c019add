//! How a word sounds, in one alphabet for Latin, Arabic, Cyrillic and Greek script.
//!
//! It is what finds a name across scripts, so it forgives what transliterations differ in: short vowels, which Arabic
//! script leaves out; letters that one script has and the other spells with a neighbour; and doubled consonants.

/// One sound.
pub(super) type Sound = u8;

const A: Sound = 0;
const I: Sound = 1;
const U: Sound = 2;
const B: Sound = 3;
const P: Sound = 4;
const T: Sound = 5;
const D: Sound = 6;
const K: Sound = 7;
const G: Sound = 8;
const F: Sound = 9;
const V: Sound = 10;
const S: Sound = 11;
const Z: Sound = 12;
const SH: Sound = 13;
const J: Sound = 14;
const CH: Sound = 15;
const H: Sound = 16;
const KH: Sound = 17;
const L: Sound = 18;
const R: Sound = 19;
const M: Sound = 20;
const N: Sound = 21;

/// The sounds of a folded word; equal sounds in a row are one.
pub(super) fn sounds(word: &str) -> Vec<Sound> {
    let mut sounds = Vec::with_capacity(word.len());
    let mut rest: &[char] = &word.chars().collect::<Vec<_>>();
    while let Some((heard, after)) = first_sounds(rest) {
        for &sound in heard {
            if sounds.last() != Some(&sound) {
                sounds.push(sound);
            }
        }
        rest = after;
    }
    sounds
}

/// One bit for each group of consonants that transliterations do not mix up; it only ever rules out.
pub(super) fn mask(sounds: &[Sound]) -> u16 {
    sounds.iter().fold(0, |mask, &sound| mask | group(sound))
}

/// What it costs, in hundredths, to hear `one` for `other`.
pub(super) fn confusion(one: Sound, other: Sound) -> u16 {
    if one == other {
        return 0;
    }
    match (one.min(other), one.max(other)) {
        (A | I, I | U) => 15,
        (U, V) | (B, P) | (K, G | KH) => 20,
        (A, H) | (T, D) | (S | Z, SH) | (S, Z) | (SH | J, CH) | (G, J) => 30,
        (B | F, V) | (I | Z, J) | (H | G, KH) | (D, Z) | (T, S) | (P, F) => 40,
        (K, S | CH | J) | (S, CH) | (SH, J) | (M, N) | (G, H) => 60,
        _ => 100,
    }
}

/// What it costs, in hundredths, that a sound is only in one of the two words.
pub(super) fn omission(sound: Sound) -> u16 {
    match sound {
        A | I | U => 12,
        H => 35,
        _ => 100,
    }
}

/// The sounds of the first letter or letters, and the letters after them.
fn first_sounds(rest: &[char]) -> Option<(&'static [Sound], &[char])> {
    let (&first, after) = rest.split_first()?;
    let spelt: &[(&str, &'static [Sound])] = match first {
        's' => &[("sch", &[SH]), ("sh", &[SH]), ("sj", &[SH])],
        't' => &[("tch", &[CH]), ("tsch", &[CH]), ("th", &[T])],
        'c' => &[("ch", &[CH]), ("ck", &[K]), ("ce", &[S, I]), ("ci", &[S, I]), ("cy", &[S, I])],
        'd' => &[("dj", &[J]), ("dzh", &[J]), ("dh", &[D])],
        'k' => &[("kh", &[KH]), ("kj", &[CH])],
        'g' => &[("gh", &[G])],
        'p' => &[("ph", &[F])],
        'z' => &[("zh", &[J])],
        'o' => &[("ou", &[U]), ("oo", &[U])],
        'e' => &[("ee", &[I]), ("ea", &[I])],
        _ => &[],
    };
    for &(spelling, heard) in spelt {
        if starts_with(rest, spelling) {
            return Some((heard, rest.get(spelling.len()..).unwrap_or_default()));
        }
    }
    Some((letter_sounds(first), after))
}

fn starts_with(rest: &[char], spelling: &str) -> bool {
    rest.iter().take(spelling.len()).copied().eq(spelling.chars())
}

fn letter_sounds(letter: char) -> &'static [Sound] {
    match letter {
        'a' | 'ا' | 'ع' | 'а' | 'α' => &[A],
        'e' | 'i' | 'y' | 'ی' | 'е' | 'и' | 'ы' | 'э' | 'і' | 'ι' | 'η' | 'ε' | 'υ' => {
            &[I]
        }
        'o' | 'u' | 'و' | 'о' | 'у' | 'ο' | 'ω' => &[U],
        'b' | 'ب' | 'б' => &[B],
        'p' | 'پ' | 'п' | 'π' => &[P],
        't' | 'ت' | 'ط' | 'т' | 'τ' | 'θ' => &[T],
        'd' | 'د' | 'д' | 'δ' => &[D],
        'c' | 'k' | 'q' | 'ق' | 'ک' | 'к' | 'κ' => &[K],
        'g' | 'غ' | 'گ' | 'г' | 'ґ' | 'γ' => &[G],
        'f' | 'ف' | 'ф' | 'φ' => &[F],
        'v' | 'w' | 'в' | 'β' => &[V],
        's' | 'ث' | 'س' | 'ص' | 'с' | 'σ' | 'ς' => &[S],
        'z' | 'ذ' | 'ز' | 'ض' | 'ظ' | 'з' | 'ζ' => &[Z],
        'ش' | 'ш' | 'щ' => &[SH],
        'j' | 'ج' | 'ژ' | 'ж' => &[J],
        'چ' | 'ч' => &[CH],
        'h' | 'ح' | 'ه' => &[H],
        'خ' | 'х' | 'χ' => &[KH],
        'l' | 'ل' | 'л' | 'λ' => &[L],
        'r' | 'ر' | 'р' | 'ρ' => &[R],
        'm' | 'م' | 'м' | 'μ' => &[M],
        'n' | 'ن' | 'н' | 'ν' => &[N],
        'x' | 'ξ' => &[K, S],
        'ц' => &[T, S],
        'ψ' => &[P, S],
        'ю' => &[I, U],
        'я' => &[I, A],
        _ => &[],
    }
}

/// J, G, H and V have no bit: ج is written g, w is written و, and h comes and goes.
fn group(sound: Sound) -> u16 {
    match sound {
        B | P => 1,
        T => 2,
        D => 4,
        K | KH => 8,
        F => 16,
        S | Z | SH | CH => 32,
        L => 64,
        R => 128,
        M => 256,
        N => 512,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_sounds_alike_in_two_scripts() {
        for (latin, other) in [("farid", "فرید"), ("shirin", "شیرین"), ("ivan", "иван")]
        {
            let consonants = |word| {
                sounds(word)
                    .into_iter()
                    .filter(|&sound| !matches!(sound, A | I | U))
                    .collect::<Vec<_>>()
            };
            assert_eq!(consonants(latin), consonants(other), "{latin}");
            assert_eq!(mask(&sounds(latin)), mask(&sounds(other)), "{latin}");
        }
        assert_eq!(sounds("philip"), sounds("filip"));
    }
}
