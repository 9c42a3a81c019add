//! What the actor was typing, and where they were when a session of theirs was cut off.

use crate::codec::decode_record;
use crate::desk::answer::{DraftsAnswer, PlacesAnswer};
use crate::desk::command::Draft;
use crate::desk::error::DeskError;
use crate::desk::keys;
use crate::desk::local::lock;
use crate::desk::place::{KeptPlace, PLACES_MAX};
use crate::desk::work::broken;
use crate::domain::EntityId;
use crate::store::Direction;

use super::Reader;

/// Drafts that one answer lists.
const DRAFTS_MAX: usize = 200;

impl Reader<'_> {
    pub(super) fn drafts(&self) -> Result<DraftsAnswer, DeskError> {
        let page =
            self.scan(&keys::drafts_of(self.actor.id).range(), DRAFTS_MAX, Direction::Forward)?;
        let mut drafts: Vec<Draft> = Vec::new();
        for (_, value) in page.rows {
            let draft: Draft = decode_record(&value.value).map_err(broken)?;
            // What was hidden since is not listed. The words stay, and come back with the right to see it.
            if self.is_target_seen(draft.key.target.as_ref())? {
                drafts.push(draft);
            }
        }
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.saved_at));
        let about = drafts.iter().map(|draft| self.about(draft.key.target.as_ref()));
        Ok(DraftsAnswer { about: about.collect::<Result<_, _>>()?, drafts })
    }

    /// Whether what is composed on may be known to be there; where it is neither a case nor a person, it may.
    pub(super) fn is_target_seen(&self, target: Option<&EntityId>) -> Result<bool, DeskError> {
        match target {
            Some(EntityId::Case(case)) => self.sees_case(*case),
            Some(EntityId::Person(person)) => Ok(self.visible_person(*person)?.is_some()),
            Some(_) | None => Ok(true),
        }
    }

    /// What a record is in words; nothing of one that is gone.
    fn about(&self, target: Option<&EntityId>) -> Result<String, DeskError> {
        if let Some(EntityId::Case(case)) = target {
            return match self.visible_case(*case) {
                Ok(case) => Ok(case.subject_label.clone()),
                Err(DeskError::NotFound(_)) => Ok(String::new()),
                Err(error) => Err(error),
            };
        }
        let Some(EntityId::Person(person)) = target else { return Ok(String::new()) };
        let person = self.visible_person(*person)?;
        Ok(person.map(|person| person.name().listed()).unwrap_or_default())
    }

    pub(super) fn cut_off_places(&self) -> Result<PlacesAnswer, DeskError> {
        if self.desk.past.is_some() {
            // Whoever looks at the office as it was begins there on the board.
            return Ok(PlacesAnswer { places: Vec::new() });
        }
        let range = keys::places_of(self.actor.id).range();
        let page = self.scan(&range, PLACES_MAX, Direction::Forward)?;
        // A place that cannot be read is of another casedesk: nobody goes back there.
        let places = page.rows.iter().filter_map(|(_, found)| decode_record(&found.value).ok());
        let seats = lock(&self.desk.seats);
        let is_left = |place: &KeptPlace| !seats.is_taken(self.actor.id, place.session);
        let mut places: Vec<KeptPlace> = places.filter(is_left).collect();
        places.sort_by_key(|place| std::cmp::Reverse(place.kept_at));
        Ok(PlacesAnswer { places })
    }
}
