//! What somebody or a group may do, and why.

use crate::desk::answer::{GrantsAnswer, PurposesAnswer, RightLine, RightSource};
use crate::desk::command::Holder;
use crate::desk::error::DeskError;
use crate::domain::office::{Action, Held, Resource, Source};
use crate::domain::{CaseworkerId, UnitId};

use super::Reader;

impl Reader<'_> {
    pub(super) fn purposes(&self) -> PurposesAnswer {
        let purposes = self.directory.purposes.all().into_iter().cloned().collect();
        PurposesAnswer { purposes, today: self.today }
    }

    pub(super) fn grants(&self, whose: Option<&Holder>) -> Result<GrantsAnswer, DeskError> {
        let own = Holder::Caseworker(self.actor.id);
        match whose.filter(|whose| **whose != own) {
            None => self.grants_of(self.actor.id),
            Some(Holder::Caseworker(id)) => {
                self.authorise(Action::RunOffice, &Resource::office())?;
                self.grants_of(*id)
            }
            Some(Holder::Group(name)) => {
                self.authorise(Action::RunOffice, &Resource::office())?;
                self.grants_of_group(name)
            }
        }
    }

    fn grants_of(&self, id: CaseworkerId) -> Result<GrantsAnswer, DeskError> {
        let held = self.directory.actor(id)?;
        let rights = self.directory.rights.get(&id);
        let lines = self.directory.standing(held).held();
        Ok(GrantsAnswer {
            whose: Holder::Caseworker(id),
            name: held.name.clone(),
            unit: self.unit_name(Some(held.unit)),
            groups: rights.map(|rights| rights.groups.clone()).unwrap_or_default(),
            rights: lines.map(|(source, held)| self.right_line(source, &held)).collect(),
            signing_limit: rights.and_then(|rights| rights.signing_limit.clone()),
        })
    }

    fn grants_of_group(&self, name: &str) -> Result<GrantsAnswer, DeskError> {
        let group = self.directory.groups.get(name);
        let group = group.ok_or_else(|| DeskError::NotFound(format!("group {name}")))?;
        let lines = group.grants.iter().map(|grant| (Source::Own, Held::from(grant)));
        Ok(GrantsAnswer {
            whose: Holder::Group(name.to_owned()),
            name: format!("group {name}"),
            unit: self.unit_name(group.unit),
            groups: Vec::new(),
            rights: lines.map(|(source, held)| self.right_line(source, &held)).collect(),
            signing_limit: None,
        })
    }

    fn right_line(&self, source: Source<'_>, held: &Held<'_>) -> RightLine {
        RightLine {
            source: match source {
                Source::Record => RightSource::Record,
                Source::Own => RightSource::Own,
                Source::Group(name) => RightSource::Group(name.to_owned()),
            },
            right: (*held).into(),
            unit: self.unit_name(held.unit),
            is_in_force: held.is_in_force(self.today),
        }
    }

    fn unit_name(&self, unit: Option<UnitId>) -> Option<String> {
        self.directory.units.get(&unit?).map(|unit| unit.name.clone())
    }
}
