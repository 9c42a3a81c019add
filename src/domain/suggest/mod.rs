//! Suggests what a matter is about from what the office made of its closed cases: naive Bayes over single words, so that
//! every suggestion can say which words decided. It proposes; somebody settles (hard rule 16). It orders nothing.
//!
//! Words and classes are plain text here. Whoever asked counts only as a number that tells two people apart: a word is
//! known once so many different people used it, which keeps names out.

mod learn;
mod measure;
mod model;

pub use learn::{ASKERS_MIN, CLASS_CASES_MIN, Learner};
pub use measure::{ClassFigures, Figures, measure};
pub use model::{Model, Suggestion, WORDS_READ_MAX, WORDS_SHOWN};
