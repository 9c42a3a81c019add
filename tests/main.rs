//! Behaviour tests.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise; clippy's own allowance covers #[test] functions only, not helpers"
)]

mod codec;
mod harness;
mod keymap;
mod store_laws;
mod text;
mod tui_board;
mod tui_shell;
