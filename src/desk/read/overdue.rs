//! Late cases by unit and age, from the counters of the days on which they were due.

use crate::desk::answer::OverdueAnswer;
use crate::desk::daily::LateAge;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, Counter};
use crate::desk::query::{View, ViewKind};
use crate::desk::work::counted;
use crate::domain::QueueId;
use crate::domain::office::{Action, QueueKind, Resource};
use crate::domain::time::{Day, Instant};
use crate::store::Direction;

use super::Reader;

/// Day counters that are read of a queue: more than ten years.
const DAYS_MAX: usize = 4_000;

impl Reader<'_> {
    pub(super) fn overdue(&self) -> Result<OverdueAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let mut lines = Vec::new();
        for unit in self.directory.units.values() {
            let open = self.total(View { kind: ViewKind::Inbox, unit: unit.id })?;
            let ages = match self.directory.queue_of(unit.id, QueueKind::Inbox) {
                Some(queue) => self.late_by_age(queue.id)?,
                None => [0; 6],
            };
            lines.push((unit.clone(), open, ages));
        }
        let late = |ages: &[u64; 6]| ages.iter().sum::<u64>();
        lines.sort_by_key(|(unit, _, ages)| (std::cmp::Reverse(late(ages)), unit.id));
        Ok(OverdueAnswer {
            ages: lines.iter().map(|(_, _, ages)| *ages).collect(),
            units: lines.into_iter().map(|(unit, open, ages)| (unit, late(&ages), open)).collect(),
        })
    }

    /// Late cases of a queue by age: the counters of the days before today, and today's index up to now.
    fn late_by_age(&self, queue: QueueId) -> Result<[u64; 6], DeskError> {
        let mut ages = [0; 6];
        let mut add = |age: LateAge, count: u64| {
            if let Some(sum) = ages.get_mut(age as usize) {
                *sum += count;
            }
        };
        let mut range = keys::due_counters(queue).range();
        range.to = Some(Counter::Due(queue, self.office_today.number()).key());
        for (key, value) in self.scan(&range, DAYS_MAX, Direction::Forward)?.rows {
            let day = i32::try_from(keys::signed_at(&key, 10)).unwrap_or(i32::MIN);
            let days = self.office_today.number().saturating_sub(day);
            add(LateAge::of_days(days), counted(&value.value).unsigned_abs());
        }
        let start = self.office_zone.instant(self.office_today, 0, 0);
        add(LateAge::Today, self.due_within(queue, start, self.at)?);
        Ok(ages)
    }

    /// When cases of an age were due: from the first moment on, and before the other.
    pub(super) fn due_of_age(&self, age: LateAge) -> (Instant, Instant) {
        let (fewest, most) = age.days();
        let start = |day: Day| self.office_zone.instant(day, 0, 0);
        let from = if age == LateAge::More {
            Instant::from_milliseconds(i64::MIN)
        } else {
            start(self.office_today.plus_days(-most))
        };
        let to = if age == LateAge::Today {
            self.at
        } else {
            start(self.office_today.plus_days(1 - fewest))
        };
        (from, to)
    }

    /// How many cases of an age a queue has.
    pub(super) fn late_of_age(&self, queue: QueueId, age: LateAge) -> Result<u64, DeskError> {
        let ages = self.late_by_age(queue)?;
        Ok(ages.get(age as usize).copied().unwrap_or_default())
    }
}
