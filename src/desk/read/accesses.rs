//! Emergency accesses and attempts on closed files, for whoever reviews them; to everybody else their own accesses.

use crate::codec::decode_record;
use crate::desk::answer::{AccessLine, AccessesAnswer, AttemptLine, OpenAccess};
use crate::desk::emergencies::REVIEW_DAYS;
use crate::desk::error::DeskError;
use crate::desk::keys::{Key, tag};
use crate::desk::records::{Attempt, decode_entity};
use crate::desk::work::broken;
use crate::domain::office::{Action, Behind, EmergencyAccess, Resource};
use crate::domain::{AccessId, Entity, EntityId};
use crate::store::Direction;

use super::Reader;

/// Accesses that one answer holds, the newest; those that wait for a review come first.
const ACCESSES_MAX: usize = 200;
/// Attempts that one answer holds, the newest.
const ATTEMPTS_MAX: usize = 100;
/// Accesses that were reviewed, and attempts, that are looked through for what the actor may know of, the newest.
const LOOKED_AT_MAX: usize = 2_000;
/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

impl Reader<'_> {
    /// Whoever reviews accesses sees all of them; whoever reads the trail, those to files that they may know of; and
    /// everybody their own. What waits for a review is never pushed off the list by what was reviewed.
    pub(super) fn accesses(&self) -> Result<AccessesAnswer, DeskError> {
        let sees_others = self.may_review() || self.may_read_audit();
        let mut lines = Vec::new();
        for access in self.directory.accesses.values().rev() {
            if lines.len() < ACCESSES_MAX && access.review.is_none() && self.knows_of(access)? {
                lines.push(self.access_line(access.clone()));
            }
        }
        let range = Key::new(tag::ACCESS).range();
        for (_, value) in self.scan(&range, LOOKED_AT_MAX, Direction::Backward)?.rows {
            if lines.len() >= ACCESSES_MAX {
                break;
            }
            // The name only says which kind of record it is.
            let entity = decode_entity(&EntityId::Access(AccessId(0)), &value.value);
            let Entity::Access(access) = entity.map_err(broken)? else { continue };
            if access.review.is_some() && self.knows_of(&access)? {
                lines.push(self.access_line(access));
            }
        }
        Ok(AccessesAnswer {
            lines,
            attempts: if sees_others { self.attempts()? } else { Vec::new() },
            may_review: self.may_review(),
            sees_all: sees_others,
        })
    }

    fn may_read_audit(&self) -> bool {
        self.sight().may(Action::ReadAudit, &Resource::office())
    }

    /// Whether an access may be known to the actor.
    pub(super) fn knows_of(&self, access: &EmergencyAccess) -> Result<bool, DeskError> {
        if self.may_review() || access.by == self.actor.id {
            return Ok(true);
        }
        if !self.may_read_audit() {
            return Ok(false);
        }
        match access.behind {
            Behind::Person(person) => Ok(self.visible_record(person)?.is_some()),
            Behind::Case(case) => self.sees_case(case),
        }
    }

    fn may_review(&self) -> bool {
        self.sight().may(Action::ReviewAccess, &Resource::office())
    }

    fn access_line(&self, access: EmergencyAccess) -> AccessLine {
        let waits_days = self.at.minutes_since(access.at).max(0) / DAY_MINUTES;
        AccessLine {
            by: self.directory.short_name(access.by),
            reviewer: access.review.as_ref().map(|review| self.directory.short_name(review.by)),
            is_open: access.is_open(self.at),
            is_due: access.review.is_none() && waits_days >= REVIEW_DAYS,
            access,
        }
    }

    fn attempts(&self) -> Result<Vec<AttemptLine>, DeskError> {
        let range = Key::new(tag::ATTEMPT).range();
        let mut lines = Vec::new();
        for (_, value) in self.scan(&range, LOOKED_AT_MAX, Direction::Forward)?.rows {
            if lines.len() >= ATTEMPTS_MAX {
                break;
            }
            let attempt: Attempt = decode_record(&value.value).map_err(broken)?;
            if self.may_review() || self.knows_of_record(&attempt.on)? {
                let by = self.directory.short_name(attempt.by);
                lines.push(AttemptLine { at: attempt.at, by, on: attempt.on });
            }
        }
        Ok(lines)
    }

    /// Whether somebody's being turned away from a record may be known to the actor: nothing but people and cases is closed.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other record is closed to anybody")]
    fn knows_of_record(&self, id: &EntityId) -> Result<bool, DeskError> {
        match id {
            EntityId::Person(person) => Ok(self.visible_record(*person)?.is_some()),
            EntityId::Case(case) => self.sees_case(*case),
            _ => Ok(false),
        }
    }

    /// The actor's accesses that are open.
    pub(super) fn open_accesses(&self) -> Vec<OpenAccess> {
        let open = self.directory.open_accesses(self.actor.id, self.at);
        let open = open.map(|access| OpenAccess {
            access: access.id,
            behind: access.behind,
            until: access.until,
        });
        open.collect()
    }

    /// How many accesses have waited too long for a review by the actor.
    pub(super) fn reviews_due(&self) -> u64 {
        let due = || self.directory.reviews_due(self.actor.id, self.at);
        u64::try_from(if self.may_review() { due() } else { 0 }).unwrap_or(u64::MAX)
    }
}
