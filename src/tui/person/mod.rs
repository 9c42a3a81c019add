//! A person's file, all of it in one window, and the form that makes a new person.

mod alike;
mod call;
mod draw;
mod edit;
mod fields;
mod new;
mod screen;
mod sections;
#[cfg(test)]
mod tests;

pub use new::NewPersonScreen;
pub use screen::PersonScreen;
