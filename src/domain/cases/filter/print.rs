//! A filter in its normal form: what is read from it is the same filter.

use std::fmt::{self, Display, Formatter, Write as _};

use super::field::{Field, Flag};
use super::parse::joiner;
use super::term::{DayWord, Filter, Span, Term, Test, TimeTest, Value};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            if at > 0 {
                f.write_char(' ')?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.is_not {
            f.write_char('-')?;
        }
        write!(f, "{}", self.test)
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let (Some(field), false) = (self.field(), matches!(self, Self::Flags(_))) {
            f.write_str(field.word())?;
        }
        match self {
            Self::Words(words) => {
                let quoted = words.iter().map(|word| {
                    let is_flag = Flag::named(word).is_some() || joiner(word).is_some();
                    in_quotes_if(word, is_flag || looks_like_a_term(word))
                });
                f.write_str(&listed(quoted))
            }
            Self::Flags(flags) => f.write_str(&listed(flags.iter().map(|flag| flag.word()))),
            Self::Unit(values) => valued(f, values, Field::Unit),
            Self::Site(values) => valued(f, values, Field::Site),
            Self::Owner(values) => valued(f, values, Field::Owner),
            Self::Subject(values) => valued(f, values, Field::Subject),
            Self::Area(values) => valued(f, values, Field::Area),
            Self::Indexed(values) => valued(f, values, Field::Term),
            Self::Nature(natures) => {
                write!(f, ":{}", listed(natures.iter().map(|nature| nature.label())))
            }
            Self::Stage(stages) => {
                write!(f, ":{}", listed(stages.iter().map(|stage| stage.code())))
            }
            Self::Channel(channels) => {
                write!(f, ":{}", listed(channels.iter().map(|channel| channel.code())))
            }
            Self::Due(test) | Self::Received(test) => write!(f, "{test}"),
        }
    }
}

impl Display for TimeTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Under(span) => write!(f, "<{span}"),
            Self::Over(span) => write!(f, ">{span}"),
            Self::Before(day) => write!(f, "<{day}"),
            Self::After(day) => write!(f, ">{day}"),
            Self::On(days) => write!(f, "={}", listed(days.iter().map(ToString::to_string))),
        }
    }
}

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.unit.letter())
    }
}

impl Display for DayWord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => f.write_str("today"),
            Self::Tomorrow => f.write_str("tomorrow"),
            Self::Yesterday => f.write_str("yesterday"),
            Self::None => f.write_str("none"),
            Self::On(day) => write!(f, "{day}"),
            Self::InYear { month, day } => write!(f, "{day}.{month}."),
        }
    }
}

fn valued(f: &mut Formatter<'_>, values: &[Value], field: Field) -> fmt::Result {
    let printed = values.iter().map(|value| match value {
        Value::Me => "me".to_owned(),
        Value::None => "none".to_owned(),
        Value::Text(text) => in_quotes_if(text, Value::reserved(field, text).is_some()),
    });
    write!(f, ":{}", listed(printed))
}

impl Value {
    /// What a word means by itself as a value of a field, where it is not a name.
    pub(super) fn reserved(field: Field, word: &str) -> Option<Self> {
        let is = |reserved: &str| word.eq_ignore_ascii_case(reserved);
        let may_be_none = matches!(
            field,
            Field::Owner | Field::Subject | Field::Area | Field::Term | Field::Site
        );
        if field == Field::Owner && is("me") {
            Some(Self::Me)
        } else if may_be_none && is("none") {
            Some(Self::None)
        } else {
            None
        }
    }
}

fn listed(values: impl Iterator<Item = impl Into<String>>) -> String {
    values.map(Into::into).collect::<Vec<String>>().join(",")
}

/// A value, in quotes where it would be read as something else without.
fn in_quotes_if(text: &str, is_needed: bool) -> String {
    let ends_early = |letter: char| letter.is_whitespace() || letter == ',' || letter == '"';
    if is_needed || text.is_empty() || text.chars().any(ends_early) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Whether a word would be read as a field with a value, or as the opposite of a word.
fn looks_like_a_term(word: &str) -> bool {
    let rest = word.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let has_name = rest.len() < word.len();
    word.starts_with('-') || (has_name && rest.starts_with([':', '=', '<', '>']))
}
