//! Carries a desk over a Unix-domain socket: [`RemoteDesk`] on one side, [`serve`] and [`serve_at`] on the other.
//!
//! Whoever has the database listens at `DATA/desk.sock`, for the same user only; another casedesk on the same directory
//! works through it. An office's daemon listens at a socket of its own besides, for whoever its permissions let in, and
//! learns from the system alone who that is. Frames are a length and an encoded value, at most 256 KiB towards the desk and
//! 1 MiB back, and a length is checked before anything is allocated. A conversation begins with a magic, the protocol's
//! number and the program's version. What a frame holds are the desk's own enums: a new command or query changes no line
//! here. What changes is told between the answers of the same conversation. Each session has a thread that listens; what it
//! hears is done by one of a few threads, in the order in which it came from all of them.
//!
//! A conversation that breaks is begun again with the same request, which the desk does not carry out twice. While a desk
//! works on a request, it gives a sign of life every two seconds; one that gives none counts as away.

mod away;
mod client;
mod connection;
mod conversation;
mod crew;
mod driven;
mod error;
mod frame;
mod guest;
mod hall;
mod limits;
mod load;
mod peer;
mod server;
mod socket;
mod status;
mod stranger;
mod turn;
mod wire;

pub use client::{Heir, RemoteDesk};
pub use connection::Place;
pub use conversation::{Caller, Reception, Seated};
pub use driven::{Driven, Framed, Outcome};
pub use error::LinkError;
pub use hall::ServerOptions;
pub use limits::{
    FRAME as FRAME_TIME_MAX, HELLO as HELLO_TIME_MAX, OFFICE_SESSIONS_MAX, PIPELINED_MAX,
    RECONNECT_MAX, SESSIONS_A_USER_MAX, SESSIONS_MAX, SILENCE_MAX, SLOW,
};
pub use peer::Peer;
pub use server::{Entrance, Server, SignIn, serve, serve_at};
pub use socket::{SOCKET_NAME, SocketRights};
pub use status::{Load, ServerStatus, SessionLine};
pub use stranger::{Reading, Side, Stranger, opening, read_as};
pub use wire::PROTOCOL;
