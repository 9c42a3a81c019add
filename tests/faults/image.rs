//! What a power cut leaves behind: everything that was synced, and of the rest whatever chance keeps.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::chance::Chance;
use super::recorder::{Event, Inode, copy_directory};

/// Bytes that a disk writes whole or not at all.
const SECTOR_BYTES: u64 = 512;
/// Bytes that the system writes back at once.
const BLOCK_BYTES: usize = 4096;

/// What the cut left of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Database {
    /// What was synced last, and of what was written since some blocks.
    Torn,
    /// What was synced last, without its last bytes: the disk had promised too much.
    Shorter,
    /// What was synced last, with zeros in some of the blocks that were new then: the disk had promised too much.
    Zeroed,
    /// What was synced earlier: the disk had promised too much.
    Older,
    /// Nothing.
    Absent,
}

impl Database {
    pub(super) const ALL: [Self; 5] =
        [Self::Torn, Self::Shorter, Self::Zeroed, Self::Older, Self::Absent];

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Torn => "torn",
            Self::Shorter => "cut short",
            Self::Zeroed => "zeroed in part",
            Self::Older => "older",
            Self::Absent => "absent",
        }
    }
}

/// A disk at the moment of the cut: what is durable, and what is not yet.
#[derive(Debug, Default)]
struct Remains {
    names: BTreeMap<PathBuf, Inode>,
    names_pending: HashMap<PathBuf, Vec<Naming>>,
    contents: HashMap<Inode, Content>,
    synced: Vec<PathBuf>,
    /// A copy of the database that was made after the last sync.
    newer: Option<PathBuf>,
    acknowledged: u64,
}

#[derive(Debug, Clone)]
enum Naming {
    Create(PathBuf, Inode),
    Rename(PathBuf, PathBuf, Inode),
    Remove(PathBuf),
}

#[derive(Debug, Default)]
struct Content {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    SetLength(u64),
}

/// Makes in `target` what is left of the first events, which happened in `data`; gives the last commit that had been
/// acknowledged.
pub(super) fn build(
    events: &[Event],
    (data, target): (&Path, &Path),
    database: Database,
    chance: &mut Chance,
) -> u64 {
    let mut remains = Remains::default();
    for event in events {
        remains.follow(event.clone());
    }
    fs::create_dir_all(target.join("journal")).unwrap();
    for (path, inode) in remains.surviving_names(chance) {
        let place = target.join(path.strip_prefix(data).unwrap());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, remains.contents[&inode].surviving(chance)).unwrap();
    }
    remains.database(&target.join("sled"), database, chance);
    remains.acknowledged
}

impl Remains {
    fn follow(&mut self, event: Event) {
        match event {
            Event::Create { inode, path } => {
                self.contents.insert(inode, Content::default());
                self.name(&path.clone(), Naming::Create(path, inode));
            }
            Event::Write { inode, place, bytes } => self.change(inode, Change::Write(place, bytes)),
            Event::SetLength { inode, bytes } => self.change(inode, Change::SetLength(bytes)),
            Event::Sync { inode } => {
                let content = self.contents.get_mut(&inode).unwrap();
                for change in std::mem::take(&mut content.pending) {
                    change.make(&mut content.durable, &mut |_| true);
                }
            }
            Event::Rename { inode, from, to } => {
                self.name(&to.clone(), Naming::Rename(from, to, inode));
            }
            Event::Remove { path } => self.name(&path.clone(), Naming::Remove(path)),
            Event::SyncDirectory { path } => {
                for naming in self.names_pending.remove(&path).unwrap_or_default() {
                    naming.make(&mut self.names);
                }
            }
            Event::Database { copy, is_synced: true } => {
                self.synced.push(copy);
                self.newer = None;
            }
            Event::Database { copy, is_synced: false } => self.newer = Some(copy),
            Event::Acknowledged(sequence) => self.acknowledged = self.acknowledged.max(sequence),
        }
    }

    fn name(&mut self, path: &Path, naming: Naming) {
        let directory = path.parent().unwrap().to_owned();
        self.names_pending.entry(directory).or_default().push(naming);
    }

    fn change(&mut self, inode: Inode, change: Change) {
        self.contents.get_mut(&inode).unwrap().pending.push(change);
    }

    /// Names that were synced, and of the later namings any of them.
    fn surviving_names(&self, chance: &mut Chance) -> BTreeMap<PathBuf, Inode> {
        let mut names = self.names.clone();
        let mut pending: Vec<_> = self.names_pending.iter().collect();
        pending.sort_by_key(|(directory, _)| *directory);
        for naming in pending.into_iter().flat_map(|(_, namings)| namings) {
            if chance.percent(50) {
                naming.make(&mut names);
            }
        }
        names
    }

    fn database(&self, target: &Path, database: Database, chance: &mut Chance) {
        let Some(newest) = self.synced.last() else { return };
        let before = &self.synced[chance.place(self.synced.len())];
        match database {
            Database::Absent => {}
            Database::Older => copy_directory(before, target),
            Database::Torn => {
                copy_directory(newest, target);
                if let Some(newer) = &self.newer {
                    mix(newer, target, chance);
                }
            }
            Database::Shorter => {
                copy_directory(newest, target);
                change_file(&target.join("db"), |bytes| {
                    // The newest database may be one that was synced before anything was written into it.
                    let lost = chance.place(bytes.len().clamp(1, 256 * 1024));
                    bytes.truncate(bytes.len() - lost);
                });
            }
            Database::Zeroed => {
                copy_directory(newest, target);
                let before = fs::read(before.join("db")).unwrap_or_default();
                change_file(&target.join("db"), |bytes| {
                    for (place, block) in bytes.chunks_mut(BLOCK_BYTES).enumerate() {
                        let old = before.chunks(BLOCK_BYTES).nth(place);
                        if old != Some(&*block) && chance.percent(30) {
                            block.fill(0);
                        }
                    }
                });
            }
        }
    }
}

/// Puts blocks of the newer files over the older ones, as far as chance goes.
fn mix(newer: &Path, target: &Path, chance: &mut Chance) {
    let share = [10, 50, 90][chance.place(3)];
    for path in super::recorder::files(newer) {
        let place = target.join(path.file_name().unwrap());
        let new = fs::read(&path).unwrap();
        let mut old = fs::read(&place).unwrap_or_default();
        if old.is_empty() && !chance.percent(share) {
            continue;
        }
        if chance.percent(50) {
            old.resize(new.len(), 0);
        }
        for (old, new) in old.chunks_mut(BLOCK_BYTES).zip(new.chunks(BLOCK_BYTES)) {
            if chance.percent(share) {
                let length = old.len().min(new.len());
                old[..length].copy_from_slice(&new[..length]);
            }
        }
        fs::write(place, old).unwrap();
    }
}

fn change_file(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let Ok(mut bytes) = fs::read(path) else { return };
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

impl Naming {
    fn make(&self, names: &mut BTreeMap<PathBuf, Inode>) {
        match self {
            Self::Create(path, inode) => {
                names.insert(path.clone(), *inode);
            }
            Self::Rename(from, to, inode) => {
                names.remove(from);
                names.insert(to.clone(), *inode);
            }
            Self::Remove(path) => {
                names.remove(path);
            }
        }
    }
}

impl Content {
    /// What was synced, and of the later changes any sectors, in any order, with any length that the file had since.
    fn surviving(&self, chance: &mut Chance) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        if self.pending.is_empty() {
            return bytes;
        }
        let share = [0, 10, 50, 90, 100][chance.place(5)];
        let mut lengths = vec![bytes.len()];
        let mut whole = bytes.clone();
        for change in &self.pending {
            change.make(&mut whole, &mut |_| true);
            lengths.push(whole.len());
        }
        let mut pending = self.pending.clone();
        if chance.percent(50) {
            chance.shuffle(&mut pending);
        }
        for change in pending {
            change.make(&mut bytes, &mut |_| chance.percent(share));
        }
        let (shortest, longest) = (*lengths.iter().min().unwrap(), *lengths.iter().max().unwrap());
        let length = match chance.below(3) {
            0 => longest,
            1 => lengths[chance.place(lengths.len())],
            _ => shortest + chance.place(longest - shortest + 1),
        };
        bytes.resize(length, 0);
        bytes
    }
}

impl Change {
    /// Makes the change, of a write those sectors that are wanted.
    fn make(&self, bytes: &mut Vec<u8>, is_wanted: &mut dyn FnMut(u64) -> bool) {
        match self {
            Self::SetLength(length) => {
                if is_wanted(0) {
                    bytes.resize(usize::try_from(*length).unwrap(), 0);
                }
            }
            Self::Write(place, new) => {
                let mut place = *place;
                let mut rest = new.as_slice();
                while !rest.is_empty() {
                    let to_sector = SECTOR_BYTES - place % SECTOR_BYTES;
                    let (now, later) =
                        rest.split_at(rest.len().min(usize::try_from(to_sector).unwrap()));
                    if is_wanted(place / SECTOR_BYTES) {
                        let at = usize::try_from(place).unwrap();
                        let end = at + now.len();
                        if bytes.len() < end {
                            bytes.resize(end, 0);
                        }
                        bytes[at..end].copy_from_slice(now);
                    }
                    place += now.len() as u64;
                    rest = later;
                }
            }
        }
    }
}
