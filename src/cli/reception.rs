//! Who may sit down at an office's daemon, and as whom: the operating system alone says it.

use std::sync::Arc;

use super::account::{SystemUser, groups_of};
use crate::desk::{AskWho, Desk, DeskError, LocalDesk, StatusAlone};
use crate::domain::Refusal;
use crate::domain::office::Role;
use crate::link::{Peer, Reception, Seated};

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
        let session = match session {
            Ok(session) => session,
            // Whoever can read all of the data by the system's rights may know that the daemon is well, and no more here.
            Err(DeskError::Refused(why)) if runs_machine(caller.peer) => {
                let desk = Arc::new(StatusAlone::new(&desk, told_what_helps(why)));
                return Ok(Seated { desk, account, sees_sessions: true });
            }
            Err(error) => return Err(error),
        };
        let door: &dyn Desk = &session;
        let roles = door.ask(AskWho {})?.roles;
        let sees_sessions =
            runs_machine(caller.peer) || roles.iter().any(|role| SEE_SESSIONS.contains(role));
        Ok(Seated { desk: Arc::new(session), account, sees_sessions })
    })
}

/// Whether the caller is the superuser or the user as whom the daemon runs, as the system says it.
fn runs_machine(peer: Peer) -> bool {
    peer.uid == ROOT || peer.is_same_user()
}

/// What those hear who have the status alone, of everything else.
fn told_what_helps(why: Refusal) -> Refusal {
    let hint = "You may ask how the daemon is: casedesk status. To work here, this account is enrolled as any other: \
                casedesk office enrol.";
    Refusal { hint: hint.to_owned(), ..why }
}

/// The number of the superuser.
const ROOT: u32 = 0;

/// Who may know who else is signed in: whoever runs the system, leads people, or looks after what was done.
const SEE_SESSIONS: [Role; 4] =
    [Role::Manager, Role::Auditor, Role::PrivacyOfficer, Role::Administrator];
