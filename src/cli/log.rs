//! The log of a data directory: one line an event, and never what a record says.

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::desk::{Level, Log};
use crate::domain::time::Instant;
use crate::text::clip;

/// The log's name in a data directory.
pub(super) const NAME: &str = "log";
/// The name of the one before it.
const NAME_BEFORE: &str = "log.1";
/// With what the line of a backup begins, behind instant and level; the backup's place follows.
pub(super) const BACKUP_MADE: &str = "backup made:";
/// Bytes after which a log is put aside and a new one begun.
const BYTES_MAX: u64 = 1024 * 1024;
/// Cells of one sentence; the rest of a longer one is left out.
const SENTENCE_CELLS_MAX: usize = 2_000;

/// A log in `DATA/log`: an RFC 3339 instant, a level, a sentence. At most two files of a mebibyte each.
///
/// The file is opened for each line, so that it may be moved or removed at any time; lines are rare. What cannot be written
/// is left out: the log must never be a reason for anything to fail.
#[derive(Debug)]
pub(super) struct LogFile {
    path: PathBuf,
    before: PathBuf,
    /// One line at a time, so that two threads do not both put the file aside.
    turn: Mutex<()>,
}

impl LogFile {
    /// The log of a data directory. Nothing is made until there is something to write.
    pub(super) fn of(data: &Path) -> Self {
        let (path, before) = (data.join(NAME), data.join(NAME_BEFORE));
        Self { path, before, turn: Mutex::new(()) }
    }

    /// The newest line that is meant, and when it was written.
    pub(super) fn newest(&self, is_meant: impl Fn(&str) -> bool) -> Option<(Instant, String)> {
        [&self.path, &self.before].into_iter().find_map(|path| {
            // A file that is longer than any log was not written here.
            let file = fs::File::open(path).ok()?;
            let mut bytes = Vec::new();
            file.take(2 * BYTES_MAX).read_to_end(&mut bytes).ok()?;
            let text = String::from_utf8_lossy(&bytes);
            text.lines().rev().filter(|line| is_meant(line)).find_map(|line| {
                let at = line.split_whitespace().next()?.parse().ok()?;
                Some((Instant::from_timestamp(at), line.to_owned()))
            })
        })
    }

    fn append(&self, line: &str) -> std::io::Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let length = fs::metadata(&self.path).map_or(0, |found| found.len());
        if length.saturating_add(line.len() as u64) > BYTES_MAX {
            fs::rename(&self.path, &self.before)?;
        }
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(&self.path)?;
        file.write_all(line.as_bytes())
    }
}

impl Log for LogFile {
    fn note(&self, at: Instant, level: Level, sentence: &str) {
        let level = match level {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let sentence = clip(sentence, SENTENCE_CELLS_MAX);
        // On a full disk there is no log, and there is nobody to tell who is not told already.
        let _written = self.append(&format!("{:.3} {level} {sentence}\n", at.timestamp()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Instant {
        Instant::from_milliseconds(1_787_302_440_123)
    }

    #[test]
    fn a_line_has_instant_level_and_a_sentence_that_no_terminal_obeys() {
        let data = tempfile::tempdir().unwrap();
        let log = LogFile::of(data.path());
        log.note(at(), Level::Error, "read-only: \u{1b}[2Jcannot sync\nfake line");
        let text = fs::read_to_string(data.path().join(NAME)).unwrap();
        assert!(text.starts_with("2026-08-21T08:54:00.123Z error read-only: "), "{text}");
        assert_eq!((text.matches('\n').count(), text.contains('\u{1b}')), (1, false), "{text}");
    }

    #[test]
    fn a_full_log_is_put_aside_and_one_is_kept() {
        let data = tempfile::tempdir().unwrap();
        let log = LogFile::of(data.path());
        for turn in ["first", "second", "third"] {
            fs::write(data.path().join(NAME), turn.repeat(250_000)).unwrap();
            log.note(at(), Level::Info, "opened");
        }
        let names = fs::read_dir(data.path()).unwrap().count();
        let before = fs::read_to_string(data.path().join(NAME_BEFORE)).unwrap();
        let now = fs::read_to_string(data.path().join(NAME)).unwrap();
        assert_eq!((names, before.starts_with("third")), (2, true));
        assert!(now.ends_with("opened\n") && now.len() < 100, "{now}");
    }

    #[test]
    fn a_log_that_cannot_be_written_hurts_nobody() {
        let data = tempfile::tempdir().unwrap();
        let log = LogFile::of(&data.path().join("nowhere"));
        log.note(at(), Level::Info, "opened");
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }
}
