//! For what a file is opened where nobody named a purpose and no contact runs: one's own case, or what was said today.

use crate::codec::decode_record;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::records::TimelinePage;
use crate::desk::work::{Why, broken};
use crate::domain::cases::Case;
use crate::domain::event::EventRecord;
use crate::domain::office::{Action, Purpose, Resource};
use crate::domain::{CaseId, EntityId, Event, PersonId, Refusal};
use crate::store::Direction;

use super::Run;

/// The code of a refusal to open a file for which nobody named a purpose, where neither a contact nor an own case tells one.
/// Whoever has a purpose names it, once a day and person.
pub const PURPOSE_NEEDED: &str = "purpose.needed";
/// Cases of a person, open ones first, among which an own one is looked for.
const CASES_LOOKED_AT_MAX: usize = 40;
/// Pages of readings in which today's purpose is looked for, as far as they are of today: the newest ones, of some two hundred.
const READING_PAGES_MAX: usize = 6;
/// The same of other events, whose pages are larger.
const EVENT_PAGES_MAX: usize = 2;

impl Run<'_> {
    /// As [`Self::check_purpose`]; that nobody was asked for one is fine.
    pub(super) fn check_purpose_or_unasked(&self, purpose: &Purpose) -> Result<(), DeskError> {
        if purpose.is_unasked() { Ok(()) } else { self.check_purpose(purpose) }
    }

    /// Refuses a purpose that is not in force in the office's register.
    pub(super) fn check_purpose(&self, purpose: &Purpose) -> Result<(), DeskError> {
        let register = &self.work.directory.purposes;
        if register.has(purpose, self.today) {
            return Ok(());
        }
        let what = match register.get(&purpose.0).and_then(|held| held.retired_from) {
            Some(from) => format!("Nothing is read for `{}` since {from}.", purpose.0),
            None => format!("There is no purpose `{}`.", purpose.0),
        };
        let advice = format!("Name one of: {}.", register.codes(self.today));
        Err(Refusal::new("purpose.unknown", what, advice).into())
    }

    /// Why a person's file is opened for which nobody named a purpose: for an own claimed case of theirs, or for what the
    /// actor said today.
    ///
    /// # Errors
    /// There is neither, and the desk asks for purposes.
    pub(super) fn why_file_unasked(&mut self, person: PersonId) -> Result<Why, DeskError> {
        if let Some(case) = self.own_case_of(person)? {
            return Ok(for_case(case));
        }
        let id = EntityId::Person(person);
        match self.said_today(&id)? {
            Some(purpose) => Ok(Why::purpose(&purpose)),
            None => self.why_unknown(&id),
        }
    }

    /// As [`Self::why_file_unasked`], of a case.
    pub(super) fn why_case_unasked(&mut self, case: &Case) -> Result<Why, DeskError> {
        if case.owner == Some(self.doer.actor) {
            return Ok(Why::purpose(&Purpose::unasked().or_casework()));
        }
        let id = EntityId::Case(case.id);
        for asked in
            std::iter::once(id.clone()).chain(case.people().into_iter().map(EntityId::Person))
        {
            if let Some(purpose) = self.said_today(&asked)? {
                return Ok(Why::purpose(&purpose));
            }
        }
        self.why_unknown(&id)
    }

    /// Refuses to open or show something for what the actor's rights to it are not for. An emergency is for nothing else.
    ///
    /// # Errors
    /// The rights that reach it name other purposes; where nobody was asked for one, it is to be asked for.
    pub(super) fn check_is_for(
        &self,
        action: Action,
        (id, resource): (&EntityId, &Resource<'_>),
        why: &Why,
        asked: &Purpose,
    ) -> Result<(), DeskError> {
        let Some(purpose) = why.purpose.as_ref().filter(|it| **it != Purpose::emergency()) else {
            return Ok(());
        };
        let actor = self.actor()?;
        if self.sight_of(&actor).may(action, &resource.for_purpose(purpose)) {
            return Ok(());
        }
        let granted = self.work.directory.standing(&actor).purposes(action, resource, self.today);
        let granted = granted.unwrap_or_default();
        let granted: Vec<&str> = granted.iter().map(|purpose| purpose.0.as_str()).collect();
        let code = if asked.is_unasked() { PURPOSE_NEEDED } else { "permit.other-purpose" };
        Err(Refusal::new(
            code,
            format!("Your right to {id} is not for {}.", purpose.0),
            format!("It is for: {}. Name that where it is so.", granted.join(", ")),
        )
        .into())
    }

    fn why_unknown(&self, id: &EntityId) -> Result<Why, DeskError> {
        if !self.work.asks_purposes {
            return Ok(Why::purpose(&Purpose::unasked().or_casework()));
        }
        let known = self.work.directory.purposes.codes(self.today);
        Err(Refusal::new(
            PURPOSE_NEEDED,
            format!("No contact runs and no case is yours for which {id} would be opened."),
            format!("Name the purpose, once a day for each person: {known}."),
        )
        .into())
    }

    /// An open case of a person that the actor has claimed.
    fn own_case_of(&mut self, person: PersonId) -> Result<Option<CaseId>, DeskError> {
        let range = keys::of_person(person).range();
        let page = self.work.scan(&range, CASES_LOOKED_AT_MAX, Direction::Forward)?;
        for (key, _) in page.rows {
            let case = self.work.case(CaseId(keys::last_number(&key)))?;
            if case.is_open() && case.owner == Some(self.doer.actor) {
                return Ok(Some(case.id));
            }
        }
        Ok(None)
    }

    /// The purpose for which the actor read a record last today.
    fn said_today(&mut self, id: &EntityId) -> Result<Option<Purpose>, DeskError> {
        let (actor, zone, today) = (self.doer.actor, self.zone.clone(), self.today);
        // What others read or write meanwhile changes nothing of it.
        let looked_at =
            [(keys::readings(id), READING_PAGES_MAX), (keys::timeline(id), EVENT_PAGES_MAX)];
        for (pages, pages_max) in looked_at {
            let (range, newest_first) = (pages.range(), Direction::Backward);
            for (_, value) in self.work.peek_rows(&range, pages_max, newest_first)? {
                let found: TimelinePage = decode_record(&value).map_err(broken)?;
                let is_said = |record: &&EventRecord| {
                    record.actor == actor
                        && zone.day(record.at) == today
                        && matches!(record.event, Event::Opened | Event::Revealed { .. })
                        && record.purpose.as_ref().is_some_and(|said| {
                            said.is_said() && self.work.directory.purposes.has(said, today)
                        })
                };
                if let Some(record) = found.records.iter().rfind(is_said) {
                    return Ok(record.purpose.clone());
                }
                if found.records.first().is_some_and(|oldest| zone.day(oldest.at) < today) {
                    break;
                }
            }
        }
        Ok(None)
    }
}

fn for_case(case: CaseId) -> Why {
    Why { reason: Some(case.to_string()), ..Why::purpose(&Purpose::unasked().or_casework()) }
}
