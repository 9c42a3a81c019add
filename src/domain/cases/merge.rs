//! Merging cases: what may be merged, what the survivor gets of the other one, and what it gives back.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CaseId, CaseworkerId, QueueId};
use crate::domain::limits::{LINE_BYTES_MAX, ROLES_MAX, TASKS_MAX};
use crate::domain::merge::CaseMerge;
use crate::domain::office::Confidentiality;
use crate::domain::refusal::Refusal;
use crate::domain::time::{Clock, ClockKind, ClockState, Instant};

use super::case::{Case, Hold, Outcome, Party, PartyRole, RoleOnCase, Task, TaskState};
use super::decide::{CaseContext, check_text};
use super::kinds::Stage;

/// Which of two cases goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keeps {
    /// The other one: the case that is acted on goes into it.
    Other,
    /// The case that is acted on: the other one goes into it.
    This,
}

/// How a case stood: what a merge ends and an unmerge brings back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its stage.
    pub stage: Stage,
    /// Its queue.
    pub queue: Option<QueueId>,
    /// Who had it.
    pub owner: Option<CaseworkerId>,
    /// Its clocks.
    pub clocks: Vec<Clock>,
    /// The hold that was on.
    pub hold: Option<Hold>,
    /// How it had ended, where it had.
    pub outcome: Option<Outcome>,
    /// When.
    pub closed_at: Option<Instant>,
}

impl Standing {
    /// How a case stands.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        Self {
            stage: case.stage,
            queue: case.queue,
            owner: case.owner,
            clocks: case.clocks.clone(),
            hold: case.hold.clone(),
            outcome: case.outcome.clone(),
            closed_at: case.closed_at,
        }
    }

    /// Whether it was work.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stage.is_open()
    }

    /// The same without an owner: whoever had it has left.
    #[must_use]
    pub fn unowned(self) -> Self {
        let is_work = matches!(self.stage, Stage::Claimed | Stage::InProgress | Stage::Reopened);
        let stage = if is_work { Stage::Queued } else { self.stage };
        Self { stage, owner: None, ..self }
    }
}

/// What a survivor gets of a merged case, or gives back of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Brought {
    /// Whether the link to the merged case is new.
    pub is_linked: bool,
    /// Parties that the survivor did not have.
    pub roles: Vec<RoleOnCase>,
    /// Steps still to do that the survivor did not have.
    pub steps: Vec<Task>,
    /// The law's clock as the survivor had it, and the earlier one of the merged case.
    pub clock: Option<(Clock, Clock)>,
    /// Who might see the survivor, and who may see the two together.
    pub confidentiality: Option<(Confidentiality, Confidentiality)>,
}

/// Decides a merge: how the merged case stands now, and what the survivor gets.
///
/// # Errors
/// The two are one, an open matter would end in a closed case, somebody waits for an answer or works on it, or what has to
/// be said (why a closed case, an anonymous report or the case of other people is the same) is not said. `shares_person`
/// is whether somebody is on both cases, by the number that they have now.
pub fn merge(
    merged: &Case,
    survivor: &Case,
    shares_person: bool,
    reason: &str,
    context: &CaseContext<'_>,
) -> Result<(Standing, Brought), Refusal> {
    check_text("the reason", reason, LINE_BYTES_MAX, false)?;
    may_merge(merged, survivor, shares_person, reason, context)?;
    let roles = brought_roles(merged, survivor, context);
    if survivor.roles.len() + roles.len() > ROLES_MAX {
        return Err(Refusal::new(
            "limit",
            format!("{} would have more than {ROLES_MAX} parties.", survivor.id),
            "Link the cases instead.",
        ));
    }
    let is_new = |task: &&Task| {
        task.state == TaskState::Open && survivor.tasks.iter().all(|own| own.title != task.title)
    };
    let room = TASKS_MAX.saturating_sub(survivor.tasks.len());
    let open = merged.is_open();
    let steps = merged.tasks.iter().filter(|_| open).filter(is_new).take(room).cloned().collect();
    let stricter = merged.confidentiality > survivor.confidentiality;
    let brought = Brought {
        is_linked: !survivor.links.contains(&merged.id),
        roles,
        steps,
        clock: earlier_by_law(merged, survivor),
        confidentiality: stricter.then_some((survivor.confidentiality, merged.confidentiality)),
    };
    Ok((Standing::of(merged), brought))
}

fn may_merge(
    merged: &Case,
    survivor: &Case,
    shares_person: bool,
    reason: &str,
    context: &CaseContext<'_>,
) -> Result<(), Refusal> {
    let (from, into) = (merged.id, survivor.id);
    if from == into {
        return Err(Refusal::new(
            "merge.self",
            format!("{from} is one case."),
            "Name the other case.",
        ));
    }
    if let Some(taken_back) = [merged, survivor].iter().find(|case| case.stage == Stage::Annulled) {
        return Err(Refusal::new(
            "merge.annulled",
            format!("The registration of {} was undone.", taken_back.id),
            "Merge cases that are there.",
        ));
    }
    if merged.is_open() && !survivor.is_open() {
        return Err(Refusal::new(
            "merge.closed",
            format!("{into} is {}: {from} would end in it unanswered.", survivor.stage.label()),
            format!("Merge {into} into {from} instead (o), or reopen {into} first (X)."),
        ));
    }
    let has_reason = !reason.trim().is_empty();
    if !merged.is_open() && survivor.is_open() && !has_reason {
        return Err(Refusal::new(
            "merge.reason",
            format!("{from} is {}, and {into} is open.", merged.stage.label()),
            "Say in a reason why they are the same matter.",
        ));
    }
    if merged.people().is_empty() != survivor.people().is_empty() && !has_reason {
        return Err(Refusal::new(
            "merge.anonymous",
            format!("Nobody is named on one of {from} and {into}."),
            "Say in a reason how you know that they are one matter; nobody is linked to the anonymous report.",
        ));
    }
    if !merged.people().is_empty() && !shares_person && !has_reason {
        return Err(Refusal::new(
            "merge.strangers",
            format!("{from} and {into} are of different people."),
            "Say in a reason how you know that they are one matter.",
        ));
    }
    if merged.open_escalation().is_some() {
        return Err(Refusal::new(
            "merge.escalated",
            format!("{from} is escalated, and somebody owes an answer."),
            format!("Have it answered or take it back (e), or merge {into} into {from} (o)."),
        ));
    }
    if merged.owner.is_some_and(|owner| owner != context.actor) && !context.leads_unit {
        return Err(Refusal::new(
            "case.taken",
            format!("Somebody else works {from}."),
            format!("Ask them, or merge {into} into {from} (o)."),
        ));
    }
    Ok(())
}

/// Whoever is on the merged case and not on the survivor. An anonymous report gets nobody's name (hard rule 15).
fn brought_roles(merged: &Case, survivor: &Case, context: &CaseContext<'_>) -> Vec<RoleOnCase> {
    let known = survivor.people();
    if known.is_empty() {
        return Vec::new();
    }
    let from = context.calendar.zone().day(context.at);
    let mut roles: Vec<RoleOnCase> = Vec::new();
    for held in merged.roles.iter().filter(|held| held.to.is_none()) {
        let Party::Person(person) = held.party else { continue };
        let is_new = !known.contains(&person) && roles.iter().all(|role| role.party != held.party);
        if is_new {
            let is_initiator = held.role == PartyRole::Initiator;
            let role = if is_initiator { PartyRole::CoInitiator } else { held.role };
            roles.push(RoleOnCase { party: held.party.clone(), role, from, to: None });
        }
    }
    roles
}

/// The law counts from the day on which the office received the matter first: where the merged case's limit comes earlier,
/// it holds for both. Every other clock is the survivor's own.
fn earlier_by_law(merged: &Case, survivor: &Case) -> Option<(Clock, Clock)> {
    let legal = |case: &Case| {
        let counts =
            |clock: &&Clock| clock.kind == ClockKind::Legal && clock.state() == ClockState::Running;
        case.clocks.iter().find(counts).cloned()
    };
    let (own, other) = (legal(survivor)?, legal(merged)?);
    (other.due_at < own.due_at).then_some((own, other))
}

/// What a survivor gives back when its merge is taken apart, and what stays because somebody has changed it since.
#[must_use]
pub fn part(survivor: &Case, merge: &CaseMerge) -> (Brought, Vec<String>) {
    let (brought, mut stayed) = (&merge.brought, Vec::new());
    let mut back = Brought {
        is_linked: brought.is_linked && survivor.links.contains(&merge.merged),
        ..Brought::default()
    };
    for role in &brought.roles {
        if survivor.roles.contains(role) {
            back.roles.push(role.clone());
        } else if let Party::Person(person) = role.party {
            stayed.push(format!("{person}, whose part in it was changed since"));
        }
    }
    for step in &brought.steps {
        if survivor.tasks.contains(step) {
            back.steps.push(step.clone());
        } else {
            stayed.push(format!("the step \"{}\", done since", step.title));
        }
    }
    if let Some((was, is)) = &brought.clock {
        if survivor.clocks.contains(is) {
            back.clock = Some((was.clone(), is.clone()));
        } else {
            stayed.push(format!("what became of the law's limit of {}", merge.merged));
        }
    }
    if let Some((was, is)) = brought.confidentiality {
        if survivor.confidentiality == is {
            back.confidentiality = Some((was, is));
        } else {
            stayed.push("who may see it, changed since".to_owned());
        }
    }
    let since = |now: usize, had: u32| now.saturating_sub(usize::try_from(had).unwrap_or(now));
    for (count, one, many) in [
        (since(survivor.contacts.len(), merge.had.0), "contact", "contacts"),
        (since(survivor.messages.len(), merge.had.1), "message", "messages"),
    ] {
        if count > 0 {
            let word = if count == 1 { one } else { many };
            stayed.push(format!("{count} {word} of the time in which they were one"));
        }
    }
    (back, stayed)
}

/// Gives a survivor what a merge brings.
pub(super) fn take(case: &mut Case, merged: CaseId, brought: &Brought) {
    if brought.is_linked {
        case.links.push(merged);
    }
    case.roles.extend(brought.roles.iter().cloned());
    case.tasks.extend(brought.steps.iter().cloned());
    if let Some((was, is)) = &brought.clock {
        replace(&mut case.clocks, was, is);
    }
    if let Some((_, is)) = brought.confidentiality {
        case.confidentiality = is;
    }
}

/// Takes from a survivor what a merge had brought.
pub(super) fn give_back(case: &mut Case, merged: CaseId, brought: &Brought) {
    if brought.is_linked {
        case.links.retain(|link| *link != merged);
    }
    case.roles.retain(|role| !brought.roles.contains(role));
    case.tasks.retain(|task| !brought.steps.contains(task));
    if let Some((was, is)) = &brought.clock {
        replace(&mut case.clocks, is, was);
    }
    if let Some((was, _)) = brought.confidentiality {
        case.confidentiality = was;
    }
}

fn replace(clocks: &mut [Clock], old: &Clock, new: &Clock) {
    if let Some(clock) = clocks.iter_mut().find(|clock| *clock == old) {
        clock.clone_from(new);
    }
}

/// Puts a case back as it stood.
pub(super) fn stand(case: &mut Case, standing: &Standing) {
    let Standing { stage, queue, owner, clocks, hold, outcome, closed_at } = standing.clone();
    case.stage = stage;
    case.queue = queue;
    case.owner = owner;
    case.clocks = clocks;
    case.hold = hold;
    case.outcome = outcome;
    case.closed_at = closed_at;
}
