//! When something is due: a pure function of a term, the instant from which it counts, what stood still, how it was
//! extended, and a calendar; and the same as a sum that a person can add up.

use super::open_days::SEARCH_DAYS_MAX;
use super::{Calendar, CalendarVersion, ClosedWhy, Day, Extended, Instant, Pause, Term};

const MINUTE: i64 = 60_000;
/// Working days that a period of two days or more includes at least, after Regulation (EEC, Euratom) 1182/71,
/// article 3(5).
const WORKING_DAYS_MIN: u16 = 2;

/// When something is due that takes so long from `from` on. Minutes of business count while the office is open; days are
/// due at closing time. Days and months of any kind end as Regulation (EEC, Euratom) 1182/71, article 3, has it: the day of
/// the event is not counted, what ends on a closed day ends on the next working day, and two days or more include at least
/// two working days.
#[must_use]
pub fn due(term: Term, from: Instant, calendar: &Calendar) -> Instant {
    Leg::first(term, from, &[], calendar).due_at
}

/// A term that was counted: where it ends, and where it would end if the office never closed.
#[derive(Debug, Clone, Copy)]
struct Leg {
    term: Term,
    from: Instant,
    /// The day that is not counted.
    from_day: Day,
    /// In [`SumUnit`] of the term, pauses included.
    amount: i64,
    /// The last day of the period, before it moves to a working day.
    nominal: Day,
    due_at: Instant,
}

impl Leg {
    fn first(term: Term, from: Instant, pauses: &[Pause], calendar: &Calendar) -> Self {
        let from_day = calendar.zone_held().day(from);
        let still: i64 = pauses.iter().filter_map(|pause| paused(term, pause, calendar)).sum();
        Self::counted(term, from, from_day, still, calendar)
    }

    /// The leg of an extension: it counts from where the leg before it ends. A term of days goes on from the last day of the
    /// period itself, so that the two together are one period.
    fn after(self, term: Term, calendar: &Calendar) -> Self {
        let is_period = |term| SumUnit::of(term) == SumUnit::Days;
        let from_day = if is_period(term) && is_period(self.term) {
            self.nominal
        } else {
            self.last_day(calendar)
        };
        Self::counted(term, self.due_at, from_day, 0, calendar)
    }

    fn counted(term: Term, from: Instant, from_day: Day, still: i64, calendar: &Calendar) -> Self {
        let leg = |amount, nominal, due_at| Self { term, from, from_day, amount, nominal, due_at };
        match term {
            Term::BusinessMinutes(minutes) => {
                let amount = i64::from(minutes) * MINUTE + still;
                let due_at = calendar.plus_open(from, amount);
                leg(amount, calendar.zone_held().day(due_at), due_at)
            }
            Term::ElapsedMinutes(minutes) => {
                let amount = i64::from(minutes) * MINUTE + still;
                let due_at = Instant::from_milliseconds(from.milliseconds().saturating_add(amount));
                leg(amount, calendar.zone_held().day(due_at), due_at)
            }
            Term::WorkingDays(days) => {
                let amount = i64::from(days) + still;
                let last = calendar.working_days_after(from_day, saturated(amount));
                leg(amount, last, calendar.close_of(last))
            }
            Term::CalendarDays(_) | Term::CalendarMonths(_) => {
                let ends = match term {
                    Term::CalendarMonths(months) => months_after(from_day, months),
                    Term::CalendarDays(days) => from_day.plus_days(i32::from(days)),
                    Term::BusinessMinutes(_) | Term::WorkingDays(_) | Term::ElapsedMinutes(_) => {
                        from_day
                    }
                };
                let nominal = ends.plus_days(i32::from(saturated(still)));
                let amount = i64::from(nominal.number()) - i64::from(from_day.number());
                let last = last_of_period(from_day, nominal, calendar);
                leg(amount, nominal, calendar.close_of(last))
            }
        }
    }

    /// The day whose closing time it is due at.
    fn last_day(&self, calendar: &Calendar) -> Day {
        match SumUnit::of(self.term) {
            SumUnit::WorkingDays => self.nominal,
            SumUnit::Days => last_of_period(self.from_day, self.nominal, calendar),
            SumUnit::OpenMinutes | SumUnit::Minutes => calendar.zone_held().day(self.due_at),
        }
    }
}

/// The last day of a period that ends on `nominal`, after article 3(4) and (5).
fn last_of_period(from: Day, nominal: Day, calendar: &Calendar) -> Day {
    let open = calendar.working_days_after(nominal, 0);
    if nominal.number() - from.number() >= i32::from(WORKING_DAYS_MIN) {
        return open.max(calendar.working_days_after(from, WORKING_DAYS_MIN));
    }
    open
}

fn saturated(amount: i64) -> u16 {
    u16::try_from(amount.max(0)).unwrap_or(u16::MAX)
}

/// The same day of the month so many months later, or the last one of a shorter month.
fn months_after(from: Day, months: u16) -> Day {
    let date = from.date();
    date.checked_add(jiff::Span::new().months(i64::from(months))).map_or(from, Day::from_date)
}

/// How much of a term a pause takes, in the unit of the term; nothing while it lasts.
fn paused(term: Term, pause: &Pause, calendar: &Calendar) -> Option<i64> {
    let to = pause.to?;
    let day = |at| calendar.zone_held().day(at);
    let amount = match SumUnit::of(term) {
        SumUnit::OpenMinutes => calendar.open_between(pause.from, to),
        SumUnit::Minutes => to.milliseconds() - pause.from.milliseconds(),
        SumUnit::WorkingDays => i64::from(calendar.working_days_between(day(pause.from), day(to))),
        SumUnit::Days => i64::from(day(to).number()) - i64::from(day(pause.from).number()),
    };
    Some(amount.max(0))
}

/// When something is due, pauses and extensions included. Pauses prolong the term itself, each by what it took of it, in
/// any order; extensions follow one after the other.
pub(super) fn due_with(
    (term, from): (Term, Instant),
    pauses: &[Pause],
    extended: &[Extended],
    calendar: &Calendar,
) -> Instant {
    let first = Leg::first(term, from, pauses, calendar);
    extended.iter().fold(first, |leg, extended| leg.after(extended.term, calendar)).due_at
}

/// What a leg of a sum counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumUnit {
    /// Time in which the office is open, in milliseconds.
    OpenMinutes,
    /// Days on which the office is open.
    WorkingDays,
    /// Days of any kind.
    Days,
    /// Time of any kind, in milliseconds.
    Minutes,
}

impl SumUnit {
    /// What a term counts.
    #[must_use]
    pub fn of(term: Term) -> Self {
        match term {
            Term::BusinessMinutes(_) => Self::OpenMinutes,
            Term::WorkingDays(_) => Self::WorkingDays,
            Term::CalendarDays(_) | Term::CalendarMonths(_) => Self::Days,
            Term::ElapsedMinutes(_) => Self::Minutes,
        }
    }

    /// An amount of it in words, as `3 d`, `6 h 20 min`.
    #[must_use]
    pub fn words(self, amount: i64) -> String {
        match self {
            Self::WorkingDays | Self::Days => format!("{amount} d"),
            Self::OpenMinutes | Self::Minutes => {
                let minutes = amount / MINUTE;
                match (minutes / 60, minutes % 60) {
                    (0, minutes) => format!("{minutes} min"),
                    (hours, 0) => format!("{hours} h"),
                    (hours, minutes) => format!("{hours} h {minutes} min"),
                }
            }
        }
    }
}

/// Why days stand in a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SumWhy {
    /// They were counted.
    Counted,
    /// The office is closed then.
    Closed(ClosedWhy),
    /// The period ended on a closed day, or had too few working days: it ends here.
    MovedTo,
}

/// Days that follow each other and stand in a sum for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumDays {
    /// The first.
    pub first: Day,
    /// The last.
    pub last: Day,
    /// Why.
    pub why: SumWhy,
    /// What they add, all together, in the leg's unit: milliseconds or days; 0 for days that are not counted.
    pub counted: i64,
}

/// A pause in a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumPause {
    /// When it began.
    pub from: Instant,
    /// When it ended; still paused without.
    pub to: Option<Instant>,
    /// By how much it prolongs the term, in the leg's unit.
    pub counted: i64,
}

/// One term of a sum: the first one, or that of an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumLeg {
    /// How long.
    pub term: Term,
    /// The extension that it is; none for the term itself.
    pub extended: Option<Extended>,
    /// From when it counts.
    pub from: Instant,
    /// What it counts.
    pub unit: SumUnit,
    /// What stood still meanwhile.
    pub pauses: Vec<SumPause>,
    /// All that has to pass: the term and its pauses, in `unit`. What `days` count adds up to it.
    pub amount: i64,
    /// Day by day, ascending; runs of the same kind are one.
    pub days: Vec<SumDays>,
    /// When it ends.
    pub due_at: Instant,
}

impl SumLeg {
    /// The term alone, in the leg's unit: what is left of `amount` without the pauses.
    #[must_use]
    pub fn of_term(&self) -> i64 {
        self.amount - self.pauses.iter().map(|pause| pause.counted).sum::<i64>()
    }
}

/// A due date as a sum: what is owed, day by day, and what is not counted, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSum {
    /// The rule, as `objection@2/decide`.
    pub rule: String,
    /// The calendar that it was counted with.
    pub calendar: CalendarVersion,
    /// The calendar's zone.
    pub zone: String,
    /// The term, then its extensions.
    pub legs: Vec<SumLeg>,
    /// When it is due by this sum.
    pub due_at: Instant,
    /// When the clock says that it is due. It is another instant only where the clock was counted with a calendar that the
    /// office has changed since without publishing one.
    pub held: Instant,
}

impl DueSum {
    /// Whether what was counted adds up to what was owed in every leg, and the result is what the clock says.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let is_sum =
            |leg: &SumLeg| leg.days.iter().map(|days| days.counted).sum::<i64>() == leg.amount;
        self.due_at == self.held && self.legs.iter().all(is_sum)
    }

    /// The sum of a clock: its rule, term and start, what happened to it, and when it says that it is due.
    pub(super) fn of(
        (rule, term, from): (&str, Term, Instant),
        pauses: &[Pause],
        extended: &[Extended],
        held: Instant,
        calendar: &Calendar,
    ) -> Self {
        let mut leg = Leg::first(term, from, pauses, calendar);
        let of_pause = |pause: &Pause| SumPause {
            from: pause.from,
            to: pause.to,
            counted: paused(term, pause, calendar).unwrap_or(0),
        };
        let mut legs = vec![SumLeg {
            pauses: pauses.iter().map(of_pause).collect(),
            ..written(&leg, None, calendar)
        }];
        for extended in extended {
            leg = leg.after(extended.term, calendar);
            legs.push(written(&leg, Some(extended.clone()), calendar));
        }
        Self {
            rule: rule.to_owned(),
            calendar: calendar.id(),
            zone: calendar.zone_name().to_owned(),
            legs,
            due_at: leg.due_at,
            held,
        }
    }
}

/// Runs of days as they are gathered: days of the same kind, each of which adds the same, are one run.
#[derive(Default)]
struct Runs {
    runs: Vec<SumDays>,
    each: i64,
}

impl Runs {
    fn add(&mut self, day: Day, why: SumWhy, counted: i64) {
        if let Some(run) = self.runs.last_mut()
            && (run.last.plus_days(1), &run.why, self.each) == (day, &why, counted)
        {
            run.last = day;
            run.counted += counted;
            return;
        }
        self.each = counted;
        self.runs.push(SumDays { first: day, last: day, why, counted });
    }

    /// A day on which nothing is counted, where the office is closed then.
    fn skip(&mut self, day: Day, calendar: &Calendar) {
        if let Some(why) = calendar.closed_why(day) {
            self.add(day, SumWhy::Closed(why), 0);
        }
    }
}

/// A leg day by day. It is counted anew, a day at a time, so that the sum is a second opinion on the due instant.
fn written(leg: &Leg, extended: Option<Extended>, calendar: &Calendar) -> SumLeg {
    let unit = SumUnit::of(leg.term);
    let days = match unit {
        SumUnit::OpenMinutes => open_days(leg, calendar),
        SumUnit::WorkingDays => working_days(leg, calendar),
        SumUnit::Days => period(leg, calendar),
        SumUnit::Minutes => {
            let last = calendar.zone_held().day(leg.due_at);
            vec![SumDays { first: leg.from_day, last, why: SumWhy::Counted, counted: leg.amount }]
        }
    };
    SumLeg {
        term: leg.term,
        extended,
        from: leg.from,
        unit,
        pauses: Vec::new(),
        amount: leg.amount,
        days,
        due_at: leg.due_at,
    }
}

fn open_days(leg: &Leg, calendar: &Calendar) -> Vec<SumDays> {
    let mut runs = Runs::default();
    let mut left = leg.amount;
    let first = calendar.zone_held().day(leg.from);
    for ahead in 0..SEARCH_DAYS_MAX {
        if left <= 0 {
            break;
        }
        let day = first.plus_days(ahead);
        let open = |(open, close): &(Instant, Instant)| {
            (close.milliseconds() - leg.from.max(*open).milliseconds()).max(0)
        };
        let counted = calendar.stretches(day).iter().map(open).sum::<i64>().min(left);
        if counted > 0 {
            runs.add(day, SumWhy::Counted, counted);
            left -= counted;
        } else {
            runs.skip(day, calendar);
        }
    }
    runs.runs
}

fn working_days(leg: &Leg, calendar: &Calendar) -> Vec<SumDays> {
    let mut runs = Runs::default();
    if leg.amount == 0 && leg.nominal > leg.from_day {
        runs.skip(leg.from_day, calendar);
    }
    for number in leg.from_day.number() + 1..=leg.nominal.number() {
        let day = Day::from_number(number);
        if !calendar.is_open_on(day) {
            runs.skip(day, calendar);
        } else if leg.amount == 0 {
            runs.add(day, SumWhy::MovedTo, 0);
        } else {
            runs.add(day, SumWhy::Counted, 1);
        }
    }
    runs.runs
}

fn period(leg: &Leg, calendar: &Calendar) -> Vec<SumDays> {
    let mut runs = Runs::default();
    if leg.amount > 0 {
        let (first, why) = (leg.from_day.plus_days(1), SumWhy::Counted);
        runs.runs.push(SumDays { first, last: leg.nominal, why, counted: leg.amount });
    }
    let last = leg.last_day(calendar);
    if last > leg.nominal {
        runs.skip(leg.nominal, calendar);
    }
    for number in leg.nominal.number() + 1..last.number() {
        runs.skip(Day::from_number(number), calendar);
    }
    if last > leg.nominal {
        runs.add(last, SumWhy::MovedTo, 0);
    }
    runs.runs
}
