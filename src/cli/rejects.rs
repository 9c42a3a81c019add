//! Where the rows go that an import cannot take: known, and tried, before anything comes in.

use std::env::current_dir;
use std::fs::metadata;
use std::path::{Path, PathBuf};

use super::Context;
use super::error::CliError;
use super::open::Opened;
use super::output;

/// Below the data directory; beside a daemon, below the directory in which the command was given, for the daemon's own is
/// not the caller's.
const NAME: &str = "rejects";

/// The directory for rejected rows: the one that was chosen, or the one for this kind of office, which is said beforehand
/// where it is the caller's own.
///
/// # Errors
/// Nothing can be written there.
pub(super) fn place(
    chosen: Option<&Path>,
    context: &Context,
    opened: &Opened,
) -> Result<PathBuf, CliError> {
    let here = || current_dir().map_err(CliError::failed_to("find the current directory"));
    let place = match chosen {
        Some(chosen) => here()?.join(chosen),
        None if context.is_daemons() => here()?.join(NAME),
        None => opened.data.join(NAME),
    };
    check(&place)?;
    if chosen.is_some() || context.is_daemons() {
        output::tell(&format!("Rows that cannot be taken go to {}.", place.display()));
    }
    Ok(place)
}

/// Tries whether a file can be made there, or where the directory is to be made, and leaves nothing.
fn check(place: &Path) -> Result<(), CliError> {
    // What is there and is no directory is found by trying.
    let there = place.ancestors().find(|directory| metadata(directory).is_ok());
    tempfile::tempfile_in(there.unwrap_or(place)).map(drop).map_err(|error| {
        CliError::refused(
            "import.rejects",
            format!("Rejected rows cannot be written to {}: {error}.", place.display()),
            "Choose a directory of yours: --rejects DIR. Nothing came in.",
        )
    })
}
