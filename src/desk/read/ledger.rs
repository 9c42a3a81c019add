//! The intake ledger, read off the cases themselves and not off counters, some of them at a time.

use crate::desk::answer::LedgerAnswer;
use crate::desk::error::DeskError;
use crate::desk::health::Level;
use crate::desk::keys::{self, Counter, tag};
use crate::desk::local::LocalDesk;
use crate::desk::records::decode_entity;
use crate::desk::work::{broken, counted};
use crate::domain::cases::{Case, Ledger};
use crate::domain::office::{Action, Resource};
use crate::domain::{CaseId, Entity, EntityId};
use crate::store::{Direction, KeyRange};

use super::Reader;

/// Cases that one answer counts: a tenth of a second's work.
const LEDGER_CASES_MAX: usize = 5_000;

impl Reader<'_> {
    /// Counts the cases after a number, as far as the actor may see them.
    pub(super) fn ledger(&self, after: u64) -> Result<LedgerAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        self.desk.ledger_after(after, &|case| self.may_see(case))
    }
}

impl LocalDesk {
    /// Counts the whole ledger and writes its sum into the log: the office's zero-loss line of the day.
    ///
    /// # Errors
    /// The store cannot read.
    pub fn note_ledger(&self) -> Result<Ledger, DeskError> {
        let mut ledger = Ledger::default();
        loop {
            let answer = self.ledger_after(ledger.last, &|_| true)?;
            ledger.extend(answer.ledger);
            if ledger.last >= answer.received {
                break;
            }
        }
        let level = if ledger.is_whole() { Level::Info } else { Level::Error };
        self.note(level, &format!("ledger: {}", ledger.words()));
        Ok(ledger)
    }

    fn ledger_after(
        &self,
        after: u64,
        is_seen: &dyn Fn(&Case) -> bool,
    ) -> Result<LedgerAnswer, DeskError> {
        let counter = self.store.get(&Counter::Number(tag::CASE).key()).map_err(broken)?;
        let received = counter.map_or(0, |found| counted(&found.value)).unsigned_abs();
        let mut ledger = Ledger { last: after, ..Ledger::default() };
        let first = EntityId::Case(CaseId(after.saturating_add(1)));
        let range = KeyRange { from: keys::entity(&first), to: KeyRange::prefix(&[tag::CASE]).to };
        let page = self.store.scan(&range, LEDGER_CASES_MAX, Direction::Forward).map_err(broken)?;
        for (key, row) in &page.rows {
            let id = EntityId::Case(CaseId(keys::last_number(key)));
            if let Entity::Case(case) = decode_entity(&id, &row.value).map_err(broken)? {
                if is_seen(&case) {
                    ledger.count(&case);
                } else {
                    ledger.pass_over(&case);
                }
            }
        }
        if !page.has_more {
            ledger.pass_to(received);
        }
        // A case that was registered meanwhile is part of the answer, and of what was received.
        Ok(LedgerAnswer { received: received.max(ledger.last), ledger })
    }
}
