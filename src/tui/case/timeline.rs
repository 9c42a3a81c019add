//! What has happened, newest first, with the whole text of one chosen entry.

use crate::desk::{CaseFileAnswer, TimelineEntry};
use crate::tui::plain::say;
use crate::tui::promises::open_words;
use crate::tui::screen::Shared;
use crate::tui::text::{fit, safe_block, safe_line, wrap};
use crate::tui::when::{self, day_and_time};

/// Rows that one text takes at most.
const TEXT_ROWS_MAX: usize = 200;
/// Cells of the columns.
const KIND_CELLS: usize = 7;
const WHO_CELLS: usize = 9;
const WHEN_CELLS: usize = 12;

/// The chosen entry, by its place in the audit chain, so that it stays chosen when others come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Chosen(Option<u64>);

impl Chosen {
    /// The place of the entry in the list; the first where it is not there.
    pub(super) fn place(self, entries: &[TimelineEntry]) -> usize {
        let sequence = self.0;
        entries.iter().position(|entry| Some(entry.sequence) == sequence).unwrap_or_default()
    }

    /// Chooses the entry in this place, or the last one. The first is followed by none, so that news are seen.
    pub(super) fn choose(&mut self, place: usize, entries: &[TimelineEntry]) {
        let place = place.min(entries.len().saturating_sub(1));
        let entry = entries.get(place).filter(|_| place > 0);
        self.0 = entry.map(|entry| entry.sequence);
    }
}

/// The title and so many entries as there are rows for, and the row of the chosen one.
pub(super) fn list(
    file: &CaseFileAnswer,
    chosen: Chosen,
    shared: &Shared,
    rows: usize,
) -> (Vec<String>, usize) {
    let room = rows.saturating_sub(1);
    let place = chosen.place(&file.timeline);
    let first = (place + 1).saturating_sub(room.max(1));
    let shown = file.timeline.iter().enumerate().skip(first).take(room);
    let mut lines = vec![String::new()];
    lines.extend(shown.map(|(at, entry)| {
        let marker = if at == place { '>' } else { ' ' };
        format!("{marker}{}", entry_line(entry, shared))
    }));
    let count = lines.len() - 1;
    if let Some(title) = lines.first_mut() {
        let promised = open_words(&file.promises, shared);
        let timeline = format!("-- timeline, {count} of {}, newest first", file.timeline_total);
        *title = format!("{timeline}   {promised}");
    }
    (lines, 1 + place - first)
}

/// What is heard of an entry.
pub(super) fn heard(entry: &TimelineEntry, shared: &Shared) -> String {
    say::entry(entry, &moment(entry, shared))
}

fn entry_line(entry: &TimelineEntry, shared: &Shared) -> String {
    let when = fit(&moment(entry, shared), WHEN_CELLS);
    let kind = fit(&safe_line(&entry.kind), KIND_CELLS);
    let who = fit(&safe_line(&entry.who), WHO_CELLS);
    format!("{when} {kind} {who} {}", safe_line(&entry.words))
}

/// Day and time; only the day where it lies in another year, which the column has no room for.
fn moment(entry: &TimelineEntry, shared: &Shared) -> String {
    let today = shared.zone.day(shared.now);
    let day = shared.zone.day(entry.at);
    if day.date().year() == today.date().year() {
        day_and_time(entry.at, shared.now, &shared.zone)
    } else {
        when::day(day, today)
    }
}

/// The chosen entry's title and whole text.
pub(super) fn detail(
    file: &CaseFileAnswer,
    chosen: Chosen,
    shared: &Shared,
    cells: usize,
) -> Vec<String> {
    let Some(entry) = file.timeline.get(chosen.place(&file.timeline)) else { return Vec::new() };
    let moment = day_and_time(entry.at, shared.now, &shared.zone);
    let mut rows =
        vec![format!("-- {moment} {}, {}", safe_line(&entry.kind), safe_line(&entry.who))];
    let text = if entry.text.is_empty() { &entry.words } else { &entry.text };
    for line in safe_block(text) {
        let left = TEXT_ROWS_MAX.saturating_sub(rows.len());
        if left == 0 {
            break;
        }
        let wrapped = wrap(&line, cells, left);
        if wrapped.is_empty() {
            rows.push(String::new());
        }
        rows.extend(wrapped);
    }
    rows
}
