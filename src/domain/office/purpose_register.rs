//! The register of purposes: for what citizens' data is read in this office, and on which legal basis.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::rules::Labels;
use crate::domain::time::Day;

use super::staff::Purpose;

/// Purposes in force at a time: each is chosen with one digit.
pub const PURPOSES_IN_FORCE_MAX: u8 = 9;
/// Purposes of an office, retired ones included.
pub const PURPOSES_MAX: usize = 500;
/// Languages in which a purpose is said.
pub const PURPOSE_LANGUAGES_MAX: usize = 12;

/// A purpose as the office's register has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredPurpose {
    /// Its code, which events and rights name.
    pub code: String,
    /// Counts the events applied; 0 for one that casedesk comes with and of which the office has said nothing.
    pub version: u64,
    /// The digit that chooses it: from 1 to [`PURPOSES_IN_FORCE_MAX`], of one purpose in force only.
    pub digit: u8,
    /// What it means, by language.
    pub words: Labels,
    /// What allows the office to read citizens' data for it; empty where nobody has said it yet.
    pub legal_basis: String,
    /// The first day on which nothing is read for it any more.
    pub retired_from: Option<Day>,
}

/// What happened to a purpose. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PurposeEvent {
    /// It was added, said otherwise, or taken up again after it was retired.
    Set {
        /// The digit that chooses it.
        digit: u8,
        /// What it means.
        words: Labels,
        /// What allows it.
        legal_basis: String,
    },
    /// Nothing is read for it from this day on.
    RetiredFrom(Day),
}

impl RegisteredPurpose {
    /// Whether citizens' data may be read for it on a day.
    #[must_use]
    pub fn is_in_force(&self, today: Day) -> bool {
        self.retired_from.is_none_or(|from| today < from)
    }
}

/// Applies an event to a purpose. One is set before it is retired, so that its words are in its own events.
#[must_use]
pub fn apply_purpose(
    before: Option<RegisteredPurpose>,
    code: &str,
    event: &PurposeEvent,
) -> Option<RegisteredPurpose> {
    let version = before.as_ref().map_or(0, |purpose| purpose.version) + 1;
    match event {
        PurposeEvent::Set { digit, words, legal_basis } => Some(RegisteredPurpose {
            code: code.to_owned(),
            version,
            digit: *digit,
            words: words.clone(),
            legal_basis: legal_basis.clone(),
            retired_from: None,
        }),
        PurposeEvent::RetiredFrom(day) => {
            before.map(|purpose| RegisteredPurpose { version, retired_from: Some(*day), ..purpose })
        }
    }
}

/// All purposes of an office by their codes: those that casedesk comes with, and over them what the office has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeRegister(BTreeMap<String, RegisteredPurpose>);

impl Default for PurposeRegister {
    fn default() -> Self {
        let preset = (1..).zip(Purpose::KNOWN).map(|(digit, (code, words))| {
            let purpose = RegisteredPurpose {
                code: code.to_owned(),
                version: 0,
                digit,
                words: Labels(vec![("en".to_owned(), words.to_owned())]),
                legal_basis: String::new(),
                retired_from: None,
            };
            (purpose.code.clone(), purpose)
        });
        Self(preset.collect())
    }
}

impl PurposeRegister {
    /// Takes what the office says of a purpose.
    pub fn take(&mut self, purpose: RegisteredPurpose) {
        self.0.insert(purpose.code.clone(), purpose);
    }

    /// The purpose of a code, in force or not.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&RegisteredPurpose> {
        self.0.get(code)
    }

    /// How many there are, retired ones included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// All of them: by their digits, and by their codes where several have had one.
    #[must_use]
    pub fn all(&self) -> Vec<&RegisteredPurpose> {
        let mut all: Vec<_> = self.0.values().collect();
        all.sort_by_key(|purpose| purpose.digit);
        all
    }

    /// Those for which something may be read on a day, by their digits.
    #[must_use]
    pub fn in_force(&self, today: Day) -> Vec<&RegisteredPurpose> {
        let mut all = self.all();
        all.retain(|purpose| purpose.is_in_force(today));
        all
    }

    /// Whether something may be read for a purpose on a day.
    #[must_use]
    pub fn has(&self, purpose: &Purpose, today: Day) -> bool {
        self.get(&purpose.0).is_some_and(|held| held.is_in_force(today))
    }

    /// The codes of those in force, for a sentence.
    #[must_use]
    pub fn codes(&self, today: Day) -> String {
        let codes: Vec<&str> =
            self.in_force(today).into_iter().map(|purpose| purpose.code.as_str()).collect();
        codes.join(", ")
    }

    /// The digit for a purpose that comes into force: its own where that is free, else the first free one. A purpose that is
    /// retired on a later day has its digit until then.
    #[must_use]
    pub fn digit_for(&self, code: &str, today: Day) -> Option<u8> {
        let is_free = |digit: &u8| {
            let holds = |held: &&RegisteredPurpose| held.digit == *digit && held.code != code;
            !self.in_force(today).iter().any(holds)
        };
        let own = self.get(code).map(|held| held.digit).filter(is_free);
        own.or_else(|| (1..=PURPOSES_IN_FORCE_MAX).find(is_free))
    }
}
