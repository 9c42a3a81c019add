//! `casedesk sweep`.

use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::open::{Means, open_local, open_store};

/// Lets cases whose moment has come escalate, lapse to the next level, or return from parking.
///
/// Whoever has the office open does this by itself, at opening and every minute; this is for a machine on which nobody
/// has, from cron. It also tells whoever leads a unit whose queues nobody covers, and returns the work of those who have
/// left. It reads what is due by an index, whatever else the office holds, and refuses, closes and pays nothing.
/// It needs the database for itself and ends with 5 where another program has it, which then sweeps anyway.
///
///   casedesk sweep
///   casedesk sweep --json | jq .swept
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Sweep {}

#[derive(Serialize)]
struct Swept {
    ok: bool,
    /// Cases whose moment had come.
    swept: usize,
}

impl Sweep {
    pub(super) fn run(context: &Context) -> Result<(), CliError> {
        let data = context.existing_data("office.none")?;
        let means = Means::of_system()?;
        let store = open_store(&data, &means, context.store_options()?, context.output)?;
        let store = Arc::new(store);
        let desk = open_local(&store, &means)?;
        let swept = desk.sweep()?;
        desk.watch_cover()?;
        store.close()?;
        context.output.show(&Swept { ok: true, swept }, Swept::lines)
    }
}

impl Swept {
    fn lines(&self) -> Vec<String> {
        let cases =
            if self.swept == 1 { "1 case".to_owned() } else { format!("{} cases", self.swept) };
        vec![format!("{cases} whose moment had come were looked at.")]
    }
}
