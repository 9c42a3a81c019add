//! A row stays under the cursor though it has left its list, so that a key never hits its neighbour instead.

/// Rows as they are now, where the cursor is among them, and whether its row is not one of them any more: that row then
/// lies where it lay, below the nearest one that was above it, until the cursor leaves it.
pub(in crate::tui) fn keep<R: Clone>(
    before: &[R],
    cursor: usize,
    mut now: Vec<R>,
    is_same: impl Fn(&R, &R) -> bool,
) -> (Vec<R>, usize, bool) {
    let Some(row) = before.get(cursor) else { return (now, 0, false) };
    let place = |row: &R, now: &[R]| now.iter().position(|other| is_same(row, other));
    if let Some(place) = place(row, &now) {
        return (now, place, false);
    }
    let above = before.iter().take(cursor).rev().find_map(|row| place(row, &now));
    let below = before.iter().skip(cursor).find_map(|row| place(row, &now));
    let at = above.map(|at| at + 1).or(below).unwrap_or_else(|| cursor.min(now.len()));
    now.insert(at, row.clone());
    (now, at, true)
}

/// A cursor in a list that is here as a whole: it stays with its row while the list changes, and the row with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::tui) struct Stay {
    at: usize,
    is_gone: bool,
}

impl Stay {
    /// The cursor's place.
    pub(in crate::tui) fn at(self) -> usize {
        self.at
    }

    /// Whether the row at a place is under the cursor and not in the list any more.
    pub(in crate::tui) fn is_gone_at(self, place: usize) -> bool {
        self.is_gone && place == self.at
    }

    /// Rows as they are now, with the one under the cursor among them whether or not somebody took it away. What the
    /// caseworker's own act took away goes, and the cursor is on what took its place.
    pub(in crate::tui) fn take<R: Clone>(
        &mut self,
        before: &[R],
        now: Vec<R>,
        is_own: bool,
        is_same: impl Fn(&R, &R) -> bool,
    ) -> Vec<R> {
        let (mut rows, at, is_gone) = keep(before, self.at, now, is_same);
        (self.at, self.is_gone) = (at, is_gone);
        if is_own {
            self.let_go(&mut rows);
        }
        rows
    }

    /// Moves to a place, and lets go of a row that is gone.
    pub(in crate::tui) fn set<R>(&mut self, to: usize, rows: &mut Vec<R>) {
        let to = to.min(rows.len().saturating_sub(1));
        // What lies below a row that goes moves up by one.
        let is_below_gone = self.is_gone && to > self.at;
        self.let_go(rows);
        self.at = to.saturating_sub(usize::from(is_below_gone)).min(rows.len().saturating_sub(1));
    }

    fn let_go<R>(&mut self, rows: &mut Vec<R>) {
        if std::mem::take(&mut self.is_gone) && self.at < rows.len() {
            rows.remove(self.at);
        }
        self.at = self.at.min(rows.len().saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::{Stay, keep};

    #[test]
    fn a_cursor_that_leaves_a_row_that_is_gone_lands_where_it_was_sent() {
        let gone = || {
            let mut cursor = Stay { at: 1, is_gone: false };
            let rows = cursor.take(&[1, 2, 3], vec![1, 3], false, |one, other| one == other);
            assert_eq!((rows.as_slice(), cursor.is_gone_at(1)), ([1, 2, 3].as_slice(), true));
            (cursor, rows)
        };
        for (to, row) in [(0, 1), (2, 3), (9, 3)] {
            let (mut cursor, mut rows) = gone();
            cursor.set(to, &mut rows);
            assert_eq!((rows[cursor.at()], rows), (row, vec![1, 3]));
        }
        let mut cursor = Stay { at: 1, is_gone: false };
        let rows = cursor.take(&[1, 2, 3], vec![1, 3], true, |one, other| one == other);
        assert_eq!((rows[cursor.at()], rows), (3, vec![1, 3]), "one's own act");
    }

    #[test]
    fn a_row_that_is_gone_lies_where_it_lay_whatever_came_and_went_around_it() {
        let kept = |before: &[u8], cursor, now: &[u8]| {
            keep(before, cursor, now.to_vec(), |one, other| one == other)
        };
        assert_eq!(kept(&[1, 2, 3], 1, &[0, 1, 3]), (vec![0, 1, 2, 3], 2, true));
        assert_eq!(kept(&[1, 2, 3], 1, &[3, 2, 1]), (vec![3, 2, 1], 1, false));
        assert_eq!(kept(&[1, 2, 3], 1, &[9, 3]), (vec![9, 2, 3], 1, true));
        assert_eq!(kept(&[1, 2, 3], 2, &[]), (vec![3], 0, true));
        assert_eq!(kept(&[], 0, &[4]), (vec![4], 0, false));
    }
}
