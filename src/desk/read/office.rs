//! Who is signed in, and what the office consists of.

use crate::codec::decode_record;
use crate::desk::answer::{OfficeAnswer, QueueLine, QueuesAnswer, WhoAnswer};
use crate::desk::error::DeskError;
use crate::desk::keys::{self, Counter, tag};
use crate::desk::query::{View, ViewKind};
use crate::desk::records::ChainHead;
use crate::desk::work::broken;
use crate::domain::cases::Step;
use crate::domain::office::{Action, QueueKind, Resource, Source};

use super::Reader;

impl Reader<'_> {
    pub(super) fn who(&self) -> Result<WhoAnswer, DeskError> {
        let in_force = self.directory.standing(&self.actor).in_force(self.today);
        let (mut roles, mut rights) = (Vec::new(), Vec::new());
        for (source, held) in in_force {
            roles.push(held.role);
            if source != Source::Record {
                rights.push(held.into());
            }
        }
        roles.sort_unstable();
        roles.dedup();
        Ok(WhoAnswer {
            caseworker: self.actor.clone(),
            unit: self.directory.unit(self.actor.unit)?.clone(),
            roles,
            rights,
            office: self.directory.office()?.clone(),
            calendar: (*self.directory.calendar_of(self.actor.unit)?).clone(),
            at: self.at,
        })
    }

    /// Queues and views of every unit, in the order of units and kinds. `Mine` and `Escalated` are the actor's own.
    pub(super) fn queues(&self) -> Result<QueuesAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let mut queues = Vec::new();
        for kind in [ViewKind::Mine, ViewKind::Escalated] {
            let view = View { kind, unit: self.actor.unit };
            let code = kind.label().to_lowercase();
            queues.push(QueueLine {
                code,
                name: kind.label().to_owned(),
                is_queue: false,
                view,
                cases: self.total(view)?,
            });
        }
        for unit in self.directory.units.values() {
            for queue in self.directory.queues.values().filter(|queue| queue.unit == unit.id) {
                let kind = match queue.kind {
                    QueueKind::Inbox => ViewKind::Inbox,
                    QueueKind::Screening => ViewKind::Step(Step::Screening),
                    QueueKind::Unrouted
                    | QueueKind::Review
                    | QueueKind::Classification
                    | QueueKind::Indexing => ViewKind::Queue(queue.id),
                };
                let view = View { kind, unit: unit.id };
                queues.push(QueueLine {
                    code: queue.code.clone(),
                    name: format!("{}: {}", unit.name, queue.name),
                    is_queue: true,
                    view,
                    cases: self.total(view)?,
                });
            }
            for kind in
                [ViewKind::Free, ViewKind::Today, ViewKind::Late, ViewKind::Waiting, ViewKind::Mail]
            {
                let view = View { kind, unit: unit.id };
                queues.push(QueueLine {
                    code: format!("{}/{}", unit.code, kind.label().to_lowercase()),
                    name: format!("{}: {}", unit.name, kind.label()),
                    is_queue: false,
                    view,
                    cases: self.total(view)?,
                });
            }
        }
        Ok(QueuesAnswer { queues })
    }

    pub(super) fn office(&self) -> Result<OfficeAnswer, DeskError> {
        // Whoever sets the office up reads no case, and sees how much there is of everything all the same.
        self.authorise(Action::RunOffice, &Resource::office())
            .or_else(|_| self.authorise(Action::ReadCase, &Resource::office()))?;
        let head: ChainHead = match self.get(&keys::chain_head())? {
            Some(bytes) => decode_record(&bytes).map_err(broken)?,
            None => ChainHead::default(),
        };
        Ok(OfficeAnswer {
            office: self.directory.office()?.clone(),
            units: self.directory.units.values().cloned().collect(),
            queues: self.directory.queues.values().cloned().collect(),
            caseworkers: self.directory.caseworkers.values().cloned().collect(),
            subjects: self.directory.subjects.values().cloned().collect(),
            people: self.people_known()?,
            cases: self.count(Counter::Number(tag::CASE))?,
            cases_open: self.seen_count(keys::open_counters())?,
            contacts: self.count(Counter::Number(tag::CONTACT))?,
            events: head.sequence,
        })
    }
}
