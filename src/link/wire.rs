//! What is said on the wire: the greeting, and the frames after it.

use std::os::unix::net::UnixStream;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::LinkError;
use super::frame::{Inbox, send_all};
use super::limits::HELLO;
use super::status::ServerStatus;
use crate::desk::{Answer, Change, DeskError, Query, Receipt, Request};

/// What every conversation begins with, in both directions, before any frame.
const MAGIC: [u8; 8] = *b"casedesk";

/// The protocol's number; it grows when an older program would misread a frame.
pub const PROTOCOL: u16 = 4;

/// What the caller says first.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Hello {
    /// The program's version.
    pub(super) build: String,
    /// The account to act as, where it is another than the user's own.
    pub(super) account: Option<String>,
}

/// What the desk answers to it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Welcome {
    /// The session is open.
    Open {
        /// The program's version.
        build: String,
        /// Whether whoever stays may take the desk over when this one goes.
        has_heirs: bool,
    },
    /// It is not, for this reason.
    Refused(DeskError),
}

/// What a frame towards the desk begins with that does something.
const EXECUTE: u8 = 0;
/// What one begins with that asks something; which question it is, is said by the next byte.
const QUERY: u8 = 1;
/// The questions that may open a file before they are answered ([`Query::may_open`]).
const OPENING: [u8; 13] = [4, 5, 17, 26, 35, 36, 37, 43, 44, 45, 46, 47, 55];

/// Whether what a frame wants has to wait for the disk, as far as its beginning tells.
pub(super) fn waits(frame: &[u8]) -> bool {
    match frame {
        [EXECUTE, ..] => true,
        [QUERY, question, ..] => OPENING.contains(question),
        _ => false,
    }
}

/// A frame towards the desk.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToDesk {
    /// Does something.
    Execute(Box<Request>),
    /// Asks something.
    Query(Query),
    /// Wants to be told of changes, between the answers.
    Watch,
    /// Asks how the server is.
    Status,
}

/// A frame from the desk.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromDesk {
    /// What was done, or why not.
    Executed(Result<Receipt, DeskError>),
    /// What was asked, or why there is no answer.
    Answered(Result<Answer, DeskError>),
    /// Something changed.
    Changed(Change),
    /// How the server is.
    Status(Box<ServerStatus>),
    /// A sign of life, and no answer: what was asked is still being worked on.
    Working,
}

/// The program's version, as greetings carry it.
pub(super) fn build() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// What both sides say before anything else.
pub(super) fn greeting() -> Vec<u8> {
    let mut greeting = Vec::from(MAGIC);
    greeting.extend_from_slice(&PROTOCOL.to_be_bytes());
    greeting
}

/// Says magic and protocol, and hears the other's.
pub(super) fn greet(stream: &UnixStream, inbox: &mut Inbox) -> Result<(), LinkError> {
    let deadline = Instant::now() + HELLO;
    match send_all(stream, &greeting(), deadline) {
        // Whoever does not let anybody in may have hung up already; what they said is still there to be read.
        Ok(()) | Err(LinkError::Ended) => {}
        Err(error) => return Err(error),
    }
    check_magic(hear(stream, inbox, deadline)?)?;
    check_protocol(hear(stream, inbox, deadline)?)
}

/// Whether a casedesk speaks.
pub(super) fn check_magic(theirs: [u8; 8]) -> Result<(), LinkError> {
    if theirs == MAGIC { Ok(()) } else { Err(LinkError::NotCasedesk) }
}

/// Whether it speaks as this program does.
pub(super) fn check_protocol(theirs: [u8; 2]) -> Result<(), LinkError> {
    let theirs = u16::from_be_bytes(theirs);
    if theirs == PROTOCOL { Ok(()) } else { Err(LinkError::Protocol { theirs, ours: PROTOCOL }) }
}

fn hear<const BYTES: usize>(
    stream: &UnixStream,
    inbox: &mut Inbox,
    deadline: Instant,
) -> Result<[u8; BYTES], LinkError> {
    loop {
        if let Some(bytes) = inbox.take() {
            return Ok(bytes);
        }
        inbox.fill(stream, deadline)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{from_bytes, to_bytes};
    use crate::desk::Command;

    #[test]
    fn what_waits_for_the_disk_begins_as_it_says() {
        let request = Request { id: 1, command: Command::Undo };
        let waits = |frame: &ToDesk| waits(&to_bytes(frame, 1_000).unwrap());
        assert!(waits(&ToDesk::Execute(Box::new(request))));
        assert!(!waits(&ToDesk::Watch) && !waits(&ToDesk::Status));
        // Noughts are nothing, empty, or the first of their kind: so many of them as it takes make most questions.
        let made = |place| {
            (0..200).find_map(|noughts| {
                let bytes = [vec![place], vec![0; noughts]].concat();
                from_bytes::<Query>(&bytes, 1_000).ok()
            })
        };
        let questions: Vec<Query> = (0..=250).filter_map(made).collect();
        assert!(questions.iter().filter(|question| question.may_open()).count() > 10);
        for question in questions {
            let (may_open, said) = (question.may_open(), format!("{question:?}"));
            assert_eq!(waits(&ToDesk::Query(question)), may_open, "{said}");
        }
    }
}
