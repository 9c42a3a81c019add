//! Templates filled in for cases and people as they are recorded, for whoever reads and whoever writes.

use crate::domain::answers::{Filled, Matter, Reader, Template, fill, primary};
use crate::domain::cases::{Case, Channel};
use crate::domain::people::Person;
use crate::domain::time::{ClockKind, Day, Zone};
use crate::domain::{CaseworkerId, Refusal};

use super::answer::FilledAnswer;
use super::directory::Directory;
use super::error::DeskError;

/// Who writes, and when.
pub(super) struct Writing<'d> {
    pub(super) directory: &'d Directory,
    pub(super) by: CaseworkerId,
    pub(super) zone: &'d Zone,
    pub(super) today: Day,
}

impl Writing<'_> {
    /// A template filled in for a case and somebody on it, in the language and for the channel that it is to go by.
    pub(super) fn filled(
        &self,
        case: &Case,
        person: &Person,
        channel: Channel,
        code: &str,
    ) -> Result<FilledAnswer, DeskError> {
        let reader = reader_of(person);
        let template = self.directory.library.choose(code, &reader.language, channel);
        let template = template.ok_or_else(|| {
            Refusal::new(
                "template.unknown",
                format!("There is no template `{code}` for {}.", channel.label()),
                "casedesk templates list shows those that there are.",
            )
        })?;
        let Filled { text, missing } = self.fill(template, case, &reader);
        let wanted = primary(&reader.language).to_owned();
        let is_other = !wanted.is_empty() && wanted != template.language;
        Ok(FilledAnswer {
            template: template.reference(),
            language: template.language.clone(),
            wanted: is_other.then_some(wanted),
            text,
            missing: missing.into_iter().map(|place| place.name().to_owned()).collect(),
        })
    }

    /// A template filled in; where a language is not known at all, as it stands.
    pub(super) fn fill(&self, template: &Template, case: &Case, reader: &Reader) -> Filled {
        match self.directory.library.language(&template.language) {
            Some(language) => fill(template, language, &self.matter(case), reader),
            None => Filled { text: template.text.clone(), missing: Vec::new() },
        }
    }

    fn matter(&self, case: &Case) -> Matter {
        let owed = |kind: ClockKind| case.next_owed_day(self.zone, self.today, |of| of == kind);
        let office = self.directory.office.as_ref();
        let unit = self.directory.units.get(&case.unit);
        let writer = self.directory.caseworkers.get(&self.by);
        Matter {
            case: case.id,
            subject: case.subject_label.clone(),
            caseworker: writer.map(|writer| writer.name.clone()).unwrap_or_default(),
            unit: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
            office: office.map(|office| office.name.clone()).unwrap_or_default(),
            today: self.today,
            received: self.zone.day(case.received_at),
            answer_by: case.next_owed_day(self.zone, self.today, |_any| true),
            decide_by: owed(ClockKind::Decide).or_else(|| owed(ClockKind::Legal)),
            reasons: case
                .outcome
                .as_ref()
                .map(|outcome| outcome.reasons.clone())
                .unwrap_or_default(),
        }
    }
}

/// Who reads, as their record says.
pub(super) fn reader_of(person: &Person) -> Reader {
    let name = person.name().into_owned();
    let address = person.address.as_ref().map(|fact| &fact.value);
    let lines = address.map(|address| {
        let place = format!("{} {}", address.postcode, address.place);
        [name.spoken(), address.street.clone(), place.trim().to_owned()].join("\n")
    });
    Reader {
        given: name.given,
        family: name.family,
        form_of_address: person
            .form_of_address
            .as_ref()
            .map(|fact| fact.value.clone())
            .unwrap_or_default(),
        postal_address: lines.unwrap_or_default(),
        language: person.languages.first().cloned().unwrap_or_default(),
    }
}
