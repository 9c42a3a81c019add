//! The program's word on its own data directory: numbers of everything, what the log says, and what wants attention.

use std::fs;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Arc;

use casedesk::cli::{CounterEntropy, SystemClock};
use casedesk::desk::{AskCensus, Desk, KeyGroup, LocalDesk};
use casedesk::domain::cases::Nature;
use casedesk::link::{SignIn, serve};
use casedesk::store::{Commit, CommitId, MemoryStore, OpenOptions, SledStore, Store, Write};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::program;
use crate::office::Office;

/// A home with an office in `office` and a few people in it.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let people = "id,given,family,birth_date\n1,Sara,Mohammadi,1986-03-02\n2,Ola,Moe,1990\n";
    fs::write(home.path().join("people.csv"), people).unwrap();
    let imported = run(&home, &["import", "people", "people.csv"]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    home
}

fn run(home: &TempDir, arguments: &[&str]) -> Output {
    program()
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .env("HOME", home.path())
        .env("CASEDESK_DATA", "office")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn doctor(home: &TempDir) -> Value {
    let output = run(home, &["doctor", "--json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches('\n').count(), 1, "{text}");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["ok"].as_bool(), Some(output.status.success()), "{report}");
    report
}

fn keys(report: &Value, kind: &str) -> Option<u64> {
    let kinds = report["kinds"].as_array().unwrap();
    kinds.iter().find(|line| line["kind"] == kind)?["keys"].as_u64()
}

fn log(home: &TempDir) -> PathBuf {
    home.path().join("office/log")
}

#[test]
fn the_doctor_counts_everything_and_the_report_fits_eighty_columns() {
    let home = home();
    let report = doctor(&home);
    assert_eq!((keys(&report, "people"), keys(&report, "cases")), (Some(2), None), "{report}");
    assert!(report["events"].as_u64() > Some(2) && report["segments"] == 1, "{report}");
    assert!(report["database_bytes"].as_u64() > Some(0), "{report}");
    assert!(report["beside"].is_null() && report["floor_bytes"] == 256 * 1024 * 1024, "{report}");
    fs::create_dir(home.path().join("office/sled.aside-1")).unwrap();
    let shown = String::from_utf8(run(&home, &["doctor"]).stdout).unwrap();
    assert!(shown.lines().all(|line| line.chars().count() < 80), "{shown}");
    for part in ["  people ", "indexes", "WANTS ATTENTION", "casedesk backup DIR", "sled.aside-1"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("Mohammadi") && !shown.to_lowercase().contains("sara"), "{shown}");
}

#[test]
fn beside_an_open_desk_the_doctor_asks_it_and_says_whose_memory_it_is() {
    let home = home();
    let alone = doctor(&home);
    let data = home.path().join("office");
    let store = Arc::new(SledStore::open(&data, OpenOptions::default(), &|_| {}).unwrap());
    let entropy = Arc::new(CounterEntropy::from_system().unwrap());
    let shared = Arc::clone(&store) as Arc<dyn Store>;
    let desk = LocalDesk::open(shared, Arc::new(SystemClock), entropy).unwrap();
    let account = desk.accounts().remove(0);
    let sign_in: SignIn =
        Arc::new(move |_| Ok(Arc::new(desk.sign_in(&account, None)?) as Arc<dyn Desk>));
    let server = serve(&data, sign_in).unwrap();
    let beside = doctor(&home);
    drop(server);
    assert_eq!(beside["kinds"], alone["kinds"]);
    let holder = beside["beside"].as_str().unwrap();
    assert!(holder.contains(&std::process::id().to_string()), "{holder}");
    assert!(beside["memory_bytes"].as_u64() > Some(0), "{beside}");
}

#[test]
fn a_database_that_does_not_open_is_told_with_what_can_still_be_seen() {
    let home = home();
    let segment = fs::read_dir(home.path().join("office/journal")).unwrap();
    let segment = segment
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('0')));
    let segment = segment.unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    bytes[4] ^= 1;
    fs::remove_dir_all(home.path().join("office/sled")).unwrap();
    fs::write(&segment, bytes).unwrap();
    let report = doctor(&home);
    assert_eq!((&report["ok"], &report["commits"]), (&false.into(), &Value::Null), "{report}");
    assert!(report["attention"][0].as_str().unwrap().contains("casedesk verify"), "{report}");
    assert!(report["journal_bytes"].as_u64() > Some(0), "{report}");
    let told = fs::read_to_string(log(&home)).unwrap();
    assert!(told.lines().last().unwrap().contains(" error not opened: "), "{told}");
}

#[test]
fn the_log_says_when_it_was_opened_and_closed_and_a_backup_in_it_is_known() {
    let home = home();
    let told = fs::read_to_string(log(&home)).unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].contains("Z info opened by casedesk "), "{told}");
    assert!(lines.last().unwrap().ends_with("Z info closed"), "{told}");
    assert!(!told.contains("Sara") && !told.contains("Mohammadi"), "{told}");
    assert!(doctor(&home)["backup"].is_null());
    let backup = format!("{told}2020-01-01T00:00:00Z info backup made: /mnt/b1, 12 MiB\n");
    fs::write(log(&home), backup).unwrap();
    let report = doctor(&home);
    assert_eq!(report["backup"]["what"], "/mnt/b1, 12 MiB", "{report}");
    assert!(report["attention"][0].as_str().unwrap().contains("days old"), "{report}");
}

#[test]
fn the_doctor_makes_no_office_where_there_is_none() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(run(&home, &["doctor"]).status.code(), Some(1));
    assert!(!home.path().join("office").exists());
}

#[test]
fn the_smallest_free_space_comes_from_the_preferences() {
    let home = home();
    let settings = home.path().join(".config/casedesk");
    fs::create_dir_all(&settings).unwrap();
    fs::write(settings.join("config.toml"), "free_space_mib = 300\ncache_mib = 16\n").unwrap();
    let report = doctor(&home);
    let mib = |field: &str| report[field].as_u64().unwrap() / (1024 * 1024);
    assert_eq!((mib("floor_bytes"), mib("cache_bytes")), (300, 16));
    fs::write(settings.join("config.toml"), "free_space_mib = 0\n").unwrap();
    let refused = run(&home, &["doctor"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("config.toml:1: `free_space_mib` must be"), "{said}");
}

/// Writes rows past the desk, as a newer program might.
fn write(store: &MemoryStore, id: u128, rows: Vec<Write>) {
    let stamp = Box::new(move |_: &dyn casedesk::store::Latest| Ok(rows));
    store.commit(Commit { id: CommitId(id), reads: Vec::new(), stamp }).unwrap();
}

#[test]
fn a_census_goes_on_where_it_stopped_and_names_what_it_does_not_know() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::over(Arc::clone(&store) as Arc<dyn Store>);
    let sara = office.person("Sara", "Mohammadi", "1986-03-02", "+989121234411");
    office.case(Some(sara), Nature::Complaint, "Damp in the kitchen");
    for part in 0..6_u32 {
        let row = |number: u32| {
            Write::Put(
                [&b"~"[..], &(part * 10_000 + number).to_be_bytes()[..]].concat(),
                vec![1, 2],
            )
        };
        write(&store, 1 << 100 | u128::from(part), (0..10_000).map(row).collect());
    }
    let session = office.karimi();
    let desk: &dyn Desk = &session;
    let first = desk.ask(AskCensus { place: None }).unwrap();
    let place = first.next;
    assert!(place.is_some() && first.events > 0);
    let last = desk.ask(AskCensus { place }).unwrap();
    assert_eq!(last.next, None);
    assert_eq!(
        desk.ask(AskCensus { place }).unwrap(),
        last,
        "a lost answer can be asked for again"
    );
    let people = first.lines.iter().find(|line| line.kind == "people").unwrap();
    assert_eq!((people.group, people.keys), (KeyGroup::Record, 1));
    let unknown: u64 = [&first, &last]
        .iter()
        .flat_map(|part| &part.lines)
        .filter(|line| line.kind == "unknown, tag 0x7e" && line.group == KeyGroup::Unknown)
        .map(|line| line.keys)
        .sum();
    assert_eq!(unknown, 60_000);
    assert!(desk.ask(AskCensus { place: Some(99) }).is_err());
}
