//! Text as screens use it: the text room, with the functions that mark a field of a row in the place of the plain ones.

pub(super) use crate::text::row::{
    clip, fit, fit_right, safe_block, safe_line, safe_row, sentence, wrap,
};
pub(super) use crate::text::width;
