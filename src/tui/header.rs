//! The first row of every screen: what it shows, and at its right end what goes on wherever one is.

use crate::text::{fit, safe_line, width};

use super::screen::Shared;

/// Cells between two parts of the right end.
const GAP: &str = "  ";

/// The row: `left` gives way to what is at the right end, which is `right` and the contact that runs.
pub(in crate::tui) fn header(left: &str, right: &str, shared: &Shared, cells: usize) -> String {
    let parts = [right.to_owned(), running(shared)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let right = safe_line(&parts.join(GAP)).into_owned();
    let room = cells.saturating_sub(width(&right) + 1);
    format!("{} {right}", fit(&safe_line(left), room))
}

/// The contact that runs: `TEL in 02:14`; nothing where none does.
fn running(shared: &Shared) -> String {
    let Some(contact) = &shared.presence.contact else { return String::new() };
    let seconds =
        (shared.now.milliseconds() - contact.started_at.milliseconds()).max(0).div_euclid(1_000);
    format!(
        "{} {} {:02}:{:02}",
        contact.channel.label().to_uppercase(),
        contact.direction.label(),
        seconds / 60,
        seconds % 60
    )
}
