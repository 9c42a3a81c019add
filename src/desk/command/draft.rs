//! What somebody is typing, kept until it is sent.

use serde::{Deserialize, Serialize};

use crate::domain::EntityId;
use crate::domain::time::Instant;

/// Which form a draft is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DraftForm {
    /// The intake form.
    Intake,
    /// A note on a case.
    Note,
    /// A reply.
    Reply,
    /// An escalation or its answer.
    Escalation,
    /// A hold.
    Hold,
    /// A closing line.
    Close,
    /// A giving line.
    Give,
    /// A reason to reopen.
    Reopen,
    /// A screening line.
    Screening,
    /// A person's record.
    Person,
    /// A promise that is being made.
    Promise,
    /// A merging line.
    Merge,
    /// The form of a case's type.
    Fields,
    /// A decision.
    Decision,
    /// An extension.
    Extension,
    /// A correction of a closed case.
    Correction,
}

impl DraftForm {
    /// What the form is called.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Intake => "new case",
            Self::Note => "note",
            Self::Reply => "reply",
            Self::Escalation => "escalation",
            Self::Hold => "hold",
            Self::Close => "closing",
            Self::Give => "giving",
            Self::Reopen => "reopening",
            Self::Screening => "screening",
            Self::Person => "person",
            Self::Promise => "promise",
            Self::Merge => "merging",
            Self::Fields => "form",
            Self::Decision => "decision",
            Self::Extension => "extension",
            Self::Correction => "correction",
        }
    }
}

/// Which draft: a caseworker has one of a form on a target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DraftKey {
    /// The form.
    pub form: DraftForm,
    /// What it is about; nothing for a form that begins from nowhere.
    pub target: Option<EntityId>,
}

/// What somebody is typing: private, and never lost by a change of its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Which.
    pub key: DraftKey,
    /// Field names and their text.
    pub fields: Vec<(String, String)>,
    /// The field that had the focus.
    pub focus: String,
    /// The target's version when typing began.
    pub base_version: u64,
    /// When it was kept.
    pub saved_at: Instant,
}

/// The fields of forms that hold what was written, rather than picked, in the order in which they tell most.
const TELLING: [&str; 12] = [
    "text",
    "says",
    "ask",
    "answer",
    "words",
    "reasons",
    "step",
    "what",
    "family name",
    "given names",
    "subject",
    "place",
];

impl Draft {
    /// The first words that were written; of a form in which there are none, whatever was filled in first. A bare number
    /// is nobody's words: forms keep times as such.
    #[must_use]
    pub fn first_words(&self) -> &str {
        let is_told = |words: &&str| words.chars().any(|letter| !letter.is_ascii_digit());
        let fields = || self.fields.iter().map(|(name, words)| (name.as_str(), words.trim()));
        let words = |wanted: &&str| {
            fields().find(|(name, _)| name == wanted).map(|(_, words)| words).filter(is_told)
        };
        let told = TELLING.iter().find_map(words);
        let any = || fields().map(|(_, words)| words).find(is_told);
        told.or_else(any).and_then(|words| words.lines().next()).unwrap_or_default()
    }
}
