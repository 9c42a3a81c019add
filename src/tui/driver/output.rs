//! The way to the terminal, on which nothing waits for ever: a line that is stopped must not keep the program from its end.

use std::io::{self, Stdout, Write};
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Moment};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::line::Line;

/// How often whoever waits for a stopped line looks whether the program is ending.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// How long a stopped line is waited for at the end of the program.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Whether the program is ending, for all who may have to wait.
#[derive(Debug, Clone, Default)]
pub(super) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// The program ends now: nobody waits for the terminal any more.
    pub(super) fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it has begun to end.
    pub(super) fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// The terminal as something to write to.
#[derive(Debug)]
pub(super) struct Output {
    line: Line<Stdout>,
    ending: Ending,
}

impl Output {
    /// The terminal, waited for until the program ends.
    pub(super) fn new(ending: Ending) -> Self {
        Self { line: Line::of(io::stdout(), OFlags::WRONLY), ending }
    }

    /// The terminal for the last words, which nobody waits for.
    pub(super) fn for_last_words() -> Self {
        let ending = Ending::default();
        ending.begin();
        Self::new(ending)
    }

    fn wait(&self, since: Moment) -> io::Result<()> {
        if self.ending.has_begun() && since.elapsed() >= LAST_WORDS {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        let mut watched = [PollFd::from_borrowed_fd(self.line.as_fd(), PollFlags::OUT)];
        match poll(&mut watched, Some(&LOOK)) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let since = Moment::now();
        loop {
            match rustix::io::write(&self.line, bytes) {
                Ok(written) => return Ok(written),
                Err(Errno::AGAIN) => self.wait(since)?,
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
