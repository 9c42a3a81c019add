//! Marks on a list of cases: by number, so that they outlive whatever the list does.

use std::collections::BTreeMap;

use crate::desk::{CaseRow, RowResult};
use crate::domain::limits::EACH_CASES_MAX;
use crate::domain::{CaseId, EntityId};

/// The marked cases of a list, each with why nothing was done with it where an act on them failed.
#[derive(Debug, Clone, Default)]
pub(in crate::tui) struct Marks {
    marked: BTreeMap<CaseId, Option<String>>,
    /// Where a range was begun that has not ended.
    range: Option<CaseId>,
}

impl Marks {
    /// Whether a case is marked.
    pub(in crate::tui) fn has(&self, case: CaseId) -> bool {
        self.marked.contains_key(&case)
    }

    /// Whether none is.
    pub(in crate::tui) fn is_empty(&self) -> bool {
        self.marked.is_empty()
    }

    /// The marked cases, by number.
    pub(in crate::tui) fn cases(&self) -> Vec<CaseId> {
        self.marked.keys().copied().collect()
    }

    /// Why nothing was done with a marked case.
    pub(in crate::tui) fn why(&self, case: CaseId) -> Option<&str> {
        self.marked.get(&case)?.as_deref()
    }

    /// Marks a case, or unmarks it.
    ///
    /// # Errors
    /// In a sentence, where as many are marked as one act takes.
    pub(in crate::tui) fn toggle(&mut self, case: CaseId) -> Result<(), String> {
        if self.marked.remove(&case).is_some() { Ok(()) } else { self.mark(case, None) }
    }

    /// Marks a case, with why nothing was done with it if that is known.
    ///
    /// # Errors
    /// In a sentence, where as many are marked as one act takes.
    pub(in crate::tui) fn mark(&mut self, case: CaseId, why: Option<String>) -> Result<(), String> {
        if self.marked.len() >= EACH_CASES_MAX && !self.has(case) {
            return Err(full());
        }
        self.marked.insert(case, why);
        Ok(())
    }

    /// Begins a range at a case, or ends the one that was begun and marks what lies between. Gives what there is to say.
    ///
    /// # Errors
    /// In a sentence: the beginning is not among the rows any more, or there are too many between.
    pub(in crate::tui) fn range(
        &mut self,
        case: CaseId,
        rows: &[CaseRow],
    ) -> Result<String, String> {
        let place = |id: CaseId| rows.iter().position(|row| row.id == id);
        let Some(from) = self.range.take() else {
            self.range = Some(case);
            return Ok(format!("A range begins at {case}: move, and the same key ends it."));
        };
        let (Some(one), Some(other)) = (place(from), place(case)) else {
            return Err(format!("{from}, where the range began, is not here any more."));
        };
        let between = rows.iter().skip(one.min(other)).take(one.abs_diff(other) + 1);
        for row in between {
            self.mark(row.id, None)?;
        }
        Ok(format!("Marked {} rows.", one.abs_diff(other) + 1))
    }

    /// Marks all of these, which are the first ones of so many. Gives what there is to say.
    pub(in crate::tui) fn all(
        &mut self,
        cases: impl Iterator<Item = CaseId>,
        total: u64,
    ) -> String {
        self.range = None;
        let before = self.marked.len();
        for case in cases {
            if self.mark(case, None).is_err() {
                break;
            }
        }
        let now = self.marked.len();
        if u64::try_from(now).unwrap_or(u64::MAX) < total {
            return format!(
                "Marked {} more, {now} in all: one act takes {EACH_CASES_MAX}, and the list has {total}. Act, then mark the rest.",
                now - before
            );
        }
        format!("Marked all {now}.")
    }

    /// Unmarks all. Gives how many there were.
    pub(in crate::tui) fn clear(&mut self) -> usize {
        self.range = None;
        std::mem::take(&mut self.marked).len()
    }

    /// Unmarks what was done; what was not stays marked, with the reason.
    pub(in crate::tui) fn settle(&mut self, rows: &[RowResult]) {
        for row in rows {
            match row {
                RowResult::Updated(EntityId::Case(case))
                | RowResult::Unchanged(EntityId::Case(case)) => {
                    self.marked.remove(case);
                }
                RowResult::Refused(EntityId::Case(case), refusal) => {
                    if let Some(why) = self.marked.get_mut(case) {
                        *why = Some(refusal.to_string());
                    }
                }
                _ => {}
            }
        }
    }

    /// What the line below a list says of its marks: `   2 marked, 1 not in this list`. Whether one is not there is known
    /// only where all rows are; one of them may have left the list.
    pub(in crate::tui) fn line(
        &self,
        all_rows: Option<&[CaseRow]>,
        left: Option<CaseId>,
    ) -> String {
        let range = self.range.map(|from| format!("   range from {from}")).unwrap_or_default();
        if self.marked.is_empty() {
            return range;
        }
        let gone = all_rows.map_or(0, |rows| {
            let is_here =
                |case: &&CaseId| left != Some(**case) && rows.iter().any(|row| row.id == **case);
            self.marked.keys().filter(|case| !is_here(case)).count()
        });
        let failed = self.marked.values().filter(|why| why.is_some()).count();
        let mut line = format!("   {} marked", self.marked.len());
        if failed > 0 {
            line = format!("{line}, {failed} not done");
        }
        if gone > 0 {
            line = format!("{line}, {gone} not in this list");
        }
        line + &range
    }
}

fn full() -> String {
    format!("{EACH_CASES_MAX} cases are marked, and one act takes no more: act on them first.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Refusal;

    #[test]
    fn what_was_done_is_unmarked_and_what_was_not_keeps_its_mark_and_reason() {
        let mut marks = Marks::default();
        assert_eq!(marks.all((1..=3).map(CaseId), 3), "Marked all 3.");
        let refusal = Refusal::new("case.closed", "C-2 is closed.", "");
        marks.settle(&[
            RowResult::Updated(EntityId::Case(CaseId(1))),
            RowResult::Refused(EntityId::Case(CaseId(2)), refusal),
        ]);
        assert_eq!(marks.cases(), [CaseId(2), CaseId(3)]);
        assert_eq!(marks.why(CaseId(2)), Some("C-2 is closed."));
        assert_eq!(marks.line(Some(&[]), None), "   2 marked, 1 not done, 2 not in this list");
    }

    #[test]
    fn there_are_no_more_marks_than_one_act_takes() {
        let mut marks = Marks::default();
        let max = u64::try_from(EACH_CASES_MAX).unwrap();
        let said = marks.all((1..=max + 9).map(CaseId), max + 9);
        assert!(said.contains("one act takes 400, and the list has 409"), "{said}");
        assert!(marks.toggle(CaseId(max + 1)).is_err());
        assert!(marks.toggle(CaseId(1)).is_ok() && marks.toggle(CaseId(max + 1)).is_ok());
    }
}
