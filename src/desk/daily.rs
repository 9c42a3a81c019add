//! What a desk answers about the day: what came since somebody left, what is overdue, what must not stay overnight, and who
//! is here.

use serde::{Deserialize, Serialize};

use crate::domain::office::{CaseworkerState, Cover};
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseId, CaseworkerId, ContactId, PersonId, UnitId};

use super::command::DraftKey;
use super::here::NewsKind;

/// What came for the actor since they left or looked last, as the board's line tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// Since when.
    pub from: Instant,
    /// Cases that became theirs and are still, by why.
    pub yours: Vec<(String, u64)>,
    /// Cases on which somebody ruled.
    pub rulings: Vec<CaseId>,
    /// Messages of theirs that could not be handed over, or came back.
    pub undelivered: u64,
    /// Promises that were made for them to keep.
    pub promises: u64,
    /// Cases that came into their unit.
    pub came: u64,
    /// Cases of theirs of which a clock nears its end, or that were asked higher up.
    pub reminders: Vec<CaseId>,
    /// Closed files that others opened in an emergency, of which they are told.
    pub emergencies: u64,
}

impl Since {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.yours.is_empty()
            && self.rulings.is_empty()
            && self.reminders.is_empty()
            && self.undelivered + self.promises + self.came + self.emergencies == 0
    }
}

/// Something that came for the actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsLine {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: NewsKind,
    /// The case, and its subject.
    pub case: Option<(CaseId, String)>,
    /// Who brought it.
    pub by: String,
    /// With which words.
    pub why: String,
}

/// What came for the actor since they left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsAnswer {
    /// When they left; nothing for somebody who was never here.
    pub left_at: Option<Instant>,
    /// What is later than this is new to them.
    pub from: Instant,
    /// The items since they left, newest first.
    pub lines: Vec<NewsLine>,
    /// Cases that came into their unit since `from`.
    pub came: u64,
}

/// What came into a unit on a day, and what was open at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowDay {
    /// The day.
    pub day: Day,
    /// Cases that came.
    pub came: u64,
    /// Open cases at its end; for today, now.
    pub backlog: u64,
}

/// How long late cases have been late, in days of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LateAge {
    /// Since today.
    Today,
    /// For a day or two.
    Two,
    /// For three days to five.
    Five,
    /// For six days to ten.
    Ten,
    /// For eleven days to twenty.
    Twenty,
    /// For longer.
    More,
}

impl LateAge {
    /// Every age, the youngest first.
    pub const ALL: [Self; 6] =
        [Self::Today, Self::Two, Self::Five, Self::Ten, Self::Twenty, Self::More];

    /// The word over its column.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Two => "1-2 d",
            Self::Five => "3-5 d",
            Self::Ten => "6-10 d",
            Self::Twenty => "11-20",
            Self::More => "more",
        }
    }

    /// The fewest and the most days.
    #[must_use]
    pub fn days(self) -> (i32, i32) {
        match self {
            Self::Today => (0, 0),
            Self::Two => (1, 2),
            Self::Five => (3, 5),
            Self::Ten => (6, 10),
            Self::Twenty => (11, 20),
            Self::More => (21, i32::MAX),
        }
    }

    /// The age of what has been late for so many days.
    #[must_use]
    pub fn of_days(days: i32) -> Self {
        let holds = |age: &Self| days <= age.days().1;
        Self::ALL.into_iter().find(holds).unwrap_or(Self::More)
    }
}

/// What kind of thing must not stay overnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LeftOver {
    /// A contact that still runs.
    Contact(ContactId),
    /// A promise that is due before the next shift.
    Promise,
    /// An escalation to the actor that they have not acknowledged.
    Escalation,
    /// A message of theirs that could not be handed over.
    Message,
    /// A case that they claimed, with nothing done since.
    Claim,
    /// Something typed and not sent.
    Draft,
}

/// Something that must not stay overnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOverLine {
    /// What kind.
    pub kind: LeftOver,
    /// Since or by when.
    pub at: Instant,
    /// What it is, in words.
    pub words: String,
    /// The case that it is about, with the version for acts on it.
    pub case: Option<(CaseId, u64)>,
    /// The person that it is about.
    pub person: Option<PersonId>,
    /// The draft.
    pub draft: Option<DraftKey>,
}

/// What somebody did today; shown to them alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    /// When they did the first thing.
    pub first_at: Option<Instant>,
    /// Contacts.
    pub contacts: u64,
    /// Minutes that calls and visits took.
    pub contact_minutes: u64,
    /// Cases closed.
    pub closed: u64,
    /// Of these, answered in their first contact (R65).
    pub first_contact: u64,
    /// Promises kept.
    pub promises_kept: u64,
}

/// The end of the actor's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayAnswer {
    /// What must not stay overnight, by kind.
    pub left_over: Vec<LeftOverLine>,
    /// What the day was.
    pub figures: DayFigures,
    /// Whether more was there than is looked through.
    pub has_more: bool,
}

/// Somebody who works here, and how much they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Who.
    pub id: CaseworkerId,
    /// The name shown.
    pub name: String,
    /// The account.
    pub account: String,
    /// Where they are.
    pub state: CaseworkerState,
    /// Whether they are at work today.
    pub is_here: bool,
    /// Why they are away, as it was said.
    pub why: String,
    /// Who stands in for them today.
    pub stand_in: Option<(CaseworkerId, String)>,
    /// Open cases.
    pub open: u64,
    /// Of these, late ones.
    pub late: u64,
    /// Open promises.
    pub promises: u64,
    /// Contacts of today that came while they were writing something.
    pub interruptions: u64,
    /// Whether the actor is told how much they have: of themselves, and of those whom they lead. Else the figures are 0.
    pub has_load: bool,
    /// Whether they have begun to write something.
    pub has_drafts: bool,
}

/// A unit with the people who work in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCover {
    /// Which.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Open cases.
    pub open: u64,
    /// Of these, nobody has.
    pub free: u64,
    /// Whether anybody who works its cases is here.
    pub cover: Cover,
    /// Since when nobody is, where that was told.
    pub uncovered_since: Option<Instant>,
    /// Whether the actor may say who is away.
    pub may_set: bool,
    /// The clock on its wall, where it is not the actor's: the zone's name and what it says now.
    pub other_clock: Option<(String, String)>,
    /// Who works in it, by name; those who have left are not among them.
    pub colleagues: Vec<Colleague>,
}

/// Who is here, by unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColleaguesAnswer {
    /// The actor's own unit first.
    pub units: Vec<UnitCover>,
    /// Colleagues beyond those told.
    pub more: u64,
}
