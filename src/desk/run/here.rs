//! Being here: noted outside the chain, for what came since somebody left.

use crate::codec::{decode_record, encode_record};
use crate::desk::error::DeskError;
use crate::desk::here::LastHere;
use crate::desk::keys;
use crate::desk::work::broken;
use crate::domain::time::Instant;

use super::{Done, Run};

impl Run<'_> {
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
        let zone = self.work.directory.office()?.calendar.zone();
        let (at, unit) = (self.doer.at, self.actor()?.unit);
        // It decides nothing, so that two sessions of one person never have to wait for each other.
        let key = keys::last_here_of(self.doer.actor);
        let held = self.work.peek(&key)?;
        let held: Option<LastHere> =
            held.map(|bytes| decode_record(&bytes)).transpose().map_err(broken)?;
        let today = keys::flow_counters(unit, true).signed(i64::from(self.today.number()));
        let came = self.seen_count(today)?;
        let held = held.unwrap_or_else(|| LastHere::first(at, came)).on(self.today, &zone);
        let value = encode_record(&change(held, at, came)).map_err(broken)?;
        self.work.put_state(key, Some(value));
        Ok(Done::new(String::new()).leaves_nothing())
    }
}
