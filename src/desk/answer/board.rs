//! What the board and the screens beside it are told.

use serde::{Deserialize, Serialize};

use crate::domain::CaseId;
use crate::domain::cases::{Ledger, Step};
use crate::domain::office::{Action, Caseworker, Office, Role, ScopedGrant, Unit};
use crate::domain::time::{Calendar, Instant};

use crate::desk::command::{Draft, Macro};
use crate::desk::daily::{FlowDay, Since};
use crate::desk::place::KeptPlace;
use crate::desk::query::View;

use super::contacts::Ring;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoAnswer {
    /// The caseworker.
    pub caseworker: Caseworker,
    /// Their unit.
    pub unit: Unit,
    /// The roles they hold today.
    pub roles: Vec<Role>,
    /// Their rights today beside those of their record: their own and those of their groups.
    pub rights: Vec<ScopedGrant>,
    /// The office.
    pub office: Office,
    /// The desk's time.
    pub at: Instant,
    /// The calendar that their unit works by.
    pub calendar: Calendar,
}

impl WhoAnswer {
    /// Whether any right of theirs includes an action, somewhere and on something.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        let is_named = |role: Role| {
            // A role of their record is whole; one that only narrower rights bring is as wide as these.
            let is_whole = self.caseworker.grants.iter().any(|grant| grant.role == role);
            let mut narrow = self.rights.iter().filter(|right| right.role == role).peekable();
            is_whole
                || narrow.peek().is_none()
                || narrow.any(|right| right.verbs.is_empty() || right.verbs.contains(&action))
        };
        self.roles.iter().any(|role| role.includes(action) && is_named(*role))
    }
}

/// The strip of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardAnswer {
    /// The unit.
    pub unit: Unit,
    /// The nine views with their counts, in the order of their digits.
    pub views: Vec<(View, u64)>,
    /// Cases that no rule could place, where the actor leads the unit that has them or nobody does: an alarm where there are
    /// any.
    pub unrouted: u64,
    /// The actor's drafts.
    pub drafts: u64,
    /// Escalations to the actor that they have not acknowledged.
    pub escalations_unseen: u64,
    /// Answers to the actor's own escalations that came since yesterday: case and the answer's first words.
    pub answers: Vec<(CaseId, String)>,
    /// Messages of the unit that failed.
    pub messages_failed: u64,
    /// What `u` would undo.
    pub undo: Option<String>,
    /// The desk's time.
    pub at: Instant,
    /// Pairs of people found likely the same at a registration, for the actor to look at.
    pub duplicates: u64,
    /// Messages of the unit that came back and were not written again.
    pub letters_returned: u64,
    /// Messages of the unit that can still be recalled.
    pub messages_waiting: u64,
    /// What the actor has promised for today or before, the most urgent first.
    pub calls: Vec<Ring>,
    /// Promises that are late in the units that the actor leads.
    pub promises_late: u64,
    /// What came since they left, unless they are here for the first time.
    pub since: Option<Since>,
    /// Units that they answer for, with open cases and nobody here who works them: name and open cases.
    pub uncovered: Vec<(String, u64)>,
    /// What came into the unit and what was open, day by day, oldest first.
    pub flow: Vec<FlowDay>,
    /// The steps before routing that the unit has queues for and the actor may do, with what waits for each.
    pub steps: Vec<(Step, u64)>,
    /// The zone by whose clocks the unit works, where that is another than the office's or the reader's.
    pub zone: Option<String>,
}

/// Late cases by unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueAnswer {
    /// Unit, late cases, open cases, in the order of the most late.
    pub units: Vec<(Unit, u64, u64)>,
    /// The late cases of each of them by age, in the order of [`LateAge::ALL`](super::LateAge::ALL).
    pub ages: Vec<[u64; 6]>,
}

/// A part of the intake ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerAnswer {
    /// Numbers that were given to cases so far.
    pub received: u64,
    /// What became of those that follow the number asked for, up to the ledger's last.
    pub ledger: Ledger,
}

/// A queue or view, for scripts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueLine {
    /// The code to ask for it by: `housing/inbox`.
    pub code: String,
    /// The name.
    pub name: String,
    /// Whether it owns its cases.
    pub is_queue: bool,
    /// The list.
    pub view: View,
    /// How many cases.
    pub cases: u64,
}

/// Queues and views.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuesAnswer {
    /// In the order of units and kinds.
    pub queues: Vec<QueueLine>,
}

/// The actor's drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftsAnswer {
    /// Newest first.
    pub drafts: Vec<Draft>,
    /// What each of them is about, as far as the actor may see it.
    pub about: Vec<String>,
}

/// Where sessions of the actor were that ended without a good-bye.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacesAnswer {
    /// The newest first.
    pub places: Vec<KeptPlace>,
}

/// The actor's macros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacrosAnswer {
    /// By their names.
    pub macros: Vec<Macro>,
}
