//! Who may sit down at an office's daemon, and as whom: the operating system alone says it.

use std::sync::Arc;

use super::account::{SystemUser, groups_of};
use crate::desk::{AskWho, Desk, DeskError, LocalDesk};
use crate::domain::Refusal;
use crate::domain::office::Role;
use crate::link::{Reception, Seated};

/// Signs callers in as whom the system says they are.
pub(super) fn reception(desk: &Arc<LocalDesk>) -> Reception {
    let desk = Arc::clone(desk);
    Arc::new(move |caller| {
        if caller.account.is_some() {
            return Err(Refusal::new(
                "account.asked",
                "At this office everybody works as who they are to the system: another account cannot be asked for.",
                "Leave --as out.",
            )
            .into());
        }
        let SystemUser { account, name } = SystemUser::of(caller.peer.uid);
        let groups = groups_of(caller.peer.uid);
        let groups = groups.as_deref().ok();
        let session = desk.sign_in_from_system(&account, &name, groups, None);
        let session = session.map_err(|error| told_what_helps(error, caller.peer.uid == ROOT))?;
        let door: &dyn Desk = &session;
        let roles = door.ask(AskWho {})?.roles;
        let sees_sessions = roles.iter().any(|role| SEE_SESSIONS.contains(role));
        Ok(Seated { desk: Arc::new(session), account, sees_sessions })
    })
}

/// Of an account that is not enrolled, the superuser hears how to ask as the daemon's user, who founded the office.
#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else is told otherwise")]
fn told_what_helps(error: DeskError, is_root: bool) -> DeskError {
    match error {
        DeskError::Refused(refusal) if is_root && refusal.code == "account.newcomer" => {
            let owner = SystemUser::current().account;
            let hint = format!(
                "Ask as the daemon's user: `runuser -u {owner} -- casedesk status`. To work here, root is enrolled as \
                 anybody: casedesk office enrol."
            );
            Refusal { hint, ..refusal }.into()
        }
        other => other,
    }
}

/// The number of the superuser.
const ROOT: u32 = 0;

/// Who may know who else is signed in: whoever runs the system, leads people, or looks after what was done.
const SEE_SESSIONS: [Role; 4] =
    [Role::Manager, Role::Auditor, Role::PrivacyOfficer, Role::Administrator];
