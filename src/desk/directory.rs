//! The office at a glance: units, queues, caseworkers and subjects, read once and kept until one of them changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;

use crate::domain::answers::{self, Library};
use crate::domain::cases::EscalationLevel;
use crate::domain::knowledge::Subject;
use crate::domain::office::{
    Action, Caseworker, CaseworkerState, Decision, EmergencyAccess, GroupRights, Office,
    PurposeRegister, Queue, QueueKind, Resource, Rights, Role, ScopedGrant, Standing, Unit,
    UnitProfile,
};
use crate::domain::rules::Rules;
use crate::domain::time::{Calendar, Day};
use crate::domain::{
    AccessId, CaseworkerId, Entity, EntityId, QueueId, Refusal, SubjectCode, UnitId,
};
use crate::store::{Direction, Sequence, Store};

use super::conflicts::Conflicts;
use super::error::DeskError;
use super::keys::{Key, tag};
use super::records::decode_entity;
use super::verify::entity_id;
use super::work::broken;

/// Units, queues, caseworkers and subjects that an office may have; each is read into memory.
pub(super) const DIRECTORY_ROWS_MAX: usize = 50_000;
/// How many who are away themselves are passed over until somebody who is here stands in.
const STAND_INS_MAX: usize = 8;

/// The office at a glance.
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    /// The commit that made it what it is; what was decided over another one is decided again.
    pub(super) version: Sequence,
    pub(super) office: Option<Office>,
    pub(super) units: BTreeMap<UnitId, Unit>,
    pub(super) queues: BTreeMap<QueueId, Queue>,
    pub(super) caseworkers: BTreeMap<CaseworkerId, Caseworker>,
    pub(super) subjects: BTreeMap<SubjectCode, Subject>,
    /// The answers that come with casedesk, with the office's own over them.
    pub(super) library: Library,
    /// Case types, tables and calendars that were published.
    pub(super) rules: Rules,
    /// For what citizens' data is read here.
    pub(super) purposes: PurposeRegister,
    /// How long a reply waits, where the office has set it.
    pub(super) recall_minutes: Option<u32>,
    /// What is known of caseworkers beside their records.
    pub(super) rights: BTreeMap<CaseworkerId, Rights>,
    /// What groups of the operating system bring, by their names.
    pub(super) groups: BTreeMap<String, GroupRights>,
    /// Emergency accesses that still open something, or that nobody has reviewed.
    pub(super) accesses: BTreeMap<AccessId, EmergencyAccess>,
    pub(super) profiles: BTreeMap<UnitId, UnitProfile>,
    /// Whose files are closed to whom.
    pub(super) conflicts: Arc<Conflicts>,
    /// The hours that the office was founded with, as a calendar.
    pub(super) hours: Option<Arc<Calendar>>,
    /// The office's calendar by the clocks of each other zone that a profile names.
    pub(super) zoned: BTreeMap<String, Arc<Calendar>>,
    /// Whoever looks at an office as it was, with the rights that they have today.
    pub(super) visitor: Option<Caseworker>,
}

/// The key that each commit writes that changes the directory.
pub(super) fn directory_key() -> Vec<u8> {
    Key::new(tag::DIRECTORY).done()
}

impl Directory {
    pub(super) fn load(store: &dyn Store) -> Result<Self, DeskError> {
        // Read before the rest, which may be newer then: whoever rests on it reads again.
        let version = Self::version_of(store)?;
        let mut directory =
            Self { version, library: answers::shipped().clone(), ..Self::default() };
        if let Some(found) = store.get(&super::keys::entity(&EntityId::Office)).map_err(broken)? {
            directory.take(decode_entity(&EntityId::Office, &found.value).map_err(broken)?);
        }
        let kinds = [
            (tag::UNIT, EntityId::Unit(UnitId(0))),
            (tag::QUEUE, EntityId::Queue(QueueId(0))),
            (tag::CASEWORKER, EntityId::Caseworker(CaseworkerId(0))),
            (tag::SUBJECT, EntityId::Subject(SubjectCode(CompactString::default()))),
        ];
        for (kind, id) in kinds {
            let page = store
                .scan(&Key::new(kind).range(), DIRECTORY_ROWS_MAX, Direction::Forward)
                .map_err(broken)?;
            for (_, found) in page.rows {
                directory.take(decode_entity(&id, &found.value).map_err(broken)?);
            }
        }
        let kinds = [
            tag::ANSWERS,
            tag::PUBLICATION,
            tag::RIGHTS,
            tag::ACCESS,
            tag::UNIT_PROFILE,
            tag::PURPOSE,
        ];
        for kind in kinds {
            let own = Key::new(kind).range();
            let page = store.scan(&own, DIRECTORY_ROWS_MAX, Direction::Forward).map_err(broken)?;
            for (key, found) in page.rows {
                let id =
                    entity_id(&key).ok_or_else(|| broken("a key of no record of the office"))?;
                directory.take(decode_entity(&id, &found.value).map_err(broken)?);
            }
        }
        directory.load_conflicts(store)?;
        Ok(directory)
    }

    /// The commit that made the store's directory what it is.
    pub(super) fn version_of(store: &dyn Store) -> Result<Sequence, DeskError> {
        let found = store.get(&directory_key()).map_err(broken)?;
        Ok(found.map_or(Sequence(0), |found| found.version))
    }

    /// Reads again whose files are closed to whom.
    pub(super) fn load_conflicts(&mut self, store: &dyn Store) -> Result<(), DeskError> {
        let conflicts = Conflicts::load(store, &self.rights, &self.caseworkers)?;
        self.conflicts = Arc::new(conflicts);
        Ok(())
    }

    /// Takes a record in; kinds that are not in the directory are left alone.
    pub(super) fn take(&mut self, entity: Entity) {
        match entity {
            Entity::Office(office) => {
                self.hours = Some(Arc::new(Calendar::from(&office.calendar)));
                self.office = Some(office);
                self.refresh_zones();
            }
            Entity::Unit(unit) => drop(self.units.insert(unit.id, unit)),
            Entity::Queue(queue) => drop(self.queues.insert(queue.id, queue)),
            Entity::Caseworker(caseworker) => {
                drop(self.caseworkers.insert(caseworker.id, caseworker));
            }
            Entity::Subject(subject) => drop(self.subjects.insert(subject.code.clone(), subject)),
            Entity::Template(template) if template.is_withdrawn => {
                self.library.withdraw_template(&template.key());
            }
            Entity::Template(template) => self.library.put_template(template),
            Entity::TextModule(module) if module.is_withdrawn => {
                self.library.withdraw_module(&module.code);
            }
            Entity::TextModule(module) => self.library.put_module(module),
            Entity::Publication(publication) => {
                self.rules.take(&publication);
                self.refresh_zones();
            }
            Entity::Purpose(purpose) => self.purposes.take(purpose),
            Entity::RecallTime(time) => self.recall_minutes = time.minutes,
            Entity::Rights(rights) => drop(self.rights.insert(rights.id, rights)),
            Entity::Group(group) => drop(self.groups.insert(group.name.clone(), group)),
            Entity::Access(access) if access.review.is_none() => {
                drop(self.accesses.insert(access.id, access));
            }
            Entity::Access(access) => drop(self.accesses.remove(&access.id)),
            Entity::UnitProfile(profile) => {
                self.profiles.insert(profile.id, profile);
                self.refresh_zones();
            }
            Entity::Person(_)
            | Entity::Household(_)
            | Entity::Case(_)
            | Entity::Contact(_)
            | Entity::Message(_)
            | Entity::Service(_)
            | Entity::Distinction(_)
            | Entity::Promise(_)
            | Entity::Merge(_)
            | Entity::Plan(_)
            | Entity::Signing(_) => {}
        }
    }

    pub(super) fn office(&self) -> Result<&Office, DeskError> {
        self.office.as_ref().ok_or_else(|| {
            Refusal::new(
                "office.none",
                "There is no office in this database yet.",
                "Open it once without a command: casedesk.",
            )
            .into()
        })
    }

    pub(super) fn unit(&self, id: UnitId) -> Result<&Unit, DeskError> {
        self.units.get(&id).ok_or_else(|| DeskError::NotFound(id.to_string()))
    }

    pub(super) fn caseworker(&self, id: CaseworkerId) -> Result<&Caseworker, DeskError> {
        self.caseworkers.get(&id).ok_or_else(|| DeskError::NotFound(id.to_string()))
    }

    /// Whoever acts: where somebody looks at the past, it is they as they are today.
    pub(super) fn actor(&self, id: CaseworkerId) -> Result<&Caseworker, DeskError> {
        match &self.visitor {
            Some(visitor) if visitor.id == id => Ok(visitor),
            _ => self.caseworker(id),
        }
    }

    /// Whether somebody may do something on a day, by their role, their narrower rights and those of their groups.
    pub(super) fn permit(
        &self,
        caseworker: &Caseworker,
        action: Action,
        resource: &Resource<'_>,
        today: Day,
    ) -> Decision {
        self.standing(caseworker).permit(action, resource, today)
    }

    /// Everything that decides what somebody may do.
    pub(super) fn standing<'a>(&'a self, caseworker: &'a Caseworker) -> Standing<'a> {
        Standing {
            actor: caseworker,
            rights: self.rights.get(&caseworker.id),
            groups: &self.groups,
            units: &self.units,
        }
    }

    /// Gives a visitor of the past the rights beside their record that they have today, and no others.
    pub(super) fn bring_rights(&mut self, visitor: CaseworkerId, today: &[ScopedGrant]) {
        let held = self.rights.remove(&visitor);
        let mut rights = held.unwrap_or_else(|| Rights::none(visitor));
        let lasting =
            |grant: &ScopedGrant| ScopedGrant { from: None, expires: None, ..grant.clone() };
        rights.groups.clear();
        rights.grants = today.iter().map(lasting).collect();
        self.rights.insert(visitor, rights);
    }

    /// Whether the free cases of a unit are listed without names.
    pub(super) fn hides_names(&self, unit: UnitId) -> bool {
        self.profiles.get(&unit).is_some_and(|profile| profile.hides_names)
    }

    pub(super) fn by_account(&self, account: &str) -> Option<&Caseworker> {
        self.caseworkers.values().find(|caseworker| caseworker.account == account)
    }

    pub(super) fn queue_of(&self, unit: UnitId, kind: QueueKind) -> Option<&Queue> {
        self.queues.values().find(|queue| queue.unit == unit && queue.kind == kind)
    }

    /// A unit and all above it, nearest first.
    pub(super) fn above(&self, unit: UnitId) -> impl Iterator<Item = UnitId> {
        let parent = |unit: &UnitId| self.units.get(unit)?.parent;
        std::iter::successors(Some(unit), parent).take(self.units.len())
    }

    /// The queue for what no rule could place: of this unit, of the nearest one above it, or of any.
    pub(super) fn unrouted_of(&self, unit: UnitId) -> Option<QueueId> {
        let queue = |unit| self.queue_of(unit, QueueKind::Unrouted);
        let any = || self.queues.values().find(|queue| queue.kind == QueueKind::Unrouted);
        self.above(unit).find_map(queue).or_else(any).map(|queue| queue.id)
    }

    pub(super) fn short_name(&self, id: CaseworkerId) -> String {
        self.caseworkers
            .get(&id)
            .map_or_else(|| id.to_string(), |caseworker| caseworker.short_name().to_owned())
    }

    /// Whether somebody is at work on a day.
    pub(super) fn is_here(&self, id: CaseworkerId, today: Day) -> bool {
        self.caseworkers.get(&id).is_some_and(|caseworker| match caseworker.state {
            CaseworkerState::Active => true,
            CaseworkerState::Absent { until, .. } => until < today,
            CaseworkerState::Left => false,
        })
    }

    /// Who stands in for somebody who is away: their substitute, or whoever stands in for that one, if anybody is here.
    pub(super) fn stand_in(&self, id: CaseworkerId, today: Day) -> Option<CaseworkerId> {
        let mut next = self.substitute_of(id)?;
        for _ in 0..STAND_INS_MAX {
            if self.is_here(next, today) {
                return Some(next).filter(|found| *found != id);
            }
            next = self.substitute_of(next)?;
        }
        None
    }

    fn substitute_of(&self, id: CaseworkerId) -> Option<CaseworkerId> {
        match self.caseworkers.get(&id)?.state {
            CaseworkerState::Absent { substitute, .. } => substitute,
            CaseworkerState::Active | CaseworkerState::Left => None,
        }
    }

    /// Whether somebody leads a unit today, or the unit above it.
    pub(super) fn answers_for(&self, caseworker: CaseworkerId, unit: UnitId, today: Day) -> bool {
        let above = self.units.get(&unit).and_then(|unit| unit.parent);
        self.leads(caseworker, unit, today)
            || above.is_some_and(|above| self.leads(caseworker, above, today))
    }

    /// Whether somebody leads a unit today: its manager, or its substitute while the manager is away.
    pub(super) fn leads(&self, caseworker: CaseworkerId, unit: UnitId, today: Day) -> bool {
        self.leader(unit, today) == Some(caseworker)
            || self.units.get(&unit).is_some_and(|unit| unit.manager == Some(caseworker))
    }

    /// Who leads a unit today: its manager, its substitute, or whoever stands in for the manager; one of them who is here.
    pub(super) fn leader(&self, unit: UnitId, today: Day) -> Option<CaseworkerId> {
        let unit = self.units.get(&unit)?;
        let own = unit.manager.and_then(|manager| match self.caseworkers.get(&manager)?.state {
            CaseworkerState::Absent { substitute, .. } => substitute,
            CaseworkerState::Active | CaseworkerState::Left => None,
        });
        let mut here = [unit.manager, unit.substitute, own].into_iter().flatten();
        here.find(|leader| self.is_here(*leader, today))
    }

    /// Who keeps a promise on a day: its owner, whoever stands in for them while they are away, or whoever leads the unit
    /// that answers for it; the owner where nobody is here.
    pub(super) fn keeper(&self, owner: CaseworkerId, unit: UnitId, on: Day) -> CaseworkerId {
        let stands_in = match self.caseworkers.get(&owner).map(|owner| owner.state) {
            Some(CaseworkerState::Absent { substitute, .. }) => substitute,
            Some(CaseworkerState::Active | CaseworkerState::Left) | None => None,
        };
        let mut here = [Some(owner), stands_in].into_iter().flatten();
        let found = here.find(|keeper| self.is_here(*keeper, on));
        found.or_else(|| self.leader(unit, on)).unwrap_or(owner)
    }

    /// Who receives an escalation out of a unit: a colleague who is here, whoever leads the unit, or whoever leads the
    /// unit above. Nobody escalates to themselves where there is anybody else.
    pub(super) fn receiver(
        &self,
        unit: UnitId,
        level: EscalationLevel,
        from: CaseworkerId,
        today: Day,
    ) -> Option<CaseworkerId> {
        let others =
            |caseworker: &&Caseworker| caseworker.id != from && self.is_here(caseworker.id, today);
        match level {
            EscalationLevel::Substitute => self.named_substitute(unit, today),
            EscalationLevel::Colleague | EscalationLevel::Role => {
                let works = |caseworker: &&Caseworker| {
                    self.standing(caseworker).has_role(Role::Caseworker, None, today)
                };
                let leader = self.leader(unit, today);
                let colleagues =
                    self.caseworkers.values().filter(|colleague| colleague.unit == unit);
                let mut colleagues: Vec<&Caseworker> =
                    colleagues.filter(others).filter(works).collect();
                colleagues.sort_by_key(|colleague| (Some(colleague.id) == leader, colleague.id));
                colleagues.first().map(|colleague| colleague.id)
            }
            EscalationLevel::Supervisor | EscalationLevel::Unit => {
                let lead = self.units.get(&unit)?;
                let leaders = [lead.manager, lead.substitute].into_iter().flatten();
                let mut here =
                    leaders.filter(|leader| self.is_here(*leader, today) && *leader != from);
                here.next().or_else(|| self.leader(unit, today))
            }
            EscalationLevel::Head => {
                let above = self.units.get(&unit)?.parent?;
                self.leader(above, today)
            }
        }
    }
}
