//! The escalation: a level, a reason, and what is asked.

use crate::desk::{Answer, AskEscalationTargets, DraftForm, EscalationTargetsAnswer};
use crate::domain::cases::{CaseAct, EscalationLevel, EscalationReason};
use crate::domain::limits::TEXT_BYTES_MAX;
use crate::keymap::Key;
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use crate::tui::when::day_and_time;

/// Rows of the ask that are shown at once.
const ASK_ROWS_MAX: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Level,
    Reason,
    Ask,
}

impl Focus {
    const ALL: [Self; 3] = [Self::Level, Self::Reason, Self::Ask];

    fn name(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Reason => "reason",
            Self::Ask => "ask",
        }
    }
}

/// An escalation that is being raised.
#[derive(Debug)]
pub(super) struct EscalateEditor {
    focus: Focus,
    level: EscalationLevel,
    reason: Option<EscalationReason>,
    ask: TextField,
    targets: Option<Box<EscalationTargetsAnswer>>,
    targets_ticket: Option<Ticket>,
}

impl EscalateEditor {
    /// Whoever leads the unit is chosen, since that is who is asked most.
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Level,
            level: EscalationLevel::Supervisor,
            reason: None,
            ask: TextField::line(TEXT_BYTES_MAX),
            targets: None,
            targets_ticket: None,
        }
    }

    /// Picks a level by its digit or a reason by its letter, and moves on.
    fn pick(&mut self, letter: char) -> Typed {
        if let Some(level) = EscalationLevel::from_key(letter) {
            self.level = level;
            self.focus = Focus::Reason;
        } else if let Some(reason) = EscalationReason::from_key(letter) {
            self.reason = Some(reason);
            self.focus = Focus::Ask;
        } else {
            return Typed::Nothing;
        }
        Typed::Changed
    }

    fn level_words(&self, level: EscalationLevel) -> String {
        let found = self.targets.iter().flat_map(|targets| &targets.targets);
        let target = found.into_iter().find(|target| target.level == level);
        let words = target.map_or_else(String::new, |target| match &target.receiver {
            _ if !target.note.is_empty() => format!(": {}", safe_line(&target.note)),
            Some((_, name)) if level == self.level => format!(": {}", safe_line(name)),
            Some(_) => String::new(),
            None => ": nobody".to_owned(),
        });
        format!("{} {}{words}", level.key(), level.label())
    }

    fn consequence(&self, scene: &Scene) -> String {
        let due = self.targets.as_ref().map_or_else(String::new, |targets| {
            let due = day_and_time(targets.due_at, scene.now, &scene.zone);
            format!("answer due {due}; ")
        });
        format!("{due}clocks run; case stays yours")
    }
}

impl Editor for EscalateEditor {
    fn title(&self) -> &'static str {
        "ESCALATE"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Escalation)
    }

    fn open(&mut self, scene: &Scene, context: &mut Context<'_>) {
        self.targets_ticket = Some(context.ask(AskEscalationTargets { case: scene.row.id }));
    }

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Level | Focus::Reason => {
                key.typed().map_or(Typed::Nothing, |letter| self.pick(letter))
            }
            Focus::Ask => self.ask.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.focus = Focus::Ask;
        self.ask.paste(text).into()
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        self.focus = turned(&Focus::ALL, self.focus, turn);
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        if self.targets_ticket != Some(ticket) {
            return false;
        }
        if let Some(Answer::EscalationTargets(targets)) = answer {
            self.targets = Some(targets.clone());
        }
        true
    }

    fn compose(&mut self, _scene: &Scene) -> Composed {
        let Some(reason) = self.reason else {
            self.focus = Focus::Reason;
            return Composed::Missing("Choose a reason by its letter.".to_owned());
        };
        let ask = if !self.ask.is_blank() {
            self.ask.text()
        } else if reason == EscalationReason::Other {
            self.focus = Focus::Ask;
            return Composed::Missing("Another reason takes words: type what you ask.".to_owned());
        } else {
            reason.label().to_owned()
        };
        Composed::Acts(vec![CaseAct::Escalate { level: self.level, reason, ask }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        if self.ask.is_blank() && self.reason.is_none() {
            return Vec::new();
        }
        let reason = self.reason.and_then(|reason| kept("reason", reason.code()));
        let level = kept("level", self.level.code());
        [level, reason, kept("ask", self.ask.text())].into_iter().flatten().collect()
    }

    fn focus(&self) -> &'static str {
        self.focus.name()
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "level" => self.level = EscalationLevel::from_code(text).unwrap_or(self.level),
            "reason" => self.reason = EscalationReason::from_code(text),
            "ask" => self.ask.set(text),
            _ => {}
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, field: &str) {
        let known = Focus::ALL.into_iter().find(|focus| focus.name() == field);
        self.focus = known.unwrap_or(self.focus);
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let levels: Vec<_> = EscalationLevel::ALL
            .iter()
            .map(|level| (self.level_words(*level), *level == self.level))
            .collect();
        picture.choices("level", &levels, self.focus == Focus::Level, cells);
        let reasons: Vec<_> = EscalationReason::ALL
            .iter()
            .map(|reason| {
                (format!("{} {}", reason.key(), reason.label()), self.reason == Some(*reason))
            })
            .collect();
        picture.choices("reason", &reasons, self.focus == Focus::Reason, cells);
        picture.field("ask", &self.ask, self.focus == Focus::Ask, cells, ASK_ROWS_MAX);
        picture.words("then", &self.consequence(scene), cells, 2);
    }
}

/// The field after or before this one; the ends are joined.
pub(super) fn turned<T: Copy + PartialEq>(all: &[T], now: T, turn: Turn) -> T {
    let at = all.iter().position(|one| *one == now).unwrap_or_default();
    let count = all.len().max(1);
    let next = match turn {
        Turn::Next => (at + 1) % count,
        Turn::Previous => (at + count - 1) % count,
    };
    all.get(next).copied().unwrap_or(now)
}
