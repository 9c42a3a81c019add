//! Being here: noted outside the chain, for what came since somebody left.

use crate::codec::{decode_record, encode_record};
use crate::desk::command::Draft;
use crate::desk::error::DeskError;
use crate::desk::here::{LastHere, interruptions_kept, interruptions_on};
use crate::desk::keys;
use crate::desk::work::broken;
use crate::domain::time::Instant;
use crate::store::Direction;

use super::{Done, Run};

/// A draft that was kept within so many minutes is one that somebody is writing: it is kept two seconds after each pause.
const WRITING_MINUTES: i64 = 2;
/// Drafts that are looked through for that.
const DRAFTS_LOOKED_AT_MAX: usize = 100;

impl Run<'_> {
    /// Counts a contact that comes while the actor is writing something (R75).
    pub(super) fn note_interruption(&mut self) -> Result<(), DeskError> {
        let actor = self.doer.actor;
        let drafts = keys::drafts_of(actor).range();
        let page = self.work.scan(&drafts, DRAFTS_LOOKED_AT_MAX, Direction::Forward)?;
        let since = self.doer.at.plus_minutes(-WRITING_MINUTES);
        let is_written =
            |bytes: &[u8]| decode_record::<Draft>(bytes).is_ok_and(|draft| draft.saved_at >= since);
        if !page.rows.iter().any(|(_, found)| is_written(&found.value)) {
            return Ok(());
        }
        let key = keys::interruptions_of(actor);
        let kept = self.work.peek(&key)?.unwrap_or_default();
        let count = interruptions_on(self.today, &kept).saturating_add(1);
        self.work.put_state(key, Some(interruptions_kept(self.today, count)));
        Ok(())
    }

    pub(super) fn note_here(&mut self) -> Result<Done, DeskError> {
        self.keep_here(LastHere::here)
    }

    pub(super) fn see_news(&mut self) -> Result<Done, DeskError> {
        self.keep_here(LastHere::seen)
    }

    fn keep_here(
        &mut self,
        change: fn(LastHere, Instant, u64) -> LastHere,
    ) -> Result<Done, DeskError> {
        let office_zone = self.work.directory.office()?.calendar.zone();
        let (at, unit) = (self.doer.at, self.actor()?.unit);
        let zone = self.work.directory.zone_of(unit)?;
        // It decides nothing, so that two sessions of one person never have to wait for each other.
        let key = keys::last_here_of(self.doer.actor);
        let held = self.work.peek(&key)?;
        let held: Option<LastHere> =
            held.map(|bytes| decode_record(&bytes)).transpose().map_err(broken)?;
        let today = i64::from(office_zone.day(at).number());
        let came = self.seen_count(keys::flow_counters(unit, true).signed(today))?;
        let held = held.unwrap_or_else(|| LastHere::first(at, came)).on(zone.day(at), &zone);
        let value = encode_record(&change(held, at, came)).map_err(broken)?;
        self.work.put_state(key, Some(value));
        Ok(Done::new(String::new()).leaves_nothing())
    }
}
