//! What is written for a sign where the terminal cannot show it: in as many cells, always.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use super::abilities::{Abilities, Charset, Lines};
use super::grid::Sign;
use crate::text::{ELLIPSIS, width};

/// Box drawing characters, each with its letter in DEC's line drawing set and its sign in ASCII.
const DRAWN: [(char, char, char); 13] = [
    ('─', 'q', '-'),
    ('━', 'q', '-'),
    ('═', 'q', '='),
    ('│', 'x', '|'),
    ('┃', 'x', '|'),
    ('┌', 'l', '+'),
    ('┐', 'k', '+'),
    ('└', 'm', '+'),
    ('┘', 'j', '+'),
    ('├', 't', '+'),
    ('┤', 'u', '+'),
    ('┴', 'v', '+'),
    ('┬', 'w', '+'),
];

/// The sign for a symbol of ratatui's, and the cells that it takes.
pub(super) fn sign(symbol: &str, abilities: Abilities) -> (Sign, usize) {
    let mut characters = symbol.chars();
    let (first, is_one) = match (characters.next(), characters.next()) {
        (Some(first), None) => (first, true),
        (Some(first), Some(_)) => (first, false),
        (None, _) => return (Sign::One(' '), 1),
    };
    if is_one && first.is_ascii() {
        return (Sign::One(if first.is_ascii_control() { ' ' } else { first }), 1);
    }
    let drawn = DRAWN.iter().find(|(drawn, ..)| is_one && *drawn == first);
    if let (Lines::Dec, Some((_, letter, _))) = (abilities.lines, drawn) {
        return (Sign::Line(*letter), 1);
    }
    let cells = width(symbol).min(2);
    match (abilities.charset, drawn, cells) {
        // A mark without a base would settle on the cell before it.
        (_, _, 0) => (Sign::One(' '), 1),
        (Charset::Utf8 | Charset::Unjoined, ..) if is_one => (Sign::One(first), cells),
        (Charset::Unjoined, ..) => {
            let joined = symbol.nfc().next().unwrap_or(first);
            (Sign::One(joined), cells)
        }
        (Charset::Utf8, ..) if symbol.chars().any(is_of_pictures) => {
            (Sign::Doubtful(symbol.into()), cells)
        }
        (Charset::Utf8, ..) => (Sign::Cluster(symbol.into()), cells),
        (Charset::Ascii, Some((_, _, sign)), _) => (Sign::One(*sign), 1),
        (Charset::Ascii, None, 1) => (Sign::One(plain(first)), 1),
        // Two signs, since a wide one takes two cells.
        (Charset::Ascii, None, _) => (Sign::Cluster("??".into()), 2),
    }
}

/// Words as they are written where there are only the letters of ASCII, with their line breaks.
pub(in crate::tui) fn in_ascii(words: &str) -> String {
    let plain = |grapheme: &str| match grapheme.chars().next() {
        Some(first) if first.is_ascii() => first,
        Some(first) => plain(first),
        None => ' ',
    };
    words.graphemes(true).map(plain).collect()
}

/// Whether a character is one of those that make pictures of several characters: ZWJ, the selector of pictures, flags,
/// colours of skin.
fn is_of_pictures(character: char) -> bool {
    matches!(character, '\u{200D}' | '\u{FE0F}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// The letter without its accent, or a sign that stands for it.
fn plain(character: char) -> char {
    let stands_for = match character {
        'ø' | 'œ' => 'o',
        'Ø' | 'Œ' => 'O',
        'ı' => 'i',
        'æ' => 'a',
        'Æ' => 'A',
        'đ' => 'd',
        'Đ' => 'D',
        'ł' => 'l',
        'Ł' => 'L',
        'ß' => 's',
        '‘' | '’' | '′' => '\'',
        '“' | '”' | '«' | '»' | '″' => '"',
        '‐' | '‑' | '–' | '—' => '-',
        '▁'..='█' => '#',
        ELLIPSIS | '·' | '•' => '.',
        other => other,
    };
    stands_for.nfkd().next().filter(char::is_ascii).unwrap_or('?')
}
