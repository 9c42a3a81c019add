//! Real clients of a measurement's daemon, each on a terminal of its own that nobody looks at.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant as Moment};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, fcntl_setfl, open};
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tempfile::TempDir;

use super::seats::Daemon;
use crate::cli::error::CliError;

/// The terminals' size.
const SIZE: Winsize = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
/// How long nothing may come from anybody until all have drawn what they had to.
const QUIET: Duration = Duration::from_secs(1);
/// How long all may take for that.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long one look at the terminals waits.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
/// Bytes that one look takes from a terminal.
const READ_BYTES: usize = 16 * 1024;

/// The clients; they end with this value.
pub(super) struct Screens {
    clients: Vec<Client>,
    // The configuration is there for as long as they are.
    _home: TempDir,
}

/// A client and the other side of its terminal.
struct Client {
    line: OwnedFd,
    process: Child,
    /// Bytes that came since a key was last pressed.
    drawn: usize,
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _waited = self.process.wait();
    }
}

impl Screens {
    /// Starts so many clients as the login shell of a caseworker would, and waits until their boards are drawn.
    pub(super) fn open(daemon: &Daemon, count: usize) -> Result<Self, CliError> {
        let home = tempfile::Builder::new()
            .prefix("casedesk-bench-")
            .tempdir()
            .map_err(CliError::failed_to("make a temporary directory"))?;
        let config = format!(
            "mode = \"daemon\"\nsocket = \"{}\"\nowner = \"{}\"\n",
            daemon.socket().display(),
            rustix::process::geteuid().as_raw()
        );
        let failed = CliError::failed_to("write a client's configuration");
        fs::write(home.path().join("config.toml"), config).map_err(failed)?;
        let clients = (0..count).map(|_| Client::start(&home)).collect::<Result<_, _>>();
        let clients = clients.map_err(CliError::failed_to("start a client on a terminal"))?;
        let mut screens = Self { clients, _home: home };
        screens.settle()?;
        Ok(screens)
    }

    /// Presses a key at all of them, and waits until they have drawn what it means.
    pub(super) fn press(&mut self, key: &str) -> Result<(), CliError> {
        for client in &mut self.clients {
            client.drawn = 0;
            let written = rustix::io::write(&client.line, key.as_bytes());
            written.map_err(|errno| CliError::failed_to("press a key")(errno.into()))?;
        }
        self.settle()
    }

    /// Their processes.
    pub(super) fn processes(&self) -> impl Iterator<Item = u32> {
        self.clients.iter().map(|client| client.process.id())
    }

    /// Waits until all have drawn something and then nothing more.
    fn settle(&mut self) -> Result<(), CliError> {
        let (begun, mut last) = (Moment::now(), Moment::now());
        while last.elapsed() < QUIET || self.clients.iter().any(|client| client.drawn == 0) {
            if begun.elapsed() > PATIENCE {
                return Err(CliError::refused(
                    "bench.client",
                    "Not every client has drawn what it had to in two minutes.",
                    "Take fewer sessions, or a machine that has less to do.",
                ));
            }
            if self.take_in()? {
                last = Moment::now();
            }
        }
        Ok(())
    }

    /// Takes in what they have drawn; whether there was anything.
    fn take_in(&mut self) -> Result<bool, CliError> {
        let failed = |errno: Errno| CliError::failed_to("look at the terminals")(errno.into());
        let mut watched: Vec<PollFd<'_>> =
            self.clients.iter().map(|client| PollFd::new(&client.line, PollFlags::IN)).collect();
        match poll(&mut watched, Some(&LOOK)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => return Err(failed(errno)),
        }
        drop(watched);
        let mut has_any = false;
        let mut bytes = [0; READ_BYTES];
        for client in &mut self.clients {
            match rustix::io::read(&client.line, &mut bytes) {
                Ok(read) => {
                    client.drawn += read;
                    has_any |= read > 0;
                }
                Err(Errno::AGAIN | Errno::INTR) => {}
                // Nobody is at the other side any more.
                Err(Errno::IO) => {
                    return Err(CliError::refused(
                        "bench.client",
                        "A client has ended.",
                        "What it said may stand above.",
                    ));
                }
                Err(errno) => return Err(failed(errno)),
            }
        }
        Ok(has_any)
    }
}

impl Client {
    fn start(home: &TempDir) -> io::Result<Self> {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let line = openpt(flags | OpenptFlags::CLOEXEC)?;
        unlockpt(&line)?;
        tcsetwinsize(&line, SIZE)?;
        fcntl_setfl(&line, OFlags::NONBLOCK)?;
        let name = ptsname(&line, Vec::new())?;
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let terminal = open(OsStr::from_bytes(name.as_bytes()), flags, Mode::empty())?;
        let process = Process::new(std::env::current_exe()?)
            .arg("--config")
            .arg(home.path().join("config.toml"))
            .env_clear()
            .envs([("TERM", "xterm-256color"), ("LANG", "C.UTF-8")])
            .env("HOME", home.path())
            .stdin(Stdio::from(terminal.try_clone()?))
            .stdout(Stdio::from(terminal))
            .spawn()?;
        Ok(Self { line, process, drawn: 0 })
    }
}
