//! A message to a citizen: queued with its case, sent or failed afterwards, and never changed once sent.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CaseId, CaseworkerId, MessageId, PersonId, UnitId};
use crate::domain::time::Instant;

use super::kinds::Channel;

/// What stands for the template of a message that tells of an extension. No template has blanks in its code.
pub const EXTENSION_NOTICE: &str = "notice of extension";

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageState {
    /// Waiting to be handed over.
    Queued,
    /// Handed over.
    Sent(Instant),
    /// Could not be handed over.
    Failed {
        /// When.
        at: Instant,
        /// Why, in a sentence.
        why: String,
    },
    /// Taken back before it was handed over.
    Recalled(Instant),
    /// Waiting in the outbox, where it can still be recalled.
    Waiting {
        /// Until when.
        until: Instant,
    },
    /// Handed over, and come back.
    Undelivered {
        /// When that was noted.
        at: Instant,
        /// Why, in a sentence.
        why: String,
    },
    /// It had come back, and another one was written in its place.
    Superseded {
        /// When.
        at: Instant,
        /// Which.
        by: MessageId,
    },
}

impl MessageState {
    /// The word on the screen.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent(_) => "sent",
            Self::Failed { .. } => "failed",
            Self::Recalled(_) => "recalled",
            Self::Waiting { .. } => "waiting",
            Self::Undelivered { .. } => "came back",
            Self::Superseded { .. } => "came back, written again",
        }
    }

    /// What has become of it, as a sentence about it goes on.
    #[must_use]
    pub fn told(&self) -> &'static str {
        match self {
            Self::Queued => "is queued, and has not left yet",
            Self::Sent(_) => "was sent",
            Self::Failed { .. } => "could not be handed over",
            Self::Recalled(_) => "was recalled, and never left",
            Self::Waiting { .. } => "waits, and has not left yet",
            Self::Undelivered { .. } => "has come back already",
            Self::Superseded { .. } => "has come back already, and was written again",
        }
    }

    /// Whether it tells the citizen, as far as the office knows.
    #[must_use]
    pub fn tells(&self) -> bool {
        match self {
            Self::Queued | Self::Sent(_) | Self::Waiting { .. } => true,
            Self::Failed { .. }
            | Self::Recalled(_)
            | Self::Undelivered { .. }
            | Self::Superseded { .. } => false,
        }
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The number.
    pub id: MessageId,
    /// Counts the events applied.
    pub version: u64,
    /// The case it answers.
    pub case: CaseId,
    /// The unit that wrote it.
    pub unit: UnitId,
    /// To whom.
    pub addressee: PersonId,
    /// The number or address it goes to, as it was then; empty where there was none.
    pub address: String,
    /// By which way.
    pub channel: Channel,
    /// The template it began from.
    pub template: Option<String>,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub by: CaseworkerId,
    /// When it was queued.
    pub queued_at: Instant,
    /// What became of it.
    pub state: MessageState,
}

impl Message {
    /// Whether it tells the citizen what the office answers or decides, as far as the office knows. That it takes longer is
    /// no answer.
    #[must_use]
    pub fn tells(&self) -> bool {
        self.state.tells() && !self.is_extension_notice()
    }

    /// Whether it tells of an extension.
    #[must_use]
    pub fn is_extension_notice(&self) -> bool {
        self.template.as_deref() == Some(EXTENSION_NOTICE)
    }
}
