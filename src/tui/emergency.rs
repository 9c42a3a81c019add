//! Emergency access at the screen: the key that opens what is closed to the caseworker, or gives it back.

use crate::desk::Command;
use crate::domain::office::Behind;

use super::contact;
use super::model::{Errand, Model};
use super::place::Place;
use super::screen::{Effect, Shared};
use super::shell::{refuse, run};

/// Asks why the file on the screen is to be opened, or gives its access back where it is open.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    let behind = match model.history.current().place {
        Place::Person(person) => Behind::Person(person),
        Place::Case(case) => Behind::Case(case),
        _ => {
            let words = "Open the file first, by its number: what is closed says so.";
            return refuse(model, words.to_owned());
        }
    };
    let open = &model.shared.presence.emergencies;
    match open.iter().find(|open| open.behind == behind && open.until > model.shared.now) {
        Some(open) => {
            let command = Command::EndEmergency(open.access);
            run(model, Errand::Emergency, command, effects);
        }
        None => contact::ask_why(model, behind),
    }
}

/// `EMERGENCY P-12 47 min`, of the access that ends first; where none is open, what waits for a review or a signature.
pub(super) fn in_header(shared: &Shared) -> String {
    let open = shared.presence.emergencies.iter().filter(|open| open.until > shared.now);
    let due =
        [(shared.presence.reviews_due, "TO REVIEW"), (shared.presence.signings_due, "TO SIGN")];
    let due = due.into_iter().filter(|(count, _)| *count > 0);
    let due: Vec<String> = due.map(|(count, what)| format!("{count} {what}")).collect();
    let review = due.join("  ");
    open.min_by_key(|open| open.until).map_or(review, |open| {
        let left = open.until.minutes_since(shared.now).max(1);
        format!("EMERGENCY {} {left} min", open.behind)
    })
}
