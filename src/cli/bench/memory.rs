//! What one session takes of the machine's memory, counted at real clients.

use serde::Serialize;

use super::machine::{rollup_kb, status_kb};
use super::screens::Screens;
use super::seats::Daemon;
use crate::cli::error::CliError;
use crate::cli::long::rounded;

/// Kilobytes of a megabyte.
const MB: f64 = 1_000.0;

/// The memory of one of many sessions, in megabytes.
#[derive(Debug, Serialize)]
pub(super) struct PerSession {
    sessions: usize,
    /// A client's own, and its part of what it shares with others (PSS), in the mean.
    client_mb: f64,
    /// What of that no file holds: nobody shares it, however many sessions there are.
    client_anonymous_mb: f64,
    /// What the daemon takes more for each.
    daemon_mb: f64,
    /// All that a session takes, besides `sshd`.
    session_mb: f64,
}

/// Opens a real client for each session, each with its board drawn and a file opened, and counts what they take.
///
/// # Errors
/// There are no terminals for so many, a client does not draw, or the system does not say what a process takes.
pub(super) fn measure(daemon: &Daemon, sessions: usize) -> Result<PerSession, CliError> {
    let before = status_kb(daemon.process(), "VmRSS")?;
    let mut screens = Screens::open(daemon, sessions)?;
    // The queue of the unit, and its first case.
    screens.press("2")?;
    screens.press("\r")?;
    let (mut client, mut anonymous) = (0, 0);
    for process in screens.processes() {
        client += rollup_kb(process, "Pss")?;
        anonymous += rollup_kb(process, "Anonymous")?;
    }
    let more = status_kb(daemon.process(), "VmRSS")?.saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "kilobytes of processes")]
    let each = |kilobytes: u64| kilobytes as f64 / sessions as f64 / MB;
    Ok(PerSession {
        sessions,
        client_mb: rounded(each(client)),
        client_anonymous_mb: rounded(each(anonymous)),
        daemon_mb: rounded(each(more)),
        session_mb: rounded(each(client + more)),
    })
}

impl PerSession {
    /// What is said of it.
    pub(super) fn lines(&self) -> Vec<String> {
        vec![
            format!("{} sessions, each with its board and one file opened", self.sessions),
            format!(
                "a client takes {} MB, of which nobody else has {} MB; the daemon takes {} MB more for it",
                self.client_mb, self.client_anonymous_mb, self.daemon_mb
            ),
            format!("{} MB a session", self.session_mb),
        ]
    }
}
