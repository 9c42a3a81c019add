//! Times as people say them, in five languages, within the office's own hours.

use casedesk::domain::time::{Calendar, Day, Instant, OfficeHours, Tongue, Zone, said_time};

/// Friday, 21 August 2026, 11:20 in Oslo; the office works Monday to Friday from eight to four.
fn friday() -> (Calendar, Instant) {
    let calendar = Calendar::weekdays("Europe/Oslo");
    let now = calendar.zone().instant(Day::from_parts(2026, 8, 21).unwrap(), 11, 20);
    (calendar, now)
}

fn understood(text: &str) -> String {
    let (calendar, now) = friday();
    match said_time(text, now, &calendar, &Tongue::ALL) {
        Ok(said) => match said.closed {
            Some(closed) => format!("{}; {}", said.understood, closed.words),
            None => said.understood,
        },
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_time_is_understood_as_one_says_it() {
    const TABLE: &[(&str, &str)] = &[
        ("14", "Fri 21 Aug 14:00, in 2 h 40 min"),
        ("14:30", "Fri 21 Aug 14:30, in 3 h 10 min"),
        ("1430", "Fri 21 Aug 14:30, in 3 h 10 min"),
        ("14.30", "Fri 21 Aug 14:30, in 3 h 10 min"),
        ("14h30", "Fri 21 Aug 14:30, in 3 h 10 min"),
        ("2pm", "Fri 21 Aug 14:00, in 2 h 40 min"),
        ("2 p.m.", "Fri 21 Aug 14:00, in 2 h 40 min"),
        ("2", "Fri 21 Aug 14:00, in 2 h 40 min"),
        ("2:30", "Fri 21 Aug 14:30, in 3 h 10 min"),
        ("noon", "Fri 21 Aug 12:00, in 40 min"),
        ("afternoon", "Fri 21 Aug 16:00, in 4 h 40 min"),
        ("9", "Mon 24 Aug 09:00, in 3 days (09:00 has passed today: the next working day)"),
        ("morning 9", "Mon 24 Aug 09:00, in 3 days (09:00 has passed today: the next working day)"),
        ("fri", "Fri 21 Aug 16:00, in 4 h 40 min"),
        ("fri 14", "Fri 21 Aug 14:00, in 2 h 40 min"),
        ("fri 9", "Fri 28 Aug 09:00, in 7 days (09:00 has passed today: next week)"),
        ("on monday at 10 o'clock", "Mon 24 Aug 10:00, in 3 days"),
        ("mon 930", "Mon 24 Aug 09:30, in 3 days"),
        ("+2h", "Fri 21 Aug 13:20, in 2 h"),
        ("+ 2 h", "Fri 21 Aug 13:20, in 2 h"),
        ("+30m", "Fri 21 Aug 11:50, in 30 min"),
        ("+1h30", "Fri 21 Aug 12:50, in 1 h 30 min"),
        ("+3d", "Mon 24 Aug 11:20, in 3 days"),
        ("in an hour", "Fri 21 Aug 12:20, in 1 h"),
        ("in half an hour", "Fri 21 Aug 11:50, in 30 min"),
        ("2 hours", "Fri 21 Aug 13:20, in 2 h"),
        ("24.8. 14:00", "Mon 24 Aug 14:00, in 3 days"),
        ("24.8. 14.30", "Mon 24 Aug 14:30, in 3 days"),
        ("24/8 9", "Mon 24 Aug 09:00, in 3 days"),
        ("24 aug 9", "Mon 24 Aug 09:00, in 3 days"),
        ("24 August", "Mon 24 Aug 16:00, in 3 days"),
        ("2026-08-24 9", "Mon 24 Aug 09:00, in 3 days"),
        (
            "3.1. 10",
            "Sun 3 Jan 2027 10:00, in 135 days; the office is closed then; Mon 4 Jan 2027 08:00?",
        ),
        // Outside the hours of the office.
        ("18", "Fri 21 Aug 18:00, in 6 h 40 min; the office is closed then; Fri 21 Aug 16:00?"),
        ("mon 07:00", "Mon 24 Aug 07:00, in 3 days; the office is closed then; Mon 24 Aug 08:00?"),
        (
            "tomorrow 10",
            "Sat 22 Aug 10:00, in 22 h 40 min; the office is closed then; Fri 21 Aug 16:00?",
        ),
        ("sun 14", "Sun 23 Aug 14:00, in 2 days; the office is closed then; Mon 24 Aug 08:00?"),
        // Spanish.
        ("vie 14", "Fri 21 Aug 14:00, in 2 h 40 min"),
        ("mar 9", "Tue 25 Aug 09:00, in 4 days"),
        ("miércoles a las 9 de la mañana", "Wed 26 Aug 09:00, in 5 days"),
        ("a las 3 de la tarde", "Fri 21 Aug 15:00, in 3 h 40 min"),
        ("mediodía", "Fri 21 Aug 12:00, in 40 min"),
        ("en una hora", "Fri 21 Aug 12:20, in 1 h"),
        ("dentro de 2 horas", "Fri 21 Aug 13:20, in 2 h"),
        ("en media hora", "Fri 21 Aug 11:50, in 30 min"),
        ("3 mar", "Wed 3 Mar 2027 16:00, in 194 days"),
        // Turkish.
        ("cuma 14", "Fri 21 Aug 14:00, in 2 h 40 min"),
        ("salı sabah 9", "Tue 25 Aug 09:00, in 4 days"),
        ("Çarşamba saat 10", "Wed 26 Aug 10:00, in 5 days"),
        ("PAZARTESİ 9", "Mon 24 Aug 09:00, in 3 days"),
        ("öğleden sonra 3", "Fri 21 Aug 15:00, in 3 h 40 min"),
        ("2 saat sonra", "Fri 21 Aug 13:20, in 2 h"),
        ("yarım saat sonra", "Fri 21 Aug 11:50, in 30 min"),
        // Norwegian.
        ("fre 14", "Fri 21 Aug 14:00, in 2 h 40 min"),
        ("tirsdag kl. 9.30", "Tue 25 Aug 09:30, in 4 days"),
        ("tir 9", "Tue 25 Aug 09:00, in 4 days"),
        ("man formiddag", "Mon 24 Aug 12:00, in 3 days"),
        ("i ettermiddag", "Fri 21 Aug 16:00, in 4 h 40 min"),
        ("om en time", "Fri 21 Aug 12:20, in 1 h"),
        ("om 30 minutter", "Fri 21 Aug 11:50, in 30 min"),
        ("24. august kl 10", "Mon 24 Aug 10:00, in 3 days"),
        // Persian.
        ("جمعه ۹", "Fri 28 Aug 09:00, in 7 days (09:00 has passed today: next week)"),
        ("سه‌شنبه ساعت ۹ صبح", "Tue 25 Aug 09:00, in 4 days"),
        ("سه شنبه ۹", "Tue 25 Aug 09:00, in 4 days"),
        ("۳ بعدازظهر", "Fri 21 Aug 15:00, in 3 h 40 min"),
        ("۲ ساعت دیگر", "Fri 21 Aug 13:20, in 2 h"),
        ("ظهر", "Fri 21 Aug 12:00, in 40 min"),
        ("۱۴:۳۰", "Fri 21 Aug 14:30, in 3 h 10 min"),
        ("٢ شهریور ساعت ١٠", "Mon 24 Aug 10:00, in 3 days"),
        ("۱۴۰۵/۶/۲ ۱۴", "Mon 24 Aug 14:00, in 3 days"),
        ("2 shahrivar 10", "Mon 24 Aug 10:00, in 3 days"),
    ];
    for (text, said) in TABLE {
        assert_eq!(understood(text), *said, "{text}");
    }
}

#[test]
fn what_is_no_time_is_said_with_what_would_be_one() {
    for (text, said) in [
        ("", "There is no time yet"),
        ("soon", "\"soon\" is no time"),
        ("25", "There is no 25 on a clock"),
        ("14:75", "There is no 14:75 on a clock"),
        ("fri mon", "That is more than one day"),
        ("9 10", "That is more than one hour"),
        ("today 9", "Fri 21 Aug 09:00 has passed"),
        ("2026-08-20 9", "Thu 20 Aug 09:00 has passed"),
        ("+9999d", "That is more than a year away"),
        ("+", "That is no time from now"),
        ("+90", "Say of what"),
        ("14 am", "14 is after noon"),
        ("31.2.", "\"31.2.\" is no time"),
    ] {
        let refusal = understood(text);
        assert!(refusal.starts_with(said), "{text}: {refusal}");
        assert!(refusal.contains(": ") && refusal.ends_with('.'), "{text}: {refusal}");
    }
}

#[test]
fn a_word_of_two_languages_means_what_the_office_s_own_says() {
    use Tongue as T;
    let (calendar, now) = friday();
    let day = |text: &str, tongues: &[Tongue]| {
        let said = said_time(text, now, &calendar, tongues).ok()?;
        Some(calendar.zone().day(said.at).to_string())
    };
    // `sa` is Saturday in English; `to` is Thursday in Norwegian, and no word of Spanish.
    assert_eq!(day("to 9", &[T::Norwegian]).as_deref(), Some("2026-08-27"));
    assert_eq!(day("to 9", &[T::Spanish]), None);
    // `mi` begins a Wednesday in Spanish, and nothing in Turkish; `mart` is a month in Turkish.
    assert_eq!(day("3 mart", &[T::Turkish]).as_deref(), Some("2027-03-03"));
    assert_eq!(day("3 mart", &[T::Norwegian]), None);
    assert_eq!(day("3 tir 9", &[T::Norwegian]).as_deref(), None, "two hours");
    assert_eq!(day("9 tir", &[T::Norwegian]).as_deref(), Some("2026-08-25"), "Tuesday at nine");
    assert_eq!(day("9 tir", &[T::Norwegian, T::Persian]).as_deref(), Some("2026-08-25"));
    assert_eq!(day("9 tir", &[T::Persian, T::Norwegian]).as_deref(), Some("2027-06-30"));
    assert_eq!(day("9 tir", &[T::Persian]).as_deref(), Some("2027-06-30"), "the ninth of Tir");
}

/// Chance that is the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

#[test]
fn whatever_is_typed_lies_ahead_within_a_year_or_is_refused() {
    const PIECES: [&str; 44] = [
        "+",
        "2",
        "9",
        "14",
        "23",
        "0",
        "99",
        "1430",
        "2359",
        "14:30",
        "24.8.",
        "31/12",
        "2026-12-31",
        "1405/12/29",
        "h",
        "m",
        "d",
        "w",
        "pm",
        "am",
        "fri",
        "vie",
        "cuma",
        "lør",
        "جمعه",
        "ساعت",
        "فردا",
        "tomorrow",
        "mañana",
        "noon",
        "morning",
        "afternoon",
        "i",
        "in",
        "en",
        "om",
        "sonra",
        "دیگر",
        "hour",
        "dager",
        "shahrivar",
        "mar",
        "\u{200c}",
        "x",
    ];
    let (_, friday) = friday();
    let closed = vec![Day::from_parts(2026, 8, 24).unwrap()];
    let hours = OfficeHours { closed, ..OfficeHours::weekdays("Europe/Oslo") };
    let calendar = Calendar::from(&hours);
    let never = Calendar::from(&OfficeHours { week: [None; 7], ..hours });
    let mut chance = Chance(0x5eed);
    let mut taken = 0;
    for _ in 0..5_000 {
        let text: Vec<&str> = (0..=chance.below(4))
            .map(|_| PIECES[usize::try_from(chance.below(44)).unwrap()])
            .collect();
        let text = text.join(if chance.below(4) == 0 { "" } else { " " });
        let now = friday.plus_minutes(i64::try_from(chance.below(600_000)).unwrap());
        let calendar = if chance.below(10) == 0 { &never } else { &calendar };
        let Ok(said) = said_time(&text, now, calendar, &Tongue::ALL) else { continue };
        taken += 1;
        assert!(said.at > now && said.at <= now.plus_minutes(368 * 1_440), "{text}: {said:?}");
        let Some(closed) = said.closed else { continue };
        if let Some(nearest) = closed.nearest {
            assert!(nearest > now, "{text}");
            let again = said_time("14", now, calendar, &Tongue::ALL).unwrap();
            assert!(again.closed.is_none(), "an hour alone falls on a working day: {text}");
        }
    }
    assert!(taken > 500, "the pieces make {taken} times");
}

#[test]
fn a_moment_in_full_is_that_moment_in_any_digits() {
    let (calendar, now) = friday();
    let zone = Zone::named("Europe/Oslo").unwrap();
    let mut chance = Chance(7);
    for _ in 0..500 {
        let day = zone.day(now).plus_days(1 + i32::try_from(chance.below(360)).unwrap());
        let (hour, minute) =
            (i8::try_from(chance.below(24)).unwrap(), i8::try_from(chance.below(60)).unwrap());
        let text = format!("{day} {hour:02}:{minute:02}");
        let wanted = zone.instant(day, hour, minute);
        let said = |text: &str| said_time(text, now, &calendar, &Tongue::ALL).map(|said| said.at);
        assert_eq!(said(&text), Ok(wanted), "{text}");
        for zero in ['\u{6f0}', '\u{660}'] {
            let digits = |letter: char| match letter.to_digit(10) {
                Some(value) => char::from_u32(u32::from(zero) + value).unwrap(),
                None => letter,
            };
            let other: String = text.chars().map(digits).collect();
            assert_eq!(said(&other), Ok(wanted), "{other}");
        }
    }
}
