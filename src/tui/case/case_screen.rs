//! The case screen: its state, what its keys do, and its picture.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, AskCaseFile, CaseFileAnswer, Change, Command, DeskError, PURPOSE_NEEDED, Receipt,
};
use crate::domain::cases::{CaseAct, EachAct, EscalationState};
use crate::domain::event::EntityId;
use crate::domain::office::Purpose;
use crate::domain::{CaseId, CaseworkerId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::casework::Casework;
use crate::tui::field::Picture;
use crate::tui::header::header;
use crate::tui::paint::{Canvas, Meaning, Paper};
use crate::tui::plain::say;
use crate::tui::purposes;
use crate::tui::screen::{Context, Go, Handled, Screen, Shared, Status, Ticket};
use crate::tui::status::{STAYS_CLOSED, in_place, in_place_of_open};
use crate::tui::text::wrap;

use super::division::{Wishes, divide};
use super::head::head;
use super::merged;
use super::reveal::Reveal;
use super::timeline::{Chosen, detail, heard, list};

/// Timeline entries that are asked for at first.
const ENTRIES_FIRST: u32 = 60;
/// Timeline entries that are ever asked for at once.
const ENTRIES_MAX: u32 = 1_000;
/// Rows of the words that say why a case does not open.
const REFUSED_ROWS_MAX: usize = 4;
/// What is said while a purpose is to be picked.
const PICK_PURPOSE: &str =
    "Pick the purpose with its digit; it is asked once a day for each person.";
/// What is said while the purpose is to be picked for which something is shown.
const PICK_REVEALED: &str = "Pick the purpose with its digit, or leave.";
/// Entries that a page key moves by.
const PAGE: usize = 8;

/// How far the case has been opened.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Opening {
    /// Not asked for yet.
    Not,
    /// The reading is being recorded; the file is shown after that.
    Asked(Ticket),
    /// Recorded.
    Done,
    /// Nothing tells for which purpose, so that it is asked: why.
    Purpose(String),
    /// It may not be opened, or cannot be read: why.
    Refused(String),
    /// It is closed to whoever asks: why. Coming back asks whether it opens by now, which is no attempt on it.
    Closed(String),
}

/// A case on the screen.
#[derive(Debug)]
pub struct CaseScreen {
    case: CaseId,
    opening: Opening,
    file: Option<Box<CaseFileAnswer>>,
    /// The newest question; an older one's answer is dropped.
    asked: Option<Ticket>,
    entries: u32,
    chosen: Chosen,
    /// Whether the chosen entry's text goes before the timeline.
    is_reading: bool,
    casework: Casework,
    reveal: Reveal,
    /// An act of the screen's own.
    acted: Option<Ticket>,
    /// Whether the file is being read again after an act from here, so that what is shown is older than what was done.
    is_renewed: bool,
    /// Who is signed in, once anything was asked.
    me: Option<CaseworkerId>,
}

impl CaseScreen {
    /// The screen of a case, before it has asked for anything.
    #[must_use]
    pub fn new(case: CaseId) -> Self {
        Self {
            case,
            opening: Opening::Not,
            file: None,
            asked: None,
            entries: ENTRIES_FIRST,
            chosen: Chosen::default(),
            is_reading: false,
            casework: Casework::new(),
            reveal: Reveal::default(),
            acted: None,
            is_renewed: false,
            me: None,
        }
    }

    fn ask(&mut self, context: &mut Context<'_>) {
        let (case, entries) = (self.case, self.entries);
        self.asked = Some(context.ask(AskCaseFile { case, entries }));
    }

    fn open(&mut self, purpose: Purpose, context: &mut Context<'_>) {
        let command = Command::OpenCase { case: self.case, purpose };
        self.opening = Opening::Asked(context.execute(command));
    }

    fn hop(&self, key: Key, context: &mut Context<'_>) -> Handled {
        let place = key.digit().and_then(|digit| usize::from(digit).checked_sub(1));
        let parties = self.file.as_ref().map(|file| file.parties.as_slice()).unwrap_or_default();
        match place.and_then(|place| parties.get(place)) {
            Some(party) => {
                context.go(Go::Person(party.person));
                Handled::Yes
            }
            None => Handled::No,
        }
    }

    fn move_to(&mut self, place: usize, context: &mut Context<'_>) {
        let Some(file) = &self.file else { return };
        self.chosen.choose(place, &file.timeline);
        let loaded = file.timeline.len();
        let has_more = u64::try_from(loaded).is_ok_and(|loaded| loaded < file.timeline_total);
        if place.saturating_add(PAGE) >= loaded && has_more && self.entries < ENTRIES_MAX {
            self.entries = self.entries.saturating_mul(2).min(ENTRIES_MAX);
            self.ask(context);
        }
    }

    /// Moves in the timeline; `None` for actions that do something else.
    fn moved(&self, action: Action) -> Option<usize> {
        let entries = self.file.as_ref().map(|file| file.timeline.as_slice()).unwrap_or_default();
        let place = self.chosen.place(entries);
        let moves = [
            (Action::ListDown, place.saturating_add(1)),
            (Action::ListUp, place.saturating_sub(1)),
            (Action::PageDown, place.saturating_add(PAGE)),
            (Action::PageUp, place.saturating_sub(PAGE)),
            (Action::ListFirst, 0),
            (Action::ListLast, entries.len().saturating_sub(1)),
        ];
        moves.into_iter().find(|(moving, _)| *moving == action).map(|(_, to)| to)
    }

    /// Claims this very case, where it is one that nobody has: `.` takes the next one everywhere else.
    fn claim(&mut self, context: &mut Context<'_>) -> Handled {
        let Some(file) = &self.file else { return Handled::No };
        if !is_free(file) {
            return Handled::No;
        }
        let (case, version) = (file.case.id, Some(file.row.version));
        self.acted = Some(context.execute(Command::Case { case, version, act: CaseAct::Claim }));
        Handled::Yes
    }

    /// Takes the newest merge apart, or that of the number which was opened.
    fn take_apart(&mut self, context: &mut Context<'_>) -> Handled {
        let Some(file) = &self.file else { return Handled::No };
        let asked = EntityId::Case(self.case);
        let own = file.merges.iter().find(|line| line.is_direct && line.merged == asked);
        let newest = || file.merges.iter().find(|line| line.is_direct);
        if let Some(line) = own.or_else(newest) {
            let (merge, reason) = (line.merge, String::new());
            self.acted = Some(context.execute(Command::Unmerge { merge, reason }));
        } else {
            let words = format!("Nothing was merged into {}.", file.case.id);
            context.say(Status::Refused(words));
        }
        Handled::Yes
    }

    fn is_touched_by(&self, entity: &EntityId) -> bool {
        match (entity, &self.file) {
            (EntityId::Case(case), file) => {
                *case == self.case || file.as_ref().is_some_and(|file| file.case.id == *case)
            }
            (EntityId::Message(message), Some(file)) => {
                file.messages.iter().any(|known| known.id == *message)
            }
            (EntityId::Person(person), Some(file)) => {
                file.parties.iter().any(|party| party.person == *person)
            }
            // Nothing else is on this screen.
            _ => false,
        }
    }

    /// What is shown while there is no file.
    fn draw_without_file(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) {
        let words = match &self.opening {
            Opening::Refused(why) | Opening::Closed(why) | Opening::Purpose(why) => why,
            Opening::Not | Opening::Asked(_) | Opening::Done => "reading",
        };
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.line(0, &header(&self.case.to_string(), "", shared, cells));
        let words = wrap(words, cells, REFUSED_ROWS_MAX);
        for (row, line) in (1..).zip(&words) {
            canvas.line(row, line);
        }
        if matches!(self.opening, Opening::Purpose(_)) {
            purposes::draw("open it", shared, &mut canvas, words.len() + 2);
        }
    }
}

/// Why a case does not open.
fn not_opened(error: &DeskError, why: String) -> Opening {
    match error {
        DeskError::Closed(_) => Opening::Closed(why),
        _ => Opening::Refused(why),
    }
}

/// Whether nobody has the case, and it is there to be claimed.
fn is_free(file: &CaseFileAnswer) -> bool {
    file.case.owner.is_none() && file.case.is_open() && !file.case.stage.is_before_routing()
}

impl Screen for CaseScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.me = Some(context.shared.who.caseworker.id);
        self.reveal.hide();
        match self.opening {
            Opening::Not | Opening::Refused(_) => self.open(Purpose::unasked(), context),
            Opening::Purpose(_) | Opening::Asked(_) => {}
            Opening::Done | Opening::Closed(_) => self.ask(context),
        }
    }

    fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if self.reveal.is_asking() {
            if !self.reveal.choose(key.digit(), context) {
                context.say(Status::Refused(PICK_REVEALED.to_owned()));
            }
            return Handled::Yes;
        }
        if !matches!(self.opening, Opening::Purpose(_)) {
            return self.casework.key(key, context);
        }
        match purposes::chosen(key.digit(), context.shared) {
            Some(purpose) => self.open(purpose, context),
            None if purposes::goes_to_find(key, context) => {}
            None => context.say(Status::Refused(PICK_PURPOSE.to_owned())),
        }
        Handled::Yes
    }

    fn keys(&self) -> keymap::Context {
        if matches!(self.opening, Opening::Purpose(_)) || self.reveal.is_asking() {
            return keymap::Context::Line;
        }
        self.casework.keys().unwrap_or(keymap::Context::Case)
    }

    fn act(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        if self.casework.is_open() {
            return self.casework.action(action, key, context);
        }
        if action != Action::Reveal {
            self.reveal.is_left();
        }
        let was_revealed = self.reveal.hide();
        if was_revealed && action == Action::Leave {
            return Handled::Yes;
        }
        if let Some(place) = self.moved(action) {
            self.move_to(place, context);
            return Handled::Yes;
        }
        if action == Action::OpenRow {
            self.is_reading = !self.is_reading;
            return Handled::Yes;
        }
        if action == Action::HopOnCase {
            return self.hop(key, context);
        }
        if action == Action::Reveal {
            let (_, person) = self.subject();
            let (Some(person), Some(file)) = (person, &self.file) else { return Handled::No };
            let is_own =
                file.case.is_open() && file.case.owner.is_some_and(|it| Some(it) == self.me);
            self.reveal.ask(person, file, is_own, context);
            return Handled::Yes;
        }
        if action == Action::ClaimNext {
            return self.claim(context);
        }
        if action == Action::Unmerge {
            return self.take_apart(context);
        }
        let Some(file) = &self.file else { return Handled::No };
        let handled = self.casework.act(action, &file.row, context);
        if handled == Handled::Yes {
            self.casework.inform(file, context);
        }
        handled
    }

    fn casework(&mut self) -> Option<&mut Casework> {
        Some(&mut self.casework)
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.asked != Some(ticket) {
            self.casework.answered(ticket, &answer, context);
            return;
        }
        self.asked = None;
        self.is_renewed = false;
        match answer {
            // It opens by now: the reading is recorded before it is shown.
            Ok(_) if matches!(self.opening, Opening::Closed(_)) => {
                self.open(Purpose::unasked(), context);
            }
            Ok(Answer::CaseFile(file)) => self.file = Some(file),
            Ok(_) => {}
            Err(error) => {
                // What was shown stays, but for a case that may no longer be seen.
                if self.file.is_none() || error.is_denied() {
                    let why = if self.file.is_some() { in_place_of_open } else { in_place };
                    self.file = None;
                    self.opening = not_opened(&error, why(&error, context.shared));
                }
            }
        }
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        if self.opening == Opening::Asked(ticket) {
            match receipt {
                Ok(_) => {
                    self.opening = Opening::Done;
                    self.ask(context);
                }
                Err(DeskError::Refused(refusal)) if refusal.code == PURPOSE_NEEDED => {
                    self.opening = Opening::Purpose(refusal.what.clone());
                    context.say(Status::Refused(PICK_PURPOSE.to_owned()));
                }
                Err(error) => {
                    self.opening = not_opened(error, in_place(error, context.shared));
                    if matches!(self.opening, Opening::Closed(_)) {
                        context.say(Status::Refused(STAYS_CLOSED.to_owned()));
                    }
                }
            }
            return;
        }
        if self.reveal.executed(ticket, receipt, context) {
            return;
        }
        let is_own = self.acted == Some(ticket);
        if is_own {
            self.acted = None;
        }
        let is_act = self.casework.is_act(ticket) || is_own;
        self.casework.executed(ticket, receipt, context);
        if is_act && receipt.is_ok() {
            self.is_renewed = true;
            self.ask(context);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
            Change::Changed(entities) => entities.iter().any(|entity| self.is_touched_by(entity)),
        };
        if is_touched && self.opening == Opening::Done {
            self.ask(context);
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let area = area.intersection(paper.area());
        let Some(file) = &self.file else {
            self.draw_without_file(shared, area, paper);
            return area.as_position();
        };
        let cells = usize::from(area.width);
        let rows = usize::from(area.height);
        let mut head = head(file, shared, cells);
        if let Some(row) = merged::row(file, self.case, shared, cells) {
            head.insert_below_title(Picture::titled(row));
        }
        let revealed = self.reveal.rows(shared);
        let is_revealed = revealed.is_some();
        let detail = revealed.unwrap_or_else(|| detail(file, self.chosen, shared, cells));
        let wishes = Wishes {
            head: head.rows.len(),
            timeline: file.timeline.len() + 1,
            detail: detail.len(),
            editor: usize::from(self.casework.height(area.width)),
            is_detail_first: self.is_reading || is_revealed,
        };
        let division = divide(rows, wishes);
        let (list, chosen) = list(file, self.chosen, shared, division.timeline);
        let mut canvas = Canvas::new(area, paper);
        let mut below = 0;
        let is_late = file.case.is_open() && file.row.due_at.is_some_and(|due| due < shared.now);
        let title = if is_late { Meaning::Alarm } else { Meaning::Strong };
        for (lines, room, first) in [
            (&head.rows, division.head, title),
            (&list, division.timeline, Meaning::Rule),
            (&detail, division.detail, Meaning::Rule),
        ] {
            for (row, line) in lines.iter().take(room).enumerate() {
                canvas.put(below + row, 0, line, if row == 0 { first } else { Meaning::Plain });
            }
            below += room.min(lines.len());
        }
        head.hear_on(&mut canvas, division.head);
        canvas.say(0, || say::case(&file.row, false, shared));
        let shown = division.timeline.saturating_sub(1).min(list.len().saturating_sub(1));
        let first = (self.chosen.place(&file.timeline) + 1).saturating_sub(chosen);
        for (row, place) in (division.head + 1..).zip(first..).take(shown) {
            let Some(entry) = file.timeline.get(place) else { break };
            canvas.list(row, place, file.timeline.len());
            canvas.say(row, || heard(entry, shared));
        }
        let at = |row: usize| area.y.saturating_add(u16::try_from(row).unwrap_or(u16::MAX));
        if self.casework.is_open() {
            let above = rows.saturating_sub(division.editor);
            let height = u16::try_from(division.editor).unwrap_or(area.height);
            let place = Rect { y: at(above), height, ..area };
            return self.casework.draw(shared, place, paper);
        }
        let row = (division.head + chosen).min(rows.saturating_sub(1));
        Position { x: area.x, y: at(row) }
    }

    fn hints(&self) -> Vec<Action> {
        if let Some(hints) = self.casework.hints() {
            return hints;
        }
        if self.reveal.is_asking() {
            return vec![Action::Leave];
        }
        if matches!(self.opening, Opening::Closed(_)) {
            return vec![Action::Emergency, Action::Leave];
        }
        let Some(file) = &self.file else { return vec![Action::Leave] };
        if !file.case.is_open() {
            return vec![
                Action::ReopenCase,
                Action::CorrectClosed,
                Action::AddNote,
                Action::Why,
                Action::Leave,
            ];
        }
        let mut hints = Vec::new();
        // The form stands early in the line where the type has one: the rest would push it out.
        if !file.plan.fields.is_empty() && file.is_actors {
            hints.push(Action::FillIn);
        }
        if !file.extensions.is_empty() && file.is_actors {
            hints.push(Action::Extend);
        }
        if is_free(file) {
            hints.push(Action::ClaimNext);
        }
        let open = file.case.open_escalation();
        if self.me.is_some_and(|me| {
            open.is_some_and(|open| open.to == me && open.state == EscalationState::Raised)
        }) {
            hints.push(Action::Acknowledge);
        }
        hints.extend([
            Action::Escalate,
            Action::Reply,
            Action::CloseCase,
            Action::NextStep,
            Action::Decide,
            Action::Give,
            Action::Hold,
            Action::AddNote,
            Action::Merge,
            Action::Promise,
            Action::EndPromise,
            Action::Why,
            Action::Leave,
        ]);
        hints
    }

    fn hint_label(&self, action: Action) -> Option<&'static str> {
        let is_free = self.file.as_ref().is_some_and(|file| is_free(file));
        let claim = (action == Action::ClaimNext && is_free).then_some("claim");
        claim.or_else(|| self.casework.hint_label(action))
    }

    fn is_waiting(&self) -> bool {
        // A change that is heard of before the file is here has it asked for anew, and keys wait for that one.
        let is_coming = self.file.is_none() && self.asked.is_some();
        let is_opening = is_coming || matches!(self.opening, Opening::Asked(_));
        is_opening || self.acted.is_some() || self.is_renewed || self.casework.is_waiting()
    }

    fn is_shown(&self) -> bool {
        self.file.is_some()
    }

    fn repeat(&mut self, act: &EachAct, context: &mut Context<'_>) -> Handled {
        let Some(file) = &self.file else { return Handled::No };
        self.casework.repeat(act, &file.row, context)
    }

    fn about(&self) -> String {
        let Some(file) = &self.file else { return String::new() };
        let person = file.parties.first().map(|party| party.name.as_str()).unwrap_or_default();
        format!("{} {}   {person}", file.row.nature.code(), file.row.subject)
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        let parties = self.file.iter().flat_map(|file| &file.parties);
        let case = self.file.as_ref().map_or(self.case, |file| file.case.id);
        (Some(case), parties.map(|party| party.person).next())
    }
}
