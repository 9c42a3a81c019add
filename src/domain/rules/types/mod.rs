//! Case types as text: TOML, read with every flaw at once, and proved to get no case stuck.
//!
//! A text begins with `format = 1`, `code`, `version` and `name`; names and texts for citizens are in several languages.
//! Its stages stand in `[[stage]]`, each with `exits` (`{ to = "hear", on = ["tasks"], when = ["field.urgent: yes"] }`), the
//! rest in `[[task]]`, `[[milestone]]`, `[[role]]`, `[[field]]`, `[[outcome]]`, `[[clock]]`, `[[hold]]` and `[[rung]]`. The
//! shipped types are examples of all of it.

mod cover;
mod difference;
mod guards;
mod items;
mod names;
mod part;
mod prove;
mod read;
mod said;
mod shipped;
mod terms;
mod words;

pub use difference::{TypeChange, type_difference};
pub use read::read_type;
pub use said::{TypeEntry, type_in_words};
pub use shipped::shipped_types;
