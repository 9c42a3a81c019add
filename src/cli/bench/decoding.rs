//! Hostile conversations through the decoder of this process, as a desk and as a caller reads them.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::panic::catch_unwind;
use std::time::Instant;

use indicatif::ProgressBar;
use serde::Serialize;

use super::hostile::{Hostile, spoken};
use super::machine::status_mb;
use crate::cli::error::CliError;
use crate::cli::long::rounded;
use crate::link::{Place, Reading, Side, Stranger, opening, read_as};

/// Megabytes by which a process may have grown that has read so much that is hostile.
pub(super) const GROWN_MB_MAX: f64 = 64.0;
/// Bytes of a greeting.
const GREETING_BYTES: usize = 10;
/// Bytes of a frame's length.
const LENGTH_BYTES: usize = 4;

/// How many frames are read between two looks at the bar.
const SHOWN_EVERY: u64 = 4_096;

/// What came of it.
#[derive(Debug, Serialize)]
pub(super) struct Decoded {
    /// Frames that were read.
    frames: u64,
    /// Frames of each kind, and what they came to.
    kinds: BTreeMap<&'static str, OfKind>,
    /// Frames at which the decoder panicked.
    panics: u64,
    /// How long it took.
    seconds: f64,
    /// Memory of this process.
    memory: Memory,
}

/// Frames of a kind.
#[derive(Debug, Default, Serialize)]
struct OfKind {
    /// Of them all.
    frames: u64,
    /// Read as a frame all the same.
    read: u64,
    /// Waited for, since they end too early.
    unfinished: u64,
    /// Refused, with the end of the conversation.
    refused: u64,
}

/// Memory of a process, in megabytes.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Memory {
    /// Before it began.
    before_mb: f64,
    /// After it ended.
    after_mb: f64,
    /// By how much it may have grown.
    grown_mb_max: f64,
}

impl Memory {
    /// What a process takes now, before it begins.
    pub(super) fn before(process: u32) -> Result<Self, CliError> {
        let now = status_mb(process, "VmRSS")?;
        Ok(Self { before_mb: now, after_mb: now, grown_mb_max: GROWN_MB_MAX })
    }

    /// What it takes after it has ended.
    pub(super) fn after(self, process: u32) -> Result<Self, CliError> {
        Ok(Self { after_mb: status_mb(process, "VmRSS")?, ..self })
    }

    /// Whether it has not grown by more than it may.
    pub(super) fn holds(self) -> bool {
        self.after_mb - self.before_mb <= self.grown_mb_max
    }

    /// In words.
    pub(super) fn line(self) -> String {
        format!("{} MB before, {} MB after", self.before_mb, self.after_mb)
    }
}

/// Reads so many hostile frames, each behind the opening of a conversation; half of them as a desk, half as a caller.
pub(super) fn decode(
    place: &Place,
    account: &str,
    frames: u64,
    bar: &ProgressBar,
) -> Result<Decoded, CliError> {
    bar.set_length(frames);
    let (welcome, answers) = answers(place, account)?;
    let answers: Vec<&[u8]> = answers.iter().map(Vec::as_slice).collect();
    let mut ends = [
        (Side::Desk, Hostile::to_desk(Some(account), 1)?),
        (Side::Caller, Hostile::of(welcome, &answers, 2)),
    ];
    let process = std::process::id();
    let memory = Memory::before(process)?;
    let begun = Instant::now();
    let mut kinds: BTreeMap<&'static str, OfKind> = BTreeMap::new();
    let (mut read, mut panics) = (0, 0);
    while read < frames {
        if read % SHOWN_EVERY == 0 {
            bar.set_position(read);
        }
        for (side, hostile) in &mut ends {
            let (kind, said) = hostile.next();
            read += 1;
            let of_kind = kinds.entry(kind.word()).or_default();
            of_kind.frames += 1;
            match catch_unwind(|| read_as(*side, &said)) {
                Ok(Reading::Whole(_)) => of_kind.read += 1,
                Ok(Reading::Unfinished) => of_kind.unfinished += 1,
                Ok(Reading::Refused(_)) => of_kind.refused += 1,
                Err(_panic) => panics += 1,
            }
        }
    }
    let seconds = rounded(begun.elapsed().as_secs_f64());
    Ok(Decoded { frames: read, kinds, panics, seconds, memory: memory.after(process)? })
}

/// What a desk says to everything that callers really say: greeting and welcome, and the answers, each with its length.
pub(super) fn answers(place: &Place, account: &str) -> Result<(Vec<u8>, Vec<Vec<u8>>), CliError> {
    let failed = || CliError::failed_to("hear the daemon's answers");
    let mut said = opening(Some(account))?;
    for framed in spoken()? {
        said.extend_from_slice(framed.bytes());
    }
    let stranger = Stranger::call(place)?;
    let mut socket = stranger.socket();
    socket.write_all(&said).map_err(failed())?;
    socket.shutdown(Shutdown::Write).map_err(failed())?;
    let mut heard = Vec::new();
    socket.read_to_end(&mut heard).map_err(failed())?;
    let welcome_bytes =
        GREETING_BYTES + frame_bytes(heard.get(GREETING_BYTES..).unwrap_or_default());
    let mut rest = heard.split_off(welcome_bytes.min(heard.len()));
    let mut answers = Vec::new();
    while !rest.is_empty() {
        let behind = rest.split_off(frame_bytes(&rest).min(rest.len()));
        answers.push(std::mem::replace(&mut rest, behind));
    }
    Ok((heard, answers))
}

/// Bytes of the first frame, its length among them; where none begins, of all.
fn frame_bytes(bytes: &[u8]) -> usize {
    let length = bytes.first_chunk::<LENGTH_BYTES>().map(|length| u32::from_be_bytes(*length));
    let length = length.and_then(|length| usize::try_from(length).ok());
    length.map_or(bytes.len(), |length| LENGTH_BYTES + length)
}

impl Decoded {
    /// Whether nothing panicked and nothing grew.
    pub(super) fn holds(&self) -> bool {
        self.panics == 0 && self.memory.holds()
    }

    /// In words.
    pub(super) fn lines(&self) -> Vec<String> {
        let Self { frames, panics, seconds, memory, .. } = self;
        let mut lines = vec![format!(
            "{frames} hostile frames decoded in {seconds} s: {panics} panics; {}",
            memory.line()
        )];
        lines.extend(self.kinds.iter().map(|(word, of_kind)| {
            let OfKind { frames, read, unfinished, refused } = of_kind;
            format!(
                "  {word:<9} {frames:>9}: {read} read, {unfinished} unfinished, {refused} refused"
            )
        }));
        lines
    }
}
