//! Who is signed in at the operating system.

use std::ffi::OsStr;

use uzers::os::unix::UserExt as _;
use uzers::{Group, User, get_user_groups};

/// A user of the operating system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SystemUser {
    /// The account.
    pub(super) account: String,
    /// The full name, or the account where there is none.
    pub(super) name: String,
}

impl SystemUser {
    /// The user that this process runs as. It comes from the user id: no environment variable counts.
    pub(super) fn current() -> Self {
        Self::of(uzers::get_effective_uid())
    }

    /// The user with a number. One whom the system knows no more has an account of that number.
    pub(super) fn of(uid: u32) -> Self {
        uzers::get_user_by_uid(uid).map_or_else(
            || {
                let account = format!("uid{uid}");
                Self { name: account.clone(), account }
            },
            |user| Self::from(&user),
        )
    }
}

impl From<&User> for SystemUser {
    fn from(user: &User) -> Self {
        let account = user.name().to_string_lossy().into_owned();
        // The first field of GECOS is the full name; `&` stands for the account in capitals on old systems.
        let gecos = user.gecos().to_string_lossy().into_owned();
        let name = gecos.split(',').next().unwrap_or_default().trim().to_owned();
        let name = if name.is_empty() || name.contains('&') { account.clone() } else { name };
        Self { account, name }
    }
}

/// The system does not say in which groups a user is: it does not know the user, or its directory does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GroupsUnknown;

/// The names of the groups of a user, as the system has them now.
///
/// # Errors
/// The system does not say them. Nobody is in no group: one who seems to be is one whose groups it cannot name.
pub(super) fn groups_of(uid: u32) -> Result<Vec<String>, GroupsUnknown> {
    let user = uzers::get_user_by_uid(uid).ok_or(GroupsUnknown)?;
    let groups = get_user_groups(user.name(), user.primary_group_id());
    named(user.primary_group_id(), groups)
}

/// The names of groups, where they are all of a user's: those that the directory could not name are left out of the list,
/// and the user's first group is among them when it names none.
fn named(first: u32, groups: Option<Vec<Group>>) -> Result<Vec<String>, GroupsUnknown> {
    let groups = groups.filter(|groups| groups.iter().any(|group| group.gid() == first));
    let groups = groups.ok_or(GroupsUnknown)?;
    Ok(groups.iter().map(|group| group.name().to_string_lossy().into_owned()).collect())
}

/// The number of a user, by name or as a number.
pub(super) fn user_number(name: &str) -> Option<u32> {
    let named = uzers::get_user_by_name(OsStr::new(name)).map(|user| user.uid());
    named.or_else(|| name.parse().ok())
}

/// The number of a group, by name or as a number.
pub(super) fn group_number(name: &str) -> Option<u32> {
    let named = uzers::get_group_by_name(OsStr::new(name)).map(|group| group.gid());
    named.or_else(|| name.parse().ok())
}

/// The name of a group, by its number.
pub(super) fn group_name(number: u32) -> Option<String> {
    uzers::get_group_by_gid(number).map(|group| group.name().to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_does_not_answer_is_not_a_user_without_groups() {
        let group = |gid, name: &str| Group::new(gid, name);
        assert_eq!(named(100, None), Err(GroupsUnknown));
        assert_eq!(named(100, Some(Vec::new())), Err(GroupsUnknown));
        // What the machine itself knows is named, and what the directory knows is not.
        assert_eq!(named(5_000, Some(vec![group(27, "sudo")])), Err(GroupsUnknown));
        let both = Some(vec![group(100, "users"), group(5_000, "housing")]);
        assert_eq!(named(100, both), Ok(vec!["users".to_owned(), "housing".to_owned()]));
    }

    #[test]
    fn whom_the_system_does_not_know_has_groups_that_nobody_knows() {
        // The number that stands for nobody, which no user has.
        assert_eq!(groups_of(u32::MAX), Err(GroupsUnknown));
    }
}
