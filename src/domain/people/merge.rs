//! Merging the records of one person: which side each field comes from, what the survivor is then, and what it gives back.

use serde::{Deserialize, Serialize};

use crate::domain::limits::{
    CONTACT_POINTS_MAX, IDENTITIES_MAX, NAMES_MAX, PERSON_NOTES_MAX, RELATIONSHIPS_MAX,
};
use crate::domain::refusal::Refusal;

use super::household::Relationship;
use super::person::{
    ContactPoint, Fact, Identity, Name, NameKind, Person, PersonState, Provenance,
};

/// Where a field of the survivor comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    /// The survivor keeps its own.
    Survivor,
    /// The merged record's.
    Merged,
    /// Both, the survivor's first, where there can be several.
    Both,
}

macro_rules! person_fields {
    ($($(#[$doc:meta])* $field:ident = ($code:literal, $label:literal, $is_list:literal),)+) => {
        /// A field of a person's record, as a merge chooses it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum PersonField { $($(#[$doc])* $field,)+ }

        impl PersonField {
            /// Every field, in the order of the screen.
            pub const ALL: &[Self] = &[$(Self::$field,)+];

            /// The word in commands.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$field => $code,)+ }
            }

            /// The words on the screen.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$field => $label,)+ }
            }

            /// Whether there can be several, so that both sides' can be kept.
            #[must_use]
            pub fn is_list(self) -> bool {
                match self { $(Self::$field => $is_list,)+ }
            }
        }
    };
}

person_fields! {
    /// Which names are the official ones; the others are kept as other names in any case.
    Name = ("name", "name", false),
    /// The birth date.
    BirthDate = ("born", "born", false),
    /// The gender as documented.
    Gender = ("gender", "gender", false),
    /// Identity numbers.
    Identities = ("ids", "id numbers", true),
    /// Telephones and e-mail addresses.
    ContactPoints = ("reach", "reach", true),
    /// The address.
    Address = ("address", "address", false),
    /// How to address the person.
    FormOfAddress = ("form", "address as", false),
    /// Languages.
    Languages = ("languages", "languages", true),
    /// The preferred channel.
    Channel = ("channel", "reach by", false),
    /// Accessibility needs.
    Needs = ("needs", "needs", true),
    /// The day of death.
    Deceased = ("died", "died", false),
    /// The primary household.
    Household = ("household", "household", false),
    /// Relationships.
    Relationships = ("relatives", "relatives", true),
    /// Remarks on the file.
    Notes = ("notes", "notes", true),
}

impl PersonField {
    /// The field of that word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.code() == code)
    }
}

/// The side of every field where nobody chooses: what was checked goes before what was not, the newer before the older,
/// and of what there can be several both are kept as far as there is room.
#[must_use]
pub fn default_side(field: PersonField, survivor: &Person, merged: &Person) -> Side {
    use PersonField as F;
    let stronger = |one: Option<&Provenance>, other: Option<&Provenance>| match (one, other) {
        (_, None) => Side::Survivor,
        (None, Some(_)) => Side::Merged,
        (Some(one), Some(other)) => {
            let is_stronger = (other.is_verified, other.on) > (one.is_verified, one.on);
            if is_stronger { Side::Merged } else { Side::Survivor }
        }
    };
    let of = |person: &Person| match field {
        F::Name => person
            .names
            .iter()
            .find(|fact| fact.value.kind == NameKind::Official)
            .or_else(|| person.names.first())
            .map(|fact| fact.provenance.clone()),
        F::BirthDate => person.birth_date.as_ref().map(|fact| fact.provenance.clone()),
        F::Gender => person.gender.as_ref().map(|fact| fact.provenance.clone()),
        F::Address => person.address.as_ref().map(|fact| fact.provenance.clone()),
        F::FormOfAddress => person.form_of_address.as_ref().map(|fact| fact.provenance.clone()),
        F::Deceased => person.deceased.as_ref().map(|fact| fact.provenance.clone()),
        F::Identities
        | F::ContactPoints
        | F::Languages
        | F::Channel
        | F::Needs
        | F::Household
        | F::Relationships
        | F::Notes => None,
    };
    let only = |own: bool, other: bool| {
        if !own && other { Side::Merged } else { Side::Survivor }
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other field has a source and a day")]
    match field {
        F::Channel => {
            only(survivor.preferred_channel.is_some(), merged.preferred_channel.is_some())
        }
        F::Household => only(survivor.household.is_some(), merged.household.is_some()),
        field if field.is_list() => {
            if check_room(&joined(survivor, merged, &[(field, Side::Both)])).is_ok() {
                Side::Both
            } else {
                Side::Survivor
            }
        }
        _ => stronger(of(survivor).as_ref(), of(merged).as_ref()),
    }
}

/// Decides a merge: the sides of all fields, those that were not chosen by default, and the survivor with them.
///
/// # Errors
/// One of the two is taken back or merged already, or there is no room for both sides of a field.
pub fn merge(
    merged: &Person,
    survivor: &Person,
    chosen: &[(PersonField, Side)],
) -> Result<(Vec<(PersonField, Side)>, Person), Refusal> {
    if merged.id == survivor.id {
        return Err(Refusal::new(
            "merge.self",
            format!("{} is one record.", merged.id),
            "Name the other person.",
        ));
    }
    for person in [merged, survivor] {
        refuse_unless_living(person)?;
    }
    if let Some((field, _)) =
        chosen.iter().find(|(field, side)| *side == Side::Both && !field.is_list())
    {
        return Err(Refusal::new(
            "merge.both",
            format!("There is one {} only.", field.label()),
            "Choose one of the two sides.",
        ));
    }
    let side_of = |field: PersonField| {
        let chosen = chosen.iter().rev().find(|(known, _)| *known == field);
        chosen.map_or_else(|| default_side(field, survivor, merged), |(_, side)| *side)
    };
    let taken: Vec<_> = PersonField::ALL.iter().map(|field| (*field, side_of(*field))).collect();
    let is = joined(survivor, merged, &taken);
    check_room(&is)?;
    Ok((taken, is))
}

/// Refuses an act on a record that was taken back or merged.
///
/// # Errors
/// It was, and the refusal says where to go instead.
pub fn refuse_unless_living(person: &Person) -> Result<(), Refusal> {
    match person.state {
        PersonState::Annulled => Err(Refusal::new(
            "person.annulled",
            format!("The registration of {} was undone.", person.id),
            "Register the person again, or open the right file.",
        )),
        PersonState::Merged(into) => Err(Refusal::new(
            "person.merged",
            format!("{} is part of {into} now.", person.id),
            format!("Do it on {into}, or take the merge apart there (M)."),
        )),
        PersonState::Provisional | PersonState::Identified | PersonState::Verified => Ok(()),
    }
}

/// The survivor with what it takes from the merged record.
fn joined(survivor: &Person, merged: &Person, sides: &[(PersonField, Side)]) -> Person {
    use PersonField as F;
    let mut is = survivor.clone();
    for (field, side) in sides {
        let side = *side;
        let takes = side == Side::Merged;
        match field {
            F::Name => is.names = names(&survivor.names, &merged.names, takes),
            F::BirthDate if takes => is.birth_date.clone_from(&merged.birth_date),
            F::Gender if takes => is.gender.clone_from(&merged.gender),
            F::Address if takes => is.address.clone_from(&merged.address),
            F::FormOfAddress if takes => is.form_of_address.clone_from(&merged.form_of_address),
            F::Deceased if takes => is.deceased.clone_from(&merged.deceased),
            F::Channel if takes => is.preferred_channel = merged.preferred_channel,
            F::Household if takes => is.household = merged.household,
            F::Identities => {
                let same = |one: &Fact<Identity>, other: &Fact<Identity>| one.value == other.value;
                is.identities = list(&survivor.identities, &merged.identities, side, same);
            }
            F::ContactPoints => {
                let same = |one: &Fact<ContactPoint>, other: &Fact<ContactPoint>| {
                    (one.value.kind, &one.value.normalised)
                        == (other.value.kind, &other.value.normalised)
                };
                let points = list(&survivor.contact_points, &merged.contact_points, side, same);
                is.contact_points = with_one_primary(points);
            }
            F::Languages => is.languages = words(&survivor.languages, &merged.languages, side),
            F::Needs => is.needs = words(&survivor.needs, &merged.needs, side),
            F::Relationships => {
                let same = |one: &Relationship, other: &Relationship| {
                    (one.to, one.kind) == (other.to, other.kind)
                };
                let mut all = list(&survivor.relationships, &merged.relationships, side, same);
                all.retain(|stated| ![survivor.id, merged.id].contains(&stated.to));
                is.relationships = all;
            }
            F::Notes => {
                is.notes = list(&survivor.notes, &merged.notes, side, |one, other| one == other);
                is.notes.sort_by_key(|note| note.at);
            }
            F::BirthDate
            | F::Gender
            | F::Address
            | F::FormOfAddress
            | F::Deceased
            | F::Channel
            | F::Household => {}
        }
    }
    // Who was checked on either side is checked, and whoever may see the two together may see each.
    is.state = survivor.state.max(merged.state);
    is.confidentiality = survivor.confidentiality.max(merged.confidentiality);
    is
}

/// Both sides' names, so that the person is found by each; those that are not chosen are other names.
fn names(own: &[Fact<Name>], other: &[Fact<Name>], takes_other: bool) -> Vec<Fact<Name>> {
    let (first, second) = if takes_other { (other, own) } else { (own, other) };
    let mut all = first.to_vec();
    for fact in second {
        let is_known = all.iter().any(|known| {
            (&known.value.given, &known.value.family) == (&fact.value.given, &fact.value.family)
        });
        if !is_known {
            let is_official = fact.value.kind == NameKind::Official;
            let kind = if is_official { NameKind::Other } else { fact.value.kind };
            let value = Name { kind, ..fact.value.clone() };
            all.push(Fact { value, provenance: fact.provenance.clone() });
        }
    }
    all
}

fn list<T: Clone>(own: &[T], other: &[T], side: Side, same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    match side {
        Side::Survivor => own.to_vec(),
        Side::Merged => other.to_vec(),
        Side::Both => {
            let mut all = own.to_vec();
            for item in other {
                if !all.iter().any(|known| same(known, item)) {
                    all.push(item.clone());
                }
            }
            all
        }
    }
}

fn words(own: &[String], other: &[String], side: Side) -> Vec<String> {
    list(own, other, side, |one, other| one == other)
}

/// At most one contact point of a kind is tried first: the first that was.
fn with_one_primary(mut points: Vec<Fact<ContactPoint>>) -> Vec<Fact<ContactPoint>> {
    let mut kinds = Vec::new();
    for point in &mut points {
        if point.value.is_primary {
            point.value.is_primary = !kinds.contains(&point.value.kind);
            kinds.push(point.value.kind);
        }
    }
    points
}

fn check_room(person: &Person) -> Result<(), Refusal> {
    for (have, max, field) in [
        (person.names.len(), NAMES_MAX, "names"),
        (person.identities.len(), IDENTITIES_MAX, "identity numbers"),
        (person.contact_points.len(), CONTACT_POINTS_MAX, "contact points"),
        (person.languages.len(), NAMES_MAX, "languages"),
        (person.needs.len(), NAMES_MAX, "needs"),
        (person.relationships.len(), RELATIONSHIPS_MAX, "relationships"),
        (person.notes.len(), PERSON_NOTES_MAX, "notes"),
    ] {
        if have > max {
            return Err(Refusal::new(
                "limit",
                format!("Both sides together have {have} {field}, and {max} is the most."),
                "Choose one side for them.",
            ));
        }
    }
    Ok(())
}

/// The survivor without what its merge brought, where nobody has changed that since; and the fields that stay because
/// somebody has.
#[must_use]
pub fn part(
    now: &Person,
    was: &Person,
    merged: &Person,
    (taken, state): (&[(PersonField, Side)], PersonState),
) -> (Person, Vec<String>) {
    // The merged record has not changed since, but for the state that says where it went.
    let brought = joined(was, &Person { state, ..merged.clone() }, taken);
    let mut stayed: Vec<&str> = Vec::new();
    let mut back = now.clone();
    macro_rules! one {
        ($field:ident, $label:literal) => {
            if now.$field == brought.$field {
                back.$field.clone_from(&was.$field);
            } else if brought.$field != was.$field {
                stayed.push($label);
            }
        };
    }
    macro_rules! several {
        ($field:ident, $label:literal) => {
            let (items, is_whole) = parted(&now.$field, &was.$field, &brought.$field);
            back.$field = items;
            if !is_whole {
                stayed.push($label);
            }
        };
    }
    several!(names, "names");
    one!(birth_date, "born");
    one!(gender, "gender");
    several!(identities, "id numbers");
    several!(contact_points, "reach");
    one!(address, "address");
    one!(form_of_address, "address as");
    several!(languages, "languages");
    one!(preferred_channel, "reach by");
    several!(needs, "needs");
    one!(deceased, "died");
    one!(household, "household");
    several!(relationships, "relatives");
    several!(notes, "notes");
    one!(state, "how far it is checked");
    one!(confidentiality, "who may see it");
    back.contact_points = with_one_primary(back.contact_points);
    (back, stayed.into_iter().map(|field| format!("{field}, changed since")).collect())
}

/// A list without what was brought, with what was left out for it, and with what came since; and whether all that was
/// brought was still there.
fn parted<T: Clone + PartialEq>(now: &[T], was: &[T], brought: &[T]) -> (Vec<T>, bool) {
    if now == brought {
        return (was.to_vec(), true);
    }
    let is_brought = |item: &T| brought.contains(item) && !was.contains(item);
    let is_whole = brought.iter().filter(|item| is_brought(item)).all(|item| now.contains(item));
    let left_out = was.iter().filter(|item| !brought.contains(item) && !now.contains(item));
    let kept = now.iter().filter(|item| !is_brought(item));
    (left_out.chain(kept).cloned().collect(), is_whole)
}
