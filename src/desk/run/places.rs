//! Places on the screen: private, outside the chain, one of each session.

use crate::codec::{decode_record, encode_record};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::place::{KeptPlace, PLACE_BYTES_MAX, PLACE_SCREENS_MAX, PLACES_MAX};
use crate::desk::work::broken;
use crate::domain::Refusal;
use crate::store::Direction;

use super::{Done, Run};

impl Run<'_> {
    pub(super) fn keep_place(&mut self, place: &KeptPlace) -> Result<Done, DeskError> {
        let kept = KeptPlace { kept_at: self.doer.at, ..place.clone() };
        let value = encode_record(&kept).map_err(broken)?;
        if value.len() > PLACE_BYTES_MAX || place.screens.len() > PLACE_SCREENS_MAX {
            return Err(Refusal::new(
                "place.long",
                format!(
                    "A place has at most {PLACE_SCREENS_MAX} screens and {PLACE_BYTES_MAX} bytes."
                ),
                "Go to the board, and on from there.",
            )
            .into());
        }
        let key = keys::place_of(self.doer.actor, place.session);
        let range = keys::places_of(self.doer.actor).range();
        let page = self.work.scan(&range, PLACES_MAX, Direction::Forward)?;
        if page.rows.len() >= PLACES_MAX && page.rows.iter().all(|(known, _)| *known != key) {
            let age =
                |value: &[u8]| decode_record(value).map(|place: KeptPlace| place.kept_at).ok();
            let oldest = page.rows.iter().min_by_key(|(_, found)| age(&found.value));
            if let Some((oldest, _)) = oldest {
                self.work.put_state(oldest.clone(), None);
            }
        }
        self.work.put_state(key, Some(value));
        Ok(Done::new(String::new()).leaves_nothing())
    }

    pub(super) fn forget_place(&mut self, session: u64) -> Done {
        self.work.put_state(keys::place_of(self.doer.actor, session), None);
        Done::new(String::new()).leaves_nothing()
    }
}
