//! The place chosen in a list, and the part of the list that is in view.

/// A choice among rows that may come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Choice {
    chosen: usize,
}

impl Choice {
    /// The chosen place, held inside so many rows.
    #[must_use]
    pub fn at(self, rows: usize) -> usize {
        self.chosen.min(rows.saturating_sub(1))
    }

    /// Chooses a place.
    pub fn set(&mut self, place: usize) {
        self.chosen = place;
    }

    /// Moves by so many rows, held inside.
    pub fn step(&mut self, by: isize, rows: usize) {
        self.chosen = self.at(rows).saturating_add_signed(by).min(rows.saturating_sub(1));
    }

    /// The first row in view where `seen` of `rows` are, so that the chosen one is among them.
    #[must_use]
    pub fn first_seen(self, rows: usize, seen: usize) -> usize {
        let chosen = self.at(rows);
        (chosen + 1).saturating_sub(seen).min(rows.saturating_sub(seen))
    }
}
