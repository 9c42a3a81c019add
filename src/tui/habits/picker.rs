//! A list over the screen from which one row is picked: a place to go to, a macro to play.
use ratatui::layout::{Position, Rect};

use crate::desk::Macro;
use crate::keymap::{Action, Key};
use crate::tui::text::safe_line;

use super::super::field::Choice;
use super::super::look::Bidi;
use super::super::paint::{Canvas, Meaning, Paper};
use super::super::place::Place;

/// Rows that have a digit.
const DIGITS: usize = 9;

/// The list.
#[derive(Debug)]
pub(in crate::tui) struct Picker {
    heading: &'static str,
    /// What is said where there is no row.
    empty: String,
    rows: Vec<String>,
    choice: Choice,
    of: Of,
}

#[derive(Debug)]
enum Of {
    Places(Vec<Place>),
    Macros(Vec<Macro>),
    Orders(Vec<Bidi>),
}

/// What came of an action in the list.
#[derive(Debug)]
pub(in crate::tui) enum Picked {
    /// It is done with.
    Handled,
    /// It means nothing in the list.
    Nothing,
    /// This place is gone to.
    Place(Place),
    /// Right-to-left text is put in order so.
    Order(Bidi),
    /// This macro is played.
    Play(Macro),
    /// This macro is edited.
    Edit(Macro),
    /// This macro is dropped.
    Drop(Macro),
}

impl Picker {
    /// Places, each with its row.
    pub(super) fn of_places(rows: Vec<String>, places: Vec<Place>) -> Self {
        let heading = "PLACES  newest first";
        let empty = "You have been nowhere else yet.".to_owned();
        Self { heading, empty, rows, choice: Choice::default(), of: Of::Places(places) }
    }

    /// Macros by their names.
    pub(in crate::tui) fn of_macros(macros: Vec<Macro>, record: &str) -> Self {
        let row = |one: &Macro| format!("{}   {}", safe_line(&one.name), safe_line(&one.keys));
        Self {
            heading: "MACROS  played on the row under the cursor, or once on each marked one",
            empty: format!("There is no macro yet: {record} begins to record keys, and ends it."),
            rows: macros.iter().map(row).collect(),
            choice: Choice::default(),
            of: Of::Macros(macros),
        }
    }

    /// Ways to put right-to-left text in order, each with the row that is drawn so; the one that is used is chosen.
    pub(in crate::tui) fn of_orders(
        heading: &'static str,
        row: &str,
        orders: Vec<Bidi>,
        used: Bidi,
    ) -> Self {
        let mut choice = Choice::default();
        choice.set(orders.iter().position(|order| *order == used).unwrap_or_default());
        let rows = orders.iter().map(|order| format!("{row}   {}", order.word())).collect();
        Self { heading, empty: String::new(), rows, choice, of: Of::Orders(orders) }
    }

    /// Whether it lists macros, which can be edited and dropped.
    pub(in crate::tui) fn is_of_macros(&self) -> bool {
        matches!(self.of, Of::Macros(_))
    }

    /// Moves in the list, or picks.
    pub(in crate::tui) fn act(&mut self, action: Action, key: Key, room: usize) -> Picked {
        let page = isize::try_from(room.max(1)).unwrap_or(1);
        let by = match action {
            Action::ListDown => 1,
            Action::ListUp => -1,
            Action::PageDown => page,
            Action::PageUp => -page,
            Action::ListFirst => isize::MIN / 2,
            Action::ListLast => isize::MAX / 2,
            Action::OpenRow => return self.pick(self.choice.at(self.rows.len())),
            Action::PickRow => {
                let place = key.digit().and_then(|digit| usize::from(digit).checked_sub(1));
                return place.map_or(Picked::Handled, |place| self.pick(place));
            }
            Action::EditMacro | Action::DropMacro => {
                let place = self.choice.at(self.rows.len());
                return match (&self.of, action) {
                    (Of::Macros(macros), Action::EditMacro) => {
                        macros.get(place).cloned().map_or(Picked::Handled, Picked::Edit)
                    }
                    (Of::Macros(macros), _) => {
                        macros.get(place).cloned().map_or(Picked::Handled, Picked::Drop)
                    }
                    (Of::Places(_) | Of::Orders(_), _) => Picked::Handled,
                };
            }
            _ => return Picked::Nothing,
        };
        self.choice.step(by, self.rows.len());
        Picked::Handled
    }

    fn pick(&self, place: usize) -> Picked {
        match &self.of {
            Of::Places(places) => places.get(place).cloned().map_or(Picked::Handled, Picked::Place),
            Of::Macros(macros) => macros.get(place).cloned().map_or(Picked::Handled, Picked::Play),
            Of::Orders(orders) => orders.get(place).copied().map_or(Picked::Handled, Picked::Order),
        }
    }

    /// The order in which a row is drawn, where it has its own.
    fn order(&self, place: usize) -> Option<Bidi> {
        match &self.of {
            Of::Orders(orders) => orders.get(place).copied(),
            Of::Places(_) | Of::Macros(_) => None,
        }
    }

    /// Draws the list over the area, and says where the cursor is to stand.
    pub(in crate::tui) fn draw(&self, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        canvas.put(0, 0, self.heading, Meaning::Strong);
        if self.rows.is_empty() {
            canvas.line(2, &self.empty);
            return canvas.position(0, 0);
        }
        let room = canvas.height().saturating_sub(2).max(1);
        let first = self.choice.first_seen(self.rows.len(), room);
        let chosen = self.choice.at(self.rows.len());
        for (at, row) in self.rows.iter().enumerate().skip(first).take(room) {
            let marker = if at == chosen { '>' } else { ' ' };
            let digit = if at < DIGITS { (at + 1).to_string() } else { " ".to_owned() };
            let line = format!("{marker}{digit} {row}");
            match self.order(at) {
                Some(bidi) => canvas.line_ordered_by(2 + at - first, &line, bidi),
                None => canvas.line(2 + at - first, &line),
            }
            canvas.list(2 + at - first, at, self.rows.len());
            canvas.say(2 + at - first, || row.clone());
        }
        canvas.position(2 + chosen - first, 0)
    }
}
