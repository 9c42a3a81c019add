//! One act on many cases at a session: divided into commits that fit the store, undone as one, and shown before it is done.

use std::sync::Arc;

use crate::domain::cases::EachAct;
use crate::domain::{CaseId, Entity, EntityId, Refusal};
use crate::store::CommitId;

use super::answer::{EachLetter, EachLine, ForEachAnswer};
use super::chain::draw;
use super::command::{Command, Receipt, RowResult, Undoable};
use super::error::DeskError;
use super::local::{Act, LocalDesk, Settled, Signed};
use super::run::{Done, each_label, run};
use super::session::Session;
use super::timeline;
use super::work::{Doer, Work};

/// Cases of one commit: with the largest records and timelines there are, their writes fit one frame of the store.
const CASES_A_COMMIT: usize = 12;
/// Parts that one undo takes back; an act on many cases has fewer.
const PARTS_MAX: u64 = 1_000;
/// Records that the line about an undo names as changed since.
const NAMED_MAX: usize = 3;

/// What one commit of several came to.
struct Step {
    sequence: u64,
    receipt: Receipt,
    rest: Option<u64>,
    is_repeated: bool,
}

impl Session {
    fn step(&self, id: u128, command: Command) -> Result<Step, DeskError> {
        let act = Act { actor: self.actor, at: self.desk.clock.now(), command };
        let acts: Arc<Vec<Signed>> = Arc::new(vec![(act, self.on_behalf_of.clone())]);
        let lost = || DeskError::Lost("it gave no result".to_owned());
        match self.desk.settle(CommitId(id), &acts, true)? {
            Settled::New { sequence, results } => {
                let done: Done = results.into_iter().next().ok_or_else(lost)??;
                let rest = done.rest;
                Ok(Step { sequence, receipt: done.receipt(sequence), rest, is_repeated: false })
            }
            Settled::Repeated { sequence, receipts } => {
                let receipt = receipts.into_iter().next().ok_or_else(lost)??;
                Ok(Step { sequence, receipt, rest: None, is_repeated: true })
            }
        }
    }

    /// Does something with each of many cases, in as many commits as it takes. Where one of them fails after the first, its
    /// cases and the rest are refused, and what was done stays and can be undone.
    pub(super) fn for_each(
        &self,
        id: u128,
        cases: &[(CaseId, Option<u64>)],
        act: &EachAct,
    ) -> Result<Receipt, DeskError> {
        act.check(cases.len())?;
        let mut whole: Option<Receipt> = None;
        let mut failed: Option<DeskError> = None;
        let mut is_repeated = false;
        for (place, chunk) in (0_u64..).zip(cases.chunks(CASES_A_COMMIT)) {
            if let (Some(whole), Some(error)) = (&mut whole, &failed) {
                whole.rows.extend(chunk.iter().map(|(id, _)| not_reached(*id, error)));
                continue;
            }
            let (cases, act) = (chunk.to_vec(), act.clone());
            // A commit that only refused has no place: then the next one is the first.
            let command =
                match whole.as_ref().map(|whole| whole.sequence).filter(|first| *first > 0) {
                    Some(first) => Command::ForEachOn { cases, act, first },
                    None => Command::ForEach { cases, act },
                };
            let step = self.step(commit_id(id, place), command);
            is_repeated |= step.as_ref().is_ok_and(|step| step.is_repeated);
            match (step, &mut whole) {
                (Ok(step), None) => whole = Some(with_rows(step, chunk)),
                (Ok(step), Some(whole)) => {
                    let Receipt { sequence, created, undo, rows, .. } = with_rows(step, chunk);
                    whole.rows.extend(rows);
                    whole.created.extend(created);
                    whole.sequence = if whole.sequence == 0 { sequence } else { whole.sequence };
                    if whole.undo != Undoable::Yes && undo != Undoable::Nothing {
                        whole.undo = undo;
                    }
                }
                (Err(error), None) => return Err(error),
                (Err(error), Some(whole)) => {
                    whole.rows.extend(chunk.iter().map(|(id, _)| not_reached(*id, &error)));
                    failed = Some(error);
                }
            }
        }
        let mut whole = whole.ok_or_else(|| DeskError::Lost("it gave no result".to_owned()))?;
        if is_repeated {
            // Of a commit that was made before nobody knows any more which cases it refused; what is kept for undoing the
            // whole act says how many were done.
            if let Some(kept) = self.desk.kept_act(self.actor, whole.sequence)? {
                whole.label = kept.label;
            }
        } else if cases.len() > CASES_A_COMMIT {
            let done = whole.rows.iter().filter(|row| matches!(row, RowResult::Updated(_))).count();
            whole.label = each_label(&self.desk.directory(), act, done, cases.len());
        }
        Ok(whole)
    }

    /// Undoes the actor's last act; one on many cases part by part. What was changed since stays, and is named.
    pub(super) fn undo(&self, id: u128) -> Result<Receipt, DeskError> {
        let first = self.undo_handing_over(id)?;
        let (mut rest, mut whole) = (first.rest, first.receipt);
        let is_of_many = rest.is_some() || !whole.rows.is_empty();
        if !is_of_many || first.is_repeated {
            return Ok(whole);
        }
        for place in 1..PARTS_MAX {
            let Some(first) = rest else { break };
            match self.step(commit_id(id, place), Command::UndoOn { first }) {
                Ok(step) => {
                    whole.rows.extend(step.receipt.rows);
                    rest = step.rest;
                }
                Err(error) => {
                    whole.label = format!("{} Not all yet: {error}. Undo once more.", whole.label);
                    return Ok(whole);
                }
            }
        }
        self.told_of_undo(whole)
    }

    /// Undoes the newest act, and where it only went on with a handing over, the ones before it as far as that one began.
    fn undo_handing_over(&self, id: u128) -> Result<Step, DeskError> {
        let went_on = |step: &Step| {
            matches!(step.receipt.rows.as_slice(), [RowResult::Unchanged(EntityId::Caseworker(_))])
        };
        let mut step = self.step(id, Command::Undo)?;
        for place in 1..PARTS_MAX {
            if !went_on(&step) {
                break;
            }
            match self.step(commit_id(id, place), Command::Undo) {
                Ok(next) => step = next,
                Err(error) => {
                    step.receipt.label = format!("{} The rest stays: {error}.", step.receipt.label);
                    step.receipt.rows.clear();
                }
            }
        }
        Ok(step)
    }

    /// Says which of many cases were not put back, and why not.
    fn told_of_undo(&self, mut receipt: Receipt) -> Result<Receipt, DeskError> {
        let kept: Vec<String> = receipt.rows.iter().filter_map(|row| self.why_kept(row)).collect();
        if kept.is_empty() {
            return Ok(receipt);
        }
        let undone = receipt.rows.len() - kept.len();
        let mut named = kept.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join("; ");
        if kept.len() > NAMED_MAX {
            named = format!("{named}; and {} more", kept.len() - NAMED_MAX);
        }
        if undone == 0 {
            let what = format!("None of the {} is as your act left it: {named}.", kept.len());
            return Err(Refusal::new("undo.changed", what, "Do the opposite instead.").into());
        }
        let (of, not) = (receipt.rows.len(), kept.len());
        receipt.label =
            format!("{} {undone} of {of} are back; {not} stay: {named}.", receipt.label);
        Ok(receipt)
    }

    fn why_kept(&self, row: &RowResult) -> Option<String> {
        match row {
            RowResult::Conflict(id) => {
                let newest = timeline::newest(self.desk.store.as_ref(), id, 1).ok();
                let record = newest.and_then(|(records, _)| records.into_iter().next());
                let by = record.map(|record| self.desk.directory().short_name(record.actor));
                Some(format!("{id} was changed by {} since", by.as_deref().unwrap_or("somebody")))
            }
            RowResult::Refused(id, refusal) => Some(format!("{id}: {}", refusal.what)),
            RowResult::Created(_)
            | RowResult::Updated(_)
            | RowResult::Unchanged(_)
            | RowResult::Rejected(_) => None,
        }
    }
}

impl LocalDesk {
    /// What an act on many cases would come to just now; nothing is changed, and no number given.
    pub(super) fn try_each(
        &self,
        doer: Doer,
        cases: &[CaseId],
        act: &EachAct,
        letter: u32,
    ) -> Result<ForEachAnswer, DeskError> {
        if let Some(past) = &self.past {
            return Err(self.is_past(past));
        }
        let mut work = Work::new(Arc::clone(&self.store), self.directory(), [0; 16])?;
        work.recall_minutes = self.recall_minutes();
        let wanted = cases.iter().map(|id| (*id, None)).collect();
        let command = Command::ForEach { cases: wanted, act: act.clone() };
        let done = run(&mut work, doer, &command)?;
        let mut lines = Vec::new();
        for (id, row) in cases.iter().zip(&done.rows) {
            let slot = work.slots.get(&EntityId::Case(*id));
            let version = slot.and_then(|slot| slot.was.as_ref()).map_or(0, Entity::version);
            let refused = match row {
                RowResult::Refused(_, refusal) => Some(refusal.clone()),
                RowResult::Created(_)
                | RowResult::Updated(_)
                | RowResult::Unchanged(_)
                | RowResult::Conflict(_)
                | RowResult::Rejected(_) => None,
            };
            // Whoever may not act on a case is not told its version either.
            let version = if refused.is_some() { 0 } else { version };
            lines.push(EachLine { case: *id, version, refused });
        }
        let letters: Vec<EntityId> = done.created.clone();
        let of = u32::try_from(letters.len()).unwrap_or(u32::MAX);
        let place = letter.min(of.saturating_sub(1));
        let chosen = usize::try_from(place).ok().and_then(|place| letters.get(place));
        let letter = chosen.map(|id| letter_shown(&mut work, id, place, of)).transpose()?;
        Ok(ForEachAnswer { lines, letter: letter.flatten(), undo: done.undo })
    }
}

/// The letter as its reader gets it.
fn letter_shown(
    work: &mut Work,
    id: &EntityId,
    place: u32,
    of: u32,
) -> Result<Option<EachLetter>, DeskError> {
    let Some(Entity::Message(message)) = work.entity(id)? else { return Ok(None) };
    let reader = work.person(message.addressee)?;
    Ok(Some(EachLetter {
        place,
        of,
        case: message.case,
        name: reader.name().listed(),
        language: reader.languages.first().cloned().unwrap_or_default(),
        channel: message.channel,
        text: message.text,
    }))
}

/// The idempotency key of a further commit: it follows from that of the first.
fn commit_id(id: u128, place: u64) -> u128 {
    if place == 0 { id } else { u128::from_be_bytes(draw(&id.to_be_bytes(), place)) }
}

fn not_reached(id: CaseId, error: &DeskError) -> RowResult {
    let what = format!("It was not reached: {error}.");
    RowResult::Refused(EntityId::Case(id), Refusal::new("each.failed", what, "Do it once more."))
}

/// The receipt of a commit; where it had been made before, what is still known of its cases.
fn with_rows(step: Step, cases: &[(CaseId, Option<u64>)]) -> Receipt {
    let mut receipt = step.receipt;
    receipt.sequence = step.sequence;
    if step.is_repeated {
        let known = cases.iter().map(|(id, _)| RowResult::Unchanged(EntityId::Case(*id)));
        receipt.rows = known.collect();
    }
    receipt
}
