//! What is masked otherwise, shown once its purpose is told and its reading is recorded, and for no longer than it is looked
//! at: of a person, and of the form of the case.

use crate::desk::{CaseFileAnswer, Command, DeskError, Disclosure, NOT_VERIFIED, Receipt};
use crate::domain::office::Purpose;
use crate::domain::{CaseId, PersonId};
use crate::tui::purposes;
use crate::tui::screen::{Context, Shared, Ticket};
use crate::tui::text::safe_line;

/// Disclosures that are asked for or shown.
#[derive(Debug, Default)]
pub(super) struct Reveal {
    ticket: Option<Ticket>,
    disclosed: Vec<Disclosure>,
    /// Whether it was asked for while the caller is not verified, so that once more does it.
    is_warned: bool,
    /// Whose fields are to be shown.
    person: Option<PersonId>,
    /// The case whose form has masked fields, as long as they are still to be shown.
    form: Option<CaseId>,
    /// Whether the purpose is being asked.
    is_asking: bool,
    /// For what it is shown.
    purpose: Option<Purpose>,
}

impl Reveal {
    /// Has the reading recorded: under the contact that runs, for one's own case, or for a purpose that is asked first.
    pub(super) fn ask(
        &mut self,
        person: PersonId,
        file: &CaseFileAnswer,
        is_own: bool,
        context: &mut Context<'_>,
    ) {
        let is_masked =
            file.plan.fields.iter().any(|line| line.rule.is_personal && line.filled.is_some());
        self.person = Some(person);
        self.form = is_masked.then_some(file.case.id);
        if context.shared.presence.contact.is_some() {
            let is_confirmed = std::mem::take(&mut self.is_warned);
            self.purpose = Some(Purpose::contact());
            self.ticket =
                Some(context.execute(Command::RevealUnderContact { person, is_confirmed }));
        } else if is_own {
            self.show(Purpose::unasked().or_casework(), context);
        } else {
            self.is_asking = true;
        }
    }

    /// Whether the purpose is being asked.
    pub(super) fn is_asking(&self) -> bool {
        self.is_asking
    }

    /// Takes the digit of a purpose; whether there is one.
    pub(super) fn choose(&mut self, digit: Option<u8>, context: &mut Context<'_>) -> bool {
        let Some(purpose) = purposes::chosen(digit, context.shared) else { return false };
        self.is_asking = false;
        self.show(purpose, context);
        true
    }

    fn show(&mut self, purpose: Purpose, context: &mut Context<'_>) {
        let Some(person) = self.person else { return };
        self.purpose = Some(purpose.clone());
        self.ticket = Some(context.execute(Command::RevealPerson { person, purpose }));
    }

    /// Takes what was disclosed, if the receipt is for that; the form's fields are asked for after the person's.
    pub(super) fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.ticket = None;
        match receipt {
            Ok(receipt) => {
                self.disclosed.extend(receipt.disclosed.clone());
                if let (Some(case), Some(purpose)) = (self.form.take(), self.purpose.clone()) {
                    self.ticket = Some(context.execute(Command::RevealFields { case, purpose }));
                }
            }
            Err(DeskError::Refused(refusal)) => {
                self.is_warned = refusal.code == NOT_VERIFIED;
                // A right to it for other purposes is told which one it is.
                self.is_asking = refusal.code == "permit.other-purpose";
            }
            Err(_) => {}
        }
        true
    }

    /// Something else was done than asking for it once more.
    pub(super) fn is_left(&mut self) {
        self.is_warned = false;
    }

    /// Forgets what was disclosed, and what was being asked; whether anything was.
    pub(super) fn hide(&mut self) -> bool {
        self.ticket = None;
        self.form = None;
        let was_asking = std::mem::take(&mut self.is_asking);
        !std::mem::take(&mut self.disclosed).is_empty() || was_asking
    }

    /// The rows in the place of the chosen entry's text; none while nothing is disclosed or asked.
    pub(super) fn rows(&self, shared: &Shared) -> Option<Vec<String>> {
        if self.is_asking {
            let mut rows = vec![purposes::question("show what is masked")];
            rows.extend(purposes::rows(shared));
            return Some(rows);
        }
        let first = self.disclosed.first()?;
        let mut rows = vec![format!("-- {}, in full; the reading is recorded", first.about)];
        let fields = self.disclosed.iter().flat_map(|disclosed| &disclosed.fields);
        rows.extend(
            fields.map(|(field, value)| format!("{}  {}", safe_line(field), safe_line(value))),
        );
        Some(rows)
    }
}
