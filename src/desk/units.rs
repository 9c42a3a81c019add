//! What is asked, answered and changed about units: the tree with sites, zones, rosters and cover, and what somebody has
//! that can be handed over.

use serde::{Deserialize, Serialize};

use crate::domain::office::{Cover, Shift, Site, Unit};
use crate::domain::time::Instant;
use crate::domain::{CaseId, CaseworkerId, EntityId, PromiseId, UnitId};

use super::command::DraftKey;

/// One thing of a unit that is set anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitChange {
    /// Its name.
    Name(String),
    /// The unit above; none at the top.
    Parent(Option<UnitId>),
    /// The IANA zone by whose clocks it works; without one, that of the unit above.
    Zone(Option<String>),
    /// Where it works, all sites.
    Sites(Vec<Site>),
    /// Who works its queues when, all shifts; without any, everybody of the unit in its hours.
    Roster(Vec<Shift>),
    /// What other units are told who meet somebody whom it knows.
    KnownContact(Option<String>),
}

/// A unit, with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitLine {
    /// The unit.
    pub unit: Unit,
    /// How many units stand above it.
    pub depth: u32,
    /// The zone by whose clocks it works.
    pub zone: String,
    /// What its own profile says of the zone.
    pub own_zone: Option<String>,
    /// Its sites, or those of the nearest unit above that has any.
    pub sites: Vec<Site>,
    /// Whether these are its own.
    pub has_own_sites: bool,
    /// Who leads it today.
    pub leader: Option<String>,
    /// Whether its queues are covered now.
    pub cover: Cover,
    /// Who covers them.
    pub covered_by: Option<String>,
    /// Since when nobody does, where that was told.
    pub uncovered_since: Option<Instant>,
    /// Whether it is open now.
    pub is_open: bool,
    /// Each queue by its code, with its cases.
    pub queues: Vec<(String, u64)>,
    /// Open cases.
    pub open: u64,
    /// Of these, nobody has.
    pub free: u64,
    /// Its roster: account, name and shift.
    pub roster: Vec<(String, String, Shift)>,
    /// What other units are told.
    pub known_contact: Option<String>,
    /// Whether its free cases are listed without names.
    pub hides_names: bool,
}

/// The tree of units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitsAnswer {
    /// The moment of which it tells.
    pub at: Instant,
    /// Each unit after the one above it.
    pub units: Vec<UnitLine>,
}

/// What is handed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Handed {
    /// A case.
    Case(CaseId),
    /// A promise.
    Promise(PromiseId),
    /// Words that somebody began to write. They are taken over by whoever leads the unit, and not handed to others.
    Draft(DraftKey),
}

/// To whom something is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandTo {
    /// To whoever stands in for them.
    Substitute,
    /// To this colleague.
    Colleague(CaseworkerId),
    /// Cases back into their queues; promises to whoever leads the unit, for a promise is always somebody's.
    Queue,
}

/// Something that somebody has, or had until they were marked as away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverLine {
    /// What.
    pub what: Handed,
    /// By when: the next clock of a case, the time of a promise. Of a draft, when it was kept.
    pub due_at: Option<Instant>,
    /// What it is, in words: of a draft the form, and never what was written.
    pub words: String,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// Who has it now; nobody where it lies in its queue.
    pub with: Option<(CaseworkerId, String)>,
}

/// What somebody has, by due time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverAnswer {
    /// Whose.
    pub caseworker: CaseworkerId,
    /// Their name.
    pub name: String,
    /// Who stands in for them.
    pub stand_in: Option<(CaseworkerId, String)>,
    /// The lines: what is due first stands first, and what is due by no time last.
    pub lines: Vec<HandoverLine>,
    /// Whether there is more than is listed.
    pub has_more: bool,
}

/// The cases and promises of a receipt, to be asked for once more.
#[must_use]
#[expect(clippy::wildcard_enum_match_arm, reason = "only cases and promises are handed over")]
pub fn handed_ids(rows: &[super::command::RowResult]) -> Vec<EntityId> {
    let updated = rows.iter().filter_map(|row| match row {
        super::command::RowResult::Updated(id @ (EntityId::Case(_) | EntityId::Promise(_))) => {
            Some(id.clone())
        }
        _ => None,
    });
    updated.collect()
}
