//! What the people screens write the same way: a case in one row, and a person's number.

use crate::desk::{CaseRow, RowPerson};
use crate::domain::PersonId;
use crate::domain::cases::Stage;
use crate::domain::time::{Instant, Zone};
use crate::tui::text;

use super::super::when::due_in;

/// Cells for whoever has a case, and the fewest for what it is about.
const OWNER_CELLS: usize = 12;
const SUBJECT_CELLS_MIN: usize = 8;

/// A person's number from what was typed: `P-12`, `p12`, `12`.
#[must_use]
pub fn person_number(words: &str) -> Option<PersonId> {
    let words = words.trim();
    words.parse().ok().or_else(|| words.parse().ok().map(PersonId))
}

/// The stage of a case in a list: the one of its type that is being worked, where the type has stages.
#[must_use]
pub fn stage_word(row: &CaseRow, language: &str) -> String {
    match row.stage {
        _ if row.is_held => "hold".to_owned(),
        Stage::Queued if row.owner.is_none() => row.stage.label().to_owned(),
        Stage::Queued | Stage::Claimed | Stage::InProgress | Stage::Reopened
            if !row.worked_stage.0.is_empty() =>
        {
            text::safe_line(row.worked_stage.in_language(language)).into_owned()
        }
        // A case that somebody has is not free, whatever queue it waits in.
        Stage::Queued => Stage::Claimed.label().to_owned(),
        stage => stage.label().to_owned(),
    }
}

/// A case in one line of so many cells: due, number, nature, subject, stage, whose; with the person where `person` says so.
#[must_use]
pub fn case_line(row: &CaseRow, now: Instant, zone: &Zone, cells: usize) -> String {
    let due = if row.stage.is_open() { due_in(row.due_at, now, zone) } else { String::new() };
    let id = row.id.to_string();
    let owner = row.owner.as_ref().map_or_else(|| owner_of_none(row), |(_, name)| name.to_string());
    let stage = if row.worked_stage.0.is_empty() {
        if row.is_held { "hold" } else { row.stage.label() }.to_owned()
    } else {
        stage_word(row, "en")
    };
    let flags = format!(
        "{}{}",
        if row.has_draft { "\"" } else { "" },
        if row.is_escalated { "^" } else { "" }
    );
    let fixed = 5 + 9 + 4 + 10 + 14 + 3;
    // In a narrow place who has it is told more shortly, so that nothing after it is cut.
    let short = (fixed + SUBJECT_CELLS_MIN).saturating_sub(cells).min(OWNER_CELLS);
    let subject_cells = (cells + short).saturating_sub(fixed).max(SUBJECT_CELLS_MIN);
    format!(
        "{} {} {} {} {} {} {flags}",
        text::fit_right(&due, 4),
        text::fit(&id, 8),
        row.nature.code(),
        text::fit(&text::safe_line(&row.subject), subject_cells),
        text::fit(&stage, 9),
        text::fit(&text::safe_line(&owner), OWNER_CELLS - short),
    )
}

fn owner_of_none(row: &CaseRow) -> String {
    match (&row.person, row.stage.is_open()) {
        (RowPerson::From(source), _) => format!("from {source}"),
        (_, true) => "free".to_owned(),
        (_, false) => String::new(),
    }
}
