//! Finds the shortest bytes that make a terminal show what is wanted.

use super::abilities::Dialect;
use super::grid::{Grid, Square, write_over};
use super::pen::Pen;
use super::shift;

/// Blocks that may move in one frame.
const SHIFTS_MAX: usize = 2;

/// Cells in a row from which erasing them and jumping over them is shorter than writing spaces.
const ERASED_CELLS_MIN: usize = 10;

/// Blank cells in a row from which it may pay to erase the rest of the row and write what follows them again.
const GAP_CELLS_MIN: usize = 5;

/// Has the pen draw what is wanted over what is shown, in the shortest of the ways that are known.
pub(super) fn draw(pen: &Pen, shown: &Grid, wanted: &Grid, cursor: (usize, usize)) -> Pen {
    let plainly = finish(pen.lifted(), shown.clone(), wanted, cursor);
    if plainly.bytes.len() <= CHEAP_BYTES {
        return plainly;
    }
    let mut best = plainly;
    let mut shifted = (pen.lifted(), shown.clone());
    for _ in 0..SHIFTS_MAX {
        let (pen, grid) = &mut shifted;
        let Some(found) = shift::best(grid, wanted) else { break };
        pen.shift(found.top, found.bottom, found.by, grid);
        grid.shift(found.top, found.bottom, found.by);
        let scrolled = finish(pen.clone(), grid.clone(), wanted, cursor);
        if scrolled.bytes.len() >= best.bytes.len() {
            break;
        }
        best = scrolled;
    }
    // Each sign that is wanted costs a byte at least.
    if best.bytes.len() <= wanted.signs() {
        return best;
    }
    let mut emptied = pen.lifted();
    emptied.erase_all();
    let blank = Grid::blank(wanted.columns(), wanted.rows());
    let afresh = finish(emptied, blank, wanted, cursor);
    if afresh.bytes.len() < best.bytes.len() { afresh } else { best }
}

/// What is not worth looking for a shorter way: scrolling alone costs nearly as much.
const CHEAP_BYTES: usize = 24;

/// Has the pen draw on paper that is known to be blank.
pub(super) fn draw_on_blank(pen: Pen, wanted: &Grid, cursor: (usize, usize)) -> Pen {
    finish(pen, Grid::blank(wanted.columns(), wanted.rows()), wanted, cursor)
}

/// Draws row by row, and parks the cursor.
fn finish(mut pen: Pen, mut shown: Grid, wanted: &Grid, cursor: (usize, usize)) -> Pen {
    for y in 0..wanted.rows() {
        draw_row(&mut pen, shown.row_mut(y), wanted.row(y), y);
    }
    pen.end_lines();
    pen.go(cursor, wanted.row(cursor.1));
    pen
}

/// Draws a row as it stands, or with its rest erased first, whichever is shorter.
fn draw_row(pen: &mut Pen, shown: &mut [Square], wanted: &[Square], y: usize) {
    let Some(first) = shown.iter().zip(wanted).position(|(old, new)| old != new) else { return };
    if shown.iter().chain(wanted).any(Square::is_marked) {
        return draw_whole(pen, wanted, y);
    }
    let mut best = pen.lifted();
    draw_cells(&mut best, &mut shown.to_vec(), wanted, y);
    for from in [Some(first), gap(shown, wanted)].into_iter().flatten() {
        let mut row = shown.to_vec();
        let mut other = pen.lifted();
        draw_cells(&mut other, &mut row, wanted.get(..from).unwrap_or_default(), y);
        other.go((from, y), &row);
        other.erase_rest();
        write_over(&mut row, from, Square::blank());
        row.iter_mut().skip(from).for_each(|square| *square = Square::blank());
        draw_cells(&mut other, &mut row, wanted, y);
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

/// Draws the cells that differ, from left to right.
fn draw_cells(pen: &mut Pen, shown: &mut [Square], wanted: &[Square], y: usize) {
    let columns = shown.len();
    let end = wanted.iter().rposition(|square| !square.is_blank()).map_or(0, |last| last + 1);
    let mut x = 0;
    while let (Some(old), Some(new)) = (shown.get(x), wanted.get(x)) {
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
