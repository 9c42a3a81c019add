//! Frames: four bytes of length, big-endian, and as many bytes; many of them are taken from one reading.

use std::io::{self, Read as _};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::LinkError;
use super::limits::{FRAME, READ_BYTES};
use crate::codec::{append_bytes, from_bytes};

/// Bytes of a frame's length.
const LENGTH_BYTES: usize = 4;

/// Bytes of room that a quiet conversation keeps.
const KEPT_BYTES_MAX: usize = 4 * READ_BYTES;

/// Puts a value behind what is to be sent; where it does not fit into a frame, nothing is put there.
pub(super) fn append<T: Serialize>(
    out: &mut Vec<u8>,
    value: &T,
    bytes_max: usize,
) -> Result<(), LinkError> {
    let begin = out.len();
    out.extend_from_slice(&[0; LENGTH_BYTES]);
    let length = append_bytes(out, value, bytes_max).map_err(LinkError::from).and_then(|bytes| {
        u32::try_from(bytes).map_err(|_too_long| LinkError::TooLong { bytes, max: bytes_max })
    });
    match length {
        Ok(length) => {
            let place = out.iter_mut().skip(begin);
            place.zip(length.to_be_bytes()).for_each(|(to, from)| *to = from);
            Ok(())
        }
        Err(error) => {
            out.truncate(begin);
            Err(error)
        }
    }
}

/// Sends a value by itself.
pub(super) fn send<T: Serialize>(
    stream: &UnixStream,
    value: &T,
    bytes_max: usize,
) -> Result<(), LinkError> {
    let mut frame = Vec::new();
    append(&mut frame, value, bytes_max)?;
    send_all(stream, &frame, Instant::now() + FRAME)
}

/// Sends all bytes before the deadline, however slowly they are taken.
pub(super) fn send_all(
    stream: &UnixStream,
    bytes: &[u8],
    deadline: Instant,
) -> Result<(), LinkError> {
    let failed = LinkError::failed_to("send a frame");
    let mut sent = 0;
    while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
        match send_some(stream, rest).map_err(&failed)? {
            0 => wait_for_room(stream, deadline).map_err(&failed)?,
            more => sent += more,
        }
    }
    Ok(())
}

/// Sends what the socket takes at once; how many bytes that were.
pub(super) fn send_some(stream: &UnixStream, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match rustix::net::send(stream, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
            Ok(sent) => return Ok(sent),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => return Ok(0),
            Err(errno) => return Err(errno.into()),
        }
    }
}

fn wait_for_room(stream: &UnixStream, deadline: Instant) -> io::Result<()> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    let left = Timespec::try_from(left).ok();
    match poll(&mut [PollFd::new(stream, PollFlags::OUT)], left.as_ref()) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}

/// What has come over a socket and was not taken yet.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    room: Vec<u8>,
    begin: usize,
    end: usize,
}

impl Inbox {
    /// The next frame, if all of it has come. Its length is checked before room is made for it.
    pub(super) fn next<T: DeserializeOwned>(
        &mut self,
        bytes_max: usize,
    ) -> Result<Option<T>, LinkError> {
        self.next_with(bytes_max, |frame| Ok(from_bytes(frame, bytes_max)?))
    }

    /// As [`Inbox::next`], with the bytes of the frame for whoever reads less than all of it.
    pub(super) fn next_with<T>(
        &mut self,
        bytes_max: usize,
        read: impl FnOnce(&[u8]) -> Result<T, LinkError>,
    ) -> Result<Option<T>, LinkError> {
        let Some(length) = self.length() else { return Ok(None) };
        if length > bytes_max {
            return Err(LinkError::TooLong { bytes: length, max: bytes_max });
        }
        let (from, to) = (self.begin + LENGTH_BYTES, self.begin + LENGTH_BYTES + length);
        let whole = self.room.get(from..to).filter(|_| to <= self.end);
        let Some(frame) = whole else { return Ok(None) };
        let value = read(frame)?;
        self.begin = to;
        Ok(Some(value))
    }

    /// Reads what has come by now, without waiting; whether that was anything.
    pub(super) fn fill_now(&mut self, stream: &UnixStream) -> Result<bool, LinkError> {
        self.make_room();
        let room = self.room.get_mut(self.end..).unwrap_or_default();
        loop {
            match rustix::net::recv(stream, &mut *room, RecvFlags::DONTWAIT) {
                Ok((0, _)) => return Err(LinkError::Ended),
                Ok((read, _)) => {
                    self.end += read;
                    return Ok(true);
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(false),
                Err(errno) => return Err(LinkError::failed_to("receive a frame")(errno.into())),
            }
        }
    }

    /// Takes all frames away that have come whole, for somebody else to read; one that is longer than any may be stays.
    pub(super) fn take_whole(&mut self, bytes_max: usize) -> Self {
        let begin = self.begin;
        while self.has_whole(bytes_max).unwrap_or(false)
            && let Some(length) = self.length()
        {
            self.begin += LENGTH_BYTES + length;
        }
        let room = self.room.get(begin..self.begin).unwrap_or_default().to_vec();
        self.shrink();
        Self { end: room.len(), room, begin: 0 }
    }

    /// Whether nothing has come that was not taken.
    pub(super) fn is_empty(&self) -> bool {
        self.begin == self.end
    }

    /// Takes bytes as a socket would have brought them.
    pub(super) fn take_in(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(READ_BYTES) {
            self.make_room();
            let room = self.room.get_mut(self.end..).unwrap_or_default();
            room.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
            self.end += part.len();
        }
    }

    /// Whether all of the next frame has come.
    ///
    /// # Errors
    /// It says that it is longer than any may be.
    pub(super) fn has_whole(&self, bytes_max: usize) -> Result<bool, LinkError> {
        match self.length() {
            Some(bytes) if bytes > bytes_max => Err(LinkError::TooLong { bytes, max: bytes_max }),
            Some(bytes) => Ok(self.end - self.begin >= LENGTH_BYTES + bytes),
            None => Ok(false),
        }
    }

    /// The next frame's bytes; none where not all of it has come.
    pub(super) fn frame(&self) -> &[u8] {
        let from = self.begin + LENGTH_BYTES;
        let to = self.length().map(|bytes| from + bytes).filter(|to| *to <= self.end);
        to.and_then(|to| self.room.get(from..to)).unwrap_or_default()
    }

    /// Takes so many bytes that are no frame, if they have come.
    pub(super) fn take<const BYTES: usize>(&mut self) -> Option<[u8; BYTES]> {
        let (from, to) = (self.begin, self.begin + BYTES);
        let taken = self.room.get(from..to).filter(|_| to <= self.end)?.try_into().ok()?;
        self.begin = to;
        Some(taken)
    }

    /// Reads once what the other side has sent, before the deadline.
    pub(super) fn fill(
        &mut self,
        mut stream: &UnixStream,
        deadline: Instant,
    ) -> Result<(), LinkError> {
        let failed = LinkError::failed_to("receive a frame");
        self.make_room();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(failed(io::ErrorKind::TimedOut.into()));
            }
            stream.set_read_timeout(Some(left)).map_err(&failed)?;
            match stream.read(self.room.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => return Err(LinkError::Ended),
                Ok(read) => {
                    self.end += read;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
    }

    /// The next frame, waited for until the deadline.
    pub(super) fn receive<T: DeserializeOwned>(
        &mut self,
        stream: &UnixStream,
        bytes_max: usize,
        deadline: Instant,
    ) -> Result<T, LinkError> {
        loop {
            if let Some(value) = self.next(bytes_max)? {
                return Ok(value);
            }
            self.fill(stream, deadline)?;
        }
    }

    fn length(&self) -> Option<usize> {
        let to = self.begin + LENGTH_BYTES;
        let bytes = self.room.get(self.begin..to).filter(|_| to <= self.end)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
    }

    /// Gives much room back that holds nothing.
    fn shrink(&mut self) {
        if self.is_empty() && self.room.len() > KEPT_BYTES_MAX {
            *self = Self::default();
        }
    }

    /// Makes room for one more reading: room grows with what has come, never with what a length says.
    fn make_room(&mut self) {
        if self.begin > 0 {
            self.room.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.begin = 0;
        }
        self.shrink();
        if self.room.len() - self.end < READ_BYTES {
            let more = self.end.max(READ_BYTES);
            self.room.resize(self.end + more, 0);
        }
    }
}
