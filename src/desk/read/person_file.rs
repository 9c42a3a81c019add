//! A person's file: the single window, masked.

use crate::desk::answer::{
    ContactLine, ContactPointLine, FieldLine, KinLine, PersonFileAnswer, ServiceLine,
};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::domain::cases::Case;
use crate::domain::money::Money;
use crate::domain::office::{Action, Resource};
use crate::domain::people::{
    ContactPointKind, Fact, FamilyRole, Name, NameKind, Person, Provenance, RelationshipKind,
};
use crate::domain::{ContactId, PersonId, ServiceId};
use crate::store::Direction;

use super::Reader;
use super::mask;
use super::words::first_line;

/// Cases, services and contacts that one file shows.
const LISTED_MAX: usize = 40;
/// Rows that counts of a file run over.
const COUNTED_MAX: usize = 1_000;
/// People of kin that one file shows.
const KIN_MAX: usize = 24;

impl Reader<'_> {
    pub(super) fn person_file(&self, id: PersonId) -> Result<PersonFileAnswer, DeskError> {
        self.authorise(Action::ReadPerson, &Resource::office())?;
        let person = self.visible_person(id)?.ok_or_else(|| DeskError::NotFound(id.to_string()))?;
        let (cases, open, total) = self.cases_of(id, LISTED_MAX)?;
        let mut rows = Vec::with_capacity(cases.len());
        for case in &cases {
            rows.push(self.row(case)?);
        }
        let (services, services_year) = self.services(id)?;
        let (contacts, contacts_total) = self.contacts(id)?;
        let last_handler = cases
            .iter()
            .find_map(|case| case.last_handler)
            .map(|handler| self.directory.short_name(handler));
        Ok(PersonFileAnswer {
            person: id,
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
        })
    }

    /// Household and relatives: whoever lives here first, then relations stated on either side.
    fn kin(&self, person: &Person) -> Result<Vec<KinLine>, DeskError> {
        let mut kin: Vec<KinLine> = Vec::new();
        let stated = self.relations(person)?;
        if let Some(household) = person.household {
            let household = self.household(household)?;
            let own = household
                .members
                .iter()
                .find(|member| member.person == person.id)
                .map(|member| member.role);
            for member in household
                .members
                .iter()
                .filter(|member| member.to.is_none() && member.person != person.id)
            {
                let Some(other) = self.visible_person(member.person)? else { continue };
                let relation = stated.iter().find(|(id, _)| *id == other.id).map_or_else(
                    || role_words(own, member.role).to_owned(),
                    |(_, kind)| kind.label().to_owned(),
                );
                kin.push(self.kin_line(&other, relation, true)?);
            }
        }
        for (id, kind) in stated {
            if kin.iter().any(|line| line.person == id) || kin.len() >= KIN_MAX {
                continue;
            }
            if let Some(other) = self.visible_person(id)? {
                kin.push(self.kin_line(&other, kind.label().to_owned(), false)?);
            }
        }
        Ok(kin)
    }

    fn kin_line(
        &self,
        other: &Person,
        relation: String,
        is_household: bool,
    ) -> Result<KinLine, DeskError> {
        let born = other.birth_date.as_ref().map(|fact| fact.value);
        Ok(KinLine {
            person: other.id,
            relation,
            name: other.name().listed(),
            born: born.map(crate::domain::people::BirthDate::year),
            age: born.map(|born| born.age(self.today)),
            open_cases: self.open_cases(other.id)?,
            is_household,
        })
    }

    /// Relations that last, stated on this person or, seen the other way round, on the other.
    fn relations(&self, person: &Person) -> Result<Vec<(PersonId, RelationshipKind)>, DeskError> {
        let lasts =
            |until: Option<crate::domain::time::Day>| until.is_none_or(|until| until >= self.today);
        let own = person.relationships.iter().filter(|relation| lasts(relation.until));
        let mut relations: Vec<(PersonId, RelationshipKind)> =
            own.map(|relation| (relation.to, relation.kind)).collect();
        let page = self.scan(&keys::related(person.id).range(), KIN_MAX, Direction::Forward)?;
        for (key, _) in page.rows {
            let other = self.person(PersonId(keys::last_number(&key)))?;
            for relation in other
                .relationships
                .iter()
                .filter(|relation| relation.to == person.id && lasts(relation.until))
            {
                if relations.iter().all(|(known, _)| *known != other.id) {
                    relations.push((other.id, relation.kind.inverse()));
                }
            }
        }
        Ok(relations)
    }

    fn services(&self, person: PersonId) -> Result<(Vec<ServiceLine>, Vec<Money>), DeskError> {
        let page =
            self.scan(&keys::services_of(person).range(), COUNTED_MAX, Direction::Forward)?;
        let since = self.today.plus_days(-365);
        let mut lines = Vec::new();
        let mut year: Vec<Money> = Vec::new();
        for (key, _) in page.rows {
            let service = self.service(ServiceId(keys::last_number(&key)))?.delivered;
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

    pub(super) fn contacts(&self, person: PersonId) -> Result<(Vec<ContactLine>, u64), DeskError> {
        let page =
            self.scan(&keys::contacts_of(person).range(), COUNTED_MAX, Direction::Forward)?;
        let total = u64::try_from(page.rows.len()).unwrap_or(u64::MAX);
        let mut lines = Vec::new();
        for (key, _) in page.rows.iter().take(LISTED_MAX) {
            let contact = self.contact(ContactId(keys::last_number(key)))?;
            lines.push(ContactLine {
                at: contact.held.started_at,
                channel: contact.held.channel,
                direction: contact.held.direction.label().to_owned(),
                handler: self.directory.short_name(contact.handler),
                summary: first_line(&contact.held.summary),
                case: contact.held.case,
            });
        }
        Ok((lines, total))
    }

    fn next_actions(&self, cases: &[Case]) -> Vec<String> {
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

fn other_names(person: &Person) -> Vec<(NameKind, String)> {
    let shown = person.name();
    let others = person.names.iter().filter(|fact| fact.value != shown);
    others.map(|fact| (fact.value.kind, fact.value.spoken())).collect()
}

/// What a member is to somebody, from the roles that the two have in one household.
fn role_words(own: Option<FamilyRole>, other: FamilyRole) -> &'static str {
    use FamilyRole::{Child, Head, Other, Parent, Partner};
    match (own, other) {
        (Some(Head | Partner), Head | Partner) | (Some(Parent), Parent) => "partner",
        (Some(Head | Partner), Child) | (Some(Parent), Head | Partner) => "child",
        (Some(Head | Partner) | None, Parent) | (Some(Child), Head | Partner) => "parent",
        (Some(Child), Child) => "sibling",
        (Some(Child), Parent) => "grandparent",
        (Some(Parent), Child) => "grandchild",
        (None, Head | Partner | Child | Other) | (Some(Other), _) | (Some(_), Other) => "household",
    }
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
