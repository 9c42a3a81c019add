//! Whatever is typed is answered, and costs no more than a named amount of reading.

use std::cell::Cell;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::process::Stdio;

use casedesk::search::{
    Dictionary, FindOptions, IndexFound, IndexRead, IndexReadError, IndexValue, find,
};

use crate::harness::program;
use crate::search_office::{Office, chances, person};

/// Rows that one search may read here, and the rows that it may ask for.
const ROWS_MAX: usize = 4_000;

/// An index that counts what is read of it.
struct Counted<'a> {
    office: &'a Office,
    rows: Cell<usize>,
}

impl IndexRead for Counted<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<IndexValue>, IndexReadError> {
        self.rows.set(self.rows.get() + 1);
        self.office.get(key)
    }

    fn scan(
        &self,
        from: &[u8],
        to: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<IndexFound>, IndexReadError> {
        let rows = self.office.scan(from, to, limit)?;
        self.rows.set(self.rows.get() + rows.len().max(1));
        Ok(rows)
    }
}

fn office() -> Office {
    let mut chance = chances(5);
    let people: Vec<_> = (1..=2_000).map(|number| person(number, &mut chance)).collect();
    let mut office = Office::default();
    office.put_all(&people);
    office
}

/// Texts that nobody would type, and those that somebody would who wants to see it fall.
fn texts() -> Vec<String> {
    let mut texts = vec![
        String::new(),
        " \t\n\r ".to_owned(),
        "a".repeat(10_000),
        "ada ".repeat(2_500),
        (0..2_500).map(|number| number.to_string() + "w ").collect(),
        "\u{301}".repeat(10_000),
        format!("a{}", "\u{301}".repeat(10_000)),
        "7".repeat(10_000),
        "1986 ".repeat(2_000),
        "0 1 2 3 4 5 6 7 8 9 ".repeat(500),
        "+--()/.".repeat(1_000),
        "\0\u{1}\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{feff}\u{fffd}".to_owned(),
        "\u{200c}\u{200d}\u{2066}".repeat(1_000),
        "\u{ffff}\u{10ffff}\u{e000}\u{e0041}".repeat(500),
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}".repeat(300),
        "محمد".repeat(2_500),
        "\u{fdfa}".repeat(5_000),
        "İıßﬃΣς".repeat(1_000),
        "C-99999999999999999999 P-0 2026-99-99 31.02.0000 -1".to_owned(),
    ];
    // Bytes as they fall; what is no UTF-8 becomes the sign for it, as at the edge.
    let mut chance = chances(11);
    for length in [1, 3, 17, 60, 300, 2_000] {
        let bytes: Vec<u8> = (0..length).map(|_| u8::try_from(chance(256)).unwrap()).collect();
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    texts
}

#[test]
fn any_text_is_answered_and_reads_a_bounded_number_of_rows() {
    let office = office();
    let dictionary = Dictionary::load(&office).unwrap();
    for text in texts() {
        let counted = Counted { office: &office, rows: Cell::default() };
        let found = find(&dictionary, &counted, &text, &FindOptions::default()).unwrap();
        let start: String = text.chars().take(20).collect();
        assert!(found.hits.len() <= 10, "{start:?}");
        assert!(counted.rows.get() <= ROWS_MAX, "{start:?} reads {} rows", counted.rows.get());
    }
}

#[test]
fn a_question_that_is_no_text_is_a_mistake_of_the_command_line_and_opens_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let office = directory.path().join("office");
    for bytes in [&b"\xff\xfe"[..], b"ada \xed\xa0\x80", b"\xc3", b"\xf8\x88\x80\x80\x80"] {
        let output = program()
            .arg("find")
            .arg(OsString::from_vec(bytes.to_vec()))
            .arg("--json")
            .env_clear()
            .env("HOME", directory.path())
            .env("CASEDESK_DATA", &office)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{bytes:?}");
        let line = String::from_utf8(output.stdout).unwrap();
        assert!(line.contains("\"usage\"") && line.contains("UTF-8"), "{line}");
        assert!(!office.exists());
    }
}
