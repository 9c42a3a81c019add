//! The loop of the plain mode: a line is read, done and answered; nothing is said while somebody types.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant as Moment};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::desk::{AskWho, Clock, Desk};
use crate::tui::text::safe_line;

use super::super::plain::Plain;
use super::super::screen::{Effect, Msg, Status};
use super::super::thin::{Charset, in_ascii};
use super::incoming::{Ears, Incoming, Teller, way};
use super::opening::open;
use super::output::{Ending, Output};
use super::run::{Options, TuiError};
use super::under_way::UnderWay;
use super::workers::{Workers, spawn};

/// Bytes of a line that are read; what is longer was not meant for a form.
const LINE_BYTES_MAX: u64 = 64 * 1024;
/// How often the model is told the time.
const TICK: Duration = Duration::from_secs(1);
/// How long an entry is waited for before its news are said without it.
const ANSWER: Duration = Duration::from_secs(10);
/// How long after a command the desk's own word of the change is waited for, so that it is not told as somebody else's.
const ECHO: Duration = Duration::from_millis(40);

/// How the plain mode writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlainOptions {
    /// Cells of a line; 0 where lines are not broken.
    pub cells: usize,
    /// Lines after which Enter is waited for; none where all is said at once.
    pub rows: Option<usize>,
}

/// What was entered.
pub(super) enum Entered {
    /// A line, without its end.
    Line(String),
    /// A line that could not be taken: why.
    Refused(String),
    /// There is nothing more to read.
    End,
    /// Ctrl-C.
    Interrupt,
}

/// Runs casedesk in lines until the caseworker leaves, or there is nothing more to read. What was typed is kept.
///
/// # Errors
/// The desk does not answer, or a thread died. Output that nobody takes any more is no error: it ends.
pub fn run_plain(
    desk: &Arc<dyn Desk>,
    mut options: Options,
    plain: PlainOptions,
) -> Result<(), TuiError> {
    let who = desk.ask(AskWho {}).map_err(TuiError::SignIn)?;
    let (teller, mut ears) = way()?;
    let workers = Workers::start(desk, Arc::clone(&options.entropy), &teller)?;
    let ending = Ending::default();
    let closing = listen(&teller, &ending)?;
    let (model, effects) = open(desk.as_ref(), who, &mut options, Plain::SIZE);
    let mut said = Plain::new(model, plain.cells, plain.rows);
    if let Some(Status::Done(words) | Status::Refused(words)) = &options.notice {
        said.greet(words);
    }
    let (ready, may_read) = sync_channel(1);
    spawn("input", &teller, {
        let teller = teller.clone();
        move || read(&teller, &may_read)
    })?;
    let mut running = Running {
        plain: said,
        under_way: UnderWay::new(workers),
        output: Output::new(ending),
        charset: options.terminal.charset,
        clock: options.clock,
        ready,
        entered: None,
        is_continued: false,
        is_over: false,
        echoes: !io::stdin().is_terminal(),
        next_tick: Moment::now() + TICK,
    };
    running.begin(effects);
    let result = running.go(&mut ears);
    running.say_good_bye(&mut ears);
    closing.close();
    result
}

/// Tells the loop of signals: Ctrl-C leaves an entry, the end of the terminal ends the program, and whoever comes back to
/// it after Ctrl-Z is asked again.
fn listen(teller: &Teller, ending: &Ending) -> io::Result<signal_hook::iterator::Handle> {
    let mut signals = Signals::new([SIGCONT, SIGHUP, SIGINT, SIGTERM])?;
    let closing = signals.handle();
    let (told, ending) = (teller.clone(), ending.clone());
    spawn("signals", teller, move || {
        for signal in signals.forever() {
            let word = match signal {
                SIGINT => Incoming::Entered(Entered::Interrupt),
                SIGCONT => Incoming::Continued,
                _ => {
                    ending.begin();
                    Incoming::End
                }
            };
            if !told.tell(word) {
                return;
            }
        }
    })?;
    Ok(closing)
}

/// Reads a line whenever one is wanted, so that no more than one waits.
fn read(teller: &Teller, may_read: &Receiver<()>) {
    let mut input = io::stdin().lock();
    while may_read.recv().is_ok() {
        let mut bytes = Vec::new();
        let taken = input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes);
        let entered = match taken {
            Ok(0) | Err(_) => Entered::End,
            Ok(_) if !bytes.ends_with(b"\n") && has_more(&mut input) => Entered::Refused(format!(
                "the line is longer than {LINE_BYTES_MAX} bytes, and none of it was taken: break it."
            )),
            Ok(_) => of_bytes(bytes),
        };
        let is_end = matches!(entered, Entered::End);
        if !teller.tell(Incoming::Entered(entered)) || is_end {
            return;
        }
    }
}

/// Reads to the end of the line, or of all that there is; whether there was any more of it.
fn has_more(input: &mut impl io::BufRead) -> bool {
    let mut bytes = Vec::new();
    let mut has_more = false;
    loop {
        bytes.clear();
        match input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes) {
            Ok(read) if read > 0 => has_more = true,
            Ok(_) | Err(_) => return has_more,
        }
        if bytes.ends_with(b"\n") {
            return true;
        }
    }
}

/// The line that bytes are. One of another alphabet is refused rather than kept with holes where its letters were.
fn of_bytes(bytes: Vec<u8>) -> Entered {
    match String::from_utf8(bytes) {
        Ok(line) => Entered::Line(line.trim_end_matches(['\n', '\r']).to_owned()),
        Err(_) => Entered::Refused(
            "the line has bytes that are no letter: set the terminal to UTF-8.".to_owned(),
        ),
    }
}

struct Running {
    plain: Plain,
    under_way: UnderWay,
    /// What is said goes this way, on which nothing waits for ever.
    output: Output,
    /// The letters that the terminal has.
    charset: Charset,
    clock: Arc<dyn Clock>,
    /// Says that the next line may be read.
    ready: SyncSender<()>,
    /// What was entered while the desk was still answering.
    entered: Option<Entered>,
    /// Whether the program was stopped and goes on, so that it is to be seen again what is asked.
    is_continued: bool,
    is_over: bool,
    /// Whether lines are written out after the prompt, where no terminal shows what is typed.
    echoes: bool,
    next_tick: Moment,
}

impl Running {
    fn go(&mut self, ears: &mut Ears) -> Result<(), TuiError> {
        self.settle(ears)?;
        self.say();
        while !self.is_over {
            let _ = self.ready.try_send(());
            let entered = self.wait(ears)?;
            match entered {
                Some(Entered::Line(line)) => {
                    if self.echoes {
                        self.write(&format!("{}\n", safe_line(&line)));
                    }
                    self.plain.enter(&line);
                }
                Some(Entered::Refused(why)) => self.tell(Msg::NotTaken(why)),
                Some(Entered::Interrupt) => {
                    self.write("\n");
                    self.is_over = self.plain.interrupt();
                }
                Some(Entered::End) => self.is_over = true,
                None => {}
            }
            if self.is_over {
                self.write("\n");
                break;
            }
            self.carry_out(ears)?;
            self.say();
            self.is_over |= self.plain.has_ended();
        }
        Ok(())
    }

    /// Waits until something is entered; the model hears of everything else.
    fn wait(&mut self, ears: &mut Ears) -> Result<Option<Entered>, TuiError> {
        loop {
            if let Some(entered) = self.entered.take() {
                return Ok(Some(entered));
            }
            if self.is_over {
                return Ok(None);
            }
            if std::mem::take(&mut self.is_continued) {
                let asked = self.plain.ask_again();
                self.write(&asked);
            }
            self.take_one(ears, self.next_tick)?;
        }
    }

    /// Does all that the line means, each part once the desk has answered the one before.
    fn carry_out(&mut self, ears: &mut Ears) -> Result<(), TuiError> {
        let until = Moment::now() + ANSWER;
        while !self.is_over && Moment::now() < until {
            let Some(effects) = self.plain.step() else {
                if self.under_way.awaited() <= 0 {
                    break;
                }
                self.settle(ears)?;
                continue;
            };
            let changes = effects.iter().any(|effect| matches!(effect, Effect::Execute(..)));
            self.begin(effects);
            self.settle(ears)?;
            if changes {
                self.hear_echo(ears)?;
            }
        }
        Ok(())
    }

    /// Waits for every answer that is under way.
    fn settle(&mut self, ears: &mut Ears) -> Result<(), TuiError> {
        let until = Moment::now() + ANSWER;
        while self.under_way.awaited() > 0 && !self.is_over && Moment::now() < until {
            self.take_one(ears, until)?;
        }
        Ok(())
    }

    fn hear_echo(&mut self, ears: &mut Ears) -> Result<(), TuiError> {
        let until = Moment::now() + ECHO;
        while Moment::now() < until && !self.is_over {
            self.take_one(ears, until)?;
        }
        self.settle(ears)
    }

    fn take_one(&mut self, ears: &mut Ears, until: Moment) -> Result<(), TuiError> {
        let until = until.min(self.next_tick);
        match ears.next(until) {
            Some(Incoming::Told(msg)) => {
                self.under_way.heard(&msg);
                self.tell(msg);
            }
            Some(Incoming::Entered(entered)) => self.entered = Some(entered),
            Some(Incoming::Continued) => self.is_continued = true,
            Some(Incoming::End) => self.is_over = true,
            Some(Incoming::Failed(why)) => return Err(TuiError::Stopped(why)),
            Some(_) | None => {}
        }
        if Moment::now() >= self.next_tick {
            self.next_tick = Moment::now() + TICK;
            let now = self.clock.now();
            self.tell(Msg::Tick(now));
        }
        Ok(())
    }

    fn tell(&mut self, msg: Msg) {
        let effects = self.plain.tell(msg);
        self.begin(effects);
    }

    fn begin(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if effect == Effect::Bell && !self.echoes {
                self.write("\x07");
            }
            self.under_way.begin(effect);
        }
    }

    fn say(&mut self) {
        let report = self.plain.report();
        self.write(&report);
    }

    /// Writes; where nobody takes it any more, the program is over.
    fn write(&mut self, words: &str) {
        let written = match self.charset {
            Charset::Ascii => self.output.write_all(in_ascii(words).as_bytes()),
            Charset::Utf8 | Charset::Unjoined => self.output.write_all(words.as_bytes()),
        };
        self.is_over |= written.is_err();
    }

    /// Keeps what was typed and where the caseworker is, unless they left; then waits for what the desk is doing.
    fn say_good_bye(&mut self, ears: &mut Ears) {
        if !self.plain.has_ended() {
            let effects = self.plain.put_away();
            self.begin(effects);
        }
        self.under_way.finish(ears);
    }
}
