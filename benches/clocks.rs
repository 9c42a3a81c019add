//! Times the clocks of an office's open cases: all of them counted anew, with pauses and extensions, and judged.
//!
//! `CASES=100000 cargo bench --bench clocks`

use std::time::Instant as Stopwatch;

use casedesk::domain::cases::HoldReason;
use casedesk::domain::time::{Clock, ClockKind, Day, Extended, HolidayPreset, Instant, Term};

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn main() {
    let cases: u32 = std::env::var("CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(100_000);
    for code in ["no", "tr", "ir"] {
        let Some(preset) = HolidayPreset::of(code) else { continue };
        let calendar = preset.calendar();
        let clock = Stopwatch::now();
        let warm = calendar.plus_open(Instant::from_milliseconds(1_787_000_000_000), 60_000);
        report(code, "the calendar's row, once", 1, clock);
        let mut due = warm.milliseconds();
        let clock = Stopwatch::now();
        let all: Vec<[Clock; 5]> = (0..cases).map(|number| clocks(number, &calendar)).collect();
        report(code, "clocks begun", cases, clock);
        let now = calendar.close_of(Day::from_parts(2026, 11, 20).unwrap_or_default());
        let clock = Stopwatch::now();
        let mut late = 0_u32;
        for held in all.iter().flatten() {
            due ^= held.due_by(&calendar).milliseconds();
            late += u32::from(held.is_late(now));
        }
        report(code, "all clocks counted anew and judged", cases, clock);
        println!("{code}  {late} late, {due:x}");
    }
}

/// The five clocks of a case: minutes, working days, days and months, two of them extended, with a pause in every third.
fn clocks(number: u32, calendar: &casedesk::domain::time::Calendar) -> [Clock; 5] {
    let from =
        Instant::from_milliseconds(1_780_000_000_000).plus_minutes(i64::from(number % 250_000));
    let clock = |kind, term| {
        let reasons = [HoldReason::Citizen];
        let mut clock = Clock::of_rule(kind, "bench@1", (term, from), &reasons, calendar);
        if number.is_multiple_of(3) {
            clock.pause(from.plus_minutes(700), HoldReason::Citizen);
            clock.resume(from.plus_minutes(9_000), calendar);
        }
        if number.is_multiple_of(5) && kind == ClockKind::Legal {
            let (term, reason) = (Term::CalendarDays(42), String::new());
            clock.extend(Extended { term, at: from, reason }, calendar);
        }
        clock
    };
    [
        clock(ClockKind::Screen, Term::BusinessMinutes(480)),
        clock(ClockKind::Answer, Term::WorkingDays(5)),
        clock(ClockKind::Update, Term::BusinessMinutes(4_800)),
        clock(ClockKind::Decide, Term::CalendarMonths(2)),
        clock(ClockKind::Legal, Term::CalendarDays(56)),
    ]
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn report(code: &str, what: &str, cases: u32, clock: Stopwatch) {
    let took = clock.elapsed();
    println!("{code}  {what}: {cases} in {:.1} ms", took.as_secs_f64() * 1_000.0);
}
