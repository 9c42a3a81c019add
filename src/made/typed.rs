//! Brings the cases to a made office that come once it works under published types.

use crate::desk::{Act, Command, DeskError};
use crate::domain::cases::{
    About, CaseAct, CasePlace, Channel, Class, EscalationLevel, EscalationReason, HoldReason,
    Intake, ReviewOutcome, SameCheck, SameChoice, ScreeningOutcome,
};
use crate::domain::time::{Day, Instant};
use crate::domain::{CaseId, PersonId, SubjectCode};

use super::axis::Axis;
use super::office::Office;
use super::people::Family;
use super::random::Random;
use super::sender::{self, Sender, act};
use super::typed_cases::{CASES, Deed, TODAY, Typed};

/// The stream of chance of who brings them.
const BRINGER: u64 = 7;
/// Offices with fewer cases have none of these: they would be a large part of them.
const CASES_MIN: u64 = 240;
/// Days that the case on hold waits at most.
const HOLD_DAYS: i32 = 10;

/// How many came, and where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Made {
    pub(super) cases: u64,
    pub(super) held: u64,
    pub(super) escalated: u64,
}

/// How many of a plan's cases come under published types.
pub(super) fn count(people: u64, cases: u64) -> u64 {
    let all = u64::try_from(CASES.len()).unwrap_or(0);
    if people == 0 || cases < CASES_MIN { 0 } else { all }
}

/// Takes the cases in and works them, from a position of the working time to its end.
///
/// # Errors
/// As the sender's.
pub(super) fn work(
    sender: &Sender<'_>,
    (office, axis): (&Office, &Axis),
    (families, kin): (&[Family], &[PersonId]),
    seed: u64,
    from: i64,
) -> Result<Made, DeskError> {
    let span = (axis.end() - from).max(0);
    let whole = i64::try_from(CASES.len()).unwrap_or(1);
    // A third of the time they come in, and then each round has its minute.
    let coming = (0..).zip(&CASES).map(|(number, case)| {
        let at = axis.instant(from + span * number / (whole * 3));
        let number = u64::try_from(number).unwrap_or(0);
        let mut intake = intake(case, families, &mut Random::of(seed, BRINGER, number), at);
        let own = case.kin.and_then(|place| kin.get(place)).copied();
        intake.asked_by = own.or(intake.asked_by);
        act(office.person(case.taken_in_by), at, Command::RegisterCase(intake))
    });
    let receipts = sender.send(coming.collect())?;
    let cases = receipts.iter().map(sender::case).collect::<Result<Vec<CaseId>, _>>()?;
    let rounds = CASES.iter().map(|case| case.deeds.len()).max().unwrap_or(0);
    let mut made = Made { cases: u64::try_from(cases.len()).unwrap_or(0), ..Made::default() };
    let mut acts: Vec<Act> = Vec::new();
    for (round, number) in (0..rounds).zip(1_i64..) {
        let rounds = i64::try_from(rounds).unwrap_or(1);
        let position = from + span / 3 + span * 2 * number / (rounds * 3);
        let at = axis.instant(position);
        for (case, id) in CASES.iter().zip(&cases) {
            let Some((who, deed)) = case.deeds.get(round) else { continue };
            made.held += u64::from(matches!(deed, Deed::Hold(_)));
            made.escalated += u64::from(matches!(deed, Deed::Escalate(_)));
            let done = deed.as_act(axis.day(position));
            let command = Command::Case { case: *id, version: None, act: done };
            acts.push(act(office.person(who), at, command));
        }
    }
    sender.send(acts)?;
    Ok(made)
}

/// What the citizens say, each once.
pub(super) fn said() -> impl Iterator<Item = &'static str> {
    CASES.iter().map(|case| case.says)
}

fn intake(case: &Typed, families: &[Family], random: &mut Random, at: Instant) -> Intake {
    let family = random.pick(families);
    let adult = family.and_then(|family| family.members.iter().find(|member| member.is_adult));
    let (street, area) = family.map_or(("", ""), |family| (&family.street, family.area));
    Intake {
        channel: random.share(&[(45, Channel::Telephone)], Channel::WalkIn),
        registry_number: None,
        received_at: at,
        nature: case.nature,
        subject: case.subject.map(|code| SubjectCode(code.into())),
        asked_by: adult.map(|adult| adult.id),
        about: About::Same,
        addressee: None,
        place: CasePlace { text: street.to_owned(), area: area.to_owned() },
        says: case.says.to_owned(),
        same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
    }
}

impl Deed {
    fn as_act(self, today: Day) -> CaseAct {
        match self {
            Self::Accept => CaseAct::Screen(ScreeningOutcome::Accept),
            Self::Review(note) => {
                CaseAct::Review { outcome: ReviewOutcome::Accept, note: note.to_owned() }
            }
            Self::Classify(code) => CaseAct::Classify(Class {
                nature: None,
                subject: Some(SubjectCode(code.into())),
                reason: String::new(),
                suggested: None,
            }),
            Self::Claim => CaseAct::Claim,
            Self::Tick(index) => CaseAct::SetTask { index, is_done: true },
            Self::Fill(fields) => CaseAct::SetFields {
                fields: fields
                    .iter()
                    .map(|(code, typed)| {
                        ((*code).to_owned(), typed.replace(TODAY, &today.to_string()))
                    })
                    .collect(),
            },
            Self::Note(text) => CaseAct::Note { text: text.to_owned() },
            Self::Hold(words) => CaseAct::Hold {
                reason: HoldReason::Citizen,
                until: today.plus_days(HOLD_DAYS),
                words: words.to_owned(),
            },
            Self::Escalate(ask) => CaseAct::Escalate {
                level: EscalationLevel::Supervisor,
                reason: EscalationReason::Deadline,
                ask: ask.to_owned(),
            },
            Self::Decide(outcome, ground) => CaseAct::Decide {
                outcome: outcome.to_owned(),
                reasons: String::new(),
                ground: ground.to_owned(),
            },
        }
    }
}
