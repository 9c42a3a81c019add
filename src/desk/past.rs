//! The office as it was: which commit a moment means, and a desk at which everything is read and nothing is written.
//!
//! A past lies between two commits, and never inside one. The order of commits is the only order there is; events carry
//! the clock of whoever carried them out, and a clock may have been wrong. So a moment means every commit before the first
//! one that has an event later than it: nothing in the office of that moment is stamped later, also where the clock was set
//! back afterwards. Where a clock ran ahead for a while, a moment ends before that while, however much was done after it,
//! and the number of an event reaches what the moment does not.

use std::sync::Arc;

use crate::codec::decode_record;
use crate::domain::office::Caseworker;
use crate::domain::time::{Instant, Zone};
use crate::domain::{Past, PersonId, Refusal, UnitId};
use crate::store::{Frame, JournalReader, Store, Write};

use super::answer::WhoAnswer;
use super::attendance::Token;
use super::command::{Command, Receipt};
use super::directory::Directory;
use super::error::DeskError;
use super::health::Notice;
use super::keys;
use super::local::{Clock, Entropy, LocalDesk, Signed, load, run_all};
use super::records::ChainHead;
use super::session::Session;
use super::trail::{events_after, unreadable};
use super::work::{Work, broken};

/// How far back somebody wants to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// To the commit that wrote this event of the audit trail.
    Event(u64),
    /// To this commit of the journal.
    Commit(u64),
    /// To this moment, what happened in it included.
    Moment(Instant),
}

/// Finds the past that is meant in a journal that is read from its first commit on. `now` is the moment that has come, and
/// `progress` hears of bytes read and bytes in all.
///
/// # Errors
/// There was no office yet, or what is asked for has not come yet: the sentence says what there is. The journal cannot be
/// read.
pub fn find_past(
    mut journal: JournalReader,
    until: Until,
    now: Instant,
    zone: &Zone,
    progress: &dyn Fn(u64, u64),
) -> Result<Past, DeskError> {
    if let Until::Moment(moment) = until
        && moment > now
    {
        return Err(not_yet(
            format!("{} has not come yet.", in_words(moment, zone)),
            format!("It is {}.", in_words(now, zone)),
        ));
    }
    let total_bytes = journal.bytes_ahead();
    let (mut commit, mut event) = (0, 0);
    let mut newest: Option<Frame> = None;
    let mut first_after = None;
    while let Some(frame) = journal.next().transpose().map_err(broken)? {
        progress(total_bytes.saturating_sub(journal.bytes_ahead()), total_bytes);
        let is_after = match until {
            Until::Event(wanted) => event >= wanted,
            Until::Commit(wanted) => frame.sequence.0 > wanted,
            Until::Moment(moment) => {
                events_after(&frame, event)?.iter().any(|record| record.at > moment)
            }
        };
        if is_after {
            first_after = Some(frame);
            break;
        }
        commit = frame.sequence.0;
        if let Some(head) = head_after(&frame)? {
            event = head;
            newest = Some(frame);
        }
    }
    let at = |frame: &Frame| {
        let records = events_after(frame, event.saturating_sub(1))?;
        Ok::<_, DeskError>(records.last().map_or(now, |record| record.at))
    };
    let last_at = newest.as_ref().map(at).transpose()?;
    let Some(last_at) = last_at else {
        return Err(before_everything(first_after.as_ref(), zone)?);
    };
    let there =
        format!("The last is event {event}, of {}, in commit {commit}.", in_words(last_at, zone));
    match until {
        Until::Event(wanted) if wanted > event => {
            Err(not_yet(format!("There is no event {wanted} yet."), there))
        }
        Until::Commit(wanted) if wanted > commit => {
            Err(not_yet(format!("There is no commit {wanted} yet."), there))
        }
        Until::Moment(at) => Ok(Past { commit, event, at }),
        Until::Event(_) | Until::Commit(_) => Ok(Past { commit, event, at: last_at }),
    }
}

/// The chain's last event after a commit, where the commit added any.
fn head_after(frame: &Frame) -> Result<Option<u64>, DeskError> {
    let chain = keys::chain_head();
    let newest = frame.writes.iter().rev().find_map(|write| match write {
        Write::Put(key, value) if *key == chain => Some(value),
        Write::Put(..) | Write::Delete(_) => None,
    });
    let Some(value) = newest else { return Ok(None) };
    let head: ChainHead = decode_record(value).map_err(|error| unreadable(frame, &error))?;
    Ok(Some(head.sequence))
}

fn not_yet(what: String, hint: String) -> DeskError {
    Refusal::new("past.later", what, hint).into()
}

/// There is nothing to look at: the journal begins later, or has nothing in it.
fn before_everything(first: Option<&Frame>, zone: &Zone) -> Result<DeskError, DeskError> {
    let records = first.map(|frame| events_after(frame, 0)).transpose()?.unwrap_or_default();
    let hint = records.first().map_or_else(
        || "Nothing has happened in it.".to_owned(),
        |record| {
            format!("It began with event {}, on {}.", record.sequence, in_words(record.at, zone))
        },
    );
    Ok(Refusal::new("past.earlier", "There was no office yet.", hint).into())
}

/// A moment as `2026-11-20 14:00`, in the office's own time.
fn in_words(at: Instant, zone: &Zone) -> String {
    let (hour, minute) = zone.hour_minute(at);
    format!("{} {hour:02}:{minute:02}", zone.day(at))
}

/// The sentence with which the office as it was refuses to be changed.
#[must_use]
pub fn past_in_words(past: &Past, zone: &Zone) -> String {
    let at = in_words(past.at, zone);
    format!(
        "this is the office as it was on {at} (up to event {}): nothing in it can be changed",
        past.event
    )
}

/// What every screen of the office as it was shows.
fn notice(past: &Past, zone: &Zone) -> Notice {
    let at = in_words(past.at, zone);
    Notice {
        heading: "READ-ONLY".to_owned(),
        short: format!("the office as it was on {at}"),
        story: vec![
            format!("This is the office as it was on {at}, up to event {} of the audit trail.", past.event),
            "It was made from the journal to be looked at. Queues, dues and what is late are as of then; your rights are \
             those of today, and fields stay masked. That you look is recorded in the office of today."
                .to_owned(),
            "Nothing can be changed here: close it, and do it in the office of today.".to_owned(),
        ],
        is_trouble: false,
    }
}

impl LocalDesk {
    /// Signs `who` in at the office as it was, which `store` holds: with the rights that the office of today gives them,
    /// so that nobody gets around the loss of a right by going back, and with `closed`, the people whose files are closed to
    /// them today ([`AskClosedFiles`](super::AskClosedFiles)), closed beside those that were closed then. The clock is to
    /// stand at the past's moment.
    ///
    /// Opening a file is allowed within these rights and leaves no further trace; whoever opens this desk has recorded that
    /// they look back ([`Command::LookBack`]) before. Fields stay masked.
    ///
    /// # Errors
    /// The store cannot be read, or there was no unit yet to sit down in.
    pub fn open_past(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        past: Past,
        (who, closed): (&WhoAnswer, &[PersonId]),
    ) -> Result<Session, DeskError> {
        let mut directory = load(store.as_ref())?;
        let visitor = visitor(who, &directory)?;
        directory.bring_rights(visitor.id, &who.rights);
        Arc::make_mut(&mut directory.conflicts).close(visitor.id, closed);
        directory.visitor = Some(visitor);
        let desk = Self::over(store, clock, entropy, directory, Some(past));
        desk.stand(notice(&past, &who.office.calendar.zone()));
        let token = Token::of(&desk);
        Ok(Session { desk, actor: who.caseworker.id, on_behalf_of: None, token })
    }

    /// Carries out what leaves nothing behind: opening a file. Everything else is refused.
    pub(super) fn execute_in_past(
        &self,
        past: &Past,
        acts: &Arc<Vec<Signed>>,
    ) -> Result<Receipt, DeskError> {
        let command = acts.first().map(|(act, _)| &act.command);
        match command {
            Some(Command::OpenCase { .. } | Command::OpenPerson { .. }) => {}
            Some(Command::RevealPerson { person, .. }) => {
                return Err(Refusal::new(
                    "past.masked",
                    "In the office as it was, fields stay masked.",
                    format!(
                        "Show them in the file of {person} as it is today; that is recorded there."
                    ),
                )
                .into());
            }
            Some(_) | None => return Err(self.is_past(past)),
        }
        let mut work = Work::new(Arc::clone(&self.store), self.directory(), [0; 16])?;
        let done = run_all(&mut work, acts, false, past.commit).pop();
        let done = done.unwrap_or_else(|| Err(self.is_past(past)))?;
        Ok(Receipt { label: String::new(), ..done.receipt(past.commit) })
    }

    /// The refusal of whatever would change the office as it was.
    pub(super) fn is_past(&self, past: &Past) -> DeskError {
        let zone = self.directory().office.as_ref().map_or_else(Zone::utc, |it| it.calendar.zone());
        let why = past_in_words(past, &zone);
        let mut letters = why.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        Refusal::new(
            "past.read-only",
            format!("{}{}.", first.unwrap_or_default(), letters.as_str()),
            "Close it, and do it in the office of today.",
        )
        .into()
    }
}

/// Whoever looks back: as they are today, with the grants that have not run out today, in the unit that they were in then.
/// Somebody who was not there yet sits in today's unit, or in the first where that was not open yet.
fn visitor(who: &WhoAnswer, then: &Directory) -> Result<Caseworker, DeskError> {
    let today = who.office.calendar.zone().day(who.at);
    let mut visitor = who.caseworker.clone();
    visitor.grants.retain(|grant| grant.expires.is_none_or(|last| last >= today));
    // What holds today holds for the look, whatever day it is in it.
    visitor.grants.iter_mut().for_each(|grant| grant.expires = None);
    let was_in = then.caseworkers.get(&visitor.id).map(|then| then.unit);
    let is_open = |unit: &UnitId| then.units.contains_key(unit);
    let first = then.units.keys().next().copied();
    let unit = was_in.or(Some(visitor.unit)).filter(is_open).or(first);
    visitor.unit = unit.ok_or_else(|| {
        Refusal::new("past.earlier", "There was no office yet.", "Look at it somewhat later.")
    })?;
    Ok(visitor)
}
