//! What the person screens do.
