//! The board: what there is to do, as queues and views, with the case under the cursor below.

mod draw;
mod flow;
mod list;
mod news;
mod preview;
mod screen;
mod strip;

pub(super) use screen::Board;
