//! Signing in with the identity and the groups that the operating system tells.

use std::sync::Arc;

use crate::domain::limits::CODE_BYTES_MAX;
use crate::domain::office::CaseworkerState;
use crate::domain::{CaseworkerId, Refusal};
use crate::store::CommitId;

use super::command::Command;
use super::error::DeskError;
use super::local::{Act, LocalDesk};
use super::session::Session;

/// Groups of one account that are kept; those that bring something here come first.
pub const GROUPS_MAX: usize = 100;

impl LocalDesk {
    /// Signs somebody in as whom the operating system says they are, in the groups in which it says they are. Groups other
    /// than at the last time are an event; somebody who is not enrolled is, in the unit that one of their groups brings.
    /// Where the system cannot say the groups now, those of the last time stay, and nobody new is enrolled. `behind` is as for
    /// [`LocalDesk::sign_in`].
    ///
    /// # Errors
    /// They are not enrolled and no group of theirs brings a unit, or their groups are not known; they have left, or the store
    /// cannot write.
    pub fn sign_in_from_system(
        self: &Arc<Self>,
        account: &str,
        full_name: &str,
        groups: Option<&[String]>,
        behind: Option<&str>,
    ) -> Result<Session, DeskError> {
        if let Some(past) = &self.past {
            return Err(self.is_past(past));
        }
        let directory = self.directory();
        let held = directory.by_account(account);
        if let Some(held) = held.filter(|held| held.state == CaseworkerState::Left) {
            let what = format!("{} has left.", held.name);
            let hint = "Whoever runs the office can set it right: casedesk office back.";
            return Err(Refusal::new("account.left", what, hint).into());
        }
        let Some(groups) = groups else {
            // An outage of the system's directory takes nobody's rights, and gives none.
            return match held {
                Some(_) => self.sign_in(account, behind),
                None => Err(groups_unknown(account).into()),
            };
        };
        let groups = self.kept_groups(groups);
        let seen = held.and_then(|held| directory.rights.get(&held.id));
        let seen = seen.map_or(&[][..], |rights| &rights.groups);
        if held.is_none() || *seen != *groups {
            self.note_groups(held.map(|held| held.id), account, full_name, groups, behind)?;
        }
        self.sign_in(account, behind)
    }

    fn note_groups(
        &self,
        known: Option<CaseworkerId>,
        account: &str,
        full_name: &str,
        groups: Vec<String>,
        behind: Option<&str>,
    ) -> Result<(), DeskError> {
        let command =
            Command::SignIn { account: account.to_owned(), name: full_name.to_owned(), groups };
        // A newcomer has no number until the command gives them one.
        let actor = known.unwrap_or(CaseworkerId(0));
        let act = Act { actor, at: self.clock.now(), command };
        let id = CommitId(u128::from_be_bytes(self.entropy.draw()));
        let acts = Arc::new(vec![(act, behind.map(str::to_owned))]);
        self.commit(id, &acts, false)?.into_iter().try_for_each(|result| result.map(drop))
    }

    /// The groups as they are kept: each once, in order, and no more than a record has room for.
    fn kept_groups(&self, groups: &[String]) -> Vec<String> {
        let directory = self.directory();
        let is_fit = |name: &&String| (1..=CODE_BYTES_MAX).contains(&name.len());
        let mut kept: Vec<String> = groups.iter().filter(is_fit).cloned().collect();
        kept.sort_unstable_by_key(|name| (!directory.groups.contains_key(name), name.clone()));
        kept.dedup();
        kept.truncate(GROUPS_MAX);
        kept.sort_unstable();
        kept
    }
}

/// Why somebody who is not enrolled is not while their groups are not known.
fn groups_unknown(account: &str) -> Refusal {
    Refusal::new(
        "account.groups",
        format!(
            "The system cannot say just now in which groups `{account}` is, and nobody of that account is enrolled."
        ),
        "Try again in a moment. If it lasts, whoever runs this system can look whether its directory answers: id ACCOUNT.",
    )
}
