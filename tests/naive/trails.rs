//! The audit trail as it is exported and shown, event by event.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use casedesk::domain::{CaseId, Event, MessageId, PersonId, PromiseId};

use super::expected::same;
use super::exports::Asker;
use super::state::Sees;

/// An event of an exported trail.
#[derive(serde::Deserialize)]
pub(crate) struct Line {
    pub(crate) sequence: u64,
    hash: String,
    previous: String,
    what: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    event: Option<Event>,
}

/// Whether a record that the trail names by its number may be known to be there; nothing where it is of another kind.
fn is_seen(sees: &Sees<'_>, record: &str) -> Option<bool> {
    let case = |id: CaseId| sees.state.cases.get(&id).is_some_and(|case| sees.record(case));
    let person = |id: PersonId| sees.state.people.get(&id).is_some_and(|it| sees.knows(it));
    if let Ok(id) = record.parse::<CaseId>() {
        return Some(case(id));
    }
    if let Ok(id) = record.parse::<PersonId>() {
        return Some(person(id));
    }
    if let Ok(id) = record.parse::<MessageId>() {
        let message = sees.state.messages.get(&id)?;
        return Some(case(message.case));
    }
    if let Ok(id) = record.parse::<PromiseId>() {
        let promised = &sees.state.promises.get(&id)?.promised;
        return Some(person(promised.to) && promised.case.is_none_or(case));
    }
    None
}

/// The records that an event names by their numbers.
fn named(event: &Event) -> impl Iterator<Item = String> {
    let words = format!("{event:?}");
    let kinds = [("CaseId(", 'C'), ("PersonId(", 'P'), ("MessageId(", 'M'), ("PromiseId(", 'R')];
    kinds.into_iter().flat_map(move |(kind, letter)| {
        let numbers = words.split(kind).skip(1).filter_map(|part| part.split(')').next());
        let named = numbers.map(|number| format!("{letter}-{number}"));
        named.collect::<Vec<String>>()
    })
}

/// Compares exported trails with one another: each event that one exports is exported by everybody who may see its record,
/// and is hidden from everybody else.
pub(crate) fn compare_trails(trails: &[(&'static str, Sees<'_>, Vec<Line>)]) -> Vec<String> {
    let mut known: BTreeMap<u64, (&str, Option<&Event>)> = BTreeMap::new();
    for line in trails.iter().flat_map(|(_, _, lines)| lines) {
        if line.what != "hidden" {
            let entry = known.entry(line.sequence).or_insert((&line.record, None));
            entry.1 = entry.1.or(line.event.as_ref());
        }
    }
    let mut wrong = Vec::new();
    for (account, sees, lines) in trails {
        let mut complain = |line: &Line, what: &str| {
            wrong
                .push(format!("{account} export {}\n    {what} of {}", line.sequence, line.record));
        };
        for (place, line) in lines.iter().enumerate() {
            let before = place.checked_sub(1).map(|before| &lines[before]);
            if line.sequence != place as u64 + 1
                || before.is_some_and(|before| before.hash != line.previous)
            {
                complain(line, "breaks the chain");
            }
            let Some((record, event)) = known.get(&line.sequence) else { continue };
            let Some(seen) = is_seen(sees, record) else { continue };
            if seen == (line.what == "hidden") {
                complain(line, if seen { "hides an event" } else { "shows an event" });
            }
            let Some(event) = event.filter(|_| seen) else { continue };
            let all_seen = named(event).all(|record| is_seen(sees, &record) != Some(false));
            if line.event.is_some() && !all_seen {
                complain(line, "says who is hidden in an event");
            }
        }
    }
    wrong
}

impl Asker<'_> {
    /// The trail as it may be exported: nothing where it may not be.
    pub(crate) fn trail(&mut self) -> Vec<Line> {
        let file = self.home.join(format!("{}.jsonl", self.account));
        let to = file.display().to_string();
        self.print(&["audit", "export", "--to", &to], &["--json"]);
        let text = fs::read_to_string(&file).unwrap_or_default();
        // Each event goes by its own record; that one was merged into a hidden one since hides nothing of it. The numbers
        // are compared event by event.
        let told = self.hidden.told_by("", &text);
        for told in told.into_iter().filter(|told| told.contains(" of name of ")) {
            self.complain(&["audit", "export"], &told);
        }
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What the trail shows of what somebody did themselves, where they export all of it as well.
    pub(crate) fn read_trail(&mut self, lines: &[Line]) {
        let account = self.account;
        let own = ["audit", "show", "--by", account, "--last", "100000"];
        self.check_where_allowed(&own, |_, answer| {
            let events = answer["events"].as_u64().unwrap_or_default();
            let entries = answer["entries"].as_array().cloned().unwrap_or_default();
            let by = entries.iter().find(|entry| entry["by"].as_str() != Some(account));
            same("by others", &by, &None)?;
            if lines.is_empty() {
                return Ok(());
            }
            let got = entries.iter().filter_map(|entry| entry["sequence"].as_u64());
            let exported = lines.last().unwrap().sequence;
            let got: BTreeSet<u64> = got.filter(|place| *place <= exported).collect();
            let shown =
                lines.iter().filter(|line| line.what != "hidden" && line.account == account);
            let wanted = shown.map(|line| line.sequence).filter(|place| *place <= events);
            same("own events", &got, &wanted.collect())
        });
    }
}
