//! Who is away, back or gone, and what waits for them: handed over in the same act (hard rule 5, R57).

use std::sync::Arc;

use crate::desk::command::RowResult;
use crate::desk::directory::Directory;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::Why;
use crate::domain::cases::{Case, CaseEvent, EscalateTo, Step, check_text};
use crate::domain::event::PromiseEvent;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::office::{Action, Caseworker, CaseworkerState, OfficeEvent, Resource};
use crate::domain::{CaseId, CaseworkerId, Entity, EntityId, Event, PromiseId, Refusal, UnitId};
use crate::store::Direction;

use super::{Done, Run};

/// Cases, promises and escalations that one act hands over: what fits into one frame of the store, however full the cases
/// are, with their events and indexes.
pub(in crate::desk) const HANDED_OVER_MAX: usize = 56;
/// How what an act says begins that only goes on with a handing over; one undo takes it back with the act before it.
pub(super) const FURTHER: &str = "Further: ";
/// Said where one act could not hand over all.
pub const MORE_TO_HAND_OVER: &str = " There is more: the same once more goes on.";
/// The rule that the events of a handing over name.
pub(super) const RULE: &str = "absence";

/// What an act has handed over so far: what the actor may see of it by number, the rest only as that.
#[derive(Default)]
struct HandedOver {
    rows: Vec<RowResult>,
    /// What went to whoever stands in.
    taken_over: Went,
    /// What went to whomever it goes to where nobody stands in, or may not have it.
    elsewhere: Went,
    moved: usize,
    has_hidden: bool,
    has_kept: bool,
    has_more: bool,
}

/// How many of each kind went one way, of those that the actor may see.
#[derive(Default)]
struct Went {
    cases: usize,
    promises: usize,
    escalations: usize,
}

impl HandedOver {
    fn is_full(&mut self) -> bool {
        self.has_more = self.has_more || self.moved >= HANDED_OVER_MAX;
        self.has_more
    }

    /// Notes something that went over; one that the actor may not see is not counted.
    fn note(&mut self, id: EntityId, is_seen: bool, is_taken_over: bool, kind: impl Fn(&mut Went)) {
        self.moved += 1;
        if is_seen {
            kind(if is_taken_over { &mut self.taken_over } else { &mut self.elsewhere });
            self.rows.push(RowResult::Updated(id));
        } else {
            self.has_hidden = true;
        }
    }

    /// What went where, in sentences, each after a space.
    fn words(&self, stand_in: Option<&str>) -> String {
        let (over, other) = (&self.taken_over, &self.elsewhere);
        let taken_over = [
            counted(over.cases, "case"),
            counted(over.promises, "promise"),
            counted(over.escalations, "escalation"),
        ];
        let led = [counted(other.promises, "promise"), counted(other.escalations, "escalation")];
        let went = |parts: &[Option<String>], whither: &str| {
            let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
            if parts.is_empty() {
                String::new()
            } else {
                format!(" {} {whither}", parts.join(", "))
            }
        };
        let hidden = if self.has_hidden { " Work that you may not see went on, too." } else { "" };
        let kept = if self.has_kept {
            " What nobody here may keep stays a promise of theirs."
        } else {
            ""
        };
        [
            went(&taken_over, &format!("went to {}.", stand_in.unwrap_or_default())),
            went(&[counted(other.cases, "case")], "went back into their queues."),
            went(&led, "went to whoever leads the unit."),
            hidden.to_owned(),
            kept.to_owned(),
        ]
        .concat()
    }
}

fn counted(count: usize, thing: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {thing}")),
        _ => Some(format!("{count} {thing}s")),
    }
}

impl Run<'_> {
    /// Refuses whoever neither runs the office nor leads the unit.
    pub(super) fn authorise_attendance(&self, unit: UnitId) -> Result<(), DeskError> {
        if self.work.directory.leads(self.doer.actor, unit, self.today) {
            return Ok(());
        }
        self.authorise(Action::RunOffice, &Resource::of_unit(unit))
    }

    pub(super) fn set_attendance(
        &mut self,
        id: CaseworkerId,
        state: CaseworkerState,
        successor: Option<CaseworkerId>,
        why: &str,
    ) -> Result<Done, DeskError> {
        let held = self.work.directory.caseworker(id)?.clone();
        self.authorise_attendance(held.unit)?;
        check_text("the reason", why, LINE_BYTES_MAX, false)?;
        self.check_attendance(&held, state, successor)?;
        let short = held.short_name().to_owned();
        let why = match (why.trim(), state) {
            ("", CaseworkerState::Absent { .. }) => "away",
            ("", CaseworkerState::Left) => "left",
            ("", CaseworkerState::Active) => "back",
            (why, _) => why,
        };
        // Where a handing over goes on, nothing is said of them once more: their record is put back by the first act's undo.
        let goes_on = held.state == state;
        if !goes_on {
            let event = Event::Office(OfficeEvent::CaseworkerStateSet(state));
            let doer = self.doer.clone();
            self.work.happen(&doer, EntityId::Caseworker(id), event, Why::reason(why))?;
        }
        if state == CaseworkerState::Active {
            return Ok(Done::new(format!("{} is back.", held.name)).about(EntityId::Caseworker(id)));
        }
        let mut after = (*self.work.directory).clone();
        after.take(Entity::Caseworker(Caseworker { state, ..held.clone() }));
        let after = Arc::new(after);
        let reason = format!("{short} {why}");
        let stand_in = after.stand_in(id, self.today).or(successor);
        let handed = self.hand_over(&held, stand_in, &after, &reason)?;
        let what = handed.words(stand_in.map(|stand_in| after.short_name(stand_in)).as_deref());
        let until = match state {
            CaseworkerState::Absent { until, .. } => format!("{why} until {until}"),
            CaseworkerState::Active | CaseworkerState::Left => "no longer here".to_owned(),
        };
        let more = if handed.has_more { MORE_TO_HAND_OVER } else { "" };
        let further = if goes_on { FURTHER } else { "" };
        let label = format!("{further}{}: {until}.{what}{more}", held.name);
        let mut done = Done::new(label).about(EntityId::Caseworker(id));
        done.rows = handed.rows;
        Ok(done)
    }

    fn check_attendance(
        &self,
        held: &Caseworker,
        state: CaseworkerState,
        successor: Option<CaseworkerId>,
    ) -> Result<(), DeskError> {
        let refused = |code, what: String, hint: &str| Err(Refusal::new(code, what, hint).into());
        match state {
            CaseworkerState::Active if held.state == CaseworkerState::Active => refused(
                "absence.here",
                format!("{} is here.", held.name),
                "Nothing has to be said then.",
            ),
            CaseworkerState::Left if held.id == self.doer.actor => refused(
                "absence.self",
                "Nobody says of themselves that they have left.".to_owned(),
                "Somebody else who leads the unit or runs the office does it.",
            ),
            CaseworkerState::Absent { until, .. } if until < self.today => refused(
                "absence.until",
                format!("{until} is over."),
                "Name the last day away: today or a later one.",
            ),
            CaseworkerState::Absent { substitute: named, .. } => self.check_stand_in(held, named),
            CaseworkerState::Left => self.check_stand_in(held, successor),
            CaseworkerState::Active => Ok(()),
        }
    }

    fn check_stand_in(
        &self,
        held: &Caseworker,
        named: Option<CaseworkerId>,
    ) -> Result<(), DeskError> {
        let Some(named) = named else { return Ok(()) };
        let other = self.work.directory.caseworker(named)?;
        if named == held.id {
            let what = "Nobody is their own substitute.";
            return Err(Refusal::new("absence.self", what, "Name somebody else.").into());
        }
        if !self.work.directory.is_here(named, self.today) {
            let what = format!("{} is not here.", other.name);
            return Err(Refusal::new("absence.substitute", what, "Name somebody who is.").into());
        }
        Ok(())
    }

    /// Gives what waits for somebody to whoever stands in; cases go back into their queues where nobody does or may.
    fn hand_over(
        &mut self,
        held: &Caseworker,
        stand_in: Option<CaseworkerId>,
        after: &Directory,
        reason: &str,
    ) -> Result<HandedOver, DeskError> {
        let stand_in = stand_in.and_then(|id| after.caseworkers.get(&id)).cloned();
        let mut handed = HandedOver::default();
        self.pass_escalations(held.id, stand_in.as_ref(), after, reason, &mut handed)?;
        self.hand_over_promises(held, stand_in.as_ref(), after, reason, &mut handed)?;
        let owned = keys::of_owner(held.id).range();
        let page = self.work.scan(&owned, HANDED_OVER_MAX + 1, Direction::Forward)?;
        for (key, _) in page.rows {
            if handed.is_full() {
                break;
            }
            let case = self.work.case(CaseId(keys::last_number(&key)))?;
            let Some(queue) = case.queue.filter(|_| case.owner == Some(held.id)) else { continue };
            let successor = stand_in.as_ref().filter(|other| {
                let is_on_roster = after.is_on_roster(other.id, case.unit, self.today);
                is_on_roster && self.may_take(other, &case)
            });
            let event = CaseEvent::Given {
                unit: case.unit,
                queue,
                owner: successor.map(|successor| successor.id),
                words: reason.to_owned(),
            };
            self.absence_event(EntityId::Case(case.id), Event::Case(event), reason)?;
            let (is_seen, is_taken_over) = (self.sees_case(&case)?, successor.is_some());
            handed.note(EntityId::Case(case.id), is_seen, is_taken_over, |went| went.cases += 1);
        }
        Ok(handed)
    }

    fn sees_case(&self, case: &Case) -> Result<bool, DeskError> {
        Ok(self.sight_of(&self.actor()?).case(case))
    }

    /// Whether somebody may work a case where it is.
    pub(super) fn may_take(&self, caseworker: &Caseworker, case: &Case) -> bool {
        let resource = Resource::of_case(case);
        let right = Step::of(case.stage).map_or(Action::WorkCase, Step::right);
        let may = |right| self.sight_of(caseworker).may(right, &resource);
        may(right) || may(Action::WorkCase)
    }

    /// Escalations that wait for somebody go to whoever stands in, or to whoever would be asked now. One that nobody else
    /// could answer waits on; but nobody leaves with it.
    fn pass_escalations(
        &mut self,
        from: CaseworkerId,
        stand_in: Option<&Caseworker>,
        after: &Directory,
        reason: &str,
        handed: &mut HandedOver,
    ) -> Result<(), DeskError> {
        for part in [0, 1] {
            let asked = keys::escalated(from).byte(part).range();
            let page = self.work.scan(&asked, HANDED_OVER_MAX, Direction::Forward)?;
            for (key, _) in page.rows {
                if handed.is_full() {
                    return Ok(());
                }
                let case = self.work.case(CaseId(keys::last_number(&key)))?;
                let Some(open) = case.open_escalation().filter(|open| open.to == from) else {
                    continue;
                };
                let stand_in = stand_in.map(|other| other.id).filter(|to| *to != open.from);
                let stand_in = stand_in.filter(|to| !after.conflicts.closes_case(*to, &case));
                let level = EscalateTo::Level(open.level);
                let asked = || after.asked_about(&case, level, open.from, self.today);
                let to = stand_in.or_else(asked).filter(|to| *to != open.from && *to != from);
                match to {
                    Some(to) => {
                        let event = Event::Case(CaseEvent::EscalationPassed { to });
                        self.absence_event(EntityId::Case(case.id), event, reason)?;
                        let (is_seen, id) = (self.sees_case(&case)?, EntityId::Case(case.id));
                        let is_taken_over = stand_in == Some(to);
                        handed.note(id, is_seen, is_taken_over, |went| went.escalations += 1);
                    }
                    None if !has_left(after, from) => {}
                    None => return Err(unanswered(&case)),
                }
            }
        }
        Ok(())
    }

    /// Open promises go to whoever stands in, or to whoever leads the unit, whichever of them may know to whom they were
    /// made. One that neither may know stays whose it is, and whoever leads hears when it is late.
    fn hand_over_promises(
        &mut self,
        held: &Caseworker,
        stand_in: Option<&Caseworker>,
        after: &Directory,
        reason: &str,
        handed: &mut HandedOver,
    ) -> Result<(), DeskError> {
        let leader = after.leader(held.unit, self.today);
        let stand_in = stand_in.map(|other| other.id);
        let keepers = [stand_in, leader].map(|keeper| keeper.filter(|keeper| *keeper != held.id));
        if keepers == [None, None] {
            return Ok(());
        }
        let open = keys::promises_of(held.id).range();
        let page = self.work.scan(&open, HANDED_OVER_MAX, Direction::Forward)?;
        for (key, _) in page.rows {
            let id = EntityId::Promise(PromiseId(keys::last_number(&key)));
            let Some(Entity::Promise(promise)) = self.work.entity(&id)? else { continue };
            if promise.promised.owner != held.id || !promise.is_open() {
                continue;
            }
            if handed.is_full() {
                break;
            }
            let is_seen = self.may_know_promise(&promise)?;
            let mut found = None;
            for keeper in keepers.into_iter().flatten() {
                if found.is_none()
                    && self.may_keep(keeper, promise.promised.to, promise.promised.case)?
                {
                    found = Some(keeper);
                }
            }
            let Some(owner) = found else {
                handed.has_kept |= is_seen;
                continue;
            };
            let event = PromiseEvent::Given { owner, unit: promise.promised.unit };
            self.absence_event(id.clone(), Event::Promise(event), reason)?;
            let is_taken_over = stand_in == Some(owner);
            handed.note(id, is_seen, is_taken_over, |went| went.promises += 1);
        }
        Ok(())
    }

    fn absence_event(&mut self, id: EntityId, event: Event, reason: &str) -> Result<(), DeskError> {
        let rule = Some(RULE.to_owned());
        let why = Why { rule, ..Why::reason(reason) };
        self.work.happen(&self.doer.clone(), id, event, why)
    }
}

fn has_left(directory: &Directory, id: CaseworkerId) -> bool {
    directory.caseworkers.get(&id).is_some_and(|held| held.state == CaseworkerState::Left)
}

fn unanswered(case: &Case) -> DeskError {
    Refusal::new(
        "left.escalation",
        format!("The escalation of {} has nobody else to answer it.", case.id),
        "Have it answered or taken back first, or name who leads the unit.",
    )
    .into()
}
