//! Pairs of people who were found likely the same when one of them was registered, for whoever may see both.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, Ask as _, AskDuplicates, AskLikely, Change, Command, DeskError, DuplicatePair,
    PairSide, Receipt, evidence_line,
};
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::safe_line;

use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Ticket};

/// Rows above the first pair.
const ROWS_ABOVE: usize = 2;
/// Rows that a pair takes: the two people, and the evidence.
const ROWS_A_PAIR: usize = 3;

/// The screen.
pub(super) struct DuplicatesScreen {
    /// Only of this person; without, those that registrations brought.
    person: Option<PersonId>,
    pairs: Option<Vec<DuplicatePair>>,
    cursor: usize,
    /// Whether the reading of the list is on record.
    is_logged: bool,
    logging: Option<Ticket>,
    asked: Option<Ticket>,
    telling: Option<Ticket>,
    failed: Option<DeskError>,
}

impl DuplicatesScreen {
    /// The screen, with nothing asked yet.
    pub(super) fn new(person: Option<PersonId>) -> Self {
        Self {
            person,
            pairs: None,
            cursor: 0,
            is_logged: false,
            logging: None,
            asked: None,
            telling: None,
            failed: None,
        }
    }

    fn current(&self) -> Option<&DuplicatePair> {
        self.pairs.as_ref()?.get(self.cursor)
    }

    fn settle(&mut self) {
        let pairs = self.pairs.as_ref().map_or(0, Vec::len);
        self.cursor = self.cursor.min(pairs.saturating_sub(1));
    }

    /// What stands where there are no pairs.
    fn words(&self) -> String {
        match (&self.failed, &self.pairs) {
            (Some(error), _) => error.to_string(),
            (None, None) => "Reading...".to_owned(),
            (None, Some(_)) => match self.person {
                Some(person) => format!("Nobody is likely the same as {person}."),
                None => "None waits; casedesk duplicates compares the whole register".to_owned(),
            },
        }
    }
}

/// The pairs of an answer, whichever question it is to.
fn pairs_of(answer: Answer) -> Result<Vec<DuplicatePair>, DeskError> {
    match answer {
        Answer::Duplicates(answer) => Ok(answer.pairs),
        other => AskLikely::expect(other).map(|answer| answer.pairs),
    }
}

impl Screen for DuplicatesScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        if self.is_logged {
            self.asked = Some(match self.person {
                Some(_) => {
                    context.ask(AskDuplicates { person: self.person, after: 0, bits_min: None })
                }
                None => context.ask(AskLikely {}),
            });
        } else if self.logging.is_none() {
            self.logging = Some(context.execute(Command::ListDuplicates { person: self.person }));
        }
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Alike
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        let Some(pair) = self.current() else { return Handled::No };
        let (one, other) = (pair.sides.0.person, pair.sides.1.person);
        match (action, key.digit()) {
            (Action::ListDown, _) => self.cursor += 1,
            (Action::ListUp, _) => self.cursor = self.cursor.saturating_sub(1),
            (Action::ListFirst, _) => self.cursor = 0,
            (Action::ListLast, _) => self.cursor = usize::MAX,
            (Action::OpenRow, _) | (Action::OpenAlike, Some(1)) => context.go(Go::Person(one)),
            (Action::OpenAlike, Some(2)) => context.go(Go::Person(other)),
            (Action::Merge, _) => context.go(Go::MergePeople(one, other)),
            (Action::NotSame, _) if self.telling.is_none() => {
                let command =
                    Command::TellApart { people: (one, other), reason: None, is_withdrawn: false };
                self.telling = Some(context.execute(command));
            }
            _ => return Handled::No,
        }
        self.settle();
        Handled::Yes
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        _context: &mut Context<'_>,
    ) {
        if self.asked != Some(ticket) {
            return;
        }
        self.asked = None;
        match answer.and_then(pairs_of) {
            Ok(answer) => {
                self.pairs = Some(answer);
                self.failed = None;
                self.settle();
            }
            Err(error) => self.failed = Some(error),
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.logging.take_if(|logging| *logging == ticket).is_some() {
            match receipt {
                Ok(_) => {
                    self.is_logged = true;
                    self.load(context);
                }
                Err(error) => self.failed = Some(error.clone()),
            }
        } else if self.telling.take_if(|telling| *telling == ticket).is_some() {
            self.load(context);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Changed(entities) => entities
                .iter()
                .any(|entity| matches!(entity, EntityId::Person(_) | EntityId::Distinction(..))),
            Change::Resync => true,
            Change::Health => false,
        };
        if is_touched && self.is_logged && self.asked.is_none() {
            self.load(context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let pairs = self.pairs.as_deref().unwrap_or_default();
        let count = if pairs.is_empty() { String::new() } else { format!("  {}", pairs.len()) };
        let of = self.person.map(|person| format!(" of {person}")).unwrap_or_default();
        let heading = format!("LIKELY DUPLICATES{of}{count}");
        let cells = canvas.width();
        canvas.put(0, 0, &header(&heading, "", shared, cells), Meaning::Strong);
        if pairs.is_empty() {
            canvas.line(ROWS_ABOVE, &safe_line(&self.words()));
            return canvas.position(ROWS_ABOVE, 0);
        }
        let room = (canvas.height().saturating_sub(ROWS_ABOVE) / ROWS_A_PAIR).max(1);
        let top = (self.cursor + 1).saturating_sub(room);
        for (place, pair) in pairs.iter().enumerate().skip(top).take(room) {
            let row = ROWS_ABOVE + (place - top) * ROWS_A_PAIR;
            let marker = if place == self.cursor { '>' } else { ' ' };
            let side = |digit: u8, side: &PairSide| {
                format!("{digit} {} {} {}", side.person, safe_line(&side.name), side.born)
            };
            let people = format!("{marker}{:>5.1}  {}", pair.bits, side(1, &pair.sides.0));
            canvas.put(row, 0, &people, Meaning::Plain);
            let other = format!("        {}", side(2, &pair.sides.1));
            canvas.put(row + 1, 0, &other, Meaning::Plain);
            let evidence = format!("        {}", evidence_line(&pair.evidence));
            canvas.put(row + 2, 0, &evidence, Meaning::Plain);
        }
        canvas.position(ROWS_ABOVE + (self.cursor - top) * ROWS_A_PAIR, 0)
    }

    fn is_waiting(&self) -> bool {
        self.logging.is_some() || self.telling.is_some() || self.asked.is_some()
    }

    fn hints(&self) -> Vec<Action> {
        if self.current().is_none() {
            return vec![Action::Undo, Action::Leave, Action::GoBoard];
        }
        vec![Action::OpenAlike, Action::Merge, Action::NotSame, Action::Undo, Action::Leave]
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (None, self.current().map(|pair| pair.sides.0.person))
    }
}
