//! Makes and finds sockets: the one of a data directory, however long its path is, and the one of an office's daemon.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, chown};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, socket_with};

use super::limits::{BACKLOG, HELLO};

/// The socket's name in the data directory.
pub const SOCKET_NAME: &str = "desk.sock";

/// Bytes of a path that every system's socket address holds.
const PATH_BYTES_MAX: usize = 100;

/// Who may do what with the directory that is made for a daemon's socket: everybody may pass through it, to the socket's
/// own permissions.
const DIRECTORY_MODE: u32 = 0o755;

/// Who may call at a daemon's socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketRights {
    /// The permissions of the socket, as 0o660.
    pub mode: u32,
    /// The number of the group that it belongs to, where that is another than the process's own.
    pub group: Option<u32>,
}

/// A path to a socket that is short enough, and what keeps it valid.
struct ShortPath {
    path: PathBuf,
    _directory: Option<File>,
}

fn short_path(path: &Path) -> io::Result<ShortPath> {
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(ShortPath { path: path.to_owned(), _directory: None });
    };
    if path.as_os_str().len() <= PATH_BYTES_MAX {
        return Ok(ShortPath { path: path.to_owned(), _directory: None });
    }
    let directory = File::open(directory)?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", directory.as_raw_fd())).join(name);
    Ok(ShortPath { path, _directory: Some(directory) })
}

/// The socket of a data directory.
pub(super) fn of_data(data: &Path) -> PathBuf {
    data.join(SOCKET_NAME)
}

/// Listens at a socket for the same user alone. Whoever calls this has the lock of the directory, so that a socket that
/// lies there is a dead one.
pub(super) fn listen(path: &Path) -> io::Result<UnixListener> {
    let short = short_path(path)?;
    forget(&short.path)?;
    let listener = UnixListener::bind(&short.path)?;
    fs::set_permissions(&short.path, Permissions::from_mode(0o600))?;
    wait_longer(&listener)?;
    Ok(listener)
}

/// Listens at a daemon's socket. A socket at which somebody answers is left alone.
pub(super) fn listen_as(path: &Path, rights: &SocketRights) -> io::Result<UnixListener> {
    if let Some(above) = path.parent().filter(|above| !above.exists()) {
        DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(above)?;
        fs::set_permissions(above, Permissions::from_mode(DIRECTORY_MODE))?;
    }
    let short = short_path(path)?;
    let called = connect(&short.path, HELLO);
    // Where nobody takes calls, somebody is there all the same.
    let is_busy = |error: &io::Error| error.kind() == io::ErrorKind::TimedOut;
    if called.as_ref().map_or_else(is_busy, |_| true) {
        let what = "somebody else listens there: end that program, or give another socket";
        return Err(io::Error::new(io::ErrorKind::AddrInUse, what));
    }
    let found = fs::symlink_metadata(&short.path);
    if found.as_ref().is_ok_and(|found| !is_socket(found)) {
        let what = "there is something that is no socket: give another path";
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, what));
    }
    forget(&short.path)?;
    let listener = UnixListener::bind(&short.path)?;
    // Until here it is for the process's own user alone: the program's umask says so.
    if let Some(group) = rights.group {
        chown(&short.path, None, Some(group))?;
    }
    fs::set_permissions(&short.path, Permissions::from_mode(rights.mode))?;
    wait_longer(&listener)?;
    Ok(listener)
}

fn is_socket(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    found.file_type().is_socket()
}

/// Lets more calls wait than the standard library does: a whole office comes back at once after a restart.
fn wait_longer(listener: &UnixListener) -> io::Result<()> {
    Ok(rustix::net::listen(listener, BACKLOG)?)
}

fn forget(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Calls at a socket, and waits so long for a place among the calls that wait there.
///
/// # Errors
/// Nobody listens, or whoever does has taken no call for so long.
pub(super) fn connect(path: &Path, patience: Duration) -> io::Result<UnixStream> {
    let short = short_path(path)?;
    let address = SocketAddrUnix::new(&short.path)?;
    let end = Instant::now() + patience;
    let flags = SocketFlags::CLOEXEC;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        // The limit of time for sending is that of waiting for a place, too.
        set_socket_timeout(&socket, Timeout::Send, Some(left))?;
        match rustix::net::connect(&socket, &address) {
            Ok(()) => {
                set_socket_timeout(&socket, Timeout::Send, None)?;
                return Ok(UnixStream::from(socket));
            }
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
}

/// Takes a socket away.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
