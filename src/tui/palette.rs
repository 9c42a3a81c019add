//! The palette: every action that means something on the screen below, found by letters, with its keys.

use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;
use ratatui::layout::{Position, Rect};

use crate::desk::WhoAnswer;
use crate::keymap::{self, Action, ActionInfo, Key, KeyCode, Keymap};
use crate::tui::text::{fit, width};

use super::paint::{Canvas, Meaning, Paper};
use super::rights;
use super::screen::Handled;

/// Characters that can be typed into the palette.
const TYPED_MAX: usize = 60;

/// Columns for the label, and for the keys.
const LABEL_COLUMNS: usize = 16;
const KEYS_COLUMNS: usize = 12;

/// The palette.
pub(super) struct Palette {
    typed: String,
    /// What means something below: its line in the table and its keys.
    actions: Vec<(&'static ActionInfo, String)>,
    /// Which of them match, best first.
    shown: Vec<usize>,
    cursor: usize,
}

/// What became of an action in the palette.
pub(super) enum Chosen {
    /// It is done with.
    Handled,
    /// It means nothing in the palette.
    Nothing,
    /// This is to be done on the screen below.
    Action(&'static ActionInfo),
}

impl Palette {
    /// The palette over a screen with that context, for whoever is signed in.
    pub(super) fn new(keymap: &Keymap, context: keymap::Context, who: &WhoAnswer) -> Self {
        let actions: Vec<_> = keymap
            .actions_in(context)
            .filter(|info| info.action != Action::OpenPalette && rights::may(who, info.action))
            .map(|info| (info, keymap.keys_for(context, info.action).join("  ")))
            .collect();
        let shown = (0..actions.len()).collect();
        Self { typed: String::new(), actions, shown, cursor: 0 }
    }

    /// Types a key.
    pub(super) fn key(&mut self, key: Key) -> Handled {
        if let Some(character) = key.typed() {
            self.paste(character.encode_utf8(&mut [0; 4]));
            return Handled::Yes;
        }
        if key == Key::control('u') {
            self.typed.clear();
        } else if key.code() == KeyCode::Backspace {
            self.typed.pop();
        } else {
            return Handled::No;
        }
        self.find();
        Handled::Yes
    }

    /// Types a text, as far as there is room.
    pub(super) fn paste(&mut self, text: &str) {
        let room = TYPED_MAX.saturating_sub(self.typed.chars().count());
        self.typed.extend(text.chars().filter(|character| !character.is_control()).take(room));
        self.find();
    }

    /// Moves in the palette, or chooses.
    pub(super) fn act(&mut self, action: Action, rows: usize) -> Chosen {
        let last = self.shown.len().saturating_sub(1);
        let page = rows.max(1);
        self.cursor = match action {
            Action::ListDown => self.cursor.saturating_add(1),
            Action::ListUp => self.cursor.saturating_sub(1),
            Action::PageDown => self.cursor.saturating_add(page),
            Action::PageUp => self.cursor.saturating_sub(page),
            Action::OpenRow => {
                let chosen = self.shown.get(self.cursor).and_then(|at| self.actions.get(*at));
                return chosen.map_or(Chosen::Handled, |(info, _)| Chosen::Action(info));
            }
            _ => return Chosen::Nothing,
        }
        .min(last);
        Chosen::Handled
    }

    /// Draws the palette over the area; the cursor stands in the text.
    pub(super) fn draw(&self, area: Rect, paper: &mut Paper<'_>) -> Position {
        let line = format!(": {}", self.typed);
        let mut canvas = Canvas::new(area, paper);
        canvas.put(0, 0, &line, Meaning::Strong);
        let room = canvas.height().saturating_sub(2);
        let top = self.cursor.saturating_sub(room.saturating_sub(1));
        let shown = self.shown.iter().filter_map(|at| self.actions.get(*at));
        for (row, (at, (info, keys))) in (1..).zip(shown.enumerate().skip(top).take(room)) {
            let marker = if at == self.cursor { '>' } else { ' ' };
            let label = fit(info.label, LABEL_COLUMNS);
            let text = format!("{marker} {label}{}{}", fit(keys, KEYS_COLUMNS), info.help);
            canvas.line(row, &text);
        }
        let place = if self.shown.is_empty() {
            "-- nothing is called that; Backspace takes letters away".to_owned()
        } else {
            format!("-- {} of {}", self.cursor + 1, self.shown.len())
        };
        canvas.rule(canvas.height().saturating_sub(1), &place);
        canvas.position(0, width(&line))
    }

    /// Labels are what is looked for; where none matches, the sentences are.
    fn find(&mut self) {
        self.cursor = 0;
        if self.typed.is_empty() {
            self.shown = (0..self.actions.len()).collect();
            return;
        }
        let matcher = SkimMatcherV2::default().ignore_case();
        let scored = |text: &dyn Fn(&ActionInfo) -> &'static str| {
            let mut scored: Vec<(i64, usize)> = Vec::new();
            for (at, (info, _)) in self.actions.iter().enumerate() {
                if let Some(score) = matcher.fuzzy_match(text(info), &self.typed) {
                    scored.push((score, at));
                }
            }
            scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
            scored
        };
        let mut found: Vec<usize> = scored(&|info| info.label).iter().map(|(_, at)| *at).collect();
        for (_, at) in scored(&|info| info.help) {
            if !found.contains(&at) {
                found.push(at);
            }
        }
        self.shown = found;
    }
}
