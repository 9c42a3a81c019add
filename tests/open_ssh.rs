//! An office on one server, behind a real OpenSSH server: who gets in and as whom, what a caseworker's session does not do,
//! and that neither a broken line nor a daemon that is started again loses a word.
//!
//! Each test runs itself once more in a room of its own: mounts and processes that end with it. What `casedesk install` and
//! the system's own tools write there lies over the machine's directories in memory, and changes nothing of them.

use std::env::{current_exe, var_os};
use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use casedesk::desk::{AskCaseFile, AskDrafts, Command as Act, Desk, Request};
use casedesk::domain::CaseId;
use casedesk::domain::cases::Nature;
use casedesk::domain::office::Purpose;
use casedesk::domain::time::Instant;
use casedesk::link::{Place, RemoteDesk};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::PROGRAM;
use crate::install::leave_out;
use crate::office::Office;
use crate::pty_terminal::Pty;
use crate::serve::until;

/// How long a wait for a byte may take on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a room takes of the system.
const TOOLS: [&str; 9] = [
    "/usr/sbin/sshd",
    "/usr/bin/ssh",
    "/usr/bin/ssh-agent",
    "/usr/bin/ssh-keygen",
    "/usr/bin/timeout",
    "/usr/bin/unshare",
    "/usr/bin/systemd-sysusers",
    "/usr/bin/systemd-tmpfiles",
    "/usr/sbin/useradd",
];

/// Says to a test that it runs in its room.
const INSIDE: &str = "CASEDESK_TEST_ROOM";

/// Seconds after which a room ends with all that is in it.
const ROOM_SECONDS: &str = "900";

/// What the script says where the system lets no room be made.
const NO_ROOM: i32 = 77;

/// Lays memory over the directories that an installation writes to, puts the program where it belongs, and goes on with
/// what is to run there. The directory in which the memory lies is hidden by the last of them.
const ROOM: &str = r#"
over() {
    mkdir "$1/$2" "$1/$2.work" && chmod --reference="/$2" "$1/$2" &&
        mount -t overlay overlay -o "lowerdir=/$2,upperdir=$1/$2,workdir=$1/$2.work" "/$2"
}
{
    mount -t tmpfs room "$1" && over "$1" etc && over "$1" usr && over "$1" home && mount -t tmpfs room /run &&
        touch /usr/bin/casedesk && mount --bind "$2" /usr/bin/casedesk && over "$1" var && over "$1" tmp
} || exit 77
shift 2
exec "$@"
"#;

const SOCKET: &str = "/run/casedesk/desk.sock";

/// Where whatever of a home directory is executed would leave a mark.
const MARKS: &str = "/run/marks";

/// Files that shells, `sshd` and its modules execute or read where they are allowed to.
const STARTING_FILES: [&str; 6] =
    [".profile", ".bash_profile", ".bashrc", ".bash_login", ".zshenv", ".ssh/rc"];

/// Tells a story at a server, or says that it is left out and why.
fn at_a_server(test: &str, story: impl FnOnce(&mut Server)) {
    if var_os(INSIDE).is_some() {
        return story(&mut Server::new());
    }
    if let Some(why) = missing() {
        return leave_out(test, &why);
    }
    let directory = tempfile::tempdir().unwrap();
    let mut room = Command::new("timeout");
    room.args(["--signal=KILL", ROOM_SECONDS, "unshare", "--mount", "--mount-proc", "--pid"]);
    room.args(["--fork", "--kill-child", "sh", "-c", ROOM, "sh"]).arg(directory.path());
    room.arg(PROGRAM).arg(current_exe().unwrap()).args(["--exact", test, "--nocapture"]);
    let told = room.env(INSIDE, "1").stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    match told.status.code() {
        Some(0) => assert!(String::from_utf8_lossy(&told.stdout).contains("1 passed"), "{said}"),
        Some(1 | NO_ROOM) => leave_out(test, said.lines().last().unwrap_or("no room")),
        _ => unreachable!("{}{said}", String::from_utf8_lossy(&told.stdout)),
    }
}

/// Why there can be no room for a server on this machine.
fn missing() -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        return Some("only root makes accounts and lets them in".to_owned());
    }
    if Path::new("/etc/casedesk").exists() {
        return Some("casedesk is installed on this machine".to_owned());
    }
    let missing = TOOLS.iter().find(|tool| !Path::new(tool).exists());
    missing.map(|tool| format!("there is no {tool}"))
}

/// Runs a command that has to succeed; what it says.
fn done(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Numbers of user and group of an account.
fn numbers(account: &str) -> (u32, u32) {
    let user = uzers::get_user_by_name(account).unwrap();
    (user.uid(), user.primary_group_id())
}

/// A server as `casedesk install` makes it: the accounts, the daemon at the socket that systemd would hand over, and sshd
/// with the printed part, which lets in whoever has the one key.
///
/// `aberg` and `bholt` are caseworkers, `clund` may call and is nowhere enrolled, `dvik` has casedesk as login shell and
/// may not call, and `elie` has an ordinary shell: with that account is shown that what is refused to others works else.
struct Server {
    socket: UnixListener,
    daemon: Option<Child>,
    place: Arc<TempDir>,
    _sshd: Child,
}

impl Server {
    fn new() -> Self {
        done(Command::new("/usr/bin/casedesk").args(["install", "--into", "/"]));
        let shell = done(
            Command::new("/usr/bin/casedesk").args(["install", "--print", "--only", "shells"]),
        );
        fs::write("/etc/shells", fs::read_to_string("/etc/shells").unwrap_or_default() + &shell)
            .unwrap();
        done(Command::new("systemd-sysusers").arg("casedesk.conf"));
        done(Command::new("systemd-tmpfiles").args(["--create", "casedesk.conf"]));
        fs::create_dir(MARKS).unwrap();
        fs::set_permissions(MARKS, Permissions::from_mode(0o777)).unwrap();
        let place = Arc::new(tempfile::tempdir().unwrap());
        for key in ["host", "user"] {
            let mut maker = Command::new("ssh-keygen");
            done(maker.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(place.path().join(key)));
        }
        for account in ["aberg", "bholt", "clund"] {
            make_account(
                account,
                &["--groups=casedesk-users", "--shell=/usr/bin/casedesk"],
                &place,
            );
        }
        make_account("dvik", &["--shell=/usr/bin/casedesk"], &place);
        make_account("elie", &["--shell=/bin/bash"], &place);
        // As casedesk.socket says it.
        let socket = UnixListener::bind(SOCKET).unwrap();
        let callers = uzers::get_group_by_name("casedesk-users").unwrap().gid();
        chown(SOCKET, Some(numbers("casedesk").0), Some(callers)).unwrap();
        fs::set_permissions(SOCKET, Permissions::from_mode(0o660)).unwrap();
        let sshd = start_sshd(place.path());
        let mut server = Self { socket, daemon: None, place, _sshd: sshd };
        server.start();
        for (account, name) in
            [("aberg", "Anna Berg"), ("bholt", "Bert Holt"), ("root", "Whoever looks")]
        {
            let whom = ["office", "enrol", account, name, "--unit", "office"];
            as_daemon(&[&whom[..], &["--role", "clerk", "--role", "caseworker"]].concat());
        }
        server
    }

    /// Starts the daemon as systemd does, and waits until it serves.
    fn start(&mut self) {
        let (user, group) = numbers("casedesk");
        // A shell hands its own process number and the descriptor over.
        let script = "LISTEN_PID=$$ LISTEN_FDS=1 exec /usr/bin/casedesk serve 3<&0 0</dev/null";
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).env_clear().env("HOME", "/var/lib/casedesk");
        command.current_dir("/").uid(user).gid(group).stderr(Stdio::piped());
        command.stdin(Stdio::from(OwnedFd::from(self.socket.try_clone().unwrap())));
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let serves = lines.any(|line| line.unwrap().contains("casedesk is serving"));
        assert!(serves, "the daemon does not start");
        self.daemon = Some(child);
    }

    fn stop(&mut self) {
        let mut child = self.daemon.take().unwrap();
        let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        kill_process(id, Signal::TERM).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }

    fn config(&self) -> PathBuf {
        self.place.path().join("ssh_config")
    }

    /// A client's command without a terminal.
    fn client(&self, program: &str, arguments: &[&str]) -> Output {
        let mut client = Command::new(program);
        client.arg("-F").arg(self.config()).args(arguments).stdin(Stdio::null());
        client.output().unwrap()
    }

    fn ssh(&self, arguments: &[&str]) -> Output {
        self.client("ssh", arguments)
    }

    /// A client in a terminal.
    fn session(&self, arguments: &str) -> Pty {
        let config = self.config();
        let script = format!(
            "DISPLAY=127.0.0.1:9 exec ssh-agent ssh -F {} -tt {arguments}",
            config.display()
        );
        Pty::start_on(Arc::clone(&self.place), self.place.path(), &script)
    }

    /// A client in a terminal, once the board is there.
    fn board(&self, account: &str) -> Pty {
        let mut pty = self.session(&format!("{account}@server"));
        pty.wait("the board", |screen| {
            screen.alternate_screen() && screen.contents().contains("1Mine")
        });
        pty
    }
}

/// A command of the account that the daemon has, which founded the office.
fn as_daemon(arguments: &[&str]) -> Value {
    let (user, group) = numbers("casedesk");
    let mut command = Command::new("/usr/bin/casedesk");
    command.args(arguments).arg("--json").env_clear().current_dir("/");
    serde_json::from_str(&done(command.uid(user).gid(group))).unwrap()
}

/// A desk for whoever looks what has come of it.
fn desk() -> RemoteDesk {
    let place = Place::of_office(Path::new(SOCKET), numbers("casedesk").0, "casedesk");
    RemoteDesk::connect_to(place, None, PATIENCE).unwrap()
}

/// Makes an account that the key lets in, with a home directory full of files that would leave marks.
fn make_account(account: &str, options: &[&str], place: &TempDir) {
    let mut maker = Command::new("useradd");
    // No password fits; one that is locked would keep the key out, too, where sshd asks no PAM.
    done(maker.args(["--create-home", "--password=*"]).args(options).arg(account));
    let (user, group) = numbers(account);
    let home = Path::new("/home").join(account);
    let of_theirs = |path: PathBuf, text: &str| {
        fs::write(&path, text).unwrap();
        chown(&path, Some(user), Some(group)).unwrap();
    };
    fs::create_dir(home.join(".ssh")).unwrap();
    chown(home.join(".ssh"), Some(user), Some(group)).unwrap();
    let key = fs::read_to_string(place.path().join("user.pub")).unwrap();
    of_theirs(home.join(".ssh/authorized_keys"), &key);
    of_theirs(home.join(".ssh/environment"), "CASEDESK_DATA=/tmp/mine\n");
    for file in STARTING_FILES {
        let mark = format!("echo {account} >> {MARKS}/$(id -un)\n");
        of_theirs(home.join(file), &mark);
    }
}

/// Starts sshd with the printed part before what systems have in theirs, and waits until it listens.
fn start_sshd(place: &Path) -> Child {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let shown = place.display();
    let server = format!(
        "Include /etc/ssh/sshd_config.d/50-casedesk.conf\nPort {port}\nListenAddress 127.0.0.1\nHostKey {shown}/host\n\
         PidFile none\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nX11Forwarding yes\n\
         Subsystem sftp internal-sftp\n"
    );
    fs::write(place.join("sshd_config"), server).unwrap();
    let client = format!(
        "Host server\nHostName 127.0.0.1\nPort {port}\nIdentityFile {shown}/user\nIdentitiesOnly yes\nBatchMode yes\n\
         StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nLogLevel ERROR\n"
    );
    fs::write(place.join("ssh_config"), client).unwrap();
    fs::create_dir_all("/run/sshd").unwrap();
    let log = place.join("log");
    let mut command = Command::new("/usr/sbin/sshd");
    command.args(["-D", "-e", "-f"]).arg(place.join("sshd_config")).stdin(Stdio::null());
    let child = command.stderr(File::create(&log).unwrap()).spawn().unwrap();
    until("sshd listens", || fs::read_to_string(&log).unwrap().contains("Server listening"));
    child
}

/// The environments of an account's running sessions.
fn environments(account: &str) -> Vec<String> {
    let user = format!("\nUid:\t{}\t", numbers(account).0);
    let of = |directory: fs::DirEntry| {
        let read = |file: &str| fs::read(directory.path().join(file)).ok();
        let status = String::from_utf8(read("status")?).ok()?;
        let is_theirs = status.starts_with("Name:\tcasedesk\n") && status.contains(&user);
        let environment = read("environ").filter(|_| is_theirs)?;
        Some(String::from_utf8_lossy(&environment).replace('\0', "\n"))
    };
    fs::read_dir("/proc").unwrap().filter_map(|entry| of(entry.ok()?)).collect()
}

fn marks_of(account: &str) -> bool {
    Path::new(MARKS).join(account).exists()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The notes on the first case.
fn notes(desk: &RemoteDesk) -> Vec<String> {
    static OPENED: AtomicU64 = AtomicU64::new(1_000);
    let id = u128::from(OPENED.fetch_add(1, Ordering::Relaxed));
    let command = Act::OpenCase { case: CaseId(1), purpose: Purpose("casework".to_owned()) };
    desk.execute(Request { id, command }).unwrap();
    let file = (desk as &dyn Desk).ask(AskCaseFile { case: CaseId(1), entries: 99 }).unwrap();
    let entries = file.timeline.into_iter().filter(|entry| entry.kind == "note");
    entries.map(|entry| entry.text).collect()
}

#[test]
fn everybody_is_who_the_system_says_whatever_they_ask_for_and_bring_along() {
    at_a_server(
        "open_ssh::everybody_is_who_the_system_says_whatever_they_ask_for_and_bring_along",
        |server| {
            let brought = "-A -X -o SetEnv='CASEDESK_DATA=/tmp/mine LC_CASEDESK=bholt LOGNAME=bholt USER=bholt'";
            let asked = "casedesk --as bholt --data /tmp/mine";
            let mut anna = server.session(&format!("{brought} aberg@server {asked}"));
            anna.wait_for("Anna Berg");
            let mut bert = server.board("bholt");
            bert.wait_for("Bert Holt");
            let status = as_daemon(&["status"]);
            let sessions = status["server"]["sessions"].as_array().unwrap();
            let accounts: Vec<&str> =
                sessions.iter().filter_map(|line| line["account"].as_str()).collect();
            assert!(
                accounts.contains(&"aberg") && accounts.contains(&"bholt"),
                "each is known as themselves: {accounts:?}"
            );
            let [environment] = environments("aberg").try_into().unwrap();
            assert!(
                environment.contains("LC_CASEDESK=bholt"),
                "this much is let in: {environment}"
            );
            assert!(environment.contains("\nUSER=aberg\n"), "{environment}");
            for kept_out in ["CASEDESK_DATA", "SSH_AUTH_SOCK", "DISPLAY"] {
                assert!(!environment.contains(kept_out), "{kept_out} came along: {environment}");
            }
            assert!(!Path::new("/tmp/mine").exists());
            let mut agent = server.session("-A elie@server 'echo agent=$SSH_AUTH_SOCK.'");
            agent.wait_for("agent=/");
            for account in ["aberg", "bholt"] {
                assert!(!marks_of(account), "a file in a home directory was executed");
            }
            assert!(marks_of("elie"), "these files are executed elsewhere");
        },
    );
}

#[test]
fn a_caseworkers_session_is_casedesk_and_nothing_else() {
    at_a_server("open_ssh::a_caseworkers_session_is_casedesk_and_nothing_else", |server| {
        let secret = server.place.path().join("secret");
        fs::write(&secret, "words").unwrap();
        let (secret, there) = (secret.to_str().unwrap(), "/run/marks/copied");
        let ls = |account: &str| server.ssh(&[&format!("{account}@server"), "ls", "/etc/passwd"]);
        let (refused, taken) = (ls("aberg"), ls("elie"));
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(1), 0), "{refused:?}");
        assert!(said(&refused).contains("needs a terminal"), "{}", said(&refused));
        assert!(said(&refused).contains("ssh -t"), "it says what to do: {}", said(&refused));
        assert_eq!(taken.stdout, b"/etc/passwd\n");
        for way in ["-s", "-O"] {
            let scp = |account: &str| {
                server.client("scp", &[way, "-q", secret, &format!("{account}@server:{there}")])
            };
            assert!(!scp("aberg").status.success() && !Path::new(there).exists(), "{way}");
            assert!(scp("elie").status.success() && Path::new(there).exists(), "{way}");
            fs::remove_file(there).unwrap();
        }
        refuses_forwarding(server);
        assert!(!marks_of("aberg"), "a file in a home directory was executed");
        let mut newcomer = server.session("clund@server");
        newcomer.wait_for("`clund` is not enrolled here");
        assert!(newcomer.has_ended());
        let mut stranger = server.session("dvik@server");
        stranger.wait_for("may not call the office's daemon");
        stranger.wait_for("casedesk-users");
        assert!(stranger.has_ended() && !marks_of("dvik"));
    });
}

/// Neither a port nor the desk's own socket is carried over a caseworker's line, in either direction.
fn refuses_forwarding(server: &Server) {
    let config = fs::read_to_string(server.config()).unwrap();
    let port = config.lines().find_map(|line| line.strip_prefix("Port ")).unwrap();
    let target = format!("127.0.0.1:{port}");
    let away = |account: &str| server.ssh(&["-W", &target, &format!("{account}@server")]);
    let (refused, carried) = (away("aberg"), away("elie"));
    assert!(!refused.status.success() && refused.stdout.is_empty(), "{refused:?}");
    assert!(carried.stdout.starts_with(b"SSH-2.0"), "{carried:?}");
    let back = |account: &str| {
        let from = format!("127.0.0.1:0:{target}");
        let asked = ["-o", "ExitOnForwardFailure=yes", "-R", &from];
        server.ssh(&[&asked[..], &[&format!("{account}@server"), "true"]].concat())
    };
    let (refused, carried) = (back("aberg"), back("elie"));
    assert!(said(&refused).contains("remote port forwarding failed"), "{refused:?}");
    assert!(carried.status.success(), "{carried:?}");
    let near = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let mut client = Command::new("ssh");
    client.arg("-F").arg(server.config()).args(["-N", "-L", &format!("{near}:{SOCKET}")]);
    let mut client = client.arg("aberg@server").stdin(Stdio::null()).spawn().unwrap();
    let mut stream = None;
    until("the client listens", || {
        stream = TcpStream::connect(near).ok();
        stream.is_some()
    });
    let mut stream = stream.unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut heard = Vec::new();
    let ended = stream.read_to_end(&mut heard);
    assert!(ended.is_ok() && heard.is_empty(), "{ended:?}: {heard:?}");
    client.kill().unwrap();
    client.wait().unwrap();
}

#[test]
fn neither_a_broken_line_nor_a_daemon_started_again_loses_a_word() {
    at_a_server(
        "open_ssh::neither_a_broken_line_nor_a_daemon_started_again_loses_a_word",
        |server| {
            let desk = desk();
            let at = Instant::from_milliseconds(1_700_000_000_000);
            let intake = Office::intake(None, Nature::Report, "HOU-1", "no light", at);
            desk.execute(Request { id: 1, command: Act::RegisterCase(intake) }).unwrap();
            let mut broken = server.board("aberg");
            broken.press("/c-1\r");
            broken.wait_for("for which purpose?");
            broken.press("1");
            broken.wait_for("no light");
            broken.press("a");
            broken.wait_for("NOTE");
            broken.press("first words");
            broken.wait_for("first words");
            broken.signal(Signal::KILL);
            assert!(broken.has_ended());
            until("the session has ended", || environments("aberg").is_empty());
            let mut again = server.session("aberg@server");
            again.wait_for("Back where you were: C-1");
            again.wait_for("first words");
            again.press(" and more");
            again.wait_for("first words and more");
            server.stop();
            again.wait_for("DESK AWAY");
            again.press(" meanwhile");
            again.wait_for("first words and more meanwhile");
            server.start();
            again.wait("the desk is back", |screen| !screen.contents().contains("DESK AWAY"));
            again.press("\x04");
            until("the note is there", || !notes(&desk).is_empty());
            let drafts = || (&desk as &dyn Desk).ask(AskDrafts {}).unwrap().drafts;
            until("no words are left to be sent", || drafts().is_empty());
            assert_eq!(notes(&desk), ["first words and more meanwhile"]);
            again.press("qq");
            assert!(again.has_ended());
        },
    );
}
