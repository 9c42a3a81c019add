//! A process that opens a damaged directory and says what it found, so that a panic, an abort or a hang is only its own.

use std::env;
use std::error::Error as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use casedesk::desk::Checks;
use casedesk::store::{SledStore, Store as _, StoreError, SystemDisk, verify_snapshots};

use super::rows::Rows;
use super::writers::{MORNING, desk, options};

const DATA: &str = "CASEDESK_FAULTS_JUDGE";
/// How long a judge may take before it is taken for hanging.
const JUDGE_MAX: Duration = Duration::from_secs(60);
/// What stands before the verdict.
const VERDICT: &str = "verdict: ";

/// What became of a damaged directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It did not open, and the damage was named: file, byte, words.
    Refused(String),
    /// It did not open or could not be read, for a reason that names no byte.
    Failed(String),
    /// It opened: the last commit, a digest of all rows, and how many faults verifying names.
    Opened { last: u64, digest: u64, findings: u64 },
}

/// Lets a process of its own open the directory.
pub(super) fn judge(data: &Path) -> Result<Verdict, String> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "faults::judge::opens_and_says_what_it_found"])
        .args(["--ignored", "--nocapture", "--test-threads=1"])
        .env(DATA, data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut said = String::new();
        let read = stdout.read_to_string(&mut said);
        // Whoever waited may have given up.
        let _unheard = sender.send(read.map(|_| said).unwrap_or_default());
    });
    let said = receiver.recv_timeout(JUDGE_MAX);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    let said = said.map_err(|_late| "it hangs".to_owned())?;
    let verdict = said.lines().find_map(|line| line.split_once(VERDICT));
    let Some((_, verdict)) = verdict else { return Err(format!("it ended with {status}: {said}")) };
    let (kind, words) = verdict.split_once(' ').unwrap();
    Ok(match kind {
        "opened" => {
            let numbers: Vec<u64> = words.split(' ').map(|word| word.parse().unwrap()).collect();
            Verdict::Opened { last: numbers[0], digest: numbers[1], findings: numbers[2] }
        }
        "refused" => Verdict::Refused(words.to_owned()),
        _ => Verdict::Failed(words.to_owned()),
    })
}

#[test]
#[ignore = "it is started by the tests that damage directories, and does nothing without them"]
#[expect(clippy::print_stdout, reason = "its parent reads what it found")]
fn opens_and_says_what_it_found() {
    let Some(data) = env::var_os(DATA).map(PathBuf::from) else { return };
    let verdict = match look(&data) {
        Ok((last, digest, findings)) => format!("opened {last} {digest} {findings}"),
        Err(error @ StoreError::Damaged { .. }) => format!("refused {error}"),
        Err(error) => {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            format!("failed {error} {cause}")
        }
    };
    println!("{VERDICT}{}", verdict.replace('\n', " "));
}

fn look(data: &Path) -> Result<(u64, u64, u64), StoreError> {
    let store = SledStore::open(data, options(Arc::new(SystemDisk)), &|_| {})?;
    let rows = Rows::read(&store)?;
    let mut findings = store.verify_journal(&|_| {})?.len();
    if findings == 0 {
        findings += store.verify_against_journal(&|_| {})?.len();
    }
    findings += verify_snapshots(data, &|_| {})?.len();
    let (last, store) = (store.sequence().0, Arc::new(store));
    let records = desk(&store, 1, MORNING).verify(Checks::deep(), &|_| {});
    findings += records.map_or(1, |records| records.findings.len());
    Ok((last, rows.digest(), findings as u64))
}
