//! Where a caseworker is on the screen, kept outside the chain so that whoever was thrown out goes back to it.

use std::sync::{Arc, Weak};

use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;
use crate::domain::{CaseId, CaseworkerId};

use super::attendance::Token;
use super::command::DraftForm;
use super::local::lock;
use super::query::View;
use super::session::Session;

/// Screens of one place, the board first.
pub const PLACE_SCREENS_MAX: usize = 20;

/// Bytes of all that a place says.
pub(super) const PLACE_BYTES_MAX: usize = 8_000;

/// Places of one caseworker: of the sessions that are open, and of those that were cut off.
pub(super) const PLACES_MAX: usize = 16;

/// A screen that was open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeptScreen {
    /// Which screen, by the name that the terminal program gives it.
    pub name: String,
    /// What it is about: numbers of records, or the words that were typed.
    pub about: Vec<String>,
    /// The list that it shows, where it shows lists.
    pub view: Option<View>,
    /// The case under its cursor.
    pub row: Option<CaseId>,
    /// The form that was open on it; its words are a draft.
    pub editing: Option<DraftForm>,
}

/// Where one session is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPlace {
    /// The session: a random number of its own.
    pub session: u64,
    /// The screens, the board first, then in the order in which they were opened.
    pub screens: Vec<KeptScreen>,
    /// Which of them was shown.
    pub shown: u32,
    /// When it was kept, by the desk's clock.
    pub kept_at: Instant,
}

/// The sessions that are open, each by whose it is and the number that it gave itself: what they keep belongs to them, and is
/// offered to no other session. A number alone is nobody's seat, for everybody is told these numbers.
#[derive(Debug, Default)]
pub(super) struct Seats(Vec<((CaseworkerId, u64), Weak<Token>)>);

impl Seats {
    /// Notes whose a place is.
    fn take(&mut self, whose: CaseworkerId, session: u64, token: &Arc<Token>) {
        let seat = (whose, session);
        self.0.retain(|(known, holder)| *known != seat && holder.strong_count() > 0);
        self.0.push((seat, Arc::downgrade(token)));
    }

    /// Whether whoever keeps this place is still there.
    pub(super) fn is_taken(&self, whose: CaseworkerId, session: u64) -> bool {
        let seat = (whose, session);
        self.0.iter().any(|(known, holder)| *known == seat && holder.strong_count() > 0)
    }
}

impl Session {
    /// Notes that the place of this number is this session's for as long as it is open.
    pub(super) fn take_seat(&self, number: u64) {
        lock(&self.desk.seats).take(self.actor, number, &self.token);
    }
}
