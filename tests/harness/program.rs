//! The program that was built with the tests, shut off from how casedesk works on the machine that they run on.

use std::process::Command;

/// The program that was built with the tests.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_casedesk");

/// What shuts the program off from `/etc/casedesk/config.toml`: another file, with nothing in it.
///
/// Where a daemon has the machine, a desk of a test's own would be refused otherwise, or the machine's office be asked. An
/// option that everybody may give does it, so that nothing in the program is there for tests.
pub(crate) const OWN_DESK: [&str; 2] = ["--config", "/dev/null"];

/// A run of the program with a desk of its own.
pub(crate) fn program() -> Command {
    let mut run = Command::new(PROGRAM);
    run.args(OWN_DESK);
    run
}
