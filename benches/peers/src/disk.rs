//! Stands before every sync of this process: counts it, and makes it as slow as a disk that is asked to be.
//!
//! A function of the executable goes before libc's of the same name, for Rust's own library and for the SQLite and the
//! sled that are linked into it: every peer is delayed by the same lines, and none of them knows. What is left out,
//! `msync` and `syncfs`, none of them calls.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use libc::{c_int, c_long, c_uint, off64_t, timespec};

static DELAY_NANOSECONDS: AtomicU64 = AtomicU64::new(0);
static SYNCS: AtomicU64 = AtomicU64::new(0);

/// Adds so much to every sync from now on.
pub(crate) fn delay(by: Duration) {
    let nanoseconds = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
    DELAY_NANOSECONDS.store(nanoseconds, Ordering::SeqCst);
}

/// The syncs of this process so far.
pub(crate) fn syncs() -> u64 {
    SYNCS.load(Ordering::SeqCst)
}

/// Adds the delay to a sync that was made.
fn after(outcome: c_long) -> c_int {
    SYNCS.fetch_add(1, Ordering::SeqCst);
    let nanoseconds = DELAY_NANOSECONDS.load(Ordering::SeqCst);
    if nanoseconds > 0 {
        let time = timespec {
            tv_sec: i64::try_from(nanoseconds / 1_000_000_000).unwrap_or(0),
            tv_nsec: c_long::try_from(nanoseconds % 1_000_000_000).unwrap_or(0),
        };
        // SAFETY: the time is a valid one on this stack; without a second pointer nothing is written.
        unsafe { libc::nanosleep(&raw const time, std::ptr::null_mut()) };
    }
    c_int::try_from(outcome).unwrap_or(-1)
}

/// libc's `fsync`.
// SAFETY: the name is libc's, and so are the arguments and what comes back; whoever calls it gets what was asked for.
#[unsafe(no_mangle)]
extern "C" fn fsync(file: c_int) -> c_int {
    // SAFETY: the call takes a number and touches no memory of this process.
    after(unsafe { libc::syscall(libc::SYS_fsync, file) })
}

/// libc's `fdatasync`.
// SAFETY: as for `fsync`.
#[unsafe(no_mangle)]
extern "C" fn fdatasync(file: c_int) -> c_int {
    // SAFETY: as for `fsync`.
    after(unsafe { libc::syscall(libc::SYS_fdatasync, file) })
}

/// libc's `sync_file_range`, which is what sled's flush calls.
// SAFETY: as for `fsync`.
#[unsafe(no_mangle)]
extern "C" fn sync_file_range(file: c_int, from: off64_t, bytes: off64_t, how: c_uint) -> c_int {
    // SAFETY: as for `fsync`.
    after(unsafe { libc::syscall(libc::SYS_sync_file_range, file, from, bytes, how) })
}
