//! What comes to the loop: from the terminal, which it hears itself, so that no key waits for one thread to wake another;
//! and from the threads beside it, which wake it.

use std::cell::RefCell;
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::AsFd as _;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::time::{Duration, Instant as Moment};

use rustix::event::{PollFd, PollFlags};
use rustix::io::ioctl_fionbio;

use super::super::screen::Msg;
use super::input::{Keyboard, Typed};
use super::plain::Entered;

/// What waits for the loop; whoever has more waits until there is room.
const INCOMING_MAX: usize = 1_024;

/// Wakes that are taken together.
const WAKES_MAX: usize = 64;

/// What comes to the loop.
pub(super) enum Incoming {
    /// Typed at the terminal, all that was waiting.
    Typed(Vec<Typed>),
    /// Told by the desk.
    Told(Msg),
    /// The program is to end: the terminal is gone, or somebody said so.
    End,
    /// The terminal has another size.
    Resized,
    /// The program was stopped and goes on; what the terminal shows is somebody else's.
    Continued,
    /// Something is broken for good.
    Failed(String),
    /// Entered as a line, in the plain mode.
    Entered(Entered),
}

/// The way to the loop for another thread.
#[derive(Clone)]
pub(super) struct Teller {
    sender: SyncSender<Incoming>,
    wake: Arc<PipeWriter>,
}

/// What the loop hears.
pub(super) struct Ears {
    told: Receiver<Incoming>,
    wakes: PipeReader,
    keyboard: Option<Rc<RefCell<Keyboard>>>,
    /// Whether the keyboard comes first; they take turns, so that neither keeps the other waiting.
    is_keyboards_turn: bool,
}

/// A way to the loop, and its end.
///
/// # Errors
/// The system gives no pipe.
pub(super) fn way() -> io::Result<(Teller, Ears)> {
    let (sender, told) = sync_channel(INCOMING_MAX);
    let (wakes, wake) = io::pipe()?;
    ioctl_fionbio(&wakes, true)?;
    ioctl_fionbio(&wake, true)?;
    let ears = Ears { told, wakes, keyboard: None, is_keyboards_turn: false };
    Ok((Teller { sender, wake: Arc::new(wake) }, ears))
}

impl Teller {
    /// Tells the loop, once there is room; whether it still listens.
    pub(super) fn tell(&self, incoming: Incoming) -> bool {
        let is_heard = self.sender.send(incoming).is_ok();
        self.wake_for(is_heard)
    }

    /// Tells the loop where there is room at once; whether there was.
    pub(super) fn try_tell(&self, incoming: Incoming) -> bool {
        let is_heard = self.sender.try_send(incoming).is_ok();
        self.wake_for(is_heard)
    }

    fn wake_for(&self, is_heard: bool) -> bool {
        if is_heard {
            // A pipe that is full wakes the loop as well.
            let _ = rustix::io::write(&self.wake, &[0]);
        }
        is_heard
    }
}

impl Ears {
    /// Hears the terminal from now on.
    pub(super) fn listen_to(&mut self, keyboard: &Rc<RefCell<Keyboard>>) {
        self.keyboard = Some(Rc::clone(keyboard));
    }

    /// The next that comes; nothing where nothing does until then. A moment that is past asks for what is there.
    pub(super) fn next(&mut self, until: Moment) -> Option<Incoming> {
        let mut came = self.by_turns();
        let mut has_listened = self.is_keyboards_turn;
        while came.is_none() {
            let left = until.saturating_duration_since(Moment::now());
            if left.is_zero() && has_listened {
                break;
            }
            self.listen(left);
            has_listened = true;
            came = self.typed().or_else(|| self.told());
        }
        came
    }

    fn by_turns(&mut self) -> Option<Incoming> {
        self.is_keyboards_turn = !self.is_keyboards_turn;
        if self.is_keyboards_turn {
            self.listen(Duration::ZERO);
            return self.typed().or_else(|| self.told());
        }
        self.told().or_else(|| self.typed())
    }

    fn told(&self) -> Option<Incoming> {
        match self.told.try_recv() {
            Ok(incoming) => Some(incoming),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Incoming::End),
        }
    }

    fn typed(&self) -> Option<Incoming> {
        self.keyboard.as_ref()?.try_borrow_mut().ok()?.next()
    }

    /// Waits until something comes, at most so long.
    fn listen(&self, wait: Duration) {
        let wakes = PollFd::from_borrowed_fd(self.wakes.as_fd(), PollFlags::IN);
        let found = Keyboard::hear_beside(self.keyboard.as_ref(), wakes, wait);
        if found.is_ok_and(|found| !found.is_empty()) {
            // What is left wakes once more.
            let _ = rustix::io::read(&self.wakes, &mut [0; WAKES_MAX]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than anything is waited for.
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn what_another_thread_tells_ends_the_wait_and_comes_in_its_order() {
        let (teller, mut ears) = way().unwrap();
        assert!(ears.next(Moment::now()).is_none());
        let told = std::thread::spawn(move || {
            assert!(teller.tell(Incoming::Resized));
            assert!(teller.tell(Incoming::Continued));
            teller
        });
        let until = Moment::now() + LONG;
        assert!(matches!(ears.next(until), Some(Incoming::Resized)));
        assert!(matches!(ears.next(until), Some(Incoming::Continued)));
        assert!(Moment::now() < until);
        let teller = told.join().unwrap();
        assert!(ears.next(Moment::now()).is_none());
        drop(ears);
        assert!(!teller.tell(Incoming::End), "nobody listens any more");
    }

    #[test]
    fn as_much_may_wait_as_there_is_room_for() {
        let (teller, mut ears) = way().unwrap();
        for _ in 0..INCOMING_MAX {
            assert!(teller.try_tell(Incoming::Resized));
        }
        assert!(!teller.try_tell(Incoming::Resized));
        for _ in 0..INCOMING_MAX {
            assert!(ears.next(Moment::now()).is_some());
        }
        assert!(ears.next(Moment::now()).is_none());
        drop(teller);
        assert!(matches!(ears.next(Moment::now()), Some(Incoming::End)), "nobody is left to tell");
    }
}
