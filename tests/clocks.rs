//! Due dates: against a table that was derived without casedesk, as sums that add up, and as properties.

use std::path::Path;

use casedesk::domain::cases::HoldReason;
use casedesk::domain::time::{
    Calendar, Clock, ClockKind, HOLIDAY_PRESETS, HolidayPreset, Instant, Pause, SumUnit, Term, due,
    read_calendar,
};
use casedesk::exchange::{Mapping, compare_clocks};

struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn minutes(&mut self, limit: u64) -> i64 {
        i64::try_from(self.below(limit)).unwrap()
    }

    fn term(&mut self) -> Term {
        let count = u16::try_from(self.below(60)).unwrap();
        match self.below(5) {
            0 => Term::BusinessMinutes(u32::from(count) * 37),
            1 => Term::WorkingDays(count),
            2 => Term::CalendarDays(count),
            3 => Term::CalendarMonths(count % 14),
            _ => Term::ElapsedMinutes(u32::from(count) * 97),
        }
    }

    /// A minute of the years 2011 to 2031.
    fn moment(&mut self) -> Instant {
        Instant::from_milliseconds(1_293_840_000_000).plus_minutes(self.minutes(20 * 525_600))
    }

    fn pauses(&mut self, from: Instant) -> Vec<Pause> {
        let mut at = from;
        let mut pauses = Vec::new();
        for _ in 0..self.below(4) {
            let begun = at.plus_minutes(self.minutes(6_000));
            at = begun.plus_minutes(self.minutes(30_000));
            pauses.push(Pause { from: begun, to: Some(at) });
        }
        pauses
    }
}

/// Every preset's calendar, and the same open day and night, on which the clocks change while it is open.
fn calendars() -> Vec<Calendar> {
    HOLIDAY_PRESETS.iter().flat_map(|preset| [preset.calendar(), always(preset.code)]).collect()
}

fn always(preset: &str) -> Calendar {
    let week = "version = 1\n[week]\nmon-sun = \"00:00-24:00\"";
    read_calendar(&format!("holidays = \"{preset}\"\n{week}")).unwrap()
}

fn clock(term: Term, from: Instant, calendar: &Calendar) -> Clock {
    let reasons = [HoldReason::Citizen];
    Clock::of_rule(ClockKind::Decide, "test@1/decide", (term, from), &reasons, calendar)
}

fn with_pauses(mut clock: Clock, pauses: &[Pause], calendar: &Calendar) -> Clock {
    for pause in pauses {
        clock.pause(pause.from, HoldReason::Citizen);
        clock.resume(pause.to.unwrap(), calendar);
    }
    clock
}

fn instant(text: &str) -> Instant {
    // The table has minutes, the standard's shortest form.
    Instant::from_timestamp(text.replace('Z', ":00Z").parse().unwrap())
}

#[test]
fn two_hundred_due_dates_are_the_ones_that_were_derived_without_casedesk() {
    let table = include_str!("due_dates/table.tsv");
    let mut rows = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let calendar = match cells[1] {
            "usual" => HolidayPreset::of(cells[0]).unwrap().calendar(),
            _ => always(cells[0]),
        };
        let (count, unit) = cells[2].split_once(' ').unwrap();
        let (few, many) = (count.parse::<u16>().unwrap(), count.parse::<u32>().unwrap());
        let term = match unit {
            "open minutes" => Term::BusinessMinutes(many),
            "working days" => Term::WorkingDays(few),
            "days" => Term::CalendarDays(few),
            "months" => Term::CalendarMonths(few),
            _ => Term::ElapsedMinutes(many),
        };
        let pauses = cells[4].split(' ').filter_map(|pause| pause.split_once('/'));
        let pauses: Vec<Pause> =
            pauses.map(|(from, to)| Pause { from: instant(from), to: Some(instant(to)) }).collect();
        let clock = clock(term, instant(cells[3]), &calendar);
        let clock = with_pauses(clock, &pauses, &calendar);
        assert_eq!(clock.due_at, instant(cells[5]), "{line}");
        let sum = clock.sum(&calendar).unwrap();
        assert!(sum.adds_up(), "{line}: {sum:?}");
        assert_eq!(sum.legs[0].pauses.len(), pauses.len(), "{line}");
        if sum.legs[0].unit == SumUnit::OpenMinutes {
            assert_eq!(sum.legs[0].of_term(), i64::from(many) * 60_000, "{line}");
        }
        rows += 1;
    }
    assert_eq!(rows, 200);
}

#[test]
fn what_a_clock_says_follows_from_its_source_and_adds_up() {
    let mut chance = Chance(0x5eed);
    let calendars = calendars();
    for _ in 0..1_500 {
        let calendar = &calendars[usize::try_from(chance.below(32)).unwrap()];
        let (term, from) = (chance.term(), chance.moment());
        let pauses = chance.pauses(from);
        let clock = with_pauses(clock(term, from, calendar), &pauses, calendar);
        assert_eq!(clock.due_at, clock.due_by(calendar), "{term:?} {from:?} {pauses:?}");
        let sum = clock.sum(calendar).unwrap();
        assert!(sum.adds_up(), "{} {term:?} {sum:#?}", calendar.code);
    }
}

#[test]
fn pauses_only_ever_move_a_due_date_ahead_and_in_any_order_by_the_same() {
    let mut chance = Chance(0xca1e);
    let calendars = calendars();
    for _ in 0..1_500 {
        let calendar = &calendars[usize::try_from(chance.below(32)).unwrap()];
        let (term, from) = (chance.term(), chance.moment());
        let mut clock = clock(term, from, calendar);
        assert_eq!(clock.due_at, due(term, from, calendar));
        let mut before = clock.due_at;
        for pause in chance.pauses(from) {
            clock.pauses.push(pause);
            let after = clock.due_by(calendar);
            assert!(after >= before, "{} {term:?} {from:?} {pause:?}", calendar.code);
            before = after;
        }
        clock.pauses.reverse();
        assert_eq!(clock.due_by(calendar), before);
        // A later start is never due earlier.
        let later = from.plus_minutes(chance.minutes(10_000));
        assert!(due(term, later, calendar) >= due(term, from, calendar), "{term:?} {from:?}");
    }
}

#[test]
fn open_time_that_is_added_and_taken_away_returns_to_where_it_began() {
    let mut chance = Chance(0xb0a7);
    for calendar in calendars() {
        let mut tried = 0;
        while tried < 60 {
            let start = chance.moment();
            if !calendar.is_open_at(start) {
                continue;
            }
            let open = chance.minutes(40_000) * 60_000;
            let end = calendar.plus_open(start, open);
            assert_eq!(calendar.open_between(start, end), open, "{} {start:?}", calendar.code);
            assert_eq!(calendar.minus_open(end, open), start, "{} {start:?}", calendar.code);
            tried += 1;
        }
    }
}

#[test]
fn only_the_holds_that_a_rule_names_let_its_clock_stand_still() {
    let calendar = Calendar::weekdays("Europe/Oslo");
    let from = Instant::from_milliseconds(1_787_000_000_000);
    let mut clock = clock(Term::WorkingDays(5), from, &calendar);
    let due = clock.due_at;
    clock.pause(from.plus_minutes(10), HoldReason::Legal);
    assert!(clock.pauses.is_empty());
    clock.pause(from.plus_minutes(10), HoldReason::Citizen);
    clock.resume(from.plus_minutes(10 + 2_880), &calendar);
    assert!(clock.due_at > due);
}

#[test]
fn casedesk_judges_the_old_cases_of_a_city_as_the_city_did() {
    let requests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/requests");
    let file = requests.join("boston-pest-2013-2017.csv.gz");
    if !file.exists() {
        return;
    }
    let mapping = Mapping::load("boston311").unwrap();
    let compared = compare_clocks(&file, &mapping, None).unwrap();
    assert_eq!((compared.rows, compared.agree, compared.disagree), (29_838, 29_838, 0));
    // Before anything was due, no open case is late; the city's own judgement is of a later day.
    let early = compare_clocks(&file, &mapping, Some("2012-12-31 00:00")).unwrap();
    assert_eq!((early.disagree, early.first.len()), (2_022, 20));
    assert_eq!(early.first[0].ours, "on time");
}
