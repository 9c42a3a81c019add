//! What somebody's rights include of what can be done from the keyboard: footer, help and palette offer nothing else.

use crate::desk::WhoAnswer;
use crate::domain::office::Action as Right;
use crate::keymap::Action;

/// Whether an action may come to anything for whoever is signed in. The desk decides; a key that is not offered still means
/// what it means, and is refused in words.
pub(super) fn may(who: &WhoAnswer, action: Action) -> bool {
    let rights = needed(action);
    rights.is_empty() || rights.iter().any(|right| who.may(*right))
}

/// The rights of which an action takes one; none where it takes none of its own.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most actions move on the screen, or lead elsewhere"
)]
fn needed(action: Action) -> &'static [Right] {
    use Action as A;
    match action {
        A::OpenFind | A::GoPromises | A::VerifyCaller => &[Right::ReadPerson],
        A::GoOverdue
        | A::GoLedger
        | A::GoDay
        | A::GoMail
        | A::GoUnrouted
        | A::GoSignings
        | A::GoRing
        | A::Emergency
        | A::PrintSlip
        | A::Why => &[Right::ReadCase],
        A::ClaimNext
        | A::Escalate
        | A::Acknowledge
        | A::Reply
        | A::Hold
        | A::Give
        | A::Extend
        | A::FillIn => &[Right::WorkCase],
        A::NextStep => &[Right::WorkCase, Right::Screen, Right::Classify, Right::Review],
        A::AddNote | A::CameBack => &[Right::NoteCase],
        A::CloseCase | A::Decide => &[Right::Decide],
        A::CorrectClosed => &[Right::ForceEdit],
        A::ReopenCase => &[Right::Reopen, Right::ForceEdit],
        A::Merge => &[Right::Merge],
        A::Unmerge => &[Right::Unmerge],
        A::GoDuplicates | A::DuplicatesOf | A::NotSame => &[Right::ComparePeople],
        A::NewCase | A::Register | A::Promise | A::EndPromise | A::Contact => {
            &[Right::RegisterCase]
        }
        A::NewPerson | A::EditPerson => &[Right::RegisterPerson],
        A::Reveal => &[Right::RevealPerson],
        A::FindJustified | A::FindUnjustified => &[Right::ReviewAccess],
        _ => &[],
    }
}
