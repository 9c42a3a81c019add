//! Files of other systems come in through a desk: every row is counted once, and the same file again changes nothing.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use casedesk::desk::{AskCaseFile, AskFind, AskOffice, Command, Desk};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{CaseAct, OutcomeCode, Stage};
use casedesk::domain::time::Day;
use casedesk::exchange::{
    ExchangeError, Job, Mapping, Progress, Report, import_people, import_requests,
};
use tempfile::TempDir;

use crate::office::{Office, Seat};

const MAPPING: &str = r#"
format = 1
source = "town"
zone = "Europe/Oslo"
dates = ["%Y-%m-%d"]
clean = true
[columns]
reference = "id"
received = "in"
ended = "out"
status = "status"
[subject]
columns = ["kind", "detail"]
separator = ": "
[asks]
columns = ["words"]
[channel]
column = "by"
default = "online"
values = { "Phone" = "tel" }
[nature]
default = "request"
[[nature.when]]
contains = ["noise"]
is = "complaint"
[outcome]
default = "answered"
[outcome.values]
"Dup" = "duplicate"
"Open" = "open"
"#;

const HEADER: &str = "id,in,out,status,kind,detail,words,by\n";

struct Town {
    office: Office,
    karimi: Seat,
    data: TempDir,
    ids: AtomicU64,
}

impl Town {
    fn new() -> Self {
        let office = Office::new();
        let karimi = office.karimi();
        Self { office, karimi, data: tempfile::tempdir().unwrap(), ids: AtomicU64::new(1 << 40) }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.data.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn job<T>(
        &self,
        stop: &AtomicBool,
        progress: &dyn Fn(Progress),
        import: impl FnOnce(&Job<'_>) -> T,
    ) -> T {
        import(&Job {
            desk: &self.karimi,
            ids: &|| u128::from(self.ids.fetch_add(1, Ordering::Relaxed)),
            rejects: &self.data.path().join("rejects"),
            today: Day::from_parts(2026, 8, 21).unwrap(),
            stop,
            progress,
        })
    }

    fn requests(&self, file: &Path, mapping: &Mapping) -> Result<Report, ExchangeError> {
        self.job(&AtomicBool::new(false), &|_| {}, |job| import_requests(job, file, mapping))
    }

    fn rows(&self, rows: &str) -> Report {
        let file = self.file("rows.csv", format!("{HEADER}{rows}").as_bytes());
        self.requests(&file, &Mapping::parse("town.toml", MAPPING).unwrap()).unwrap()
    }

    fn rejects(&self) -> String {
        fs::read_to_string(self.data.path().join("rejects/town-2026-08-21.csv")).unwrap()
    }

    fn case(&self, number: u64) -> casedesk::domain::cases::Case {
        let desk: &dyn Desk = &self.karimi;
        desk.ask(AskCaseFile { case: CaseId(number), entries: 10 }).unwrap().case
    }
}

fn figures(report: &Report) -> [u64; 7] {
    [
        report.read(),
        report.created,
        report.updated,
        report.unchanged,
        report.repeated,
        report.rejected,
        report.conflicts,
    ]
}

#[test]
fn every_row_is_counted_once_and_a_rejected_one_lies_with_its_line_column_and_reason() {
    let town = Town::new();
    let rows = "A1,2026-08-03,,Open,Streets,Lamp,dark,Phone\n\
                A2,2026-08-03,2026-08-03,Done,Noise,,\"two\nlines \u{1b}[2J\",Web\n\
                A1,2026-08-04,,Open,Streets,Lamp,again,Phone\n\
                A3,yesterday,,Open,Streets,Lamp,dark,Phone\n\
                A4,2026-08-05,2026-08-01,Done,Streets,Lamp,dark,Phone\n\
                A5,2026-08-05,,Dup,Streets,Lamp,dark,Phone\n\
                A6,too,short\n";
    assert_eq!(figures(&town.rows(rows)), [7, 2, 0, 0, 1, 4, 0]);
    let rejects = town.rejects();
    for line in [
        "line,column,reason,row",
        "6,in,`yesterday` is not a date",
        "7,out,The case ended before it was received.",
        "8,status,\"The status `Dup` says that it ended, and no date says when.\"",
        "9,,\"The row has 3 fields, and the header has 8.\",\"A6,too,short\"",
    ] {
        assert!(rejects.contains(line), "{line}\n{rejects}");
    }
    let (first, second) = (town.case(1), town.case(2));
    assert_eq!((first.stage, first.channel.code()), (Stage::Queued, "tel"));
    assert_eq!(first.subject_label, "Streets: Lamp");
    assert_eq!(second.outcome.unwrap().code, OutcomeCode::Answered);
    assert_eq!((second.nature.label(), second.asks.as_str()), ("complaint", "two\nlines  [2J"));
    let desk: &dyn Desk = &town.karimi;
    let subjects = desk.ask(AskOffice {}).unwrap().subjects;
    assert!(subjects.iter().any(|subject| subject.code.0 == "STREETS-LAMP"));
}

#[test]
fn the_same_file_changes_nothing_and_a_changed_row_only_what_nobody_here_has_touched() {
    let town = Town::new();
    let rows =
        "A1,2026-08-03,,Open,Streets,Lamp,dark,Phone\nA2,2026-08-03,,Open,Streets,Lamp,dim,Phone\n";
    assert_eq!(figures(&town.rows(rows)), [2, 2, 0, 0, 0, 0, 0]);
    assert_eq!(figures(&town.rows(rows)), [2, 0, 0, 2, 0, 0, 0]);
    let note = CaseAct::Note { text: "looked at it".to_owned() };
    let command = Command::Case { case: CaseId(2), version: None, act: note };
    town.office.act(&town.karimi, command).unwrap();
    let changed = rows.replace("Lamp,d", "Lamp,very d");
    assert_eq!(figures(&town.rows(&changed)), [2, 0, 1, 0, 0, 0, 1]);
    assert_eq!((town.case(1).asks.as_str(), town.case(2).asks.as_str()), ("very dark", "dim"));
}

#[test]
fn an_import_that_is_stopped_goes_on_with_the_same_packed_file() {
    let town = Town::new();
    let mut text = HEADER.to_owned();
    for number in 0..1_500 {
        writeln!(text, "B{number},2026-08-03,2026-08-04,Done,Streets,,dark,Web").unwrap();
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    let file = town.file("rows.csv.gz", &packed.finish().unwrap());
    let mapping = Mapping::parse("town.toml", MAPPING).unwrap();
    let stop = AtomicBool::new(false);
    let stopped = town
        .job(&stop, &|_| stop.store(true, Ordering::Relaxed), |job| {
            import_requests(job, &file, &mapping)
        })
        .unwrap();
    assert!(stopped.is_stopped);
    assert_eq!((stopped.read(), stopped.created), (1_000, 1_000));
    let rest = town.requests(&file, &mapping).unwrap();
    assert_eq!(figures(&rest), [1_500, 500, 0, 1_000, 0, 0, 0]);
}

#[test]
fn a_column_that_the_file_lacks_is_named_with_the_one_that_was_most_likely_meant() {
    let town = Town::new();
    let file = town.file("rows.csv", b"id,in,out,state,kinds,detail,words,by\n");
    let mapping = Mapping::parse("town.toml", MAPPING).unwrap();
    let refusal = town.requests(&file, &mapping).unwrap_err().to_string();
    assert!(refusal.contains("there is no column `status`; did you mean `state`?"), "{refusal}");
}

#[test]
fn people_come_in_once_each_by_their_source_and_id() {
    let town = Town::new();
    let text = "id\tgiven\tfamily\tother_names\tbirth_date\taddress\tphone\tnational_id\tcountry\n\
                0\tAnuel \"Nel\"\tBoles\t\t1983-11-10\t62 Mahan Avenue, Chicago\t520775081\t26767679435\tUS\n\
                1\t\t\t\t1983\t\t\t\t\n\
                2\tSara\tMohammadi\tsara mohamedi\t1986\t\tnone\t\t\n\
                0\tAnuel\tBoles\t\t\t\t\t\t\n\
                3\tSara\tMohammadi\tsara mohamedi\t1986\t\t+47 912 34 567\t\tNO\n";
    let file = town.file("people.tsv", text.as_bytes());
    let import = || {
        town.job(&AtomicBool::new(false), &|_| {}, |job| import_people(job, &file, "register"))
            .unwrap()
    };
    assert_eq!(figures(&import()), [5, 2, 0, 0, 1, 2, 0]);
    assert_eq!(figures(&import()), [5, 0, 0, 2, 1, 2, 0]);
    let desk: &dyn Desk = &town.karimi;
    let found = desk.ask(AskFind { text: "boles anuel".to_owned(), limit: 5 }).unwrap();
    assert_eq!(found.hits[0].name, "Boles, Anuel \"Nel\"");
}

#[test]
fn a_number_of_a_stated_scheme_is_checked_and_one_that_only_its_country_names_is_doubtful() {
    let town = Town::new();
    let text = "id\tfamily\tphone\tnational_id\tid_scheme\tcountry\n\
                1\tMohammadi\t+47 912 34 56\t\t\tNO\n\
                2\tHaugen\t912 34 567\t151086 95088\tfnr\tNO\n\
                3\tSolberg\t\t15108695089\tfnr\tNO\n\
                4\tDemir\t\t15108695089\t\tNO\n\
                5\tReyes\t\tVACE-460910-SX6\tmx-rfc\tMX\n";
    let file = town.file("people.tsv", text.as_bytes());
    let import = || {
        town.job(&AtomicBool::new(false), &|_| {}, |job| import_people(job, &file, "register"))
            .unwrap()
    };
    let report = import();
    assert_eq!((figures(&report), report.doubtful), ([5, 3, 0, 0, 0, 2, 0], 2));
    assert_eq!(figures(&import()), [5, 0, 0, 3, 0, 2, 0]);
    let read = |name: &str| {
        fs::read_to_string(town.data.path().join(format!("rejects/{name}-2026-08-21.csv"))).unwrap()
    };
    let rejects = read("register");
    assert!(rejects.contains("4,national_id,\"The last check digit of this"), "{rejects}");
    assert!(rejects.contains("it has 8 digits, and this has 7"), "{rejects}");
    let doubts = read("register-doubts");
    assert!(doubts.contains("5,national_id,") && doubts.contains("6,national_id,"), "{doubts}");
}

#[test]
fn every_shipped_mapping_takes_the_first_rows_of_its_file() {
    let requests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/requests");
    for (name, file, rejected_max) in [
        ("nyc-council", "nyc-council-2015-2021.csv.gz", 0),
        ("chicago-sanitation", "chicago-sanitation-2000-2015.csv.gz", 0),
        ("sf311", "sf311-2008-2018.csv.gz", 0),
        ("boston311", "boston-pest-2013-2017.csv.gz", 0),
    ] {
        let Ok(packed) = fs::File::open(requests.join(file)) else {
            writeln!(std::io::stderr(), "left out, as {file} is not here").unwrap();
            continue;
        };
        let mut start = Vec::new();
        flate2::read::MultiGzDecoder::new(packed).take(60_000).read_to_end(&mut start).unwrap();
        let whole = start.iter().rposition(|byte| *byte == b'\n').unwrap();
        let town = Town::new();
        let file = town.file("rows.csv", &start[..=whole]);
        let report = town.requests(&file, &Mapping::load(name).unwrap()).unwrap();
        assert!(report.created > 150, "{name}: {report:?}");
        assert!(report.rejected <= rejected_max, "{name}: {}", town.rejects());
    }
}
