//! Who is signed in at the operating system.

use uzers::os::unix::UserExt as _;

/// The user of the operating system.
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
        let uid = uzers::get_effective_uid();
        let Some(user) = uzers::get_user_by_uid(uid) else {
            let account = format!("uid{uid}");
            return Self { name: account.clone(), account };
        };
        let account = user.name().to_string_lossy().into_owned();
        // The first field of GECOS is the full name; `&` stands for the account in capitals on old systems.
        let gecos = user.gecos().to_string_lossy().into_owned();
        let name = gecos.split(',').next().unwrap_or_default().trim().to_owned();
        let name = if name.is_empty() || name.contains('&') { account.clone() } else { name };
        Self { account, name }
    }
}
