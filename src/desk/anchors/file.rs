//! A file of anchors: one line of JSON each, appended and synced.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::AnchorSink;
use super::anchor::{ANCHORS_MAX, AnchorSheet, ChainAnchor};

/// The name of the file in a data directory.
pub const ANCHOR_FILE: &str = "anchors";

/// The longest line, in bytes: an anchor takes 130, and a system log may put something around it.
const LINE_BYTES_MAX: u64 = 4 * 1024;
/// Unreadable lines that are told one by one.
const WRONG_LINES_MAX: usize = 20;

/// A file that anchors are appended to.
#[derive(Debug, Clone)]
pub struct AnchorFile {
    path: PathBuf,
}

impl AnchorFile {
    /// The file at a path; it is made with the first anchor.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn append(&self, line: &str) -> std::io::Result<()> {
        let is_new = !self.path.exists();
        let mut file =
            OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(&self.path)?;
        let mut text = String::with_capacity(line.len() + 2);
        // A power cut may have torn the line before; it stays a line of its own then.
        if !ends_a_line(&mut file)? {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        if is_new && let Some(folder) = self.path.parent() {
            // The name of a new file lasts only once its folder is synced.
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

impl AnchorSink for AnchorFile {
    fn keep(&mut self, anchor: &ChainAnchor) -> Result<(), String> {
        let told = |error| format!("cannot append to {}: {error}", self.path.display());
        self.append(&anchor.line()).map_err(told)
    }

    fn newest(&self) -> Option<u64> {
        let mut file = File::open(&self.path).ok()?;
        let length = file.metadata().ok()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LINE_BYTES_MAX))).ok()?;
        let mut tail = Vec::new();
        file.take(LINE_BYTES_MAX).read_to_end(&mut tail).ok()?;
        let tail = String::from_utf8_lossy(&tail);
        tail.lines().rev().find_map(ChainAnchor::parse).map(|anchor| anchor.sequence)
    }
}

/// Whether a file is empty or ends with a line break.
fn ends_a_line(file: &mut File) -> std::io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Reads a file of anchors: the anchors, and what is wrong with the file in sentences. A last line that was never ended is
/// passed over, for a power cut leaves such a one behind.
///
/// # Errors
/// The file cannot be read.
pub fn read_anchors(path: &Path) -> std::io::Result<(AnchorSheet, Vec<String>)> {
    let mut reader = BufReader::new(File::open(path)?);
    let (mut anchors, mut wrong, mut wrong_lines) = (Vec::new(), Vec::new(), 0_usize);
    let place = path.display();
    for number in 1_u64.. {
        let mut line = Vec::new();
        let bytes = reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
        if bytes == 0 || (line.last() != Some(&b'\n') && (bytes as u64) < LINE_BYTES_MAX) {
            break;
        }
        if line.last() != Some(&b'\n') {
            reader.skip_until(b'\n')?;
        }
        let text = String::from_utf8_lossy(&line);
        match ChainAnchor::parse(&text) {
            Some(_) if anchors.len() == ANCHORS_MAX => {
                let what =
                    format!("{place} has more than {ANCHORS_MAX} anchors: compare it in parts");
                return Err(std::io::Error::new(ErrorKind::InvalidData, what));
            }
            Some(anchor) => anchors.push((number, anchor)),
            None if text.trim().is_empty() => {}
            None => {
                wrong_lines += 1;
                if wrong_lines <= WRONG_LINES_MAX {
                    wrong.push(format!(
                        "line {number} of {place} is no anchor: where a power cut tore it, take the line out"
                    ));
                }
            }
        }
    }
    if wrong_lines > WRONG_LINES_MAX {
        wrong.push(format!("{wrong_lines} lines of {place} are no anchors"));
    }
    Ok((AnchorSheet::new(place.to_string(), anchors), wrong))
}
