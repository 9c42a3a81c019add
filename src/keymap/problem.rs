//! What is wrong in a keymap file, and where.

use std::fmt;

/// Something in a keymap file that is not as its writer meant it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file as it was named, or a preset's name.
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is the matter.
    pub kind: ProblemKind,
}

/// What is the matter with a line of a keymap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// The file cannot be read.
    #[error("cannot read it: {0}")]
    Unreadable(String),
    /// The line is not TOML, or repeats a key.
    #[error("{0}; the line is skipped")]
    Syntax(String),
    /// The file is in a format that this program does not know.
    #[error("`format` must be {expected}; the file is skipped")]
    Format {
        /// The format that this program reads.
        expected: i64,
    },
    /// A setting that does not exist, or has the wrong kind of value.
    #[error("`{0}` is not a setting of a keymap, or not of this kind; the line is skipped")]
    Setting(String),
    /// A preset that does not exist.
    #[error("there is no preset `{name}`{}", did_you_mean(*.suggestion))]
    UnknownPreset {
        /// The name written.
        name: String,
        /// The preset most likely meant.
        suggestion: Option<&'static str>,
    },
    /// A context that does not exist.
    #[error("there is no context `{name}`{}; its lines are skipped", did_you_mean(*.suggestion))]
    UnknownContext {
        /// The name written.
        name: String,
        /// The context most likely meant.
        suggestion: Option<&'static str>,
    },
    /// A context that would, through its parents, be within itself.
    #[error("`{0}` cannot be its own parent, or a parent's parent; the line is skipped")]
    ParentLoop(&'static str),
    /// A context of text that would inherit the keys of one where letters are commands.
    #[error("`{context}` is typed in and cannot inherit from `{parent}`; the line is skipped")]
    TextParent {
        /// The context of text.
        context: &'static str,
        /// The parent written.
        parent: &'static str,
    },
    /// An action that does not exist.
    #[error("there is no action `{name}`{}; the line is skipped", did_you_mean(*.suggestion))]
    UnknownAction {
        /// The name written.
        name: String,
        /// The action most likely meant.
        suggestion: Option<&'static str>,
    },
    /// A spelling that names no key.
    #[error("{0}; the line is skipped")]
    UnknownKey(super::KeyError),
    /// The same key is bound twice in one context of one file, in two spellings.
    #[error("`{0}` is bound twice in this context; the line is skipped")]
    DuplicateKey(String),
    /// A key ends before the longer one that begins with it can be finished.
    #[error(
        "`{longer}` cannot be reached, for `{key}` is bound by itself; unbind one with \"none\""
    )]
    ShadowedPrefix {
        /// The shorter keys.
        key: String,
        /// The longer keys.
        longer: String,
    },
    /// A key that terminals keep to themselves or cannot tell from another.
    #[error("`{key}` may never arrive: {why}")]
    Unsendable {
        /// The key.
        key: String,
        /// What becomes of it on the way.
        why: &'static str,
    },
    /// A letter or digit is bound where it is typed.
    #[error("`{key}` is typed as text in `{context}`; the line is skipped")]
    TypedInText {
        /// The key.
        key: String,
        /// The context.
        context: &'static str,
    },
    /// The action does nothing in this context.
    #[error("`{action}` means nothing in `{context}`; the line is skipped")]
    Meaningless {
        /// The action.
        action: &'static str,
        /// The context.
        context: &'static str,
    },
    /// The key behind which single characters lie is one itself.
    #[error(
        "`leader` has to be a key that types nothing, as F9, and not `{0}`; the line is skipped"
    )]
    LeaderTyped(String),
    /// A line of a keyboard that is not one character for another.
    #[error(
        "`{0}`: a keyboard's line is the character that a key types there, and the one that it types on a Latin keyboard; \
         the line is skipped"
    )]
    NoPosition(String),
    /// A keyboard that does not exist.
    #[error("there is no keyboard `{name}`{}; `auto` stays", did_you_mean(.suggestion.as_deref()))]
    UnknownLayout {
        /// The name written.
        name: String,
        /// The keyboard most likely meant.
        suggestion: Option<String>,
    },
    /// A sign that some keyboards do not have, or only with `AltGr`, and no other key for the same.
    #[error(
        "`{key}` needs AltGr or is missing on these keyboards, and no other key does the same: {keyboards}"
    )]
    NeedsAltGr {
        /// The key.
        key: String,
        /// The keyboards' names.
        keyboards: String,
    },
    /// A single character under a preset that promises that none is a command alone.
    #[error(
        "`{key}` is a single character, and this keymap promises that none is a command; `{instead}` would keep that"
    )]
    SingleCharacter {
        /// The key.
        key: String,
        /// The same key behind the leader.
        instead: String,
    },
    /// No key means the action any more.
    #[error("no key means `{action}` any more; the palette has it as \"{label}\"")]
    WithoutKey {
        /// The action.
        action: &'static str,
        /// What the palette calls it.
        label: &'static str,
    },
    /// The action needs a digit to say which one, and the key is none.
    #[error("`{0}` needs a digit, or 1-9; the line is skipped")]
    NeedsDigit(&'static str),
}

impl ProblemKind {
    /// Whether the line works, and this is only to be known of it.
    #[must_use]
    pub fn is_advice(&self) -> bool {
        matches!(
            self,
            Self::NeedsAltGr { .. } | Self::SingleCharacter { .. } | Self::WithoutKey { .. }
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.kind),
            line => write!(f, "{}:{line}: {}", self.file, self.kind),
        }
    }
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}
