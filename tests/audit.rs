//! The audit trail: read from the journal, anchored outside it, shown to whoever may, and changed by nobody unseen.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};

use casedesk::codec::{decode, encode};
use casedesk::desk::{
    Act, AnchorFile, AnchorSheet, AnchorSink, Anchors, AskHealth, ChainAnchor, ChainCheck, Checks,
    Clock, Command, Desk, DeskError, Receipt, Request, Session, Syslog, Trail, read_anchors,
};
use casedesk::domain::cases::{CaseAct, Nature};
use casedesk::domain::office::{Purpose, Role};
use casedesk::domain::{
    AuditReading, CaseId, CaseworkerId, EntityId, Event, EventRecord, SubjectCode,
};
use casedesk::store::{
    Commit, CommitId, JournalReader, Latest, MemoryStore, Sequence, SledStore, Store, Write,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::harness::program;
use crate::office::Office;
use crate::store_laws;

/// A sink that remembers, and fails as often as it is told to.
#[derive(Clone, Default)]
struct Kept {
    anchors: Arc<Mutex<Vec<ChainAnchor>>>,
    failures: Arc<Mutex<u32>>,
}

impl AnchorSink for Kept {
    fn keep(&mut self, anchor: &ChainAnchor) -> Result<(), String> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err("not now".to_owned());
        }
        self.anchors.lock().unwrap().push(*anchor);
        Ok(())
    }
}

impl Kept {
    fn sequences(&self) -> Vec<u64> {
        self.anchors.lock().unwrap().iter().map(|anchor| anchor.sequence).collect()
    }

    fn sheet(&self) -> AnchorSheet {
        let lines = (1..).zip(self.anchors.lock().unwrap().clone()).collect();
        AnchorSheet::new("kept".to_owned(), lines)
    }
}

/// Happens so many times, a hundred in a commit, as an import does.
fn load(office: &Office, events: usize) {
    let define = |number: usize| Act {
        actor: CaseworkerId(1),
        at: office.clock.now(),
        command: Command::DefineSubject {
            code: SubjectCode(format!("X-{}", number % 7).into()),
            label: format!("label {number}"),
            synonyms: Vec::new(),
            parent: None,
        },
    };
    for first in (0..events).step_by(100) {
        let acts = (first..events.min(first + 100)).map(define).collect();
        for result in office.desk.execute_all(acts).unwrap() {
            result.unwrap();
        }
    }
}

fn findings(office: &Office, anchors: AnchorSheet) -> Vec<String> {
    let checks = Checks { anchors, ..Checks::deep() };
    office.desk.verify(checks, &|_| {}).unwrap().findings
}

#[test]
fn every_thousandth_event_is_anchored_and_the_last_one_at_the_end() {
    let data = tempfile::tempdir().unwrap();
    let office = Office::new();
    let founded = office.desk.verify(Checks::default(), &|_| {}).unwrap().events;
    let (kept, log_path) = (Kept::default(), data.path().join("log"));
    let log = UnixDatagram::bind(&log_path).unwrap();
    let file = data.path().join("anchors");
    let sinks = || -> Vec<Box<dyn AnchorSink>> {
        let (file, syslog) =
            (AnchorFile::new(file.clone()), Syslog::new(log_path.clone(), data.path()));
        vec![Box::new(kept.clone()), Box::new(file), Box::new(syslog)]
    };
    let anchors = Anchors::start(&office.desk, sinks());
    load(&office, 2_100);
    anchors.stop(&office.desk);
    assert_eq!(kept.sequences(), [founded, 1_000, 2_000, founded + 2_100]);
    assert_eq!(findings(&office, kept.sheet()), Vec::<String>::new());

    let (sheet, wrong) = read_anchors(&file).unwrap();
    assert_eq!((sheet.len(), wrong), (4, Vec::new()));
    assert_eq!(findings(&office, sheet), Vec::<String>::new());
    let line = fs::read_to_string(&file).unwrap().lines().nth(1).unwrap().to_owned();
    assert!(line.starts_with(r#"{"sequence":1000,"hash":""#), "{line}");
    assert!(line.ends_with(r#","at":"2026-08-21T07:14:00Z"}"#), "{line}");

    let mut message = [0; 1_024];
    for anchor in kept.anchors.lock().unwrap().iter() {
        let bytes = log.recv(&mut message).unwrap();
        let told = std::str::from_utf8(&message[..bytes]).unwrap();
        assert!(told.starts_with("<86>casedesk: anchor {"), "{told}");
        assert!(told.ends_with(&format!(" of {}", data.path().display())), "{told}");
        assert_eq!(ChainAnchor::parse(told), Some(*anchor));
    }

    // Nothing was added, so there is nothing to anchor; what is added while nobody anchors, the next start does.
    Anchors::start(&office.desk, sinks()).stop(&office.desk);
    load(&office, 5);
    Anchors::start(&office.desk, sinks()).stop(&office.desk);
    let (sheet, _) = read_anchors(&file).unwrap();
    assert_eq!(sheet.len(), 5);
}

#[test]
fn a_sink_that_fails_is_asked_again_and_keeps_neither_the_desk_nor_the_others() {
    let data = tempfile::tempdir().unwrap();
    let office = Office::new();
    let (failing, kept) = (Kept::default(), Kept::default());
    *failing.failures.lock().unwrap() = 2;
    let nowhere = Syslog::new(data.path().join("no log"), data.path());
    assert!(!nowhere.is_there());
    let sinks: Vec<Box<dyn AnchorSink>> =
        vec![Box::new(nowhere), Box::new(failing.clone()), Box::new(kept.clone())];
    let anchors = Anchors::start(&office.desk, sinks);
    load(&office, 1_050);
    anchors.stop(&office.desk);
    assert_eq!(kept.sequences().len(), 3);
    assert_eq!(failing.sequences(), kept.sequences()[2..]);
}

#[test]
fn a_torn_line_of_the_anchor_file_is_told_and_the_lines_after_it_count() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().join("anchors");
    let anchor = |sequence| ChainAnchor { sequence, hash: [7; 32], at: Office::new().clock.now() };
    let mut file = AnchorFile::new(path.clone());
    assert_eq!(file.newest(), None);
    file.keep(&anchor(3)).unwrap();
    let torn = fs::read_to_string(&path).unwrap() + r#"{"sequence":4,"ha"#;
    fs::write(&path, &torn).unwrap();
    assert_eq!(file.newest(), Some(3));
    let (sheet, wrong) = read_anchors(&path).unwrap();
    assert_eq!((sheet.len(), wrong.len()), (1, 0), "a power cut leaves this behind");
    file.keep(&anchor(5)).unwrap();
    assert_eq!(file.newest(), Some(5));
    let (sheet, wrong) = read_anchors(&path).unwrap();
    assert_eq!(sheet.len(), 2);
    assert_eq!(wrong.len(), 1);
    assert!(
        wrong[0].starts_with(&format!("line 2 of {} is no anchor", path.display())),
        "{wrong:?}"
    );
}

#[test]
fn a_cut_tail_and_a_chain_written_anew_are_found_by_anchors_alone() {
    let anchored = |events| {
        let (office, kept) = (Office::new(), Kept::default());
        let anchors = Anchors::start(&office.desk, vec![Box::new(kept.clone())]);
        load(&office, events);
        anchors.stop(&office.desk);
        (office, kept)
    };
    let (whole, kept) = anchored(1_200);
    assert_eq!(findings(&whole, kept.sheet()), Vec::<String>::new());

    let cut = Office::new();
    load(&cut, 1_100);
    assert_eq!(findings(&cut, AnchorSheet::default()), Vec::<String>::new());
    let found = findings(&cut, kept.sheet());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("so that its tail was cut"), "{found:?}");

    let data = tempfile::tempdir().unwrap();
    let mut file = AnchorFile::new(data.path().join("anchors"));
    kept.anchors.lock().unwrap().iter().for_each(|anchor| file.keep(anchor).unwrap());
    Anchors::start(&cut.desk, vec![Box::new(file)]).stop(&cut.desk);
    let door: &dyn Desk = &cut.karimi();
    let told = door.ask(AskHealth {}).unwrap().notice.unwrap();
    assert_eq!(told.heading, "EVENTS MISSING", "whoever opens what was cut is told of it");

    let anew = Office::new();
    anew.pass_minutes(1);
    load(&anew, 1_200);
    assert_eq!(findings(&anew, AnchorSheet::default()), Vec::<String>::new());
    let found = findings(&anew, kept.sheet());
    assert_eq!(found.len(), 2, "event 1000 and the last: {found:?}");
    assert!(
        found.iter().all(|told| told.contains("so that the chain was written anew")),
        "{found:?}"
    );
}

/// An office over a journal, with a few events.
fn journaled(tell: &str) -> TempDir {
    let data = tempfile::tempdir().unwrap();
    let store = Arc::new(store_laws::open(data.path()));
    let office = Office::over(store.clone());
    let case = office.case(None, Nature::Report, "Lamp");
    for text in ["one", "two", tell, "four"] {
        office.on(&office.karimi(), case, CaseAct::Note { text: text.to_owned() }).unwrap();
    }
    store.close().unwrap();
    data
}

/// The journal of `data` written anew, its checksums right, with every page of a timeline changed.
fn written_anew(data: &Path, change: impl Fn(&mut Vec<EventRecord>)) -> TempDir {
    let anew = tempfile::tempdir().unwrap();
    let store: SledStore = store_laws::open(anew.path());
    for frame in JournalReader::open(data, Sequence(1)).unwrap() {
        let frame = frame.unwrap();
        let writes: Vec<Write> = frame
            .writes
            .into_iter()
            .map(|write| match write {
                Write::Put(key, value) if key[0] == b't' => {
                    let mut records: Vec<EventRecord> = decode(b't', 1, &value).unwrap();
                    change(&mut records);
                    Write::Put(key, encode(b't', 1, &records).unwrap())
                }
                other @ (Write::Put(..) | Write::Delete(_)) => other,
            })
            .collect();
        let stamp = Box::new(move |_: &dyn Latest| Ok(writes));
        store.commit(Commit { id: CommitId(frame.id.0), reads: Vec::new(), stamp }).unwrap();
    }
    store.close().unwrap();
    anew
}

fn chain_findings(data: &Path) -> Vec<String> {
    let mut check = ChainCheck::default();
    Trail::open(data).unwrap().filter_map(|record| check.follow(&record.unwrap())).collect()
}

#[test]
fn events_that_were_rewritten_removed_or_reordered_in_the_journal_are_named() {
    let data = journaled("three");
    assert_eq!(chain_findings(data.path()), Vec::<String>::new());
    let is_third = |record: &EventRecord| format!("{:?}", record.event).contains("three");
    let third = Trail::open(data.path()).unwrap().find(|record| is_third(record.as_ref().unwrap()));
    let third = third.unwrap().unwrap().sequence;

    let rewritten = written_anew(data.path(), |records| {
        records.iter_mut().filter(|record| is_third(record)).for_each(|record| {
            record.event = Event::Opened;
        });
    });
    let named = format!("event {third} of C-1 is not what was chained");
    assert_eq!(chain_findings(rewritten.path()), [named]);

    let removed = written_anew(data.path(), |records| records.retain(|record| !is_third(record)));
    let after = third + 1;
    let named = format!("event {after} of C-1 stands where event {third} belongs");
    assert_eq!(chain_findings(removed.path()), [named]);

    let reordered = written_anew(data.path(), |records| {
        for record in records.iter_mut() {
            if record.sequence == third {
                record.sequence = after;
            } else if record.sequence == after {
                record.sequence = third;
            }
        }
    });
    assert!(!chain_findings(reordered.path()).is_empty());
    let (verified, code) = json(reordered.path(), &["audit", "verify"]);
    assert_eq!((&verified["ok"], code), (&false.into(), 1), "{verified}");
}

#[test]
fn a_journal_that_says_something_else_than_the_timelines_is_found() {
    let told = |journal: &Path, events: &[&str]| {
        let office = Office::new();
        let case = office.case(None, Nature::Report, "Lamp");
        for text in events {
            let note = CaseAct::Note { text: (*text).to_owned() };
            office.on(&office.karimi(), case, note).unwrap();
        }
        let trail = Some(Trail::open(journal).unwrap());
        office.desk.verify(Checks { trail, ..Checks::default() }, &|_| {}).unwrap().findings
    };
    let data = journaled("three");
    assert_eq!(told(data.path(), &["one", "two", "three", "four"]), Vec::<String>::new());
    let differs = told(data.path(), &["one", "two", "3", "four"]);
    assert!(differs[0].contains("differ between the journal and the timelines"), "{differs:?}");
    let behind = told(data.path(), &["one", "two", "three"]);
    assert!(behind[0].contains("is in the journal and in no timeline"), "{behind:?}");
    let ahead = told(data.path(), &["one", "two", "three", "four", "five"]);
    assert!(ahead[0].contains("differ between the journal and the timelines"), "{ahead:?}");
}

fn read(
    office: &Office,
    session: &Session,
    reading: AuditReading,
    purpose: &str,
) -> Result<Receipt, DeskError> {
    office.act(session, Command::ReadAudit { reading, purpose: Purpose(purpose.to_owned()) })
}

#[test]
fn everybody_reads_their_own_acts_and_only_auditors_the_rest_and_each_reading_is_an_event() {
    let data = tempfile::tempdir().unwrap();
    let office = Office::over(Arc::new(store_laws::open(data.path())));
    let clerk = office.enrol("lunde", "A. Lunde", &[Role::Clerk]);
    let auditor = office.enrol("eve", "E. Varga", &[Role::Auditor]);
    let case = office.case(None, Nature::Report, "Lamp");
    let all = AuditReading { about: None, by: None, is_export: false };
    let of_case = AuditReading { about: Some(EntityId::Case(case)), ..all.clone() };
    let own = AuditReading { by: Some(CaseworkerId(2)), ..all.clone() };
    let export = AuditReading { is_export: true, ..own.clone() };
    let of_others = AuditReading { by: Some(CaseworkerId(1)), ..all.clone() };
    for refused in [&all, &of_case, &of_others, &export] {
        let Err(DeskError::Refused(refusal)) = read(&office, &clerk, refused.clone(), "audit")
        else {
            unreachable!("the clerk read {refused:?}")
        };
        assert_eq!(refusal.code, "permit.audit");
        assert!(refusal.hint.contains("--by lunde"), "{refusal:?}");
    }
    read(&office, &clerk, own.clone(), "audit").unwrap();
    read(&office, &auditor, of_case.clone(), "complaint").unwrap();
    read(&office, &auditor, export.clone(), "audit").unwrap();
    let missing = AuditReading { about: Some(EntityId::Case(CaseId(77))), ..all };
    assert!(matches!(read(&office, &auditor, missing, "audit"), Err(DeskError::NotFound(_))));
    assert!(read(&office, &auditor, of_case.clone(), "curiosity").is_err());

    let events: Vec<EventRecord> =
        Trail::open(data.path()).unwrap().map(|record| record.unwrap()).collect();
    let readings: Vec<_> = events
        .iter()
        .filter_map(|record| {
            let Event::AuditRead(reading) = &record.event else { return None };
            let purpose = record.purpose.as_ref().map(|purpose| purpose.0.as_str());
            Some((record.actor.0, record.entity.clone(), reading.clone(), purpose.unwrap()))
        })
        .collect();
    let expected = [
        (2, EntityId::Office, own, "audit"),
        (3, EntityId::Case(case), of_case, "complaint"),
        (3, EntityId::Office, export, "audit"),
    ];
    assert_eq!(readings, expected);
    assert_eq!(findings(&office, AnchorSheet::default()), Vec::<String>::new());
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    program()
        .args(arguments)
        .env_clear()
        .env("HOME", data)
        .env("CASEDESK_DATA", data)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The one line of JSON and the exit code.
fn json(data: &Path, arguments: &[&str]) -> (Value, i32) {
    let output = run(data, &[arguments, &["--json"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(text.matches('\n').count(), 1, "{arguments:?}: {text} {told}");
    (serde_json::from_str(&text).unwrap(), output.status.code().unwrap())
}

fn bytes(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap();
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(digits.get(at..at + 2).unwrap(), 16).unwrap()).collect()
}

/// The hash of an exported event, by the recipe of `casedesk audit export --help` and nothing else.
fn hash_by_hand(line: &Value) -> Vec<u8> {
    let commitment = [bytes(&line["salt"]), bytes(&line["payload"])].concat();
    let commitment = Sha256::digest(commitment).to_vec();
    assert_eq!(commitment, bytes(&line["commitment"]));
    let number = |field: &str| line[field].as_u64().unwrap().to_be_bytes().to_vec();
    let text = |field: &str| line[field].as_str().unwrap_or_default().as_bytes().to_vec();
    let fields = [
        bytes(&line["previous"]),
        number("sequence"),
        line["at_ms"].as_i64().unwrap().to_be_bytes().to_vec(),
        number("actor"),
        text("on_behalf_of"),
        number("unit"),
        bytes(&line["record_key"]),
        text("reason"),
        text("purpose"),
        text("rule"),
        commitment,
    ];
    let mut hashed = Vec::new();
    for field in fields {
        hashed.extend((field.len() as u64).to_be_bytes());
        hashed.extend(field);
    }
    Sha256::digest(hashed).to_vec()
}

#[test]
fn the_trail_is_shown_exported_and_checked_from_the_command_line() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("office");
    let enrol = ["office", "enrol", "eve", "E. Varga", "--unit", "office", "--role", "auditor"];
    assert!(run(&data, &enrol).status.success());
    let people = home.path().join("people.csv");
    fs::write(&people, "id,given,family,birth_date,phone\n1,Sara,Mohammadi,1986-03-02,91234567\n")
        .unwrap();
    assert!(run(&data, &["import", "people", people.to_str().unwrap()]).status.success());
    assert!(run(&data, &["person", "show", "P-1"]).status.success());

    let refused = run(&data, &["audit", "show"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--by "));
    let (shown, code) = json(&data, &["--as", "eve", "audit", "show", "--person", "P-1"]);
    let what: Vec<&str> = shown["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["what"].as_str().unwrap())
        .collect();
    assert_eq!(what, ["person registered", "file opened", "audit trail read"], "{shown}");
    assert_eq!(
        (&shown["entries"][2]["by"], &shown["entries"][2]["purpose"]),
        (&"eve".into(), &"audit".into())
    );
    assert_eq!(code, 0);
    assert!(!shown.to_string().contains("Mohammadi"), "what was said is not shown: {shown}");
    let lines = run(&data, &["--as", "eve", "audit", "show", "--by", "eve", "--last", "1"]).stdout;
    let lines = String::from_utf8(lines).unwrap();
    assert!(lines.contains("audit trail read") && lines.lines().count() == 2, "{lines}");

    let exported = run(&data, &["--as", "eve", "audit", "export"]);
    let text = String::from_utf8(exported.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut previous = vec![0; 32];
    for (place, line) in (1..).zip(&lines) {
        assert_eq!(line["sequence"], place);
        assert_eq!(bytes(&line["previous"]), previous);
        previous = hash_by_hand(line);
        assert_eq!(bytes(&line["hash"]), previous, "{line}");
    }
    assert!(lines.iter().any(|line| line["event"]["Person"].is_object()), "{text}");
    let file = home.path().join("trail.jsonl");
    let part = [
        "--as",
        "eve",
        "audit",
        "export",
        "--from",
        "3",
        "--until",
        "5",
        "--to",
        file.to_str().unwrap(),
    ];
    let (told, code) = json(&data, &part);
    assert_eq!((&told["events"], &told["last"], code), (&3.into(), &5.into(), 0));
    assert_eq!(
        fs::read_to_string(&file).unwrap().lines().collect::<Vec<_>>(),
        text.lines().collect::<Vec<_>>()[2..5]
    );
    assert_eq!(json(&data, &part).1, 1, "no file is written over");
    assert_eq!(json(&data, &["--as", "eve", "audit", "export"]).0["code"], "audit.json");

    let (verified, code) = json(&data, &["audit", "verify"]);
    assert_eq!((&verified["ok"], code), (&true.into(), 0), "{verified}");
    assert!(verified["anchors"].as_u64() > Some(2), "each command left an anchor: {verified}");
    let (verified, code) = json(&data, &["verify", "--deep"]);
    assert_eq!((&verified["ok"], code), (&true.into(), 0), "{verified}");
    let checked =
        serde_json::json!(["journal", "snapshots", "database", "anchors", "records", "deep"]);
    assert_eq!(verified["checked"], checked);
    let snapshot = data.join("snapshots").join(format!("{:020}", 7));
    fs::create_dir_all(snapshot.parent().unwrap()).unwrap();
    fs::write(&snapshot, "no snapshot").unwrap();
    let (verified, code) = json(&data, &["verify"]);
    assert_eq!(
        (&verified["findings"][0]["file"], code),
        (&snapshot.display().to_string().into(), 1)
    );

    let anchors = fs::read_to_string(data.join("anchors")).unwrap();
    let last: Value = serde_json::from_str(anchors.lines().last().unwrap()).unwrap();
    let digits = last["hash"].as_str().unwrap();
    let other = home.path().join("other");
    let bent = digits.replace(|digit: char| digit != '0', "1");
    fs::write(&other, anchors.replace(digits, &bent)).unwrap();
    for verify in [&["verify"][..], &["audit", "verify"]] {
        let (verified, code) =
            json(&data, &[verify, &["--anchors", other.to_str().unwrap()]].concat());
        assert_eq!((&verified["ok"], code), (&false.into(), 1), "{verified}");
        assert!(
            verified["findings"].to_string().contains("the chain was written anew"),
            "{verified}"
        );
    }
}

#[test]
fn the_trail_is_read_beside_an_open_desk() {
    let data = tempfile::tempdir().unwrap();
    let store = Arc::new(store_laws::open(data.path()));
    let office = Office::over(store);
    office.case(None, Nature::Report, "Lamp");
    let (verified, code) = json(data.path(), &["audit", "verify"]);
    assert_eq!((&verified["ok"], code), (&true.into(), 0), "{verified}");
    let desk: &dyn Desk = &office.karimi();
    let own = AuditReading { about: None, by: Some(CaseworkerId(1)), is_export: false };
    let command = Command::ReadAudit { reading: own, purpose: Purpose("audit".to_owned()) };
    desk.execute(Request { id: 9_999, command }).unwrap();
    let last = Trail::open(data.path()).unwrap().last().unwrap().unwrap();
    assert!(
        matches!(last.event, Event::AuditRead(_)),
        "it was durable before it was answered: {last:?}"
    );
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::new());
    assert_eq!(
        Office::over(memory).desk.verify(Checks::deep(), &|_| {}).unwrap().findings.len(),
        0
    );
}
