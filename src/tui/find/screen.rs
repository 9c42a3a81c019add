//! The state of the find screen, and what its keys do.
use ratatui::layout::{Position, Rect};

use crate::desk::{Answer, Ask, AskFind, Change, DeskError, FindAnswer, FindHit};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key, Keymap};
use crate::tui::paint::Paper;

use super::super::field::{Choice, TextField, Written, say_left_out};
use super::super::purposes;
use super::super::stay;
use super::super::{Context, Go, Handled, Screen, Shared, Status, Ticket, Whereabouts};
use super::draw;

/// Hits that a digit opens, and that are asked for at once.
pub(super) const HITS_SHOWN: u32 = 8;

/// The same, as rows.
pub(super) const HITS_SEEN: usize = 8;

/// Hits asked for at most, however far one goes down: beyond, one more letter finds faster.
const HITS_MAX: u32 = 200;

/// What has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    /// The text.
    Text,
    /// The hits.
    Hits,
}

/// Somebody whose like is looked for, whatever else was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alike {
    /// Who.
    pub(super) person: PersonId,
    /// The name that others are to have about.
    pub(super) name: String,
}

/// The find screen.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own of what was typed or asked, and none excludes another"
)]
#[derive(Debug, Clone)]
pub struct FindScreen {
    pub(super) text: TextField,
    pub(super) focus: Focus,
    /// The newest question, until it is answered.
    pub(super) asked: Option<Ticket>,
    /// Whether that is the question that was answered, asked once more as something changed: the hits that are drawn are
    /// those of the text, and keys act on them.
    is_refreshing: bool,
    /// The hit under the cursor, where it is not found any more.
    gone: Option<FindHit>,
    pub(super) answer: Option<FindAnswer>,
    pub(super) refused: Option<String>,
    /// Whether one rested since the text was typed: the hits say then what it takes many bytes to say.
    is_settled: bool,
    pub(super) choice: Choice,
    pub(super) alike: Option<Alike>,
    limit: u32,
    /// Rows that the choice goes down once more hits are here.
    steps_when_answered: isize,
    /// Enter came before the answer for the newest text.
    pub(super) opens_when_answered: bool,
    /// Whether the text is that of a search from which one went elsewhere: the key that finds begins another one.
    is_from_before: bool,
}

impl FindScreen {
    /// A find screen with this text typed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut line = TextField::line(LINE_BYTES_MAX);
        line.set(text);
        Self {
            text: line,
            focus: Focus::Text,
            asked: None,
            is_refreshing: false,
            gone: None,
            answer: None,
            refused: None,
            is_settled: false,
            choice: Choice::default(),
            alike: None,
            limit: HITS_SHOWN,
            steps_when_answered: 0,
            opens_when_answered: false,
            is_from_before: false,
        }
    }

    /// The hits of the text as it stands.
    pub(super) fn hits(&self) -> &[FindHit] {
        self.answer.as_ref().map_or(&[], |answer| answer.hits.as_slice())
    }

    pub(super) fn chosen(&self) -> Option<&FindHit> {
        self.hits().get(self.choice.at(self.hits().len()))
    }

    /// Whether the hits of the text as it stands are still to come: what is drawn are those of an older text.
    pub(super) fn is_looking(&self) -> bool {
        self.asked.is_some() && !self.is_refreshing
    }

    /// Whether the hits say all that there is to say of them.
    pub(super) fn is_full(&self, shared: &Shared) -> bool {
        self.is_settled || shared.is_rested
    }

    /// Whether this is the hit under the cursor, and it is not found any more.
    pub(super) fn is_gone(&self, hit: &FindHit) -> bool {
        self.gone.as_ref().is_some_and(|gone| is_same(gone, hit))
    }

    /// The first of the hits that digits count.
    pub(super) fn first_seen(&self) -> usize {
        self.choice.first_seen(self.hits().len(), HITS_SEEN)
    }

    /// Whether there are hits beyond those that were asked for.
    pub(super) fn has_more(&self) -> bool {
        let shown = u64::try_from(self.hits().len()).unwrap_or(u64::MAX);
        let is_full = shown >= u64::from(self.limit.min(HITS_MAX));
        is_full && self.answer.as_ref().is_some_and(|answer| answer.matched > shown)
    }

    /// Empties the text: what is typed next is another search.
    fn begin_anew(&mut self, context: &mut Context<'_>) {
        self.focus = Focus::Text;
        self.text.set("");
        self.gone = None;
        self.typed(context);
    }

    fn typed(&mut self, context: &mut Context<'_>) {
        self.is_from_before = false;
        self.alike = None;
        self.begin(context);
    }

    /// Asks from the first hit on.
    fn begin(&mut self, context: &mut Context<'_>) {
        self.limit = HITS_SHOWN;
        self.choice = Choice::default();
        self.steps_when_answered = 0;
        self.opens_when_answered = false;
        self.is_settled = false;
        self.refused = None;
        self.ask(context);
    }

    fn ask(&mut self, context: &mut Context<'_>) {
        if self.text.is_blank() {
            self.asked = None;
            self.answer = None;
            return;
        }
        self.is_refreshing = false;
        let text = self.alike.as_ref().map_or_else(|| self.text.text(), |alike| alike.name.clone());
        self.asked = Some(context.ask(AskFind { text, limit: self.limit }));
    }

    fn open_chosen(&mut self, context: &mut Context<'_>) {
        if self.is_looking() {
            self.opens_when_answered = true;
            return;
        }
        match self.chosen().cloned() {
            Some(hit) => self.open(&hit, context),
            None if self.text.is_blank() => {}
            None => {
                let keymap = &context.shared.keymap;
                let new = new_person(keymap);
                context.say(Status::Refused(format!(
                    "Nobody is found by that: {new} registers a new person with these words."
                )));
            }
        }
    }

    fn open_digit(&mut self, digit: u8, context: &mut Context<'_>) {
        // Digits count the hits in view, so a hit of an older text must never stand behind one.
        let place = self.first_seen() + usize::from(digit).saturating_sub(1);
        let is_in_view = usize::from(digit) <= HITS_SEEN && !self.is_looking();
        match self.hits().get(place).cloned().filter(|_| is_in_view) {
            Some(hit) => {
                self.choice.set(place);
                self.open(&hit, context);
            }
            None => context.say(Status::Refused(format!("There is no hit {digit}."))),
        }
    }

    /// Goes to the person or case of a hit. Whoever comes back is on that hit, where keys act, and types no words.
    fn open(&mut self, hit: &FindHit, context: &mut Context<'_>) {
        self.focus = Focus::Hits;
        match (&hit.case, hit.person) {
            (Some(case), _) => context.go(Go::Case(case.id)),
            (None, Some(person)) => context.go(Go::Person(person)),
            (None, None) => {}
        }
    }

    /// Looks for people like the chosen one, or, where that was done, for what was typed again.
    fn show_alike(&mut self, context: &mut Context<'_>) {
        let chosen = self.chosen().filter(|hit| hit.case.is_none());
        let alike = chosen.and_then(|hit| {
            let name = hit.also.as_ref().map_or_else(|| spoken(&hit.name), |it| it.name.clone());
            Some(Alike { person: hit.person?, name })
        });
        match (self.alike.take(), alike) {
            (Some(_), _) => self.begin(context),
            (None, Some(alike)) => {
                self.alike = Some(alike);
                self.begin(context);
            }
            (None, None) => context.say(Status::Refused(
                "Choose a person first: + shows those of about the same name.".to_owned(),
            )),
        }
    }

    /// Goes along the hits; past the last one, more are asked for.
    fn step(&mut self, by: isize, context: &mut Context<'_>) {
        if self.is_looking() {
            // The hits on the screen are an older text's: the move is among those that come.
            self.steps_when_answered = self.steps_when_answered.saturating_add(by);
            return;
        }
        let rows = self.hits().len();
        let left = rows.saturating_sub(1).saturating_sub(self.choice.at(rows));
        let beyond = by.saturating_sub_unsigned(left);
        self.choice.step(by, rows);
        self.let_go();
        if by <= 0 || beyond <= 0 || !self.has_more() || self.asked.is_some() {
            return;
        }
        let limit = self.limit.saturating_add(HITS_SHOWN).min(HITS_MAX);
        if limit == self.limit {
            context.say(Status::Refused(format!(
                "No more than {HITS_MAX} are shown: type one more letter, a birth year or an area."
            )));
            return;
        }
        self.limit = limit;
        self.steps_when_answered = beyond;
        self.ask(context);
    }

    /// Lets go of the hit that is not found any more, now that the choice leaves it.
    fn let_go(&mut self) {
        let Some(gone) = self.gone.take() else { return };
        let chosen = self.choice.at(self.hits().len());
        let Some(answer) = &mut self.answer else { return };
        let Some(place) = answer.hits.iter().position(|hit| is_same(hit, &gone)) else { return };
        answer.hits.remove(place);
        self.choice.set(if place < chosen { chosen - 1 } else { chosen });
    }

    /// Takes what was found again: the choice stays on its hit.
    fn take_again(&mut self, mut answer: FindAnswer) {
        let chosen = self.choice.at(self.hits().len());
        let (hits, place, is_gone) = stay::keep(self.hits(), chosen, answer.hits, is_same);
        self.gone = hits.get(place).filter(|_| is_gone).cloned();
        self.choice.set(place);
        answer.hits = hits;
        self.answer = Some(answer);
    }

    fn new_person(&self, context: &mut Context<'_>) {
        let shown: Vec<PersonId> = self
            .hits()
            .iter()
            .filter(|hit| hit.case.is_none())
            .filter_map(|hit| hit.person)
            .collect();
        context.go(Go::NewPerson(self.text.text().trim().to_owned(), shown));
    }
}

/// Whether two hits are one person or case.
fn is_same(one: &FindHit, other: &FindHit) -> bool {
    let number = |hit: &FindHit| (hit.person, hit.case.as_ref().map(|case| case.id));
    number(one) == number(other)
}

/// A name as one says it, of one as lists show it.
fn spoken(listed: &str) -> String {
    match listed.split_once(", ") {
        Some((family, given)) => format!("{given} {family}"),
        None => listed.to_owned(),
    }
}

impl Screen for FindScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.is_settled = true;
        self.opens_when_answered = false;
        self.ask(context);
    }

    fn rested(&mut self, _context: &mut Context<'_>) {
        self.is_settled = true;
    }

    fn keys(&self) -> keymap::Context {
        match self.focus {
            Focus::Text => keymap::Context::Find,
            Focus::Hits => keymap::Context::FindHits,
        }
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        let page = isize::try_from(HITS_SEEN).unwrap_or(1);
        let rows = self.hits().len();
        match (action, self.focus) {
            (Action::ListDown, _) => self.step(1, context),
            (Action::ListUp, _) => self.step(-1, context),
            (Action::PageDown, _) => self.step(page, context),
            (Action::PageUp, _) => self.step(-page, context),
            (Action::ListFirst, _) => self.step(isize::MIN / 2, context),
            (Action::ListLast, _) => {
                self.choice.set(rows.saturating_sub(1));
                self.let_go();
            }
            (Action::OpenRow, _) => self.open_chosen(context),
            (Action::IntoHits, Focus::Text) => self.focus = Focus::Hits,
            (Action::OpenFind, _) => self.begin_anew(context),
            (Action::IntoText, _) => {
                self.is_from_before = false;
                self.focus = Focus::Text;
            }
            (Action::Leave, Focus::Hits) => self.focus = Focus::Text,
            (Action::OpenHit, _) => self.open_digit(key.digit().unwrap_or(0), context),
            (Action::Alike, _) => self.show_alike(context),
            (Action::NewPerson, _) => self.new_person(context),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if self.focus == Focus::Hits {
            return Handled::No;
        }
        if std::mem::take(&mut self.is_from_before) && purposes::is_find(key, context.shared) {
            self.begin_anew(context);
            return Handled::Yes;
        }
        let written = self.text.key(key);
        if written == Written::Changed {
            self.typed(context);
        }
        written.into()
    }

    fn takes_paste(&mut self) -> bool {
        true
    }

    fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        self.focus = Focus::Text;
        let left_out = self.text.paste_keepable(text);
        say_left_out(left_out, context);
        self.typed(context);
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.asked != Some(ticket) {
            return;
        }
        self.asked = None;
        let is_refresh = std::mem::take(&mut self.is_refreshing);
        let opens = std::mem::take(&mut self.opens_when_answered);
        let steps = std::mem::take(&mut self.steps_when_answered);
        match answer.and_then(AskFind::expect) {
            Ok(answer) if is_refresh => self.take_again(answer),
            Ok(answer) => {
                let rows = answer.hits.len();
                self.gone = None;
                self.answer = Some(answer);
                self.refused = None;
                self.choice.step(steps, rows);
                if opens {
                    self.open_chosen(context);
                }
            }
            Err(error) => {
                self.answer = None;
                self.refused = Some(error.to_string());
            }
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        // A new question would take the place of the one that Enter waits for, so it is left alone until then. Where
        // nothing was found, anybody's change may be the registration that one looks for.
        let is_waiting = self.asked.is_some();
        let shows = |entity: &EntityId| match entity {
            EntityId::Person(person) => {
                self.hits().is_empty() || self.hits().iter().any(|hit| hit.person == Some(*person))
            }
            _ => false,
        };
        let is_touched = match change {
            Change::Changed(entities) => entities.iter().any(shows),
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
        };
        if is_touched && (!is_waiting || *change == Change::Sight) {
            self.ask(context);
            // Whom one may not see any more does not stay under the cursor either.
            let stays = *change != Change::Sight;
            self.is_refreshing = stays && self.answer.is_some() && self.asked.is_some();
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        draw::draw(self, shared, area, paper)
    }

    fn hints(&self) -> Vec<Action> {
        match self.focus {
            Focus::Text => {
                vec![Action::ListDown, Action::OpenRow, Action::IntoHits, Action::Leave]
            }
            Focus::Hits => vec![
                Action::OpenHit,
                Action::NewPerson,
                Action::Alike,
                Action::OpenFind,
                Action::OpenRow,
                Action::IntoText,
                Action::Leave,
            ],
        }
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        match action {
            Action::Alike if self.alike.is_some() => Some("as typed"),
            Action::OpenFind => Some("new search"),
            _ => None,
        }
    }

    /// Enter was pressed and the hit that it opens is still on its way: keys that come now are meant for what opens. Or keys
    /// are about hits that are.
    fn is_waiting(&self) -> bool {
        self.opens_when_answered || (self.focus == Focus::Hits && self.is_looking())
    }

    fn put_away(&mut self, _context: &mut Context<'_>) {
        self.is_from_before = !self.text.is_blank();
    }

    fn whereabouts(&mut self) -> Whereabouts {
        Whereabouts { text: Some(self.text.text()), ..Whereabouts::default() }
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        match self.chosen() {
            Some(hit) => (hit.case.as_ref().map(|case| case.id), hit.person),
            None => (None, None),
        }
    }
}

/// The keys that register a new person from the search: into its hits, and then the one there.
pub(super) fn new_person(keymap: &Keymap) -> String {
    let into = keymap.key(keymap::Context::Find, Action::IntoHits);
    format!("{into}, then {}", keymap.key(keymap::Context::FindHits, Action::NewPerson))
}
