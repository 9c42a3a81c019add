//! Telephone numbers: read in one place, whole in E.164 where the country is known, and shown in groups.
//!
//! Of the countries of [`plans`] it is known how long a number is and how it is grouped; of every other, what E.164 says of
//! all: fifteen digits at most, the country code among them.

mod country;
mod number;
mod plans;

pub use country::Country;
pub use number::{Telephone, check_telephone, grouped, is_same_telephone};
