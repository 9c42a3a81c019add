//! National identity numbers: which schemes are known, and whether a number can be one of them.
//!
//! Each check says what is wrong (length, letter, date, check digit). A number of a scheme that is not known here is taken
//! as it is: the office's own cards, passports and the numbers of other countries have rules that nobody wrote down for us.

mod americas;
mod britain;
mod figures;
mod iran;
mod norway;
mod scheme;
mod southern;

pub use scheme::{SCHEMES, Scheme, canonical, check};
