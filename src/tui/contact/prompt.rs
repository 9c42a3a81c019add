//! The prompt that `c` opens: one letter begins a contact or ends the one that runs; a line takes what it was about.

use crate::desk::{Command, Query, RunningContact};
use crate::domain::cases::{Channel, ContactOutcome, Direction, NewContact, StartedContact};
use crate::domain::limits::{EMERGENCY_MINUTES, EMERGENCY_REASON_MIN, LINE_BYTES_MAX};
use crate::domain::office::{Behind, Purpose};
use crate::domain::time::Instant;
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap::{Action, Key};
use crate::tui::text::{fit, safe_line, width};

use super::super::Go;
use super::super::field::TextField;
use super::super::intake::parse_received;
use super::super::purposes;
use super::super::screen::Shared;
use super::answers::{Article, question};
use super::verifying::Verifying;

/// Words at the beginning of a line that can say when something was: a day and a time.
const MOMENT_WORDS: usize = 2;

/// What the prompt asks for.
#[derive(Debug, Clone)]
pub(in crate::tui) struct Prompt {
    mode: Mode,
    /// The case and the person that are open.
    case: Option<CaseId>,
    person: Option<PersonId>,
}

#[derive(Debug, Clone)]
enum Mode {
    /// The letter that begins a contact.
    Begin,
    /// The letter that ends the one that runs.
    End { running: Box<RunningContact>, articles: Vec<Article> },
    /// What it is about.
    Summary { running: Box<RunningContact>, line: TextField },
    /// A contact that is over, in one line.
    Afterwards(TextField),
    /// Who the caller is.
    Verify(Verifying),
    /// Why a closed file is to be opened.
    Emergency { behind: Behind, line: TextField },
    /// For which purpose a file is opened: the heading, why it is asked, and the purposes.
    Purpose(Vec<String>),
}

/// What came of a key.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::tui) enum Step {
    /// The prompt goes on.
    Stay,
    /// It goes on, and says this.
    Refuse(String),
    /// It is over, and nothing is done.
    Close,
    /// It is over, and this is to be done.
    Do(Box<Command>),
    /// It is over, and this is to be opened for this reason.
    Emergency(Behind, String),
    /// It is over, and the file is to be opened for this purpose.
    Open(Purpose),
    /// It is over, and this is to be gone to.
    Go(Go),
    /// It is over, and the screen is to do this.
    Act(Action),
}

impl Step {
    /// It is over, and this is to be done.
    pub(super) fn act(command: Command) -> Self {
        Self::Do(Box::new(command))
    }
}

impl Prompt {
    /// The prompt for what goes on now; `case` and `person` are open on the screen.
    pub(super) fn open(shared: &Shared, case: Option<CaseId>, person: Option<PersonId>) -> Self {
        let mode = match &shared.presence.contact {
            None => Mode::Begin,
            Some(running) => Mode::End { running: Box::new(running.clone()), articles: Vec::new() },
        };
        Self { mode, case, person }
    }

    /// The prompt that asks a caller who they are.
    pub(super) fn verifying(verifying: Verifying) -> Self {
        Self { mode: Mode::Verify(verifying), case: None, person: None }
    }

    /// The prompt that asks why a closed file is to be opened.
    pub(super) fn emergency(behind: Behind) -> Self {
        let line = TextField::line(LINE_BYTES_MAX);
        Self { mode: Mode::Emergency { behind, line }, case: None, person: None }
    }

    /// The prompt that asks for which purpose a file is opened.
    pub(in crate::tui) fn purpose(about: &EntityId, why: &str, shared: &Shared) -> Self {
        let heading = purposes::question(&format!("open {about}"));
        let mut rows = vec![heading, safe_line(why).into_owned()];
        rows.extend(purposes::rows(shared));
        Self { mode: Mode::Purpose(rows), case: None, person: None }
    }

    /// Whether it asks for a purpose.
    pub(in crate::tui) fn asks_purpose(&self) -> bool {
        matches!(self.mode, Mode::Purpose(_))
    }

    /// Asks for the texts that answer: about the case that is open, or the one that the contact touched last; nothing
    /// where no contact runs, so that nothing can be answered.
    pub(super) fn wants_articles(&self) -> Option<Query> {
        match &self.mode {
            Mode::End { running, .. } => {
                Some(question(self.case.or(running.cases.last().copied())))
            }
            Mode::Begin
            | Mode::Summary { .. }
            | Mode::Afterwards(_)
            | Mode::Emergency { .. }
            | Mode::Verify(_)
            | Mode::Purpose(_) => None,
        }
    }

    /// Takes the texts that a digit answers with.
    pub(super) fn take_articles(&mut self, found: Vec<Article>) {
        if let Mode::End { articles, .. } = &mut self.mode {
            *articles = found;
        }
    }

    /// Takes a key that the keymap does not bind in a line.
    pub(super) fn key(&mut self, key: Key, shared: &Shared) -> Step {
        match &mut self.mode {
            Mode::Begin => self.begin(key),
            Mode::End { .. } => self.end(key),
            Mode::Summary { line, .. } | Mode::Afterwards(line) | Mode::Emergency { line, .. } => {
                line.key(key);
                Step::Stay
            }
            Mode::Verify(verifying) if shared.presence.contact.is_some() => verifying.key(key),
            Mode::Verify(_) => Step::Close,
            Mode::Purpose(_) => match purposes::chosen(key.digit(), shared) {
                Some(purpose) => Step::Open(purpose),
                None if purposes::is_find(key, shared) => Step::Go(Go::Find(String::new())),
                None => Step::Refuse(purposes::PICK.to_owned()),
            },
        }
    }

    /// Puts a pasted text into the line, if there is one.
    pub(super) fn paste(&mut self, text: &str) {
        if let Mode::Summary { line, .. } | Mode::Afterwards(line) | Mode::Emergency { line, .. } =
            &mut self.mode
        {
            line.paste(text);
        }
    }

    /// Takes Enter: what is in the line is kept.
    pub(super) fn send(&mut self, shared: &Shared) -> Step {
        match &self.mode {
            Mode::Summary { running, line } => Step::act(Command::SetContactSummary {
                contact: running.contact,
                summary: line.text().trim().to_owned(),
            }),
            Mode::Afterwards(line) => match self.afterwards(&line.text(), shared) {
                Ok(new) => Step::act(Command::RecordContact(new)),
                Err(why) => Step::Refuse(why),
            },
            Mode::Emergency { line, .. }
                if line.text().trim().chars().count() < EMERGENCY_REASON_MIN =>
            {
                Step::Refuse(format!(
                    "Say what the emergency is, in {EMERGENCY_REASON_MIN} letters at least: others read it."
                ))
            }
            Mode::Emergency { behind, line } => Step::Emergency(*behind, line.text()),
            Mode::Begin | Mode::End { .. } | Mode::Verify(_) | Mode::Purpose(_) => Step::Stay,
        }
    }

    fn begin(&mut self, key: Key) -> Step {
        let (channel, direction) = match key.typed() {
            Some('t') => (Channel::Telephone, Direction::In),
            Some('o') => (Channel::Telephone, Direction::Out),
            Some('w') => (Channel::WalkIn, Direction::In),
            Some('l') => (Channel::Letter, Direction::In),
            Some('e') => {
                self.mode = Mode::Afterwards(TextField::line(LINE_BYTES_MAX));
                return Step::Stay;
            }
            _ => {
                let why = "No contact runs: t, o, w or l begins one, e enters one afterwards.";
                return Step::Refuse(why.to_owned());
            }
        };
        Step::act(Command::StartContact(StartedContact {
            channel,
            direction,
            person: self.person,
            telephone: None,
            ivr_path: None,
        }))
    }

    fn end(&mut self, key: Key) -> Step {
        let Mode::End { running, articles } = &self.mode else { return Step::Stay };
        let contact = running.contact;
        let end = |outcome, article| {
            Step::act(Command::EndContact { contact, outcome, summary: String::new(), article })
        };
        if let Some(digit) = key.digit() {
            let place = usize::from(digit).checked_sub(1);
            return match place.and_then(|place| articles.get(place)) {
                Some(article) => end(ContactOutcome::Answered, Some(article.code.clone())),
                None => Step::Refuse(format!("There is no text {digit} here.")),
            };
        }
        match key.typed() {
            Some(':') => {
                let mut line = TextField::line(LINE_BYTES_MAX);
                line.set(&running.summary);
                self.mode = Mode::Summary { running: running.clone(), line };
                Step::Stay
            }
            Some('-') => Step::act(Command::SetContactPerson { contact, person: None }),
            Some('=') => match self.person {
                Some(person) => {
                    Step::act(Command::SetContactPerson { contact, person: Some(person) })
                }
                None => Step::Refuse("No file is open here.".to_owned()),
            },
            Some('+') => match self.case {
                Some(case) if running.cases.contains(&case) => {
                    Step::Refuse(format!("{contact} is about {case} already."))
                }
                Some(case) => Step::act(Command::AddContactCase { contact, case }),
                None => Step::Refuse("No case is open here.".to_owned()),
            },
            Some('p') if !running.is_promised => Step::Act(Action::Promise),
            Some('n') if running.direction == Direction::In => {
                let person = running.person.as_ref().map(|(person, _)| *person);
                Step::Go(Go::Intake(person, String::new()))
            }
            Some(letter) => match ContactOutcome::from_key(letter) {
                Some(outcome) => end(outcome, None),
                None => Step::Refuse(format!("{letter} ends nothing: pick a letter below.")),
            },
            None => Step::Stay,
        }
    }

    /// Reads `w 9:30 asked for the opening hours`: the way, when, and what it was about.
    fn afterwards(&self, words: &str, shared: &Shared) -> Result<NewContact, String> {
        const FORM: &str = "Type the way, when, and what it was about: w 9:30 asked for a form.";
        let (way, rest) = words.trim().split_once(' ').ok_or(FORM)?;
        let mut letters = way.chars();
        let channel = letters.next().and_then(Channel::from_key);
        let channel = channel.filter(|_| letters.next().is_none()).ok_or(FORM)?;
        let (at, summary) = moment(rest, shared).ok_or(FORM)?;
        if at > shared.now {
            return Err("That is still to come: say when it was.".to_owned());
        }
        Ok(NewContact {
            channel,
            direction: Direction::In,
            person: self.person,
            started_at: at,
            ended_at: at,
            summary,
            case: self.case,
        })
    }

    /// What is drawn above the status line.
    pub(in crate::tui) fn rows(&self) -> Vec<String> {
        match &self.mode {
            Mode::Begin => Vec::new(),
            Mode::End { running, articles } => {
                let mut rows = vec![heading(running), self.more_ways(running)];
                let lines = articles.iter().zip(1_u32..);
                rows.extend(lines.map(|(article, digit)| format!("{digit} {}", article.title)));
                rows
            }
            Mode::Summary { running, .. } => vec![heading(running)],
            Mode::Afterwards(_) => vec![
                "-- a contact that is over: the way, when, what it was about".to_owned(),
                "   w 9:30 asked for a form      l yesterday sent the lease".to_owned(),
            ],
            Mode::Verify(verifying) => verifying.rows(),
            Mode::Purpose(rows) => rows.clone(),
            Mode::Emergency { behind, .. } => vec![
                format!("-- EMERGENCY ACCESS to {behind}, for {EMERGENCY_MINUTES} minutes"),
                "   Your unit's lead and the privacy officer are told now; it is reviewed."
                    .to_owned(),
            ],
        }
    }

    /// What the footer has no room for: a wrong number, and what goes on without ending it.
    fn more_ways(&self, running: &RunningContact) -> String {
        let caller = running.person.as_ref().map(|(person, _)| *person);
        let mut ways = vec!["w wrong number", ": about what"];
        if caller.is_some() {
            ways.push("- not them");
        }
        if self.person.is_some() && self.person != caller {
            ways.push("= this person");
        }
        if self.case.is_some_and(|case| !running.cases.contains(&case)) {
            ways.push("+ about this case");
        }
        ways.join("  ")
    }

    /// The line that is typed, with what stands before it; nothing where letters are picked.
    pub(in crate::tui) fn line(&self) -> Option<(&'static str, &TextField)> {
        match &self.mode {
            Mode::Summary { line, .. } => Some(("about: ", line)),
            Mode::Afterwards(line) => Some(("was: ", line)),
            Mode::Emergency { line, .. } => Some(("why: ", line)),
            Mode::Begin | Mode::End { .. } | Mode::Verify(_) | Mode::Purpose(_) => None,
        }
    }

    /// The letters and what they do, as far as they fit.
    pub(in crate::tui) fn footer(&self, begun: &str, leave: &str, cells: usize) -> String {
        let ways: Vec<String> = match &self.mode {
            Mode::Begin => {
                let ways = ["t tel in", "o tel out", "w walk-in", "l letter", "e afterwards"];
                ways.map(str::to_owned).to_vec()
            }
            Mode::End { running, .. } => end_ways(running),
            Mode::Emergency { .. } => {
                vec!["Enter open".to_owned(), format!("{leave} leave, nothing opened")]
            }
            Mode::Summary { .. } | Mode::Afterwards(_) => {
                vec!["Enter keep".to_owned(), format!("{leave} leave")]
            }
            Mode::Verify(_) => {
                let leave = format!("{leave} leave, nothing recorded");
                vec!["y right".to_owned(), "n wrong".to_owned(), leave]
            }
            Mode::Purpose(_) => {
                vec!["digit open".to_owned(), format!("{leave} leave, nothing opened")]
            }
        };
        let mut line = match &self.mode {
            Mode::Begin | Mode::End { .. } => format!("{begun} .."),
            Mode::Summary { .. }
            | Mode::Afterwards(_)
            | Mode::Emergency { .. }
            | Mode::Verify(_)
            | Mode::Purpose(_) => String::new(),
        };
        for way in ways {
            let gap = if line.is_empty() { "" } else { "  " };
            if width(&line) + gap.len() + width(&way) > cells {
                break;
            }
            line.push_str(gap);
            line.push_str(&way);
        }
        line
    }
}

/// What ends a contact, the likeliest first; what cannot be done now is promised or taken in, and never "call again".
fn end_ways(running: &RunningContact) -> Vec<String> {
    let mut ways = vec!["a answered", "k case"];
    ways.push(if running.is_promised { "p promised" } else { "p promise" });
    if running.direction == Direction::In {
        ways.push("n take in");
    } else {
        ways.push("n no answer");
    }
    ways.extend(["t put through", "b broke off"]);
    ways.into_iter().map(str::to_owned).collect()
}

/// The contact that runs, with whom, and what it is about.
fn heading(running: &RunningContact) -> String {
    let who = match (&running.person, &running.telephone) {
        (Some((person, name)), _) => format!("{person} {}", safe_line(name)),
        (None, Some(telephone)) => telephone.clone(),
        (None, None) => "nobody known yet".to_owned(),
    };
    let cases: Vec<String> = running.cases.iter().map(ToString::to_string).collect();
    let about = fit(&safe_line(&running.summary.replace('\n', " ")), ABOUT_CELLS);
    let parts = [
        format!("-- {} {} {}", running.contact, running.channel.label(), running.direction.label()),
        who,
        cases.join(" "),
        about.trim_end().to_owned(),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("   ")
}

/// Cells of what a contact is about, in the heading.
const ABOUT_CELLS: usize = 32;

/// When something was, at the beginning of a line, and the words after that.
fn moment(words: &str, shared: &Shared) -> Option<(Instant, String)> {
    let words: Vec<&str> = words.split_whitespace().collect();
    (1..=MOMENT_WORDS.min(words.len())).rev().find_map(|count| {
        let (when, about) = words.split_at_checked(count)?;
        let at = parse_received(&when.join(" "), shared.now, &shared.zone)?;
        Some((at, about.join(" ")))
    })
}
