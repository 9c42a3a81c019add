//! What came for somebody, what their day leaves over, who looks alike, and what is learned and reckoned, by the naive filter.

use std::collections::BTreeSet;

use casedesk::desk::{
    AskMergeCandidates, DayAnswer, DuplicatesAnswer, FairnessAnswer, LeftOver, LeftOverLine,
    MergeCandidatesAnswer, NewsAnswer, NewsKind, PromiseFilter, SuggestionAnswer, Whose,
};
use casedesk::domain::cases::{Case, EscalationState, MessageState};
use casedesk::domain::office::Confidentiality;
use casedesk::domain::people::PersonState;
use casedesk::domain::{CaseId, PersonId, UnitId};

use super::expected::{Checked, Expected, same};

fn has_failed(state: &MessageState) -> bool {
    matches!(state, MessageState::Failed { .. } | MessageState::Undelivered { .. })
}

/// That everything of one set is in another.
fn within<T: Ord + std::fmt::Debug>(what: &str, got: &BTreeSet<T>, all: &BTreeSet<T>) -> Checked {
    let beyond: Vec<&T> = got.difference(all).collect();
    same(what, &beyond, &Vec::new())
}

fn in_order([one, other]: [PersonId; 2]) -> [PersonId; 2] {
    [one.min(other), one.max(other)]
}

impl Expected<'_> {
    fn own_cases(&self) -> impl Iterator<Item = &Case> {
        self.sees.cases().filter(|case| case.is_open() && case.owner == Some(self.sees.who))
    }

    /// The cases of own messages that could not be handed over, each as often as it has some.
    fn failed(&self, is_own: impl Fn(&casedesk::domain::cases::Message) -> bool) -> Vec<CaseId> {
        let mail = self.sees.state.messages.values();
        let failed = mail.filter(|it| has_failed(&it.state) && self.sees.message(it.id));
        let mut cases: Vec<CaseId> = failed
            .filter(|it| is_own(it))
            .filter_map(|it| self.sees.case(it.case).map(|case| case.id))
            .collect();
        cases.sort_unstable();
        cases
    }

    pub(crate) fn day(&self, answer: &DayAnswer) -> Checked {
        let (sees, state) = (self.sees, self.sees.state);
        same("more", &answer.has_more, &false)?;
        let lines = |is: fn(&LeftOver) -> bool| {
            let lines = answer.left_over.iter().filter(move |line| is(&line.kind));
            lines.collect::<Vec<&LeftOverLine>>()
        };
        let cases = |lines: &[&LeftOverLine]| {
            let mut cases: Vec<CaseId> =
                lines.iter().filter_map(|line| line.case.map(|(case, _)| case)).collect();
            cases.sort_unstable();
            cases
        };
        let escalated = sees.cases().filter(|case| {
            let open = case.open_escalation().filter(|_| case.is_open());
            open.is_some_and(|it| it.to == sees.who && it.state == EscalationState::Raised)
        });
        let raised = lines(|kind| *kind == LeftOver::Escalation);
        same("escalations", &cases(&raised), &escalated.map(|case| case.id).collect())?;
        let unit = state.caseworkers[&sees.who].unit;
        let failed = self.failed(|it| {
            let is_own_case = state.cases[&it.case].owner == Some(sees.who);
            it.unit == unit && (it.by == sees.who || is_own_case)
        });
        let mail = lines(|kind| *kind == LeftOver::Message);
        same("failed messages", &cases(&mail), &failed)?;
        let untouched: BTreeSet<CaseId> =
            cases(&lines(|kind| *kind == LeftOver::Claim)).into_iter().collect();
        let held = self.own_cases().filter(|case| {
            case.hold.is_none() && case.open_escalation().is_none() && case.messages.is_empty()
        });
        within("claims", &untouched, &held.map(|case| case.id).collect())?;
        if !sees.reads_people() {
            return same("promises", &lines(|kind| *kind == LeftOver::Promise).len(), &0);
        }
        // The next shift begins on another day, and none is longer off than a week.
        let mine = self.promises(Whose::Mine, PromiseFilter::Open);
        let due = |days: i32| {
            let end = state.zone.instant(sees.today.plus_days(days), 0, 0);
            mine.iter().filter(|id| state.promises[id].promised.due_at < end).count()
        };
        let promises = lines(|kind| *kind == LeftOver::Promise).len();
        let (least, most) = (due(1), due(7));
        same(&format!("promises {promises}"), &(least..=most).contains(&promises), &true)
    }

    pub(crate) fn news(&self, answer: &NewsAnswer) -> Checked {
        let of = |kind: NewsKind| {
            let lines = answer.lines.iter().filter(move |line| line.kind == kind);
            let mut cases: Vec<CaseId> =
                lines.filter_map(|line| line.case.as_ref().map(|(case, _)| *case)).collect();
            cases.sort_unstable();
            cases
        };
        // Whatever somebody who asks has was given to them after they were here.
        let given: Vec<CaseId> = self.own_cases().map(|case| case.id).collect();
        same("given", &of(NewsKind::Given), &given)?;
        let failed = self.failed(|it| it.by == self.sees.who);
        same("undelivered", &of(NewsKind::Undelivered), &failed)
    }

    pub(crate) fn likely(&self, answer: &DuplicatesAnswer) -> Checked {
        let sides = answer.pairs.iter().map(|it| [it.sides.0.person, it.sides.1.person]);
        same("pairs", &sides.map(in_order).collect(), &self.alike())?;
        same("numbers", &answer.people, &(self.sees.state.people.len() as u64))
    }

    /// The pairs that looked alike at a registration, of which both may be seen and neither was merged.
    pub(crate) fn alike(&self) -> BTreeSet<[PersonId; 2]> {
        let state = self.sees.state;
        let is_there = |id: &PersonId| {
            let stands = !matches!(state.people[id].state, PersonState::Merged(_));
            stands && self.sees.person(*id).is_some()
        };
        let both = state.alike.iter().filter(|both| both.iter().all(is_there));
        both.copied().map(in_order).collect()
    }

    /// What is suggested was learned from cases of which each may be seen, or is one that a conflict alone hides.
    pub(crate) fn suggestion(&self, answer: &SuggestionAnswer) -> Checked {
        let sees = self.sees;
        // What is more secret than casework teaches nothing.
        let ended = || {
            let ended = sees.state.cases.values().filter(|case| !case.is_open());
            ended.filter(|case| case.confidentiality <= Confidentiality::CaseConfidential)
        };
        let teaching = ended().filter(|case| sees.record(case)).count() as u64;
        same(&format!("learned from {}", answer.cases), &(answer.cases <= teaching), &true)?;
        let is_learned = answer.subject.is_some() || answer.nature.is_some() || answer.cases > 0;
        let is_hidden = ended().any(|case| {
            let is_closed = case.people().iter().any(|person| sees.closed.contains(person));
            !is_closed && !sees.record(case)
        });
        same("learned from what is hidden", &(is_learned && is_hidden), &false)
    }

    pub(crate) fn merge_candidates(
        &self,
        question: &AskMergeCandidates,
        answer: &MergeCandidatesAnswer,
    ) -> Checked {
        let sees = self.sees;
        same("case", &Some(answer.case), &sees.case(question.case).map(|case| case.id))?;
        let got: BTreeSet<CaseId> = answer.candidates.iter().map(|it| it.row.id).collect();
        same("each once", &got.len(), &answer.candidates.len())?;
        if let Some(named) = question.named {
            let named = sees.case(named).map(|case| case.id).filter(|id| *id != answer.case);
            return same("named", &got, &named.into_iter().collect());
        }
        within("candidates", &got, &sees.cases().map(|case| case.id).collect())?;
        for candidate in &answer.candidates {
            let case = &sees.state.cases[&candidate.row.id];
            same("asks", &candidate.facts.asks, &case.asks)?;
        }
        let asked_by = sees.state.cases[&answer.case].initiator();
        let Some(person) = asked_by.and_then(|person| sees.person(person)) else { return Ok(()) };
        let numbers = sees.state.numbers(person.id);
        let theirs = sees.cases().filter(|case| {
            let is_theirs = case.people().iter().any(|it| numbers.contains(it));
            is_theirs && case.is_open() && case.id != answer.case
        });
        let theirs: BTreeSet<CaseId> = theirs.map(|case| case.id).collect();
        same("those of the same person", &theirs.difference(&got).collect(), &Vec::new())
    }

    pub(crate) fn fairness(&self, unit: Option<UnitId>, answer: &FairnessAnswer) -> Checked {
        let (sees, state) = (self.sees, self.sees.state);
        let is_of = |case: &&Case| {
            unit.is_none_or(|unit| state.is_below(case.unit, unit)) && sees.record(case)
        };
        let cases = || state.cases.values().filter(is_of);
        let is_sent = |case: &&Case| {
            let mut sent = case.messages.iter().map(|id| &state.messages[id].state);
            sent.any(|state| !matches!(state, MessageState::Recalled(_)))
        };
        let answered = cases().filter(is_sent).count() as u64;
        same("answered", &answer.to_answer.cases, &answered)?;
        let (claimed, most) = (answer.to_claim.cases, cases().count() as u64);
        same(&format!("claimed {claimed}"), &(claimed <= most), &true)?;
        let differing = answer.differing.len() as u64 + answer.differing_more;
        same("differing", &differing, &0)
    }
}
