//! The line that says what became of a promise: kept, tried in vain, broken with what makes up for it, released, given on.

use crate::desk::{Answer, AskPromises, Command, PromiseFilter, PromiseRow, Whose};
use crate::domain::cases::{PromiseAct, Recovery, Urgency};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::keymap::{Key, KeyCode};
use crate::tui::field::{Picture, TextField, Written};
use crate::tui::screen::{Context, Shared, Status, Ticket};
use crate::tui::text::safe_line;
use crate::tui::when::{self, weekday_and_time};

use super::making::{Colleague, Taken, When};
use super::words::keeper;

/// Open promises that have a digit.
const DIGITS: usize = 9;

/// What is being said of the promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// What became of it, by a letter.
    What,
    /// Why it is broken.
    Why,
    /// What makes up for that, by a letter.
    Recovery,
    /// The time that is promised anew.
    Anew,
    /// The words with which the citizen released it.
    Words,
    /// Who is to keep it.
    Give,
}

/// A promise that something is said of.
#[derive(Debug)]
pub(in crate::tui) struct Ending {
    rows: Vec<PromiseRow>,
    chosen: usize,
    asked: Option<Ticket>,
    /// A letter that was typed before the promises were here.
    ahead: Option<Key>,
    step: Step,
    words: TextField,
    anew: When,
    who: Colleague,
    shared: Shared,
    pub(super) refusal: Option<String>,
}

/// What a key came to.
pub(super) enum Ended {
    /// Nothing to be done yet.
    Not,
    /// This is to be done.
    Do(Box<Command>),
    /// There is nothing open to say anything of.
    Nothing,
}

impl Ending {
    /// The line for the open promises of a case or to a person.
    pub(super) fn of(whose: Whose, context: &mut Context<'_>) -> Self {
        let asked = context.ask(AskPromises { whose, filter: PromiseFilter::Open });
        Self { asked: Some(asked), ..Self::with(Vec::new(), context) }
    }

    /// The line for a promise of a list.
    pub(super) fn with(rows: Vec<PromiseRow>, context: &Context<'_>) -> Self {
        Self {
            rows,
            chosen: 0,
            asked: None,
            ahead: None,
            step: Step::What,
            words: TextField::line(LINE_BYTES_MAX),
            anew: When::new(context),
            who: Colleague::new(),
            shared: context.shared.clone(),
            refusal: None,
        }
    }

    fn row(&self) -> Option<&PromiseRow> {
        self.rows.get(self.chosen)
    }

    fn command(&self, act: PromiseAct) -> Ended {
        self.row().map_or(Ended::Not, |row| {
            let version = Some(row.version);
            Ended::Do(Box::new(Command::Promise { promise: row.id, version, act }))
        })
    }

    /// Whether what was sent was an apology that is still to be written.
    pub(super) fn is_apology(command: &Command) -> bool {
        matches!(
            command,
            Command::Promise { act: PromiseAct::Break { recovery: Recovery::Apology, .. }, .. }
        )
    }

    pub(super) fn key(&mut self, key: Key, context: &mut Context<'_>) -> Ended {
        let written = match self.step {
            Step::What => return self.pick(key),
            Step::Recovery => return self.recover(key),
            Step::Why | Step::Words => self.words.key(key),
            Step::Anew => self.anew.text.key(key),
            Step::Give => {
                let written = self.who.letters.key(key);
                self.who.typed(&written, context);
                written
            }
        };
        if let Written::Refused(why) = written {
            context.say(Status::Refused(safe_line(&why).into_owned()));
        }
        Ended::Not
    }

    pub(super) fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        match self.step {
            Step::What | Step::Recovery => {}
            Step::Why | Step::Words => drop(self.words.paste(text)),
            Step::Anew => drop(self.anew.text.paste(text)),
            Step::Give => {
                let written = self.who.letters.paste(text);
                self.who.typed(&written, context);
            }
        }
    }

    /// What became of it, by its letter; a digit chooses among several.
    fn pick(&mut self, key: Key) -> Ended {
        if self.asked.is_some() {
            self.ahead = Some(key);
            return Ended::Not;
        }
        if let Some(digit) = key.digit() {
            let place = usize::from(digit).saturating_sub(1);
            self.chosen = place.min(self.rows.len().saturating_sub(1));
            return Ended::Not;
        }
        match key.typed() {
            Some('k') => return self.command(PromiseAct::Keep),
            Some('a') => return self.command(PromiseAct::Attempt),
            Some('b') => self.step = Step::Why,
            Some('r') => self.step = Step::Words,
            Some('t') => self.step = Step::Give,
            _ => {}
        }
        Ended::Not
    }

    fn recover(&mut self, key: Key) -> Ended {
        let recovery = match key.typed() {
            Some('n') => Recovery::Nothing,
            Some('s') => Recovery::Apology,
            Some('p') => {
                self.step = Step::Anew;
                return Ended::Not;
            }
            _ => return Ended::Not,
        };
        self.command(PromiseAct::Break { why: self.words.text(), recovery })
    }

    /// Goes one step back, or through the colleagues.
    pub(super) fn turn(&mut self, by: isize, key: Key) {
        let is_arrow = matches!(key.code(), KeyCode::Up | KeyCode::Down);
        match self.step {
            Step::Give if is_arrow => self.who.step(by),
            Step::What => {
                let last = self.rows.len().saturating_sub(1);
                self.chosen = self.chosen.saturating_add_signed(by).min(last);
            }
            Step::Recovery if by < 0 => self.step = Step::Why,
            Step::Anew if by < 0 => self.step = Step::Recovery,
            Step::Why | Step::Words | Step::Give if by < 0 => self.step = Step::What,
            Step::Why | Step::Recovery | Step::Anew | Step::Words | Step::Give => {}
        }
    }

    /// What the key that sends means here.
    pub(super) fn send(&mut self, key: Key, context: &mut Context<'_>) -> Ended {
        let refuse = |context: &mut Context<'_>, words: &str| {
            context.say(Status::Refused(words.to_owned()));
            Ended::Not
        };
        match self.step {
            Step::What => refuse(context, "Say what became of it: k, a, b, r or t."),
            Step::Why if self.words.is_blank() => refuse(context, "Say why, in a line."),
            Step::Why => {
                self.step = Step::Recovery;
                Ended::Not
            }
            Step::Recovery => refuse(context, "Say what makes up for it: n, s or p."),
            Step::Anew => self.anew(key, context),
            Step::Words if self.words.is_blank() => refuse(context, "Type what the citizen said."),
            Step::Words => self.command(PromiseAct::Release { words: self.words.text() }),
            Step::Give => match self.who.meant() {
                Ok(Some(to)) => self.command(PromiseAct::Give { to }),
                Ok(None) => refuse(context, "Type letters of a colleague."),
                Err(what) => refuse(context, &what),
            },
        }
    }

    fn anew(&mut self, key: Key, context: &mut Context<'_>) -> Ended {
        let due_at = match self.anew.take(key) {
            Taken::Time(at) => at,
            Taken::Not(status) => {
                context.say(status);
                return Ended::Not;
            }
        };
        let Some(row) = self.row() else { return Ended::Not };
        let recovery = Recovery::Anew { what: row.what.clone(), channel: row.channel, due_at };
        self.command(PromiseAct::Break { why: self.words.text(), recovery })
    }

    pub(super) fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>) -> Option<Ended> {
        if self.asked != Some(ticket) {
            return self.who.answered(ticket, answer).then_some(Ended::Not);
        }
        self.asked = None;
        if let Some(Answer::Promises(promises)) = answer {
            self.rows = promises.promises.iter().take(DIGITS).cloned().collect();
        }
        if self.rows.is_empty() {
            return Some(Ended::Nothing);
        }
        Some(self.ahead.take().map_or(Ended::Not, |key| self.pick(key)))
    }

    pub(super) fn tick(&mut self, context: &Context<'_>) {
        self.anew.now = context.shared.now;
        self.shared.now = context.shared.now;
    }

    pub(super) fn picture(&self, cells: usize) -> Picture {
        let mut picture = Picture::titled("-- PROMISED".to_owned());
        let shown = self
            .rows
            .iter()
            .enumerate()
            .filter(|(at, _)| self.step == Step::What || *at == self.chosen);
        for (at, row) in shown {
            let marker = if at == self.chosen { '>' } else { ' ' };
            let digit = if self.rows.len() > 1 { (at + 1).to_string() } else { String::new() };
            if at == self.chosen {
                picture.cursor = (picture.rows.len(), 0);
            }
            picture.rows.push(format!("{marker}{digit} {}", self.line(row)));
        }
        if let Some((count @ 1.., Some(last))) = self.row().map(|row| row.attempts) {
            let last = when::time(last, &self.shared.zone);
            picture.words("", &format!("tried {count}, last {last}; nobody answered"), cells, 1);
        }
        match self.step {
            Step::What if self.rows.is_empty() => picture.words("", "reading", cells, 1),
            Step::What => {
                let ways = "k kept   a tried, nobody answered   b broken   r released   t give on";
                picture.words("what", ways, cells, 2);
            }
            Step::Why => picture.field("why", &self.words, true, cells, 2),
            Step::Recovery => {
                picture.words("why", &self.words.text(), cells, 2);
                let at = picture.rows.len();
                let ways = "n nothing   s say sorry in a letter   p promise anew";
                picture.words("then", ways, cells, 2);
                picture.cursor = (at, 0);
            }
            Step::Anew => {
                picture.words("why", &self.words.text(), cells, 2);
                picture.field("anew", &self.anew.text, true, cells, 1);
                picture.words("", &self.anew.words(""), cells, 2);
            }
            Step::Words => picture.field("they said", &self.words, true, cells, 2),
            Step::Give => self.who.show("to", true, cells, &mut picture),
        }
        if let Some(refusal) = &self.refusal {
            picture.words("refused", refusal, cells, 2);
        }
        picture
    }

    /// `R-4 ring Mohammadi, Sara by Fri 21 Aug 14:00, tel, you   LATE 20m   tried 2, last 14:02`.
    fn line(&self, row: &PromiseRow) -> String {
        let (now, zone) = (self.shared.now, &self.shared.zone);
        let due = weekday_and_time(row.due_at, now, zone);
        let late = match row.urgency(now) {
            Some(Urgency::Late) => {
                let far = when::due_in(row.due_at, now, zone);
                format!("   LATE {}", far.trim_start_matches('-'))
            }
            _ => String::new(),
        };
        format!(
            "{} {} {} by {due}, {}, {}{late}",
            row.id,
            safe_line(row.words()),
            safe_line(&row.person.1),
            row.channel.label(),
            keeper(row, &self.shared)
        )
    }
}
