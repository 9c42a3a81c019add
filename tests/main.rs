//! Behaviour tests.

mod search_find;
mod search_index;
mod search_office;
