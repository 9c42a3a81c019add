//! The desk over a store in this process.

use std::sync::Arc;

use crate::domain::CaseworkerId;
use crate::domain::time::Instant;
use crate::store::Store;

use super::{Answer, Command, Desk, DeskError, Feed, Query, Receipt, Request};

/// Where a desk's time comes from.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Instant;
}

/// Where a desk's random bytes come from: salts, and keys for commands that come without one.
pub trait Entropy: Send + Sync {
    /// Sixteen bytes that nobody could have guessed (or, for a made office, that its seed gives).
    fn draw(&self) -> [u8; 16];
}

/// The desk of one data directory.
pub struct LocalDesk {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// How an office begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// The office's name.
    pub office: String,
    /// Its IANA zone.
    pub zone: String,
    /// ISO 4217 code of its money.
    pub currency: String,
    /// Whether `demo` makes it.
    pub is_made: bool,
    /// The first caseworker's account.
    pub account: String,
    /// The first caseworker's name.
    pub name: String,
}

/// A command with who does it and when, for whoever may say so: the made offices, and the desk's own rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub actor: CaseworkerId,
    /// When.
    pub at: Instant,
    /// What.
    pub command: Command,
}

/// Somebody signed in at a local desk.
pub struct Session {
    desk: Arc<LocalDesk>,
    actor: CaseworkerId,
    on_behalf_of: Option<String>,
}

impl LocalDesk {
    /// The desk over a store.
    ///
    /// # Errors
    /// The store cannot be read, or its records are of a newer program.
    pub fn open(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Arc<Self>, DeskError> {
        Ok(Arc::new(Self { store, clock, entropy }))
    }

    /// Whether there is no office yet.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn is_new(&self) -> Result<bool, DeskError> {
        Err(DeskError::Lost("not built".to_owned()))
    }

    /// Makes the office: a unit with its queues, the built-in subjects, and the first caseworker, who holds the grants of
    /// clerk, screener, reviewer, caseworker and manager and leads the unit.
    ///
    /// # Errors
    /// The zone is unknown, or the store cannot write.
    pub fn found(&self, _founding: &Founding) -> Result<CaseworkerId, DeskError> {
        Err(DeskError::Lost("not built".to_owned()))
    }

    /// Signs somebody in. `behind` is the account of the operating system where that is another one; every event says so.
    ///
    /// # Errors
    /// There is no such account, or they have left.
    pub fn sign_in(
        self: &Arc<Self>,
        _account: &str,
        behind: Option<&str>,
    ) -> Result<Session, DeskError> {
        Ok(Session {
            desk: Arc::clone(self),
            actor: CaseworkerId(0),
            on_behalf_of: behind.map(str::to_owned),
        })
    }

    /// Carries out many commands in one commit, one after the other; a refused one leaves nothing behind and does not
    /// stop the others.
    ///
    /// # Errors
    /// The store cannot read or write; nothing was done.
    pub fn execute_all(
        &self,
        _acts: Vec<Act>,
    ) -> Result<Vec<Result<Receipt, DeskError>>, DeskError> {
        Err(DeskError::Lost("not built".to_owned()))
    }
}

impl Desk for Session {
    fn execute(&self, _request: Request) -> Result<Receipt, DeskError> {
        Err(DeskError::Lost("not built".to_owned()))
    }

    fn query(&self, _query: Query) -> Result<Answer, DeskError> {
        Err(DeskError::Lost("not built".to_owned()))
    }

    fn watch(&self) -> Feed {
        Feed::channel().1
    }
}
