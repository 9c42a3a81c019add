//! An event log of another system comes in under a case type: the receipt phase of 1,434 permits, against a calculation of
//! its own over the file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use casedesk::desk::{AskCaseFile, AskHistory, Command, Desk};
use casedesk::domain::CaseId;
use casedesk::domain::cases::{CaseOrigin, judge};
use casedesk::domain::office::Role;
use casedesk::domain::rules::{CaseType, PublicationKind, PublicationName, read_type};
use casedesk::domain::time::{ClockResult, ClockState, Day};
use casedesk::exchange::{HistoryReport, Job, Mapping, import_histories};
use tempfile::TempDir;

use crate::office::{Office, Seat};

const TYPE: &str = include_str!("../src/exchange/mappings/receipt-wabo.type.toml");

struct Permits {
    office: Office,
    karimi: Seat,
    data: TempDir,
    case_type: CaseType,
    ids: AtomicU64,
}

impl Permits {
    fn new() -> Self {
        let office = Office::new();
        let karimi = office.karimi();
        let moe = office.enrol("moe", "Moe Kaya", &[Role::Administrator]);
        let text = TYPE.to_owned();
        let kind = PublicationKind::Type;
        let code = "receipt-wabo".to_owned();
        let from = Day::from_parts(2026, 1, 1).unwrap();
        let propose = Command::ProposeRules { kind, code: code.clone(), text, from: Some(from) };
        office.act(&karimi, propose).unwrap();
        let name = PublicationName { kind, code, version: 1 };
        office.act(&moe, Command::PublishRules { name }).unwrap();
        let case_type = read_type(TYPE).unwrap();
        let (data, ids) = (tempfile::tempdir().unwrap(), AtomicU64::new(1 << 40));
        Self { office, karimi, data, case_type, ids }
    }

    fn import(&self, file: &Path, is_dry: bool) -> HistoryReport {
        let mapping = Mapping::load("receipt-wabo").unwrap();
        let job = Job {
            desk: &self.karimi,
            ids: &|| u128::from(self.ids.fetch_add(1, Ordering::Relaxed)),
            rejects: &self.data.path().join("rejects"),
            today: Day::from_parts(2026, 8, 21).unwrap(),
            stop: &AtomicBool::new(false),
            progress: &|_| {},
        };
        import_histories(&job, file, &mapping, &self.case_type, is_dry).unwrap()
    }

    fn said(&self, of: &str) -> String {
        let name = format!("rejects/receipt-wabo{of}-2026-08-21.csv");
        fs::read_to_string(self.data.path().join(name)).unwrap_or_default()
    }
}

/// What a direct calculation over the file counts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    cases: u64,
    activities: BTreeMap<String, u64>,
    by_channel: BTreeMap<String, u64>,
    by_department: BTreeMap<String, u64>,
    late: BTreeSet<String>,
}

impl Counted {
    fn add(&mut self, case: &str, channel: &str, department: &str, is_late: bool) {
        self.cases += 1;
        *self.by_channel.entry(channel.to_owned()).or_default() += 1;
        *self.by_department.entry(department.to_owned()).or_default() += 1;
        if is_late {
            self.late.insert(case.to_owned());
        }
    }
}

/// Reads the file with nothing of the import: the columns by their places, and instants as the standard writes them.
fn directly(text: &str) -> Counted {
    let channels = [
        ("Internet", "online"),
        ("Desk", "walk-in"),
        ("Post", "letter"),
        ("e-mail", "mail"),
        ("Intern", "tel"),
    ];
    let at = |text: &str| -> i64 {
        let stamp: jiff::Timestamp = text.replace(' ', "T").parse().unwrap();
        stamp.as_millisecond()
    };
    let mut counted = Counted::default();
    let mut seen = BTreeSet::new();
    for row in text.lines().skip(1) {
        let columns: Vec<&str> = row.split(',').collect();
        let (channel, case, department) = (columns[0], columns[1], columns[3]);
        let (ended, planned) = (columns[4], columns[5]);
        *counted.activities.entry(columns[10].to_owned()).or_default() += 1;
        if seen.insert(case.to_owned()) {
            let is_late = !ended.is_empty() && at(ended) > at(planned);
            let channel = channels.iter().find(|(theirs, _)| *theirs == channel).unwrap().1;
            counted.add(case, channel, department, is_late);
        }
    }
    counted
}

/// The same from the database after the import.
fn from_database(permits: &Permits, cases: u64) -> Counted {
    let desk: &dyn Desk = &permits.karimi;
    let mut counted = Counted::default();
    for number in 1..=cases {
        let file = desk.ask(AskCaseFile { case: CaseId(number), entries: 0 }).unwrap();
        let reference = match &file.case.origin {
            CaseOrigin::Imported { reference, .. } => reference,
            CaseOrigin::Registered => "registered here",
        };
        let field = |code: &str| {
            let fields = &file.plan.fields;
            fields.iter().find(|line| line.rule.code == code).unwrap().value.clone()
        };
        assert_eq!(file.case.case_type.code, "receipt-wabo");
        assert_eq!(file.case.clocks.len(), 1, "{number}");
        let is_late = file.case.clocks[0].state() == ClockState::Ended(ClockResult::Breached);
        counted.add(reference, file.case.channel.code(), &field("department"), is_late);
        let history = desk.ask(AskHistory { case: CaseId(number) }).unwrap();
        for activity in history.activities {
            *counted.activities.entry(activity.activity).or_default() += 1;
        }
    }
    counted
}

#[test]
fn the_receipt_phase_of_1434_permits_comes_in_as_a_direct_calculation_has_it() {
    let log =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/eventlogs/receipt-wabo.csv.gz");
    // Where the shared folder is not there, there is nothing to compare with.
    let Ok(packed) = fs::File::open(&log) else { return };
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let expected = directly(&text);
    assert_eq!((expected.cases, expected.activities.values().sum::<u64>()), (1_434, 8_577));

    let permits = Permits::new();
    let report = permits.import(&log, false);
    assert_eq!((report.read, report.cases, report.created), (8_577, 1_434, 1_434));
    assert_eq!((report.rejected, report.conflicts), (0, 0), "{}", permits.said(""));
    assert_eq!(report.activities, 8_577);
    assert_eq!(report.by_activity, expected.activities);
    assert_eq!(from_database(&permits, 1_434), expected);

    // Every transition was legal or is reported, with line, case, activity and why.
    let deviations = permits.said("-deviations");
    let reported = deviations.lines().count() as u64 - 1;
    assert_eq!(reported, report.deviations);
    let desk: &dyn Desk = &permits.karimi;
    let mut odd = 0;
    for number in 1..=1_434 {
        let history = desk.ask(AskHistory { case: CaseId(number) }).unwrap();
        odd += history.activities.iter().filter(|activity| !activity.is_legal).count() as u64;
        odd += u64::from(!history.is_end_legal);
    }
    assert_eq!(odd, report.deviations);
    assert!((1..200).contains(&odd), "{odd}");

    // The same file again changes nothing.
    let again = permits.import(&log, false);
    assert_eq!((again.created, again.unchanged, again.conflicts), (0, 1_434, 0));
}

#[test]
fn a_dry_run_says_the_same_and_leaves_nothing_behind() {
    let permits = Permits::new();
    let row = |case: &str, activity: &str, at: &str| {
        format!(
            "Desk,{case},2011-12-06 13:41:31+01:00,General,,2011-12-06 13:41:31+01:00,,R1,\
             2011-10-11 13:42:22+02:00,t,{activity},complete,G,R1,2011-10-{at}:00+02:00\n"
        )
    };
    let header = "case:channel,case:concept:name,case:deadline,case:department,case:enddate,\
                  case:enddate_planned,case:group,case:responsible,case:startdate,concept:instance,\
                  concept:name,lifecycle:transition,org:group,org:resource,time:timestamp\n";
    let text = [
        header.to_owned(),
        row("a", "T04 Determine confirmation of receipt", "12 09:00"),
        row("b", "Confirmation of receipt", "11 14:00"),
        row("a", "Confirmation of receipt", "11 14:00"),
        row("b", "Something else", "12 10:00"),
        row("b", "Confirmation of receipt", "13 10:00"),
    ]
    .concat();
    let file = permits.data.path().join("log.csv");
    fs::write(&file, text).unwrap();
    for is_dry in [true, false] {
        let report = permits.import(&file, is_dry);
        assert_eq!((report.read, report.cases, report.rejected), (5, 2, 1));
        assert_eq!((report.activities, report.deviations), (4, 2));
        assert_eq!(report.created, if is_dry { 0 } else { 2 });
    }
    let desk: &dyn Desk = &permits.karimi;
    let file = desk.ask(AskCaseFile { case: CaseId(1), entries: 10 }).unwrap();
    let told: Vec<&str> = file.timeline.iter().map(|entry| entry.words.as_str()).collect();
    assert!(told.iter().any(|words| words.contains("1 not as the type has it")), "{told:?}");
    assert_eq!(
        file.plan.stage.english(),
        "Handling",
        "an open case goes on where its past came to"
    );
    let said = permits.said("-deviations");
    assert!(said.contains("2,concept:name,a: determine comes up after task check."), "{said}");
    assert!(
        said.contains("6,concept:name,\"b: confirm is done once, and was done before.\""),
        "{said}"
    );
    assert!(permits.said("").contains("The mapping names no task for `Something else`."));
    let refused = permits.office.act(
        &permits.karimi,
        Command::ImportHistories {
            case_type: casedesk::domain::cases::TypeVersion { code: "none".to_owned(), version: 1 },
            rows: Vec::new(),
        },
    );
    assert!(refused.is_ok(), "nothing was asked, and nothing is refused");
}

#[test]
fn a_past_is_judged_by_the_ways_and_tasks_of_its_type() {
    let case_type = read_type(TYPE).unwrap();
    let judged = |tasks: &[&str], has_ended| judge(&case_type, tasks.iter().copied(), has_ended);
    let usual = ["confirm", "check", "determine", "send", "need-of-advice", "need-to-stop"];
    let sound = judged(&usual, true);
    assert!(sound.deviations.iter().all(Option::is_none), "{sound:?}");
    assert_eq!((sound.end, sound.stage.as_str()), (None, "handling"));
    let early = judged(&["confirm"], true);
    assert_eq!(early.end.as_deref(), Some("no way leads from receipt to the end"));
    let jump = judged(&["confirm", "stop-check", "stop-check"], false);
    assert_eq!(
        jump.deviations,
        [None, Some("no way leads from receipt to stop".to_owned()), None],
        "one jump is reported once, and what it skipped is not held against what follows"
    );
}
