//! `casedesk evaluate search`: figures of the search on files of people and questions.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::program;

/// People of the made file.
const PEOPLE: usize = 200;

/// A place for files and for scratch directories, and a data directory that must never appear.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { directory: tempfile::tempdir().unwrap() };
        fs::create_dir(place.scratch()).unwrap();
        place
    }

    fn scratch(&self) -> PathBuf {
        self.directory.path().join("scratch")
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.directory.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Evaluates, and looks that nothing is left behind or begun elsewhere.
    fn evaluate(&self, people: &Path, queries: &Path, more: &[&str]) -> Output {
        let office = self.directory.path().join("office");
        let output = program()
            .args(["evaluate", "search", "--people"])
            .arg(people)
            .arg("--queries")
            .arg(queries)
            .arg("--scratch")
            .arg(self.scratch())
            .args(more)
            .env_clear()
            .env("HOME", self.directory.path())
            .env("CASEDESK_DATA", &office)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(!office.exists(), "the data directory is none of its business");
        let left: Vec<_> = fs::read_dir(self.scratch()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
        output
    }

    /// The one line of JSON and the exit code.
    fn json(&self, people: &Path, queries: &Path, more: &[&str]) -> (Value, i32) {
        let output = self.evaluate(people, queries, &[more, &["--json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(text.matches('\n').count(), 1, "{text}{told}");
        (serde_json::from_str(&text).unwrap(), output.status.code().unwrap())
    }
}

/// A name of three syllables that only this person has.
fn name(person: usize) -> String {
    let syllables = ["bar", "ket", "lom", "nis", "pud", "rav", "sil", "tog"];
    let syllable = |place: u32| syllables[person / 8_usize.pow(place) % 8];
    format!("{}{}{}", syllable(2), syllable(1), syllable(0))
}

fn telephone(person: usize) -> String {
    format!("9{:08}", (person + 1) * 48_271 % 99_999_989)
}

fn people() -> String {
    let mut text = "id\tgiven\tfamily\tbirth_date\tphone\n".to_owned();
    for person in 0..PEOPLE {
        let year = 1930 + person % 80;
        let (name, telephone) = (name(person), telephone(person));
        writeln!(text, "P{person}\tAda\t{name}\t{year}-05-17\t{telephone}").unwrap();
    }
    text
}

/// Questions for the whole name, and questions for the telephone number of somebody other than is said to be meant.
fn queries() -> String {
    let mut text = "query\tgold_id\tkind\n".to_owned();
    for person in (0..PEOPLE).step_by(20) {
        writeln!(text, "ada {}\tP{person}\texact", name(person)).unwrap();
        writeln!(text, "{}\tP{}\twrong", telephone(person), person + 7).unwrap();
    }
    text
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn a_name_as_it_stands_is_found_and_somebody_else_is_not_from_plain_and_packed_files_alike() {
    let place = Place::new();
    let plain = place.file("people.tsv", people().as_bytes());
    // What a file is, its bytes tell and not its name.
    let packed = place.file("packed.tsv", &gzip(&people()));
    let queries = place.file("queries.tsv", queries().as_bytes());
    let (report, code) = place.json(&plain, &queries, &["--misses", "1"]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(
        report["kinds"]["exact"],
        serde_json::json!({"n": 10, "recall_at_1": 1.0, "recall_at_10": 1.0, "mrr": 1.0})
    );
    assert_eq!(
        report["kinds"]["wrong"],
        serde_json::json!({"n": 10, "recall_at_1": 0.0, "recall_at_10": 0.0, "mrr": 0.0})
    );
    assert_eq!(report["overall"]["recall_at_1"], 0.5);
    let miss = &report["misses"][0];
    assert_eq!((&miss["kind"], &miss["rank"]), (&"wrong".into(), &Value::Null), "{miss}");
    assert!(miss["gold"].as_str().unwrap().starts_with("P7 Ada "), "{miss}");
    assert!(miss["hits"][0]["person"].as_str().unwrap().starts_with("P0 Ada "), "{miss}");
    for (figure, part) in [("keypress_ms", "wall"), ("keypress_ms", "cpu"), ("query_ms", "wall")] {
        let spread = &report[figure][part];
        let at = |name: &str| spread[name].as_f64().unwrap();
        assert!(0.0 < at("p50") && at("p50") <= at("p99") && at("p99") <= at("max"), "{spread}");
    }
    for figure in ["build_s", "open_ms", "index_mb", "disk_mb", "insert_bytes"] {
        assert!(report[figure].as_f64().unwrap() > 0.0, "{figure}: {report}");
    }
    let (again, _) = place.json(&packed, &queries, &[]);
    assert_eq!((&again["overall"], &again["kinds"]), (&report["overall"], &report["kinds"]));
    assert!(again.get("misses").is_none(), "nobody asked for them");
}

#[test]
fn the_table_fits_a_terminal_and_says_what_follows() {
    let place = Place::new();
    let people = place.file("people.tsv", people().as_bytes());
    let kind =
        "a kind with a name that is much longer than any table has room for, and a \u{1b}[2J";
    let queries = format!("query\tgold_id\tkind\nada {}\tP3\t{kind}\n", name(3));
    let queries = place.file("queries.tsv", queries.as_bytes());
    let output = place.evaluate(&people, &queries, &[]);
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.lines().all(|line| casedesk::text::width(line) <= 79), "{table}");
    assert!(!table.contains('\u{1b}'), "{table}");
    assert!(table.contains("Of 100 such questions 100.0 find their person first"), "{table}");
}

#[test]
fn a_mistake_in_a_file_is_told_with_its_line_and_column_before_anything_is_built() {
    let place = Place::new();
    let sound_people = people();
    let sound_queries = queries();
    let header = "id\tgiven\tfamily\n";
    let asked = "query\tgold_id\tkind\n";
    let cases: [(&[u8], &[u8], &str); 10] = [
        (
            sound_people.as_bytes(),
            b"query\tgold_id\tkind\nada\tP1\tx\nada\tP999\tx\n",
            "queries:3: column `gold_id`",
        ),
        (
            sound_people.as_bytes(),
            b"query\tgold_id\tkind\n\xffada\tP1\tx\n",
            "queries:2: column `query`",
        ),
        (
            sound_people.as_bytes(),
            b"query\tgold_id\tkind\nada\tP1\n",
            "queries:2: The row has 2 fields",
        ),
        (
            sound_people.as_bytes(),
            b"query\tgold_id\tkind\nada\t\tx\n",
            "queries:2: column `gold_id`",
        ),
        (
            sound_people.as_bytes(),
            b"query\tgold\tkind\nada\tP1\tx\n",
            "queries: there is no column `gold_id`",
        ),
        (sound_people.as_bytes(), b"", "queries: there is no header"),
        (
            b"id\tgiven\tfamily\n7\tAda\tOne\n7\tAda\tTwo\n",
            sound_queries.as_bytes(),
            "people:3: column `id`",
        ),
        (b"id\tgiven\tfamily\n\tAda\tOne\n", sound_queries.as_bytes(), "people:2: column `id`"),
        (b"given\tfamily\nAda\tOne\n", sound_queries.as_bytes(), "people: there is no column `id`"),
        (
            b"id\tbirth_date\n7\t1986\n",
            sound_queries.as_bytes(),
            "people: there is no column `family`",
        ),
    ];
    for (people, queries, expected) in cases {
        let (people, queries) = (place.file("people", people), place.file("queries", queries));
        let (refused, code) = place.json(&people, &queries, &[]);
        let error = refused["error"].as_str().unwrap();
        assert!(error.contains(expected), "{expected}: {error}");
        assert_eq!((&refused["ok"], code), (&false.into(), 1), "{error}");
    }
    let people = place.file("people", format!("{header}7\tAda\tOne\n").as_bytes());
    let queries = place.file("queries", format!("{asked}ada\t7\tx\nada\t8\tx\n").as_bytes());
    let (report, code) = place.json(&people, &queries, &["--limit", "1"]);
    assert_eq!(
        (&report["overall"]["n"], code),
        (&1.into(), 0),
        "the limit comes before the mistake"
    );
}

#[test]
fn nobody_to_find_and_nothing_to_ask_are_answered_with_noughts() {
    let place = Place::new();
    let header = "id\tgiven\tfamily\n";
    let one = place.file("one", format!("{header}7\tAda\tOne\n").as_bytes());
    let nobody = place.file("nobody", header.as_bytes());
    let queries = place.file("queries", b"query,gold_id,kind\n\"one, ada\",7,x\n");
    let (report, code) = place.json(&one, &queries, &[]);
    assert_eq!((&report["overall"]["recall_at_1"], code), (&1.0.into(), 0), "{report}");
    for people in [one, nobody] {
        let (report, code) = place.json(&people, &queries, &["--limit", "0"]);
        let none = serde_json::json!({"n": 0, "recall_at_1": 0.0, "recall_at_10": 0.0, "mrr": 0.0});
        assert_eq!((&report["overall"], code), (&none, 0));
        assert_eq!(report["keypress_ms"]["wall"]["max"], 0.0);
    }
}

#[test]
fn a_date_that_is_none_is_left_out_and_told_and_somebody_without_a_name_is_taken() {
    let place = Place::new();
    let people =
        "id\tgiven\tfamily\tbirth_date\n7\tAda\tOne\t1986\n8\tBea\tTwo\tlast spring\n9\t\t\t1990\n";
    let people = place.file("people", people.as_bytes());
    let queries = place.file("queries", b"query\tgold_id\tkind\nbea\t8\tx\n");
    let output = place.evaluate(&people, &queries, &["--json"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("the first in line 3"), "{told}");
    assert_eq!(output.status.code(), Some(0));
}
