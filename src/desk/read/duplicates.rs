//! Who is likely the same person: beside a form that is being filled, for one person, and over the whole register.
//!
//! Only pairs of whom the actor may see both are compared, so that an answer is that of an office without the others.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::desk::answer::{Alike, AlikeAnswer, DuplicatePair, DuplicatesAnswer, PairSide};
use crate::desk::derive::{is_found, own_document};
use crate::desk::error::DeskError;
use crate::desk::health::Level;
use crate::desk::keys::{self, Counter, tag};
use crate::desk::query::AskDuplicates;
use crate::domain::office::{Action, Resource};
use crate::domain::people::{Identity, NewPerson, Person, PersonEvent, in_order, register};
use crate::domain::{Entity, EntityId, PersonId, Ulid};
use crate::search::{
    self, AlikeOptions, Comparer, Profile, SearchError, Sign, Weighed, likely_bits,
};
use crate::store::{Direction, KeyRange};

use super::Reader;

/// People who are compared for one part of the whole register: a few tenths of a second's work.
const PART_PEOPLE: u64 = 200;
/// Pairs that one answer names.
const PAIRS_MAX: usize = 1_000;
/// People shown beside a form.
const ALIKE_SHOWN_MAX: usize = 9;
/// Pairs found at registrations, of people whom the actor may see, that are looked at: the newest.
const LIKELY_LOOKED_AT_MAX: usize = 1_000;

/// Somebody who is compared, with what is shown of them.
#[derive(Debug, Clone)]
struct Known {
    profile: Profile,
    side: PairSide,
}

/// People who were read for one answer; nothing for those who are not there for the actor.
#[derive(Debug, Default)]
struct Seen {
    people: RefCell<BTreeMap<u64, Option<Known>>>,
    failure: RefCell<Option<DeskError>>,
    /// Whether an index that cannot be asked finds nobody, rather than failing the act that asks.
    is_lenient: bool,
}

/// What is compared of a person.
fn profile(person: &Person) -> Option<Profile> {
    Some(Profile {
        document: own_document(person)?,
        ids: person
            .identities
            .iter()
            .map(|fact| {
                let Identity { scheme, value } = &fact.value;
                (scheme.clone(), value.clone(), fact.provenance.is_verified)
            })
            .collect(),
        sex: person.gender.as_ref().map(|fact| fact.value.clone()).unwrap_or_default(),
        household: person.household.map(|household| household.0),
        relatives: person.relationships.iter().map(|relationship| relationship.to.0).collect(),
    })
}

fn known(person: &Person) -> Option<Known> {
    let profile = profile(person)?;
    let side = PairSide {
        person: person.id,
        name: person.name().listed(),
        born: person.birth_date.as_ref().map(|fact| fact.value.to_string()).unwrap_or_default(),
    };
    Some(Known { profile, side })
}

fn bits(signs: &[Weighed]) -> f32 {
    signs.iter().map(|sign| sign.bits).sum()
}

fn evidence(signs: &[Weighed]) -> Vec<(String, f32)> {
    signs.iter().map(|sign| (words(sign.sign), sign.bits)).collect()
}

impl Reader<'_> {
    /// The people who are likely the one that a form describes. A form that is no person yet is like nobody.
    pub(super) fn alike(&self, new: &NewPerson, limit: u32) -> Result<AlikeAnswer, DeskError> {
        self.authorise(Action::RegisterPerson, &Resource::office())?;
        let limit = usize::try_from(limit).unwrap_or(ALIKE_SHOWN_MAX).min(ALIKE_SHOWN_MAX);
        let seen = Seen::default();
        let is_wanted = |person| self.see(&seen, person).is_some();
        let mut people = self.like_new(new, &seen, &is_wanted)?;
        people.truncate(limit);
        Ok(AlikeAnswer { people })
    }

    /// The people who are likely the one that is being registered, also those whom the actor may not see: nothing of this
    /// is to be shown to the actor. Nobody where the search index cannot be asked, or a record not be read: registering
    /// goes on without.
    pub(in crate::desk) fn registered_alikes(
        &self,
        new: &NewPerson,
    ) -> Result<Vec<PersonId>, DeskError> {
        if self.authorise(Action::RegisterPerson, &Resource::office()).is_err() {
            return Ok(Vec::new());
        }
        let seen = Seen { is_lenient: true, ..Seen::default() };
        let is_wanted = |person| self.see_any(&seen, person);
        let people = self.like_new(new, &seen, &is_wanted)?;
        Ok(people.into_iter().take(ALIKE_SHOWN_MAX).map(|alike| alike.side.person).collect())
    }

    fn like_new(
        &self,
        new: &NewPerson,
        seen: &Seen,
        is_wanted: &dyn Fn(u64) -> bool,
    ) -> Result<Vec<Alike>, DeskError> {
        let registered =
            register(new, PersonId(0), Ulid(0), self.actor.id, self.at, self.today).ok();
        let own = registered.and_then(|event| match event {
            PersonEvent::Registered(person) => profile(&person),
            PersonEvent::Changed { .. }
            | PersonEvent::Reverted(_)
            | PersonEvent::Annulled
            | PersonEvent::MergedInto { .. }
            | PersonEvent::MergedFrom { .. }
            | PersonEvent::TakenOut { .. }
            | PersonEvent::GaveBack { .. } => None,
        });
        let Some(own) = own else { return Ok(Vec::new()) };
        let floor = likely_bits(self.people_known()?);
        let mut people: Vec<Alike> = self
            .compared(&[own], seen, true, &|_, other| is_wanted(other))?
            .into_iter()
            .filter(|(_, _, signs)| bits(signs) >= floor)
            .filter_map(|(_, other, signs)| {
                let people = seen.people.borrow();
                let side = people.get(&other)?.as_ref()?.side.clone();
                Some(Alike { side, bits: bits(&signs), evidence: evidence(&signs) })
            })
            .collect();
        people.sort_by(|one, other| {
            other.bits.total_cmp(&one.bits).then(one.side.person.cmp(&other.side.person))
        });
        Ok(people)
    }

    /// Pairs of people who are likely the same: of one person, or of the next part of the whole register.
    pub(super) fn duplicates(
        &self,
        question: &AskDuplicates,
    ) -> Result<DuplicatesAnswer, DeskError> {
        self.authorise(Action::ComparePeople, &Resource::office())?;
        let people = self.count(Counter::Number(tag::PERSON))?;
        let floor = match question.bits_min {
            Some(bits) => f32::from(bits),
            None => likely_bits(self.people_known()?),
        };
        let seen = Seen::default();
        let (mut own, mut last) = (Vec::new(), people);
        if let Some(person) = question.person {
            let not_found = || DeskError::NotFound(person.to_string());
            own.push(self.see(&seen, person.0).ok_or_else(not_found)?.profile);
        } else {
            last = question.after.saturating_add(PART_PEOPLE).min(people);
            for person in question.after.saturating_add(1)..=last {
                own.extend(self.see(&seen, person).map(|known| known.profile));
            }
        }
        let is_whole = question.person.is_none();
        let is_wanted = |one: u64, other: u64| {
            // Over the whole register each pair has its turn once, with the one who came later.
            (!is_whole || other < one) && self.see(&seen, other).is_some()
        };
        let mut pairs = Vec::new();
        for (one, other, signs) in self.compared(&own, &seen, !is_whole, &is_wanted)? {
            if bits(&signs) >= floor && !self.are_told_apart(PersonId(one), PersonId(other))? {
                pairs.extend(pair(&seen, one, other, &signs));
            }
        }
        strongest_first(&mut pairs);
        pairs.truncate(PAIRS_MAX);
        Ok(DuplicatesAnswer { pairs, last, people })
    }

    /// Pairs that were found when one of them was registered.
    pub(super) fn likely(&self) -> Result<DuplicatesAnswer, DeskError> {
        self.authorise(Action::ComparePeople, &Resource::office())?;
        let seen = Seen::default();
        let mut pairs = Vec::new();
        for (one, other) in self.likely_pairs(&seen)? {
            let signs = {
                let people = seen.people.borrow();
                let of = |person| people.get(&person).and_then(Option::as_ref);
                let (Some(one), Some(other)) = (of(one), of(other)) else { continue };
                self.desk.with_dictionary(|dictionary, index| {
                    Comparer::new(dictionary, index).compare(&one.profile, &other.profile)
                })?
            };
            pairs.extend(pair(&seen, one, other, &signs));
        }
        strongest_first(&mut pairs);
        let people = self.count(Counter::Number(tag::PERSON))?;
        Ok(DuplicatesAnswer { pairs, last: people, people })
    }

    /// How many pairs wait for the actor to be looked at.
    pub(super) fn likely_count(&self) -> Result<u64, DeskError> {
        if self.authorise(Action::ComparePeople, &Resource::office()).is_err() {
            return Ok(0);
        }
        let pairs = self.likely_pairs(&Seen::default())?;
        Ok(u64::try_from(pairs.len()).unwrap_or(u64::MAX))
    }

    fn likely_pairs(&self, seen: &Seen) -> Result<Vec<(u64, u64)>, DeskError> {
        let mut range = KeyRange::prefix(&[tag::LIKELY]);
        let mut pairs = Vec::new();
        let mut left = LIKELY_LOOKED_AT_MAX;
        while left > 0 {
            let page = self.scan(&range, LIKELY_LOOKED_AT_MAX, Direction::Backward)?;
            let last = page.rows.last().map(|(key, _)| key.clone());
            for (key, _) in page.rows {
                let (one, other) = (keys::number_at(&key, 1), keys::last_number(&key));
                // Pairs of somebody whom the actor may not see take no room.
                if left == 0 || self.see(seen, one).is_none() || self.see(seen, other).is_none() {
                    continue;
                }
                left -= 1;
                if !self.are_told_apart(PersonId(one), PersonId(other))? {
                    pairs.push((one, other));
                }
            }
            match last.filter(|_| page.has_more) {
                Some(last) => range = range.beyond(last, Direction::Backward),
                None => break,
            }
        }
        match seen.failure.take() {
            Some(error) => Err(error),
            None => Ok(pairs),
        }
    }

    /// Everybody of `own` beside whoever is worth comparing with them.
    fn compared(
        &self,
        own: &[Profile],
        seen: &Seen,
        is_thorough: bool,
        is_wanted: &dyn Fn(u64, u64) -> bool,
    ) -> Result<Vec<(u64, u64, Vec<Weighed>)>, DeskError> {
        let compared = self.desk.try_dictionary(|dictionary, index| {
            let mut comparer = Comparer::new(dictionary, index);
            let mut pairs = Vec::new();
            for profile in own {
                let number = profile.document.person;
                let options =
                    AlikeOptions { is_thorough, is_wanted: &|other| is_wanted(number, other) };
                for other in search::alike(dictionary, index, &profile.document, &options)? {
                    let people = seen.people.borrow();
                    if let Some(Some(known)) = people.get(&other) {
                        pairs.push((number, other, comparer.compare(profile, &known.profile)?));
                    }
                }
            }
            Ok(pairs)
        });
        let compared = match compared {
            // A store that cannot be read fails what rests on it; an index that cannot be asked does not.
            Err(error) if seen.is_lenient && !matches!(error, SearchError::Read(_)) => {
                let words = format!("registered without looking for duplicates: {error}");
                self.desk.note(Level::Warning, &words);
                Vec::new()
            }
            compared => compared?,
        };
        match seen.failure.take() {
            Some(error) => Err(error),
            None => Ok(compared),
        }
    }

    /// Somebody whom the actor may see, read once.
    fn see(&self, seen: &Seen, person: u64) -> Option<Known> {
        if let Some(known) = seen.people.borrow().get(&person) {
            return known.clone();
        }
        let found = self.visible_record(PersonId(person)).unwrap_or_else(|error| {
            *seen.failure.borrow_mut() = Some(error);
            None
        });
        let known = found.as_deref().and_then(known);
        seen.people.borrow_mut().insert(person, known.clone());
        known
    }

    /// Whether there is somebody of this number, whom the actor may see or not; they are read then.
    fn see_any(&self, seen: &Seen, person: u64) -> bool {
        match self.person(PersonId(person)) {
            Ok(found) if is_found(&found) => {
                seen.people.borrow_mut().insert(person, known(&found));
                true
            }
            Ok(_) | Err(DeskError::NotFound(_)) => false,
            // The store gives the record, so it is the record that cannot be read.
            Err(_)
                if self.store.get(&keys::entity(&EntityId::Person(PersonId(person)))).is_ok() =>
            {
                false
            }
            Err(error) => {
                *seen.failure.borrow_mut() = Some(error);
                false
            }
        }
    }

    /// Why two people are likely one, in words; empty where nothing says so.
    pub(super) fn evidence_of(&self, one: PersonId, other: PersonId) -> Result<String, DeskError> {
        let seen = Seen::default();
        let (Some(one), Some(other)) = (self.see(&seen, one.0), self.see(&seen, other.0)) else {
            return Ok(String::new());
        };
        let signs = self.desk.with_dictionary(|dictionary, index| {
            Comparer::new(dictionary, index).compare(&one.profile, &other.profile)
        })?;
        Ok(crate::desk::evidence_line(&evidence(&signs)))
    }

    fn are_told_apart(&self, one: PersonId, other: PersonId) -> Result<bool, DeskError> {
        let (one, other) = in_order(one, other);
        let found = self.entity(&EntityId::Distinction(one, other))?;
        Ok(matches!(found, Some(Entity::Distinction(told)) if told.is_in_force))
    }
}

fn pair(seen: &Seen, one: u64, other: u64, signs: &[Weighed]) -> Option<DuplicatePair> {
    let people = seen.people.borrow();
    let side = |person: u64| Some(people.get(&person)?.as_ref()?.side.clone());
    let sides = (side(one.min(other))?, side(one.max(other))?);
    Some(DuplicatePair { sides, bits: bits(signs), evidence: evidence(signs) })
}

fn strongest_first(pairs: &mut [DuplicatePair]) {
    pairs.sort_by(DuplicatePair::by_strength);
}

/// A sign in words that disclose no number.
fn words(sign: Sign) -> String {
    let words = match sign {
        Sign::SameName => "same name",
        Sign::SwappedName => "names swapped",
        Sign::NameOff(off) => return format!("name {off} off"),
        Sign::NameAlike => "name alike",
        Sign::NameInScript => "name in another script",
        Sign::OtherGiven => "other given name",
        Sign::OtherFamily => "other family name",
        Sign::SameDate => "same birth date",
        Sign::TurnedDate => "birth date turned",
        Sign::DateOff => "birth date 1 digit off",
        Sign::SameMonth => "same month of birth",
        Sign::SameYear => "same year of birth",
        Sign::OtherDay => "other day of birth",
        Sign::OtherDate => "other birth date",
        Sign::SameId => "same id",
        Sign::IdOff => "id 1 off",
        Sign::OtherId => "other id",
        Sign::OtherCheckedId => "other checked id",
        Sign::SameTelephone => "same telephone",
        Sign::TelephoneOff => "telephone 1 off",
        Sign::SameAddress => "same address",
        Sign::AddressAlike => "address alike",
        Sign::SameRelatives => "same relatives",
        Sign::OtherSex => "other sex",
        Sign::Kin => "kin of each other",
    };
    words.to_owned()
}
