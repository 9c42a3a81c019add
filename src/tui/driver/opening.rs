//! The model with which a session begins, however it is shown.

use crate::desk::{AskPlaces, Desk, WhoAnswer};

use super::super::model::Model;
use super::super::screen::Effect;
use super::run::Options;

/// The model of whoever is signed in, in columns and rows, and what it asks first. What is used of the options is taken
/// from them.
pub(super) fn open(
    desk: &dyn Desk,
    who: WhoAnswer,
    options: &mut Options,
    size: (u16, u16),
) -> (Model, Vec<Effect>) {
    let [one, two, three, four, five, six, seven, eight, ..] = options.entropy.draw();
    let session = u64::from_le_bytes([one, two, three, four, five, six, seven, eight]);
    let keymap = std::mem::take(&mut options.keymap);
    let (mut model, mut effects) = Model::new(who, keymap, size, options.look);
    // Whoever names a place to begin at is not brought back to another one.
    let cut_off = match &options.start {
        Some(_) => Vec::new(),
        None => desk.ask(AskPlaces {}).map(|answer| answer.places).unwrap_or_default(),
    };
    effects.extend(model.remember(session, cut_off));
    model.prefer(std::mem::take(&mut options.tongues), options.also, options.has_bell);
    if let Some(start) = options.start.take() {
        effects.extend(model.go(start));
    }
    if let Some(prepared) = options.tutor.take() {
        model.teach(prepared);
    }
    (model, effects)
}
