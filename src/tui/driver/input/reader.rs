//! Reads what is there at the terminal, and tells how long nothing came.

use std::io::{self, Stdin};
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant as Moment};

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;

use super::super::line::wait_for;

/// Bytes that are taken together where they wait together, so that a held key costs one frame and not thirty.
pub(super) const LOT_BYTES_MAX: usize = 4_096;

/// What came of waiting for the terminal.
pub(super) enum Heard {
    /// Bytes; so many.
    Bytes(usize),
    /// Nothing, for as long as one may wait.
    Silence,
    /// The terminal is gone.
    Gone,
}

/// What the terminal sent, or that it sent nothing.
pub(in crate::tui::driver) enum Lot<'a> {
    /// Bytes that came together.
    Bytes(&'a [u8]),
    /// Nothing came for so long since the last of them.
    Silence(Duration),
}

/// Hands on what the terminal sends until it is gone, or until `hear` says that it has heard enough; it says also after how
/// much silence it wants to be told of it.
pub(in crate::tui::driver) fn listen(mut hear: impl FnMut(Lot<'_>) -> (bool, Option<Duration>)) {
    let terminal = io::stdin();
    let mut bytes = [0; LOT_BYTES_MAX];
    let mut last = Moment::now();
    let mut deadline: Option<Duration> = None;
    loop {
        let wait = deadline.map(|deadline| deadline.saturating_sub(last.elapsed()));
        let (goes_on, next) = match next_lot(&terminal, &mut bytes, wait) {
            Heard::Gone => return,
            Heard::Silence => {
                // A clock that is coarser than the wait must not ask twice.
                let so_far = last.elapsed().max(deadline.unwrap_or_default());
                hear(Lot::Silence(so_far))
            }
            Heard::Bytes(length) => {
                last = Moment::now();
                hear(Lot::Bytes(bytes.get(..length).unwrap_or_default()))
            }
        };
        if !goes_on {
            return;
        }
        deadline = next;
    }
}

/// Waits for bytes and takes all that are there.
pub(super) fn next_lot(terminal: &Stdin, bytes: &mut [u8], wait: Option<Duration>) -> Heard {
    let mut length = 0;
    loop {
        let wait = if length > 0 { Some(Duration::ZERO) } else { wait };
        let room = bytes.get_mut(length..).unwrap_or_default();
        if room.is_empty() {
            return Heard::Bytes(length);
        }
        match read_some(terminal, room, wait) {
            Heard::Bytes(read) => length += read,
            // A terminal that is gone says so again.
            Heard::Silence | Heard::Gone if length > 0 => return Heard::Bytes(length),
            nothing => return nothing,
        }
    }
}

fn read_some(terminal: &Stdin, room: &mut [u8], wait: Option<Duration>) -> Heard {
    let began = Moment::now();
    loop {
        let left = wait.map_or(Duration::MAX, |wait| wait.saturating_sub(began.elapsed()));
        let [found] = wait_for([PollFd::from_borrowed_fd(terminal.as_fd(), PollFlags::IN)], left);
        if found.contains(PollFlags::IN) {
            match rustix::io::read(terminal.as_fd(), &mut *room) {
                Ok(0) => return Heard::Gone,
                Ok(read) => return Heard::Bytes(read),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return Heard::Gone,
            }
        } else if !found.is_empty() {
            return Heard::Gone;
        } else if wait.is_some_and(|wait| began.elapsed() >= wait) {
            return Heard::Silence;
        }
    }
}
