//! The least that a terminal program can do: it sends back each byte that comes.

use std::io::{Read as _, Write as _, stdin, stdout};

use super::Failure;

/// The variable that has the bench be the echo.
pub(crate) const VARIABLE: &str = "BENCH_ECHO";

/// What it says once it listens.
pub(crate) const READY: &str = "listening";

/// Whether this process is to be the echo.
pub(crate) fn is_wanted() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

/// Echoes until the terminal goes.
pub(crate) fn run() -> Result<(), Failure> {
    crossterm::terminal::enable_raw_mode()?;
    let (mut from, mut to) = (stdin().lock(), stdout().lock());
    to.write_all(READY.as_bytes())?;
    to.flush()?;
    let mut byte = [0];
    while from.read(&mut byte)? == 1 {
        to.write_all(&byte)?;
        to.flush()?;
    }
    Ok(())
}
