//! Says what of a paste was left out.

use crate::tui::{Context, Status};

/// Says that so many characters of a paste were left out; nothing where there were none.
pub(in crate::tui) fn say_left_out(characters: usize, context: &mut Context<'_>) {
    if characters > 0 {
        let said = format!(
            "{characters} characters of the paste are left out: the field is full, or may not hold them."
        );
        context.say(Status::Refused(said));
    }
}
