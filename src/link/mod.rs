//! Carries a desk over a Unix-domain socket: [`RemoteDesk`] on one side, [`serve`] on the other.
//!
//! Whoever has the database listens at `DATA/desk.sock`, for the same user only; another casedesk on the same directory
//! works through it. Frames are a length and an encoded value, at most 256 KiB towards the desk and 1 MiB back, and a
//! length is checked before anything is allocated. A conversation begins with a magic, the protocol's number and the
//! program's version. What a frame holds are the desk's own enums: a new command or query changes no line here.

mod client;
mod error;
mod frame;
mod limits;
mod peer;
mod server;
mod socket;
mod wire;

pub use client::RemoteDesk;
pub use error::LinkError;
pub use limits::SESSIONS_MAX;
pub use server::{Server, SignIn, serve, serve_stream};
pub use socket::SOCKET_NAME;
