//! Fields of a case's form that say who somebody is: shown in full once the reading is recorded.

use crate::desk::answer::Disclosure;
use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::typed_again;
use crate::domain::office::{Action, Purpose, Resource};
use crate::domain::{CaseId, EntityId, Event, Refusal};

use super::{Done, Run};

impl Run<'_> {
    /// Shows what a case's form masks, for a purpose that was named.
    ///
    /// # Errors
    /// The actor may not see it, the purpose is not one of theirs, the caller failed to prove who they are, or nothing that
    /// is filled in is masked.
    pub(super) fn reveal_fields(
        &mut self,
        id: CaseId,
        purpose: &Purpose,
    ) -> Result<Done, DeskError> {
        self.check_purpose(purpose)?;
        let case = self.authorise_case(Action::ReadCase, id)?;
        let (about, resource) = (EntityId::Case(id), Resource::of_case(&case));
        self.authorise_on(Action::RevealPerson, &case, &resource)?;
        let why = match case.initiator() {
            Some(person) => {
                let person = self.work.person(person)?;
                self.why_revealed(&person, purpose)?
            }
            None => Why::purpose(purpose),
        };
        if self.access_for_case(Action::RevealPerson, &case).is_none() {
            self.check_is_for(Action::RevealPerson, (&about, &resource), &why, purpose)?;
        }
        let plan = self.plan(&case)?;
        let case_type = self.work.directory.rules.case_type(&case.case_type, case.nature);
        let masked = case_type.fields.iter().filter(|rule| rule.is_personal);
        let held = masked.filter_map(|rule| Some((rule, plan.field(&rule.code)?)));
        let (codes, fields): (Vec<String>, Vec<(String, String)>) = held
            .map(|(rule, fact)| {
                let label = rule.labels.english().to_owned();
                (rule.code.clone(), (label, typed_again(&fact.value)))
            })
            .unzip();
        if fields.is_empty() {
            let what = format!("Nothing that is filled in on {id} is masked.");
            return Err(Refusal::new("reveal.nothing", what, "").into());
        }
        let event = Event::Revealed { fields: codes };
        self.work.happen(&self.doer.clone(), about.clone(), event, why)?;
        let mut done = Done::new(format!("Shown and logged under {}.", purpose.0))
            .about(about.clone())
            .not_undoable("what was seen stays seen");
        done.disclosed = Some(Disclosure { about, fields });
        Ok(done)
    }
}
