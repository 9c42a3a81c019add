//! A message that came back: which one, and why.

use crate::desk::DraftForm;
use crate::domain::MessageId;
use crate::domain::cases::{CaseAct, MessageState};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::keymap::{Action, Key};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;

use super::editor::{Composed, Editor, Scene, Turn, Typed};

/// Messages that can be chosen from, the newest first.
const MESSAGES_MAX: usize = 5;

/// The line.
#[derive(Debug)]
pub(super) struct ReturnedEditor {
    why: TextField,
    chosen: usize,
}

impl ReturnedEditor {
    pub(super) fn new() -> Self {
        Self { why: TextField::line(LINE_BYTES_MAX), chosen: 0 }
    }
}

/// Messages that have left and are not known to have come back, with the day on which they left.
fn sent(scene: &Scene) -> Vec<(MessageId, String)> {
    let messages = scene.file.iter().flat_map(|file| &file.messages);
    let left = messages.filter_map(|message| match message.state {
        MessageState::Sent(at) => {
            let day = scene.zone.day(at);
            Some((message.id, format!("{} by {}, {day}", message.id, message.channel.label())))
        }
        _ => None,
    });
    left.take(MESSAGES_MAX).collect()
}

impl Editor for ReturnedEditor {
    fn title(&self) -> &'static str {
        "CAME BACK"
    }

    fn form(&self) -> Option<DraftForm> {
        None
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::Send, Action::NextField, Action::Leave]
    }

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.why.key(key).into()
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.why.paste(text).into()
    }

    /// Chooses another message.
    fn turn(&mut self, turn: Turn, _key: Key, scene: &Scene) {
        let last = sent(scene).len().saturating_sub(1);
        self.chosen = match turn {
            Turn::Next if self.chosen < last => self.chosen + 1,
            Turn::Next => 0,
            Turn::Previous => self.chosen.checked_sub(1).unwrap_or(last),
        };
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if scene.file.is_none() && !scene.is_file_lost {
            return Composed::Waiting;
        }
        let Some((message, _)) = sent(scene).into_iter().nth(self.chosen) else {
            return Composed::Missing("No message of this case has left.".to_owned());
        };
        if self.why.is_blank() {
            return Composed::Missing("Say in a word why it came back: moved, unknown.".to_owned());
        }
        Composed::Acts(vec![CaseAct::CameBack { message, why: self.why.text() }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn focus(&self) -> &'static str {
        "why"
    }

    fn restore(&mut self, _field: &str, _text: &str) {}

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let sent = sent(scene);
        if sent.is_empty() {
            picture.words("message", "none of this case has left", cells, 1);
        } else {
            let choices: Vec<(String, bool)> = sent
                .into_iter()
                .enumerate()
                .map(|(at, (_, words))| (words, at == self.chosen))
                .collect();
            picture.choices("message", &choices, false, cells);
        }
        picture.field("why", &self.why, true, cells, 2);
        let other = scene.keymap.key(self.keys(), Action::NextField);
        picture.words(
            "then",
            &format!("the citizen counts as not told by it; {other} chooses another"),
            cells,
            2,
        );
    }
}
