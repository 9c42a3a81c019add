//! Nature and subject that somebody else has settled meanwhile, those that were chosen here, and those before both.

use crate::desk::CaseRow;
use crate::domain::SubjectCode;
use crate::domain::cases::Nature;
use crate::tui::field::Picture;
use crate::tui::text::safe_line;

/// A nature and a subject, with the subject's label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Classed {
    pub(super) nature: Nature,
    pub(super) subject: Option<(SubjectCode, String)>,
}

impl Classed {
    /// Those of a case.
    pub(super) fn of(row: &CaseRow) -> Self {
        let subject = row.subject_code.clone().map(|code| (code, row.subject.to_string()));
        Self { nature: row.nature, subject }
    }

    fn words(&self) -> String {
        let label = self.subject.as_ref().map_or("no subject", |(_, label)| label.as_str());
        format!("{}, {}", self.nature.label(), safe_line(label))
    }
}

/// The three of them, each by the digit that takes it.
pub(super) fn show_choice(
    now: &Classed,
    yours: &Classed,
    was: &Classed,
    cells: usize,
    picture: &mut Picture,
) {
    for (label, classed) in [("1 current", now), ("2 yours", yours), ("3 was", was)] {
        picture.words(label, &classed.words(), cells, 1);
    }
}
