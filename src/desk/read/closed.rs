//! Files that are closed to whoever asks, told from those that are not there.

use crate::desk::answer::FindHit;
use crate::desk::error::DeskError;
use crate::domain::{CaseId, EntityId, PersonId};

use super::Reader;

impl Reader<'_> {
    /// Tells a closed file from one that is not there: whoever asks for it by its number hears which it is, where their
    /// rights would include it otherwise.
    pub(in crate::desk) fn told_from_missing(&self, error: DeskError) -> DeskError {
        let DeskError::NotFound(name) = &error else { return error };
        let closed = if let Ok(id) = name.parse::<PersonId>() {
            self.is_closed_person(id).then_some(EntityId::Person(id))
        } else if let Ok(id) = name.parse::<CaseId>() {
            self.is_closed_case(id).then_some(EntityId::Case(id))
        } else {
            None
        };
        closed.map_or(error, DeskError::Closed)
    }

    fn is_closed_person(&self, id: PersonId) -> bool {
        let sight = self.sight();
        sight.is_closed(id)
            && self.person(id).is_ok_and(|person| sight.level(person.confidentiality))
    }

    fn is_closed_case(&self, id: CaseId) -> bool {
        let sight = self.sight();
        !sight.conflicts().is_empty()
            && self.case(id).is_ok_and(|case| sight.permits_case(&case) && !sight.case(&case))
    }

    /// What the exact number of a closed file finds: that it is closed, and nothing of what is in it.
    pub(super) fn closed_hit(&self, id: PersonId) -> Option<FindHit> {
        self.is_closed_person(id).then(|| FindHit {
            person: Some(id),
            name: "closed to you".to_owned(),
            marked: Vec::new(),
            born: String::new(),
            area: String::new(),
            open_cases: 0,
            due_at: None,
            why: "number".to_owned(),
            evidence: format!("{id} = its number"),
            household: String::new(),
            last_contact: None,
            case: None,
            also: None,
            is_closed: true,
        })
    }
}
