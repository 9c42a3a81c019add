//! Counters: each says what records say, none is left over, and every case that was received is open or has ended.

use std::collections::BTreeSet;

use crate::desk::error::DeskError;
use crate::desk::keys::{self, Counter, tag};
use crate::desk::turns::Eligible;
use crate::desk::work::{NUMBERED, counted};
use crate::domain::QueueId;
use crate::store::KeyRange;
use crate::text::hexadecimal;

use super::{Check, Expected, REBUILD};

impl Check<'_> {
    pub(super) fn counters(&mut self, expected: &Expected) -> Result<(), DeskError> {
        for (counter, wanted) in &expected.counts {
            let there = self.get(&counter.key())?.map_or(0, |bytes| counted(&bytes));
            if there != *wanted {
                let what =
                    format!("the counter {counter:?} says {there}, and records say {wanted}");
                self.find(what, REBUILD);
            }
        }
        // A counter exists for each day on which something is due at most, so that all their keys fit into memory.
        let mut known: BTreeSet<Vec<u8>> = expected.counts.keys().map(Counter::key).collect();
        known.extend(NUMBERED.map(|kind| Counter::Number(kind).key()));
        known.insert(keys::chain_head());
        self.rows(KeyRange::prefix(&[tag::COUNTER]), |check, key, value| {
            if keys::is_of_turns(key) {
                check.turns(key, value, expected);
            } else if !(known.contains(key) || keys::is_of_flow(key) || keys::is_of_no_use(key)) {
                let says = counted(value);
                let what = format!("a counter of nothing, key {}, says {says}", hexadecimal(key));
                check.find(what, REBUILD);
            }
            Ok(())
        })?;
        let received = self.counter(Counter::Number(tag::CASE))?;
        if received != expected.open + expected.ended {
            let what = format!(
                "{received} cases were received, and {} are open and {} have an outcome",
                expected.open, expected.ended
            );
            self.find(what, REBUILD);
        }
        Ok(())
    }

    /// Compares what is said of the free cases of a queue with its records. A queue of which nothing is said yet is one of
    /// an older database in which no case has moved since.
    fn turns(&mut self, key: &[u8], value: &[u8], expected: &Expected) {
        let queue = QueueId(keys::last_number(key));
        let wanted = expected.turns.get(&queue).copied().unwrap_or_default();
        if Eligible::of_bytes(value) != Some(wanted) {
            let what = format!(
                "the sum of the free cases of {queue} is not that of the {} that records say",
                wanted.size
            );
            self.find(what, REBUILD);
        }
    }
}
