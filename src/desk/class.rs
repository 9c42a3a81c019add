//! The class of a case: what decides, beside the people on it, who may know that it is there.
//!
//! Rows of indexes and counters of cases name it, so that lists are filtered and counted without reading a case that
//! whoever asks may not see. There are few classes, so that each is decided once for a question. What it holds is what
//! [`Resource::of_case_anywhere`] says of a case: where that says something else of the same case one day, the layout has to
//! be raised, so that rows are made anew.

use crate::domain::UnitId;
use crate::domain::cases::Case;
use crate::domain::office::{Confidentiality, Resource};

/// Classes that one counter has: far more than an office has levels and types.
pub(super) const CLASSES_MAX: usize = 4_000;

/// The class of a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    level: Confidentiality,
    /// The unit with which it stays, where it is so confidential that rights in other units do not reach it.
    unit: Option<UnitId>,
    case_type: String,
}

impl Class {
    pub(super) fn of(case: &Case) -> Self {
        let resource = Resource::of_case_anywhere(case);
        let case_type = resource.case_type.unwrap_or_default().to_owned();
        Self { level: resource.confidentiality, unit: resource.unit, case_type }
    }

    /// Whether a case is of this class.
    pub(super) fn is_of(&self, case: &Case) -> bool {
        self.resource() == Resource::of_case_anywhere(case)
    }

    /// As the value of a row, and as the end of a counter's key: the place of the level among all, whether there is a unit
    /// and its number, and the type's code.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let level = Confidentiality::ALL.iter().position(|level| *level == self.level);
        let level = level.and_then(|level| u8::try_from(level).ok()).unwrap_or(u8::MAX);
        let mut bytes = vec![level, u8::from(self.unit.is_some())];
        bytes.extend(self.unit.iter().flat_map(|unit| unit.0.to_be_bytes()));
        bytes.extend_from_slice(self.case_type.as_bytes());
        bytes
    }

    /// The class that these bytes name; nothing where they name none that this program knows.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (level, rest) = bytes.split_first()?;
        let level = *Confidentiality::ALL.get(usize::from(*level))?;
        let (unit, case_type) = match rest.split_first()? {
            (0, case_type) => (None, case_type),
            (1, rest) => {
                let (unit, case_type) = rest.split_first_chunk::<8>()?;
                (Some(UnitId(u64::from_be_bytes(*unit))), case_type)
            }
            _ => return None,
        };
        Some(Self { level, unit, case_type: String::from_utf8(case_type.to_vec()).ok()? })
    }

    /// As rights are asked about it.
    pub(super) fn resource(&self) -> Resource<'_> {
        let (unit, case_type) = (self.unit, Some(self.case_type.as_str()));
        Resource { unit, case_type, ..Resource::of_level(self.level) }
    }
}
