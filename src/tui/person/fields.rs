//! The fields of a record that can be edited: what is there now, the form for each, and the command that comes of it.

use crate::desk::{Command, FieldLine, PersonFileAnswer};
use crate::domain::PersonId;
use crate::domain::cases::Channel;
use crate::domain::people::identity::canonical;
use crate::domain::people::{
    Address, BirthDate, ContactPoint, ContactPointKind, FamilyRole, Name, NameKind, NewHousehold,
    PersonChange, Relationship, RelationshipKind,
};
use crate::domain::time::Day;

use super::super::field::{Form, person_number};
use super::edit::FIELD_BYTES_MAX;

/// What a caseworker says most often when asked where they know it from.
pub(super) const USUAL_SOURCE: &str = "told by telephone";

/// A field that can be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The official name, at its place among the names.
    Name(u32),
    OtherName(u32),
    NewOtherName,
    BirthDate,
    FormOfAddress,
    Address,
    ContactPoint(u32, ContactPointKind),
    NewContactPoint(ContactPointKind),
    Gender,
    Identity(u32),
    NewIdentity,
    Languages,
    Channel,
    Needs,
    Note,
    Relation,
    /// A relationship that is stated already, counted from 0: it can end.
    Stated(u32),
    Household,
}

/// A field with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EditRow {
    pub(super) target: Target,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) source: String,
    pub(super) on: Option<Day>,
    pub(super) is_verified: bool,
    /// What the form of several parts begins with, where the parts are known.
    parts: Vec<(&'static str, String)>,
}

/// Every field of a file that can be edited, and those that can be added.
pub(super) fn rows_of(file: &PersonFileAnswer) -> Vec<EditRow> {
    let (family, given) = file.name.split_once(", ").unwrap_or((&file.name, ""));
    let mut rows = vec![
        row(file, Target::Name(official(file)), "name", "name", &file.name)
            .with(&[("family", family), ("given", given)]),
        row(file, Target::BirthDate, "born", "born", file.born.as_deref().unwrap_or_default()),
        row(
            file,
            Target::FormOfAddress,
            "form of address",
            "form of address",
            &file.form_of_address,
        ),
    ];
    rows.extend(other_names(file));
    rows.extend(identities(file));
    let (street, place) = split_address(&file.address, &file.area);
    let address = file.address.as_str();
    rows.push(row(file, Target::Address, "address", "address", address).with(&[
        ("street", &street),
        ("place", &place),
        ("area", &file.area),
    ]));
    let mut counts = [0_u32; 2];
    for point in &file.contact_points {
        let [telephones, mails] = &mut counts;
        let (name, count) = match point.kind {
            ContactPointKind::Telephone => ("telephone", telephones),
            ContactPointKind::Email => ("e-mail", mails),
        };
        *count += 1;
        let mut line = EditRow::new(
            Target::ContactPoint(point.index, point.kind),
            &format!("{name} {count}"),
            &point.value,
        );
        let known = file.fields.iter().find(|field| field.value == point.value);
        line.source = known.map(|field| field.source.clone()).unwrap_or_default();
        line.source = format!("{} {}", point.state.label(), line.source);
        line.on = Some(point.on);
        line.is_verified = point.state == crate::domain::people::ContactPointState::Verified;
        rows.push(line);
    }
    let channel = file.preferred_channel.map_or("", Channel::code);
    rows.extend([
        EditRow::new(Target::NewContactPoint(ContactPointKind::Telephone), "add telephone", ""),
        EditRow::new(Target::NewContactPoint(ContactPointKind::Email), "add e-mail", ""),
        EditRow::new(Target::Note, "add note", ""),
        EditRow::new(Target::Languages, "languages", &file.languages.join(", ")),
        EditRow::new(Target::Channel, "reach by", channel),
        EditRow::new(Target::Needs, "needs", &file.needs.join(", ")),
        row(file, Target::Gender, "gender", "gender", ""),
        EditRow::new(Target::NewIdentity, "add id number", ""),
        EditRow::new(Target::NewOtherName, "add other name", ""),
        EditRow::new(Target::Relation, "add relative", ""),
    ]);
    for relation in &file.relations {
        let until = relation.until.map(|until| format!(" to {until}")).unwrap_or_default();
        let value = format!("{}{until}", relation.to);
        let mut line = EditRow::new(Target::Stated(relation.index), &relation.kind, &value);
        line.source.clone_from(&relation.source);
        rows.push(line);
    }
    if file.household.is_none() {
        rows.push(EditRow::new(Target::Household, "form household", ""));
    }
    rows
}

/// The names of a file with their places among the names of the record.
fn named(file: &PersonFileAnswer) -> impl Iterator<Item = (u32, &FieldLine)> {
    let is_name = |line: &&FieldLine| NAME_FIELDS.contains(&line.field.as_str());
    (0..).zip(file.fields.iter().filter(is_name))
}

/// The place of the name that is shown.
fn official(file: &PersonFileAnswer) -> u32 {
    named(file).find(|(_, line)| line.field == "name").map_or(0, |(place, _)| place)
}

/// A field of several with where it comes from.
fn row_of(target: Target, label: &str, line: &FieldLine) -> EditRow {
    EditRow {
        source: line.source.clone(),
        on: Some(line.on),
        is_verified: line.is_verified,
        ..EditRow::new(target, label, &line.value)
    }
}

fn other_names(file: &PersonFileAnswer) -> Vec<EditRow> {
    let shown = official(file);
    let others = named(file).filter(|(place, _)| *place != shown).zip(1_u32..);
    others
        .map(|((place, line), count)| {
            let (family, given) = line.value.split_once(", ").unwrap_or((&line.value, ""));
            row_of(Target::OtherName(place), &format!("other name {count}"), line)
                .with(&[("family", family), ("given", given)])
        })
        .collect()
}

/// Identity numbers are fields under the names of their schemes, which only the office knows.
fn identities(file: &PersonFileAnswer) -> Vec<EditRow> {
    let is_identity = |line: &&FieldLine| !KNOWN_FIELDS.contains(&line.field.as_str());
    let lines = (0..).zip(file.fields.iter().filter(is_identity));
    lines
        .map(|(place, line)| {
            row_of(Target::Identity(place), &line.field, line).with(&[("scheme", &line.field)])
        })
        .collect()
}

/// Days after which a fact is old: whoever has the person on the telephone had better ask again.
const FRESH_DAYS: i32 = 2 * 365;

/// Whether a fact was taken down so long ago that it wants asking again.
pub(super) fn is_stale(on: Day, today: Day) -> bool {
    on < today.plus_days(-FRESH_DAYS)
}

/// Fields of the record that are names.
const NAME_FIELDS: [&str; 3] = ["name", "other name", "in other script"];
/// Fields of the record that are no identity number.
pub(super) const KNOWN_FIELDS: [&str; 10] = [
    "name",
    "other name",
    "in other script",
    "born",
    "gender",
    "telephone",
    "e-mail",
    "address",
    "form of address",
    "died",
];

/// A row with source and day of the record's field of that name.
fn row(file: &PersonFileAnswer, target: Target, label: &str, field: &str, value: &str) -> EditRow {
    let mut line = EditRow::new(target, label, value);
    if let Some(known) = file.fields.iter().find(|known| known.field == field) {
        if line.value.is_empty() {
            line.value.clone_from(&known.value);
        }
        line.source.clone_from(&known.source);
        line.on = Some(known.on);
        line.is_verified = known.is_verified;
    }
    line
}

impl EditRow {
    fn new(target: Target, label: &str, value: &str) -> Self {
        Self {
            target,
            label: label.to_owned(),
            value: value.to_owned(),
            source: String::new(),
            on: None,
            is_verified: false,
            parts: Vec::new(),
        }
    }

    fn with(mut self, parts: &[(&'static str, &str)]) -> Self {
        self.parts = parts.iter().map(|(name, words)| (*name, (*words).to_owned())).collect();
        self
    }
}

/// Street and place of an address in one line, its area taken off the end.
fn split_address(address: &str, area: &str) -> (String, String) {
    let without = match area {
        "" => address,
        area => address.strip_suffix(area).unwrap_or(address).trim_end_matches([',', ' ']),
    };
    let (street, place) = without.split_once(", ").unwrap_or((without, ""));
    (street.to_owned(), place.to_owned())
}

const SOURCE: (&str, &str) = ("source", "where this is known from");
const CHECKED: (&str, &str) = ("checked", "y where a document or register says so");

/// The form of a field, with what is there now; a masked value is typed anew, as nobody can correct what they do not see.
pub(super) fn form_of(row: &EditRow) -> Form {
    let value: &[(&str, &str)] = match row.target {
        Target::Name(_) | Target::OtherName(_) | Target::NewOtherName => {
            &[("family", "as on the document"), ("given", "as on the document")]
        }
        Target::BirthDate => &[("born", "1986, 1986-03 or 1986-03-02")],
        Target::Address => {
            &[("street", "and number"), ("postcode", ""), ("place", "town"), ("area", "ward")]
        }
        Target::ContactPoint(_, ContactPointKind::Telephone)
        | Target::NewContactPoint(ContactPointKind::Telephone) => {
            &[("telephone", "the whole number, as +98 912 555 4411")]
        }
        Target::ContactPoint(_, ContactPointKind::Email)
        | Target::NewContactPoint(ContactPointKind::Email) => &[("e-mail", "name@example.org")],
        Target::FormOfAddress => &[("address as", "Mrs, Mr, Dr")],
        Target::Gender => &[("gender", "as documented")],
        Target::Identity(_) | Target::NewIdentity => &[
            ("scheme", "curp, rfc, tckn, fnr, melli, nino, dni, passport, national-id"),
            ("number", "checked where its scheme is known"),
        ],
        Target::Languages => &[("languages", "fa, en: the preferred one first")],
        Target::Channel => &[("reach by", "tel, letter, mail, sms")],
        Target::Needs => &[("needs", "large print, interpreter")],
        Target::Note => &[("note", "for whoever opens the file next")],
        Target::Relation => &[
            ("person", "their number, as P-4711"),
            ("is the", "spouse, parent, child, sibling, guardian, ward, kin or proxy"),
            ("until", "a proxy's last day, as 2026-12-31; the source is its document"),
        ],
        Target::Stated(_) => &[("ends on", "the last day, as 2026-12-31; x ends it today")],
        Target::Household => &[("members", "P-12 partner, P-13 child, P-14 parent, P-15 other")],
    };
    let mut labels = value.to_vec();
    if !matches!(row.target, Target::Note | Target::Household) {
        labels.extend([SOURCE, CHECKED]);
    }
    let mut form = Form::new(&labels, FIELD_BYTES_MAX);
    let is_masked = row.value.contains('*');
    if row.parts.is_empty() && !is_masked {
        let first = form.focus();
        form.set(first, &row.value);
    }
    for (name, words) in &row.parts {
        form.set(name, words);
    }
    form.set("source", USUAL_SOURCE);
    form
}

/// The command that a filled form stands for, or what is the matter with it.
pub(super) fn command_of(
    person: PersonId,
    version: u64,
    target: Target,
    form: &Form,
) -> Result<Command, String> {
    let change = match target {
        Target::Household => return household(person, form),
        Target::Name(index) => name(index, NameKind::Official, form)?,
        Target::OtherName(index) => name(index, NameKind::Other, form)?,
        Target::NewOtherName => name(u32::MAX, NameKind::Other, form)?,
        Target::BirthDate => PersonChange::BirthDate(
            BirthDate::parse(&form.text("born"))
                .ok_or("A birth date is a year, a month or a day: 1986, 1986-03, 1986-03-02.")?,
        ),
        Target::FormOfAddress => PersonChange::FormOfAddress(form.text("address as")),
        Target::Address => PersonChange::Address(Address {
            street: form.text("street"),
            postcode: form.text("postcode"),
            place: form.text("place"),
            area: form.text("area"),
        }),
        Target::ContactPoint(index, kind) => {
            PersonChange::ContactPoint { index, point: contact_point(kind, form)? }
        }
        Target::NewContactPoint(kind) => {
            PersonChange::ContactPoint { index: u32::MAX, point: contact_point(kind, form)? }
        }
        Target::Gender => PersonChange::Gender(needed(form, "gender")?),
        Target::Identity(index) => identity(index, form)?,
        Target::NewIdentity => identity(u32::MAX, form)?,
        Target::Languages => PersonChange::Languages(listed(&form.text("languages"))),
        Target::Needs => PersonChange::Needs(listed(&form.text("needs"))),
        Target::Channel => PersonChange::PreferredChannel(
            channel(&form.text("reach by"))
                .ok_or("A way is one of tel, letter, mail, sms, fax.")?,
        ),
        Target::Note => PersonChange::Note(needed(form, "note")?),
        Target::Relation => PersonChange::Relationship(relation(form)?),
        Target::Stated(index) => PersonChange::RelationshipEnded {
            index,
            on: day(&form.text("ends on"))
                .ok_or("A day is written as 2026-12-31, and x ends it today.")?,
        },
    };
    let source = match target {
        Target::Note => "written on the file".to_owned(),
        _ => needed(form, "source")?,
    };
    let is_verified = form.text("checked").to_lowercase().starts_with('y');
    Ok(Command::ChangePerson { person, version: Some(version), change, source, is_verified })
}

fn name(index: u32, kind: NameKind, form: &Form) -> Result<PersonChange, String> {
    let (given, family) = (form.text("given"), needed(form, "family")?);
    Ok(PersonChange::Name { index, name: Name { kind, given, family } })
}

fn identity(index: u32, form: &Form) -> Result<PersonChange, String> {
    let (scheme, value) = (needed(form, "scheme")?, needed(form, "number")?);
    Ok(PersonChange::Identity { index, identity: canonical(&scheme, &value) })
}

fn needed(form: &Form, label: &str) -> Result<String, String> {
    form.filled(label).ok_or_else(|| format!("The field \"{label}\" is empty: fill it in."))
}

fn contact_point(kind: ContactPointKind, form: &Form) -> Result<ContactPoint, String> {
    let label = match kind {
        ContactPointKind::Telephone => "telephone",
        ContactPointKind::Email => "e-mail",
    };
    ContactPoint::parse(kind, &form.text(label))
}

fn channel(words: &str) -> Option<Channel> {
    let words = words.to_lowercase();
    let named = |way: &&Channel| way.code() == words || way.label() == words;
    Channel::ALL.iter().find(named).copied()
}

fn listed(words: &str) -> Vec<String> {
    words.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn relation(form: &Form) -> Result<Relationship, String> {
    const KINDS: [RelationshipKind; 8] = [
        RelationshipKind::Spouse,
        RelationshipKind::Parent,
        RelationshipKind::Child,
        RelationshipKind::Sibling,
        RelationshipKind::Guardian,
        RelationshipKind::Ward,
        RelationshipKind::Kin,
        RelationshipKind::Proxy,
    ];
    let to = person_number(&form.text("person"))
        .ok_or("Find the other person first, and type their number, as P-4711.")?;
    let word = needed(form, "is the")?.to_lowercase();
    let kind = KINDS.into_iter().find(|kind| kind.label().starts_with(&word)).ok_or(
        "A relation is one of spouse, parent, child, sibling, guardian, ward, kin, proxy.",
    )?;
    let until = match form.filled("until") {
        Some(words) => Some(day(&words).ok_or("A day is written as 2026-12-31.")?),
        None => None,
    };
    let source = needed(form, "source")?;
    if kind == RelationshipKind::Proxy && (until.is_none() || source == USUAL_SOURCE) {
        return Err("A proxy has a document and a last day: fill in source and until.".to_owned());
    }
    Ok(Relationship { to, kind, from: None, until, source })
}

fn day(words: &str) -> Option<Day> {
    match BirthDate::parse(words) {
        Some(BirthDate::Day(day)) => Some(day),
        Some(BirthDate::Year(_) | BirthDate::Month(..)) | None => None,
    }
}

fn household(head: PersonId, form: &Form) -> Result<Command, String> {
    let mut members = vec![(head, FamilyRole::Head)];
    for member in listed(&form.text("members")) {
        let (number, role) = member.split_once(' ').unwrap_or((&member, "other"));
        let person = person_number(number)
            .ok_or_else(|| format!("\"{number}\" is no person's number like P-4711."))?;
        let role = match role.trim().to_lowercase().as_str() {
            "partner" => FamilyRole::Partner,
            "child" => FamilyRole::Child,
            "parent" => FamilyRole::Parent,
            "other" => FamilyRole::Other,
            role => return Err(format!("\"{role}\" is none of partner, child, parent, other.")),
        };
        members.push((person, role));
    }
    Ok(Command::FormHousehold(NewHousehold { members }))
}
