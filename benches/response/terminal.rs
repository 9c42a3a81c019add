//! A program on a terminal of 80x24, and when its bytes come.

use std::io::{Read as _, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::Failure;
use super::echo::{READY, VARIABLE};
use super::memory::{self, Memory};

/// After so long without a byte, what a key costs has come.
const QUIET: Duration = Duration::from_millis(60);

/// How long the program may take for its first byte.
const PATIENCE: Duration = Duration::from_secs(60);

/// A caseworker of the made office.
pub(crate) const ACCOUNT: &str = "karimi";

/// A program on its terminal.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<(Instant, Vec<u8>)>,
    writer: Box<dyn Write + Send>,
    parser: vt100::Parser,
    _master: Box<dyn MasterPty>,
}

/// How long a key takes.
pub(crate) struct Cost {
    /// Until its first byte.
    pub(crate) first: Duration,
    /// Until its last one.
    pub(crate) last: Duration,
}

impl Terminal {
    /// Starts casedesk on an office.
    pub(crate) fn open(program: &str, office: &Path) -> Result<Self, Failure> {
        let mut command = CommandBuilder::new(program);
        command.args(["--data".as_ref(), office.as_os_str()]);
        command.args(["--as", ACCOUNT]);
        Self::start(command)
    }

    /// Starts the bench itself as the echo.
    pub(crate) fn echo(this: &str) -> Result<Self, Failure> {
        let mut command = CommandBuilder::new(this);
        command.env(VARIABLE, "1");
        let mut terminal = Self::start(command)?;
        terminal.until(|screen| screen.contains(READY))?;
        Ok(terminal)
    }

    /// Starts a program on a terminal of 80x24.
    pub(crate) fn start(mut command: CommandBuilder) -> Result<Self, Failure> {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size)?;
        let mut reader = pair.master.try_clone_reader()?;
        let writer = pair.master.take_writer()?;
        command.env("TERM", "xterm");
        let child = pair.slave.spawn_command(command)?;
        drop(pair.slave);
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 16 * 1_024];
            while let Ok(read) = reader.read(&mut bytes)
                && let Some(read) = bytes.get(..read).filter(|read| !read.is_empty())
                && sender.send((Instant::now(), read.to_vec())).is_ok()
            {}
        });
        let parser = vt100::Parser::new(24, 80, 0);
        Ok(Self { child, output, writer, parser, _master: pair.master })
    }

    /// When the board was whole: its list, its preview and its footer were there, and nothing more came.
    pub(crate) fn until_whole(&mut self) -> Result<Instant, Failure> {
        self.until(|screen| screen.contains("/ find") && screen.contains("\n>"))?;
        let mut last = Instant::now();
        while let Some(at) = self.take(QUIET) {
            last = at;
        }
        Ok(last)
    }

    /// Waits until the screen shows something.
    pub(crate) fn until(&mut self, is_there: impl Fn(&str) -> bool) -> Result<(), Failure> {
        let until = Instant::now() + PATIENCE;
        while !is_there(&self.parser.screen().contents()) {
            if self.take(until.saturating_duration_since(Instant::now())).is_none() {
                let shown = self.parser.screen().contents();
                return Err(format!("it does not come, and the screen shows:\n{shown}").into());
            }
        }
        Ok(())
    }

    /// Presses a key; how long it took until the last byte that it cost.
    pub(crate) fn press(&mut self, key: &[u8]) -> Result<Duration, Failure> {
        Ok(self.cost(key)?.last)
    }

    /// Presses a key; how long it took until the first byte that it cost, and until the last one.
    pub(crate) fn cost(&mut self, key: &[u8]) -> Result<Cost, Failure> {
        while self.take(QUIET).is_some() {}
        let begun = Instant::now();
        self.writer.write_all(key)?;
        self.writer.flush()?;
        let first = self.take(PATIENCE).ok_or("the key was not answered")?;
        let mut last = first;
        while let Some(at) = self.take(QUIET) {
            last = at;
        }
        let since = |at: Instant| at.saturating_duration_since(begun);
        Ok(Cost { first: since(first), last: since(last) })
    }

    /// Takes the next bytes; when they came.
    fn take(&mut self, within: Duration) -> Option<Instant> {
        let (at, bytes) = self.output.recv_timeout(within).ok()?;
        self.parser.process(&bytes);
        Some(at)
    }

    /// What the program takes in memory.
    pub(crate) fn memory(&self) -> Result<Memory, Failure> {
        memory::of(self.child.process_id().ok_or("the program has ended")?)
    }

    /// Leaves casedesk from the board.
    pub(crate) fn quit(mut self) -> Result<(), Failure> {
        self.writer.write_all(b"gbq")?;
        self.writer.flush()?;
        while self.take(PATIENCE).is_some() {}
        self.child.wait()?;
        Ok(())
    }
}
