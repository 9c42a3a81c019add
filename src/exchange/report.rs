//! What became of the rows of a file.

use serde::Serialize;

use crate::desk::RowResult;

/// What became of the rows of a file. Every row is counted once, and a doubtful one once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Rows that made a record.
    pub created: u64,
    /// Rows that changed a record.
    pub updated: u64,
    /// Rows that say what the record says.
    pub unchanged: u64,
    /// Second and later rows of one key in the file; they are not imported.
    pub repeated: u64,
    /// Rows that could not be taken: they lie in `DATA/rejects/`.
    pub rejected: u64,
    /// Rows that differ from a record which somebody here has changed since.
    pub conflicts: u64,
    /// Rows that were read and not rejected or repeated, and of which something is doubtful, as an identity number whose
    /// check digit does not go with it. The first of them lie in `DATA/rejects/` as well.
    pub doubtful: u64,
    /// Whether it was stopped before the end of the file.
    #[serde(skip)]
    pub is_stopped: bool,
    /// The last line that was read.
    #[serde(skip)]
    pub last_line: u64,
}

impl Report {
    /// The rows read: the sum of all the figures but the doubtful ones.
    #[must_use]
    pub fn read(&self) -> u64 {
        [self.created, self.updated, self.unchanged, self.repeated, self.rejected, self.conflicts]
            .iter()
            .fold(0, |sum, figure| sum.saturating_add(*figure))
    }

    /// Counts what became of a row.
    pub(super) fn count(&mut self, result: &RowResult) {
        match result {
            RowResult::Created(_) => self.created += 1,
            RowResult::Updated(_) => self.updated += 1,
            RowResult::Unchanged(_) => self.unchanged += 1,
            RowResult::Conflict(_) => self.conflicts += 1,
            RowResult::Rejected(_) | RowResult::Refused(..) => self.rejected += 1,
        }
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file read, as it lies on disk.
    pub done_bytes: u64,
    /// Bytes of the file.
    pub total_bytes: u64,
    /// Rows read.
    pub rows: u64,
}

#[cfg(test)]
mod tests {
    use super::Report;
    use crate::desk::RowResult;
    use crate::domain::{CaseId, EntityId, Refusal};

    #[test]
    fn read_is_the_sum_of_all_the_figures() {
        let mut report = Report { repeated: 3, ..Report::default() };
        let entity = || EntityId::Case(CaseId(1));
        for result in [
            RowResult::Created(entity()),
            RowResult::Created(entity()),
            RowResult::Updated(entity()),
            RowResult::Unchanged(entity()),
            RowResult::Conflict(entity()),
            RowResult::Rejected(Refusal::new("code", "what", "")),
        ] {
            report.count(&result);
        }
        assert_eq!((report.created, report.updated, report.conflicts), (2, 1, 1));
        assert_eq!(report.read(), 9);
    }
}
