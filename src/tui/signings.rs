//! What waits for a second signature: that of whoever sits here first, then what they signed themselves.

use ratatui::layout::{Position, Rect};

use crate::desk::{Answer, AskSignings, Change, Command, DeskError, Receipt, SigningLine};
use crate::domain::cases::SigningState;
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::{CaseId, EntityId, PersonId};
use crate::keymap;
use crate::keymap::{Action, Key};
use crate::tui::text::{fit, fit_right, safe_line, wrap};

use super::asking::Asking;
use super::field::{Choice, TextField};
use super::header::header;
use super::paint::{Canvas, Meaning, Paper};
use super::screen::{Context, Go, Handled, Screen, Shared, Status, Ticket};
use super::stepping::page;
use super::when;

/// Rows above the first signature.
const ROWS_ABOVE: usize = 2;
/// Rows of the signature under the cursor, and of the line in which one says why one does not sign.
const ROWS_BELOW: usize = 8;
/// Rows of the reasons that somebody wrote.
const REASONS_ROWS_MAX: usize = 5;
/// Cells for when, which case, who, the amount, and where it stands.
const WHEN_CELLS: usize = 13;
const CASE_CELLS: usize = 8;
const WHO_CELLS: usize = 12;
const AMOUNT_CELLS: usize = 15;
const STATE_CELLS: usize = 11;

/// Why something is sent back, as it is written.
struct SendingBack {
    case: CaseId,
    version: u64,
    line: TextField,
    doing: Option<Ticket>,
}

/// The screen.
pub(super) struct SigningsScreen {
    list: Asking<AskSignings>,
    choice: Choice,
    sending_back: Option<SendingBack>,
    doing: Option<Ticket>,
}

impl SigningsScreen {
    /// The screen, with nothing on it yet.
    pub(super) fn new() -> Self {
        Self {
            list: Asking::new(AskSignings {}),
            choice: Choice::default(),
            sending_back: None,
            doing: None,
        }
    }

    fn lines(&self) -> &[SigningLine] {
        self.list.answer().map_or(&[], |answer| &answer.lines)
    }

    fn current(&self) -> Option<&SigningLine> {
        self.lines().get(self.choice.at(self.lines().len()))
    }

    fn sign(&mut self, context: &mut Context<'_>) {
        let Some(line) = self.current().filter(|_| self.doing.is_none()) else { return };
        if line.is_own {
            let words = "The first signature is yours: somebody else signs second.";
            return context.say(Status::Refused(words.to_owned()));
        }
        let (case, version) = (line.case, Some(line.version));
        self.doing = Some(context.execute(Command::Countersign { case, version }));
    }

    /// Takes one's own signature back, or asks why somebody else's is sent back.
    fn refuse(&mut self, context: &mut Context<'_>) {
        let Some(line) = self.current().filter(|_| self.doing.is_none()) else { return };
        let (case, version) = (line.case, line.version);
        if !line.is_own {
            let line = TextField::line(LINE_BYTES_MAX);
            self.sending_back = Some(SendingBack { case, version, line, doing: None });
        } else if line.state == SigningState::Waiting {
            self.doing = Some(context.execute(Command::WithdrawSignature { case }));
        } else {
            let words = "It came back to you: decide it again, on the case.";
            context.say(Status::Refused(words.to_owned()));
        }
    }

    fn send_back(&mut self, context: &mut Context<'_>) {
        let Some(back) = self.sending_back.as_mut().filter(|back| back.doing.is_none()) else {
            return;
        };
        back.doing = Some(context.execute(Command::SendBackSignature {
            case: back.case,
            version: Some(back.version),
            reason: back.line.text(),
        }));
    }

    /// The signature under the cursor in full.
    fn detail(&self, canvas: &mut Canvas<'_>, row: usize) {
        let Some(line) = self.current() else { return };
        let amount =
            if line.amount.is_empty() { String::new() } else { format!(", {}", line.amount) };
        let by = if line.is_own { "you" } else { &line.by };
        canvas.rule(row, &format!("-- {}, signed first by {}", line.case, safe_line(by)));
        let what = format!("what  {}{amount}", safe_line(&line.what));
        canvas.line(row + 1, &what);
        let mut below = row + 2;
        let why = format!("why   {}", safe_line(&line.reasons));
        for words in wrap(&why, canvas.width(), REASONS_ROWS_MAX) {
            canvas.line(below, &words);
            below += 1;
        }
        if let SigningState::SentBack { reason, .. } = &line.state {
            let back = format!("back  {}: {}", safe_line(&line.ended_by), safe_line(reason));
            for words in wrap(&back, canvas.width(), 2) {
                canvas.line(below, &words);
                below += 1;
            }
        }
    }
}

fn words(line: &SigningLine, shared: &Shared) -> String {
    let at = when::day_and_time(line.at, shared.now, &shared.zone);
    let by = if line.is_own { "you" } else { &line.by };
    format!(
        "{} {} {} {} {} {}",
        fit(&at, WHEN_CELLS),
        fit(&line.case.to_string(), CASE_CELLS),
        fit(&safe_line(by), WHO_CELLS),
        fit_right(&line.amount, AMOUNT_CELLS),
        fit(state(line), STATE_CELLS),
        safe_line(&format!("{}; {}", line.what, line.subject)),
    )
}

fn state(line: &SigningLine) -> &'static str {
    match line.state {
        SigningState::SentBack { .. } => "CAME BACK",
        _ if line.may_sign => "to sign",
        _ => "waits",
    }
}

impl Screen for SigningsScreen {
    fn load(&mut self, context: &mut Context<'_>) {
        self.list.ask(context);
    }

    fn keys(&self) -> keymap::Context {
        match self.sending_back {
            Some(_) => keymap::Context::Line,
            None => keymap::Context::Signings,
        }
    }

    fn act(&mut self, action: Action, _key: Key, context: &mut Context<'_>) -> Handled {
        if self.sending_back.is_some() {
            match action {
                Action::Send => self.send_back(context),
                Action::Leave => self.sending_back = None,
                _ => return Handled::No,
            }
            return Handled::Yes;
        }
        let rows = self.lines().len();
        let by = isize::try_from(page(context.shared, ROWS_ABOVE + ROWS_BELOW)).unwrap_or(1);
        match action {
            Action::ListDown => self.choice.step(1, rows),
            Action::ListUp => self.choice.step(-1, rows),
            Action::PageDown => self.choice.step(by, rows),
            Action::PageUp => self.choice.step(-by, rows),
            Action::ListFirst => self.choice.set(0),
            Action::ListLast => self.choice.set(rows.saturating_sub(1)),
            Action::OpenRow => match self.current() {
                Some(line) => context.go(Go::Case(line.case)),
                None => return Handled::No,
            },
            Action::Countersign => self.sign(context),
            Action::SendBackSignature => self.refuse(context),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn key(&mut self, key: Key, _context: &mut Context<'_>) -> Handled {
        let Some(back) = &mut self.sending_back else { return Handled::No };
        back.line.key(key);
        Handled::Yes
    }

    fn paste(&mut self, text: &str, _context: &mut Context<'_>) {
        if let Some(back) = &mut self.sending_back {
            back.line.paste(text);
        }
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) {
        self.list.answered(ticket, answer, context, |_, answer| answer);
    }

    fn executed(
        &mut self,
        ticket: Ticket,
        receipt: &Result<Receipt, DeskError>,
        context: &mut Context<'_>,
    ) {
        let is_own = self.doing.take_if(|doing| *doing == ticket).is_some();
        let mut is_back = false;
        if let Some(back) = self.sending_back.as_mut().filter(|back| back.doing == Some(ticket)) {
            back.doing = None;
            is_back = true;
        }
        // Refused words stay in the line.
        if is_back && receipt.is_ok() {
            self.sending_back = None;
        }
        if is_own || is_back {
            self.load(context);
        }
    }

    fn changed(&mut self, change: &Change, context: &mut Context<'_>) {
        let is_touched = match change {
            Change::Resync | Change::Sight => true,
            Change::Health | Change::Lists(_) | Change::Attended(_) => false,
            Change::Changed(entities) => {
                entities.iter().any(|entity| matches!(entity, EntityId::Signing(_)))
            }
        };
        self.list.changed(is_touched, context);
    }

    fn draw(&self, shared: &Shared, area: Rect, paper: &mut Paper<'_>) -> Position {
        let mut canvas = Canvas::new(area, paper);
        let cells = canvas.width();
        canvas.put(0, 0, &header("TO SIGN", "", shared, cells), Meaning::Strong);
        let lines = self.lines();
        if lines.is_empty() {
            let none = "Nothing waits for a second signature. What is decided above its maker's limit comes here, for somebody else to sign.";
            let words = safe_line(self.list.instead().unwrap_or(none));
            for (row, line) in (ROWS_ABOVE..).zip(wrap(&words, cells, 2)) {
                canvas.line(row, &line);
            }
            return canvas.position(ROWS_ABOVE, 0);
        }
        canvas.line(1, "  when          case     signed by             amount state       what");
        canvas.say(1, String::new);
        let seen = canvas.height().saturating_sub(ROWS_ABOVE + ROWS_BELOW).max(1);
        let (first, chosen) =
            (self.choice.first_seen(lines.len(), seen), self.choice.at(lines.len()));
        for (place, line) in lines.iter().enumerate().skip(first).take(seen) {
            let marker = if place == chosen { '>' } else { ' ' };
            let words = words(line, shared);
            let row = ROWS_ABOVE + place - first;
            canvas.put(row, 0, &fit(&format!("{marker} {words}"), cells), Meaning::Plain);
            canvas.list(row, place, lines.len());
            canvas.say(row, || words);
        }
        let below = ROWS_ABOVE + lines.len().min(seen);
        self.detail(&mut canvas, below);
        if let Some(back) = &self.sending_back {
            let row = below + ROWS_BELOW - 1;
            let column = canvas.put(row, 0, "not signed: ", Meaning::Strong);
            let room = cells.saturating_sub(column);
            let cursor = back.line.draw_in_row(&mut canvas, row, column, room);
            return canvas.position(row, cursor);
        }
        canvas.position(ROWS_ABOVE + chosen - first, 0)
    }

    fn is_waiting(&self) -> bool {
        self.doing.is_some()
    }

    fn hints(&self) -> Vec<Action> {
        if self.sending_back.is_some() {
            return vec![Action::Send, Action::Leave];
        }
        vec![
            Action::OpenRow,
            Action::Countersign,
            Action::SendBackSignature,
            Action::Leave,
            Action::GoBoard,
        ]
    }

    fn subject(&self) -> (Option<CaseId>, Option<PersonId>) {
        (self.current().map(|line| line.case), None)
    }
}
