//! The sessions that are on at a server: who gets in, who is there, and the end of all of them.

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::crew::Crew;
use super::guest::Guest;
use super::limits::{
    ASKED_AT_ONCE_MAX, DONE_AT_ONCE_MAX, FEED_PAUSE, OFFICE_SESSIONS_MAX, SESSIONS_A_USER_MAX,
    SESSIONS_MAX, SIGN_OF_LIFE,
};
use super::load::Meter;
use super::peer::Peer;
use super::status::ServerStatus;
use super::wire::{PROTOCOL, build};
use crate::desk::DeskError;

/// How many sessions a server lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerOptions {
    /// Sessions at once.
    pub sessions_max: usize,
    /// Sessions at once of one user of the system.
    pub sessions_a_user_max: usize,
    /// Whether whoever stays may take the desk over when the server goes. A daemon comes back itself: everybody waits for it.
    pub has_heirs: bool,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            sessions_max: OFFICE_SESSIONS_MAX,
            sessions_a_user_max: SESSIONS_A_USER_MAX,
            has_heirs: false,
        }
    }
}

impl ServerOptions {
    /// For the desk of one user.
    #[must_use]
    pub fn of_one_user() -> Self {
        Self { sessions_max: SESSIONS_MAX, sessions_a_user_max: SESSIONS_MAX, has_heirs: true }
    }
}

/// The sessions that are on.
pub(super) struct Hall {
    pub(super) options: ServerOptions,
    pub(super) meter: Meter,
    /// Answers questions.
    pub(super) askers: Crew,
    /// Carries out acts, answers questions for files, and what was asked behind them.
    pub(super) doers: Crew,
    guests: Mutex<Guests>,
    /// Somebody came, left or began to watch, or the end has begun.
    is_changed: Condvar,
}

#[derive(Default)]
struct Guests {
    next: u64,
    is_ending: bool,
    here: BTreeMap<u64, Arc<Guest>>,
    of_users: BTreeMap<u32, usize>,
}

impl Guests {
    fn all(&self) -> Vec<Arc<Guest>> {
        self.here.values().cloned().collect()
    }

    fn is_watched(&self) -> bool {
        self.here.values().any(|guest| guest.is_watching())
    }
}

impl Hall {
    pub(super) fn new(options: ServerOptions) -> Self {
        Self {
            options,
            meter: Meter::new(),
            askers: Crew::of(ASKED_AT_ONCE_MAX),
            doers: Crew::of(DONE_AT_ONCE_MAX),
            guests: Mutex::default(),
            is_changed: Condvar::new(),
        }
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        // Guests are only put in and taken out: a holder that panicked left a list that can be used.
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a caller a place, or says why there is none.
    pub(super) fn admit(
        &self,
        stream: UnixStream,
        peer: Peer,
    ) -> Result<Arc<Guest>, (UnixStream, DeskError)> {
        let mut guests = self.guests();
        let own = guests.of_users.get(&peer.uid).copied().unwrap_or_default();
        let (all_max, own_max) = (self.options.sessions_max, self.options.sessions_a_user_max);
        let why = if guests.is_ending {
            "it is being closed: try again in a moment".to_owned()
        } else if guests.here.len() >= all_max {
            format!("{all_max} sessions are open already: leave one, or try again later")
        } else if own >= own_max {
            format!("{own} sessions are open already as this user, and more may not be: leave one")
        } else {
            let call = guests.next;
            let guest = Arc::new(Guest::new(stream, Peer { call, ..peer }));
            guests.next += 1;
            guests.here.insert(call, Arc::clone(&guest));
            guests.of_users.insert(peer.uid, own + 1);
            self.is_changed.notify_all();
            return Ok(guest);
        };
        Err((stream, DeskError::Lost(why)))
    }

    /// Takes back a guest's place.
    pub(super) fn leave(&self, guest: &Guest) {
        let mut guests = self.guests();
        if guests.here.remove(&guest.peer.call).is_some()
            && let Some(own) = guests.of_users.get_mut(&guest.peer.uid)
        {
            *own -= 1;
            if *own == 0 {
                guests.of_users.remove(&guest.peer.uid);
            }
        }
        self.is_changed.notify_all();
    }

    /// Says that somebody watches now.
    pub(super) fn has_watcher(&self) {
        self.is_changed.notify_all();
    }

    /// Tells whoever watches of what changes, every now and then, and whoever waits long for an answer that it is being
    /// worked on, until the end: the one thread that does so for all.
    pub(super) fn cry(&self) {
        let mut guests = self.guests();
        loop {
            let is_idle = |guests: &mut Guests| !guests.is_ending && guests.here.is_empty();
            let woken = self.is_changed.wait_while(guests, is_idle);
            guests = woken.unwrap_or_else(PoisonError::into_inner);
            if guests.is_ending {
                return;
            }
            let here = guests.all();
            drop(guests);
            for guest in here {
                guest.tell();
                guest.give_sign();
            }
            let guests_now = self.guests();
            let is_watched = guests_now.is_watched();
            let pause = if is_watched { FEED_PAUSE } else { SIGN_OF_LIFE / 2 };
            guests = self.wait_while(guests_now, pause, |guests| {
                !guests.is_ending && (is_watched || !guests.is_watched())
            });
        }
    }

    /// Waits while it is so, but no longer than this.
    fn wait_while<'a>(
        &'a self,
        guests: MutexGuard<'a, Guests>,
        longest: Duration,
        is_so: impl Fn(&Guests) -> bool,
    ) -> MutexGuard<'a, Guests> {
        let waited = self.is_changed.wait_timeout_while(guests, longest, |guests| is_so(guests));
        waited.map_or_else(|poisoned| poisoned.into_inner().0, |(guests, _)| guests)
    }

    /// Lets nobody in any more, has those who are here hear the last changes and their answers, and waits for the requests
    /// that are being carried out, but no longer than this; then everybody leaves.
    pub(super) fn end(&self, patience: Duration) {
        let guests = {
            let mut guests = self.guests();
            guests.is_ending = true;
            guests.all()
        };
        self.is_changed.notify_all();
        for guest in &guests {
            guest.tell();
            guest.hear_no_more();
        }
        drop(guests);
        let left = self.wait_while(self.guests(), patience, |guests| !guests.here.is_empty());
        for guest in left.all() {
            guest.cut();
        }
    }

    /// How the server is, for whoever may see everybody, or for this user.
    pub(super) fn status(&self, asker: &Guest, sees_all: bool) -> ServerStatus {
        let guests = self.guests().all();
        let lines = guests.iter().filter(|guest| sees_all || guest.peer.uid == asker.peer.uid);
        ServerStatus {
            build: build(),
            protocol: PROTOCOL,
            process: std::process::id(),
            up_seconds: self.meter.up().as_secs(),
            sessions_open: guests.len() as u64,
            sessions_max: self.options.sessions_max as u64,
            sessions_a_user_max: self.options.sessions_a_user_max as u64,
            sessions: lines.filter_map(|guest| guest.line()).collect(),
            load: self.meter.load(),
            watchers: guests.iter().filter(|guest| guest.is_watching()).count() as u64,
            watchers_behind: guests.iter().filter(|guest| guest.is_behind()).count() as u64,
        }
    }
}
