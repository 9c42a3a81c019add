//! Whose sight a change of rights, files or emergency accesses has changed, so that their screens read everything again.

use crate::domain::CaseworkerId;
use crate::domain::office::{Caseworker, EmergencyAccess, Rights, Unit};
use crate::domain::time::{Instant, Zone};

use super::directory::Directory;
use super::feed::Change;
use super::local::{LocalDesk, lock};

/// Two directories, before and after a change.
struct Affected<'d> {
    was: &'d Directory,
    is: &'d Directory,
    /// Whether units stand elsewhere: rights reach the units below.
    has_tree_moved: bool,
}

impl<'d> Affected<'d> {
    fn between(was: &'d Directory, is: &'d Directory) -> Self {
        let stands =
            |unit: &Unit| is.units.get(&unit.id).is_some_and(|it| it.parent == unit.parent);
        let has_tree_moved = !was.units.values().all(stands);
        Self { was, is, has_tree_moved }
    }

    /// Whether somebody may see something else than before, or do something else.
    fn includes(&self, caseworker: CaseworkerId) -> bool {
        self.has_tree_moved || of(self.was, caseworker) != of(self.is, caseworker)
    }
}

impl LocalDesk {
    /// Tells the sessions of those whose sight a change has changed.
    pub(super) fn tell_affected(&self, was: &Directory, is: &Directory) {
        let affected = Affected::between(was, is);
        self.tell_sight(|caseworker| affected.includes(caseworker));
    }

    /// Tells the sessions of those whose day has ended since a moment, with which rights begin and run out, or whose
    /// emergency access has: nobody does anything then, and no event tells of it.
    pub fn tell_what_ran_out(&self, since: Instant) {
        let at = self.clock.now();
        let directory = self.directory();
        self.tell_sight(|caseworker| {
            let ends = |access: &EmergencyAccess| since < access.until && access.until <= at;
            let zone = directory
                .actor(caseworker)
                .and_then(|held| directory.zone_of(held.unit))
                .unwrap_or_else(|_| Zone::utc());
            zone.day(since) != zone.day(at) || accesses(&directory, caseworker).any(ends)
        });
    }

    fn tell_sight(&self, is_told: impl Fn(CaseworkerId) -> bool) {
        lock(&self.feeds).retain(|(whose, feed)| {
            feed.is_heard() && (!is_told(*whose) || feed.send(Change::Sight))
        });
    }
}

fn accesses(
    directory: &Directory,
    caseworker: CaseworkerId,
) -> impl Iterator<Item = &EmergencyAccess> {
    directory.accesses.values().filter(move |access| access.by == caseworker)
}

/// All that somebody's sight follows from, but for the units.
fn of(directory: &Directory, id: CaseworkerId) -> impl PartialEq {
    let rights: Option<&Rights> = directory.rights.get(&id);
    let held: Option<&Caseworker> = directory.caseworkers.get(&id);
    let groups = rights.map_or(&[][..], |rights| rights.groups.as_slice());
    let groups: Vec<_> = groups.iter().map(|name| directory.groups.get(name)).collect();
    let accesses: Vec<_> = accesses(directory, id).collect();
    let role = held.map(|held| (&held.grants, held.unit, &held.state));
    (role, rights, groups, accesses, directory.conflicts.of(id))
}
