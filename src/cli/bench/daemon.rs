//! `casedesk bench daemon`: the daemon of a measurement. It gives each call the account that it names, or the next one of the
//! office, which no real daemon does: there the system says who calls.

use std::io::Read as _;
use std::sync::Arc;

use clap::Args;

use super::seats::Ready;
use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::open::{Means, heal_index, keep_anchors, open_local, open_store};
use crate::cli::output;
use crate::desk::{
    Anchor, AskCases, AskWho, Desk, DeskError, LocalDesk, Narrowing, View, ViewKind,
};
use crate::domain::office::Role;
use crate::link::{Entrance, Reception, Seated, ServerOptions, serve_at};

/// Serves a scratch office to whoever measures, until its input ends.
#[derive(Debug, Args)]
pub(super) struct BenchDaemon {
    /// Sessions that it lets in
    sessions: usize,
}

impl BenchDaemon {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        super::machine::raise_open_files(self.sessions)?;
        let data = context.existing_data("bench.none")?;
        let means = Means::of_system()?;
        let store =
            Arc::new(open_store(&data, &means, context.office_store_options()?, context.output)?);
        let desk = open_local(&store, &means)?;
        heal_index(&desk, &data, context.output);
        desk.bound_search_memory(context.search_bytes()?);
        let anchors = keep_anchors(&desk, &data);
        let accounts = workers(&desk)?;
        let ready = Ready { accounts: accounts.len() };
        let reception = in_turn(&desk, accounts);
        let options = ServerOptions {
            sessions_max: self.sessions,
            sessions_a_user_max: self.sessions,
            ..ServerOptions::default()
        };
        let server = serve_at(vec![Entrance::of_data(&data, reception)?], options)?;
        output::json(&ready)?;
        // Whoever measures holds the other end, and closes it when they are done or gone.
        let mut rest = Vec::new();
        let _ended = std::io::stdin().take(u64::MAX).read_to_end(&mut rest);
        drop(server);
        anchors.stop(&desk);
        Ok(store.close()?)
    }
}

/// The accounts of those who work cases; only of those who have some before them, where anybody has.
fn workers(desk: &Arc<LocalDesk>) -> Result<Vec<String>, CliError> {
    let (mut all, mut busy) = (Vec::new(), Vec::new());
    for account in desk.accounts() {
        let session: Arc<dyn Desk> = Arc::new(desk.sign_in(&account, None)?);
        let who = session.ask(AskWho {})?;
        if !who.roles.iter().any(|role| matches!(role, Role::Caseworker | Role::Manager)) {
            continue;
        }
        let view = View { kind: ViewKind::Inbox, unit: who.unit.id };
        let (anchor, narrowing) = (Anchor::First, Narrowing::default());
        let page = session.ask(AskCases { view, anchor, before: 0, after: 1, narrowing })?;
        if page.total > 0 {
            busy.push(account.clone());
        }
        all.push(account);
    }
    Ok(if busy.is_empty() { all } else { busy })
}

/// Gives a call the account that it names; where it names none, the first call gets the first account, the next one the
/// next, and after the last it begins again.
fn in_turn(desk: &Arc<LocalDesk>, accounts: Vec<String>) -> Reception {
    let desk = Arc::clone(desk);
    Arc::new(move |caller| {
        let count = u64::try_from(accounts.len()).unwrap_or(u64::MAX).max(1);
        let place = usize::try_from(caller.peer.call % count).unwrap_or(0);
        let account = caller.account.clone().or_else(|| accounts.get(place).cloned());
        let account = account.ok_or_else(|| DeskError::Lost("nobody works here".to_owned()))?;
        let desk = Arc::new(desk.sign_in(&account, None)?);
        Ok(Seated { desk, account, sees_sessions: false })
    })
}
