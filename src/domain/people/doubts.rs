//! What speaks against the numbers in a person's record: the refusal of one that cannot be, and a sentence about one that
//! is kept although it is doubtful.

use super::change::{NewPerson, PersonChange};
use super::identity;
use super::person::{ContactPoint, ContactPointKind, Identity};
use super::telephone::{Country, Telephone};
use super::verdict::Verdict;
use crate::domain::refusal::Refusal;
use crate::domain::time::Day;

/// Refuses an identity number that cannot be one of its scheme.
pub(super) fn refuse_identity(identity: &Identity, today: Day) -> Result<(), Refusal> {
    match identity::check(&identity.scheme, &identity.value, today) {
        Verdict::Invalid(why) => Err(Refusal::new(
            "person.identity",
            why,
            "Look at the document again; a number of another kind goes under another scheme.",
        )),
        Verdict::Valid | Verdict::Warn(_) => Ok(()),
    }
}

/// Refuses a telephone number with a country code that nobody can dial.
pub(super) fn refuse_telephone(point: &ContactPoint) -> Result<(), Refusal> {
    if point.kind != ContactPointKind::Telephone {
        return Ok(());
    }
    match Telephone::read(&point.normalised, None).map(|read| read.verdict(None)) {
        Ok(Verdict::Valid | Verdict::Warn(_)) => Ok(()),
        Ok(Verdict::Invalid(why)) | Err(why) => Err(Refusal::new(
            "person.telephone",
            why,
            "Read it back to the caller; without its country code it is kept as it is dialled.",
        )),
    }
}

/// The telephone number in E.164 where it is dialled like one of the home country, and anything else as it is.
#[must_use]
pub fn at_home(point: &ContactPoint, home: Option<Country>) -> ContactPoint {
    let mut point = point.clone();
    if point.kind == ContactPointKind::Telephone
        && let Ok(read) = Telephone::read(&point.raw, home)
    {
        point.normalised = read.normalised();
    }
    point
}

/// What is doubtful about an identity number that is kept.
#[must_use]
pub fn identity_doubt(identity: &Identity, today: Day) -> Option<String> {
    let verdict = identity::check(&identity.scheme, &identity.value, today);
    verdict.sentence().map(str::to_owned)
}

fn point_doubt(point: &ContactPoint, home: Option<Country>) -> Option<String> {
    let read = Telephone::read(&point.normalised, home).ok()?;
    let is_telephone = point.kind == ContactPointKind::Telephone;
    read.verdict(home).sentence().filter(|_| is_telephone).map(str::to_owned)
}

/// What is doubtful about the numbers of somebody who is being registered.
#[must_use]
pub fn doubts(new: &NewPerson, home: Option<Country>, today: Day) -> Vec<String> {
    let identities = new.identities.iter().filter_map(|identity| identity_doubt(identity, today));
    let points = new.contact_points.iter().filter_map(|point| point_doubt(point, home));
    identities.chain(points).collect()
}

/// What is doubtful about a change.
#[must_use]
pub fn doubt(change: &PersonChange, home: Option<Country>, today: Day) -> Option<String> {
    if let PersonChange::Identity { identity, .. } = change {
        return identity_doubt(identity, today);
    }
    if let PersonChange::ContactPoint { point, .. } = change {
        return point_doubt(point, home);
    }
    None
}
