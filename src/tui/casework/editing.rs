//! Opens the inline editors, sends what they say, and keeps their words until it is done.

use ratatui::layout::{Position, Rect};
use std::collections::VecDeque;

use crate::desk::{
    Answer, CaseFileAnswer, CaseRow, Command, DeskError, Draft, DraftForm, Receipt, RowResult,
};
use crate::domain::CaseId;
use crate::domain::cases::{CaseAct, EachAct};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::field::Keeping;
use crate::tui::paint::Paper;
use crate::tui::promises::Line;
use crate::tui::screen::{Context, Handled, Shared, Status, Ticket};
use crate::tui::text::safe_line;

use super::editor::{Composed, Turn, Typed};
use super::many::Many;
use super::meaning::{act_at_once, editor_for, editor_for_many, sending};
use super::merge::MergeEditor;
use super::open::Open;
use super::promising::Promising;
use super::repeat::repeatable;

/// Acts that wait their turn; more than anybody types ahead.
const SENDING_MAX: usize = 16;
/// Drafts held here because the desk could not keep them.
const UNKEPT_MAX: usize = 16;

/// The inline editors of one screen, at most one of them open, and what was sent and is not yet answered.
///
/// What is sent leaves the screen at once, so that whoever types ahead types into what comes next; it comes back with
/// its words if it is refused. Acts go out one after the other, each after the receipt for the one before.
#[derive(Debug, Default)]
pub struct Casework {
    open: Option<Open>,
    sending: VecDeque<Sending>,
    /// Drafts on their way to the desk from editors that are closed.
    pub(super) keeping: Vec<Keeping>,
    /// Drafts that the desk could not keep: they are offered again from here.
    unkept: Vec<Draft>,
    /// The case acted on last, and the version that its row had then: a row that is no newer is not news from others.
    acted: Option<(CaseId, u64)>,
    /// The editor on many cases.
    many: Many,
    /// Whether the editor that is opened next is the one in which somebody was cut off.
    resumes: bool,
    /// The case that is merged with the one acted on, where two are marked.
    beside: Option<CaseId>,
    /// The line of a promise.
    pub(super) promising: Promising,
}

/// What was sent: acts that are left, and the editor that they came from.
#[derive(Debug)]
struct Sending {
    row: CaseRow,
    open: Option<Open>,
    /// `None` until the editor could say what it would have done.
    acts: Option<VecDeque<CaseAct>>,
    /// What was carried out of them.
    done: Vec<CaseAct>,
    is_begun: bool,
    ticket: Option<Ticket>,
}

impl Sending {
    fn new(row: CaseRow, open: Option<Open>, acts: Option<VecDeque<CaseAct>>) -> Self {
        Self { row, open, acts, done: Vec::new(), is_begun: false, ticket: None }
    }
}

impl Casework {
    /// Nothing open.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Carries out an action on a case, by opening its editor or at once.
    pub fn act(&mut self, action: Action, row: &CaseRow, context: &mut Context<'_>) -> Handled {
        if let Some(handled) = self.act_on_promise(action, row, context) {
            return handled;
        }
        if let Some(act) = act_at_once(action, row) {
            self.send_at_once(row, act, context);
        } else if let Some(mut editor) = editor_for(action, row) {
            self.leave(context);
            if action == Action::Merge {
                editor = Box::new(MergeEditor::new(self.beside));
            }
            let mut open = Open::new(editor, action, row, context);
            open.is_resumed = std::mem::take(&mut self.resumes);
            if let Some(draft) = self.draft_at_hand(&open) {
                open.restore_at_hand(&draft);
            }
            self.open = Some(open);
        } else {
            return Handled::No;
        }
        Handled::Yes
    }

    /// Carries out an action on many cases, of which this row is one; nothing where it is about one case only.
    pub fn act_on_many(
        &mut self,
        action: Action,
        row: &CaseRow,
        cases: Vec<CaseId>,
        context: &mut Context<'_>,
    ) -> Option<Handled> {
        let editor = editor_for_many(action)?;
        self.leave(context);
        self.many.open(editor, action, row, cases, context);
        Some(Handled::Yes)
    }

    /// Does what was done last with the case of a row.
    pub fn repeat(&mut self, act: &EachAct, row: &CaseRow, context: &mut Context<'_>) -> Handled {
        let version = (!self.is_own_news(row)).then_some(row.version);
        self.acted = Some((row.id, row.version));
        self.many.repeat(act, vec![(row.id, version)], context);
        Handled::Yes
    }

    /// Does what was done last with each of these cases.
    pub fn repeat_on(
        &mut self,
        act: &EachAct,
        cases: Vec<CaseId>,
        context: &mut Context<'_>,
    ) -> Handled {
        self.many.repeat(act, cases.into_iter().map(|case| (case, None)).collect(), context);
        Handled::Yes
    }

    /// What became of each case of the last act on many, once.
    pub fn take_results(&mut self) -> Option<Vec<RowResult>> {
        self.many.take_results()
    }

    /// Whether keys had better wait for what the desk is about to say of many cases.
    #[must_use]
    pub fn is_waiting_for_many(&self) -> bool {
        self.many.is_waiting()
    }

    /// What the open editor is about: a case, or so many marked ones.
    #[must_use]
    pub fn heading(&self) -> Option<String> {
        let case = self.case().map(|case| case.to_string());
        let promise = self.promising.open.as_ref().map(|_| "what is promised".to_owned());
        case.or(promise).or_else(|| self.many.heading())
    }

    /// Has merging begin with another case that is marked: of two marked ones, the one that is not acted on.
    pub fn merge_beside(&mut self, marked: &[CaseId], acted_on: CaseId) {
        let mut others = marked.iter().filter(|marked| **marked != acted_on);
        self.beside = match (others.next(), others.next()) {
            (Some(only), None) => Some(*only),
            _ => None,
        };
    }

    /// Gives the open editor a case's file that is at hand, so that it need not wait for its own.
    pub fn inform(&mut self, file: &CaseFileAnswer, context: &mut Context<'_>) {
        if let Some(open) = &mut self.open
            && open.scene.row.id == file.row.id
            && open.scene.file.is_none()
        {
            let typed = open.inform(Box::new(file.clone()));
            self.follow(&typed, context);
        }
    }

    /// Whether an editor is open and has the focus.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some() || self.promising.open.is_some() || self.many.is_open()
    }

    /// Whether keys had better wait, for what they mean depends on what the desk is about to say: an act that is under
    /// way, or the draft and the case that an editor was opened with.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !self.sending.is_empty()
            || self.promising.is_waiting()
            || self.open.as_ref().is_some_and(Open::is_waiting)
            || self.many.is_waiting()
    }

    /// The case that the open editor is about.
    #[must_use]
    pub fn case(&self) -> Option<CaseId> {
        match &self.promising.open {
            Some(line) => line.case().or(self.promising.case()),
            None => self.open.as_ref().map(|open| open.scene.row.id),
        }
    }

    /// The form that is open, where it has words that are kept.
    #[must_use]
    pub fn editing(&self) -> Option<DraftForm> {
        if let Some(line) = &self.promising.open {
            return line.form();
        }
        self.open.as_ref().and_then(|open| open.editor.form())
    }

    /// Says that the editor that is opened next is the one in which somebody was cut off: the focus goes where it was, too.
    pub fn resume_next(&mut self) {
        self.resumes = true;
    }

    /// Has the open editor say who composes the same, or nobody.
    pub(in crate::tui) fn note_lease(&mut self, words: Option<String>) {
        if let Some(open) = &mut self.open {
            open.lease = words;
        }
    }

    /// Keeps what was typed and not kept yet; the editor stays open.
    pub fn put_away(&mut self, context: &mut Context<'_>) {
        if let Some(open) = &mut self.open {
            open.keep(context);
        }
    }

    /// Where the focus is, for the keymap; nowhere here, while no editor is open.
    #[must_use]
    pub fn keys(&self) -> Option<keymap::Context> {
        if self.promising.open.is_some() {
            return Some(keymap::Context::Line);
        }
        self.open.as_ref().map(|open| open.editor.keys()).or_else(|| self.many.keys())
    }

    /// Carries out an action while an editor is open.
    pub fn action(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Handled {
        if self.promising.open.is_some() {
            return self.promise_action(action, key, context);
        }
        if action == Action::StartAnew {
            self.start_anew(context);
            return Handled::Yes;
        }
        if action == Action::Leave && self.many.is_open() {
            self.leave(context);
            return Handled::Yes;
        }
        if self.many.action(action, key, context) {
            return Handled::Yes;
        }
        let Some(open) = &mut self.open else { return Handled::No };
        if action == Action::Send {
            self.send(context);
        } else if action == Action::Leave {
            if !open.editor.escape() {
                self.leave(context);
            }
        } else if action == Action::NextField {
            open.editor.turn(Turn::Next, key, &open.scene);
        } else if action == Action::PreviousField {
            open.editor.turn(Turn::Previous, key, &open.scene);
        } else {
            return Handled::No;
        }
        Handled::Yes
    }

    /// Takes a key that means no action.
    pub fn key(&mut self, key: Key, context: &mut Context<'_>) -> Handled {
        if let Some(line) = &mut self.promising.open {
            let after = line.key(key, context);
            self.after_promise(&after, context);
            return Handled::Yes;
        }
        if self.many.is_open() {
            let typed = self.many.key(key, context);
            if typed == Typed::Close {
                self.leave(context);
            }
            return Handled::Yes;
        }
        let Some(open) = &mut self.open else { return Handled::No };
        let mut typed = open.editor.key(key, &open.scene, context);
        if typed == Typed::Nothing {
            typed = open.key_meant(key, context);
        }
        self.follow(&typed, context);
        Handled::Yes
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        if let Some(line) = &mut self.promising.open {
            line.paste(text, context);
        }
        self.many.paste(text, context);
        if let Some(open) = &mut self.open {
            let typed = open.editor.paste(text, &open.scene, context);
            self.follow(&typed, context);
        }
    }

    /// Takes an answer; whether it was for an editor.
    pub fn answered(
        &mut self,
        ticket: Ticket,
        answer: &Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        let asked = self.promising.open.as_mut();
        if let Some(after) = asked.and_then(|line| line.answered(ticket, answer, context)) {
            self.after_promise(&after, context);
            return true;
        }
        let answer = answer.as_ref().ok();
        if self.many.answered(ticket, answer, context) {
            return true;
        }
        if let Some(typed) = self.open.as_mut().and_then(|open| open.answered(ticket, answer)) {
            self.follow(&typed, context);
            return true;
        }
        let mut sent = self.sending.iter_mut().filter_map(|sending| sending.open.as_mut());
        let is_taken = sent.any(|open| open.answered(ticket, answer).is_some());
        if is_taken {
            self.dispatch(context);
        }
        is_taken
    }

    /// Whether a receipt with this ticket is for an act on a case, so that its row is to be read again.
    #[must_use]
    pub fn is_act(&self, ticket: Ticket) -> bool {
        let is_front = |sending: &Sending| sending.ticket == Some(ticket);
        self.sending.front().is_some_and(is_front)
            || self.promising.is_act(ticket)
            || self.many.is_act(ticket)
    }

    /// Takes a receipt; whether it was for an editor's act or draft.
    pub fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        if self.promise_executed(ticket, receipt, context) {
            return true;
        }
        let is_done = receipt.is_ok();
        if self.many.executed(ticket, receipt, &mut self.keeping, context) {
            return true;
        }
        if let Some(at) = self.keeping.iter().position(|keeping| keeping.ticket == ticket) {
            let draft = self.keeping.remove(at).draft;
            if !is_done && self.unkept.len() < UNKEPT_MAX {
                self.unkept.extend(draft);
            }
            return true;
        }
        let kept =
            self.open.iter_mut().chain(self.sending.iter_mut().flat_map(|s| s.open.iter_mut()));
        if kept
            .into_iter()
            .flat_map(|open| &mut open.draft)
            .any(|draft| draft.executed(ticket, is_done))
        {
            return true;
        }
        if self.sending.front().is_none_or(|sending| sending.ticket != Some(ticket)) {
            return false;
        }
        if let Some(sending) = self.sending.pop_front() {
            match receipt {
                Ok(_) => self.carried_out(sending, context),
                Err(error) => self.refused(sending, error, context),
            }
        }
        self.dispatch(context);
        true
    }

    /// A second has passed: a draft that has rested is kept.
    pub fn tick(&mut self, context: &mut Context<'_>) {
        self.many.tick(context);
        if let Some(line) = &mut self.promising.open {
            line.tick(context);
        }
        if let Some(open) = &mut self.open {
            open.scene.now = context.shared.now;
            if open.draft.as_mut().is_some_and(|draft| draft.is_due(context.shared.now)) {
                open.keep(context);
            }
        }
    }

    /// The rows that the open editor would like to have; none where nothing is open.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        if let Some(line) = &self.promising.open {
            let rows = line.picture(usize::from(width)).rows.len();
            return u16::try_from(rows).unwrap_or(u16::MAX);
        }
        self.open.as_ref().map_or(self.many.height(width), |open| {
            u16::try_from(open.picture(usize::from(width)).rows.len()).unwrap_or(u16::MAX)
        })
    }

    /// Draws the open editor, and says where the cursor is to stand.
    #[must_use]
    pub fn draw(&self, _shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        if let Some(line) = &self.promising.open {
            return line.picture(usize::from(area.width)).draw(area, paper);
        }
        let Some(open) = &self.open else { return self.many.draw(area, paper) };
        open.picture(usize::from(area.width)).draw(area, paper)
    }

    /// What the footer shows while an editor is open.
    #[must_use]
    pub fn hints(&self) -> Option<Vec<Action>> {
        if self.promising.open.is_some() {
            return Some(Line::hints());
        }
        self.open.as_ref().map(|open| open.editor.hints()).or_else(|| self.many.hints())
    }

    /// What sending is called in the open editor, where it has a word of its own.
    #[must_use]
    pub fn hint_label(&self, action: Action) -> Option<&'static str> {
        if action != Action::Send {
            return None;
        }
        if let Some(line) = &self.promising.open {
            return line.form().map(|_| Action::Promise.info().label);
        }
        let open = self.open.as_ref().or_else(|| self.many.opened())?;
        sending(open.begun_by, &open.scene.row)
    }

    /// A draft that the desk does not have yet, or could not keep, of the editor that is being opened.
    fn draft_at_hand(&mut self, open: &Open) -> Option<Draft> {
        let key = open.draft.as_ref()?.key();
        if let Some(at) = self.unkept.iter().position(|draft| draft.key == *key) {
            return Some(self.unkept.remove(at));
        }
        let drafts = self.keeping.iter().rev().filter_map(|keeping| keeping.draft.as_ref());
        drafts.into_iter().find(|draft| draft.key == *key).cloned()
    }

    /// Drops the draft, here and at the desk, and opens the editor as if there had been none.
    fn start_anew(&mut self, context: &mut Context<'_>) {
        let Some(mut old) = self.open.take() else { return };
        let Some(editor) = editor_for(old.begun_by, &old.scene.row) else {
            self.open = Some(old);
            return;
        };
        self.keeping.extend(old.drop_draft(context));
        if let Some(key) = old.draft.as_ref().map(|draft| draft.key().clone()) {
            self.unkept.retain(|draft| draft.key != key);
            for keeping in &mut self.keeping {
                keeping.draft.take_if(|draft| draft.key == key);
            }
        }
        let mut open = Open::new(editor, old.begun_by, &old.scene.row, context);
        open.begin_anew();
        self.open = Some(open);
        if let Some(file) = old.scene.file {
            self.inform(&file, context);
        }
    }

    /// Does what a key or an answer has led to.
    fn follow(&mut self, typed: &Typed, context: &mut Context<'_>) {
        if let Some(open) = &mut self.open {
            open.note(typed, context);
        }
        match typed {
            Typed::Send => self.send(context),
            Typed::Close => self.leave(context),
            Typed::Begin(action, field, text) => self.begin(*action, field, text, context),
            Typed::Nothing | Typed::Changed | Typed::Refused(_) => {}
        }
    }

    /// Opens another editor on the same case, with a text in one of its fields.
    fn begin(&mut self, action: Action, field: &str, text: &str, context: &mut Context<'_>) {
        let Some(row) = self.open.as_ref().map(|open| open.scene.row.clone()) else { return };
        if self.act(action, &row, context) == Handled::Yes
            && let Some(open) = &mut self.open
        {
            open.editor.restore(field, text);
            open.note(&Typed::Changed, context);
        }
    }

    /// Closes the editor; what was typed is kept as a draft.
    pub(super) fn leave(&mut self, context: &mut Context<'_>) {
        if let Some(mut open) = self.open.take() {
            self.keeping.extend(open.keep(context));
        }
        self.keeping.extend(self.many.leave(context));
    }

    fn send_at_once(&mut self, row: &CaseRow, act: CaseAct, context: &mut Context<'_>) {
        let acts = Some(VecDeque::from([act]));
        self.queue(Sending::new(row.clone(), None, acts), context);
    }

    fn send(&mut self, context: &mut Context<'_>) {
        let Some(mut open) = self.open.take() else { return };
        let acts = match open.editor.compose(&open.scene) {
            Composed::Acts(acts) => Some(acts.into()),
            Composed::Waiting => None,
            Composed::Nothing => {
                self.keeping.extend(open.keep(context));
                return;
            }
            Composed::Stays => {
                self.open = Some(open);
                return;
            }
            Composed::Missing(what) => {
                context.say(Status::Refused(safe_line(&what).into_owned()));
                self.open = Some(open);
                return;
            }
        };
        let row = open.scene.row.clone();
        self.queue(Sending::new(row, Some(open), acts), context);
    }

    fn queue(&mut self, sending: Sending, context: &mut Context<'_>) {
        if self.sending.len() >= SENDING_MAX {
            context
                .say(Status::Refused("The desk is not answering yet: wait a moment.".to_owned()));
            self.open = sending.open.or(self.open.take());
            return;
        }
        self.sending.push_back(sending);
        self.dispatch(context);
    }

    /// Has the desk do the next act, once the one before has its receipt.
    fn dispatch(&mut self, context: &mut Context<'_>) {
        while let Some(mut sending) = self.sending.pop_front() {
            if sending.ticket.is_some() {
                self.sending.push_front(sending);
                return;
            }
            if let (None, Some(open)) = (&sending.acts, &mut sending.open) {
                match open.editor.compose(&open.scene) {
                    Composed::Acts(acts) => sending.acts = Some(acts.into()),
                    Composed::Waiting => {
                        self.sending.push_front(sending);
                        return;
                    }
                    Composed::Nothing | Composed::Stays => continue,
                    Composed::Missing(what) => {
                        context.say(Status::Refused(safe_line(&what).into_owned()));
                        self.bring_back(sending, context);
                        continue;
                    }
                }
            }
            let Some(act) = sending.acts.as_mut().and_then(VecDeque::pop_front) else { continue };
            let (case, version) = (sending.row.id, self.version(&sending));
            sending.done.push(act.clone());
            let command = match &sending.open {
                Some(open) => open.editor.command(case, version, act),
                None => Command::Case { case, version, act },
            };
            sending.ticket = Some(context.execute(command));
            self.sending.push_front(sending);
            return;
        }
    }

    /// The version to be checked. An own act that the row does not show yet is no reason to refuse the next one.
    fn version(&self, sending: &Sending) -> Option<u64> {
        let row = &sending.row;
        (!sending.is_begun && !self.is_own_news(row)).then_some(row.version)
    }

    fn is_own_news(&self, row: &CaseRow) -> bool {
        self.acted.is_some_and(|(acted, at)| acted == row.id && row.version <= at)
    }

    fn carried_out(&mut self, mut sending: Sending, context: &mut Context<'_>) {
        self.acted = Some((sending.row.id, sending.row.version));
        if sending.acts.as_ref().is_some_and(|acts| !acts.is_empty()) {
            sending.ticket = None;
            sending.is_begun = true;
            self.sending.push_front(sending);
        } else {
            let corrects = |open: &Open| open.begun_by == Action::CorrectClosed;
            context.remember(if sending.open.as_ref().is_some_and(corrects) {
                Err("A correction is of its own case, and two people sign it (I).".to_owned())
            } else {
                repeatable(sending.done)
            });
            if let Some(mut open) = sending.open {
                self.keeping.extend(open.drop_draft(context));
            }
        }
    }

    /// The words come back; what was typed ahead for the same case is not done, since it rested on this.
    fn refused(&mut self, mut sending: Sending, error: &DeskError, context: &mut Context<'_>) {
        let case = sending.row.id;
        let (rested, others): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.sending).into_iter().partition(|later| later.row.id == case);
        self.sending = others;
        for open in rested.into_iter().filter_map(|later| later.open) {
            self.put_aside(open, context);
        }
        if let Some(open) = &mut sending.open {
            open.refusal = Some(safe_line(&error.to_string()).into_owned());
            if matches!(error, DeskError::Changed { .. }) {
                open.read_again(context);
            }
        }
        self.bring_back(sending, context);
    }

    fn bring_back(&mut self, sending: Sending, context: &mut Context<'_>) {
        let Some(open) = sending.open else { return };
        if self.open.is_some() {
            self.put_aside(open, context);
        } else {
            self.open = Some(open);
        }
    }

    /// Keeps an editor's words as a draft, where something else has the focus.
    fn put_aside(&mut self, mut open: Open, context: &mut Context<'_>) {
        self.keeping.extend(open.keep(context));
    }
}
