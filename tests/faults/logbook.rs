//! What a writer asked and what it was told, in a file that survives the writer: one line an entry, written at once.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use casedesk::domain::CaseId;

/// Something that a writer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ask {
    /// A case with these words, which no other case has.
    Register(String),
    /// A note on a case with these words, which no other note has.
    Note(CaseId, String),
    /// The case.
    Claim(CaseId),
    /// Many cases in one commit; their words begin with these.
    Bulk(String),
}

/// What a writer was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// It is done, by this commit; the case that it made is named, and when that is due.
    Done { sequence: u64, case: u64, due: i64 },
    /// It was refused, and nothing was done.
    Refused(String),
}

impl Told {
    /// Whether it is an answer for now: the disk was full, and once it is not the same request may be made again.
    pub(super) fn is_for_now(&self) -> bool {
        matches!(self, Self::Refused(code) if code == "disk.full")
    }
}

/// A request with all that was said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) ask: Ask,
    /// Every answer: a retry has one of its own.
    pub(super) told: Vec<Told>,
    /// Whether it had been done, unknown to whoever asked, when it was asked again.
    pub(super) was_done_already: bool,
}

/// The logbook of one writer.
#[derive(Debug)]
pub(super) struct Logbook {
    file: File,
}

/// Where the logbook of a writer lies.
pub(super) fn path(directory: &Path, writer: u64) -> PathBuf {
    directory.join(format!("writer-{writer}"))
}

impl Logbook {
    /// Goes on with a logbook; half a line at its end was never said.
    pub(super) fn open(path: &Path) -> Self {
        let whole = std::fs::read_to_string(path).unwrap_or_default();
        let end = whole.rfind('\n').map_or(0, |at| at + 1);
        let file = OpenOptions::new().append(true).create(true).open(path).unwrap();
        file.set_len(end as u64).unwrap();
        Self { file }
    }

    /// Notes a request, before it is made.
    pub(super) fn ask(&mut self, id: u128, ask: &Ask) {
        self.line(&match ask {
            Ask::Register(says) => format!("ask\t{id}\tregister\t{says}"),
            Ask::Note(case, text) => format!("ask\t{id}\tnote\t{}\t{text}", case.0),
            Ask::Claim(case) => format!("ask\t{id}\tclaim\t{}", case.0),
            Ask::Bulk(says) => format!("ask\t{id}\tbulk\t{says}"),
        });
    }

    /// Notes an answer: from here on what it says must hold.
    pub(super) fn told(&mut self, id: u128, told: &Told) {
        self.line(&match told {
            Told::Done { sequence, case, due } => format!("done\t{id}\t{sequence}\t{case}\t{due}"),
            Told::Refused(why) => format!("refused\t{id}\t{why}"),
        });
    }

    /// Notes that a request had been done before it was made again.
    pub(super) fn was_done_already(&mut self, id: u128) {
        self.line(&format!("already\t{id}"));
    }

    fn line(&mut self, line: &str) {
        self.file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

/// Reads a logbook: requests by their ids, which count up.
pub(super) fn read(path: &Path) -> BTreeMap<u128, Entry> {
    let mut entries: BTreeMap<u128, Entry> = BTreeMap::new();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    // Half a line at the end was never said.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    for line in whole.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |place: usize| fields[place].parse::<u64>().unwrap();
        let id: u128 = fields[1].parse().unwrap();
        let told = match fields[0] {
            "ask" => {
                let ask = match fields[2] {
                    "register" => Ask::Register(fields[3].to_owned()),
                    "note" => Ask::Note(CaseId(number(3)), fields[4].to_owned()),
                    "claim" => Ask::Claim(CaseId(number(3))),
                    _ => Ask::Bulk(fields[3].to_owned()),
                };
                entries.entry(id).or_insert(Entry {
                    ask,
                    told: Vec::new(),
                    was_done_already: false,
                });
                continue;
            }
            "already" => {
                entries.get_mut(&id).unwrap().was_done_already = true;
                continue;
            }
            "done" => {
                Told::Done { sequence: number(2), case: number(3), due: fields[4].parse().unwrap() }
            }
            _ => Told::Refused(fields[2].to_owned()),
        };
        entries.get_mut(&id).unwrap().told.push(told);
    }
    entries
}
