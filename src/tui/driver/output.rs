//! The way to the terminal, on which nothing waits for ever: a line that is stopped must not keep the program from its end.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Stdout, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Moment};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::termios::ttyname;

use super::input::Keyboard;

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
    line: Line,
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

#[derive(Debug)]
enum Line {
    /// The terminal opened anew, so that writing does not wait there and nobody else's writing is changed by that.
    Own(File),
    /// What the program was given; writing waits.
    Given(Stdout),
}

impl Output {
    /// The terminal, waited for until the program ends.
    pub(super) fn new(meanwhile: Meanwhile) -> Self {
        let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let own =
            ttyname(io::stdout(), Vec::new()).and_then(|name| open(name, flags, Mode::empty()));
        let line = own.map_or_else(|_| Line::Given(io::stdout()), |own| Line::Own(File::from(own)));
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
        let shared = self.meanwhile.keyboard.as_ref();
        let mut keyboard = shared.and_then(|keyboard| keyboard.try_borrow_mut().ok());
        let due = keyboard.as_ref().and_then(|keyboard| keyboard.due_in());
        let wait = due.map_or(LOOK, |due| due.min(LOOK));
        let wait = Timespec::try_from(wait).ok();
        let line = PollFd::from_borrowed_fd(self.line.as_fd(), PollFlags::OUT);
        let (result, found) = match keyboard.as_ref().and_then(|keyboard| keyboard.terminal()) {
            Some(terminal) => {
                let mut both = [line, PollFd::from_borrowed_fd(terminal, PollFlags::IN)];
                let result = poll(&mut both, wait.as_ref());
                let [_, terminal] = both;
                (result, terminal.revents())
            }
            None => (poll(&mut [line], wait.as_ref()), PollFlags::empty()),
        };
        match result {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        if let Some(keyboard) = &mut keyboard {
            keyboard.hear(found);
        }
        Ok(())
    }
}

impl AsFd for Line {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Own(file) => file.as_fd(),
            Self::Given(stdout) => stdout.as_fd(),
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
