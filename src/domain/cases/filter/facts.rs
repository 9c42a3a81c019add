//! What a filter may know of a case, and whether the case fits it.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::domain::cases::{Channel, Nature, Stage};
use crate::domain::ids::CaseId;
use crate::domain::time::{Day, Instant, Zone};

use super::field::Flag;
use super::term::{DayWord, Filter, Span, SpanUnit, Term, Test, TimeTest, Value};

/// Who has a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerFacts<'a> {
    /// The account.
    pub account: &'a str,
    /// The name.
    pub name: &'a str,
    /// Whether it is whoever asks.
    pub is_actor: bool,
}

/// A case, as far as a filter may know it. What costs more to know is left empty where no term asks for it.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the language, and none excludes another"
)]
pub struct CaseFacts<'a> {
    /// The number.
    pub id: CaseId,
    /// The nature.
    pub nature: Nature,
    /// The stage.
    pub stage: Stage,
    /// The way it came.
    pub channel: Channel,
    /// The unit's code and name.
    pub unit: (&'a str, &'a str),
    /// Code and name of each site of the unit.
    pub sites: Vec<(&'a str, &'a str)>,
    /// Who has it.
    pub owner: Option<OwnerFacts<'a>>,
    /// The subject's code and label.
    pub subject: Option<(&'a str, &'a str)>,
    /// Code and label of each term by which it was indexed.
    pub terms: Vec<(&'a str, &'a str)>,
    /// Street and object.
    pub place: &'a str,
    /// The area; empty where there is none.
    pub area: &'a str,
    /// What is asked.
    pub asks: &'a str,
    /// The name of whoever asked, as the actor may see it.
    pub person: Cow<'a, str>,
    /// When the next clock runs out, if one runs.
    pub due_at: Option<Instant>,
    /// When it was received.
    pub received_at: Instant,
    /// Whether it waits for somebody outside.
    pub is_held: bool,
    /// Whether an escalation waits for its answer.
    pub is_escalated: bool,
    /// Whether its last escalation has an answer.
    pub is_answered: bool,
    /// Whether it was taken up again.
    pub is_reopened: bool,
    /// Whether nobody is known who asked.
    pub is_anonymous: bool,
    /// Whether the actor has a draft on it.
    pub has_draft: bool,
    /// Whether a message of it failed or waits.
    pub has_mail: bool,
    /// Whether something promised about it is still to be kept.
    pub has_promise: bool,
}

/// When it is, and where: what spans and days are counted from.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The time.
    pub now: Instant,
    /// The office's zone.
    pub zone: Zone,
}

impl Moment {
    pub(super) fn today(&self) -> Day {
        self.zone.day(self.now)
    }
}

impl Filter {
    /// Whether a case fits all terms.
    #[must_use]
    pub fn matches(&self, facts: &CaseFacts<'_>, moment: &Moment) -> bool {
        self.terms.iter().all(|term| term.matches(facts, moment))
    }
}

impl Term {
    /// Whether a case fits.
    #[must_use]
    pub fn matches(&self, facts: &CaseFacts<'_>, moment: &Moment) -> bool {
        self.test.holds(facts, moment) != self.is_not
    }
}

impl Test {
    fn holds(&self, facts: &CaseFacts<'_>, moment: &Moment) -> bool {
        match self {
            Self::Words(words) => words.iter().any(|word| facts.has_word(word)),
            Self::Flags(flags) => flags.iter().any(|flag| facts.has_flag(*flag, moment)),
            Self::Unit(values) => values.iter().any(|value| fits_unit(value, facts.unit)),
            Self::Site(values) => values.iter().any(|value| fits_site(value, &facts.sites)),
            Self::Owner(values) => values.iter().any(|value| fits_owner(value, facts.owner)),
            Self::Subject(values) => values.iter().any(|value| fits_subject(value, facts.subject)),
            Self::Area(values) => values.iter().any(|value| fits_area(value, facts.area)),
            Self::Nature(natures) => natures.contains(&facts.nature),
            Self::Stage(stages) => stages.contains(&facts.stage),
            Self::Channel(channels) => channels.contains(&facts.channel),
            Self::Due(test) => due(test, facts.due_at, moment),
            Self::Received(test) => received(test, facts.received_at, moment),
            Self::Indexed(values) => values.iter().any(|value| fits_terms(value, &facts.terms)),
        }
    }
}

impl CaseFacts<'_> {
    fn has_word(&self, word: &str) -> bool {
        if word.parse() == Ok(self.id) {
            return true;
        }
        let wanted = plain(word);
        let subject = self.subject.map_or("", |(_, label)| label);
        [subject, self.asks, self.place, self.area, &self.person]
            .into_iter()
            .any(|text| has_beginning(&plain(text), &wanted))
    }

    /// Whether it carries a flag.
    pub(super) fn has_flag(&self, flag: Flag, moment: &Moment) -> bool {
        match flag {
            Flag::Late => self.due_at.is_some_and(|due| due < moment.now),
            Flag::Hold => self.is_held,
            Flag::Escalated => self.is_escalated,
            Flag::Answered => self.is_answered,
            Flag::Reopened => self.is_reopened,
            Flag::Anonymous => self.is_anonymous,
            Flag::Draft => self.has_draft,
            Flag::Mail => self.has_mail,
            Flag::Promise => self.has_promise,
        }
    }
}

impl Value {
    /// Whether a name is meant: it begins with the text, in capitals or not.
    #[must_use]
    pub fn begins(&self, name: &str) -> bool {
        match self {
            Self::Text(text) => plain(name).starts_with(plain(text).as_ref()),
            Self::Me | Self::None => false,
        }
    }
}

fn fits_unit(value: &Value, (code, name): (&str, &str)) -> bool {
    value.begins(code) || value.begins(name)
}

fn fits_site(value: &Value, sites: &[(&str, &str)]) -> bool {
    match sites {
        [] => *value == Value::None,
        sites => sites.iter().any(|site| fits_unit(value, *site)),
    }
}

fn fits_owner(value: &Value, owner: Option<OwnerFacts<'_>>) -> bool {
    match (value, owner) {
        (Value::None, owner) => owner.is_none(),
        (_, None) => false,
        (Value::Me, Some(owner)) => owner.is_actor,
        (Value::Text(_), Some(owner)) => {
            value.begins(owner.account)
                || owner.name.split_whitespace().any(|part| value.begins(part))
        }
    }
}

fn fits_subject(value: &Value, subject: Option<(&str, &str)>) -> bool {
    match (value, subject) {
        (Value::None, subject) => subject.is_none(),
        (Value::Me, _) | (Value::Text(_), None) => false,
        (Value::Text(text), Some((code, label))) => {
            let wanted = plain(text);
            plain(code) == wanted || has_beginning(&plain(label), &wanted)
        }
    }
}

fn fits_terms(value: &Value, terms: &[(&str, &str)]) -> bool {
    match terms {
        [] => *value == Value::None,
        terms => terms.iter().any(|term| fits_subject(value, Some(*term))),
    }
}

fn fits_area(value: &Value, area: &str) -> bool {
    match value {
        Value::None => area.is_empty(),
        Value::Me => false,
        // Areas are called `W10 Meadows`, and said as `W10`.
        Value::Text(text) => {
            let first = area.split_whitespace().next().unwrap_or(area);
            [area, first].into_iter().any(|name| plain(name) == plain(text))
        }
    }
}

fn due(test: &TimeTest, due_at: Option<Instant>, moment: &Moment) -> bool {
    match (test, due_at) {
        (TimeTest::On(words), None) => words.contains(&DayWord::None),
        (
            TimeTest::Under(_) | TimeTest::Over(_) | TimeTest::Before(_) | TimeTest::After(_),
            None,
        ) => false,
        (TimeTest::On(words), Some(at)) => is_on(words, at, moment, Meant::Nearest),
        (TimeTest::Before(word), Some(at)) => {
            day_of(*word, moment, Meant::Nearest).is_some_and(|day| moment.zone.day(at) < day)
        }
        (TimeTest::After(word), Some(at)) => {
            day_of(*word, moment, Meant::Nearest).is_some_and(|day| moment.zone.day(at) > day)
        }
        (TimeTest::Under(span), Some(at)) => left(*span, moment.now, at, moment) < reach(*span),
        (TimeTest::Over(span), Some(at)) => left(*span, moment.now, at, moment) > reach(*span),
    }
}

fn received(test: &TimeTest, at: Instant, moment: &Moment) -> bool {
    match test {
        TimeTest::On(words) => is_on(words, at, moment, Meant::Past),
        TimeTest::Before(word) => {
            day_of(*word, moment, Meant::Past).is_some_and(|day| moment.zone.day(at) < day)
        }
        TimeTest::After(word) => {
            day_of(*word, moment, Meant::Past).is_some_and(|day| moment.zone.day(at) > day)
        }
        TimeTest::Under(span) => left(*span, at, moment.now, moment) < reach(*span),
        TimeTest::Over(span) => left(*span, at, moment.now, moment) > reach(*span),
    }
}

/// Which year is meant where none is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// The last one in which the day has come: what was received is never still to come.
    Past,
    /// The one in which the day is nearest.
    Nearest,
}

fn is_on(words: &[DayWord], at: Instant, moment: &Moment, meant: Meant) -> bool {
    let on = Some(moment.zone.day(at));
    words.iter().any(|word| day_of(*word, moment, meant) == on)
}

/// The day that a word says; nothing where it says that there is none.
fn day_of(word: DayWord, moment: &Moment, meant: Meant) -> Option<Day> {
    let today = moment.today();
    match word {
        DayWord::Today => Some(today),
        DayWord::Tomorrow => Some(today.plus_days(1)),
        DayWord::Yesterday => Some(today.plus_days(-1)),
        DayWord::None => None,
        DayWord::On(day) => Some(day),
        DayWord::InYear { month, day } => {
            let year = today.date().year();
            // The 29th of February has a year among any nine.
            let days = (-8..=8_i16).filter_map(|by| Day::from_parts(year + by, month, day));
            let far = |day: &Day| (day.number() - today.number()).abs();
            days.filter(|day| meant == Meant::Nearest || *day <= today).min_by_key(far)
        }
    }
}

/// From one moment to another: in days of the calendar for a span of days, so that the column of due dates says the same,
/// and in milliseconds for a shorter one.
fn left(span: Span, from: Instant, to: Instant, moment: &Moment) -> i64 {
    match span.unit {
        SpanUnit::Days | SpanUnit::Weeks => {
            i64::from(moment.zone.day(to).number() - moment.zone.day(from).number())
        }
        SpanUnit::Minutes | SpanUnit::Hours => {
            to.milliseconds().saturating_sub(from.milliseconds())
        }
    }
}

fn reach(span: Span) -> i64 {
    let amount = i64::from(span.amount);
    match span.unit {
        SpanUnit::Days => amount,
        SpanUnit::Weeks => amount * 7,
        SpanUnit::Hours => amount * 60 * 60_000,
        SpanUnit::Minutes => amount * 60_000,
    }
}

/// Whether a text has these words, beginning where one of its own begins: `rent` is in `the rent`, and not in `parents`.
fn has_beginning(text: &str, wanted: &str) -> bool {
    text.match_indices(wanted).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric())
    })
}

/// A text in small letters without marks, as it is compared.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    Cow::Owned(letters.flat_map(char::to_lowercase).collect())
}
