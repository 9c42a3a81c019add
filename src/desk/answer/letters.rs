//! What a reply is written with.

use serde::{Deserialize, Serialize};

use crate::domain::PersonId;
use crate::domain::answers::{Template, TextModule};
use crate::domain::cases::Channel;

/// A template that the reply editor offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateLine {
    /// The code.
    pub code: String,
    /// The label.
    pub label: String,
}

/// A template filled in for a case and a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledAnswer {
    /// What is kept with the sent copy: `done@1/fa`.
    pub template: String,
    /// The language of the text.
    pub language: String,
    /// The language that the reader prefers, where there is no text in it.
    pub wanted: Option<String>,
    /// The text; what is missing stands in it as its placeholder.
    pub text: String,
    /// The names of the placeholders that nothing is known for.
    pub missing: Vec<String>,
}

/// A template filled in for one way to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyText {
    /// To whom.
    pub person: PersonId,
    /// By which way.
    pub channel: Channel,
    /// Which template.
    pub code: String,
    /// The text.
    pub filled: FilledAnswer,
}

/// What a reply is written with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyKitAnswer {
    /// Templates that fit the case, in the order of the digits that pick them.
    pub templates: Vec<TemplateLine>,
    /// Each of them, for each way to each person on the case.
    pub texts: Vec<ReplyText>,
    /// Text modules for each person, in their language.
    pub modules: Vec<(PersonId, Vec<ModuleLine>)>,
    /// How many minutes a reply waits before it is handed over.
    pub recall_minutes: u32,
}

/// A text module as it is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleLine {
    /// The code.
    pub code: String,
    /// What it is about.
    pub title: String,
    /// The passage, filled in as far as the case is known.
    pub text: String,
    /// The language of both.
    pub language: String,
    /// How often it was used.
    pub uses: u64,
    /// Whether it is about the subject that was asked for, and not about all.
    pub is_of_subject: bool,
    /// Whether a citizen may read it.
    pub is_for_citizens: bool,
}

/// Text modules, those of the subject first, then the most used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulesAnswer {
    /// The modules.
    pub modules: Vec<ModuleLine>,
}

/// What an office answers with: its own templates and modules over those that come with casedesk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryAnswer {
    /// The templates; whether each is the office's own.
    pub templates: Vec<(Template, bool)>,
    /// The modules; whether each is the office's own.
    pub modules: Vec<(TextModule, bool)>,
    /// How many minutes a reply waits.
    pub recall_minutes: u32,
}
