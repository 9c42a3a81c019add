//! The line of news: what came for the caseworker that no row of the list shows.

use crate::desk::BoardAnswer;

/// The most answers to one's escalations that the line names.
const ANSWERS_MAX: usize = 2;

/// The news, most urgent first, with what shows it; empty where there are none.
pub(super) fn line(board: &BoardAnswer) -> String {
    let mut parts = Vec::new();
    if board.unrouted > 0 {
        parts.push(format!("UNROUTED {}: no rule could place them", board.unrouted));
    }
    if board.escalations_unseen > 0 {
        parts.push(format!(
            "{} for you to rule on (7)",
            counted(board.escalations_unseen, "escalation")
        ));
    }
    if board.promises_late > 0 {
        let late = counted(board.promises_late, "promise");
        parts.push(format!("{late} LATE in your unit (g p)"));
    }
    if board.duplicates > 0 {
        parts.push(format!("{} (g d)", counted(board.duplicates, "likely duplicate")));
    }
    for (case, words) in board.answers.iter().take(ANSWERS_MAX) {
        parts.push(format!("ruling {case}: {words}"));
    }
    if board.messages_failed > 0 {
        parts.push(format!("{} failed (g m)", counted(board.messages_failed, "message")));
    }
    parts.join("   ")
}

/// `1 draft`, `2 drafts`.
pub(super) fn counted(count: u64, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}
