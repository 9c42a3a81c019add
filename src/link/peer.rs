//! Checks that both ends of a socket belong to the same user.

use std::os::unix::net::UnixStream;

use super::LinkError;

/// Refuses a peer of another user.
#[cfg(target_os = "linux")]
pub(super) fn check_same_user(stream: &UnixStream) -> Result<(), LinkError> {
    let credentials = rustix::net::sockopt::socket_peercred(stream)
        .map_err(|errno| LinkError::Io { action: "learn who is calling", source: errno.into() })?;
    if credentials.uid == rustix::process::geteuid() { Ok(()) } else { Err(LinkError::OtherUser) }
}

/// Elsewhere the socket's permissions and its private directory are the check.
#[cfg(not(target_os = "linux"))]
pub(super) fn check_same_user(_stream: &UnixStream) -> Result<(), LinkError> {
    Ok(())
}
