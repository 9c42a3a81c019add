//! The full state of an office, read record by record from its store, and who may see what of it by the words of the
//! domain description: written again from those words, slowly and without indexes, and asking nothing of the desk.

use std::collections::{BTreeMap, BTreeSet};

use casedesk::codec::{Record, decode_record};
use casedesk::domain::cases::{Case, Contact, Lane, Message, Promise, Stage};
use casedesk::domain::money::Service;
use casedesk::domain::office::{
    Action, Behind, Caseworker, CaseworkerState, Confidentiality, EmergencyAccess, GroupRights,
    Queue, QueueKind, Rights, Role, ScopedGrant, Unit,
};
use casedesk::domain::people::{Household, Person, PersonState};
use casedesk::domain::time::{Day, Instant, Zone};
use casedesk::domain::{
    CaseId, CaseworkerId, ContactId, Merge, MessageId, PersonId, PromiseId, UnitId,
};
use casedesk::store::{Direction, KeyRange, Store};

/// Rows of one kind that an office of the tests has at the most.
const ROWS_MAX: usize = 10_000;

/// Everything that there is.
pub(crate) struct State {
    pub(crate) people: BTreeMap<PersonId, Person>,
    pub(crate) cases: BTreeMap<CaseId, Case>,
    pub(crate) contacts: BTreeMap<ContactId, Contact>,
    pub(crate) messages: BTreeMap<MessageId, Message>,
    pub(crate) promises: BTreeMap<PromiseId, Promise>,
    pub(crate) services: Vec<Service>,
    pub(crate) households: Vec<Household>,
    pub(crate) caseworkers: BTreeMap<CaseworkerId, Caseworker>,
    pub(crate) units: BTreeMap<UnitId, Unit>,
    pub(crate) queues: Vec<Queue>,
    rights: BTreeMap<CaseworkerId, Rights>,
    groups: BTreeMap<String, GroupRights>,
    accesses: Vec<EmergencyAccess>,
    merges: Vec<Merge>,
    /// Pairs of people that looked alike when one of them was registered.
    pub(crate) alike: Vec<[PersonId; 2]>,
    pub(crate) at: Instant,
    pub(crate) zone: Zone,
}

fn records<T: Record>(store: &dyn Store, prefix: &[u8]) -> Vec<T> {
    let page = store.scan(&KeyRange::prefix(prefix), ROWS_MAX, Direction::Forward).unwrap();
    assert!(!page.has_more);
    page.rows.iter().map(|(_, row)| decode_record(&row.value).unwrap()).collect()
}

/// The pairs of people whose keys have both their numbers.
fn alike(store: &dyn Store) -> Vec<[PersonId; 2]> {
    let page = store.scan(&KeyRange::prefix(b"n"), ROWS_MAX, Direction::Forward).unwrap();
    let number = |key: &[u8], at: usize| u64::from_be_bytes(key[at..at + 8].try_into().unwrap());
    page.rows.iter().map(|(key, _)| [PersonId(number(key, 1)), PersonId(number(key, 9))]).collect()
}

impl State {
    /// Reads all of an office, whoever may see it.
    pub(crate) fn read(store: &dyn Store, at: Instant) -> Self {
        let people = records::<Person>(store, b"P").into_iter().map(|it| (it.id, it)).collect();
        let cases = records::<Case>(store, b"C").into_iter().map(|it| (it.id, it)).collect();
        let contacts = records::<Contact>(store, b"K").into_iter().map(|it| (it.id, it));
        let messages = records::<Message>(store, b"M").into_iter().map(|it| (it.id, it));
        let promises = records::<Promise>(store, b"R").into_iter().map(|it| (it.id, it));
        let caseworkers = records::<Caseworker>(store, b"W").into_iter().map(|it| (it.id, it));
        let units = records::<Unit>(store, b"U").into_iter().map(|it| (it.id, it)).collect();
        let rights = records::<Rights>(store, &[b'V', 0]).into_iter().map(|it| (it.id, it));
        let groups = records::<GroupRights>(store, &[b'V', 1]).into_iter();
        Self {
            people,
            cases,
            contacts: contacts.collect(),
            messages: messages.collect(),
            promises: promises.collect(),
            services: records(store, b"S"),
            households: records(store, b"H"),
            caseworkers: caseworkers.collect(),
            units,
            queues: records(store, b"Q"),
            rights: rights.collect(),
            groups: groups.map(|it| (it.name.clone(), it)).collect(),
            accesses: records(store, b"X"),
            merges: records(store, b"G"),
            alike: alike(store),
            at,
            zone: Zone::named("Europe/Oslo").unwrap(),
        }
    }

    /// Fails where the office has not everything in it that the questions are about.
    pub(crate) fn assert_varied(&self) {
        let is_any = |is: &dyn Fn(&Case) -> bool| self.cases.values().any(is);
        for level in [
            Confidentiality::CaseConfidential,
            Confidentiality::Confidential,
            Confidentiality::HighlyConfidential,
            Confidentiality::Secret,
        ] {
            assert!(is_any(&|case| case.confidentiality == level && case.is_open()), "{level:?}");
        }
        for unit in self.units.keys() {
            for lane in Lane::ALL {
                let stands = |case: &Case| case.unit == *unit && case.lane() == lane;
                assert!(is_any(&|case| case.is_open() && stands(case)), "{unit} {lane:?}");
            }
        }
        assert!(is_any(&|case| case.open_escalation().is_some()) && is_any(&|it| !it.is_open()));
        let merged = self.cases.values().filter(|case| case.stage == Stage::DuplicateOf).count();
        let counts = [merged, self.messages.len(), self.contacts.len(), self.promises.len()];
        assert!(counts.iter().all(|count| *count > 2), "{counts:?}");
        assert!(self.services.len() > 2 && self.promises.values().any(|it| !it.is_open()));
        assert!(self.people.values().any(|it| it.confidentiality == Confidentiality::Secret));
        assert!(self.alike.len() > 1, "{:?}", self.alike);
    }

    pub(crate) fn account(&self, account: &str) -> CaseworkerId {
        self.caseworkers.values().find(|held| held.account == account).unwrap().id
    }

    pub(crate) fn queue(&self, unit: UnitId, kind: QueueKind) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.unit == unit && queue.kind == kind)
    }

    /// The record that stands for a person: a merged one leads to its survivor.
    pub(crate) fn standing(&self, person: PersonId) -> PersonId {
        match self.people.get(&person).map(|held| held.state) {
            Some(PersonState::Merged(into)) => self.standing(into),
            _ => person,
        }
    }

    /// Every number of somebody, those that were merged too.
    pub(crate) fn numbers(&self, person: PersonId) -> BTreeSet<PersonId> {
        let standing = self.standing(person);
        self.people.keys().copied().filter(|it| self.standing(*it) == standing).collect()
    }

    /// Whether the record is one that a search finds: neither taken back nor part of another.
    pub(crate) fn is_found(person: &Person) -> bool {
        !matches!(person.state, PersonState::Merged(_) | PersonState::Annulled)
    }

    /// Whoever lives with somebody or is named as a relative, by them or naming them, each by every number.
    pub(crate) fn relatives(&self, person: PersonId) -> BTreeSet<PersonId> {
        let own = self.numbers(person);
        let mut near = BTreeSet::new();
        for other in self.people.values() {
            for stated in &other.relationships {
                if own.contains(&other.id) {
                    near.insert(self.standing(stated.to));
                }
                if own.contains(&stated.to) {
                    near.insert(self.standing(other.id));
                }
            }
        }
        for household in &self.households {
            let members = household.members.iter().filter(|member| member.to.is_none());
            let members: Vec<PersonId> = members.map(|member| member.person).collect();
            if members.iter().any(|member| own.contains(member)) {
                near.extend(members.iter().map(|member| self.standing(*member)));
            }
        }
        near.remove(&self.standing(person));
        near
    }

    /// The people whose files are closed to somebody: their own, their family's, and those of colleagues of their unit.
    pub(crate) fn closed(&self, to: CaseworkerId) -> BTreeSet<PersonId> {
        let citizen = |id: &CaseworkerId| self.rights.get(id).and_then(|rights| rights.person);
        let mut closed = BTreeSet::new();
        if let Some(own) = citizen(&to) {
            closed.extend(self.numbers(own));
            for relative in self.relatives(own) {
                closed.extend(self.numbers(relative));
            }
        }
        let unit = self.caseworkers[&to].unit;
        for other in self.caseworkers.values() {
            let works_here = other.unit == unit && other.state != CaseworkerState::Left;
            if let Some(person) = citizen(&other.id).filter(|_| works_here) {
                closed.extend(self.numbers(person));
            }
        }
        closed
    }

    /// Whether a unit lies below another, or is it.
    pub(crate) fn is_below(&self, unit: UnitId, above: UnitId) -> bool {
        unit == above || self.units[&unit].parent.is_some_and(|parent| self.is_below(parent, above))
    }
}

/// What one caseworker may see of it.
pub(crate) struct Sees<'s> {
    pub(crate) state: &'s State,
    pub(crate) who: CaseworkerId,
    pub(crate) closed: BTreeSet<PersonId>,
    /// Their rights in force today, of their record, their own and of their groups.
    rights: Vec<ScopedGrant>,
    pub(crate) today: Day,
}

impl<'s> Sees<'s> {
    pub(crate) fn new(state: &'s State, who: CaseworkerId) -> Self {
        let today = state.zone.day(state.at);
        let mut rights = Vec::new();
        for grant in &state.caseworkers[&who].grants {
            rights.push(ScopedGrant {
                role: grant.role,
                verbs: Vec::new(),
                unit: grant.unit,
                with_units_below: false,
                case_types: Vec::new(),
                confidentiality_max: grant.confidentiality_max,
                purposes: Vec::new(),
                from: None,
                expires: grant.expires,
            });
        }
        if let Some(own) = state.rights.get(&who) {
            rights.extend(own.grants.iter().cloned());
            for group in own.groups.iter().filter_map(|name| state.groups.get(name)) {
                rights.extend(group.grants.iter().cloned());
            }
        }
        rights.retain(|right| {
            right.from.is_none_or(|from| from <= today)
                && right.expires.is_none_or(|last| last >= today)
        });
        let closed = state.closed(who);
        Self { state, who, closed, rights, today }
    }

    /// The rights that let somebody do something; the administrator reads no person and no case.
    fn rights_to(&self, action: Action) -> impl Iterator<Item = &ScopedGrant> {
        let is_read = matches!(action, Action::ReadCase | Action::ReadPerson);
        assert!(is_read, "only reading is told here");
        self.rights.iter().filter(move |right| {
            right.role != Role::Administrator
                && (right.verbs.is_empty() || right.verbs.contains(&action))
        })
    }

    /// Whether they may read cases at all.
    pub(crate) fn reads_cases(&self) -> bool {
        self.rights_to(Action::ReadCase).next().is_some()
    }

    /// Whether they review emergency accesses.
    pub(crate) fn reviews_accesses(&self) -> bool {
        self.rights.iter().any(|right| right.role == Role::PrivacyOfficer)
    }

    /// Whether they may read people at all.
    pub(crate) fn reads_people(&self) -> bool {
        self.rights_to(Action::ReadPerson).next().is_some()
    }

    /// Whether their rights include a case, be it about whomever. Any unit opens any case (R15) up to the level of casework;
    /// beyond it a case stays with the units that a right names, and what names neither unit nor type is no wildcard.
    fn may_read(&self, case: &Case) -> bool {
        self.rights_to(Action::ReadCase).any(|right| {
            let is_type =
                right.case_types.is_empty() || right.case_types.contains(&case.case_type.code);
            let is_wide = case.confidentiality <= Confidentiality::CaseConfidential;
            let is_unit = is_wide
                || right.unit.is_none_or(|unit| {
                    unit == case.unit
                        || right.with_units_below && self.state.is_below(case.unit, unit)
                });
            let names_nothing = right.unit.is_none() && right.case_types.is_empty();
            let is_no_wildcard =
                !names_nothing || case.confidentiality <= Confidentiality::Confidential;
            is_type
                && is_unit
                && is_no_wildcard
                && case.confidentiality <= right.confidentiality_max
        })
    }

    /// Whether they may read what waits in a unit before it is anybody's: a right in another unit does not reach it.
    pub(crate) fn reads_in(&self, unit: UnitId) -> bool {
        self.rights_to(Action::ReadCase).any(|right| {
            right.unit.is_none_or(|bound| {
                unit == bound || right.with_units_below && self.state.is_below(unit, bound)
            })
        })
    }

    fn accesses(&self) -> impl Iterator<Item = &EmergencyAccess> {
        let at = self.state.at;
        let is_open = move |it: &&EmergencyAccess| {
            it.by == self.who && it.ended_at.is_none() && at < it.until
        };
        self.state.accesses.iter().filter(is_open)
    }

    /// Whether they may know of the record of a case by itself.
    pub(crate) fn record(&self, case: &Case) -> bool {
        let is_closed = case.people().iter().any(|person| self.closed.contains(person));
        let opened = self.accesses().any(|access| match access.behind {
            Behind::Case(id) => id == case.id,
            Behind::Person(person) => case.people().contains(&person),
        });
        opened || !is_closed && self.may_read(case)
    }

    /// The case that a number leads to, where they may know of it: a merged one leads to its survivor.
    pub(crate) fn case(&self, id: CaseId) -> Option<&'s Case> {
        let case = self.state.cases.get(&id).filter(|case| self.record(case))?;
        if case.stage != Stage::DuplicateOf {
            return Some(case);
        }
        let survivor = self.state.survivor(case)?;
        self.state.cases.get(&survivor).filter(|case| self.record(case))
    }

    /// Whether they may know of the record of a person by itself.
    pub(crate) fn knows(&self, person: &Person) -> bool {
        let may_read = self.rights_to(Action::ReadPerson).any(|right| {
            let reach = match (right.unit.is_none(), right.case_types.is_empty()) {
                // A right on cases of some types reaches people no higher than casework.
                (_, false) => Confidentiality::CaseConfidential,
                (true, true) => Confidentiality::Confidential,
                (false, true) => Confidentiality::TopSecret,
            };
            person.confidentiality <= right.confidentiality_max.min(reach)
        });
        let opened = self.accesses().any(|access| access.behind == Behind::Person(person.id));
        opened || may_read && !self.closed.contains(&person.id)
    }

    /// The person that a number leads to, where they may know of them.
    pub(crate) fn person(&self, id: PersonId) -> Option<&'s Person> {
        let person = self.state.people.get(&id).filter(|person| self.knows(person))?;
        if let PersonState::Merged(into) = person.state { self.person(into) } else { Some(person) }
    }

    /// The cases of a contact that they may know of; nothing where it had some and all of them are hidden.
    pub(crate) fn cases_of_contact(&self, contact: &Contact) -> Option<BTreeSet<CaseId>> {
        let all: BTreeSet<CaseId> =
            contact.held.case.into_iter().chain(contact.cases.iter().copied()).collect();
        let seen: BTreeSet<CaseId> =
            all.iter().copied().filter(|case| self.case(*case).is_some()).collect();
        (all.is_empty() || !seen.is_empty()).then_some(seen)
    }

    pub(crate) fn contact(&self, id: ContactId) -> bool {
        self.state.contacts.get(&id).is_some_and(|contact| {
            let person = contact.held.person;
            contact.handler == self.who
                || person.is_none_or(|person| self.person(person).is_some())
                    && self.cases_of_contact(contact).is_some()
        })
    }

    pub(crate) fn promise(&self, id: PromiseId) -> bool {
        self.state.promises.get(&id).is_some_and(|promise| {
            !promise.is_annulled
                && self.person(promise.promised.to).is_some()
                && promise.promised.case.is_none_or(|case| self.case(case).is_some())
        })
    }

    pub(crate) fn message(&self, id: MessageId) -> bool {
        self.state.messages.get(&id).is_some_and(|message| self.case(message.case).is_some())
    }

    /// Every case that they may know of, merged ones left out, by number.
    pub(crate) fn cases(&self) -> impl Iterator<Item = &'s Case> {
        let all = self.state.cases.values();
        all.filter(|case| case.stage != Stage::DuplicateOf && self.case(case.id).is_some())
    }

    /// Every person whom a search may find for them.
    pub(crate) fn people(&self) -> impl Iterator<Item = &'s Person> {
        let all = self.state.people.values();
        all.filter(|person| State::is_found(person) && self.person(person.id).is_some())
    }
}

impl State {
    /// The case that a merged one went into.
    fn survivor(&self, case: &Case) -> Option<CaseId> {
        let merges = self.merges.iter().filter(|merge| merge.is_in_force());
        let into = merges.filter_map(Merge::cases).find(|merge| merge.merged == case.id)?.survivor;
        let survivor = self.cases.get(&into)?;
        if survivor.stage == Stage::DuplicateOf { self.survivor(survivor) } else { Some(into) }
    }
}
