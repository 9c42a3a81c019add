//! Pages to read over the screen: the keys that work there, and why something is as it is.
use ratatui::layout::{Position, Rect};

use crate::desk::{Notice, WhoAnswer};
use crate::keymap::{self, Action, Keymap};
use crate::tui::text::{fit, safe_line, width, wrap};

use super::paint::{Canvas, Meaning, Paper};
use super::rights;
use super::screen::Handled;

/// The most lines that one paragraph of the pages takes.
const PARAGRAPH_LINES_MAX: usize = 40;

/// Columns for the keys.
const KEYS_COLUMNS: usize = 16;

/// Columns for the label.
const LABEL_COLUMNS: usize = 15;

/// Cells that the sentence needs beside keys and label; in less it goes below them.
const TEXT_CELLS_MIN: usize = 20;

/// Text with a title, and the line that is on top.
pub(super) struct Pages {
    title: String,
    paragraphs: Vec<Paragraph>,
    top: usize,
}

/// What stands at the left of a text, and the text, whose lines all begin in one column.
struct Paragraph {
    left: String,
    text: String,
}

impl From<String> for Paragraph {
    fn from(text: String) -> Self {
        Self { left: String::new(), text }
    }
}

impl Pages {
    /// Pages of these paragraphs.
    pub(super) fn new(title: String, paragraphs: Vec<String>) -> Self {
        let paragraphs = paragraphs.into_iter().map(Paragraph::from).collect();
        Self { title, paragraphs, top: 0 }
    }

    /// The keys that work in a context for whoever is signed in, from the live map; those without a key come last, for the
    /// palette has them.
    pub(super) fn of_keys(keymap: &Keymap, context: keymap::Context, who: &WhoAnswer) -> Self {
        let (bound, unbound): (Vec<_>, Vec<_>) = keymap
            .actions_in(context)
            .filter(|info| rights::may(who, info.action))
            .map(|info| (keymap.keys_for(context, info.action).join("  "), info))
            .partition(|(keys, _)| !keys.is_empty());
        let line = |(keys, info): (String, &keymap::ActionInfo)| {
            let left = format!("{}{}", fit(&keys, KEYS_COLUMNS), fit(info.label, LABEL_COLUMNS));
            Paragraph { left, text: info.help.to_owned() }
        };
        let mut paragraphs: Vec<Paragraph> = bound.into_iter().map(line).collect();
        if !unbound.is_empty() {
            paragraphs.push(String::new().into());
            paragraphs.push("Without a key here; the palette has them:".to_owned().into());
            paragraphs.extend(unbound.into_iter().map(line));
        }
        Self { title: format!("KEYS  {}", context.name()), paragraphs, top: 0 }
    }

    /// The same pages behind the whole story of a notice, which is what whoever asks for help now wants to know first.
    pub(super) fn behind(mut self, notice: &Notice) -> Self {
        let story = notice.story.iter().flat_map(|text| [text.clone(), String::new()]);
        let mut paragraphs: Vec<Paragraph> = story.map(Paragraph::from).collect();
        paragraphs.push(std::mem::replace(&mut self.title, notice.heading.clone()).into());
        paragraphs.append(&mut self.paragraphs);
        Self { paragraphs, ..self }
    }

    /// Moves the pages; whether the action means that.
    pub(super) fn act(&mut self, action: Action, size: (u16, u16)) -> Handled {
        let page = usize::from(size.1).saturating_sub(5).max(1);
        let last = self.lines(usize::from(size.0).saturating_sub(1)).len().saturating_sub(page);
        self.top = match action {
            Action::ListDown => self.top.saturating_add(1),
            Action::ListUp => self.top.saturating_sub(1),
            Action::PageDown => self.top.saturating_add(page),
            Action::PageUp => self.top.saturating_sub(page),
            Action::ListFirst => 0,
            Action::ListLast => last,
            _ => return Handled::No,
        }
        .min(last);
        Handled::Yes
    }

    /// Draws the pages over the area; the cursor stands on the line on top.
    pub(super) fn draw(&self, area: Rect, paper: &mut Paper<'_>) -> Position {
        let lines = self.lines(usize::from(area.width));
        let total = lines.len();
        let mut canvas = Canvas::new(area, paper);
        canvas.put(0, 0, &self.title, Meaning::Strong);
        let room = canvas.height().saturating_sub(2);
        for (row, line) in (1..).zip(lines.iter().skip(self.top).take(room)) {
            canvas.line(row, line);
        }
        let shown = total.saturating_sub(self.top).min(room);
        let place = format!("-- {} to {} of {total}", self.top + 1, self.top + shown);
        canvas.rule(canvas.height().saturating_sub(1), &place);
        canvas.position(1, 0)
    }

    fn lines(&self, cells: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in &self.paragraphs {
            let column = width(&paragraph.left);
            let room = cells.saturating_sub(column);
            let (left, column, room) = if room < TEXT_CELLS_MIN {
                ("", 0, cells)
            } else {
                (paragraph.left.as_str(), column, room)
            };
            if left.is_empty() && !paragraph.left.is_empty() {
                lines.extend(wrap(&safe_line(&paragraph.left), cells, PARAGRAPH_LINES_MAX));
            }
            let wrapped = wrap(&safe_line(&paragraph.text), room, PARAGRAPH_LINES_MAX);
            for (at, line) in wrapped.iter().enumerate() {
                let left = if at == 0 { fit(left, column) } else { fit("", column) };
                lines.push(format!("{left}{line}"));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{day, shared};
    use super::*;

    #[test]
    fn a_long_sentence_goes_on_in_its_own_column() {
        let (keymap, _) = Keymap::load("default", None);
        let who = shared("Europe/Oslo", day(2026, 8, 21)).who;
        let pages = Pages::of_keys(&keymap, keymap::Context::Case, &who);
        let lines = pages.lines(79);
        let column = KEYS_COLUMNS + LABEL_COLUMNS;
        let continued: Vec<_> =
            lines.iter().filter(|line| line.starts_with(&" ".repeat(column))).collect();
        assert!(!continued.is_empty(), "{lines:?}");
        assert!(lines.iter().all(|line| width(line) <= 79));
        for cells in [0, 1, 20, 40] {
            assert!(pages.lines(cells).iter().all(|line| width(line) <= cells), "{cells}");
        }
    }
}
