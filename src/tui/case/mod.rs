//! The case screen: who, what and by when above, what has happened below, and the inline editors in place.

mod case_screen;
mod division;
mod head;
mod timeline;

pub use case_screen::CaseScreen;
