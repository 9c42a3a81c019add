//! Makes and finds the socket of a data directory, however long the directory's path is.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// The socket's name in the data directory.
pub const SOCKET_NAME: &str = "desk.sock";

/// Bytes of a path that every system's socket address holds.
const PATH_BYTES_MAX: usize = 100;

/// A path to the socket that is short enough, and what keeps it valid.
struct ShortPath {
    path: PathBuf,
    _directory: Option<File>,
}

fn short_path(data: &Path) -> io::Result<ShortPath> {
    let path = data.join(SOCKET_NAME);
    if path.as_os_str().len() <= PATH_BYTES_MAX {
        return Ok(ShortPath { path, _directory: None });
    }
    let directory = File::open(data)?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", directory.as_raw_fd())).join(SOCKET_NAME);
    Ok(ShortPath { path, _directory: Some(directory) })
}

/// Listens at the socket. Whoever calls this has the lock of the directory, so that a socket that lies there is a dead one.
pub(super) fn listen(data: &Path) -> io::Result<UnixListener> {
    let short = short_path(data)?;
    match fs::remove_file(&short.path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(&short.path)?;
    fs::set_permissions(&short.path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Calls at the socket.
pub(super) fn connect(data: &Path) -> io::Result<UnixStream> {
    UnixStream::connect(short_path(data)?.path)
}

/// Takes the socket away.
pub(super) fn remove(data: &Path) -> io::Result<()> {
    fs::remove_file(data.join(SOCKET_NAME))
}
