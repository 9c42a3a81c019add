//! Ends a program whose database has stopped: another process gets further, and nothing that was acknowledged is lost.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::error::EXIT_AGAIN;
use super::output;
use crate::desk::{Level, LocalDesk};
use crate::store::SledStore;
use crate::tui;

/// How often it is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// Looks in a row that find the same write: two minutes, where a write takes milliseconds, and seconds on a disk that is about
/// to fail. Looks are counted and no time, so that a program that was stopped itself for a while, and its watch with it, goes on.
const LOOKS_MAX: u32 = 24;
/// How long the last words may take.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Looks at a database as long as it is held.
pub(super) struct Watch {
    bell: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Watches the database of a desk. Where no thread can be had, nobody watches.
    pub(super) fn over(store: &Arc<SledStore>, desk: &Arc<LocalDesk>) -> Self {
        let (store, desk) = (Arc::downgrade(store), Arc::downgrade(desk));
        let under_way = move || store.upgrade().and_then(|store| store.write_under_way());
        Self::start(LOOK, under_way, move || end(desk))
    }

    fn start(
        every: Duration,
        under_way: impl Fn() -> Option<u64> + Send + 'static,
        give_up: impl FnOnce() + Send + 'static,
    ) -> Self {
        let (bell, rung) = channel::<()>();
        let look = move || {
            let (mut seen, mut looks) = (None, 0);
            while rung.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let write = under_way();
                looks = if write.is_some() && write == seen { looks + 1 } else { 0 };
                seen = write;
                if looks >= LOOKS_MAX {
                    return give_up();
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

/// Says why, as far as anybody takes the words, and ends: what would close the database in order waits for it.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever would return to main waits for the database"
)]
fn end(desk: Weak<LocalDesk>) {
    let (done, said) = channel();
    let say = move || {
        let words = "the database has not come back from a write for two minutes, so that this process ends; what was \
                     acknowledged is in the journal, and the next start has it";
        if let Some(desk) = desk.upgrade() {
            desk.note(Level::Error, words);
        }
        tui::give_back_terminal();
        output::tell(&format!("casedesk: {words}. Start casedesk again."));
        // Nobody waits any more where it took too long.
        let _heard = done.send(());
    };
    let speaking = Builder::new().name("last words".to_owned()).spawn(say);
    if speaking.is_ok() {
        let _said_or_not = said.recv_timeout(LAST_WORDS);
    }
    std::process::exit(EXIT_AGAIN.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the watch does of these looks, one after the other, and then of nothing more under way.
    fn gives_up(looks: impl IntoIterator<Item = Option<u64>> + Send + 'static) -> bool {
        let (told, given_up) = channel();
        let seen = told.clone();
        let looks = std::sync::Mutex::new(looks.into_iter().collect::<Vec<_>>().into_iter());
        let look = move || {
            looks.lock().unwrap().next().unwrap_or_else(|| {
                let _over = seen.send(false);
                None
            })
        };
        let _watch = Watch::start(Duration::from_millis(1), look, move || {
            told.send(true).unwrap();
        });
        given_up.recv().unwrap()
    }

    #[test]
    fn a_write_that_does_not_come_back_is_given_up_and_many_that_do_are_not() {
        assert!(gives_up(vec![Some(7); 25]));
        assert!(!gives_up(vec![Some(7); 24]), "it has come back after two minutes");
        assert!(!gives_up((0..100).map(Some).collect::<Vec<_>>()));
        assert!(!gives_up(vec![None; 100]));
    }
}
