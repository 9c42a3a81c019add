//! Which clocks of a case can be extended, and the words for one that was.

use crate::desk::error::DeskError;
use crate::domain::cases::{Case, Extending, ExtensionOffer, extension_offers};
use crate::domain::time::{Clock, ClockKind};

use super::Reader;

impl Reader<'_> {
    pub(super) fn extensions_of(&self, case: &Case) -> Result<Vec<ExtensionOffer>, DeskError> {
        let calendar = self.directory.calendar_of(case.unit)?;
        let case_type = self.type_of(case);
        let with = Extending { case_type: &case_type, calendar: &calendar, at: self.at };
        Ok(extension_offers(case, with))
    }

    /// What was extended until when, and whether the citizen knows.
    pub(super) fn extended_words(
        &self,
        clocks: &[Clock],
        kind: ClockKind,
        not_told: Option<&str>,
    ) -> String {
        let clock =
            clocks.iter().find(|clock| clock.kind == kind && !clock.extensions().is_empty());
        let due = clock.map(|clock| format!(" to {}", self.zone.day(clock.due_at)));
        let ground = clock.and_then(|clock| clock.extensions().last()).map(|by| &by.reason);
        let ground = ground.map(|ground| format!(" ({ground})")).unwrap_or_default();
        let told = not_told.map(|why| format!("; not told: {why}")).unwrap_or_default();
        format!("{} extended{}{ground}{told}", kind.label(), due.unwrap_or_default())
    }
}
