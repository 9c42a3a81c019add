//! Shows what the program understands of each key, for whoever has to do with an odd terminal.

use std::io::{self, Write as _};
use std::time::Duration;

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use crate::keymap::{Key, KeyCode};

use super::input::{Decoder, Lot, Typed, listen};

/// Bytes of one line that are kept; a paste has more.
const BYTES_MAX: usize = 24;

/// What came from the terminal at one press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// The first of the bytes that came, at most 24.
    pub bytes: Vec<u8>,
    /// How many bytes came.
    pub length: usize,
    /// What the program understood, in words; keys as keymap files spell them.
    pub meaning: String,
}

/// Calls `show` for each key that is pressed, until Esc is pressed twice, or Ctrl-C, or the terminal is gone, or `show` says
/// that it has seen enough. While it runs the terminal is in raw mode, so that a line ends with `\r\n`.
///
/// # Errors
/// The terminal cannot be used.
pub fn press(escape_delay: Duration, mut show: impl FnMut(Pressed) -> bool) -> io::Result<()> {
    let _raw = Raw::take()?;
    let mut listener = Presses::new(escape_delay);
    listen(|lot| {
        let pressed = match lot {
            Lot::Bytes(bytes) => bytes.iter().filter_map(|byte| listener.byte(*byte)).collect(),
            Lot::Silence(so_far) => listener.silence(so_far).into_iter().collect::<Vec<_>>(),
        };
        let goes_on = pressed.into_iter().all(&mut show) && !listener.is_over;
        (goes_on, listener.decoder.deadline())
    });
    Ok(())
}

/// The terminal in raw mode. Dropping it gives it back.
struct Raw;

impl Raw {
    fn take() -> io::Result<Self> {
        enable_raw_mode()?;
        let raw = Self;
        execute!(io::stdout(), EnableBracketedPaste)?;
        Ok(raw)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // Nothing can be done where that fails: the terminal is gone.
        let _ = execute!(io::stdout(), DisableBracketedPaste).and_then(|()| io::stdout().flush());
        let _ = disable_raw_mode();
    }
}

/// Puts the bytes beside what they mean.
#[derive(Debug)]
struct Presses {
    decoder: Decoder,
    bytes: Vec<u8>,
    length: usize,
    is_after_escape: bool,
    is_over: bool,
}

impl Presses {
    fn new(escape_delay: Duration) -> Self {
        let decoder = Decoder::new(escape_delay);
        Self { decoder, bytes: Vec::new(), length: 0, is_after_escape: false, is_over: false }
    }

    fn byte(&mut self, byte: u8) -> Option<Pressed> {
        self.length += 1;
        if self.bytes.len() < BYTES_MAX {
            self.bytes.push(byte);
        }
        let typed = self.decoder.take(&[byte]);
        self.understood(&typed)
    }

    fn silence(&mut self, so_far: Duration) -> Option<Pressed> {
        let typed = self.decoder.silence(so_far);
        self.understood(&typed)
    }

    fn understood(&mut self, typed: &[Typed]) -> Option<Pressed> {
        for typed in typed {
            let is_escape = *typed == Typed::Key(Key::plain(KeyCode::Esc));
            self.is_over |= *typed == Typed::Key(Key::control('c'));
            self.is_over |= is_escape && self.is_after_escape;
            self.is_after_escape = is_escape;
        }
        let is_waiting = typed.is_empty() && self.decoder.deadline().is_some();
        if self.length == 0 || is_waiting {
            return None;
        }
        let meaning = match typed {
            [] => "nothing: an answer of the terminal, or a key without a name".to_owned(),
            some => some.iter().map(in_words).collect::<Vec<_>>().join(", "),
        };
        let length = std::mem::take(&mut self.length);
        Some(Pressed { bytes: std::mem::take(&mut self.bytes), length, meaning })
    }
}

fn in_words(typed: &Typed) -> String {
    match typed {
        Typed::Key(key) => key.to_string(),
        Typed::Suspend => "Ctrl-Z: the shell".to_owned(),
        Typed::Paste(text) => format!("a paste of {} characters", text.chars().count()),
        Typed::Cut(bytes) => format!("cut by {bytes} bytes"),
        Typed::Unfinished => "a paste without an end".to_owned(),
        Typed::FalseEnd => "left out, after a false end of a paste".to_owned(),
        Typed::NoLetters(_) => "no letter: the terminal is not set to UTF-8".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(bytes: &[u8]) -> (Vec<(usize, String)>, bool) {
        let mut presses = Presses::new(Duration::from_millis(25));
        let mut seen: Vec<Pressed> = bytes.iter().filter_map(|byte| presses.byte(*byte)).collect();
        seen.extend(presses.silence(Duration::from_secs(60)));
        let seen = seen.into_iter().map(|pressed| (pressed.length, pressed.meaning)).collect();
        (seen, presses.is_over)
    }

    #[test]
    fn every_press_is_shown_with_its_own_bytes() {
        let (seen, is_over) = pressed("j\u{1b}[15~å\u{1b}[?62;c".as_bytes());
        let meanings: Vec<&str> = seen.iter().map(|(_, meaning)| meaning.as_str()).collect();
        assert!(
            matches!(meanings.as_slice(), ["j", "F5", "å", nothing] if nothing.starts_with("nothing"))
        );
        assert_eq!(seen.iter().map(|(length, _)| *length).collect::<Vec<_>>(), [1, 5, 2, 7]);
        assert!(!is_over);
    }

    #[test]
    fn it_ends_with_two_escapes_or_control_c() {
        assert!(pressed(b"\x1b\x1b").1);
        assert!(pressed(b"j\x03").1);
        assert!(!pressed(b"\x1bj\x1b").1);
    }
}
