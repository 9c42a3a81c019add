//! `casedesk contact`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::answer::{OfficeClock, instant};
use super::error::CliError;
use super::reveal::Why;
use crate::desk::{AskContact, AskContacts, Command, ContactRecord};
use crate::domain::cases::ContactOutcome;
use crate::domain::{ContactId, PersonId};

/// Contacts that are listed unless a limit is given.
const CONTACTS: u32 = 20;
/// The most contacts that can be asked for.
const CONTACTS_MAX: u32 = 200;

/// Shows calls, visits and letters: with whom, about which cases, how long and how they ended.
#[derive(Debug, Args)]
pub(super) struct ContactCommand {
    #[command(subcommand)]
    command: ContactSubcommand,
}

#[derive(Debug, Subcommand)]
enum ContactSubcommand {
    List(List),
    Show(Show),
}

/// Lists contacts, newest first: your own, or those of a person, whose file is opened for that.
///
///   casedesk contact list
///   casedesk contact list --person P-7 --limit 5 --json
///   casedesk contact list --person P-7 --purpose complaint
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct List {
    /// Only of this person, as P-7
    #[arg(long)]
    person: Option<PersonId>,
    /// How many
    #[arg(long, default_value_t = CONTACTS, value_parser = clap::value_parser!(u32).range(1..=i64::from(CONTACTS_MAX)))]
    limit: u32,
    #[command(flatten)]
    why: Why,
}

/// Shows one contact; the file of its person is opened for that.
///
///   casedesk contact show K-12
///   casedesk contact show K-12 --purpose complaint --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Show {
    /// The contact's number, as K-12
    contact: ContactId,
    #[command(flatten)]
    why: Why,
}

#[derive(Serialize)]
struct Contacts {
    contacts: Vec<ContactAnswer>,
}

#[derive(Serialize)]
struct ContactAnswer {
    contact: String,
    channel: &'static str,
    direction: &'static str,
    started: String,
    ended: Option<String>,
    seconds: Option<i64>,
    running: bool,
    handler: String,
    person: Option<String>,
    name: Option<String>,
    telephone: Option<String>,
    ivr_path: Option<String>,
    summary: String,
    cases: Vec<TouchedCase>,
    asked: Vec<AskedFact>,
    verified: bool,
    outcome: Option<&'static str>,
    article: Option<String>,
    taken_back: bool,
}

#[derive(Serialize)]
struct TouchedCase {
    case: String,
    first_contact: bool,
}

#[derive(Serialize)]
struct AskedFact {
    fact: String,
    right: bool,
}

impl ContactCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            ContactSubcommand::List(list) => list.run(context),
            ContactSubcommand::Show(show) => show.run(context),
        }
    }
}

impl List {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        if let Some(person) = self.person {
            let purpose = self.why.purpose();
            opened.execute(Command::OpenPerson { person, purpose })?;
        }
        let answer = opened.ask(AskContacts { person: self.person, limit: self.limit })?;
        let contacts = answer.contacts.into_iter().map(ContactAnswer::from).collect();
        let clock = OfficeClock::of(&opened)?;
        context.output.show(&Contacts { contacts }, |answer| {
            if answer.contacts.is_empty() {
                return vec!["There is no contact yet.".to_owned()];
            }
            answer.contacts.iter().map(|contact| contact.line(&clock)).collect()
        })
    }
}

impl Show {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let opened = context.open()?;
        let known = self.why.ask(&opened, AskContact { contact: self.contact })?;
        let clock = OfficeClock::of(&opened)?;
        context.output.show(&ContactAnswer::from(known), |contact| contact.lines(&clock))
    }
}

impl From<ContactRecord> for ContactAnswer {
    fn from(record: ContactRecord) -> Self {
        let (person, name) = record.person.map(|(id, name)| (id.to_string(), name)).unzip();
        let seconds = record.ended_at.map(|ended| {
            (ended.milliseconds() - record.started_at.milliseconds()).div_euclid(1_000)
        });
        let case = |(case, first_contact): (crate::domain::CaseId, bool)| TouchedCase {
            case: case.to_string(),
            first_contact,
        };
        Self {
            contact: record.id.to_string(),
            channel: record.channel.code(),
            direction: record.direction.label(),
            started: instant(record.started_at),
            ended: record.ended_at.map(instant),
            seconds,
            running: record.ended_at.is_none(),
            handler: record.handler,
            person,
            name,
            telephone: record.telephone,
            ivr_path: record.ivr_path,
            summary: record.summary,
            cases: record.cases.into_iter().map(case).collect(),
            asked: record
                .questions
                .into_iter()
                .map(|(fact, right)| AskedFact { fact, right })
                .collect(),
            verified: record.is_verified,
            outcome: record.outcome.map(ContactOutcome::code),
            article: record.article,
            taken_back: record.is_annulled,
        }
    }
}

impl ContactAnswer {
    /// The contact in one line.
    fn line(&self, clock: &OfficeClock) -> String {
        let who = match (&self.name, &self.person, &self.telephone) {
            (Some(name), Some(person), _) => format!("{name} ({person})"),
            (_, _, Some(telephone)) => telephone.clone(),
            _ => "nobody known".to_owned(),
        };
        let how = match (self.taken_back, self.running, self.outcome) {
            (true, _, _) => "taken back",
            (_, true, _) => "RUNS",
            (_, _, Some(outcome)) => outcome,
            (_, _, None) => "-",
        };
        let cases: Vec<&str> = self.cases.iter().map(|touched| touched.case.as_str()).collect();
        format!(
            "{:<8}  {}  {:<8}  {:<3}  {:>5}  {how:<12}  {who}  {}",
            self.contact,
            clock.told(&self.started),
            self.channel,
            self.direction,
            self.minutes(),
            cases.join(" ")
        )
    }

    /// Minutes and seconds that it took; `-` while it runs.
    fn minutes(&self) -> String {
        self.seconds.map_or_else(
            || "-".to_owned(),
            |seconds| format!("{}:{:02}", seconds.div_euclid(60), seconds.rem_euclid(60)),
        )
    }

    /// The whole contact, a line for each thing that is known.
    fn lines(&self, clock: &OfficeClock) -> Vec<String> {
        let mut lines = vec![self.line(clock), format!("handler   {}", self.handler)];
        lines.extend(self.ivr_path.iter().map(|path| format!("chose     {path}")));
        for touched in &self.cases {
            let first = if touched.first_contact { "   done at its first contact" } else { "" };
            lines.push(format!("case      {}{first}", touched.case));
        }
        for asked in &self.asked {
            let answer = if asked.right { "right" } else { "wrong" };
            lines.push(format!("asked     {}: {answer}", asked.fact));
        }
        if !self.asked.is_empty() {
            lines.push(format!("verified  {}", if self.verified { "yes" } else { "no" }));
        }
        lines.extend(self.article.iter().map(|article| format!("answer    {article}")));
        if !self.summary.is_empty() {
            lines.push(format!("about     {}", self.summary));
        }
        lines
    }
}
