//! What a session of an office asks: the mix of the measurement, drawn from a stream of its own.

use crate::desk::Ask as _;
use crate::desk::{
    Anchor, AskCaseFile, AskCases, AskFind, Command, Narrowing, Query, Request, View, ViewKind,
};
use crate::domain::cases::CaseAct;
use crate::domain::office::Purpose;
use crate::domain::{CaseId, UnitId};
use crate::link::{Framed, LinkError};

/// Rows of a page: what a terminal of 24 rows shows of a list, and some.
const PAGE_ROWS: u32 = 20;
/// Entries of a file's timeline, as the screens ask for them.
const FILE_ENTRIES: u32 = 40;
/// People of a search, as the screens ask for them.
const FOUND: u32 = 8;
/// Letters of a name that are typed at least and beyond them.
const LETTERS_MIN: usize = 4;
const LETTERS_MORE: usize = 5;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Kind {
    /// A page of a queue.
    #[value(name = "pages")]
    Page,
    /// A case is opened, which is recorded before anything is shown, and its file read.
    #[value(name = "files")]
    File,
    /// People are looked for.
    #[value(name = "searches")]
    Search,
    /// A note on a case, durable when it is answered.
    #[value(name = "commands")]
    Command,
}

impl Kind {
    /// A kind, as the mix has them.
    fn drawn(chance: &mut Chance) -> Self {
        let mut drawn = chance.below(100);
        let mut kind = Self::Page;
        for (one, percent) in Self::MIX {
            kind = one;
            match drawn.checked_sub(percent) {
                Some(rest) => drawn = rest,
                None => break,
            }
        }
        kind
    }

    /// Each kind, with how many of a hundred requests are of it.
    pub(super) const MIX: [(Self, u64); 4] =
        [(Self::Page, 60), (Self::File, 25), (Self::Search, 10), (Self::Command, 5)];

    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Page => "pages",
            Self::File => "files",
            Self::Search => "searches",
            Self::Command => "commands",
        }
    }
}

/// A stream of chance: xorshift, from a seed.
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn of(seed: u64) -> Self {
        // Neighbouring seeds are far apart: the multiplier is 2^64 divided by the golden ratio.
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below this one.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end.max(1)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let place = self.below(u64::try_from(of.len()).unwrap_or(1));
        of.get(usize::try_from(place).unwrap_or(0))
    }
}

/// What a caseworker has before them.
#[derive(Debug, Clone)]
pub(super) struct Matter {
    /// Their unit.
    pub(super) unit: UnitId,
    /// Cases of their unit.
    pub(super) cases: Vec<CaseId>,
    /// Names of people who asked for them, as lists show them.
    pub(super) names: Vec<String>,
}

/// A request of a session: one frame, or two for a file.
pub(super) struct Asked {
    /// Its kind.
    pub(super) kind: Kind,
    /// What is sent, in its order.
    pub(super) frames: Vec<Framed>,
}

impl Matter {
    /// The next request, as chance has it, of one kind or of the mix.
    ///
    /// # Errors
    /// It does not fit into a frame.
    pub(super) fn next(
        &self,
        chance: &mut Chance,
        only: Option<Kind>,
        id: u128,
    ) -> Result<Asked, LinkError> {
        let kind = only.unwrap_or_else(|| Kind::drawn(chance));
        let case = chance.pick(&self.cases).copied().unwrap_or(CaseId(1));
        let frames = match kind {
            Kind::Page => vec![Framed::query(self.page(chance, case))?],
            Kind::File => {
                let open = Command::OpenCase { case, purpose: Purpose::unasked() };
                let file = AskCaseFile { case, entries: FILE_ENTRIES }.into_query();
                vec![Framed::command(Request { id, command: open })?, Framed::query(file)?]
            }
            Kind::Search => {
                let name = chance.pick(&self.names).map_or("mohammadi", String::as_str);
                let letters =
                    LETTERS_MIN + usize::try_from(chance.below(LETTERS_MORE as u64)).unwrap_or(0);
                let text = name.replace(',', "").to_lowercase().chars().take(letters).collect();
                vec![Framed::query(AskFind { text, limit: FOUND }.into_query())?]
            }
            Kind::Command => {
                let text = format!("Rang about {case}; asks when it will be decided.");
                let command = Command::Case { case, version: None, act: CaseAct::Note { text } };
                vec![Framed::command(Request { id, command })?]
            }
        };
        Ok(Asked { kind, frames })
    }

    /// A page of one of the lists that a board shows.
    pub(super) fn page(&self, chance: &mut Chance, around: CaseId) -> Query {
        let kinds = [ViewKind::Inbox, ViewKind::Free, ViewKind::Mine, ViewKind::Late];
        let kind = chance.pick(&kinds).copied().unwrap_or(ViewKind::Inbox);
        let (anchor, before, after) = match chance.below(2) {
            0 => (Anchor::First, 0, PAGE_ROWS),
            _ => (Anchor::Case(around), PAGE_ROWS / 2, PAGE_ROWS / 2),
        };
        let view = View { kind, unit: self.unit };
        AskCases { view, anchor, before, after, narrowing: Narrowing::default() }.into_query()
    }
}
