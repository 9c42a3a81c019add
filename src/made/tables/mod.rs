//! Decision tables that fit the made office, to be published in it by commands: where matters go, which type handles
//! them, which terms are shorter.

/// Where an accepted matter goes: TOML.
pub const ROUTING: &str = include_str!("routing.toml");
/// Which type handles a matter: TOML. It names types of the shipped catalogue, which have to be published before.
pub const CLASSIFY: &str = include_str!("classify.toml");
/// Which terms are shorter than the types' own: CSV.
pub const TERMS: &str = include_str!("terms.csv");
/// Which matters are seen more narrowly: TOML.
pub const SECRECY: &str = include_str!("secrecy.toml");
/// When the unit on the islands is open, by its own clocks: TOML.
pub const ISLANDS: &str = include_str!("islands.toml");
