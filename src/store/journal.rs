//! Appends to the journal: the only thing that an acknowledgement rests on.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::checkpoint::Checkpoint;
use super::files::{failed_to, make_read_only, open_private, sync_directory};
use super::limits::{GROUP_BYTES_MAX, OpenOptions};
use super::manifest::Manifest;
use super::segment::{
    HEADER_BYTES, Position, Seal, Segment, create, digest_of, header, journal_directory, list,
    segment_path,
};
use super::{Disk, DiskFile, Phase, Sequence, StoreError};

/// The end of the journal, where groups are appended.
#[derive(Debug)]
pub(super) struct Journal {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    segment_bytes_max: u64,
    manifest: Manifest,
    end: Option<End>,
}

#[derive(Debug)]
struct End {
    position: Position,
    path: PathBuf,
    file: Box<dyn DiskFile>,
    /// The digest of the file so far; not known where an earlier process began it.
    digest: Option<Sha256>,
}

/// What an append did to the journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Appended {
    /// The new end; everything before it is durable.
    pub(super) position: Position,
    /// Bytes by which the journal grew.
    pub(super) bytes: u64,
    /// Whether a segment was begun.
    pub(super) is_new_segment: bool,
}

impl Journal {
    /// Goes to the end of the journal. What stands behind `position` is a torn group, which nobody was told of, and is cut
    /// off.
    pub(super) fn open(
        options: &OpenOptions,
        directory: &Path,
        position: Option<Position>,
        manifest: Manifest,
    ) -> Result<Self, StoreError> {
        let disk = Arc::clone(&options.disk);
        let end = match position {
            None => None,
            Some(position) => {
                let path = segment_path(directory, position.segment);
                let mut file = open_private(&*disk, &path)?;
                let bytes = file.length().map_err(failed_to("look at", &path))?;
                if bytes > position.byte {
                    file.set_length(position.byte).map_err(failed_to("cut", &path))?;
                    file.sync().map_err(failed_to("sync", &path))?;
                }
                Some(End { position, path, file, digest: None })
            }
        };
        let segment_bytes_max = options.segment_bytes_max;
        Ok(Self { disk, directory: directory.to_owned(), segment_bytes_max, manifest, end })
    }

    /// Makes the end of a journal last that was not closed in order: the last group, and the name of its file, may never
    /// have come to the disk, although they can be read. The bytes are written once more, because a system that failed to
    /// write them has forgotten that it still has to, and would answer a second sync with success.
    pub(super) fn settle(disk: &dyn Disk, data: &Path) -> Result<(), StoreError> {
        if Checkpoint::read(data)?.is_some_and(|checkpoint| checkpoint.is_clean) {
            return Ok(());
        }
        let directory = journal_directory(data);
        if let Some(Segment { path, bytes, .. }) = list(&directory)?.pop() {
            let place = bytes.saturating_sub(GROUP_BYTES_MAX as u64);
            let mut tail = Vec::new();
            let mut written = File::open(&path).map_err(failed_to("open", &path))?;
            written.seek(SeekFrom::Start(place)).map_err(failed_to("read", &path))?;
            written
                .take(GROUP_BYTES_MAX as u64)
                .read_to_end(&mut tail)
                .map_err(failed_to("read", &path))?;
            let mut file = open_private(disk, &path)?;
            file.write_all_at(&tail, place).map_err(failed_to("write", &path))?;
            file.sync().map_err(failed_to("sync", &path))?;
        }
        sync_directory(disk, &directory)
    }

    /// Appends the frames of a group, of which `first` is the first commit, and returns once they are durable.
    pub(super) fn append(
        &mut self,
        first: Sequence,
        frames: &[u8],
    ) -> Result<Appended, StoreError> {
        let bytes = frames.len() as u64;
        let has_room = self.end.as_ref().is_some_and(|end| {
            end.position.byte == HEADER_BYTES || end.position.byte + bytes <= self.segment_bytes_max
        });
        let mut end = match self.end.take() {
            Some(end) if has_room => end,
            full => self.rotate(full, first)?,
        };
        end.file.write_all_at(frames, end.position.byte).map_err(failed_to("write", &end.path))?;
        self.disk.reached(Phase::BeforeSync);
        end.file.sync().map_err(failed_to("sync", &end.path))?;
        end.position.byte += bytes;
        if let Some(digest) = &mut end.digest {
            digest.update(frames);
        }
        let position = end.position;
        self.end = Some(end);
        let header = if has_room { 0 } else { HEADER_BYTES };
        Ok(Appended { position, bytes: bytes + header, is_new_segment: !has_room })
    }

    /// Begins a segment, and seals the one before it. The new one is there first, so that the last segment can always be
    /// written; what a crash leaves undone, the next opening does.
    fn rotate(&mut self, full: Option<End>, first: Sequence) -> Result<End, StoreError> {
        self.disk.reached(Phase::Rotation);
        let path = create(&*self.disk, &self.directory, first)?;
        let file = open_private(&*self.disk, &path)?;
        if let Some(full) = full {
            self.disk.reached(Phase::Rotation);
            make_read_only(&*self.disk, &full.path)?;
            let digest = match full.digest {
                Some(digest) => digest,
                None => digest_of(&full.path)?,
            };
            let Position { segment, byte } = full.position;
            let last = Sequence(first.0.saturating_sub(1));
            self.disk.reached(Phase::Rotation);
            let seal = Seal { first: segment, last, bytes: byte, digest: digest.finalize().into() };
            self.manifest.seal(&*self.disk, &self.directory, seal)?;
        }
        let position = Position { segment: first, byte: HEADER_BYTES };
        let digest = Some(Sha256::new_with_prefix(header(first)));
        Ok(End { position, path, file, digest })
    }
}
