//! All that the terminal front end knows at a moment.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::desk::{Notice, PresenceAnswer, Query, WhoAnswer};
use crate::domain::cases::EachAct;
use crate::domain::time::{AlsoCalendar, Tongue};
use crate::domain::{CaseId, PromiseId};
use crate::keymap::{Action, Continuation, Key, Keymap};

use super::chart::Charts;
use super::contact::Prompt;
use super::habits::{Habits, MacroForm, Picker};
use super::help::Pages;
use super::here::Here;
use super::history::{History, ScreenId};
use super::look::{Bidi, Look};
use super::opening::Unopened;
use super::others::Others;
use super::palette::Palette;
use super::place::Place;
use super::screen::{Effect, Go, Msg, Shared, Status, Ticket};
use super::screens;
use super::shell;
use super::status::OwnActs;
use super::tutor::{COACH_ROWS, Coach, Prepared};
use super::update;
use super::whereabouts::PlaceKeeper;

/// Questions and commands whose sender is remembered; beyond that the oldest answers are dropped.
pub(super) const ASKED_MAX: usize = 256;

/// Keys and pasted texts that wait for an answer; more than that is not typing ahead but something on the keyboard.
pub(super) const HELD_MAX: usize = 256;

/// What the desk told and is not taken in yet; beyond that the oldest is taken in before the next frame.
pub(super) const TOLD_MAX: usize = 512;

/// How long after the last key the reader rests: what is shown only then would cost bytes at every move.
pub const REST: Duration = Duration::from_millis(400);

/// Seconds for which keys wait for an answer, until they are let through all the same.
pub(super) const HELD_TICKS_MAX: u8 = 3;

/// Ticks after which the desk is asked whether a trouble lasts, for it may heal while nobody does anything.
pub(super) const NOTICE_TICKS: u8 = 5;

/// Rows of a terminal on which there is no room for a notice's line.
const NOTICE_ROWS_MIN: u16 = 6;

/// Columns and rows of a terminal that does not say how large it is.
pub(super) const SIZE_DEFAULT: (u16, u16) = (80, 24);

/// Columns and rows that are drawn on; more are no terminal that anybody reads, and would cost memory for every cell.
const COLUMNS_MAX: u16 = 640;
const ROWS_MAX: u16 = 240;

/// The state of the terminal front end.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own of the session, and none excludes another"
)]
pub struct Model {
    pub(super) shared: Shared,
    pub(super) history: History,
    pub(super) overlay: Overlay,
    /// The keys of a sequence that is not finished, and how it can go on.
    pub(super) pending: Vec<Key>,
    pub(super) continuations: Vec<Continuation>,
    /// How often whoever types has rested since the sequence was begun: all ways on are listed then.
    pub(super) pending_rests: u8,
    pub(super) status: Option<Status>,
    /// What every screen shows above everything else for as long as it lasts: that nothing can be saved.
    pub(super) notice: Option<Notice>,
    pub(super) notice_ticks: u8,
    /// Whether something was refused since changes were saved last, as nothing could be saved.
    pub(super) was_refused: bool,
    /// Whether what goes on was heard of since the program began.
    pub(super) is_presence_known: bool,
    /// Columns and rows of the whole terminal.
    pub(super) terminal: (u16, u16),
    pub(super) next_ticket: Ticket,
    /// Who asked what is not answered yet.
    pub(super) asked: BTreeMap<Ticket, Asker>,
    /// What was typed while something had to be waited for.
    pub(super) held: VecDeque<Msg>,
    pub(super) held_ticks: u8,
    /// What the desk told since the last frame: a key that comes before the next one is about what was drawn.
    pub(super) told: VecDeque<Msg>,
    pub(super) outdated: Outdated,
    /// Whether all that the current screen did the last time it was called was to move its cursor.
    pub(super) has_moved: bool,
    /// What was done last, to be done again; or why it cannot be.
    pub(super) last_done: Option<Result<EachAct, String>>,
    /// What was done from here that can be undone.
    pub(super) own_acts: OwnActs,
    /// Counts, places and macros.
    pub(super) habits: Habits,
    pub(super) here: Here,
    /// Whether the bell rings once for each promise that begins to ring.
    pub(super) has_bell: bool,
    /// The promises that have rung.
    pub(super) rung: BTreeSet<PromiseId>,
    /// The tutor, where one learns.
    pub(super) coach: Option<Coach>,
    /// Keeps where the caseworker is; nobody where no session was named.
    pub(super) place: Option<PlaceKeeper>,
    /// What others were told is open here, and who else has it open.
    pub(super) others: Others,
    /// What is to be opened on the screen once it is there.
    pub(super) resume: Option<Action>,
    /// The form that a person is looked for, who is to be named in it.
    pub(super) looking_for: Option<ScreenId>,
    /// What the screens asked and is not answered yet, so that it can be put again once a file is open.
    pub(super) questions: BTreeMap<Ticket, Query>,
    /// The file that is not open yet, with the questions that wait for it.
    pub(super) unopened: Option<Unopened>,
}

/// What of the last frame is not as the model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outdated {
    /// Nothing.
    Nothing,
    /// Where the screen's cursor is, and what is said of the row under it.
    Cursor,
    /// Anything.
    All,
}

/// What lies over the screen.
pub(super) enum Overlay {
    /// Nothing.
    Nothing,
    /// The palette.
    Palette(Palette),
    /// Pages to read: help, or why something is as it is.
    Pages(Pages),
    /// What the tutor explains.
    Lesson(Pages),
    /// A list to pick from.
    Picker(Picker),
    /// A macro's name and keys.
    Macro(MacroForm),
    /// The prompt that begins or ends a contact.
    Contact(Box<Prompt>),
}

/// Whose an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// A screen's.
    Screen(ScreenId),
    /// A screen's, about keeping a draft: it says itself whether that was done.
    Draft(ScreenId),
    /// The shell's own.
    Shell(Errand),
}

/// What the shell asked for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    /// To claim the next case.
    Claim,
    /// To undo.
    Undo,
    /// Why a case is as it is.
    Why(CaseId),
    /// Whether anything can be changed.
    Health,
    /// What goes on wherever the caseworker is.
    Presence,
    /// Who is signed in, and with which rights.
    Who,
    /// Who else has it open.
    Attendance,
    /// The macros, to pick one.
    Macros,
    /// To keep or drop a macro.
    KeepMacro,
    /// To note that the caseworker is here.
    Here,
    /// To keep where the caseworker is.
    Place,
    /// To begin, change or end a contact.
    Contact,
    /// What goes on since a contact was begun, changed or ended; keys wait for it.
    ContactPresence,
    /// The questions that prove who a caller is.
    Verify,
    /// The texts that a digit answers with.
    Articles,
    /// To open a closed file, or give it back.
    Emergency,
    /// To print the receipt of a case.
    Slip(CaseId),
    /// To open a file that a screen asked about.
    Opening,
}

impl Model {
    /// A model on the board, with what the driver is to ask for first. A terminal of no size counts as 80x24.
    #[must_use]
    pub fn new(
        who: WhoAnswer,
        keymap: Keymap,
        size: (u16, u16),
        look: Look,
    ) -> (Self, Vec<Effect>) {
        let zone = who.calendar.zone();
        let now = who.at;
        let terminal = known_size(size);
        let presence = PresenceAnswer::default();
        let shared = Shared {
            who,
            zone,
            now,
            keymap: Arc::new(keymap),
            size: terminal,
            presence,
            charts: Charts::default(),
            look,
            tongues: Tongue::ALL.to_vec(),
            also: None,
            is_rested: true,
            others: None,
        };
        let board = screens::make(&Place::Board, &shared);
        let mut model = Self {
            shared,
            history: History::new(board),
            overlay: Overlay::Nothing,
            pending: Vec::new(),
            continuations: Vec::new(),
            pending_rests: 0,
            status: None,
            notice: None,
            notice_ticks: 0,
            was_refused: false,
            is_presence_known: false,
            terminal,
            next_ticket: Ticket::default(),
            asked: BTreeMap::new(),
            held: VecDeque::new(),
            held_ticks: 0,
            told: VecDeque::new(),
            outdated: Outdated::All,
            has_moved: false,
            last_done: None,
            own_acts: OwnActs::default(),
            habits: Habits::default(),
            here: Here::default(),
            has_bell: false,
            rung: BTreeSet::new(),
            coach: None,
            place: None,
            others: Others::default(),
            resume: None,
            looking_for: None,
            questions: BTreeMap::new(),
            unopened: None,
        };
        let effects = update::open(&mut model);
        (model, effects)
    }

    /// Goes somewhere before anything was pressed, with what the driver is to do for it.
    pub fn go(&mut self, to: Go) -> Vec<Effect> {
        let mut effects = Vec::new();
        shell::navigate(self, to, &mut effects);
        effects
    }

    /// Has charts drawn with these signs.
    pub fn draw_charts_with(&mut self, charts: Charts) {
        self.shared.charts = charts;
        self.outdate();
    }

    /// Takes what the caseworker prefers: the languages in which times are understood, the office's own first, the
    /// calendar that is shown beside the Gregorian one, and whether the terminal's bell rings for promises.
    pub fn prefer(&mut self, tongues: Vec<Tongue>, also: Option<AlsoCalendar>, has_bell: bool) {
        self.shared.tongues = tongues;
        self.shared.also = also;
        self.has_bell = has_bell;
    }

    /// Says something on the status line before anything was pressed: a line of a keymap file that means nothing.
    pub fn say(&mut self, status: Status) {
        self.status = Some(status);
        self.outdate();
    }

    /// Begins the tutor: the first lesson is explained.
    pub fn teach(&mut self, prepared: Prepared) {
        let coach = Coach::new(prepared);
        self.overlay = Overlay::Lesson(coach.pages(&self.shared));
        self.coach = Some(coach);
        self.outdate();
        self.fit(self.terminal);
    }

    /// Takes the size of the terminal; screens have what the notice leaves.
    pub(super) fn fit(&mut self, terminal: (u16, u16)) {
        self.terminal = known_size(terminal);
        let (columns, rows) = self.terminal;
        self.shared.size = (columns, rows - self.rows_above(rows));
    }

    /// Rows that the notice takes of so many.
    pub(super) fn notice_rows(&self, rows: u16) -> u16 {
        u16::from(self.notice.is_some() && rows >= NOTICE_ROWS_MIN)
    }

    /// Rows that the tutor takes of so many, below the notice.
    pub(super) fn coach_rows(&self, rows: u16) -> u16 {
        let is_shown = self.coach.is_some() && rows >= NOTICE_ROWS_MIN + COACH_ROWS;
        if is_shown { COACH_ROWS } else { 0 }
    }

    /// Rows above the screen of so many.
    pub(super) fn rows_above(&self, rows: u16) -> u16 {
        self.notice_rows(rows) + self.coach_rows(rows)
    }

    /// Whether anything has changed since [`Model::drawn`] was last called.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.outdated != Outdated::Nothing
    }

    /// Whether the cursor has moved since [`Model::drawn`] was last called, and nothing else has changed.
    #[must_use]
    pub fn has_only_moved(&self) -> bool {
        self.outdated == Outdated::Cursor
    }

    /// All of it is to be drawn.
    pub(super) fn outdate(&mut self) {
        self.outdated = Outdated::All;
    }

    /// All of it is to be drawn, if that is so.
    pub(super) fn outdate_if(&mut self, is_so: bool) {
        if is_so {
            self.outdate();
        }
    }

    /// Who puts right-to-left text in order.
    pub(super) fn bidi(&self) -> Bidi {
        self.shared.look.bidi
    }

    /// Whether the model is to be told of it with [`Msg::Rested`] once no key has come for [`REST`].
    #[must_use]
    pub fn is_restless(&self) -> bool {
        !self.shared.is_rested || (!self.pending.is_empty() && self.pending_rests == 0)
    }

    /// Notes that the model was drawn as it is.
    pub fn drawn(&mut self) {
        self.outdated = Outdated::Nothing;
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("place", &self.history.current().place)
            .field("pending", &self.pending)
            .field("status", &self.status)
            .field("held", &self.held.len())
            .finish_non_exhaustive()
    }
}

/// The size, or the usual one where the terminal does not know its own; no larger than what is ever drawn on.
pub(super) fn known_size((columns, rows): (u16, u16)) -> (u16, u16) {
    if columns == 0 || rows == 0 {
        return SIZE_DEFAULT;
    }
    (columns.min(COLUMNS_MAX), rows.min(ROWS_MAX))
}
