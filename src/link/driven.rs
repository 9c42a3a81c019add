//! A conversation that never waits, for whoever holds very many of them: what drives a server to measure it.

use std::os::fd::{AsFd, BorrowedFd};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::LinkError;
use super::connection::{Connection, Place, frame};
use super::frame::send_some;
use super::limits::FROM_DESK_BYTES_MAX;
use super::wire::{FromDesk, ToDesk};
use crate::codec::from_bytes;
use crate::desk::{Answer, DeskError, Query, Receipt, Request};

/// What an answer begins with that is no error: the kind of the frame, and that it went well. Whoever only counts answers
/// reads no more of them.
const WENT_WELL: [[u8; 2]; 2] = [[0, 0], [1, 0]];

/// What a frame begins with that tells of a change, and a sign of life.
const TELLS: [u8; 2] = [2, 4];

/// A request as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Framed(Vec<u8>);

impl Framed {
    /// A question.
    ///
    /// # Errors
    /// It does not fit into a frame.
    pub fn query(query: Query) -> Result<Self, LinkError> {
        Ok(Self(frame(&ToDesk::Query(query))?))
    }

    /// A command.
    ///
    /// # Errors
    /// It does not fit into a frame.
    pub fn command(request: Request) -> Result<Self, LinkError> {
        Ok(Self(frame(&ToDesk::Execute(Box::new(request)))?))
    }

    /// Its bytes, length first.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What came back to one request, or came by itself.
#[derive(Debug)]
pub enum Outcome {
    /// Something has changed, which answers nothing; it is not read.
    Told,
    /// It was answered or done; the answer is not read.
    Well,
    /// It was not.
    Not(DeskError),
}

/// A conversation that never waits.
pub struct Driven {
    connection: Connection,
    out: Vec<u8>,
    sent: usize,
}

impl Driven {
    /// Begins a conversation; this part alone waits.
    ///
    /// # Errors
    /// As those of [`RemoteDesk::connect_to`](super::RemoteDesk::connect_to).
    pub fn connect(place: &Place, account: Option<&str>) -> Result<Self, LinkError> {
        let connection = Connection::open(place, account)?;
        Ok(Self { connection, out: Vec::new(), sent: 0 })
    }

    /// Wants to be told of changes, between the answers.
    ///
    /// # Errors
    /// The conversation has ended.
    pub fn watch(&self) -> Result<(), LinkError> {
        self.connection.watch()
    }

    /// Puts a request behind what is to be sent.
    pub fn put(&mut self, framed: &Framed) {
        self.out.extend_from_slice(&framed.0);
    }

    /// Sends what the other side takes at once; whether that was all.
    ///
    /// # Errors
    /// The conversation has ended.
    pub fn send(&mut self) -> Result<bool, LinkError> {
        while let Some(rest) = self.out.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match send_some(self.connection.socket(), rest)
                .map_err(LinkError::failed_to("send a frame"))?
            {
                0 => return Ok(false),
                more => self.sent += more,
            }
        }
        self.out.clear();
        self.sent = 0;
        Ok(true)
    }

    /// Reads what has come by now; whether that was anything.
    ///
    /// # Errors
    /// The conversation has ended.
    pub fn hear(&mut self) -> Result<bool, LinkError> {
        let (inbox, stream) = self.connection.parts();
        inbox.fill_now(stream)
    }

    /// The next outcome of what has come, in the order of the requests; it is looked at, and not read.
    ///
    /// # Errors
    /// What came is no frame.
    pub fn outcome(&mut self) -> Result<Option<Outcome>, LinkError> {
        let (inbox, _) = self.connection.parts();
        inbox.next_with(FROM_DESK_BYTES_MAX, |frame| {
            let begins = |with: &[u8; 2]| frame.starts_with(with);
            if WENT_WELL.iter().any(begins) {
                return Ok(Outcome::Well);
            }
            if frame.first().is_some_and(|kind| TELLS.contains(kind)) {
                return Ok(Outcome::Told);
            }
            match from_bytes(frame, FROM_DESK_BYTES_MAX)? {
                FromDesk::Executed(Err(error)) | FromDesk::Answered(Err(error)) => {
                    Ok(Outcome::Not(error))
                }
                FromDesk::Executed(Ok(_))
                | FromDesk::Answered(Ok(_))
                | FromDesk::Changed(_)
                | FromDesk::Status(_)
                | FromDesk::Working => Err(LinkError::NotCasedesk),
            }
        })
    }

    /// The next receipt or refusal of what has come, read in full.
    ///
    /// # Errors
    /// What came is no frame, or no answer to a command.
    pub fn executed(&mut self) -> Result<Option<Result<Receipt, DeskError>>, LinkError> {
        let (inbox, _) = self.connection.parts();
        loop {
            match inbox.next(FROM_DESK_BYTES_MAX)? {
                None => return Ok(None),
                Some(FromDesk::Executed(outcome)) => return Ok(Some(outcome)),
                Some(FromDesk::Working) => {}
                Some(FromDesk::Answered(_) | FromDesk::Changed(_) | FromDesk::Status(_)) => {
                    return Err(LinkError::NotCasedesk);
                }
            }
        }
    }

    /// Asks, and waits for the answer. Nothing else may be under way.
    ///
    /// # Errors
    /// The conversation ended, or the desk does not answer the question.
    pub fn ask(&mut self, query: Query) -> Result<Result<Answer, DeskError>, LinkError> {
        self.put(&Framed::query(query)?);
        match self.wait()? {
            FromDesk::Answered(outcome) => Ok(outcome),
            FromDesk::Executed(_)
            | FromDesk::Changed(_)
            | FromDesk::Status(_)
            | FromDesk::Working => Err(LinkError::NotCasedesk),
        }
    }

    fn wait(&mut self) -> Result<FromDesk, LinkError> {
        while !self.send()? {
            self.wait_for(PollFlags::OUT)?;
        }
        loop {
            let (inbox, stream) = self.connection.parts();
            match inbox.next(FROM_DESK_BYTES_MAX)? {
                Some(FromDesk::Working) => continue,
                Some(answer) => return Ok(answer),
                None => {}
            }
            if !inbox.fill_now(stream)? {
                self.wait_for(PollFlags::IN)?;
            }
        }
    }

    fn wait_for(&self, flags: PollFlags) -> Result<(), LinkError> {
        match poll(&mut [PollFd::new(self.connection.socket(), flags)], None) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(errno) => Err(LinkError::failed_to("wait for an answer")(errno.into())),
        }
    }
}

impl AsFd for Driven {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.connection.socket().as_fd()
    }
}
