//! One way of the terminal: over a description of our own, on which nothing waits, where there can be one.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::termios::ttyname;

/// The terminal in one direction.
#[derive(Debug)]
pub(super) enum Line<G> {
    /// The terminal opened anew, so that nothing waits there and nobody else's reading or writing is changed by that.
    Own(File),
    /// What the program was given; it waits.
    Given(G),
}

impl<G: AsFd> Line<G> {
    /// The terminal that the program was given, opened anew for reading or writing if that can be.
    pub(super) fn of(given: G, way: OFlags) -> Self {
        let flags = way | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let own =
            ttyname(given.as_fd(), Vec::new()).and_then(|name| open(name, flags, Mode::empty()));
        own.map_or_else(|_| Self::Given(given), |own| Self::Own(File::from(own)))
    }
}

impl<G: AsFd> AsFd for Line<G> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Own(terminal) => terminal.as_fd(),
            Self::Given(given) => given.as_fd(),
        }
    }
}

/// Waits until one of them has something, at most so long; what was found of each. A signal ends the wait with nothing found:
/// whoever waits for longer asks again. Where the system cannot wait, each of them is broken.
pub(super) fn wait_for<const N: usize>(
    mut watched: [PollFd<'_>; N],
    wait: Duration,
) -> [PollFlags; N] {
    // A wait that no clock can measure is one without an end.
    let wait = Timespec::try_from(wait).ok();
    match poll(&mut watched, wait.as_ref()) {
        Ok(_) => watched.map(|watched| watched.revents()),
        Err(Errno::INTR) => [PollFlags::empty(); N],
        Err(_) => [PollFlags::ERR; N],
    }
}
