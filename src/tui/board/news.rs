//! The lines of news: what came for the caseworker that no row of the list shows, and what is wrong in their unit.

use crate::desk::{BoardAnswer, Since, ViewKind};
use crate::domain::office::CaseworkerState;
use crate::keymap::{self, Action};

use crate::tui::text::width;

use super::super::paint::Meaning;
use super::super::promises::board_line;
use super::super::screen::Shared;
use super::super::status::key_of;
use super::super::when;
use super::draw::NEWS_ROWS_MAX;
use super::strip;

/// The most answers to one's escalations that the line names.
const ANSWERS_MAX: usize = 2;
/// The most reasons for which cases became one's own that the line names.
const REASONS_MAX: usize = 2;
/// The most units without anybody that the line names.
const UNITS_MAX: usize = 2;

/// What stands between two parts of a line.
const GAP: &str = "   ";
const NARROW_GAP: &str = "  ";

/// The lines, most urgent first, with what shows each; none where there is no news.
pub(super) fn lines(board: &BoardAnswer, shared: &Shared, cells: usize) -> Vec<(String, Meaning)> {
    let alarms = joined(&alarms(board, shared), cells);
    let since = board.since.as_ref().map_or_else(|| rulings(board), |since| told(since, shared));
    let since = joined(&since, cells);
    let style = if board.uncovered.is_empty() { Meaning::Strong } else { Meaning::Alarm };
    let both = if alarms.is_empty() || since.is_empty() {
        format!("{alarms}{since}")
    } else {
        format!("{alarms}{GAP}{since}")
    };
    // Where one row has room for it all, the other one is the list's.
    let mut lines = if width(&both) <= cells {
        vec![(both, style)]
    } else {
        vec![(alarms, style), (since, Meaning::Strong)]
    };
    let is_late = board.calls.iter().any(|call| call.due_at < shared.now);
    let promised = board_line(&board.calls, shared, cells);
    lines.push((promised, if is_late { Meaning::Alarm } else { Meaning::Strong }));
    lines.into_iter().filter(|(line, _)| !line.is_empty()).collect()
}

/// Adds what limits the list, which stands above it, where no cursor moves it, whatever else there is to say: beside the
/// last news, or in a row of its own.
pub(super) fn add_limit(lines: &mut Vec<(String, Meaning)>, words: &str, cells: usize) {
    if let Some((line, _)) = lines.last_mut()
        && width(line) + GAP.len() + width(words) <= cells
    {
        line.push_str(GAP);
        line.push_str(words);
        return;
    }
    lines.truncate(usize::from(NEWS_ROWS_MAX) - 1);
    lines.push((format!("-- {words}"), Meaning::Plain));
}

/// Puts the lines into exactly so many rows. Where that is too few, the last ones, which are what was promised and what
/// limits the list, stand before those above them, which are shown as far as there is room.
pub(super) fn fit_into(lines: &mut Vec<(String, Meaning)>, rows: usize) {
    while lines.len() > rows.max(1)
        && let Some((last, _)) = lines.pop()
        && let Some((words, _)) = lines.last_mut()
    {
        *words = format!("{last}{GAP}{words}");
    }
    lines.resize(rows, (String::new(), Meaning::Plain));
}

/// The parts in a line; where there is no room for it all, closer together, and then without the last ones.
fn joined(parts: &[String], cells: usize) -> String {
    let wide = parts.join(GAP);
    if width(&wide) <= cells {
        return wide;
    }
    let mut line = String::new();
    for part in parts {
        let gap = if line.is_empty() { "" } else { NARROW_GAP };
        if width(&line) + gap.len() + width(part) > cells && !line.is_empty() {
            break;
        }
        line.push_str(gap);
        line.push_str(part);
    }
    line
}

fn alarms(board: &BoardAnswer, shared: &Shared) -> Vec<String> {
    let key = |action| {
        let key = key_of(shared, keymap::Context::Board, action);
        key.map(|key| format!(" ({key})")).unwrap_or_default()
    };
    let mut parts = Vec::new();
    let today = shared.zone.day(shared.now);
    if let CaseworkerState::Absent { until, .. } = shared.who.caseworker.state
        && until >= today
    {
        // Whoever is at work all the same sees their cases go, and has to know why.
        let until = when::weekday_and_day(until, today);
        parts.push(format!("YOU ARE MARKED AWAY until {until}{}", key(Action::GoColleagues)));
    }
    for (unit, open) in board.uncovered.iter().take(UNITS_MAX) {
        parts.push(format!("NOBODY HERE: {unit}, {open} open{}", key(Action::GoColleagues)));
    }
    if board.unrouted > 0 {
        let key = key(Action::GoUnrouted);
        parts.push(format!("{} UNROUTED: no rule fits{key}", board.unrouted));
    }
    if board.escalations_unseen > 0 {
        let escalations = counted(board.escalations_unseen, "escalation");
        let key = strip::key_of(ViewKind::Escalated, shared);
        parts.push(format!("{escalations} for you to rule on ({key})"));
    }
    if shared.presence.reviews_waiting > 0 {
        let waiting = accesses(shared.presence.reviews_waiting);
        parts.push(format!("{waiting} to review{}", key(Action::GoAccesses)));
    }
    if board.promises_late > 0 {
        let late = counted(board.promises_late, "promise");
        parts.push(format!("{late} LATE in your unit{}", key(Action::GoPromises)));
    }
    if board.duplicates > 0 {
        let key = key(Action::GoDuplicates);
        parts.push(format!("{}{key}", counted(board.duplicates, "likely duplicate")));
    }
    if board.messages_failed > 0 {
        let failed = counted(board.messages_failed, "message");
        parts.push(format!("{failed} failed{}", key(Action::GoMail)));
    }
    if board.letters_returned > 0 {
        let returned = counted(board.letters_returned, "letter");
        parts.push(format!("{returned} came back{}", key(Action::GoMail)));
    }
    parts
}

fn rulings(board: &BoardAnswer) -> Vec<String> {
    let named = board.answers.iter().take(ANSWERS_MAX);
    named.map(|(case, words)| format!("ruling {case}: {words}")).collect()
}

/// `since Thu 17:05   +2 yours (Moe ill)   1 ruling C-20950   1 letter came back`.
fn told(since: &Since, shared: &Shared) -> Vec<String> {
    if since.is_empty() {
        return Vec::new();
    }
    let mut parts =
        vec![format!("since {}", when::weekday_or_today(since.from, shared.now, &shared.zone))];
    for (why, count) in since.yours.iter().take(REASONS_MAX) {
        parts.push(format!("+{count} yours ({why})"));
    }
    let others: u64 = since.yours.iter().skip(REASONS_MAX).map(|(_, count)| count).sum();
    if others > 0 {
        parts.push(format!("+{others} yours"));
    }
    if let Some(first) = since.rulings.first() {
        let count = u64::try_from(since.rulings.len()).unwrap_or(u64::MAX);
        parts.push(format!("{} {first}", counted(count, "ruling")));
    }
    if let Some(first) = since.reminders.first() {
        let count = u64::try_from(since.reminders.len()).unwrap_or(u64::MAX);
        parts.push(format!("{} {first}", counted(count, "reminder")));
    }
    if since.emergencies > 0 {
        parts.push(accesses(since.emergencies));
    }
    if since.undelivered > 0 {
        parts.push(format!("{} came back", counted(since.undelivered, "letter")));
    }
    if since.promises > 0 {
        parts.push(format!("{} for you", counted(since.promises, "promise")));
    }
    if since.came > 0 {
        parts.push(format!("{} new", since.came));
    }
    if let Some(key) = key_of(shared, keymap::Context::Board, Action::GoNews) {
        parts.push(format!("({key})"));
    }
    parts
}

fn accesses(count: u64) -> String {
    let words = if count == 1 { "emergency access" } else { "emergency accesses" };
    format!("{count} {words}")
}

/// `1 draft`, `2 drafts`.
pub(super) fn counted(count: u64, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}
