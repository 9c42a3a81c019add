//! A real OpenSSH server on the loopback interface, for what a key costs a caseworker who is far away.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use super::Failure;

/// The server's program, where systems have it.
const PROGRAM: &str = "/usr/sbin/sshd";

/// How long the server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that lets in the user who runs the bench, by a key of its own; it ends with this value.
pub(crate) struct Server {
    directory: TempDir,
    port: u16,
    child: Child,
}

impl Server {
    /// Starts the server; nothing where there is none on this machine.
    pub(crate) fn start() -> Result<Option<Self>, Failure> {
        if !Path::new(PROGRAM).exists() {
            return Ok(None);
        }
        let directory = tempfile::tempdir()?;
        let place = |name: &str| directory.path().join(name);
        for key in ["host", "user"] {
            let mut maker = Command::new("ssh-keygen");
            maker.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(place(key));
            if !maker.status()?.success() {
                return Err("no key could be made".into());
            }
        }
        fs::copy(place("user.pub"), place("authorized"))?;
        fs::set_permissions(place("authorized"), Permissions::from_mode(0o600))?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let shown = directory.path().display();
        let lines = [
            format!("Port {port}\nListenAddress 127.0.0.1\nHostKey {shown}/host"),
            format!("AuthorizedKeysFile {shown}/authorized\nPidFile none\nUsePAM no"),
            "StrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no".to_owned(),
        ];
        fs::write(place("config"), lines.join("\n") + "\n")?;
        // As root it wants this directory for its unprivileged part; packages make it when the service starts.
        let _made = fs::create_dir_all("/run/sshd");
        let mut server = Command::new(PROGRAM);
        server.args(["-D", "-e", "-f"]).arg(place("config"));
        let child = server.stderr(fs::File::create(place("log"))?).stdin(Stdio::null()).spawn()?;
        let server = Self { directory, port, child };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() >= until {
                let log = fs::read_to_string(server.directory.path().join("log"))?;
                return Err(format!("sshd does not listen: {log}").into());
            }
            std::thread::park_timeout(Duration::from_millis(10));
        }
        Ok(Some(server))
    }

    /// A client's command that runs another one on a terminal of the server.
    pub(crate) fn client(&self, command: &[&OsStr]) -> CommandBuilder {
        let mut client = CommandBuilder::new("ssh");
        client.args(["-tt", "-F", "none", "-o", "StrictHostKeyChecking=no"]);
        client.args(["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]);
        client.args(["-o", "IdentitiesOnly=yes", "-i"]);
        client.arg(self.directory.path().join("user"));
        client.args(["-p", &self.port.to_string(), "127.0.0.1"]);
        client.args(command);
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
