//! Undo of an act on many cases: kept in parts, taken back part by part, and what was changed since stays.

use crate::codec::encode_record;
use crate::desk::command::{Command, RowResult, Undoable};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::local::Act;
use crate::desk::records::{Touched, UndoEntry, UndoMany, UndoPart};
use crate::desk::work::{Work, broken};
use crate::domain::limits::UNDO_ACTS_MAX;
use crate::domain::{CaseworkerId, EntityId, Refusal};

use super::each::each_label;
use super::undo::{UNDONE, find_act, nothing};
use super::undo_chain::PutBack;
use super::{Done, Run, undo_counter, undo_slot};

/// Where a part of an act is kept, beside the entry in the act's place of the ring.
pub(super) fn part_key(caseworker: CaseworkerId, act: u64, part: u32) -> Vec<u8> {
    let slot = act % u64::try_from(UNDO_ACTS_MAX).unwrap_or(50);
    keys::undo_of(caseworker).byte(2).number(slot).number(u64::from(part)).done()
}

/// Keeps what undoing an act on many cases takes: in a new entry, or in that of its first commit.
pub(in crate::desk) fn keep_many(work: &mut Work, act: &Act, done: &mut Done, sequence: u64) {
    if done.undo != Undoable::Yes {
        return;
    }
    if keep(work, act, done, sequence).is_err() {
        done.undo = Undoable::No("it changed too much at once".to_owned());
    }
}

fn keep(work: &mut Work, act: &Act, done: &Done, sequence: u64) -> Result<(), DeskError> {
    let begun = if let Command::ForEachOn { first, .. } = &act.command {
        (*first, find_act(work, act.actor, *first)?)
    } else {
        (sequence, None)
    };
    let (place, mut entry) = match begun {
        (_, Some(begun)) => begun,
        (first, None) => (new_slot(work, act.actor)?, new_entry(act, first)),
    };
    let mut many = entry.many.unwrap_or(UndoMany { parts: 0, left: 0, cases: 0, undone: 0 });
    for part in packed(&done.touched)? {
        many.cases += u32::try_from(part.cases.len()).unwrap_or(u32::MAX);
        let value = encode_record(&part).map_err(broken)?;
        work.put_state(part_key(act.actor, place, many.parts), Some(value));
        many.parts += 1;
    }
    many.left = many.parts;
    entry.label.clone_from(&done.label);
    if let Command::ForEach { act, .. } | Command::ForEachOn { act, .. } = &act.command
        && many.cases != 1
    {
        let cases = usize::try_from(many.cases).unwrap_or(usize::MAX);
        entry.label = each_label(&work.directory, act, cases, cases);
    }
    entry.many = Some(many);
    work.put_state(undo_slot(act.actor, place), Some(encode_record(&entry).map_err(broken)?));
    Ok(())
}

fn new_entry(act: &Act, sequence: u64) -> UndoEntry {
    UndoEntry {
        sequence,
        at: act.at,
        label: String::new(),
        touched: Touched::new(),
        is_undone: false,
        many: None,
    }
}

/// The next slot of the ring; the parts of the act that gives way are gone.
fn new_slot(work: &mut Work, actor: CaseworkerId) -> Result<u64, DeskError> {
    let counter = undo_counter(actor);
    let acts = work.get(&counter)?.map_or(0, |bytes| keys::last_number(&bytes));
    drop_parts(work, actor, acts)?;
    work.put_state(counter, Some((acts + 1).to_be_bytes().to_vec()));
    Ok(acts)
}

/// Forgets the parts of the act whose place this one is about to take.
fn drop_parts(work: &mut Work, actor: CaseworkerId, act: u64) -> Result<(), DeskError> {
    let old = work.state_record::<UndoEntry>(&undo_slot(actor, act))?;
    for part in 0..old.and_then(|old| old.many).map_or(0, |many| many.parts) {
        work.put_state(part_key(actor, act, part), None);
    }
    Ok(())
}

/// What was changed of each case, in parts that fit a record.
fn packed(touched: &[Touched]) -> Result<Vec<UndoPart>, DeskError> {
    let mut parts: Vec<UndoPart> = Vec::new();
    for changes in touched {
        if let Some(part) = parts.last_mut() {
            part.cases.push(changes.clone());
            if encode_record(part).is_ok() {
                continue;
            }
            part.cases.pop();
        }
        let part = UndoPart { cases: vec![changes.clone()] };
        encode_record(&part).map_err(broken)?;
        parts.push(part);
    }
    Ok(parts)
}

impl Run<'_> {
    /// Undoes the next part of an act on many cases that was begun to be undone.
    pub(super) fn undo_on(&mut self, first: u64) -> Result<Done, DeskError> {
        let found = self.act_of(first)?.filter(|(_, entry)| !entry.is_undone);
        let (act, entry) = found.ok_or_else(nothing)?;
        self.undo_part(act, entry)
    }

    /// Undoes one part. A case that somebody has changed since stays as it is, and the others are put back.
    pub(super) fn undo_part(&mut self, act: u64, mut entry: UndoEntry) -> Result<Done, DeskError> {
        let mut many = entry.many.filter(|many| many.left > 0).ok_or_else(nothing)?;
        let number = many.left - 1;
        let part = self.work.state_record::<UndoPart>(&part_key(self.doer.actor, act, number))?;
        let (mut rows, mut put_back) = (Vec::new(), PutBack::new());
        for changes in part.unwrap_or_default().cases.into_iter().rev() {
            rows.push(self.undo_one(&entry, changes, &mut put_back)?);
        }
        let undone = rows.iter().filter(|row| matches!(row, RowResult::Updated(_))).count();
        many.left = number;
        many.undone += u32::try_from(undone).unwrap_or(u32::MAX);
        let mut done = Done::new(format!("{UNDONE}{}", entry.label)).leaves_nothing();
        if number > 0 {
            done.rest = Some(entry.sequence);
        } else if many.undone > 0 {
            entry.is_undone = true;
        } else {
            // Nothing was put back: the act stands, and can be tried again.
            many.left = many.parts;
        }
        entry.many = Some(many);
        let value = encode_record(&entry).map_err(broken)?;
        self.work.put_state(undo_slot(self.doer.actor, act), Some(value));
        self.renumber_earlier(put_back)?;
        done.subject = rows.first().and_then(record_of);
        done.rows = rows;
        Ok(done)
    }

    pub(super) fn undo_one(
        &mut self,
        entry: &UndoEntry,
        changes: Touched,
        put_back: &mut PutBack,
    ) -> Result<RowResult, DeskError> {
        let mut ids = changes.iter().map(|(id, _, _)| id);
        let case = ids
            .find(|id| matches!(id, EntityId::Case(_)))
            .or_else(|| changes.first().map(|(id, _, _)| id));
        let Some(case) = case.cloned() else { return Err(nothing()) };
        let begun = self.work.begin_part();
        let mut whole = PutBack::new();
        for (id, version, before) in changes {
            let Err(error) = self.put_back(entry, id, version, before, &mut whole) else {
                continue;
            };
            self.work.roll_back(&begun);
            return Ok(match error {
                DeskError::Changed { entity, .. } => RowResult::Conflict(entity),
                DeskError::Refused(refusal) => RowResult::Refused(case, refusal),
                DeskError::NotFound(what) => RowResult::Refused(
                    case,
                    Refusal::new("undo.gone", format!("There is no {what}."), ""),
                ),
                error @ (DeskError::Closed(_)
                | DeskError::ReadOnly(_)
                | DeskError::Broken(_)
                | DeskError::Lost(_)
                | DeskError::GivenUp) => return Err(error),
            });
        }
        put_back.append(&mut whole);
        Ok(RowResult::Updated(case))
    }
}

/// The record that a row is about.
fn record_of(row: &RowResult) -> Option<EntityId> {
    match row {
        RowResult::Created(id)
        | RowResult::Updated(id)
        | RowResult::Unchanged(id)
        | RowResult::Conflict(id)
        | RowResult::Refused(id, _) => Some(id.clone()),
        RowResult::Rejected(_) => None,
    }
}
