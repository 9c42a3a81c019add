//! Makes text that others wrote safe to keep and to show, and measures it in terminal cells.
//!
//! Everything a citizen, a file or another system wrote is hostile to a terminal until it went through [`safe_line`] or
//! [`safe_block`], or was cut to its room by [`clip`], [`fit`] or [`wrap`], which do the same for what they show; everything a
//! caseworker types or an import reads goes through [`accept_line`] or [`accept_block`] before it is kept.
//!
//! Text that is read from right to left is ordered field by field: a row is made with [`row`], and drawn with [`fields`]
//! and [`in_reading_order`]. So there are two functions of each name: those of [`row`] mark a field and are for screens,
//! which take them from `tui::text` alone (`tests/architecture.rs` sees to that); those here mark nothing and are for
//! everything else: the command line, reports, and text that is measured.

mod accept;
mod amount;
mod character;
mod digits;
mod field;
mod hexadecimal;
mod measure;
mod nearest;
mod order;
mod place;
pub mod row;
mod shape;
mod show;
mod sources;

pub use accept::{TextRefusal, accept_block, accept_line};
pub use amount::{amount_of_bytes, grouped};
pub use digits::{country_digits, latin_digits};
pub use field::{
    Direction, Field, direction, field, field_towards, fields, is_bidirectional, last_direction,
    unmarked,
};
pub use hexadecimal::hexadecimal;
pub use measure::{ELLIPSIS, clip, fit, fit_right, width, wrap};
pub use nearest::nearest;
pub use order::{Glyph, held_in_place, in_reading_order, is_direction_mark};
pub use place::{Lines, line_at};
pub use show::{MARKS_PER_BASE_MAX, is_plain_ascii, safe_block, safe_line, safe_start};
pub use sources::with_sources;
