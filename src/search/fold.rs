//! The one folding function: text as it is compared, whatever accents, letter case, script variants and digits it was
//! written with.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// A text with the digits of every script as the usual ones, and otherwise as it is.
#[must_use]
pub fn usual_digits(text: &str) -> String {
    text.chars().map(|letter| digit(letter).unwrap_or(letter)).collect()
}

/// Folds a text to lower-case words without marks, one space between them.
///
/// Accents go, ø, æ, ß, ł, ð, þ and the Turkish dotless i become plain letters, Arabic and Persian variants of a letter
/// become one, digits of every script become 0 to 9, apostrophes join, and everything else that is no letter or digit
/// (the zero-width non-joiner too) parts words. Folding twice changes nothing.
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut part = String::new();
    let mut is_parted = false;
    for letter in text.chars() {
        if is_parting(letter) {
            is_parted = !folded.is_empty();
            continue;
        }
        part.clear();
        fold_char(letter, &mut part);
        if part.is_empty() {
            continue;
        }
        if std::mem::take(&mut is_parted) {
            folded.push(' ');
        }
        folded.push_str(&part);
    }
    folded
}

/// The folded words of a text.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    normalise(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a character stands between words.
pub(super) fn is_parting(letter: char) -> bool {
    if letter.is_ascii_alphanumeric() {
        return false;
    }
    let is_joining = is_apostrophe(letter) || is_invisible(letter) || is_combining_mark(letter);
    !letter.is_alphanumeric() && !is_joining
}

/// Appends what `letter` folds to: mostly one letter, for a mark nothing.
pub(super) fn fold_char(letter: char, out: &mut String) {
    if letter.is_ascii_alphanumeric() {
        out.push(letter.to_ascii_lowercase());
        return;
    }
    for part in std::iter::once(letter).nfkd().flat_map(char::to_lowercase).nfkd() {
        match plain(part) {
            Plain::Letter(plain) => out.push(plain),
            Plain::Letters(plain) => out.push_str(plain),
        }
    }
}

enum Plain {
    Letter(char),
    Letters(&'static str),
}

fn plain(letter: char) -> Plain {
    let plain = match letter {
        'ı' | 'ɩ' => 'i',
        'ø' | 'ɔ' => 'o',
        'ł' => 'l',
        'đ' | 'ð' | 'ɗ' => 'd',
        'ħ' => 'h',
        'ŋ' | 'ɲ' => 'n',
        'ŧ' => 't',
        'ə' | 'ǝ' | 'ɛ' => 'e',
        'ɓ' => 'b',
        'ƙ' | 'ĸ' => 'k',
        'ƴ' => 'y',
        'æ' => return Plain::Letters("ae"),
        'œ' => return Plain::Letters("oe"),
        'ß' => return Plain::Letters("ss"),
        'þ' => return Plain::Letters("th"),
        'ς' => 'σ',
        // Cyrillic letters of one language for those of its neighbours.
        'і' | 'ј' => 'и',
        'є' | 'ә' => 'е',
        'ґ' | 'ғ' => 'г',
        'ђ' => 'д',
        'ћ' | 'ҷ' => 'ч',
        'љ' => 'л',
        'њ' | 'ң' => 'н',
        'ө' => 'о',
        'ү' | 'ұ' => 'у',
        'қ' => 'к',
        'һ' | 'ҳ' => 'х',
        // The forms that Hebrew letters have at the end of a word.
        'ך' => 'כ',
        'ם' => 'מ',
        'ן' => 'נ',
        'ף' => 'פ',
        'ץ' => 'צ',
        // Arabic yeh, alef maksura and their Persian, Kurdish and Pashto sisters.
        'ي' | 'ى' | 'ې' | 'ۍ' | 'ێ' | 'ے' => 'ی',
        'ك' | 'ڪ' => 'ک',
        'ګ' | 'ݢ' => 'گ',
        'ة' | 'ە' | 'ھ' | 'ہ' | 'ۃ' => 'ه',
        'ٱ' => 'ا',
        'ۆ' | 'ۇ' | 'ۈ' | 'ۋ' | 'ۊ' | 'ڤ' => 'و',
        'ڵ' => 'ل',
        'ڕ' | 'ڑ' | 'ړ' => 'ر',
        'ٹ' | 'ټ' => 'ت',
        'ڈ' | 'ډ' => 'د',
        'ں' | 'ڼ' => 'ن',
        'ښ' => 'ش',
        'ږ' => 'ژ',
        // The hamza alone and the tatweel carry nothing that people write alike.
        'ء' | 'ـ' => return Plain::Letters(""),
        _ => match digit(letter) {
            Some(digit) => digit,
            // Vowel signs of Indian scripts have no combining class: they are letters, not marks on one.
            None if is_apostrophe(letter)
                || canonical_combining_class(letter) != 0
                || !letter.is_alphanumeric() =>
            {
                return Plain::Letters("");
            }
            None => letter,
        },
    };
    Plain::Letter(plain)
}

/// The ASCII digit for a digit of another script.
fn digit(letter: char) -> Option<char> {
    const ZEROS: [u32; 18] = [
        0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66,
        0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0,
    ];
    let code = u32::from(letter);
    ZEROS
        .iter()
        .find_map(|&zero| code.checked_sub(zero).filter(|&value| value < 10))
        .and_then(|value| char::from_digit(value, 10))
}

/// Whether a character joins the letters around it, as in O'Brien.
pub(super) fn is_apostrophe(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '’'
            | '‘'
            | '‛'
            | '′'
            | '＇'
            | '`'
            | '´'
            | 'ʹ'
            | 'ʺ'
            | 'ʻ'
            | 'ʼ'
            | 'ʽ'
            | 'ʾ'
            | 'ʿ'
            | 'ˈ'
            | 'ꞌ'
            | '׳'
            | '״'
            | 'ـ'
    )
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}' | '\u{200d}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_folds_alike_however_it_is_written() {
        assert_eq!(normalise("İBRAHİM  Ağaoğlu"), "ibrahim agaoglu");
        assert_eq!(normalise("ISIL Işıl"), "isil isil");
        assert_eq!(normalise("Bjørn Ærlig-Åsen"), "bjorn aerlig asen");
        assert_eq!(normalise("Großmann, Łukasz"), "grossmann lukasz");
        assert_eq!(normalise("O'Brien D’Angelo"), "obrien dangelo");
        assert_eq!(normalise("علي كريمي"), normalise("علی کریمی"));
        assert_eq!(normalise("محمد\u{200c}رضا"), "محمد رضا");
        assert_eq!(normalise("فاطمة"), normalise("فاطمه"));
        assert_eq!(normalise("أحمد آزاد"), normalise("احمد ازاد"));
        assert_eq!(normalise("مُحَمَّد"), "محمد");
        assert_eq!(normalise("۱۳۶۵ ١٩٨٦"), "1365 1986");
        assert_eq!(normalise("\u{301}\u{302} -- "), "");
        assert_eq!(normalise("Nguyễn Thị Đặng"), "nguyen thi dang");
        assert_eq!(
            normalise("Ștefan Țepeș Žydrūnas Ólafsdóttir"),
            "stefan tepes zydrunas olafsdottir"
        );
        assert_eq!(normalise("ＳＡＲＡ ﬁeld Əli Oʻgʻli Ka‘b"), "sara field eli ogli kab");
        assert_eq!(normalise("Γιώργος ΓΙΩΡΓΟΣ"), "γιωργοσ γιωργοσ");
        assert_eq!(normalise("Артём Андрей"), normalise("Артем Андреи"));
        assert_eq!(normalise("Ірина Јована"), normalise("Ирина Йована"));
        assert_eq!(normalise("שָׁלוֹם"), normalise("שלומ"));
        assert_eq!(normalise("ﻣﺤﻤﺪ ﷴ"), "محمد محمد");
        assert_eq!(normalise("ڕێبوار ٹیپو"), "ریبوار تیپو");
        assert_ne!(normalise("सीता"), normalise("सत"));
        assert_eq!(normalise("१९८६"), "1986");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["Ǆenana ﬁ ½ ⅷ", "Þór Œuvre", "ﷺ", "ẞ ŉ ǰ", "한국 日本"] {
            assert_eq!(normalise(&normalise(text)), normalise(text), "{text}");
        }
    }
}
