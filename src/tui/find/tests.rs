//! What the find screen does.
