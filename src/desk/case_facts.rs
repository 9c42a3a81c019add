//! What tables and guards are told of a case, and what the office has that they can name.

use crate::domain::SubjectCode;
use crate::domain::cases::{self, Case, CasePlan, facts_of};
use crate::domain::rules::{CaseFacts, Known, KnownType};
use crate::domain::time::{Day, Zone};

use super::directory::Directory;

/// The view of a case that tables take: no person, nobody's words, and no field that says who somebody is.
pub(super) fn case_facts(
    directory: &Directory,
    zone: &Zone,
    case: &Case,
    plan: &CasePlan,
) -> CaseFacts {
    let case_type = directory.rules.case_type(&case.case_type, case.nature);
    let unit = directory.units.get(&case.unit).map_or("", |unit| unit.code.as_str());
    cases::case_facts(case, plan, &case_type, unit, |code| above(directory, code), zone)
}

/// A subject and all that stand above it, nearest first.
pub(super) fn chain(directory: &Directory, subject: &SubjectCode) -> Vec<SubjectCode> {
    cases::subject_chain(subject, |code| above(directory, code))
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

fn above(directory: &Directory, code: &SubjectCode) -> Option<SubjectCode> {
    directory.subjects.get(code)?.parent.clone()
}
