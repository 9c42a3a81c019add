//! An escalation that is open: the receiver answers it, the sender can take it back, others see where it stands.

use crate::desk::DraftForm;
use crate::domain::cases::{
    CaseAct, Escalation, EscalationLevel, EscalationReason, EscalationState,
};
use crate::domain::limits::TEXT_BYTES_MAX;
use crate::keymap::{Action, Key};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;
use crate::tui::text::safe_line;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use crate::tui::when::day_and_time;

/// The key that takes an escalation back.
const TAKE_BACK: char = 'b';
/// Rows of the ask and of the answer that are shown at once.
const ROWS_MAX: usize = 4;

/// What the caseworker is to the escalation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The case's file has not said yet.
    Unknown,
    Receiver,
    Sender,
    Neither,
}

/// An open escalation, with the answer that is being written.
#[derive(Debug)]
pub(super) struct ExistingEditor {
    part: Part,
    answer: TextField,
    takes_back: bool,
    /// The higher level that is to be asked instead.
    higher: Option<EscalationLevel>,
}

impl ExistingEditor {
    pub(super) fn new() -> Self {
        Self {
            part: Part::Unknown,
            answer: TextField::line(TEXT_BYTES_MAX),
            takes_back: false,
            higher: None,
        }
    }
}

impl Editor for ExistingEditor {
    fn title(&self) -> &'static str {
        match self.part {
            Part::Receiver => "ANSWER the escalation of",
            Part::Unknown | Part::Sender | Part::Neither => "ESCALATED",
        }
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Escalation)
    }

    fn hints(&self) -> Vec<Action> {
        match self.part {
            Part::Receiver | Part::Unknown => vec![Action::Send, Action::Leave],
            Part::Sender | Part::Neither => vec![Action::Leave],
        }
    }

    fn key(&mut self, key: Key, scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.part {
            Part::Receiver => self.answer.key(key).into(),
            Part::Unknown => unless_kept(self.answer.key(key).into()),
            Part::Sender if key.typed() == Some(TAKE_BACK) => {
                self.takes_back = true;
                Typed::Send
            }
            Part::Sender | Part::Neither => {
                let picked = key.typed().and_then(EscalationLevel::from_key);
                self.higher = picked.filter(|picked| higher_levels(scene).contains(picked));
                if self.higher.is_some() { Typed::Send } else { Typed::Nothing }
            }
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.part {
            Part::Receiver => self.answer.paste(text).into(),
            Part::Unknown => unless_kept(self.answer.paste(text).into()),
            Part::Sender | Part::Neither => Typed::Nothing,
        }
    }

    fn turn(&mut self, _turn: Turn, _key: Key, _scene: &Scene) {}

    fn informed(&mut self, scene: &Scene) -> Typed {
        let me = scene.who.caseworker.id;
        let typed_ahead = self.part == Part::Unknown && self.answer.text() == TAKE_BACK.to_string();
        self.part = match open_escalation(scene) {
            Some(open) if open.to == me => Part::Receiver,
            Some(open) if open.from == me => Part::Sender,
            Some(_) | None => Part::Neither,
        };
        if self.part == Part::Sender && typed_ahead {
            self.takes_back = true;
            return Typed::Send;
        }
        if self.part == Part::Receiver && !self.answer.is_blank() {
            return Typed::Changed;
        }
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        match self.part {
            Part::Sender if self.takes_back => {
                self.takes_back = false;
                Composed::Acts(vec![CaseAct::WithdrawEscalation])
            }
            Part::Sender | Part::Neither => self.further(scene),
            Part::Unknown if !scene.is_file_lost => Composed::Waiting,
            Part::Unknown | Part::Receiver if self.answer.is_blank() => {
                Composed::Missing("There is nothing in the answer: type it first.".to_owned())
            }
            Part::Unknown | Part::Receiver => {
                Composed::Acts(vec![CaseAct::AnswerEscalation { answer: self.answer.text() }])
            }
        }
    }

    fn fields(&self) -> Vec<(String, String)> {
        let answer = kept("answer", self.answer.text());
        answer.filter(|_| self.part == Part::Receiver).into_iter().collect()
    }

    fn focus(&self) -> &'static str {
        "answer"
    }

    fn restore(&mut self, field: &str, text: &str) {
        if field == "answer" {
            self.answer.set(text);
        }
    }

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let Some(open) = open_escalation(scene) else {
            let words = match self.part {
                Part::Unknown => "reading the escalation",
                Part::Receiver | Part::Sender | Part::Neither => "it waits for no answer any more",
            };
            picture.words("state", words, cells, 1);
            if self.part == Part::Unknown {
                picture.field("answer", &self.answer, true, cells, ROWS_MAX);
            }
            return;
        };
        let from = scene.name(open.from);
        picture.words("asks", &format!("{from}: {}", safe_line(&open.ask)), cells, ROWS_MAX);
        picture.words("reason", &reason_words(open, scene), cells, 2);
        match self.part {
            Part::Receiver | Part::Unknown => {
                picture.field("answer", &self.answer, true, cells, ROWS_MAX);
            }
            Part::Sender => {
                let back = format!("; {TAKE_BACK} takes it back");
                let back = if open.reason.is_of_rule() { "" } else { &back };
                let waits =
                    format!("it waits for {}{}{back}", scene.name(open.to), further_words(scene));
                picture.words("then", &waits, cells, 2);
                picture.cursor = (picture.rows.len().saturating_sub(1), 0);
            }
            Part::Neither => {
                let further = further_words(scene);
                let waits =
                    format!("it waits for {}, who alone can answer{further}", scene.name(open.to));
                picture.words("then", &waits, cells, 2);
                picture.cursor = (picture.rows.len().saturating_sub(1), 0);
            }
        }
    }
}

impl ExistingEditor {
    /// The same question to a higher level, where one was picked.
    fn further(&mut self, scene: &Scene) -> Composed {
        let (Some(level), Some(open)) = (self.higher.take(), open_escalation(scene)) else {
            return Composed::Nothing;
        };
        let is_of_rule = open.reason.is_of_rule();
        let reason = if is_of_rule { EscalationReason::Deadline } else { open.reason };
        Composed::Acts(vec![CaseAct::Escalate { level, reason, ask: open.ask.clone() }])
    }
}

/// The levels that whoever works the case can ask instead; never a lower one.
fn higher_levels(scene: &Scene) -> Vec<EscalationLevel> {
    let works = scene.file.as_ref().is_some_and(|file| file.is_actors);
    let open = open_escalation(scene).filter(|_| works);
    open.map(|open| open.level.above().collect()).unwrap_or_default()
}

fn further_words(scene: &Scene) -> String {
    let levels = higher_levels(scene);
    let words = levels.iter().map(|level| format!("; {} asks the {}", level.key(), level.label()));
    words.collect()
}

/// What is typed before it is known whose escalation it is makes no draft: only the receiver writes an answer.
fn unless_kept(typed: Typed) -> Typed {
    if typed == Typed::Changed { Typed::Nothing } else { typed }
}

fn open_escalation(scene: &Scene) -> Option<&Escalation> {
    scene.file.as_ref().and_then(|file| file.case.open_escalation())
}

fn reason_words(open: &Escalation, scene: &Scene) -> String {
    let moment = |at| day_and_time(at, scene.now, &scene.zone);
    let seen = match &open.state {
        EscalationState::Raised => "not seen yet".to_owned(),
        EscalationState::Acknowledged(at) => format!("seen {}", moment(*at)),
        EscalationState::Answered { at, .. } => format!("answered {}", moment(*at)),
        EscalationState::Withdrawn(at) => format!("taken back {}", moment(*at)),
        EscalationState::Lapsed(at) => format!("asked higher up {}", moment(*at)),
    };
    format!("{}; {seen}; answer due {}", open.reason.label(), moment(open.due_at))
}
