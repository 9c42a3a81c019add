//! The terminal itself: taken over, drawn on, and given back as it was, whatever happens.

use std::io::{self, Write};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::layout::Rect;

use super::super::look::Bidi;
use super::super::model::{Model, known_size};
use super::super::sheet::Sheet;
use super::super::thin::{Abilities, Modes, Thin};
use super::super::view::view;
use super::input::ASK_FOR_BRACKETS;
use super::output::{Ending, Output};

/// The cells, and the terminal that shows them.
struct Screen {
    sheet: Sheet,
    terminal: Thin<Output>,
}

/// The terminal while casedesk has it. Dropping it gives it back.
pub(super) struct Surface {
    screen: Screen,
    abilities: Abilities,
    ending: Ending,
    /// Who the terminal was told orders right-to-left text, if it was told.
    ordered_by: Option<Bidi>,
}

/// Has a terminal show cells as they come, as far as it would order them itself and can be told: ECMA-48's BDSM, and what
/// mlterm knows in its stead (its OSC 5379), which others pass over.
const SHOW_CELLS_AS_THEY_COME: &str = "\x1b[8l\x1b]5379;use_ctl=false\x07";

/// Has it do as it likes again.
const ORDER_CELLS: &str = "\x1b[8h\x1b]5379;use_ctl=true\x07";

impl Surface {
    /// Takes the terminal over: raw mode, and where it knows them the alternate screen, pastes in brackets, and rows that
    /// end where the screen does. mlterm counts marks of direction as cells, so that a full row would go on in the next.
    pub(super) fn take(abilities: Abilities, ending: &Ending) -> io::Result<Self> {
        // A terminal that was taken before is the same one still.
        let _ = TAKEN.set(abilities.modes);
        restore_when_panicking();
        enter(abilities.modes, ending)?;
        if abilities.modes == Modes::Pastes {
            let mut out = Output::new(ending.clone());
            out.write_all(ASK_FOR_BRACKETS.as_bytes())?;
            out.flush()?;
        }
        let screen = fresh(size(), abilities, ending);
        Ok(Self { screen, abilities, ending: ending.clone(), ordered_by: None })
    }

    /// Takes the terminal over again after it was given back; the next frame draws all.
    pub(super) fn take_again(&mut self) -> io::Result<()> {
        // Whoever stopped the program may have changed the terminal's modes: what is set already would not be set again.
        disable_raw_mode()?;
        enter(self.abilities.modes, &self.ending)?;
        self.forget();
        Ok(())
    }

    /// Forgets what is on the terminal, and who orders its text: the next frame draws all.
    pub(super) fn forget(&mut self) {
        self.ordered_by = None;
        self.screen = fresh(size(), self.abilities, &self.ending);
    }

    /// Tells the terminal who orders right-to-left text, where that is somebody else now; the next frame draws all. One
    /// that knows no modes is told nothing.
    fn order_by(&mut self, bidi: Bidi) -> io::Result<()> {
        let is_told = self.ordered_by.replace(bidi) == Some(bidi);
        if is_told || self.abilities.modes == Modes::None {
            return Ok(());
        }
        let told = if bidi == Bidi::App { SHOW_CELLS_AS_THEY_COME } else { ORDER_CELLS };
        let out = self.screen.terminal.output();
        out.write_all(told.as_bytes())?;
        out.flush()?;
        self.screen = fresh(size(), self.abilities, &self.ending);
        Ok(())
    }

    /// Draws on a terminal of another size from now on.
    pub(super) fn resize(&mut self, size: (u16, u16)) {
        self.screen = fresh(known_size(size), self.abilities, &self.ending);
    }

    /// Rings the terminal's bell; one that has none is silent.
    pub(super) fn bell(&mut self) {
        let out = self.screen.terminal.output();
        // Whoever hears nothing still sees it.
        let _ = out.write_all(b"\x07").and_then(|()| out.flush());
    }

    /// Draws the model, while the terminal is casedesk's.
    pub(super) fn draw(&mut self, model: &Model) -> io::Result<()> {
        if !IS_OURS.load(Ordering::Acquire) {
            return Ok(());
        }
        self.order_by(model.bidi())?;
        let Screen { sheet, terminal } = &mut self.screen;
        let cursor = view(model, sheet);
        sheet.show(terminal, cursor)
    }
}

impl Drop for Surface {
    fn drop(&mut self) {
        give_back();
    }
}

/// Columns and rows; 80x24 where the terminal does not know.
pub(super) fn size() -> (u16, u16) {
    let size = rustix::termios::tcgetwinsize(io::stdout());
    known_size(size.map(|size| (size.ws_col, size.ws_row)).unwrap_or_default())
}

/// The modes of the terminal that was taken, for whoever gives it back.
static TAKEN: OnceLock<Modes> = OnceLock::new();

/// Whether casedesk has the terminal now. Once a panic of some thread has given it back, no frame is drawn over what it
/// said, and it is not given back again: some terminals put the cursor back then, to where the words stand.
static IS_OURS: AtomicBool = AtomicBool::new(false);

fn enter(modes: Modes, ending: &Ending) -> io::Result<()> {
    IS_OURS.store(true, Ordering::Release);
    enable_raw_mode()?;
    let mut out = Output::new(ending.clone());
    match modes {
        // The first frame empties the screen.
        Modes::None => {}
        Modes::Pastes => out.write_all(b"\x1b[?1049h\x1b[?2004h\x1b[?7l")?,
    }
    out.flush()
}

/// A screen that knows nothing of what the terminal shows, and empties it with its first frame.
fn fresh((columns, rows): (u16, u16), abilities: Abilities, ending: &Ending) -> Screen {
    let terminal = Thin::new(Output::new(ending.clone()), abilities, columns, rows);
    Screen { sheet: Sheet::new(Rect::new(0, 0, columns, rows)), terminal }
}

/// Gives the terminal back, for a while or for good. Nothing can be done where that fails: after a hang-up nobody is there to see it.
pub fn give_back() {
    if !IS_OURS.swap(false, Ordering::AcqRel) {
        return;
    }
    let _ = disable_raw_mode();
    let modes = TAKEN.get().copied().unwrap_or(Modes::None);
    let _ = write_restoring(&mut Output::for_last_words(), modes);
}

/// What undoes everything that was set: rows that do not go on in the next, pastes without brackets, letters without marks
/// and lines, cells in the terminal's own order, the first screen, or a clean one where there is no other.
fn write_restoring(out: &mut impl Write, modes: Modes) -> io::Result<()> {
    match modes {
        Modes::None => out.write_all(b"\x1b[r\x1b(B\x1b[m\x1b[H\x1b[J")?,
        Modes::Pastes => {
            let undone = format!("\x1b[?7h\x1b[?2004l{ORDER_CELLS}\x1b[r\x1b(B\x1b[m\x1b[?1049l");
            out.write_all(undone.as_bytes())?;
        }
    }
    out.flush()
}

/// Has a panic of any thread give the terminal back before it says anything, for words in raw mode on the alternate
/// screen would be lost with it.
fn restore_when_panicking() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let say = panic::take_hook();
        panic::set_hook(Box::new(move |information| {
            give_back();
            say(information);
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn giving_the_terminal_back_undoes_all_that_was_set() {
        let restored = |modes| {
            let mut out = Vec::new();
            write_restoring(&mut out, modes).unwrap();
            String::from_utf8(out).unwrap()
        };
        let text = restored(Modes::Pastes);
        for sequence in ["\x1b[?7h", "\x1b[?2004l", ORDER_CELLS, "\x1b[r", "\x1b(B", "\x1b[m"] {
            assert!(text.contains(sequence), "{sequence:?} in {text:?}");
        }
        assert!(text.ends_with("\x1b[?1049l"), "the first screen comes back last: {text:?}");
        let text = restored(Modes::None);
        assert!(!text.contains('?'), "no mode that was not set: {text:?}");
        assert!(text.ends_with("\x1b[H\x1b[J"), "it leaves a clean screen: {text:?}");
    }
}
