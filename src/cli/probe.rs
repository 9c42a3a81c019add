//! `casedesk probe`, which nobody but casedesk itself runs.

use std::process::ExitCode;

use clap::Args;

use super::Context;
use super::{error, output};
use crate::store::{
    OpenOptions, PROBE_FAILED, PROBE_SOUND, PROBE_UNSOUND, PROBE_WORDS_BYTES_MAX, probe_database,
};
use crate::text::clip;

/// Reads a database that was not closed in order and compares it with its journal; casedesk runs this itself before it
/// relies on the database, and holds the data directory meanwhile.
///
/// It ends with 0 where the database is sound, with 1 where it is not, and says why, and with 3 where it cannot tell.
#[derive(Debug, Args)]
pub(super) struct Probe {}

impl Probe {
    pub(super) fn run(context: &Context) -> ExitCode {
        end_with_parent();
        // Whoever runs this says which directory, on every machine.
        let named = context.global.data.clone();
        let probed = named
            .map_or_else(|| context.data(), Ok)
            .and_then(|data| Ok(probe_database(&data, OpenOptions::default().cache_bytes)?));
        match probed {
            Ok(None) => ExitCode::from(PROBE_SOUND),
            Ok(Some(why)) => {
                // The exit code says it where nobody reads the words.
                let _written = output::raw(&clip(&why, PROBE_WORDS_BYTES_MAX));
                ExitCode::from(PROBE_UNSOUND)
            }
            Err(error) => {
                error::exit_for(&error, context.output);
                ExitCode::from(PROBE_FAILED)
            }
        }
    }
}

/// A process that outlives whoever asked for it would hold the database's own lock against the next opening.
pub(super) fn end_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        // Where the system cannot, the process ends by itself.
        let _set = set_parent_process_death_signal(Some(Signal::KILL));
    }
}
