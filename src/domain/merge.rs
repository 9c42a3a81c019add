//! Merges: two records of one matter, or of one person, that are read as one, and what it takes to part them again.
//!
//! A merge moves nothing and deletes nothing. The merged record stays as it is and says into which one it went; its history,
//! contacts and messages are read from there together with the survivor's. The survivor gets only what a record of its own
//! needs, and the merge keeps what that was, so that it can be given back at any time.

use serde::{Deserialize, Serialize};

use super::cases::{Brought, Standing};
use super::event::{EntityId, EventRecord};
use super::ids::{CaseId, CaseworkerId, MergeId, PersonId};
use super::people::{Person, PersonField, PersonState, Side};
use super::time::Instant;

/// Two cases that are one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseMerge {
    /// The case that goes on.
    pub survivor: CaseId,
    /// The case that went into it.
    pub merged: CaseId,
    /// How the merged case stood, so that it can stand so again.
    pub standing: Standing,
    /// What the survivor got of it.
    pub brought: Brought,
    /// The survivor's version with that.
    pub survivor_version: u64,
    /// Contacts and messages that the survivor had itself: what came after them was recorded on both at once.
    pub had: (u32, u32),
}

/// Two records that are one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonMerge {
    /// The record that goes on.
    pub survivor: PersonId,
    /// The record that went into it.
    pub merged: PersonId,
    /// From which side each field was taken.
    pub taken: Vec<(PersonField, Side)>,
    /// The survivor as it was; with the merged record, which changes no more, it says what the merge brought.
    pub was: Person,
    /// How far the merged record was established.
    pub state: PersonState,
    /// The survivor's version with what it got.
    pub survivor_version: u64,
}

/// What was merged into what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Joined {
    /// A case into a case.
    Cases(Box<CaseMerge>),
    /// A person's record into another one.
    People(Box<PersonMerge>),
}

/// When a merge was taken apart, by whom and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parting {
    /// Who.
    pub by: CaseworkerId,
    /// When.
    pub at: Instant,
    /// Why.
    pub reason: String,
    /// What could not be parted and stayed with the survivor, in words.
    pub stayed: Vec<String>,
}

/// A merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// The number.
    pub id: MergeId,
    /// Counts the events applied.
    pub version: u64,
    /// What was merged into what.
    pub joined: Joined,
    /// Who merged them.
    pub by: CaseworkerId,
    /// When.
    pub at: Instant,
    /// Why, where a reason was given.
    pub reason: String,
    /// That it was taken apart; it is in force without.
    pub parted: Option<Parting>,
}

impl Merge {
    /// Whether the two are read as one.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.parted.is_none()
    }

    /// The record that goes on.
    #[must_use]
    pub fn survivor(&self) -> EntityId {
        match &self.joined {
            Joined::Cases(cases) => EntityId::Case(cases.survivor),
            Joined::People(people) => EntityId::Person(people.survivor),
        }
    }

    /// The record that went into it.
    #[must_use]
    pub fn merged(&self) -> EntityId {
        match &self.joined {
            Joined::Cases(cases) => EntityId::Case(cases.merged),
            Joined::People(people) => EntityId::Person(people.merged),
        }
    }

    /// The merge of two cases, where it is one.
    #[must_use]
    pub fn cases(&self) -> Option<&CaseMerge> {
        match &self.joined {
            Joined::Cases(cases) => Some(cases),
            Joined::People(_) => None,
        }
    }

    /// The merge of two people's records, where it is one.
    #[must_use]
    pub fn people(&self) -> Option<&PersonMerge> {
        match &self.joined {
            Joined::People(people) => Some(people),
            Joined::Cases(_) => None,
        }
    }

    /// The version of the survivor that the merge made.
    #[must_use]
    pub fn survivor_version(&self) -> u64 {
        match &self.joined {
            Joined::Cases(cases) => cases.survivor_version,
            Joined::People(people) => people.survivor_version,
        }
    }
}

/// What happened to a merge. Variants are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MergeEvent {
    /// Two records were merged; the event's reason says why.
    Made(Joined),
    /// They were parted; the event's reason says why.
    Parted {
        /// What could not be parted, in words.
        stayed: Vec<String>,
    },
    /// An act was undone: the state before it.
    Reverted(Box<Merge>),
}

/// What a merge is after an event.
#[must_use]
pub(in crate::domain) fn apply_merge(
    before: Option<Merge>,
    id: MergeId,
    record: &EventRecord,
    event: &MergeEvent,
) -> Option<Merge> {
    let version = before.as_ref().map_or(0, |before| before.version) + 1;
    let reason = || record.reason.clone().unwrap_or_default();
    match event {
        MergeEvent::Made(joined) => Some(Merge {
            id,
            version,
            joined: joined.clone(),
            by: record.actor,
            at: record.at,
            reason: reason(),
            parted: None,
        }),
        MergeEvent::Parted { stayed } => before.map(|before| Merge {
            version,
            parted: Some(Parting {
                by: record.actor,
                at: record.at,
                reason: reason(),
                stayed: stayed.clone(),
            }),
            ..before
        }),
        MergeEvent::Reverted(to) => Some(Merge { version, ..(**to).clone() }),
    }
}
