//! A program on a terminal of 80x24, what it shows, and the bytes that come from it.

use std::io::{Read as _, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::Failure;

/// Columns and rows of every terminal here.
pub(crate) const COLUMNS: u16 = 80;
pub(crate) const ROWS: u16 = 24;

/// After so long without a byte, what a key costs at once has come; casedesk tells the rest of a preview later than that.
const QUIET: Duration = Duration::from_millis(250);

/// After so long, what comes once one rests has come too.
pub(crate) const REST: Duration = Duration::from_millis(900);

/// How long a program may take for what it is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program on its terminal.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    writer: Box<dyn Write + Send>,
    parser: vt100::Parser,
    _master: Box<dyn MasterPty>,
}

impl Terminal {
    /// Starts a program, at home in a directory of the bench's.
    pub(crate) fn start(mut command: CommandBuilder, home: &Path) -> Result<Self, Failure> {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size)?;
        let mut reader = pair.master.try_clone_reader()?;
        let writer = pair.master.take_writer()?;
        for (name, value) in [("TERM", "xterm"), ("LC_ALL", "C.UTF-8")] {
            command.env(name, value);
        }
        command.env("HOME", home);
        command.cwd(home);
        let child = pair.slave.spawn_command(command)?;
        drop(pair.slave);
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 16 * 1_024];
            while let Ok(read) = reader.read(&mut bytes)
                && let Some(read) = bytes.get(..read).filter(|read| !read.is_empty())
                && sender.send(read.to_vec()).is_ok()
            {}
        });
        let parser = vt100::Parser::new(ROWS, COLUMNS, 0);
        Ok(Self { child, output, writer, parser, _master: pair.master })
    }

    /// Waits until the screen shows something; how many bytes came until then and until it was quiet.
    pub(crate) fn until(&mut self, what: &str) -> Result<usize, Failure> {
        let until = Instant::now() + PATIENCE;
        let mut bytes = 0;
        while !self.parser.screen().contents().contains(what) {
            let left = until.saturating_duration_since(Instant::now());
            bytes += self.take(left).ok_or_else(|| {
                format!("{what:?} does not come:\n{}", self.parser.screen().contents())
            })?;
        }
        Ok(bytes + self.drain(QUIET))
    }

    /// Presses keys, all at once; how many bytes came for them before it was quiet.
    pub(crate) fn press(&mut self, keys: &str) -> Result<usize, Failure> {
        self.drain(QUIET);
        self.writer.write_all(keys.as_bytes())?;
        self.writer.flush()?;
        Ok(self.take(PATIENCE).ok_or("a key was not answered")? + self.drain(QUIET))
    }

    /// Types a letter without a rest before it; how many bytes came until it shows something and until it was quiet.
    pub(crate) fn type_on(&mut self, letter: char, what: &str) -> Result<usize, Failure> {
        self.writer.write_all(letter.encode_utf8(&mut [0; 4]).as_bytes())?;
        self.writer.flush()?;
        self.until(what)
    }

    /// Presses keys that may mean nothing where the program is, and waits until it is quiet.
    pub(crate) fn go(&mut self, keys: &str) -> Result<(), Failure> {
        self.writer.write_all(keys.as_bytes())?;
        self.writer.flush()?;
        self.drain(REST);
        Ok(())
    }

    /// As [`Terminal::press`], again and again, each time after a rest.
    pub(crate) fn press_each(&mut self, keys: &str, times: usize) -> Result<Vec<usize>, Failure> {
        (0..times).map(|_| self.press(keys)).collect()
    }

    /// Takes what comes until nothing comes for so long; how many bytes it was.
    pub(crate) fn drain(&mut self, quiet: Duration) -> usize {
        let mut bytes = 0;
        while let Some(came) = self.take(quiet) {
            bytes += came;
        }
        bytes
    }

    /// What the terminal shows.
    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    fn take(&mut self, within: Duration) -> Option<usize> {
        let bytes = self.output.recv_timeout(within).ok()?;
        self.parser.process(&bytes);
        Some(bytes.len())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Whatever it is, nothing of it is needed any more.
        let _killed = self.child.kill();
        let _ended = self.child.wait();
    }
}
