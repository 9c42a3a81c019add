//! Turns any text into text that a terminal shows and never obeys.

use super::character::{Nature, nature};
use super::measure::ELLIPSIS;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Marks and joiners that one base character keeps; what is above that is shown as a number, for a pile of marks covers
/// the lines above and below it.
pub const MARKS_PER_BASE_MAX: usize = 4;

/// Characters that ZWJ may join into one picture; a terminal that does not join them shows each, and a longer chain would
/// push the rest of the row off the screen.
const JOINED_MAX: usize = 4;

/// Characters of a line that are shown at most: more than any record keeps in one text, and than any screen has cells.
const LINE_CHARACTERS_MAX: usize = 32 * 1024;

/// Characters of a text that are looked at for each cell of its room: a base with all its marks and a joiner, and then
/// some.
const CHARACTERS_PER_CELL: usize = 8;

/// ZWJ, which joins emoji into one.
const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// A tab stands for this many spaces, since its width would depend on the column where the text happens to begin.
const TAB: &str = "    ";

/// The character that carries a mark which has no base of its own.
const DOTTED_CIRCLE: char = '\u{25CC}';

/// Makes text safe to show in one line.
///
/// Controls become `^[` and the like; C1 controls, direction changes, tags, U+FFFD and everything invisible become
/// their number, such as `<202E>`; ZWNJ and ZWJ are kept (ZWJ in no longer chains than pictures have), as are
/// [`MARKS_PER_BASE_MAX`] marks for each base. Line breaks and tabs become one space each. Text that is safe already is
/// borrowed; doing it twice changes nothing more. Of a line that is longer than any that can be kept the beginning is
/// shown, with an ellipsis.
#[must_use]
pub fn safe_line(text: &str) -> Cow<'_, str> {
    safe_beginning(text, LINE_CHARACTERS_MAX)
}

/// Makes the beginning of a text safe to show in one line of at most so many cells; where there is more than that room
/// could hold of any honest text, an ellipsis stands for the rest.
///
/// Work follows the cells, not the text: a line of a mebibyte costs a column of ten cells no more than a long name does.
#[must_use]
pub fn safe_start(text: &str, cells: usize) -> Cow<'_, str> {
    let characters = cells.saturating_add(1).saturating_mul(CHARACTERS_PER_CELL);
    safe_beginning(text, characters.min(LINE_CHARACTERS_MAX))
}

/// At most so many characters made safe, and an ellipsis where there are more.
fn safe_beginning(text: &str, characters_max: usize) -> Cow<'_, str> {
    let is_short = text.len() <= characters_max;
    let end = if is_short { None } else { text.char_indices().nth(characters_max) };
    match end.and_then(|(at, _)| text.split_at_checked(at)) {
        None => safe(text),
        Some((head, _)) => {
            let mut start = safe(head).into_owned();
            start.push(ELLIPSIS);
            Cow::Owned(start)
        }
    }
}

fn safe(text: &str) -> Cow<'_, str> {
    if is_simple(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = Shown::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let nature = nature(character);
        if nature == Nature::CarriageReturn && characters.peek() == Some(&'\n') {
            continue;
        }
        if matches!(nature, Nature::LineFeed | Nature::Tab) {
            shown.base(' ');
        } else {
            shown.push(character, nature);
        }
    }
    let line = shown.finish();
    if line == text { Cow::Borrowed(text) } else { Cow::Owned(line) }
}

/// Makes text safe to show in several lines, as [`safe_line`] does for one.
///
/// LF and CR LF end a line; a CR alone is shown as `^M`, for it would send the cursor back over what was written. There
/// is always at least one line, and a line break at the very end begins no further line.
#[must_use]
pub fn safe_block(text: &str) -> Vec<String> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.split('\n')
        .map(|line| {
            let line = line.strip_suffix('\r').unwrap_or(line);
            safe_line(&line.replace('\t', TAB)).into_owned()
        })
        .collect()
}

/// Whether each byte of a text is a letter, sign or space of ASCII: a cell a byte, and nothing to be made safe.
#[must_use]
pub fn is_plain_ascii(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7F).contains(&byte))
}

/// Whether every character is a Latin letter, a digit or a common sign that takes one cell by itself, is shown as it is, and is
/// read from left to right, as nearly all that is shown: that is told at a glance, and saves looking for clusters.
#[must_use]
pub(super) fn is_simple(text: &str) -> bool {
    is_plain_ascii(text) || text.chars().all(is_simple_character)
}

fn is_simple_character(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{2013}' | ELLIPSIS)
}

/// The safe text so far, and what the last base in it carries.
struct Shown {
    text: String,
    has_base: bool,
    attached: usize,
    surplus: usize,
    joined: usize,
}

impl Shown {
    fn with_capacity(bytes: usize) -> Self {
        let text = String::with_capacity(bytes);
        Self { text, has_base: false, attached: 0, surplus: 0, joined: 0 }
    }

    fn push(&mut self, character: char, nature: Nature) {
        match nature {
            Nature::Plain => self.base(character),
            Nature::Mark => self.mark(character),
            Nature::Joiner => self.joiner(character),
            Nature::Control | Nature::LineFeed | Nature::CarriageReturn | Nature::Tab => {
                self.caret(character);
            }
            Nature::SecondControl
            | Nature::Direction
            | Nature::Tag
            | Nature::NotACharacter
            | Nature::Hidden => self.number(character),
        }
    }

    fn base(&mut self, character: char) {
        self.end_of_marks();
        if !self.text.ends_with(ZERO_WIDTH_JOINER) {
            self.joined = 0;
        }
        self.text.push(character);
        self.has_base = true;
    }

    fn mark(&mut self, character: char) {
        if !self.has_base {
            self.base(DOTTED_CIRCLE);
        }
        self.attach(character);
    }

    fn joiner(&mut self, character: char) {
        if character == ZERO_WIDTH_JOINER {
            self.joined += 1;
        }
        if self.joined < JOINED_MAX {
            self.attach(character);
        } else {
            self.number(character);
        }
    }

    fn attach(&mut self, character: char) {
        if self.attached < MARKS_PER_BASE_MAX {
            self.attached += 1;
            self.text.push(character);
        } else {
            self.surplus += 1;
        }
    }

    /// The caret form: `^[` for ESC, `^?` for DEL.
    fn caret(&mut self, character: char) {
        self.base('^');
        let letter = u8::try_from(u32::from(character)).unwrap_or(b'?') ^ 0x40;
        self.base(char::from(letter));
    }

    fn number(&mut self, character: char) {
        self.base('<');
        self.write(format_args!("{:04X}>", u32::from(character)));
    }

    fn end_of_marks(&mut self) {
        self.attached = 0;
        let surplus = std::mem::take(&mut self.surplus);
        if surplus > 0 {
            self.write(format_args!("<+{surplus}>"));
        }
    }

    fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail; its signature says so only by returning a result.
        let _ = self.text.write_fmt(arguments);
    }

    fn finish(mut self) -> String {
        self.end_of_marks();
        self.text
    }
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation as _;
    use unicode_width::UnicodeWidthChar as _;

    use super::super::field::{Direction, strong};
    use super::*;

    #[test]
    fn what_is_told_at_a_glance_is_what_looking_closely_tells() {
        let simple: Vec<char> =
            ('\0'..='\u{FFFF}').filter(|character| is_simple_character(*character)).collect();
        for character in &simple {
            assert_eq!(nature(*character), Nature::Plain, "{character:?}");
            assert_eq!(character.width(), Some(1), "{character:?}");
            assert_ne!(strong(*character), Some(Direction::RightToLeft), "{character:?}");
        }
        // Each beside each is a cluster by itself, too.
        let beside = simple.iter().flat_map(|one| simple.iter().flat_map(|other| [*one, *other]));
        let beside: String = beside.collect();
        assert_eq!(beside.graphemes(true).count(), beside.chars().count());
    }
}
