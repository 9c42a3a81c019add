//! Tells whoever supervises the program how it is, as systemd wants it.

use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Whoever started the program and wants to hear how it is; nobody where `NOTIFY_SOCKET` is not set.
pub(super) struct Supervisor {
    line: Option<(UnixDatagram, SocketAddr)>,
}

impl Supervisor {
    /// The supervisor that the environment names.
    pub(super) fn from_environment() -> Self {
        let address = std::env::var_os("NOTIFY_SOCKET").and_then(|name| address(&name));
        let line = address.and_then(|address| Some((UnixDatagram::unbound().ok()?, address)));
        Self { line }
    }

    /// Says a line such as `READY=1`. A supervisor that does not listen misses it.
    pub(super) fn say(&self, line: &str) {
        if let Some((socket, address)) = &self.line {
            let _heard = socket.send_to_addr(line.as_bytes(), address);
        }
    }
}

/// A path, or with `@` before it a name of the kernel's own.
fn address(name: &std::ffi::OsStr) -> Option<SocketAddr> {
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::SocketAddrExt as _;
        if let Some(name) = name.as_encoded_bytes().strip_prefix(b"@") {
            return SocketAddr::from_abstract_name(name).ok();
        }
    }
    SocketAddr::from_pathname(name).ok()
}
