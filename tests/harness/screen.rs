//! A terminal without a terminal: the real model, updated and drawn, with the desk asked at once.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use casedesk::desk::{AskPlaces, AskWho, Change, Desk, Request};
use casedesk::domain::time::Instant;
use casedesk::domain::{CaseId, EntityId, UnitId};
use casedesk::keymap::{Key, Keymap};
use casedesk::tui::thin::Abilities;
use casedesk::tui::{Effect, Look, Model, Msg, Prepared, Sheet, take_in, update, view};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use super::carried::{Heard, seen};
use crate::thin::Line;

/// Effects and messages that one key may lead to; more is a loop.
const STEPS_MAX: usize = 10_000;

/// The keys of commands from screens begin here, far from those of whoever else acts at the same desk.
const FIRST_REQUEST: u128 = 1 << 64;

/// Commands of all screens so far: two screens at one desk give no key twice.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// The key of the next command from a screen.
pub(crate) fn next_request() -> u128 {
    FIRST_REQUEST + u128::from(REQUESTS.fetch_add(1, Ordering::Relaxed))
}

/// The keys of a preset. The default ones are read once: hundreds of screens are opened with them.
fn preset_keys(preset: &str) -> Keymap {
    static DEFAULT: OnceLock<Keymap> = OnceLock::new();
    let read = |preset| {
        let (keymap, problems) = Keymap::load(preset, None);
        assert!(problems.is_empty(), "{problems:?}");
        keymap
    };
    match preset {
        "default" => DEFAULT.get_or_init(|| read("default")).clone(),
        other => read(other),
    }
}

/// A screen at a desk. Everything that a key asks for is answered before the next key, unless the desk is held.
pub(crate) struct TestScreen {
    // It ends before the desk does, so that a conversation with one far away ends with its screen.
    feed: Heard,
    desk: Arc<dyn Desk>,
    model: Model,
    sheet: Sheet,
    /// The terminal on which every frame is shown, where a test has one.
    line: Option<Line>,
    /// How often all was drawn anew because somebody asked for it.
    redraws: usize,
    /// The rows that the last frame painted.
    rows_drawn: usize,
    cursor: Position,
    waiting: VecDeque<Effect>,
    is_held: bool,
    is_unseen: bool,
    has_ended: bool,
}

impl TestScreen {
    /// The screen of whoever the desk says is signed in, at 80x24, with the default keys.
    pub(crate) fn open(desk: Arc<dyn Desk>) -> Self {
        Self::open_with(desk, "default", (80, 24))
    }

    /// As [`TestScreen::open`], drawn as this look has it.
    pub(crate) fn open_looking(desk: Arc<dyn Desk>, look: Look) -> Self {
        Self::open_as(desk, preset_keys("default"), (80, 24), look)
    }

    /// As [`TestScreen::open`], with the keys of a preset, in columns and rows.
    pub(crate) fn open_with(desk: Arc<dyn Desk>, preset: &str, size: (u16, u16)) -> Self {
        Self::open_keys(desk, preset_keys(preset), size)
    }

    /// As [`TestScreen::open_with`], with these keys.
    pub(crate) fn open_keys(desk: Arc<dyn Desk>, keymap: Keymap, size: (u16, u16)) -> Self {
        Self::open_as(desk, keymap, size, Look::default())
    }

    fn open_as(desk: Arc<dyn Desk>, keymap: Keymap, size: (u16, u16), look: Look) -> Self {
        let (desk, feed) = seen(desk);
        let who = desk.ask(AskWho {}).unwrap();
        let (model, effects) = Model::new(who, keymap, size, look);
        let mut screen = Self {
            feed,
            desk,
            model,
            sheet: Sheet::new(Rect::new(0, 0, size.0, size.1)),
            line: None,
            redraws: 0,
            rows_drawn: 0,
            cursor: Position::ORIGIN,
            waiting: effects.into(),
            is_held: false,
            is_unseen: false,
            has_ended: false,
        };
        screen.settle();
        screen
    }

    /// Keeps where the caseworker is, as a session of this number, and goes back to where one was cut off.
    pub(crate) fn remember(&mut self, session: u64) -> &mut Self {
        let cut_off = self.desk.ask(AskPlaces {}).unwrap().places;
        let effects = self.model.remember(session, cut_off);
        self.waiting.extend(effects);
        self.settle();
        self
    }

    /// Shows every frame from now on to a terminal, too, which then has to show the same.
    pub(crate) fn show_on(&mut self, abilities: Abilities) -> &mut Self {
        let Rect { width, height, .. } = self.sheet.area();
        self.sheet = Sheet::new(self.sheet.area());
        self.line = Some(Line::new(abilities, width, height));
        self
    }

    /// Begins the tutor.
    pub(crate) fn teach(&mut self, prepared: Prepared) -> &mut Self {
        self.model.teach(prepared);
        self
    }

    /// The terminal goes, as the driver tells it.
    pub(crate) fn hang_up(mut self) {
        let effects = self.model.put_away();
        self.waiting.extend(effects);
        self.settle();
    }

    /// Presses keys, written as `2jj<enter>r hello<ctrl-d>`: characters as they are, every other key by its name.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(character) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|after| after.split_once('>'));
            let named = named.and_then(|(name, left)| Some((Key::parse(name).ok()?, left)));
            let (key, left) = match named {
                Some((key, left)) if left.len() + 3 < rest.len() => (key, left),
                _ => (Key::char(character), rest.get(character.len_utf8()..).unwrap_or_default()),
            };
            self.tell(Msg::Key(key));
            rest = left;
        }
        self
    }

    /// Presses these keys, one after the other.
    pub(crate) fn press(&mut self, keys: &[Key]) -> &mut Self {
        for key in keys {
            self.tell(Msg::Key(*key));
        }
        self
    }

    /// Pastes a text.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        self.tell(Msg::Paste(text.to_owned()));
        self
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.sheet = Sheet::new(Rect::new(0, 0, columns, rows));
        if let Some(line) = &mut self.line {
            *line = line.afresh(columns, rows);
        }
        self.tell(Msg::Resized(columns, rows));
        self
    }

    /// Hears of a size, while the cells stay as many as they are: a terminal of no size is drawn on as one of 80x24.
    pub(crate) fn tell_size(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.tell(Msg::Resized(columns, rows));
        self
    }

    /// Lets it be that time.
    pub(crate) fn tick(&mut self, now: Instant) -> &mut Self {
        self.tell(Msg::Tick(now));
        self
    }

    /// Tells the screen of a change, where the desk has no feed of its own.
    pub(crate) fn changed(&mut self, change: Change) -> &mut Self {
        self.tell(Msg::Changed(change));
        self
    }

    /// Tells the screen of a case that somebody changed, as a desk does: by its name, and by the lists of its unit.
    pub(crate) fn changed_case(&mut self, case: u64) -> &mut Self {
        self.changed(Change::Changed(vec![EntityId::Case(CaseId(case))]));
        self.changed(Change::Lists(vec![UnitId(1)]))
    }

    /// Hears what the desk tells of what others did.
    pub(crate) fn heard(&mut self) -> &mut Self {
        self.settle();
        self
    }

    /// Lets the desk be heard, and keys be pressed by somebody who still sees the frame from before.
    pub(crate) fn unseen(&mut self) -> &mut Self {
        self.is_unseen = true;
        self
    }

    /// Shows what was put by since [`TestScreen::unseen`].
    pub(crate) fn seen(&mut self) -> &mut Self {
        self.is_unseen = false;
        self.settle();
        self
    }

    /// The rows as they are at once after a key, before anybody rests.
    pub(crate) fn rows_at_once(&mut self) -> Vec<String> {
        self.settle();
        self.drawn()
    }

    /// From now on the desk answers nothing, as a slow one would not, until [`TestScreen::release`].
    pub(crate) fn hold(&mut self) -> &mut Self {
        self.is_held = true;
        self
    }

    /// Has the desk answer all that it was asked while it was held.
    pub(crate) fn release(&mut self) -> &mut Self {
        self.is_held = false;
        self.settle();
        self
    }

    /// The rows of the screen for somebody who rests, without the spaces at their ends.
    pub(crate) fn rows(&mut self) -> Vec<String> {
        if self.model.is_restless() {
            self.tell(Msg::Rested);
        }
        self.drawn()
    }

    fn drawn(&mut self) -> Vec<String> {
        self.cursor = view(&self.model, &mut self.sheet);
        // Rows that are as they were before look as if everything were drawn anew.
        let mut afresh = Sheet::new(self.sheet.area());
        assert_eq!(view(&self.model, &mut afresh), self.cursor);
        assert_eq!(afresh.buffer(), self.sheet.buffer());
        self.rows_drawn = self.sheet.changed().map(|(_, y, _)| y).collect::<BTreeSet<_>>().len();
        if let Some(line) = &mut self.line {
            line.show_sheet(&self.sheet, self.cursor);
        }
        self.model.drawn();
        let buffer = self.sheet.buffer();
        let width = usize::from(buffer.area.width);
        let row = |cells: &[ratatui::buffer::Cell]| {
            let text: String = cells.iter().map(ratatui::buffer::Cell::symbol).collect();
            text.trim_end().to_owned()
        };
        buffer.content.chunks(width).map(row).collect()
    }

    /// The screen as one text.
    pub(crate) fn text(&mut self) -> String {
        self.rows().join("\n")
    }

    /// What stands in each cell, row by row.
    pub(crate) fn cells(&mut self) -> Vec<Vec<String>> {
        self.rows();
        let buffer = self.sheet.buffer();
        let row = |cells: &[ratatui::buffer::Cell]| {
            cells.iter().map(|cell| cell.symbol().to_owned()).collect()
        };
        buffer.content.chunks(usize::from(buffer.area.width)).map(row).collect()
    }

    /// What stands in the cells that are drawn so.
    pub(crate) fn meant(&mut self, so: Modifier) -> Vec<String> {
        self.rows();
        let cells = self.sheet.buffer().content.iter();
        let cells = cells.filter(|cell| cell.modifier.contains(so));
        cells.map(|cell| cell.symbol().to_owned()).collect()
    }

    /// The column and row of the cursor.
    pub(crate) fn cursor(&mut self) -> (usize, usize) {
        self.rows();
        let cursor = self.cursor;
        (usize::from(cursor.x), usize::from(cursor.y))
    }

    /// The row on which the cursor stands.
    pub(crate) fn cursor_row(&mut self) -> String {
        let rows = self.rows();
        let cursor = self.cursor;
        rows[usize::from(cursor.y)].clone()
    }

    /// The cells of the screen, and where the cursor stands.
    pub(crate) fn picture(&mut self) -> (Buffer, Position) {
        self.rows();
        let cursor = self.cursor;
        (self.sheet.buffer().clone(), cursor)
    }

    /// The case below the list, and what is said of the list beside it: `C-102   3 of 31   2 marked`.
    pub(crate) fn at(&mut self) -> String {
        let rows = self.rows();
        let title = rows.iter().find_map(|row| row.strip_prefix("-- C-")).unwrap();
        let (before, after) = title.split_once(" of ").unwrap();
        let (about, place) = before.rsplit_once(' ').unwrap();
        format!("C-{}   {place} of {after}", about.split(' ').next().unwrap())
    }

    /// The row above the footer.
    pub(crate) fn status(&mut self) -> String {
        let rows = self.rows();
        rows[rows.len() - 2].clone()
    }

    /// The last row.
    pub(crate) fn footer(&mut self) -> String {
        self.rows().pop().unwrap()
    }

    /// How many rows the last frame painted.
    pub(crate) fn rows_drawn(&self) -> usize {
        self.rows_drawn
    }

    /// How often all was drawn anew because somebody asked for it.
    pub(crate) fn redraws(&self) -> usize {
        self.redraws
    }

    /// Whether the program has ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended
    }

    fn tell(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.waiting.extend(effects);
        self.settle();
        if self.model.has_only_moved() {
            // Such a frame is drawn in a way of its own.
            self.drawn();
        }
    }

    fn settle(&mut self) {
        for _ in 0..STEPS_MAX {
            if self.is_held {
                return;
            }
            let (effects, is_last) = match self.next() {
                Some(msg) => (update(&mut self.model, msg), false),
                None if self.is_unseen => return,
                None => (take_in(&mut self.model), true),
            };
            let is_quiet = is_last && effects.is_empty();
            self.waiting.extend(effects);
            if is_quiet {
                return;
            }
        }
        unreachable!("one key led to more than {STEPS_MAX} steps");
    }

    /// What comes back next: an answer, or a change.
    fn next(&mut self) -> Option<Msg> {
        while let Some(effect) = self.waiting.pop_front() {
            match effect {
                Effect::Ask(ticket, query) => {
                    return Some(Msg::Answered(ticket, Box::new(self.desk.query(query))));
                }
                Effect::Execute(ticket, command) => {
                    let request = Request { id: next_request(), command: *command };
                    return Some(Msg::Executed(ticket, Box::new(self.desk.execute(request))));
                }
                Effect::Bell => {}
                Effect::Redraw => {
                    let area = self.sheet.area();
                    self.sheet = Sheet::new(area);
                    self.redraws += 1;
                    if let Some(line) = &mut self.line {
                        *line = line.afresh(area.width, area.height);
                    }
                }
                Effect::Quit => self.has_ended = true,
            }
        }
        self.feed.next().map(Msg::Changed)
    }
}
