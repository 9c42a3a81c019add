//! Finds the block of rows that moved up or down, as when a list scrolls.

use std::ops::{Range, RangeInclusive};

use super::grid::{Grid, Shifted};

/// Rows that moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) struct Shift {
    /// The first row of the block in which rows move.
    pub(super) top: usize,
    /// Its last row.
    pub(super) bottom: usize,
    /// How many rows up; down where it is negative.
    pub(super) by: isize,
}

impl Shift {
    /// The rows of a block that move up, or down where that is negative; none where none of them would stay in it.
    pub(in crate::tui) fn within(rows: Range<usize>, by: isize) -> Option<Self> {
        let moves = by != 0 && by.unsigned_abs() < rows.len();
        moves.then(|| Self { top: rows.start, bottom: rows.end - 1, by })
    }

    /// The same, with rows counted from so many further down.
    pub(in crate::tui) fn above(self, rows: usize) -> Self {
        Self {
            top: self.top.saturating_sub(rows),
            bottom: self.bottom.saturating_sub(rows),
            ..self
        }
    }

    /// The rows that come in.
    pub(in crate::tui) fn fresh(self) -> Range<usize> {
        let (end, number) = (self.bottom + 1, self.by.unsigned_abs());
        if self.by > 0 { end - number..end } else { self.top..self.top + number }
    }

    /// Moves them, where each row has so many of these; gives what is to be what comes in.
    pub(in crate::tui) fn move_in<T>(self, all: &mut [T], each: usize) -> &mut [T] {
        let block = all.get_mut(self.top * each..(self.bottom + 1) * each).unwrap_or_default();
        let number = (self.by.unsigned_abs() * each).min(block.len());
        if self.by > 0 {
            block.rotate_left(number);
        } else {
            block.rotate_right(number);
        }
        let fresh = self.fresh();
        all.get_mut(fresh.start * each..fresh.end * each).unwrap_or_default()
    }

    /// The rows of the block.
    pub(super) fn rows(self) -> RangeInclusive<usize> {
        self.top..=self.bottom
    }

    /// Where a row was before; nowhere, where it came in.
    pub(super) fn was_at(self, y: usize) -> Option<usize> {
        if self.rows().contains(&y) {
            y.checked_add_signed(self.by).filter(|old| self.rows().contains(old))
        } else {
            Some(y)
        }
    }
}

/// Cells that have to differ before it is looked for blocks: setting margins and taking them back costs about as much.
const CELLS_MIN: usize = 24;

/// Rows that have to differ: two that changed places are sooner written than moved.
const CHANGED_ROWS_MIN: usize = 3;

/// Cells of a row that differ where another row has come to stand there; of fewer, it is its marker that came or went.
const OTHER_ROW_CELLS_MIN: usize = 4;

/// Rows by which a block is looked for; more than that is a page, of which little stays.
const ROWS_MAX: usize = 20;

/// The block whose move saves the most cells, if any saves enough. No other rows than the named ones differ.
pub(super) fn best(
    shown: &Shifted<'_>,
    wanted: &Grid,
    may_differ: impl Iterator<Item = usize>,
) -> Option<Shift> {
    let rows = wanted.rows();
    let differing = |old: usize, new: usize| {
        shown.row(old).iter().zip(wanted.row(new)).filter(|(old, new)| old != new).count()
    };
    let mut now = vec![0; rows];
    for y in may_differ {
        if let Some(cells) = now.get_mut(y) {
            *cells = differing(y, y);
        }
    }
    let changed_rows = now.iter().filter(|cells| **cells >= OTHER_ROW_CELLS_MIN).count();
    let changed = now.iter().sum::<usize>();
    if changed_rows < CHANGED_ROWS_MIN || changed < CELLS_MIN {
        return None;
    }
    let mut best: Option<(isize, Shift)> = None;
    let mut saved = vec![None; rows];
    for by in 1..=ROWS_MAX.min(rows.saturating_sub(1)) {
        for is_up in [true, false] {
            let old = |y: usize| {
                if is_up { Some(y + by).filter(|old| *old < rows) } else { y.checked_sub(by) }
            };
            let least = best.map_or(CELLS_MIN, |(most, _)| most.unsigned_abs() + 1);
            saved.fill(None);
            if !may_save(&now, changed, least, old, differing, &mut saved) {
                continue;
            }
            let saved = |y: usize| {
                let known = saved.get(y).copied().flatten();
                known.or_else(|| old(y).map(|old| -differing(old, y).cast_signed()))
            };
            if let Some((gain, first, last)) = richest((0..rows).map(saved)) {
                let shift = if is_up {
                    Shift { top: first, bottom: last + by, by: by.cast_signed() }
                } else {
                    Shift { top: first - by, bottom: last, by: -by.cast_signed() }
                };
                if gain >= least.cast_signed() {
                    best = Some((gain, shift));
                }
            }
        }
    }
    best.map(|(_, shift)| shift)
}

/// Whether moving rows so far may save so many cells: only in rows that differ now can any be saved, and no more than
/// differ. Notes what each of these rows saves; most ways are given up after a few of them.
fn may_save(
    now: &[usize],
    changed: usize,
    least: usize,
    old: impl Fn(usize) -> Option<usize>,
    differing: impl Fn(usize, usize) -> usize,
    saved: &mut [Option<isize>],
) -> bool {
    let mut most = changed;
    for (y, (now, saved)) in now.iter().zip(saved).enumerate().filter(|(_, (now, _))| **now > 0) {
        let left = old(y).map(|old| differing(old, y));
        *saved = left.map(|left| now.cast_signed() - left.cast_signed());
        most -= left.map_or(*now, |left| left.min(*now));
        if most < least {
            return false;
        }
    }
    true
}

/// The neighbouring rows that save the most together, with how much; a row that cannot move parts them.
fn richest(saved: impl Iterator<Item = Option<isize>>) -> Option<(isize, usize, usize)> {
    let mut best: Option<(isize, usize, usize)> = None;
    let (mut sum, mut first) = (0, 0);
    for (y, saved) in saved.enumerate() {
        let Some(saved) = saved else {
            sum = 0;
            continue;
        };
        if sum <= 0 {
            (sum, first) = (0, y);
        }
        sum += saved;
        if sum > best.map_or(0, |(most, ..)| most) {
            best = Some((sum, first, y));
        }
    }
    best
}
