//! Every limit of the link, in one place.

use std::time::Duration;

/// The longest frame towards the desk, in bytes.
pub(super) const TO_DESK_BYTES_MAX: usize = 256 * 1024;

/// The longest frame from the desk, in bytes.
pub(super) const FROM_DESK_BYTES_MAX: usize = 1024 * 1024;

/// How long a greeting may take.
pub const HELLO: Duration = Duration::from_secs(3);

/// How long a frame that has begun may take, and how long answers wait for a client that does not read them.
pub const FRAME: Duration = Duration::from_secs(5);

/// How often a desk says that it still works on a request: a sign of life, for whoever waits.
pub(super) const SIGN_OF_LIFE: Duration = Duration::from_secs(2);

/// How long an answer is waited for before every screen says so; the wait goes on.
pub const SLOW: Duration = Duration::from_secs(4);

/// How long a desk that was asked may say nothing at all, neither an answer nor a sign of life: then it counts as away, and
/// what was asked is sent again once it is back. Five signs may be late.
pub const SILENCE_MAX: Duration = Duration::from_secs(10);

/// How often it is looked, while a question is worked on, whether whoever asked has hung up.
pub(super) const LEFT_LOOK: Duration = Duration::from_millis(50);

/// Sessions at once at the desk of one user.
pub const SESSIONS_MAX: usize = 16;

/// Sessions at once at an office's daemon, where its configuration says nothing else.
pub const OFFICE_SESSIONS_MAX: usize = 1_200;

/// Sessions at once of one user of the system, where the configuration says nothing else.
pub const SESSIONS_A_USER_MAX: usize = 16;

/// Bytes of a thread's stack, of a session or of those who carry requests out. What the terminal program asks touches 80 KiB
/// of it in a program that was built without optimisation; the rest is for the deepest commands, and costs no memory until it
/// is touched.
pub(super) const STACK_BYTES: usize = 1024 * 1024;

/// Questions that are answered at once, each by a thread of a crew; the next ones wait in their order. More would not be
/// faster on any machine that this is for, and the one thread that writes would wait longer for its turn among them.
pub(super) const ASKED_AT_ONCE_MAX: usize = 16;

/// The same of acts, and of questions that may open a file first: most wait for the disk, and it makes as many durable together
/// as the desk takes at once. They have threads of their own, so that nobody who only looks waits for what others write.
pub(super) const DONE_AT_ONCE_MAX: usize = 64;

/// Answers that wait to be sent, in bytes: while there are more, nothing more is carried out, and one reading more is read.
pub(super) const ANSWERS_BYTES_MAX: usize = 64 * 1024;

/// Bytes that one reading takes at least, where there are so many: of small frames, some hundred.
pub(super) const READ_BYTES: usize = 8 * 1024;

/// How long changes are gathered before the watchers are told: a thousand of them, told of each commit apart, would keep
/// the machine from its work.
pub(super) const FEED_PAUSE: Duration = Duration::from_millis(100);

/// How long a server that ends waits for the requests that are being carried out.
pub(super) const DRAIN: Duration = Duration::from_secs(10);

/// How long whoever listens rests after a call could not be taken, for want of descriptors perhaps.
pub(super) const ACCEPT_REST: Duration = Duration::from_millis(50);

/// Calls that wait to be taken.
pub(super) const BACKLOG: i32 = 1_024;

/// How long the terminal program and the commands try to reach a desk again that they have lost.
pub const RECONNECT_MAX: Duration = Duration::from_secs(60);

/// The first pause between two tries; each next one is twice as long.
pub(super) const RETRY_FIRST: Duration = Duration::from_millis(20);

/// The longest pause between two tries.
pub(super) const RETRY_MAX: Duration = Duration::from_secs(1);

/// How often whoever asks for the health looks whether it is known meanwhile, while somebody else waits for an answer.
pub(super) const HEALTH_LOOK: Duration = Duration::from_millis(20);

/// How often one request is sent in conversations that break: a request that breaks every one of them is at fault itself.
pub(super) const SENDINGS_MAX: u32 = 5;

/// Questions that are under way at once where many are asked one behind the other.
pub const PIPELINED_MAX: usize = 64;

/// Bytes of such questions that are under way at once: what a socket takes although nobody reads yet.
pub(super) const PIPELINED_BYTES_MAX: usize = 32 * 1024;
