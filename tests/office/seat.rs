//! Whoever sits at an office's desk: at the desk itself, or across a socket where the stories are told so.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use casedesk::desk::{Answer, Desk, DeskError, Feed, Query, Receipt, Request, Session};

use crate::harness::{Carried, is_carried_here};

/// Somebody signed in. What they ask and do goes through the socket where the stories are told so.
#[derive(Clone)]
pub(crate) struct Seat {
    session: Session,
    far: Arc<OnceLock<Carried>>,
}

impl Seat {
    pub(crate) fn of(session: Session) -> Self {
        Self { session, far: Arc::default() }
    }

    fn place(&self) -> &dyn Desk {
        if is_carried_here() {
            self.far.get_or_init(|| Carried::new(Arc::new(self.session.clone())))
        } else {
            &self.session
        }
    }
}

/// What only the session itself knows: the desk behind it.
impl Deref for Seat {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Desk for Seat {
    fn execute(&self, request: Request) -> Result<Receipt, DeskError> {
        self.place().execute(request)
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        self.place().query(query)
    }

    /// Giving up crosses no socket: a desk across one answers all the same, so that it is asked where it can be.
    fn query_unless(
        &self,
        query: Query,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Answer, DeskError> {
        self.session.query_unless(query, is_cancelled)
    }

    /// The desk's own feed: whoever carries a screen across the socket carries the feed as well, and waits for it.
    fn watch(&self) -> Feed {
        self.session.watch()
    }
}

/// Whatever a story can be told at.
pub(crate) trait Seated {
    /// Where it asks and acts.
    fn door(&self) -> &dyn Desk;
}

impl Seated for Seat {
    fn door(&self) -> &dyn Desk {
        self
    }
}

impl Seated for Session {
    fn door(&self) -> &dyn Desk {
        self
    }
}

impl Seated for dyn Desk {
    fn door(&self) -> &dyn Desk {
        self
    }
}

impl<D: Seated + ?Sized> Seated for Arc<D> {
    fn door(&self) -> &dyn Desk {
        self.as_ref().door()
    }
}

impl<D: Seated + ?Sized> Seated for &D {
    fn door(&self) -> &dyn Desk {
        (**self).door()
    }
}
