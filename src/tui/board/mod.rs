//! The board: what there is to do, as queues and views, with the case under the cursor below.

mod draw;
mod flow;
mod frequencies;
mod limit_editor;
mod list;
mod many;
mod marks;
mod narrow;
mod news;
mod picture;
mod preview;
mod saved_views;
mod screen;
mod sort_picker;
mod strip;
mod told;

pub(super) use screen::Board;
