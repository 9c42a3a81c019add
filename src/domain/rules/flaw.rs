//! What is wrong with a text that is to be published: where, what, and what to do about it.

use serde::{Deserialize, Serialize};

/// A flaw of a case type, a table or a calendar. A text with a flaw is not published; nothing of it is taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}: {field}: {what}{}{hint}", if hint.is_empty() { "" } else { " " })]
pub struct Flaw {
    /// The line, from 1; 0 where the text as a whole is meant.
    pub line: u32,
    /// The field, as `stage.assess.exit`.
    pub field: String,
    /// One sentence: what is the matter.
    pub what: String,
    /// One sentence: what to do about it; empty where that is plain.
    pub hint: String,
}
