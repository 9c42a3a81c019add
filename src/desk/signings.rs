//! Second signatures as the desk judges them: who may give one, and who hears what became of the first.

use crate::domain::cases::{Case, Signing, SigningEvent, check_second};
use crate::domain::money::Money;
use crate::domain::office::{Caseworker, CaseworkerState, Decision, Resource};
use crate::domain::time::Day;
use crate::domain::{CaseworkerId, Entity, EntityId, Event, EventRecord};

use super::directory::Directory;
use super::here::{News, NewsKind, item};
use super::run::right_of;
use super::work::Slots;

impl Directory {
    /// Up to which amount somebody decides alone; nothing where nothing bounds it.
    pub(super) fn signing_limit(&self, caseworker: CaseworkerId) -> Option<&Money> {
        self.rights.get(&caseworker)?.signing_limit.as_ref()
    }

    /// Whether two accounts are known to be one and the same citizen.
    pub(super) fn is_same_citizen(&self, one: CaseworkerId, other: CaseworkerId) -> bool {
        self.conflicts.is_same_citizen(one, other)
    }

    /// Whether somebody may sign second what waits on a case.
    pub(super) fn may_sign_second(
        &self,
        second: &Caseworker,
        case: &Case,
        signing: &Signing,
        today: Day,
    ) -> bool {
        let right = right_of(&signing.what);
        let answer = self.permit(second, right, &Resource::of_case(case), today);
        let is_same = self.is_same_citizen(signing.first.by, second.id);
        second.state != CaseworkerState::Left
            && !matches!(answer, Decision::Deny(_))
            && !self.conflicts.closes_case(second.id, case)
            && check_second(signing, second.id, is_same, self.signing_limit(second.id)).is_ok()
    }
}

/// What becomes of a first signature is a ruling to whoever gave it.
pub(super) fn signing_news(record: &EventRecord, slots: &Slots) -> Option<(CaseworkerId, News)> {
    let (EntityId::Signing(case), Event::Signing(event)) = (&record.entity, &record.event) else {
        return None;
    };
    let words = match event {
        SigningEvent::Countersigned => "signed second".to_owned(),
        SigningEvent::SentBack { reason } => format!("not signed: {reason}"),
        SigningEvent::Lapsed => "decided without your signature".to_owned(),
        SigningEvent::Signed(_) | SigningEvent::Withdrawn | SigningEvent::Reverted(_) => {
            return None;
        }
    };
    let Some(Entity::Signing(signing)) = slots.get(&record.entity)?.is.as_ref() else {
        return None;
    };
    let whose = Some(signing.first.by).filter(|whose| *whose != record.actor)?;
    Some((whose, item(record, NewsKind::Ruling, Some(*case), &words)))
}
