//! How a person's record comes to be and changes: every field with its source and date.

use serde::{Deserialize, Serialize};

use crate::domain::cases::{Channel, check_text};
use crate::domain::event::EventRecord;
use crate::domain::ids::{CaseworkerId, HouseholdId, MergeId, PersonId, Ulid};
use crate::domain::limits::{
    CODE_BYTES_MAX, CONTACT_POINTS_MAX, IDENTITIES_MAX, LINE_BYTES_MAX, NAMES_MAX,
    PERSON_NOTES_MAX, RELATIONSHIPS_MAX, TEXT_BYTES_MAX,
};
use crate::domain::limits::{REGISTRATION_BYTES_MAX, SHOWN_MAX};
use crate::domain::office::Confidentiality;
use crate::domain::refusal::Refusal;
use crate::domain::time::{Day, Instant};

use super::doubts::{refuse_identity, refuse_telephone};
use super::household::{Relationship, RelationshipKind};
use super::merge::refuse_unless_living;
use super::person::{
    Address, BirthDate, ContactPoint, ContactPointState, Fact, Identity, Name, Person, PersonNote,
    PersonState, Provenance, mark_of,
};

/// A person who is being registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct NewPerson {
    /// Names, the official one first.
    pub names: Vec<Name>,
    /// Birth date.
    pub birth_date: Option<BirthDate>,
    /// Gender as documented.
    pub gender: Option<String>,
    /// Identity numbers.
    pub identities: Vec<Identity>,
    /// Telephones and e-mail addresses, each kind's first is its primary one.
    pub contact_points: Vec<ContactPoint>,
    /// Address.
    pub address: Option<Address>,
    /// How to address the person.
    pub form_of_address: Option<String>,
    /// Languages, preferred first.
    pub languages: Vec<String>,
    /// The channel that the person prefers.
    pub preferred_channel: Option<Channel>,
    /// Where all of this comes from.
    pub source: String,
    /// Whether it was checked against a document.
    pub is_verified: bool,
    /// Source and reference of the record in another register.
    pub origin: Option<(String, String)>,
    /// The candidates that were shown before somebody new was registered (kept for the trace).
    pub shown: Vec<PersonId>,
    /// Those of them who are not this person, as whoever registers them has seen.
    pub told_apart: Vec<PersonId>,
}

/// A change of one field of a person's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonChange {
    /// The official name, or another one, was corrected or added; `index` beyond the last adds.
    Name {
        /// Which, counted from 0.
        index: u32,
        /// The name.
        name: Name,
    },
    /// The birth date.
    BirthDate(BirthDate),
    /// The gender as documented.
    Gender(String),
    /// An identity number was corrected or added.
    Identity {
        /// Which, counted from 0; beyond the last adds.
        index: u32,
        /// The number.
        identity: Identity,
    },
    /// A contact point was corrected or added.
    ContactPoint {
        /// Which, counted from 0; beyond the last adds.
        index: u32,
        /// The contact point.
        point: ContactPoint,
    },
    /// What is known about a contact point.
    ContactPointState {
        /// Which.
        index: u32,
        /// The state.
        state: ContactPointState,
    },
    /// The address.
    Address(Address),
    /// How to address the person.
    FormOfAddress(String),
    /// Languages, preferred first.
    Languages(Vec<String>),
    /// The preferred channel.
    PreferredChannel(Channel),
    /// Accessibility needs.
    Needs(Vec<String>),
    /// The day of death.
    Deceased(Day),
    /// A remark for whoever opens the file next.
    Note(String),
    /// A relationship.
    Relationship(Relationship),
    /// Joined or left a household.
    Household(Option<HouseholdId>),
    /// Who may see the record at all.
    Confidentiality(Confidentiality),
    /// What is known about the address: whether it reaches the person.
    AddressState(ContactPointState),
    /// A relationship ends: a proxy is taken back, a guardianship is over.
    RelationshipEnded {
        /// Which, counted from 0.
        index: u32,
        /// Its last day.
        on: Day,
    },
}

/// What happened to a person. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonEvent {
    /// They were registered.
    Registered(Box<Person>),
    /// A field changed.
    Changed {
        /// To what.
        change: PersonChange,
        /// Where that comes from.
        provenance: Provenance,
    },
    /// An act was undone: the state before it.
    Reverted(Box<Person>),
    /// Their registration was undone.
    Annulled,
    /// The record went into another one of the same person.
    MergedInto {
        /// The merge.
        merge: MergeId,
        /// The survivor.
        person: PersonId,
    },
    /// Another record of the same person went into it.
    MergedFrom {
        /// The merge.
        merge: MergeId,
        /// The record that was merged.
        person: PersonId,
        /// The state with what that brought.
        to: Box<Person>,
    },
    /// Its merge was taken apart: it stands for itself again.
    TakenOut {
        /// The merge.
        merge: MergeId,
        /// How far it is established.
        state: PersonState,
    },
    /// Its merge was taken apart: it gave back what the other record had brought.
    GaveBack {
        /// The merge.
        merge: MergeId,
        /// The record that was merged.
        person: PersonId,
        /// The state without that.
        to: Box<Person>,
    },
}

/// The first event of a person's record.
///
/// # Errors
/// There is no name, or a field is too long or holds what it may not.
pub fn register(
    new: &NewPerson,
    id: PersonId,
    ulid: Ulid,
    actor: CaseworkerId,
    at: Instant,
    today: Day,
) -> Result<PersonEvent, Refusal> {
    if !new.names.iter().any(|name| !name.listed().trim().is_empty()) {
        return Err(Refusal::new(
            "person.name",
            "A person needs a name.",
            "Type at least one word as it was said.",
        ));
    }
    for name in &new.names {
        check_name(name)?;
    }
    for identity in &new.identities {
        check_identity(identity, today)?;
    }
    if let Some(address) = &new.address {
        check_address(address)?;
    }
    at_most("names", new.names.len(), NAMES_MAX)?;
    at_most("identity numbers", new.identities.len(), IDENTITIES_MAX)?;
    at_most("contact points", new.contact_points.len(), CONTACT_POINTS_MAX)?;
    check_text("the source", &new.source, LINE_BYTES_MAX, false)?;
    at_most("languages", new.languages.len(), NAMES_MAX)?;
    for word in new.languages.iter().chain(&new.form_of_address).chain(&new.gender) {
        check_text("the field", word, CODE_BYTES_MAX, false)?;
    }
    for point in &new.contact_points {
        check_point(point)?;
    }
    if let Some((source, reference)) = &new.origin {
        check_text("the source", source, CODE_BYTES_MAX, false)?;
        check_text("the reference", reference, CODE_BYTES_MAX, false)?;
    }
    at_most("people shown", new.shown.len(), SHOWN_MAX)?;
    at_most("people told apart", new.told_apart.len(), SHOWN_MAX)?;
    check_room(new)?;
    let provenance =
        Provenance { source: new.source.clone(), on: today, is_verified: new.is_verified };
    let state = match (new.is_verified, new.identities.is_empty() && new.origin.is_none()) {
        (true, _) => PersonState::Verified,
        (false, false) => PersonState::Identified,
        (false, true) => PersonState::Provisional,
    };
    let mut points = new.contact_points.clone();
    let mut seen = Vec::new();
    for point in &mut points {
        point.is_primary = !seen.contains(&point.kind);
        seen.push(point.kind);
        if new.is_verified {
            point.state = ContactPointState::Verified;
        }
    }
    Ok(PersonEvent::Registered(Box::new(Person {
        id,
        ulid,
        version: 1,
        created_by: actor,
        created_at: at,
        confidentiality: Confidentiality::Internal,
        state,
        names: facts(&new.names, &provenance),
        birth_date: new.birth_date.map(|value| fact(value, &provenance)),
        gender: new.gender.clone().map(|value| fact(value, &provenance)),
        identities: facts(&new.identities, &provenance),
        contact_points: facts(&points, &provenance),
        address: new.address.clone().map(|value| fact(value, &provenance)),
        form_of_address: new.form_of_address.clone().map(|value| fact(value, &provenance)),
        languages: new.languages.clone(),
        preferred_channel: new.preferred_channel,
        needs: Vec::new(),
        deceased: None,
        household: None,
        relationships: Vec::new(),
        notes: Vec::new(),
        origin: new.origin.clone(),
    })))
}

/// Decides a change of one field.
///
/// # Errors
/// The value is too long, holds what it may not, or the record is full or taken back.
pub fn decide(
    person: &Person,
    change: &PersonChange,
    provenance: &Provenance,
) -> Result<PersonEvent, Refusal> {
    refuse_unless_living(person)?;
    check_text("the source", &provenance.source, LINE_BYTES_MAX, false)?;
    match change {
        PersonChange::Name { index, name } => {
            check_name(name)?;
            grows("names", *index, person.names.len(), NAMES_MAX)?;
        }
        PersonChange::Identity { index, identity } => {
            check_identity(identity, provenance.on)?;
            grows("identity numbers", *index, person.identities.len(), IDENTITIES_MAX)?;
        }
        PersonChange::ContactPoint { index, point } => {
            check_point(point)?;
            grows("contact points", *index, person.contact_points.len(), CONTACT_POINTS_MAX)?;
        }
        PersonChange::ContactPointState { index, .. } => {
            if usize::try_from(*index).map_or(true, |index| index >= person.contact_points.len()) {
                return Err(Refusal::new(
                    "person.point",
                    "There is no such contact point.",
                    "Pick one of the list.",
                ));
            }
        }
        PersonChange::Address(_) if mark_of(provenance).is_some() => {
            return Err(Refusal::new(
                "person.source",
                "The source reads like the mark of a wrong address.",
                "Say in other words where the address comes from.",
            ));
        }
        PersonChange::Address(address) => check_address(address)?,
        PersonChange::FormOfAddress(word) | PersonChange::Gender(word) => {
            check_text("the field", word, CODE_BYTES_MAX, false)?;
        }
        PersonChange::Languages(words) | PersonChange::Needs(words) => {
            at_most("entries", words.len(), NAMES_MAX)?;
            for word in words {
                check_text("the field", word, LINE_BYTES_MAX, false)?;
            }
        }
        PersonChange::Note(text) => {
            check_text("the note", text, TEXT_BYTES_MAX.min(1_000), false)?;
            at_most("notes", person.notes.len() + 1, PERSON_NOTES_MAX)?;
        }
        PersonChange::Relationship(relationship) => {
            at_most("relationships", person.relationships.len() + 1, RELATIONSHIPS_MAX)?;
            check_text("the source", &relationship.source, LINE_BYTES_MAX, false)?;
            if relationship.to == person.id {
                return Err(Refusal::new(
                    "person.self",
                    "Nobody is their own relative.",
                    "Choose the other person.",
                ));
            }
            check_proxy(relationship)?;
        }
        PersonChange::RelationshipEnded { index, .. } => {
            if usize::try_from(*index).map_or(true, |index| index >= person.relationships.len()) {
                return Err(Refusal::new(
                    "person.relationship",
                    "There is no such relationship.",
                    "Pick one of the list.",
                ));
            }
        }
        PersonChange::AddressState(_) if person.address.is_none() => {
            return Err(Refusal::new(
                "person.address",
                "There is no address in the file.",
                "Enter it first (i).",
            ));
        }
        PersonChange::AddressState(_)
        | PersonChange::BirthDate(_)
        | PersonChange::PreferredChannel(_)
        | PersonChange::Deceased(_)
        | PersonChange::Household(_)
        | PersonChange::Confidentiality(_) => {}
    }
    Ok(PersonEvent::Changed { change: change.clone(), provenance: provenance.clone() })
}

/// Applies what happened to a person.
#[must_use]
pub fn apply(person: Option<Person>, record: &EventRecord, event: &PersonEvent) -> Option<Person> {
    let version = person.as_ref().map_or(0, |person| person.version) + 1;
    let mut next = match event {
        PersonEvent::Registered(first)
        | PersonEvent::Reverted(first)
        | PersonEvent::MergedFrom { to: first, .. }
        | PersonEvent::GaveBack { to: first, .. } => (**first).clone(),
        PersonEvent::Changed { change, provenance } => {
            let mut person = person?;
            set(&mut person, change, provenance, record);
            person
        }
        PersonEvent::Annulled => Person { state: PersonState::Annulled, ..person? },
        PersonEvent::MergedInto { person: into, .. } => {
            Person { state: PersonState::Merged(*into), ..person? }
        }
        PersonEvent::TakenOut { state, .. } => Person { state: *state, ..person? },
    };
    next.version = version;
    Some(next)
}

fn set(person: &mut Person, change: &PersonChange, provenance: &Provenance, record: &EventRecord) {
    match change.clone() {
        PersonChange::Name { index, name } => put(&mut person.names, index, fact(name, provenance)),
        PersonChange::BirthDate(value) => person.birth_date = Some(fact(value, provenance)),
        PersonChange::Gender(value) => person.gender = Some(fact(value, provenance)),
        PersonChange::Identity { index, identity } => {
            put(&mut person.identities, index, fact(identity, provenance));
            if person.state == PersonState::Provisional {
                person.state = PersonState::Identified;
            }
        }
        PersonChange::ContactPoint { index, mut point } => {
            let at = usize::try_from(index).unwrap_or(usize::MAX);
            let has_primary = person.contact_points.iter().enumerate().any(|(other, held)| {
                other != at && held.value.kind == point.kind && held.value.is_primary
            });
            point.is_primary = !has_primary;
            put(&mut person.contact_points, index, fact(point, provenance));
        }
        PersonChange::ContactPointState { index, state } => {
            let held =
                usize::try_from(index).ok().and_then(|index| person.contact_points.get_mut(index));
            if let Some(held) = held {
                held.value.state = state;
                held.provenance = provenance.clone();
            }
        }
        PersonChange::Address(value) => person.address = Some(fact(value, provenance)),
        PersonChange::FormOfAddress(value) => {
            person.form_of_address = Some(fact(value, provenance));
        }
        PersonChange::Languages(values) => person.languages = values,
        PersonChange::PreferredChannel(value) => person.preferred_channel = Some(value),
        PersonChange::Needs(values) => person.needs = values,
        PersonChange::Deceased(value) => person.deceased = Some(fact(value, provenance)),
        PersonChange::Note(text) => {
            person.notes.push(PersonNote { by: record.actor, at: record.at, text });
        }
        PersonChange::Relationship(relationship) => person.relationships.push(relationship),
        PersonChange::Household(household) => person.household = household,
        PersonChange::Confidentiality(level) => person.confidentiality = level,
        PersonChange::AddressState(state) => person.set_address_state(state, provenance),
        PersonChange::RelationshipEnded { index, on } => {
            let held =
                usize::try_from(index).ok().and_then(|index| person.relationships.get_mut(index));
            if let Some(held) = held {
                held.until = Some(on);
            }
        }
    }
}

fn put<T>(facts: &mut Vec<Fact<T>>, index: u32, new: Fact<T>) {
    match usize::try_from(index).ok().and_then(|index| facts.get_mut(index)) {
        Some(held) => *held = new,
        None => facts.push(new),
    }
}

fn fact<T>(value: T, provenance: &Provenance) -> Fact<T> {
    Fact { value, provenance: provenance.clone() }
}

fn facts<T: Clone>(values: &[T], provenance: &Provenance) -> Vec<Fact<T>> {
    values.iter().map(|value| fact(value.clone(), provenance)).collect()
}

/// Refuses a proxy without a document or without an end.
fn check_proxy(relationship: &Relationship) -> Result<(), Refusal> {
    let is_proxy =
        matches!(relationship.kind, RelationshipKind::Proxy | RelationshipKind::Principal);
    if is_proxy && (relationship.until.is_none() || relationship.source.trim().is_empty()) {
        return Err(Refusal::new(
            "person.proxy",
            "A proxy has a document and a last day.",
            "Say which document gives it, and until when, as 2026-12-31.",
        ));
    }
    Ok(())
}

fn check_name(name: &Name) -> Result<(), Refusal> {
    check_text("the given name", &name.given, LINE_BYTES_MAX, false)?;
    check_text("the family name", &name.family, LINE_BYTES_MAX, false)
}

fn check_identity(identity: &Identity, today: Day) -> Result<(), Refusal> {
    check_text("the scheme", &identity.scheme, CODE_BYTES_MAX, false)?;
    check_text("the identity number", &identity.value, CODE_BYTES_MAX, false)?;
    refuse_identity(identity, today)
}

fn check_point(point: &ContactPoint) -> Result<(), Refusal> {
    check_text("the contact point", &point.raw, LINE_BYTES_MAX, false)?;
    check_text("the contact point", &point.normalised, LINE_BYTES_MAX, false)?;
    refuse_telephone(point)
}

/// Refuses a registration that would leave no room in the record for what comes later.
fn check_room(new: &NewPerson) -> Result<(), Refusal> {
    let names = new.names.iter().map(|name| name.given.len() + name.family.len());
    let identities = new.identities.iter().map(|held| held.scheme.len() + held.value.len());
    let points = new.contact_points.iter().map(|point| point.raw.len() + point.normalised.len());
    let address = new.address.iter().map(|address| address.line().len());
    let facts = new.names.len() + new.identities.len() + new.contact_points.len();
    let bytes: usize = names.chain(identities).chain(points).chain(address).sum();
    let bytes = bytes + facts * new.source.len();
    if bytes > REGISTRATION_BYTES_MAX {
        return Err(Refusal::new(
            "person.large",
            format!(
                "The registration has {bytes} bytes, and {REGISTRATION_BYTES_MAX} is the most."
            ),
            "Leave out what is not needed now.",
        ));
    }
    Ok(())
}

fn check_address(address: &Address) -> Result<(), Refusal> {
    for part in [&address.street, &address.postcode, &address.place, &address.area] {
        check_text("the address", part, LINE_BYTES_MAX, false)?;
    }
    Ok(())
}

fn grows(things: &str, index: u32, have: usize, max: usize) -> Result<(), Refusal> {
    let is_new = usize::try_from(index).map_or(true, |index| index >= have);
    if is_new { at_most(things, have + 1, max) } else { Ok(()) }
}

fn at_most(things: &str, have: usize, max: usize) -> Result<(), Refusal> {
    if have > max {
        return Err(Refusal::new(
            "limit",
            format!("A person has at most {max} {things}."),
            "Correct one that is there.",
        ));
    }
    Ok(())
}
