//! Who is signed in at the operating system.

use std::ffi::OsStr;

use uzers::os::unix::UserExt as _;
use uzers::{User, get_user_groups};

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

/// The names of the groups of a user, as the system has them now; none of a user whom it knows no more.
pub(super) fn groups_of(uid: u32) -> Vec<String> {
    let user = uzers::get_user_by_uid(uid);
    let groups = user.and_then(|user| get_user_groups(user.name(), user.primary_group_id()));
    let groups = groups.unwrap_or_default();
    groups.iter().map(|group| group.name().to_string_lossy().into_owned()).collect()
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
