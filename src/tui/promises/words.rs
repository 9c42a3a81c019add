//! What is said of promises in a few cells.

use crate::desk::{PromiseRow, Ring};
use crate::domain::cases::{Urgency, promised_words};
use crate::tui::screen::Shared;
use crate::tui::text::{safe_line, width};
use crate::tui::when;

/// What stands between two promises in one line.
const GAP: &str = "     ";

/// The promises that are open, as a file or case shows them: `! ring 14:00 today (you)`, or that there is none.
pub(in crate::tui) fn open_words(promises: &[PromiseRow], shared: &Shared) -> String {
    let Some(first) = promises.first() else { return "no promise open".to_owned() };
    let more = match promises.len() {
        1 => String::new(),
        count => format!(" +{} more", count - 1),
    };
    let late = if first.urgency(shared.now) == Some(Urgency::Late) { "LATE " } else { "" };
    let (time, day) = time_and_day(first, shared);
    format!("! {late}{} {time} {day} ({}){more}", safe_line(first.words()), keeper(first, shared))
}

/// Who keeps a promise: `you`, or a colleague.
pub(super) fn keeper(row: &PromiseRow, shared: &Shared) -> String {
    let (id, name) = &row.keeper;
    let who = if *id == shared.who.caseworker.id { "you".into() } else { safe_line(name) };
    match &row.stands_in_for {
        Some(other) => format!("{who} for {}", safe_line(other)),
        None => who.into_owned(),
    }
}

fn time_and_day(row: &PromiseRow, shared: &Shared) -> (String, String) {
    let (on, today) = (shared.zone.day(row.due_at), shared.zone.day(shared.now));
    let day = if on == today { "today".to_owned() } else { when::weekday_and_day(on, today) };
    (when::time(row.due_at, &shared.zone), day)
}

/// What the board says of today's promises: `! 11:30 ring Whitlock, Gareth C-20977`, as many as fit.
pub(in crate::tui) fn board_line(rings: &[Ring], shared: &Shared, cells: usize) -> String {
    let mut line = String::new();
    let mut used = 0;
    for ring in rings {
        let case = ring.case.map(|case| format!(" {case}")).unwrap_or_default();
        let late = if ring.due_at < shared.now { "LATE " } else { "" };
        let verb = promised_words("", ring.channel);
        let name = safe_line(&ring.person.1);
        let said = format!("! {late}{} {verb} {name}{case}", clock(ring, shared));
        if line.is_empty() {
            used = width(&said);
            line = said;
            continue;
        }
        used += GAP.len() + width(&said);
        if used > cells {
            break;
        }
        line.push_str(GAP);
        line.push_str(&said);
    }
    line
}

/// The time of a ring, with its day where that is not today.
pub(super) fn clock(ring: &Ring, shared: &Shared) -> String {
    let (on, today) = (shared.zone.day(ring.due_at), shared.zone.day(shared.now));
    let time = when::time(ring.due_at, &shared.zone);
    if on == today { time } else { format!("{} {time}", when::day(on, today)) }
}
