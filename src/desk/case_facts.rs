//! What tables and guards are told of a case, and what the office has that they can name.

use std::collections::BTreeMap;

use crate::domain::SubjectCode;
use crate::domain::cases::{Case, CasePlan};
use crate::domain::rules::{CaseFacts, CaseType, FieldKind, FieldRule, Known, KnownType};
use crate::domain::time::{Day, Zone};

use super::directory::Directory;

/// Subjects from one of the tree to its top; more is a tree that bites its tail.
const SUBJECTS_DEEP_MAX: usize = 16;

/// The view of a case that tables take: no person, nobody's words, and no field that says who somebody is.
pub(super) fn case_facts(
    directory: &Directory,
    zone: &Zone,
    case: &Case,
    plan: &CasePlan,
) -> CaseFacts {
    let case_type = directory.rules.case_type(&case.case_type, case.nature);
    let mut subjects: Vec<&SubjectCode> = case.subjects.iter().collect();
    for term in &plan.terms {
        if !subjects.contains(&term) {
            subjects.push(term);
        }
    }
    let is_fact = |code: &str| facts_of(&case_type).any(|field| field.code == code);
    let fields: BTreeMap<_, _> = plan
        .fields
        .iter()
        .filter(|held| is_fact(&held.code))
        .map(|held| (held.code.clone(), held.value.clone()))
        .collect();
    CaseFacts {
        nature: case.nature,
        subjects: subjects.into_iter().map(|subject| chain(directory, subject)).collect(),
        case_type: case.case_type.code.clone(),
        channel: case.channel,
        unit: directory.units.get(&case.unit).map(|unit| unit.code.clone()).unwrap_or_default(),
        area: case.place.area.clone(),
        received: zone.day(case.received_at),
        confidentiality: case.confidentiality,
        fields,
    }
}

/// A subject and all that stand above it, nearest first.
pub(super) fn chain(directory: &Directory, subject: &SubjectCode) -> Vec<SubjectCode> {
    let above = |code: &SubjectCode| directory.subjects.get(code)?.parent.clone();
    std::iter::successors(Some(subject.clone()), above).take(SUBJECTS_DEEP_MAX).collect()
}

/// What the office has on a day that a table can name.
pub(super) fn known(directory: &Directory, today: Day) -> Known {
    let types = directory.rules.types_on(today).map(|case_type| KnownType {
        code: case_type.id.code.clone(),
        fields: facts_of(case_type).map(|field| (field.code.clone(), field.kind.clone())).collect(),
    });
    let queues = directory.queues.values().filter_map(|queue| {
        let unit = directory.units.get(&queue.unit)?;
        Some((queue.code.clone(), unit.code.clone(), queue.kind))
    });
    Known {
        subjects: directory.subjects.keys().map(|code| chain(directory, code)).collect(),
        units: directory.units.values().map(|unit| unit.code.clone()).collect(),
        queues: queues.collect(),
        types: types.collect(),
    }
}

/// The fields of a type that tables may ask: those that say nothing of who somebody is, and hold no free words, which may.
fn facts_of(case_type: &CaseType) -> impl Iterator<Item = &FieldRule> {
    case_type.fields.iter().filter(|field| {
        let is_bare = match field.kind {
            FieldKind::Number { .. }
            | FieldKind::Money { .. }
            | FieldKind::Date
            | FieldKind::YesNo
            | FieldKind::Choice(_) => true,
            FieldKind::Text | FieldKind::Identity(_) | FieldKind::Telephone | FieldKind::Email => {
                false
            }
        };
        is_bare && !field.is_personal
    })
}
