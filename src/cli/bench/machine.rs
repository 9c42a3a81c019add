//! What the system says of processes and lets them have: memory, and open files.

use std::fs;
use std::time::Duration;

use rustix::event::{Timespec, poll};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::cli::error::CliError;
use crate::cli::long::rounded;

/// Kilobytes of a megabyte.
const MB: f64 = 1_000.0;

/// Files that a process has open besides its sessions: its store, its sockets, its threads' own.
const OTHER_FILES: u64 = 200;

/// Raises how many files this process and its children may have open to what so many sessions take.
///
/// # Errors
/// The system's hard limit is lower; the refusal says what to set.
pub(super) fn raise_open_files(sessions: usize) -> Result<(), CliError> {
    // A session is a socket at either end; the desk has a bell for each besides.
    let wanted = u64::try_from(sessions).unwrap_or(u64::MAX).saturating_mul(2) + OTHER_FILES;
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
    let is_within = limit.maximum.is_none_or(|maximum| maximum >= wanted);
    if is_within && setrlimit(Resource::Nofile, raised).is_ok() {
        return Ok(());
    }
    Err(CliError::refused(
        "bench.files",
        format!("{sessions} sessions take {wanted} open files, and fewer are allowed here."),
        "Set more and try again: ulimit -n, or LimitNOFILE= where systemd starts it.",
    ))
}

/// Kilobytes of memory that a process takes, as `field` of its status says (`VmRSS`, `RssAnon`).
pub(super) fn status_kb(process: u32, field: &str) -> Result<u64, CliError> {
    kb_of(&format!("/proc/{process}/status"), field)
}

/// Time of processors that a process has taken until now, its own and the system's for it.
pub(super) fn processor_time(process: u32) -> Result<Duration, CliError> {
    let path = format!("/proc/{process}/stat");
    let text = fs::read_to_string(&path).map_err(CliError::failed_to(format!("read {path}")))?;
    // The program's name, in brackets, may hold blanks; behind it the first field is the third.
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    let nanos_a_tick = 1_000_000_000 / rustix::param::clock_ticks_per_second().max(1);
    Ok(Duration::from_nanos(ticks.saturating_mul(nanos_a_tick)))
}

/// Kilobytes of memory that a process takes, as `field` of all its mappings together says (`Pss`, `Anonymous`).
pub(super) fn rollup_kb(process: u32, field: &str) -> Result<u64, CliError> {
    kb_of(&format!("/proc/{process}/smaps_rollup"), field)
}

/// The same in megabytes.
pub(super) fn status_mb(process: u32, field: &str) -> Result<f64, CliError> {
    Ok(as_mb(status_kb(process, field)?))
}

/// Kilobytes in megabytes.
#[expect(clippy::cast_precision_loss, reason = "kilobytes of a process")]
pub(super) fn as_mb(kilobytes: u64) -> f64 {
    rounded(kilobytes as f64 / MB)
}

/// Lets time pass.
pub(super) fn rest(time: Duration) {
    // A rest that a signal cuts short is a short rest.
    let _rested = poll(&mut [], Timespec::try_from(time).ok().as_ref());
}

fn kb_of(path: &str, field: &str) -> Result<u64, CliError> {
    let text = fs::read_to_string(path).map_err(CliError::failed_to(format!("read {path}")))?;
    let value = text.lines().find_map(|line| {
        let rest = line.strip_prefix(field)?.strip_prefix(':')?;
        rest.split_whitespace().next()?.parse().ok()
    });
    value.ok_or_else(|| {
        CliError::refused("bench.memory", format!("{path} does not say {field}."), "")
    })
}
