//! Who orders right-to-left text, chosen by looking: the same line in each order that there is.

use super::habits::Picker;
use super::look::Bidi;
use super::model::{Model, Overlay};
use super::screen::Status;
use super::text::safe_line;

/// What is asked.
const HEADING: &str =
    "RIGHT TO LEFT  which line reads rightly, its letters joined? Press its digit";

/// Fields as they stand beside each other in a row: Persian with a number, letters that Arabic has not, brackets, a
/// non-joiner and a masked number; Hebrew; Latin.
const SAMPLE: [&str; 4] = ["سارا محمدی (12)", "پژمان چای‌فروش، کد 00*****312", "שלום 34", "end"];

/// Shows the line in each order.
pub(super) fn show(model: &mut Model) {
    let fields: Vec<_> = SAMPLE.iter().map(|words| safe_line(words)).collect();
    let used = model.bidi();
    let picker = Picker::of_orders(HEADING, &fields.join("  "), Bidi::ALL.to_vec(), used);
    model.overlay = Overlay::Picker(picker);
}

/// Has right-to-left text ordered so from now on, and says how that stays.
pub(super) fn choose(model: &mut Model, bidi: Bidi) {
    model.shared.look.bidi = bidi;
    let word = bidi.word();
    let words = format!("It reads so until you leave; bidi = \"{word}\" in config.toml keeps it.");
    model.status = Some(Status::Done(words));
}
