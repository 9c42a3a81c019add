//! Behaviour tests.

mod store_laws;
