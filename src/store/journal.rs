//! Appends to the journal: the only thing that an acknowledgement rests on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{failed_to, open_private};
use super::segment::{HEADER_BYTES, Position, create, segment_path};
use super::{Disk, DiskFile, Phase, Sequence, StoreError};

/// The end of the journal, where groups are appended.
#[derive(Debug)]
pub(super) struct Journal {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    segment_bytes_max: u64,
    end: Option<End>,
}

#[derive(Debug)]
struct End {
    position: Position,
    path: PathBuf,
    file: Box<dyn DiskFile>,
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
        disk: Arc<dyn Disk>,
        directory: &Path,
        segment_bytes_max: u64,
        position: Option<Position>,
    ) -> Result<Self, StoreError> {
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
                Some(End { position, path, file })
            }
        };
        Ok(Self { disk, directory: directory.to_owned(), segment_bytes_max, end })
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
            _ => self.begin_segment(first)?,
        };
        end.file.write_all_at(frames, end.position.byte).map_err(failed_to("write", &end.path))?;
        self.disk.reached(Phase::BeforeSync);
        end.file.sync().map_err(failed_to("sync", &end.path))?;
        end.position.byte += bytes;
        let position = end.position;
        self.end = Some(end);
        let header = if has_room { 0 } else { HEADER_BYTES };
        Ok(Appended { position, bytes: bytes + header, is_new_segment: !has_room })
    }

    fn begin_segment(&self, first: Sequence) -> Result<End, StoreError> {
        self.disk.reached(Phase::Rotation);
        let path = create(&*self.disk, &self.directory, first)?;
        let file = open_private(&*self.disk, &path)?;
        Ok(End { position: Position { segment: first, byte: HEADER_BYTES }, path, file })
    }
}
