//! Makes the screen for a place to go to: the one list of screens.

use super::board::Board;
use super::overdue::Overdue;
use super::place::Place;
use super::screen::{Screen, Shared};
use super::stand_in::StandIn;

/// The screen of a place, before it has asked for anything.
pub(super) fn make(place: &Place, shared: &Shared) -> Box<dyn Screen> {
    match place {
        Place::Board => Box::new(Board::new(shared.who.unit.id)),
        Place::Overdue => Box::new(Overdue::new()),
        Place::Find(text) => Box::new(StandIn::new(format!("FIND {text}"))),
        Place::Person(person) => Box::new(StandIn::new(person.to_string())),
        Place::Case(case) => Box::new(StandIn::of_case(*case)),
        Place::Intake(_, words) => Box::new(StandIn::new(format!("NEW {words}"))),
        Place::NewPerson(words, _) => Box::new(StandIn::new(format!("NEW PERSON {words}"))),
    }
}
