//! What a ladder brings to whom: reminders to whoever has a case, and to those concerned that it was asked higher up.

use crate::domain::cases::{ANSWER_RUNG, Case, CaseEvent, EscalationState, PlanEvent};
use crate::domain::{CaseworkerId, Entity, EntityId, Event, EventRecord};

use super::here::{News, NewsKind, item};
use super::work::Slots;

/// Whom an event of a ladder brings something, and what. `slots` are the records of its commit.
pub(super) fn ladder_news(record: &EventRecord, slots: &Slots) -> Vec<(CaseworkerId, News)> {
    let (EntityId::Case(id) | EntityId::Plan(id)) = &record.entity else { return Vec::new() };
    let held = slots.get(&EntityId::Case(*id)).and_then(|slot| slot.is.as_ref());
    let Some(Entity::Case(case)) = held else { return Vec::new() };
    let to = |whose: Option<CaseworkerId>, kind, why: &str| {
        whose.map(|whose| (whose, item(record, kind, Some(case.id), why)))
    };
    if let Event::Plan(PlanEvent::RungClimbed { rung }) = &record.event {
        let Some(why) = record.reason.as_deref() else { return Vec::new() };
        let owner = to(case.owner, NewsKind::Reminder, why);
        let is_answer = rung == ANSWER_RUNG;
        let asked = case.open_escalation().map(|open| open.to);
        let asked = asked.filter(|asked| is_answer && Some(*asked) != case.owner);
        return owner.into_iter().chain(to(asked, NewsKind::Reminder, why)).collect();
    }
    if record.event != Event::Case(CaseEvent::EscalationLapsed) {
        return Vec::new();
    }
    let Some(lapsed) = lapsed_in(case, record) else { return Vec::new() };
    let is_by_rule = record.rule.is_some();
    // Whoever asks higher up by hand knows that they did.
    let mut told: Vec<CaseworkerId> = [case.owner, Some(lapsed.from), Some(lapsed.to)]
        .into_iter()
        .flatten()
        .filter(|told| is_by_rule || *told != record.actor)
        .collect();
    told.sort_unstable();
    told.dedup();
    let higher = case.open_escalation().map_or("", |open| open.level.label());
    let why = format!("the {higher} is asked now: {}", lapsed.ask);
    told.into_iter().filter_map(|whose| to(Some(whose), NewsKind::Lapsed, &why)).collect()
}

fn lapsed_in<'c>(
    case: &'c Case,
    record: &EventRecord,
) -> Option<&'c crate::domain::cases::Escalation> {
    let mut newest = case.escalations.iter().rev();
    newest.find(|escalation| escalation.state == EscalationState::Lapsed(record.at))
}
