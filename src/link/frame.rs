//! Reads and writes frames: four bytes of length, big-endian, and as many bytes.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::LinkError;
use super::limits::FRAME;
use crate::codec::{from_bytes, to_bytes};

/// When a frame has to be whole.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    /// Its first byte may take as long as it wants; then the frame has its limit.
    Idle,
    /// It has this long from now on.
    Within(Duration),
}

/// Sends a value.
pub(super) fn send<T: Serialize>(
    stream: &mut UnixStream,
    value: &T,
    bytes_max: usize,
) -> Result<(), LinkError> {
    let bytes = to_bytes(value, bytes_max)?;
    let too_long = |_| LinkError::TooLong { bytes: bytes.len(), max: bytes_max };
    let length = u32::try_from(bytes.len()).map_err(too_long)?;
    let mut frame = Vec::with_capacity(4 + bytes.len());
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&bytes);
    stream.set_write_timeout(Some(FRAME)).map_err(LinkError::failed_to("limit the writing"))?;
    stream.write_all(&frame).map_err(LinkError::failed_to("send a frame"))
}

/// Receives a value of at most `bytes_max` bytes; the length is checked before room is made for it.
pub(super) fn receive<T: DeserializeOwned>(
    stream: &mut UnixStream,
    bytes_max: usize,
    patience: Patience,
) -> Result<T, LinkError> {
    let mut length = [0; 4];
    let deadline = match patience {
        Patience::Within(limit) => Instant::now() + limit,
        Patience::Idle => {
            stream.set_read_timeout(None).map_err(LinkError::failed_to("wait for a frame"))?;
            let (first, rest) = length.split_at_mut(1);
            stream.read_exact(first).map_err(LinkError::failed_to("wait for a frame"))?;
            let deadline = Instant::now() + FRAME;
            fill(stream, rest, deadline)?;
            return body(stream, length, bytes_max, deadline);
        }
    };
    fill(stream, &mut length, deadline)?;
    body(stream, length, bytes_max, deadline)
}

fn body<T: DeserializeOwned>(
    stream: &mut UnixStream,
    length: [u8; 4],
    bytes_max: usize,
    deadline: Instant,
) -> Result<T, LinkError> {
    let bytes = u32::from_be_bytes(length) as usize;
    if bytes > bytes_max {
        return Err(LinkError::TooLong { bytes, max: bytes_max });
    }
    let mut frame = vec![0; bytes];
    fill(stream, &mut frame, deadline)?;
    Ok(from_bytes(&frame, bytes_max)?)
}

/// Fills the buffer before the deadline, however slowly the bytes come.
pub(super) fn fill(
    stream: &mut UnixStream,
    buffer: &mut [u8],
    deadline: Instant,
) -> Result<(), LinkError> {
    let failed = LinkError::failed_to("receive a frame");
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(failed(io::ErrorKind::TimedOut.into()));
        }
        stream.set_read_timeout(Some(left)).map_err(&failed)?;
        match stream.read(rest) {
            Ok(0) => return Err(LinkError::Ended),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(())
}
