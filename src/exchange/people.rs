//! Reads a row of a file of people as a person of another register.

use std::path::Path;

use super::ExchangeError;
use super::clean::{Repair, Shape, take};
use super::report::Report;
use super::run::{Job, RowReader, Taken, run};
use super::table::{Column, Delimiter, Fault, Row, Table};
use crate::desk::Command;
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX};
use crate::domain::people::identity::{self, Scheme, canonical};
use crate::domain::people::{
    Address, BirthDate, ContactPoint, ContactPointKind, Identity, Name, NameKind, NewPerson,
    Verdict,
};
use crate::domain::time::Day;

/// Imports a file of people (tab or comma separated, plain or gzip) with the columns `id`, `given`, `family`,
/// `other_names`, `birth_date`, `address`, `phone`, `national_id`, `id_scheme` and `country`; all but `id` and one of the
/// names may be missing. A person is the same on the next run by `source` and `id`.
///
/// A number whose `id_scheme` says what it is is refused where it cannot be one; where only the country is known, what does
/// not look like that country's number is taken and counted as doubtful.
///
/// # Errors
/// The file or its header cannot be read, or the desk stops taking commands; rows that were taken stay.
pub fn import_people(job: &Job<'_>, file: &Path, source: &str) -> Result<Report, ExchangeError> {
    let mut table = Table::open(file, Delimiter::ByHeader)?;
    let reader = PersonReader::new(source, &table, job.today)?;
    run(job, &mut table, source, reader)
}

/// Bytes of a row of people, plain and packed, as registers have them.
const ROW_BYTES: u64 = 100;
const ROW_BYTES_PACKED: u64 = 35;

/// How many people a file has, roughly, by its size; none where there is no such file.
#[must_use]
pub fn rows_about(file: &Path) -> u64 {
    let bytes = file.metadata().map_or(0, |found| found.len());
    let is_packed = file.extension().is_some_and(|ending| ending == "gz");
    bytes / if is_packed { ROW_BYTES_PACKED } else { ROW_BYTES }
}

struct PersonReader {
    source: String,
    id: Column,
    given: Option<Column>,
    family: Option<Column>,
    other_names: Option<Column>,
    birth_date: Option<Column>,
    address: Option<Column>,
    phone: Option<Column>,
    national_id: Option<Column>,
    id_scheme: Option<Column>,
    country: Option<Column>,
    today: Day,
}

impl PersonReader {
    fn new(source: &str, table: &Table, today: Day) -> Result<Self, ExchangeError> {
        let given = table.optional_column("given");
        let family = match &given {
            Some(_) => table.optional_column("family"),
            None => Some(table.column("family")?),
        };
        Ok(Self {
            source: source.to_owned(),
            id: table.column("id")?,
            given,
            family,
            other_names: table.optional_column("other_names"),
            birth_date: table.optional_column("birth_date"),
            address: table.optional_column("address"),
            phone: table.optional_column("phone"),
            national_id: table.optional_column("national_id"),
            id_scheme: table.optional_column("id_scheme"),
            country: table.optional_column("country"),
            today,
        })
    }

    fn names(&self, row: &Row) -> Result<Vec<Name>, Fault> {
        let given = line(row, self.given.as_ref(), LINE_BYTES_MAX)?;
        let family = line(row, self.family.as_ref(), LINE_BYTES_MAX)?;
        if given.is_empty() && family.is_empty() {
            return Err(Fault::of("family", "The row has no name."));
        }
        let mut names = vec![Name { kind: NameKind::Official, given, family }];
        let others = line(row, self.other_names.as_ref(), LINE_BYTES_MAX)?;
        let others = others.split([';', '|']).map(str::trim).filter(|other| !other.is_empty());
        names.extend(others.map(|other| {
            let (given, family) = other.rsplit_once(' ').unwrap_or(("", other));
            Name { kind: NameKind::Other, given: given.to_owned(), family: family.to_owned() }
        }));
        Ok(names)
    }

    fn birth_date(&self, row: &Row) -> Result<Option<BirthDate>, Fault> {
        let text = line(row, self.birth_date.as_ref(), CODE_BYTES_MAX)?;
        if text.is_empty() {
            return Ok(None);
        }
        BirthDate::parse(&text).map(Some).ok_or_else(|| {
            Fault::of(
                "birth_date",
                format!("`{text}` is no date like 1986, 1986-03 or 1986-03-02."),
            )
        })
    }

    fn address(&self, row: &Row) -> Result<Option<Address>, Fault> {
        let text = line(row, self.address.as_ref(), LINE_BYTES_MAX)?;
        if text.is_empty() {
            return Ok(None);
        }
        let (street, place) = text.rsplit_once(", ").unwrap_or((&text, ""));
        let (street, place) = (street.to_owned(), place.to_owned());
        Ok(Some(Address { street, place, ..Address::default() }))
    }

    fn phone(&self, row: &Row) -> Result<Vec<ContactPoint>, Fault> {
        let text = line(row, self.phone.as_ref(), LINE_BYTES_MAX)?;
        if text.is_empty() {
            return Ok(Vec::new());
        }
        ContactPoint::parse(ContactPointKind::Telephone, &text)
            .map(|point| vec![point])
            .map_err(|why| Fault::of("phone", why))
    }

    /// The number under the scheme of its country, for a number means nothing without it.
    fn identities(&self, row: &Row) -> Result<Vec<Identity>, Fault> {
        let value = line(row, self.national_id.as_ref(), CODE_BYTES_MAX)?;
        let country = line(row, self.country.as_ref(), CODE_BYTES_MAX / 2)?;
        if value.is_empty() {
            return Ok(Vec::new());
        }
        let stated = line(row, self.id_scheme.as_ref(), CODE_BYTES_MAX)?;
        if !stated.is_empty() {
            return match identity::check(&stated, &value, self.today) {
                Verdict::Invalid(why) => Err(Fault::of("national_id", why)),
                Verdict::Valid | Verdict::Warn(_) => Ok(vec![canonical(&stated, &value)]),
            };
        }
        let scheme = if country.is_empty() {
            "national-id".to_owned()
        } else {
            format!("national-id-{}", country.to_lowercase())
        };
        Ok(vec![Identity { scheme, value }])
    }

    /// What is doubtful about a number that is taken.
    fn doubts(&self, row: &Row, identities: &[Identity]) -> Result<Vec<Fault>, Fault> {
        let country = line(row, self.country.as_ref(), CODE_BYTES_MAX / 2)?;
        let doubt = |held: &Identity| {
            let scheme = Scheme::of(&held.scheme).or_else(|| Scheme::of_country(&country))?;
            let verdict = scheme.check(&held.value, self.today);
            verdict.sentence().map(|why| Fault::of("national_id", why))
        };
        Ok(identities.iter().filter_map(doubt).collect())
    }
}

impl RowReader for PersonReader {
    type Record = NewPerson;

    fn read(&mut self, row: &Row) -> Result<Taken<NewPerson>, Fault> {
        let id = line(row, Some(&self.id), CODE_BYTES_MAX)?;
        if id.is_empty() {
            return Err(Fault::of("id", "The row has no id."));
        }
        let identities = self.identities(row)?;
        let doubts = self.doubts(row, &identities)?;
        let record = NewPerson {
            names: self.names(row)?,
            birth_date: self.birth_date(row)?,
            identities,
            contact_points: self.phone(row)?,
            address: self.address(row)?,
            source: format!("import {}", self.source),
            origin: Some((self.source.clone(), id.clone())),
            ..NewPerson::default()
        };
        Ok(Taken { key: id, record, bytes: row.fields.as_slice().len(), doubts })
    }

    fn before(&mut self) -> Vec<Command> {
        Vec::new()
    }

    fn command(&self, records: Vec<NewPerson>) -> Command {
        Command::ImportPeople(records)
    }
}

fn line(row: &Row, column: Option<&Column>, bytes_max: usize) -> Result<String, Fault> {
    let Some(column) = column else { return Ok(String::new()) };
    take(row.text(column)?, Shape::Line, bytes_max, Repair::Never)
        .map_err(|why| Fault::of(&column.name, why.to_string()))
}
