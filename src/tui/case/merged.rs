//! What was merged into the case on the screen, in a row below its title.

use crate::desk::{CaseFileAnswer, MergeLine};
use crate::domain::{CaseId, EntityId};
use crate::keymap::{self, Action};
use crate::tui::screen::Shared;
use crate::tui::text::{clip, safe_line};
use crate::tui::when;

/// Merges that are named; the timeline tells of the others.
const NAMED_MAX: usize = 2;

/// The row, if anything was merged: the number that was asked for first.
pub(super) fn row(
    file: &CaseFileAnswer,
    asked: CaseId,
    shared: &Shared,
    cells: usize,
) -> Option<String> {
    let today = shared.zone.day(shared.now);
    let said = |line: &MergeLine| {
        let on = when::day(shared.zone.day(line.at), today);
        format!("{} on {on} by {}", line.merged, line.by)
    };
    let (own, others): (Vec<&MergeLine>, Vec<&MergeLine>) =
        file.merges.iter().partition(|line| line.merged == EntityId::Case(asked));
    let named: Vec<String> =
        own.iter().chain(&others).take(NAMED_MAX).map(|line| said(line)).collect();
    if named.is_empty() {
        return None;
    }
    let more = file.merges.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let key = shared.keymap.key(keymap::Context::Case, Action::Unmerge);
    let words = if own.is_empty() {
        format!("merged   with {}{more}; {key} takes it apart", named.join(", "))
    } else {
        format!(
            "merged   {asked} is part of {}: {}{more}; {key} takes it apart",
            file.case.id,
            named.join(", ")
        )
    };
    Some(clip(&safe_line(&words), cells).into_owned())
}
