//! Merging two records of one matter or one person, taking that apart again, and leading old numbers on.

use std::sync::Arc;

use crate::desk::command::{Command, DraftKey};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::Why;
use crate::domain::cases::{
    self, About, Brought, Case, CaseAct, CaseEvent, Intake, Keeps, NewContact, SameChoice,
    Standing, StartedContact,
};
use crate::domain::limits::{LINE_BYTES_MAX, MERGES_MAX};
use crate::domain::office::{Action, Decision, Resource};
use crate::domain::people::{
    self, NewHousehold, PersonChange, PersonEvent, PersonField, Relationship, Side,
};
use crate::domain::{
    CaseId, CaseMerge, Entity, EntityId, Event, Joined, Merge, MergeEvent, MergeId, MessageId,
    PersonId, PersonMerge, Refusal,
};
use crate::store::Direction;

use super::{Done, Run};

impl Run<'_> {
    /// The case that stands for one now: itself, or the one that it was merged into.
    pub(super) fn current_case(&mut self, mut id: CaseId) -> Result<CaseId, DeskError> {
        for _ in 0..MERGES_MAX {
            let Some(value) = self.work.get(&keys::merged(&EntityId::Case(id)))? else { break };
            let merge = self.merge(MergeId(keys::last_number(&value)))?;
            let Some(cases) = merge.cases() else { break };
            id = cases.survivor;
        }
        Ok(id)
    }

    /// The record that stands for a person now: their own, or the one that it was merged into.
    pub(super) fn current_person(&mut self, mut id: PersonId) -> Result<PersonId, DeskError> {
        for _ in 0..MERGES_MAX {
            match self.work.person(id) {
                Ok(person) => match person.state.merged_into() {
                    Some(into) => id = into,
                    None => break,
                },
                // Whoever is not there is told so by the act that names them.
                Err(DeskError::NotFound(_)) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(id)
    }

    /// A record and everything that went into it, through others too, itself first.
    fn with_absorbed(&mut self, id: EntityId) -> Result<Vec<EntityId>, DeskError> {
        let mut ids = vec![id];
        let mut looked_at = 0;
        while let Some(survivor) = ids.get(looked_at).filter(|_| looked_at < MERGES_MAX) {
            let range = keys::absorbed(survivor).range();
            looked_at += 1;
            for (row, _) in self.work.scan(&range, MERGES_MAX, Direction::Forward)?.rows {
                ids.push(self.merge(MergeId(keys::last_number(&row)))?.merged());
            }
        }
        Ok(ids)
    }

    /// Every number under which somebody is known, the own one first.
    pub(super) fn numbers_of(&mut self, person: PersonId) -> Result<Vec<PersonId>, DeskError> {
        let ids = self.with_absorbed(EntityId::Person(person))?.into_iter();
        Ok(ids
            .filter_map(|id| if let EntityId::Person(id) = id { Some(id) } else { None })
            .collect())
    }

    /// The messages of a case and of everything that went into it.
    pub(super) fn joint_messages(&mut self, case: CaseId) -> Result<Vec<MessageId>, DeskError> {
        let mut messages = Vec::new();
        for id in self.with_absorbed(EntityId::Case(case))? {
            if let EntityId::Case(id) = id {
                messages.extend_from_slice(&self.work.case(id)?.messages);
            }
        }
        Ok(messages)
    }

    /// The same command about the records that stand for those it names, where one of them was merged: whoever took a matter
    /// in on an old number loses nothing.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "most commands name nobody whose number may be an old one"
    )]
    pub(super) fn led_on(&mut self, command: &Command) -> Result<Option<Command>, DeskError> {
        let mut led = command.clone();
        match &mut led {
            Command::RegisterCase(intake) => self.lead_intake_on(intake)?,
            Command::TakeIn(matter) => self.lead_intake_on(&mut matter.intake)?,
            Command::StartContact(StartedContact { person: Some(person), .. })
            | Command::SetContactPerson { person: Some(person), .. } => {
                *person = self.current_person(*person)?;
            }
            Command::AddContactCase { case, .. } => *case = self.current_case(*case)?,
            Command::MakePromise(wish) => {
                wish.to = self.current_person(wish.to)?;
                if let Some(case) = &mut wish.case {
                    *case = self.current_case(*case)?;
                }
            }
            Command::RecordContact(NewContact { person, case, .. }) => {
                for person in person.iter_mut() {
                    *person = self.current_person(*person)?;
                }
                for case in case.iter_mut() {
                    *case = self.current_case(*case)?;
                }
            }
            Command::RecordService(delivered) => {
                delivered.recipient = self.current_person(delivered.recipient)?;
                if let Some(case) = &mut delivered.case {
                    *case = self.current_case(*case)?;
                }
            }
            Command::RevealPerson { person, .. }
            | Command::RevealUnderContact { person, .. }
            | Command::ChangePerson {
                change: PersonChange::Relationship(Relationship { to: person, .. }),
                ..
            } => *person = self.current_person(*person)?,
            Command::FormHousehold(NewHousehold { members }) => {
                for (person, _) in members {
                    *person = self.current_person(*person)?;
                }
            }
            Command::Case { act: CaseAct::Reply { to, .. }, .. } => {
                to.addressee = self.current_person(to.addressee)?;
            }
            _ => return Ok(None),
        }
        Ok((led != *command).then_some(led))
    }

    fn lead_intake_on(&mut self, intake: &mut Intake) -> Result<(), DeskError> {
        for person in intake.asked_by.iter_mut().chain(&mut intake.addressee) {
            *person = self.current_person(*person)?;
        }
        if let About::Person(person) = &mut intake.about {
            *person = self.current_person(*person)?;
        }
        if let SameChoice::AddedTo(case) = &mut intake.same.choice {
            *case = self.current_case(*case)?;
        }
        Ok(())
    }

    /// The people on a case, under the numbers that they have now.
    pub(super) fn people_now(&mut self, case: &Case) -> Result<Vec<PersonId>, DeskError> {
        case.people().into_iter().map(|person| self.current_person(person)).collect()
    }

    /// Refuses an act on a case that went into another one; where the actor may not know of that one, as if neither were there.
    pub(super) fn check_stands(&mut self, id: CaseId) -> Result<(), DeskError> {
        let now = self.current_case(id)?;
        if now == id {
            return Ok(());
        }
        let survivor = self.work.case(now)?;
        if self.check_is_seen(&survivor).is_err() {
            return Err(DeskError::NotFound(id.to_string()));
        }
        Err(Refusal::new(
            "case.merged",
            format!("{id} is part of {now} now."),
            format!("Do it on {now}, or take the merge apart there (M)."),
        )
        .into())
    }

    fn merge(&mut self, id: MergeId) -> Result<Merge, DeskError> {
        match self.work.entity(&EntityId::Merge(id))? {
            Some(Entity::Merge(merge)) => Ok(*merge),
            _ => Err(DeskError::NotFound(id.to_string())),
        }
    }

    /// Refuses whoever may not merge at all; nothing has been read then.
    fn authorise_merge(&self, action: Action) -> Result<(), DeskError> {
        let actor = self.actor()?;
        match self.work.directory.permit(&actor, action, &Resource::office(), self.today) {
            Decision::Deny("no-grant") => Err(Refusal::new(
                "permit.no-grant",
                format!("{} may propose a merge, and not carry it out.", self.actor()?.name),
                "Note on the case or file which other one it is; whoever screens or works cases merges them.",
            )
            .into()),
            Decision::Allow | Decision::AllowWithReason | Decision::Deny(_) => {
                self.authorise(action, &Resource::office())
            }
        }
    }

    /// A case that the actor may merge or part; one that they may not see is as one that is not there.
    fn case_to_merge(&mut self, action: Action, id: CaseId) -> Result<Arc<Case>, DeskError> {
        let case = self.work.case(id)?;
        let resource = Resource::of_case_anywhere(&case);
        if !self.sight_of(&self.actor()?).case(&case) {
            return Err(DeskError::NotFound(id.to_string()));
        }
        self.authorise(action, &resource)?;
        Ok(case)
    }

    /// Makes one case of two: the one that is acted on, and `other`.
    pub(super) fn merge_cases(
        &mut self,
        (id, version): (CaseId, Option<u64>),
        other: CaseId,
        keeps: Keeps,
        reason: &str,
    ) -> Result<Done, DeskError> {
        self.authorise_merge(Action::Merge)?;
        let acted = self.case_to_merge(Action::Merge, id)?;
        self.check_version(&EntityId::Case(id), &Entity::Case(acted), version)?;
        let (merged, survivor) = match keeps {
            Keeps::Other => (id, other),
            Keeps::This => (other, id),
        };
        self.case_to_merge(Action::Merge, other)?;
        self.check_stands(merged)?;
        let survivor = self.current_case(survivor)?;
        let merged = self.case_to_merge(Action::Merge, merged)?;
        let survivor = self.case_to_merge(Action::Merge, survivor)?;
        let of_unit = Resource::of_case(&merged);
        self.authorise(Action::Merge, &of_unit)?;
        self.check_room_for_merge(&EntityId::Case(survivor.id))?;
        let calendar = self.calendar()?;
        let context = self.case_context(&calendar, merged.unit);
        let shares = self.share_person(&merged, &survivor)?;
        let (standing, mut brought) = cases::merge(&merged, &survivor, shares, reason, &context)?;
        self.drop_known_parties(&survivor, &mut brought)?;
        let had = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let joined = Joined::Cases(Box::new(CaseMerge {
            survivor: survivor.id,
            merged: merged.id,
            standing,
            brought: brought.clone(),
            survivor_version: survivor.version + 1,
            had: (had(survivor.contacts.len()), had(survivor.messages.len())),
        }));
        let merge = self.make_merge(joined, reason)?;
        let (from, into) = (merged.id, survivor.id);
        let gone = CaseEvent::MergedInto { merge, case: into };
        self.happens_to_case(from, gone, reason)?;
        let got = CaseEvent::MergedFrom { merge, case: from, brought: Box::new(brought) };
        self.happens_to_case(into, got, reason)?;
        self.follow(from)?;
        let label = format!("{from} is part of {into} now ({merge}); both numbers lead there.");
        Ok(Done::new(label).about(EntityId::Case(into)).made(vec![EntityId::Merge(merge)]))
    }

    /// Whether somebody of whom the actor may know is on both cases: a merge tells nothing of anybody else.
    fn share_person(&mut self, one: &Case, other: &Case) -> Result<bool, DeskError> {
        let others = self.people_now(other)?;
        for person in self.people_now(one)? {
            if others.contains(&person) && self.may_know_person(person)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A party under an old number is no other party.
    fn drop_known_parties(
        &mut self,
        survivor: &Case,
        brought: &mut Brought,
    ) -> Result<(), DeskError> {
        let mut known = self.people_now(survivor)?;
        let mut roles = Vec::new();
        for role in std::mem::take(&mut brought.roles) {
            let cases::Party::Person(person) = role.party else { continue };
            let person = self.current_person(person)?;
            if !known.contains(&person) {
                known.push(person);
                roles.push(role);
            }
        }
        brought.roles = roles;
        Ok(())
    }

    /// Makes one record of two of the same person.
    pub(super) fn merge_people(
        &mut self,
        (survivor, merged): (PersonId, PersonId),
        versions: Option<(u64, u64)>,
        chosen: &[(PersonField, Side)],
        reason: &str,
    ) -> Result<Done, DeskError> {
        self.authorise_merge(Action::Merge)?;
        cases::check_text("the reason", reason, LINE_BYTES_MAX, false)?;
        let mut records = Vec::new();
        for id in [survivor, merged] {
            if !self.may_know_person(id)? {
                return Err(DeskError::NotFound(id.to_string()));
            }
            records.push(self.work.person(id)?);
        }
        let [into, from] = records.as_slice() else {
            return Err(DeskError::NotFound(survivor.to_string()));
        };
        for (record, version) in [into, from]
            .into_iter()
            .zip([versions.map(|(survivor, _)| survivor), versions.map(|(_, merged)| merged)])
        {
            let entity = Entity::Person(Arc::clone(record));
            self.check_version(&EntityId::Person(record.id), &entity, version)?;
            let level = Resource::of_person(record);
            self.authorise(Action::Merge, &level)?;
        }
        self.check_room_for_merge(&EntityId::Person(survivor))?;
        let (taken, is) = people::merge(from, into, chosen)?;
        let joined = Joined::People(Box::new(PersonMerge {
            survivor,
            merged,
            taken,
            was: into.as_ref().clone(),
            state: from.state,
            survivor_version: into.version + 1,
        }));
        let merge = self.make_merge(joined, reason)?;
        let gone = PersonEvent::MergedInto { merge, person: survivor };
        self.happens_to_person(merged, gone, reason)?;
        let name = is.name().listed();
        let got = PersonEvent::MergedFrom { merge, person: merged, to: Box::new(is) };
        self.happens_to_person(survivor, got, reason)?;
        let label = format!("{merged} is part of {survivor} {name} now ({merge}).");
        Ok(Done::new(label).about(EntityId::Person(survivor)).made(vec![EntityId::Merge(merge)]))
    }

    fn make_merge(&mut self, joined: Joined, reason: &str) -> Result<MergeId, DeskError> {
        let number = self.work.next::<MergeId>();
        let id = EntityId::Merge(number);
        self.work.expect_new(&id);
        let made = Event::Merge(MergeEvent::Made(joined));
        self.work.happen(&self.doer.clone(), id, made, why(reason))?;
        Ok(number)
    }

    fn happens_to_case(
        &mut self,
        id: CaseId,
        event: CaseEvent,
        reason: &str,
    ) -> Result<(), DeskError> {
        self.work.happen(&self.doer.clone(), EntityId::Case(id), Event::Case(event), why(reason))
    }

    fn happens_to_person(
        &mut self,
        id: PersonId,
        event: PersonEvent,
        reason: &str,
    ) -> Result<(), DeskError> {
        let event = Event::Person(event);
        self.work.happen(&self.doer.clone(), EntityId::Person(id), event, why(reason))
    }

    fn check_room_for_merge(&mut self, survivor: &EntityId) -> Result<(), DeskError> {
        let range = keys::absorbed(survivor).range();
        let page = self.work.scan(&range, MERGES_MAX, Direction::Forward)?;
        if page.rows.len() < MERGES_MAX {
            return Ok(());
        }
        Err(Refusal::new(
            "limit",
            format!("{MERGES_MAX} were merged into {survivor}, and that is the most."),
            "Link them instead.",
        )
        .into())
    }

    /// Takes a merge apart.
    pub(super) fn unmerge(&mut self, id: MergeId, reason: &str) -> Result<Done, DeskError> {
        cases::check_text("the reason", reason, LINE_BYTES_MAX, false)?;
        self.authorise_merge(Action::Unmerge)?;
        let merge = self.merge(id)?;
        if let Some(parting) = &merge.parted {
            let by = self.work.directory.short_name(parting.by);
            let what = format!("{by} has taken {id} apart already.");
            return Err(Refusal::new("merge.parted", what, "").into());
        }
        let stayed = match &merge.joined {
            Joined::Cases(cases) => self.part_cases(id, cases, reason)?,
            Joined::People(people) => self.part_people(id, people, reason)?,
        };
        let (merged, survivor) = (merge.merged(), merge.survivor());
        let kept = match stayed.as_slice() {
            [] => String::new(),
            stayed => format!(" Stays on {survivor}: {}.", stayed.join("; ")),
        };
        let parted = Event::Merge(MergeEvent::Parted { stayed });
        self.work.happen(&self.doer.clone(), EntityId::Merge(id), parted, why(reason))?;
        Ok(Done::new(format!("{merged} stands for itself again.{kept}")).about(merged))
    }

    fn part_cases(
        &mut self,
        id: MergeId,
        merge: &CaseMerge,
        reason: &str,
    ) -> Result<Vec<String>, DeskError> {
        let merged = self.case_to_merge(Action::Unmerge, merge.merged)?;
        let survivor = self.case_to_merge(Action::Unmerge, merge.survivor)?;
        // Who may not merge a unit's case does not part it either.
        let of_unit = Resource::of_case(&merged);
        self.authorise(Action::Unmerge, &of_unit)?;
        if self.current_case(survivor.id)? != survivor.id {
            return Err(is_merged_itself(&EntityId::Case(survivor.id)));
        }
        let mut standing: Standing = merge.standing.clone();
        if let Some(owner) = standing.owner
            && self.on_roster(owner).is_err()
        {
            standing = standing.unowned();
        }
        let (back, stayed) = cases::part(&survivor, merge);
        let out =
            CaseEvent::TakenOut { merge: id, case: survivor.id, standing: Box::new(standing) };
        self.happens_to_case(merged.id, out, reason)?;
        self.follow(merged.id)?;
        let gave = CaseEvent::GaveBack { merge: id, case: merged.id, brought: Box::new(back) };
        self.happens_to_case(survivor.id, gave, reason)?;
        Ok(stayed)
    }

    fn part_people(
        &mut self,
        id: MergeId,
        merge: &PersonMerge,
        reason: &str,
    ) -> Result<Vec<String>, DeskError> {
        let mut records = Vec::new();
        for number in [merge.survivor, merge.merged] {
            if !self.may_know_person(number)? {
                return Err(DeskError::NotFound(number.to_string()));
            }
            let record = self.work.person(number)?;
            let level = Resource::of_person(&record);
            self.authorise(Action::Unmerge, &level)?;
            records.push(record);
        }
        let [now, merged] = records.as_slice() else {
            return Err(DeskError::NotFound(id.to_string()));
        };
        if now.state.merged_into().is_some() {
            return Err(is_merged_itself(&EntityId::Person(now.id)));
        }
        let (to, stayed) = people::part(now, &merge.was, merged, (&merge.taken, merge.state));
        let out = PersonEvent::TakenOut { merge: id, state: merge.state };
        self.happens_to_person(merged.id, out, reason)?;
        let gave = PersonEvent::GaveBack { merge: id, person: merged.id, to: Box::new(to) };
        self.happens_to_person(now.id, gave, reason)?;
        Ok(stayed)
    }

    /// The drafts of the same form on what was merged into a draft's target, in the order in which they are offered, each
    /// with the version of the target from which on it was offered.
    pub(super) fn drafts_behind(
        &mut self,
        key: &DraftKey,
    ) -> Result<Vec<(DraftKey, u64)>, DeskError> {
        let Some(target) = &key.target else { return Ok(Vec::new()) };
        let mut behind = Vec::new();
        let range = keys::absorbed(target).range();
        for (row, _) in self.work.scan(&range, MERGES_MAX, Direction::Forward)?.rows {
            let merge = self.merge(MergeId(keys::last_number(&row)))?;
            let own = DraftKey { form: key.form, target: Some(merge.merged()) };
            if self.work.get(&super::draft_key(self.doer.actor, &own))?.is_some() {
                behind.push((own, merge.survivor_version()));
            }
        }
        Ok(behind)
    }
}

fn why(reason: &str) -> Why {
    if reason.trim().is_empty() { Why::default() } else { Why::reason(reason) }
}

fn is_merged_itself(survivor: &EntityId) -> DeskError {
    Refusal::new(
        "merge.chain",
        format!("{survivor} is part of another record itself."),
        "Take that merge apart first: the file shows it.",
    )
    .into()
}
