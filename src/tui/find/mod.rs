//! Finding: one line that takes anything one knows about a person or case, and the hits while one types.

mod draw;
mod screen;
#[cfg(test)]
mod tests;

pub use screen::FindScreen;
