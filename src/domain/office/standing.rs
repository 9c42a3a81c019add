//! Who may do what: one pure function over everything effective for somebody, deny by default.

use std::collections::BTreeMap;

use crate::domain::ids::UnitId;
use crate::domain::time::Day;

use super::permit::{Action, Decision, Resource, may};
use super::rights::{GroupRights, Rights, ScopedGrant};
use super::staff::{Caseworker, CaseworkerState, Confidentiality, Grant, Purpose, Role, Unit};

/// Up to this level a right need not name units or case types: there is no wildcard with secrecy.
pub const UNNAMED_LEVEL_MAX: Confidentiality = Confidentiality::Confidential;
/// Up to this level a right need not end, and one on cases of some types reaches what is no case.
pub const LASTING_LEVEL_MAX: Confidentiality = Confidentiality::CaseConfidential;

/// Where a right comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// A role in the caseworker's own record.
    Record,
    /// A narrower right of their own.
    Own,
    /// The group of the operating system with this name.
    Group(&'a str),
}

/// A right, whichever record it lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held<'a> {
    /// The role whose acts it includes.
    pub role: Role,
    /// Which of them; all where none is named.
    pub verbs: &'a [Action],
    /// In this unit only, or everywhere.
    pub unit: Option<UnitId>,
    /// Whether the units below it are included.
    pub with_units_below: bool,
    /// On cases of these types; of all where none is named.
    pub case_types: &'a [String],
    /// Up to this confidentiality.
    pub confidentiality_max: Confidentiality,
    /// For these purposes; for all where none is named.
    pub purposes: &'a [Purpose],
    /// From this day on.
    pub from: Option<Day>,
    /// Until the end of this day.
    pub expires: Option<Day>,
}

impl<'a> From<&'a Grant> for Held<'a> {
    fn from(grant: &'a Grant) -> Self {
        Self {
            role: grant.role,
            verbs: &[],
            unit: grant.unit,
            with_units_below: false,
            case_types: &[],
            confidentiality_max: grant.confidentiality_max,
            purposes: &[],
            from: None,
            expires: grant.expires,
        }
    }
}

impl<'a> From<&'a ScopedGrant> for Held<'a> {
    fn from(grant: &'a ScopedGrant) -> Self {
        Self {
            role: grant.role,
            verbs: &grant.verbs,
            unit: grant.unit,
            with_units_below: grant.with_units_below,
            case_types: &grant.case_types,
            confidentiality_max: grant.confidentiality_max,
            purposes: &grant.purposes,
            from: grant.from,
            expires: grant.expires,
        }
    }
}

impl From<Held<'_>> for ScopedGrant {
    fn from(held: Held<'_>) -> Self {
        Self {
            role: held.role,
            verbs: held.verbs.to_vec(),
            unit: held.unit,
            with_units_below: held.with_units_below,
            case_types: held.case_types.to_vec(),
            confidentiality_max: held.confidentiality_max,
            purposes: held.purposes.to_vec(),
            from: held.from,
            expires: held.expires,
        }
    }
}

impl Held<'_> {
    /// Whether it has begun by a day and has not ended before it.
    #[must_use]
    pub fn is_in_force(&self, today: Day) -> bool {
        self.from.is_none_or(|from| from <= today) && self.expires.is_none_or(|last| last >= today)
    }

    /// Whether it includes an action, and whether with a reason.
    fn includes(&self, action: Action) -> Option<bool> {
        let is_named = self.verbs.is_empty() || self.verbs.contains(&action);
        may(self.role, action).filter(|_| is_named)
    }

    fn is_of_type(&self, resource: &Resource<'_>) -> bool {
        let is_named = |code: &str| self.case_types.iter().any(|named| named == code);
        self.case_types.is_empty() || resource.case_type.is_none_or(is_named)
    }

    /// How high it reaches: no higher than a wildcard may where it names neither units nor types, and a right on cases of
    /// some types says nothing of what is no case.
    fn level(&self, resource: &Resource<'_>) -> Confidentiality {
        let highest = match (self.case_types.is_empty(), self.unit) {
            (true, None) => UNNAMED_LEVEL_MAX,
            (false, _) if resource.case_type.is_none() => LASTING_LEVEL_MAX,
            (true, Some(_)) | (false, _) => Confidentiality::TopSecret,
        };
        self.confidentiality_max.min(highest)
    }

    fn is_for(&self, purpose: Option<&Purpose>) -> bool {
        self.purposes.is_empty() || purpose.is_none_or(|purpose| self.purposes.contains(purpose))
    }
}

/// Everything that decides for somebody what they may do: nothing of it is copied to ask.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Who, with the roles of their record.
    pub actor: &'a Caseworker,
    /// What is known of them beside their record.
    pub rights: Option<&'a Rights>,
    /// What groups bring, by their names.
    pub groups: &'a BTreeMap<String, GroupRights>,
    /// The units, each with the one above it.
    pub units: &'a BTreeMap<UnitId, Unit>,
}

impl<'a> Standing<'a> {
    /// Everything that they hold, in force or not, and where it comes from: of their record first, then their own, then
    /// that of their groups.
    pub fn held(&self) -> impl Iterator<Item = (Source<'a>, Held<'a>)> + use<'a> {
        let own = self.rights.map_or(&[][..], |rights| &rights.grants);
        let names = self.rights.map_or(&[][..], |rights| &rights.groups);
        let groups = self.groups;
        let of_group = move |name: &'a String| {
            let grants = groups.get(name).map_or(&[][..], |group| &group.grants);
            grants.iter().map(move |grant| (Source::Group(name), Held::from(grant)))
        };
        let of_record = self.actor.grants.iter().map(|grant| (Source::Record, Held::from(grant)));
        let own = own.iter().map(|grant| (Source::Own, Held::from(grant)));
        of_record.chain(own).chain(names.iter().flat_map(of_group))
    }

    /// What they hold that is in force on a day; nothing for somebody who has left.
    pub fn in_force(&self, today: Day) -> impl Iterator<Item = (Source<'a>, Held<'a>)> + use<'a> {
        let has_left = self.actor.state == CaseworkerState::Left;
        self.held().filter(move |(_, held)| !has_left && held.is_in_force(today))
    }

    /// Whether they hold a role on a day, in this unit where one is named.
    #[must_use]
    pub fn has_role(&self, role: Role, unit: Option<UnitId>, today: Day) -> bool {
        let resource = unit.map_or_else(Resource::office, Resource::of_unit);
        self.in_force(today).any(|(_, held)| held.role == role && self.is_here(&held, &resource))
    }

    /// Whether they may do something on a day. The refusal is that of the right that came nearest.
    #[must_use]
    pub fn permit(&self, action: Action, resource: &Resource<'_>, today: Day) -> Decision {
        if self.actor.state == CaseworkerState::Left {
            return Decision::Deny("left");
        }
        let mut answer = Decision::Deny("no-grant");
        let mut nearest = 0;
        for (_, held) in self.in_force(today) {
            let Some(needs_reason) = held.includes(action) else { continue };
            let checks = [
                (self.is_here(&held, resource), "other-unit"),
                (held.is_of_type(resource), "other-type"),
                (resource.confidentiality <= held.level(resource), "confidential"),
                (held.is_for(resource.purpose), "other-purpose"),
            ];
            match (1..).zip(checks).find(|(_, (holds, _))| !holds) {
                // A right for some purposes is asked for its purpose before anything is shown.
                None if needs_reason || !held.purposes.is_empty() => {
                    answer = Decision::AllowWithReason;
                }
                None => return Decision::Allow,
                Some((place, (_, code))) if place > nearest => {
                    if matches!(answer, Decision::Deny(_)) {
                        answer = Decision::Deny(code);
                    }
                    nearest = place;
                }
                Some(_) => {}
            }
        }
        answer
    }

    /// For which purposes they may do something: nothing where any will do.
    #[must_use]
    pub fn purposes(
        &self,
        action: Action,
        resource: &Resource<'_>,
        today: Day,
    ) -> Option<Vec<Purpose>> {
        let mut purposes = Vec::new();
        for (_, held) in self.in_force(today) {
            match (self.reaches(&held, action, resource), held.purposes) {
                (true, []) => return None,
                (true, named) => purposes.extend_from_slice(named),
                (false, _) => {}
            }
        }
        purposes.sort_unstable();
        purposes.dedup();
        Some(purposes)
    }

    /// Whether a right includes an action on something, whatever its purposes are.
    pub(super) fn reaches(&self, held: &Held<'_>, action: Action, resource: &Resource<'_>) -> bool {
        held.includes(action).is_some()
            && self.is_here(held, resource)
            && held.is_of_type(resource)
            && resource.confidentiality <= held.level(resource)
    }

    /// Whether a right holds where something is.
    fn is_here(&self, held: &Held<'_>, resource: &Resource<'_>) -> bool {
        let Some(bound) = held.unit else { return true };
        match resource.unit {
            None => !resource.is_whole,
            Some(unit) => unit == bound || held.with_units_below && self.is_below(unit, bound),
        }
    }

    /// Whether a unit lies somewhere below another one, or is it.
    #[must_use]
    pub fn is_below(&self, unit: UnitId, above: UnitId) -> bool {
        let parent = |unit: &UnitId| self.units.get(unit)?.parent;
        let mut line = std::iter::successors(Some(unit), parent).take(self.units.len() + 1);
        line.any(|unit| unit == above)
    }
}
