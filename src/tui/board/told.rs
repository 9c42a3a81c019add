//! What a change that the desk tells means to the board: which of what it shows is to be asked for again.

use crate::desk::{CaseRow, Change, RowPerson, ViewKind};
use crate::domain::{EntityId, UnitId};

use super::super::screen::Shared;
use super::screen::Board;

/// What is to be asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Told {
    /// Nothing that is shown.
    Nothing,
    /// The counts and the lines of news.
    Counts,
    /// What is shown of the case under the cursor.
    Row,
    /// Everything.
    Lists,
}

impl Board {
    /// What a change means here. A unit's lists tell of what came and went, so that the busy work of others is not asked
    /// for; a record is asked for where a row shows it. With every case that changed, the desk tells of the lists that it is
    /// in.
    pub(super) fn told_by(&self, change: &Change, shared: &Shared) -> Told {
        match change {
            Change::Resync | Change::Sight => Told::Lists,
            Change::Lists(units) if self.is_listed(units, shared) => Told::Lists,
            Change::Health | Change::Lists(_) => Told::Nothing,
            Change::Attended(attended) => {
                let me = EntityId::Caseworker(shared.who.caseworker.id);
                if attended.contains(&me) { Told::Counts } else { Told::Nothing }
            }
            Change::Changed(records) => {
                records.iter().map(|record| self.named(record)).max().unwrap_or(Told::Nothing)
            }
        }
    }

    /// Whether what is shown hangs on the lists of one of these units: the own cases are in those of the own unit, whichever
    /// unit one looks at, and what is in a queue or has none may be any unit's.
    fn is_listed(&self, units: &[UnitId], shared: &Shared) -> bool {
        let view = self.list.view();
        matches!(view.kind, ViewKind::Queue(_) | ViewKind::Unrouted)
            || units.contains(&view.unit)
            || units.contains(&shared.who.unit.id)
    }

    fn named(&self, record: &EntityId) -> Told {
        match record {
            // What became of the other rows, the lists of the unit tell.
            EntityId::Case(case) if self.list.current().is_some_and(|row| row.id == *case) => {
                Told::Row
            }
            // Whose name a row says.
            EntityId::Person(person) => {
                let is_theirs = |row: &CaseRow| match &row.person {
                    RowPerson::Person(shown, _) => shown == person,
                    RowPerson::Anonymous | RowPerson::From(_) | RowPerson::Hidden => false,
                };
                if self.list.rows().iter().any(is_theirs) { Told::Lists } else { Told::Nothing }
            }
            // Whoever is away leaves a unit without anybody, which the lines of news tell.
            EntityId::Caseworker(_) => Told::Counts,
            _ => Told::Nothing,
        }
    }
}
