//! The form of one commit in the journal.
//!
//! `length: u32 | sequence: u64 | place in its group: u16 | commit id: u128 | count: u32 | changes | crc32c: u32`, all
//! little-endian, where `length` counts every byte of the frame and the checksum covers all bytes before it. A change is
//! `1 | key length: u32 | key | value length: u32 | value` or `0 | key length: u32 | key`. Changes are after-images, so
//! that replaying a frame twice changes nothing.

use super::bytes::{take_array, take_run, take_u16, take_u32, take_u64, take_u128};
use super::limits::{FRAME_BYTES_MAX, GROUP_REQUESTS_MAX};
use super::{CommitId, Sequence, Write};

/// Bytes of a frame around its changes.
const ENVELOPE_BYTES: usize = 4 + 8 + 2 + 16 + 4 + CHECKSUM_BYTES;
const CHECKSUM_BYTES: usize = 4;
const DELETE: u8 = 0;
const PUT: u8 = 1;

/// One commit as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The commit's place in the order.
    pub sequence: Sequence,
    /// How many commits of the same group stand before it: all earlier groups were durable when this one was written.
    pub place_in_group: u16,
    /// The commit's name.
    pub id: CommitId,
    /// What the commit wrote, in its own order; of two changes of one key the later holds.
    pub writes: Vec<Write>,
}

/// Why bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum FrameFault {
    #[error("a frame runs past the end of the file")]
    RunsPastEnd,
    #[error("no frame is {0} bytes long")]
    Length(u32),
    #[error("a frame fails its checksum")]
    Checksum,
    #[error("a frame has a good checksum and contents that make no sense")]
    Contents,
}

/// Where a commit stands in the order and in its group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) sequence: Sequence,
    pub(super) place_in_group: u16,
}

/// Bytes of the frame that `writes` make.
pub(super) fn frame_bytes(writes: &[Write]) -> usize {
    writes.iter().fold(ENVELOPE_BYTES, |bytes, write| {
        bytes.saturating_add(match write {
            Write::Put(key, value) => 1 + 4 + key.len() + 4 + value.len(),
            Write::Delete(key) => 1 + 4 + key.len(),
        })
    })
}

/// Appends a frame to `out`, or says that it would be longer than a frame may be.
pub(super) fn encode(
    turn: Turn,
    id: CommitId,
    writes: &[Write],
    out: &mut Vec<u8>,
) -> Result<(), usize> {
    let bytes = frame_bytes(writes);
    let (Ok(length), Ok(count)) = (u32::try_from(bytes), u32::try_from(writes.len())) else {
        return Err(bytes);
    };
    if bytes > FRAME_BYTES_MAX {
        return Err(bytes);
    }
    out.reserve(bytes);
    let start = out.len();
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&turn.sequence.0.to_le_bytes());
    out.extend_from_slice(&turn.place_in_group.to_le_bytes());
    out.extend_from_slice(&id.0.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    for write in writes {
        match write {
            Write::Put(key, value) => {
                out.push(PUT);
                push_run(key, out);
                push_run(value, out);
            }
            Write::Delete(key) => {
                out.push(DELETE);
                push_run(key, out);
            }
        }
    }
    let checksum = crc32c::crc32c(out.get(start..).unwrap_or_default());
    out.extend_from_slice(&checksum.to_le_bytes());
    Ok(())
}

/// The frame's length, where the first bytes of `bytes` may be a frame's.
pub(super) fn length(bytes: &[u8]) -> Result<usize, FrameFault> {
    let length = take_u32(&mut &*bytes).ok_or(FrameFault::RunsPastEnd)?;
    let fault = FrameFault::Length(length);
    let length = usize::try_from(length).map_err(|_too_long| fault)?;
    if (ENVELOPE_BYTES..=FRAME_BYTES_MAX).contains(&length) { Ok(length) } else { Err(fault) }
}

/// Reads the frame that `bytes` begins with.
pub(super) fn decode(bytes: &[u8]) -> Result<Frame, FrameFault> {
    let frame = bytes.get(..length(bytes)?).ok_or(FrameFault::RunsPastEnd)?;
    let (body, checksum) =
        frame.split_last_chunk::<CHECKSUM_BYTES>().ok_or(FrameFault::RunsPastEnd)?;
    if crc32c::crc32c(body) != u32::from_le_bytes(*checksum) {
        return Err(FrameFault::Checksum);
    }
    decode_body(body).ok_or(FrameFault::Contents)
}

/// Whether all of these bytes are one frame but for the length at its front.
pub(super) fn is_whole_but_for_its_length(bytes: &[u8]) -> bool {
    let mut frame = bytes.to_vec();
    let Ok(length) = u32::try_from(frame.len()) else { return false };
    if let Some(front) = frame.first_chunk_mut::<4>() {
        *front = length.to_le_bytes();
    }
    decode(&frame).is_ok()
}

fn decode_body(mut body: &[u8]) -> Option<Frame> {
    let _length = take_u32(&mut body)?;
    let sequence = Sequence(take_u64(&mut body)?);
    let place_in_group = take_u16(&mut body)?;
    let id = CommitId(take_u128(&mut body)?);
    let count = take_u32(&mut body)?;
    let mut writes = Vec::new();
    for _ in 0..count {
        let [kind] = take_array::<1>(&mut body)?;
        let key = take_run(&mut body)?.to_vec();
        writes.push(match kind {
            PUT => Write::Put(key, take_run(&mut body)?.to_vec()),
            DELETE => Write::Delete(key),
            _ => return None,
        });
    }
    let is_sound = body.is_empty() && u64::from(place_in_group) < sequence.0;
    is_sound.then_some(Frame { sequence, place_in_group, id, writes })
}

impl Frame {
    /// The first commit of the group that the frame was written in.
    #[must_use]
    pub fn group_start(&self) -> Sequence {
        Sequence(self.sequence.0.saturating_sub(u64::from(self.place_in_group)))
    }

    /// Bytes of the frame in the journal.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        frame_bytes(&self.writes) as u64
    }
}

/// Finds the next whole frame in `bytes` whose commit is not before `earliest`: where it begins, and the frame.
///
/// It is asked after a damaged place, where no length can be trusted, so it tries every byte.
pub(super) fn find(bytes: &[u8], earliest: Sequence) -> Option<(usize, Frame)> {
    // No journal holds so many more commits in one segment that this bound hides a frame, and it spares most checksums.
    let latest = earliest.0.saturating_add(u64::from(u32::MAX));
    (0..bytes.len()).find_map(|at| {
        let rest = bytes.get(at..)?;
        let frame_length = length(rest).ok()?;
        let sequence = take_u64(&mut rest.get(4..)?)?;
        let place = take_u16(&mut rest.get(12..)?)?;
        let is_likely = rest.len() >= frame_length
            && (earliest.0..=latest).contains(&sequence)
            && usize::from(place) < GROUP_REQUESTS_MAX;
        if is_likely { decode(rest).ok().map(|frame| (at, frame)) } else { None }
    })
}

fn push_run(run: &[u8], out: &mut Vec<u8>) {
    // A run longer than `u32` is refused before: the whole frame's length was checked.
    let length = u32::try_from(run.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(run);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(sequence: u64, place_in_group: u16) -> Vec<u8> {
        let writes =
            [Write::Put(b"key".to_vec(), b"value".to_vec()), Write::Delete(b"gone".to_vec())];
        let mut out = Vec::new();
        let turn = Turn { sequence: Sequence(sequence), place_in_group };
        encode(turn, CommitId(9), &writes, &mut out).unwrap();
        out
    }

    #[test]
    fn a_frame_comes_back_as_it_was_written() {
        let frame = decode(&encoded(7, 2)).unwrap();
        assert_eq!((frame.sequence, frame.group_start()), (Sequence(7), Sequence(5)));
        assert_eq!(frame.writes.len(), 2);
        assert_eq!(frame.bytes(), encoded(7, 2).len() as u64);
    }

    #[test]
    fn no_flipped_bit_and_no_cut_goes_unnoticed() {
        let good = encoded(7, 2);
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                assert!(decode(&bad).is_err(), "byte {at} bit {bit}");
            }
            assert!(decode(&good[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_next_frame_is_found_behind_rubble() {
        let mut bytes = vec![0xA5; 37];
        bytes.extend_from_slice(&encoded(7, 0));
        assert_eq!(find(&bytes, Sequence(3)).map(|(at, _)| at), Some(37));
        assert_eq!(find(&bytes, Sequence(8)), None);
    }
}
