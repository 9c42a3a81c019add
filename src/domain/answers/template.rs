//! Templates and text modules as they are kept: with their version, so that a sent copy names what it was made of.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{Channel, Nature, OutcomeCode, Stage};
use crate::domain::ids::SubjectCode;

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
