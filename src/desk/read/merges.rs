//! What was merged into a record, what it may be merged with, and two people side by side.

use std::sync::Arc;

use crate::desk::answer::TimelineEntry;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::merge_answer::{
    ComparedCase, InCommon, MergeCandidate, MergeCandidatesAnswer, MergeFieldLine, MergeLine,
    MergeSide, PersonMergeAnswer,
};
use crate::desk::query::{AskMergeCandidates, AskSimilar};
use crate::desk::timeline;
use crate::domain::cases::{Case, Message};
use crate::domain::limits::MERGES_MAX;
use crate::domain::office::{Action, Resource};
use crate::domain::people::{
    Address, ContactPointKind, Fact, NameKind, Person, PersonField, Provenance, default_side,
};
use crate::domain::{CaseId, Entity, EntityId, Joined, Merge, MergeId, PersonId};
use crate::store::Direction;

use super::Reader;
use super::board::NAMES_HIDDEN;
use super::mask;

impl Reader<'_> {
    fn merge(&self, id: MergeId) -> Result<Merge, DeskError> {
        match self.entity(&EntityId::Merge(id))? {
            Some(Entity::Merge(merge)) => Ok(*merge),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    /// The case that stands for one now: itself, or the one that it was merged into.
    pub(super) fn current_case(&self, mut id: CaseId) -> Result<CaseId, DeskError> {
        for _ in 0..MERGES_MAX {
            let Some(value) = self.get(&keys::merged(&EntityId::Case(id)))? else { break };
            let merge = self.merge(MergeId(keys::last_number(&value)))?;
            let Some(cases) = merge.cases() else { break };
            id = cases.survivor;
        }
        Ok(id)
    }

    /// The merges by which others went into a record, through others too, oldest first on each level.
    fn absorbed(&self, id: &EntityId) -> Result<Vec<Merge>, DeskError> {
        let mut merges: Vec<Merge> = Vec::new();
        let mut next = vec![id.clone()];
        while let Some(survivor) = next.pop().filter(|_| merges.len() < MERGES_MAX) {
            let range = keys::absorbed(&survivor).range();
            for (key, _) in self.scan(&range, MERGES_MAX, Direction::Forward)?.rows {
                let merge = self.merge(MergeId(keys::last_number(&key)))?;
                next.push(merge.merged());
                merges.push(merge);
            }
        }
        Ok(merges)
    }

    /// What was merged into a record itself, in the order in which drafts on it are offered.
    pub(super) fn merged_into(&self, id: &EntityId) -> Result<Vec<EntityId>, DeskError> {
        let mut merged = Vec::new();
        let range = keys::absorbed(id).range();
        for (key, _) in self.scan(&range, MERGES_MAX, Direction::Forward)?.rows {
            merged.push(self.merge(MergeId(keys::last_number(&key)))?.merged());
        }
        Ok(merged)
    }

    /// The numbers under which somebody is known, the own one first, as merges have it.
    pub(super) fn numbers_read(&self, person: PersonId) -> Result<Vec<PersonId>, DeskError> {
        let merged = self.absorbed(&EntityId::Person(person))?.into_iter();
        let merged = merged.filter_map(|merge| Some(merge.people()?.merged));
        Ok(std::iter::once(person).chain(merged).collect())
    }

    /// The numbers of the cases that went into one, as far as the actor may see them.
    pub(super) fn cases_in(&self, case: CaseId) -> Result<Vec<Arc<Case>>, DeskError> {
        let mut cases = Vec::new();
        for merge in self.absorbed(&EntityId::Case(case))? {
            if let Some(joined) = merge.cases() {
                let merged = self.case(joined.merged)?;
                if self.may_see(&merged) {
                    cases.push(merged);
                }
            }
        }
        Ok(cases)
    }

    /// What was merged into a record, for its file, the newest first.
    pub(super) fn merge_lines(&self, id: &EntityId) -> Result<Vec<MergeLine>, DeskError> {
        let mut lines = Vec::new();
        for merge in self.absorbed(id)? {
            let is_seen = match &merge.joined {
                Joined::Cases(cases) => self.may_see(self.case(cases.merged)?.as_ref()),
                Joined::People(people) => self.may_see_record(self.person(people.merged)?.as_ref()),
            };
            if is_seen {
                lines.push(MergeLine {
                    merge: merge.id,
                    merged: merge.merged(),
                    is_direct: merge.survivor() == *id,
                    at: merge.at,
                    by: self.directory.short_name(merge.by),
                    reason: merge.reason,
                });
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.merge));
        Ok(lines)
    }

    /// Timeline entries of a case and of everything that was merged into it, the newest first: at most `limit` of them, and
    /// how many there are. An entry of another number says so.
    pub(super) fn joint_timeline(
        &self,
        case: CaseId,
        merged: &[Arc<Case>],
        limit: usize,
        looked_at_max: usize,
    ) -> Result<(Vec<TimelineEntry>, u64), DeskError> {
        let own = EntityId::Case(case);
        let (records, _) = timeline::newest(self.store, &own, looked_at_max)?;
        let mut entries = self.case_entries(self.case(case)?.as_ref(), &records);
        entries.extend(self.plan_entries(case, looked_at_max)?);
        entries.extend(self.signing_entries(case, looked_at_max)?);
        entries.extend(self.promise_entries(case)?);
        for merged in merged {
            let id = EntityId::Case(merged.id);
            let (records, _) = timeline::newest(self.store, &id, looked_at_max)?;
            let own = self.case_entries(merged, &records).into_iter();
            let planned = self.plan_entries(merged.id, looked_at_max)?;
            let signed = self.signing_entries(merged.id, looked_at_max)?;
            let planned = planned.into_iter().chain(signed);
            for mut entry in own.chain(planned).chain(self.promise_entries(merged.id)?) {
                entry.words = format!("{}: {}", merged.id, entry.words);
                entries.push(entry);
            }
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.sequence));
        let total = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        entries.truncate(limit);
        Ok((entries, total))
    }

    /// Messages of a case and of everything that was merged into it, the newest first.
    pub(super) fn joint_messages(
        &self,
        case: &Case,
        merged: &[Arc<Case>],
    ) -> Result<Vec<Message>, DeskError> {
        let mut messages = Vec::new();
        for id in std::iter::once(case)
            .chain(merged.iter().map(AsRef::as_ref))
            .flat_map(|case| &case.messages)
        {
            messages.push(self.message_shown(*id)?);
        }
        messages.sort_by_key(|message| std::cmp::Reverse(message.id));
        Ok(messages)
    }

    /// The cases that one may be merged with: those with somebody in common first, open ones before closed ones; or the one
    /// that was named.
    pub(super) fn merge_candidates(
        &self,
        question: &AskMergeCandidates,
    ) -> Result<MergeCandidatesAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(question.case)?;
        let own = self.people_seen(&case)?;
        let mut candidates = Vec::new();
        for (id, why) in self.worth_merging(&case, question.named)? {
            let other = self.visible_case(id)?;
            if other.id != case.id {
                candidates.push(MergeCandidate {
                    row: self.row(&other)?,
                    why,
                    common: in_common(&own, &self.people_seen(&other)?),
                    facts: self.facts_beside(&other),
                });
            }
        }
        candidates.sort_by_key(|candidate| {
            (candidate.common == InCommon::Nobody, !candidate.row.stage.is_open())
        });
        Ok(MergeCandidatesAnswer { case: case.id, facts: facts(&case), candidates })
    }

    /// What is compared of a case that was not opened: no more than its preview says. Where its unit lists it without
    /// names, the citizen's words and the place tell who it is as a name does.
    fn facts_beside(&self, other: &Case) -> ComparedCase {
        let facts = facts(other);
        if !self.hides_names_of(other) {
            return facts;
        }
        let (asks, place) = (NAMES_HIDDEN.to_owned(), other.place.area.clone());
        ComparedCase { asks, place, ..facts }
    }

    /// The numbers of the cases that one is compared with, and why.
    fn worth_merging(
        &self,
        case: &Case,
        named: Option<CaseId>,
    ) -> Result<Vec<(CaseId, String)>, DeskError> {
        if let Some(named) = named {
            return Ok(vec![(named, String::new())]);
        }
        let person = match case.initiator() {
            Some(person) => self.visible_person(person)?.map(|person| person.id),
            None => None,
        };
        let similar = self.similar(&AskSimilar {
            person,
            nature: None,
            subject: case.subjects.first().cloned(),
            area: case.place.area.clone(),
            place: case.place.text.clone(),
        })?;
        let mut worth = Vec::new();
        for similar in similar.cases {
            // One that went into another case is offered as that one, which stands here itself.
            if self.current_case(similar.row.id)? == similar.row.id {
                worth.push((similar.row.id, similar.why));
            }
        }
        Ok(worth)
    }

    /// The people on a case whom the actor may see, by the records that stand for them now.
    fn people_seen(&self, case: &Case) -> Result<Vec<Arc<Person>>, DeskError> {
        let mut people = Vec::new();
        for person in case.people() {
            people.extend(self.visible_person(person)?);
        }
        Ok(people)
    }

    /// Two people side by side.
    pub(super) fn person_merge(
        &self,
        survivor: PersonId,
        merged: PersonId,
    ) -> Result<PersonMergeAnswer, DeskError> {
        self.authorise(Action::ComparePeople, &Resource::office())?;
        let seen = |id: PersonId| {
            self.visible_person(id)?.ok_or_else(|| DeskError::NotFound(id.to_string()))
        };
        let (survivor, merged) = (seen(survivor)?, seen(merged)?);
        let mut fields = Vec::new();
        for field in PersonField::ALL {
            let (one, one_note) = self.shown_field(&survivor, *field)?;
            let (other, other_note) = self.shown_field(&merged, *field)?;
            if one.is_empty() && other.is_empty() {
                continue;
            }
            fields.push(MergeFieldLine {
                field: *field,
                side: default_side(*field, &survivor, &merged),
                is_same: is_same(&survivor, &merged, *field),
                values: (one, other),
                notes: (one_note, other_note),
            });
        }
        Ok(PersonMergeAnswer {
            evidence: self.evidence_of(survivor.id, merged.id)?,
            survivor: self.merge_side(&survivor)?,
            merged: self.merge_side(&merged)?,
            fields,
        })
    }

    fn merge_side(&self, person: &Person) -> Result<MergeSide, DeskError> {
        let (_, open, all) = self.cases_of(person.id, 0)?;
        let (_, contacts) = self.contacts(person.id)?;
        let services = u64::try_from(self.seen_services(person.id)?.len()).unwrap_or(u64::MAX);
        let counts = [open, all, contacts, services];
        Ok(MergeSide {
            person: person.id,
            version: person.version,
            name: person.name().listed(),
            counts,
        })
    }

    /// A field in words, masked, with source and day where it has one.
    fn shown_field(
        &self,
        person: &Person,
        field: PersonField,
    ) -> Result<(String, String), DeskError> {
        let many = |values: Vec<String>| (values.join(", "), String::new());
        Ok(match field {
            PersonField::Name => {
                let listed: Vec<String> =
                    person.names.iter().map(|fact| fact.value.listed()).collect();
                let official =
                    person.names.iter().find(|fact| fact.value.kind == NameKind::Official);
                let note = official.or(person.names.first()).map(|fact| noted(&fact.provenance));
                (listed.join("; "), note.unwrap_or_default())
            }
            PersonField::BirthDate => one(person.birth_date.as_ref(), ToString::to_string),
            PersonField::Gender => one(person.gender.as_ref(), Clone::clone),
            PersonField::Address => one(person.address.as_ref(), Address::line),
            PersonField::FormOfAddress => one(person.form_of_address.as_ref(), Clone::clone),
            PersonField::Deceased => one(person.deceased.as_ref(), ToString::to_string),
            PersonField::Identities => many(
                person
                    .identities
                    .iter()
                    .map(|fact| {
                        let sure = if fact.provenance.is_verified { " ok" } else { "" };
                        let value = mask::identity(&fact.value.value);
                        format!("{} {value}{sure}", fact.value.scheme)
                    })
                    .collect(),
            ),
            PersonField::ContactPoints => many(
                person
                    .contact_points
                    .iter()
                    .map(|fact| {
                        let value = match fact.value.kind {
                            ContactPointKind::Telephone => mask::telephone(&fact.value.normalised),
                            ContactPointKind::Email => mask::email(&fact.value.normalised),
                        };
                        format!("{value} {}", fact.value.state.label())
                    })
                    .collect(),
            ),
            PersonField::Languages => many(person.languages.clone()),
            PersonField::Channel => many(
                person.preferred_channel.map(|way| way.label().to_owned()).into_iter().collect(),
            ),
            PersonField::Needs => many(person.needs.clone()),
            PersonField::Household => {
                many(person.household.map(|household| household.to_string()).into_iter().collect())
            }
            PersonField::Relationships => {
                let mut kin = Vec::new();
                for stated in &person.relationships {
                    // Nobody hidden is named by a relative.
                    if let Some(other) = self.visible_person(stated.to)? {
                        kin.push(format!("{} {}", stated.kind.label(), other.name().spoken()));
                    }
                }
                many(kin)
            }
            PersonField::Notes => many(person.notes.iter().map(|note| note.text.clone()).collect()),
        })
    }
}

fn facts(case: &Case) -> ComparedCase {
    let place = [case.place.text.as_str(), case.place.area.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    ComparedCase { asks: case.asks.clone(), place: place.join(", "), received_at: case.received_at }
}

fn in_common(own: &[Arc<Person>], others: &[Arc<Person>]) -> InCommon {
    let are = |same: &dyn Fn(&Person, &Person) -> bool| {
        own.iter().any(|one| others.iter().any(|other| same(one, other)))
    };
    if are(&|one, other| one.id == other.id) {
        InCommon::Person
    } else if are(&|one, other| one.household.is_some() && one.household == other.household) {
        InCommon::Household
    } else {
        InCommon::Nobody
    }
}

fn noted(provenance: &Provenance) -> String {
    let sure = if provenance.is_verified { "ok" } else { "?" };
    format!("{sure} {} {}", provenance.on, provenance.source)
}

fn one<T>(fact: Option<&Fact<T>>, words: impl Fn(&T) -> String) -> (String, String) {
    fact.map_or_else(Default::default, |fact| (words(&fact.value), noted(&fact.provenance)))
}

/// Whether two people have the same in a field, as far as a merge is concerned.
fn is_same(one: &Person, other: &Person, field: PersonField) -> bool {
    fn values<T: PartialEq>(one: &[Fact<T>], other: &[Fact<T>]) -> bool {
        one.iter().map(|fact| &fact.value).eq(other.iter().map(|fact| &fact.value))
    }
    fn value<T: PartialEq>(one: Option<&Fact<T>>, other: Option<&Fact<T>>) -> bool {
        one.map(|fact| &fact.value) == other.map(|fact| &fact.value)
    }
    match field {
        PersonField::Name => values(&one.names, &other.names),
        PersonField::BirthDate => value(one.birth_date.as_ref(), other.birth_date.as_ref()),
        PersonField::Gender => value(one.gender.as_ref(), other.gender.as_ref()),
        PersonField::Identities => values(&one.identities, &other.identities),
        PersonField::ContactPoints => {
            let numbers = |person: &Person| -> Vec<String> {
                let points = person.contact_points.iter();
                points.map(|fact| fact.value.normalised.clone()).collect()
            };
            numbers(one) == numbers(other)
        }
        PersonField::Address => value(one.address.as_ref(), other.address.as_ref()),
        PersonField::FormOfAddress => {
            value(one.form_of_address.as_ref(), other.form_of_address.as_ref())
        }
        PersonField::Languages => one.languages == other.languages,
        PersonField::Channel => one.preferred_channel == other.preferred_channel,
        PersonField::Needs => one.needs == other.needs,
        PersonField::Deceased => value(one.deceased.as_ref(), other.deceased.as_ref()),
        PersonField::Household => one.household == other.household,
        PersonField::Relationships => one.relationships == other.relationships,
        PersonField::Notes => one.notes == other.notes,
    }
}
