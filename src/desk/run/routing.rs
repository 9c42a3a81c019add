//! What decision tables make of a case: where it goes, how widely it may be seen, and in which terms. What no row places
//! goes to Unrouted, and whoever leads there is told; nothing is passed over in silence (R31).

use std::sync::Arc;

use crate::desk::case_facts::{case_facts, known};
use crate::desk::error::DeskError;
use crate::desk::work::Why;
use crate::domain::cases::{
    Case, CaseAct, CaseEvent, GENERAL, PlanEvent, ScreeningOutcome, TypeVersion,
};
use crate::domain::office::{Confidentiality, NewQueue, OfficeEvent, OrderingId, QueueKind};
use crate::domain::rules::{
    DecisionTable, Fired, RouteTo, TableUse, check_table, decide_table, fired, misnamed,
};
use crate::domain::{CaseId, EntityId, Event, QueueId, Refusal, UnitId};

use super::Run;
use super::rules::flawed;

/// Where a case goes by a table.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) unit: UnitId,
    pub(super) queue: QueueId,
    /// The row, or that none held.
    pub(super) fired: Fired,
    /// Whether no row could place it.
    pub(super) is_unrouted: bool,
}

impl Run<'_> {
    /// What the table in force says of a case; nothing where the office has no table of this use.
    pub(super) fn by_table(
        &mut self,
        decides: TableUse,
        case: &Case,
    ) -> Result<Option<Fired>, DeskError> {
        let table = self.work.directory.rules.table_on(decides, self.today).map(Arc::clone);
        let Some(table) = table else { return Ok(None) };
        let plan = self.plan(case)?;
        let zone = self.work.directory.office()?.calendar.zone();
        let facts = case_facts(&self.work.directory, &zone, case, &plan);
        Ok(Some(fired(&table, decide_table(&table, &facts), &facts, self.doer.at)))
    }

    /// Unit and queue of a case by the table in force; nothing where there is none, so that the case stays where it is.
    pub(super) fn route(&mut self, case: &Case) -> Result<Option<Route>, DeskError> {
        let Some(fired) = self.by_table(TableUse::Route, case)? else { return Ok(None) };
        if let Some((unit, queue)) = self.named_by(&fired) {
            return Ok(Some(Route { unit, queue, fired, is_unrouted: false }));
        }
        let queue = self.unrouted(case.unit)?;
        let unit = self.work.directory.queues.get(&queue).map(|queue| queue.unit);
        Ok(Some(Route { unit: unit.unwrap_or(case.unit), queue, fired, is_unrouted: true }))
    }

    /// The unit and queue that a row names, where both are still there.
    fn named_by(&self, fired: &Fired) -> Option<(UnitId, QueueId)> {
        let output = |named: &str| {
            fired
                .outputs
                .iter()
                .find(|(output, _)| output == named)
                .map(|(_, value)| value.as_str())
        };
        let code = output("unit")?;
        let unit = self.work.directory.units.values().find(|unit| unit.code == code)?.id;
        let to = RouteTo::of_words(output("queue").unwrap_or_default());
        let mut queues = self.work.directory.queues.values().filter(|queue| queue.unit == unit);
        let queue = queues.find(|queue| match &to {
            RouteTo::Kind(kind) => queue.kind == *kind,
            RouteTo::Code(code) => queue.code == *code,
        });
        queue.map(|queue| (unit, queue.id))
    }

    /// The queue for what no rule could place: of this unit, of the nearest one above it, or of any; one is opened where
    /// the office has none.
    pub(super) fn unrouted(&mut self, unit: UnitId) -> Result<QueueId, DeskError> {
        match self.work.directory.unrouted_of(unit) {
            Some(queue) => Ok(queue),
            None => self.open_unrouted(unit),
        }
    }

    /// Opens the queue at the top of the tree above a unit, with an event.
    fn open_unrouted(&mut self, unit: UnitId) -> Result<QueueId, DeskError> {
        let unit = self.work.directory.above(unit).last().unwrap_or(unit);
        let code = self.work.directory.unit(unit)?.code.clone();
        let number = self.work.next::<QueueId>();
        let id = EntityId::Queue(number);
        self.work.expect_new(&id);
        let opened = OfficeEvent::QueueOpened(NewQueue {
            code: format!("{code}/unrouted"),
            name: "Unrouted".to_owned(),
            unit,
            kind: QueueKind::Unrouted,
            ordering: OrderingId::DueFirst,
        });
        self.work.happen(&self.doer.clone(), id, Event::Office(opened), Why::rule("routing"))?;
        Ok(number)
    }

    /// Routes a case by the table in force, once its screening, review and indexing are behind it: the row that fired is
    /// kept on its plan, and the case moves. Gives what the status line says of it; nothing where there is no table.
    pub(super) fn route_case(&mut self, id: CaseId) -> Result<Option<String>, DeskError> {
        let case = self.work.case(id)?;
        let Some(route) = self.route(&case)? else { return Ok(None) };
        let why = Why::rule(&route.fired.rule());
        let rule = route.fired.rule();
        self.happen_to_plan(id, PlanEvent::Fired(Box::new(route.fired)), &why)?;
        let leader = self.work.directory.leader(route.unit, self.today);
        let told = leader.filter(|_| route.is_unrouted);
        if case.queue != Some(route.queue) {
            let routed = CaseEvent::Routed { unit: route.unit, queue: route.queue, told };
            let id = EntityId::Case(id);
            self.work.happen(&self.doer.clone(), id, Event::Case(routed), why)?;
        }
        let place = self.work.directory.units.get(&route.unit).map(|unit| unit.name.clone());
        let queue = self.work.directory.queues.get(&route.queue).map(|queue| queue.name.clone());
        let (place, queue) = (place.unwrap_or_default(), queue.unwrap_or_default());
        Ok(Some(if route.is_unrouted {
            let told = told.map(|told| self.work.directory.short_name(told));
            let told = told.map_or_else(String::new, |name| format!(", and {name} is told"));
            format!("No rule fits: it is in {queue} of {place}{told}.")
        } else {
            format!("To {place}, {queue} ({rule}).")
        }))
    }

    /// What tables make of a case after an act; gives what the status line says of it.
    pub(super) fn by_tables(
        &mut self,
        before: &Case,
        act: &CaseAct,
    ) -> Result<Option<String>, DeskError> {
        let id = before.id;
        let now = self.work.case(id)?.stage;
        // The last step before routing has just been done.
        let is_due = before.stage.is_before_routing() && now.is_open() && !now.is_before_routing();
        match act {
            CaseAct::Screen(ScreeningOutcome::Accept)
            | CaseAct::Review { .. }
            | CaseAct::Index { .. }
            | CaseAct::Classify(_)
                if is_due =>
            {
                self.route_case(id)
            }
            CaseAct::SetNature { .. } | CaseAct::SetSubject { .. } | CaseAct::Classify(_) => {
                self.route_again(id)
            }
            CaseAct::Review { .. }
            | CaseAct::Index { .. }
            | CaseAct::Screen(_)
            | CaseAct::Claim
            | CaseAct::Release
            | CaseAct::Give { .. }
            | CaseAct::Note { .. }
            | CaseAct::Reply { .. }
            | CaseAct::Hold { .. }
            | CaseAct::Resume
            | CaseAct::Escalate { .. }
            | CaseAct::EscalateTo { .. }
            | CaseAct::Park { .. }
            | CaseAct::AcknowledgeEscalation
            | CaseAct::AnswerEscalation { .. }
            | CaseAct::WithdrawEscalation
            | CaseAct::AddTask { .. }
            | CaseAct::SetTask { .. }
            | CaseAct::CameBack { .. }
            | CaseAct::Merge { .. }
            | CaseAct::Close { .. }
            | CaseAct::CloseAs { .. }
            | CaseAct::Decide { .. }
            | CaseAct::SetFields { .. }
            | CaseAct::AddPlanned { .. }
            | CaseAct::Extend { .. }
            | CaseAct::Reopen { .. } => Ok(None),
        }
    }

    /// Routes a case again that no rule could place, once its nature or subject is another one.
    pub(super) fn route_again(&mut self, id: CaseId) -> Result<Option<String>, DeskError> {
        let case = self.work.case(id)?;
        let kind = case.queue.and_then(|queue| self.work.directory.queues.get(&queue));
        let is_unrouted = kind.is_some_and(|queue| queue.kind == QueueKind::Unrouted);
        if is_unrouted && case.owner.is_none() { self.route_case(id) } else { Ok(None) }
    }

    /// Lets a case be seen as narrowly as its type and its table say; never more widely than it is, for to open a file is
    /// for people.
    pub(super) fn settle_confidentiality(&mut self, id: CaseId) -> Result<(), DeskError> {
        let case = self.work.case(id)?;
        let case_type = self.work.directory.rules.case_type(&case.case_type, case.nature);
        let fired = self.by_table(TableUse::Confidentiality, &case)?;
        let said = fired.as_ref().and_then(|fired| {
            let (_, word) = fired.outputs.first()?;
            Confidentiality::ALL.into_iter().find(|level| level.label() == word)
        });
        let own = case_type.confidentiality;
        let to = said.map_or(own, |said| said.max(own));
        if to <= case.confidentiality {
            return Ok(());
        }
        let why = if let Some(fired) = fired.filter(|_| said == Some(to)) {
            let why = Why::rule(&fired.rule());
            self.happen_to_plan(id, PlanEvent::Fired(Box::new(fired)), &why)?;
            why
        } else {
            let TypeVersion { code, version } = &case_type.id;
            Why::rule(&format!("{code}@{version}/confidentiality"))
        };
        let event = CaseEvent::ConfidentialitySet { from: case.confidentiality, to };
        self.work.happen(&self.doer.clone(), EntityId::Case(id), Event::Case(event), why)
    }

    /// The type that the table in force chooses for a case, with the row; nothing where no row holds, or the type that it
    /// names is in no force.
    pub(super) fn type_by_table(
        &mut self,
        case: &Case,
    ) -> Result<Option<(TypeVersion, Fired)>, DeskError> {
        let fired = self.by_table(TableUse::Classify, case)?;
        Ok(fired.and_then(|fired| {
            let (_, code) = fired.outputs.iter().find(|(output, _)| output == "type")?;
            if code == GENERAL {
                let id = TypeVersion { code: code.clone(), version: 1 };
                return Some((id, fired));
            }
            let mut in_force = self.work.directory.rules.types_on(self.today);
            let held = in_force.find(|held| held.id.code == *code)?;
            Some((held.id.clone(), fired))
        }))
    }

    /// Refuses a table that names what the office does not have, or that the checker finds unsound.
    pub(super) fn check_table(&self, table: &DecisionTable) -> Result<(), DeskError> {
        let known = known(&self.work.directory, self.today);
        let mut flaws = misnamed(table, &known);
        if flaws.is_empty() {
            flaws = check_table(table, Some(&known)).flaws;
        }
        if !flaws.is_empty() {
            return Err(flawed(&flaws));
        }
        // Two tables of one use would decide by the day on which they began, which nobody sees.
        match self.work.directory.rules.table_code(table.decides) {
            Some(code) if code != table.code => {
                let decides = table.decides.label();
                let what = format!("The office has a table of use {decides}: {code}.");
                let hint = format!("Publish a newer version of {code} instead.");
                Err(Refusal::new("rules.use", what, hint).into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What a table brings with it when it is published: the first one that routes, a queue for what it cannot place.
    pub(super) fn table_published(&mut self, table: &DecisionTable) -> Result<(), DeskError> {
        if table.decides == TableUse::Route {
            self.unrouted(self.doer.unit)?;
        }
        Ok(())
    }
}
