//! Emergency accesses and attempts on closed files.

use serde::{Deserialize, Serialize};

use crate::domain::office::{Behind, EmergencyAccess};
use crate::domain::time::Instant;
use crate::domain::{AccessId, EntityId};

/// Emergency accesses, those that wait for a review first, and who was turned away from closed files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessesAnswer {
    /// The accesses.
    pub lines: Vec<AccessLine>,
    /// The newest attempts first; none for whoever sees their own accesses only.
    pub attempts: Vec<AttemptLine>,
    /// Whether the actor reviews accesses of others.
    pub may_review: bool,
    /// Whether the actor sees others' too: all of them who reviews accesses, else those to files that they may know of.
    pub sees_all: bool,
}

/// One access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessLine {
    /// The record.
    pub access: EmergencyAccess,
    /// Whose it was, by name.
    pub by: String,
    /// Who reviewed it, by name.
    pub reviewer: Option<String>,
    /// Whether it is open now.
    pub is_open: bool,
    /// Whether it has waited too long for a review.
    pub is_due: bool,
}

/// What was read under one access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessReadingsAnswer {
    /// Which access.
    pub access: AccessId,
    /// The readings, in order; of cases that the reader may not know of there are none.
    pub readings: Vec<AccessReading>,
    /// Readings beyond those told.
    pub more: u64,
}

/// One reading under an emergency access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessReading {
    /// When.
    pub at: Instant,
    /// Of which file.
    pub file: EntityId,
    /// The fields that were shown in full, by their codes; none where the file was opened.
    pub fields: Vec<String>,
}

/// Somebody who was turned away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptLine {
    /// When.
    pub at: Instant,
    /// Who, by name.
    pub by: String,
    /// From which record.
    pub on: EntityId,
}

/// An access of the actor's own that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAccess {
    /// Its number.
    pub access: AccessId,
    /// To what.
    pub behind: Behind,
    /// Until when.
    pub until: Instant,
}
