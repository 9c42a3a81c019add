//! What people see while the store cannot write: a line on every screen, their words kept, and the end of it when it heals.

use std::sync::{Arc, Mutex};

use casedesk::desk::{
    AskCaseFile, AskHealth, Change, Command, Condition, Desk, DeskError, Level, Log, Notice,
};
use casedesk::domain::CaseId;
use casedesk::domain::cases::Nature;
use casedesk::domain::people::{Name, NameKind, NewPerson};
use casedesk::domain::time::Instant;
use casedesk::link::{RemoteDesk, SignIn, serve};
use casedesk::store::{
    Commit, CommitError, Committed, Direction, Health, KeyRange, MemoryStore, Page, Sequence,
    Store, StoreError, Versioned,
};

use crate::harness::TestScreen;
use crate::office::Office;

const MIB: u64 = 1024 * 1024;

/// A store in memory that accepts commits only while a test lets it.
#[derive(Default)]
struct Ailing {
    store: MemoryStore,
    health: Mutex<Health>,
}

impl Ailing {
    fn becomes(&self, health: Health) {
        *self.health.lock().unwrap() = health;
    }

    fn fills_up(&self) {
        self.becomes(Health::NoSpace { free_bytes: 12 * MIB, needed_bytes: 256 * MIB });
    }

    fn fails(&self) {
        let why = "cannot sync /data/journal: Input/output error".to_owned();
        self.becomes(Health::ReadOnly { why });
    }
}

impl Store for Ailing {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.store.get(key)
    }

    fn scan(
        &self,
        range: &KeyRange,
        limit: usize,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        self.store.scan(range, limit, direction)
    }

    fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        match self.health() {
            Health::Sound => self.store.commit(commit),
            Health::NoSpace { free_bytes, needed_bytes } => {
                Err(CommitError::NoSpace { free_bytes, needed_bytes })
            }
            Health::ReadOnly { .. } => Err(CommitError::Fatal(StoreError::Io {
                action: "sync",
                path: "/data/journal".to_owned(),
                source: std::io::Error::from_raw_os_error(5),
            })),
        }
    }

    fn sequence(&self) -> Sequence {
        self.store.sequence()
    }

    fn health(&self) -> Health {
        self.health.lock().unwrap().clone()
    }
}

/// An office in `/srv/desk` with a few free cases, over a store that can fail, and Karimi at a screen.
fn office() -> (Arc<Ailing>, Office, TestScreen) {
    let store = Arc::new(Ailing::default());
    let office = Office::over(Arc::clone(&store) as Arc<dyn Store>);
    office.desk.lies_in("/srv/desk");
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    for matter in ["Damp in the kitchen", "The lift is out of order"] {
        office.case(Some(sara), Nature::Complaint, matter);
    }
    let screen = TestScreen::open(Arc::new(office.karimi()));
    (store, office, screen)
}

/// Any change by somebody else: it meets the trouble, or its end.
fn somebody_acts(office: &Office) -> Result<(), DeskError> {
    let names = vec![Name {
        kind: NameKind::Official,
        given: "Nora".to_owned(),
        family: "Solberg".to_owned(),
    }];
    let new = NewPerson { names, source: "told by telephone".to_owned(), ..NewPerson::default() };
    office.act(&office.karimi(), Command::RegisterPerson(new)).map(drop)
}

#[test]
fn every_screen_says_that_the_disk_is_full_and_that_it_is_over() {
    let (store, office, mut screen) = office();
    assert!(screen.keys("2<enter><").rows()[0].starts_with("HOUSING"), "{}", screen.text());
    store.fills_up();
    assert!(somebody_acts(&office).is_err());
    let line = "DISK FULL: nothing is saved until there is room   ";
    for (keys, then) in [(">", "C-"), ("/", "FIND"), ("<esc>go", "OVERDUE"), ("q", "HOUSING")] {
        let rows = screen.keys(keys).rows();
        assert!(rows[0].starts_with(line) && rows[0].ends_with(" tells all"), "{}", rows[0]);
        assert!(rows[1].starts_with(then), "{keys}: {}", screen.text());
        assert_eq!(rows.len(), 24);
        assert!(rows.iter().all(|row| row.chars().count() < 80), "{}", screen.text());
    }
    store.becomes(Health::Sound);
    somebody_acts(&office).unwrap();
    assert!(screen.keys("<esc>").rows()[0].starts_with("HOUSING"), "{}", screen.text());
}

#[test]
fn what_was_opened_is_read_on_while_nothing_is_saved_and_nothing_else_is_shown() {
    let (store, office, _) = office();
    let karimi = office.karimi();
    let read = |case| (&karimi as &dyn Desk).ask(AskCaseFile { case: CaseId(case), entries: 9 });
    read(1).unwrap();
    store.fails();
    read(1).unwrap();
    let unopened = read(2);
    assert!(matches!(unopened, Err(DeskError::ReadOnly(_))), "{unopened:?}");
    store.becomes(Health::Sound);
    read(2).unwrap();
}

#[test]
fn a_screen_at_which_nobody_does_anything_hears_of_the_trouble_and_sees_it_end() {
    let (store, office, mut screen) = office();
    let at = Instant::from_milliseconds(0);
    store.fails();
    assert!(somebody_acts(&office).is_err());
    assert!(screen.tick(at).rows()[0].starts_with("READ-ONLY: "), "{}", screen.text());
    store.becomes(Health::Sound);
    for _ in 0..5 {
        screen.tick(at);
    }
    assert!(screen.rows()[0].starts_with("HOUSING"), "{}", screen.text());
    assert!(screen.status().starts_with("Changes are saved again."), "{}", screen.status());
}

#[test]
fn help_tells_the_whole_story_first_and_the_keys_after_it() {
    let (store, office, mut screen) = office();
    store.fails();
    assert!(somebody_acts(&office).is_err());
    screen.tick(Instant::from_milliseconds(0));
    let help = screen.keys("?").text().replace('\n', " ");
    for part in [
        "The store has stopped writing: cannot sync /data/journal: Input/output error.",
        "Whatever was acknowledged is safe on the disk.",
        "No other file opens meanwhile",
        "write it down before you close casedesk.",
        "look at the disk where /srv/desk lies, then close casedesk and open it again.",
        "KEYS  board",
        "Finds a person or a case.",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
}

#[test]
fn words_that_could_not_be_saved_stay_on_the_screen_and_go_out_once_there_is_room() {
    let (store, office, mut screen) = office();
    screen.keys("2<enter>a");
    store.fills_up();
    let said = screen.keys("the landlord rang<ctrl-d>").text();
    assert!(said.contains("the landlord rang"), "{said}");
    let whole = said.replace('\n', " ");
    assert!(whole.contains("12 MiB are free in /srv/desk, and 256 MiB have to be."), "{whole}");
    assert!(whole.contains("What you typed is still here."), "{whole}");
    let at = |seconds: i64| Instant::from_milliseconds(1_800_000_000_000 + seconds * 1_000);
    screen.keys(" twice").tick(at(0)).tick(at(20)).tick(at(40));
    let said = screen.text();
    assert!(said.contains("draft NOT kept") && said.contains("rang twice"), "{said}");
    assert!(screen.footer().contains("Ctrl-D"), "a draft that fails is not told again: {said}");
    store.becomes(Health::Sound);
    somebody_acts(&office).unwrap();
    let done = screen.keys("<ctrl-d>").text();
    assert!(!done.contains("DISK FULL"), "{done}");
    assert!(done.contains("rang twice") && !done.contains("NOT kept"), "{done}");
}

#[test]
fn a_remote_screen_hears_it_over_its_feed() {
    let (store, office, _) = office();
    let data = tempfile::tempdir().unwrap();
    let desk = Arc::clone(&office.desk);
    let sign_in: SignIn =
        Arc::new(move |_| Ok(Arc::new(desk.sign_in("karimi", None)?) as Arc<dyn Desk>));
    let _server = serve(data.path(), sign_in).unwrap();
    let remote = RemoteDesk::connect(data.path(), None).unwrap();
    let feed = remote.watch();
    assert_eq!(feed.wait(), Some(Change::Resync));
    store.fills_up();
    assert!(somebody_acts(&office).is_err());
    assert_eq!(feed.wait(), Some(Change::Health));
    let health = (&remote as &dyn Desk).ask(AskHealth {}).unwrap();
    assert_eq!(
        health.condition,
        Condition::DiskFull { free_bytes: 12 * MIB, needed_bytes: 256 * MIB }
    );
    assert_eq!(health.notice.unwrap().heading, "DISK FULL");
}

#[test]
fn a_notice_that_stands_takes_the_same_line_and_is_no_alarm() {
    let (_, office, _) = office();
    office.desk.stand(Notice {
        heading: "READ-ONLY".to_owned(),
        short: "as it was on 21 Aug 2026 09:14".to_owned(),
        story: vec!["Leave it with q to be back in today.".to_owned()],
        is_trouble: false,
    });
    let mut screen = TestScreen::open(Arc::new(office.karimi()));
    assert!(
        screen.rows()[0].starts_with("READ-ONLY: as it was on 21 Aug 2026 09:14   "),
        "{}",
        screen.text()
    );
    assert!(screen.keys("?").text().contains("to be back in today."), "{}", screen.text());
}

#[derive(Default)]
struct Heard(Mutex<Vec<(Level, String)>>);

impl Log for Heard {
    fn note(&self, _: Instant, level: Level, sentence: &str) {
        self.0.lock().unwrap().push((level, sentence.to_owned()));
    }
}

#[test]
fn the_log_hears_once_of_a_trouble_and_once_of_its_end() {
    let (store, office, _) = office();
    let heard = Arc::new(Heard::default());
    office.desk.keep_log(Arc::clone(&heard) as Arc<dyn Log>);
    store.fills_up();
    for _ in 0..3 {
        assert!(somebody_acts(&office).is_err());
    }
    store.becomes(Health::Sound);
    somebody_acts(&office).unwrap();
    store.fails();
    let refusal = somebody_acts(&office).unwrap_err();
    assert_eq!(
        refusal,
        DeskError::ReadOnly(
            "cannot sync /data/journal: Input/output error (os error 5)".to_owned()
        )
    );
    let heard = heard.0.lock().unwrap();
    let levels: Vec<Level> = heard.iter().map(|(level, _)| *level).collect();
    assert_eq!(levels, [Level::Error, Level::Info, Level::Error], "{heard:?}");
    assert!(heard[0].1.starts_with("disk full: 12 MiB are free in /srv/desk"), "{heard:?}");
    assert!(heard[2].1.starts_with("read-only: cannot sync /data/journal"), "{heard:?}");
}
