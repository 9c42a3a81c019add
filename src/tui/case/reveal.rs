//! What is masked otherwise, shown once its reading is recorded, and for no longer than it is looked at.

use crate::desk::{Command, Disclosure, Receipt};
use crate::domain::PersonId;
use crate::domain::office::Purpose;
use crate::text::safe_line;
use crate::tui::screen::{Context, Ticket};

/// A disclosure that is asked for or shown.
#[derive(Debug, Default)]
pub(super) struct Reveal {
    ticket: Option<Ticket>,
    disclosed: Option<Disclosure>,
}

impl Reveal {
    /// Has the reading recorded.
    pub(super) fn ask(&mut self, person: PersonId, context: &mut Context<'_>) {
        let purpose = Purpose("casework".to_owned());
        self.ticket = Some(context.execute(Command::RevealPerson { person, purpose }));
    }

    /// Takes what was disclosed, if the receipt is for that.
    pub(super) fn executed(&mut self, ticket: Ticket, receipt: Option<&Receipt>) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.ticket = None;
        self.disclosed = receipt.and_then(|receipt| receipt.disclosed.clone());
        true
    }

    /// Forgets what was disclosed; whether anything was.
    pub(super) fn hide(&mut self) -> bool {
        self.ticket = None;
        self.disclosed.take().is_some()
    }

    /// The rows in the place of the chosen entry's text; none while nothing is disclosed.
    pub(super) fn rows(&self) -> Option<Vec<String>> {
        let disclosed = self.disclosed.as_ref()?;
        let mut rows = vec![format!("-- {}, in full; the reading is recorded", disclosed.person)];
        rows.extend(
            disclosed
                .fields
                .iter()
                .map(|(field, value)| format!("{}  {}", safe_line(field), safe_line(value))),
        );
        Some(rows)
    }
}
