//! A door for whoever runs the machine and works in no office: it says how the desk is, and nothing of what is in it.

use std::sync::Arc;

use crate::domain::Refusal;

use super::command::Receipt;
use super::error::DeskError;
use super::feed::Feed;
use super::local::LocalDesk;
use super::query::{Answer, Query};
use super::{Desk, Request};

/// The desk of nobody in the office. It answers [`AskHealth`](super::AskHealth), in which there is no citizen, and refuses
/// everything else as it refused to sign the caller in; it tells of no change.
pub struct StatusAlone {
    desk: Arc<LocalDesk>,
    why: Refusal,
}

impl StatusAlone {
    /// The door, with why there is no other one.
    #[must_use]
    pub fn new(desk: &Arc<LocalDesk>, why: Refusal) -> Self {
        Self { desk: Arc::clone(desk), why }
    }
}

impl Desk for StatusAlone {
    fn execute(&self, _request: Request) -> Result<Receipt, DeskError> {
        Err(self.why.clone().into())
    }

    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        if matches!(query, Query::Health(_)) {
            return Ok(Answer::Health(Box::new(self.desk.health())));
        }
        Err(self.why.clone().into())
    }

    fn watch(&self) -> Feed {
        // A feed whose other end is gone has no changes.
        let (_, feed) = Feed::channel();
        feed
    }
}
