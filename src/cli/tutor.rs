//! `casedesk tutor`.

use std::path::Path;
use std::sync::Arc;

use clap::Args;

use super::Context;
use super::board;
use super::error::CliError;
use super::open::{Means, Opened};
use crate::desk::LocalDesk;
use crate::made::{self, ACCOUNT};
use crate::store::MemoryStore;
use crate::tui::Prepared;

/// Teaches the eight core tasks in ten minutes, by doing them.
///
/// It works in a made office that lies in memory only: nothing is read or written anywhere, and it is gone when the tutor
/// ends. Two rows at the top of the screen show the way with the keys of your own keymap, and count your keys and seconds
/// against the goal.
///
///   casedesk tutor
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Tutor {}

impl Tutor {
    pub(super) fn run(context: &Context) -> Result<(), CliError> {
        board::check_terminal(context)?;
        let means = Means::of_system()?;
        let desk = LocalDesk::open(
            Arc::new(MemoryStore::new()),
            Arc::clone(&means.clock),
            Arc::clone(&means.entropy),
        )?;
        let room = made::classroom(&desk, means.clock.now())?;
        let session = Arc::new(desk.sign_in(ACCOUNT, None)?);
        let prepared = Prepared {
            caller: room.caller,
            escalated: room.escalated,
            answered: room.answered,
            duplicate: room.duplicate,
        };
        board::teach(context, &Opened::apart(session, Path::new(""), means), prepared)
    }
}
