//! Who is on the other end of a socket, as the system says it.

use std::os::unix::net::UnixStream;

use super::LinkError;

/// Whoever is on the other end, as the system says it: nothing that they say themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The user's number.
    pub uid: u32,
    /// The process that called, or that began to listen.
    pub process: i32,
    /// The number of the call at this server, from 0.
    pub call: u64,
}

impl Peer {
    /// Whoever is on the other end of `stream`.
    #[cfg(target_os = "linux")]
    pub(super) fn of(stream: &UnixStream) -> Result<Self, LinkError> {
        let credentials = rustix::net::sockopt::socket_peercred(stream).map_err(|errno| {
            LinkError::Io { action: "learn who is calling", source: errno.into() }
        })?;
        let process = credentials.pid.as_raw_nonzero().get();
        Ok(Self { uid: credentials.uid.as_raw(), process, call: 0 })
    }

    /// Elsewhere the socket's permissions and its private directory are the check: everybody who gets in is the user.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of(_stream: &UnixStream) -> Result<Self, LinkError> {
        Ok(Self { uid: rustix::process::geteuid().as_raw(), process: 0, call: 0 })
    }

    /// Whether it is the user as whom this process runs.
    #[must_use]
    pub fn is_same_user(&self) -> bool {
        self.uid == rustix::process::geteuid().as_raw()
    }
}
