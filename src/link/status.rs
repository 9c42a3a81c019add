//! How a server is: who is there, what is being done, and how long it takes.

use serde::{Deserialize, Serialize};

/// One session at a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// The account as which somebody is signed in.
    pub account: String,
    /// The user of the system.
    pub uid: u32,
    /// The process from which they call.
    pub process: i32,
    /// The version of their program.
    pub build: String,
    /// How long the session is open, in seconds.
    pub open_seconds: u64,
    /// How long ago the last request came, in seconds.
    pub idle_seconds: u64,
    /// Requests so far.
    pub requests: u64,
    /// Whether it is told of changes.
    pub is_watching: bool,
}

/// What a server did in the last minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Requests of the last whole minute, or since the server began.
    pub requests: u64,
    /// Seconds that they came in, at most 60.
    pub seconds: u64,
    /// Requests that are being carried out.
    pub in_flight: u64,
    /// Commands among them: each waits for its commit.
    pub commands_in_flight: u64,
    /// Microseconds within which half of the requests were carried out; of a figure, the upper end of its class.
    pub p50_us: u64,
    /// Microseconds within which 99 of 100 were.
    pub p99_us: u64,
}

/// How a server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerStatus {
    /// The version of its program.
    pub build: String,
    /// The protocol that it speaks.
    pub protocol: u16,
    /// The process.
    pub process: u32,
    /// How long it is running, in seconds.
    pub up_seconds: u64,
    /// Sessions that are open.
    pub sessions_open: u64,
    /// How many may be.
    pub sessions_max: u64,
    /// How many one user may have.
    pub sessions_a_user_max: u64,
    /// The sessions, where whoever asks may know who is there, else their own alone.
    pub sessions: Vec<SessionLine>,
    /// The last minute.
    pub load: Load,
    /// Sessions that are told of changes.
    pub watchers: u64,
    /// Those of them for whom something waits.
    pub watchers_behind: u64,
}
