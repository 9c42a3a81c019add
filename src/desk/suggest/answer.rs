//! What is suggested, as it is answered.

use serde::{Deserialize, Serialize};

use crate::domain::SubjectCode;
use crate::domain::cases::{Nature, Suggested};

/// A subject that is suggested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedSubject {
    /// Its code.
    pub code: SubjectCode,
    /// Its label.
    pub label: String,
    /// How likely, in per cent.
    pub percent: u8,
    /// The words that decided, the weightiest first: words that at least five people used, and hostile all the same.
    pub words: Vec<String>,
}

/// What closed cases suggest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SuggestionAnswer {
    /// The subject, unless that is too unsure.
    pub subject: Option<SuggestedSubject>,
    /// The nature and how likely it is in per cent, unless that is too unsure.
    pub nature: Option<(Nature, u8)>,
    /// Closed cases that it was learned from.
    pub cases: u64,
    /// Whether it is still being learned, so that there is nothing to say yet.
    pub is_learning: bool,
}

impl SuggestedSubject {
    /// `RENT-2 Rent subsidy, late (82 %): subsidy, rent, landlord`, not yet made safe for a terminal.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} {} ({} %): {}", self.code, self.label, self.percent, self.words.join(", "))
    }

    /// As [`Self::in_words`] without the label, where there is little room.
    #[must_use]
    pub fn in_short(&self) -> String {
        format!("{} ({} %): {}", self.code, self.percent, self.words.join(", "))
    }

    /// As the plan of a case keeps it.
    #[must_use]
    pub fn kept(&self, is_accepted: bool) -> Suggested {
        Suggested {
            subject: self.code.clone(),
            percent: self.percent,
            words: self.words.clone(),
            is_accepted,
        }
    }
}
