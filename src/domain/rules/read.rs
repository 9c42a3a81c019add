//! A text of rules, read: the one place that knows which reader a kind has.

use std::sync::Arc;

use crate::domain::time::{Calendar, read_calendar};

use super::tables::read_table;
use super::types::read_type;
use super::{CaseType, DecisionTable, Flaw, PublicationKind};

/// What a text of rules says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RulesText {
    /// A case type.
    Type(Arc<CaseType>),
    /// A decision table.
    Table(Arc<DecisionTable>),
    /// A business calendar.
    Calendar(Box<Calendar>),
}

impl RulesText {
    /// Reads a text of this kind and checks it.
    ///
    /// # Errors
    /// Every flaw that it has, in the order of their lines.
    pub fn read(kind: PublicationKind, text: &str) -> Result<Self, Vec<Flaw>> {
        match kind {
            PublicationKind::Type => Ok(Self::Type(Arc::new(read_type(text)?))),
            PublicationKind::Table => Ok(Self::Table(Arc::new(read_table(text)?))),
            PublicationKind::Calendar => Ok(Self::Calendar(Box::new(read_calendar(text)?))),
        }
    }

    /// The code that the text gives itself; none where its kind has none in it.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Type(held) => Some(&held.id.code),
            Self::Table(held) => Some(&held.code),
            Self::Calendar(_) => None,
        }
    }

    /// What it is called in English; empty where its kind is called nothing.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Type(held) => held.labels.english().to_owned(),
            Self::Table(_) | Self::Calendar(_) => String::new(),
        }
    }

    /// The version that the text gives itself.
    #[must_use]
    pub fn version(&self) -> u32 {
        match self {
            Self::Type(held) => held.id.version,
            Self::Table(held) => held.version,
            Self::Calendar(held) => held.version,
        }
    }
}
