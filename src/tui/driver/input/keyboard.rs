//! The terminal's keys for the loop, which hears them itself: what was typed is kept here until its turn comes.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Stdin};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::rc::Rc;
use std::time::{Duration, Instant as Moment};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::super::incoming::Incoming;
use super::super::line::Line;
use super::super::output::Ending;
use super::decoder::Decoder;
use super::reader::{Heard, LOT_BYTES_MAX, next_lot, take_all};
use super::typed::Typed;

/// Lots that are kept, as while a line that is stopped keeps the loop from them; what is more waits in the system.
const KEPT_MAX: usize = 1_024;

/// The terminal's keys. It is heard whenever the loop waits, for keys or for a line that takes no frame, so that what
/// comes in time is understood by its time.
#[derive(Debug)]
pub(in crate::tui::driver) struct Keyboard {
    line: Line<Stdin>,
    decoder: Decoder,
    bytes: Vec<u8>,
    /// When the last byte came.
    last: Moment,
    /// How long nothing may come before the decoder is told.
    deadline: Option<Duration>,
    kept: VecDeque<Vec<Typed>>,
    is_gone: bool,
    /// Whether it was told that the terminal is gone.
    is_end_told: bool,
    ending: Ending,
}

impl Keyboard {
    /// The terminal's keys, with so long a wait for what follows an Esc. A terminal that is gone ends the program.
    pub(in crate::tui::driver) fn new(escape_delay: Duration, ending: Ending) -> Self {
        let line = Line::of(io::stdin(), OFlags::RDONLY);
        Self::on(line, escape_delay, ending)
    }

    fn on(line: Line<Stdin>, escape_delay: Duration, ending: Ending) -> Self {
        Self {
            line,
            decoder: Decoder::new(escape_delay),
            bytes: vec![0; LOT_BYTES_MAX],
            last: Moment::now(),
            deadline: None,
            kept: VecDeque::new(),
            is_gone: false,
            is_end_told: false,
            ending,
        }
    }

    /// What is to be watched for bytes; nothing where the terminal is gone, or enough is kept.
    pub(in crate::tui::driver) fn terminal(&self) -> Option<BorrowedFd<'_>> {
        let is_heard = !self.is_gone && self.kept.len() < KEPT_MAX;
        is_heard.then(|| self.line.as_fd())
    }

    /// How long may be waited before [`Keyboard::hear`] is called though nothing comes.
    pub(in crate::tui::driver) fn due_in(&self) -> Option<Duration> {
        let deadline = self.deadline.filter(|_| self.terminal().is_some())?;
        Some(deadline.saturating_sub(self.last.elapsed()))
    }

    /// Waits for something else, at most so long and no longer than something is typed, if anybody types; hears what was
    /// typed, and says what was found of the other. A signal ends the wait, too.
    pub(in crate::tui::driver) fn hear_beside(
        keyboard: Option<&Rc<RefCell<Self>>>,
        other: PollFd<'_>,
        wait: Duration,
    ) -> rustix::io::Result<PollFlags> {
        let mut keyboard = keyboard.and_then(|shared| shared.try_borrow_mut().ok());
        let due = keyboard.as_ref().and_then(|keyboard| keyboard.due_in());
        // A wait that no clock can measure is one without an end.
        let wait = Timespec::try_from(due.map_or(wait, |due| due.min(wait))).ok();
        let terminal = keyboard.as_ref().and_then(|keyboard| keyboard.terminal());
        let terminal = terminal.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN));
        let is_terminal_watched = terminal.is_some();
        let mut watched = [terminal.unwrap_or_else(|| other.clone()), other];
        let polled = poll(&mut watched, wait.as_ref());
        let [typed, other] = watched.map(|watched| watched.revents());
        let (typed, other) = match polled {
            Ok(_) => (typed, other),
            Err(Errno::INTR) => (PollFlags::empty(), PollFlags::empty()),
            Err(error) => return Err(error),
        };
        if let Some(keyboard) = &mut keyboard {
            keyboard.hear(if is_terminal_watched { typed } else { PollFlags::empty() });
        }
        Ok(other)
    }

    /// Takes what has come, by what was found of the terminal, or notes that nothing did.
    pub(in crate::tui::driver) fn hear(&mut self, found: PollFlags) {
        let typed = if found.is_empty() {
            let so_far = self.last.elapsed();
            if self.deadline.is_none_or(|deadline| so_far < deadline) {
                return;
            }
            self.decoder.silence(so_far)
        } else {
            match self.read(found) {
                Heard::Bytes(length) => {
                    self.last = Moment::now();
                    self.decoder.take(self.bytes.get(..length).unwrap_or_default())
                }
                Heard::Silence => return,
                Heard::Gone => {
                    self.is_gone = true;
                    self.ending.begin();
                    return;
                }
            }
        };
        self.deadline = self.decoder.deadline();
        if !typed.is_empty() {
            self.kept.push_back(typed);
        }
    }

    /// The next lot that was typed; once none is left and the terminal is gone, that the program is to end.
    pub(in crate::tui::driver) fn next(&mut self) -> Option<Incoming> {
        let typed = self.kept.pop_front().map(Incoming::Typed);
        let is_end = typed.is_none() && self.is_gone && !self.is_end_told;
        self.is_end_told |= is_end;
        typed.or_else(|| is_end.then_some(Incoming::End))
    }

    fn read(&mut self, found: PollFlags) -> Heard {
        match &self.line {
            Line::Given(stdin) => next_lot(stdin, &mut self.bytes, Some(Duration::ZERO)),
            Line::Own(_) if !found.contains(PollFlags::IN) => Heard::Gone,
            Line::Own(terminal) => take_all(&mut self.bytes, |room, _| read_now(terminal, room)),
        }
    }
}

/// Takes what is there, without waiting.
fn read_now(terminal: &File, room: &mut [u8]) -> Heard {
    loop {
        match rustix::io::read(terminal, &mut *room) {
            Ok(read) if read > 0 => return Heard::Bytes(read),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => return Heard::Silence,
            Ok(_) | Err(_) => return Heard::Gone,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{PipeWriter, Write as _};
    use std::os::fd::OwnedFd;

    use rustix::io::ioctl_fionbio;

    use super::*;
    use crate::keymap::{Key, KeyCode};

    /// A keyboard, whoever types on it, and whether the program is to end.
    fn keyboard() -> (Keyboard, PipeWriter, Ending) {
        let (end, typing) = io::pipe().unwrap();
        ioctl_fionbio(&end, true).unwrap();
        let ending = Ending::default();
        let line = Line::Own(File::from(OwnedFd::from(end)));
        (Keyboard::on(line, Duration::from_millis(1), ending.clone()), typing, ending)
    }

    /// Hears as the loop does while it waits.
    fn hear(keyboard: &mut Keyboard) {
        let wait = keyboard.due_in().unwrap_or(Duration::from_secs(60));
        let terminal = keyboard.terminal().expect("it is heard");
        let mut watched = [PollFd::from_borrowed_fd(terminal, PollFlags::IN)];
        poll(&mut watched, Timespec::try_from(wait).ok().as_ref()).unwrap();
        let [watched] = watched;
        let found = watched.revents();
        keyboard.hear(found);
    }

    fn keys(keyboard: &mut Keyboard) -> Vec<Key> {
        let Some(Incoming::Typed(lot)) = keyboard.next() else { return Vec::new() };
        let key = |typed| if let Typed::Key(key) = typed { Some(key) } else { None };
        lot.into_iter().filter_map(key).collect()
    }

    #[test]
    fn what_comes_while_the_loop_waits_for_a_line_is_kept_and_understood_by_its_time() {
        let (mut keyboard, mut typing, _) = keyboard();
        typing.write_all(b"\x1b").unwrap();
        hear(&mut keyboard);
        assert!(keyboard.next().is_none(), "it may be the beginning of a sequence");
        while keyboard.kept.is_empty() {
            hear(&mut keyboard);
        }
        typing.write_all(b"j").unwrap();
        hear(&mut keyboard);
        assert_eq!(keys(&mut keyboard), [Key::plain(KeyCode::Esc)], "no Alt-j");
        assert_eq!(keys(&mut keyboard), [Key::plain(KeyCode::Char('j'))]);
        assert!(keyboard.next().is_none());
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for_and_nothing_of_it_is_lost() {
        let (mut keyboard, mut typing, _) = keyboard();
        for _ in 0..KEPT_MAX {
            typing.write_all(b"\x1b[A").unwrap();
            hear(&mut keyboard);
        }
        typing.write_all(b"j").unwrap();
        assert!(keyboard.terminal().is_none(), "the rest waits where it is");
        for _ in 0..KEPT_MAX {
            assert_eq!(keys(&mut keyboard), [Key::plain(KeyCode::Up)]);
        }
        hear(&mut keyboard);
        assert_eq!(keys(&mut keyboard), [Key::plain(KeyCode::Char('j'))]);
    }

    #[test]
    fn a_terminal_that_is_gone_ends_the_program_once_what_was_typed_is_taken() {
        let (mut keyboard, mut typing, ending) = keyboard();
        typing.write_all(b"j").unwrap();
        drop(typing);
        hear(&mut keyboard);
        while keyboard.terminal().is_some() {
            hear(&mut keyboard);
        }
        assert!(ending.has_begun(), "nobody waits for the terminal any more");
        assert_eq!(keys(&mut keyboard), [Key::plain(KeyCode::Char('j'))]);
        assert!(matches!(keyboard.next(), Some(Incoming::End)));
        assert!(keyboard.next().is_none(), "it is said once");
    }
}
