//! A desk across a socket is the desk behind it, and whoever does not keep to the protocol gets nothing.

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;

use casedesk::desk::{
    AskCaseFile, AskOffice, AskPersonFile, AskQueues, AskWho, Change, Desk, DeskError,
};
use casedesk::domain::{CaseId, PersonId};
use casedesk::link::{RemoteDesk, SESSIONS_MAX, SOCKET_NAME, Server, SignIn, serve};
use tempfile::TempDir;

use crate::office::Office;

const GREETING: &[u8] = b"casedesk\x00\x04";

pub(crate) struct Listening {
    // The server ends before its directory goes.
    _server: Server,
    pub(crate) office: Office,
    data: TempDir,
}

impl Listening {
    pub(crate) fn new() -> Self {
        let office = Office::new();
        let data = tempfile::tempdir().unwrap();
        let desk = Arc::clone(&office.desk);
        let sign_in: SignIn = Arc::new(move |account| {
            Ok(Arc::new(desk.sign_in(account.unwrap_or("karimi"), None)?) as Arc<dyn Desk>)
        });
        let server = serve(data.path(), sign_in).unwrap();
        Self { _server: server, office, data }
    }

    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    pub(crate) fn remote(&self) -> RemoteDesk {
        RemoteDesk::connect(self.data.path(), None).unwrap()
    }

    pub(crate) fn remote_as(&self, account: &str) -> RemoteDesk {
        RemoteDesk::connect(self.data.path(), Some(account)).unwrap()
    }

    /// What the desk says to these bytes until it ends the conversation, behind its own greeting.
    fn said_to(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = UnixStream::connect(self.data.path().join(SOCKET_NAME)).unwrap();
        stream.write_all(bytes).unwrap();
        let mut said = Vec::new();
        // An end with unread bytes may come as a reset; what was said until then counts.
        let _ended = stream.read_to_end(&mut said);
        said.strip_prefix(GREETING).unwrap_or(&said).to_vec()
    }
}

#[test]
fn a_remote_desk_answers_as_the_desk_behind_it() {
    let listening = Listening::new();
    let person = listening.office.person("Sara", "Mohammadi", "1986-03-02", "+47 912 34 567");
    let (near, far) = (listening.office.karimi(), listening.remote());
    let (near, far): (&dyn Desk, &dyn Desk) = (&near, &far);
    assert_eq!(near.ask(AskWho {}), far.ask(AskWho {}));
    assert_eq!(near.ask(AskQueues {}), far.ask(AskQueues {}));
    assert_eq!(near.ask(AskOffice {}), far.ask(AskOffice {}));
    assert_eq!(near.ask(AskPersonFile { person }), far.ask(AskPersonFile { person }));
    let missing = AskCaseFile { case: CaseId(99), entries: 1 };
    assert!(matches!(far.ask(missing.clone()), Err(DeskError::NotFound(_))));
    assert_eq!(near.ask(missing), far.ask(AskCaseFile { case: CaseId(99), entries: 1 }));
}

#[test]
fn an_account_that_is_not_enrolled_is_refused_in_a_sentence() {
    let listening = Listening::new();
    let refusal = RemoteDesk::connect(listening.data.path(), Some("nobody")).err().unwrap();
    assert!(refusal.to_string().contains("`nobody`"), "{refusal}");
}

#[test]
fn changes_are_told_across_the_socket_by_name_only() {
    let listening = Listening::new();
    let feed = listening.remote().watch();
    assert_eq!(feed.wait(), Some(Change::Resync));
    let person = listening.office.person("Sara", "Mohammadi", "1986", "+47 912 34 567");
    let Some(Change::Changed(names)) = feed.wait() else { panic!("no change was told") };
    assert!(names.contains(&casedesk::domain::EntityId::Person(person)));
    assert_eq!(person, PersonId(1));
}

#[test]
fn hostile_bytes_end_the_conversation_before_any_room_is_made() {
    let listening = Listening::new();
    let with = |frame: &[u8]| [GREETING, frame].concat();
    assert!(listening.said_to(b"GET / HTTP/1.1\r\n\r\n").is_empty());
    assert!(listening.said_to(&with(&[0xff; 4])).is_empty(), "four gigabytes");
    assert!(listening.said_to(&with(&[0, 4, 0, 1])).is_empty(), "one byte above the limit");
    assert!(
        listening
            .said_to(&with(&[0, 0, 0, 9, 255, 255, 255, 255, 255, 255, 255, 255, 255]))
            .is_empty()
    );
    let desk: &dyn Desk = &listening.remote();
    assert!(desk.ask(AskWho {}).is_ok(), "the desk goes on for others");
}

#[test]
fn another_protocol_is_refused_in_a_sentence_that_says_what_to_do() {
    let data = tempfile::tempdir().unwrap();
    let listener = UnixListener::bind(data.path().join(SOCKET_NAME)).unwrap();
    let newer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"casedesk\x00\x05").unwrap();
        let mut heard = [0; 10];
        stream.read_exact(&mut heard).unwrap();
        heard
    });
    let refusal = RemoteDesk::connect(data.path(), None).err().unwrap().to_string();
    assert!(refusal.contains("protocol 5") && refusal.contains("start it again"), "{refusal}");
    assert_eq!(newer.join().unwrap(), *GREETING);
}

#[test]
fn there_is_room_for_so_many_sessions_and_the_next_one_hears_why_not() {
    let listening = Listening::new();
    let mut sessions: Vec<RemoteDesk> = (0..SESSIONS_MAX).map(|_| listening.remote()).collect();
    let refusal = RemoteDesk::connect(listening.data.path(), None).err().unwrap();
    assert!(refusal.to_string().contains("sessions are open already"), "{refusal}");
    let desk: &dyn Desk = &sessions.pop().unwrap();
    assert!(desk.ask(AskWho {}).is_ok());
}
