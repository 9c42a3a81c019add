//! The words for facts, and for what they can be.

use std::fmt;

use crate::domain::cases::{Channel, Nature};
use crate::domain::office::Confidentiality;
use crate::domain::rules::{Fact, FieldValue};

/// What stands before the code of a field.
const FIELD: &str = "field.";

/// Facts that have one word.
const NAMED: [(&str, Fact); 9] = [
    ("nature", Fact::Nature),
    ("subject", Fact::Subject),
    ("term", Fact::Term),
    ("type", Fact::Type),
    ("channel", Fact::Channel),
    ("unit", Fact::Unit),
    ("area", Fact::Area),
    ("received", Fact::Received),
    ("confidentiality", Fact::Confidentiality),
];

impl Fact {
    /// The fact of a word of a table's heading.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let is_code = |code: &&str| !code.is_empty() && !code.contains(char::is_whitespace);
        let field = word.strip_prefix(FIELD).filter(is_code);
        field
            .map(|code| Self::Field(code.to_owned()))
            .or_else(|| NAMED.iter().find(|(name, _)| *name == word).map(|(_, fact)| fact.clone()))
    }

    /// Every word but those of fields.
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        NAMED.iter().map(|(name, _)| *name)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(code) => write!(f, "{FIELD}{code}"),
            Self::Nature
            | Self::Subject
            | Self::Term
            | Self::Type
            | Self::Channel
            | Self::Unit
            | Self::Area
            | Self::Received
            | Self::Confidentiality => {
                let named = NAMED.iter().find(|(_, fact)| fact == self);
                f.write_str(named.map_or("", |(name, _)| name))
            }
        }
    }
}

/// A closed list: code in the facts, and word in tables and on screens, lowest first where the list has an order.
pub(super) fn closed(fact: &Fact) -> Option<Vec<(&'static str, &'static str)>> {
    match fact {
        Fact::Nature => {
            Some(Nature::ALL.iter().map(|nature| (nature.code(), nature.label())).collect())
        }
        Fact::Channel => {
            Some(Channel::ALL.iter().map(|channel| (channel.code(), channel.label())).collect())
        }
        Fact::Confidentiality => {
            Some(Confidentiality::ALL.iter().map(|level| (level.label(), level.label())).collect())
        }
        Fact::Subject
        | Fact::Term
        | Fact::Type
        | Fact::Unit
        | Fact::Area
        | Fact::Received
        | Fact::Field(_) => None,
    }
}

/// What a fact is, in the words of tables.
pub(super) fn words_of_value(fact: &Fact, value: &FieldValue) -> String {
    match value {
        FieldValue::Choice(code) => {
            let listed = closed(fact).unwrap_or_default();
            let word = listed.iter().find(|(listed, _)| listed == code).map(|(_, word)| *word);
            word.map_or_else(|| code.clone(), str::to_owned)
        }
        FieldValue::Money(minor) => {
            let sign = if *minor < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", minor.unsigned_abs() / 100, minor.unsigned_abs() % 100)
        }
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Date(day) => day.to_string(),
        FieldValue::YesNo(is_so) => if *is_so { "yes" } else { "no" }.to_owned(),
        FieldValue::Text(text)
        | FieldValue::Identity(text)
        | FieldValue::Telephone(text)
        | FieldValue::Email(text) => text.clone(),
    }
}
