//! The sequences that terminals send for keys: xterm, `PuTTY`, the Linux console, vt220, rxvt, tmux and screen.

use crate::keymap::{Key, KeyCode, Modifiers};

/// What a control sequence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A key.
    Key(Key),
    /// A paste begins.
    PasteBegins,
    /// A paste ends.
    PasteEnds,
    /// A report of the mouse, whose three bytes follow.
    Mouse,
    /// The terminal's answer that it puts pastes in brackets.
    PastesInBrackets,
    /// An answer of the terminal or a key that has no name: nothing.
    Nothing,
}

/// The highest modifier number: one more than the sum of Shift 1, Alt 2, Control 4 and Meta 8.
const MODIFIERS_MAX: u32 = 16;

/// Asks a terminal whether it puts pastes in brackets (DECRQM); one that does not know the question does not answer.
pub(in crate::tui::driver) const ASK_FOR_BRACKETS: &str = "\x1b[?2004$p";

/// What answers it between `ESC [` and `y` where it does: the mode is set.
const BRACKETS_ARE_SET: &[u8] = b"?2004;1$";

/// What `ESC [`, these bytes and this last one mean.
pub(super) fn control(between: &[u8], last: u8) -> Meaning {
    if last == b'y' && between == BRACKETS_ARE_SET {
        return Meaning::PastesInBrackets;
    }
    let Some(numbers) = numbers(between) else { return Meaning::Nothing };
    let first = numbers.first().copied();
    let key = match last {
        b'~' => match (first, numbers.as_slice()) {
            (Some(200), _) => return Meaning::PasteBegins,
            (Some(201), _) => return Meaning::PasteEnds,
            // xterm with modifyOtherKeys.
            (Some(27), [_, held, letter]) => of_letter(*letter, *held),
            (Some(number), _) => tilde(number).map(|code| held(code, modifiers(&numbers))),
            (None, _) => None,
        },
        // rxvt says by the last byte what is held down.
        b'$' => first.and_then(tilde).map(|code| held(code, 2)),
        b'^' => first.and_then(tilde).map(|code| held(code, 5)),
        b'@' => first.and_then(tilde).map(|code| held(code, 6)),
        b'a'..=b'd' if numbers.is_empty() => {
            letter(last.to_ascii_uppercase()).map(|code| held(code, 2))
        }
        b'u' => first.and_then(|code| of_letter(code, modifiers(&numbers))),
        b'M' if numbers.is_empty() => return Meaning::Mouse,
        b'Z' => Some(Key::plain(KeyCode::BackTab)),
        // The cursor's place ends in an R, too: row and column, where a key has a one and its modifiers.
        b'P'..=b'S' => match numbers.as_slice() {
            [] => letter(last).map(Key::plain),
            [1, number] if *number <= MODIFIERS_MAX => letter(last).map(|code| held(code, *number)),
            _ => None,
        },
        _ => letter(last).map(|code| held(code, numbers.last().copied().unwrap_or(1))),
    };
    key.map_or(Meaning::Nothing, Meaning::Key)
}

/// What `ESC O`, these digits and this letter mean: keys of the keypad, and others on terminals in application mode.
/// Nothing where no terminal sends it.
pub(super) fn single(between: &[u8], last: u8) -> Option<Key> {
    let held_number = numbers(between)?.last().copied().unwrap_or(1);
    let code = match last {
        // As PuTTY sends F5 to F12 when it is told to be a VT100+.
        b'T'..=b'[' => KeyCode::F(last - b'T' + 5),
        // rxvt sends arrows with Control so.
        b'a'..=b'd' => return letter(last.to_ascii_uppercase()).map(|code| held(code, 5)),
        b'M' => KeyCode::Enter,
        b'I' => KeyCode::Tab,
        b'j'..=b'y' => KeyCode::Char(char::from(last - b'j' + b'*')),
        _ => letter(last)?,
    };
    Some(held(code, held_number))
}

/// The function key that the Linux console sends as `ESC [ [` and this letter.
pub(super) fn linux(last: u8) -> Option<Key> {
    matches!(last, b'A'..=b'E').then(|| Key::plain(KeyCode::F(last - b'A' + 1)))
}

/// Numbers between semicolons, an absent one as 1; nothing where there is more than numbers, as in answers.
fn numbers(between: &[u8]) -> Option<Vec<u32>> {
    if between.is_empty() {
        return Some(Vec::new());
    }
    let number = |digits: &[u8]| {
        // What follows a colon only says more about the same key.
        let digits = digits.split(|byte| *byte == b':').next().unwrap_or_default();
        match digits {
            [] => Some(1),
            _ => std::str::from_utf8(digits).ok()?.parse().ok(),
        }
    };
    between.split(|byte| *byte == b';').map(number).collect()
}

/// The modifiers' number after the one that names the key.
fn modifiers(numbers: &[u32]) -> u32 {
    match numbers {
        [_, second, ..] => *second,
        _ => 1,
    }
}

/// A key with what is held down.
fn held(code: KeyCode, number: u32) -> Key {
    let bits = if (1..=MODIFIERS_MAX).contains(&number) { number - 1 } else { 0 };
    let modifiers =
        Modifiers { shift: bits & 1 != 0, alt: bits & 0b1010 != 0, control: bits & 4 != 0 };
    Key::new(code, modifiers)
}

/// The key of a character's number, as terminals tell it that name every key by its character.
fn of_letter(number: u32, held_number: u32) -> Option<Key> {
    let code = match char::from_u32(number)? {
        '\r' | '\n' => KeyCode::Enter,
        '\t' => KeyCode::Tab,
        '\u{1b}' => KeyCode::Esc,
        '\u{8}' | '\u{7f}' => KeyCode::Backspace,
        letter if letter.is_control() => return None,
        letter => KeyCode::Char(letter),
    };
    Some(held(code, held_number))
}

/// The key whose sequence ends in that letter.
fn letter(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        _ => return None,
    })
}

/// The key whose sequence is that number and a tilde. Numbers are left out in the middle, as they were on the vt220,
/// whose keys had gaps between them.
fn tilde(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => function(number - 10)?,
        17..=21 => function(number - 11)?,
        23..=26 => function(number - 12)?,
        28 | 29 => function(number - 13)?,
        31..=34 => function(number - 14)?,
        _ => return None,
    })
}

fn function(number: u32) -> Option<KeyCode> {
    u8::try_from(number).ok().map(KeyCode::F)
}
