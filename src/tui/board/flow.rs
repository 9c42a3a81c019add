//! What came into the unit and what is open, day by day, on the board of a wide terminal.

use crate::desk::{BoardAnswer, FlowDay};

use super::super::screen::Shared;

/// With at least so many cells there is a row for it.
const FROM_CELLS: usize = 99;
/// With at least so many, it shows four weeks rather than two.
const FOUR_WEEKS_FROM_CELLS: usize = 131;

/// What is heard of the row: its figures, without its charts.
pub(super) fn heard(board: &BoardAnswer) -> String {
    let (Some(first), Some(last)) = (board.flow.first(), board.flow.last()) else {
        return String::new();
    };
    let days = board.flow.len();
    let (came, now, then) = (last.came, last.backlog, first.backlog);
    format!("{came} came today; {now} open now, {then} open {days} days ago")
}

/// The row; nothing on a narrow screen, or where two days have not been counted yet.
pub(super) fn line(board: &BoardAnswer, shared: &Shared, cells: usize) -> Option<String> {
    let days = if cells >= FOUR_WEEKS_FROM_CELLS { 28 } else { 14 };
    let skipped = board.flow.len().saturating_sub(days);
    let flow = board.flow.get(skipped..).filter(|flow| flow.len() > 1 && cells >= FROM_CELLS)?;
    let (first, last) = (flow.first()?, flow.last()?);
    let values = |of: fn(&FlowDay) -> u64| flow.iter().map(of).collect::<Vec<_>>();
    let (came, backlog) = (values(|day| day.came), values(|day| day.backlog));
    let lowest = backlog.iter().copied().min().unwrap_or_default();
    Some(format!(
        "{} days   came {} {} today   open {} {} now, {} then",
        flow.len(),
        shared.charts.spark(&came, 0),
        last.came,
        shared.charts.spark(&backlog, lowest),
        last.backlog,
        first.backlog,
    ))
}
