//! Tells what was typed from what was pasted.
//!
//! Most terminals put a paste in brackets. Some do not, and there it comes as keys, faster than anybody types. A burst of
//! letters counts as a paste where it is longer than anybody types ahead, or where a line breaks in the middle of it and
//! it is no short one; a held key counts once, and a burst that begins with the key of a search or of the palette is somebody
//! who knows what the next screen asks. Every other key (an arrow, Esc, Control) ends a burst, for pastes have few.
//!
//! Where the terminal says that it puts pastes in brackets, or has done so, letters without them are keys, however fast they
//! come over a line that stood still; but for a flood that no hand has typed.

use std::time::Duration;

use crate::keymap::{Key, KeyCode};

use super::scanner::Piece;
use super::typed::Typed;

/// Bytes of one paste; what is above that was not meant for a form.
pub(super) const PASTE_BYTES_MAX: usize = 64 * 1024;

/// Letters that somebody may have typed ahead while the line stood still.
const TYPED_AHEAD_MAX: usize = 64;

/// Letters above which a burst with a line break in its middle is a paste: below, it is a search, Enter, and the keys for
/// what was found.
const TYPED_AHEAD_LINES_MAX: usize = 16;

/// Letters that nobody has typed ahead, whatever other keys are between them.
const TOGETHER_MAX: usize = 256;

/// Keys that begin a search or a command in every preset that has letters for that.
const BEGINS_A_TEXT: [char; 2] = ['/', ':'];

/// Keys that are held back after a paste, until it is clear that it is over.
const HELD_MAX: usize = 64;

/// The longest pause within a burst. A line of 9600 baud sends a letter each millisecond; a hand needs thirty.
const BURST_SILENCE: Duration = Duration::from_millis(10);

/// How long nothing may come before a paste is over that has no brackets, or that may have pretended to be over.
const PASTE_SILENCE: Duration = Duration::from_millis(100);

/// A text that is being pasted, of which no more is kept than its maximum.
#[derive(Debug, Default, PartialEq, Eq)]
struct Pasted {
    text: String,
    cut: usize,
    is_after_return: bool,
}

/// Letters that came without a pause.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Burst {
    first: Option<Key>,
    last: Option<Key>,
    letters: usize,
    has_line_break: bool,
    has_text_after_break: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    /// Keys are keys.
    #[default]
    Typing,
    /// A paste in brackets is under way.
    Bracketed(Pasted),
    /// A paste without brackets is under way.
    Bare(Pasted),
    /// A paste was over so shortly ago that keys may be the rest of it.
    After(Vec<Piece>),
    /// What comes is left out until a pause.
    Dropping,
}

/// Tells what was typed from what was pasted. It holds no more than one paste.
#[derive(Debug, Default)]
pub(super) struct Bursts {
    state: State,
    burst: Burst,
    no_letters: usize,
    /// Whether the terminal is known to put pastes in brackets.
    has_brackets: bool,
}

impl Bursts {
    /// How long nothing may come before [`Bursts::silence`] has something to say.
    pub(super) fn deadline(&self) -> Option<Duration> {
        match &self.state {
            State::Bare(_) | State::After(_) | State::Dropping => Some(PASTE_SILENCE),
            State::Bracketed(_) => None,
            State::Typing => (self.burst != Burst::default()).then_some(BURST_SILENCE),
        }
    }

    /// Takes what came together.
    pub(super) fn take(&mut self, pieces: &[Piece], typed: &mut Vec<Typed>) {
        if self.state == State::Typing && is_flood(pieces) {
            self.state = State::Bare(Pasted::default());
        }
        // An answer comes by itself. One among letters may be a part of a paste that wants to be taken for keys.
        let is_alone = self.state == State::Typing && self.burst == Burst::default();
        self.has_brackets |= is_alone && pieces == [Piece::PastesInBrackets];
        let mut rest = pieces;
        while let [piece, after @ ..] = rest {
            rest = match std::mem::take(&mut self.state) {
                State::Typing => self.typing(*piece, rest, typed),
                State::Bracketed(pasted) => {
                    self.bracketed(pasted, *piece, typed);
                    after
                }
                State::Bare(pasted) => {
                    self.bare(pasted, *piece, typed);
                    after
                }
                State::After(held) => {
                    self.after(held, *piece, typed);
                    after
                }
                State::Dropping => {
                    self.state = State::Dropping;
                    after
                }
            };
        }
        if self.no_letters > 0 && !matches!(self.state, State::Bracketed(_)) {
            typed.push(Typed::NoLetters(std::mem::take(&mut self.no_letters)));
        }
    }

    /// Nothing has come for so long.
    pub(super) fn silence(&mut self, so_far: Duration, typed: &mut Vec<Typed>) {
        if so_far >= BURST_SILENCE {
            self.burst = Burst::default();
        }
        if so_far < PASTE_SILENCE {
            return;
        }
        match std::mem::take(&mut self.state) {
            State::Typing => {}
            State::Dropping => typed.push(Typed::FalseEnd),
            State::Bracketed(pasted) => self.state = State::Bracketed(pasted),
            State::Bare(pasted) => pasted.end(typed),
            State::After(held) => {
                self.take(&held, typed);
                self.burst = Burst::default();
            }
        }
    }

    /// Takes a piece where keys are keys, or all the letters that begin here; what is left.
    fn typing<'a>(
        &mut self,
        piece: Piece,
        rest: &'a [Piece],
        typed: &mut Vec<Typed>,
    ) -> &'a [Piece] {
        let is_text = |piece: Piece| piece == Piece::NoLetter || text_of(piece).is_some();
        let letters = rest.iter().take_while(|piece| is_text(**piece)).count();
        if letters == 0 {
            self.burst = Burst::default();
            self.other(piece, typed);
            return rest.get(1..).unwrap_or_default();
        }
        let (together, left) = rest.split_at(letters);
        for piece in together {
            if let Piece::Key(key) = piece {
                self.burst.add(*key);
            }
        }
        if !self.has_brackets && self.burst.is_paste() {
            self.state = State::Bare(Pasted::default());
            self.take(together, typed);
        } else {
            for piece in together {
                self.other(*piece, typed);
            }
        }
        left
    }

    fn other(&mut self, piece: Piece, typed: &mut Vec<Typed>) {
        match piece {
            Piece::Key(key) if key == Key::control('z') => typed.push(Typed::Suspend),
            Piece::Key(key) => typed.push(Typed::Key(key)),
            Piece::PasteBegins => self.state = State::Bracketed(Pasted::default()),
            Piece::NoLetter => self.no_letters += 1,
            Piece::Pasted(_)
            | Piece::PasteEnds
            | Piece::PasteBreaksOff
            | Piece::PastesInBrackets => {}
        }
    }

    fn bracketed(&mut self, mut pasted: Pasted, piece: Piece, typed: &mut Vec<Typed>) {
        match piece {
            Piece::PasteEnds => {
                pasted.end(typed);
                self.has_brackets = true;
                self.state = State::After(Vec::new());
                return;
            }
            Piece::PasteBreaksOff => {
                typed.push(Typed::Unfinished);
                pasted.end(typed);
                return;
            }
            Piece::Pasted(letter) => pasted.add(letter),
            Piece::NoLetter => self.no_letters += 1,
            Piece::Key(_) | Piece::PasteBegins | Piece::PastesInBrackets => {}
        }
        self.state = State::Bracketed(pasted);
    }

    fn bare(&mut self, mut pasted: Pasted, piece: Piece, typed: &mut Vec<Typed>) {
        match piece {
            Piece::PasteBegins => {
                pasted.end(typed);
                self.state = State::Bracketed(Pasted::default());
                return;
            }
            Piece::NoLetter => self.no_letters += 1,
            // A key that is no letter came with the text, and is none that anybody pressed.
            _ => {
                if let Some(letter) = text_of(piece) {
                    pasted.add(letter);
                }
            }
        }
        self.state = State::Bare(pasted);
    }

    /// Holds back what follows a paste: where another end follows without a pause, the first one was false, a part of what
    /// was pasted.
    fn after(&mut self, mut held: Vec<Piece>, piece: Piece, typed: &mut Vec<Typed>) {
        match piece {
            Piece::PasteEnds if held.is_empty() => self.state = State::After(held),
            Piece::PasteEnds => {
                typed.push(Typed::FalseEnd);
                self.state = State::After(Vec::new());
            }
            Piece::PasteBegins => {
                self.take(&held, typed);
                if let State::Bare(pasted) = std::mem::take(&mut self.state) {
                    pasted.end(typed);
                }
                self.state = State::Bracketed(Pasted::default());
            }
            _ if held.len() >= HELD_MAX => {
                // Nobody types so much in a tenth of a second.
                self.state = State::Dropping;
            }
            _ => {
                held.push(piece);
                self.state = State::After(held);
            }
        }
    }
}

impl Burst {
    fn add(&mut self, key: Key) {
        // A key that is held down is one key.
        self.letters += usize::from(self.last != Some(key));
        self.first = self.first.or(Some(key));
        self.last = Some(key);
        let is_break = key.code() == KeyCode::Enter;
        let is_text = key.typed().is_some();
        self.has_text_after_break |= is_text && self.has_line_break;
        self.has_line_break |= is_break && self.letters > 1;
    }

    fn is_paste(self) -> bool {
        let begins_a_text =
            self.first.and_then(Key::typed).is_some_and(|letter| BEGINS_A_TEXT.contains(&letter));
        self.letters > TYPED_AHEAD_MAX
            || (self.letters > TYPED_AHEAD_LINES_MAX && self.has_text_after_break && !begins_a_text)
    }
}

impl Pasted {
    /// Takes a letter as far as there is room. Terminals send a line break as Enter would be sent.
    fn add(&mut self, letter: char) {
        let is_second_half = letter == '\n' && self.is_after_return;
        self.is_after_return = letter == '\r';
        if is_second_half {
            return;
        }
        let letter = if letter == '\r' { '\n' } else { letter };
        if self.cut > 0 || self.text.len() + letter.len_utf8() > PASTE_BYTES_MAX {
            self.cut += letter.len_utf8();
        } else {
            self.text.push(letter);
        }
    }

    fn end(self, typed: &mut Vec<Typed>) {
        if self.cut > 0 {
            typed.push(Typed::Cut(self.cut));
        }
        if !self.text.is_empty() {
            typed.push(Typed::Paste(self.text));
        }
    }
}

/// Whether so many letters came together that they are no keys, even if other keys came with them.
fn is_flood(pieces: &[Piece]) -> bool {
    let mut all = Burst::default();
    for piece in pieces.iter().take_while(|piece| **piece != Piece::PasteBegins) {
        if let (Piece::Key(key), Some(_)) = (*piece, text_of(*piece)) {
            all.add(key);
        }
    }
    all.letters > TOGETHER_MAX
}

/// What a piece is within a text; nothing where it is a key that no text has.
fn text_of(piece: Piece) -> Option<char> {
    let Piece::Key(key) = piece else { return None };
    let modifiers = key.modifiers();
    if modifiers.control || modifiers.alt || modifiers.shift {
        return None;
    }
    match key.code() {
        KeyCode::Enter => Some('\n'),
        KeyCode::Tab => Some('\t'),
        _ => key.typed(),
    }
}
