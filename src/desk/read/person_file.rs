//! A person's file: the single window, masked.

use std::sync::Arc;

use crate::desk::answer::{
    ContactLine, ContactPointLine, FieldLine, KinLine, PersonFileAnswer, RelationLine, ServiceLine,
};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::promised::Whose;
use crate::domain::cases::{Case, Channel, Contact};
use crate::domain::money::{DeliveredService, Money};
use crate::domain::office::{Action, Resource};
use crate::domain::people::{ContactPointKind, Fact, Name, NameKind, Person, Provenance};
use crate::domain::time::Instant;
use crate::domain::{ContactId, EntityId, PersonId, ServiceId};
use crate::store::Direction;

use super::Reader;
use super::mask;
use super::near::Near;
use super::words::first_line;

/// Cases, services and contacts that one file shows.
const LISTED_MAX: usize = 40;
/// Where the time stands in the key of a person's contact: after its tag and the person.
const CONTACT_AT: usize = 9;
/// Rows that counts of a file run over.
const COUNTED_MAX: usize = 1_000;

impl Reader<'_> {
    pub(super) fn person_file(&self, id: PersonId) -> Result<PersonFileAnswer, DeskError> {
        self.authorise(Action::ReadPerson, &Resource::office())?;
        let person = self.visible_person(id)?.ok_or_else(|| DeskError::NotFound(id.to_string()))?;
        let id = person.id;
        let (cases, open, total) = self.cases_of(id, LISTED_MAX)?;
        let mut rows = Vec::with_capacity(cases.len());
        for case in &cases {
            rows.push(self.opened_row(case)?);
        }
        let (services, services_year) = self.services(id)?;
        let (contacts, contacts_total) = self.contacts(id)?;
        let last_handler = cases
            .iter()
            .find_map(|case| case.last_handler)
            .map(|handler| self.directory.short_name(handler));
        Ok(PersonFileAnswer {
            person: id,
            promises: self.open_promises(Whose::To(id))?,
            version: person.version,
            name: person.name().listed(),
            other_names: other_names(&person),
            state: person.state,
            born: person.birth_date.as_ref().map(|fact| fact.value.to_string()),
            age: person.birth_date.as_ref().map(|fact| fact.value.age(self.today)),
            form_of_address: person
                .form_of_address
                .as_ref()
                .map(|fact| fact.value.clone())
                .unwrap_or_default(),
            languages: person.languages.clone(),
            preferred_channel: person.preferred_channel,
            fields: field_lines(&person),
            contact_points: contact_points(&person),
            address: person.address.as_ref().map(|fact| fact.value.line()).unwrap_or_default(),
            area: person.address.as_ref().map(|fact| fact.value.area.clone()).unwrap_or_default(),
            needs: person.needs.clone(),
            household: person.household,
            kin: self.kin(&person)?,
            contacts_month: self.contacts_in_month(id)?,
            relations: self.relation_lines(&person)?,
            next: self.next_actions(&cases),
            cases: rows,
            cases_open: open,
            cases_total: total,
            services,
            services_year,
            contacts,
            contacts_total,
            notes: person
                .notes
                .iter()
                .rev()
                .map(|note| (note.at, self.directory.short_name(note.by), note.text.clone()))
                .collect(),
            last_handler,
            origin: person
                .origin
                .as_ref()
                .map(|(source, reference)| format!("{source} {reference}")),
            merges: self.merge_lines(&EntityId::Person(id))?,
            also_known_to: self.also_known_to(id)?,
        })
    }

    /// Household and relatives: whoever lives here first, then relations stated on either side.
    fn kin(&self, person: &Person) -> Result<Vec<KinLine>, DeskError> {
        let asker = self.asker_at(person)?;
        self.near(person)?.iter().map(|near| self.kin_line(near, &asker)).collect()
    }

    fn kin_line(&self, near: &Near, asker: &Person) -> Result<KinLine, DeskError> {
        let other = &near.person;
        let born = other.birth_date.as_ref().map(|fact| fact.value);
        Ok(KinLine {
            person: other.id,
            relation: near.relation.to_owned(),
            name: other.name().listed(),
            born: born.map(crate::domain::people::BirthDate::year),
            age: born.map(|born| born.age(self.today)),
            open_cases: self.open_cases(other.id)?,
            is_household: near.is_household,
            may_ask: self.may_ask_about(asker, other)?.to_string(),
        })
    }

    /// What the record says of relatives whom the actor may see. Each line keeps its place in the record.
    fn relation_lines(&self, person: &Person) -> Result<Vec<RelationLine>, DeskError> {
        let mut lines = Vec::new();
        for (index, stated) in person.relationships.iter().enumerate() {
            if self.visible_person(stated.to)?.is_some() {
                lines.push(RelationLine {
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                    to: stated.to,
                    kind: stated.kind.label().to_owned(),
                    until: stated.until,
                    source: stated.source.clone(),
                });
            }
        }
        Ok(lines)
    }

    /// The services of somebody that are on no case which the actor may not see, newest first.
    pub(super) fn seen_services(
        &self,
        person: PersonId,
    ) -> Result<Vec<DeliveredService>, DeskError> {
        let mut seen = Vec::new();
        for key in self.newest_rows(person, keys::services_of, COUNTED_MAX)? {
            let service = self.service(ServiceId(keys::last_number(&key)))?.delivered;
            if service.case.map_or(Ok(true), |case| self.sees_case(case))? {
                seen.push(service);
            }
        }
        Ok(seen)
    }

    fn services(&self, person: PersonId) -> Result<(Vec<ServiceLine>, Vec<Money>), DeskError> {
        let since = self.today.plus_days(-365);
        let mut lines = Vec::new();
        let mut year: Vec<Money> = Vec::new();
        for service in self.seen_services(person)? {
            if let Some(amount) = service.amount.as_ref().filter(|_| service.on > since) {
                match year.iter_mut().find(|sum| sum.currency == amount.currency) {
                    Some(sum) => sum.minor = sum.minor.saturating_add(amount.minor),
                    None => year.push(amount.clone()),
                }
            }
            if lines.len() < LISTED_MAX {
                lines.push(ServiceLine {
                    on: service.on,
                    service: service.service,
                    amount: service.amount,
                    quantity: service.quantity,
                    case: service.case,
                    recipient: None,
                });
            } else if service.on <= since {
                break;
            }
        }
        Ok((lines, year))
    }

    /// The contacts of somebody that the actor may know of, as lines, and how many there are.
    pub(super) fn contacts(&self, person: PersonId) -> Result<(Vec<ContactLine>, u64), DeskError> {
        let (mut total, mut lines) = (0, Vec::new());
        for key in self.newest_rows(person, keys::contacts_of, COUNTED_MAX)? {
            let contact = self.contact(ContactId(keys::last_number(&key)))?;
            let Some(cases) = self.cases_of_contact(&contact)? else { continue };
            total += 1;
            if lines.len() == LISTED_MAX {
                continue;
            }
            lines.push(ContactLine {
                at: contact.held.started_at,
                channel: contact.held.channel,
                direction: contact.held.direction.label().to_owned(),
                handler: self.directory.short_name(contact.handler),
                summary: first_line(&contact.held.summary),
                case: cases.first().copied(),
                cases_more: u32::try_from(cases.len().saturating_sub(1)).unwrap_or(0),
                minutes: minutes(&contact),
                is_running: contact.is_running(),
                outcome: contact.outcome,
            });
        }
        Ok((lines, total))
    }

    /// Contacts of somebody since this month began.
    fn contacts_in_month(&self, person: PersonId) -> Result<u64, DeskError> {
        let first = self.today.plus_days(1 - i32::from(self.today.date().day()));
        let since = self.zone.instant(first, 0, 0).milliseconds();
        let keys = self.newest_rows(person, keys::contacts_of, COUNTED_MAX)?;
        let at = |key: &[u8]| -keys::signed_at(key, CONTACT_AT);
        let mut count = 0;
        for key in keys.iter().take_while(|key| at(key) >= since) {
            let contact = self.contact(ContactId(keys::last_number(key)))?;
            count += u64::from(self.cases_of_contact(&contact)?.is_some());
        }
        Ok(count)
    }

    /// The last contact with somebody: when, and by which way.
    pub(super) fn last_contact(
        &self,
        person: PersonId,
    ) -> Result<Option<(Instant, Channel)>, DeskError> {
        // It is nearly always the newest one.
        for limit in [1, COUNTED_MAX] {
            let rows = self.newest_rows(person, keys::contacts_of, limit)?;
            for key in &rows {
                let contact = self.contact(ContactId(keys::last_number(key)))?;
                if self.cases_of_contact(&contact)?.is_some() {
                    return Ok(Some((contact.held.started_at, contact.held.channel)));
                }
            }
            if rows.len() < limit {
                break;
            }
        }
        Ok(None)
    }

    /// The keys of an index of people, newest first within each, of all numbers of somebody, the newest first.
    pub(super) fn newest_rows(
        &self,
        person: PersonId,
        of: fn(PersonId) -> keys::Key,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, DeskError> {
        let mut rows = Vec::new();
        for &number in self.numbers_of(person)?.iter() {
            let page = self.scan(&of(number).range(), limit, Direction::Forward)?;
            rows.extend(page.rows.into_iter().map(|(key, _)| key));
        }
        // What stands behind tag and number is what the newest comes first by.
        rows.sort_by(|one, other| one.get(9..).cmp(&other.get(9..)));
        rows.truncate(limit);
        Ok(rows)
    }

    fn next_actions(&self, cases: &[Arc<Case>]) -> Vec<String> {
        let open = cases.iter().filter(|case| case.is_open());
        let mut due: Vec<(i64, String)> = open
            .map(|case| {
                let due_at = case.due_at();
                let who = case.owner.map_or_else(
                    || "nobody yet".to_owned(),
                    |owner| self.directory.short_name(owner),
                );
                let by = case.due_kind().map_or_else(String::new, |kind| {
                    format!(", {} by {}", kind.label(), self.zone.day(due_at))
                });
                (due_at.milliseconds(), format!("{}: {} ({who}){by}", case.id, self.next_of(case)))
            })
            .collect();
        due.sort();
        due.into_iter().map(|(_, words)| words).take(LISTED_MAX).collect()
    }
}

/// Minutes that a contact took, begun ones counted; nothing where that was not measured.
fn minutes(contact: &Contact) -> Option<u32> {
    let held = &contact.held;
    let is_measured = !contact.is_running() && held.ended_at > held.started_at;
    let milliseconds = held.ended_at.milliseconds() - held.started_at.milliseconds();
    let minutes = (milliseconds + 59_999).div_euclid(60_000);
    is_measured.then(|| u32::try_from(minutes).unwrap_or(u32::MAX))
}

fn other_names(person: &Person) -> Vec<(NameKind, String)> {
    let shown = person.name();
    let others = person.names.iter().filter(|fact| fact.value != *shown);
    others.map(|fact| (fact.value.kind, fact.value.spoken())).collect()
}

fn contact_points(person: &Person) -> Vec<ContactPointLine> {
    let points = person.contact_points.iter().enumerate();
    points
        .map(|(index, fact)| ContactPointLine {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            kind: fact.value.kind,
            value: match fact.value.kind {
                ContactPointKind::Telephone => mask::telephone(&fact.value.normalised),
                ContactPointKind::Email => mask::email(&fact.value.normalised),
            },
            state: fact.value.state,
            is_primary: fact.value.is_primary,
            on: fact.provenance.on,
        })
        .collect()
}

/// Every field with its source and date.
fn field_lines(person: &Person) -> Vec<FieldLine> {
    let line = |field: &str, value: String, provenance: &Provenance| FieldLine {
        field: field.to_owned(),
        value,
        source: provenance.source.clone(),
        on: provenance.on,
        is_verified: provenance.is_verified,
    };
    let name = |fact: &Fact<Name>| {
        let field = match fact.value.kind {
            NameKind::Official => "name",
            NameKind::Other => "other name",
            NameKind::Transliteration => "in other script",
        };
        line(field, fact.value.listed(), &fact.provenance)
    };
    let mut lines: Vec<FieldLine> = person.names.iter().map(name).collect();
    lines.extend(
        person.birth_date.iter().map(|fact| line("born", fact.value.to_string(), &fact.provenance)),
    );
    lines.extend(
        person.gender.iter().map(|fact| line("gender", fact.value.clone(), &fact.provenance)),
    );
    for fact in &person.identities {
        lines.push(line(&fact.value.scheme, mask::identity(&fact.value.value), &fact.provenance));
    }
    for (fact, shown) in person.contact_points.iter().zip(contact_points(person)) {
        let field = match shown.kind {
            ContactPointKind::Telephone => "telephone",
            ContactPointKind::Email => "e-mail",
        };
        lines.push(line(field, shown.value, &fact.provenance));
    }
    lines.extend(
        person.address.iter().map(|fact| line("address", fact.value.line(), &fact.provenance)),
    );
    lines.extend(
        person
            .form_of_address
            .iter()
            .map(|fact| line("form of address", fact.value.clone(), &fact.provenance)),
    );
    lines.extend(
        person.deceased.iter().map(|fact| line("died", fact.value.to_string(), &fact.provenance)),
    );
    lines
}
