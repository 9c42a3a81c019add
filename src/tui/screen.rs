//! What every screen is to the shell around it: keys and answers in, effects and a picture out.
use ratatui::layout::{Position, Rect};
use std::sync::Arc;

use crate::desk::{
    Answer, Ask, AttendanceAnswer, Change, Command, DeskError, DraftKey, PresenceAnswer, Query,
    Receipt, View, WhoAnswer,
};
use crate::domain::cases::EachAct;
use crate::domain::time::{AlsoCalendar, Instant, Tongue, Zone};
use crate::domain::{CaseId, CaseworkerId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key, Keymap};
use crate::tui::paint::Paper;

use super::casework::Casework;
use super::chart::Charts;
use super::look::Look;
use super::whereabouts::Whereabouts;

/// Names one question or command of the model, so that an answer that comes too late is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ticket(pub u64);

/// What comes in.
#[derive(Debug, Clone)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resized(u16, u16),
    /// A question was answered.
    Answered(Ticket, Box<Result<Answer, DeskError>>),
    /// A command was carried out or not.
    Executed(Ticket, Box<Result<Receipt, DeskError>>),
    /// The desk says that something changed.
    Changed(Change),
    /// Time has passed: sent about once a second while the screen shows anything that depends on it.
    Tick(Instant),
    /// No key has come for [`REST`](super::REST): whoever moves over a list rests on a row.
    Rested,
    /// Something was typed or pasted that cannot be taken: why, for the status line.
    NotTaken(String),
}

/// What the driver is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the desk, off the loop.
    Ask(Ticket, Query),
    /// Have the desk do something, off the loop; commands are carried out in the order given. The driver makes the
    /// idempotency key.
    Execute(Ticket, Box<Command>),
    /// Ring the terminal's bell, once.
    Bell,
    /// Draw all of the screen anew: somebody else may have written on it.
    Redraw,
    /// End the program.
    Quit,
}

/// Where to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Go {
    /// To the board.
    Board,
    /// To the board, with this list chosen.
    List(View),
    /// To the late cases by unit.
    Overdue,
    /// To the intake ledger.
    Ledger,
    /// To the likely duplicates.
    Duplicates,
    /// To what came since the caseworker left.
    News,
    /// To what must not stay overnight.
    Day,
    /// To who is here.
    Colleagues,
    /// To what a colleague has, with what was handed over just now.
    Handover(CaseworkerId, Vec<EntityId>),
    /// To those of one person.
    DuplicatesOf(PersonId),
    /// To two people side by side, to merge the second into the first.
    MergePeople(PersonId, PersonId),
    /// To what was promised.
    Promises,
    /// To the find screen, with this text typed.
    Find(String),
    /// To a person's file.
    Person(PersonId),
    /// To a case.
    Case(CaseId),
    /// To the intake form, for this person, with these words.
    Intake(Option<PersonId>, String),
    /// To a new person's form, with the words typed and the candidates that were shown.
    NewPerson(String, Vec<PersonId>),
    /// To the find screen, with this text typed, for somebody whom this screen's form is to name.
    FindFor(String),
    /// To the caseworker's drafts.
    Drafts,
    /// To the place of a draft, with its form open.
    Draft(DraftKey),
    /// To emergency accesses and attempts on closed files.
    Accesses,
    /// To what waits for a second signature.
    Signings,
    /// To the screen before.
    Back,
    /// To the screen after, once one went back.
    Forward,
}

/// How loud a status line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Something was done.
    Done(String),
    /// Something was refused or failed: what is the matter and what to do.
    Refused(String),
}

/// Which way along a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// To what comes after.
    Next,
    /// To what comes before.
    Previous,
}

/// Whether a screen took an action or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Handled {
    /// It did.
    Yes,
    /// It means nothing here; the shell may take it.
    #[default]
    No,
}

/// What all screens share.
#[derive(Debug, Clone)]
pub struct Shared {
    /// Who is signed in.
    pub who: WhoAnswer,
    /// The zone of the caseworker's unit.
    pub zone: Zone,
    /// The desk's time, as of the last tick.
    pub now: Instant,
    /// The live keys.
    pub keymap: Arc<Keymap>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What goes on wherever the caseworker is: the contact that runs, and the promises that ring.
    pub presence: PresenceAnswer,
    /// What charts are drawn with.
    pub charts: Charts,
    /// How the terminal is drawn on.
    pub look: Look,
    /// The languages in which times are understood, the office's own first.
    pub tongues: Vec<Tongue>,
    /// The calendar that is shown beside the Gregorian one.
    pub also: Option<AlsoCalendar>,
    /// Whether the reader rests, rather than moves or types: what takes many bytes and is not needed to move on is shown
    /// then.
    pub is_rested: bool,
    /// Who else has open what is shown, where that is known.
    pub others: Option<AttendanceAnswer>,
}

impl Shared {
    /// The office's own language, in which the names that a case type gives are shown.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.tongues.first().map_or("en", |tongue| tongue.code())
    }
}

/// What a screen works with while it handles something: the shared state, and a place for what is to follow.
#[derive(Debug)]
pub struct Context<'a> {
    /// What all screens share.
    pub shared: &'a Shared,
    /// The next ticket.
    pub(super) next_ticket: &'a mut Ticket,
    /// What the driver is to do.
    pub(super) effects: Vec<Effect>,
    /// Where to go, if anywhere.
    pub(super) go: Option<Go>,
    /// What the status line is to say, if anything new.
    pub(super) status: Option<Status>,
    /// What was done last, to be done again; or why it cannot be.
    pub(super) done: Option<Result<EachAct, String>>,
    /// Whether the screen's cursor moved, and nothing else of the screen is another.
    pub(super) has_moved: bool,
}

impl<'a> Context<'a> {
    /// A context in which nothing has happened yet.
    pub(super) fn new(shared: &'a Shared, next_ticket: &'a mut Ticket) -> Self {
        Self {
            shared,
            next_ticket,
            effects: Vec::new(),
            go: None,
            status: None,
            done: None,
            has_moved: false,
        }
    }

    /// Asks the desk; the answer comes to [`Screen::answered`] with this ticket.
    pub fn ask<Q: Ask>(&mut self, question: Q) -> Ticket {
        let ticket = self.ticket();
        self.effects.push(Effect::Ask(ticket, question.into_query()));
        ticket
    }

    /// Has the desk do something; the receipt comes to [`Screen::executed`] with this ticket.
    pub fn execute(&mut self, command: Command) -> Ticket {
        let ticket = self.ticket();
        self.effects.push(Effect::Execute(ticket, Box::new(command)));
        ticket
    }

    /// Goes somewhere once the handling is over.
    pub fn go(&mut self, to: Go) {
        self.go = Some(to);
    }

    /// Says something on the status line.
    pub fn say(&mut self, status: Status) {
        self.status = Some(status);
    }

    /// Remembers what was done, for whoever wants to do it again; or why it is not done again.
    pub fn remember(&mut self, done: Result<EachAct, String>) {
        self.done = Some(done);
    }

    /// Says that the screen's cursor moved, and that nothing else of the screen is another: [`Screen::draw_moved`] draws all
    /// that there is to be drawn.
    pub fn only_moved(&mut self) {
        self.has_moved = true;
    }

    fn ticket(&mut self) -> Ticket {
        self.next_ticket.0 += 1;
        *self.next_ticket
    }
}

/// A screen: a struct in the model that owns its state, its focus and its editors.
pub trait Screen {
    /// Asks for what the screen shows; called when it is opened, come back to, or refreshed. Keeps cursor, marks and
    /// typed text.
    fn load(&mut self, context: &mut Context<'_>);

    /// Where the focus is, for the keymap.
    fn keys(&self) -> keymap::Context;

    /// Carries out an action. `key` is the last key pressed, for actions that take its digit.
    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled;

    /// The inline editors of a screen that hands them all that is typed; a screen with texts of its own takes keys itself.
    fn casework(&mut self) -> Option<&mut Casework> {
        None
    }

    /// Takes a key that the keymap does not bind here: what is typed into a text, or picked by its letter.
    fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        self.casework().map_or(Handled::No, |casework| casework.key(key, context))
    }

    /// Whether a text has the focus, or takes it for a paste. Elsewhere a paste is refused before it gets here.
    fn takes_paste(&mut self) -> bool {
        self.keys().is_text() || self.casework().is_some_and(|casework| casework.is_open())
    }

    /// Takes pasted text.
    fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        if let Some(casework) = self.casework() {
            casework.paste(text, context);
        }
    }

    /// Takes an answer. Tickets that the screen does not wait for are dropped.
    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    );

    /// Takes a receipt. The shell has put its label, or the refusal, on the status line already.
    fn executed(
        &mut self,
        _ticket: Ticket,
        _receipt: &Result<Receipt, DeskError>,
        _context: &mut Context<'_>,
    ) {
    }

    /// Something changed at the desk: asks again for what it shows, if that is touched.
    fn changed(&mut self, change: &Change, context: &mut Context<'_>);

    /// The reader rests, and [`Shared::is_rested`] says so: asks for what is shown only then.
    fn rested(&mut self, _context: &mut Context<'_>) {}

    /// A second has passed; a draft that has rested is kept now.
    fn tick(&mut self, context: &mut Context<'_>) {
        if let Some(casework) = self.casework() {
            casework.tick(context);
        }
    }

    /// Draws everything but the status line and the footer, and says where the cursor is to stand: on the focused row or
    /// in the text, so that a screen reader follows.
    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position;

    /// Draws what is another after [`Context::only_moved`], on the rows that it renews. Where all has to be drawn, it says so
    /// before it touches the paper.
    fn draw_moved(
        &self,
        _shared: &Shared,
        _area: Rect,
        _paper: &mut Paper<'_>,
    ) -> Option<Position> {
        None
    }

    /// The actions that the footer shows, the most useful first.
    fn hints(&self) -> Vec<Action>;

    /// What the footer calls an action that means something of its own here.
    fn hint_label(&self, _action: Action) -> Option<&'static str> {
        None
    }

    /// The case that acts from the palette would be about, and the person, if the screen shows any.
    fn subject(&self) -> (Option<CaseId>, Option<PersonId>);

    /// Whether what the place names is on the screen, rather than refused or waiting for a purpose: nobody has it open
    /// before they see it.
    fn is_shown(&self) -> bool {
        true
    }

    /// Whether keys have to wait until an answer is here, for they are about rows that have not come yet. What a screen
    /// asks for in [`Screen::load`] when it is opened is waited for without this.
    fn is_waiting(&self) -> bool {
        false
    }

    /// The list that the next case is claimed from, if the screen shows one.
    fn view(&self) -> Option<View> {
        None
    }

    /// The case after (or before) this one in the screen's list; the cursor goes there, too.
    fn neighbour(&mut self, _case: CaseId, _towards: Towards) -> Option<CaseId> {
        None
    }

    /// The cases that are marked, by number.
    fn marked(&self) -> Vec<CaseId> {
        Vec::new()
    }

    /// Marks a case, with why nothing was done with it if that is known.
    fn mark(&mut self, _case: CaseId, _why: Option<String>) {}

    /// Unmarks all cases.
    fn unmark_all(&mut self) {}

    /// Does what was done last once more: with what is marked, or with the case under the cursor.
    fn repeat(&mut self, _act: &EachAct, _context: &mut Context<'_>) -> Handled {
        Handled::No
    }

    /// Hears that the last act was undone, before what it shows is asked for again.
    fn undone(&mut self) {}

    /// Puts the cursor on a case of the list; whether it is there.
    fn point_at(&mut self, _case: CaseId, _context: &mut Context<'_>) -> bool {
        false
    }

    /// What the screen is about, in a few words as they were entered; nothing where its place says it all.
    fn about(&self) -> String {
        String::new()
    }

    /// Shows this list, if the screen shows lists.
    fn show(&mut self, _view: View, _context: &mut Context<'_>) {}

    /// What there is to come back to on the screen after the line dropped, beside the place itself.
    fn whereabouts(&mut self) -> Whereabouts {
        let editing = self.casework().and_then(|casework| casework.editing());
        Whereabouts { editing, ..Whereabouts::default() }
    }

    /// Shows again what it showed, once it is loaded; called on a screen that was just made.
    fn put_back(&mut self, _whereabouts: &Whereabouts) {}

    /// Keeps what was typed and not kept yet: another screen comes, or the terminal goes.
    fn put_away(&mut self, context: &mut Context<'_>) {
        if let Some(casework) = self.casework() {
            casework.put_away(context);
        }
    }

    /// Takes the person who was looked for, if the screen sent for one.
    fn take_person(&mut self, _person: PersonId, _context: &mut Context<'_>) {}
}
