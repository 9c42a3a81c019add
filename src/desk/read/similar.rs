//! Cases that may be the same as one that is being taken in, each with why it is shown.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::desk::answer::{SimilarAnswer, SimilarCase};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::query::AskSimilar;
use crate::domain::cases::{Case, clocks_for};
use crate::domain::office::{Action, Resource};
use crate::domain::time::{Clock, ClockKind};
use crate::domain::{CaseId, PersonId};
use crate::search::normalise;
use crate::store::Direction;

use super::Reader;

/// Cases that the SAME? line shows: one a digit.
const SIMILAR_MAX: usize = 9;
/// Closed cases of a person that are offered beside the open ones.
const CLOSED_MAX: usize = 3;
/// Cases that are looked at for one list.
const LOOKED_AT_MAX: usize = 60;
/// Members of a household whose cases are looked at.
const MEMBERS_MAX: usize = 12;

/// How likely a case is the same, by what it has in common with what is being taken in.
const SAME_PERSON: i32 = 10;
const SAME_SUBJECT: i32 = 8;
const IS_OPEN: i32 = 4;
const HOUSEHOLD: i32 = 7;
const SAME_PLACE: i32 = 6;
const SAME_AREA: i32 = 5;

/// Cases that may be the same, with how likely and why.
#[derive(Default)]
struct Likely(Vec<(i32, Arc<Case>, String)>);

impl Likely {
    fn push(&mut self, score: i32, case: Arc<Case>, why: String) {
        if self.0.iter().all(|(_, known, _)| known.id != case.id) {
            self.0.push((score, case, why));
        }
    }

    fn has(&self, case: CaseId) -> bool {
        self.0.iter().any(|(_, known, _)| known.id == case)
    }
}

impl Reader<'_> {
    pub(super) fn similar(&self, question: &AskSimilar) -> Result<SimilarAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let mut likely = Likely::default();
        // Whose record the actor may not see has no cases for them either.
        let seen = question.person.map(|person| self.visible_person(person)).transpose()?.flatten();
        if let Some(person) = seen.map(|person| person.id) {
            self.of_the_person(person, question, &mut likely)?;
            self.of_the_household(person, question, &mut likely)?;
        }
        self.of_the_subject(question, &mut likely)?;
        let mut found = likely.0;
        found.sort_by_key(|(score, case, _)| (Reverse(*score), Reverse(case.id)));
        let mut cases = Vec::new();
        for (_, case, why) in found.into_iter().take(SIMILAR_MAX) {
            let ended = case.outcome.as_ref().map(|outcome| outcome.code.label().to_owned());
            cases.push(SimilarCase { row: self.row(&case)?, why, ended });
        }
        let calendar = &self.directory.calendar_of(self.actor.unit)?;
        let clocks = question
            .nature
            .map(|nature| clocks_for(nature, self.today, calendar))
            .unwrap_or_default();
        let answer = clocks.iter().find(|clock| clock.kind == ClockKind::Answer);
        Ok(SimilarAnswer {
            cases,
            answer_by: answer.map(|clock| clock.due_at),
            answer_source: answer.map(Clock::explain).unwrap_or_default(),
        })
    }

    fn of_the_person(
        &self,
        person: PersonId,
        question: &AskSimilar,
        likely: &mut Likely,
    ) -> Result<(), DeskError> {
        let (cases, _, _) = self.cases_of(person, LOOKED_AT_MAX)?;
        let mut closed = 0;
        for case in cases {
            let is_same_subject = has_subject(&case, question);
            closed += usize::from(!case.is_open());
            if !case.is_open()
                && (closed > CLOSED_MAX || (question.subject.is_some() && !is_same_subject))
            {
                continue;
            }
            let score = SAME_PERSON
                + SAME_SUBJECT * i32::from(is_same_subject)
                + IS_OPEN * i32::from(case.is_open());
            let why = if is_same_subject { "same person, same subject" } else { "same person" };
            likely.push(score, case, why.to_owned());
        }
        Ok(())
    }

    /// Open cases of whoever lives with the person, once the subject is known, of that subject.
    fn of_the_household(
        &self,
        person: PersonId,
        question: &AskSimilar,
        likely: &mut Likely,
    ) -> Result<(), DeskError> {
        let household = self.visible_person(person)?.and_then(|person| person.household);
        let Some(household) = household else { return Ok(()) };
        let household = self.household(household)?;
        let members = household.members.iter();
        let others = members.filter(|member| member.to.is_none() && member.person != person);
        for member in others.take(MEMBERS_MAX) {
            let Some(other) = self.visible_person(member.person)? else { continue };
            let (cases, _, _) = self.cases_of(other.id, LOOKED_AT_MAX)?;
            for case in cases.into_iter().filter(|case| case.is_open()) {
                let is_same_subject = has_subject(&case, question);
                if question.subject.is_none() || is_same_subject {
                    let score = HOUSEHOLD + SAME_SUBJECT * i32::from(is_same_subject);
                    let name = other.name();
                    likely.push(score, case, format!("household, {}", name.given));
                }
            }
        }
        Ok(())
    }

    /// Open cases of the subject, at the same place or in the same area.
    fn of_the_subject(&self, question: &AskSimilar, likely: &mut Likely) -> Result<(), DeskError> {
        let Some(subject) = &question.subject else { return Ok(()) };
        let place = normalise(&question.place);
        let range = keys::of_subject(subject).range();
        let numbers =
            self.seen_in(&range, LOOKED_AT_MAX, Direction::Backward, keys::last_number)?;
        for id in numbers.into_iter().map(CaseId) {
            if likely.has(id) {
                continue;
            }
            let case = match self.visible_case(id) {
                Ok(case) => case,
                Err(DeskError::NotFound(_)) => continue,
                Err(error) => return Err(error),
            };
            let is_same_area = case.place.area == question.area;
            if is_same_area && is_same_place(&normalise(&case.place.text), &place) {
                likely.push(SAME_PLACE, case, "same subject, same place".to_owned());
            } else if !question.area.is_empty() && is_same_area {
                let why = format!("same subject, {}", case.place.area);
                likely.push(SAME_AREA, case, why);
            }
        }
        Ok(())
    }
}

fn has_subject(case: &Case, question: &AskSimilar) -> bool {
    question.subject.is_some() && case.subjects.first() == question.subject.as_ref()
}

/// Whether two places are one, folded; one of them may go on where the other ends: `azadi 12` and `azadi 12 oslo`.
fn is_same_place(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let rest = long.strip_prefix(short);
    !short.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
