//! The escalation: a level, a reason, and what is asked.

use crate::desk::{Answer, AskEscalationTargets, DraftForm, EscalationTargetsAnswer, OtherTarget};
use crate::domain::cases::{CaseAct, EscalateTo, EscalationLevel, EscalationReason};
use crate::domain::limits::{LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::keymap::Key;
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use crate::tui::when::day_and_time;

/// Rows of the ask that are shown at once.
const ASK_ROWS_MAX: usize = 4;
/// Units or roles that are shown at once.
const OFFERED_MAX: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Level,
    Whom,
    Reason,
    Ask,
}

impl Focus {
    const ALL: [Self; 4] = [Self::Level, Self::Whom, Self::Reason, Self::Ask];
    /// Of a level that says by itself who is asked.
    const WITHOUT_WHOM: [Self; 3] = [Self::Level, Self::Reason, Self::Ask];

    fn name(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Whom => "whom",
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
    /// Letters of the unit or the role, where the level is one.
    whom: TextField,
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
            whom: TextField::line(LINE_BYTES_MAX),
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
            self.focus = if self.names_whom() { Focus::Whom } else { Focus::Reason };
        } else if let Some(reason) =
            EscalationReason::from_key(letter).filter(|reason| !reason.is_of_rule())
        {
            self.reason = Some(reason);
            self.focus = Focus::Ask;
        } else {
            return Typed::Nothing;
        }
        Typed::Changed
    }

    /// Whether the level has to be named further: which unit, which role.
    fn names_whom(&self) -> bool {
        matches!(self.level, EscalationLevel::Unit | EscalationLevel::Role)
    }

    /// Units or roles that fit the letters, the best first.
    fn offered(&self) -> Vec<&OtherTarget> {
        let typed = self.whom.text().trim().to_lowercase();
        let others = self.targets.iter().flat_map(|targets| &targets.others);
        let mut fitting: Vec<&OtherTarget> = others
            .filter(|other| other.to.level() == self.level)
            .filter(|other| other.name.to_lowercase().contains(&typed))
            .collect();
        fitting.sort_by_key(|other| !other.name.to_lowercase().starts_with(&typed));
        fitting
    }

    /// Who is asked; nothing where the letters fit nobody.
    fn to(&self) -> Option<EscalateTo> {
        if !self.names_whom() {
            return Some(EscalateTo::Level(self.level));
        }
        self.offered().first().map(|other| other.to)
    }

    fn whom_words(&self) -> String {
        let offered = self.offered();
        if offered.is_empty() {
            return "nobody is here to be asked there".to_owned();
        }
        let words = offered.iter().take(OFFERED_MAX).enumerate().map(|(place, other)| {
            let mark = if place == 0 { ">" } else { "" };
            format!("{mark}{}: {}", safe_line(&other.name), safe_line(&other.receiver))
        });
        words.collect::<Vec<_>>().join("  ")
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
            let is_urgent = self.reason.is_some_and(EscalationReason::is_urgent);
            let due = if is_urgent { targets.urgent_due_at } else { targets.due_at };
            let due = day_and_time(due, scene.now, &scene.zone);
            let above = self.level.above().next();
            let above = above.map_or_else(String::new, |above| format!(", else {}", above.label()));
            format!("answer due {due}{above}; ")
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
            // No name needs a space to be found.
            Focus::Whom if key.typed() == Some(' ') => {
                self.focus = Focus::Reason;
                Typed::Nothing
            }
            Focus::Whom => self.whom.key(key).into(),
            Focus::Ask => self.ask.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        if self.focus == Focus::Whom {
            return self.whom.paste(text).into();
        }
        self.focus = Focus::Ask;
        self.ask.paste(text).into()
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        let fields: &[Focus] = if self.names_whom() { &Focus::ALL } else { &Focus::WITHOUT_WHOM };
        self.focus = turned(fields, self.focus, turn);
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
        let Some(to) = self.to() else {
            self.focus = Focus::Whom;
            let what = format!("Type letters of the {}.", self.level.label());
            return Composed::Missing(what);
        };
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
        Composed::Acts(vec![match to {
            EscalateTo::Level(level) => CaseAct::Escalate { level, reason, ask },
            EscalateTo::Unit(_) | EscalateTo::Role(_) => CaseAct::EscalateTo { to, reason, ask },
        }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        if self.ask.is_blank() && self.reason.is_none() {
            return Vec::new();
        }
        let reason = self.reason.and_then(|reason| kept("reason", reason.code()));
        let level = kept("level", self.level.code());
        let whom = kept("whom", self.whom.text()).filter(|_| self.names_whom());
        [level, whom, reason, kept("ask", self.ask.text())].into_iter().flatten().collect()
    }

    fn focus(&self) -> &'static str {
        self.focus.name()
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "level" => self.level = EscalationLevel::from_code(text).unwrap_or(self.level),
            "whom" => self.whom.set(text),
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
        if self.names_whom() {
            picture.field("whom", &self.whom, self.focus == Focus::Whom, cells, 1);
            picture.words("", &self.whom_words(), cells, 2);
        }
        let reasons: Vec<_> = EscalationReason::ALL
            .iter()
            .filter(|reason| !reason.is_of_rule())
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
