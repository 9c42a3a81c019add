//! casedesk's own program, as an office would measure it.

use std::path::Path;
use std::process::{Command, Stdio};

use super::figures::Figures;
use casedesk_peers::people::Failure;

/// Runs `casedesk evaluate search` and reads its figures.
pub(crate) fn evaluate(
    program: &Path,
    people: &Path,
    queries: &Path,
    scratch: &Path,
) -> Result<Figures, Failure> {
    let mut command = Command::new(program);
    command.args(["evaluate", "search", "--json", "--people"]).arg(people);
    command.arg("--queries").arg(queries).arg("--scratch").arg(scratch);
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| {
        format!("{}: {error}; make it with `cargo build --release`", program.display())
    })?;
    if !output.status.success() {
        return Err(format!("{} did not evaluate: {}", program.display(), output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
