//! The knowledge panel: what the office knows about the case's subject, to read and to put into a reply.

use crate::desk::{Answer, AskModules, Command, DraftForm, ModuleLine};
use crate::keymap::{Action, Key, KeyCode};
use crate::tui::field::Picture;
use crate::tui::screen::{Context, Ticket};

use super::editor::{Composed, Editor, Scene, Turn, Typed};
use super::reply::BROUGHT;

/// Modules shown at once, and rows of the one that is read.
const SHOWN_MAX: usize = 6;
const ROWS_MAX: usize = 8;
/// The key that begins a reply with the chosen text.
const INTO_REPLY: char = 'r';

/// The panel.
#[derive(Debug)]
pub(super) struct KnowledgePanel {
    ticket: Option<Ticket>,
    lines: Option<Vec<ModuleLine>>,
    chosen: usize,
    is_reading: bool,
}

impl KnowledgePanel {
    pub(super) fn new() -> Self {
        Self { ticket: None, lines: None, chosen: 0, is_reading: false }
    }

    fn chosen(&self) -> Option<&ModuleLine> {
        self.lines.as_ref()?.get(self.chosen)
    }

    fn step(&mut self, turn: Turn) {
        let last = self.lines.as_ref().map_or(0, Vec::len).saturating_sub(1);
        self.chosen = match turn {
            Turn::Next => (self.chosen + 1).min(last),
            Turn::Previous => self.chosen.saturating_sub(1),
        };
    }
}

impl Editor for KnowledgePanel {
    fn title(&self) -> &'static str {
        "KNOWLEDGE for"
    }

    fn form(&self) -> Option<DraftForm> {
        None
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Leave]
    }

    fn open(&mut self, scene: &Scene, context: &mut Context<'_>) {
        self.ticket = Some(context.ask(AskModules {
            case: Some(scene.row.id),
            subject: None,
            text: String::new(),
            language: String::new(),
        }));
    }

    fn key(&mut self, key: Key, _scene: &Scene, context: &mut Context<'_>) -> Typed {
        match key.code() {
            KeyCode::Down | KeyCode::Char('j') => self.step(Turn::Next),
            KeyCode::Up | KeyCode::Char('k') => self.step(Turn::Previous),
            KeyCode::Char('K' | 'q') => return Typed::Close,
            KeyCode::Char(INTO_REPLY) => {
                let Some(line) = self.chosen().cloned() else { return Typed::Nothing };
                if !line.is_for_citizens {
                    return Typed::Refused("It is for the office only.".to_owned());
                }
                context.execute(Command::CountUse { module: line.code });
                return Typed::Begin(Action::Reply, BROUGHT, line.text);
            }
            _ => {}
        }
        Typed::Nothing
    }

    fn is_waiting(&self) -> bool {
        self.lines.is_none()
    }

    fn paste(&mut self, _text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        Typed::Nothing
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        self.step(turn);
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.lines = Some(match answer {
            Some(Answer::Modules(found)) => found.modules.clone(),
            _ => Vec::new(),
        });
        true
    }

    /// Enter reads the chosen text, and folds it up again.
    fn compose(&mut self, _scene: &Scene) -> Composed {
        self.is_reading = !self.is_reading;
        Composed::Stays
    }

    fn fields(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn focus(&self) -> &'static str {
        "list"
    }

    fn restore(&mut self, _field: &str, _text: &str) {}

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let Some(lines) = &self.lines else {
            picture.words("", "reading", cells, 1);
            return;
        };
        if lines.is_empty() {
            picture.words("", "Nothing is known yet: casedesk templates add FILE.", cells, 2);
            return;
        }
        let first = self.chosen.saturating_sub(SHOWN_MAX - 1);
        for (at, line) in lines.iter().enumerate().skip(first).take(SHOWN_MAX) {
            let mark = if at == self.chosen { '>' } else { ' ' };
            if at == self.chosen {
                picture.cursor = (picture.rows.len(), 0);
            }
            let fit = if line.is_of_subject { "this subject" } else { "all" };
            let whose = if line.is_for_citizens { "" } else { "   office only" };
            let (uses, title) = (line.uses, crate::tui::text::safe_line(&line.title));
            let words = format!("{mark}{title} ({})   {fit}, used {uses}{whose}", line.language);
            picture.rows.push(words);
        }
        if self.is_reading {
            for row in self.chosen().iter().flat_map(|line| line.text.lines()) {
                picture.words("", row, cells, ROWS_MAX);
            }
        }
        let leave = scene.leave();
        let read = scene.keymap.key(self.keys(), Action::Send);
        let hint = format!("{read} reads, {INTO_REPLY} begins a reply with it, {leave} leaves");
        picture.words("", &hint, cells, 1);
    }
}
