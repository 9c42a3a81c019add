//! Runs this program once more as the process that measures, and hears it out.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::people::{Hearing, stopped};
use super::plan::Measured;
use crate::cli::error::CliError;

/// How often somebody who wants an end is looked for.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
/// Bytes of an answer that are read: a million ranks and as many misses as are ever asked for.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Has the index of a scratch directory measured by a process of its own; whatever becomes of this one, that one ends.
pub(super) fn ask(scratch: &Path, hearing: &Hearing<'_>) -> Result<Measured, CliError> {
    let action = || CliError::failed_to("run the process that measures");
    let program = std::env::current_exe().map_err(action())?;
    let mut child = Command::new(program)
        .args(["evaluate", "measure", "--json"])
        .arg(scratch)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(action())?;
    let answer = hear(&mut child, hearing);
    if answer.is_err() {
        // It may have ended by itself meanwhile; either way it is gone.
        let _gone = child.kill();
    }
    let status = child.wait().map_err(action())?;
    let answer = answer?;
    hearing.going_on()?;
    if !status.success() {
        let what = format!("The process that measures ended with {status}.");
        return Err(CliError::refused("evaluate.measure", what, "What it said stands above."));
    }
    Ok(serde_json::from_slice(&answer)?)
}

/// Everything that the process says, or nothing where somebody wants an end first.
fn hear(child: &mut Child, hearing: &Hearing<'_>) -> Result<Vec<u8>, CliError> {
    let mut answer = Vec::new();
    let Some(mut stdout) = child.stdout.take() else { return Ok(answer) };
    let mut buffer = [0; 8 * 1024];
    loop {
        hearing.going_on()?;
        if !has_spoken(&stdout)? {
            continue;
        }
        let read =
            stdout.read(&mut buffer).map_err(CliError::failed_to("hear what is measured"))?;
        if read == 0 {
            return Ok(answer);
        }
        answer.extend(buffer.iter().take(read));
        if answer.len() > ANSWER_BYTES_MAX {
            return Err(stopped());
        }
    }
}

fn has_spoken(stdout: &ChildStdout) -> Result<bool, CliError> {
    let mut waiting = [PollFd::new(stdout, PollFlags::IN)];
    match poll(&mut waiting, Some(&LOOK)) {
        Ok(ready) => Ok(ready > 0),
        // A signal came: the flag that it set is looked at next.
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(CliError::failed_to("wait for what is measured")(error.into())),
    }
}
