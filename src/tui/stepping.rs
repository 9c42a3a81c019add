//! Moving in a list that is here as a whole.

use crate::keymap::Action;

use super::screen::Shared;
use super::view::ROWS_BELOW;

/// Where the cursor goes in a list of so many rows, `page` of which are on the screen; nothing for an action that moves
/// nothing.
pub(in crate::tui) fn stepped(
    action: Action,
    at: usize,
    rows: usize,
    page: usize,
) -> Option<usize> {
    let to = match action {
        Action::ListDown => at.saturating_add(1),
        Action::ListUp => at.saturating_sub(1),
        Action::PageDown => at.saturating_add(page.max(1)),
        Action::PageUp => at.saturating_sub(page.max(1)),
        Action::ListFirst => 0,
        Action::ListLast => usize::MAX,
        _ => return None,
    };
    Some(to.min(rows.saturating_sub(1)))
}

/// Rows of the screen that are left for a list below so many others.
pub(in crate::tui) fn page(shared: &Shared, others: usize) -> usize {
    usize::from(shared.size.1.saturating_sub(ROWS_BELOW)).saturating_sub(others).max(1)
}

/// The first row on the screen where so many are, so that the cursor is among them.
pub(in crate::tui) fn top(cursor: usize, room: usize) -> usize {
    (cursor + 1).saturating_sub(room.max(1))
}
