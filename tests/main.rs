//! Behaviour tests.

mod store_damage;
mod store_laws;
