//! `casedesk reindex`.

use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::long::{rounded, stop_on_signals};
use super::open::{Means, build_index, open_local, open_store};

/// Makes the search index anew, from the records of the people.
///
/// It is asked for where `casedesk verify --deep` finds that the index is not what the records say; an index of an older
/// casedesk, or one that was not finished, is made anew when the database is opened. It needs the database for itself and
/// ends with 5 where another program has it. Words get new numbers, the most frequent ones the lowest, so rows change in a
/// sound index too; a second run changes none. However it is interrupted, no half index is taken for a whole one: the
/// next opening builds it.
///
///   casedesk reindex
///   casedesk reindex --json | jq .people
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Reindex {}

#[derive(Serialize)]
struct Reindexed {
    ok: bool,
    /// People who can be found.
    people: u64,
    /// Different words of their names and addresses.
    words: u32,
    /// Rows of the index that were not right.
    changed_rows: u64,
    /// Bytes by which the journal has grown.
    journal_bytes: u64,
    seconds: f64,
}

impl Reindex {
    pub(super) fn run(context: &Context) -> Result<(), CliError> {
        let data = context.existing_data("office.none")?;
        let stop = stop_on_signals()?;
        let means = Means::of_system()?;
        let store = open_store(&data, &means, context.store_options()?, context.output)?;
        let store = Arc::new(store);
        let desk = open_local(&store, &means)?;
        let before = store.statistics()?.journal_bytes;
        let begun = Instant::now();
        let made = build_index(&desk, &data, context.output, &stop)?;
        store.close()?;
        let reindexed = Reindexed {
            ok: true,
            people: made.people,
            words: made.words,
            changed_rows: made.changed_rows,
            journal_bytes: store.statistics()?.journal_bytes.saturating_sub(before),
            seconds: rounded(begun.elapsed().as_secs_f64()),
        };
        context.output.show(&reindexed, Reindexed::lines)
    }
}

impl Reindexed {
    fn lines(&self) -> Vec<String> {
        let Self { people, words, changed_rows, seconds, .. } = self;
        vec![format!(
            "{people} people can be found by {words} words; {changed_rows} rows were changed in {seconds} s."
        )]
    }
}
