//! The case under the cursor below the list: two lines of its row at once, and what has to be asked for once one rests.

use crate::desk::{CasePreviewAnswer, CaseRow, ClockLine, RowPerson};
use crate::domain::CaseworkerId;
use crate::keymap::{Action, Context};
use crate::tui::text::{fit, safe_line, width};

use super::super::plain::say;
use super::super::screen::Shared;
use super::super::when;

/// Cells for the word before each line.
const WORD_CELLS: usize = 6;
/// What stands between two things of one line.
const BETWEEN: &str = "   ";
/// Lines of what is said once one rests.
pub(super) const LINES: usize = 6;

/// Cells of what stands in columns, so that what is the same in two rows is not sent again.
const CASE_CELLS: usize = 8;
const NATURE_CELLS: usize = 3;
const SUBJECT_CELLS: usize = 28;
const OWNER_CELLS: usize = 20;
const DUE_CELLS: usize = 32;

/// The line that names the case: `-- C-20931 COM Rent subsidy late   Mohammadi, Sara      12 of 31`. What is said of the
/// whole list stands at its right end, where it stays from row to row.
pub(super) fn title(row: &CaseRow, of_list: &str, cells: usize) -> String {
    let words = format!(
        "-- {} {} {} {}",
        fit(&row.id.to_string(), CASE_CELLS),
        fit(row.nature.code(), NATURE_CELLS),
        fit(&safe_line(&row.subject), SUBJECT_CELLS),
        safe_line(&person(row)),
    );
    let end = safe_line(of_list);
    let room = cells.saturating_sub(width(&end) + 1).max(cells / 2);
    format!("{} {end}", fit(&words, room))
}

/// Who asked, as a row names them.
pub(super) fn person(row: &CaseRow) -> String {
    match &row.person {
        RowPerson::Person(_, name) => name.to_string(),
        RowPerson::Anonymous => "anonymous".to_owned(),
        RowPerson::From(source) => format!("from {source}"),
        RowPerson::Hidden => RowPerson::HIDDEN.to_owned(),
    }
}

/// Who has the case, until when, and how it came: `has   you    decide due Fri 28 Aug 16:00   telephone`.
pub(super) fn having(row: &CaseRow, shared: &Shared) -> String {
    let due = match (row.due_at, row.due_kind) {
        (Some(at), Some(kind)) => {
            let was = if at < shared.now { "was due" } else { "due" };
            let at = when::weekday_and_time(at, shared.now, &shared.zone);
            format!("{} {was} {at}", kind.label())
        }
        (Some(_), None) | (None, _) => "no clock runs".to_owned(),
    };
    let owner = owner(row, shared.who.caseworker.id);
    format!(
        "{:WORD_CELLS$}{} {} {}",
        "has",
        fit(&safe_line(&owner), OWNER_CELLS),
        fit(&due, DUE_CELLS),
        row.channel.label(),
    )
}

fn owner(row: &CaseRow, me: CaseworkerId) -> String {
    match &row.owner {
        Some((caseworker, _)) if *caseworker == me => "you".to_owned(),
        Some((_, name)) => name.to_string(),
        None => "nobody".to_owned(),
    }
}

/// What became of a case that has left the list, in a few words: who took, closed or moved it.
pub(super) fn gone(before: &CaseRow, now: Option<&CasePreviewAnswer>, shared: &Shared) -> String {
    let Some(now) = now.filter(|now| now.row.id == before.id) else {
        return "not in this list any more".to_owned();
    };
    let by = now.last.as_ref().map(|last| format!(" by {}", last.who)).unwrap_or_default();
    let row = &now.row;
    if row.closed_at.is_some() {
        return format!("closed{by}");
    }
    if row.unit != before.unit {
        return format!("given to {}{by}", row.unit);
    }
    match &row.owner {
        Some((_, name)) if row.owner != before.owner => {
            let owner = owner(row, shared.who.caseworker.id);
            if owner == *name {
                format!("taken: {name} has it")
            } else {
                "taken: you have it".to_owned()
            }
        }
        None if before.owner.is_some() => format!("put back{by}, nobody has it"),
        Some(_) | None => format!("moved{by}: {}", row.stage.label()),
    }
}

/// What is said once one rests: a word each, and what there is to say.
pub(super) fn lines(preview: &CasePreviewAnswer, shared: &Shared, cells: usize) -> Vec<String> {
    let last = preview.last.as_ref().map_or_else(String::new, |entry| {
        let at = when::weekday_and_time(entry.at, shared.now, &shared.zone);
        let words = safe_line(last_words(&entry.words, &preview.asks));
        let colon = if words.is_empty() { "" } else { ": " };
        format!("{at} {} {}{colon}{words}", entry.kind, safe_line(&entry.who))
    });
    let todo: Vec<String> = preview
        .todo
        .iter()
        .map(|(title, is_done)| {
            format!("{} {}", if *is_done { 'x' } else { '.' }, safe_line(title))
        })
        .collect();
    let room = cells.saturating_sub(WORD_CELLS);
    let (word, clocks) = clocks(&preview.clocks, shared, room);
    let place = match preview.place.as_str() {
        "" => String::new(),
        place => format!("   {}", safe_line(place)),
    };
    [
        ("asks", safe_line(&preview.asks).into_owned()),
        ("last", last),
        ("next", safe_line(&shared.keymap.in_words(&preview.next)).into_owned()),
        (word, clocks),
        ("todo", todo.join("  ")),
        ("unit", format!("{}{place}", safe_line(&preview.row.unit))),
    ]
    .into_iter()
    .map(|(word, words)| format!("{word:WORD_CELLS$}{words}"))
    .collect()
}

/// The words of the last entry, without what the line above them says: that of a new case is what is asked.
fn last_words<'a>(words: &'a str, asks: &str) -> &'a str {
    match words.strip_suffix(asks) {
        Some(before) if !asks.is_empty() => {
            let before = before.trim_end_matches([':', ' ']);
            if before.is_empty() { "as above" } else { before }
        }
        Some(_) | None => words,
    }
}

/// What is heard of a line of the preview: its word, and steps that are done or open.
pub(super) fn heard(preview: Option<&CasePreviewAnswer>, line: &str) -> String {
    let (word, words) = line.split_once(' ').unwrap_or((line, ""));
    let words = if let ("todo", Some(preview)) = (word, preview) {
        say::steps(preview.todo.iter().map(|(title, is_done)| (title.as_str(), *is_done)))
    } else {
        let parts = words.split("   ").map(str::trim).filter(|part| !part.is_empty());
        say::unfolded(&parts.collect::<Vec<_>>().join("; "))
    };
    if words.is_empty() { String::new() } else { format!("{word}: {words}") }
}

/// The clocks that still matter, as many as there is room for, and where the rest are told; with why the first is due then,
/// where all of them have room. And whether one is late.
fn clocks(clocks: &[ClockLine], shared: &Shared, cells: usize) -> (&'static str, String) {
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
    let parts: Vec<String> = open.iter().map(said).collect();
    let why = shared.keymap.key(Context::Row, Action::Why);
    let told = |count: usize| {
        let more = parts.len().saturating_sub(count);
        let more = (more > 0).then(|| format!("{more} more ({why})"));
        parts.iter().take(count).cloned().chain(more).collect::<Vec<_>>().join(BETWEEN)
    };
    let all = told(parts.len());
    let words = match open.first() {
        None => "no clock runs".to_owned(),
        Some(first) => {
            let with_source = format!("{all}{BETWEEN}({})", first.source);
            let fewer = (1..=parts.len()).rev().map(told);
            std::iter::once(with_source)
                .chain(fewer)
                .find(|words| width(words) <= cells)
                .unwrap_or(all)
        }
    };
    let word = if open.iter().any(|clock| is_late(clock)) { "late" } else { "due" };
    (word, words)
}
