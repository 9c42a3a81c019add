//! What a language has beside its templates: how it writes days, how it greets, and what it says of a case's stage.

use crate::domain::cases::Stage;
use crate::domain::time::Day;

use super::day::DayForm;

/// What a citizen is told about where their matter stands, in plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageText {
    /// It has come in.
    Received,
    /// The office waits for the citizen.
    NeedsInfo,
    /// Somebody works on it, or is about to.
    InWork,
    /// It waits for somebody else.
    OnHold,
    /// It is decided; the letter is on its way.
    Decided,
    /// It has ended.
    Closed,
    /// It was taken up again.
    Reopened,
    /// It was passed on to another office.
    ReferredOut,
    /// It goes on under another reference.
    Merged,
    /// It was taken back.
    Withdrawn,
}

impl StageText {
    /// Every one with its name in a language's file.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Received, "received"),
        (Self::NeedsInfo, "needs_info"),
        (Self::InWork, "in_work"),
        (Self::OnHold, "on_hold"),
        (Self::Decided, "decided"),
        (Self::Closed, "closed"),
        (Self::Reopened, "reopened"),
        (Self::ReferredOut, "referred_out"),
        (Self::Merged, "merged"),
        (Self::Withdrawn, "withdrawn"),
    ];

    /// What is said of a case in this stage. A hold is told, since the citizen may be the one who is waited for.
    #[must_use]
    pub fn of(stage: Stage, is_held: bool) -> Self {
        match stage {
            Stage::NeedsInfo => Self::NeedsInfo,
            _ if is_held => Self::OnHold,
            Stage::Received | Stage::Screening => Self::Received,
            Stage::Review
            | Stage::Classified
            | Stage::Queued
            | Stage::Claimed
            | Stage::InProgress
            | Stage::Classification
            | Stage::Indexing => Self::InWork,
            Stage::Decided => Self::Decided,
            Stage::Notified | Stage::Closed | Stage::Rejected => Self::Closed,
            Stage::Reopened => Self::Reopened,
            Stage::ReferredOut => Self::ReferredOut,
            Stage::DuplicateOf => Self::Merged,
            Stage::Withdrawn | Stage::Annulled => Self::Withdrawn,
        }
    }
}

/// A greeting for some forms of address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Greeting {
    /// The forms of address, in any language, that it is right for.
    pub(super) forms: Vec<String>,
    /// The greeting, with placeholders of the reader.
    pub(super) text: String,
}

/// The words of a receipt slip.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SlipWords {
    pub(super) words: Vec<(String, String)>,
}

/// What a language has beside its templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// The primary part of its tag: `fa`.
    pub code: String,
    pub(super) days: DayForm,
    /// The greeting for somebody without a form of address.
    pub(super) greeting_plain: String,
    /// The greeting for a form of address that no rule knows.
    pub(super) greeting_other: String,
    pub(super) greetings: Vec<Greeting>,
    pub(super) status: Vec<(StageText, String)>,
    pub(super) slip: SlipWords,
}

impl Language {
    /// A day as a letter in this language writes it.
    #[must_use]
    pub fn day(&self, day: Day) -> String {
        self.days.written(day)
    }

    /// What a citizen is told about a stage.
    #[must_use]
    pub fn status(&self, stage: StageText) -> &str {
        let found = self.status.iter().find(|(known, _)| *known == stage);
        found.map_or("", |(_, text)| text.as_str())
    }

    /// A word of the receipt slip, by its name.
    #[must_use]
    pub fn slip(&self, name: &str) -> &str {
        let found = self.slip.words.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, text)| text.as_str())
    }

    /// The greeting that is right for a form of address.
    pub(super) fn greeting(&self, form_of_address: &str) -> &str {
        let form = form_of_address.trim().trim_end_matches('.').to_lowercase();
        if form.is_empty() {
            return &self.greeting_plain;
        }
        let is_known = |greeting: &&Greeting| {
            greeting.forms.iter().any(|known| known.trim_end_matches('.').to_lowercase() == form)
        };
        self.greetings.iter().find(is_known).map_or(&self.greeting_other, |known| &known.text)
    }
}

/// The names of the words that a slip has, all of which a language's file must say.
pub(super) const SLIP_WORDS: [&str; 9] =
    ["title", "reference", "pin", "received", "asked", "stage", "answer_by", "how", "keep"];
