//! Finds the shortest bytes that make a terminal show what is wanted.

use std::collections::BTreeSet;

use super::abilities::Dialect;
use super::grid::{Grid, Shifted, Sign, Square, write_over};
use super::pen::Pen;
use super::shift::{self, Shift};

/// Blocks that may move in one frame.
const SHIFTS_MAX: usize = 2;

/// Cells in a row from which erasing them and jumping over them is shorter than writing spaces.
const ERASED_CELLS_MIN: usize = 10;

/// Blank cells in a row from which it may pay to erase the rest of the row and write what follows them again.
const GAP_CELLS_MIN: usize = 5;

/// Bytes that erase the rest of a row, at least.
const ERASE_BYTES: usize = 3;

/// What may be otherwise than it is shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    /// The rows that were drawn on, after the block was moved.
    pub(super) rows: BTreeSet<usize>,
    /// A block of which it is known that it moved.
    pub(super) shift: Option<Shift>,
}

impl Changes {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.shift.is_none()
    }

    /// All rows that may differ from what is shown.
    fn all(&self) -> BTreeSet<usize> {
        let moved = self.shift.into_iter().flat_map(Shift::rows);
        self.rows.iter().copied().chain(moved).collect()
    }
}

/// Has the pen draw what is wanted over what is shown, in the shortest of the ways that are known. Nothing differs but these
/// changes.
pub(super) fn draw(
    pen: &Pen,
    (shown, wanted): (&Grid, &Grid),
    changes: &Changes,
    cursor: (usize, usize),
) -> Pen {
    let shown = Shifted::of(shown);
    let all = changes.all();
    let plainly =
        |bytes_max| finish(pen.lifted(), (&shown, wanted), all.iter().copied(), cursor, bytes_max);
    let found = changes.shift.or_else(|| shift::best(&shown, wanted, all.iter().copied()));
    let best = match found {
        Some(found) => {
            let mut rest = changes.rows.clone();
            // A block that is known to have moved is right where nothing was drawn on it.
            if changes.shift.is_none() {
                rest.extend(found.rows());
            }
            let scrolled =
                Attempt::new(pen.lifted(), shown.clone()).by(found, wanted, &rest, cursor);
            // Scrolled, most frames are far shorter: the other way is given up where it becomes longer than that.
            let bytes_max = scrolled.drawn.bytes.len().max(CHEAP_BYTES);
            let is_longer = differ_in_signs(&shown, wanted, &all, bytes_max);
            match if is_longer { None } else { plainly(bytes_max) } {
                Some(plain) if plain.bytes.len() <= CHEAP_BYTES => return plain,
                Some(plain) if plain.bytes.len() <= scrolled.drawn.bytes.len() => plain,
                // Whoever knows what moved knows all of it.
                Some(_) | None if changes.shift.is_some() => scrolled.drawn,
                Some(_) | None => scrolled.on(wanted, rest, cursor),
            }
        }
        None => plainly(usize::MAX).unwrap_or_else(|| pen.lifted()),
    };
    // Each sign that is wanted costs a byte at least.
    if best.bytes.len() <= CHEAP_BYTES || wanted.has_signs(best.bytes.len()) {
        return best;
    }
    let mut emptied = pen.lifted();
    emptied.erase_all();
    let blank = Grid::blank(wanted.columns(), wanted.rows());
    let everywhere = 0..wanted.rows();
    let afresh =
        finish(emptied, (&Shifted::of(&blank), wanted), everywhere, cursor, best.bytes.len());
    afresh.filter(|afresh| afresh.bytes.len() < best.bytes.len()).unwrap_or(best)
}

/// Whether more signs than this have to be written, of which each costs a byte at least.
fn differ_in_signs(
    shown: &Shifted<'_>,
    wanted: &Grid,
    rows: &BTreeSet<usize>,
    number: usize,
) -> bool {
    let pairs = rows.iter().flat_map(|y| shown.row(*y).iter().zip(wanted.row(*y)));
    let mut signs =
        pairs.filter(|(old, new)| old != new && new.sign != Sign::Second && !new.is_blank());
    signs.nth(number).is_some()
}

/// A frame drawn after blocks were moved.
struct Attempt<'a> {
    /// After the moves, before the frame.
    pen: Pen,
    shown: Shifted<'a>,
    drawn: Pen,
}

impl<'a> Attempt<'a> {
    fn new(pen: Pen, shown: Shifted<'a>) -> Self {
        Self { drawn: pen.lifted(), pen, shown }
    }

    /// Moves one more block, and draws what is wanted on the rows that may differ after it.
    fn by(
        mut self,
        found: Shift,
        wanted: &Grid,
        rows: &BTreeSet<usize>,
        cursor: (usize, usize),
    ) -> Self {
        self.pen.shift(found, wanted.rows());
        self.shown = self.shown.by(found);
        let grids = (&self.shown, wanted);
        let rows = rows.iter().copied();
        if let Some(drawn) = finish(self.pen.clone(), grids, rows, cursor, usize::MAX) {
            self.drawn = drawn;
        }
        self
    }

    /// Moves as many blocks more as make it shorter.
    fn on(mut self, wanted: &Grid, mut rows: BTreeSet<usize>, cursor: (usize, usize)) -> Pen {
        for _ in 1..SHIFTS_MAX {
            let may_differ = rows.iter().copied();
            let Some(found) = shift::best(&self.shown, wanted, may_differ) else { break };
            rows.extend(found.rows());
            let best = self.drawn.clone();
            self = self.by(found, wanted, &rows, cursor);
            if self.drawn.bytes.len() >= best.bytes.len() {
                return best;
            }
        }
        self.drawn
    }
}

/// What is not worth looking for a shorter way: scrolling alone costs nearly as much.
const CHEAP_BYTES: usize = 24;

/// Has the pen draw on paper that is known to be blank.
pub(super) fn draw_on_blank(pen: Pen, wanted: &Grid, cursor: (usize, usize)) -> Pen {
    let blank = Grid::blank(wanted.columns(), wanted.rows());
    let unchanged = pen.clone();
    finish(pen, (&Shifted::of(&blank), wanted), 0..wanted.rows(), cursor, usize::MAX)
        .unwrap_or(unchanged)
}

/// Draws row by row, and parks the cursor; nothing where that takes more bytes than these.
fn finish(
    mut pen: Pen,
    (shown, wanted): (&Shifted<'_>, &Grid),
    rows: impl Iterator<Item = usize>,
    cursor: (usize, usize),
    bytes_max: usize,
) -> Option<Pen> {
    for y in rows {
        draw_row(&mut pen, shown.row(y), wanted.row(y), y);
        if pen.bytes.len() > bytes_max {
            return None;
        }
    }
    pen.end_lines();
    pen.go(cursor, wanted.row(cursor.1));
    (pen.bytes.len() <= bytes_max).then_some(pen)
}

/// Draws a row as it stands, or with its rest erased first, whichever is shorter.
fn draw_row(pen: &mut Pen, shown: &[Square], wanted: &[Square], y: usize) {
    let Some(first) = shown.iter().zip(wanted).position(|(old, new)| old != new) else { return };
    if shown.iter().chain(wanted).any(Square::is_marked) {
        return draw_whole(pen, wanted, y);
    }
    let mut best = pen.lifted();
    draw_cells(&mut best, &mut shown.to_vec(), wanted, y, usize::MAX);
    for from in [Some(first), gap(shown, wanted)].into_iter().flatten() {
        // What is erased is written again, a byte a sign at least.
        let signs = wanted.iter().skip(from).filter(|square| !square.is_blank()).count();
        if ERASE_BYTES + signs >= best.bytes.len() {
            continue;
        }
        let mut row = shown.to_vec();
        let mut other = pen.lifted();
        // Whatever is longer is not drawn to its end.
        let bytes_max = best.bytes.len();
        draw_cells(&mut other, &mut row, wanted.get(..from).unwrap_or_default(), y, bytes_max);
        other.go((from, y), &row);
        other.erase_rest();
        write_over(&mut row, from, Square::blank());
        row.iter_mut().skip(from).for_each(|square| *square = Square::blank());
        draw_cells(&mut other, &mut row, wanted, y, bytes_max);
        if other.bytes.len() < best.bytes.len() {
            best = other;
        }
    }
    pen.go_on(&best);
}

/// Draws a row that the terminal puts in order itself anew and without a jump: some count the marks in it as columns when
/// they are told to go to one (mlterm 3.9.3), and what was written behind a jump stood too far to the left.
fn draw_whole(pen: &mut Pen, wanted: &[Square], y: usize) {
    let columns = wanted.len();
    let blank = vec![Square::blank(); columns];
    pen.go((0, y), &blank);
    pen.erase_rest();
    let end = wanted.iter().rposition(|square| !square.is_blank()).map_or(0, |last| last + 1);
    let mut x = 0;
    while let Some(square) = wanted.get(x).filter(|_| x < end) {
        pen.put(square, columns);
        x += square.cells.max(1);
    }
}

/// The first column of a blank run that stands over letters now, if there is one.
fn gap(shown: &[Square], wanted: &[Square]) -> Option<usize> {
    let mut blanks = 0;
    let mut has_letters = false;
    for (x, (old, new)) in shown.iter().zip(wanted).enumerate() {
        if !new.is_blank() {
            (blanks, has_letters) = (0, false);
            continue;
        }
        blanks += 1;
        has_letters |= old != new;
        if blanks >= GAP_CELLS_MIN && has_letters {
            return Some(x + 1 - blanks);
        }
    }
    None
}

/// Draws the cells of a row that differ, from left to right, until it is so many bytes.
fn draw_cells(pen: &mut Pen, shown: &mut [Square], wanted: &[Square], y: usize, bytes_max: usize) {
    let columns = shown.len();
    let end = wanted.iter().rposition(|square| !square.is_blank()).map_or(0, |last| last + 1);
    let mut x = 0;
    while let (Some(old), Some(new)) = (shown.get(x), wanted.get(x))
        && pen.bytes.len() < bytes_max
    {
        if old == new {
            x += 1;
            continue;
        }
        pen.go((x, y), shown);
        if x >= end && wanted.len() == columns && is_worth_erasing(shown, x) {
            pen.erase_rest();
            return;
        }
        let run = blanks_to_draw(shown, wanted, x);
        if run >= ERASED_CELLS_MIN && pen.dialect >= Dialect::Vt220 {
            pen.erase(run);
            for over in x..x + run {
                write_over(shown, over, Square::blank());
            }
            x += run;
            continue;
        }
        pen.put(new, columns);
        write_over(shown, x, new.clone());
        x += new.cells.max(1);
    }
}

/// Whether so much stands in the rest of a row that erasing it is shorter than writing spaces over it.
fn is_worth_erasing(shown: &[Square], from: usize) -> bool {
    shown.iter().rposition(|square| !square.is_blank()).is_some_and(|last| last >= from + 3)
}

/// The cells from a column on that are to be blank, up to the last one that is not.
fn blanks_to_draw(shown: &[Square], wanted: &[Square], from: usize) -> usize {
    let run = wanted.iter().skip(from).take_while(|square| square.is_blank()).count();
    let covered = shown.iter().skip(from).take(run);
    let last = covered.enumerate().filter(|(_, square)| !square.is_blank()).map(|(at, _)| at + 1);
    last.max().unwrap_or_default()
}
