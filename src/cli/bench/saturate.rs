//! Sessions that never rest: how many answers a second the daemon gives to one kind of question.

use std::time::{Duration, Instant};

use super::mix::Chance;
use super::seats::{Session, Watch};
use crate::cli::error::CliError;
use crate::desk::{Ask as _, AskCaseHeader, Query};
use crate::domain::CaseId;
use crate::link::{Framed, Outcome, PIPELINED_MAX};

/// Questions that each session asks over and over.
const QUESTIONS: u64 = 64;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// The header of one case.
    Headers,
    /// A page of a queue.
    Pages,
}

impl Asks {
    fn question(self, session: &Session, chance: &mut Chance) -> Query {
        let cases = &session.matter.cases;
        let drawn = chance.below(u64::try_from(cases.len()).unwrap_or(1));
        let case = usize::try_from(drawn).ok().and_then(|place| cases.get(place));
        let case = case.copied().unwrap_or(CaseId(1));
        match self {
            Self::Headers => AskCaseHeader { case }.into_query(),
            Self::Pages => session.matter.page(chance, case),
        }
    }
}

/// Answers a second, and errors among them. Each session has up to [`PIPELINED_MAX`] questions under way, as one that reads
/// ahead has.
pub(super) fn saturate(
    sessions: &mut [Session],
    asks: Asks,
    seconds: u64,
) -> Result<(f64, usize), CliError> {
    let mut watch = Watch::over(sessions)?;
    let mut questions = Vec::with_capacity(sessions.len());
    for (seed, session) in (1..).zip(sessions.iter()) {
        let mut chance = Chance::of(seed);
        let own: Result<Vec<Framed>, _> =
            (0..QUESTIONS).map(|_| Framed::query(asks.question(session, &mut chance))).collect();
        questions.push(Circle { questions: own?, next: 0 });
    }
    let mut under_way = vec![0; sessions.len()];
    let (mut answered, mut errors) = (0_usize, 0);
    let begun = Instant::now();
    let end = begun + Duration::from_secs(seconds);
    for ((session, questions), under_way) in
        sessions.iter_mut().zip(&mut questions).zip(&mut under_way)
    {
        fill(session, questions, under_way)?;
    }
    while Instant::now() < end {
        for place in watch.wait(Duration::from_millis(100))? {
            let (Some(session), Some(questions), Some(under_way)) =
                (sessions.get_mut(place), questions.get_mut(place), under_way.get_mut(place))
            else {
                continue;
            };
            session.driven.hear()?;
            while let Some(outcome) = session.driven.outcome()? {
                if let Outcome::Told = outcome {
                    continue;
                }
                *under_way -= 1;
                answered += 1;
                errors += usize::from(matches!(outcome, Outcome::Not(_)));
            }
            fill(session, questions, under_way)?;
        }
    }
    let took = begun.elapsed().as_secs_f64();
    finish(sessions, &mut under_way, &mut watch)?;
    #[expect(clippy::cast_precision_loss, reason = "counts of answers are far below 2^52")]
    let a_second = answered as f64 / took;
    Ok((a_second, errors))
}

/// Questions in a circle.
struct Circle {
    questions: Vec<Framed>,
    next: usize,
}

/// Has as many questions under way as may be; half of them at least go out at once.
fn fill(session: &mut Session, circle: &mut Circle, under_way: &mut usize) -> Result<(), CliError> {
    if *under_way > PIPELINED_MAX / 2 {
        return Ok(());
    }
    while *under_way < PIPELINED_MAX {
        let Some(question) = circle.questions.get(circle.next) else { break };
        session.driven.put(question);
        circle.next = (circle.next + 1) % circle.questions.len().max(1);
        *under_way += 1;
    }
    session.driven.send()?;
    Ok(())
}

/// Takes what is under way, so that the sessions can be used for something else.
fn finish(
    sessions: &mut [Session],
    under_way: &mut [usize],
    watch: &mut Watch,
) -> Result<(), CliError> {
    let until = Instant::now() + Duration::from_secs(30);
    while under_way.iter().any(|left| *left > 0) && Instant::now() < until {
        for place in watch.wait(Duration::from_millis(100))? {
            let (Some(session), Some(left)) = (sessions.get_mut(place), under_way.get_mut(place))
            else {
                continue;
            };
            session.driven.hear()?;
            session.driven.send()?;
            while let Some(outcome) = session.driven.outcome()? {
                *left -= usize::from(!matches!(outcome, Outcome::Told));
            }
        }
    }
    Ok(())
}
