//! What one caseworker may see and do: asked here alone, by whoever reads and whoever acts.

use crate::domain::PersonId;
use crate::domain::cases::Case;
use crate::domain::office::{Action, Caseworker, Confidentiality, Decision, Resource};
use crate::domain::people::Person;
use crate::domain::time::{Day, Instant};

use super::class::Class;
use super::directory::Directory;

/// What one caseworker may see and do on one day.
#[derive(Clone, Copy)]
pub(super) struct Sight<'d> {
    directory: &'d Directory,
    actor: &'d Caseworker,
    today: Day,
    at: Instant,
}

impl<'d> Sight<'d> {
    pub(super) fn new(
        directory: &'d Directory,
        actor: &'d Caseworker,
        today: Day,
        at: Instant,
    ) -> Self {
        Self { directory, actor, today, at }
    }

    /// Whether a right reaches so far.
    pub(super) fn may(self, action: Action, resource: &Resource<'_>) -> bool {
        let answer = self.directory.permit(self.actor, action, resource, self.today);
        !matches!(answer, Decision::Deny(_))
    }

    /// Whether a case may be known to be there: any unit can open any case that is permitted (R15), but nobody one about
    /// themselves, their family or a colleague. An emergency access opens what it names.
    pub(super) fn case(self, case: &Case) -> bool {
        self.case_where(case, || self.permits_case(case))
    }

    /// The same where [`Self::permits_case`] may have been asked already.
    pub(super) fn case_where(self, case: &Case, permits: impl FnOnce() -> bool) -> bool {
        let is_open = !self.directory.conflicts.closes_case(self.actor.id, case);
        is_open && permits()
            || self.directory.access_to_case(self.actor.id, case, self.at).is_some()
    }

    /// Whether cases of a class may be known to be there, but for those of [`Self::conflicts`].
    pub(super) fn class(self, class: &Class) -> bool {
        self.may(Action::ReadCase, &class.resource())
    }

    /// The same of the class that these bytes name, as the row of an index or a counter has them. What names no class hides
    /// what it stands by.
    pub(super) fn class_named(self, bytes: &[u8]) -> bool {
        Class::read(bytes).is_some_and(|class| self.class(&class))
    }

    /// Whether a person may be known to be there.
    pub(super) fn person(self, person: &Person) -> bool {
        self.person_where(person, || self.level(person.confidentiality))
    }

    /// The same where [`Self::level`] may have been asked already.
    pub(super) fn person_where(self, person: &Person, permits: impl FnOnce() -> bool) -> bool {
        !self.is_closed(person.id) && permits()
            || self.directory.access_to_person(self.actor.id, person.id, self.at).is_some()
    }

    /// Whether people of this confidentiality may be known to be there, if their files are not closed to the actor.
    pub(super) fn level(self, confidentiality: Confidentiality) -> bool {
        self.may(Action::ReadPerson, &Resource::of_level(confidentiality))
    }

    /// Whether the actor's rights include a case, be it about whomever.
    pub(super) fn permits_case(self, case: &Case) -> bool {
        self.may(Action::ReadCase, &Resource::of_case_anywhere(case))
    }

    /// The people whose files are closed to the actor, by every number of theirs, in order: themselves, their family and
    /// colleagues. Whoever counts leaves their cases out ([`Self::case`] says no to each).
    pub(super) fn conflicts(self) -> &'d [PersonId] {
        self.directory.conflicts.of(self.actor.id)
    }

    /// Whether an emergency access of theirs runs, so that what they see depends on the time.
    pub(super) fn has_access(self) -> bool {
        self.directory.open_accesses(self.actor.id, self.at).next().is_some()
    }

    /// Whether a person's file is closed to the actor, whatever their rights are.
    pub(super) fn is_closed(self, person: PersonId) -> bool {
        self.directory.conflicts.closes(self.actor.id, person)
    }
}
