//! Why a case is due, where it is and what it is: every part of the answer from what is stored, and nothing of a case or
//! person that the actor may not see.

use std::sync::Arc;

use crate::desk::answer::{WhyAnswer, WhySection, WhyTopic};
use crate::desk::error::DeskError;
use crate::desk::timeline;
use crate::domain::cases::{self, Case, CaseEvent, CasePlan, Lane};
use crate::domain::office::{Action, Resource};
use crate::domain::rules::{Fired, TableUse};
use crate::domain::time::{
    Clock, ClockResult, ClockSource, ClockState, Day, DueSum, Instant, SumDays, SumLeg, SumWhy,
};
use crate::domain::{CaseId, EntityId, Event, UnitId};

use super::Reader;

/// Events of a case that are looked through for what explains it.
const EVENTS_MAX: usize = 500;
/// Lines of one sum; a longer one says how many there are.
const SUM_LINES_MAX: usize = 40;

impl Reader<'_> {
    pub(super) fn why(&self, id: CaseId) -> Result<WhyAnswer, DeskError> {
        self.authorise(Action::ReadCase, &Resource::office())?;
        let case = self.visible_case(id)?;
        let plan = self.plan_of(&case)?;
        let mut sections = vec![self.why_due(&case)?];
        sections.extend(self.why_queue(&case)?);
        sections.push(self.why_routed(&case, &plan));
        sections.push(self.why_type(&case, &plan));
        sections.extend(why_class(&plan));
        sections.push(self.why_seen(&case, &plan));
        sections.extend(self.why_escalates(&case, &plan));
        sections.extend(self.why_held(&case));
        Ok(WhyAnswer { sections, days: self.days_of(&case) })
    }

    fn days_of(&self, case: &Case) -> Vec<(String, Day)> {
        let received = ("received".to_owned(), self.zone.day(case.received_at));
        let owed = case.clocks.iter().filter(|clock| clock.ended.is_none());
        let owed = owed.map(|clock| (clock.kind.label().to_owned(), self.zone.day(clock.due_at)));
        std::iter::once(received).chain(owed).collect()
    }

    fn moment_words(&self, at: Instant) -> String {
        let (hour, minute) = self.zone.hour_minute(at);
        format!("{} {hour:02}:{minute:02}", self.zone.day(at))
    }

    fn why_due(&self, case: &Case) -> Result<WhySection, DeskError> {
        let mut lines = Vec::new();
        // What is owed next stands first, and what is over last.
        let mut clocks: Vec<_> = case.clocks.iter().collect();
        clocks.sort_by_key(|clock| (clock.ended.is_some(), clock.due_at));
        for clock in clocks {
            let due = self.moment_words(clock.due_at);
            lines.push(format!("{} {due}: {}.", clock.kind.label(), clock.explain()));
            lines.extend(self.sum_of(clock, case.unit));
            lines.extend(self.standing(clock));
        }
        if lines.is_empty() {
            lines.push("No clock runs on it.".to_owned());
        }
        let (records, _) = timeline::newest(self.store, &EntityId::Case(case.id), EVENTS_MAX)?;
        for record in &records {
            if let Event::Case(CaseEvent::MergedFrom { case: merged, brought, .. }) = &record.event
                && let Some((was, is)) = &brought.clock
            {
                // One that is hidden gave its clock, and is not named.
                let merged = if self.may_see(self.case(*merged)?.as_ref()) {
                    merged.to_string()
                } else {
                    "another case".to_owned()
                };
                lines.push(format!(
                    "The {} limit is that of {merged}, which was received first: {}. Its own was {}.",
                    is.kind.label(),
                    is.from,
                    self.zone.day(was.due_at)
                ));
            }
        }
        Ok(WhySection::new(WhyTopic::Due, lines))
    }

    /// How far a clock has come, where it does not simply run.
    fn standing(&self, clock: &Clock) -> Option<String> {
        match (clock.state(), &clock.ended) {
            (ClockState::Paused, _) => Some("  It stands still now.".to_owned()),
            (ClockState::Ended(_), Some((at, result))) => {
                Some(format!("  {} {}.", result_words(*result), self.moment_words(*at)))
            }
            _ => None,
        }
    }

    /// The sum of a due date, day by day: with the calendar that it was counted with, or the unit's where none was published.
    fn sum_of(&self, clock: &Clock, unit: UnitId) -> Vec<String> {
        let published = match &clock.source {
            ClockSource::Rule { calendar, .. } => self.directory.rules.calendar_at(calendar),
            ClockSource::WorkingDays { .. }
            | ClockSource::CalendarDays { .. }
            | ClockSource::Imported { .. } => None,
        };
        let calendar = published.map(Arc::clone).or_else(|| self.directory.calendar_of(unit).ok());
        let Some(sum) = calendar.and_then(|held| clock.sum(&held)) else { return Vec::new() };
        let mut lines = self.sum_lines(&sum);
        if lines.len() > SUM_LINES_MAX {
            let more = lines.len() - SUM_LINES_MAX;
            lines.truncate(SUM_LINES_MAX);
            lines.push(format!("  and {more} lines more"));
        }
        if !sum.adds_up() {
            lines.push(format!(
                "  By this calendar it would be {}: it was counted with hours that have changed since.",
                self.moment_words(sum.due_at)
            ));
        }
        lines
    }

    fn sum_lines(&self, sum: &DueSum) -> Vec<String> {
        let mut lines = Vec::new();
        for leg in &sum.legs {
            let what = match &leg.extended {
                None => leg.term.to_string(),
                Some(extended) => format!("extended by {} ({})", leg.term, extended.reason),
            };
            lines.push(format!("  {what} from {}", self.moment_words(leg.from)));
            for pause in &leg.pauses {
                let to = pause.to.map_or_else(|| "now".to_owned(), |to| self.moment_words(to));
                let counted = leg.unit.words(pause.counted);
                lines.push(format!(
                    "  + {counted} paused {} to {to}",
                    self.moment_words(pause.from)
                ));
            }
            lines.extend(leg.days.iter().map(|days| days_line(leg, days)));
            lines.push(format!(
                "  = {}, due {}",
                leg.unit.words(leg.amount),
                self.moment_words(leg.due_at)
            ));
        }
        lines
    }

    fn why_queue(&self, case: &Case) -> Result<Option<WhySection>, DeskError> {
        let Some(queue) = case.queue.and_then(|queue| self.directory.queues.get(&queue)) else {
            return Ok(None);
        };
        let mut lines = vec![format!(
            "In {} ({}), by the next clock that runs out, then by number: no person is in that order.",
            queue.name, queue.code
        )];
        let place = self.place_in_queue(queue.id, case)?;
        let which = match case.lane() {
            Lane::Free => "free cases",
            Lane::Claimed => "cases that somebody has",
            Lane::Waiting => "cases that wait",
        };
        lines.push(format!("Its place is {} of {} {which}.", place.place, place.of));
        for (before, due_at) in &place.before {
            lines.push(format!("  before it: {before}, due {}", self.due_words(*due_at)));
        }
        if place.earlier > 0 {
            lines.push(format!("  and {} earlier ones", place.earlier));
        }
        let (records, _) = timeline::newest(self.store, &EntityId::Case(case.id), EVENTS_MAX)?;
        let claimed = records.iter().find_map(|record| {
            let Event::Case(event) = &record.event else { return None };
            cases::claimed_as_next(event)
        });
        if let Some(by) = claimed {
            let name = self.directory.short_name(by);
            lines.push(format!(
                "{name} claimed it as the next one, in the order of the free cases."
            ));
        }
        let before = place.before.iter().map(|(case, _)| *case).collect();
        Ok(Some(WhySection { cases: before, ..WhySection::new(WhyTopic::Queue, lines) }))
    }

    fn due_words(&self, at: Instant) -> String {
        if at.milliseconds() == i64::MAX { "at no time".to_owned() } else { self.moment_words(at) }
    }

    fn why_routed(&self, case: &Case, plan: &CasePlan) -> WhySection {
        let mut lines = self.fired(plan, TableUse::Route);
        if lines.is_empty() {
            let unit = self.directory.units.get(&case.unit);
            let unit = unit.map_or_else(|| case.unit.to_string(), |unit| unit.name.clone());
            lines.push(format!("No table routed it: it is where it was taken in, in {unit}."));
        }
        WhySection::new(WhyTopic::Routing, lines)
    }

    fn why_type(&self, case: &Case, plan: &CasePlan) -> WhySection {
        let mut lines = vec![format!(
            "Type {}; kept for: {}.",
            self.type_words(&case.case_type),
            case.purpose.0
        )];
        lines.extend(self.fired(plan, TableUse::Classify));
        lines.extend(self.fired(plan, TableUse::Clocks));
        WhySection::new(WhyTopic::Type, lines)
    }

    fn why_seen(&self, case: &Case, plan: &CasePlan) -> WhySection {
        let held = self.directory.rules.case_type(&case.case_type, case.nature);
        let label = case.confidentiality.label();
        let by = if held.confidentiality == case.confidentiality {
            "as its type has it"
        } else {
            "not as its type has it"
        };
        let mut lines = vec![format!("{label}, {by}.")];
        lines.extend(self.fired(plan, TableUse::Confidentiality));
        WhySection::new(WhyTopic::Confidentiality, lines)
    }

    /// The last row that decided something, with what it asked and what follows.
    fn fired(&self, plan: &CasePlan, decides: TableUse) -> Vec<String> {
        let Some(fired) = plan.fired.iter().rev().find(|fired| fired.decides == decides) else {
            return Vec::new();
        };
        let pairs = |pairs: &[(String, String)]| {
            pairs.iter().map(|(what, value)| format!("{what} = {value}")).collect::<Vec<_>>()
        };
        let Fired { table, version, row, .. } = fired;
        let held = self.directory.rules.table(table, *version);
        let note = held.and_then(|held| held.row(row)).map(|row| row.note.clone());
        let mut lines = vec![match row.as_str() {
            "" => format!(
                "No row of table {table}@{version} held on {}.",
                self.moment_words(fired.at)
            ),
            row => {
                format!("Table {table}@{version}, row {row}, on {}.", self.moment_words(fired.at))
            }
        }];
        let (asked, follows) = (pairs(&fired.facts), pairs(&fired.outputs));
        if !asked.is_empty() {
            lines.push(format!("  it asked: {}", asked.join(", ")));
        }
        if !follows.is_empty() {
            lines.push(format!("  it says: {}", follows.join(", ")));
        }
        lines.extend(note.filter(|note| !note.is_empty()).map(|note| format!("  {note}")));
        lines
    }

    fn why_escalates(&self, case: &Case, plan: &CasePlan) -> Option<WhySection> {
        let mut lines = Vec::new();
        if let Some(open) = case.open_escalation() {
            let to = self.directory.short_name(open.to);
            lines.push(format!(
                "Raised to {to}, who answers by {}; unanswered it goes to the next level.",
                self.moment_words(open.due_at)
            ));
        }
        if let Some(watch) = &plan.watch {
            let clock = watch.clock.map(|clock| format!(" of {}", clock.label()));
            let rung = match watch.rung.as_str() {
                "" => "looked at".to_owned(),
                rung => format!("rung {rung}{}", clock.unwrap_or_default()),
            };
            lines.push(format!("Next: {rung}, not before {}.", self.moment_words(watch.at)));
        }
        for (rung, at) in &plan.rungs {
            lines.push(format!("Climbed {rung} on {}.", self.moment_words(*at)));
        }
        (!lines.is_empty()).then(|| WhySection::new(WhyTopic::Escalation, lines))
    }

    fn why_held(&self, case: &Case) -> Option<WhySection> {
        let hold = case.hold.as_ref()?;
        let name = self.directory.short_name(hold.by);
        let words = if hold.words.is_empty() { String::new() } else { format!(": {}", hold.words) };
        let line = format!(
            "{name} put it on hold for {}{words}; it comes back by itself on {}.",
            hold.reason.label(),
            hold.until
        );
        let paused = case.clocks.iter().filter(|clock| clock.state() == ClockState::Paused);
        let paused: Vec<&str> = paused.map(|clock| clock.kind.label()).collect();
        let clocks = match paused.as_slice() {
            [] => "No clock stands still for it.".to_owned(),
            kinds => format!("These clocks stand still: {}.", kinds.join(", ")),
        };
        Some(WhySection::new(WhyTopic::Hold, vec![line, clocks]))
    }
}

/// The class that was suggested, and the words that decided. They are the citizen's.
fn why_class(plan: &CasePlan) -> Option<WhySection> {
    let suggested = plan.suggested.as_ref()?;
    let taken = if suggested.is_accepted { "taken as it was" } else { "another one was taken" };
    let line = format!(
        "{} was suggested, {} per cent of all; {taken}.",
        suggested.subject.0, suggested.percent
    );
    let words = format!("  deciding words: {}", suggested.words.join(", "));
    Some(WhySection::new(WhyTopic::Class, vec![line, words]))
}

fn result_words(result: ClockResult) -> &'static str {
    match result {
        ClockResult::Met => "met on",
        ClockResult::Breached => "passed; ended on",
        ClockResult::Waived => "no longer owed from",
    }
}

/// Days of a sum in one line: what they count, or why they do not.
fn days_line(leg: &SumLeg, days: &SumDays) -> String {
    let span = if days.first == days.last {
        days.first.to_string()
    } else {
        format!("{} to {}", days.first, days.last)
    };
    match &days.why {
        SumWhy::Counted => format!("  {span}: {}", leg.unit.words(days.counted)),
        SumWhy::Closed(why) => format!("  {span}: closed, {}", why.label()),
        SumWhy::MovedTo => format!("  {span}: moved to here, as the day before is closed"),
    }
}
