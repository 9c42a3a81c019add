//! Emergency accesses and attempts on closed files, for whoever reviews them; to everybody else their own accesses.

use crate::codec::decode_record;
use crate::desk::answer::{AccessLine, AccessesAnswer, AttemptLine, OpenAccess};
use crate::desk::emergencies::REVIEW_DAYS;
use crate::desk::error::DeskError;
use crate::desk::keys::{Key, tag};
use crate::desk::records::{Attempt, decode_entity};
use crate::desk::work::broken;
use crate::domain::office::{Action, EmergencyAccess, Resource};
use crate::domain::{AccessId, Entity, EntityId};
use crate::store::Direction;

use super::Reader;

/// Accesses that one answer holds, the newest; those that wait for a review come first.
const ACCESSES_MAX: usize = 200;
/// Attempts that one answer holds, the newest.
const ATTEMPTS_MAX: usize = 100;
/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

impl Reader<'_> {
    pub(super) fn accesses(&self) -> Result<AccessesAnswer, DeskError> {
        let sees_all = self.sight().may(Action::ReadAudit, &Resource::office());
        let range = Key::new(tag::ACCESS).range();
        let page = self.scan(&range, ACCESSES_MAX, Direction::Backward)?;
        let mut lines = Vec::new();
        for (_, value) in page.rows {
            // The name only says which kind of record it is.
            let entity = decode_entity(&EntityId::Access(AccessId(0)), &value.value);
            let Entity::Access(access) = entity.map_err(broken)? else { continue };
            if sees_all || access.by == self.actor.id {
                lines.push(self.access_line(access));
            }
        }
        lines.sort_by_key(|line| line.access.review.is_some());
        Ok(AccessesAnswer {
            lines,
            attempts: if sees_all { self.attempts()? } else { Vec::new() },
            may_review: self.may_review(),
            sees_all,
        })
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
        let page = self.scan(&range, ATTEMPTS_MAX, Direction::Forward)?;
        let line = |value: &[u8]| {
            let attempt: Attempt = decode_record(value).map_err(broken)?;
            let by = self.directory.short_name(attempt.by);
            Ok(AttemptLine { at: attempt.at, by, on: attempt.on })
        };
        page.rows.iter().map(|(_, value)| line(&value.value)).collect()
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
