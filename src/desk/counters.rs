//! Counters of cases, of which there is one for each class, added up: alike for a question and in a commit.

use crate::domain::UnitId;
use crate::domain::cases::Lane;
use crate::store::{Direction, KeyRange, Store, Value};

use super::class::CLASSES_MAX;
use super::directory::Directory;
use super::error::DeskError;
use super::keys::{self, Key};
use super::work::{Work, broken, counted};

/// Keys and values of counters.
type Rows = Vec<(Vec<u8>, Value)>;

/// Where counters are read.
pub(super) trait Counters {
    /// The counters of a range, with their values.
    ///
    /// # Errors
    /// The store cannot be read.
    fn counters(&mut self, range: &KeyRange) -> Result<Rows, DeskError>;
}

impl Counters for &dyn Store {
    fn counters(&mut self, range: &KeyRange) -> Result<Rows, DeskError> {
        let page = self.scan(range, CLASSES_MAX, Direction::Forward).map_err(broken)?;
        Ok(page.rows.into_iter().map(|(key, found)| (key, found.value)).collect())
    }
}

/// In a commit they are as they were when they were read: they are shown, or looked at once more later, and conflict with
/// nobody.
impl Counters for Work {
    fn counters(&mut self, range: &KeyRange) -> Result<Rows, DeskError> {
        self.peek_rows(range, CLASSES_MAX, Direction::Forward)
    }
}

/// How many cases some counters come to, of the classes that `counts` says.
///
/// # Errors
/// The store cannot be read.
pub(super) fn sum_of(
    source: &mut impl Counters,
    counters: Key,
    mut counts: impl FnMut(&[u8]) -> bool,
) -> Result<u64, DeskError> {
    let prefix = counters.done();
    let rows = source.counters(&KeyRange::prefix(&prefix))?;
    let class = |key: &[u8]| key.get(prefix.len()..).unwrap_or_default().to_vec();
    let sum: i64 =
        rows.iter().filter(|(key, _)| counts(&class(key))).map(|(_, value)| counted(value)).sum();
    Ok(u64::try_from(sum).unwrap_or_default())
}

/// Open cases in the queues of a unit, whoever may see them.
///
/// # Errors
/// The store cannot be read.
pub(super) fn open_cases_of(
    source: &mut impl Counters,
    directory: &Directory,
    unit: UnitId,
) -> Result<u64, DeskError> {
    let mut open = 0;
    for queue in directory.queues.values().filter(|queue| queue.unit == unit) {
        for lane in Lane::ALL {
            let counters = keys::lane_counters(queue.id, keys::lane_byte(lane));
            open += sum_of(source, counters, |_| true)?;
        }
    }
    Ok(open)
}
