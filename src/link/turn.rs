//! What is being carried out of a conversation: its own thread listens on meanwhile. Whoever is done says so to nobody as long as
//! nobody waits for it: the next thing that the session asks for finds out.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::Errno;

use super::LinkError;
use super::frame::Inbox;

/// Whether the crew is at work for one conversation.
pub(super) struct Turn {
    state: Mutex<State>,
    is_over: Condvar,
    /// Rings where the session's own thread has to see to something although nothing came.
    bell: OwnedFd,
}

enum State {
    /// Nothing is being carried out.
    Free,
    /// What was heard is being carried out; whether the session's own thread waits for the end of it.
    Working { is_awaited: bool },
    /// It went as far as it could.
    Stopped(Stop),
}

/// Where the crew had to stop, for the session's own thread to go on from.
pub(super) struct Stop {
    /// What was heard and not carried out.
    pub(super) rest: Inbox,
    /// What went wrong. Where nothing did, answers wait for the other side to take them.
    pub(super) served: Result<(), LinkError>,
}

/// What a session's own thread is woken by.
pub(super) enum Heard {
    /// Something came over the socket, or its end.
    Socket,
    /// The crew has stopped.
    Bell,
}

impl Turn {
    /// Nothing was heard yet.
    pub(super) fn new() -> Result<Self, LinkError> {
        let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK;
        let failed = LinkError::failed_to("begin a conversation");
        let bell = eventfd(0, flags).map_err(|errno| failed(errno.into()))?;
        Ok(Self { state: Mutex::new(State::Free), is_over: Condvar::new(), bell })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // One state is put in place of another: a holder that panicked left one of them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The crew begins; it is done with what came before.
    pub(super) fn begin(&self) {
        *self.state() = State::Working { is_awaited: false };
    }

    /// The crew is done, or has had to stop.
    pub(super) fn end(&self, stop: Option<Stop>) {
        let is_stopped = stop.is_some();
        let mut state = self.state();
        let is_awaited = matches!(*state, State::Working { is_awaited: true });
        *state = stop.map_or(State::Free, State::Stopped);
        drop(state);
        if is_awaited {
            self.is_over.notify_one();
        } else if is_stopped {
            // A bell that has rung so often that it takes no more is heard.
            let _rung = rustix::io::write(&self.bell, &1_u64.to_ne_bytes());
        }
    }

    /// Waits until the crew is done; where it had to stop, if it did.
    pub(super) fn wait(&self) -> Option<Stop> {
        let mut state = self.state();
        while let State::Working { is_awaited } = &mut *state {
            *is_awaited = true;
            state = self.is_over.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        stopped(&mut state)
    }

    /// Where the crew had to stop, if it did by now.
    pub(super) fn stopped(&self) -> Option<Stop> {
        stopped(&mut self.state())
    }

    /// Waits until something comes over the socket, or the crew stops: until the deadline, where there is one.
    pub(super) fn listen(
        &self,
        stream: &UnixStream,
        deadline: Option<Instant>,
    ) -> Result<Heard, LinkError> {
        let failed = LinkError::failed_to("receive a frame");
        loop {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(failed(std::io::ErrorKind::TimedOut.into()));
            }
            let left = left.and_then(|left| Timespec::try_from(left).ok());
            let mut watched =
                [PollFd::new(&self.bell, PollFlags::IN), PollFd::new(stream, PollFlags::IN)];
            match poll(&mut watched, left.as_ref()) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(errno) => return Err(failed(errno.into())),
            }
            let [bell, socket] = watched.map(|one| !one.revents().is_empty());
            if bell {
                // It is heard by being read.
                let _read = rustix::io::read(&self.bell, &mut [0; size_of::<u64>()]);
                return Ok(Heard::Bell);
            }
            if socket {
                return Ok(Heard::Socket);
            }
        }
    }
}

fn stopped(state: &mut State) -> Option<Stop> {
    match std::mem::replace(state, State::Free) {
        State::Stopped(stop) => Some(stop),
        other @ (State::Free | State::Working { .. }) => {
            *state = other;
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    fn stop() -> Stop {
        Stop { rest: Inbox::default(), served: Err(LinkError::Ended) }
    }

    /// What is heard at a socket over which nothing comes, if anything.
    fn heard(turn: &Turn) -> Option<Heard> {
        let (here, _there) = UnixStream::pair().unwrap();
        turn.listen(&here, Some(Instant::now() + Duration::from_millis(1))).ok()
    }

    #[test]
    fn a_stop_that_nobody_waits_for_rings_and_one_that_is_awaited_does_not() {
        let turn = Arc::new(Turn::new().unwrap());
        turn.begin();
        turn.end(None);
        assert!(heard(&turn).is_none(), "whoever is done says nothing");
        assert!(turn.wait().is_none());

        turn.begin();
        turn.end(Some(stop()));
        assert!(matches!(heard(&turn), Some(Heard::Bell)));
        assert!(turn.stopped().is_some() && turn.stopped().is_none(), "it is taken once");
        assert!(heard(&turn).is_none(), "a bell is heard once");

        turn.begin();
        let waits = std::thread::spawn({
            let turn = Arc::clone(&turn);
            move || turn.wait().is_some()
        });
        while !matches!(*turn.state(), State::Working { is_awaited: true }) {
            std::thread::yield_now();
        }
        turn.end(Some(stop()));
        assert!(waits.join().unwrap());
        assert!(heard(&turn).is_none(), "whoever waited knows");
    }

    #[test]
    fn a_bell_of_a_stop_that_was_taken_already_takes_nothing_from_what_came_after() {
        let turn = Turn::new().unwrap();
        turn.begin();
        turn.end(Some(stop()));
        assert!(turn.wait().is_some());
        turn.begin();
        assert!(matches!(heard(&turn), Some(Heard::Bell)));
        assert!(turn.stopped().is_none(), "the crew is at work");
        turn.end(Some(stop()));
        assert!(turn.wait().is_some());
    }

    #[test]
    fn nothing_that_comes_in_time_is_an_error() {
        let turn = Turn::new().unwrap();
        let (here, _there) = UnixStream::pair().unwrap();
        assert!(turn.listen(&here, Some(Instant::now())).is_err_and(|error| error.is_late()));
    }
}
