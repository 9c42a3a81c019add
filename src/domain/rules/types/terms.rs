//! Terms compared with each other, as far as they can be without a calendar.

use crate::domain::time::Term;

/// Days of a week on which an office is open, for a comparison that needs a week.
const WEEK_DAYS: i64 = 5;
/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

/// Whether a term takes longer than another one from the same start, whatever the calendar: where that is open, it does not.
pub(super) fn is_surely_longer(term: Term, than: Term) -> bool {
    match (term, than) {
        (Term::BusinessMinutes(term), Term::BusinessMinutes(than))
        | (Term::ElapsedMinutes(term), Term::ElapsedMinutes(than)) => term > than,
        (Term::WorkingDays(term), Term::WorkingDays(than))
        | (Term::CalendarMonths(term), Term::CalendarMonths(than)) => term > than,
        _ => match (shortest_days(term), longest_days(than)) {
            (Some(shortest), Some(longest)) => shortest > longest,
            _ => false,
        },
    }
}

/// The fewest days of any kind that it can take; working days are those of a week of five.
fn shortest_days(term: Term) -> Option<i64> {
    Some(match term {
        Term::BusinessMinutes(_) => return None,
        Term::WorkingDays(days) => {
            let days = i64::from(days);
            days + days / WEEK_DAYS * (7 - WEEK_DAYS)
        }
        Term::CalendarDays(days) => i64::from(days),
        Term::CalendarMonths(months) => (i64::from(months) * 365 / 12 - 3).max(28),
        Term::ElapsedMinutes(minutes) => i64::from(minutes) / DAY_MINUTES,
    })
}

/// The most days that it can take where nothing says otherwise; none where holidays could lengthen it without end.
fn longest_days(term: Term) -> Option<i64> {
    match term {
        Term::BusinessMinutes(_) | Term::WorkingDays(_) => None,
        Term::CalendarDays(days) => Some(i64::from(days)),
        Term::CalendarMonths(months) => Some(i64::from(months) * 31),
        Term::ElapsedMinutes(minutes) => Some(i64::from(minutes) / DAY_MINUTES + 1),
    }
}
