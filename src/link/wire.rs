//! What is said on the wire: the greeting, and the frames after it.

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::LinkError;
use super::frame::fill;
use super::limits::HELLO;
use crate::desk::{Answer, Change, DeskError, Query, Receipt, Request};

/// What every conversation begins with, in both directions, before any frame.
const MAGIC: [u8; 8] = *b"casedesk";

/// The protocol's number; it grows when an older program would misread a frame.
const PROTOCOL: u16 = 1;

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
    },
    /// It is not, for this reason.
    Refused(DeskError),
}

/// A frame towards the desk.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToDesk {
    /// Does something.
    Execute(Box<Request>),
    /// Asks something.
    Query(Query),
    /// Turns the conversation into a feed of changes.
    Watch,
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
}

/// The program's version, as greetings carry it.
pub(super) fn build() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Says magic and protocol, and hears the other's.
pub(super) fn greet(stream: &mut UnixStream) -> Result<(), LinkError> {
    let mut ours = Vec::from(MAGIC);
    ours.extend_from_slice(&PROTOCOL.to_be_bytes());
    stream.set_write_timeout(Some(HELLO)).map_err(LinkError::failed_to("greet"))?;
    stream.write_all(&ours).map_err(LinkError::failed_to("greet"))?;
    let mut magic = [0; 8];
    let mut protocol = [0; 2];
    let deadline = Instant::now() + HELLO;
    fill(stream, &mut magic, deadline)?;
    if magic != MAGIC {
        return Err(LinkError::NotCasedesk);
    }
    fill(stream, &mut protocol, deadline)?;
    let theirs = u16::from_be_bytes(protocol);
    if theirs != PROTOCOL {
        return Err(LinkError::Protocol { theirs, ours: PROTOCOL });
    }
    Ok(())
}
