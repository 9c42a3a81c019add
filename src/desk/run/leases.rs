//! Leases on composing: one of a form on a case or person, for a minute and a half, kept outside the chain.

use crate::codec::{decode_record, encode_record};
use crate::desk::attendance::{LEASE_SECONDS, Lease};
use crate::desk::command::DraftForm;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, Key, tag};
use crate::desk::work::broken;
use crate::domain::{EntityId, Refusal};
use crate::store::{Direction, Value};

use super::{Done, Run};

/// Leases that are looked at whenever somebody begins to compose, and those of them that are dropped: more than lapse
/// meanwhile.
const LOOKED_AT_MAX: usize = 256;
const DROPPED_MAX: usize = 8;

impl Run<'_> {
    /// Takes or renews a lease. One that another session holds stays theirs until it lapses, and nothing is refused: whoever
    /// asks who composes learns it, and what is saved without a lease is compared.
    pub(super) fn take_lease(
        &mut self,
        about: &EntityId,
        form: DraftForm,
        session: u64,
    ) -> Result<Done, DeskError> {
        let about = self.composed_on(about)?;
        let key = keys::lease_of(&about, form as u8);
        let at = self.doer.at;
        let held = self.lease(&key)?.filter(|held| held.until > at);
        let is_own = held.as_ref().is_some_and(|held| self.is_held_by(held, session));
        if held.is_none() || is_own {
            let since = held.map_or(at, |held| held.since);
            let until = at.plus_seconds(LEASE_SECONDS);
            let lease = Lease { form, caseworker: self.doer.actor, session, since, until };
            let value = encode_record(&lease).map_err(broken)?;
            self.work.put_state(key.clone(), Some(value));
        }
        if !is_own {
            self.drop_lapsed(&key)?;
        }
        Ok(Done::new(String::new()).leaves_nothing())
    }

    /// Drops some leases that ran out and were never given back, so that no more are kept than people compose; not
    /// the one that is being taken.
    fn drop_lapsed(&mut self, taken: &[u8]) -> Result<(), DeskError> {
        let at = self.doer.at;
        let kept = self.work.peek_rows(
            &Key::new(tag::LEASE).range(),
            LOOKED_AT_MAX,
            Direction::Forward,
        )?;
        let is_over =
            |value: &[u8]| decode_record(value).is_ok_and(|lease: Lease| lease.until <= at);
        let is_over = |(key, value): &(Vec<u8>, Value)| key != taken && is_over(value);
        let over = kept.into_iter().filter(is_over).map(|(key, _)| key);
        for key in over.take(DROPPED_MAX) {
            // It may have been taken again since.
            if self.lease(&key)?.is_some_and(|lease| lease.until <= at) {
                self.work.put_state(key, None);
            }
        }
        Ok(())
    }

    /// Gives a lease back, if this session holds it.
    pub(super) fn release_lease(
        &mut self,
        about: &EntityId,
        form: DraftForm,
        session: u64,
    ) -> Result<Done, DeskError> {
        let about = self.composed_on(about)?;
        let key = keys::lease_of(&about, form as u8);
        if self.lease(&key)?.is_some_and(|held| self.is_held_by(&held, session)) {
            self.work.put_state(key, None);
        }
        Ok(Done::new(String::new()).leaves_nothing())
    }

    /// Whether a lease is that of the actor's session of this number. Everybody is told these numbers: a number alone makes
    /// nobody its holder.
    fn is_held_by(&self, lease: &Lease, session: u64) -> bool {
        lease.caseworker == self.doer.actor && lease.session == session
    }

    fn lease(&mut self, key: &[u8]) -> Result<Option<Lease>, DeskError> {
        self.work.get(key)?.map(|bytes| decode_record(&bytes)).transpose().map_err(broken)
    }

    /// What somebody composes on: a case or person that they may know of; of a number that was merged, the one that goes on.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only cases and people are composed on")]
    fn composed_on(&mut self, about: &EntityId) -> Result<EntityId, DeskError> {
        let missing = || DeskError::NotFound(about.to_string());
        match about {
            EntityId::Case(case) => {
                let (actor, held) = (self.actor()?, self.work.case(*case)?);
                if !self.sight_of(&actor).case(&held) {
                    return Err(missing());
                }
                Ok(EntityId::Case(self.current_case(*case)?))
            }
            EntityId::Person(person) => {
                if !self.may_know_person(*person)? {
                    return Err(missing());
                }
                Ok(EntityId::Person(self.current_person(*person)?))
            }
            _ => Err(Refusal::new(
                "lease.about",
                "Somebody composes on a case or a person.",
                "Name one of those.",
            )
            .into()),
        }
    }
}
