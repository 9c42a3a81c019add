//! Makes the screen for a place to go to: the one list of screens.

use super::accesses::AccessesScreen;
use super::board::Board;
use super::case::CaseScreen;
use super::colleagues::ColleaguesScreen;
use super::day::DayScreen;
use super::drafts::DraftsScreen;
use super::duplicates::DuplicatesScreen;
use super::find::FindScreen;
use super::handover::HandoverScreen;
use super::intake::IntakeScreen;
use super::ledger::LedgerScreen;
use super::merge_people::MergePeopleScreen;
use super::news::NewsScreen;
use super::overdue::Overdue;
use super::person::{NewPersonScreen, PersonScreen};
use super::place::Place;
use super::promises::PromisesScreen;
use super::screen::{Screen, Shared};
use super::signings::SigningsScreen;

/// The screen of a place, before it has asked for anything.
pub(super) fn make(place: &Place, shared: &Shared) -> Box<dyn Screen> {
    match place {
        Place::Board => Box::new(Board::new(shared.who.unit.id)),
        Place::Overdue => Box::new(Overdue::new()),
        Place::Duplicates => Box::new(DuplicatesScreen::new(None)),
        Place::DuplicatesOf(person) => Box::new(DuplicatesScreen::new(Some(*person))),
        Place::MergePeople(survivor, merged) => {
            Box::new(MergePeopleScreen::new(*survivor, *merged))
        }
        Place::Promises => Box::new(PromisesScreen::new(shared.who.unit.id)),
        Place::Ledger => Box::new(LedgerScreen::new()),
        Place::Find(text) => Box::new(FindScreen::new(text)),
        Place::Person(person) => Box::new(PersonScreen::new(*person)),
        Place::Case(case) => Box::new(CaseScreen::new(*case)),
        Place::Intake(person, words) => Box::new(IntakeScreen::new(*person, words)),
        Place::News => Box::new(NewsScreen::new()),
        Place::Day => Box::new(DayScreen::new()),
        Place::Colleagues => Box::new(ColleaguesScreen::new()),
        Place::NewPerson(words, shown) => Box::new(NewPersonScreen::new(words, shown.clone())),
        Place::Handover(caseworker, also) => {
            Box::new(HandoverScreen::new(*caseworker, also.clone()))
        }
        Place::Drafts => Box::new(DraftsScreen::new()),
        Place::Accesses => Box::new(AccessesScreen::new()),
        Place::Signings => Box::new(SigningsScreen::new()),
    }
}
