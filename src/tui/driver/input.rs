//! What comes from the terminal: key presses in casedesk's own words, pastes, sizes.

use std::io;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use crossterm::event::{self, Event, KeyEvent, KeyEventKind, KeyModifiers};

use crate::keymap::{Key, KeyCode, Modifiers};

use super::super::screen::Msg;
use super::run::Incoming;

/// Events that are taken together where they are waiting together; a frame is drawn after each lot.
const EVENTS_MAX: usize = 512;

/// Bytes of one paste; what is above that was not meant for a form.
const PASTE_BYTES_MAX: usize = 64 * 1024;

/// Reads until the terminal is gone or nobody listens any more. Everything that waits is sent in one lot, so that a held
/// key costs one frame and not thirty.
pub(super) fn read(incoming: &SyncSender<Incoming>, escape_delay: Duration) {
    loop {
        let lot = match read_lot(escape_delay) {
            Ok(lot) => Incoming::Typed(lot),
            Err(error) => Incoming::Failed(error.to_string()),
        };
        let is_over = matches!(lot, Incoming::Failed(_));
        if incoming.send(lot).is_err() || is_over {
            return;
        }
    }
}

fn read_lot(escape_delay: Duration) -> io::Result<Vec<Typed>> {
    let mut events = vec![event::read()?];
    while events.len() < EVENTS_MAX {
        let ends_in_escape = events.last().is_some_and(is_begun_sequence);
        let wait = if ends_in_escape { escape_delay } else { Duration::ZERO };
        if !event::poll(wait)? {
            break;
        }
        events.push(event::read()?);
    }
    Ok(typed(&events))
}

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Ctrl-Z: the shell is wanted.
    Suspend,
    /// A key.
    Key(Key),
    /// A paste.
    Paste(String),
    /// The terminal has another size.
    Resized(u16, u16),
}

impl Typed {
    /// As the model's message; nothing for what is the driver's own affair.
    pub(super) fn message(self) -> Option<Msg> {
        match self {
            Self::Suspend => None,
            Self::Key(key) => Some(Msg::Key(key)),
            // Terminals send a pasted line break as the Enter key would be sent.
            Self::Paste(text) => Some(Msg::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))),
            Self::Resized(columns, rows) => Some(Msg::Resized(columns, rows)),
        }
    }
}

fn is_begun_sequence(event: &Event) -> bool {
    matches!(event, Event::Key(KeyEvent { code: event::KeyCode::Esc, .. }))
}

/// Joins what a slow line took apart: Esc, `[` or `O`, and a letter, with nothing between them, are the arrow key or its
/// like. Nobody types an Esc and a bracket within the delay.
fn typed(events: &[Event]) -> Vec<Typed> {
    let mut typed = Vec::new();
    let mut rest = events;
    while let [first, after @ ..] = rest {
        let (one, left) = match (first, after) {
            (escape, [bracket, last, left @ ..])
                if is_begun_sequence(escape) && matches!(letter(bracket), Some('[' | 'O')) =>
            {
                match letter(last).and_then(named_by) {
                    Some(code) => (Some(Typed::Key(Key::plain(code))), left),
                    None => (single(first), after),
                }
            }
            _ => (single(first), after),
        };
        typed.extend(one);
        rest = left;
    }
    typed
}

fn letter(event: &Event) -> Option<char> {
    match event {
        Event::Key(KeyEvent { code: event::KeyCode::Char(letter), .. }) => Some(*letter),
        _ => None,
    }
}

/// The key whose sequence ends in that letter.
fn named_by(letter: char) -> Option<KeyCode> {
    Some(match letter {
        'A' => KeyCode::Up,
        'B' => KeyCode::Down,
        'C' => KeyCode::Right,
        'D' => KeyCode::Left,
        'H' => KeyCode::Home,
        'F' => KeyCode::End,
        'Z' => KeyCode::BackTab,
        _ => return None,
    })
}

fn single(event: &Event) -> Option<Typed> {
    match event {
        Event::Key(pressed) if pressed.kind != KeyEventKind::Release => key(*pressed),
        Event::Paste(text) => {
            let mut bytes = 0;
            let fits = |character: &char| {
                bytes += character.len_utf8();
                bytes <= PASTE_BYTES_MAX
            };
            Some(Typed::Paste(text.chars().take_while(fits).collect()))
        }
        Event::Resize(columns, rows) => Some(Typed::Resized(*columns, *rows)),
        Event::Key(_) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => None,
    }
}

fn key(pressed: KeyEvent) -> Option<Typed> {
    let modifiers = Modifiers {
        control: pressed.modifiers.contains(KeyModifiers::CONTROL),
        alt: pressed.modifiers.contains(KeyModifiers::ALT),
        shift: pressed.modifiers.contains(KeyModifiers::SHIFT),
    };
    let code = match pressed.code {
        event::KeyCode::Char('z') if modifiers.control => return Some(Typed::Suspend),
        event::KeyCode::Char(character) => KeyCode::Char(character),
        event::KeyCode::Enter => KeyCode::Enter,
        event::KeyCode::Tab => KeyCode::Tab,
        event::KeyCode::BackTab => KeyCode::BackTab,
        event::KeyCode::Esc => KeyCode::Esc,
        event::KeyCode::Backspace => KeyCode::Backspace,
        event::KeyCode::Delete => KeyCode::Delete,
        event::KeyCode::Insert => KeyCode::Insert,
        event::KeyCode::Up => KeyCode::Up,
        event::KeyCode::Down => KeyCode::Down,
        event::KeyCode::Left => KeyCode::Left,
        event::KeyCode::Right => KeyCode::Right,
        event::KeyCode::PageUp => KeyCode::PageUp,
        event::KeyCode::PageDown => KeyCode::PageDown,
        event::KeyCode::Home => KeyCode::Home,
        event::KeyCode::End => KeyCode::End,
        event::KeyCode::F(number) => KeyCode::F(number),
        // Keys without a name in a keymap mean nothing; they are pressed by accident, or to wake the screen.
        _ => return None,
    };
    Some(Typed::Key(Key::new(code, modifiers)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: event::KeyCode) -> Event {
        Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[test]
    fn an_arrow_that_a_slow_line_took_apart_is_one_key_again() {
        use event::KeyCode::{Char, Esc};
        let apart = [Esc, Char('['), Char('B'), Char('j')].map(pressed);
        let joined = vec![Typed::Key(Key::plain(KeyCode::Down)), Typed::Key(Key::char('j'))];
        assert_eq!(typed(&apart), joined);
        let meant = [Esc, Char('j')].map(pressed);
        let kept = vec![Typed::Key(Key::plain(KeyCode::Esc)), Typed::Key(Key::char('j'))];
        assert_eq!(typed(&meant), kept);
    }

    #[test]
    fn control_z_is_the_drivers_own() {
        let control = KeyEvent::new(event::KeyCode::Char('z'), KeyModifiers::CONTROL);
        assert_eq!(typed(&[Event::Key(control)]), [Typed::Suspend]);
    }
}
