//! What the office's own closed cases suggest for a new one: learned beside the records, outside the chain, and learned
//! again at every opening, so that nothing rests on it.

mod answer;
mod keeper;
mod words;

pub use answer::{SuggestedSubject, SuggestionAnswer};
pub(super) use keeper::Suggester;
pub use words::asked_words;
