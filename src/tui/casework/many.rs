//! One editor on many cases: what would become of each is shown before it is done, and what was not done is handed back.
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, AskForEach, CaseRow, Command, DeskError, ForEachAnswer, Receipt, RowResult, Undoable,
};
use crate::domain::cases::{CaseAct, EachAct};
use crate::domain::{CaseId, EntityId, Refusal};
use crate::keymap::{self, Action, Key};
use crate::tui::field::{Keeping, Picture};
use crate::tui::paint::Paper;
use crate::tui::screen::{Context, Status, Ticket};
use crate::tui::text::safe_line;

use super::editor::{Composed, Editor, Turn, Typed};
use super::open::Open;

/// Reasons that the preview names, and cases of each.
const REASONS_MAX: usize = 3;
const NAMED_MAX: usize = 4;
/// Rows of the letter that are shown at once.
const LETTER_ROWS_MAX: usize = 20;
/// Rows into which one line of a letter is wrapped.
const LINE_ROWS_MAX: usize = 12;
/// Rows of the terminal that are never the editor's: what stands above the list, the list's least, status and footer.
const ROWS_ELSEWHERE: usize = 14;

/// The editor on many cases, if one is open, and what was sent and is not yet answered.
#[derive(Debug, Default)]
pub(super) struct Many {
    open: Option<OpenMany>,
    sending: Option<Sending>,
    results: Option<Vec<RowResult>>,
}

#[derive(Debug)]
struct Sending {
    ticket: Ticket,
    act: EachAct,
    /// Nothing where an act is done again without an editor.
    open: Option<OpenMany>,
}

#[derive(Debug)]
struct OpenMany {
    open: Open,
    cases: Vec<CaseId>,
    preview: Option<(EachAct, ForEachAnswer)>,
    asked: Option<(Ticket, EachAct, u32)>,
    /// Which of the letters is shown.
    letter: u32,
    /// How many rows of it are above what is shown.
    above: usize,
    /// Whether it is to be sent as soon as the preview of what is typed is here.
    is_sending: bool,
}

impl Many {
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Whether keys mean what comes after an answer that is under way.
    pub(super) fn is_waiting(&self) -> bool {
        self.sending.is_some()
            || self.open.as_ref().is_some_and(|many| many.is_sending || many.open.is_waiting())
    }

    /// Whether this is the ticket of an act that was sent.
    pub(super) fn is_act(&self, ticket: Ticket) -> bool {
        self.sending.as_ref().is_some_and(|sending| sending.ticket == ticket)
    }

    pub(super) fn open(
        &mut self,
        editor: Box<dyn Editor>,
        begun_by: Action,
        row: &CaseRow,
        cases: Vec<CaseId>,
        context: &mut Context<'_>,
    ) {
        let open = Open::on_many(editor, begun_by, row, cases.len(), context);
        let (preview, asked) = (None, None);
        self.open =
            Some(OpenMany { open, cases, preview, asked, letter: 0, above: 0, is_sending: false });
    }

    pub(super) fn heading(&self) -> Option<String> {
        self.open.as_ref().map(|many| format!("{} marked", many.cases.len()))
    }

    pub(super) fn keys(&self) -> Option<keymap::Context> {
        self.open.as_ref().map(|many| many.open.editor.keys())
    }

    /// The editor that is open.
    pub(super) fn opened(&self) -> Option<&Open> {
        self.open.as_ref().map(|many| &many.open)
    }

    pub(super) fn hints(&self) -> Option<Vec<Action>> {
        self.open.as_ref().map(|many| many.open.editor.hints())
    }

    /// Closes the editor; what was typed is kept as a draft.
    pub(super) fn leave(&mut self, context: &mut Context<'_>) -> Option<Keeping> {
        self.open.take()?.open.keep(context)
    }

    /// Keeps a draft that has rested.
    pub(super) fn tick(&mut self, context: &mut Context<'_>) {
        let Some(many) = &mut self.open else { return };
        let now = context.shared.now;
        many.open.scene.now = now;
        if many.open.draft.as_mut().is_some_and(|draft| draft.is_due(now)) {
            many.open.keep(context);
        }
    }

    /// Carries out an action of the open editor; whether it was one.
    pub(super) fn action(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> bool {
        let Some(many) = &mut self.open else { return false };
        match action {
            Action::Send => self.send(context),
            Action::NextField => many.open.editor.turn(Turn::Next, key, &many.open.scene),
            Action::PreviousField => many.open.editor.turn(Turn::Previous, key, &many.open.scene),
            Action::NextLetter => many.read_on(context.shared.size),
            Action::PreviousLetter => many.read_back(context.shared.size),
            _ => return false,
        }
        self.look(context);
        true
    }

    pub(super) fn key(&mut self, key: Key, context: &mut Context<'_>) -> Typed {
        let Some(many) = &mut self.open else { return Typed::Nothing };
        let typed = many.open.editor.key(key, &many.open.scene, context);
        self.follow(typed, context)
    }

    pub(super) fn paste(&mut self, text: &str, context: &mut Context<'_>) -> Typed {
        let Some(many) = &mut self.open else { return Typed::Nothing };
        let typed = many.open.editor.paste(text, &many.open.scene, context);
        self.follow(typed, context)
    }

    fn follow(&mut self, typed: Typed, context: &mut Context<'_>) -> Typed {
        if let Some(many) = &mut self.open {
            many.open.note(&typed, context);
            many.above = 0;
        }
        if typed == Typed::Send {
            self.send(context);
        }
        self.look(context);
        typed
    }

    /// Takes an answer; whether it was for the editor.
    pub(super) fn answered(
        &mut self,
        ticket: Ticket,
        answer: Option<&Answer>,
        context: &mut Context<'_>,
    ) -> bool {
        let Some(many) = &mut self.open else { return false };
        if many.asked.as_ref().is_some_and(|(asked, ..)| *asked == ticket) {
            let Some((_, act, _)) = many.asked.take() else { return true };
            if let Some(Answer::ForEach(preview)) = answer {
                many.letter = preview.letter.as_ref().map_or(0, |letter| letter.place);
                many.preview = Some((act, (**preview).clone()));
            } else {
                // It is asked for again with the next key, and not by itself: the answer may be the same.
                many.is_sending = false;
                return true;
            }
        } else if many.open.answered(ticket, answer).is_none() {
            return false;
        }
        if many.is_sending {
            self.send(context);
        }
        self.look(context);
        true
    }

    /// Asks what would become of each case, unless that is known or asked already.
    fn look(&mut self, context: &mut Context<'_>) {
        let Some(many) = &mut self.open else { return };
        let Some(act) = many.open.editor.for_each(&many.open.scene) else {
            many.preview = None;
            return;
        };
        let is_shown = many.preview.as_ref().is_some_and(|(shown, preview)| {
            let letter = preview.letter.as_ref();
            *shown == act && letter.is_none_or(|letter| letter.place == many.letter)
        });
        if many.asked.is_some() || is_shown {
            return;
        }
        let (cases, letter) = (many.cases.clone(), many.letter);
        let ticket = context.ask(AskForEach { cases, act: act.clone(), letter });
        many.asked = Some((ticket, act, letter));
    }

    /// Sends it once the preview of what is typed is here: what is done is what could be seen. Until then it is to be sent,
    /// whichever answer comes first.
    fn send(&mut self, context: &mut Context<'_>) {
        let Some(mut many) = self.open.take() else { return };
        many.is_sending = false;
        let Some(act) = many.open.editor.for_each(&many.open.scene) else {
            match many.open.editor.compose(&many.open.scene) {
                Composed::Waiting => many.is_sending = true,
                Composed::Missing(what) => {
                    context.say(Status::Refused(safe_line(&what).into_owned()));
                }
                Composed::Acts(_) | Composed::Nothing | Composed::Stays => {
                    let what = "This is done with one case at a time: unmark them first.";
                    context.say(Status::Refused(what.to_owned()));
                }
            }
            self.open = Some(many);
            return;
        };
        let Some((_, preview)) = many.preview.as_ref().filter(|(shown, _)| *shown == act) else {
            many.is_sending = true;
            self.open = Some(many);
            return;
        };
        if preview.lines.iter().all(|line| line.refused.is_some()) {
            let why = reasons(preview).into_iter().next().unwrap_or_default();
            context.say(Status::Refused(format!("None of them would be: {}", safe_line(&why))));
            self.open = Some(many);
            return;
        }
        let version = |case: &CaseId| {
            let line = preview.lines.iter().find(|line| line.case == *case)?;
            line.refused.is_none().then_some(line.version)
        };
        let cases = many.cases.iter().map(|case| (*case, version(case))).collect();
        let ticket = context.execute(Command::ForEach { cases, act: act.clone() });
        self.sending = Some(Sending { ticket, act, open: Some(many) });
    }

    /// Does an act without an editor.
    pub(super) fn repeat(
        &mut self,
        act: &EachAct,
        cases: Vec<(CaseId, Option<u64>)>,
        context: &mut Context<'_>,
    ) {
        if self.sending.is_some() {
            let words = "The desk is not answering yet: wait a moment.".to_owned();
            return context.say(Status::Refused(words));
        }
        let ticket = context.execute(Command::ForEach { cases, act: act.clone() });
        self.sending = Some(Sending { ticket, act: act.clone(), open: None });
    }

    /// Takes a receipt; whether it was for an act on many or its draft. A draft that it makes needless goes to `keeping`.
    pub(super) fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        keeping: &mut Vec<Keeping>,
        context: &mut Context<'_>,
    ) -> bool {
        let is_done = receipt.is_ok();
        let open = self.open.iter_mut().chain(self.sending.iter_mut().flat_map(|it| &mut it.open));
        let mut drafts = open.flat_map(|many| &mut many.open.draft);
        if drafts.any(|draft| draft.executed(ticket, is_done)) {
            return true;
        }
        let Some(sent) = self.sending.take_if(|sent| sent.ticket == ticket) else { return false };
        let Sending { act, open, .. } = sent;
        let refused = match receipt {
            Ok(receipt) => {
                self.results = Some(receipt.rows.clone());
                let refused = refused(&receipt.rows);
                if refused.len() < receipt.rows.len() {
                    let undo = context.shared.keymap.key(keymap::Context::Row, Action::Undo);
                    context.say(told(receipt, &refused, open.is_none(), &undo));
                    context.remember(Ok(act));
                    keeping.extend(open.and_then(|mut many| many.open.drop_draft(context)));
                    return true;
                }
                grouped(&refused).into_iter().next().unwrap_or_default()
            }
            Err(error) => error.to_string(),
        };
        let refused = safe_line(&refused).into_owned();
        if receipt.is_ok() {
            context.say(Status::Refused(format!("Nothing was done: {refused}")));
        }
        // The words come back: nothing that they say was done.
        if let Some(mut many) = open {
            many.open.refusal = Some(refused);
            many.preview = None;
            self.open = Some(many);
            self.look(context);
        }
        true
    }

    /// What became of each case of the last act on many, once.
    pub(super) fn take_results(&mut self) -> Option<Vec<RowResult>> {
        self.results.take()
    }

    pub(super) fn height(&self, width: u16) -> u16 {
        let rows = self.open.as_ref().map(|many| many.picture(usize::from(width)).rows.len());
        rows.map_or(0, |rows| u16::try_from(rows).unwrap_or(u16::MAX))
    }

    pub(super) fn draw(&self, area: Rect, paper: &mut Paper<'_>) -> Position {
        self.open.as_ref().map_or(area.as_position(), |many| {
            many.picture(usize::from(area.width)).draw(area, paper)
        })
    }
}

impl OpenMany {
    /// The next rows of the letter; after the last ones the next letter.
    fn read_on(&mut self, size: (u16, u16)) {
        let (rows, page) = self.pages(size);
        if self.above + page < rows {
            self.above += page;
        } else if !self.is_last() {
            self.letter = self.letter.saturating_add(1);
            self.above = 0;
        }
    }

    /// The rows before; before the first ones the letter before.
    fn read_back(&mut self, size: (u16, u16)) {
        if self.above > 0 {
            self.above = self.above.saturating_sub(self.pages(size).1);
        } else {
            self.letter = self.letter.saturating_sub(1);
        }
    }

    /// Whether no letter follows the one that is shown.
    fn is_last(&self) -> bool {
        let letter = self.preview.as_ref().and_then(|(_, preview)| preview.letter.as_ref());
        letter.is_none_or(|letter| letter.place + 1 >= letter.of)
    }

    /// The rows of the letter, and how many of them are seen at once at least.
    fn pages(&self, (columns, rows): (u16, u16)) -> (usize, usize) {
        let cells = usize::from(columns).saturating_sub(1);
        let letter = self.letter_rows(cells).len();
        let shown = letter.saturating_sub(self.above).min(LETTER_ROWS_MAX);
        let above_it = self.picture(cells).rows.len().saturating_sub(shown);
        let room = usize::from(rows).saturating_sub(ROWS_ELSEWHERE + above_it);
        (letter, room.clamp(1, LETTER_ROWS_MAX))
    }

    /// The whole letter, wrapped.
    fn letter_rows(&self, cells: usize) -> Vec<String> {
        let letter = self.preview.as_ref().and_then(|(_, preview)| preview.letter.as_ref());
        let mut picture = Picture::default();
        for line in letter.map_or("", |letter| &letter.text).lines().filter(|line| !line.is_empty())
        {
            picture.words("       |", line, cells, LINE_ROWS_MAX);
        }
        picture.rows
    }

    /// The editor, with what would become of the cases under its title and the letter below.
    fn picture(&self, cells: usize) -> Picture {
        let mut picture = self.open.picture(cells);
        let Some((act, preview)) = &self.preview else { return picture };
        let undo = self.open.scene.key(Action::Undo);
        let mut said = Picture::default();
        let will = preview.lines.iter().filter(|line| line.refused.is_none()).count();
        let undo = match &preview.undo {
            Undoable::Yes => format!("one {undo} undoes it all"),
            Undoable::No(why) => format!("cannot be undone: {why}"),
            Undoable::Nothing => String::new(),
        };
        let sum = format!("{will} of {} {}   {undo}", preview.lines.len(), verb(act));
        said.words("will", sum.trim_end(), cells, 1);
        for (at, why) in reasons(preview).iter().enumerate() {
            said.words(if at == 0 { "not" } else { "" }, why, cells, 1);
        }
        picture.insert_below_title(said);
        if let Some(letter) = &preview.letter {
            let language = if letter.language.is_empty() {
                String::new()
            } else {
                format!(", {}", letter.language)
            };
            let head = format!(
                "{} of {}, {} to {} by {}{language}",
                letter.place + 1,
                letter.of,
                letter.case,
                safe_line(&letter.name),
                letter.channel.label(),
            );
            let rows = self.letter_rows(cells);
            let head = format!("{head}   row {} of {}", self.above + 1, rows.len());
            picture.words("letter", &head, cells, 1);
            picture.rows.extend(rows.into_iter().skip(self.above).take(LETTER_ROWS_MAX));
        }
        picture
    }
}

/// What is done to a case, as a sentence of the preview ends.
fn verb(act: &EachAct) -> &'static str {
    let EachAct::Acts(acts) = act else { return "are written to" };
    match acts.last() {
        Some(CaseAct::Give { .. }) => "are given",
        Some(CaseAct::Note { .. }) => "get the note",
        Some(CaseAct::Hold { .. }) => "are put on hold",
        Some(CaseAct::Close { .. }) => "are closed",
        _ => "are changed",
    }
}

fn reasons(preview: &ForEachAnswer) -> Vec<String> {
    let lines = preview.lines.iter();
    let refused: Vec<_> =
        lines.filter_map(|line| Some((line.case, line.refused.as_ref()?))).collect();
    grouped(&refused)
}

fn refused(rows: &[RowResult]) -> Vec<(CaseId, &Refusal)> {
    let case = |row| match row {
        &RowResult::Refused(EntityId::Case(case), ref refusal) => Some((case, refusal)),
        _ => None,
    };
    rows.iter().filter_map(case).collect()
}

/// Refusals with their cases, one line for each reason: `C-5, C-7: it is closed.`
fn grouped(refused: &[(CaseId, &Refusal)]) -> Vec<String> {
    let mut groups: Vec<(&str, String, Vec<CaseId>)> = Vec::new();
    for (case, refusal) in refused {
        let what = refusal.what.replace(&case.to_string(), "it");
        match groups.iter_mut().find(|(code, said, _)| *code == refusal.code && *said == what) {
            Some((_, _, cases)) => cases.push(*case),
            None => groups.push((&refusal.code, what, vec![*case])),
        }
    }
    groups.sort_by_key(|(_, _, cases)| std::cmp::Reverse(cases.len()));
    let more = groups.len().saturating_sub(REASONS_MAX);
    let said = groups.into_iter().take(REASONS_MAX).map(|(_, what, cases)| {
        let named: Vec<String> = cases.iter().take(NAMED_MAX).map(CaseId::to_string).collect();
        let rest = match cases.len().saturating_sub(NAMED_MAX) {
            0 => String::new(),
            rest => format!(" and {rest} more"),
        };
        format!("{}{rest}: {what}", named.join(", "))
    });
    let mut said: Vec<String> = said.collect();
    if let (true, Some(last)) = (more > 0, said.last_mut()) {
        *last = format!("{last} (and {more} more reasons)");
    }
    said
}

/// What was done, what was not and why, and whether it can be undone.
fn told(receipt: &Receipt, refused: &[(CaseId, &Refusal)], is_again: bool, undo: &str) -> Status {
    let again = if is_again { "Again: " } else { "" };
    let undo = match &receipt.undo {
        Undoable::Yes => format!("   {undo} undoes"),
        Undoable::No(why) => format!("   cannot be undone: {why}"),
        Undoable::Nothing => String::new(),
    };
    let not = match refused.len() {
        0 => String::new(),
        count => format!(" {count} not: {}", grouped(refused).join(" ")),
    };
    Status::Done(format!("{again}{}{}{undo}", receipt.label, safe_line(&not)))
}
