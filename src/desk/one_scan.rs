//! The one scan of every case's timeline that may be under way at a desk: each reads as much as the disk gives.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::Refusal;

/// Whether a scan is under way.
#[derive(Debug, Default)]
pub(super) struct OneScan(AtomicBool);

/// A scan that is under way, until it is dropped.
pub(super) struct Scanning<'d>(&'d OneScan);

impl OneScan {
    /// Begins a scan.
    ///
    /// # Errors
    /// Another one is under way.
    pub(super) fn begin(&self) -> Result<Scanning<'_>, Refusal> {
        let begun = self.0.compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire);
        begun.map(|_| Scanning(self)).map_err(|_is_busy| {
            Refusal::new(
                "fairness.busy",
                "Somebody has the claims of all cases counted again just now, and one such count runs at a time.",
                "Try again in a moment.",
            )
        })
    }
}

impl Drop for Scanning<'_> {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Release);
    }
}
