//! Promises: made to a citizen with a time.

use crate::desk::command::{IntakePromise, PromiseWish};
use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::{Intake, NewPromise, check_text};
use crate::domain::event::PromiseEvent;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, EntityId, Event, PromiseId, Refusal};

use super::{Done, Run};

impl Run<'_> {
    pub(super) fn make_promise(&mut self, wish: &PromiseWish) -> Result<Done, DeskError> {
        self.authorise(Action::RegisterCase, &Resource::office())?;
        if let Some(case) = wish.case {
            self.authorise_note(case)?;
        }
        check_text("what is promised", &wish.what, LINE_BYTES_MAX, false)?;
        if wish.due_at <= self.doer.at {
            return Err(Refusal::new(
                "promise.past",
                "The time of the promise has passed already.",
                "Promise a time that is still to come.",
            )
            .into());
        }
        let person = self.living_record(wish.to)?;
        let owner = self.on_roster(wish.owner.unwrap_or(self.doer.actor))?;
        let made_in = self.running_contact()?.map(|contact| contact.id);
        let number = self.work.next::<PromiseId>();
        let id = EntityId::Promise(number);
        self.work.expect_new(&id);
        let made = PromiseEvent::Made(NewPromise {
            what: wish.what.clone(),
            to: wish.to,
            case: wish.case,
            made_in,
            channel: wish.channel,
            due_at: wish.due_at,
            owner: owner.id,
            unit: owner.unit,
        });
        self.work.happen(&self.doer.clone(), id.clone(), Event::Promise(made), Why::default())?;
        let label = format!("Promised {} as {number}.", person.name().listed());
        Ok(Done::new(label).made(vec![id]))
    }

    /// Makes the promise of an intake form; gives what the status line says of it.
    pub(super) fn promise_at_intake(
        &mut self,
        intake: &Intake,
        case: CaseId,
        promise: &IntakePromise,
    ) -> Result<String, DeskError> {
        let Some(to) = intake.asked_by else {
            return Err(Refusal::new(
                "promise.nobody",
                "Nobody known can be promised anything.",
                "Leave the promise out, or register who asks.",
            )
            .into());
        };
        let wish = PromiseWish {
            to,
            case: Some(case),
            what: promise.what.clone(),
            channel: promise.channel,
            due_at: promise.due_at,
            owner: None,
        };
        Ok(self.make_promise(&wish)?.label)
    }
}
