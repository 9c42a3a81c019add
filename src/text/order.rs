//! Puts text into the order in which it is read, for terminals that show cells as they come (UAX #9).

use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation as _;

use super::field::{Direction, Field, strong};
use super::measure::width;
use super::shape::shaped;

/// U+200E: no letter and no cell, and keeps what stands at both sides of it from changing places.
const LEFT_TO_RIGHT_MARK: char = '\u{200E}';

/// U+200F: as U+200E, the other way round.
const RIGHT_TO_LEFT_MARK: char = '\u{200F}';

/// What hides the digits of a masked number.
const MASK: char = '*';

/// Characters that look into the other direction in text that is read from right to left (UAX #9, L4).
const MIRRORED: [(char, char); 10] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('<', '>'),
    ('«', '»'),
    ('‹', '›'),
    ('≤', '≥'),
    ('⟨', '⟩'),
    ('⌈', '⌉'),
    ('⌊', '⌋'),
];

/// One grapheme cluster as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph {
    /// What is written into its first cell.
    pub symbol: String,
    /// The cells that it takes.
    pub cells: usize,
    /// The cell at which it stands in the text as it was typed.
    pub typed_at: usize,
}

/// The clusters of a field from left to right, as they are read: ordered, joined and mirrored. Every cluster of the text
/// is there once, and takes as many cells as before: lam and alef are two letters in two cells.
///
/// A masked number stays in one piece, which UAX #9 would turn around its stars (a higher protocol, HL4).
#[must_use]
pub fn in_reading_order(field: Field<'_>) -> Vec<Glyph> {
    let clusters: Vec<&str> = field.text.graphemes(true).collect();
    let levels = levels(&clusters, field.direction);
    let symbols = shaped(&clusters);
    let mut glyphs = Vec::with_capacity(clusters.len());
    let mut typed_at = 0;
    for ((cluster, level), symbol) in clusters.iter().zip(&levels).zip(symbols) {
        let symbol = if level.is_rtl() { mirrored(symbol) } else { symbol };
        let cells = width(cluster);
        glyphs.push(Glyph { symbol, cells, typed_at });
        typed_at += cells;
    }
    let order = BidiInfo::reorder_visual(&levels);
    let mut glyphs: Vec<Option<Glyph>> = glyphs.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| glyphs.get_mut(at).and_then(Option::take)).collect()
}

/// A field as it is written for a terminal that orders whole rows itself: with marks at its borders, so that it does not
/// change places with what stands beside it and its own brackets and full stops stay on its side. `is_after_latin` says
/// that the last letter before it in the row is read from left to right, or a mark that stands for one.
///
/// There are no more marks than needed: some terminals count them as cells of a row (mlterm 3.9.3). The row is read from
/// left to right, and no mark makes a terminal read a Latin word within Persian in the order of the words around it.
#[must_use]
pub fn held_in_place(field: Field<'_>, is_after_latin: bool) -> String {
    let words = with_masked_numbers_held(field.text);
    let is_inner = |end: Option<char>| {
        let strong = end.and_then(strong);
        field.direction == Direction::RightToLeft && strong != Some(Direction::RightToLeft)
    };
    let mark = |is_needed: bool, mark: char| is_needed.then_some(mark);
    let before = [
        mark(!is_after_latin, LEFT_TO_RIGHT_MARK),
        mark(is_inner(words.chars().next()), RIGHT_TO_LEFT_MARK),
    ];
    let after = mark(is_inner(words.chars().next_back()), RIGHT_TO_LEFT_MARK);
    let marks = before.into_iter().flatten();
    marks.chain(words.chars()).chain(after).chain([LEFT_TO_RIGHT_MARK]).collect()
}

/// Whether a character is one of the marks of [`held_in_place`].
#[must_use]
pub fn is_direction_mark(character: char) -> bool {
    matches!(character, LEFT_TO_RIGHT_MARK | RIGHT_TO_LEFT_MARK)
}

/// The text with marks around masked numbers, which stay in one piece.
fn with_masked_numbers_held(text: &str) -> String {
    let mut held = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        let body = word.trim_end();
        if is_masked(body) {
            held.push(LEFT_TO_RIGHT_MARK);
            held.push_str(body);
            held.push(LEFT_TO_RIGHT_MARK);
            held.extend(word.chars().skip(body.chars().count()));
        } else {
            held.push_str(word);
        }
    }
    held
}

/// The level of each cluster: odd is from right to left.
fn levels(clusters: &[&str], direction: Direction) -> Vec<Level> {
    let text = with_masked_numbers_held(&clusters.concat());
    let base = match direction {
        Direction::LeftToRight => Level::ltr(),
        Direction::RightToLeft => Level::rtl(),
    };
    let information = BidiInfo::new(&text, Some(base));
    let Some(paragraph) = information.paragraphs.first() else { return Vec::new() };
    let of_bytes = information.reordered_levels(paragraph, paragraph.range.clone());
    let mut at = 0;
    let mut levels = Vec::with_capacity(clusters.len());
    for cluster in clusters {
        let is_ours = |at: usize| text.get(at..).is_some_and(|rest| rest.starts_with(cluster));
        while at < text.len() && !is_ours(at) {
            at += LEFT_TO_RIGHT_MARK.len_utf8();
        }
        levels.push(of_bytes.get(at).copied().unwrap_or(base));
        at += cluster.len();
    }
    levels
}

/// Whether a word is a number of which a part is hidden, such as `00*****312`.
fn is_masked(word: &str) -> bool {
    word.contains(MASK)
        && word.chars().any(|character| character.is_ascii_digit())
        && word.chars().all(|character| character.is_ascii_graphic())
}

fn mirrored(symbol: String) -> String {
    let mut characters = symbol.chars();
    let (Some(first), None) = (characters.next(), characters.next()) else { return symbol };
    let pair = MIRRORED.iter().find(|(left, right)| *left == first || *right == first);
    pair.map_or(
        symbol,
        |(left, right)| {
            if *left == first { right.to_string() } else { left.to_string() }
        },
    )
}
