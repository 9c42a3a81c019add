//! What forms offer: subjects, and people to give a case to or to ask.

use std::collections::BTreeMap;

use crate::desk::answer::{
    EscalationTarget, EscalationTargetsAnswer, GiveTargetsAnswer, OtherTarget, SubjectsAnswer,
};
use crate::desk::error::DeskError;
use crate::desk::keys::{self, Counter, tag};
use crate::domain::cases::{
    Case, EscalateTo, EscalationLevel, EscalationReason, GiveTo, answer_due,
};
use crate::domain::knowledge::Subject;
use crate::domain::office::{Action, CaseworkerState, Resource, Role};
use crate::domain::{CaseId, SubjectCode};
use crate::search::normalise;

use super::Reader;

/// Targets that one answer offers.
const TARGETS_MAX: usize = 12;
/// Units and roles that an escalation is offered.
const OTHERS_MAX: usize = 200;
/// Roles that may be asked about a case.
const ESCALATION_ROLES: [Role; 4] =
    [Role::Screener, Role::Reviewer, Role::Caseworker, Role::Manager];
/// The newest cases that the actor may see whose subjects are taken for what comes in these days.
const LATELY_CASES: usize = 150;
/// Cases that are looked at for them. Where more than all but these are hidden, fewer are taken.
const LATELY_LOOKED_AT_MAX: u64 = 1_500;
/// What a case of the actor's own unit weighs beside one of another.
const OWN_USE: i64 = 20;
/// The most that a subject's uses weigh: less than the step between two ways of fitting what was typed.
const USES_MAX: i64 = 400;
/// Subjects that one answer offers.
const SUBJECTS_MAX: usize = 50;

impl Reader<'_> {
    pub(super) fn subjects(&self, text: &str, limit: u32) -> Result<SubjectsAnswer, DeskError> {
        let lately = self.used_lately()?;
        let limit = usize::try_from(limit).unwrap_or(SUBJECTS_MAX).min(SUBJECTS_MAX);
        let typed = normalise(text);
        let current = self.directory.subjects.values().filter(|subject| !subject.is_retired);
        let mut scored: Vec<(i64, &Subject)> = current
            .filter_map(|subject| {
                let used = lately.get(&subject.code).copied().unwrap_or_default();
                subject_score(subject, &typed).map(|score| (score + used, subject))
            })
            .collect();
        scored.sort_by_key(|(score, subject)| (std::cmp::Reverse(*score), subject.code.clone()));
        let subjects = scored.into_iter().take(limit).map(|(_, subject)| subject.clone());
        Ok(SubjectsAnswer { subjects: subjects.collect() })
    }

    /// How much the subjects of the newest cases weigh in the order of a list, so that what this unit takes in these days
    /// stands first among subjects that fit what was typed as well. It never outweighs a better fit.
    fn used_lately(&self) -> Result<BTreeMap<SubjectCode, i64>, DeskError> {
        let newest = self.count(Counter::Number(tag::CASE))?;
        let mut counted: BTreeMap<SubjectCode, i64> = BTreeMap::new();
        let mut lately = 0;
        for number in (newest.saturating_sub(LATELY_LOOKED_AT_MAX) + 1..=newest).rev() {
            let case = match self.case(CaseId(number)) {
                Ok(case) if self.may_see(&case) => case,
                Ok(_) | Err(DeskError::NotFound(_)) => continue,
                Err(error) => return Err(error),
            };
            lately += 1;
            if lately > LATELY_CASES {
                break;
            }
            let Some(subject) = case.subjects.first() else { continue };
            let weight = if case.unit == self.actor.unit { OWN_USE } else { 1 };
            let used = counted.entry(subject.clone()).or_default();
            *used = (*used + weight).min(USES_MAX);
        }
        Ok(counted)
    }

    pub(super) fn give_targets(&self, text: &str) -> Result<GiveTargetsAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let typed = normalise(text);
        let mut targets: Vec<(i64, GiveTo, String, String)> = Vec::new();
        for caseworker in self.directory.caseworkers.values() {
            let standing = self.directory.standing(caseworker);
            let works = [Role::Caseworker, Role::Manager]
                .into_iter()
                .any(|role| standing.has_role(role, None, self.today));
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
                    format!("{unit}, has {}", self.seen_count(keys::owner_counters(caseworker.id))?)
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
        let levels = [
            EscalationLevel::Colleague,
            EscalationLevel::Supervisor,
            EscalationLevel::Head,
            EscalationLevel::Substitute,
        ];
        for level in levels {
            let to = EscalateTo::Level(level);
            let receiver = self.directory.asked_about(&case, to, self.actor.id, self.today);
            let receiver = receiver.map(|receiver| (receiver, self.directory.short_name(receiver)));
            targets.push(EscalationTarget {
                level,
                note: self.absence_note(&case, level, receiver.as_ref()),
                receiver,
            });
        }
        let calendar = &self.directory.calendar_of(case.unit)?;
        Ok(EscalationTargetsAnswer {
            targets,
            due_at: answer_due(calendar, self.at, EscalationReason::Other),
            urgent_due_at: answer_due(calendar, self.at, EscalationReason::Deadline),
            others: self.other_targets(&case),
        })
    }

    /// Units and roles in which somebody else is here to be asked.
    fn other_targets(&self, case: &Case) -> Vec<OtherTarget> {
        let units = self.directory.units.values().filter(|unit| unit.id != case.unit);
        let units = units.map(|unit| (EscalateTo::Unit(unit.id), unit.name.clone()));
        let roles = Role::ALL.into_iter().filter(|role| ESCALATION_ROLES.contains(role));
        let roles = roles.map(|role| (EscalateTo::Role(role), role.label().to_owned()));
        let offered = units.chain(roles).filter_map(|(to, name)| {
            let asked = self.directory.asked_about(case, to, self.actor.id, self.today)?;
            Some(OtherTarget { to, name, receiver: self.directory.short_name(asked) })
        });
        let mut offered: Vec<OtherTarget> = offered.collect();
        offered.sort_by(|one, other| one.name.cmp(&other.name));
        offered.truncate(OTHERS_MAX);
        offered
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
