//! A person's record: facts, each with its source and date. There is no tier, score or value field, by law and on purpose.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::cases::Channel;
use crate::domain::ids::{CaseworkerId, HouseholdId, PersonId, Ulid};
use crate::domain::office::Confidentiality;
use crate::domain::time::{Day, Instant};

use super::household::Relationship;
use super::telephone::Telephone;

/// Where a fact comes from, and when it was taken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The source, as `told by telephone`, `identity card`, `import people.tsv`.
    pub source: String,
    /// The day it was taken down.
    pub on: Day,
    /// Whether somebody checked it against a document or register.
    pub is_verified: bool,
}

/// A value with its source and date (hard rule 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// What a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NameKind {
    /// As on the document; the first of these is shown.
    Official,
    /// Known as, maiden name, alias.
    Other,
    /// The official name in another script.
    Transliteration,
}

/// A name as documented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// What it is.
    pub kind: NameKind,
    /// Given names, as documented; empty where there is only one name.
    pub given: String,
    /// Family names, as documented.
    pub family: String,
}

impl Name {
    /// `Family, Given`, as lists show it.
    #[must_use]
    pub fn listed(&self) -> String {
        match (self.family.is_empty(), self.given.is_empty()) {
            (false, false) => format!("{}, {}", self.family, self.given),
            (false, true) => self.family.clone(),
            (true, _) => self.given.clone(),
        }
    }

    /// `Given Family`, as one says it.
    #[must_use]
    pub fn spoken(&self) -> String {
        match (self.family.is_empty(), self.given.is_empty()) {
            (false, false) => format!("{} {}", self.given, self.family),
            (false, true) => self.family.clone(),
            (true, _) => self.given.clone(),
        }
    }
}

/// A birth date as precise as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BirthDate {
    /// Only the year.
    Year(i16),
    /// Year and month.
    Month(i16, i8),
    /// The day.
    Day(Day),
}

impl BirthDate {
    /// The year of birth.
    #[must_use]
    pub fn year(self) -> i16 {
        match self {
            Self::Year(year) | Self::Month(year, _) => year,
            Self::Day(day) => day.date().year(),
        }
    }

    /// Age in whole years on a day; where only the year is known, the age reached in that year.
    #[must_use]
    pub fn age(self, today: Day) -> i32 {
        match self {
            Self::Day(day) => day.years_until(today),
            Self::Year(year) | Self::Month(year, _) => {
                i32::from(today.date().year()) - i32::from(year)
            }
        }
    }

    /// Reads `1986`, `1986-03` or `1986-03-02`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let year: i16 = parts.next()?.parse().ok().filter(|year| (1000..=2200).contains(year))?;
        let month = parts.next().map(str::parse::<i8>).transpose().ok()?;
        let day = parts.next().map(str::parse::<i8>).transpose().ok()?;
        if parts.next().is_some() {
            return None;
        }
        match (month, day) {
            (None, _) => Some(Self::Year(year)),
            (Some(month), None) => (1..=12).contains(&month).then_some(Self::Month(year, month)),
            (Some(month), Some(day)) => Day::from_parts(year, month, day).map(Self::Day),
        }
    }
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

/// An identity number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// What kind of number, as `national-id`, `passport`.
    pub scheme: String,
    /// The number, as documented.
    pub value: String,
}

/// How one reaches somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ContactPointKind {
    /// Telephone and SMS.
    Telephone,
    /// E-mail.
    Email,
}

/// What is known about a contact point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ContactPointState {
    /// Nobody has checked it.
    Unverified,
    /// It reached the person.
    Verified,
    /// A message came back.
    Bounced,
    /// It reaches somebody else.
    Wrong,
    /// No longer in use.
    Retired,
}

impl ContactPointState {
    /// The word on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Verified => "ok",
            Self::Bounced => "bounced",
            Self::Wrong => "wrong",
            Self::Retired => "retired",
        }
    }
}

/// A number or address to reach somebody at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPoint {
    /// What it is.
    pub kind: ContactPointKind,
    /// As it was written down.
    pub raw: String,
    /// Digits with `+` for a telephone, lower case for e-mail.
    pub normalised: String,
    /// Whether it is tried first; at most one of a kind is.
    pub is_primary: bool,
    /// What is known about it.
    pub state: ContactPointState,
}

impl ContactPoint {
    /// A contact point from what somebody wrote, if it can be one at all: 5 to 15 digits for a telephone (E.164 allows
    /// 15), one `@` with something around it for e-mail. Whether the number can be dialled is judged when it is kept.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(kind: ContactPointKind, raw: &str) -> Result<Self, String> {
        let raw = raw.trim();
        let normalised = match kind {
            ContactPointKind::Telephone => Telephone::read(raw, None)?.normalised(),
            ContactPointKind::Email => {
                let is_sound = raw.split_once('@').is_some_and(|(local, domain)| {
                    !local.is_empty()
                        && domain.contains('.')
                        && !domain.contains('@')
                        && !raw.contains(char::is_whitespace)
                });
                if !is_sound {
                    return Err("An e-mail address is like name@example.org.".to_owned());
                }
                raw.to_lowercase()
            }
        };
        Ok(Self {
            kind,
            raw: raw.to_owned(),
            normalised,
            is_primary: false,
            state: ContactPointState::Unverified,
        })
    }
}

/// Where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// Postcode, if the country has them.
    pub postcode: String,
    /// City, town or village.
    pub place: String,
    /// The office's area, as a ward or neighbourhood.
    pub area: String,
}

impl Address {
    /// One line.
    #[must_use]
    pub fn line(&self) -> String {
        let parts =
            [self.street.as_str(), self.postcode.as_str(), self.place.as_str(), self.area.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// What stands in front of the source of an address that reaches nobody.
const ADDRESS_MARKS: [(ContactPointState, &str); 3] = [
    (ContactPointState::Bounced, "post comes back: "),
    (ContactPointState::Wrong, "wrong address: "),
    (ContactPointState::Retired, "old address: "),
];

/// What an address is marked as, if it is.
pub(super) fn mark_of(provenance: &Provenance) -> Option<ContactPointState> {
    let mut marks = ADDRESS_MARKS.iter();
    marks.find(|(_, mark)| provenance.source.starts_with(mark)).map(|(state, _)| *state)
}

/// A remark on the file, for whoever opens it next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonNote {
    /// Who wrote it.
    pub by: CaseworkerId,
    /// When.
    pub at: Instant,
    /// What.
    pub text: String,
}

/// How far a person's record is established.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PersonState {
    /// Somebody gave a name.
    Provisional,
    /// There is an identity number or another register's record.
    Identified,
    /// Somebody checked the identity against a document.
    Verified,
    /// Registered by mistake and taken back; found no more, kept for the trace.
    Annulled,
    /// Part of another record of the same person; read only, and every reference leads there.
    Merged(PersonId),
}

impl PersonState {
    /// The record that this one is part of, where it was merged.
    #[must_use]
    pub fn merged_into(self) -> Option<PersonId> {
        match self {
            Self::Merged(into) => Some(into),
            Self::Provisional | Self::Identified | Self::Verified | Self::Annulled => None,
        }
    }
}

/// A citizen's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The number.
    pub id: PersonId,
    /// The identifier across offices.
    pub ulid: Ulid,
    /// Counts the events applied.
    pub version: u64,
    /// Who registered the person.
    pub created_by: CaseworkerId,
    /// When.
    pub created_at: Instant,
    /// Who may see the record at all.
    pub confidentiality: Confidentiality,
    /// How far it is established.
    pub state: PersonState,
    /// Names; the first official one is shown.
    pub names: Vec<Fact<Name>>,
    /// Birth date.
    pub birth_date: Option<Fact<BirthDate>>,
    /// Gender as documented, free text.
    pub gender: Option<Fact<String>>,
    /// Identity numbers.
    pub identities: Vec<Fact<Identity>>,
    /// Telephones and e-mail addresses.
    pub contact_points: Vec<Fact<ContactPoint>>,
    /// Address.
    pub address: Option<Fact<Address>>,
    /// How to address the person: `Mrs`, `آقای`.
    pub form_of_address: Option<Fact<String>>,
    /// Languages, BCP 47, preferred first.
    pub languages: Vec<String>,
    /// The channel that the person prefers.
    pub preferred_channel: Option<Channel>,
    /// Accessibility needs, as told.
    pub needs: Vec<String>,
    /// Day of death, if it is known.
    pub deceased: Option<Fact<Day>>,
    /// The primary household.
    pub household: Option<HouseholdId>,
    /// Relationships stated on this person; the inverse is derived.
    pub relationships: Vec<Relationship>,
    /// Remarks on the file.
    pub notes: Vec<PersonNote>,
    /// The record in another register that this one was made from: source and reference there.
    pub origin: Option<(String, String)>,
}

impl Person {
    /// The name shown: the first official one.
    #[must_use]
    pub fn name(&self) -> Cow<'_, Name> {
        let official = self.names.iter().find(|fact| fact.value.kind == NameKind::Official);
        official.or_else(|| self.names.first()).map_or_else(
            || {
                let (given, family) = (String::new(), self.id.to_string());
                Cow::Owned(Name { kind: NameKind::Official, given, family })
            },
            |fact| Cow::Borrowed(&fact.value),
        )
    }

    /// Where somebody is reached by a channel, as it would be written on the message; empty where there is no way.
    ///
    /// A number or address that is known to be wrong, bounced or retired is no way.
    #[must_use]
    pub fn address_by(&self, channel: Channel) -> String {
        let point = |kind: ContactPointKind| {
            let usable = |fact: &&Fact<ContactPoint>| {
                fact.value.kind == kind
                    && matches!(
                        fact.value.state,
                        ContactPointState::Unverified | ContactPointState::Verified
                    )
            };
            let mut points: Vec<&Fact<ContactPoint>> =
                self.contact_points.iter().filter(usable).collect();
            points.sort_by_key(|fact| !fact.value.is_primary);
            points.first().map(|fact| fact.value.raw.clone()).unwrap_or_default()
        };
        match channel {
            Channel::Telephone | Channel::Sms | Channel::Fax => point(ContactPointKind::Telephone),
            Channel::Email | Channel::Online => point(ContactPointKind::Email),
            Channel::Letter => {
                let is_way = |fact: &&Fact<Address>| mark_of(&fact.provenance).is_none();
                self.address
                    .as_ref()
                    .filter(is_way)
                    .map(|fact| fact.value.line())
                    .unwrap_or_default()
            }
            Channel::WalkIn | Channel::Kiosk | Channel::Audience => String::new(),
        }
    }

    /// What is known about the address, if there is one.
    #[must_use]
    pub fn address_state(&self) -> Option<ContactPointState> {
        let fact = self.address.as_ref()?;
        let known = if fact.provenance.is_verified {
            ContactPointState::Verified
        } else {
            ContactPointState::Unverified
        };
        Some(mark_of(&fact.provenance).unwrap_or(known))
    }

    /// Marks the address. The record has no field for it, since what it looks like is bound by the audit chain: the mark
    /// stands in front of the source, where [`Self::address_state`] finds it and whoever reads the source sees it.
    pub(super) fn set_address_state(&mut self, state: ContactPointState, provenance: &Provenance) {
        if let Some(fact) = &mut self.address {
            let mark = ADDRESS_MARKS.iter().find(|(known, _)| *known == state);
            let mark = mark.map(|(_, mark)| *mark).unwrap_or_default();
            fact.provenance = Provenance {
                source: format!("{mark}{}", provenance.source),
                on: provenance.on,
                is_verified: state == ContactPointState::Verified,
            };
        }
    }

    /// Whether any fact of the record comes from somewhere else than this source.
    #[must_use]
    pub fn has_other_source(&self, source: &str) -> bool {
        let other = |provenance: &Provenance| provenance.source != source;
        self.names.iter().any(|fact| other(&fact.provenance))
            || self.birth_date.iter().any(|fact| other(&fact.provenance))
            || self.identities.iter().any(|fact| other(&fact.provenance))
            || self.contact_points.iter().any(|fact| other(&fact.provenance))
            || self.address.iter().any(|fact| other(&fact.provenance))
    }
}
