//! A caller that keeps to no protocol, and bytes that are read as the end of a conversation reads them: for whoever tries
//! out what a server and its decoder hold out against.

use std::os::unix::net::UnixStream;

use serde::de::DeserializeOwned;

use super::LinkError;
use super::connection::Place;
use super::frame::{Inbox, append};
use super::limits::{FROM_DESK_BYTES_MAX, TO_DESK_BYTES_MAX};
use super::wire::{FromDesk, Hello, ToDesk, Welcome, build, check_magic, check_protocol, greeting};

/// A caller that says what it likes.
pub struct Stranger(UnixStream);

impl Stranger {
    /// Calls, and says nothing.
    ///
    /// # Errors
    /// Nobody listens, or somebody who may not.
    pub fn call(place: &Place) -> Result<Self, LinkError> {
        Ok(Self(place.call()?))
    }

    /// The socket.
    #[must_use]
    pub fn socket(&self) -> &UnixStream {
        &self.0
    }
}

/// What a caller says first: the greeting, and as whom they want to act.
///
/// # Errors
/// The account does not fit into a frame.
pub fn opening(account: Option<&str>) -> Result<Vec<u8>, LinkError> {
    let mut said = greeting();
    let hello = Hello { build: build(), account: account.map(str::to_owned) };
    append(&mut said, &hello, TO_DESK_BYTES_MAX)?;
    Ok(said)
}

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The desk, what a caller says.
    Desk,
    /// The caller, what a desk says.
    Caller,
}

/// What bytes were.
#[derive(Debug)]
pub enum Reading {
    /// So many frames behind the opening, and nothing after them.
    Whole(usize),
    /// They end before a frame does: whoever reads waits for the rest, until the limit of time.
    Unfinished,
    /// They are nothing that is said here; whoever reads hangs up.
    Refused(LinkError),
}

/// Reads all that one end of a conversation is told, from the greeting on, as that end does.
#[must_use]
pub fn read_as(side: Side, bytes: &[u8]) -> Reading {
    let mut inbox = Inbox::default();
    inbox.take_in(bytes);
    let read = match side {
        Side::Desk => frames::<Hello, ToDesk>(&mut inbox, TO_DESK_BYTES_MAX),
        Side::Caller => frames::<Welcome, FromDesk>(&mut inbox, FROM_DESK_BYTES_MAX),
    };
    match read {
        Ok(Some(_)) if !inbox.is_empty() => Reading::Unfinished,
        Ok(Some(count)) => Reading::Whole(count),
        Ok(None) => Reading::Unfinished,
        Err(error) => Reading::Refused(error),
    }
}

/// How many frames follow the opening; nothing where that is not whole.
fn frames<First: DeserializeOwned, Next: DeserializeOwned>(
    inbox: &mut Inbox,
    bytes_max: usize,
) -> Result<Option<usize>, LinkError> {
    let Some(magic) = inbox.take() else { return Ok(None) };
    check_magic(magic)?;
    let Some(protocol) = inbox.take() else { return Ok(None) };
    check_protocol(protocol)?;
    if inbox.next::<First>(bytes_max)?.is_none() {
        return Ok(None);
    }
    let mut count = 0;
    while inbox.next::<Next>(bytes_max)?.is_some() {
        count += 1;
    }
    Ok(Some(count))
}
