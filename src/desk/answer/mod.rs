//! What a desk answers. Texts are as they were entered: whoever shows them makes them safe first.

mod accesses;
mod board;
mod cases;
mod clocks;
mod contacts;
mod fairness;
mod letters;
mod office;
mod people;
mod plan;
mod rights;
mod rules;
mod signings;
mod tables;
mod trail;

pub use accesses::*;
pub use board::*;
pub use cases::*;
pub use clocks::*;
pub use contacts::*;
pub use fairness::*;
pub use letters::*;
pub use office::*;
pub use people::*;
pub use plan::*;
pub use rights::*;
pub use rules::*;
pub use signings::*;
pub use tables::*;
pub use trail::*;
