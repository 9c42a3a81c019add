//! What somebody should see to, in sentences that say what to do.

use crate::domain::time::Instant;
use crate::text::{amount_of_bytes, grouped};

use super::words::age;
use super::{MIB, Report, UNKNOWN, seconds_between};
use crate::cli::log::LogFile;

const DAY_SECONDS: i64 = 86_400;
/// A backup that is older wants a newer one.
const BACKUP_SECONDS_MAX: i64 = 7 * DAY_SECONDS;
/// How far back errors in the log are told.
const ERROR_SECONDS_MAX: i64 = 7 * DAY_SECONDS;
/// A journal without a snapshot that is longer takes long to make a database of.
const JOURNAL_BYTES_MAX: u64 = 512 * MIB;
/// Room for so many times the smallest free space is little.
const FLOORS_MIN: u64 = 4;

/// What wants attention besides what the desk says itself.
pub(super) fn on(report: &Report, log: &LogFile, now: Instant) -> Vec<String> {
    let premises = &report.premises;
    let data = &report.data;
    let mut advice = Vec::new();
    let little = report.floor_bytes.saturating_mul(FLOORS_MIN);
    if let Some(free) = premises.free_bytes.filter(|free| *free < little && report.ok) {
        let (free, floor) = (amount_of_bytes(free), amount_of_bytes(report.floor_bytes));
        advice.push(format!(
            "Only {free} are free where {data} lies, and below {floor} no change is accepted: make room."
        ));
    }
    match &report.backup {
        None => advice.push("No backup is known: casedesk backup DIR makes one.".to_owned()),
        Some(backup) if backup.age_seconds > BACKUP_SECONDS_MAX => advice.push(format!(
            "The last backup is {} old: casedesk backup DIR makes a new one.",
            age(backup.age_seconds)
        )),
        Some(_) => {}
    }
    if premises.snapshots.is_empty() && premises.journal_bytes > JOURNAL_BYTES_MAX {
        advice.push(format!(
            "There is no snapshot: a lost database would have to be made anew from the whole journal of {}. The next \
             change makes one, if casedesk stays open for some minutes after it.",
            amount_of_bytes(premises.journal_bytes)
        ));
    }
    for aside in &premises.set_aside {
        advice.push(format!(
            "{} ({}) was set aside because it could not be relied on. casedesk needs it no more: delete {data}/{} by \
             hand once nobody wants to look into it.",
            aside.name,
            amount_of_bytes(aside.bytes),
            aside.name
        ));
    }
    for kind in report.kinds.iter().filter(|kind| kind.group == UNKNOWN) {
        advice.push(format!(
            "{} keys are of a kind that this program does not know ({}): a newer casedesk may have written them. Use \
             that one, and run `casedesk verify`.",
            grouped(kind.keys),
            kind.kind
        ));
    }
    if let Some((at, line)) = log.newest(|line| line.contains(" error "))
        && seconds_between(at, now) < ERROR_SECONDS_MAX
    {
        advice.push(format!("The log ({data}/log) has an error: {line}"));
    }
    advice
}
