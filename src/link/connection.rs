//! One conversation, from the caller's side.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::LinkError;
use super::frame::{Inbox, append, send, send_all};
use super::limits::{FRAME, FROM_DESK_BYTES_MAX, HELLO, SLOW, TO_DESK_BYTES_MAX};
use super::peer::Peer;
use super::socket;
use super::wire::{FromDesk, Hello, ToDesk, Welcome, build, greet};
use crate::desk::{Change, DeskError};

/// Where a desk listens, and who may be the one that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    socket: PathBuf,
    /// The user that may listen, besides root; where there is none, only the user as whom this process runs.
    owner: Option<(u32, String)>,
}

impl Place {
    /// The desk that has this data directory, of the same user.
    #[must_use]
    pub fn of_data(data: &Path) -> Self {
        Self { socket: socket::of_data(data), owner: None }
    }

    /// An office's daemon at this socket, which runs as root or as the user of this number and name.
    #[must_use]
    pub fn of_office(socket: &Path, owner: u32, name: &str) -> Self {
        Self { socket: socket.to_owned(), owner: Some((owner, name.to_owned())) }
    }

    /// Calls, and makes sure of who listens.
    pub(super) fn call(&self) -> Result<UnixStream, LinkError> {
        let stream =
            socket::connect(&self.socket, HELLO).map_err(LinkError::failed_to("reach the desk"))?;
        self.check(Peer::of(&stream)?)?;
        Ok(stream)
    }

    fn check(&self, peer: Peer) -> Result<(), LinkError> {
        match &self.owner {
            None if peer.is_same_user() => Ok(()),
            None => Err(LinkError::OtherUser),
            Some((owner, _)) if peer.uid == *owner || peer.uid == 0 => Ok(()),
            Some((_, name)) => {
                Err(LinkError::WrongOwner { found: peer.uid, expected: name.clone() })
            }
        }
    }
}

/// What is told while answers are waited for.
pub(super) enum Told {
    /// Something has changed.
    Change(Change),
    /// The answer is slow.
    Slow,
}

/// A conversation that has begun.
pub(super) struct Connection {
    stream: Arc<UnixStream>,
    inbox: Inbox,
    /// Whether the desk may be taken over when it goes.
    pub(super) has_heirs: bool,
}

impl Connection {
    /// Calls, greets and signs in.
    pub(super) fn open(place: &Place, account: Option<&str>) -> Result<Self, LinkError> {
        let stream = place.call()?;
        let mut inbox = Inbox::default();
        greet(&stream, &mut inbox)?;
        let hello = Hello { build: build(), account: account.map(str::to_owned) };
        match send(&stream, &hello, TO_DESK_BYTES_MAX) {
            // A desk that refuses may have hung up already; what it said is still there to be read.
            Ok(()) | Err(LinkError::Ended) => {}
            Err(error) => return Err(error),
        }
        let deadline = Instant::now() + HELLO;
        match inbox.receive(&stream, FROM_DESK_BYTES_MAX, deadline)? {
            Welcome::Open { has_heirs, .. } => {
                Ok(Self { stream: Arc::new(stream), inbox, has_heirs })
            }
            Welcome::Refused(DeskError::Lost(why)) => Err(LinkError::NotNow(why)),
            Welcome::Refused(why) => Err(LinkError::Refused(why.to_string())),
        }
    }

    /// The socket, for whoever waits until something comes.
    pub(super) fn stream(&self) -> Arc<UnixStream> {
        Arc::clone(&self.stream)
    }

    /// The socket, for whoever holds the conversation.
    pub(super) fn socket(&self) -> &UnixStream {
        &self.stream
    }

    /// What has come, and the socket that it comes from.
    pub(super) fn parts(&mut self) -> (&mut Inbox, &UnixStream) {
        (&mut self.inbox, &self.stream)
    }

    /// Whether this is the socket of the conversation.
    pub(super) fn is_over(&self, stream: &Arc<UnixStream>) -> bool {
        Arc::ptr_eq(&self.stream, stream)
    }

    /// Asks for changes to be told.
    pub(super) fn watch(&self) -> Result<(), LinkError> {
        send(&self.stream, &ToDesk::Watch, TO_DESK_BYTES_MAX)
    }

    /// Sends frames that are whole, and waits for as many answers; changes that come between them are told. Where an answer
    /// is slow, that is said once, and waited on as long as the desk gives signs of life.
    ///
    /// # Errors
    /// The conversation has broken, or the desk has said nothing for as long as `silence`.
    pub(super) fn exchange(
        &mut self,
        frames: &[u8],
        count: usize,
        silence: Duration,
        tell: &mut dyn FnMut(Told),
    ) -> Result<Vec<FromDesk>, LinkError> {
        send_all(&self.stream, frames, Instant::now() + FRAME)?;
        let mut answers = Vec::with_capacity(count);
        let (mut heard, mut answered) = (Instant::now(), Instant::now());
        let mut is_slow = false;
        while answers.len() < count {
            let silent = heard + silence;
            let deadline = if is_slow { silent } else { silent.min(answered + SLOW) };
            let received = self.inbox.receive(&self.stream, FROM_DESK_BYTES_MAX, deadline);
            let late = received.as_ref().is_err_and(LinkError::is_late);
            if late && Instant::now() >= silent {
                return Err(LinkError::Silent { seconds: silence.as_secs() });
            }
            if !is_slow && answered.elapsed() >= SLOW {
                is_slow = true;
                tell(Told::Slow);
            }
            if late {
                continue;
            }
            heard = Instant::now();
            match received? {
                FromDesk::Changed(change) => tell(Told::Change(change)),
                FromDesk::Working => {}
                answer @ (FromDesk::Executed(_) | FromDesk::Answered(_) | FromDesk::Status(_)) => {
                    answers.push(answer);
                    answered = heard;
                }
            }
        }
        // What was read together with the last answer does not come over the socket again, where it would be waited for.
        while self.inbox.has_whole(FROM_DESK_BYTES_MAX).unwrap_or(true) {
            let mut tell = |change| tell(Told::Change(change));
            if self.take_unasked(Duration::ZERO, &mut tell).is_err() {
                // What was answered holds; whoever asks or listens next finds that the conversation is over.
                let _ended = self.stream.shutdown(Shutdown::Both);
                break;
            }
        }
        Ok(answers)
    }

    /// Takes what has come without being asked for.
    pub(super) fn hear(&mut self, tell: &mut dyn FnMut(Change)) -> Result<(), LinkError> {
        loop {
            let deadline = Instant::now() + FRAME;
            while !self.inbox.is_empty() {
                let left = deadline.saturating_duration_since(Instant::now());
                self.take_unasked(left, tell)?;
            }
            if !is_readable(&self.stream, Some(Timespec::default())) {
                return Ok(());
            }
            self.inbox.fill(&self.stream, deadline)?;
        }
    }

    /// Takes one frame that nobody has asked for.
    fn take_unasked(
        &mut self,
        patience: Duration,
        tell: &mut dyn FnMut(Change),
    ) -> Result<(), LinkError> {
        let deadline = Instant::now() + patience;
        match self.inbox.receive(&self.stream, FROM_DESK_BYTES_MAX, deadline)? {
            FromDesk::Changed(change) => tell(change),
            // It was on its way when the answer was.
            FromDesk::Working => {}
            FromDesk::Executed(_) | FromDesk::Answered(_) | FromDesk::Status(_) => {
                return Err(LinkError::NotCasedesk);
            }
        }
        Ok(())
    }
}

/// Waits until something has come, or the conversation has ended.
pub(super) fn wait_for_news(stream: &UnixStream) {
    while !is_readable(stream, None) {}
}

fn is_readable(stream: &UnixStream, timeout: Option<Timespec>) -> bool {
    match poll(&mut [PollFd::new(stream, PollFlags::IN)], timeout.as_ref()) {
        Ok(ready) => ready > 0,
        Err(Errno::INTR) => false,
        // What cannot be waited for is found out by reading.
        Err(_) => true,
    }
}

/// A question as a frame.
pub(super) fn frame(question: &ToDesk) -> Result<Vec<u8>, LinkError> {
    let mut frame = Vec::new();
    append(&mut frame, question, TO_DESK_BYTES_MAX)?;
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    #[test]
    fn a_change_that_comes_together_with_an_answer_is_told_with_it() {
        let (stream, desk) = UnixStream::pair().unwrap();
        let mut connection =
            Connection { stream: Arc::new(stream), inbox: Inbox::default(), has_heirs: false };
        let mut sent = Vec::new();
        let answer = FromDesk::Answered(Err(DeskError::GivenUp));
        for frame in [&answer, &FromDesk::Changed(Change::Sight), &FromDesk::Working] {
            append(&mut sent, frame, FROM_DESK_BYTES_MAX).unwrap();
        }
        send_all(&desk, &sent, Instant::now() + PATIENCE).unwrap();
        let mut told = Vec::new();
        let mut tell =
            |it: Told| told.extend(if let Told::Change(it) = it { Some(it) } else { None });
        let question = frame(&ToDesk::Watch).unwrap();
        let answers = connection.exchange(&question, 1, PATIENCE, &mut tell).unwrap();
        assert_eq!((answers.len(), told), (1, vec![Change::Sight]));
    }
}
