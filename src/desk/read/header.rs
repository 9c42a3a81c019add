//! The header of a case: what is said of it before it is opened, read with one record.

use crate::desk::answer::CaseHeaderAnswer;
use crate::desk::error::DeskError;
use crate::domain::CaseId;
use crate::domain::office::{Action, Resource};

use super::Reader;

impl Reader<'_> {
    /// The header of a case that the actor may see; one that they may not see looks like one that is not there.
    pub(super) fn case_header(&self, id: CaseId) -> Result<CaseHeaderAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(id)?;
        Ok(CaseHeaderAnswer {
            due: case.due_kind().map(|kind| (kind, case.due_at())),
            case: case.id,
            version: case.version,
            stage: case.stage,
            nature: case.nature,
            subject: case.subject_label.clone(),
            unit: case.unit,
            owner: case.owner,
        })
    }
}
