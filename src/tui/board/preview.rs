//! The case under the cursor, in a few lines below the list.

use crate::desk::{CasePreviewAnswer, ClockLine};

use super::super::screen::Shared;
use super::super::text::safe_line;
use super::super::when;

/// Cells for the word before each line.
const WORD_CELLS: usize = 6;

/// The lines of the preview: a word each, and what there is to say.
pub(super) fn lines(preview: &CasePreviewAnswer, shared: &Shared) -> Vec<String> {
    let last = preview.last.as_ref().map_or_else(String::new, |entry| {
        let at = when::weekday_and_time(entry.at, shared.now, &shared.zone);
        format!("{at} {} {}: {}", entry.kind, safe_line(&entry.who), safe_line(&entry.words))
    });
    let todo: Vec<String> = preview
        .todo
        .iter()
        .map(|(title, is_done)| {
            format!("{} {}", if *is_done { 'x' } else { '.' }, safe_line(title))
        })
        .collect();
    let (word, clocks) = clocks(&preview.clocks, shared);
    let has = match &preview.row.owner {
        Some((caseworker, _)) if *caseworker == shared.who.caseworker.id => "you".to_owned(),
        Some((_, name)) => safe_line(name).into_owned(),
        None => "nobody".to_owned(),
    };
    let place = match preview.place.as_str() {
        "" => String::new(),
        place => format!("   place: {}", safe_line(place)),
    };
    [
        ("asks", safe_line(&preview.asks).into_owned()),
        ("last", last),
        ("next", safe_line(&shared.keymap.in_words(&preview.next)).into_owned()),
        (word, clocks),
        ("todo", todo.join("  ")),
        ("has", format!("{has}   {}{place}", preview.row.unit)),
    ]
    .into_iter()
    .map(|(word, words)| format!("{word:WORD_CELLS$}{words}"))
    .collect()
}

/// The clocks that still matter, the first with why it is due then; and whether one is late.
fn clocks(clocks: &[ClockLine], shared: &Shared) -> (&'static str, String) {
    let counts = |clock: &&ClockLine| matches!(clock.state.as_str(), "running" | "paused");
    let is_late = |clock: &ClockLine| clock.state == "running" && clock.due_at < shared.now;
    let mut open: Vec<&ClockLine> = clocks.iter().filter(counts).collect();
    open.sort_by_key(|clock| clock.due_at);
    let said = |clock: &&ClockLine| {
        let was = if is_late(clock) { "was due" } else { "due" };
        let paused = if clock.state == "paused" { ", paused" } else { "" };
        let at = when::weekday_and_time(clock.due_at, shared.now, &shared.zone);
        format!("{} {was} {at}{paused}", clock.kind.label())
    };
    let mut parts: Vec<String> = open.iter().map(said).collect();
    if let Some(first) = open.first() {
        parts.push(format!("({})", first.source));
    } else {
        parts.push("no clock runs".to_owned());
    }
    let word = if open.iter().any(|clock| is_late(clock)) { "late" } else { "due" };
    (word, parts.join("   "))
}
