//! The real program, as a user starts it: a subcommand, or the screen in a terminal of 80x24.

use std::io::{Read as _, Write};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::bytes::memory;
use super::load::Failure;
use super::variable;

/// How long the screen may take to show what it is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// The program that is measured: the one built with the bench, or another build of it.
fn program() -> String {
    variable("PROGRAM", env!("CARGO_BIN_EXE_casedesk"))
}

/// Runs a subcommand to its end; gives how long it took.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> Result<Duration, Failure> {
    let begun = Instant::now();
    let mut command = Command::new(program());
    command.arg("--data").arg(data).arg("--json").args(arguments);
    let output = command.output()?;
    if output.status.success() {
        return Ok(begun.elapsed());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("casedesk {} ended with {}: {said}", arguments.join(" "), output.status).into())
}

/// The program on its terminal.
pub(crate) struct Screen {
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    writer: Box<dyn Write + Send>,
    parser: vt100::Parser,
    _master: Box<dyn MasterPty>,
}

impl Screen {
    /// Starts the program on an office; gives it with the time until its first screen is whole.
    pub(crate) fn open(data: &Path) -> Result<(Self, Duration), Failure> {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size)?;
        let mut reader = pair.master.try_clone_reader()?;
        let writer = pair.master.take_writer()?;
        let mut command = CommandBuilder::new(program());
        command.args(["--data".as_ref(), data.as_os_str()]);
        command.env("TERM", "xterm");
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command)?;
        drop(pair.slave);
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read) = reader.read(&mut bytes)
                && let Some(read) = bytes.get(..read).filter(|read| !read.is_empty())
                && sender.send(read.to_vec()).is_ok()
            {}
        });
        let parser = vt100::Parser::new(24, 80, 0);
        let mut screen = Self { child, output, writer, parser, _master: pair.master };
        screen.wait("/ find")?;
        Ok((screen, begun.elapsed()))
    }

    /// Types some keys, and waits until the screen shows `words`; gives the time from the last key on.
    pub(crate) fn type_until(&mut self, keys: &str, words: &str) -> Result<Duration, Failure> {
        self.writer.write_all(keys.as_bytes())?;
        self.writer.flush()?;
        let begun = Instant::now();
        self.wait(words)?;
        Ok(begun.elapsed())
    }

    /// Bytes of memory that the program holds: now, and at most.
    pub(crate) fn memory(&self) -> Result<(u64, u64), Failure> {
        memory(self.child.process_id().ok_or("the program has ended")?)
    }

    /// Leaves the program, and waits until it has closed its store.
    pub(crate) fn quit(mut self) -> Result<Duration, Failure> {
        let begun = Instant::now();
        self.writer.write_all(b"\x1b")?;
        self.writer.flush()?;
        self.wait("/ find")?;
        self.writer.write_all(b"q")?;
        self.writer.flush()?;
        self.child.wait()?;
        Ok(begun.elapsed())
    }

    fn wait(&mut self, words: &str) -> Result<(), Failure> {
        let until = Instant::now() + PATIENCE;
        while !self.parser.screen().contents().contains(words) {
            match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.parser.process(&bytes),
                Err(_silence) => {
                    let shown = self.parser.screen().contents();
                    return Err(
                        format!("waited for `{words}`, and the screen shows:\n{shown}").into()
                    );
                }
            }
        }
        Ok(())
    }
}
