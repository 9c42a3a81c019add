//! What every screen shows while the desk cannot be reached, or does not answer.

use crate::desk::{Condition, HealthAnswer, Notice};

use super::LinkError;
use crate::text::with_sources;

/// The condition of a desk that has not answered yet, and is waited for. Whether it works long or has stopped shows later.
pub(super) fn slow() -> HealthAnswer {
    let story = [
        "The desk has not answered for some seconds. It may be working on something long, as an act on many cases or an \
         export is, or its disk is slow.",
        "What was asked is not asked again while the desk says that it works on it. What you type stays on the screen.",
        "What to do: wait, or go on typing; casedesk can be left, and what was asked of the desk is done all the same. If \
         it lasts, tell whoever runs this system.",
    ];
    let notice = Notice {
        heading: "DESK SLOW".to_owned(),
        short: "no answer yet: it is waited for".to_owned(),
        story: story.map(str::to_owned).to_vec(),
        is_trouble: true,
    };
    HealthAnswer { condition: Condition::Sound, notice: Some(notice), sequence: 0 }
}

/// The condition of a desk that cannot be reached, for this reason.
pub(super) fn health(why: &LinkError) -> HealthAnswer {
    let words = with_sources(why);
    let kept = "Whatever was acknowledged is safe on the desk's disk. What you type stays on the screen, and what was \
                on its way when the desk went is sent again when it is back: nothing is done twice.";
    let (short, to_do) = match why {
        LinkError::Protocol { .. } => (
            "another version runs now: leave casedesk and open it again",
            "What to do: note what is in an open text and was typed in the last seconds, leave casedesk, and open it \
             again: drafts are where they were.",
        ),
        LinkError::NotCasedesk | LinkError::OtherUser | LinkError::WrongOwner { .. } => (
            "whoever listens is not the desk",
            "What to do: tell whoever runs this system. casedesk sends nothing there, and goes on as soon as the desk is \
             back.",
        ),
        LinkError::Refused(_) => (
            "it does not take this session any more",
            "What to do: read the reason, and tell whoever runs the office. casedesk tries again every second.",
        ),
        LinkError::Io { .. }
        | LinkError::Ended
        | LinkError::Silent { .. }
        | LinkError::TooLong { .. }
        | LinkError::Codec(_)
        | LinkError::NotNow(_) => (
            "it is being looked for; what you type stays here",
            "What to do: go on typing, or wait. A desk that is started again is back within seconds, and casedesk sees \
             it by itself. If it stays away, tell whoever runs this system: systemctl status casedesk.",
        ),
    };
    let happened = format!("The desk does not answer: {words}.");
    let story = vec![happened, kept.to_owned(), to_do.to_owned()];
    let notice = Notice {
        heading: "DESK AWAY".to_owned(),
        short: short.to_owned(),
        story,
        is_trouble: true,
    };
    HealthAnswer {
        condition: Condition::ReadOnly { why: words },
        notice: Some(notice),
        sequence: 0,
    }
}
