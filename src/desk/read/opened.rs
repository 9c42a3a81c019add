//! Which file it is that a session opens.

use crate::desk::error::DeskError;
use crate::desk::opened::OpenFile;
use crate::domain::EntityId;

use super::Reader;

impl Reader<'_> {
    /// A case or person as it stands open: by the record that stands for it now, and under the emergency access that opens
    /// it, if one does.
    #[expect(clippy::wildcard_enum_match_arm, reason = "files are of cases and people")]
    pub(in crate::desk) fn open_file(&self, id: &EntityId) -> Result<OpenFile, DeskError> {
        let has_access = self.sight().has_access();
        let (by, at) = (self.actor.id, self.at);
        Ok(match id {
            EntityId::Case(case) => {
                let case = self.visible_case(*case)?;
                let access = || self.directory.access_to_case(by, &case, at);
                (EntityId::Case(case.id), if has_access { access() } else { None })
            }
            EntityId::Person(person) => {
                let found = self.visible_person(*person)?.map_or(*person, |person| person.id);
                let access = || self.directory.access_to_person(by, found, at);
                (EntityId::Person(found), if has_access { access() } else { None })
            }
            other => (other.clone(), None),
        })
    }
}
