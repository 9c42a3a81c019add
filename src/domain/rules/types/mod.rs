//! Case types as text.

mod header;

pub use header::read_type;
