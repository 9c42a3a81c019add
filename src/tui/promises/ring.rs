//! What rings: said in the header of every screen, without taking focus or keys, until it is ended.

use std::collections::BTreeSet;

use crate::desk::{PresenceAnswer, Ring};
use crate::domain::PromiseId;
use crate::domain::cases::promised_words;
use crate::tui::place::Place;
use crate::tui::screen::{Go, Shared};
use crate::tui::text::safe_line;

use super::words::clock;

/// Promises that have rung that are remembered; the oldest of more ring their bell once more.
const RUNG_MAX: usize = 1_000;

/// Ways in which what rings is said.
pub(in crate::tui) const RING_FORMS: usize = 3;

/// `! 14:00 ring Navarro Valdez`, `! 14:00 ring Navarro` and `! 14:00`, with how many more there are; nothing where
/// nothing rings.
pub(in crate::tui) fn ring_words(shared: &Shared) -> [String; RING_FORMS] {
    let rings = &shared.presence.rings;
    let Some(first) = rings.first() else { return Default::default() };
    let late = if first.due_at < shared.now { "LATE " } else { "" };
    let family = first.person.1.split(", ").next().unwrap_or_default();
    let name = family.split_whitespace().next().unwrap_or_default();
    let verb = promised_words("", first.channel);
    let more = if rings.len() > 1 { format!(" +{}", rings.len() - 1) } else { String::new() };
    let (family, name) = (safe_line(family), safe_line(name));
    let forms = [format!(" {verb} {family}"), format!(" {verb} {name}"), String::new()];
    forms.map(|whom| format!("! {late}{}{whom}{more}", clock(first, shared)))
}

/// Where the next ring leads: to the first, and from there to the one after it, round and round.
pub(in crate::tui) fn next_ring(presence: &PresenceAnswer, here: &Place) -> Option<Go> {
    let is_here = |ring: &Ring| match (ring.case, here) {
        (Some(case), Place::Case(open)) => case == *open,
        (None, Place::Person(open)) => ring.person.0 == *open,
        _ => false,
    };
    let rings = &presence.rings;
    let next = rings.iter().position(is_here).map_or(0, |at| (at + 1) % rings.len().max(1));
    rings.get(next).map(|ring| match ring.case {
        Some(case) => Go::Case(case),
        None => Go::Person(ring.person.0),
    })
}

/// Whether anything rings that has not rung before; it is remembered.
pub(in crate::tui) fn is_new(presence: &PresenceAnswer, rung: &mut BTreeSet<PromiseId>) -> bool {
    let mut has_new = false;
    for ring in &presence.rings {
        has_new |= rung.insert(ring.promise);
        if rung.len() > RUNG_MAX {
            rung.pop_first();
        }
    }
    has_new
}
