//! The reply: a template or a blank page, to somebody, by a way that reaches them.

use crate::desk::DraftForm;
use crate::domain::PersonId;
use crate::domain::cases::{CaseAct, Channel, ReplyAddress, ReplyTemplate, templates};
use crate::domain::limits::TEXT_BYTES_MAX;
use crate::keymap::{self, Key, KeyCode};
use crate::tui::field::{Picture, TextField, Written};
use crate::tui::screen::Context;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::way::{Way, fill, ways};

/// Rows of a reply that are shown at once, at least and at most.
const ROWS: std::ops::RangeInclusive<usize> = 4..=12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Template,
    To,
    Text,
}

/// A reply that is being written.
#[derive(Debug)]
pub(super) struct ReplyEditor {
    focus: Focus,
    text: TextField,
    template: Option<&'static ReplyTemplate>,
    /// A template that was picked before the file came that fills it in.
    is_to_fill: bool,
    ways: Vec<Way>,
    way: usize,
    /// The way that a draft had chosen.
    wanted_way: Option<(PersonId, Channel)>,
}

impl ReplyEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Template,
            text: TextField::block(TEXT_BYTES_MAX),
            template: None,
            is_to_fill: false,
            ways: Vec::new(),
            way: 0,
            wanted_way: None,
        }
    }

    fn pick(&mut self, key: Key, scene: &Scene) -> Typed {
        if let Some(digit) = key.digit() {
            let template = usize::from(digit).checked_sub(1).and_then(|at| templates().get(at));
            if template.is_none() {
                return Typed::Nothing;
            }
            self.template = template;
            self.is_to_fill = true;
            self.focus = Focus::Text;
            self.fill(scene);
            return Typed::Changed;
        }
        if matches!(key.code(), KeyCode::Enter | KeyCode::Down) {
            self.focus = Focus::Text;
            return Typed::Nothing;
        }
        let written = self.text.key(key);
        if written == Written::Changed {
            self.focus = Focus::Text;
        }
        written.into()
    }

    /// Fills the template in, once it is known for whom.
    fn fill(&mut self, scene: &Scene) {
        if let Some(template) = self.template
            && self.is_to_fill
            && (scene.file.is_some() || scene.is_file_lost)
        {
            self.is_to_fill = false;
            let (text, gap) = fill(template, self.ways.get(self.way), scene);
            self.text.set(&text);
            if let Some(characters) = gap {
                self.text.set_cursor(characters);
            }
        }
    }

    fn choose_way(&mut self, key: Key) -> Typed {
        let count = self.ways.len();
        if let Some(digit) = key.digit() {
            if let Some(way) = usize::from(digit).checked_sub(1).filter(|way| *way < count) {
                self.way = way;
                self.focus = Focus::Text;
                return Typed::Changed;
            }
            return Typed::Nothing;
        }
        if matches!(key.code(), KeyCode::Enter | KeyCode::Down) {
            self.focus = Focus::Text;
        } else if matches!(key.code(), KeyCode::Space | KeyCode::Right) && count > 0 {
            self.way = (self.way + 1) % count;
            return Typed::Changed;
        }
        Typed::Nothing
    }

    fn is_template_line(&self) -> bool {
        self.text.is_blank() && !self.is_to_fill
    }
}

impl Editor for ReplyEditor {
    fn title(&self) -> &'static str {
        "REPLY"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Reply)
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Editor
    }

    fn key(&mut self, key: Key, scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Template => self.pick(key, scene),
            Focus::To => self.choose_way(key),
            Focus::Text => self.text.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.focus = Focus::Text;
        self.text.paste(text).into()
    }

    fn turn(&mut self, _turn: Turn, _key: Key, _scene: &Scene) {
        self.focus = match self.focus {
            Focus::Template | Focus::Text => Focus::To,
            Focus::To if self.is_template_line() => Focus::Template,
            Focus::To => Focus::Text,
        };
    }

    fn informed(&mut self, scene: &Scene) -> Typed {
        let chosen = self.ways.get(self.way).map(|way| (way.person, way.channel));
        let wanted = chosen.or(self.wanted_way);
        self.ways = scene.file.as_ref().map(|file| ways(file)).unwrap_or_default();
        let mut known = self.ways.iter();
        let found = known.position(|way| Some((way.person, way.channel)) == wanted);
        self.way = found.unwrap_or_default();
        self.fill(scene);
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if scene.file.is_none() && !scene.is_file_lost {
            return Composed::Waiting;
        }
        self.fill(scene);
        if self.text.is_blank() {
            return Composed::Missing("There is nothing in the reply: type it first.".to_owned());
        }
        let Some(way) = self.ways.get(self.way) else {
            let what = "There is nobody to write to: add a note (a) of what was done.".to_owned();
            return Composed::Missing(what);
        };
        Composed::Acts(vec![CaseAct::Reply {
            to: ReplyAddress { addressee: way.person, channel: way.channel },
            template: self.template.map(|template| template.code.to_owned()),
            text: self.text.text(),
        }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        let Some(text) = kept("text", self.text.text()) else { return Vec::new() };
        let template = self.template.and_then(|template| kept("template", template.code));
        let way = self.ways.get(self.way);
        let way = way.and_then(|way| kept("way", format!("{} {}", way.person, way.channel.code())));
        [Some(text), template, way].into_iter().flatten().collect()
    }

    fn focus(&self) -> &'static str {
        match self.focus {
            Focus::Template => "template",
            Focus::To => "to",
            Focus::Text => "text",
        }
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "text" => self.text.set(text),
            "template" => {
                self.template = templates().iter().find(|template| template.code == text);
            }
            "way" => {
                let way = text.split_once(' ').and_then(|(person, channel)| {
                    Some((person.parse().ok()?, Channel::from_code(channel)?))
                });
                let mut known = self.ways.iter();
                let place = known.position(|known| Some((known.person, known.channel)) == way);
                self.way = place.unwrap_or(self.way);
                self.wanted_way = way;
            }
            _ => {}
        }
    }

    fn restore_focus(&mut self, field: &str) {
        self.focus = if field == "to" { Focus::To } else { Focus::Text };
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        if self.is_template_line() {
            let choices: Vec<_> = templates()
                .iter()
                .zip(1..)
                .map(|(template, digit): (_, u8)| (format!("{digit} {}", template.label), false))
                .chain(std::iter::once(("Enter blank".to_owned(), false)))
                .collect();
            picture.choices("begin", &choices, self.focus == Focus::Template, cells);
        }
        let ways: Vec<_> = self
            .ways
            .iter()
            .zip(1..)
            .enumerate()
            .map(|(at, (way, digit)): (_, (_, usize))| {
                let address = if way.address.is_empty() { "no address" } else { &way.address };
                let words = format!("{digit} {} by {}, {address}", way.name, way.channel.label());
                (words, at == self.way)
            })
            .collect();
        if ways.is_empty() {
            let is_read = scene.file.is_some() || scene.is_file_lost;
            picture.words("to", if is_read { "nobody to write to" } else { "reading" }, cells, 1);
        } else {
            picture.choices("to", &ways, self.focus == Focus::To, cells);
        }
        picture.text(&self.text, self.focus == Focus::Text, cells, ROWS);
        picture.words("", "Sent is sent: u does not take a reply back.", cells, 1);
    }
}
