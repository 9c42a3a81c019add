//! The class of a case: what decides, beside the people on it, who may know that it is there.
//!
//! Rows of indexes and counters of cases name it, so that lists are filtered and counted without reading a case that
//! whoever asks may not see. There are few classes, so that each is decided once for a question.

use crate::domain::cases::Case;
use crate::domain::office::{Confidentiality, Resource};

/// The class of a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    level: Confidentiality,
    case_type: String,
}

impl Class {
    pub(super) fn of(case: &Case) -> Self {
        Self { level: case.confidentiality, case_type: case.case_type.code.clone() }
    }

    /// As the value of a row, and as the end of a counter's key: the place of the level among all, and the type's code.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let level = Confidentiality::ALL.iter().position(|level| *level == self.level);
        let mut bytes = vec![level.and_then(|level| u8::try_from(level).ok()).unwrap_or(u8::MAX)];
        bytes.extend_from_slice(self.case_type.as_bytes());
        bytes
    }

    /// The class that these bytes name; nothing where they name none that this program knows.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (level, case_type) = bytes.split_first()?;
        Some(Self {
            level: *Confidentiality::ALL.get(usize::from(*level))?,
            case_type: String::from_utf8(case_type.to_vec()).ok()?,
        })
    }

    /// As rights are asked about it: in any unit, for any unit can open any case that is permitted (R15).
    pub(super) fn resource(&self) -> Resource<'_> {
        Resource { case_type: Some(&self.case_type), ..Resource::of_level(self.level) }
    }
}
