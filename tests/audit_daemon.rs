//! The audit trail of an office whose files nobody can read but its daemon: shown, exported and checked across the socket.

use std::fs;
use std::path::Path;
use std::process::{Command as Program, Stdio};
use std::sync::{Arc, Mutex};

use casedesk::desk::{
    AskTrail, AskTrailCheck, Command, Desk, DeskError, TRAIL_PAGE_MAX, TrailAnswer, TrailLine,
    TrailPlace,
};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::office::{Confidentiality, Grant, NewCaseworker, Purpose, Role};
use casedesk::domain::people::PersonChange;
use casedesk::domain::{AuditReading, CaseId, CaseworkerId, EntityId, PersonId, UnitId};
use casedesk::link::{Entrance, Reception, Seated, Server, ServerOptions, SocketRights, serve_at};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::PROGRAM;
use crate::office::Office;
use crate::store_laws;

/// More events than two pages have.
const EVENTS_MIN: u64 = 2 * TRAIL_PAGE_MAX as u64 + 100;

/// An office on a disk, let in over a socket as whoever is named, with its commands where its files are out of reach.
struct House {
    // The server ends before its office.
    _server: Server,
    office: Office,
    account: Arc<Mutex<String>>,
    home: TempDir,
}

impl House {
    /// Karimi has founded the office, Lunde is a clerk of Housing, Eve audits.
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let office = Office::over(Arc::new(store_laws::open(&home.path().join("data"))));
        office.enrol("lunde", "A. Lunde", &[Role::Clerk]);
        enrol_auditor(&office);
        let account: Arc<Mutex<String>> = Arc::default();
        let (desk, named) = (Arc::clone(&office.desk), Arc::clone(&account));
        let reception: Reception = Arc::new(move |_| {
            let account = named.lock().unwrap().clone();
            let desk = Arc::new(desk.sign_in(&account, None)?);
            Ok(Seated { desk, account, sees_sessions: false })
        });
        let rights = SocketRights { mode: 0o666, group: None };
        let socket = home.path().join("run/desk.sock");
        let entrance = Entrance::of_office(&socket, &rights, reception).unwrap();
        let server = serve_at(vec![entrance], ServerOptions::default()).unwrap();
        // The files are out of reach: the configuration names a directory that is not there.
        let config = format!(
            "mode = \"daemon\"\nsocket = \"{0}/run/desk.sock\"\ndata = \"{0}/nowhere\"\nowner = \"{1}\"\n",
            home.path().display(),
            rustix::process::geteuid().as_raw()
        );
        fs::write(home.path().join("config.toml"), config).unwrap();
        Self { _server: server, office, account, home }
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    /// What a command answers to somebody, who stands in a directory with a journal of another office.
    fn json(&self, account: &str, arguments: &[&str]) -> (Value, i32) {
        account.clone_into(&mut self.account.lock().unwrap());
        let output = Program::new(PROGRAM)
            .arg("--config")
            .arg(self.path().join("config.toml"))
            .args(arguments)
            .arg("--json")
            .env_clear()
            .env("HOME", self.path())
            .current_dir(self.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (serde_json::from_slice(&output.stdout).unwrap(), output.status.code().unwrap())
    }
}

/// An auditor who sees cases up to what cases are by themselves.
fn enrol_auditor(office: &Office) {
    let grant = Grant {
        role: Role::Auditor,
        unit: None,
        confidentiality_max: Confidentiality::CaseConfidential,
        expires: None,
    };
    let (account, name) = ("eve".to_owned(), "E. Varga".to_owned());
    let new = NewCaseworker { account, name, unit: UnitId(1), grants: vec![grant] };
    office.act(&office.karimi(), Command::Enrol(new)).unwrap();
}

/// Has more happen than two pages hold, and hides one person from the auditor.
fn fill(office: &Office) -> PersonId {
    let karimi = office.karimi();
    let case = office.case(None, Nature::Report, "Lamp");
    let hidden = office.person("Zuleika", "Verborgen", "1986-03-02", "+989121234433");
    let change = PersonChange::Confidentiality(Confidentiality::Confidential);
    let (source, is_verified) = ("told".to_owned(), false);
    let change =
        Command::ChangePerson { person: hidden, version: None, change, source, is_verified };
    office.act(&karimi, change).unwrap();
    for number in 0..EVENTS_MIN {
        office.on(&karimi, case, CaseAct::Note { text: format!("note {number}") }).unwrap();
    }
    hidden
}

#[test]
fn an_auditor_reads_exports_and_checks_the_trail_of_a_daemon_whose_files_nobody_can_read() {
    let house = House::new();
    let hidden = fill(&house.office);
    // A journal that lies where the auditor stands is another office's.
    let other = Office::over(Arc::new(store_laws::open(house.path())));
    other.case(None, Nature::Report, "Somebody else's");
    drop(other);

    let (shown, code) = house.json("eve", &["audit", "show", "--last", "3"]);
    assert_eq!(code, 0, "{shown}");
    let events = shown["events"].as_u64().unwrap();
    assert!(events > EVENTS_MIN, "{shown}");
    let entries = shown["entries"].as_array().unwrap();
    assert_eq!(
        (&entries[2]["what"], &entries[2]["by"], entries[2]["sequence"].as_u64()),
        (&"audit trail read".into(), &"eve".into(), Some(events)),
        "the reading itself is the last that it reaches"
    );
    assert_eq!(shown["matching"].as_u64(), Some(events - 2), "both events of the hidden person");
    let (of_case, _) = house.json("eve", &["audit", "show", "--case", "C-1", "--last", "100000"]);
    let entries = of_case["entries"].as_array().unwrap();
    assert!(entries.len() as u64 > EVENTS_MIN, "{of_case}");
    assert!(entries.iter().all(|entry| entry["record"] == "C-1"));

    let file = house.path().join("trail.jsonl");
    let to = file.to_str().unwrap();
    let (exported, code) = house.json("eve", &["audit", "export", "--to", to]);
    assert_eq!(code, 0, "{exported}");
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(exported["events"], lines.len());
    for (place, pair) in (1..).zip(lines.windows(2)) {
        assert_eq!(pair[0]["sequence"], place);
        assert_eq!(pair[1]["previous"], pair[0]["hash"], "the chain goes on over the pages");
    }
    assert_eq!(lines.iter().filter(|line| line["what"] == "hidden").count(), 2);
    assert!(!text.contains("Verborgen") && !text.contains(&hidden.to_string()));
    assert!(text.contains("note 7"), "what may be seen is there whole");
    let part = house.path().join("part.jsonl");
    let to = part.to_str().unwrap();
    let asked = ["audit", "export", "--from", "700", "--until", "702", "--to", to];
    assert_eq!(house.json("eve", &asked).0["events"], 3);
    let expected: Vec<&str> = text.lines().skip(699).take(3).collect();
    assert_eq!(fs::read_to_string(&part).unwrap().lines().collect::<Vec<_>>(), expected);

    let (verified, code) = house.json("eve", &["audit", "verify"]);
    assert_eq!((&verified["ok"], code), (&true.into(), 0), "{verified}");
    assert_eq!(verified["hash"].as_str().unwrap().len(), 64);
    let anchors = house.path().join("anchors.kept");
    let compared = |hash: &str| {
        let line = serde_json::json!({"sequence": 600, "hash": hash, "at": lines[599]["at"]});
        fs::write(&anchors, format!("{line}\n")).unwrap();
        house.json("eve", &["audit", "verify", "--anchors", anchors.to_str().unwrap()])
    };
    let (verified, code) = compared(lines[599]["hash"].as_str().unwrap());
    assert_eq!((&verified["ok"], &verified["anchors"], code), (&true.into(), &1.into(), 0));
    let (verified, code) = compared(&"11".repeat(32));
    assert_eq!((&verified["ok"], code), (&false.into(), 1), "{verified}");
}

#[test]
fn whoever_may_not_read_it_is_refused_across_the_socket_too() {
    let house = House::new();
    let case = house.office.case(None, Nature::Report, "Lamp");
    let code = |account: &str, arguments: &[&str]| {
        let (answer, code) = house.json(account, arguments);
        (answer["code"].as_str().unwrap_or("").to_owned(), code)
    };
    let denied = || ("permit.audit".to_owned(), 1);
    let well = || (String::new(), 0);
    let of_case = ["audit", "show", "--case", &case.to_string()];
    let file = house.path().join("trail.jsonl");
    let export = ["audit", "export", "--to", file.to_str().unwrap()];
    for (account, own) in [("lunde", "lunde"), ("karimi", "karimi")] {
        assert_eq!(code(account, &["audit", "show"]), denied());
        assert_eq!(code(account, &["audit", "show", "--by", own]), well());
        assert_eq!(code(account, &export), denied());
    }
    assert!(!file.exists() || fs::read_to_string(&file).unwrap().is_empty());
    assert_eq!(code("lunde", &of_case), denied());
    assert_eq!(code("lunde", &["audit", "show", "--by", "karimi"]), denied());
    assert_eq!(code("lunde", &["audit", "verify"]), denied());
    let leads =
        Command::LeadUnit { unit: UnitId(1), manager: Some(CaseworkerId(1)), substitute: None };
    house.office.act(&house.office.karimi(), leads).unwrap();
    assert_eq!(code("karimi", &of_case), well(), "a case of the unit");
    assert_eq!(code("karimi", &["audit", "show", "--by", "lunde"]), well(), "who is in the unit");
    assert_eq!(code("karimi", &["audit", "show"]), denied(), "and no more");
    let (refusal, _) = house.json("eve", &["replay", "--until", "3", "--purpose", "complaint"]);
    assert_eq!(refusal["code"], "past.daemon", "{refusal}");
    assert!(refusal["hint"].as_str().unwrap().contains("casedesk restore"), "{refusal}");
}

#[test]
fn a_page_is_given_only_for_a_reading_that_was_recorded_and_up_to_that_record() {
    let data = tempfile::tempdir().unwrap();
    let office = Office::over(Arc::new(store_laws::open(data.path())));
    enrol_auditor(&office);
    let eve = office.desk.sign_in("eve", None).unwrap();
    let karimi = office.karimi();
    let case = office.case(None, Nature::Report, "Lamp");
    let reading = AuditReading { about: None, by: None, is_export: false };
    let page = |reading: &AuditReading, after: TrailPlace, most: u32| {
        let reading = reading.clone();
        (&eve as &dyn Desk).ask(AskTrail { reading, after, most })
    };
    let start = TrailPlace::default();
    let code = |answer: Result<TrailAnswer, DeskError>| match answer {
        Err(DeskError::Refused(refusal)) => refusal.code,
        other => format!("{other:?}"),
    };
    assert_eq!(code(page(&reading, start, 9)), "trail.unrecorded");
    let purpose = Purpose("audit".to_owned());
    let record = Command::ReadAudit { reading: reading.clone(), purpose };
    office.act(&eve, record.clone()).unwrap();
    let export = AuditReading { is_export: true, ..reading.clone() };
    assert_eq!(code(page(&export, start, 9)), "trail.unrecorded", "another reading");
    let about = AuditReading { about: Some(EntityId::Case(CaseId(1))), ..reading.clone() };
    assert_eq!(code(page(&about, start, 9)), "trail.unrecorded", "another part");
    office.on(&karimi, case, CaseAct::Note { text: "later".to_owned() }).unwrap();

    // By pages of one, of two and of all, it is the same trail, and ends with the record of the reading.
    let through = |most: u32| {
        let (mut sequences, mut after) = (Vec::new(), start);
        loop {
            let answer = page(&reading, after, most).unwrap();
            assert!(answer.lines.len() <= most as usize);
            sequences.extend(answer.lines.iter().map(|line| match line {
                TrailLine::Event(event) => event.sequence,
                TrailLine::Hidden(event) => unreachable!("{event:?}"),
            }));
            if answer.is_done {
                return (sequences, answer.until);
            }
            assert_ne!(answer.place, after, "it goes on");
            after = answer.place;
        }
    };
    let (whole, until) = through(500);
    assert_eq!(whole, (1..=until).collect::<Vec<_>>());
    assert_eq!(through(1), (whole.clone(), until));
    assert_eq!(through(2), (whole.clone(), until));
    // Whoever comes back after the desk was started again says only where they were.
    let second = page(&reading, start, 2).unwrap().place;
    let again = TrailPlace { commit: 0, ..second };
    let sequence = |line: &TrailLine| match line {
        TrailLine::Event(event) => event.sequence,
        TrailLine::Hidden(event) => event.sequence,
    };
    assert_eq!(sequence(&page(&reading, again, 1).unwrap().lines[0]), 3);

    office.pass_minutes(24 * 60);
    assert_eq!(code(page(&reading, start, 9)), "trail.unrecorded", "a day later");
    office.act(&eve, record).unwrap();
    assert!(through(500).1 > until, "what came meanwhile is read with a record of its own");
    let check = |after: TrailPlace, hash: [u8; 32], most: u32| {
        (&eve as &dyn Desk).ask(AskTrailCheck { after, hash, most }).unwrap()
    };
    let first = check(start, [0; 32], 2);
    assert_eq!((first.findings.len(), first.hashes.len(), first.is_done), (0, 2, false));
    let hash = first.hashes[1].1;
    let rest = check(first.place, hash, 500);
    assert_eq!((rest.findings.len(), rest.is_done), (0, true));
    let forged = check(first.place, [7; 32], 500);
    assert_eq!(forged.findings.len(), 1, "{:?}", forged.findings);
    assert!(forged.findings[0].contains("event 3"), "{:?}", forged.findings);
}
