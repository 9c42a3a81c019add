//! `casedesk serve`.

use std::io::ErrorKind;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use listenfd::ListenFd;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::Context;
use super::account::{SystemUser, group_number};
use super::error::CliError;
use super::long::stop_on_second_signal;
use super::notify::Supervisor;
use super::open::{House, Means, heal_index, open_local, open_store_hearing, sign_in_at};
use super::output;
use super::reception::reception;
use crate::config::{Mode, SystemConfig};
use crate::desk::{Level, LocalDesk};
use crate::link::{
    Entrance, LinkError, Reception, Seated, Server, ServerOptions, SocketRights, serve_at,
};

/// Descriptors that the database and the program keep open beside one for each session.
const OTHER_DESCRIPTORS: u64 = 256;

/// Owns the office's data and lets everybody work at it who may call at its socket, until it is told to stop.
///
/// Who somebody is comes from the system alone: the user of the process that calls. Every casedesk on a machine whose
/// configuration, /etc/casedesk/config.toml, says `mode = "daemon"` calls here, and has no database of its own. Under
/// systemd it takes the socket that is handed over, says when it is ready, and when it stops.
///
/// SIGTERM or Ctrl-C ends it: nobody is let in any more, running requests are finished, the audit chain is anchored, the
/// database is closed. Whoever is connected waits for the next start and goes on; nothing is lost. A second signal ends it
/// at once.
///
///   casedesk serve
///   casedesk --data /srv/desk serve --socket /run/casedesk/desk.sock --socket-mode 0660 --socket-group casedesk-users
#[derive(Debug, Default, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Serve {
    /// Listen here [default: `socket` of the configuration]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// The socket's permissions, as 0660 [default: `socket_mode`, or 0660]
    #[arg(long, value_name = "MODE", value_parser = permissions)]
    socket_mode: Option<u32>,
    /// The group whose members may call [default: `socket_group`, or that of the daemon's user]
    #[arg(long, value_name = "GROUP")]
    socket_group: Option<String>,
    /// Sessions at once [default: `sessions`, or 1200]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    sessions: Option<u16>,
    /// Sessions at once of one user [default: `sessions_a_user`, or 16]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    sessions_a_user: Option<u16>,
}

fn permissions(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok();
    mode.filter(|mode| *mode <= 0o777 && mode & 0o600 == 0o600)
        .ok_or_else(|| "permissions are octal and let the owner read and write, as 0660".to_owned())
}

impl Serve {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let data = context.data()?;
        let options = self.options(&context.system);
        let supervisor = Supervisor::from_environment();
        stop_on_second_signal()?;
        let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP])
            .map_err(CliError::failed_to("listen for signals"))?;
        raise_descriptors(&options);
        leave_no_core();
        let mut house = open_house(context, &data, &supervisor)?;
        let door = reception(&house.desk);
        house.listen(self.server(context, &house.desk, &data, door, options)?);
        let place = self.place(&context.system).display().to_string();
        let words = format!("serving {} at {place}", data.display());
        house.desk.note(Level::Info, &words);
        supervisor.say("READY=1");
        output::tell(&format!("casedesk is {words}. SIGTERM or Ctrl-C ends it."));
        // One signal is enough, and the iterator ends only with the program.
        let _signal = signals.forever().next();
        supervisor.say("STOPPING=1");
        house.desk.note(Level::Info, "stopping: running requests are finished");
        output::tell("casedesk is stopping: nobody is let in, and running requests are finished.");
        drop(house);
        output::tell(
            "casedesk has stopped: requests are finished, the audit chain is anchored, the database is closed.",
        );
        Ok(())
    }

    fn options(&self, system: &SystemConfig) -> ServerOptions {
        let usual = ServerOptions::default();
        let sessions = self.sessions.map(usize::from).or(system.sessions);
        let a_user = self.sessions_a_user.map(usize::from).or(system.sessions_a_user);
        ServerOptions {
            sessions_max: sessions.unwrap_or(usual.sessions_max),
            sessions_a_user_max: a_user.unwrap_or(usual.sessions_a_user_max),
            ..usual
        }
    }

    fn place<'a>(&'a self, system: &'a SystemConfig) -> &'a Path {
        self.socket.as_deref().unwrap_or(&system.socket)
    }

    /// Listens at the office's socket, handed over or made, and at the one of the data directory for its own user.
    fn server(
        &self,
        context: &Context,
        desk: &Arc<LocalDesk>,
        data: &Path,
        door: Reception,
        options: ServerOptions,
    ) -> Result<Server, CliError> {
        let system = &context.system;
        let office = if let Some(listener) = handed_over()? {
            Entrance::handed_over(listener, Arc::clone(&door))
        } else {
            let rights = self.rights(system)?;
            let place = self.place(system);
            Entrance::of_office(place, &rights, Arc::clone(&door))
                .map_err(|error| not_listening(error, place, self.group(system)))?
        };
        let own = if system.mode == Mode::Daemon { door } else { door_of_owner(desk) };
        let own = Entrance::of_data(data, own).map_err(CliError::Link)?;
        serve_at(vec![office, own], options).map_err(CliError::Link)
    }

    /// The group whose members may call, where one is named.
    fn group<'a>(&'a self, system: &'a SystemConfig) -> Option<&'a str> {
        self.socket_group.as_deref().or(system.socket_group.as_deref())
    }

    fn rights(&self, system: &SystemConfig) -> Result<SocketRights, CliError> {
        let group = self.group(system).map(|name| {
            group_number(name).ok_or_else(|| {
                CliError::refused(
                    "serve.group",
                    format!("The system has no group `{name}`."),
                    "Make it (groupadd), or name another one as socket_group.",
                )
            })
        });
        let mode = self.socket_mode.unwrap_or(system.socket_mode);
        Ok(SocketRights { mode, group: group.transpose()? })
    }
}

/// Why the daemon does not listen; where the system does not let it, with what whoever runs the system does about that.
fn not_listening(error: LinkError, place: &Path, group: Option<&str>) -> CliError {
    let LinkError::Io { source, .. } = &error else { return CliError::Link(error) };
    if source.kind() != ErrorKind::PermissionDenied {
        return CliError::Link(error);
    }
    let account = SystemUser::current().account;
    let place = place.display();
    // Whoever may not make a socket there is told so by another number than who may not give it away.
    let is_given_away = source.raw_os_error() == Some(rustix::io::Errno::PERM.raw_os_error());
    if let Some(group) = group.filter(|_| is_given_away) {
        return CliError::refused(
            "serve.group",
            format!("`{account}` cannot give the socket {place} to the group `{group}`."),
            format!(
                "Only a member of it can: `usermod --append --groups {group} {account}`, as the printed sysusers file has it, \
                 then start the daemon again. Or let systemd make the socket: systemctl enable --now casedesk.socket."
            ),
        );
    }
    CliError::refused(
        "serve.socket",
        format!("`{account}` cannot make the socket {place}: {source}."),
        "Its directory has to belong to the daemon's user: systemd-tmpfiles --create makes /run/casedesk. Or give another \
         --socket.",
    )
}

/// The door of the data directory's own user where there is no daemon mode: they may act as another account, as ever.
fn door_of_owner(desk: &Arc<LocalDesk>) -> Reception {
    let own = SystemUser::current().account;
    let sign_in = sign_in_at(desk, &own);
    Arc::new(move |caller| {
        let account = caller.account.clone().unwrap_or_else(|| own.clone());
        let desk = sign_in(caller.account.as_deref())?;
        Ok(Seated { desk, account, sees_sessions: true })
    })
}

/// Opens the data directory, and makes the office where there is none.
fn open_house(context: &Context, data: &Path, supervisor: &Supervisor) -> Result<House, CliError> {
    let means = Means::of_system()?;
    let goes_on = |_: &_| supervisor.say("EXTEND_TIMEOUT_USEC=60000000");
    let options = context.office_store_options()?;
    let store = Arc::new(open_store_hearing(data, &means, options, context.output, &goes_on)?);
    let desk = open_local(&store, &means)?;
    if super::open::found_where_new(&desk, data, &means)? {
        for line in first_steps(&SystemUser::current().account, context.is_daemons()) {
            output::tell(&line);
        }
    }
    heal_index(&desk, data, context.output);
    desk.bound_search_memory(context.search_bytes()?);
    desk.hold_replies(context.recall_minutes()?);
    // An office of many says for what it opens a file, where nothing else tells it.
    desk.ask_for_purposes();
    Ok(House::open(store, desk, data))
}

/// What is left to do in an office that the daemon has just made: it is the daemon's account that has every right and leads
/// the unit, until it is handed over to people.
fn first_steps(account: &str, is_daemons: bool) -> Vec<String> {
    let before = if is_daemons { format!("runuser -u {account} -- ") } else { String::new() };
    vec![
        format!(
            "Until it is handed over, `{account}` has every right in it and leads its unit. First steps, with accounts of \
             this system:"
        ),
        format!(
            "  {before}casedesk office enrol anna \"Anna Berg\" --unit office --role administrator"
        ),
        format!(
            "  {before}casedesk office enrol moe \"T. Moe\" --unit office --role manager --role caseworker"
        ),
        format!("  {before}casedesk office lead office --manager moe"),
        format!(
            "  casedesk office revoke {account} 1 --reason \"handed over\"   # as anna, until `casedesk office grants \
             {account}` shows none"
        ),
    ]
}

/// The socket that systemd has made and hands over, if it does.
fn handed_over() -> Result<Option<UnixListener>, CliError> {
    let mut handed = ListenFd::from_env();
    if handed.len() > 1 {
        return Err(CliError::refused(
            "serve.sockets",
            format!("{} sockets were handed over, and there is use for one.", handed.len()),
            "Leave one ListenStream in casedesk.socket.",
        ));
    }
    handed
        .take_unix_listener(0)
        .map_err(CliError::failed_to("listen at the socket that was handed over"))
}

/// Lets the process open as many descriptors as sessions need, two each, or says what to set where the system does not.
fn raise_descriptors(options: &ServerOptions) {
    let needed = 2 * options.sessions_max as u64 + OTHER_DESCRIPTORS;
    let limit = getrlimit(Resource::Nofile);
    // Where the system does not let it, what there is may be enough.
    let _raised =
        setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    if let Some(now) = getrlimit(Resource::Nofile).current.filter(|now| *now < needed) {
        output::tell(&format!(
            "Only {now} descriptors may be open, and {needed} are needed for {} sessions: set LimitNOFILE={needed} in \
             casedesk.service, or `ulimit -n {needed}`.",
            options.sessions_max
        ));
    }
}

/// A fault leaves no picture of the memory behind, in which there are citizens.
fn leave_no_core() {
    // Where the system does not let it, its own limit holds.
    let _set = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn a_socket_that_cannot_be_made_is_told_with_what_to_do() {
        let refused = |number| LinkError::Io {
            action: "listen at the daemon's socket",
            source: io::Error::from_raw_os_error(number),
        };
        let place = Path::new("/run/casedesk/desk.sock");
        let said = not_listening(refused(1), place, Some("casedesk-users")).in_full();
        assert!(said.contains("usermod --append --groups casedesk-users"), "{said}");
        let said = not_listening(refused(13), place, Some("casedesk-users")).in_full();
        assert!(said.contains("systemd-tmpfiles --create"), "{said}");
        let said = not_listening(refused(98), place, None);
        assert!(matches!(said, CliError::Link(_)), "another fault stays what it is");
    }
}
