//! The program itself: one line of JSON, exit codes that say who is to blame, and commands that join an open desk.

use std::fmt::Write as _;

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;

use casedesk::cli::{CounterEntropy, SystemClock};
use casedesk::desk::{Desk, LocalDesk};
use casedesk::link::{SignIn, serve};
use casedesk::store::{OpenOptions, SledStore};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::program;

struct Program {
    data: TempDir,
}

impl Program {
    fn new() -> Self {
        Self { data: tempfile::tempdir().unwrap() }
    }

    /// Runs the program with nothing of the tester's own environment.
    fn run(&self, arguments: &[&str]) -> Output {
        program()
            .args(arguments)
            .env_clear()
            .env("HOME", self.data.path())
            .env("CASEDESK_DATA", self.data.path().join("office"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The one line of JSON and the exit code.
    fn json(&self, arguments: &[&str]) -> (Value, i32) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.matches('\n').count(), 1, "{arguments:?}: {text}");
        assert!(text.ends_with('\n'), "{arguments:?}: {text}");
        (serde_json::from_str(&text).unwrap(), output.status.code().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.data.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn office(&self) -> std::path::PathBuf {
        self.data.path().join("office")
    }

    fn people(&self) -> String {
        let text = "id,given,family,birth_date,phone\n1,Sara,Mohammadi,1986-03-02,91234567\n";
        self.file("people.csv", text)
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn every_command_answers_in_exactly_one_line_of_json() {
    let program = Program::new();
    let rows = "unique_key,account,opendate,closedate,complaint_type,descriptor,zip,borough,city,council_dist,community_board\n\
                K1,N1,2021-12-31,,Sanitation,Rats\u{9b}2J,11379,Queens,Queens,N1,05 Queens\n";
    let (rows, people) = (program.file("nyc.csv", rows), program.people());
    let (report, code) = program.json(&["import", "requests", &rows, "--mapping", "nyc-council"]);
    assert_eq!((report["read"].as_u64(), report["created"].as_u64(), code), (Some(1), Some(1), 0));
    assert!(report["seconds"].is_f64());
    let (report, _) = program.json(&["import", "people", &people]);
    assert_eq!(report["created"], 1);
    let (found, _) = program.json(&["find", "mohamadi sara"]);
    assert_eq!(found["hits"][0]["name"], "Mohammadi, Sara");
    assert!(!found.to_string().contains("91234567"), "{found}");
    let purpose = ["find", "mohamadi sara", "--reveal", "--purpose", "contact"];
    let (found, _) = program.json(&purpose);
    assert!(found.to_string().contains("91234567"), "{found}");
    let (case, _) = program.json(&["case", "show", "C-1"]);
    assert_eq!((&case["source"], &case["reference"]), (&"nyc-council".into(), &"K1".into()));
    let (person, _) = program.json(&["person", "show", "P-1"]);
    assert!(person["revealed"].is_null() && !person.to_string().contains("91234567"), "{person}");
    let (queues, _) = program.json(&["queue", "list"]);
    let kinds: Vec<&Value> =
        queues["queues"].as_array().unwrap().iter().map(|q| &q["kind"]).collect();
    assert!(kinds.contains(&&"queue".into()) && kinds.contains(&&"view".into()), "{queues}");
    let (queue, _) = program.json(&["queue", "show", "office/inbox"]);
    assert_eq!(queue["rows"][0]["case"], "C-1");
    assert_eq!(
        queue,
        program.json(&["queue", "show", "office/inbox"]).0,
        "nothing depends on when"
    );
    let limited = ["queue", "show", "office/inbox", "--where", "rats -hold", "--sort", "-age"];
    let (limited, _) = program.json(&limited);
    assert_eq!((&limited["fitting"], &limited["only"]), (&1.into(), &"rats -hold".into()));
    let counting = ["queue", "frequencies", "office/inbox", "--by", "nature", "--where", "mice"];
    assert_eq!(program.json(&counting[..5]).0["values"][0]["cases"], 1);
    assert_eq!(program.json(&counting).0["cases"], 0);
    assert_eq!(program.json(&["office", "show"]).0["cases"], 1);
    assert_eq!(
        program.json(&["keys", "check"]),
        (serde_json::json!({"ok": true, "problems": []}), 0)
    );
    assert_eq!(program.json(&["completions", "bash"]).1, 0);
    let (verified, code) = program.json(&["verify"]);
    assert_eq!((&verified["ok"], code), (&true.into(), 0), "{verified}");
}

#[test]
fn exit_codes_say_who_is_to_blame() {
    let program = Program::new();
    for wrong in [
        &["fnid"][..],
        &["find"],
        &["find", "x", "--reveal"],
        &["case", "show", "P-1"],
        &["queue", "show", "office/inbox", "--where", "due<2x"],
    ] {
        assert_eq!(program.run(wrong).status.code(), Some(2), "{wrong:?}");
    }
    assert_eq!(program.run(&["--help"]).status.code(), Some(0));
    let (usage, code) = program.json(&["case", "show", "foo"]);
    assert_eq!((&usage["ok"], &usage["code"], code), (&false.into(), &"usage".into(), 2));
    for reading in [&["reconcile"][..], &["queue", "list"], &["find", "x"], &["audit", "show"]] {
        let (refused, code) = program.json(reading);
        assert_eq!((&refused["code"], code), (&"office.none".into(), 1), "{reading:?}");
    }
    assert!(!program.office().exists(), "a directory that is mistyped is not made");
    program.json(&["office", "show"]);
    let (refused, code) = program.json(&["case", "show", "C-7"]);
    assert_eq!((&refused["ok"], &refused["code"], code), (&false.into(), &"not-found".into(), 1));
    let output = program.run(&["--as", "nobody", "queue", "list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("`nobody`"), "{}", errors(&output));
    let keys = program.file("keys.toml", "format = 1\n[list]\n\"x\" = \"list.frist\"\n");
    let (checked, code) = program.json(&["keys", "check", &keys]);
    assert_eq!((&checked["problems"][0]["line"], code), (&3.into(), 1), "{checked}");
    let output = program.run(&[]);
    assert_eq!(output.status.code(), Some(1), "there is no terminal");
}

#[test]
fn personal_fields_are_masked_until_a_purpose_is_given() {
    let program = Program::new();
    let people = program.people();
    assert_eq!(program.run(&["import", "people", &people]).status.code(), Some(0));
    let (found, _) = program.json(&["find", "mohammadi"]);
    assert_eq!(found["hits"][0]["born"], "1986-**-**", "{found}");
    let (file, _) = program.json(&["person", "show", "P-1"]);
    assert!(
        !file.to_string().contains("1986-03-02") && !file.to_string().contains("91234567"),
        "{file}"
    );
    let (file, _) = program.json(&["person", "show", "P-1", "--reveal", "--purpose", "casework"]);
    assert_eq!(file["born"], "1986-03-02", "{file}");
    assert_eq!(file["revealed"]["telephone"], "91234567", "{file}");
}

#[test]
fn the_register_of_purposes_is_kept_on_the_command_line() {
    let program = Program::new();
    assert_eq!(program.run(&["import", "people", &program.people()]).status.code(), Some(0));
    let show = ["person", "show", "P-1", "--reveal", "--purpose", "study"];
    let output = program.run(&show);
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert!(errors(&output).contains("no purpose `study`"), "{}", errors(&output));
    let add =
        ["office", "purposes", "add", "study", "--words", "en=a study", "--words", "nb=en studie"];
    let add = [&add[..], &["--basis", "decision 14", "--reason", "the council asks"]].concat();
    assert_eq!(program.json(&add).1, 0);
    assert_eq!(program.json(&show).1, 0);
    let retire = ["office", "purposes", "retire", "study", "--reason", "it has ended"];
    assert_eq!(program.json(&retire).1, 0);
    assert_ne!(program.run(&show).status.code(), Some(0));
    let codes = |listed: &Value| -> Vec<String> {
        let lines = listed["purposes"].as_array().unwrap().iter();
        lines.map(|line| line["code"].as_str().unwrap().to_owned()).collect()
    };
    let (listed, _) = program.json(&["office", "purposes"]);
    let begun_with = ["casework", "contact", "verification", "correction", "complaint"];
    assert_eq!(codes(&listed), begun_with);
    let (listed, _) = program.json(&["office", "purposes", "list", "--all"]);
    let last = &listed["purposes"][5];
    assert_eq!((&last["code"], &last["in_force"]), (&"study".into(), &false.into()), "{listed}");
    assert_eq!(
        (&last["words"]["nb"], &last["legal_basis"]),
        (&"en studie".into(), &"decision 14".into())
    );
    let (office, _) = program.json(&["office", "show"]);
    let account = office["caseworkers"][0]["account"].as_str().unwrap();
    let (trail, _) = program.json(&["audit", "show", "--by", account]);
    let entries = trail["entries"].as_array().unwrap().iter();
    let read: Vec<&Value> = entries.filter(|entry| entry["purpose"] == "study").collect();
    assert!(read.iter().any(|entry| entry["what"] == "fields revealed"), "{trail}");
}

#[test]
fn a_colleague_is_enrolled_and_acts_under_their_own_name() {
    let program = Program::new();
    let (enrolled, code) = program.json(&[
        "office",
        "enrol",
        "moe",
        "T. Moe",
        "--unit",
        "office",
        "--role",
        "caseworker",
    ]);
    assert_eq!(code, 0, "an ACCOUNT to enrol is not the account to act as: {enrolled}");
    let (_, code) = program.json(&["--as", "moe", "queue", "list"]);
    assert_eq!(code, 0);
    let (refused, code) = program.json(&[
        "--as", "moe", "office", "grant", "root", "--role", "clerk", "--reason", "he helps",
    ]);
    assert_eq!(code, 1, "a caseworker does not run the office: {refused}");
}

#[test]
fn the_data_directory_is_accepted_before_and_after_a_subcommand_and_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = Program::new();
    let other = program.data.path().join("other").display().to_string();
    let before = program.run(&["--data", &other, "office", "set", "--name", "Elsewhere"]);
    assert_eq!(before.status.code(), Some(0), "{}", errors(&before));
    assert_eq!(program.json(&["office", "show", "--data", &other]).0["office"], "Elsewhere");
    assert!(!program.office().exists());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(Path::new(&other)), mode(&Path::new(&other).join("lock"))), (0o700, 0o600));
}

#[test]
fn a_command_beside_an_open_desk_joins_it_and_else_names_the_holder() {
    let program = Program::new();
    program.json(&["office", "show"]);
    let alone = program.json(&["queue", "list"]);
    let data = program.office();
    let store = Arc::new(SledStore::open(&data, OpenOptions::default(), &|_| {}).unwrap());
    let held = program.run(&["queue", "list"]);
    assert_eq!(held.status.code(), Some(5), "{}", errors(&held));
    let holder = format!("process {}", std::process::id());
    assert!(errors(&held).contains(&holder), "{}", errors(&held));
    let entropy = Arc::new(CounterEntropy::from_seed(1));
    let desk = LocalDesk::open(store, Arc::new(SystemClock), entropy).unwrap();
    let account = desk.is_new().map(|_| uzers::get_effective_username().unwrap()).unwrap();
    let account = account.to_string_lossy().into_owned();
    let sign_in: SignIn = Arc::new(move |named| {
        Ok(Arc::new(desk.sign_in(named.unwrap_or(&account), None)?) as Arc<dyn Desk>)
    });
    let server = serve(&data, sign_in).unwrap();
    assert_eq!(program.json(&["queue", "list"]), alone);
    let report = program.json(&["import", "people", &program.people()]).0;
    assert_eq!(report["created"], 1);
    let (verified, code) = program.json(&["verify"]);
    assert_eq!((&verified["checked"], code), (&serde_json::json!(["journal", "snapshots"]), 0));
    // The last who knew the store goes, and with it the lock.
    drop(server);
    assert_eq!(program.json(&["queue", "list"]), alone);
}

#[test]
fn a_flipped_byte_is_found_with_its_file_and_place() {
    let program = Program::new();
    program.json(&["import", "people", &program.people()]);
    let journal = fs::read_dir(program.office().join("journal")).unwrap().next().unwrap();
    let segment = journal.unwrap().path();
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let (verified, code) = program.json(&["verify"]);
    assert_eq!((&verified["ok"], code), (&false.into(), 1));
    assert_eq!(verified["findings"][0]["file"], segment.display().to_string());
    assert!(verified["findings"][0]["byte"].as_u64().unwrap() <= middle as u64, "{verified}");
}

#[test]
fn verify_finds_a_database_that_it_had_to_set_aside_and_anchors_that_are_none() {
    let program = Program::new();
    program.json(&["import", "people", &program.people()]);
    assert_eq!(program.json(&["verify", "--deep"]).1, 0);
    let none = program.file("none", "");
    let (verified, code) = program.json(&["verify", "--anchors", &none]);
    assert_eq!(code, 1);
    assert!(verified["findings"][0]["what"].as_str().unwrap().contains("no anchor"), "{verified}");
    fs::write(program.office().join("sled/db"), "rubble").unwrap();
    let (verified, code) = program.json(&["verify"]);
    assert_eq!((&verified["ok"], code), (&false.into(), 1), "{verified}");
    assert!(
        verified["findings"][0]["what"].as_str().unwrap().contains("sled.aside-1"),
        "{verified}"
    );
    assert_eq!(program.json(&["verify"]).1, 0, "it was made anew");
}

#[test]
fn a_demo_is_opened_again_and_no_other_directory_is_taken_for_one() {
    let program = Program::new();
    let taken = program.data.path().join("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("letter.txt"), "mine").unwrap();
    let (refused, code) = program.json(&["demo", "--data", &taken.display().to_string()]);
    assert_eq!((&refused["code"], code), (&"demo.directory".into(), 1));
    let kept = program.data.path().join("kept").display().to_string();
    let small =
        ["demo", "--people", "60", "--cases", "80", "--today", "2026-08-21", "--data", &kept];
    let (made, code) = program.json(&small);
    assert_eq!(
        (made["people"].as_u64() >= Some(60), made["cases"].as_u64() >= Some(80), code),
        (true, true, 0),
        "{made}"
    );
    assert_eq!(program.json(&["demo", "--data", &kept]).0, made);
    assert!(!program.office().exists(), "the demo leaves CASEDESK_DATA alone");
}

#[test]
fn a_call_answers_with_whoever_has_the_number_and_find_with_how_to_register_whoever_is_missing() {
    let program = Program::new();
    program.json(&["import", "people", &program.people()]);
    let (caller, code) = program.json(&["call", "912 (34) 567"]);
    assert_eq!((caller["person"].as_str(), code), (Some("P-1"), 0));
    let (caller, code) = program.json(&["call", "+47 912 34 568"]);
    assert!(caller["person"].is_null() && caller["candidates"].as_array().unwrap().is_empty());
    assert_eq!((caller["number"].as_str(), code), (Some("+47 912 34 568"), 0));
    let (refused, code) = program.json(&["call", "4567"]);
    assert_eq!((&refused["code"], code), (&"call.number".into(), 1), "{refused}");
    let (found, _) = program.json(&["find", "ingrid solberg 74"]);
    let command = found["register"].as_str().unwrap().to_owned();
    assert_eq!(command, "casedesk person register --given Ingrid --family Solberg --born 1974");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let (registered, _) = program.json(&words);
    assert_eq!(registered["person"], "P-2");
    assert_eq!(program.json(&["find", "solberg"]).0["hits"][0]["person"], "P-2");
}

#[test]
fn people_and_cases_are_merged_and_parted_from_a_script() {
    let program = Program::new();
    let text = "id,given,family,birth_date,phone\n1,Sara,Mohammadi,1986-03-02,91234567\n2,Zara,Mohammadi,1986-03-02,91234567\n";
    let people = program.file("people.csv", text);
    program.json(&["import", "people", &people]);
    let (done, code) =
        program.json(&["person", "merge", "P-2", "P-1", "--take", "name=P-2", "--reason", "twice"]);
    assert_eq!((done["merge"].as_str(), code), (Some("G-1"), 0), "{done}");
    let (shown, code) = program.json(&["person", "show", "P-2"]);
    assert_eq!((shown["person"].as_str(), code), (Some("P-1"), 0), "{shown}");
    assert_eq!(shown["merged"][0]["merged"], "P-2", "{shown}");
    assert_eq!(shown["name"], "Mohammadi, Zara");
    let (wrong, code) = program.json(&["person", "merge", "P-2", "P-1", "--take", "hat=P-2"]);
    assert_eq!(code, 1, "{wrong}");
    let (done, code) = program.json(&["person", "unmerge", "G-1"]);
    assert_eq!((done["merge"].as_str(), code), (Some("G-1"), 0), "{done}");
    let (shown, _) = program.json(&["person", "show", "P-2"]);
    assert_eq!(shown["person"], "P-2");
    let (refused, code) = program.json(&["case", "merge", "C-1", "C-2"]);
    assert_eq!(code, 1, "{refused}");
    let (verified, code) = program.json(&["verify", "--deep"]);
    assert_eq!(code, 0, "{verified}");
}

#[test]
fn whoever_was_registered_though_likely_here_waits_among_the_found_until_merged() {
    let program = Program::new();
    let given = ["--given", "Sara", "--family", "Mohammadi", "--born", "1986-03-02"];
    let register = [&["person", "register", "--telephone", "91234567"][..], &given].concat();
    program.json(&["import", "people", &program.people()]);
    let (found, _) = program.json(&["duplicates", "--found"]);
    assert_eq!(found["found"], 0, "{found}");
    program.json(&register);
    let (found, _) = program.json(&["duplicates", "--found"]);
    assert_eq!(found["found"], 1, "{found}");
    let (done, code) = program.json(&["person", "merge", "P-2", "P-1"]);
    assert_eq!(code, 0, "{done}");
    assert_eq!(program.json(&["duplicates", "--found"]).0["found"], 0);
}

#[test]
fn a_promise_is_made_listed_and_ended_from_the_command_line() {
    let program = Program::new();
    program.json(&["import", "people", &program.people()]);
    let (refused, code) = program.json(&["promise", "make", "P-1", "soon"]);
    assert_eq!((&refused["code"], code), (&"promise.time".into(), 1), "{refused}");
    let ring = ["promise", "make", "P-1", "+2h", "--by", "sms", "--insist"];
    let (made, code) = program.json(&ring);
    assert_eq!((&made["promise"], code), (&"R-1".into(), 0), "{made}");
    let (listed, _) = program.json(&["promise", "list"]);
    let row = &listed["promises"][0];
    assert_eq!((&row["person"], &row["by"]), (&"P-1".into(), &"sms".into()), "{listed}");
    assert_eq!(program.json(&["promise", "tried", "R-1"]).1, 0);
    let broken = ["promise", "broken", "R-1", "nobody was in", "--anew", "+3h"];
    assert_eq!(program.json(&broken).1, 0);
    assert_eq!(program.json(&["promise", "kept", "R-2"]).1, 0);
    let (listed, _) = program.json(&["promise", "list", "--person", "P-1", "--state", "kept"]);
    assert_eq!(listed["promises"][0]["promise"], "R-2", "{listed}");
    let (again, code) = program.json(&["promise", "release", "R-2", "never mind"]);
    assert_eq!((&again["code"], code), (&"promise.over".into(), 1), "{again}");
    let (rates, _) = program.json(&["promise", "rates"]);
    assert_eq!(rates["units"][0]["spans"][0], serde_json::json!({"days": 7, "kept": 1, "of": 2}));
}

#[test]
fn keys_are_checked_and_shown_of_any_preset_and_context() {
    let program = Program::new();
    for preset in casedesk::keymap::preset_names() {
        let (checked, code) = program.json(&["keys", "check", "--preset", preset]);
        assert_eq!((checked["ok"].as_bool(), code), (Some(true), 0), "{preset}: {checked}");
        let card = program.run(&["keys", "show", "--card", "--preset", preset]);
        let card = String::from_utf8(card.stdout).unwrap();
        let rows: Vec<&str> = card.lines().collect();
        assert!(rows.len() <= 60 && rows.iter().all(|row| row.chars().count() < 80), "{card}");
        let (unbound, code) = program.json(&["keys", "show", "--unbound", "--preset", preset]);
        assert_eq!((unbound["keys"].as_array().unwrap().len(), code), (0, 0), "{preset}");
    }
    let keys =
        program.file("keys.toml", "format = 1\n[row]\n\"@\" = \"case.hold\"\n\"h\" = \"none\"\n");
    let (checked, code) = program.json(&["keys", "check", &keys]);
    assert_eq!((checked["problems"][0]["is_advice"].as_bool(), code), (Some(true), 1), "{checked}");
    let (shown, _) = program.json(&["keys", "show", "find", "--preset", "vim"]);
    let shown = shown["keys"].as_array().unwrap();
    assert!(shown.iter().all(|key| key["context"] == "find"), "{shown:?}");
    assert!(shown.iter().any(|key| key["keys"][0] == "Ctrl-F"), "{shown:?}");
    assert_eq!(program.run(&["keys", "show", "bord"]).status.code(), Some(2));
    assert_eq!(program.run(&["keys", "check", "--preset", "vmi"]).status.code(), Some(2));
}

#[test]
fn suggestions_are_measured_without_a_database_and_without_the_words_of_the_class() {
    let program = Program::new();
    let mut rows = String::from(
        "unique_key,account,opendate,closedate,complaint_type,descriptor,zip,borough,city,council_dist,community_board\n",
    );
    for number in 0..200 {
        let (class, words) = if number % 2 == 0 {
            ("Sanitation", "Sanitation rats in the yard")
        } else {
            ("Housing", "Housing damp on the wall")
        };
        let day = 1 + number / 8;
        writeln!(rows, "K{number},N1,2021-12-{day:02},,{class},{words},1,Q,Q,N1,Q").unwrap();
    }
    let file = program.file("nyc.csv", &rows);
    let measure = ["types", "evaluate", &file, "--mapping", "nyc-council", "--words", "descriptor"];
    let (figures, code) = program.json(&measure);
    assert_eq!(code, 0);
    assert_eq!(
        (&figures["class"], &figures["words"][0]),
        (&"complaint_type".into(), &"descriptor".into())
    );
    assert_eq!((&figures["learned_from"], &figures["asked_about"]), (&160.into(), &40.into()));
    assert_eq!((&figures["accuracy_1"], &figures["most_frequent"]), (&1.0.into(), &0.5.into()));
    // rats, yard, damp and wall: what is in every second case says something, and the class's own word is not among them.
    assert_eq!(figures["words_known"], 6, "{figures}");
    assert!(!program.office().exists(), "no database was opened");
    let missing =
        program.run(&["types", "evaluate", &file, "--mapping", "nyc-council", "--words", "nope"]);
    assert_ne!(missing.status.code(), Some(0));
}

#[test]
fn a_unit_is_set_up_on_the_command_line_and_its_work_handed_over() {
    let program = Program::new();
    let done = |arguments: &[&str]| {
        let (receipt, code) = program.json(&[&["office"], arguments].concat());
        assert_eq!(code, 0, "{arguments:?}: {receipt}");
    };
    let refused = |arguments: &[&str]| {
        let (refusal, code) = program.json(&[&["office"], arguments].concat());
        assert_eq!(code, 1, "{arguments:?}: {refusal}");
        refusal["code"].as_str().unwrap_or_default().to_owned()
    };
    let shown = |code: &str| program.json(&["office", "unit", code]).0;
    let roots = program.json(&["office", "units"]).0;
    let root = roots["units"][0]["code"].as_str().unwrap().to_owned();
    done(&["open-unit", "north", "North", "--parent", &root]);
    done(&["open-unit", "quay", "Quay", "--parent", "north"]);
    let tree = program.json(&["office", "units"]).0;
    let depths: Vec<_> =
        tree["units"].as_array().unwrap().iter().map(|unit| unit["depth"].clone()).collect();
    assert_eq!(depths, [0, 1, 2]);

    done(&["site", "quay", "pier", "Pier House", "--address", "Quay 3"]);
    assert_eq!(shown("quay")["sites"][0]["name"], "Pier House");
    assert_eq!(refused(&["site", "north", "pier", "--remove"]), "unit.site");
    done(&["zone", "quay", "Atlantic/Azores"]);
    assert_eq!(shown("quay")["zone"], "Atlantic/Azores");
    assert_eq!(refused(&["zone", "quay", "Atlantic/Nowhere"]), "office.zone");
    done(&["known-contact", "quay", "quay desk, 12 34 56"]);
    assert_eq!(shown("quay")["known_contact"], "quay desk, 12 34 56");
    done(&["known-contact", "quay"]);
    assert!(shown("quay")["known_contact"].is_null());
    done(&["rename-unit", "quay", "Quayside"]);
    assert_eq!(refused(&["move-unit", "north", "--below", "quay"]), "unit.circle");
    done(&["move-unit", "quay", "--below", &root]);
    assert_eq!(
        (&shown("quay")["name"], &shown("quay")["above"]),
        (&"Quayside".into(), &root.into())
    );

    done(&["enrol", "moe", "T. Moe", "--unit", "quay", "--role", "caseworker"]);
    done(&["enrol", "price", "D. Price", "--unit", "quay", "--role", "clerk"]);
    let add = |account| {
        ["roster", "quay", "--add", account, "--days", "mon-fri", "--hours", "08:00-12:00"]
    };
    assert_eq!(refused(&add("price")), "roster.shift", "a clerk works no queue");
    done(&add("moe"));
    assert_eq!(shown("quay")["roster"].as_array().unwrap().len(), 5);
    assert_eq!(refused(&["roster", "quay", "--remove", "moe", "--days", "sat"]), "roster.shift");
    let week = program.file("week.csv", "account,days,hours\nmoe,sat,10:00-12:00\n");
    done(&["roster", "quay", "--set", &week]);
    assert_eq!(shown("quay")["roster"][0]["shift"], "sat 10:00-12:00");
    done(&["roster", "quay", "--clear"]);
    assert!(shown("quay")["roster"].as_array().unwrap().is_empty());

    let (work, code) = program.json(&["office", "work", "moe"]);
    assert_eq!(code, 0, "{work}");
    assert!(work.to_string().contains("moe") || work.to_string().contains("Moe"), "{work}");
    let nobody = ["work", "moe", "--give", "nobody"];
    let (refusal, code) = program.json(&[&["office"], &nobody[..]].concat());
    assert_ne!(code, 0, "{refusal}");
    assert_eq!(program.run(&["office", "move-unit", "quay"]).status.code(), Some(2));
}

#[test]
fn lines_have_the_offices_clock_what_was_before_and_what_went_to_whom() {
    let program = Program::new();
    let people =
        "id,given,family,birth_date\n1,Sara,Mohammadi,1986-03-02\n2,Omid,Rahimi,1979-01-04\n";
    program.json(&["import", "people", &program.file("two.csv", people)]);
    let said = |arguments: &[&str]| {
        let output = program.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for (account, name) in [("moe", "T. Moe"), ("kaya", "M. Kaya"), ("price", "D. Price")] {
        said(&["office", "enrol", account, name, "--unit", "office", "--role", "caseworker"]);
    }
    assert!(!said(&["office", "link", "price", "P-1"]).contains("Before"));
    assert!(said(&["office", "link", "price", "P-2"]).contains("Before, they were P-1."));
    let missing = program.run(&["office", "link", "price", "P-77"]);
    assert!(errors(&missing).contains("`casedesk find WORDS`"), "{missing:?}");
    let refused = program.run(&["--as", "moe", "office", "open-unit", "south", "South"]);
    assert!(errors(&refused).contains("may not run the office here"), "{refused:?}");

    said(&["--as", "moe", "promise", "make", "P-1", "+2h", "--insist"]);
    let listed = said(&["promise", "list", "--all"]);
    assert!(listed.contains(" UTC  ") && !listed.contains("Z  "), "{listed}");
    let work = said(&["office", "work", "moe"]);
    assert!(work.contains(" UTC ") && work.contains("R-1"), "{work}");
    let absent = ["office", "absent", "moe", "--until", "2099-01-01", "--substitute", "kaya"];
    let went = said(&absent);
    assert!(went.contains("  R-1 ") && went.contains(", to Kaya"), "{went}");
    assert!(went.contains("--give moe NUMBER..."), "{went}");
    assert!(said(&["office", "work", "moe"]).contains("Nothing that you may see waits for moe."));
    assert!(said(&["office", "roster", "office"]).contains("anybody of it who is here"));
    let help = said(&["serve", "--help"]);
    let longest = help.lines().filter(|line| !line.starts_with("  ")).map(str::len).max();
    assert!(longest.unwrap_or_default() <= 100, "{help}");
    assert!(!help.lines().any(|line| line.trim() == "configuration,"), "{help}");
}
