//! The expert review: what an expert makes of a case before anybody works it, with a note that is obligatory.

use crate::desk::DraftForm;
use crate::domain::cases::{CaseAct, RejectionReason, ReviewOutcome};
use crate::domain::limits::{LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::keymap::Key;
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::escalate::turned;

/// How it ends, by its digit, before its words are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Accept,
    NeedInfo,
    Back,
    NotOurs,
    Reject,
}

impl Ending {
    const ALL: [(char, Self, &'static str, &'static str); 5] = [
        ('1', Self::Accept, "accept", ""),
        ('2', Self::NeedInfo, "ask for more", "what the citizen is asked"),
        ('3', Self::Back, "back to screening", ""),
        ('4', Self::NotOurs, "not ours", "which agency"),
        ('5', Self::Reject, "reject", "why, in words for the citizen"),
    ];

    /// What has to be typed beside the note; nothing where the note is enough.
    fn wants(self) -> Option<&'static str> {
        let (.., wants) = Self::ALL.into_iter().find(|(_, ending, ..)| *ending == self)?;
        (!wants.is_empty()).then_some(wants)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Ending,
    Rejection,
    Words,
    Note,
}

impl Focus {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Ending, "ending"),
        (Self::Rejection, "rejection"),
        (Self::Words, "words"),
        (Self::Note, "note"),
    ];
}

/// A review that is being done.
#[derive(Debug)]
pub(super) struct ReviewingEditor {
    focus: Focus,
    ending: Option<Ending>,
    rejection: Option<RejectionReason>,
    words: TextField,
    note: TextField,
}

impl ReviewingEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Ending,
            ending: None,
            rejection: None,
            words: TextField::line(LINE_BYTES_MAX),
            note: TextField::line(TEXT_BYTES_MAX),
        }
    }

    fn missing(&mut self, focus: Focus, what: &str) -> Composed {
        self.focus = focus;
        Composed::Missing(what.to_owned())
    }

    fn fields_shown(&self) -> Vec<Focus> {
        let mut fields = vec![Focus::Ending];
        if self.ending == Some(Ending::Reject) {
            fields.push(Focus::Rejection);
        }
        if self.ending.and_then(Ending::wants).is_some() {
            fields.push(Focus::Words);
        }
        fields.push(Focus::Note);
        fields
    }
}

impl Editor for ReviewingEditor {
    fn title(&self) -> &'static str {
        "REVIEW"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Screening)
    }

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Ending => {
                let mut all = Ending::ALL.into_iter();
                let picked = all.find(|(letter, ..)| key.typed() == Some(*letter));
                let Some((_, ending, ..)) = picked else { return Typed::Nothing };
                self.ending = Some(ending);
                self.focus = match ending {
                    Ending::Accept | Ending::Back => Focus::Note,
                    Ending::NeedInfo | Ending::NotOurs => Focus::Words,
                    Ending::Reject => Focus::Rejection,
                };
                Typed::Changed
            }
            Focus::Rejection => match key.typed().and_then(RejectionReason::from_key) {
                Some(reason) => {
                    self.rejection = Some(reason);
                    self.focus = Focus::Words;
                    Typed::Changed
                }
                None => Typed::Nothing,
            },
            Focus::Words => self.words.key(key).into(),
            Focus::Note => self.note.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Words => self.words.paste(text).into(),
            Focus::Ending | Focus::Rejection | Focus::Note => self.note.paste(text).into(),
        }
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        self.focus = turned(&self.fields_shown(), self.focus, turn);
    }

    fn compose(&mut self, _scene: &Scene) -> Composed {
        let Some(ending) = self.ending else {
            return self.missing(Focus::Ending, "Pick what becomes of it, by its digit.");
        };
        if ending == Ending::Reject && self.rejection.is_none() {
            return self.missing(Focus::Rejection, "Pick why it is rejected, by its digit.");
        }
        if let Some(wants) = ending.wants()
            && self.words.is_blank()
        {
            return self.missing(Focus::Words, &format!("Type {wants}."));
        }
        if self.note.is_blank() {
            return self.missing(Focus::Note, "A review takes a note: type what you found.");
        }
        let words = self.words.text();
        let outcome = match ending {
            Ending::Accept => ReviewOutcome::Accept,
            Ending::NeedInfo => ReviewOutcome::NeedInfo { ask: words },
            Ending::Back => ReviewOutcome::BackToScreening,
            Ending::NotOurs => ReviewOutcome::NotOurs { agency: words },
            Ending::Reject => ReviewOutcome::Reject {
                reason: self.rejection.unwrap_or(RejectionReason::Other),
                words,
            },
        };
        Composed::Acts(vec![CaseAct::Review { outcome, note: self.note.text() }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        let texts = [kept("words", self.words.text()), kept("note", self.note.text())];
        texts.into_iter().flatten().collect()
    }

    fn focus(&self) -> &'static str {
        let mut names = Focus::ALL.into_iter();
        names.find(|(focus, _)| *focus == self.focus).map_or("ending", |(_, name)| name)
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "words" => self.words.set(text),
            "note" => self.note.set(text),
            _ => {}
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, field: &str) {
        let known = Focus::ALL.into_iter().find(|(_, name)| *name == field);
        self.focus = known.map_or(self.focus, |(focus, _)| focus);
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let has_focus = |focus| self.focus == focus;
        let endings: Vec<_> = Ending::ALL
            .iter()
            .map(|(key, ending, label, _)| (format!("{key} {label}"), self.ending == Some(*ending)))
            .collect();
        picture.choices("outcome", &endings, has_focus(Focus::Ending), cells);
        let plan = scene.file.as_ref().and_then(|file| file.kept.as_ref());
        if let Some((screener, _)) = plan.and_then(|plan| plan.screened) {
            picture.words("screened", &format!("by {}", scene.name(screener)), cells, 1);
        }
        if self.ending == Some(Ending::Reject) {
            let reasons: Vec<_> = RejectionReason::ALL
                .iter()
                .map(|one| (format!("{} {}", one.key(), one.label()), self.rejection == Some(*one)))
                .collect();
            picture.choices("because", &reasons, has_focus(Focus::Rejection), cells);
        }
        if let Some(wants) = self.ending.and_then(Ending::wants) {
            picture.field("words", &self.words, has_focus(Focus::Words), cells, 2);
            picture.words("", &format!("({wants})"), cells, 1);
        }
        picture.field("note", &self.note, has_focus(Focus::Note), cells, 3);
        if self.note.is_blank() {
            picture.words("", "(what you found; a review takes one)", cells, 1);
        }
    }
}
