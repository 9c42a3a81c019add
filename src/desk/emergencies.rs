//! Emergency accesses as the desk keeps them in mind: which are open, to what, and whom each is told.

use crate::domain::cases::Case;
use crate::domain::office::EmergencyEvent;
use crate::domain::office::{Action, Behind, CaseworkerState, Decision, EmergencyAccess, Resource};
use crate::domain::time::{Day, Instant};
use crate::domain::{AccessId, CaseworkerId, EntityId, Event, EventRecord, PersonId};

use super::directory::Directory;
use super::here::{News, NewsKind, item};

/// Days after which an access that nobody has reviewed is called to mind.
pub(super) const REVIEW_DAYS: i64 = 3;
/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

impl Directory {
    /// Somebody's accesses that are open at a moment.
    pub(super) fn open_accesses(
        &self,
        by: CaseworkerId,
        at: Instant,
    ) -> impl Iterator<Item = &EmergencyAccess> {
        self.accesses.values().filter(move |access| access.by == by && access.is_open(at))
    }

    /// The open access of somebody to a person's file.
    pub(super) fn access_to_person(
        &self,
        by: CaseworkerId,
        person: PersonId,
        at: Instant,
    ) -> Option<AccessId> {
        let behind = Behind::Person(person);
        self.open_accesses(by, at).find(|access| access.behind == behind).map(|access| access.id)
    }

    /// The open access of somebody to a case: to itself, or to the file of somebody whom it is about.
    pub(super) fn access_to_case(
        &self,
        by: CaseworkerId,
        case: &Case,
        at: Instant,
    ) -> Option<AccessId> {
        let opens = |access: &&EmergencyAccess| match access.behind {
            Behind::Case(id) => id == case.id,
            Behind::Person(person) => case.people().contains(&person),
        };
        self.open_accesses(by, at).find(opens).map(|access| access.id)
    }

    /// Accesses that nobody has reviewed and that have waited longer than [`REVIEW_DAYS`].
    pub(super) fn reviews_due(&self, reviewer: CaseworkerId, at: Instant) -> usize {
        let waits = |access: &&EmergencyAccess| {
            access.by != reviewer && at.minutes_since(access.at) >= REVIEW_DAYS * DAY_MINUTES
        };
        self.accesses.values().filter(waits).count()
    }

    /// Accesses of others that are over and that nobody has reviewed.
    pub(super) fn reviews_waiting(&self, reviewer: CaseworkerId, at: Instant) -> usize {
        let waits = |access: &&EmergencyAccess| access.by != reviewer && !access.is_open(at);
        self.accesses.values().filter(waits).count()
    }

    /// Who hears of an access of somebody at once: whoever leads their unit, and everybody who reviews accesses.
    pub(super) fn told_of_access(&self, by: CaseworkerId, today: Day) -> Vec<CaseworkerId> {
        let unit = self.caseworkers.get(&by).map(|held| held.unit);
        let leader = unit.and_then(|unit| {
            self.above(unit).filter_map(|unit| self.leader(unit, today)).find(|lead| *lead != by)
        });
        let reviews = self.caseworkers.values().filter(|held| {
            let answer = self.permit(held, Action::ReviewAccess, &Resource::office(), today);
            held.state != CaseworkerState::Left && !matches!(answer, Decision::Deny(_))
        });
        let mut told: Vec<CaseworkerId> = leader.into_iter().collect();
        for held in reviews {
            if held.id != by && !told.contains(&held.id) {
                told.push(held.id);
            }
        }
        told
    }
}

/// What an emergency access brings to whoever is told of it.
pub(super) fn emergency_news(record: &EventRecord) -> Vec<(CaseworkerId, News)> {
    let (
        EntityId::Access(id),
        Event::Emergency(EmergencyEvent::Opened { behind, reason, told, .. }),
    ) = (&record.entity, &record.event)
    else {
        return Vec::new();
    };
    let words = format!("{id}, {behind}: {reason}");
    told.iter().map(|whose| (*whose, item(record, NewsKind::Emergency, None, &words))).collect()
}
