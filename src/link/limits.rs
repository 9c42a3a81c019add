//! Every limit of the link, in one place.

use std::time::Duration;

/// The longest frame towards the desk, in bytes.
pub(super) const TO_DESK_BYTES_MAX: usize = 256 * 1024;

/// The longest frame from the desk, in bytes.
pub(super) const FROM_DESK_BYTES_MAX: usize = 1024 * 1024;

/// How long a greeting may take.
pub(super) const HELLO: Duration = Duration::from_secs(3);

/// How long a frame that has begun may take, and how long an answer waits for a client that does not read.
pub(super) const FRAME: Duration = Duration::from_secs(5);

/// Sessions at once.
pub const SESSIONS_MAX: usize = 16;

/// Bytes of a session thread's stack.
pub(super) const STACK_BYTES: usize = 1024 * 1024;
