//! Ends a program whose database has stopped: another process gets further, and nothing that was acknowledged is lost.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::output;
use crate::desk::{Level, LocalDesk};
use crate::store::SledStore;
use crate::tui;

/// How often it is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// After so long a write does not come back: one takes milliseconds, and seconds on a disk that is about to fail.
const STOPPED: Duration = Duration::from_secs(120);
/// The code of a program that may be started again at once, as sysexits has it (EX_TEMPFAIL).
const EXIT_AGAIN: i32 = 75;

/// Looks at a database as long as it is held.
pub(super) struct Watch {
    bell: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Watches the database of a desk. Where no thread can be had, nobody watches.
    pub(super) fn over(store: &Arc<SledStore>, desk: &Arc<LocalDesk>) -> Self {
        let (store, desk) = (Arc::downgrade(store), Arc::downgrade(desk));
        let at_it_for = move || store.upgrade().map_or(Duration::ZERO, |store| store.at_it_for());
        Self::start(LOOK, at_it_for, move |lasts| end(&desk, lasts))
    }

    fn start(
        every: Duration,
        at_it_for: impl Fn() -> Duration + Send + 'static,
        give_up: impl FnOnce(Duration) + Send + 'static,
    ) -> Self {
        let (bell, rung) = channel::<()>();
        let look = move || {
            while rung.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let lasts = at_it_for();
                if lasts >= STOPPED {
                    return give_up(lasts);
                }
            }
        };
        let thread = Builder::new().name("store watch".to_owned()).spawn(look).ok();
        Self { bell: Some(bell), thread }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.bell = None;
        if let Some(thread) = self.thread.take() {
            // One that panicked looks at nothing any more.
            let _ended = thread.join();
        }
    }
}

/// Says why, and ends at once: what would close the database in order waits for it.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever would return to main waits for the database"
)]
fn end(desk: &Weak<LocalDesk>, lasts: Duration) {
    let words = format!(
        "the database has not come back from a write for {} s, so that this process ends; what was acknowledged is in the \
         journal, and the next start has it",
        lasts.as_secs()
    );
    if let Some(desk) = desk.upgrade() {
        desk.note(Level::Error, &words);
    }
    tui::give_back_terminal();
    output::tell(&format!("casedesk: {words}. Start casedesk again."));
    std::process::exit(EXIT_AGAIN);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn a_write_that_does_not_come_back_is_given_up_and_one_that_does_is_not() {
        let (seconds, looked) = channel();
        let (told, given_up) = channel();
        let lasts = move || Duration::from_secs(looked.recv().unwrap_or_default());
        let watch = Watch::start(Duration::from_millis(1), lasts, move |lasts| {
            told.send(lasts).unwrap();
        });
        for lasts in [0, 119, 0, 120] {
            seconds.send(lasts).unwrap();
        }
        assert_eq!(given_up.recv(), Ok(Duration::from_secs(120)));
        drop((seconds, watch));
        assert!(given_up.recv().is_err());
    }
}
