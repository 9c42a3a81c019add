//! Conversations that nobody should hold: random bytes, and what was valid until it was cut, flipped, spliced, counted
//! wrongly, or begun as another protocol begins; the same again from the same seed.

use super::mix::Chance;
use crate::cli::error::CliError;
use crate::desk::{
    Anchor, Ask as _, AskCaseFile, AskCaseHeader, AskCases, AskFind, AskOffice, AskQueues, AskWho,
    Command, Narrowing, Request, View, ViewKind,
};
use crate::domain::cases::{
    About, CaseAct, CasePlace, Channel, Intake, Nature, SameCheck, SameChoice,
};
use crate::domain::office::Purpose;
use crate::domain::time::Instant;
use crate::domain::{CaseId, SubjectCode, UnitId};
use crate::link::{Framed, opening};

/// Bytes of a frame's length.
const LENGTH_BYTES: usize = 4;
/// Where the protocol's number stands in a greeting, behind eight letters.
const PROTOCOL_AT: usize = 8;
/// Bytes of a greeting.
const GREETING_BYTES: usize = 10;
/// The longest frame of random bytes.
const RANDOM_BYTES_MAX: u64 = 2_048;
/// Bits that are flipped in a frame at most.
const FLIPS_MAX: u64 = 8;

/// What is wrong with a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A frame of random bytes.
    Random,
    /// A frame that ends too early, whether or not its length says so.
    Truncated,
    /// A valid frame with a few bits flipped.
    Flipped,
    /// A valid frame whose length is another.
    Lying,
    /// The beginning of one valid frame and the end of another.
    Spliced,
    /// A greeting of another protocol or program, and valid frames behind it.
    Foreign,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 6] =
        [Self::Random, Self::Truncated, Self::Flipped, Self::Lying, Self::Spliced, Self::Foreign];

    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Truncated => "truncated",
            Self::Flipped => "flipped",
            Self::Lying => "lying",
            Self::Spliced => "spliced",
            Self::Foreign => "foreign",
        }
    }
}

/// Makes such conversations.
pub(super) struct Hostile {
    chance: Chance,
    opening: Vec<u8>,
    /// Valid frames without their lengths.
    valid: Vec<Vec<u8>>,
}

impl Hostile {
    /// From an opening and valid frames behind it, all as they go over the wire.
    pub(super) fn of(opening: Vec<u8>, frames: &[&[u8]], seed: u64) -> Self {
        let body = |frame: &&[u8]| frame.get(LENGTH_BYTES..).unwrap_or_default().to_vec();
        Self { chance: Chance::of(seed), opening, valid: frames.iter().map(body).collect() }
    }

    /// As a caller speaks to a desk.
    ///
    /// # Errors
    /// A frame of our own does not fit into a frame.
    pub(super) fn to_desk(account: Option<&str>, seed: u64) -> Result<Self, CliError> {
        let spoken = spoken()?;
        let bytes: Vec<&[u8]> = spoken.iter().map(Framed::bytes).collect();
        Ok(Self::of(opening(account)?, &bytes, seed))
    }

    /// The next conversation, from the greeting on, and what is wrong with it.
    pub(super) fn next(&mut self) -> (Kind, Vec<u8>) {
        let kind = self.one_of(&Kind::ALL).copied().unwrap_or(Kind::Random);
        let mut said = self.opening.clone();
        match kind {
            Kind::Random => {
                let bytes = self.number(RANDOM_BYTES_MAX);
                let body: Vec<u8> = (0..bytes).map(|_| self.byte()).collect();
                frame(&mut said, &body);
            }
            Kind::Truncated => {
                let body = self.valid();
                let kept = self.place(body.len());
                let cut = body.get(..kept).unwrap_or_default();
                if self.chance.below(2) == 0 {
                    frame(&mut said, cut);
                } else {
                    length(&mut said, body.len());
                    said.extend_from_slice(cut);
                }
            }
            Kind::Flipped => {
                let mut body = self.valid();
                for _ in 0..=self.chance.below(FLIPS_MAX) {
                    let (place, bit) = (self.place(body.len()), self.chance.below(8));
                    if let Some(byte) = body.get_mut(place) {
                        *byte ^= 1 << bit;
                    }
                }
                frame(&mut said, &body);
            }
            Kind::Lying => {
                let body = self.valid();
                let lie = self.lie(body.len());
                said.extend_from_slice(&lie.to_be_bytes());
                said.extend_from_slice(&body);
            }
            Kind::Spliced => {
                let (one, other) = (self.valid(), self.valid());
                let (until, from) = (self.place(one.len()), self.place(other.len()));
                let mut body = one.get(..until).unwrap_or_default().to_vec();
                body.extend_from_slice(other.get(from..).unwrap_or_default());
                frame(&mut said, &body);
            }
            Kind::Foreign => {
                let at = match self.chance.below(2) {
                    0 => PROTOCOL_AT + self.place(GREETING_BYTES - PROTOCOL_AT),
                    _ => self.place(PROTOCOL_AT),
                };
                let other = self.byte();
                if let Some(byte) = said.get_mut(at) {
                    *byte = if *byte == other { other.wrapping_add(1) } else { other };
                }
                let body = self.valid();
                frame(&mut said, &body);
            }
        }
        (kind, said)
    }

    /// A length that is not the right one: near it, at the limits, or any.
    fn lie(&mut self, right: usize) -> u32 {
        let right = u32::try_from(right).unwrap_or(u32::MAX);
        let near = [0, 1, right.saturating_sub(1), right.saturating_add(1)];
        let limits =
            [256 * 1024, 256 * 1024 + 1, 1024 * 1024 + 1, i32::MAX.unsigned_abs(), u32::MAX];
        match self.chance.below(3) {
            0 => self.one_of(&near).copied().unwrap_or_default(),
            1 => self.one_of(&limits).copied().unwrap_or_default(),
            _ => u32::try_from(self.chance.below(1 << 32)).unwrap_or(u32::MAX),
        }
    }

    fn valid(&mut self) -> Vec<u8> {
        let place = self.place(self.valid.len());
        self.valid.get(place).cloned().unwrap_or_default()
    }

    fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.place(of.len()))
    }

    /// A place below this one.
    fn place(&mut self, end: usize) -> usize {
        self.number(u64::try_from(end).unwrap_or(u64::MAX))
    }

    fn number(&mut self, end: u64) -> usize {
        usize::try_from(self.chance.below(end)).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.chance.below(256)).unwrap_or_default()
    }
}

fn length(said: &mut Vec<u8>, bytes: usize) {
    said.extend_from_slice(&u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes());
}

fn frame(said: &mut Vec<u8>, body: &[u8]) {
    length(said, body.len());
    said.extend_from_slice(body);
}

/// What callers really say: a few questions, and a few commands of many parts.
pub(super) fn spoken() -> Result<Vec<Framed>, CliError> {
    let (case, unit) = (CaseId(1), UnitId(2));
    let view = View { kind: ViewKind::Inbox, unit };
    let narrowing = Narrowing::default();
    let questions = [
        AskWho {}.into_query(),
        AskOffice {}.into_query(),
        AskQueues {}.into_query(),
        AskCases { view, anchor: Anchor::Case(case), before: 10, after: 10, narrowing }
            .into_query(),
        AskCaseFile { case, entries: 40 }.into_query(),
        AskCaseHeader { case }.into_query(),
        AskFind { text: "mohammadi".to_owned(), limit: 8 }.into_query(),
    ];
    let note = CaseAct::Note { text: "Rang; asks when it will be decided.".to_owned() };
    let commands = [
        Command::OpenCase { case, purpose: Purpose::unasked() },
        Command::Case { case, version: Some(3), act: note },
        Command::Case { case, version: None, act: CaseAct::Claim },
        Command::ClaimNext(view),
        Command::RegisterCase(intake("The lamp is dark.", Instant::from_milliseconds(1_000))),
    ];
    let mut framed = Vec::new();
    for question in questions {
        framed.push(Framed::query(question)?);
    }
    for (id, command) in (1..).zip(commands) {
        framed.push(Framed::command(Request { id, command })?);
    }
    Ok(framed)
}

/// A matter that nobody in particular brings.
pub(super) fn intake(says: &str, at: Instant) -> Intake {
    Intake {
        channel: Channel::Telephone,
        registry_number: None,
        received_at: at,
        nature: Nature::Report,
        subject: Some(SubjectCode("STR-1".into())),
        asked_by: None,
        about: About::Same,
        addressee: None,
        place: CasePlace { text: "Azadi 12".to_owned(), area: "W7".to_owned() },
        says: says.to_owned(),
        same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{Reading, Side, read_as};

    #[test]
    fn every_kind_comes_the_same_again_from_the_same_seed_and_valid_frames_are_read() {
        let mut kinds = std::collections::BTreeSet::new();
        let (mut one, mut two) =
            (Hostile::to_desk(None, 5).unwrap(), Hostile::to_desk(None, 5).unwrap());
        for _ in 0..200 {
            let (kind, said) = one.next();
            assert_eq!((kind, said), two.next());
            kinds.insert(kind);
        }
        assert_eq!(kinds.len(), Kind::ALL.len());
        let mut said = opening(None).unwrap();
        for body in &one.valid {
            frame(&mut said, body);
        }
        assert!(matches!(read_as(Side::Desk, &said), Reading::Whole(12)));
    }
}
