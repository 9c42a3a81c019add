//! The statutory extension of a clock, and the notice of it to the citizen in the same act.

use crate::desk::answers::{Writing, reader_of};
use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::answers::{ENGLISH, extension_notice};
use crate::domain::cases::{
    self, Case, CaseAct, CaseEvent, EXTENSION_NOTICE, Extending, ExtensionOffer, Happened,
    ReplyAddress, Telling, excerpt_of, extension_offers,
};
use crate::domain::people::Person;
use crate::domain::{EntityId, MessageId};

use super::replies::check_sendable;
use super::{Done, Run};

impl Run<'_> {
    /// Extends a clock, and writes to the citizen or keeps why they cannot be told.
    pub(super) fn extend(&mut self, case: &Case, act: &CaseAct) -> Result<Done, DeskError> {
        let CaseAct::Extend { clock, reason, told } = act else {
            return Ok(Done::new("Nothing was extended.").leaves_nothing());
        };
        let calendar = self.calendar_of(case.unit)?;
        let context = self.context_on(&calendar, case)?;
        let mut happened = cases::decide(case, act, &context)?;
        let with =
            Extending { case_type: &context.case_type, calendar: &calendar, at: self.doer.at };
        let offers = extension_offers(case, with);
        let offer = offers.into_iter().find(|offer| offer.clock == *clock);
        let offer = offer.ok_or_else(|| DeskError::NotFound(clock.label().to_owned()))?;
        let day = calendar.zone().day(offer.due_at);
        let label = format!("{}: {} is extended to {day}", case.id, clock.label());
        let why = Why::reason(reason);
        let done = match told {
            Telling::By(to) => {
                let (person, address) = self.reached(case, to)?;
                let text = self.notice(case, (&person, to), &offer, reason)?;
                check_sendable(to.channel, &text)?;
                let number = self.work.next::<MessageId>();
                let (channel, excerpt) = (to.channel, excerpt_of(&text));
                let replied = CaseEvent::Replied { message: number, channel, excerpt };
                happened.push(Happened::Case(replied));
                let message = (number, Some(EXTENSION_NOTICE.to_owned()), text);
                let until = self.write_message(case, (to, address), message)?;
                let told = self.written_label(number, (&person, to.channel), until)?;
                let mut done = Done::new(format!("{label}. {told}"));
                done.created = vec![EntityId::Message(number)];
                if until.is_none() {
                    done = done.not_undoable("its notice leaves the office at once");
                }
                done
            }
            Telling::CannotBe(_) => {
                Done::new(format!("{label}; why the citizen cannot be told is kept."))
            }
        };
        self.happen_on(case.id, happened, &why)?;
        Ok(done.about(EntityId::Case(case.id)))
    }

    /// What the citizen is told, in their language.
    fn notice(
        &self,
        case: &Case,
        (person, to): (&Person, &ReplyAddress),
        offer: &ExtensionOffer,
        reason: &str,
    ) -> Result<String, DeskError> {
        let zone = self.calendar_of(case.unit)?.zone();
        let reader = reader_of(person);
        let library = &self.work.directory.library;
        let spoken = library.language(&reader.language).or_else(|| library.language(ENGLISH));
        let Some(language) = spoken else { return Ok(reason.to_owned()) };
        let due = zone.day(offer.due_at);
        let template =
            extension_notice(language, to.channel, due, (reason.trim(), &offer.legal_ground));
        let writing = Writing {
            directory: &self.work.directory,
            by: self.doer.actor,
            zone: &zone,
            today: self.today,
        };
        Ok(writing.fill(&template, case, &reader).text)
    }
}
