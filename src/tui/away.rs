//! Says that a colleague is away or gone: until when, why, and who stands in.
use ratatui::layout::{Position, Rect};

use crate::desk::{Colleague, Command, DeskError, Receipt, RowResult, handed_ids};
use crate::domain::EntityId;
use crate::domain::limits::CODE_BYTES_MAX;
use crate::domain::office::CaseworkerState;
use crate::domain::time::Day;
use crate::keymap::Key;
use crate::tui::paint::Paper;
use crate::tui::text::safe_line;

use super::field::{Picture, TextField};
use super::screen::{Context, Go, Handled, Shared, Status, Ticket};
use super::when;

/// What is said of somebody who is away, unless another word is typed.
const WHY: &str = "ill";
/// How often a handing over goes on by itself, where there is more than fits into one act.
const TIMES_MAX: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Until,
    StandIn,
    Why,
}

/// The editor, for one colleague.
pub(super) struct AwayEditor {
    held: Colleague,
    has_left: bool,
    stand_ins: Vec<Colleague>,
    focus: Focus,
    until: TextField,
    stand_in: TextField,
    why: TextField,
    sent: Option<(Ticket, Command)>,
    times: usize,
    handed: usize,
    /// The cases and promises that were handed over.
    ids: Vec<EntityId>,
}

/// Whether letters fit a colleague: the beginning of a word of the name, or of the account.
pub(super) fn fits_letters(other: &Colleague, letters: &str) -> bool {
    let letters = letters.trim().to_lowercase();
    let name = other.name.to_lowercase();
    let begins = |word: &str| word.starts_with(&letters);
    !letters.is_empty() && (begins(&other.account) || name.split_whitespace().any(begins))
}

impl AwayEditor {
    /// Rows that it takes at most.
    pub(super) const ROWS: usize = 6;

    /// The editor for somebody, with everybody who could stand in, the nearest first.
    pub(super) fn new(held: Colleague, has_left: bool, stand_ins: Vec<Colleague>) -> Self {
        let mut why = TextField::line(CODE_BYTES_MAX);
        why.set(if has_left { "left" } else { WHY });
        Self {
            held,
            has_left,
            stand_ins,
            focus: if has_left { Focus::StandIn } else { Focus::Until },
            until: TextField::line(CODE_BYTES_MAX),
            stand_in: TextField::line(CODE_BYTES_MAX),
            why,
            sent: None,
            times: 0,
            handed: 0,
            ids: Vec::new(),
        }
    }

    /// Goes to the next field.
    pub(super) fn next(&mut self) {
        self.focus = match self.focus {
            Focus::Until => Focus::StandIn,
            Focus::StandIn => Focus::Why,
            Focus::Why if self.has_left => Focus::StandIn,
            Focus::Why => Focus::Until,
        };
    }

    /// Goes to the field before.
    pub(super) fn previous(&mut self) {
        self.focus = match self.focus {
            Focus::Until => Focus::Why,
            Focus::StandIn if self.has_left => Focus::Why,
            Focus::StandIn => Focus::Until,
            Focus::Why => Focus::StandIn,
        };
    }

    fn field(&mut self) -> &mut TextField {
        match self.focus {
            Focus::Until => &mut self.until,
            Focus::StandIn => &mut self.stand_in,
            Focus::Why => &mut self.why,
        }
    }

    /// Takes a key that is typed.
    pub(super) fn key(&mut self, key: Key) -> Handled {
        self.field().key(key).into()
    }

    /// Takes pasted text.
    pub(super) fn paste(&mut self, text: &str) {
        self.field().paste(text);
    }

    /// Everybody who fits the letters: the beginning of a word of the name, or of the account.
    fn fitting(&self) -> impl Iterator<Item = &Colleague> {
        let letters = self.stand_in.text();
        self.stand_ins.iter().filter(move |other| fits_letters(other, &letters))
    }

    /// Whoever stands in: the first of those who fit.
    fn chosen(&self) -> Option<&Colleague> {
        self.fitting().next()
    }

    fn last_day(&self, today: Day) -> Option<Day> {
        if self.until.is_blank() { Some(today) } else { when::typed_day(&self.until.text(), today) }
    }

    /// Has it done, or says what is missing.
    pub(super) fn send(&mut self, context: &mut Context<'_>) {
        if self.sent.is_some() {
            return;
        }
        let today = context.shared.zone.day(context.shared.now);
        let substitute = self.chosen().map(|chosen| chosen.id);
        if substitute.is_none() && !self.stand_in.is_blank() {
            self.focus = Focus::StandIn;
            let words = "Nobody who is here is called that: type other letters, or none.";
            return context.say(Status::Refused(words.to_owned()));
        }
        let Some(until) = self.last_day(today) else {
            self.focus = Focus::Until;
            let words =
                format!("This is no day: type one as {}, or none for today.", when::TYPED_DAYS);
            return context.say(Status::Refused(words));
        };
        let state = if self.has_left {
            CaseworkerState::Left
        } else {
            CaseworkerState::Absent { until, substitute }
        };
        let command = Command::SetAttendance {
            caseworker: self.held.id,
            state,
            successor: substitute.filter(|_| self.has_left),
            why: self.why.text().trim().to_owned(),
        };
        self.sent = Some((context.execute(command.clone()), command));
    }

    /// Whether it waits for what it sent.
    pub(super) fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    /// Whether this is the ticket that it waits for.
    pub(super) fn expects(&self, ticket: Ticket) -> bool {
        self.sent.as_ref().is_some_and(|(sent, _)| *sent == ticket)
    }

    /// Takes the receipt, and goes on where there is more to hand over; whether it is over.
    pub(super) fn executed(
        &mut self,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        let Some((_, command)) = self.sent.take() else { return false };
        let Ok(receipt) = receipt else { return false };
        let is_updated = |row: &&RowResult| matches!(row, RowResult::Updated(_));
        self.handed += receipt.rows.iter().filter(is_updated).count();
        self.ids.extend(handed_ids(&receipt.rows));
        self.times += 1;
        if receipt.has_more() && self.times < TIMES_MAX {
            self.sent = Some((context.execute(command.clone()), command));
            return false;
        }
        if self.times > 1 {
            let words = format!(
                "{}: {} handed over. One undo takes it back.",
                safe_line(&self.held.name),
                self.handed
            );
            context.say(Status::Done(words));
        }
        if !self.ids.is_empty() || self.held.has_drafts {
            context.go(Go::Handover(self.held.id, std::mem::take(&mut self.ids)));
        }
        true
    }

    /// Draws it, and says where the cursor is.
    pub(super) fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let cells = usize::from(area.width);
        let title = if self.has_left { "GONE" } else { "AWAY" };
        let held = &self.held;
        let has = format!("{} open, {} late, {} promised", held.open, held.late, held.promises);
        let mut picture = Picture::titled(format!("-- {title} {}   {has}", safe_line(&held.name)));
        let today = shared.zone.day(shared.now);
        if !self.has_left {
            picture.field("until", &self.until, self.focus == Focus::Until, cells, 1);
        }
        picture.field("in place", &self.stand_in, self.focus == Focus::StandIn, cells, 1);
        picture.field("why", &self.why, self.focus == Focus::Why, cells, 1);
        let last = self.last_day(today).map_or_else(
            || "until which day?".to_owned(),
            |day| format!("away until {}", when::weekday_and_day(day, today)),
        );
        let when = if self.has_left { "no longer here".to_owned() } else { last };
        let whose = match self.chosen() {
            Some(other) => {
                let others: Vec<&str> =
                    self.fitting().skip(1).take(3).map(|other| other.name.as_str()).collect();
                let or = if others.is_empty() {
                    String::new()
                } else {
                    format!("; more letters: {}", others.join(", "))
                };
                format!("all goes to {}, who has {}{or}", safe_line(&other.name), other.open)
            }
            None if self.stand_in.is_blank() => {
                "nobody stands in: cases go back into their queues".to_owned()
            }
            None => "nobody who is here is called that".to_owned(),
        };
        // A question is the last thing that is said.
        let said = if when.ends_with('?') {
            format!("{whose}; {when}")
        } else {
            format!("{when}; {whose}")
        };
        picture.words("", &said, cells, 2);
        picture.draw(area, paper)
    }
}
