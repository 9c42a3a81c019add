//! The case screen: who, what and by when above, what has happened below, and the inline editors in place.

mod case_screen;
mod division;
mod head;
mod merged;
mod reveal;
mod timeline;

pub use case_screen::CaseScreen;

#[cfg(test)]
mod tests;
