//! The first row of every screen: what it shows, and at its right end what goes on wherever one is.

use crate::domain::limits::CONTACT_HOURS_MAX;
use crate::text::{fit, safe_line, width};

use super::promises::{ring_time, ring_words};
use super::screen::Shared;

/// Cells between two parts of the right end.
const GAP: &str = "  ";

/// The row: `left` gives way to what is at the right end, which is what rings, `right`, and the contact that runs. What
/// rings is said without its name before `left` is cut, and the contact is never cut.
pub(in crate::tui) fn header(left: &str, right: &str, shared: &Shared, cells: usize) -> String {
    let (left, running) = (safe_line(left), running(shared));
    let ends = [ring_words(shared), ring_time(shared), String::new()];
    let mut ends = ends.map(|ring| right_end(&[&ring, right, &running])).into_iter();
    let long = ends.next().unwrap_or_default();
    let end = if width(&left) + 1 + width(&long) <= cells {
        long
    } else {
        ends.find(|end| width(end) < cells).unwrap_or_else(|| right_end(&[&running]))
    };
    let room = cells.saturating_sub(width(&end) + 1);
    format!("{} {end}", fit(&left, room))
}

fn right_end(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    safe_line(&parts.join(GAP)).into_owned()
}

/// The contact that runs: `TEL in 02:14`, with hours before that where there are any, and from the time on at which it
/// was forgotten rather than long `TEL in OPEN 13h`; nothing where none runs.
fn running(shared: &Shared) -> String {
    let Some(contact) = &shared.presence.contact else { return String::new() };
    let what = format!("{} {}", contact.channel.label().to_uppercase(), contact.direction.label());
    // Who calls is in the files; until one is known, the number tells.
    let number = contact.telephone.as_ref().filter(|_| contact.person.is_none());
    let what = number.map_or(what.clone(), |number| format!("{what} {number}"));
    let seconds = seconds_of(shared);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours >= CONTACT_HOURS_MAX {
        format!("{what} OPEN {hours}h")
    } else if hours > 0 {
        format!("{what} {hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{what} {minutes:02}:{seconds:02}")
    }
}

/// Seconds for which the contact has run.
fn seconds_of(shared: &Shared) -> i64 {
    let began = shared.presence.contact.as_ref().map_or(shared.now, |contact| contact.started_at);
    (shared.now.milliseconds() - began.milliseconds()).max(0).div_euclid(1_000)
}

/// Whether the row shows seconds, so that it has to be drawn once in each.
pub(in crate::tui) fn counts_seconds(shared: &Shared) -> bool {
    shared.presence.contact.is_some() && seconds_of(shared) < CONTACT_HOURS_MAX * 3_600
}
