//! The line in which something is promised: by when, by which way, what, and who is to keep it.

use crate::desk::{
    Answer, AskDraft, AskGiveTargets, AskReach, Command, Draft, DraftForm, DraftKey, PromiseWish,
};
use crate::domain::cases::{Channel, GiveTo};
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX};
use crate::domain::time::{Calendar, Instant, NoTime, SaidTime, Tongue, Zone, said_time};
use crate::domain::{CaseId, CaseworkerId, EntityId, PersonId};
use crate::keymap::{self, Action, Key, KeyCode};
use crate::tui::field::{DraftKeeper, Keeping, Picture, TextField, Written};
use crate::tui::screen::{Context, Status, Ticket};
use crate::tui::text::safe_line;
use crate::tui::when;

/// Bytes of a time as it is typed.
const WHEN_BYTES_MAX: usize = 60;
/// Colleagues that are shown at once.
const SHOWN_MAX: usize = 3;
/// The ways by which something is promised.
const WAYS: [Channel; 5] =
    [Channel::Telephone, Channel::Sms, Channel::Email, Channel::Letter, Channel::WalkIn];

/// To whom something is promised, and about which case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct About {
    pub(in crate::tui) person: PersonId,
    pub(in crate::tui) name: String,
    pub(in crate::tui) case: Option<CaseId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    When,
    By,
    What,
    Who,
}

impl Focus {
    const ALL: [Self; 4] = [Self::When, Self::By, Self::What, Self::Who];
}

/// A promise that is being made.
#[derive(Debug)]
pub(in crate::tui) struct Making {
    pub(super) about: About,
    focus: Focus,
    pub(super) when: When,
    by: Option<Channel>,
    preferred: Channel,
    what: TextField,
    who: Colleague,
    draft: DraftKeeper,
    draft_ticket: Option<Ticket>,
    reach_ticket: Option<Ticket>,
    has_typed: bool,
    pub(super) refusal: Option<String>,
}

/// A time that is typed, with what it takes to understand it.
#[derive(Debug)]
pub(super) struct When {
    pub(super) text: TextField,
    calendar: Calendar,
    pub(super) zone: Zone,
    tongues: Vec<Tongue>,
    pub(super) now: Instant,
    /// The key that sends and is not Enter.
    insist: String,
}

/// What Enter makes of a typed time.
pub(super) enum Taken {
    /// This is the time.
    Time(Instant),
    /// Not yet: what there is to say.
    Not(Status),
}

impl When {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let shared = context.shared;
        let sending = shared.keymap.keys_for(keymap::Context::Line, Action::Send);
        let insist = sending.iter().find(|key| *key != "Enter").cloned();
        Self {
            text: TextField::line(WHEN_BYTES_MAX),
            calendar: shared.who.calendar.clone(),
            zone: shared.zone.clone(),
            tongues: shared.tongues.clone(),
            now: shared.now,
            insist: insist.unwrap_or_default(),
        }
    }

    fn said(&self) -> Result<SaidTime, NoTime> {
        said_time(&self.text.text(), self.now, &self.calendar, &self.tongues)
    }

    /// Takes the time. Where the office is closed then, Enter offers the nearest time at which it is not, and any other
    /// key that sends insists.
    pub(super) fn take(&mut self, key: Key) -> Taken {
        let said = match self.said() {
            Ok(said) => said,
            Err(error) => return Taken::Not(Status::Refused(error.to_string())),
        };
        let Some(closed) = said.closed.filter(|_| key.code() == KeyCode::Enter) else {
            return Taken::Time(said.at);
        };
        let Some(nearest) = closed.nearest else {
            let insist = &self.insist;
            let words = format!("The office is closed then: {insist} promises it all the same.");
            return Taken::Not(Status::Refused(words));
        };
        let (day, time) = (self.zone.day(nearest), when::time(nearest, &self.zone));
        self.text.set(&format!("{day} {time}"));
        Taken::Not(Status::Done(format!(
            "The office is closed then. Enter promises {} instead.",
            when::weekday_and_time(nearest, self.now, &self.zone)
        )))
    }

    /// What was understood, or what is wrong with it.
    pub(super) fn words(&self, then: &str) -> String {
        if self.text.is_blank() {
            return "14, fri 9, tomorrow 10, +2h, 24.8. 14:00".to_owned();
        }
        match self.said() {
            Ok(SaidTime { understood, closed: Some(closed), .. }) => {
                format!("{understood}; {}  Enter takes that, {} insists", closed.words, self.insist)
            }
            Ok(said) => format!("{}{then}", said.understood),
            Err(error) => error.to_string(),
        }
    }
}

/// A colleague by their letters; nobody named is whoever types.
#[derive(Debug)]
pub(super) struct Colleague {
    pub(super) letters: TextField,
    found: Vec<(CaseworkerId, String, String)>,
    chosen: usize,
    ticket: Option<Ticket>,
}

impl Colleague {
    pub(super) fn new() -> Self {
        let letters = TextField::line(CODE_BYTES_MAX);
        Self { letters, found: Vec::new(), chosen: 0, ticket: None }
    }

    pub(super) fn typed(&mut self, written: &Written, context: &mut Context<'_>) {
        if *written == Written::Changed {
            self.ask(context);
        }
    }

    fn ask(&mut self, context: &mut Context<'_>) {
        self.chosen = 0;
        self.found.clear();
        self.ticket = (!self.letters.is_blank())
            .then(|| context.ask(AskGiveTargets { text: self.letters.text() }));
    }

    pub(super) fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.ticket = None;
        if let Some(Answer::GiveTargets(targets)) = answer {
            let people = targets.targets.iter().filter_map(|(to, name, note)| match to {
                GiveTo::Caseworker(id) => Some((*id, name.clone(), note.clone())),
                GiveTo::Unit(_) => None,
            });
            self.found = people.collect();
        }
        true
    }

    pub(super) fn step(&mut self, by: isize) {
        let last = self.found.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(by).min(last);
    }

    /// Whoever is meant; nobody where nothing was typed.
    pub(super) fn meant(&self) -> Result<Option<CaseworkerId>, String> {
        if self.letters.is_blank() {
            return Ok(None);
        }
        match self.found.get(self.chosen) {
            Some((id, _, _)) => Ok(Some(*id)),
            None if self.ticket.is_some() => {
                Err("Still looking who that is: once more.".to_owned())
            }
            None => Err("No colleague is called that: type other letters.".to_owned()),
        }
    }

    pub(super) fn words(&self) -> Option<String> {
        self.found.get(self.chosen).map(|(_, name, _)| name.clone())
    }

    pub(super) fn show(&self, label: &str, has_focus: bool, cells: usize, picture: &mut Picture) {
        picture.field(label, &self.letters, has_focus, cells, 1);
        if !has_focus {
            return;
        }
        let first = self.chosen.saturating_sub(SHOWN_MAX - 1);
        for (at, (_, name, note)) in self.found.iter().enumerate().skip(first).take(SHOWN_MAX) {
            let marker = if at == self.chosen { '>' } else { ' ' };
            picture.words("", &format!("{marker}{}   {note}", safe_line(name)), cells, 1);
            let is_chosen = at == self.chosen;
            picture.list(&format!("{name}; {note}"), at, self.found.len(), is_chosen);
        }
    }
}

impl Making {
    pub(super) fn new(about: About, context: &mut Context<'_>) -> Self {
        let target = about.case.map_or(EntityId::Person(about.person), EntityId::Case);
        let key = DraftKey { form: DraftForm::Promise, target: Some(target) };
        let draft_ticket = Some(context.ask(AskDraft { key: key.clone() }));
        let reach_ticket = Some(context.ask(AskReach { person: about.person }));
        Self {
            about,
            focus: Focus::When,
            when: When::new(context),
            by: None,
            preferred: Channel::Telephone,
            what: TextField::line(LINE_BYTES_MAX),
            who: Colleague::new(),
            draft: DraftKeeper::new(key),
            draft_ticket,
            reach_ticket,
            has_typed: false,
            refusal: None,
        }
    }

    fn by(&self) -> Channel {
        self.by.unwrap_or(self.preferred)
    }

    pub(super) fn key(&mut self, key: Key, context: &mut Context<'_>) {
        let written = match self.focus {
            Focus::When => self.when.text.key(key),
            Focus::What => self.what.key(key),
            Focus::Who => {
                let written = self.who.letters.key(key);
                self.who.typed(&written, context);
                written
            }
            Focus::By => {
                let way = key.typed().and_then(|key| WAYS.into_iter().find(|way| way.key() == key));
                match way {
                    Some(way) => {
                        self.by = Some(way);
                        Written::Changed
                    }
                    None => Written::NotTaken,
                }
            }
        };
        self.note(&written, context);
    }

    pub(super) fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        let written = match self.focus {
            Focus::When => self.when.text.paste(text),
            Focus::What | Focus::By => {
                self.focus = Focus::What;
                self.what.paste(text)
            }
            Focus::Who => {
                let written = self.who.letters.paste(text);
                self.who.typed(&written, context);
                written
            }
        };
        self.note(&written, context);
    }

    fn note(&mut self, written: &Written, context: &mut Context<'_>) {
        match written {
            Written::Changed => {
                self.has_typed = true;
                self.refusal = None;
                self.draft.typed(context.shared.now);
            }
            Written::Refused(why) => context.say(Status::Refused(safe_line(why).into_owned())),
            Written::Same | Written::NotTaken => {}
        }
    }

    /// Moves the focus; the arrows go through colleagues while there are any.
    pub(super) fn turn(&mut self, by: isize, key: Key) {
        let is_arrow = matches!(key.code(), KeyCode::Up | KeyCode::Down);
        if self.focus == Focus::Who && is_arrow && !self.who.found.is_empty() {
            return self.who.step(by);
        }
        let at = Focus::ALL.iter().position(|focus| *focus == self.focus).unwrap_or_default();
        let count = Focus::ALL.len();
        let next = (at + if by > 0 { 1 } else { count - 1 }) % count;
        self.focus = Focus::ALL.get(next).copied().unwrap_or(Focus::When);
    }

    /// The command, or nothing where something is missing, which is said.
    pub(super) fn compose(&mut self, key: Key, context: &mut Context<'_>) -> Option<Command> {
        let due_at = match self.when.take(key) {
            Taken::Time(at) => at,
            Taken::Not(status) => {
                self.focus = Focus::When;
                context.say(status);
                return None;
            }
        };
        match self.who.meant() {
            Ok(owner) => Some(Command::MakePromise(PromiseWish {
                to: self.about.person,
                case: self.about.case,
                what: self.what.text().trim().to_owned(),
                channel: self.by(),
                due_at,
                owner,
            })),
            Err(what) => {
                self.focus = Focus::Who;
                context.say(Status::Refused(what));
                None
            }
        }
    }

    pub(super) fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>) -> bool {
        if self.draft_ticket == Some(ticket) {
            self.draft_ticket = None;
            if let Some(Answer::Draft(draft)) = answer
                && let Some(draft) = draft.as_ref()
            {
                self.restore(draft);
            }
            return true;
        }
        if self.reach_ticket == Some(ticket) {
            self.reach_ticket = None;
            if let Some(Answer::Reach(reach)) = answer {
                self.preferred = reach.preferred.unwrap_or(Channel::Telephone);
                if self.about.name.is_empty() {
                    self.about.name.clone_from(&reach.name);
                }
            }
            return true;
        }
        self.who.answered(ticket, answer)
    }

    fn restore(&mut self, draft: &Draft) {
        self.draft.found(draft.saved_at);
        if self.has_typed {
            return;
        }
        for (field, text) in &draft.fields {
            match field.as_str() {
                "when" => self.when.text.set(text),
                "by" => self.by = Channel::from_code(text),
                "what" => self.what.set(text),
                _ => {}
            }
        }
    }

    fn fields(&self) -> Vec<(String, String)> {
        let by = self.by.map(|by| by.code().to_owned()).unwrap_or_default();
        let fields = [("when", self.when.text.text()), ("by", by), ("what", self.what.text())];
        let kept = fields.into_iter().filter(|(_, text)| !text.is_empty());
        kept.map(|(name, text)| (name.to_owned(), text)).collect()
    }

    pub(super) fn keep(&mut self, context: &mut Context<'_>) -> Option<Keeping> {
        if !self.draft.is_unkept() {
            return None;
        }
        self.draft.keep(self.fields(), "when", 0, context)
    }

    pub(super) fn drop_draft(&mut self, context: &mut Context<'_>) -> Option<Keeping> {
        self.draft.drop_draft(context)
    }

    pub(super) fn draft_executed(&mut self, ticket: Ticket, is_kept: bool) -> bool {
        self.draft.executed(ticket, is_kept)
    }

    pub(super) fn tick(&mut self, context: &mut Context<'_>) {
        self.when.now = context.shared.now;
        if self.draft.is_due(context.shared.now) {
            self.keep(context);
        }
    }

    pub(super) fn picture(&self, cells: usize) -> Picture {
        let kept = self.draft.label(&self.when.zone).map(|kept| format!("   {kept}"));
        let about = self.about.case.map(|case| format!("  {case}")).unwrap_or_default();
        let title = format!(
            "-- PROMISE {}{about}{}",
            safe_line(&self.about.name),
            kept.unwrap_or_default()
        );
        let mut picture = Picture::titled(title);
        picture.field("when", &self.when.text, self.focus == Focus::When, cells, 1);
        let who = self.who.words().unwrap_or_else(|| "you".to_owned());
        let then = format!(", by {}, {who}", self.by().label());
        picture.words("", &self.when.words(&then), cells, 2);
        let ways: Vec<(String, bool)> = WAYS
            .iter()
            .map(|way| (format!("{} {}", way.key(), way.label()), *way == self.by()))
            .collect();
        picture.choices("by", &ways, self.focus == Focus::By, cells);
        picture.field("what", &self.what, self.focus == Focus::What, cells, 2);
        self.who.show("who", self.focus == Focus::Who, cells, &mut picture);
        if let Some(refusal) = &self.refusal {
            picture.words("refused", refusal, cells, 2);
        }
        picture
    }
}
