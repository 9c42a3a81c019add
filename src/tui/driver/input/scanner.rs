//! Makes keys of bytes, wherever they are taken apart: a machine that is told each byte, and how long nothing came.

use std::time::Duration;

use crate::keymap::{Key, KeyCode, Modifiers};

use super::letters::{Grown, Partial};
use super::sequences::{self, Meaning};

/// Bytes of a key's sequence that are looked at; a longer one is swallowed to its end.
const SEQUENCE_BYTES_MAX: usize = 64;

/// Bytes of a terminal's answer that are swallowed; what goes on longer was none.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// How long the rest of a sequence that is well begun may take. Nobody types `Esc [ 1` within the delay of an Esc, so that
/// this one may be long: a stalled line must not make letters of the rest.
const SEQUENCE_SILENCE: Duration = Duration::from_millis(500);

/// How long a paste may stop before it counts as one whose end was lost.
const PASTE_SILENCE: Duration = Duration::from_secs(5);

/// What ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// What bytes turn out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A key.
    Key(Key),
    /// A paste begins.
    PasteBegins,
    /// A character of a paste.
    Pasted(char),
    /// A paste ends.
    PasteEnds,
    /// The end of a paste does not come.
    PasteBreaksOff,
    /// The terminal says that it puts pastes in brackets.
    PastesInBrackets,
    /// A byte that is no letter and no key.
    NoLetter,
}

/// What is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Nothing.
    Ground,
    /// A character, after an Esc or not.
    Letter { partial: Partial, is_alt: bool },
    /// An Esc, after another one or not.
    Escape { is_second: bool },
    /// `ESC [` and what follows.
    Control { between: Vec<u8>, is_second: bool },
    /// `ESC O` and what follows.
    Single { between: Vec<u8>, is_second: bool },
    /// `ESC [ [`, of the Linux console.
    Linux,
    /// A report of the mouse, of which so many bytes are to come.
    Mouse { left: u8 },
    /// What may begin an answer of the terminal, or be a letter after Esc.
    Opening { byte: u8, is_second: bool, is_eight_bit: bool },
    /// An answer of the terminal, to its end.
    Answer { swallowed: usize, is_at_escape: bool, is_eight_bit: bool },
    /// A paste, of whose end so many bytes were seen.
    Paste { seen: usize, partial: Partial },
}

/// Makes keys of bytes. It holds no more than one sequence.
#[derive(Debug)]
pub(super) struct Scanner {
    state: State,
    escape_delay: Duration,
    /// Whether the last byte was Enter as a carriage return, of which some lines make two bytes.
    is_after_return: bool,
    /// Whether the last byte was no letter: a control of eight bits after it may be the rest of a character.
    is_after_noise: bool,
}

impl Scanner {
    /// A scanner that waits so long for what follows an Esc.
    pub(super) fn new(escape_delay: Duration) -> Self {
        Self { state: State::Ground, escape_delay, is_after_return: false, is_after_noise: false }
    }

    /// How long nothing may come before [`Scanner::silence`] has something to say.
    pub(super) fn deadline(&self) -> Option<Duration> {
        Some(match &self.state {
            State::Ground => return None,
            State::Escape { .. } | State::Opening { .. } | State::Mouse { .. } => self.escape_delay,
            State::Letter { .. }
            | State::Control { .. }
            | State::Single { .. }
            | State::Linux
            | State::Answer { .. } => self.escape_delay.max(SEQUENCE_SILENCE),
            State::Paste { .. } => PASTE_SILENCE,
        })
    }

    /// Takes one byte.
    pub(super) fn byte(&mut self, byte: u8, pieces: &mut Vec<Piece>) {
        let before = pieces.len();
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Ground => self.ground(byte, false, pieces),
            State::Letter { partial, is_alt } => self.letter(partial, is_alt, byte, pieces),
            State::Escape { is_second } => self.escape(is_second, byte, pieces),
            State::Control { between, is_second } => {
                self.control(between, is_second, byte, pieces);
            }
            State::Single { between, is_second } => self.single(between, is_second, byte, pieces),
            State::Linux => match sequences::linux(byte) {
                Some(key) => pieces.push(Piece::Key(key)),
                None if (b' '..=b'~').contains(&byte) => {}
                None => self.ground(byte, false, pieces),
            },
            State::Mouse { left } => {
                if left > 1 {
                    self.state = State::Mouse { left: left - 1 };
                }
            }
            State::Opening { byte: opening, is_second, is_eight_bit } => {
                self.opening(opening, is_second, is_eight_bit, byte, pieces);
            }
            State::Answer { swallowed, is_at_escape, is_eight_bit } => {
                self.answer(swallowed, is_at_escape, is_eight_bit, byte, pieces);
            }
            State::Paste { seen, partial } => self.pasted(seen, partial, byte, pieces),
        }
        self.is_after_return = byte == b'\r';
        self.is_after_noise = pieces.len() > before && pieces.last() == Some(&Piece::NoLetter);
    }

    /// Nothing has come for so long.
    pub(super) fn silence(&mut self, so_far: Duration, pieces: &mut Vec<Piece>) {
        self.is_after_return = false;
        self.is_after_noise = false;
        if self.deadline().is_none_or(|deadline| so_far < deadline) {
            return;
        }
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Escape { is_second } => {
                escaped(is_second, pieces);
                pieces.push(Piece::Key(Key::plain(KeyCode::Esc)));
            }
            State::Opening { byte, is_second, is_eight_bit: false } => {
                escaped(is_second, pieces);
                pieces.push(Piece::Key(alt(KeyCode::Char(char::from(byte)))));
            }
            State::Control { between, is_second } if between.is_empty() => {
                escaped(is_second, pieces);
                pieces.push(Piece::Key(alt(KeyCode::Char('['))));
            }
            State::Single { between, is_second } if between.is_empty() => {
                escaped(is_second, pieces);
                pieces.push(Piece::Key(alt(KeyCode::Char('O'))));
            }
            State::Letter { partial, .. } => no_letters(partial, pieces),
            State::Opening { .. } => pieces.push(Piece::NoLetter),
            State::Paste { .. } => pieces.push(Piece::PasteBreaksOff),
            State::Ground
            | State::Control { .. }
            | State::Single { .. }
            | State::Linux
            | State::Mouse { .. }
            | State::Answer { .. } => {}
        }
    }

    /// A byte where nothing is under way, or one that follows an Esc.
    fn ground(&mut self, byte: u8, is_alt: bool, pieces: &mut Vec<Piece>) {
        let code = match byte {
            0x1b => {
                self.state = State::Escape { is_second: false };
                return;
            }
            // Lines that speak telnet send Enter as two bytes.
            b'\n' | 0 if self.is_after_return => return,
            b'\r' | b'\n' => KeyCode::Enter,
            b'\t' => KeyCode::Tab,
            0x08 | 0x7f => KeyCode::Backspace,
            0..=0x1f => {
                let letter = if byte == 0 { ' ' } else { char::from(byte + b'@') };
                let modifiers = Modifiers { control: true, alt: is_alt, shift: false };
                pieces.push(Piece::Key(Key::new(KeyCode::Char(letter), modifiers)));
                return;
            }
            b' '..=b'~' => KeyCode::Char(char::from(byte)),
            0xc2..=0xf4 => {
                self.state = State::Letter { partial: Partial::begun(byte), is_alt };
                return;
            }
            0x80..=0xc1 | 0xf5..=0xff => return self.eight_bits(byte, is_alt, pieces),
        };
        pieces.push(Piece::Key(if is_alt { alt(code) } else { Key::plain(code) }));
    }

    /// A byte that begins no character: a control of a terminal that sends eight bits, unless it is noise or what is left
    /// of a character whose beginning was lost.
    fn eight_bits(&mut self, byte: u8, is_alt: bool, pieces: &mut Vec<Piece>) {
        let is_trusted = !self.is_after_noise && !is_alt;
        let is_second = false;
        match byte {
            0x9b if is_trusted => self.state = State::Control { between: Vec::new(), is_second },
            0x8f if is_trusted => self.state = State::Single { between: Vec::new(), is_second },
            0x90 | 0x9d..=0x9f if is_trusted => {
                let byte = byte - 0x40;
                self.state = State::Opening { byte, is_second, is_eight_bit: true };
            }
            _ => pieces.push(Piece::NoLetter),
        }
    }

    fn letter(&mut self, partial: Partial, is_alt: bool, byte: u8, pieces: &mut Vec<Piece>) {
        match partial.with(byte) {
            Grown::Letter(letter) if letter.is_control() => {
                pieces.extend([Piece::NoLetter; 2]);
            }
            Grown::Letter(letter) => {
                let code = KeyCode::Char(letter);
                pieces.push(Piece::Key(if is_alt { alt(code) } else { Key::plain(code) }));
            }
            Grown::Partial(partial) => self.state = State::Letter { partial, is_alt },
            Grown::Broken => {
                no_letters(partial, pieces);
                self.is_after_noise = true;
                self.ground(byte, false, pieces);
            }
        }
    }

    fn escape(&mut self, is_second: bool, byte: u8, pieces: &mut Vec<Piece>) {
        match byte {
            b'[' => self.state = State::Control { between: Vec::new(), is_second },
            b'O' => self.state = State::Single { between: Vec::new(), is_second },
            b'P' | b']' | b'^' | b'_' => {
                self.state = State::Opening { byte, is_second, is_eight_bit: false };
            }
            0x1b => {
                escaped(is_second, pieces);
                self.state = State::Escape { is_second: true };
            }
            _ => {
                escaped(is_second, pieces);
                self.is_after_return = false;
                self.ground(byte, true, pieces);
            }
        }
    }

    fn control(
        &mut self,
        mut between: Vec<u8>,
        is_second: bool,
        byte: u8,
        pieces: &mut Vec<Piece>,
    ) {
        let are_digits = !between.is_empty() && between.iter().all(u8::is_ascii_digit);
        match byte {
            b'[' if between.is_empty() => {
                escaped(is_second, pieces);
                self.state = State::Linux;
            }
            b'$' if are_digits => self.meant(sequences::control(&between, byte), is_second, pieces),
            b' '..=b'?' => {
                if between.len() < SEQUENCE_BYTES_MAX {
                    between.push(byte);
                }
                self.state = State::Control { between, is_second };
            }
            b'@'..=b'~' if between.len() >= SEQUENCE_BYTES_MAX => escaped(is_second, pieces),
            b'@'..=b'~' => self.meant(sequences::control(&between, byte), is_second, pieces),
            // The sequence broke off, and something else was pressed.
            _ => {
                escaped(is_second, pieces);
                self.ground(byte, false, pieces);
            }
        }
    }

    fn meant(&mut self, meaning: Meaning, is_second: bool, pieces: &mut Vec<Piece>) {
        if let Meaning::Key(key) = meaning {
            let Modifiers { control, alt, shift } = key.modifiers();
            let modifiers = Modifiers { control, alt: alt || is_second, shift };
            pieces.push(Piece::Key(Key::new(key.code(), modifiers)));
            return;
        }
        escaped(is_second, pieces);
        match meaning {
            Meaning::PasteBegins => {
                pieces.push(Piece::PasteBegins);
                self.state = State::Paste { seen: 0, partial: Partial::default() };
            }
            Meaning::PasteEnds => pieces.push(Piece::PasteEnds),
            Meaning::PastesInBrackets => pieces.push(Piece::PastesInBrackets),
            Meaning::Mouse => self.state = State::Mouse { left: 3 },
            Meaning::Key(_) | Meaning::Nothing => {}
        }
    }

    fn single(&mut self, mut between: Vec<u8>, is_second: bool, byte: u8, pieces: &mut Vec<Piece>) {
        if matches!(byte, b'0'..=b'9' | b';') && between.len() < SEQUENCE_BYTES_MAX {
            between.push(byte);
            self.state = State::Single { between, is_second };
            return;
        }
        if let Some(key) = sequences::single(&between, byte) {
            return self.meant(Meaning::Key(key), is_second, pieces);
        }
        // No terminal sends this: Esc was pressed, an O, and something else.
        escaped(is_second, pieces);
        if between.is_empty() {
            pieces.push(Piece::Key(alt(KeyCode::Char('O'))));
        }
        self.ground(byte, false, pieces);
    }

    /// Decides by the next byte whether an answer of the terminal begins, or a letter was pressed after Esc: answers begin
    /// with a digit or a sign, but for the two that tell a title.
    fn opening(
        &mut self,
        opening: u8,
        is_second: bool,
        is_eight_bit: bool,
        byte: u8,
        pieces: &mut Vec<Piece>,
    ) {
        let is_answer = match opening {
            b'P' => (b' '..=b'?').contains(&byte),
            b']' => byte.is_ascii_digit() || matches!(byte, b'l' | b'L'),
            _ => (b' '..=b'~').contains(&byte),
        };
        if is_answer {
            escaped(is_second, pieces);
            self.state = State::Answer { swallowed: 1, is_at_escape: false, is_eight_bit };
            return;
        }
        if is_eight_bit {
            pieces.push(Piece::NoLetter);
        } else {
            escaped(is_second, pieces);
            pieces.push(Piece::Key(alt(KeyCode::Char(char::from(opening)))));
        }
        self.ground(byte, false, pieces);
    }

    fn answer(
        &mut self,
        swallowed: usize,
        is_at_escape: bool,
        is_eight_bit: bool,
        byte: u8,
        pieces: &mut Vec<Piece>,
    ) {
        match byte {
            b'\\' if is_at_escape => {}
            _ if is_at_escape => self.escape(false, byte, pieces),
            0x07 | 0x18 | 0x1a => {}
            // Between letters of UTF-8, this byte is a part of one.
            0x9c if is_eight_bit => {}
            _ if swallowed >= ANSWER_BYTES_MAX => self.ground(byte, false, pieces),
            _ => {
                let (swallowed, is_at_escape) = (swallowed + 1, byte == 0x1b);
                self.state = State::Answer { swallowed, is_at_escape, is_eight_bit };
            }
        }
    }

    fn pasted(&mut self, seen: usize, partial: Partial, byte: u8, pieces: &mut Vec<Piece>) {
        if PASTE_END.get(seen) == Some(&byte) {
            if seen + 1 == PASTE_END.len() {
                no_letters(partial, pieces);
                pieces.push(Piece::PasteEnds);
            } else {
                self.state = State::Paste { seen: seen + 1, partial };
            }
            return;
        }
        // What looked like the end was none: it belongs to the text.
        let mut partial = partial;
        for before in PASTE_END.iter().take(seen) {
            partial = pasted_byte(partial, *before, pieces);
        }
        if byte == 0x1b {
            self.state = State::Paste { seen: 1, partial };
        } else {
            let partial = pasted_byte(partial, byte, pieces);
            self.state = State::Paste { seen: 0, partial };
        }
    }
}

fn pasted_byte(partial: Partial, byte: u8, pieces: &mut Vec<Piece>) -> Partial {
    let grown = match partial.with(byte) {
        Grown::Broken if partial.length() > 0 => {
            no_letters(partial, pieces);
            Partial::default().with(byte)
        }
        grown => grown,
    };
    match grown {
        Grown::Letter(letter) => pieces.push(Piece::Pasted(letter)),
        Grown::Partial(partial) => return partial,
        Grown::Broken => pieces.push(Piece::NoLetter),
    }
    Partial::default()
}

fn no_letters(partial: Partial, pieces: &mut Vec<Piece>) {
    pieces.extend(std::iter::repeat_n(Piece::NoLetter, partial.length()));
}

/// An Esc that was pressed before what turned out to be something of its own.
fn escaped(is_pressed: bool, pieces: &mut Vec<Piece>) {
    if is_pressed {
        pieces.push(Piece::Key(Key::plain(KeyCode::Esc)));
    }
}

fn alt(code: KeyCode) -> Key {
    Key::new(code, Modifiers { alt: true, ..Modifiers::default() })
}
