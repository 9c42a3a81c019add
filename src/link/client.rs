//! A desk on the other side of a socket.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

use super::LinkError;
use super::frame::{Patience, receive, send};
use super::limits::{FROM_DESK_BYTES_MAX, HELLO, STACK_BYTES, TO_DESK_BYTES_MAX};
use super::peer::check_same_user;
use super::socket;
use super::wire::{FromDesk, Hello, ToDesk, Welcome, build, greet};
use crate::desk::{Answer, Change, Desk, DeskError, Feed, Query, Receipt, Request};

/// The desk of another process. Requests of several threads take turns; a conversation that broke is begun again once,
/// with the same request, which the desk does not carry out twice.
pub struct RemoteDesk {
    data: PathBuf,
    account: Option<String>,
    stream: Mutex<Option<UnixStream>>,
}

impl RemoteDesk {
    /// Begins a conversation with whoever has the data directory, as the user's own account or as another one.
    ///
    /// # Errors
    /// Nobody listens, it is another program or protocol, or the desk does not take the session.
    pub fn connect(data: &Path, account: Option<&str>) -> Result<Self, LinkError> {
        let account = account.map(str::to_owned);
        let stream = open(data, account.as_deref())?;
        Ok(Self { data: data.to_owned(), account, stream: Mutex::new(Some(stream)) })
    }

    /// Asks within the conversation, or within a new one where it broke.
    fn ask(&self, question: &ToDesk) -> Result<FromDesk, DeskError> {
        let mut place = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stream) = place.as_mut() {
            match exchange(stream, question) {
                Ok(answer) => return Ok(answer),
                Err(error @ (LinkError::TooLong { .. } | LinkError::Codec(_))) => {
                    // The frame itself is at fault, and would be again.
                    *place = None;
                    return Err(lost(&error));
                }
                Err(_broken) => *place = None,
            }
        }
        let mut stream = open(&self.data, self.account.as_deref()).map_err(|error| lost(&error))?;
        let answer = exchange(&mut stream, question).map_err(|error| lost(&error))?;
        *place = Some(stream);
        Ok(answer)
    }
}

impl Desk for RemoteDesk {
    fn execute(&self, request: Request) -> Result<Receipt, DeskError> {
        match self.ask(&ToDesk::Execute(Box::new(request)))? {
            FromDesk::Executed(outcome) => outcome,
            FromDesk::Answered(Err(error)) => Err(error),
            FromDesk::Answered(Ok(_)) | FromDesk::Changed(_) => Err(mixed_up()),
        }
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        match self.ask(&ToDesk::Query(query))? {
            FromDesk::Answered(outcome) => outcome,
            FromDesk::Executed(Err(error)) => Err(error),
            FromDesk::Executed(Ok(_)) | FromDesk::Changed(_) => Err(mixed_up()),
        }
    }

    /// A feed over a conversation of its own; without one it has no changes.
    fn watch(&self) -> Feed {
        let (sender, feed) = Feed::channel();
        let (data, account) = (self.data.clone(), self.account.clone());
        let _started =
            Builder::new().name("watch".to_owned()).stack_size(STACK_BYTES).spawn(move || {
                // A feed that breaks says "read again" once, and ends: the next request shows whether the desk is there.
                let _ended = forward(&data, account.as_deref(), &|change| sender.send(change));
                sender.send(Change::Resync);
            });
        feed
    }
}

fn forward(
    data: &Path,
    account: Option<&str>,
    tell: &dyn Fn(Change) -> bool,
) -> Result<(), LinkError> {
    let mut stream = open(data, account)?;
    send(&mut stream, &ToDesk::Watch, TO_DESK_BYTES_MAX)?;
    loop {
        let FromDesk::Changed(change) = receive(&mut stream, FROM_DESK_BYTES_MAX, Patience::Idle)?
        else {
            return Err(LinkError::NotCasedesk);
        };
        if !tell(change) {
            return Ok(());
        }
    }
}

fn open(data: &Path, account: Option<&str>) -> Result<UnixStream, LinkError> {
    let mut stream = socket::connect(data).map_err(LinkError::failed_to("reach the desk"))?;
    check_same_user(&stream)?;
    greet(&mut stream)?;
    let hello = Hello { build: build(), account: account.map(str::to_owned) };
    match send(&mut stream, &hello, TO_DESK_BYTES_MAX) {
        // A desk that refuses may have hung up already; what it said is still there to be read.
        Ok(()) | Err(LinkError::Ended) => {}
        Err(error) => return Err(error),
    }
    match receive(&mut stream, FROM_DESK_BYTES_MAX, Patience::Within(HELLO))? {
        Welcome::Open { .. } => Ok(stream),
        Welcome::Refused(why) => Err(LinkError::Refused(why.to_string())),
    }
}

fn exchange(stream: &mut UnixStream, question: &ToDesk) -> Result<FromDesk, LinkError> {
    send(stream, question, TO_DESK_BYTES_MAX)?;
    receive(stream, FROM_DESK_BYTES_MAX, Patience::Idle)
}

fn lost(error: &LinkError) -> DeskError {
    DeskError::Lost(error.to_string())
}

fn mixed_up() -> DeskError {
    DeskError::Lost("it answered something else".to_owned())
}
