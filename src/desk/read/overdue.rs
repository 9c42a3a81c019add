//! Late cases by unit and age, from the counters of the days on which they were due.

use crate::desk::answer::OverdueAnswer;
use crate::desk::daily::LateAge;
use crate::desk::error::DeskError;
use crate::desk::keys::{self, COUNTER_DAY_AT, COUNTER_DAY_CLASS_AT};
use crate::desk::query::{View, ViewKind};
use crate::domain::QueueId;
use crate::domain::office::{Action, QueueKind, Resource};
use crate::domain::time::{Day, Instant};

use super::Reader;

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
        range.to =
            Some(keys::due_counters(queue).signed(i64::from(self.office_today.number())).done());
        self.seen_counters(&range, COUNTER_DAY_CLASS_AT, |key, count| {
            let day = i32::try_from(keys::signed_at(key, COUNTER_DAY_AT)).unwrap_or(i32::MIN);
            let days = self.office_today.number().saturating_sub(day);
            add(LateAge::of_days(days), u64::try_from(count).unwrap_or_default());
        })?;
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
