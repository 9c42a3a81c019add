//! What is masked otherwise, shown once its reading is recorded, and for no longer than it is looked at.

use crate::desk::{Command, DeskError, Disclosure, NOT_VERIFIED, Receipt};
use crate::domain::PersonId;
use crate::domain::office::Purpose;
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;

/// A disclosure that is asked for or shown.
#[derive(Debug, Default)]
pub(super) struct Reveal {
    ticket: Option<Ticket>,
    disclosed: Option<Disclosure>,
    /// Whether it was asked for while the caller is not verified, so that once more does it.
    is_warned: bool,
}

impl Reveal {
    /// Has the reading recorded.
    pub(super) fn ask(&mut self, person: PersonId, context: &mut Context<'_>) {
        let command = if context.shared.presence.contact.is_some() {
            let is_confirmed = std::mem::take(&mut self.is_warned);
            Command::RevealUnderContact { person, is_confirmed }
        } else {
            let purpose = Purpose("casework".to_owned());
            Command::RevealPerson { person, purpose }
        };
        self.ticket = Some(context.execute(command));
    }

    /// Takes what was disclosed, if the receipt is for that.
    pub(super) fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
    ) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.ticket = None;
        match receipt {
            Ok(receipt) => self.disclosed.clone_from(&receipt.disclosed),
            Err(DeskError::Refused(refusal)) => self.is_warned = refusal.code == NOT_VERIFIED,
            Err(_) => {}
        }
        true
    }

    /// Something else was done than asking for it once more.
    pub(super) fn is_left(&mut self) {
        self.is_warned = false;
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
