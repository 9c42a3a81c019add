//! `casedesk case`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, RowAnswer, instant};
use super::error::CliError;
use super::merge::{MergeAnswer, MergeCases, Unmerge};
use super::reveal::{Fields, Reveal, lines};
use super::signatures::{Correct, SendBack, Sign, Signatures, TakeBack};
use crate::desk::{
    AskCaseFile, AskWhy, CaseFileAnswer, ClockLine, Command, PartyLine, TimelineEntry, WhyTopic,
};
use crate::domain::CaseId;
use crate::domain::cases::CaseOrigin;
use crate::domain::time::AlsoCalendar;

/// Timeline entries that are shown unless asked otherwise.
const ENTRIES: u32 = 50;
/// The most timeline entries that can be asked for.
const ENTRIES_MAX: u32 = 1_000;

/// Shows a case, merges two that are one matter, or signs what somebody else signed first.
#[derive(Debug, Args)]
pub(super) struct CaseCommand {
    #[command(subcommand)]
    command: CaseSubcommand,
}

#[derive(Debug, Subcommand)]
enum CaseSubcommand {
    Show(Show),
    Merge(MergeCases),
    Unmerge(Unmerge),
    Why(Why),
    Signatures(Signatures),
    Sign(Sign),
    SendBack(SendBack),
    TakeBack(TakeBack),
    Correct(Correct),
}

/// Shows a case with its people, clocks and timeline; the reading is recorded.
///
///   casedesk case show C-20931
///   casedesk case show C-20931 --purpose complaint
///   casedesk case show C-20931 --json --entries 200
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Show {
    /// The case's number, as C-20931
    reference: CaseId,
    /// How many entries of the timeline, newest first
    #[arg(long, default_value_t = ENTRIES, value_parser = clap::value_parser!(u32).range(0..=i64::from(ENTRIES_MAX)))]
    entries: u32,
    #[command(flatten)]
    reveal: Reveal,
}

/// Says why a case is due when it is due, and why it is where it is: what `w` shows.
///
/// Every clock with its sum, the place in its queue, the table and row that routed it, its type, the suggested class, who may
/// see it, when it escalates next, and what it waits for. `--json` gives `{"case", "sections": [{"topic", "lines", "cases"}]}`;
/// topics are due, queue, routing, type, class, confidentiality, escalation and hold. Where the preferences name an
/// `also_calendar`, `jalali` or `hijri` (the civil one, which is computed), its days stand at the end, as `also` in JSON.
///
///   casedesk case why C-20931
///   casedesk case why C-20931 --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Why {
    /// The case's number, as C-20931
    reference: CaseId,
}

#[derive(Serialize)]
struct Reasons {
    case: String,
    sections: Vec<ReasonsSection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    also: Option<AlsoDays>,
}

#[derive(Serialize)]
struct AlsoDays {
    calendar: &'static str,
    days: String,
}

#[derive(Serialize)]
struct ReasonsSection {
    topic: WhyTopic,
    lines: Vec<String>,
    cases: Vec<String>,
}

impl Why {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let why = context.open()?.ask(AskWhy { case: self.reference })?;
        let also = AlsoCalendar::named(&context.preferences()?.also_calendar);
        let also = also.map(|also| AlsoDays { calendar: also.label(), days: also.line(&why.days) });
        let sections = why.sections.into_iter().map(|section| ReasonsSection {
            topic: section.topic,
            lines: section.lines,
            cases: section.cases.iter().map(ToString::to_string).collect(),
        });
        let reasons =
            Reasons { case: self.reference.to_string(), sections: sections.collect(), also };
        context.output.show(&reasons, |reasons| {
            let lines = |section: &ReasonsSection| {
                std::iter::once(section.topic.label().to_uppercase())
                    .chain(section.lines.iter().map(|line| format!("  {line}")))
                    .collect::<Vec<_>>()
            };
            let also = reasons.also.iter();
            let also =
                also.flat_map(|also| [also.calendar.to_uppercase(), format!("  {}", also.days)]);
            reasons.sections.iter().flat_map(lines).chain(also).collect()
        })
    }
}

#[derive(Serialize)]
struct CaseAnswer {
    #[serde(flatten)]
    row: RowAnswer,
    version: u64,
    asks: String,
    place: String,
    area: String,
    received: String,
    registered: String,
    queue: Option<String>,
    hold: Option<HoldAnswer>,
    outcome: Option<OutcomeAnswer>,
    reference: Option<String>,
    next: String,
    parties: Vec<PartyAnswer>,
    clocks: Vec<ClockAnswer>,
    timeline: Vec<EntryAnswer>,
    timeline_total: u64,
    /// What was merged into it.
    merged: Vec<MergeAnswer>,
}

#[derive(Serialize)]
struct HoldAnswer {
    reason: &'static str,
    until: String,
    words: String,
}

#[derive(Serialize)]
struct OutcomeAnswer {
    code: &'static str,
    at: String,
    source_text: String,
    reasons: String,
}

#[derive(Serialize)]
struct PartyAnswer {
    role: String,
    person: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Fields>,
}

#[derive(Serialize)]
struct ClockAnswer {
    kind: &'static str,
    due: String,
    state: String,
    source: String,
}

#[derive(Serialize)]
struct EntryAnswer {
    at: String,
    kind: String,
    who: String,
    words: String,
    text: String,
}

impl CaseCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            CaseSubcommand::Show(show) => show.run(context),
            CaseSubcommand::Merge(merge) => merge.run(context),
            CaseSubcommand::Unmerge(unmerge) => unmerge.run(context),
            CaseSubcommand::Why(why) => why.run(context),
            CaseSubcommand::Signatures(signatures) => signatures.run(context),
            CaseSubcommand::Sign(sign) => sign.run(context),
            CaseSubcommand::SendBack(back) => back.run(context),
            CaseSubcommand::TakeBack(back) => back.run(context),
            CaseSubcommand::Correct(correct) => correct.run(context),
        }
    }
}

impl Show {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let purpose = self.reveal.purpose();
        opened.execute(Command::OpenCase { case: self.reference, purpose })?;
        let mut file = opened.ask(AskCaseFile { case: self.reference, entries: self.entries })?;
        let mut parties = Vec::new();
        for PartyLine { person, name, role, .. } in std::mem::take(&mut file.parties) {
            let fields = self.reveal.fields(&opened, Some(person))?;
            parties.push(PartyAnswer { role, person: person.to_string(), name, fields });
        }
        let clock = OfficeClock::of(&opened)?;
        context.output.show(&CaseAnswer::new(file, parties), |answer| answer.lines(&clock))
    }
}

impl CaseAnswer {
    fn new(file: CaseFileAnswer, parties: Vec<PartyAnswer>) -> Self {
        let case = file.case;
        let reference = match case.origin {
            CaseOrigin::Registered => None,
            CaseOrigin::Imported { reference, .. } => Some(reference),
        };
        Self {
            version: case.version,
            asks: case.asks,
            place: case.place.text,
            area: case.place.area,
            received: instant(case.received_at),
            registered: instant(case.registered_at),
            queue: file.queue,
            hold: case.hold.map(|hold| HoldAnswer {
                reason: hold.reason.code(),
                until: hold.until.to_string(),
                words: hold.words,
            }),
            outcome: case.outcome.map(|outcome| OutcomeAnswer {
                code: outcome.code.code(),
                at: instant(outcome.at),
                source_text: outcome.source_text,
                reasons: outcome.reasons,
            }),
            reference,
            next: file.next,
            parties,
            clocks: file.clocks.into_iter().map(ClockAnswer::from).collect(),
            timeline: file.timeline.into_iter().map(EntryAnswer::from).collect(),
            timeline_total: file.timeline_total,
            merged: file.merges.into_iter().map(MergeAnswer::from).collect(),
            row: file.row.into(),
        }
    }

    fn lines(&self, clock: &OfficeClock) -> Vec<String> {
        let mut shown = vec![
            format!(
                "{}  {}  {}  {}",
                self.row.case, self.row.stage, self.row.nature, self.row.subject
            ),
            format!("received {} by {}", clock.told(&self.received), self.row.channel),
            format!("unit {}, queue {}", self.row.unit, self.queue.as_deref().unwrap_or("-")),
        ];
        if let (Some(source), Some(reference)) = (&self.row.source, &self.reference) {
            shown.push(format!("from {source}: {reference}"));
        }
        shown.extend(self.merged.iter().map(|merge| merge.line(clock)));
        shown.push(format!("where: {}, {}", self.place, self.area));
        for party in &self.parties {
            shown.push(format!("{}: {} ({})", party.role, party.name, party.person));
            shown.extend(lines(party.fields.as_ref()));
        }
        if let Some(hold) = &self.hold {
            shown.push(format!("on hold until {} ({}): {}", hold.until, hold.reason, hold.words));
        }
        if let Some(outcome) = &self.outcome {
            let at = clock.told(&outcome.at);
            shown.push(format!("ended {at}: {} {}", outcome.code, outcome.source_text));
        }
        shown.push(format!("next: {}", self.next));
        shown.extend(self.clocks.iter().map(|it| {
            let due = clock.told(&it.due);
            format!("clock {}: due {due}, {}, {}", it.kind, it.state, it.source)
        }));
        shown.push("asks:".to_owned());
        shown.extend(self.asks.lines().map(|line| format!("    {line}")));
        shown.push(format!("timeline ({} of {}):", self.timeline.len(), self.timeline_total));
        shown.extend(self.timeline.iter().map(|entry| {
            let at = clock.told(&entry.at);
            format!("    {at}  {:<7}  {}  {}", entry.kind, entry.who, entry.words)
        }));
        shown
    }
}

impl From<ClockLine> for ClockAnswer {
    fn from(clock: ClockLine) -> Self {
        Self {
            kind: clock.kind.label(),
            due: instant(clock.due_at),
            state: clock.state,
            source: clock.source,
        }
    }
}

impl From<TimelineEntry> for EntryAnswer {
    fn from(entry: TimelineEntry) -> Self {
        let TimelineEntry { at, kind, who, words, text, .. } = entry;
        Self { at: instant(at), kind, who, words, text }
    }
}
