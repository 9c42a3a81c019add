//! Takes the text of a time apart: what day, what hour, or how far from now, as it was said and not yet when that is.

use crate::domain::time::Day;

use super::persian;
use super::words::{Tongue, Unit, Word, meaning, month};

/// Pieces of a text that are looked at; a time has fewer.
const PIECES_MAX: usize = 24;
/// Words that a phrase has at most.
const PHRASE_WORDS_MAX: usize = 4;

/// What was said, before it is known when that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// So many minutes and days from now.
    FromNow { minutes: i64, days: i64 },
    /// A day, an hour, or both.
    At { day: SaidDay, time: SaidTimeOfDay },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SaidDay {
    None,
    /// So many days after today.
    Ahead(i32),
    /// A weekday, Monday being 0.
    Weekday(u8),
    /// A date, and whether its year was said.
    Date(Day, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SaidTimeOfDay {
    None,
    /// Hour and minute; whether it may mean the afternoon as well.
    Clock {
        hour: i8,
        minute: i8,
        is_bare: bool,
    },
    Noon,
    Morning,
    Afternoon,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Digits, with what stands between them.
    Figures(String),
    Plus,
    Word(Word),
    /// A word that is a month after a day of the month, and something else otherwise.
    MonthOr(Word, Option<Word>),
}

/// What was said, or what in it means nothing.
pub(super) fn read(text: &str, today: Day, tongues: &[Tongue]) -> Result<Said, String> {
    let pieces = pieces(text, tongues)?;
    if pieces.is_empty() {
        return Err("There is no time yet".to_owned());
    }
    if is_from_now(&pieces) { from_now(&pieces) } else { at(&pieces, today) }
}

/// Whether something is counted from now: by a plus, by a word as `in`, or by a unit in full behind its number.
fn is_from_now(pieces: &[Piece]) -> bool {
    let is_marked = |piece: &Piece| matches!(piece, Piece::Plus | Piece::Word(Word::FromNow));
    let is_counted = |pair: &[Piece]| {
        let number = matches!(pair.first(), Some(Piece::Figures(figures)) if plain(figures).is_some())
            || matches!(pair.first(), Some(Piece::Word(Word::One | Word::Half)));
        number && matches!(pair.last(), Some(Piece::Word(Word::Unit(_))))
    };
    pieces.iter().any(is_marked) || pieces.windows(2).any(is_counted)
}

fn from_now(pieces: &[Piece]) -> Result<Said, String> {
    let (mut minutes, mut days) = (0_i64, 0_i64);
    // Halves of what is counted, so that half an hour is a whole number.
    let (mut halves, mut was_hours, mut is_any) = (None, false, false);
    for piece in pieces {
        match piece {
            Piece::Plus | Piece::Word(Word::FromNow | Word::Filler) => {}
            Piece::Figures(figures) => {
                let number = plain(figures).ok_or_else(|| not_understood(figures))?;
                halves = Some(number.saturating_mul(2));
            }
            Piece::Word(Word::One) => halves = Some(2),
            Piece::Word(Word::Half) => halves = Some(1),
            Piece::Word(Word::Unit(unit) | Word::Letter(unit)) => {
                let count = halves.take().unwrap_or(2);
                match unit {
                    Unit::Minutes => minutes = minutes.saturating_add(count / 2),
                    Unit::Hours => minutes = minutes.saturating_add(count.saturating_mul(30)),
                    Unit::Days => days = days.saturating_add(count / 2),
                    Unit::Weeks => days = days.saturating_add(count.saturating_mul(7) / 2),
                }
                was_hours = *unit == Unit::Hours;
                is_any = true;
            }
            Piece::Word(_) | Piece::MonthOr(..) => {
                return Err("A day does not go with a time that counts from now".to_owned());
            }
        }
    }
    match halves {
        // 1h30 is an hour and thirty minutes.
        Some(left) if was_hours => minutes = minutes.saturating_add(left / 2),
        Some(_) => return Err("Say of what: +30m, +2h, +3d".to_owned()),
        None => {}
    }
    if !is_any || (minutes <= 0 && days <= 0) {
        return Err("That is no time from now: +30m, +2h, +3d".to_owned());
    }
    Ok(Said::FromNow { minutes, days })
}

/// A day and a time of day while they are being put together.
struct Parts {
    day: SaidDay,
    time: SaidTimeOfDay,
    /// Before or after noon, where that was said beside the hour.
    half: Option<Word>,
    today: Day,
}

fn at(pieces: &[Piece], today: Day) -> Result<Said, String> {
    let mut parts = Parts { day: SaidDay::None, time: SaidTimeOfDay::None, half: None, today };
    let mut rest = pieces.iter().peekable();
    let mut is_hour_next = false;
    while let Some(piece) = rest.next() {
        let was_hour_next = std::mem::take(&mut is_hour_next);
        match piece {
            Piece::Figures(figures) => {
                let month = match rest.peek() {
                    Some(Piece::MonthOr(month, _)) if !was_hour_next => Some(*month),
                    _ => None,
                };
                if let Some(month) = month
                    && let Some(on) = plain(figures)
                {
                    rest.next();
                    parts.month_day(on, month)?;
                    continue;
                }
                let is_before_h =
                    matches!(rest.peek(), Some(Piece::Word(Word::Letter(Unit::Hours))));
                if is_before_h {
                    rest.next();
                }
                let minutes = match rest.peek() {
                    Some(Piece::Figures(minutes)) if is_before_h => Some(minutes.clone()),
                    _ => None,
                };
                if let Some(minutes) = minutes {
                    rest.next();
                    parts.clock(&format!("{figures}:{minutes}"))?;
                } else {
                    parts.figures(figures, was_hour_next || is_before_h)?;
                }
            }
            Piece::Word(Word::At | Word::Unit(Unit::Hours)) => is_hour_next = true,
            Piece::Word(word) | Piece::MonthOr(_, Some(word)) => parts.word(*word)?,
            Piece::MonthOr(_, None) => {
                return Err("Say the day before the month: 24 Aug".to_owned());
            }
            Piece::Plus => return Err("Say of what: +30m, +2h, +3d".to_owned()),
        }
    }
    parts.done()
}

impl Parts {
    fn word(&mut self, word: Word) -> Result<(), String> {
        match word {
            Word::Weekday(day) => self.day(SaidDay::Weekday(day)),
            Word::Ahead(days) => self.day(SaidDay::Ahead(days)),
            Word::Noon => self.time(SaidTimeOfDay::Noon),
            Word::Morning | Word::Afternoon | Word::Am | Word::Pm => {
                if self.half.replace(word).is_some_and(|half| half != word) {
                    return Err("It is before noon or after it".to_owned());
                }
                Ok(())
            }
            Word::At | Word::Filler | Word::One | Word::Unit(_) | Word::FromNow => Ok(()),
            Word::Half | Word::Letter(_) => Err("Say it as 14, 14:30 or +30m".to_owned()),
            Word::Month(_) | Word::PersianMonth(_) => {
                Err("Say the day before the month: 24 Aug".to_owned())
            }
        }
    }

    fn day(&mut self, day: SaidDay) -> Result<(), String> {
        if self.day != SaidDay::None && self.day != day {
            return Err("That is more than one day".to_owned());
        }
        self.day = day;
        Ok(())
    }

    fn time(&mut self, time: SaidTimeOfDay) -> Result<(), String> {
        if self.time != SaidTimeOfDay::None && self.time != time {
            return Err("That is more than one hour".to_owned());
        }
        self.time = time;
        Ok(())
    }

    fn month_day(&mut self, on: i64, month: Word) -> Result<(), String> {
        let on = i8::try_from(on).unwrap_or(i8::MAX);
        let found = if let Word::Month(month) = month {
            next_date(month, on, self.today)
        } else if let Word::PersianMonth(month) = month {
            persian::next(month, on, self.today)
        } else {
            None
        };
        self.day(SaidDay::Date(
            found.ok_or_else(|| format!("There is no day {on} in that month"))?,
            false,
        ))
    }

    /// Figures are a date where they look like one and no day was said, and a time of day otherwise.
    fn figures(&mut self, figures: &str, is_hour: bool) -> Result<(), String> {
        let is_date = !is_hour && self.day == SaidDay::None && !figures.contains(':');
        if is_date && let Some((day, has_year)) = date(figures, self.today) {
            return self.day(SaidDay::Date(day, has_year));
        }
        self.clock(figures)
    }

    fn clock(&mut self, figures: &str) -> Result<(), String> {
        let (hour, minute) = clock(figures).ok_or_else(|| not_understood(figures))?;
        if !(0..24).contains(&hour) || !(0..60).contains(&minute) {
            return Err(format!("There is no {figures} on a clock: hours go from 0 to 23"));
        }
        let is_bare = (1..=7).contains(&hour) && !figures.starts_with('0');
        self.time(SaidTimeOfDay::Clock { hour, minute, is_bare })
    }

    fn done(self) -> Result<Said, String> {
        let time = match (self.time, self.half) {
            (SaidTimeOfDay::None, Some(Word::Morning)) => SaidTimeOfDay::Morning,
            (SaidTimeOfDay::None, Some(Word::Afternoon)) => SaidTimeOfDay::Afternoon,
            (SaidTimeOfDay::None, Some(_)) => return Err("Say the hour, too: 2pm".to_owned()),
            (SaidTimeOfDay::Clock { hour, minute, .. }, Some(half)) => {
                let is_later = matches!(half, Word::Pm | Word::Afternoon);
                if hour > 12 && !is_later {
                    return Err(format!("{hour} is after noon"));
                }
                let hour = match hour {
                    12 if half == Word::Am => 0,
                    ..12 if is_later => hour + 12,
                    _ => hour,
                };
                SaidTimeOfDay::Clock { hour, minute, is_bare: false }
            }
            (time, _) => time,
        };
        if self.day == SaidDay::None && time == SaidTimeOfDay::None {
            return Err("There is neither a day nor an hour in it".to_owned());
        }
        Ok(Said::At { day: self.day, time })
    }
}

/// A whole number of at most four digits, with or without a full stop behind it.
fn plain(figures: &str) -> Option<i64> {
    let digits = figures.strip_suffix('.').unwrap_or(figures);
    digits.parse().ok().filter(|_| digits.len() <= 4)
}

/// Hour and minute of `14`, `14:30`, `14.30`, `930`, `1430`, whatever their size.
fn clock(figures: &str) -> Option<(i8, i8)> {
    let figures = figures.trim_end_matches(['.', ':']);
    if let Some((hour, minute)) = figures.split_once([':', '.']) {
        let minute = minute.parse().ok().filter(|_| minute.len() == 2)?;
        return Some((hour.parse().ok()?, minute));
    }
    let number: i16 = figures.parse().ok()?;
    match figures.len() {
        1 | 2 => Some((i8::try_from(number).ok()?, 0)),
        3 | 4 => Some((i8::try_from(number / 100).ok()?, i8::try_from(number % 100).ok()?)),
        _ => None,
    }
}

/// The day of `24.8.`, `24/8`, `24-8`, `24.8.2026`, `2026-08-24` or, in the Persian calendar, `1405/6/2`, and whether its
/// year was said.
fn date(figures: &str, today: Day) -> Option<(Day, bool)> {
    let parts: Vec<&str> = figures.split(['.', '/', '-']).filter(|part| !part.is_empty()).collect();
    let small = |part: &str| part.parse::<i8>().ok();
    match parts.as_slice() {
        [year, month, on] if year.len() == 4 => {
            let (year, month, on) = (year.parse().ok()?, small(month)?, small(on)?);
            let day = if persian::is_year(year) {
                persian::day(year, month, on)
            } else {
                Day::from_parts(year, month, on)
            };
            day.map(|day| (day, true))
        }
        [on, month, year] if matches!(year.len(), 2 | 4) => {
            let year: i16 = year.parse().ok()?;
            let year = if year < 100 { year + 2_000 } else { year };
            Day::from_parts(year, small(month)?, small(on)?).map(|day| (day, true))
        }
        [on, month] => next_date(small(month)?, small(on)?, today).map(|day| (day, false)),
        _ => None,
    }
}

/// The first such day from today on.
fn next_date(month: i8, on: i8, today: Day) -> Option<Day> {
    let this_year = today.date().year();
    // 29 February may be some years away.
    (this_year..this_year.saturating_add(9))
        .filter_map(|year| Day::from_parts(year, month, on))
        .find(|found| *found >= today)
}

fn not_understood(words: &str) -> String {
    format!("\"{words}\" is no time")
}

/// The text in pieces: figures, plus signs, and words or phrases that mean something.
fn pieces(text: &str, tongues: &[Tongue]) -> Result<Vec<Piece>, String> {
    let raw = split(text)?;
    let mut pieces = Vec::new();
    let mut rest = raw.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if pieces.len() == PIECES_MAX {
            return Err("That is too long for a time".to_owned());
        }
        if first == "+" {
            pieces.push(Piece::Plus);
            rest = after;
        } else if first.starts_with(|letter: char| letter.is_ascii_digit()) {
            pieces.push(Piece::Figures(first.clone()));
            rest = after;
        } else {
            let (piece, words) = phrase(rest, tongues).ok_or_else(|| not_understood(first))?;
            pieces.push(piece);
            rest = rest.get(words..).unwrap_or_default();
        }
    }
    Ok(pieces)
}

/// The longest phrase that a text begins with, and of how many words it is.
fn phrase(rest: &[String], tongues: &[Tongue]) -> Option<(Piece, usize)> {
    (1..=PHRASE_WORDS_MAX.min(rest.len())).rev().find_map(|words| {
        let phrase = rest.get(..words)?.join(" ");
        // Of a weekday and a month that are written alike, the language that comes first decides.
        tongues.iter().find_map(|tongue| {
            let known = meaning(&phrase, *tongue);
            let elsewhere = || tongues.iter().find_map(|other| meaning(&phrase, *other));
            match month(&phrase, *tongue) {
                Some(month) => Some((Piece::MonthOr(month, known.or_else(elsewhere)), words)),
                None => known.map(|word| (Piece::Word(word), words)),
            }
        })
    })
}

/// Figures, plus signs and words, all of them folded.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut raw: Vec<String> = Vec::new();
    let mut is_open = false;
    for letter in folded(text).chars() {
        let is_figure = letter.is_ascii_digit();
        let is_between = matches!(letter, '.' | ':' | '/' | '-');
        let last = raw.last_mut().filter(|_| is_open);
        let in_figures =
            last.as_ref().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()));
        match last {
            Some(last) if in_figures && (is_figure || is_between) => last.push(letter),
            Some(last) if !in_figures && (letter.is_alphabetic() || letter == '\'') => {
                last.push(letter);
            }
            _ if is_figure || letter.is_alphabetic() => {
                raw.push(letter.to_string());
                is_open = true;
            }
            _ if letter == '+' => {
                raw.push("+".to_owned());
                is_open = false;
            }
            _ if letter.is_whitespace() || is_between || matches!(letter, ',' | '\'' | '،') => {
                is_open = false;
            }
            _ => return Err(not_understood(&letter.to_string())),
        }
    }
    Ok(raw)
}

/// Small letters without accents, Western digits, and Persian letters as Persian writes them. What joins a word without
/// being seen goes.
fn folded(text: &str) -> String {
    let text = text.to_lowercase().replace("a.m", "am").replace("p.m", "pm");
    text.chars()
        .filter_map(|letter| {
            Some(match letter {
                '\u{200c}'
                | '\u{200d}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{300}'..='\u{36f}'
                | '\u{64b}'..='\u{652}' => return None,
                '\u{6f0}'..='\u{6f9}' => digit(letter, '\u{6f0}'),
                '\u{660}'..='\u{669}' => digit(letter, '\u{660}'),
                'ي' | 'ى' => 'ی',
                'ك' => 'ک',
                'ة' => 'ه',
                'á' | 'å' | 'â' => 'a',
                'é' => 'e',
                'í' | 'ı' => 'i',
                'ó' | 'ö' | 'ø' => 'o',
                'ú' | 'ü' => 'u',
                'ñ' => 'n',
                'ç' => 'c',
                'ş' => 's',
                'ğ' => 'g',
                '\u{2019}' => '\'',
                '\u{2013}' | '\u{2212}' => '-',
                '٫' => '.',
                letter => letter,
            })
        })
        .collect()
}

fn digit(letter: char, zero: char) -> char {
    u32::from(letter)
        .checked_sub(u32::from(zero))
        .and_then(|value| char::from_digit(value, 10))
        .unwrap_or(letter)
}
