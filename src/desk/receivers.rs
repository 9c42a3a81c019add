//! Who receives an escalation that names a unit, a role or a substitute, and whom a rung of a ladder asks.

use crate::domain::cases::{Case, EscalateTo, EscalationLevel};
use crate::domain::office::{Caseworker, Role};
use crate::domain::rules::RungTo;
use crate::domain::time::Day;
use crate::domain::{CaseworkerId, UnitId};

use super::directory::Directory;

impl Directory {
    /// Who receives an escalation out of a unit, if anybody is here who can: never whoever asks.
    pub(super) fn asked(
        &self,
        unit: UnitId,
        to: EscalateTo,
        from: CaseworkerId,
        today: Day,
    ) -> Option<CaseworkerId> {
        let found = match to {
            EscalateTo::Level(level) => self.receiver(unit, level, from, today),
            EscalateTo::Unit(other) => self.leader(other, today),
            EscalateTo::Role(role) => self.with_role(unit, role, from, today),
        };
        // By hand, "that is you" is said in a sentence of its own.
        found.filter(|found| *found != from || matches!(to, EscalateTo::Level(_)))
    }

    /// Who receives an escalation of a case. Whoever the case is closed to is passed over: somebody else who leads its unit
    /// is asked, or one above it.
    pub(super) fn asked_about(
        &self,
        case: &Case,
        to: EscalateTo,
        from: CaseworkerId,
        today: Day,
    ) -> Option<CaseworkerId> {
        let is_free = |id: &CaseworkerId| !self.conflicts.closes_case(*id, case);
        let found = self.asked(case.unit, to, from, today)?;
        if is_free(&found) {
            return Some(found);
        }
        let leading = self.above(case.unit).filter_map(|unit| self.units.get(&unit));
        let leading = leading.flat_map(|unit| [unit.manager, unit.substitute]).flatten();
        let mut others = leading.filter(|id| *id != from && self.is_here(*id, today));
        others.find(is_free)
    }

    /// Whom a rung asks; nobody where it only reminds whoever has the case.
    pub(super) fn asked_by_rung(
        &self,
        case: &Case,
        to: &RungTo,
        from: CaseworkerId,
        today: Day,
    ) -> Option<(EscalationLevel, CaseworkerId)> {
        let to = match to {
            RungTo::Owner => return None,
            RungTo::Level(level) => EscalateTo::Level(*level),
            RungTo::Unit(code) => {
                EscalateTo::Unit(self.units.values().find(|unit| unit.code == *code)?.id)
            }
            RungTo::Role(role) => EscalateTo::Role(*role),
        };
        Some((to.level(), self.asked_about(case, to, from, today)?))
    }

    /// Whoever is named to stand in for a unit's leader, or stands in for them in turn.
    pub(super) fn named_substitute(&self, unit: UnitId, today: Day) -> Option<CaseworkerId> {
        let named = self.units.get(&unit)?.substitute?;
        Some(named)
            .filter(|named| self.is_here(*named, today))
            .or_else(|| self.stand_in(named, today))
    }

    /// Somebody of a unit with a role who is here, whoever leads the unit last.
    pub(super) fn with_role(
        &self,
        unit: UnitId,
        role: Role,
        from: CaseworkerId,
        today: Day,
    ) -> Option<CaseworkerId> {
        let leader = self.leader(unit, today);
        let holds = |caseworker: &&Caseworker| {
            caseworker.unit == unit
                && caseworker.id != from
                && self.is_here(caseworker.id, today)
                && self.standing(caseworker).has_role(role, Some(unit), today)
        };
        let held = self.caseworkers.values().filter(holds).map(|held| held.id);
        held.min_by_key(|id| (Some(*id) == leader, *id))
    }
}
