//! What rings: said in the header of every screen, without taking focus or keys, until it is ended.

use std::collections::BTreeSet;

use crate::desk::{PresenceAnswer, Ring};
use crate::domain::PromiseId;
use crate::domain::cases::promised_words;
use crate::tui::place::Place;
use crate::tui::screen::{Go, Shared};

use super::words::clock;

/// Promises that have rung that are remembered; the oldest of more ring their bell once more.
const RUNG_MAX: usize = 1_000;

/// `! 14:00 ring Whitlock`, with how many more there are; nothing where nothing rings.
pub(in crate::tui) fn ring_words(shared: &Shared) -> String {
    let Some(first) = shared.presence.rings.first() else { return String::new() };
    let family = first.person.1.split(", ").next().unwrap_or_default();
    let verb = promised_words("", first.channel);
    said(shared, first, &format!(" {verb} {family}"))
}

/// `! 14:00`, where there is no room for more.
pub(in crate::tui) fn ring_time(shared: &Shared) -> String {
    shared.presence.rings.first().map_or_else(String::new, |first| said(shared, first, ""))
}

fn said(shared: &Shared, first: &Ring, what: &str) -> String {
    let late = if first.due_at < shared.now { "LATE " } else { "" };
    let others = shared.presence.rings.len().saturating_sub(1);
    let more = if others > 0 { format!(" +{others}") } else { String::new() };
    format!("! {late}{}{what}{more}", clock(first, shared))
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
