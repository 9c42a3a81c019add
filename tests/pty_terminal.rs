//! The real program in a real terminal: it takes the terminal over, gives it back however it ends, and follows its size.

use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
use tempfile::TempDir;

use crate::harness::{OWN_DESK, PROGRAM};

/// How long anything may take on a machine that is busy with other tests, an office that is made included.
const PATIENCE: Duration = Duration::from_secs(300);

/// How long the first byte of a frame may take where perhaps none comes.
const WHILE: Duration = Duration::from_secs(5);

/// A program in a terminal of 80x24, and what the terminal shows.
pub(crate) struct Pty {
    master: Box<dyn MasterPty>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    /// Whether nobody looks any more: with the next bytes, the reader lets go of the terminal.
    is_left: Arc<AtomicBool>,
    parser: vt100::Parser,
    home: Arc<TempDir>,
    place: PathBuf,
}

impl Pty {
    /// Starts a script of the shell, in which `$casedesk` opens a new office.
    pub(crate) fn start(script: &str) -> Self {
        let home = Arc::new(tempfile::tempdir().unwrap());
        let place = home.path().join("data");
        Self::start_on(home, &place, script)
    }

    /// As [`Pty::start`], where `$casedesk` opens this directory.
    pub(crate) fn start_on(home: impl Into<Arc<TempDir>>, place: &Path, script: &str) -> Self {
        let home = home.into();
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", script]);
        command.env_clear();
        command.env("PATH", "/usr/bin:/bin");
        command.env("TERM", "xterm");
        command.env("HOME", home.path());
        command.env(
            "casedesk",
            format!("{PROGRAM} {} --data {}", OWN_DESK.join(" "), place.display()),
        );
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        let is_left = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&is_left);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while !is_over.load(Ordering::SeqCst)
                && let Ok(read) = reader.read(&mut bytes)
                && read > 0
                && sender.send(bytes[..read].to_vec()).is_ok()
            {}
        });
        let writer = pair.master.take_writer().unwrap();
        let parser = vt100::Parser::new(24, 80, 0);
        let place = place.to_owned();
        Self { master: pair.master, writer, child, output, is_left, parser, home, place }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.send(keys.as_bytes());
    }

    /// Sends bytes, whatever they are.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).unwrap();
        self.writer.flush().unwrap();
    }

    /// Tells the terminal its size, and nothing to whoever looks at it.
    pub(crate) fn claim_size(&self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).unwrap();
    }

    /// The program's side of the terminal, opened once more.
    pub(crate) fn line(&self) -> std::fs::File {
        let name = self.master.tty_name().unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY;
        std::fs::File::from(open(name, flags, Mode::empty()).unwrap())
    }

    /// Kept for what is started next.
    pub(crate) fn home(&self) -> Arc<TempDir> {
        Arc::clone(&self.home)
    }

    /// Waits until the terminal is as it should be.
    pub(crate) fn wait(&mut self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        self.cost_until(what, is_so);
    }

    /// How many bytes come, from the first one on until none have come for so long; none where not even a first one comes
    /// in a while.
    pub(crate) fn cost(&mut self, quiet: Duration) -> usize {
        let (mut cost, mut left) = (0, WHILE);
        while let Ok(bytes) = self.output.recv_timeout(left) {
            self.parser.process(&bytes);
            cost += bytes.len();
            left = quiet;
        }
        cost
    }

    /// How many bytes come until the terminal is as it should be.
    pub(crate) fn cost_until(
        &mut self,
        what: &str,
        is_so: impl Fn(&vt100::Screen) -> bool,
    ) -> usize {
        let until = Instant::now() + PATIENCE;
        let mut cost = 0;
        while !is_so(self.parser.screen()) {
            let left = until.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => {
                    self.parser.process(&bytes);
                    cost += bytes.len();
                }
                Err(error) => {
                    unreachable!("{what}: {error}\n{}", self.parser.screen().contents());
                }
            }
        }
        cost
    }

    /// Waits for the board.
    pub(crate) fn wait_for_board(&mut self) {
        self.wait("the board", |screen| {
            screen.alternate_screen() && screen.contents().contains("You have no cases.")
        });
    }

    /// Waits for words on the terminal as it was before.
    pub(crate) fn wait_for_words(&mut self, words: &str) {
        self.wait(words, |screen| is_given_back(screen) && screen.contents().contains(words));
    }

    /// Closes the terminal, which it can tell by nothing but the hang-up itself; when that was.
    fn hang_up(&mut self) -> Instant {
        self.is_left.store(true, Ordering::SeqCst);
        // The reader lets go of the terminal with the next bytes, which the time of day or an echo brings.
        while self.output.recv_timeout(PATIENCE).is_ok() {}
        // A writer that is dropped types Enter and the end of input first, where the terminal has a key for that, and Ctrl-D
        // would register the form.
        let line = self.line();
        let mut modes = tcgetattr(&line).unwrap();
        modes.special_codes[SpecialCodeIndex::VEOF] = 0;
        tcsetattr(&line, OptionalActions::Now, &modes).unwrap();
        drop(line);
        let another = native_pty_system().openpty(PtySize::default()).unwrap();
        self.writer = Box::new(std::io::sink());
        self.master = another.master;
        Instant::now()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Ends it as a line that drops or somebody's `kill` would, and starts it again in the same office.
    fn cut_off(mut self, how: CutOff) -> Self {
        match how {
            CutOff::Killed => self.signal(Signal::KILL),
            CutOff::HungUp => self.signal(Signal::HUP),
            CutOff::Closed => {
                // A letter and its deletion make the reader see that nobody looks any more.
                self.press(" \x7f");
                self.hang_up();
            }
        }
        assert!(self.has_ended());
        let (home, place) = (Arc::clone(&self.home), self.place.clone());
        drop(self);
        Self::start_on(home, &place, "trap '' HUP; exec $casedesk")
    }

    pub(crate) fn wait_for(&mut self, words: &str) {
        self.wait(words, |screen| screen.contents().contains(words));
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        let until = Instant::now() + PATIENCE;
        let (_kept, never) = channel::<()>();
        while Instant::now() < until {
            if self.child.try_wait().unwrap().is_some() {
                return true;
            }
            let _ = never.recv_timeout(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn is_given_back(screen: &vt100::Screen) -> bool {
    !screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor()
}

/// How a terminal program is cut off.
#[derive(Clone, Copy)]
enum CutOff {
    Killed,
    HungUp,
    Closed,
}

/// What the shell says of the terminal once casedesk has ended: the code, and whether lines are edited and echoed.
const AFTERWARDS: &str =
    r#"echo "code $?"; stty -a | tr ' ;' '\n\n' | grep -x -e '-*icanon' -e '-*echo'"#;

#[test]
fn quitting_gives_the_terminal_back() {
    let mut pty = Pty::start(&format!("$casedesk; {AFTERWARDS}; read end"));
    pty.wait_for_board();
    assert!(pty.parser.screen().bracketed_paste());
    pty.press("q");
    pty.wait_for_words("code 0");
    pty.wait_for_words("icanon\necho");
    let shown = pty.parser.screen().contents();
    assert!(!shown.contains("-icanon") && !shown.contains("-echo"), "{shown}");
}

#[test]
fn control_z_stops_it_and_fg_draws_everything_again() {
    let mut pty = Pty::start(
        r#"set -m; $casedesk; echo "stopped $?"; read go; fg; echo "ended $?"; read end"#,
    );
    pty.wait_for_board();
    pty.press("\x1a");
    pty.wait_for_words("stopped 148");
    pty.press("\n");
    pty.wait_for_board();
    pty.press("g");
    pty.wait("a begun sequence", |screen| screen.contents().contains("b board"));
    // An Esc and a letter in one burst are two keys, as they were pressed.
    pty.press("\x1bq");
    pty.wait_for_words("ended 0");
}

#[test]
fn what_somebody_else_wrote_on_the_terminal_is_gone_once_it_is_drawn_anew() {
    let mut pty = Pty::start("exec $casedesk");
    pty.wait_for_board();
    // The first row has the time.
    let shown = |screen: &vt100::Screen| {
        let text = screen.contents();
        text.split_once('\n').map(|(_, below)| below.to_owned()).unwrap_or_default()
    };
    pty.press("\x0c");
    pty.wait("the board, read again", |screen| screen.contents().contains("Read again."));
    let before = shown(pty.parser.screen());
    for key in ["\x0c", "\x1b[15~"] {
        pty.parser.process(b"\x1b[5;1HBroadcast message: the machine goes down\x1b[3L");
        assert_ne!(shown(pty.parser.screen()), before);
        pty.press(key);
        pty.wait("the same board", |screen| shown(screen) == before);
    }
}

#[test]
fn a_signal_ends_it_and_the_terminal_is_given_back() {
    let mut pty = Pty::start("exec $casedesk");
    pty.wait_for_board();
    let id = i32::try_from(pty.child.process_id().unwrap()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), Signal::TERM).unwrap();
    pty.wait("the terminal given back", is_given_back);
    assert!(pty.has_ended());
}

#[test]
fn a_terminal_that_hangs_up_ends_it() {
    // Without the signal, only the hang-up itself is left to be noticed.
    let took = || {
        let mut pty = Pty::start("trap '' HUP; exec $casedesk");
        pty.wait_for_board();
        pty.press("g");
        let since = pty.hang_up();
        assert!(pty.has_ended());
        since.elapsed()
    };
    // A machine that is busy with other things may take longer once or twice.
    let tries: Vec<Duration> = (0..3).map(|_| took()).collect();
    assert!(tries.iter().any(|took| *took < Duration::from_secs(1)), "within a second: {tries:?}");
}

#[test]
fn a_new_size_is_filled_at_once() {
    let mut pty = Pty::start("exec $casedesk");
    pty.wait_for_board();
    pty.parser.screen_mut().set_size(40, 132);
    let size = PtySize { rows: 40, cols: 132, pixel_width: 0, pixel_height: 0 };
    pty.master.resize(size).unwrap();
    pty.wait("the wider rows", |screen| screen.contents().contains(" who "));
    let footer = pty.parser.screen().rows(0, 132).nth(39).unwrap();
    assert!(footer.contains("F1 help") || footer.contains("? help"), "{footer}");
}

#[test]
fn a_burst_of_keys_means_what_it_meant_one_by_one() {
    let mut pty = Pty::start("$casedesk; echo gone; read end");
    pty.wait_for_board();
    pty.press("2g");
    pty.press("o\r");
    pty.wait("the late list", |screen| screen.contents().contains("[6LATE 0]"));
    pty.press("q");
    pty.wait_for_words("gone");
}

#[test]
fn a_call_opens_the_file_of_its_only_caller_and_else_the_find_box_with_the_number() {
    let people = r"id,given,family,birth_date,phone\n1,Sara,Mohammadi,1986-03-02,91234567\n";
    let mut pty = Pty::start(&format!(
        "printf '{people}' > $HOME/people.csv; $casedesk import people $HOME/people.csv; \
         $casedesk call '912 34 567'; $casedesk call '912 34 568'; echo gone; read end"
    ));
    pty.wait("the caller's file, and the call", |screen| {
        screen.contents().contains("P-1  MOHAMMADI, Sara") && screen.contents().contains("TEL in")
    });
    // The first call is over when the second one comes, which could not begin beside it.
    pty.press("ca");
    pty.wait("the end of the call", |screen| !screen.contents().contains("TEL in"));
    pty.press("qq");
    pty.wait("the find box", |screen| {
        screen.contents().contains("/ 912 34 568")
            && screen.contents().contains("Nobody has the number 912 34 568.")
    });
    pty.press("\x1b");
    pty.wait("the board", |screen| screen.contents().contains("You have no cases."));
    pty.press("q");
    pty.wait_for_words("gone");
}

/// Types into the intake form and into a reply, is cut off in each, and goes on where it was. What a kill may take is what
/// was typed in the last two seconds, so there the words are kept first; a terminal that goes takes nothing.
fn goes_on_after(how: CutOff) {
    let people = r"id,given,family,birth_date,phone\n1,Sara,Mohammadi,1986-03-02,91234567\n";
    let mut pty = Pty::start(&format!(
        "printf '{people}' > $HOME/people.csv; $casedesk import people $HOME/people.csv; \
         exec $casedesk"
    ));
    pty.wait_for_board();
    pty.press("/mohmdi\rntchou\r\r\rThe heating is off");
    pty.wait_for("The heating is off");
    if matches!(how, CutOff::Killed) {
        pty.wait_for("draft kept");
    }
    let mut pty = pty.cut_off(how);
    pty.wait_for("The heating is off");
    pty.wait_for("Back where you were: intake P-1.");
    pty.press(" since Monday\x04");
    pty.wait_for("The heating is off since Monday");
    pty.wait_for("C-1 COM");
    pty.press("r\rWe come on");
    pty.wait_for("We come on");
    if matches!(how, CutOff::Killed) {
        pty.wait_for("draft kept");
    }
    let mut pty = pty.cut_off(how);
    pty.wait_for("We come on");
    pty.wait_for("Back where you were: C-1, reply.");
    pty.press("\x1b");
    pty.wait("the case", |screen| !screen.contents().contains("We come on"));
    pty.press("qq");
    assert!(pty.has_ended());
}

#[test]
fn a_killed_program_goes_on_where_it_was() {
    goes_on_after(CutOff::Killed);
}

#[test]
fn a_program_whose_line_dropped_goes_on_with_every_letter() {
    goes_on_after(CutOff::HungUp);
}

#[test]
fn a_program_whose_terminal_was_closed_goes_on_with_every_letter() {
    goes_on_after(CutOff::Closed);
}
