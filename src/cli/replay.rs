//! `casedesk replay`.

use std::ffi::OsString;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::clock::StillClock;
use super::error::CliError;
use super::long::progress_bar;
use super::open::{Means, Opened};
use super::output::{self, Output};
use super::{Cli, Command, Context, board, carry_out, parse};
use crate::desk::{
    self, AskClosedFiles, AskWho, DeskError, LocalDesk, Until, WhoAnswer, find_past,
    is_of_older_layout, past_in_words, renew,
};
use crate::domain::office::Purpose;
use crate::domain::time::{Day, Instant, Zone};
use crate::domain::{Past, PersonId};
use crate::store::{
    JournalReader, OpenOptions, OpenProgress, REPLICA_PREFIX, Replica, Sequence,
    remove_replicas_left_behind,
};

/// Opens the office as it was once, to be read only.
///
/// It is made anew from the journal, beside an open desk too, and removed afterwards. Without COMMAND the terminal program
/// opens on it; with one, what it would have answered then is printed. The desk's clock stands: what was due or late is so
/// as of then. Your rights are those of today, fields stay masked, and that you looked is recorded before anything is shown.
///
/// SEQ is the number of an event in the audit trail, and its whole commit belongs to it. TIME is a moment in the office's
/// own time, or one with an offset, or a day, which means its end. Events carry the clock of the desk that wrote them; a
/// moment means everything before the first commit that has an event later than it.
///
///   casedesk replay --until 4711 --purpose complaint
///   casedesk replay --until 2026-11-20T14:00 --purpose complaint -- case show C-1 --json
///   casedesk replay --until 2026-11-20 --purpose verification -- queue list
///   casedesk replay --until 2026-11-20T14:00:00+01:00 --purpose casework -- find mohammadi
///   casedesk replay --commit 120 --purpose correction -- person show P-7
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Replay {
    /// The last event, or the last moment
    #[arg(
        long,
        value_name = "SEQ|TIME",
        required_unless_present = "commit",
        conflicts_with = "commit"
    )]
    until: Option<UntilText>,
    /// The last commit of the journal, as `verify` counts them
    #[arg(long, value_name = "N")]
    commit: Option<u64>,
    /// Why: casework, contact, verification, correction or complaint; it is recorded
    #[arg(long, value_name = "CODE")]
    purpose: String,
    /// What to ask the office as it was: find, case, person, queue, office or reconcile, with its options
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// How far back, as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UntilText {
    /// An event of the audit trail.
    Event(u64),
    /// The end of a day in the office's zone.
    Day(Day),
    /// A moment in the office's zone.
    Local(DateTime),
    /// A moment with its offset.
    Exact(Instant),
}

impl FromStr for UntilText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(event) = text.parse() {
            return Ok(Self::Event(event));
        }
        if let Ok(exact) = text.parse::<Timestamp>() {
            return Ok(Self::Exact(Instant::from_timestamp(exact)));
        }
        let read = if text.contains(':') {
            text.parse::<DateTime>().map(Self::Local)
        } else {
            text.parse::<Date>().map(|date| Self::Day(Day::from_date(date)))
        };
        read.map_err(|_neither| {
            format!("`{text}` is no event like 4711, no moment like 2026-11-20T14:00 and no day like 2026-11-20")
        })
    }
}

impl UntilText {
    /// What is meant in an office where it is `now`. The end of today has not come, so that today means now.
    fn in_zone(self, zone: &Zone, now: Instant) -> Until {
        match self {
            Self::Event(event) => Until::Event(event),
            Self::Exact(moment) => Until::Moment(moment),
            Self::Day(day) if day == zone.day(now) => Until::Moment(now),
            Self::Day(day) => {
                let midnight = zone.instant(day.plus_days(1), 0, 0).milliseconds();
                Until::Moment(Instant::from_milliseconds(midnight.saturating_sub(1)))
            }
            Self::Local(local) => {
                let minute =
                    zone.instant(Day::from_date(local.date()), local.hour(), local.minute());
                let rest = i64::from(local.second()) * 1_000 + i64::from(local.millisecond());
                Until::Moment(Instant::from_milliseconds(
                    minute.milliseconds().saturating_add(rest),
                ))
            }
        }
    }
}

impl Replay {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        if context.is_desk_alone() {
            return Err(CliError::refused(
                "past.daemon",
                "The office as it was is made from the journal, which the office's daemon alone may read.",
                "Whoever runs the system restores a backup for you (casedesk restore) and has it answer, with a configuration without the daemon: casedesk --config FILE --data DIR --as ACCOUNT replay. What was done is in the trail: casedesk audit show.",
            ));
        }
        let inner = self.inner()?;
        if inner.is_none() {
            board::check_terminal(context)?;
        }
        let data = context.existing_data("past.none")?;
        let (past, who, closed) = self.recorded(context, &data)?;
        let scratch = scratch(&data)?;
        let options = context.store_options()?;
        let opened =
            open_past((&data, scratch.path()), &options, past, (&who, &closed), context.output)?;
        let context = context.prepared(opened);
        match inner.and_then(|inner| inner.command) {
            Some(command) => carry_out(Some(command), &context),
            None => board::show(&context, &context.open()?),
        }
    }

    /// The command for the office as it was, if one is given.
    fn inner(&self) -> Result<Option<Cli>, CliError> {
        if self.command.is_empty() {
            return Ok(None);
        }
        let name = OsString::from("casedesk");
        let inner = parse(std::iter::once(name).chain(self.command.iter().cloned()))
            .map_err(|message| CliError::Usage(Box::new(message)))?;
        let is_reading = inner.command.as_ref().is_some_and(Command::reads_the_desk);
        if !is_reading || inner.global.data.is_some() || inner.global.account.is_some() {
            return Err(CliError::refused(
                "past.command",
                "The office as it was answers find, case, person, queue, office and reconcile, and takes no --data or --as of its own.",
                "Give --data and --as before the two dashes.",
            ));
        }
        Ok(Some(inner))
    }

    /// Finds the past in the journal, and records in the office of today who looks at it and why. The office is closed
    /// again then, if it was not open before: what follows takes nothing of it.
    fn recorded(
        &self,
        context: &Context,
        data: &Path,
    ) -> Result<(Past, WhoAnswer, Vec<PersonId>), CliError> {
        let purpose = Purpose(self.purpose.clone());
        let today = context.open()?;
        let who = today.ask(AskWho {})?;
        let zone = who.office.calendar.zone();
        let until = match (self.until, self.commit) {
            (_, Some(commit)) => Until::Commit(commit),
            (Some(until), None) => until.in_zone(&zone, who.at),
            (None, None) => Until::Moment(who.at),
        };
        let journal = JournalReader::open(data, Sequence(1))?;
        let bar = progress_bar(context.output);
        bar.set_message("looking for it");
        let past = find_past(journal, until, who.at, &zone, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        });
        bar.finish_and_clear();
        let past = past?;
        today.execute(desk::Command::LookBack { past, purpose })?;
        let closed = today.ask(AskClosedFiles {})?.people;
        Ok((past, who, closed))
    }
}

impl Command {
    /// Whether the command only asks the desk, so that the office as it was can answer it.
    fn reads_the_desk(&self) -> bool {
        matches!(
            self,
            Self::Find(_)
                | Self::Case(_)
                | Self::Person(_)
                | Self::Queue(_)
                | Self::Office(_)
                | Self::Reconcile(_)
        )
    }
}

/// A directory for the office as it was, in the data directory, where whatever protects the data protects it too.
fn scratch(data: &Path) -> Result<tempfile::TempDir, CliError> {
    if let Err(error) = remove_replicas_left_behind(data) {
        output::tell(&format!("What an earlier replay left behind stays: {error}."));
    }
    tempfile::Builder::new()
        .prefix(REPLICA_PREFIX)
        .tempdir_in(data)
        .map_err(CliError::failed_to(format!("make a directory in {}", data.display())))
}

/// Makes the office as it was and signs in at it.
fn open_past(
    (data, scratch): (&Path, &Path),
    options: &OpenOptions,
    past: Past,
    (who, closed): (&WhoAnswer, &[PersonId]),
    output: Output,
) -> Result<Opened, CliError> {
    let bar = progress_bar(output);
    bar.set_message("making the office as it was");
    let why = past_in_words(&past, &who.office.calendar.zone());
    let until = Sequence(past.commit);
    let replica = Replica::build(data, scratch, until, &why, options, &|progress| {
        if let OpenProgress::Replaying { done_bytes, total_bytes } = progress {
            bar.set_length(total_bytes);
            bar.set_position(done_bytes);
        }
    });
    bar.finish_and_clear();
    let means = Means { clock: Arc::new(StillClock(past.at)), ..Means::of_system()? };
    let (clock, entropy) = (Arc::clone(&means.clock), Arc::clone(&means.entropy));
    let replica = replica?;
    if is_of_older_layout(&replica)? {
        let zone = who.office.calendar.zone();
        let mut amend =
            |writes| replica.amend(writes).map_err(|error| DeskError::Broken(error.to_string()));
        renew(&replica, &zone, &mut amend, &|_| {})?;
    }
    let session = LocalDesk::open_past(Arc::new(replica), clock, entropy, past, (who, closed))?;
    Ok(Opened::apart(Arc::new(session), data, means))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_the_zone_of_the_office() {
        let zone = Zone::named("Europe/Oslo").unwrap();
        let now = zone.instant(Day::from_parts(2026, 11, 22).unwrap(), 9, 30);
        let read = |text: &str| text.parse::<UntilText>().unwrap().in_zone(&zone, now);
        let at = |text: &str| Until::Moment(Instant::from_timestamp(text.parse().unwrap()));
        assert_eq!(read("4711"), Until::Event(4711));
        assert_eq!(read("2026-11-20T14:00"), at("2026-11-20T13:00:00Z"));
        assert_eq!(read("2026-08-20 14:00:30"), at("2026-08-20T12:00:30Z"));
        assert_eq!(read("2026-11-20T14:00+05:30"), at("2026-11-20T08:30:00Z"));
        assert_eq!(read("2026-11-20T14:00:00Z"), at("2026-11-20T14:00:00Z"));
        assert_eq!(read("2026-11-20"), at("2026-11-20T22:59:59.999Z"));
        assert_eq!(read("2026-11-22"), Until::Moment(now), "today has no end yet");
        for wrong in
            ["", "yesterday", "-3", "2026-13-01", "2026-11-20T25:00", "99999999999999999999"]
        {
            assert!(wrong.parse::<UntilText>().is_err(), "{wrong}");
        }
    }
}
