//! The system's log as a place for anchors, which somebody else's daemon keeps and often sends to another machine.
//!
//! A datagram in the form of RFC 3164, `<PRI>TAG: text`, is all that it takes, and is what every daemon behind `/dev/log`
//! understands (journald reads nothing newer); so no crate is used. The time is left out: the daemon puts its own there,
//! and ours, in UTC, stands in the anchor.

use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use super::AnchorSink;
use super::anchor::ChainAnchor;

/// Where the system's log listens.
pub const SYSLOG_SOCKET: &str = "/dev/log";

/// Facility `authpriv` (10), which only administrators read, and severity `info` (6).
const PRIORITY: u8 = 10 * 8 + 6;

/// The system's log.
#[derive(Debug, Clone)]
pub struct Syslog {
    socket: PathBuf,
    data: String,
}

impl Syslog {
    /// The log that listens at `socket`; `data` is the data directory that the anchors are of, which each message names.
    #[must_use]
    pub fn new(socket: PathBuf, data: &Path) -> Self {
        Self { socket, data: data.display().to_string() }
    }

    /// Whether anything is there to listen.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.socket.exists()
    }
}

impl AnchorSink for Syslog {
    fn keep(&mut self, anchor: &ChainAnchor) -> Result<(), String> {
        let message = format!("<{PRIORITY}>casedesk: anchor {} of {}", anchor.line(), self.data);
        let send = || {
            let socket = UnixDatagram::unbound()?;
            // A log that does not keep up is asked again with the next anchor, rather than waited for.
            socket.set_nonblocking(true)?;
            socket.send_to(message.as_bytes(), &self.socket)
        };
        let told = |error| format!("cannot write to {}: {error}", self.socket.display());
        send().map(drop).map_err(told)
    }
}
