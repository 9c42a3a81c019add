//! Which field of a person's record a change is of: two changes of different fields do not stand in each other's way.

use super::{PersonChange, PersonEvent};

/// The field that a change is of, in words: `name 1`, `address`. What is only added is of no field.
#[must_use]
pub fn changed_field(change: &PersonChange) -> Option<String> {
    let placed = |what: &str, index: u32| {
        (index != u32::MAX).then(|| format!("{what} {}", index.saturating_add(1)))
    };
    let whole = |what: &str| Some(what.to_owned());
    match change {
        PersonChange::Name { index, .. } => placed("name", *index),
        PersonChange::Identity { index, .. } => placed("id number", *index),
        PersonChange::ContactPoint { index, .. }
        | PersonChange::ContactPointState { index, .. } => placed("contact point", *index),
        PersonChange::RelationshipEnded { index, .. } => placed("relative", *index),
        PersonChange::BirthDate(_) => whole("born"),
        PersonChange::Gender(_) => whole("gender"),
        PersonChange::Address(_) | PersonChange::AddressState(_) => whole("address"),
        PersonChange::FormOfAddress(_) => whole("form of address"),
        PersonChange::Languages(_) => whole("languages"),
        PersonChange::PreferredChannel(_) => whole("reach by"),
        PersonChange::Needs(_) => whole("needs"),
        PersonChange::Deceased(_) => whole("deceased"),
        PersonChange::Household(_) => whole("household"),
        PersonChange::Confidentiality(_) => whole("confidentiality"),
        PersonChange::Note(_) | PersonChange::Relationship(_) => None,
    }
}

/// The field that an event changed: nothing for one that changes none, and every field where it brings a whole state.
#[must_use]
pub fn is_changed_by(field: &str, event: &PersonEvent) -> bool {
    match event {
        PersonEvent::Changed { change, .. } => changed_field(change).as_deref() == Some(field),
        PersonEvent::Registered(_)
        | PersonEvent::Reverted(_)
        | PersonEvent::Annulled
        | PersonEvent::MergedInto { .. }
        | PersonEvent::MergedFrom { .. }
        | PersonEvent::TakenOut { .. }
        | PersonEvent::GaveBack { .. } => true,
    }
}
