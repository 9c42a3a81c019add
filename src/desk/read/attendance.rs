//! Who has a case or person open, and who composes on it.

use crate::codec::decode_record;
use crate::desk::attendance::{AttendanceAnswer, Lease, LeaseLine};
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::work::broken;
use crate::domain::EntityId;
use crate::store::Direction;

use super::Reader;

/// Leases of one case or person that are looked at: there are not so many forms.
const LEASES_MAX: usize = 32;

impl Reader<'_> {
    /// A case or person that may be known of; of a number that was merged, the one that goes on.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only cases and people are opened")]
    pub(in crate::desk) fn attendable(&self, about: &EntityId) -> Result<EntityId, DeskError> {
        let missing = || DeskError::NotFound(about.to_string());
        match about {
            EntityId::Case(case) => Ok(EntityId::Case(self.visible_case(*case)?.id)),
            EntityId::Person(person) => {
                let person = self.visible_person(*person)?.ok_or_else(missing)?;
                Ok(EntityId::Person(person.id))
            }
            _ => Err(missing()),
        }
    }

    pub(super) fn attendance(&self, about: &EntityId) -> Result<AttendanceAnswer, DeskError> {
        let about = self.attendable(about)?;
        let page = self.scan(&keys::leases_of(&about).range(), LEASES_MAX, Direction::Forward)?;
        let mut leases = Vec::new();
        for (_, found) in page.rows {
            let lease: Lease = decode_record(&found.value).map_err(broken)?;
            if lease.until > self.at {
                leases.push(LeaseLine {
                    form: lease.form,
                    caseworker: lease.caseworker,
                    name: self.directory.short_name(lease.caseworker),
                    session: lease.session,
                    since: lease.since,
                    until: lease.until,
                });
            }
        }
        Ok(AttendanceAnswer { open: self.desk.who_has_open(&about), about, leases })
    }
}
