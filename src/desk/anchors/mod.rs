//! Anchors: places of the audit chain that are told outside the database, where whoever changes it cannot reach them.
//!
//! A chain alone shows a change in its middle, and neither a cut tail nor a chain that was written anew from some event
//! on. An anchor says which hash an event had at a moment; a chain that says otherwise today was tampered with.

mod anchor;
mod file;
mod keeper;
mod syslog;

pub use anchor::{ANCHORS_MAX, AnchorSheet, ChainAnchor};
pub use file::{ANCHOR_FILE, AnchorFile, read_anchors};
pub use keeper::Anchors;
pub(super) use keeper::EVENTS_PER_ANCHOR;
pub use syslog::{SYSLOG_SOCKET, Syslog};

/// Somebody who keeps anchors.
pub trait AnchorSink: Send {
    /// Takes an anchor over; when it returns, the anchor is kept.
    ///
    /// # Errors
    /// Why not, in a sentence; the sink is asked again with the next anchor.
    fn keep(&mut self, anchor: &ChainAnchor) -> Result<(), String>;

    /// The newest event that this sink has an anchor of, where it can say so.
    fn newest(&self) -> Option<u64> {
        None
    }
}
