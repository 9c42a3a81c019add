//! The first row of every screen: what it shows, and at its right end what goes on wherever one is.

use crate::domain::limits::CONTACT_HOURS_MAX;
use crate::tui::text::{clip, safe_row, width};

use super::emergency::in_header;
use super::promises::{RING_FORMS, ring_words};
use super::screen::Shared;

/// Cells between two parts of the right end.
pub(in crate::tui) const GAP: &str = "  ";

/// The row: `left`, and at the right end what rings, `right`, and the contact that runs. Where they do not all fit,
/// what rings shortens, and if that is not enough, `left` keeps half of the row and the last parts of `right` go. The contact
/// always stays.
pub(in crate::tui) fn header(left: &str, right: &str, shared: &Shared, cells: usize) -> String {
    let left = safe_row(left);
    let room = cells.saturating_sub(width(&left).min(cells / 2) + 1);
    let contact = [in_header(shared), running(shared)];
    let contact: Vec<String> = contact.into_iter().filter(|part| !part.is_empty()).collect();
    let contact = contact.join(GAP);
    let rings = ring_words(shared);
    let beside = |left: &str| cells.saturating_sub(width(left) + 1);
    let whole = rings.iter().map(|ring| end_of(ring, right, &contact));
    let uncut = whole.into_iter().find(|end| width(end) <= beside(&left));
    let cut = || {
        shortening(&rings, right)
            .map(|(ring, right)| end_of(ring, right, &contact))
            .scan(false, |fits, end| (!std::mem::replace(fits, width(&end) <= room)).then_some(end))
            .last()
            .unwrap_or_default()
    };
    let end = uncut.unwrap_or_else(cut);
    let room = cells.saturating_sub(width(&end) + 1);
    let left = clip(&left, room);
    // Parts of a title stand apart by themselves: it is no field of its own.
    let between = " ".repeat(room.saturating_sub(width(&left)) + 1);
    format!("{left}{between}{end}")
}

/// The parts of the right end that are there, apart from each other.
fn end_of(ring: &str, right: &str, contact: &str) -> String {
    let parts: Vec<&str> =
        [ring, right, contact].into_iter().filter(|part| !part.is_empty()).collect();
    safe_row(&parts.join(GAP)).into_owned()
}

/// Cells that the right end leaves for what stands before it, where what rings is at its shortest.
pub(in crate::tui) fn room_beside(right: &str, shared: &Shared, cells: usize) -> usize {
    let contact = [in_header(shared), running(shared)];
    let contact: Vec<String> = contact.into_iter().filter(|part| !part.is_empty()).collect();
    let rings = ring_words(shared);
    let least = rings.last().map(String::as_str).unwrap_or_default();
    let end = end_of(least, right, &contact.join(GAP));
    cells.saturating_sub(width(&end) + 1)
}

/// What rings and `right`, from their whole words to the least of them.
fn shortening<'a>(
    rings: &'a [String; RING_FORMS],
    right: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let least = rings.last().map(String::as_str).unwrap_or_default();
    let parts = std::iter::successors(Some(right), |right| {
        let before = right.rsplit_once(GAP).map_or("", |(before, _)| before);
        (!right.is_empty()).then_some(before)
    });
    rings
        .iter()
        .map(move |ring| (ring.as_str(), right))
        .chain(parts.map(move |right| (least, right)))
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

#[cfg(test)]
mod tests {
    use super::header;
    use crate::desk::{Ring, RunningContact};
    use crate::domain::cases::{Channel, Direction};
    use crate::domain::time::Day;
    use crate::domain::{ContactId, PersonId, PromiseId};
    use crate::tui::bench::shared;
    use crate::tui::screen::Shared;
    use crate::tui::text::width;

    const LEFT: &str = "HOUSING  Sun 22 Nov 11:14  M. Karimi";
    const RIGHT: &str = "made office  no call  3 drafts";

    fn ringing(minutes: i64) -> Shared {
        let mut shared = shared("Europe/Oslo", Day::from_parts(2026, 11, 22).unwrap());
        shared.presence.rings.push(Ring {
            promise: PromiseId(1),
            due_at: shared.now.plus_minutes(minutes),
            channel: Channel::Telephone,
            person: (PersonId(1), "Navarro Valdez, Ana".to_owned()),
            case: None,
        });
        shared
    }

    /// The row, which fills its cells.
    fn row(right: &str, shared: &Shared, cells: usize) -> String {
        let row = header(LEFT, right, shared, cells);
        assert_eq!(width(&row), cells, "{row}");
        row
    }

    #[test]
    fn what_rings_shortens_before_the_name_of_the_place_is_cut() {
        let shared = ringing(5);
        let wide = row(RIGHT, &shared, 132);
        assert!(wide.starts_with(LEFT) && wide.ends_with(RIGHT), "{wide}");
        assert!(wide.contains(" ring Navarro Valdez  made"), "{wide}");
        let usual = row(RIGHT, &shared, 79);
        assert!(usual.starts_with(LEFT) && usual.ends_with(RIGHT), "{usual}");
        assert!(usual.contains(" ! ") && !usual.contains("ring"), "{usual}");
        let alone = row("made office", &shared, 79);
        assert!(alone.starts_with(LEFT) && alone.ends_with(" ring Navarro Valdez  made office"));
        let between = row("made office  no call", &shared, 79);
        assert!(between.contains(" ring Navarro  made office  no call"), "{between}");
    }

    #[test]
    fn in_a_narrow_row_half_is_the_places_and_that_something_is_late_stays() {
        let narrow = row(RIGHT, &ringing(-5), 60);
        assert!(narrow.starts_with("HOUSING  Sun 22 Nov 11:14"), "{narrow}");
        assert!(narrow.contains("! LATE "), "{narrow}");
        assert!(narrow.ends_with("  made office"), "{narrow}");
    }

    #[test]
    fn the_clock_of_the_contact_stays_whatever_else_goes() {
        let mut shared = ringing(-5);
        shared.presence.contact = Some(RunningContact {
            contact: ContactId(1),
            channel: Channel::Telephone,
            direction: Direction::In,
            person: None,
            started_at: shared.now.plus_minutes(-2),
            cases: Vec::new(),
            is_verified: false,
            is_failed: false,
            telephone: None,
            ivr_path: None,
            summary: String::new(),
            is_promised: false,
        });
        for cells in [60, 79, 132] {
            let row = row(RIGHT, &shared, cells);
            assert!(row.starts_with("HOUSING  Sun 22 Nov 11:14"), "{row}");
            assert!(row.contains("! LATE ") && row.ends_with("  TEL in 02:00"), "{row}");
        }
    }
}
