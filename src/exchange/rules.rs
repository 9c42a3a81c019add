//! How a mapping chooses one of our own words by what a row says, and joins columns into one text.

use serde::Deserialize;

use super::ExchangeError;
use super::table::{Column, Fault, Row, Table};
use crate::domain::cases::OutcomeCode;

/// Columns that are joined into one text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// Their names.
    pub(super) columns: Vec<String>,
    /// What stands between them.
    #[serde(default)]
    separator: Option<String>,
    /// What it says where all of them are empty.
    #[serde(default)]
    default: Option<String>,
}

/// Joined columns that were found in a header.
pub(super) struct BoundWords {
    columns: Vec<Column>,
    separator: String,
    default: String,
}

impl Words {
    /// Finds the columns.
    pub(super) fn bind(&self, table: &Table) -> Result<BoundWords, ExchangeError> {
        Ok(BoundWords {
            columns: self
                .columns
                .iter()
                .map(|name| table.column(name))
                .collect::<Result<_, _>>()?,
            separator: self.separator.clone().unwrap_or_else(|| ", ".to_owned()),
            default: self.default.clone().unwrap_or_default(),
        })
    }
}

impl BoundWords {
    /// The text of a row: empty columns, `blank` ones and those that repeat the one before are left out.
    pub(super) fn join(&self, row: &Row, blank: &[String]) -> Result<String, Fault> {
        let mut joined = String::new();
        let mut last = "";
        for column in &self.columns {
            let text = row.text(column)?;
            if text.is_empty() || text == last || blank.iter().any(|blank| blank == text) {
                continue;
            }
            if !joined.is_empty() {
                joined.push_str(&self.separator);
            }
            joined.push_str(text);
            last = text;
        }
        if joined.is_empty() {
            joined.clone_from(&self.default);
        }
        Ok(joined)
    }

    /// The first column, for messages.
    pub(super) fn first_name(&self) -> &str {
        self.columns.first().map_or("", |column| column.name.as_str())
    }
}

/// One of our own words, chosen by what a row says.
#[derive(Debug, Clone)]
pub(super) struct Choice<T> {
    /// The column whose value is looked up.
    pub(super) column: Option<String>,
    /// What it is where nothing else fits.
    pub(super) default: Option<T>,
    /// What a value means, in lower case.
    pub(super) values: Vec<(String, T)>,
    /// What it is where the text holds one of these words, in lower case; the first that fits counts.
    pub(super) when: Vec<(Vec<String>, T)>,
}

impl<T: Copy> Choice<T> {
    /// What a value means.
    pub(super) fn by_value(&self, value: &str) -> Option<T> {
        if self.values.is_empty() || value.is_empty() {
            return None;
        }
        let value = value.to_lowercase();
        self.values.iter().find(|(known, _)| *known == value).map(|(_, chosen)| *chosen)
    }

    /// What the words of a text mean.
    pub(super) fn by_words(&self, text: &str) -> Option<T> {
        if self.when.is_empty() || text.is_empty() {
            return None;
        }
        let text = text.to_lowercase();
        let fits = |words: &Vec<String>| words.iter().any(|word| text.contains(word.as_str()));
        self.when.iter().find(|(words, _)| fits(words)).map(|(_, chosen)| *chosen)
    }
}

/// How a row's end is understood.
#[derive(Debug, Clone)]
pub(super) struct Outcomes {
    /// The outcome; nothing means that the case is open.
    pub(super) choice: Choice<Option<OutcomeCode>>,
    /// The source's own words for it.
    pub(super) words: Words,
}
