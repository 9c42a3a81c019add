//! Refuses, at the door, text that would act on a terminal or hide from its reader.

use super::character::{Nature, nature};

/// Why a text is not kept, as a sentence for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextRefusal {
    /// The text takes more room than its field has.
    #[error("the text takes {bytes} bytes, and this field holds {max}: shorten it")]
    TooLong {
        /// Bytes of the text in UTF-8.
        bytes: usize,
        /// The field's limit in bytes.
        max: usize,
    },
    /// The field holds one line, and the text has more.
    #[error("the text has a line break at character {place}, and this field holds one line")]
    LineBreak {
        /// Place of the line break, counted in characters from 1.
        place: usize,
    },
    /// A character that must not be kept.
    #[error("character {place} is U+{number:04X}, {what}: take it out")]
    Character {
        /// Place in the text, counted in characters from 1.
        place: usize,
        /// The character's number in Unicode.
        number: u32,
        /// What such a character is.
        what: &'static str,
    },
}

/// Accepts the text of a field of one line: no line breaks, no tabs, nothing that a terminal would obey.
///
/// Invisible characters with an honest use (direction marks, soft hyphens) are kept, for they come with names that were
/// copied from elsewhere; [`super::safe_line`] shows them.
pub fn accept_line(text: &str, bytes_max: usize) -> Result<String, TextRefusal> {
    check(text, bytes_max, Room::Line)?;
    Ok(text.to_owned())
}

/// Accepts a text of several lines: as [`accept_line`], with line breaks and tabs allowed. CR LF is kept as LF.
pub fn accept_block(text: &str, bytes_max: usize) -> Result<String, TextRefusal> {
    let text = text.replace("\r\n", "\n");
    check(&text, bytes_max, Room::Block)?;
    Ok(text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    Line,
    Block,
}

fn check(text: &str, bytes_max: usize, room: Room) -> Result<(), TextRefusal> {
    if text.len() > bytes_max {
        return Err(TextRefusal::TooLong { bytes: text.len(), max: bytes_max });
    }
    for (index, character) in text.chars().enumerate() {
        let place = index + 1;
        let what = match (nature(character), room) {
            (Nature::LineFeed, Room::Line) => return Err(TextRefusal::LineBreak { place }),
            (Nature::LineFeed | Nature::Tab, Room::Block)
            | (Nature::Plain | Nature::Hidden | Nature::Mark | Nature::Joiner, _) => continue,
            (Nature::Tab, Room::Line) => "a tab",
            (Nature::CarriageReturn | Nature::Control | Nature::SecondControl, _) => {
                "a control character"
            }
            (Nature::Direction, _) => "which turns the direction of writing",
            (Nature::Tag, _) => "which hides text",
            (Nature::NotACharacter, _) => "which stands for no character",
        };
        return Err(TextRefusal::Character { place, number: u32::from(character), what });
    }
    Ok(())
}
