//! What the intake form does.
