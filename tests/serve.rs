//! The office's daemon: who gets in, who does not, how it stops, and that nobody loses a word when it is started again.

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use casedesk::desk::{
    Ask as _, AskCaseFile, AskDrafts, AskHealth, AskOffice, AskWho, Change, Command as Act, Desk,
    LAYOUT, Request,
};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::{CaseId, EntityId};
use casedesk::link::{
    Entrance, LinkError, PROTOCOL, Place, Reception, RemoteDesk, Seated, Server, ServerOptions,
    SocketRights, serve_at,
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{PROGRAM, TestScreen, program};
use crate::office::Office;
use crate::pty_terminal::Pty;

/// How long anything may take on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

const GREETING: &[u8] = b"casedesk\x00\x04";

/// Waits until it is so.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        // Whoever is waited for gets the processor meanwhile.
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// The user as whom the tests run.
fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// A daemon in this process, over an office in memory.
struct House {
    // The server ends before its directory goes.
    server: Option<Server>,
    office: Office,
    directory: TempDir,
}

impl House {
    fn new(options: ServerOptions) -> Self {
        let mut house =
            Self { server: None, office: Office::new(), directory: tempfile::tempdir().unwrap() };
        house.open(options);
        house
    }

    fn open(&mut self, options: ServerOptions) {
        let desk = Arc::clone(&self.office.desk);
        let reception: Reception = Arc::new(move |_| {
            let desk = Arc::new(desk.sign_in("karimi", None)?);
            Ok(Seated { desk, account: "karimi".to_owned(), sees_sessions: true })
        });
        let rights = SocketRights { mode: 0o666, group: None };
        let entrance = Entrance::of_office(&self.socket(), &rights, reception).unwrap();
        self.server = Some(serve_at(vec![entrance], options).unwrap());
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("run/desk.sock")
    }

    fn call(&self) -> Result<RemoteDesk, LinkError> {
        self.call_with(PATIENCE)
    }

    fn call_with(&self, patience: Duration) -> Result<RemoteDesk, LinkError> {
        RemoteDesk::connect_to(Place::of_office(&self.socket(), own_uid(), "us"), None, patience)
    }
}

fn note(id: u128, text: &str) -> Request {
    let act = CaseAct::Note { text: text.to_owned() };
    Request { id, command: Act::Case { case: CaseId(1), version: None, act } }
}

#[test]
fn a_user_has_so_many_sessions_and_a_place_that_is_left_is_free_again() {
    let house = House::new(ServerOptions {
        sessions_max: 8,
        sessions_a_user_max: 2,
        ..ServerOptions::default()
    });
    let first = house.call().unwrap();
    let _second = house.call().unwrap();
    let refusal = house.call().err().unwrap().to_string();
    assert!(refusal.contains("2 sessions are open already as this user"), "{refusal}");
    drop(first);
    until("the place is free", || house.call().is_ok());
}

#[test]
fn a_silent_caller_keeps_nobody_waiting() {
    let house = House::new(ServerOptions {
        sessions_max: 1,
        sessions_a_user_max: 1,
        ..ServerOptions::default()
    });
    let desk = house.call().unwrap();
    let silent: Vec<UnixStream> =
        (0..20).map(|_| UnixStream::connect(house.socket()).unwrap()).collect();
    let refusal = house.call().err().unwrap().to_string();
    assert!(refusal.contains("1 sessions are open already"), "{refusal}");
    assert!((&desk as &dyn Desk).ask(AskWho {}).is_ok());
    for mut stream in silent {
        let mut said = Vec::new();
        stream.read_to_end(&mut said).unwrap();
        assert!(said.starts_with(GREETING), "it hears why not, and the end");
    }
}

#[test]
fn many_questions_in_one_writing_are_answered_in_their_order() {
    let house = House::new(ServerOptions::default());
    let desk = house.call().unwrap();
    let queries: Vec<_> = (0..500)
        .map(|number| match number % 2 {
            0 => AskWho {}.into_query(),
            _ => AskOffice {}.into_query(),
        })
        .collect();
    let answers = desk.query_all(queries).unwrap();
    assert_eq!(answers.len(), 500);
    for pair in answers.chunks(2) {
        assert!(AskWho::expect(pair[0].clone().unwrap()).is_ok());
        assert!(AskOffice::expect(pair[1].clone().unwrap()).is_ok());
    }
    let status = desk.status().unwrap();
    assert_eq!((status.sessions_open, status.sessions[0].requests), (1, 501));
    assert_eq!(status.sessions[0].account, "karimi");
}

#[test]
fn whoever_does_not_read_is_read_no_further_and_closed() {
    let house = House::new(ServerOptions::default());
    let mut stream = UnixStream::connect(house.socket()).unwrap();
    stream.write_all(GREETING).unwrap();
    // A greeting without an account, and questions for the office: variant 1, and its place among the queries.
    stream.write_all(&[0, 0, 0, 3, 1, b'0', 0]).unwrap();
    let mut greeted = [0; 10];
    stream.read_exact(&mut greeted).unwrap();
    let question = {
        let bytes = bincode_of_office();
        let mut frame = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
        frame.extend(bytes);
        frame.repeat(64)
    };
    stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut sent = 0;
    while stream.write_all(&question).is_ok() {
        sent += question.len();
        assert!(sent < 8 * 1024 * 1024, "it reads on although nobody takes its answers");
    }
    let honest = house.call().unwrap();
    until("the one that never reads is gone", || honest.status().unwrap().sessions_open == 1);
}

/// The frame of a question: what [`AskOffice`] is on the wire, found by asking once through a listener of our own.
fn bincode_of_office() -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("tap.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let tap = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(GREETING).unwrap();
        let mut greeting = [0; 10];
        stream.read_exact(&mut greeting).unwrap();
        let _hello = frame_of(&mut stream);
        // `Open` with a version of one letter, and no heirs.
        stream.write_all(&[0, 0, 0, 4, 0, 1, b'0', 0]).unwrap();
        frame_of(&mut stream)
    });
    let place = Place::of_office(&socket, own_uid(), "us");
    let desk = RemoteDesk::connect_to(place, None, Duration::ZERO).unwrap();
    let _nobody_answers = (&desk as &dyn Desk).ask(AskOffice {});
    tap.join().unwrap()
}

fn frame_of(stream: &mut UnixStream) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut frame = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut frame).unwrap();
    frame
}

#[test]
fn a_client_goes_on_after_a_restart_and_its_act_is_done_once() {
    let mut house = House::new(ServerOptions::default());
    house.office.case(None, Nature::Report, "no light");
    let desk = house.call().unwrap();
    let feed = desk.watch();
    assert_eq!(feed.wait(), Some(Change::Resync));
    desk.execute(note(7, "before the restart")).unwrap();
    house.server = None;
    // The feed says that the desk is away, and every screen can say why, although nobody answers.
    until("the desk is missed", || feed.next() == Some(Change::Health));
    let health = (&desk as &dyn Desk).ask(AskHealth {}).unwrap();
    assert_eq!(health.notice.unwrap().heading, "DESK AWAY");
    let desk = Arc::new(desk);
    let writer = Arc::clone(&desk);
    // It asks while nobody listens, with the key of an act that was done already and with a new one.
    let waiting = std::thread::spawn(move || {
        (writer.execute(note(7, "before the restart")), writer.execute(note(8, "while away")))
    });
    house.open(ServerOptions::default());
    let (again, late) = waiting.join().unwrap();
    assert!(again.is_ok() && late.is_ok(), "{again:?} {late:?}");
    until("all is read again", || feed.next() == Some(Change::Resync));
    assert_eq!((desk.as_ref() as &dyn Desk).ask(AskHealth {}).unwrap().notice, None);
    let file = (desk.as_ref() as &dyn Desk).ask(AskCaseFile { case: CaseId(1), entries: 99 });
    let file = file.unwrap();
    let notes: Vec<&str> = file
        .timeline
        .iter()
        .filter(|entry| entry.kind == "note")
        .map(|entry| entry.text.as_str())
        .collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
}

#[test]
fn the_screen_says_that_the_desk_is_away_and_takes_keys_meanwhile() {
    let mut house = House::new(ServerOptions::default());
    house.office.case(None, Nature::Report, "no light");
    // A screen of the tests waits itself for what it asks, which the terminal program has threads for.
    let desk = Arc::new(house.call_with(Duration::ZERO).unwrap());
    let feed = desk.watch();
    assert_eq!(feed.wait(), Some(Change::Resync));
    let mut screen = TestScreen::open(Arc::clone(&desk) as Arc<dyn Desk>);
    screen.keys("/c-1<enter>a").keys("half a note");
    house.server = None;
    until("the desk is missed", || feed.next() == Some(Change::Health));
    screen.changed(Change::Health);
    assert!(screen.text().contains("DESK AWAY"), "{}", screen.text());
    screen.keys(" and the rest");
    assert!(screen.text().contains("half a note and the rest"), "{}", screen.text());
    house.open(ServerOptions::default());
    until("all is read again", || feed.next() == Some(Change::Resync));
    screen.changed(Change::Resync);
    assert!(!screen.text().contains("DESK AWAY"), "{}", screen.text());
    assert!(!screen.status().contains("refused"), "nothing was: {}", screen.status());
    assert!(screen.text().contains("half a note and the rest"), "{}", screen.text());
}

#[test]
fn a_screen_that_nobody_touches_asks_twice_a_minute_and_no_more() {
    let house = House::new(ServerOptions::default());
    house.office.case(None, Nature::Report, "no light");
    let desk = Arc::new(house.call().unwrap());
    let mut screen = TestScreen::open(Arc::clone(&desk) as Arc<dyn Desk>);
    let requests = || desk.status().unwrap().sessions[0].requests;
    let begun = house.office.clock_now();
    for (keys, minutes) in [("", 0..10), ("/c-1<enter>", 10..20)] {
        screen.keys(keys).tick(begun.plus_minutes(minutes.start));
        let before = requests();
        for second in minutes.start * 60 + 1..=minutes.end * 60 {
            screen.tick(begun.plus_seconds(second));
        }
        let asked = requests() - before;
        assert!(asked <= 21, "in ten minutes, with the question of the test itself: {asked}");
    }
}

#[test]
fn a_stop_lets_running_requests_end() {
    let mut house = House::new(ServerOptions::default());
    house.office.case(None, Nature::Report, "no light");
    let desk = Arc::new(house.call().unwrap());
    let writer = Arc::clone(&desk);
    let writing = std::thread::spawn(move || {
        // Numbers that the office does not give its own acts.
        (1_001..=1_200_u128).take_while(|id| writer.execute(note(*id, "on and on")).is_ok()).count()
    });
    until("it writes", || house.office.karimi().ask_sequence() > 20);
    let server = house.server.take().unwrap();
    server.end_within(PATIENCE);
    house.open(ServerOptions::default());
    assert_eq!(writing.join().unwrap(), 200);
    let file = (desk.as_ref() as &dyn Desk).ask(AskCaseFile { case: CaseId(1), entries: 999 });
    let notes = file.unwrap().timeline.iter().filter(|entry| entry.kind == "note").count();
    assert_eq!(notes, 200, "none is lost, and none is there twice");
}

trait Sequence {
    fn ask_sequence(&self) -> u64;
}

impl<D: Desk> Sequence for D {
    fn ask_sequence(&self) -> u64 {
        (self as &dyn Desk).ask(AskHealth {}).unwrap().sequence
    }
}

#[test]
fn a_socket_has_the_permissions_that_were_asked_for_and_no_file_is_taken_for_one() {
    let house = House::new(ServerOptions::default());
    let socket = fs::metadata(house.socket()).unwrap();
    assert!(socket.file_type().is_socket());
    assert_eq!(socket.permissions().mode() & 0o777, 0o666);
    let above = fs::metadata(house.socket().parent().unwrap()).unwrap();
    assert_eq!(above.permissions().mode() & 0o777, 0o755);
    let rights = SocketRights { mode: 0o600, group: None };
    let nobody: Reception = Arc::new(|_| unreachable!("nobody calls"));
    let again = Entrance::of_office(&house.socket(), &rights, Arc::clone(&nobody));
    let refusal = again.err().map(|error| format!("{error:?}")).unwrap();
    assert!(refusal.contains("somebody else listens there"), "{refusal}");
    let file = house.directory.path().join("file");
    fs::write(&file, "words").unwrap();
    assert!(Entrance::of_office(&file, &rights, nobody).is_err());
    assert_eq!(fs::read_to_string(&file).unwrap(), "words");
}

#[test]
fn a_daemon_of_somebody_else_is_not_talked_to() {
    if own_uid() == 0 {
        // Whatever runs as root may be the daemon.
        return;
    }
    let house = House::new(ServerOptions::default());
    let place = Place::of_office(&house.socket(), own_uid() + 1, "casedesk");
    let refusal = RemoteDesk::connect_to(place, None, Duration::ZERO).err().unwrap();
    assert!(matches!(refusal, LinkError::WrongOwner { .. }), "{refusal}");
}

/// The real program as a daemon, with a configuration of its own.
struct Daemon {
    child: Option<Child>,
    home: Arc<TempDir>,
    said: Vec<String>,
}

impl Daemon {
    fn new() -> Self {
        Self::where_was(|_data| {})
    }

    /// A daemon of an office that was made before, in which the user of these tests is nobody.
    fn of_others() -> Self {
        Self::where_was(|data| {
            let size = ["--no-open", "--people", "30", "--cases", "20"];
            let made = program().arg("--data").arg(data).arg("demo").args(size).output().unwrap();
            assert!(made.status.success(), "{made:?}");
        })
    }

    fn where_was(prepare: impl FnOnce(&Path)) -> Self {
        let home = Arc::new(tempfile::tempdir().unwrap());
        prepare(&home.path().join("data"));
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).unwrap();
        let text = format!(
            "mode = \"daemon\"\nsocket = \"{0}/run/desk.sock\"\ndata = \"{0}/data\"\nowner = \"{1}\"\n",
            home.path().display(),
            own_uid()
        );
        fs::write(home.path().join("config.toml"), text).unwrap();
        let mut daemon = Self { child: None, home, said: Vec::new() };
        daemon.start();
        daemon
    }

    fn command(home: &Path) -> Command {
        let mut command = Command::new(PROGRAM);
        command.env_clear().env("HOME", home).arg("--config").arg(home.join("config.toml"));
        command
    }

    fn start(&mut self) {
        let mut command = Self::command(self.home.path());
        command.arg("serve").stderr(Stdio::piped());
        self.watch(command.spawn().unwrap());
    }

    /// Waits until it says that it serves.
    fn watch(&mut self, mut child: Child) {
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        self.child = Some(child);
        for line in lines {
            self.said.push(line.unwrap());
            if self.said.last().unwrap().contains("casedesk is serving") {
                return;
            }
        }
        unreachable!("it does not serve: {:?}", self.said);
    }

    /// Asks it to stop, and waits for that.
    fn stop(&mut self) {
        let mut child = self.child.take().unwrap();
        let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        kill_process(id, Signal::TERM).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Self::command(self.home.path());
        command.args(arguments).env("CASEDESK_DATA", "/nowhere").stdin(Stdio::null());
        command.output().unwrap()
    }

    fn json(&self, arguments: &[&str]) -> (Value, i32) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        (serde_json::from_str(&text).unwrap(), output.status.code().unwrap())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ended = child.kill();
            let _waited = child.wait();
        }
    }
}

#[test]
fn where_there_is_a_daemon_nobody_has_a_database_beside_it() {
    let mut daemon = Daemon::new();
    let (status, code) = daemon.json(&["status"]);
    let versions = (&status["protocol"], &status["layout"]);
    assert_eq!((code, versions), (0, (&PROTOCOL.into(), &LAYOUT.into())));
    assert_eq!(status["server"]["sessions"].as_array().unwrap().len(), 1);
    for arguments in [&["--as", "nobody", "status"][..], &["--data", "/tmp/mine", "status"]] {
        let (refusal, code) = daemon.json(arguments);
        assert_eq!((code, &refusal["code"]), (1, &"daemon.choice".into()), "{refusal}");
    }
    daemon.stop();
    let (refusal, code) = daemon.json(&["status"]);
    assert_eq!((code, &refusal["code"]), (1, &"daemon".into()));
    assert!(refusal["hint"].as_str().unwrap().contains("systemctl start casedesk"), "{refusal}");
    let mine: Vec<_> = fs::read_dir(daemon.home.path()).unwrap().map(Result::unwrap).collect();
    let names: Vec<_> = mine.iter().map(fs::DirEntry::file_name).collect();
    assert!(names.iter().all(|name| name != ".local"), "{names:?}");
}

#[test]
fn whoever_runs_the_machine_has_the_status_without_being_enrolled_and_nothing_else() {
    let daemon = Daemon::of_others();
    let (status, code) = daemon.json(&["status"]);
    assert_eq!((code, &status["accepts_changes"]), (0, &true.into()), "{status}");
    assert!(status["commit"].as_u64().unwrap() > 0 && status["server"]["load"].is_object());
    assert_eq!(status["server"]["sessions"][0]["uid"], own_uid(), "{status}");
    for arguments in [
        &["queue", "list"][..],
        &["find", "mohammadi"],
        &["office", "show"],
        &["audit", "show"],
        &["case", "show", "C-1"],
        &["status", "C-1", "123456"],
        &["office", "enrol", "mallory", "M. Mallory", "--unit", "housing", "--role", "manager"],
    ] {
        let (refusal, code) = daemon.json(arguments);
        assert_eq!((code, &refusal["code"]), (1, &"account.newcomer".into()), "{arguments:?}");
        assert!(refusal["hint"].as_str().unwrap().contains("casedesk status"), "{refusal}");
    }
    // The same door, asked without the program.
    let desk = RemoteDesk::connect(&daemon.home.path().join("data"), None).unwrap();
    let door: &dyn Desk = &desk;
    assert!(door.ask(AskHealth {}).is_ok() && door.ask(AskWho {}).is_err());
    assert!(door.ask(AskOffice {}).is_err() && door.ask(AskDrafts {}).is_err());
}

#[test]
fn an_import_beside_a_daemon_says_where_rejected_rows_go_and_refuses_where_they_cannot() {
    let daemon = Daemon::new();
    let here = daemon.home.path().join("work");
    fs::create_dir(&here).unwrap();
    fs::write(here.join("people.csv"), "id,given,family\n1,Sara,Mohammadi\n2,,\n").unwrap();
    let import = |more: &[&str]| {
        let mut command = Daemon::command(daemon.home.path());
        command.args(["import", "people", "people.csv", "--json"]).args(more).current_dir(&here);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        (line, String::from_utf8(output.stderr).unwrap(), output.status.code())
    };
    let (refusal, _, code) = import(&["--rejects", "/proc/nowhere"]);
    assert_eq!((code, &refusal["code"]), (Some(1), &"import.rejects".into()), "{refusal}");
    let rejected = |place: &Path| fs::read_dir(place).map_or(0, Iterator::count);
    let (report, told, code) = import(&[]);
    let place = here.canonicalize().unwrap().join("rejects");
    assert_eq!((code, &report["created"], &report["rejected"]), (Some(0), &1.into(), &1.into()));
    let before = format!("Rows that cannot be taken go to {}.", place.display());
    assert!(told.starts_with(&before), "it is said before anything comes in: {told}");
    assert_eq!(rejected(&place), 1);
    let chosen = here.join("chosen/deep");
    let (_, told, code) = import(&["--rejects", "chosen/deep"]);
    assert!(code == Some(0) && told.contains("chosen/deep"), "{told}");
    assert_eq!((rejected(&chosen), rejected(&place)), (1, 1));
}

#[test]
fn a_daemon_says_how_a_new_office_is_handed_over_and_that_it_has_stopped() {
    let mut daemon = Daemon::new();
    let said = daemon.said.join("\n");
    for step in ["office enrol anna", "--role administrator", "office lead office", "office revoke"]
    {
        assert!(said.contains(step), "{step}: {said}");
    }
    daemon.stop();
    let mut command = Daemon::command(daemon.home.path());
    let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut heard = Vec::new();
    for line in lines.map_while(Result::ok) {
        if line.contains("casedesk is serving") {
            let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
            kill_process(id, Signal::TERM).unwrap();
        }
        heard.push(line);
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(!heard.concat().contains("enrol anna"), "it is said once: {heard:?}");
    assert!(heard.last().unwrap().contains("casedesk has stopped: requests are finished"));
}

#[test]
fn a_second_daemon_on_the_same_data_is_refused_and_the_first_goes_on() {
    let daemon = Daemon::new();
    let second = daemon.run(&["serve"]);
    assert_eq!(second.status.code(), Some(5), "{second:?}");
    assert_eq!(daemon.json(&["status"]).1, 0);
}

#[test]
fn a_mistake_in_the_configuration_is_named_and_nothing_is_opened() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("config.toml"), "mode = \"daemon\"\nsokcet = \"/x\"\n").unwrap();
    let output = Daemon::command(home.path()).arg("status").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("config.toml:2: `sokcet` is nothing that is set here"), "{said}");
    fs::remove_file(home.path().join("config.toml")).unwrap();
    let missing = Daemon::command(home.path()).arg("status").output().unwrap();
    assert_eq!(missing.status.code(), Some(2), "a file that was asked for has to be there");
}

#[test]
fn a_socket_that_is_handed_over_is_used_and_left_and_readiness_is_told() {
    let mut daemon = Daemon::new();
    daemon.stop();
    let home = daemon.home.path().to_owned();
    let listener = UnixListener::bind(home.join("handed.sock")).unwrap();
    let supervisor = UnixDatagram::bind(home.join("notify.sock")).unwrap();
    supervisor.set_read_timeout(Some(PATIENCE)).unwrap();
    let config = fs::read_to_string(home.join("config.toml")).unwrap();
    fs::write(home.join("config.toml"), config.replace("run/desk.sock", "handed.sock")).unwrap();
    // A shell hands its own process number and the descriptor over, as systemd does.
    let script = "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\" 3<&0 0</dev/null";
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script, "sh", PROGRAM, "--config"]).arg(home.join("config.toml"));
    command.arg("serve").env("NOTIFY_SOCKET", home.join("notify.sock"));
    command.stdin(Stdio::from(std::os::fd::OwnedFd::from(listener))).stderr(Stdio::piped());
    daemon.watch(command.spawn().unwrap());
    let mut heard = String::new();
    let mut hear = |word: &str| {
        while !heard.contains(word) {
            let mut bytes = [0; 256];
            let read = supervisor.recv(&mut bytes).unwrap();
            heard.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    };
    hear("READY=1");
    assert_eq!(daemon.json(&["status"]).1, 0);
    daemon.stop();
    hear("STOPPING=1");
    assert!(home.join("handed.sock").exists(), "whoever has made the socket takes it away");
}

#[test]
fn a_half_written_note_arrives_once_although_the_daemon_is_started_again_under_it() {
    let mut daemon = Daemon::new();
    let data = daemon.home.path().join("data");
    let desk = RemoteDesk::connect(&data, None).unwrap();
    register(&desk);
    let config = daemon.home.path().join("config.toml");
    let script = format!("exec {PROGRAM} --config {}", config.display());
    let mut pty = Pty::start_on(Arc::clone(&daemon.home), &data, &script);
    pty.wait("the board", |screen| screen.alternate_screen() && screen.contents().contains("Mine"));
    pty.press("/c-1\r");
    pty.wait_for("for which purpose?");
    pty.press("1");
    pty.wait_for("no light");
    pty.press("a");
    pty.wait_for("NOTE");
    pty.press("first half");
    pty.wait_for("first half");
    daemon.stop();
    pty.wait_for("DESK AWAY");
    pty.press(" second half");
    pty.wait_for("first half second half");
    daemon.start();
    pty.wait("the desk is back", |screen| !screen.contents().contains("DESK AWAY"));
    pty.press("\x04");
    until("the note is there", || notes(&data) == ["first half second half"]);
}

#[test]
fn a_killed_clients_note_is_there_again_after_the_daemon_was_started_again() {
    let mut daemon = Daemon::new();
    let data = daemon.home.path().join("data");
    let desk = RemoteDesk::connect(&data, None).unwrap();
    register(&desk);
    let script = format!("exec {PROGRAM} --config {}/config.toml", daemon.home.path().display());
    let start = |daemon: &Daemon| Pty::start_on(Arc::clone(&daemon.home), &data, &script);
    let mut killed = start(&daemon);
    killed.wait_for("Mine");
    killed.press("/c-1\r");
    killed.wait_for("for which purpose?");
    killed.press("1");
    killed.wait_for("no light");
    killed.press("a");
    killed.wait_for("NOTE");
    killed.press("first half");
    killed.wait_for("draft kept");
    daemon.stop();
    killed.wait_for("DESK AWAY");
    killed.signal(Signal::KILL);
    assert!(killed.has_ended());
    daemon.start();
    let mut again = start(&daemon);
    again.wait_for("first half");
    again.press(" second half\x04");
    until("the note is there", || notes(&data) == ["first half second half"]);
    let drafts = || (&desk as &dyn Desk).ask(AskDrafts {}).unwrap().drafts;
    until("no words are left to be sent", || drafts().is_empty());
    assert_eq!(notes(&data), ["first half second half"]);
}

#[test]
fn whoever_stays_takes_the_office_over_from_whoever_leaves_and_loses_no_word() {
    let mut first = Pty::start("exec $casedesk");
    first.wait_for_board();
    let data = first.home().path().join("data");
    let desk = RemoteDesk::connect(&data, None).unwrap();
    register(&desk);
    drop(desk);
    let mut second = Pty::start_on(first.home(), &data, "exec $casedesk");
    second.wait_for_board();
    second.press("/c-1\r");
    second.wait_for("no light");
    second.press("a");
    second.press("first half");
    second.wait_for("first half");
    first.press("q");
    assert!(first.has_ended());
    second.press(" second half");
    second.wait_for("first half second half");
    second.press("\x04");
    until("the note is there", || notes(&data) == ["first half second half"]);
}

#[test]
fn nobody_takes_the_office_over_from_a_daemon_and_all_wait_for_it() {
    let serve = "exec $casedesk serve --socket $HOME/office.sock";
    let mut daemon = Pty::start(serve);
    daemon.wait_for("casedesk is serving");
    let data = daemon.home().path().join("data");
    register(&RemoteDesk::connect(&data, None).unwrap());
    let mut second = Pty::start_on(daemon.home(), &data, "exec $casedesk");
    second.wait_for_board();
    second.press("/c-1\r");
    second.wait_for("for which purpose?");
    second.press("1");
    second.wait_for("no light");
    second.press("a");
    second.press("first half");
    second.wait_for("first half");
    daemon.press("\x03");
    assert!(daemon.has_ended());
    second.press(" second half");
    second.wait_for("DESK AWAY");
    second.wait_for("first half second half");
    // Somebody who comes meanwhile has the directory as long as they stay, and leaves it to nobody who waits for the daemon.
    let mut between = Pty::start_on(daemon.home(), &data, "exec $casedesk");
    between.wait_for_board();
    second.wait_for("half");
    between.press("q");
    assert!(between.has_ended());
    second.wait_for("DESK AWAY");
    let mut again = Pty::start_on(daemon.home(), &data, serve);
    again.wait_for("casedesk is serving");
    second.press("\x04");
    until("the note is there", || notes(&data) == ["first half second half"]);
}

/// Registers a case in an office that has none.
fn register(desk: &RemoteDesk) {
    let at = casedesk::domain::time::Instant::from_milliseconds(1_700_000_000_000);
    let intake = Office::intake(None, Nature::Report, "HOU-1", "no light", at);
    let receipt = desk.execute(Request { id: 1, command: Act::RegisterCase(intake) }).unwrap();
    assert_eq!(receipt.created.first(), Some(&EntityId::Case(CaseId(1))));
}

/// The notes on the first case; none while nobody listens.
fn notes(data: &Path) -> Vec<String> {
    let Ok(desk) = RemoteDesk::connect(data, None) else { return Vec::new() };
    let file = (&desk as &dyn Desk).ask(AskCaseFile { case: CaseId(1), entries: 99 }).unwrap();
    let entries = file.timeline.into_iter().filter(|entry| entry.kind == "note");
    entries.map(|entry| entry.text).collect()
}
