//! How many acts are under way at once, from their first reading until they are written. What an act has read is checked when
//! its turn to be written comes: the more are before it, the likelier somebody has changed it, and it is decided again. Without
//! this, an office that asks for more than the machine can do would have it do the same work many times over.

use std::sync::{Condvar, Mutex};

use super::local::lock;

/// Acts that are under way at once, which one sync makes durable together; whoever comes meanwhile waits for one of them.
const UNDER_WAY_MAX: usize = 64;

/// Lets so many in, and the next ones as they leave.
pub(super) struct Turnstile {
    free: Mutex<usize>,
    has_left: Condvar,
}

/// A place among those who act; dropping it gives it to the next.
pub(super) struct Place<'a>(&'a Turnstile);

impl Default for Turnstile {
    fn default() -> Self {
        Self { free: Mutex::new(UNDER_WAY_MAX), has_left: Condvar::new() }
    }
}

impl Turnstile {
    /// Waits for a place. Nobody holds one while they wait for anything but the store.
    pub(super) fn enter(&self) -> Place<'_> {
        let waited = self.has_left.wait_while(lock(&self.free), |free| *free == 0);
        // Whoever panicked has given their place back as they went.
        let mut free = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
        *free -= 1;
        Place(self)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *lock(&self.0.free) += 1;
        self.0.has_left.notify_one();
    }
}
