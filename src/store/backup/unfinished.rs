//! A directory that is being written: it carries a mark that is locked by who writes there, and goes where that fails.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::super::StoreError;
use super::super::files::failed_to;
use super::error::BackupError;
use super::stream::create;

/// The file that says that a directory is not finished, and that it may be taken away where nobody has it locked.
pub(super) const MARK: &str = "unfinished";

/// The end of the names of directories that are being written.
const PART: &str = "part";

/// The beginning of the names of directories in which backups prove themselves.
const PROOF: &str = "proof-";

/// A directory of ours until it is finished; dropped before, it is taken away with all that is in it.
#[derive(Debug)]
pub(super) struct Unfinished {
    path: PathBuf,
    mark: Option<File>,
}

impl Unfinished {
    /// Makes the directory, for its owner alone. What an earlier try left there is taken away; what carries no mark is
    /// not ours and refused.
    pub(super) fn make(path: PathBuf) -> Result<Self, BackupError> {
        if exists(&path)? {
            clear(&path)?;
        }
        DirBuilder::new().mode(0o700).create(&path).map_err(failed_to("make", &path))?;
        let mark = path.join(MARK);
        let mut file = create(&mark)?;
        lock(&file, &path)?;
        let whose = format!("casedesk, process {}\n", std::process::id());
        file.write_all(whose.as_bytes()).map_err(failed_to("write", &mark))?;
        Ok(Self { path, mark: Some(file) })
    }

    /// The directory in which the backup of `data` proves itself: plain data stays where plain data is. Directories that
    /// dead processes left there are taken away first.
    pub(super) fn for_proof(data: &Path) -> Result<Self, BackupError> {
        for entry in fs::read_dir(data).map_err(failed_to("list", data))? {
            let entry = entry.map_err(failed_to("list", data))?;
            if entry.file_name().to_str().is_some_and(|name| name.starts_with(PROOF)) {
                match clear(&entry.path()) {
                    // A living neighbour proves its own backup there, or it is somebody else's.
                    Ok(()) | Err(BackupError::Busy { .. } | BackupError::NotOurs { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Self::make(data.join(format!("{PROOF}{}", std::process::id())))
    }

    /// Takes away what backups of other names left beside `name` when they were killed.
    pub(super) fn clear_beside(name: &Path) -> Result<(), BackupError> {
        let directory = above(name);
        for entry in fs::read_dir(directory).map_err(failed_to("list", directory))? {
            let entry = entry.map_err(failed_to("list", directory))?;
            let is_part = Path::new(&entry.file_name()).extension().is_some_and(|end| end == PART);
            if is_part {
                match clear(&entry.path()) {
                    // A living neighbour writes there, or it is somebody else's.
                    Ok(()) | Err(BackupError::Busy { .. } | BackupError::NotOurs { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes everything in it last and gives it its name; from here on it is no longer ours to take away.
    pub(super) fn finish(mut self, name: &Path) -> Result<(), BackupError> {
        let mark = self.path.join(MARK);
        fs::remove_file(&mark).map_err(failed_to("remove", &mark))?;
        sync_directory(&self.path)?;
        fs::rename(&self.path, name).map_err(failed_to("rename", &self.path))?;
        self.mark = None;
        sync_directory(above(name))?;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.mark.is_some() {
            // What cannot be taken away now carries the mark still, and the next try takes it away.
            let _removed = fs::remove_dir_all(&self.path);
        }
    }
}

/// The name beside `name` under which it is written.
pub(super) fn part_of(name: &Path) -> PathBuf {
    // Gone over part by part, a name loses the slash at its end, behind which the other one would lie within it.
    let mut part = name.components().collect::<PathBuf>().into_os_string();
    part.push(".part");
    PathBuf::from(part)
}

/// Whether something has this name, be it a link to nowhere.
pub(super) fn exists(path: &Path) -> Result<bool, StoreError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed_to("look at", path)(error)),
    }
}

/// The directory that a name stands in.
pub(super) fn above(name: &Path) -> &Path {
    match name.parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    }
}

pub(super) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(failed_to("sync", path))
}

/// Takes away what a dead process left.
fn clear(path: &Path) -> Result<(), BackupError> {
    let mark = path.join(MARK);
    let file = match OpenOptions::new().read(true).write(true).open(&mark) {
        Ok(file) => file,
        Err(_no_mark) => return Err(BackupError::NotOurs { path: path.display().to_string() }),
    };
    lock(&file, path)?;
    Ok(fs::remove_dir_all(path).map_err(failed_to("remove", path))?)
}

fn lock(mark: &File, path: &Path) -> Result<(), BackupError> {
    match flock(mark, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(()),
        Err(Errno::WOULDBLOCK) => Err(BackupError::Busy { path: path.display().to_string() }),
        Err(errno) => Err(failed_to("lock", path)(errno.into()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_lies_beside_its_name_whether_or_not_that_ends_with_a_slash() {
        for name in ["/backup/monday", "/backup/monday/", "/backup//monday/."] {
            assert_eq!(part_of(Path::new(name)), Path::new("/backup/monday.part"), "{name}");
        }
    }
}
