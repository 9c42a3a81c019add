//! Why a conversation could not begin or go on.

use std::io;

use crate::codec::CodecError;

/// Why a conversation could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The socket failed.
    #[error("cannot {action}")]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The other side closed the conversation.
    #[error("the other side has ended the conversation")]
    Ended,
    /// The other side was asked, and has said nothing since, not even that it works on it.
    #[error("it has said nothing for {seconds} seconds")]
    Silent {
        /// How long it was waited for.
        seconds: u64,
    },
    /// A frame is longer than any may be.
    #[error("a frame says that it has {bytes} bytes, and {max} is the most")]
    TooLong {
        /// What it says.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// A value does not fit into a frame, or a frame is no value.
    #[error("a frame cannot be read or written")]
    Codec(#[from] CodecError),
    /// It is not a casedesk that is listening or calling.
    #[error("the other side does not speak as casedesk does")]
    NotCasedesk,
    /// It is a casedesk of another protocol.
    #[error(
        "the other side is a casedesk of protocol {theirs}, and this one is of protocol {ours}: close the older program and start it again"
    )]
    Protocol {
        /// The other's protocol.
        theirs: u16,
        /// This program's.
        ours: u16,
    },
    /// The desk does not take the session.
    #[error("{0}")]
    Refused(String),
    /// The desk does not take the session now, and may later.
    #[error("{0}")]
    NotNow(String),
    /// The other side belongs to another user.
    #[error("the other side belongs to another user")]
    OtherUser,
    /// Somebody listens at the daemon's socket who is neither root nor the user that the configuration names.
    #[error(
        "whoever listens at the daemon's socket is user {found}, and not {expected}: tell whoever runs this system"
    )]
    WrongOwner {
        /// The user's number.
        found: u32,
        /// Who it may be.
        expected: String,
    },
}

impl LinkError {
    /// Whether trying again later may help: nobody listens, or the desk comes and goes.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Io { .. } | Self::Ended | Self::Silent { .. } | Self::NotNow(_))
    }

    /// Whether nothing came before a limit of time.
    pub(super) fn is_late(&self) -> bool {
        use io::ErrorKind::{TimedOut, WouldBlock};
        matches!(self, Self::Io { source, .. } if matches!(source.kind(), TimedOut | WouldBlock))
    }

    pub(super) fn failed_to(action: &'static str) -> impl Fn(io::Error) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
        move |source| {
            if matches!(source.kind(), UnexpectedEof | BrokenPipe | ConnectionReset) {
                Self::Ended
            } else {
                Self::Io { action, source }
            }
        }
    }
}
