//! What a unit is beside its record: its sites, zone and roster, and how its free cases are shown.

use serde::{Deserialize, Serialize};

use crate::domain::event::{Event, EventRecord};
use crate::domain::ids::{CaseworkerId, UnitId};

/// A place where a unit works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// A short code without spaces, as `north`.
    pub code: String,
    /// The name shown.
    pub name: String,
    /// Where it is.
    pub address: String,
}

/// When somebody works the unit's queues: one part of a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shift {
    /// Who.
    pub caseworker: CaseworkerId,
    /// The day of the week, from 1 for Monday.
    pub weekday: u8,
    /// From this minute of the day on.
    pub from_minute: u16,
    /// Until before this one.
    pub to_minute: u16,
}

/// What a unit is beside its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitProfile {
    /// Whose.
    pub id: UnitId,
    /// Counts the events applied.
    pub version: u64,
    /// Its IANA zone, where it is another than the office's.
    pub zone: Option<String>,
    /// Its sites.
    pub sites: Vec<Site>,
    /// Who works its queues when; where nobody is named, everybody of the unit does in its hours.
    pub roster: Vec<Shift>,
    /// Whether its free cases are listed without names, so that nobody picks by person.
    pub hides_names: bool,
    /// What other units are told who meet somebody whom this unit knows, as `housing desk, 12 34 56`; nothing by default.
    pub known_contact: Option<String>,
}

/// What happened to a unit's profile. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitProfileEvent {
    /// Its zone was set.
    ZoneSet(Option<String>),
    /// Its sites were set.
    SitesSet(Vec<Site>),
    /// Its roster was set.
    RosterSet(Vec<Shift>),
    /// Names in its free cases were hidden or shown.
    NamesHidden(bool),
    /// What other units are told was set.
    KnownContactSet(Option<String>),
    /// An act on it was undone: it is as it was.
    Reverted(Box<UnitProfile>),
    /// The act that first said anything of it was undone.
    Annulled,
}

impl UnitProfile {
    /// The profile of a unit of which nothing was said yet.
    #[must_use]
    pub fn empty(id: UnitId) -> Self {
        Self {
            id,
            version: 0,
            zone: None,
            sites: Vec::new(),
            roster: Vec::new(),
            hides_names: false,
            known_contact: None,
        }
    }
}

/// Applies an event to a unit's profile.
#[must_use]
pub fn apply_unit_profile(
    before: Option<UnitProfile>,
    id: UnitId,
    record: &EventRecord,
) -> UnitProfile {
    let mut profile = before.unwrap_or_else(|| UnitProfile::empty(id));
    profile.version += 1;
    if let Event::UnitProfile(event) = &record.event {
        match event {
            UnitProfileEvent::ZoneSet(zone) => profile.zone.clone_from(zone),
            UnitProfileEvent::SitesSet(sites) => profile.sites.clone_from(sites),
            UnitProfileEvent::RosterSet(roster) => profile.roster.clone_from(roster),
            UnitProfileEvent::NamesHidden(hides) => profile.hides_names = *hides,
            UnitProfileEvent::KnownContactSet(contact) => profile.known_contact.clone_from(contact),
            UnitProfileEvent::Reverted(to) => {
                profile = UnitProfile { version: profile.version, ..(**to).clone() };
            }
            UnitProfileEvent::Annulled => {
                profile = UnitProfile { version: profile.version, ..UnitProfile::empty(id) };
            }
        }
    }
    profile
}
