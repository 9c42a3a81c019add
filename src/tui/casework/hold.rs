//! The hold: for whom the case waits, until when, and for what.

use crate::desk::DraftForm;
use crate::domain::cases::{CaseAct, EachAct, HoldReason};
use crate::domain::limits::{HOLD_DAYS_MAX, LINE_BYTES_MAX};
use crate::domain::time::Day;
use crate::keymap::Key;
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::escalate::turned;
use crate::tui::when::{TYPED_DAYS, typed_day, weekday_and_day};

/// Bytes of a date.
const DATE_BYTES_MAX: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Reason,
    Until,
    Words,
}

impl Focus {
    const ALL: [Self; 3] = [Self::Reason, Self::Until, Self::Words];
    /// Of a case that waits for the next opening: the calendar says when that is.
    const WITHOUT_UNTIL: [Self; 2] = [Self::Reason, Self::Words];

    fn name(self) -> &'static str {
        match self {
            Self::Reason => "reason",
            Self::Until => "until",
            Self::Words => "words",
        }
    }
}

/// A hold that is being put on.
#[derive(Debug)]
pub(super) struct HoldEditor {
    focus: Focus,
    reason: Option<HoldReason>,
    until: TextField,
    words: TextField,
}

impl HoldEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Reason,
            reason: None,
            until: TextField::line(DATE_BYTES_MAX),
            words: TextField::line(LINE_BYTES_MAX),
        }
    }

    /// The day that was typed, where a hold can end on it.
    fn day(&self, scene: &Scene) -> Option<Day> {
        let today = scene.today();
        typed_day(&self.until.text(), today).filter(|day| {
            (1..=HOLD_DAYS_MAX).contains(&day.number().saturating_sub(today.number()))
        })
    }

    fn is_parked(&self) -> bool {
        self.reason == Some(HoldReason::NextOpening)
    }

    /// What is done; nothing while something is missing.
    fn act(&self, scene: &Scene) -> Option<CaseAct> {
        let words = self.words.text();
        if self.is_parked() {
            return Some(CaseAct::Park { words });
        }
        Some(CaseAct::Hold { reason: self.reason?, until: self.day(scene)?, words })
    }

    fn until_words(&self, scene: &Scene) -> String {
        if self.until.is_blank() {
            return format!("{TYPED_DAYS} for days");
        }
        let today = scene.today();
        typed_day(&self.until.text(), today).map_or_else(
            || format!("that is no day yet: {TYPED_DAYS}"),
            |day| {
                let days = day.number().saturating_sub(today.number());
                let weekday = weekday_and_day(day, today);
                format!("{weekday}, {days} days; then it comes back by itself; most clocks stand still till then")
            },
        )
    }
}

impl Editor for HoldEditor {
    fn title(&self) -> &'static str {
        "HOLD"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Hold)
    }

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Reason => match key.typed().and_then(HoldReason::from_key) {
                Some(reason) => {
                    self.reason = Some(reason);
                    self.focus = if self.is_parked() { Focus::Words } else { Focus::Until };
                    Typed::Changed
                }
                None => Typed::Nothing,
            },
            Focus::Until if key.typed() == Some(' ') => {
                self.focus = Focus::Words;
                Typed::Nothing
            }
            Focus::Until => self.until.key(key).into(),
            Focus::Words => self.words.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Until => self.until.paste(text).into(),
            Focus::Reason | Focus::Words => {
                self.focus = Focus::Words;
                self.words.paste(text).into()
            }
        }
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        let fields: &[Focus] = if self.is_parked() { &Focus::WITHOUT_UNTIL } else { &Focus::ALL };
        self.focus = turned(fields, self.focus, turn);
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if self.reason.is_none() {
            self.focus = Focus::Reason;
            return Composed::Missing("Choose for whom the case waits, by its letter.".to_owned());
        }
        let Some(act) = self.act(scene) else {
            self.focus = Focus::Until;
            let what = format!(
                "A hold ends on a day after today and within {HOLD_DAYS_MAX} days: 14.12 or +7."
            );
            return Composed::Missing(what);
        };
        Composed::Acts(vec![act])
    }

    fn for_each(&self, scene: &Scene) -> Option<EachAct> {
        Some(EachAct::Acts(vec![self.act(scene)?]))
    }

    fn fields(&self) -> Vec<(String, String)> {
        let reason = self.reason.and_then(|reason| kept("reason", reason.code()));
        let texts = [kept("until", self.until.text()), kept("words", self.words.text())];
        std::iter::once(reason).chain(texts).flatten().collect()
    }

    fn focus(&self) -> &'static str {
        self.focus.name()
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "reason" => self.reason = HoldReason::from_code(text),
            "until" => self.until.set(text),
            "words" => self.words.set(text),
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
        let reasons: Vec<_> = HoldReason::ALL
            .iter()
            .map(|reason| {
                (format!("{} {}", reason.key(), reason.label()), self.reason == Some(*reason))
            })
            .collect();
        picture.choices("for", &reasons, self.focus == Focus::Reason, cells);
        if self.is_parked() {
            picture.words("until", "the unit opens next; all clocks run till then", cells, 1);
        } else {
            picture.field("until", &self.until, self.focus == Focus::Until, cells, 1);
            picture.words("", &self.until_words(scene), cells, 2);
        }
        picture.field("what for", &self.words, self.focus == Focus::Words, cells, 2);
    }
}
