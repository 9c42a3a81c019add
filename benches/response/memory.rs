//! What a process takes, and when a database was opened.

use std::fs::read_to_string;
use std::path::Path;

use super::Failure;

/// Memory of a process, in KiB.
pub(crate) struct Memory {
    /// All of it that is in memory.
    pub(crate) resident: u64,
    /// What of it is no file's.
    pub(crate) anonymous: u64,
}

/// What the process takes now.
pub(crate) fn of(process: u32) -> Result<Memory, Failure> {
    let status = read_to_string(format!("/proc/{process}/status"))?;
    let figure = |name: &str| -> Result<u64, Failure> {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|rest| rest.split_whitespace().next());
        Ok(number.ok_or_else(|| format!("the system does not say {name}"))?.parse()?)
    };
    Ok(Memory { resident: figure("VmRSS:")?, anonymous: figure("RssAnon:")? })
}

/// When the office's database was last opened, as its log has it.
pub(crate) fn opened_at(office: &Path) -> Result<jiff::Timestamp, Failure> {
    let log = read_to_string(office.join("log"))?;
    let line = log.lines().rfind(|line| line.contains("opened by casedesk"));
    let word = line.and_then(|line| line.split_whitespace().next());
    Ok(word.ok_or("the log does not say when the database was opened")?.parse()?)
}
