//! The loop of the plain mode: a line is read, done and answered; nothing is said while somebody types.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant as Moment};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::desk::{AskPlaces, AskWho, Clock, Desk};
use crate::tui::text::safe_line;

use super::super::model::Model;
use super::super::plain::Plain;
use super::super::screen::{Effect, Msg, Status};
use super::run::{Incoming, Options, TuiError};
use super::workers::{Workers, spawn};

/// What waits for the loop.
const INCOMING_MAX: usize = 1_024;
/// Bytes of a line that are read; what is longer was not meant for a form.
const LINE_BYTES_MAX: u64 = 64 * 1024;
/// How often the model is told the time.
const TICK: Duration = Duration::from_secs(1);
/// How long an entry is waited for before its news are said without it.
const ANSWER: Duration = Duration::from_secs(10);
/// How long after a command the desk's own word of the change is waited for, so that it is not told as somebody else's.
const ECHO: Duration = Duration::from_millis(40);
/// How long the last commands may take once the caseworker or the terminal is gone.
const GOOD_BYE: Duration = Duration::from_millis(800);

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
    options: Options,
    plain: PlainOptions,
) -> Result<(), TuiError> {
    let who = desk.ask(AskWho {}).map_err(TuiError::SignIn)?;
    let [one, two, three, four, five, six, seven, eight, ..] = options.entropy.draw();
    let session = u64::from_le_bytes([one, two, three, four, five, six, seven, eight]);
    let (sender, incoming) = sync_channel(INCOMING_MAX);
    let workers = Workers::start(desk, options.entropy, &sender)?;
    let closing = listen(&sender)?;
    let (mut model, mut effects) = Model::new(who, options.keymap, Plain::SIZE, options.look);
    let cut_off = match &options.start {
        Some(_) => Vec::new(),
        None => desk.ask(AskPlaces {}).map(|answer| answer.places).unwrap_or_default(),
    };
    effects.extend(model.remember(session, cut_off));
    model.prefer(options.tongues, options.has_bell);
    if let Some(start) = options.start {
        effects.extend(model.go(start));
    }
    if let Some(prepared) = options.tutor {
        model.teach(prepared);
    }
    let mut said = Plain::new(model, plain.cells, plain.rows);
    if let Some(Status::Done(words) | Status::Refused(words)) = &options.notice {
        said.greet(words);
    }
    let (ready, may_read) = sync_channel(1);
    spawn("input", &sender, {
        let sender = sender.clone();
        move || read(&sender, &may_read)
    })?;
    let mut running = Running {
        plain: said,
        workers,
        clock: options.clock,
        ready,
        entered: None,
        awaited: 0,
        executing: 0,
        is_over: false,
        echoes: !io::stdin().is_terminal(),
        next_tick: Moment::now() + TICK,
    };
    running.begin(effects);
    let result = running.go(&incoming);
    running.say_good_bye(&incoming);
    closing.close();
    result
}

/// Tells the loop of signals: Ctrl-C leaves an entry, and the end of the terminal ends the program.
fn listen(sender: &SyncSender<Incoming>) -> io::Result<signal_hook::iterator::Handle> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let closing = signals.handle();
    let told = sender.clone();
    spawn("signals", sender, move || {
        for signal in signals.forever() {
            let word = if signal == SIGINT {
                Incoming::Entered(Entered::Interrupt)
            } else {
                Incoming::End
            };
            if told.send(word).is_err() {
                return;
            }
        }
    })?;
    Ok(closing)
}

/// Reads a line whenever one is wanted, so that no more than one waits. A line that is too long is read to its end, and
/// what is beyond the most is dropped; bytes that are no text become signs that say so.
fn read(sender: &SyncSender<Incoming>, may_read: &Receiver<()>) {
    let mut input = io::stdin().lock();
    while may_read.recv().is_ok() {
        let mut bytes = Vec::new();
        let taken = input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes);
        let entered = match taken {
            Ok(0) | Err(_) => Entered::End,
            Ok(_) => {
                if !bytes.ends_with(b"\n") {
                    drop_line(&mut input);
                }
                let line = String::from_utf8_lossy(&bytes);
                Entered::Line(line.trim_end_matches(['\n', '\r']).to_owned())
            }
        };
        let is_end = matches!(entered, Entered::End);
        if sender.send(Incoming::Entered(entered)).is_err() || is_end {
            return;
        }
    }
}

/// Reads to the end of the line, or of all that there is; the next wish for a line finds out which.
fn drop_line(input: &mut impl io::BufRead) {
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes) {
            Ok(read) if read > 0 && !bytes.ends_with(b"\n") => {}
            Ok(_) | Err(_) => return,
        }
    }
}

struct Running {
    plain: Plain,
    workers: Workers,
    clock: Arc<dyn Clock>,
    /// Says that the next line may be read.
    ready: SyncSender<()>,
    /// What was entered while the desk was still answering.
    entered: Option<Entered>,
    awaited: isize,
    executing: usize,
    is_over: bool,
    /// Whether lines are written out after the prompt, where no terminal shows what is typed.
    echoes: bool,
    next_tick: Moment,
}

impl Running {
    fn go(&mut self, incoming: &Receiver<Incoming>) -> Result<(), TuiError> {
        self.settle(incoming)?;
        self.say();
        while !self.is_over {
            let _ = self.ready.try_send(());
            let entered = self.wait(incoming)?;
            match entered {
                Some(Entered::Line(line)) => {
                    if self.echoes {
                        self.write(&format!("{}\n", safe_line(&line)));
                    }
                    self.plain.enter(&line);
                }
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
            self.carry_out(incoming)?;
            self.say();
            self.is_over |= self.plain.has_ended();
        }
        Ok(())
    }

    /// Waits until something is entered; the model hears of everything else.
    fn wait(&mut self, incoming: &Receiver<Incoming>) -> Result<Option<Entered>, TuiError> {
        loop {
            if let Some(entered) = self.entered.take() {
                return Ok(Some(entered));
            }
            if self.is_over {
                return Ok(None);
            }
            self.take_one(incoming, self.next_tick)?;
        }
    }

    /// Does all that the line means, each part once the desk has answered the one before.
    fn carry_out(&mut self, incoming: &Receiver<Incoming>) -> Result<(), TuiError> {
        let until = Moment::now() + ANSWER;
        while !self.is_over && Moment::now() < until {
            let Some(effects) = self.plain.step() else {
                if self.awaited <= 0 {
                    break;
                }
                self.settle(incoming)?;
                continue;
            };
            let changes = effects.iter().any(|effect| matches!(effect, Effect::Execute(..)));
            self.begin(effects);
            self.settle(incoming)?;
            if changes {
                self.hear_echo(incoming)?;
            }
        }
        Ok(())
    }

    /// Waits for every answer that is under way.
    fn settle(&mut self, incoming: &Receiver<Incoming>) -> Result<(), TuiError> {
        let until = Moment::now() + ANSWER;
        while self.awaited > 0 && !self.is_over && Moment::now() < until {
            self.take_one(incoming, until)?;
        }
        Ok(())
    }

    fn hear_echo(&mut self, incoming: &Receiver<Incoming>) -> Result<(), TuiError> {
        let until = Moment::now() + ECHO;
        while Moment::now() < until && !self.is_over {
            self.take_one(incoming, until)?;
        }
        self.settle(incoming)
    }

    fn take_one(&mut self, incoming: &Receiver<Incoming>, until: Moment) -> Result<(), TuiError> {
        let until = until.min(self.next_tick);
        match incoming.recv_timeout(until.saturating_duration_since(Moment::now())) {
            Ok(Incoming::Told(msg)) => {
                if matches!(msg, Msg::Answered(..) | Msg::Executed(..)) {
                    self.awaited -= 1;
                }
                if matches!(msg, Msg::Executed(..)) {
                    self.executing = self.executing.saturating_sub(1);
                }
                self.tell(msg);
            }
            Ok(Incoming::Entered(entered)) => self.entered = Some(entered),
            Ok(Incoming::End) | Err(RecvTimeoutError::Disconnected) => self.is_over = true,
            Ok(Incoming::Failed(why)) => return Err(TuiError::Stopped(why)),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
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
            let is_command = matches!(effect, Effect::Execute(..));
            let awaited = self.workers.begin(effect);
            self.awaited += awaited;
            self.executing += usize::from(is_command && awaited > 0);
        }
    }

    fn say(&mut self) {
        let report = self.plain.report();
        self.write(&report);
    }

    /// Writes; where nobody takes it any more, the program is over.
    fn write(&mut self, words: &str) {
        let mut out = io::stdout().lock();
        let written = out.write_all(words.as_bytes()).and_then(|()| out.flush());
        self.is_over |= written.is_err();
    }

    /// Keeps what was typed and where the caseworker is, unless they left; then waits for what the desk is doing.
    fn say_good_bye(&mut self, incoming: &Receiver<Incoming>) {
        if !self.plain.has_ended() {
            let effects = self.plain.put_away();
            self.begin(effects);
        }
        let until = Moment::now() + GOOD_BYE;
        while self.executing > 0 {
            match incoming.recv_timeout(until.saturating_duration_since(Moment::now())) {
                Ok(Incoming::Told(Msg::Executed(..))) => self.executing -= 1,
                Ok(_) => {}
                Err(_) => return,
            }
        }
    }
}
