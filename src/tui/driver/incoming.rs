//! What comes to the loop: from the terminal, which it hears itself, so that no key waits for one thread to wake another;
//! and from the threads beside it, which wake it.

use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant as Moment};

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd};

use super::super::screen::Msg;
use super::input::{Keyboard, Typed};
use super::line::wait_for;
use super::plain::Entered;

/// What waits for the loop; whoever has more waits until there is room.
const INCOMING_MAX: usize = 1_024;

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
    bell: Arc<OwnedFd>,
}

/// What the loop hears.
pub(super) struct Ears {
    told: Receiver<Incoming>,
    bell: Arc<OwnedFd>,
    keyboard: Option<Arc<Keyboard>>,
    /// Whether the keyboard comes first; they take turns, so that neither keeps the other waiting.
    is_keyboards_turn: bool,
    /// Whether the end was told, and comes once all that was typed before is taken.
    is_ending: bool,
}

/// A way to the loop, and its end.
///
/// # Errors
/// The system gives no more descriptions.
pub(super) fn way() -> io::Result<(Teller, Ears)> {
    let (sender, told) = sync_channel(INCOMING_MAX);
    // It is read once for each ring.
    let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK | EventfdFlags::SEMAPHORE;
    let bell = Arc::new(eventfd(0, flags)?);
    let ears = Ears {
        told,
        bell: Arc::clone(&bell),
        keyboard: None,
        is_keyboards_turn: false,
        is_ending: false,
    };
    Ok((Teller { sender, bell }, ears))
}

impl Teller {
    /// Tells the loop, once there is room; whether it still listens.
    pub(super) fn tell(&self, incoming: Incoming) -> bool {
        let is_heard = self.sender.send(incoming).is_ok();
        self.ring();
        is_heard
    }

    /// Tells the loop where there is room at once; whether there was.
    pub(super) fn try_tell(&self, incoming: Incoming) -> bool {
        let is_heard = self.sender.try_send(incoming).is_ok();
        self.ring();
        is_heard
    }

    /// Rings once. A bell that has rung so often that it takes no more is heard.
    fn ring(&self) {
        let _rung = rustix::io::write(&self.bell, &1_u64.to_ne_bytes());
    }
}

impl Ears {
    /// Hears the terminal from now on.
    pub(super) fn listen_to(&mut self, keyboard: Arc<Keyboard>) {
        self.keyboard = Some(keyboard);
    }

    /// The next that comes; nothing where nothing does until then.
    pub(super) fn next(&mut self, until: Moment) -> Option<Incoming> {
        let mut has_rung = false;
        loop {
            let came = self.waiting();
            let left = until.saturating_duration_since(Moment::now());
            if came.is_some() || left.is_zero() {
                return came;
            }
            if has_rung {
                // For something that was taken before its ring was heard.
                self.hear_ring();
            }
            has_rung = self.listen(left);
        }
    }

    /// The next that was told or heard and waits. The system is not asked for more.
    pub(super) fn waiting(&mut self) -> Option<Incoming> {
        self.is_keyboards_turn = !self.is_keyboards_turn;
        let came = if self.is_ending {
            self.typed()
        } else if self.is_keyboards_turn {
            self.typed().or_else(|| self.told())
        } else {
            self.told().or_else(|| self.typed())
        };
        if matches!(came, Some(Incoming::End)) {
            let typed = self.typed();
            self.is_ending = typed.is_some();
            return typed.or(came);
        }
        came.or_else(|| std::mem::take(&mut self.is_ending).then_some(Incoming::End))
    }

    fn told(&self) -> Option<Incoming> {
        let told = self.told.try_recv().ok()?;
        self.hear_ring();
        Some(told)
    }

    fn hear_ring(&self) {
        // Where it has not rung yet, it will.
        let _read = rustix::io::read(&self.bell, &mut [0; size_of::<u64>()]);
    }

    fn typed(&self) -> Option<Incoming> {
        self.keyboard.as_ref()?.next()
    }

    /// Waits until something comes, at most so long; whether something was told.
    fn listen(&self, wait: Duration) -> bool {
        let bell = PollFd::from_borrowed_fd(self.bell.as_fd(), PollFlags::IN);
        if let Some(keyboard) = &self.keyboard {
            return keyboard.hear_beside(bell, wait);
        }
        let [bell] = wait_for([bell], wait);
        !bell.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

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
    fn the_end_comes_after_all_that_was_typed_before_it() {
        let (typed_at, mut typing) = io::pipe().unwrap();
        let keyboard = Keyboard::heard_on(OwnedFd::from(typed_at));
        let (teller, mut ears) = way().unwrap();
        ears.listen_to(Arc::clone(&keyboard));
        for _ in 0..3 {
            typing.write_all(b"j").unwrap();
            keyboard.hear_in_its_stead();
        }
        assert!(teller.tell(Incoming::End));
        for _ in 0..3 {
            assert!(matches!(ears.waiting(), Some(Incoming::Typed(_))));
        }
        assert!(matches!(ears.waiting(), Some(Incoming::End)));
        assert!(ears.waiting().is_none());
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
    }
}
