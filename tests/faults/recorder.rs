//! A disk that keeps every operation in order, with what was acknowledged in between.
//!
//! The database below writes its own files by itself; of those a copy is kept whenever they were synced, and now and then
//! in between, as they are in the system's memory.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::{fs, io};

use casedesk::store::{Disk, DiskFile, Phase, SystemDisk};

/// Groups between two copies of the database that were not asked for by a sync.
const GROUPS_OF_COPY: u64 = 7;

/// A file, whatever it is called.
pub(super) type Inode = usize;

/// Something that happened, in the order in which it did.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Create {
        inode: Inode,
        path: PathBuf,
    },
    Write {
        inode: Inode,
        place: u64,
        bytes: Vec<u8>,
    },
    SetLength {
        inode: Inode,
        bytes: u64,
    },
    Sync {
        inode: Inode,
    },
    Rename {
        inode: Inode,
        from: PathBuf,
        to: PathBuf,
    },
    Remove {
        path: PathBuf,
    },
    SyncDirectory {
        path: PathBuf,
    },
    /// The database's directory was copied; `is_synced` says that a power cut would have left at least this.
    Database {
        copy: PathBuf,
        is_synced: bool,
    },
    /// The commit was acknowledged.
    Acknowledged(u64),
}

/// The disk and what it has recorded.
#[derive(Debug, Clone)]
pub(super) struct Recorder(Arc<Mutex<Tape>>);

#[derive(Debug)]
struct Tape {
    data: PathBuf,
    copies: PathBuf,
    events: Vec<Event>,
    names: HashMap<PathBuf, Inode>,
    inodes: usize,
    copied: u64,
    groups: u64,
    /// Whether the database has another name than the directory is known to have.
    is_other_database: bool,
}

impl Recorder {
    /// Records what happens in `data`, where nothing is yet or only what is durable; copies of the database go to `copies`.
    pub(super) fn new(data: &Path, copies: &Path) -> Self {
        let mut tape = Tape {
            data: data.to_owned(),
            copies: copies.to_owned(),
            events: Vec::new(),
            names: HashMap::new(),
            inodes: 0,
            copied: 0,
            groups: 0,
            is_other_database: false,
        };
        tape.adopt_directory(data);
        tape.copy_database(true);
        Self(Arc::new(Mutex::new(tape)))
    }

    pub(super) fn acknowledged(&self, sequence: u64) {
        self.tape().events.push(Event::Acknowledged(sequence));
    }

    /// Everything that has happened.
    pub(super) fn events(&self) -> Vec<Event> {
        self.tape().events.clone()
    }

    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.0.lock().unwrap()
    }
}

/// The files right in a directory.
pub(super) fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).collect()
}

/// Copies a directory with everything in it; what goes away meanwhile is left out.
pub(super) fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let Ok(entries) = fs::read_dir(from) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_directory(&path, &target);
        } else if let Ok(bytes) = fs::read(&path) {
            fs::write(target, bytes).unwrap();
        }
    }
}

impl Tape {
    /// Whether it belongs to the database below, or to one that is set aside or being made.
    fn is_database(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.data).unwrap();
        below.to_str().unwrap().starts_with("sled")
    }

    fn adopt_directory(&mut self, directory: &Path) {
        for entry in fs::read_dir(directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_file() {
                self.adopt(&path);
            } else if !self.is_database(&path) {
                self.adopt_directory(&path);
            }
        }
        self.events.push(Event::SyncDirectory { path: directory.to_owned() });
    }

    /// Takes a file that is there already, as durable as it is.
    fn adopt(&mut self, path: &Path) {
        let inode = self.inode(path);
        let bytes = fs::read(path).unwrap();
        self.events.push(Event::Write { inode, place: 0, bytes });
        self.events.push(Event::Sync { inode });
    }

    fn inode(&mut self, path: &Path) -> Inode {
        if let Some(inode) = self.names.get(path) {
            return *inode;
        }
        let inode = self.inodes;
        self.inodes += 1;
        self.names.insert(path.to_owned(), inode);
        self.events.push(Event::Create { inode, path: path.to_owned() });
        inode
    }

    fn copy_database(&mut self, is_synced: bool) {
        self.copied += 1;
        let copy = self.copies.join(self.copied.to_string());
        copy_directory(&self.data.join("sled"), &copy);
        self.events.push(Event::Database { copy, is_synced });
    }
}

impl Disk for Recorder {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut tape = self.tape();
        let inode = if tape.is_database(path) { None } else { Some(tape.inode(path)) };
        let file = SystemDisk.open(path)?;
        Ok(Box::new(RecordedFile { file, inode, tape: Arc::clone(&self.0) }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut tape = self.tape();
        if let Some(inode) = tape.names.remove(from) {
            tape.names.insert(to.to_owned(), inode);
            tape.events.push(Event::Rename { inode, from: from.to_owned(), to: to.to_owned() });
        }
        SystemDisk.rename(from, to)?;
        // A database that was set aside or made anew is another one, for certain once the name is synced.
        if tape.is_database(from) {
            tape.copy_database(false);
            tape.is_other_database = true;
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut tape = self.tape();
        if tape.names.remove(path).is_some() {
            tape.events.push(Event::Remove { path: path.to_owned() });
        }
        SystemDisk.remove(path)
    }

    fn create_directory(&self, path: &Path) -> io::Result<()> {
        SystemDisk.create_directory(path)
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        SystemDisk.sync_directory(path)?;
        let mut tape = self.tape();
        tape.events.push(Event::SyncDirectory { path: path.to_owned() });
        if path == tape.data && std::mem::take(&mut tape.is_other_database) {
            tape.copy_database(true);
        }
        Ok(())
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        SystemDisk.free_bytes(path)
    }

    fn reached(&self, phase: Phase) {
        let mut tape = self.tape();
        if phase == Phase::AfterSync {
            tape.groups += 1;
            if tape.groups.is_multiple_of(GROUPS_OF_COPY) {
                tape.copy_database(false);
            }
        }
    }
}

/// A file whose operations are recorded; the database's own has no inode.
#[derive(Debug)]
struct RecordedFile {
    file: Box<dyn DiskFile>,
    inode: Option<Inode>,
    tape: Arc<Mutex<Tape>>,
}

impl RecordedFile {
    fn record(&self, event: impl FnOnce(Inode) -> Event) {
        if let Some(inode) = self.inode {
            self.tape.lock().unwrap().events.push(event(inode));
        }
    }
}

impl DiskFile for RecordedFile {
    fn length(&self) -> io::Result<u64> {
        self.file.length()
    }

    fn write_all_at(&mut self, bytes: &[u8], place: u64) -> io::Result<()> {
        self.record(|inode| Event::Write { inode, place, bytes: bytes.to_owned() });
        self.file.write_all_at(bytes, place)
    }

    fn set_length(&mut self, bytes: u64) -> io::Result<()> {
        self.record(|inode| Event::SetLength { inode, bytes });
        self.file.set_length(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync()?;
        match self.inode {
            Some(inode) => self.record(|_| Event::Sync { inode }),
            None => self.tape.lock().unwrap().copy_database(true),
        }
        Ok(())
    }
}
