//! The places that one has been, newest first.

use std::collections::VecDeque;

use crate::tui::text::safe_line;

use super::super::model::{Model, Overlay};
use super::super::place::Place;
use super::picker::Picker;

/// Places that are kept; the oldest go first.
const PLACES_MAX: usize = 50;

/// Cells for a place, before what it is about.
const PLACE_CELLS: usize = 12;

/// The places, oldest first, each once, with what was seen there.
#[derive(Debug, Default)]
pub(super) struct Been {
    places: VecDeque<(Place, String)>,
}

impl Been {
    fn note(&mut self, place: Place, about: String) {
        self.places.retain(|(known, _)| *known != place);
        if self.places.len() >= PLACES_MAX {
            self.places.pop_front();
        }
        self.places.push_back((place, about));
    }
}

/// Notes the place where one is, with what it is about; called before one leaves it.
pub(in crate::tui) fn note_place(model: &mut Model) {
    let entry = model.history.current();
    let (place, about) = (entry.place.clone(), entry.screen.about());
    model.habits.been.note(place, about);
}

/// Lists the places, newest first, the present one excepted.
pub(in crate::tui) fn show_places(model: &mut Model) {
    note_place(model);
    let places: Vec<_> = model.habits.been.places.iter().rev().skip(1).cloned().collect();
    let rows = places.iter().map(|(place, about)| {
        format!("{} {}", crate::tui::text::fit(&words(place), PLACE_CELLS), safe_line(about))
    });
    let rows = rows.collect();
    let places = places.into_iter().map(|(place, _)| place).collect();
    model.overlay = Overlay::Picker(Picker::of_places(rows, places));
}

/// A place in a word or two.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other places are called by their names")]
fn words(place: &Place) -> String {
    match place {
        Place::Case(case) => case.to_string(),
        Place::Person(person) => person.to_string(),
        Place::Find(text) => format!("find {}", safe_line(text)).trim_end().to_owned(),
        Place::DuplicatesOf(person) => format!("like {person}"),
        Place::MergePeople(survivor, merged) => format!("{merged}>{survivor}"),
        Place::Intake(..) => "new case".to_owned(),
        place => place.words().0.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CaseId;

    #[test]
    fn a_place_is_kept_once_and_the_oldest_go_first() {
        let mut been = Been::default();
        for number in 0..60 {
            been.note(Place::Case(CaseId(number)), String::new());
        }
        been.note(Place::Case(CaseId(30)), "again".to_owned());
        assert_eq!(been.places.len(), PLACES_MAX);
        assert_eq!(been.places.front().unwrap().0, Place::Case(CaseId(10)));
        assert_eq!(*been.places.back().unwrap(), (Place::Case(CaseId(30)), "again".to_owned()));
        assert_eq!(words(&Place::Overdue), "overdue");
        assert_eq!(words(&Place::DuplicatesOf(crate::domain::PersonId(7))), "like P-7");
    }
}
