//! Says what a character could do to a terminal or to a reader.

use unicode_width::UnicodeWidthChar as _;

/// How a character is treated when text is shown or kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// Shown as it is.
    Plain,
    /// A line feed.
    LineFeed,
    /// A carriage return; only one before a line feed is innocent.
    CarriageReturn,
    /// A horizontal tab.
    Tab,
    /// A control of ASCII, DEL included: a terminal may obey it.
    Control,
    /// A control of the second block: some terminals obey it as they obey an escape sequence.
    SecondControl,
    /// Turns the direction of the text around it, so that what is read is not what is there.
    Direction,
    /// Carries hidden text: tag characters and supplementary variation selectors.
    Tag,
    /// Not a character, and never will be one.
    NotACharacter,
    /// Invisible, or without an agreed look, but with an honest use: kept, and shown by its number.
    Hidden,
    /// Drawn over the character before it, or joined to it: combining marks, colours of skin, and what takes no cell.
    Mark,
    /// ZWNJ or ZWJ: without a width, and needed to write Persian and to join emoji.
    Joiner,
}

/// Classifies a character.
///
/// The format characters are those of Unicode's category Cf together with the default-ignorable letters and marks
/// (Hangul fillers, the grapheme joiner and such), which are used to make names that look empty or alike; private use and
/// the dashes of two and three ems have no agreed look or width.
pub(super) fn nature(character: char) -> Nature {
    match u32::from(character) {
        0x0A => Nature::LineFeed,
        0x0D => Nature::CarriageReturn,
        0x09 => Nature::Tab,
        0x00..=0x1F | 0x7F => Nature::Control,
        0x20..=0x7E => Nature::Plain,
        0x80..=0x9F => Nature::SecondControl,
        0x202A..=0x202E | 0x2066..=0x2069 => Nature::Direction,
        0x200C | 0x200D => Nature::Joiner,
        0xE_0000..=0xE_0FFF => Nature::Tag,
        0xFDD0..=0xFDEF => Nature::NotACharacter,
        number if number & 0xFFFE == 0xFFFE => Nature::NotACharacter,
        0xAD
        | 0x034F
        | 0x0600..=0x0605
        | 0x061C
        | 0x06DD
        | 0x070F
        | 0x0890..=0x0891
        | 0x08E2
        | 0x115F..=0x1160
        | 0x17B4..=0x17B5
        | 0x180B..=0x180F
        | 0x200B
        | 0x200E..=0x200F
        | 0x2028..=0x2029
        | 0x2060..=0x2065
        | 0x206A..=0x206F
        | 0x2E3A..=0x2E3B
        | 0x3164
        | 0xE000..=0xF8FF
        | 0xFEFF
        | 0xFFA0
        | 0xFFF0..=0xFFFB
        | 0xFFFD
        | 0x1_10BD
        | 0x1_10CD
        | 0x1_3430..=0x1_343F
        | 0x1_BCA0..=0x1_BCA3
        | 0x1_D173..=0x1_D17A
        | 0xF_0000..=0x10_FFFF => Nature::Hidden,
        0x1_F3FB..=0x1_F3FF => Nature::Mark,
        _ if unicode_normalization::char::is_combining_mark(character) => Nature::Mark,
        _ if character.width() == Some(0) => Nature::Mark,
        _ => Nature::Plain,
    }
}
