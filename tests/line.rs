//! The line between a session and its desk: what it keeps, how long it waits, and what it says while nobody answers.

use std::sync::Arc;

use casedesk::desk::{AskOffice, Change, Desk};
use casedesk::domain::cases::Nature;
use casedesk::link::{Driven, Place};

use crate::link_remote::Listening;
use crate::office::Office;

/// How often somebody begins to watch.
const WATCHES: usize = 50;

#[test]
fn a_session_that_asks_to_watch_again_and_again_has_one_feed() {
    let listening = Listening::new();
    let place = Place::of_data(listening.data());
    let mut driven = Driven::connect(&place, None).unwrap();
    for _ in 0..WATCHES {
        driven.watch().unwrap();
    }
    // Each is answered by a change, so that everything is to be read again.
    let mut told = 0;
    while told < WATCHES {
        driven.hear().unwrap();
        while driven.outcome().unwrap().is_some() {
            told += 1;
        }
    }
    assert_eq!(listening.office.desk.feeds(), 1);
    drop(driven);
    let desk = Arc::new(listening.remote());
    let feeds: Vec<_> = (0..WATCHES).map(|_| desk.watch()).collect();
    for feed in &feeds {
        assert_eq!(feed.wait(), Some(Change::Resync));
    }
    assert!((desk.as_ref() as &dyn Desk).ask(AskOffice {}).is_ok());
    assert!(listening.office.desk.feeds() <= 2, "{}", listening.office.desk.feeds());
}

#[test]
fn what_nobody_hears_any_more_is_not_kept() {
    let office = Office::new();
    for _ in 0..WATCHES {
        drop(office.karimi().watch());
    }
    assert_eq!(office.desk.feeds(), 1, "the last one goes with the next");
    // Whoever sees nothing of what changes is let go, too, once they are gone.
    let (desk, karimi) = (&office.desk, office.karimi());
    let blind = office.enrol("dal", "O. Dal", &[]);
    let (_heard, unheard) = (karimi.watch(), blind.watch());
    assert_eq!(desk.feeds(), 2);
    drop(unheard);
    office.case(None, Nature::Report, "no light");
    assert_eq!(desk.feeds(), 1);
}
