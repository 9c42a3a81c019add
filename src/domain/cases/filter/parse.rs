//! Reads a filter from what was typed: total on any text, and clear about what is possible where it goes wrong.

use std::str::FromStr;

use crate::domain::cases::{Channel, Nature, Stage};
use crate::domain::time::Day;
use crate::text::nearest;

use super::error::FilterError;
use super::field::{AGE, Field, Flag};
use super::term::{
    AMOUNT_MAX, DayWord, FILTER_BYTES_MAX, Filter, Span, SpanUnit, TERMS_MAX, Term, Test, TimeTest,
    VALUES_MAX, Value,
};

/// Before a term that has to fail, in words.
const NOT: &str = "not:";

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        if text.len() > FILTER_BYTES_MAX {
            return Err(wrong(1, format!("a limit has at most {FILTER_BYTES_MAX} bytes")));
        }
        let mut typed = Typed { letters: text.chars().collect(), at: 0 };
        let mut terms = Vec::new();
        while typed.skip_space() {
            if terms.len() == TERMS_MAX {
                return Err(typed.wrong(format!("a limit has at most {TERMS_MAX} terms")));
            }
            terms.push(term(&mut typed)?);
        }
        Ok(Self { terms })
    }
}

/// What was typed, and how far it is read.
struct Typed {
    letters: Vec<char>,
    at: usize,
}

/// A value as it was typed.
struct Raw {
    text: String,
    column: usize,
    is_quoted: bool,
}

impl Typed {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    /// Whether anything is left behind the space.
    fn skip_space(&mut self) -> bool {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        self.at < self.letters.len()
    }

    fn takes(&mut self, wanted: char) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    fn starts_with(&self, word: &str) -> bool {
        let rest = self.letters.iter().skip(self.at);
        word.len() <= self.letters.len().saturating_sub(self.at)
            && rest.zip(word.chars()).all(|(letter, wanted)| letter.eq_ignore_ascii_case(&wanted))
    }

    fn wrong(&self, what: impl Into<String>) -> FilterError {
        wrong(self.at + 1, what)
    }

    /// The name before a `:`, `=`, `<` or `>`, if that is what comes; nothing is read then.
    fn name(&self) -> Option<String> {
        let rest = self.letters.iter().skip(self.at);
        let name: String = rest.take_while(|letter| letter.is_ascii_alphabetic()).collect();
        let next = self.letters.get(self.at + name.len());
        (!name.is_empty() && matches!(next, Some(':' | '=' | '<' | '>'))).then_some(name)
    }

    /// Values with commas between them.
    fn values(&mut self, wanted: &str) -> Result<Vec<Raw>, FilterError> {
        let mut values = Vec::new();
        loop {
            if values.len() == VALUES_MAX {
                return Err(self.wrong(format!("a list has at most {VALUES_MAX} values")));
            }
            values.push(self.value(wanted)?);
            if !self.takes(',') {
                break;
            }
        }
        // What follows a closing quote at once was meant to be part of the value.
        match self.peek() {
            Some(letter) if !letter.is_whitespace() => {
                Err(self.wrong(format!("{letter} after a quote: put a space between them")))
            }
            _ => Ok(values),
        }
    }

    /// A comparison takes one value, and then comes a space or the end.
    fn ends(&self, name: &str, sign: char) -> Result<(), FilterError> {
        if self.peek().is_none_or(char::is_whitespace) {
            return Ok(());
        }
        Err(self.wrong(format!("{name}{sign} takes one time")))
    }

    fn value(&mut self, wanted: &str) -> Result<Raw, FilterError> {
        let column = self.at + 1;
        if self.takes('"') {
            let text = self.quoted(column)?;
            return Ok(Raw { text, column, is_quoted: true });
        }
        let mut text = String::new();
        while let Some(letter) = self.peek()
            && !letter.is_whitespace()
            && letter != ','
            && letter != '"'
        {
            text.push(letter);
            self.at += 1;
        }
        if text.is_empty() {
            return Err(wrong(column, format!("here belongs {wanted}")));
        }
        Ok(Raw { text, column, is_quoted: false })
    }

    /// A text up to its closing quote; a doubled quote is one of the text's own.
    fn quoted(&mut self, column: usize) -> Result<String, FilterError> {
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            self.at += 1;
            if letter != '"' {
                text.push(letter);
            } else if self.takes('"') {
                text.push('"');
            } else if text.trim().is_empty() {
                return Err(wrong(column, "nothing stands between the quotes"));
            } else {
                return Ok(text);
            }
        }
        Err(wrong(column, "the quote has no end: add a \""))
    }
}

fn wrong(column: usize, what: impl Into<String>) -> FilterError {
    FilterError { column, what: what.into() }
}

fn term(typed: &mut Typed) -> Result<Term, FilterError> {
    let mut is_not = typed.takes('-');
    if !is_not && typed.starts_with(NOT) {
        typed.at += NOT.len();
        is_not = true;
    }
    if is_not && typed.peek().is_none_or(|next| next.is_whitespace() || next == '-') {
        let what = "what is to be left out follows at once, as in -late or not:escalated";
        return Err(typed.wrong(what));
    }
    let test = match typed.name() {
        Some(name) => field_test(typed, &name)?,
        None => words(typed)?,
    };
    Ok(Term { is_not, test })
}

/// What to write instead of a word that joins terms in other languages.
pub(super) fn joiner(word: &str) -> Option<&'static str> {
    const JOINERS: [(&str, &str); 3] = [
        ("or", "or is written as a comma, as in nature:complaint,request; \"or\" is the word"),
        ("and", "and is not written: terms side by side must all hold; \"and\" is the word"),
        ("not", "not stands at its term, as in -late or not:late; \"not\" is the word"),
    ];
    let is = |(known, _): &(&str, &str)| known.eq_ignore_ascii_case(word);
    JOINERS.into_iter().find(is).map(|(_, what)| what)
}

/// Flags, or words.
fn words(typed: &mut Typed) -> Result<Test, FilterError> {
    let values = typed.values("a word")?;
    if let [raw] = values.as_slice()
        && !raw.is_quoted
        && let Some(what) = joiner(&raw.text)
    {
        return Err(wrong(raw.column, what));
    }
    let flag = |raw: &Raw| if raw.is_quoted { None } else { Flag::named(&raw.text) };
    let flags: Vec<Flag> = values.iter().filter_map(flag).collect();
    if flags.is_empty() {
        return Ok(Test::Words(values.into_iter().map(|raw| raw.text).collect()));
    }
    if flags.len() == values.len() {
        return Ok(Test::Flags(flags));
    }
    let column = values.first().map_or(1, |raw| raw.column);
    let named = flags.first().map_or("", |flag| flag.word());
    let what = format!("{named} is a flag and no word: put the word into quotes, \"{named}\"");
    Err(wrong(column, what))
}

fn field_test(typed: &mut Typed, name: &str) -> Result<Test, FilterError> {
    let column = typed.at + 1;
    let Some(field) = Field::meant(name) else {
        return Err(wrong(column, unknown_field(name)));
    };
    typed.at += name.len();
    let sign_column = typed.at + 1;
    let mut sign = typed.peek().unwrap_or(':');
    typed.at += 1;
    // `due:<2d` is what other programs taught.
    if matches!(sign, ':' | '=')
        && let Some(after @ ('<' | '>')) = typed.peek()
    {
        sign = after;
        typed.at += 1;
    }
    if matches!(sign, '<' | '>') {
        let is_inclusive = typed.takes('=');
        if field == Field::Due {
            return Ok(Test::Due(time_test(typed, name, sign, is_inclusive)?));
        }
        if field == Field::Received {
            return Ok(Test::Received(time_test(typed, name, sign, is_inclusive)?));
        }
        let what = format!("{name} has no more and less: {name}:, and then a value");
        return Err(wrong(sign_column, what));
    }
    let wanted = possible(field);
    let values = typed.values(&wanted)?;
    let listed = |raw: &Raw| wrong(raw.column, format!("{name}:{}: {wanted}", raw.text));
    Ok(match field {
        Field::Unit => Test::Unit(named(field, values)),
        Field::Site => Test::Site(named(field, values)),
        Field::Owner => Test::Owner(named(field, values)),
        Field::Subject => Test::Subject(named(field, values)),
        Field::Area => Test::Area(named(field, values)),
        Field::Term => Test::Indexed(named(field, values)),
        Field::Nature => Test::Nature(picked(&values, &natures(), listed)?),
        Field::Stage => Test::Stage(picked(&values, &stages(), listed)?),
        Field::Channel => Test::Channel(picked(&values, &channels(), listed)?),
        Field::Flag => {
            let flags: Vec<_> = Flag::ALL.iter().map(|flag| (*flag, [flag.word(); 2])).collect();
            Test::Flags(picked(&values, &flags, listed)?)
        }
        Field::Due => Test::Due(TimeTest::On(days(&values, listed)?)),
        Field::Received => Test::Received(TimeTest::On(days(&values, listed)?)),
    })
}

fn unknown_field(name: &str) -> String {
    let known = Field::ALL.iter().map(|field| field.word()).chain([AGE]);
    let meant = nearest(name, known).or_else(|| {
        let begins = |field: &&Field| field.word().starts_with(&name.to_ascii_lowercase());
        Field::ALL.iter().find(begins).map(|field| field.word())
    });
    if let Some(meant) = meant {
        return format!("there is no field {name}; did you mean {meant}:?");
    }
    let words: Vec<_> = Field::ALL.iter().map(|field| field.word()).collect();
    format!("there is no field {name}; there are {}. In quotes it is a word", words.join(", "))
}

/// What can stand behind a field's colon, in words.
pub(super) fn possible(field: Field) -> String {
    match field {
        Field::Unit => "the code or name of a unit".to_owned(),
        Field::Site => "the code or name of a site, or none".to_owned(),
        Field::Owner => "me, none, or a colleague's account or name".to_owned(),
        Field::Subject => "a subject's code, words of its name, or none".to_owned(),
        Field::Area => "an area, or none".to_owned(),
        Field::Term => "an index term's code, words of its name, or none".to_owned(),
        Field::Nature => one_of(natures().iter().map(|(_, [word, _])| *word)),
        Field::Stage => one_of(stages().iter().map(|(_, [word, _])| *word)),
        Field::Channel => one_of(channels().iter().map(|(_, [word, _])| *word)),
        Field::Flag => one_of(Flag::ALL.iter().map(|flag| flag.word())),
        Field::Due => {
            "today, tomorrow, none or a date like 2026-08-24; or due<2d, due>4h, due<24.8.".to_owned()
        }
        Field::Received => {
            "today, yesterday or a date like 2026-08-24; or received>2w, received<1d, received>24.8.".to_owned()
        }
    }
}

impl Filter {
    /// The term that was likely meant by a plain word that is the name of a stage, a nature or a way, and looked for as a word.
    #[must_use]
    pub fn meant(&self) -> Option<String> {
        let named = |word: &String| {
            let is = |names: &[&str; 2]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
            let stage = stages().iter().any(|(_, names)| is(names)).then_some(Field::Stage);
            let nature = || natures().iter().any(|(_, names)| is(names)).then_some(Field::Nature);
            let channel =
                || channels().iter().any(|(_, names)| is(names)).then_some(Field::Channel);
            let field = stage.or_else(nature).or_else(channel)?;
            Some(format!("{}:{}", field.word(), word.to_lowercase()))
        };
        self.terms.iter().find_map(|term| {
            if let Test::Words(words) = &term.test { words.iter().find_map(named) } else { None }
        })
    }
}

fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("one of {}", words.collect::<Vec<_>>().join(", "))
}

/// The natures with what they are called, the word of the normal form first.
pub(super) fn natures() -> Vec<(Nature, [&'static str; 2])> {
    Nature::ALL.iter().map(|nature| (*nature, [nature.label(), nature.code()])).collect()
}

/// As [`natures`].
pub(super) fn stages() -> Vec<(Stage, [&'static str; 2])> {
    Stage::ALL.iter().map(|stage| (*stage, [stage.code(), stage.label()])).collect()
}

/// As [`natures`].
pub(super) fn channels() -> Vec<(Channel, [&'static str; 2])> {
    Channel::ALL.iter().map(|channel| (*channel, [channel.code(), channel.label()])).collect()
}

fn named(field: Field, values: Vec<Raw>) -> Vec<Value> {
    let value = |raw: Raw| {
        let reserved = if raw.is_quoted { None } else { Value::reserved(field, &raw.text) };
        reserved.unwrap_or(Value::Text(raw.text))
    };
    values.into_iter().map(value).collect()
}

/// The listed ones that the values name: by a word, or by the beginning of one that no other begins with.
fn picked<T: Copy + PartialEq>(
    values: &[Raw],
    listed: &[(T, [&'static str; 2])],
    refused: impl Fn(&Raw) -> FilterError,
) -> Result<Vec<T>, FilterError> {
    let mut picked = Vec::new();
    for raw in values {
        let typed = raw.text.to_lowercase();
        let exact = |words: &[&str; 2]| words.iter().any(|word| word.to_lowercase() == typed);
        let begins =
            |words: &[&str; 2]| words.iter().any(|word| word.to_lowercase().starts_with(&typed));
        let mut fitting: Vec<T> =
            listed.iter().filter(|(_, words)| exact(words)).map(|(one, _)| *one).collect();
        if fitting.is_empty() {
            fitting =
                listed.iter().filter(|(_, words)| begins(words)).map(|(one, _)| *one).collect();
        }
        match fitting.as_slice() {
            [one] => picked.push(*one),
            _ => return Err(refused(raw)),
        }
    }
    Ok(picked)
}

/// A comparison with a span of time, or with a day.
fn time_test(
    typed: &mut Typed,
    name: &str,
    sign: char,
    is_inclusive: bool,
) -> Result<TimeTest, FilterError> {
    let wanted = "a time like 2d, 4h or 30m, or a date like 2026-08-24 or 24.8.";
    let raw = typed.value(wanted)?;
    if let Some(word) = day_word(&raw.text).filter(|word| *word != DayWord::None) {
        let word = if !is_inclusive {
            word
        } else if let DayWord::On(day) = word {
            DayWord::On(day.plus_days(if sign == '<' { 1 } else { -1 }))
        } else {
            let what = format!("{name}{sign}= takes a date with its year; {name}{sign} any day");
            return Err(wrong(raw.column, what));
        };
        typed.ends(name, sign)?;
        return Ok(if sign == '<' { TimeTest::Before(word) } else { TimeTest::After(word) });
    }
    let refused = || wrong(raw.column, format!("{name}{sign}{}: {wanted}", raw.text));
    let mut letters = raw.text.chars();
    let unit = letters.next_back().map(|letter| letter.to_ascii_lowercase());
    let unit = SpanUnit::ALL.into_iter().find(|known| Some(known.letter()) == unit);
    let mut amount: Option<u32> = None;
    for letter in letters {
        let digit = digit(letter).ok_or_else(refused)?;
        amount = Some(amount.unwrap_or(0).saturating_mul(10).saturating_add(digit));
    }
    let (Some(unit), Some(amount @ 0..=AMOUNT_MAX)) = (unit, amount) else {
        return Err(refused());
    };
    typed.ends(name, sign)?;
    let span = Span { amount, unit };
    Ok(if sign == '<' { TimeTest::Under(span) } else { TimeTest::Over(span) })
}

/// What a digit of the Latin, Arabic or Persian row counts.
fn digit(letter: char) -> Option<u32> {
    letter.to_digit(10).or_else(|| {
        let rows = [0x0660, 0x06f0];
        let code = u32::from(letter);
        rows.into_iter().find_map(|row| code.checked_sub(row).filter(|digit| *digit < 10))
    })
}

fn days(
    values: &[Raw],
    refused: impl Fn(&Raw) -> FilterError,
) -> Result<Vec<DayWord>, FilterError> {
    values.iter().map(|raw| day_word(&raw.text).ok_or_else(|| refused(raw))).collect()
}

fn day_word(text: &str) -> Option<DayWord> {
    let words = [DayWord::Today, DayWord::Tomorrow, DayWord::Yesterday, DayWord::None];
    let word = words.into_iter().find(|word| word.to_string().eq_ignore_ascii_case(text));
    word.or_else(|| date(text).map(DayWord::On)).or_else(|| dotted_date(text))
}

/// A date of the form 24.8.2026, or 24.8. in whichever year is meant.
fn dotted_date(text: &str) -> Option<DayWord> {
    let mut parts = text.split('.');
    let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let year = parts.next().filter(|year| !year.is_empty());
    if parts.next().is_some() {
        return None;
    }
    match year {
        Some(year) if year.len() == 4 => {
            Day::from_parts(year.parse().ok()?, month, day).map(DayWord::On)
        }
        Some(_) => None,
        // A leap year has every day that there is.
        None => Day::from_parts(2024, month, day).map(|_| DayWord::InYear { month, day }),
    }
}

/// A date of the form 2026-08-24.
fn date(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Day::from_parts(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}
