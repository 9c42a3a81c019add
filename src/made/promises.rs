//! What is promised in a made office: most of it kept, some broken or released, and for today some open and some late.

use crate::desk::PromiseWish;
use crate::domain::cases::{Channel, PromiseAct, Recovery};
use crate::domain::{CaseId, CaseworkerId};

use super::axis::{Axis, DAY};
use super::story::{Doing, Step, Story};

/// Of so many cases, the first places are kept, kept late, broken and released.
const OF: u64 = 40;
const KEPT: u64 = 6;
const KEPT_LATE: u64 = 7;
const BROKEN: u64 = 8;
const RELEASED: u64 = 9;
/// The newest cases, on which something is promised for today.
const NEWEST: u64 = 15;
/// Working minutes until a promise of the past was due, and before now for those of today.
const TERM: i64 = 120;
const LATELY: i64 = 90;

/// The steps of the promise on a case, if one is made; `newest` is how many cases came after it.
pub(super) fn steps(
    story: &Story,
    case: CaseId,
    newest: u64,
    axis: &Axis,
    mine: CaseworkerId,
) -> Vec<Step> {
    let Some(to) = story.intake.asked_by else { return Vec::new() };
    let promised = |at: i64, due_at, owner| Step {
        at,
        actor: story.registrar,
        doing: Doing::Promise(PromiseWish {
            to,
            case: Some(case),
            what: String::new(),
            channel: Channel::Telephone,
            due_at,
            owner,
        }),
    };
    let ended = |at: i64, act| Step { at, actor: story.registrar, doing: Doing::PromiseAct(act) };
    let at = story.registered + 1;
    if newest < NEWEST {
        let at = at.max(axis.end() - LATELY);
        let soon = i64::try_from(newest).unwrap_or(0);
        return match newest % 3 {
            0 => vec![promised(at, axis.now().plus_minutes(8 + soon * 25), Some(mine))],
            1 => vec![promised(at, axis.now().plus_minutes(DAY + soon * 10), None)],
            _ if at < axis.end() - LATELY / 2 => {
                vec![promised(
                    at,
                    axis.instant(axis.end() - LATELY / 2),
                    Some(mine).filter(|_| newest < 6),
                )]
            }
            _ => Vec::new(),
        };
    }
    if at + DAY > axis.end() {
        return Vec::new();
    }
    let make = promised(at, axis.instant(at + TERM), None);
    let end = match case.0 % OF {
        0..KEPT => ended(at + TERM - 15, PromiseAct::Keep),
        KEPT..KEPT_LATE => ended(at + TERM + 40, PromiseAct::Keep),
        KEPT_LATE..BROKEN => {
            let why = "nobody saw the note".to_owned();
            ended(at + TERM + 60, PromiseAct::Break { why, recovery: Recovery::Apology })
        }
        BROKEN..RELEASED => {
            let words = "No need, I have it in writing now.".to_owned();
            ended(at + TERM - 40, PromiseAct::Release { words })
        }
        _ => return Vec::new(),
    };
    vec![make, end]
}
