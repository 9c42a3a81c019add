//! What the rows of a picture say to whoever hears them, noted while the picture is drawn.

use std::collections::BTreeMap;

use ratatui::layout::{Position, Rect};

/// What is heard of a picture, where that is not what stands in its cells.
#[derive(Debug, Default)]
pub(in crate::tui) struct Speech {
    rows: BTreeMap<u16, Said>,
    texts: Vec<(Rect, Typing)>,
}

/// What is heard of one row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::tui) struct Said {
    /// The words; nothing where the row is heard as it is drawn, and empty where it is not heard at all.
    pub(in crate::tui) words: Option<String>,
    /// What is asked there.
    pub(in crate::tui) label: Option<String>,
    /// Its place in a list, from 1, and how long that is.
    pub(in crate::tui) place: Option<(u64, u64)>,
    /// Whether it is the chosen row of a list that has not the cursor.
    pub(in crate::tui) is_chosen: bool,
}

/// What can be typed where the cursor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Typing {
    /// A letter or digit picks something.
    Pick,
    /// A text of one line.
    Line,
    /// A text of several lines.
    Block,
}

impl Speech {
    /// What is heard of a row, to be changed.
    pub(in crate::tui) fn row(&mut self, row: u16) -> &mut Said {
        self.rows.entry(row).or_default()
    }

    /// What is heard of a row, where that was noted.
    pub(super) fn said(&self, row: u16) -> Option<&Said> {
        self.rows.get(&row)
    }

    /// Notes that a text is typed in these cells.
    pub(in crate::tui) fn text(&mut self, cells: Rect, typing: Typing) {
        self.texts.push((cells, typing));
    }

    /// Forgets what was noted of an area that something else is drawn over.
    pub(in crate::tui) fn clear(&mut self, area: Rect) {
        self.rows.retain(|row, _| *row < area.top() || *row >= area.bottom());
        self.texts.retain(|(cells, _)| !cells.intersects(area));
    }

    /// What can be typed where the cursor is.
    pub(super) fn typing(&self, cursor: Position) -> Typing {
        self.text_at(cursor).map_or(Typing::Pick, |(_, typing)| *typing)
    }

    /// The cells of the text in which the cursor is.
    pub(super) fn cells(&self, cursor: Position) -> Option<Rect> {
        self.text_at(cursor).map(|(cells, _)| *cells)
    }

    fn text_at(&self, cursor: Position) -> Option<&(Rect, Typing)> {
        self.texts.iter().rev().find(|(cells, _)| cells.contains(cursor))
    }
}
