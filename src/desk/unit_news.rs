//! Whom the troubles of a unit are told: a queue that nobody covers, work that came back, a draft that was taken over.

use crate::domain::office::OfficeEvent;
use crate::domain::{CaseworkerId, Entity, EntityId, Event, EventRecord};

use super::here::{News, NewsKind, item};
use super::work::Slots;

/// Whom an event about a unit or a colleague brings something, and what. `slots` are the records of its commit.
#[expect(clippy::wildcard_enum_match_arm, reason = "most of what happens to an office is no news")]
pub(super) fn unit_news(record: &EventRecord, slots: &Slots) -> Vec<(CaseworkerId, News)> {
    let Event::Office(event) = &record.event else { return Vec::new() };
    let unit = match slots.get(&record.entity).and_then(|slot| slot.is.as_ref()) {
        Some(Entity::Unit(unit)) => unit.name.as_str(),
        _ => "",
    };
    let all = |told: &[CaseworkerId], kind, why: &str| {
        told.iter().map(|whose| (*whose, item(record, kind, None, why))).collect()
    };
    match event {
        OfficeEvent::CoverLost { told } => {
            all(told, NewsKind::Uncovered, &format!("nobody covers the queues of {unit}"))
        }
        OfficeEvent::WorkReturned { cases, told, .. } => {
            let why = record.reason.as_deref().unwrap_or_default();
            all(told, NewsKind::Returned, &format!("{cases} back in the queues of {unit}: {why}"))
        }
        OfficeEvent::DraftTaken { form, .. } => {
            let EntityId::Caseworker(whose) = &record.entity else { return Vec::new() };
            let why = record.reason.as_deref().unwrap_or_default();
            all(&[*whose], NewsKind::DraftTaken, &format!("your {form}: {why}"))
        }
        _ => Vec::new(),
    }
}
