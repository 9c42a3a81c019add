//! The loop: drains what came in, updates the model, draws once, waits.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use crate::desk::{AskWho, Clock, Desk, DeskError, Entropy};
use crate::domain::time::{AlsoCalendar, Tongue};
use crate::keymap::Keymap;

use super::super::chart::Charts;
use super::super::look::Look;
use super::super::model::{Model, REST};
use super::super::screen::{Effect, Go, Msg, Status};
use super::super::thin::Abilities;
use super::super::tutor::Prepared;
use super::super::update::{take_in, update};
use super::incoming::{Ears, Incoming, way};
use super::input::{Keyboard, Typed};
use super::opening::open;
use super::output::Ending;
use super::signals::Watch;
use super::terminal::{Surface, give_back, size};
use super::under_way::UnderWay;
use super::workers::{Workers, spawn};

/// What is taken in before a frame is drawn, so that a desk that never stops talking does not stop the picture.
const DRAINED_MAX: usize = 2_048;

/// How often the model is told the time.
const TICK: Duration = Duration::from_secs(1);

/// How long a frame is put off at most for what a key asked, so that it costs one frame with everything on it; an answer
/// that is there ends the waiting at once.
const SETTLE: Duration = Duration::from_millis(12);

/// How the terminal front end runs.
pub struct Options {
    /// The keys.
    pub keymap: Keymap,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where the keys of commands come from.
    pub entropy: Arc<dyn Entropy>,
    /// What the terminal can do.
    pub terminal: Abilities,
    /// How the terminal is drawn on.
    pub look: Look,
    /// Whether the terminal's bell rings for promises.
    pub has_bell: bool,
    /// The calendar that is shown beside the Gregorian one.
    pub also: Option<AlsoCalendar>,
    /// The languages in which times are understood, the office's own first.
    pub tongues: Vec<Tongue>,
    /// What the status line says first, if anything: that a line of the keymap means nothing.
    pub notice: Option<Status>,
    /// Where it begins, if not at the board, to which one comes back from there.
    pub start: Option<Go>,
    /// What charts are drawn with.
    pub charts: Charts,
    /// How long after an Esc the rest of a key's sequence may come, on a slow line.
    pub escape_delay: Duration,
    /// What the tutor has ready, where this is practice.
    pub tutor: Option<Prepared>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("look", &self.look)
            .field("notice", &self.notice)
            .field("start", &self.start)
            .field("escape_delay", &self.escape_delay)
            .finish_non_exhaustive()
    }
}

/// Why the terminal front end could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// The terminal cannot be used.
    #[error("the terminal cannot be used")]
    Terminal(#[from] io::Error),
    /// The desk did not say who is signed in.
    #[error("the desk did not say who is signed in")]
    SignIn(#[source] DeskError),
    /// A thread is gone, or the terminal cannot be read.
    #[error("casedesk had to stop: {0}")]
    Stopped(String),
}

/// Runs casedesk in the terminal until the caseworker leaves, or the terminal does. The terminal is given back as it was
/// in every case.
///
/// # Errors
/// The terminal cannot be used, the desk does not answer, or one of the threads died.
pub fn run(desk: &Arc<dyn Desk>, mut options: Options) -> Result<(), TuiError> {
    let who = desk.ask(AskWho {}).map_err(TuiError::SignIn)?;
    let (teller, mut ears) = way()?;
    let workers = Workers::start(desk, Arc::clone(&options.entropy), &teller)?;
    let ending = Ending::default();
    let signals = Watch::begin(&teller, &ending)?;
    let keyboard = Arc::new(Keyboard::new(options.escape_delay, ending.clone())?);
    let surface = Surface::take(options.terminal, &ending)?;
    let (mut model, effects) = open(desk.as_ref(), who, &mut options, size());
    model.draw_charts_with(options.charts);
    if let Some(notice) = options.notice {
        model.say(notice);
    }
    spawn("keyboard", &teller, {
        let keyboard = Arc::clone(&keyboard);
        move || keyboard.stand_by()
    })?;
    ears.listen_to(keyboard);
    let mut running = Running {
        model,
        surface,
        signals,
        under_way: UnderWay::new(workers),
        clock: options.clock,
        awaited_before_keys: None,
        next_tick: Moment::now() + TICK,
        rests_at: None,
        is_resized: false,
        is_over: false,
        is_left: false,
    };
    running.begin(effects);
    let result = running.go(&mut ears);
    running.say_good_bye(&mut ears);
    // A terminal that is gone takes no frame either; that is no failure of its own.
    if ending.has_begun() { Ok(()) } else { result }
}

struct Running {
    model: Model,
    surface: Surface,
    signals: Watch,
    under_way: UnderWay,
    clock: Arc<dyn Clock>,
    /// How many answers were under way when the first key came after the last frame: no key waits for those.
    awaited_before_keys: Option<isize>,
    /// When the model is told the time next.
    next_tick: Moment,
    /// When the model is told that the reader rests, if it wants to be.
    rests_at: Option<Moment>,
    /// Whether the terminal has another size than the one that was drawn for.
    is_resized: bool,
    is_over: bool,
    /// Whether the caseworker left, rather than the terminal.
    is_left: bool,
}

impl Running {
    fn go(&mut self, ears: &mut Ears) -> Result<(), TuiError> {
        self.draw()?;
        while !self.is_over {
            let until = self.rests_at.map_or(self.next_tick, |at| at.min(self.next_tick));
            if let Some(came) = ears.next(until) {
                self.take(came)?;
                self.settle(ears)?;
            }
            self.tell_time();
            if !self.is_over {
                self.draw()?;
            }
        }
        Ok(())
    }

    /// Tells the model what of the time it wants to know.
    fn tell_time(&mut self) {
        let now = Moment::now();
        if self.rests_at.is_some_and(|at| now >= at) {
            self.rests_at = None;
            self.tell(Msg::Rested);
        }
        if now >= self.next_tick {
            self.next_tick = now + TICK;
            let now = self.clock.now();
            self.tell(Msg::Tick(now));
        }
    }

    /// Keeps what was typed and where the caseworker is, unless they left; then waits for what the desk is doing, which
    /// would be lost with the program.
    fn say_good_bye(&mut self, ears: &mut Ears) {
        if !self.is_left {
            let effects = self.model.put_away();
            self.begin(effects);
        }
        self.under_way.finish(ears);
    }

    /// Takes in all that was told or heard, and what comes a little longer where something was asked: by the keys since the last frame, or where
    /// there were none, at all.
    fn settle(&mut self, ears: &mut Ears) -> Result<(), TuiError> {
        let until = Moment::now() + SETTLE;
        for _ in 0..DRAINED_MAX {
            let is_asked = self.under_way.awaited() > self.awaited_before_keys.unwrap_or_default();
            match if is_asked { ears.next(until) } else { ears.waiting() } {
                Some(came) if !self.is_over => self.take(came)?,
                Some(_) | None => break,
            }
        }
        Ok(())
    }

    fn take(&mut self, came: Incoming) -> Result<(), TuiError> {
        match came {
            Incoming::Typed(lot) => {
                self.awaited_before_keys.get_or_insert(self.under_way.awaited());
                for typed in lot {
                    self.typed(typed)?;
                }
                self.rests_at = self.model.is_restless().then(|| Moment::now() + REST);
            }
            Incoming::Told(msg) => {
                self.under_way.heard(&msg);
                self.tell(msg);
            }
            Incoming::End | Incoming::Entered(_) => self.is_over = true,
            Incoming::Resized => self.is_resized = true,
            Incoming::Continued => self.take_terminal_again()?,
            Incoming::Failed(why) => return Err(TuiError::Stopped(why)),
        }
        Ok(())
    }

    fn typed(&mut self, typed: Typed) -> Result<(), TuiError> {
        if typed == Typed::Suspend {
            return self.suspend();
        }
        if let Some(msg) = typed.message() {
            self.tell(msg);
        }
        Ok(())
    }

    /// Gives the terminal back, stops the whole job as Ctrl-Z does elsewhere, and takes the terminal again when it goes
    /// on. Where there is no shell to go on from, the system does not stop it, and nothing is lost.
    fn suspend(&mut self) -> Result<(), TuiError> {
        give_back();
        self.signals.stop()?;
        self.take_terminal_again()
    }

    fn take_terminal_again(&mut self) -> Result<(), TuiError> {
        self.surface.take_again()?;
        let (columns, rows) = size();
        self.tell(Msg::Resized(columns, rows));
        Ok(())
    }

    fn tell(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.begin(effects);
    }

    fn begin(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.is_left |= effect == Effect::Quit;
            self.is_over |= self.is_left;
            match effect {
                Effect::Bell => self.surface.bell(),
                Effect::Redraw => self.surface.forget(),
                Effect::Ask(..) | Effect::Execute(..) | Effect::Quit => {}
            }
            self.under_way.begin(effect);
        }
    }

    /// Takes in what the desk told, now that no key waits, and draws what has changed.
    fn draw(&mut self) -> Result<(), TuiError> {
        self.awaited_before_keys = None;
        let effects = take_in(&mut self.model);
        self.begin(effects);
        if std::mem::take(&mut self.is_resized) {
            let (columns, rows) = size();
            self.surface.resize((columns, rows));
            self.tell(Msg::Resized(columns, rows));
        }
        if self.model.is_dirty() {
            self.surface.draw(&self.model)?;
            self.model.drawn();
        }
        Ok(())
    }
}
