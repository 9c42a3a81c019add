//! Finds every damaged place of the journal, and every key on which journal and database differ.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::checkpoint::Checkpoint;
use super::compare::{Difference, Newest};
use super::limits::FINDINGS_MAX;
use super::manifest::Manifest;
use super::reader::{JournalReader, clip};
use super::segment::{Position, Seal, Segment, journal_directory, list, segment_path};
use super::walk::{Fault, Step, Walk};
use super::{KeyRange, Sequence, SledStore, Store, StoreError};

/// Bytes of the journal after which progress is told.
const PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// Where in the file; 0 where the file as a whole is meant.
    pub byte: u64,
    /// What is wrong.
    pub what: String,
}

/// How far a verification has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyProgress {
    /// The journal is being read.
    Journal {
        /// Bytes read so far.
        done_bytes: u64,
        /// Bytes to read in all.
        total_bytes: u64,
    },
    /// A snapshot is being read.
    Snapshot {
        /// Bytes read so far.
        done_bytes: u64,
        /// Bytes to read in all.
        total_bytes: u64,
    },
    /// The rows of the database are being compared with it.
    Database {
        /// Rows compared so far.
        done_rows: u64,
        /// Rows that the journal knows.
        total_rows: u64,
    },
}

/// Reads every frame of every segment in the data directory `data`, without the database and without the lock, so that
/// it works beside an open desk and where opening refuses. At most 100 places are reported.
///
/// The end of the journal that no desk was told of, because a writer is at it or a power cut tore it, is no finding.
pub fn verify_journal(
    data: &Path,
    progress: &dyn Fn(VerifyProgress),
) -> Result<Vec<Finding>, StoreError> {
    verify_up_to(data, None, progress)
}

impl SledStore {
    /// As [`verify_journal`], up to the last acknowledged commit exactly.
    pub fn verify_journal(
        &self,
        progress: &dyn Fn(VerifyProgress),
    ) -> Result<Vec<Finding>, StoreError> {
        verify_up_to(self.directory(), Some((self.end().position, self.end().sequence)), progress)
    }

    /// The commits from `from` to the last acknowledged one.
    pub fn journal(&self, from: Sequence) -> Result<JournalReader, StoreError> {
        let end = self.end();
        let (sequence, position) = (end.sequence, end.position);
        let acknowledged = Checkpoint { sequence, position, is_clean: false };
        JournalReader::bounded(self.directory(), from, acknowledged, Some(position))
    }

    /// Compares the database with the journal: the newest after-image of every key is the row of the database, and the
    /// database has no other rows. It takes about 20 bytes of memory a key; keys that are written meanwhile are left out.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where the journal cannot be read to its end: [`SledStore::verify_journal`] lists those places.
    pub fn verify_against_journal(
        &self,
        progress: &dyn Fn(VerifyProgress),
    ) -> Result<Vec<Finding>, StoreError> {
        let start = self.sequence();
        let mut newest = Newest::read(self.journal(Sequence(1))?, start, progress)?;
        let scan = |range: &KeyRange, limit, direction| Store::scan(self, range, limit, direction);
        let strangers = newest.compare(&scan, start, progress)?;
        // What was written since the comparison began differs rightly.
        newest.leave_out(self.journal(Sequence(start.0 + 1))?)?;
        let file = self.directory().join("sled").display().to_string();
        let found = newest.explain(strangers, self.journal(Sequence(1))?)?;
        let finding = |difference: &Difference| Finding {
            file: file.clone(),
            byte: 0,
            what: difference.with_key(),
        };
        Ok(found.iter().map(finding).collect())
    }
}

/// Tells progress now and then.
pub(super) struct Meter {
    done: u64,
    told: u64,
    total: u64,
}

impl Meter {
    /// A meter of so many bytes of the journal.
    pub(super) fn new(total_bytes: u64) -> Self {
        Self { done: 0, told: 0, total: total_bytes }
    }

    /// Counts bytes that were read, and tells where they are many.
    pub(super) fn pass(&mut self, bytes: u64, progress: &dyn Fn(VerifyProgress)) {
        self.done += bytes;
        if self.done - self.told >= PROGRESS_BYTES {
            self.told = self.done;
            let done_bytes = self.done.min(self.total);
            progress(VerifyProgress::Journal { done_bytes, total_bytes: self.total });
        }
    }
}

fn verify_up_to(
    data: &Path,
    end: Option<(Position, Sequence)>,
    progress: &dyn Fn(VerifyProgress),
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    // The checkpoint is read before the segments are listed: beside a writer, the journal is then never behind it.
    let checkpoint = match Checkpoint::read(data) {
        Ok(checkpoint) => checkpoint.unwrap_or_default(),
        Err(StoreError::Damaged { file, byte, what }) => {
            findings.push(Finding { file, byte, what });
            Checkpoint::default()
        }
        Err(error) => return Err(error),
    };
    let known = end.map_or(checkpoint.sequence, |(_, sequence)| sequence);
    let directory = journal_directory(data);
    // So is the manifest, and for the same reason: every segment that it has is then listed.
    let mut seals = Seals::read(&directory, &mut findings)?;
    let mut segments = list(&directory)?;
    seals.find_missing(&directory, &segments, &mut findings);
    clip(&mut segments, end.map(|(position, _)| position));
    let mut walk = Walk::over(segments).with_seals();
    let mut meter = Meter::new(walk.bytes_ahead());
    let mut last = Sequence(0);
    loop {
        let step = walk.step()?;
        if let Some((left, path)) = walk.take_left() {
            findings.extend(seals.fault_of(left, &path));
        }
        match step {
            Step::Frame(frame) => {
                last = frame.sequence;
                meter.pass(frame.bytes(), progress);
            }
            Step::Fault(fault) if fault.is_torn(known, &checkpoint) => break,
            Step::Fault(fault) if findings.len() < FINDINGS_MAX => {
                if !seals.explain(&fault) {
                    let file = fault.path.display().to_string();
                    findings.push(Finding { file, byte: fault.place.byte, what: fault.what });
                }
                walk.pass_fault()?;
            }
            Step::Fault(_) | Step::End => break,
        }
    }
    if last < known && findings.is_empty() {
        let what = format!("ends with commit {}, and commit {} was acknowledged", last.0, known.0);
        let (file, byte) = walk.position().map_or((directory.clone(), 0), |end| {
            (segment_path(&directory, end.segment), end.byte)
        });
        findings.push(Finding { file: file.display().to_string(), byte, what });
    }
    Ok(findings)
}

/// The manifest's word on the segments that are walked.
#[derive(Default)]
struct Seals {
    by_first: HashMap<Sequence, Seal>,
    /// The commits at which a gap begins that has its finding already.
    gaps: HashSet<Sequence>,
}

impl Seals {
    fn read(directory: &Path, findings: &mut Vec<Finding>) -> Result<Self, StoreError> {
        let seals = match Manifest::read(directory) {
            Ok(manifest) => manifest.seals,
            Err(StoreError::Damaged { file, byte, what }) => {
                findings.push(Finding { file, byte, what });
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        let by_first = seals.into_iter().map(|seal| (seal.first, seal)).collect();
        Ok(Self { by_first, ..Self::default() })
    }

    /// Finds the segments that are missing.
    fn find_missing(
        &mut self,
        directory: &Path,
        segments: &[Segment],
        findings: &mut Vec<Finding>,
    ) {
        let found: HashSet<_> = segments.iter().map(|segment| segment.first).collect();
        let mut missing: Vec<_> =
            self.by_first.values().filter(|seal| !found.contains(&seal.first)).collect();
        missing.sort_unstable_by_key(|seal| seal.first);
        self.gaps = missing.iter().map(|seal| seal.first).collect();
        findings.extend(missing.iter().take(FINDINGS_MAX).map(|seal| {
            let file = segment_path(directory, seal.first).display().to_string();
            Finding { file, byte: 0, what: seal.missing() }
        }));
    }

    /// Whether a fault is a gap that has its finding already.
    fn explain(&self, fault: &Fault) -> bool {
        fault.place.byte == 0 && self.gaps.contains(&fault.expected)
    }

    /// What is wrong with a segment of which every frame is whole.
    fn fault_of(&mut self, left: Seal, path: &Path) -> Option<Finding> {
        let seal = self.by_first.get(&left.first).filter(|seal| **seal != left)?;
        self.gaps.insert(Sequence(left.last.0 + 1));
        let what = "every frame of the sealed segment is whole, and yet it is not the file that was sealed";
        let what = seal.length_fault(left.bytes).unwrap_or_else(|| what.to_owned());
        Some(Finding { file: path.display().to_string(), byte: 0, what })
    }
}
