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
use super::stay::Stay;
use super::stepping::stepped;

/// Rows above the first pair.
const ROWS_ABOVE: usize = 2;
/// Rows that a pair takes: the two people, and the evidence.
const ROWS_A_PAIR: usize = 3;
/// Pairs that a page has.
const PAIRS_A_PAGE: usize = 6;

/// The screen.
pub(super) struct DuplicatesScreen {
    /// Only of this person; without, those that registrations brought.
    person: Option<PersonId>,
    pairs: Option<Vec<DuplicatePair>>,
    cursor: Stay,
    /// Whether an act of one's own was carried out that may have taken the pair away.
    has_acted: bool,
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
            cursor: Stay::default(),
            has_acted: false,
            is_logged: false,
            logging: None,
            asked: None,
            telling: None,
            failed: None,
        }
    }

    fn current(&self) -> Option<&DuplicatePair> {
        self.pairs.as_ref()?.get(self.cursor.at())
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

/// Whether two pairs are of the same two people.
fn is_same(one: &DuplicatePair, other: &DuplicatePair) -> bool {
    let people = |pair: &DuplicatePair| (pair.sides.0.person, pair.sides.1.person);
    people(one) == people(other)
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
        let pairs = self.pairs.get_or_insert_default();
        if let Some(to) = stepped(action, self.cursor.at(), pairs.len(), PAIRS_A_PAGE) {
            self.cursor.set(to, pairs);
            return Handled::Yes;
        }
        match (action, key.digit()) {
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
                let is_own = std::mem::take(&mut self.has_acted);
                let before = self.pairs.take().unwrap_or_default();
                self.pairs = Some(self.cursor.take(&before, answer, is_own, is_same));
                self.failed = None;
            }
            Err(error) => {
                if error.is_denied() {
                    self.pairs = None;
                }
                self.failed = Some(error);
            }
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
            self.has_acted |= receipt.is_ok();
            self.load(context);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Changed(entities) => entities
                .iter()
                .any(|entity| matches!(entity, EntityId::Person(_) | EntityId::Distinction(..))),
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
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
        let top = (self.cursor.at() + 1).saturating_sub(room);
        for (place, pair) in pairs.iter().enumerate().skip(top).take(room) {
            let row = ROWS_ABOVE + (place - top) * ROWS_A_PAIR;
            let marker = if place == self.cursor.at() { '>' } else { ' ' };
            let side = |digit: u8, side: &PairSide| {
                format!("{digit} {} {} {}", side.person, safe_line(&side.name), side.born)
            };
            let people = format!("{marker}{:>5.1}  {}", pair.bits, side(1, &pair.sides.0));
            canvas.put(row, 0, &safe_line(&people), Meaning::Plain);
            canvas.list(row, place, pairs.len());
            canvas.say(row, || {
                let of =
                    |side: &PairSide| format!("{} {}, born {}", side.person, side.name, side.born);
                let (one, other) = (of(&pair.sides.0), of(&pair.sides.1));
                format!("{one}; and {other}; evidence of {:.1} bits", pair.bits)
            });
            canvas.say(row + 1, String::new);
            let other = format!("        {}", side(2, &pair.sides.1));
            canvas.put(row + 1, 0, &safe_line(&other), Meaning::Plain);
            let evidence = if self.cursor.is_gone_at(place) {
                "        gone: merged, or told apart by somebody".to_owned()
            } else {
                format!("        {}", evidence_line(&pair.evidence))
            };
            canvas.put(row + 2, 0, &safe_line(&evidence), Meaning::Plain);
        }
        canvas.position(ROWS_ABOVE + (self.cursor.at() - top) * ROWS_A_PAIR, 0)
    }

    fn is_waiting(&self) -> bool {
        let is_reading = self.asked.is_some() && self.pairs.is_none();
        self.logging.is_some() || self.telling.is_some() || is_reading
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
