//! Rights beside a caseworker's record: given, taken, brought by groups of the operating system, and bounded by an amount.
//!
//! Whoever runs a unit does this for the people of that unit, and for groups as far as a right is held to it; nobody gives
//! themselves anything, nor what they may not give.

use crate::desk::command::Holder;
use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::check_text;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::money::Money;
use crate::domain::office::{
    Action, Grant, GroupRights, Held, NewCaseworker, OfficeEvent, RIGHTS_MAX, Resource, Rights,
    RightsEvent, ScopedGrant, UNNAMED_LEVEL_MAX,
};
use crate::domain::{CaseworkerId, Entity, EntityId, Event, Refusal, UnitId};

use super::office::{check_code, check_room};
use super::{Done, Run};

/// The rule under which the groups are noted that the operating system tells.
const GROUPS_RULE: &str = "system.groups";
/// The rule under which a newcomer is enrolled.
const NEWCOMER_RULE: &str = "group.unit";
/// The highest signing limit, in minor units: 15 digits.
const LIMIT_MINOR_MAX: i64 = 999_999_999_999_999;

impl Run<'_> {
    /// Refuses whoever may not give these roles in the place of those.
    pub(super) fn check_gives(&self, grants: &[Grant], held: &[Grant]) -> Result<(), DeskError> {
        // Nobody is enrolled while an office is founded.
        if self.work.directory.caseworkers.is_empty() {
            return Ok(());
        }
        for taken in held.iter().filter(|grant| !grants.contains(grant)) {
            self.check_giving(&Held::from(taken))?;
        }
        for right in grants.iter().filter(|grant| !held.contains(grant)).map(Held::from) {
            self.check_giving(&right)?;
            // Roles up to this level were given without an end before there were narrower rights.
            if right.confidentiality_max > UNNAMED_LEVEL_MAX {
                right.check(&self.work.directory.purposes, self.today)?;
            }
        }
        Ok(())
    }

    fn check_giving(&self, right: &Held<'_>) -> Result<(), DeskError> {
        let actor = self.actor()?;
        let directory = &self.work.directory;
        if directory.standing(&actor).may_give(right, self.today) {
            return Ok(());
        }
        let place = right.unit.and_then(|unit| directory.units.get(&unit));
        let place = place.map_or("the whole office", |unit| &unit.name);
        Err(Refusal::new(
            "right.beyond",
            format!(
                "{} may not give or take the right of a {} in {place} up to `{}`.",
                actor.name,
                right.role.label(),
                right.confidentiality_max.label()
            ),
            "Nobody goes beyond their own units, roles and level; whoever runs the whole office does it.",
        )
        .into())
    }

    /// Refuses whoever may not set this holder's rights: nobody sets their own, by their own group neither.
    fn authorise_holder(&self, holder: &Holder) -> Result<(), DeskError> {
        let actor = self.doer.actor;
        let resource = match holder {
            Holder::Caseworker(id) => Resource::of_unit(self.work.directory.caseworker(*id)?.unit),
            Holder::Group(_) => Resource::office(),
        };
        self.authorise(Action::RunOffice, &resource)?;
        let is_own = match holder {
            Holder::Caseworker(id) => *id == actor,
            Holder::Group(name) => {
                let rights = self.work.directory.rights.get(&actor);
                rights.is_some_and(|rights| rights.groups.contains(name))
            }
        };
        if is_own {
            return Err(Refusal::new(
                "right.self",
                "Nobody sets their own rights.",
                "A second person who runs the office does it.",
            )
            .into());
        }
        Ok(())
    }

    pub(super) fn give_right(
        &mut self,
        to: &Holder,
        right: &ScopedGrant,
        reason: &str,
    ) -> Result<Done, DeskError> {
        self.authorise_holder(to)?;
        self.check_giving(&Held::from(right))?;
        let why = given_reason(reason)?;
        right.check(&self.work.directory.purposes, self.today)?;
        if let Some(unit) = right.unit {
            self.work.directory.unit(unit)?;
        }
        let (id, mut grants) = self.rights_of(to)?;
        if grants.contains(right) {
            return Err(Refusal::new("right.held", "That right is there already.", "").into());
        }
        if grants.len() >= RIGHTS_MAX {
            let what = format!("There are {RIGHTS_MAX} rights already.");
            let hint = "Take some back that are over: casedesk office revoke.";
            return Err(Refusal::new("right.full", what, hint).into());
        }
        grants.push(right.clone());
        self.set_rights(&id, grants, why)?;
        let until = right.expires.map(|last| format!(" until {last}")).unwrap_or_default();
        let name = self.holder_name(to)?;
        Ok(Done::new(format!("{name}: {}{until}.", right.role.label())).about(id))
    }

    pub(super) fn take_right(
        &mut self,
        from: &Holder,
        right: &ScopedGrant,
        reason: &str,
    ) -> Result<Done, DeskError> {
        self.authorise_holder(from)?;
        self.check_giving(&Held::from(right))?;
        let why = given_reason(reason)?;
        let label = format!("{}: {} no more.", self.holder_name(from)?, right.role.label());
        let (id, mut grants) = self.rights_of(from)?;
        if let Some(place) = grants.iter().position(|held| held == right) {
            grants.remove(place);
            self.set_rights(&id, grants, why)?;
            return Ok(Done::new(label).about(id));
        }
        if let Holder::Caseworker(id) = from {
            let roles = &self.work.directory.caseworker(*id)?.grants;
            let is_it = |grant: &Grant| Held::from(grant) == Held::from(right);
            if let Some(place) = roles.iter().position(is_it) {
                let mut roles = roles.clone();
                roles.remove(place);
                let id = EntityId::Caseworker(*id);
                let event = Event::Office(OfficeEvent::GrantsSet(roles));
                self.work.happen(&self.doer.clone(), id.clone(), event, why)?;
                return Ok(Done::new(label).about(id).not_undoable("give it again instead"));
            }
        }
        Err(Refusal::new(
            "right.none",
            "There is no such right.",
            "`casedesk office grants` tells what is there.",
        )
        .into())
    }

    pub(super) fn set_group_unit(
        &mut self,
        group: &str,
        unit: Option<UnitId>,
        reason: &str,
    ) -> Result<Done, DeskError> {
        let place = match unit {
            Some(unit) => Resource::of_unit(unit),
            None => Resource::office(),
        };
        self.authorise(Action::RunOffice, &place)?;
        let was = self.work.directory.groups.get(group).and_then(|held| held.unit);
        if let Some(was) = was {
            self.authorise(Action::RunOffice, &Resource::of_unit(was))?;
        }
        let why = given_reason(reason)?;
        check_code("group", group)?;
        let name =
            unit.map(|unit| Ok::<_, DeskError>(self.work.directory.unit(unit)?.name.clone()));
        let label = match name.transpose()? {
            Some(name) => format!("Newcomers of {group} are enrolled in {name}."),
            None => format!("Newcomers of {group} are not enrolled."),
        };
        let id = self.group_id(group)?;
        let event = Event::Rights(RightsEvent::GroupUnitSet(unit));
        self.work.happen(&self.doer.clone(), id.clone(), event, why)?;
        Ok(Done::new(label).about(id))
    }

    pub(super) fn set_signing_limit(
        &mut self,
        caseworker: CaseworkerId,
        limit: Option<&Money>,
        reason: &str,
    ) -> Result<Done, DeskError> {
        self.authorise_holder(&Holder::Caseworker(caseworker))?;
        let why = given_reason(reason)?;
        let currency = &self.work.directory.office()?.currency;
        let is_fit = |limit: &Money| {
            (0..=LIMIT_MINOR_MAX).contains(&limit.minor) && limit.currency == *currency
        };
        if limit.is_some_and(|limit| !is_fit(limit)) {
            let what = format!("A signing limit is an amount in {currency}, 0 or more.");
            return Err(Refusal::new("limit.amount", what, "Type it as 25000.").into());
        }
        let name = self.work.directory.caseworker(caseworker)?.name.clone();
        let id = EntityId::Rights(caseworker);
        let event = Event::Rights(RightsEvent::SigningLimitSet(limit.cloned()));
        self.work.happen(&self.doer.clone(), id.clone(), event, why)?;
        let label = match limit {
            Some(_) => {
                format!("{name} signs alone up to the limit, and with a second person above it.")
            }
            None => format!("{name} decides whatever the amount is."),
        };
        Ok(Done::new(label).about(id))
    }

    /// Notes the groups that the operating system tells of an account, and enrols a newcomer whom one of them brings.
    pub(super) fn sign_in_from_system(
        &mut self,
        account: &str,
        name: &str,
        groups: &[String],
    ) -> Result<Done, DeskError> {
        let known = self.work.directory.by_account(account).map(|held| (held.id, held.unit));
        let (id, unit) = match known {
            Some(known) => known,
            None => self.enrol_newcomer(account, name, groups)?,
        };
        self.doer.actor = id;
        self.doer.unit = unit;
        let event = Event::Rights(RightsEvent::GroupsSeen(groups.to_vec()));
        let why = Why::rule(GROUPS_RULE);
        self.work.happen(&self.doer.clone(), EntityId::Rights(id), event, why)?;
        Ok(Done::new(format!("{account} is in {} groups.", groups.len())).leaves_nothing())
    }

    fn enrol_newcomer(
        &mut self,
        account: &str,
        name: &str,
        groups: &[String],
    ) -> Result<(CaseworkerId, UnitId), DeskError> {
        let directory = &self.work.directory;
        let bringing = groups.iter().find_map(|group| directory.groups.get(group)?.unit);
        let Some(unit) = bringing else {
            let told = if groups.is_empty() { "none".to_owned() } else { groups.join(", ") };
            return Err(Refusal::new(
                "account.newcomer",
                format!("`{account}` is not enrolled here, and no group of theirs brings a unit ({told})."),
                "Whoever runs the office enrols them (casedesk office enrol), or gives a group a unit (casedesk office group).",
            )
            .into());
        };
        check_code("account", account)?;
        check_room("caseworkers", directory.caseworkers.len())?;
        directory.unit(unit)?;
        let name = if name.trim().is_empty() { account } else { name.trim() };
        check_text("the name", name, LINE_BYTES_MAX, false)?;
        let id = self.work.next::<CaseworkerId>();
        self.work.expect_new(&EntityId::Caseworker(id));
        self.doer.actor = id;
        self.doer.unit = unit;
        let new = NewCaseworker {
            account: account.to_owned(),
            name: name.to_owned(),
            unit,
            grants: Vec::new(),
        };
        let event = Event::Office(OfficeEvent::CaseworkerEnrolled(new));
        let why = Why::rule(NEWCOMER_RULE);
        self.work.happen(&self.doer.clone(), EntityId::Caseworker(id), event, why)?;
        Ok((id, unit))
    }

    /// The record that a holder's rights lie in, and those that lie in it now.
    fn rights_of(&mut self, holder: &Holder) -> Result<(EntityId, Vec<ScopedGrant>), DeskError> {
        let id = match holder {
            Holder::Caseworker(caseworker) => EntityId::Rights(*caseworker),
            Holder::Group(name) => {
                check_code("group", name)?;
                self.group_id(name)?
            }
        };
        let grants = match self.work.entity(&id)? {
            Some(Entity::Rights(held)) => held.grants,
            Some(Entity::Group(held)) => held.grants,
            _ => Vec::new(),
        };
        Ok((id, grants))
    }

    /// A group's record; an office has no more of them than are read into memory.
    fn group_id(&self, name: &str) -> Result<EntityId, DeskError> {
        if !self.work.directory.groups.contains_key(name) {
            check_room("groups", self.work.directory.groups.len())?;
        }
        Ok(EntityId::Group(name.to_owned()))
    }

    fn set_rights(
        &mut self,
        id: &EntityId,
        grants: Vec<ScopedGrant>,
        why: Why,
    ) -> Result<(), DeskError> {
        let event = Event::Rights(RightsEvent::GrantsSet(grants));
        self.work.happen(&self.doer.clone(), id.clone(), event, why)
    }

    fn holder_name(&self, holder: &Holder) -> Result<String, DeskError> {
        Ok(match holder {
            Holder::Caseworker(id) => self.work.directory.caseworker(*id)?.name.clone(),
            Holder::Group(name) => format!("group {name}"),
        })
    }

    /// Refuses whoever may not put rights back: as for giving them.
    pub(super) fn authorise_undo_of_rights(&self, id: &EntityId) -> Result<(), DeskError> {
        if let EntityId::Rights(caseworker) = id {
            return self.authorise_holder(&Holder::Caseworker(*caseworker));
        }
        if let EntityId::Group(name) = id {
            return self.authorise_holder(&Holder::Group(name.clone()));
        }
        Ok(())
    }
}

/// The event that puts a caseworker's rights back: an act sets either the rights or the limit.
pub(super) fn rights_before(before: Option<Entity>, now: &Rights) -> RightsEvent {
    let before = match before {
        Some(Entity::Rights(before)) => before,
        _ => Rights::none(now.id),
    };
    if before.grants == now.grants {
        RightsEvent::SigningLimitSet(before.signing_limit)
    } else {
        RightsEvent::GrantsSet(before.grants)
    }
}

/// The event that puts a group back: an act sets either its rights or its unit.
pub(super) fn group_before(before: Option<Entity>, now: &GroupRights) -> RightsEvent {
    let (grants, unit) = match before {
        Some(Entity::Group(before)) => (before.grants, before.unit),
        _ => (Vec::new(), None),
    };
    if grants == now.grants {
        RightsEvent::GroupUnitSet(unit)
    } else {
        RightsEvent::GrantsSet(grants)
    }
}

fn given_reason(reason: &str) -> Result<Why, DeskError> {
    check_text("the reason", reason, LINE_BYTES_MAX, false)?;
    if reason.trim().is_empty() {
        return Err(Refusal::new(
            "right.reason",
            "A change of rights has a reason.",
            "Say why in a few words: --reason.",
        )
        .into());
    }
    Ok(Why::reason(reason.trim()))
}
