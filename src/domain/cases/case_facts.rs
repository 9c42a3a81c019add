//! The view of a case that tables and guards take, made of the case, its plan and its type. Nobody is in it.

use crate::domain::ids::SubjectCode;
use crate::domain::rules::{CaseFacts, CaseType, FieldKind, FieldRule};
use crate::domain::time::Zone;

use super::case::Case;
use super::plan::CasePlan;

/// Subjects above one another that are looked at: the tree is not deeper.
const SUBJECTS_ABOVE_MAX: usize = 16;

/// The view of a case. `above` tells which subject stands above another one.
///
/// Fields that say who somebody is, and those that hold free words, are left out: a citizen's words could say anything.
#[must_use]
pub fn case_facts(
    case: &Case,
    plan: &CasePlan,
    case_type: &CaseType,
    unit: &str,
    above: impl Fn(&SubjectCode) -> Option<SubjectCode>,
    zone: &Zone,
) -> CaseFacts {
    let chain = |subject: &SubjectCode| subject_chain(subject, &above);
    let is_fact = |code: &str| facts_of(case_type).any(|field| field.code == code);
    let fields = plan.fields.iter().filter(|held| is_fact(&held.code));
    CaseFacts {
        nature: case.nature,
        subjects: case.subjects.iter().chain(&plan.terms).map(chain).collect(),
        case_type: case.case_type.code.clone(),
        channel: case.channel,
        unit: unit.to_owned(),
        area: case.place.area.clone(),
        received: zone.day(case.received_at),
        confidentiality: case.confidentiality,
        fields: fields.map(|held| (held.code.clone(), held.value.clone())).collect(),
    }
}

/// A subject and all that stand above it, nearest first. `above` tells which subject stands above another one.
#[must_use]
pub fn subject_chain(
    subject: &SubjectCode,
    above: impl Fn(&SubjectCode) -> Option<SubjectCode>,
) -> Vec<SubjectCode> {
    let all = std::iter::successors(Some(subject.clone()), above);
    all.take(SUBJECTS_ABOVE_MAX).collect()
}

/// The fields of a type that tables may ask: those that say nothing of who somebody is, and hold no free words, which may.
pub fn facts_of(case_type: &CaseType) -> impl Iterator<Item = &FieldRule> {
    case_type.fields.iter().filter(|field| !field.is_personal && is_of_no_person(&field.kind))
}

fn is_of_no_person(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Number { .. }
        | FieldKind::Money { .. }
        | FieldKind::Date
        | FieldKind::YesNo
        | FieldKind::Choice(_) => true,
        FieldKind::Text | FieldKind::Identity(_) | FieldKind::Telephone | FieldKind::Email => false,
    }
}
