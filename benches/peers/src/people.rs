//! Files of people and of queries, tab-separated, plain or gzip.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// What went wrong, for whoever runs the program.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The first line of a file of people.
pub const HEADER: &str =
    "id\tgiven\tfamily\tother_names\tbirth_date\taddress\tphone\tnational_id\tcountry";
/// The first line of a file of queries.
pub const QUERIES_HEADER: &str = "query\tgold_id\tkind";

/// A line of a file of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub id: u64,
    pub given: String,
    pub family: String,
    pub other_names: String,
    /// `1986-03-02`, or empty.
    pub birth_date: String,
    pub address: String,
    pub phone: String,
    pub national_id: String,
    pub country: String,
}

impl Person {
    fn parse(line: &str) -> Option<Self> {
        let mut cells = line.split('\t').map(str::to_owned);
        Some(Self {
            id: cells.next()?.parse().ok()?,
            given: cells.next()?,
            family: cells.next()?,
            other_names: cells.next()?,
            birth_date: cells.next()?,
            address: cells.next()?,
            phone: cells.next()?,
            national_id: cells.next()?,
            country: cells.next()?,
        })
    }

    /// The line of the file, without its end.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { id, given, family, other_names, birth_date, address, .. } = self;
        let Self { phone, national_id, country, .. } = self;
        format!(
            "{id}\t{given}\t{family}\t{other_names}\t{birth_date}\t{address}\t{phone}\t{national_id}\t{country}"
        )
    }
}

/// A question that means one person.
#[derive(Debug, Clone)]
pub struct Query {
    pub text: String,
    /// Who is meant.
    pub gold: u64,
    /// How the text came to differ from what is on record.
    pub kind: String,
}

/// The first `count` people of a file, or all.
pub fn read_people(
    path: &Path,
    count: Option<usize>,
) -> Result<impl Iterator<Item = Result<Person, Failure>> + use<>, Failure> {
    let name = path.display().to_string();
    let lines = open(path)?.lines().skip(1).take(count.unwrap_or(usize::MAX)).enumerate();
    Ok(lines.map(move |(place, line)| {
        let wrong = || format!("{name}, line {}: not nine cells with a number first", place + 2);
        Person::parse(&line?).ok_or_else(|| wrong().into())
    }))
}

/// All queries of a file.
pub fn read_queries(path: &Path) -> Result<Vec<Query>, Failure> {
    let mut queries = Vec::new();
    for (place, line) in open(path)?.lines().skip(1).enumerate() {
        let line = line?;
        let cells: Vec<&str> = line.split('\t').collect();
        let query = match cells.as_slice() {
            &[text, gold, kind] => gold.parse().ok().map(|gold| Query {
                text: text.to_owned(),
                gold,
                kind: kind.to_owned(),
            }),
            _ => None,
        };
        let wrong =
            || format!("{}, line {}: not a query, a number, a kind", path.display(), place + 2);
        queries.push(query.ok_or_else(wrong)?);
    }
    Ok(queries)
}

/// Opens a file that may be packed: the first two bytes tell.
fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    let opened = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut file = BufReader::with_capacity(1 << 16, opened);
    let is_packed = file.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let reader: Box<dyn Read> =
        if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(Box::new(BufReader::with_capacity(1 << 16, reader)))
}
