//! Macros: a caseworker's own keys under a name, outside the chain, and read by nobody else.

use crate::codec::encode_record;
use crate::desk::command::{MACRO_BYTES_MAX, Macro};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::broken;
use crate::domain::Refusal;
use crate::domain::cases::check_text;
use crate::store::Direction;

use super::{Done, Run};

/// Macros of one caseworker.
pub(in crate::desk) const MACROS_MAX: usize = 50;
/// Bytes of a macro's name.
const NAME_BYTES_MAX: usize = 40;

impl Run<'_> {
    pub(super) fn keep_macro(&mut self, kept: &Macro) -> Result<Done, DeskError> {
        let name = kept.name.trim();
        if name.is_empty() {
            return Err(Refusal::new("macro.name", "The macro has no name.", "Type one.").into());
        }
        check_text("the name", name, NAME_BYTES_MAX, false)?;
        check_text("the macro", &kept.keys, MACRO_BYTES_MAX, false)?;
        let key = keys::macros_of(self.doer.actor).text(name).done();
        let range = keys::macros_of(self.doer.actor).range();
        let known = self.work.scan(&range, MACROS_MAX, Direction::Forward)?.rows;
        if known.len() >= MACROS_MAX && known.iter().all(|(known, _)| *known != key) {
            let what = format!("You have {MACROS_MAX} macros, and that is the most.");
            return Err(
                Refusal::new("macro.many", what, "Drop one first (x in their list).").into()
            );
        }
        let kept = Macro { name: name.to_owned(), keys: kept.keys.clone() };
        self.work.put_state(key, Some(encode_record(&kept).map_err(broken)?));
        Ok(Done::new(format!("The macro {name} is kept.")).leaves_nothing())
    }

    pub(super) fn drop_macro(&mut self, name: &str) -> Result<Done, DeskError> {
        let key = keys::macros_of(self.doer.actor).text(name).done();
        if self.work.get(&key)?.is_none() {
            return Err(DeskError::NotFound(format!("macro {name}")));
        }
        self.work.put_state(key, None);
        Ok(Done::new(format!("The macro {name} is dropped.")).leaves_nothing())
    }
}
