//! Why the case is due when it is due, and why it is where it is: parts that scroll in place.

use crate::desk::{Answer, AskWhy, DraftForm, WhySection};
use crate::domain::time::Day;
use crate::keymap::{Action, Key, KeyCode};
use crate::tui::field::Picture;
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::{safe_line, wrap};

use super::editor::{Composed, Editor, Scene, Turn, Typed};

/// Rows of it that are shown at once: a board of 24 rows keeps its list above.
const SHOWN_MAX: usize = 9;
/// Rows of one sentence.
const ROWS_MAX: usize = 4;
/// The cells of the word at the left.
const LABEL_CELLS: usize = 9;

/// The explanation, in place.
#[derive(Debug)]
pub(super) struct WhyPanel {
    ticket: Option<Ticket>,
    sections: Option<Vec<WhySection>>,
    days: Vec<(String, Day)>,
    /// The sentence that is shown first.
    top: usize,
    failure: Option<String>,
}

impl WhyPanel {
    pub(super) fn new() -> Self {
        Self { ticket: None, sections: None, days: Vec::new(), top: 0, failure: None }
    }

    /// Every sentence with the word of its part where it begins one.
    fn sentences(&self) -> Vec<(String, &str)> {
        let sections = self.sections.iter().flatten().enumerate();
        sections
            .flat_map(|(number, section)| {
                section.lines.iter().enumerate().map(move |(at, line)| {
                    let word = match at {
                        0 => format!("{} {}", number + 1, section.topic.label()),
                        _ => String::new(),
                    };
                    (word, line.as_str())
                })
            })
            .collect()
    }

    fn scroll(&mut self, step: isize) {
        let last = self.sentences().len().saturating_sub(1);
        self.top = self.top.saturating_add_signed(step).min(last);
    }

    /// Goes to a part by its number.
    fn go_to(&mut self, number: usize) -> bool {
        let sections = self.sections.as_deref().unwrap_or_default();
        let Some(before) = number.checked_sub(1).filter(|place| *place < sections.len()) else {
            return false;
        };
        self.top = sections.iter().take(before).map(|section| section.lines.len()).sum();
        true
    }
}

impl Editor for WhyPanel {
    fn title(&self) -> &'static str {
        "WHY"
    }

    fn form(&self) -> Option<DraftForm> {
        None
    }

    fn hints(&self) -> Vec<Action> {
        vec![Action::NextField, Action::PreviousField, Action::Leave]
    }

    fn open(&mut self, scene: &Scene, context: &mut Context<'_>) {
        self.ticket = Some(context.ask(AskWhy { case: scene.row.id }));
    }

    fn key(&mut self, key: Key, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        let page = isize::try_from(SHOWN_MAX).unwrap_or(isize::MAX);
        match key.code() {
            KeyCode::Char('w' | 'q') | KeyCode::Enter => return Typed::Close,
            KeyCode::Space | KeyCode::PageDown => self.scroll(page),
            KeyCode::PageUp => self.scroll(-page),
            KeyCode::Char('j') | KeyCode::Down => self.scroll(1),
            KeyCode::Char('k') | KeyCode::Up => self.scroll(-1),
            KeyCode::Home => self.top = 0,
            KeyCode::Char(letter) => {
                let digit = letter.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
                if !digit.is_some_and(|number| self.go_to(number)) {
                    return Typed::Nothing;
                }
            }
            _ => {}
        }
        Typed::Nothing
    }

    fn paste(&mut self, _text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        Typed::Nothing
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        self.scroll(match turn {
            Turn::Next => 1,
            Turn::Previous => -1,
        });
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        match answer {
            Some(Answer::Why(why)) => {
                self.sections = Some(why.sections.clone());
                self.days.clone_from(&why.days);
            }
            _ => self.failure = Some("The desk did not say: leave, and ask again.".to_owned()),
        }
        true
    }

    fn compose(&mut self, _scene: &Scene) -> Composed {
        Composed::Nothing
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
        let sentences = self.sentences();
        let room = cells.saturating_sub(LABEL_CELLS).max(1);
        let (mut rows, mut shown) = (0, 0);
        if let Some(also) = scene.also.filter(|_| !self.days.is_empty() && self.top == 0) {
            let line = also.line(&self.days);
            rows = wrap(&line, room, ROWS_MAX).len();
            picture.words(also.label(), &line, cells, ROWS_MAX);
        }
        for (word, line) in sentences.iter().skip(self.top) {
            let indent = if line.starts_with("  ") { "  " } else { "" };
            let needs = wrap(&safe_line(line), room, ROWS_MAX).len().max(1);
            if shown > 0 && rows + needs > SHOWN_MAX {
                break;
            }
            picture.words(word, &format!("{indent}{}", line.trim()), cells, ROWS_MAX);
            (rows, shown) = (rows + needs, shown + 1);
        }
        picture.cursor = (1, 0);
        let below = sentences.len().saturating_sub(self.top + shown);
        if below > 0 || self.top > 0 {
            let parts = self.sections.as_ref().map_or(0, Vec::len);
            let more = format!("{below} more below (Space), {} above; 1-{parts} a part", self.top);
            picture.words("", &more, cells, 1);
        }
        match &self.failure {
            Some(failure) => picture.words("", failure, cells, 1),
            None if self.sections.is_none() => picture.words("", "reading", cells, 1),
            None => {}
        }
    }
}
