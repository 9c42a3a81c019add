//! Templates and text modules as they are kept: with their version, so that a sent copy names what it was made of.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{Channel, Nature, OutcomeCode, Stage, check_text};
use crate::domain::ids::SubjectCode;
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::domain::refusal::Refusal;

use super::placeholder::{PlaceholderError, pieces};

/// Languages of one text module.
const LANGUAGES_MAX: usize = 30;

/// The language in which every shipped text is there, and in which one is written where there is none in the reader's.
pub const ENGLISH: &str = "en";

/// When a template fits; an empty list fits all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Binding {
    /// Cases of these natures.
    pub natures: Vec<Nature>,
    /// Cases in these stages.
    pub stages: Vec<Stage>,
    /// Cases that end in these ways.
    pub outcomes: Vec<OutcomeCode>,
}

impl Binding {
    /// Whether a template with this binding fits a case of this nature and stage.
    #[must_use]
    pub fn fits(&self, nature: Nature, stage: Stage) -> bool {
        (self.natures.is_empty() || self.natures.contains(&nature))
            && (self.stages.is_empty() || self.stages.contains(&stage))
    }
}

/// A whole message to begin from, for some channels and one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// What it is for, the same in all languages and channels: `done`.
    pub code: String,
    /// Counts its changes from 1, those of the shipped text included.
    pub version: u64,
    /// The language, as the primary part of a BCP 47 tag: `fa`.
    pub language: String,
    /// The channels that it is written for.
    pub channels: Vec<Channel>,
    /// The label in the editor.
    pub label: String,
    /// When it fits.
    pub binding: Binding,
    /// The text, with placeholders.
    pub text: String,
    /// Whether it was taken back.
    pub is_withdrawn: bool,
}

impl Template {
    /// What tells it from all others: `done/fa/sms`.
    #[must_use]
    pub fn key(&self) -> String {
        let channel = self.channels.first().map_or("any", |channel| channel.code());
        format!("{}/{}/{channel}", self.code, self.language)
    }

    /// What is kept with each sent copy: `done@1/fa`.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}@{}/{}", self.code, self.version, self.language)
    }
}

/// Whom a text module is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Audience {
    /// Citizens may read it: it may be put into a reply.
    Citizens,
    /// Only the office may.
    Office,
}

/// A text module in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleText {
    /// The language.
    pub language: String,
    /// What it is about, in a few words.
    pub title: String,
    /// The passage.
    pub text: String,
}

/// A passage that is put into messages and told on the telephone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextModule {
    /// The code.
    pub code: String,
    /// Counts its changes from 1, those of the shipped text included.
    pub version: u64,
    /// The subjects that it is about; all of them without.
    pub subjects: Vec<SubjectCode>,
    /// Whom it is for.
    pub audience: Audience,
    /// The texts, one a language.
    pub texts: Vec<ModuleText>,
    /// Whether it was taken back.
    pub is_withdrawn: bool,
}

impl TextModule {
    /// The text in a language, else in English, else in any.
    #[must_use]
    pub fn text_in(&self, language: &str) -> Option<&ModuleText> {
        let of = |wanted: &str| self.texts.iter().find(|text| text.language == wanted);
        of(primary(language)).or_else(|| of(ENGLISH)).or_else(|| self.texts.first())
    }
}

/// How long a reply waits in this office before it is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallTime {
    /// Counts its changes.
    pub version: u64,
    /// Minutes; nothing where the office leaves it to the program's settings.
    pub minutes: Option<u32>,
}

/// What happened to the office's answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerEvent {
    /// A template was added, or replaced by a newer version.
    TemplateSet(Box<Template>),
    /// A text module was added, or replaced by a newer version.
    ModuleSet(Box<TextModule>),
    /// It was set how long a reply waits.
    RecallSet(Option<u32>),
}

/// The primary part of a language tag: `fa` of `fa-IR`, and `nb` of `no`, which is written as Bokmål here.
#[must_use]
pub fn primary(tag: &str) -> &str {
    match tag.split(['-', '_']).next().unwrap_or(tag) {
        "no" | "nn" => "nb",
        other => other,
    }
}

/// Checks a template that did not come out of a checked file.
///
/// # Errors
/// What is wrong with it, and what to do.
pub fn check_template(template: &Template) -> Result<(), Refusal> {
    check_words(&template.code, &template.language, &template.label, &template.text)?;
    if template.channels.is_empty() {
        let what = format!("The template {} is for no channel.", template.code);
        return Err(Refusal::new("template.channels", what, "Name one at least."));
    }
    Ok(())
}

/// Checks a text module that did not come out of a checked file.
///
/// # Errors
/// What is wrong with it, and what to do.
pub fn check_module(module: &TextModule) -> Result<(), Refusal> {
    if module.texts.is_empty() || module.texts.len() > LANGUAGES_MAX {
        let what = format!("The text module {} has no text, or too many.", module.code);
        return Err(Refusal::new("module.texts", what, format!("It has 1 to {LANGUAGES_MAX}.")));
    }
    for text in &module.texts {
        check_words(&module.code, &text.language, &text.title, &text.text)?;
    }
    Ok(())
}

fn check_words(code: &str, language: &str, title: &str, text: &str) -> Result<(), Refusal> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_code =
        |word: &str| !word.is_empty() && word.len() <= CODE_BYTES_MAX && word.bytes().all(is_plain);
    if !is_code(code) || !is_code(language) {
        let what = format!("`{code}` in `{language}` is no name of a text.");
        return Err(Refusal::new("answers.code", what, "Use a-z, 0-9 and - alone."));
    }
    check_text("the title", title, LINE_BYTES_MAX, false)?;
    check_text("the text", text, TEXT_BYTES_MAX, true)?;
    let wrong = |error: &PlaceholderError| {
        let what = format!("{code}: {error}.");
        Refusal::new("answers.placeholder", what, "Correct it: casedesk templates check.")
    };
    pieces(text).map(drop).map_err(|(_, error)| wrong(&error))
}
