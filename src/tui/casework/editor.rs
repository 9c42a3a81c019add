//! What every inline editor is to the one place that opens, sends and keeps drafts for them.

use std::fmt::Debug;
use std::sync::Arc;

use crate::desk::{Answer, CaseFileAnswer, CaseRow, Command, DraftForm, WhoAnswer};
use crate::domain::CaseId;
use crate::domain::cases::{CaseAct, EachAct};
use crate::domain::time::{AlsoCalendar, Day, Instant, Zone};
use crate::keymap;
use crate::keymap::{Action, Key, Keymap};
use crate::tui::field::{Picture, Written};
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;

/// What an editor knows of its surroundings.
#[derive(Debug)]
pub(super) struct Scene {
    /// The case, as the row showed it when the editor was opened.
    pub(super) row: CaseRow,
    /// The case's file, once it was answered.
    pub(super) file: Option<Box<CaseFileAnswer>>,
    /// Whether the file could not be read, so that nothing waits for it.
    pub(super) is_file_lost: bool,
    /// Who is signed in.
    pub(super) who: WhoAnswer,
    /// The office's zone.
    pub(super) zone: Zone,
    /// The time, as of the last tick.
    pub(super) now: Instant,
    /// The live keys.
    pub(super) keymap: Arc<Keymap>,
    /// The office's language, for the names that a case type gives.
    pub(super) language: &'static str,
    /// The calendar that is shown beside the Gregorian one.
    pub(super) also: Option<AlsoCalendar>,
}

impl Scene {
    /// The office's day.
    pub(super) fn today(&self) -> Day {
        self.zone.day(self.now)
    }

    /// The key that means an action on a case.
    pub(super) fn key(&self, action: Action) -> String {
        self.keymap.key(keymap::Context::Row, action)
    }

    /// The key that leaves what is typed.
    pub(super) fn leave(&self) -> String {
        self.keymap.key(keymap::Context::Line, Action::Leave)
    }

    /// The name of a caseworker whom the case names.
    pub(super) fn name(&self, caseworker: crate::domain::CaseworkerId) -> String {
        let names = self.file.iter().flat_map(|file| &file.names);
        names
            .filter(|(known, _)| *known == caseworker)
            .map(|(_, name)| safe_line(name).into_owned())
            .next()
            .unwrap_or_else(|| caseworker.to_string())
    }
}

/// What came of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Nothing that a draft would keep.
    Nothing,
    /// There is something new to keep.
    Changed,
    /// It was not taken: why, and what to do.
    Refused(String),
    /// What the editor says now is to be done at once.
    Send,
    /// The editor has served its purpose.
    Close,
    /// Another editor begins in its place, with this text in its field of this name.
    Begin(Action, &'static str, String),
}

impl From<Written> for Typed {
    fn from(written: Written) -> Self {
        match written {
            Written::Changed => Self::Changed,
            Written::Same | Written::NotTaken => Self::Nothing,
            Written::Refused(why) => Self::Refused(why),
        }
    }
}

/// What an editor would have done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Composed {
    /// These, in this order, each only after the one before it.
    Acts(Vec<CaseAct>),
    /// Nothing: it closes.
    Nothing,
    /// It cannot say before an answer that it waits for.
    Waiting,
    /// Something is missing; the focus stands on it.
    Missing(String),
    /// Nothing: it stays open, for the key meant something in it.
    Stays,
}

/// Which way the focus moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// To the next field or choice.
    Next,
    /// To the one before.
    Previous,
}

/// An inline editor: it owns its text and its focus.
pub(super) trait Editor: Debug {
    /// The word at its top.
    fn title(&self) -> &'static str;

    /// Which draft keeps its fields; one without words keeps none.
    fn form(&self) -> Option<DraftForm>;

    /// Which keys mean something.
    fn keys(&self) -> keymap::Context {
        keymap::Context::Line
    }

    /// What the footer shows.
    fn hints(&self) -> Vec<Action> {
        vec![Action::Send, Action::NextField, Action::Leave]
    }

    /// Asks what it needs beside the case's file.
    fn open(&mut self, _scene: &Scene, _context: &mut Context<'_>) {}

    /// Takes a key.
    fn key(&mut self, key: Key, scene: &Scene, context: &mut Context<'_>) -> Typed;

    /// Takes pasted text.
    fn paste(&mut self, text: &str, scene: &Scene, context: &mut Context<'_>) -> Typed;

    /// Moves the focus; `key` is what was pressed.
    fn turn(&mut self, turn: Turn, key: Key, scene: &Scene);

    /// Takes the answer to a question that it asked itself, or that there was none; whether it had asked.
    fn answered(&mut self, _ticket: Ticket, _answer: Option<&Answer>, _scene: &Scene) -> bool {
        false
    }

    /// Whether keys had better wait for an answer to a question that it asked itself.
    fn is_waiting(&self) -> bool {
        false
    }

    /// Leaves what is open inside it, if anything is.
    fn escape(&mut self) -> bool {
        false
    }

    /// The case's file has come.
    fn informed(&mut self, _scene: &Scene) -> Typed {
        Typed::Nothing
    }

    /// What it would have done; moves the focus to what is missing.
    fn compose(&mut self, scene: &Scene) -> Composed;

    /// What it would have done with each of many cases as it stands; nothing while something is missing, and for an editor
    /// that works on one case only.
    fn for_each(&self, _scene: &Scene) -> Option<EachAct> {
        None
    }

    /// The command of an act that was composed. A form says what its fields held, so that each is compared alone.
    fn command(&self, case: CaseId, version: Option<u64>, act: CaseAct) -> Command {
        Command::Case { case, version, act }
    }

    /// Field names and their text, for the draft; empty where there is nothing worth keeping.
    fn fields(&self) -> Vec<(String, String)>;

    /// The name of the field with the focus, for the draft.
    fn focus(&self) -> &'static str;

    /// Puts a draft's field back.
    fn restore(&mut self, field: &str, text: &str);

    /// Whether keys pick something in its first field. Such a form comes back from a draft with its words, but with the
    /// focus where it begins: whoever opens it again picks first, and the keys must not fall into the old words.
    fn picks_by_key(&self) -> bool {
        false
    }

    /// Puts the focus back on the field of this name.
    fn restore_focus(&mut self, field: &str);

    /// Its rows, without the title, in so many cells.
    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture);
}

/// The field of a draft, unless it is empty.
pub(super) fn kept(name: &str, text: impl Into<String>) -> Option<(String, String)> {
    let text = text.into();
    (!text.is_empty()).then(|| (name.to_owned(), text))
}
