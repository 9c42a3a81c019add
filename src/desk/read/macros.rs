//! The actor's own macros.

use crate::codec::decode_record;
use crate::desk::answer::MacrosAnswer;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::run::MACROS_MAX;
use crate::desk::work::broken;
use crate::store::Direction;

use super::Reader;

impl Reader<'_> {
    pub(super) fn macros(&self) -> Result<MacrosAnswer, DeskError> {
        let range = keys::macros_of(self.actor.id).range();
        let rows = self.scan(&range, MACROS_MAX, Direction::Forward)?.rows.into_iter();
        let macros = rows.map(|(_, found)| decode_record(&found.value).map_err(broken));
        Ok(MacrosAnswer { macros: macros.collect::<Result<_, _>>()? })
    }
}
