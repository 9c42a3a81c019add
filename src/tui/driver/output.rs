//! The way to the terminal, on which nothing waits for ever: a line that is stopped must not keep the program from its end.

use std::cell::RefCell;
use std::io::{self, Stdout, Write};
use std::os::fd::AsFd as _;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Moment};

use rustix::event::{PollFd, PollFlags};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::input::Keyboard;
use super::line::Line;

/// How often whoever waits for a stopped line looks whether the program is ending.
const LOOK: Duration = Duration::from_millis(50);

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
    meanwhile: Meanwhile,
}

/// What goes on while a line that is stopped is waited for.
#[derive(Debug, Clone, Default)]
pub(super) struct Meanwhile {
    /// Whether the program ends.
    pub(super) ending: Ending,
    /// Whose keys are heard meanwhile, if anybody's.
    pub(super) keyboard: Option<Rc<RefCell<Keyboard>>>,
}

impl Output {
    /// The terminal, waited for until the program ends.
    pub(super) fn new(meanwhile: Meanwhile) -> Self {
        let line = Line::of(io::stdout(), OFlags::WRONLY);
        Self { line, meanwhile }
    }

    /// The terminal for the last words, which nobody waits for.
    pub(super) fn for_last_words() -> Self {
        let meanwhile = Meanwhile::default();
        meanwhile.ending.begin();
        Self::new(meanwhile)
    }

    /// Waits a moment for the line, and hears what is typed meanwhile, or that nobody is there any more.
    fn wait(&self, since: Moment) -> io::Result<()> {
        if self.meanwhile.ending.has_begun() && since.elapsed() >= LAST_WORDS {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        let line = PollFd::from_borrowed_fd(self.line.as_fd(), PollFlags::OUT);
        Keyboard::hear_beside(self.meanwhile.keyboard.as_ref(), line, LOOK)?;
        Ok(())
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
