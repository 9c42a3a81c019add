//! What forms offer: subjects, cases that may be the same, and people to give a case to or to ask.

use crate::desk::answer::{
    EscalationTarget, EscalationTargetsAnswer, GiveTargetsAnswer, SimilarAnswer, SimilarCase,
    SubjectsAnswer,
};
use crate::desk::error::DeskError;
use crate::desk::keys::{self, Counter};
use crate::desk::query::AskSimilar;
use crate::domain::CaseId;
use crate::domain::cases::{Case, EscalationLevel, GiveTo, clocks_for};
use crate::domain::knowledge::Subject;
use crate::domain::office::{Action, CaseworkerState, Resource, Role};
use crate::domain::time::ClockKind;
use crate::search::normalise;
use crate::store::Direction;

use super::Reader;

/// Cases that the SAME? line shows: one a digit.
const SIMILAR_MAX: usize = 9;
/// Closed cases of a person that are offered beside the open ones.
const CLOSED_MAX: usize = 3;
/// Cases that are looked at for one answer.
const LOOKED_AT_MAX: usize = 60;
/// Targets that one answer offers.
const TARGETS_MAX: usize = 12;
/// Subjects that one answer offers.
const SUBJECTS_MAX: usize = 50;

impl Reader<'_> {
    pub(super) fn subjects(&self, text: &str, limit: u32) -> SubjectsAnswer {
        let limit = usize::try_from(limit).unwrap_or(SUBJECTS_MAX).min(SUBJECTS_MAX);
        let typed = normalise(text);
        let current = self.directory.subjects.values().filter(|subject| !subject.is_retired);
        let mut scored: Vec<(i64, &Subject)> = current
            .filter_map(|subject| subject_score(subject, &typed).map(|score| (score, subject)))
            .collect();
        scored.sort_by_key(|(score, subject)| (std::cmp::Reverse(*score), subject.code.clone()));
        SubjectsAnswer {
            subjects: scored.into_iter().take(limit).map(|(_, subject)| subject.clone()).collect(),
        }
    }

    pub(super) fn similar(&self, question: &AskSimilar) -> Result<SimilarAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let mut found: Vec<(i32, Case, String)> = Vec::new();
        if let Some(person) = question.person {
            let (cases, _, _) = self.cases_of(person, LOOKED_AT_MAX)?;
            let mut closed = 0;
            for case in cases {
                let is_same_subject = question.subject.is_some()
                    && case.subjects.first() == question.subject.as_ref();
                closed += usize::from(!case.is_open());
                if !case.is_open()
                    && (closed > CLOSED_MAX || (question.subject.is_some() && !is_same_subject))
                {
                    continue;
                }
                let score = 10 + 8 * i32::from(is_same_subject) + 4 * i32::from(case.is_open());
                let why = if is_same_subject { "same person, same subject" } else { "same person" };
                found.push((score, case, why.to_owned()));
            }
        }
        if let Some(subject) = &question.subject {
            let page =
                self.scan(&keys::of_subject(subject).range(), LOOKED_AT_MAX, Direction::Backward)?;
            for (key, _) in page.rows {
                let id = CaseId(keys::last_number(&key));
                if found.iter().any(|(_, case, _)| case.id == id) {
                    continue;
                }
                let Ok(case) = self.visible_case(id) else { continue };
                if !question.area.is_empty() && case.place.area == question.area {
                    let why = format!("same subject, {}", case.place.area);
                    found.push((5, case, why));
                }
            }
        }
        found.sort_by_key(|(score, case, _)| {
            (std::cmp::Reverse(*score), std::cmp::Reverse(case.id))
        });
        let mut cases = Vec::new();
        for (_, case, why) in found.into_iter().take(SIMILAR_MAX) {
            let ended = case.outcome.as_ref().map(|outcome| outcome.code.label().to_owned());
            cases.push(SimilarCase { row: self.row(&case)?, why, ended });
        }
        let calendar = &self.directory.office()?.calendar;
        let clocks = question
            .nature
            .map(|nature| clocks_for(nature, self.today, calendar))
            .unwrap_or_default();
        let answer = clocks.iter().find(|clock| clock.kind == ClockKind::Answer);
        Ok(SimilarAnswer {
            cases,
            answer_by: answer.map(|clock| clock.due_at),
            answer_source: answer.map(crate::domain::time::Clock::explain).unwrap_or_default(),
        })
    }

    pub(super) fn give_targets(&self, text: &str) -> Result<GiveTargetsAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let typed = normalise(text);
        let mut targets: Vec<(i64, GiveTo, String, String)> = Vec::new();
        for caseworker in self.directory.caseworkers.values() {
            let works = caseworker
                .grants
                .iter()
                .any(|grant| matches!(grant.role, Role::Caseworker | Role::Manager));
            if caseworker.id == self.actor.id || !works || caseworker.state == CaseworkerState::Left
            {
                continue;
            }
            let Some(score) = letters_score(&typed, &[&caseworker.name, &caseworker.account])
            else {
                continue;
            };
            let unit = self
                .directory
                .units
                .get(&caseworker.unit)
                .map(|unit| unit.name.clone())
                .unwrap_or_default();
            let note = match caseworker.state {
                CaseworkerState::Absent { until, .. } if until >= self.today => {
                    format!("{unit}, away until {until}")
                }
                CaseworkerState::Absent { .. }
                | CaseworkerState::Active
                | CaseworkerState::Left => {
                    format!("{unit}, has {}", self.count(Counter::Owner(caseworker.id))?)
                }
            };
            let near = i64::from(caseworker.unit == self.actor.unit);
            targets.push((
                score * 2 + near,
                GiveTo::Caseworker(caseworker.id),
                caseworker.name.clone(),
                note,
            ));
        }
        for unit in self.directory.units.values() {
            let Some(score) = letters_score(&typed, &[&unit.name, &unit.code]) else { continue };
            targets.push((score * 2, GiveTo::Unit(unit.id), unit.name.clone(), "unit".to_owned()));
        }
        targets.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.2.cmp(&other.2)));
        let targets = targets.into_iter().take(TARGETS_MAX);
        Ok(GiveTargetsAnswer {
            targets: targets.map(|(_, to, name, note)| (to, name, note)).collect(),
        })
    }

    pub(super) fn escalation_targets(
        &self,
        id: CaseId,
    ) -> Result<EscalationTargetsAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(id)?;
        let mut targets = Vec::new();
        for level in EscalationLevel::ALL.iter().copied() {
            let receiver = self.directory.receiver(case.unit, level, self.actor.id, self.today);
            let receiver = receiver.map(|receiver| (receiver, self.directory.short_name(receiver)));
            targets.push(EscalationTarget {
                level,
                note: self.absence_note(&case, level, receiver.as_ref()),
                receiver,
            });
        }
        let calendar = &self.directory.office()?.calendar;
        Ok(EscalationTargetsAnswer {
            targets,
            due_at: calendar.close_of(calendar.working_days_after(self.today, 1)),
        })
    }

    /// Why it is not whoever one would expect: `Berg out, so M. Kaya`.
    fn absence_note(
        &self,
        case: &Case,
        level: EscalationLevel,
        receiver: Option<&(crate::domain::CaseworkerId, String)>,
    ) -> String {
        let Some((receiver, name)) = receiver else { return "nobody".to_owned() };
        if level == EscalationLevel::Supervisor
            && let Some(manager) =
                self.directory.units.get(&case.unit).and_then(|unit| unit.manager)
            && manager != *receiver
        {
            let manager_name = self.directory.short_name(manager);
            if !self.directory.is_here(manager, self.today) {
                return format!("{manager_name} out, so {name}");
            }
        }
        String::new()
    }
}

/// How well a subject fits what was typed: its code, the words of its label and synonyms, their beginnings first.
fn subject_score(subject: &Subject, typed: &str) -> Option<i64> {
    let mut texts: Vec<&str> = vec![&subject.code.0, &subject.label];
    texts.extend(subject.synonyms.iter().map(String::as_str));
    letters_score(typed, &texts)
}

/// How well what was typed fits the best of some texts; nothing where it fits none. A word that begins with it is best.
fn letters_score(typed: &str, texts: &[&str]) -> Option<i64> {
    if typed.is_empty() {
        return Some(0);
    }
    let mut best = None;
    for (place, text) in texts.iter().enumerate() {
        let folded = normalise(text);
        let begins = folded.starts_with(typed);
        let word_begins = folded.split(' ').any(|word| word.starts_with(typed));
        let fuzzy = crate::search::fuzzy_score(&folded, typed);
        let score = match (begins, word_begins, fuzzy) {
            (true, _, _) => Some(2_000),
            (false, true, _) => Some(1_500),
            (false, false, Some(fuzzy)) => Some(fuzzy.min(1_000)),
            (false, false, None) => None,
        };
        let score = score.map(|score| score - i64::try_from(place).unwrap_or(0));
        best = best.max(score);
    }
    best
}
