//! Draws the model: the screen or what lies over it, the status line, the footer. It changes nothing.

use ratatui::layout::{Position, Rect};

use crate::desk::Notice;
use crate::keymap::Action;
use crate::tui::text::{sentence, width, wrap};

use super::contact::Prompt;
use super::footer::footer;
use super::look::Meaning;
use super::model::{Model, Overlay};
use super::paint::{Canvas, Paper};
use super::screen::Status;
use super::sheet::Sheet;
use super::small;
use super::status::key_of;
use super::update::keys;
use super::which_key::panel;

/// Rows below the screen: the status line and the footer.
pub(super) const ROWS_BELOW: u16 = 2;

/// The most rows that a refusal takes; it is said in full, over the footer where one row is not enough.
const STATUS_ROWS_MAX: usize = 6;

/// Draws the model on the sheet, which keeps what is as it was; where the cursor stands. The last column stays empty, for some
/// terminals wrap when it is written.
pub fn view(model: &Model, sheet: &mut Sheet) -> Position {
    let (whole, look) = (sheet.area(), model.shared.look);
    let kept = if model.has_only_moved() { Paper::kept(sheet, look) } else { None };
    let moved = kept.and_then(|mut paper| draw_moved(model, whole, &mut paper));
    let cursor = moved.unwrap_or_else(|| draw(model, whole, &mut Paper::new(sheet, look)));
    let inside = cursor.x < whole.right() && cursor.y < whole.bottom();
    if inside { cursor } else { whole.as_position() }
}

/// Where what is drawn stands, and the rows of the status line.
struct Plan {
    /// All but what is above every screen, and the last column.
    area: Rect,
    /// Of that, the screen's.
    screen: Rect,
    said: Vec<String>,
    style: Meaning,
}

impl Plan {
    fn of(model: &Model, whole: Rect) -> Self {
        let above = model.rows_above(whole.height);
        let area = Rect {
            y: whole.y + above,
            width: whole.width.saturating_sub(1),
            height: whole.height - above,
            ..whole
        };
        let (words, style) = match &model.status {
            None => (String::new(), Meaning::Plain),
            Some(Status::Done(words)) => (said(model, words), Meaning::Plain),
            Some(Status::Refused(words)) => (said(model, words), Meaning::Alarm),
        };
        let said = wrap(&words, usize::from(area.width), STATUS_ROWS_MAX);
        let below = ROWS_BELOW.max(rows_of(&said)).min(area.height);
        Self { area, screen: Rect { height: area.height - below, ..area }, said, style }
    }
}

/// Rows of the status line, which is there though it says nothing.
fn rows_of(said: &[String]) -> u16 {
    u16::try_from(said.len()).unwrap_or(ROWS_BELOW).max(1)
}

/// Draws what a cursor that moved leaves otherwise, where the screen knows that.
fn draw_moved(model: &Model, whole: Rect, paper: &mut Paper<'_>) -> Option<Position> {
    if small::is_too_small(model) {
        return None;
    }
    let area = Plan::of(model, whole).screen;
    model.history.current().screen.draw_moved(&model.shared, area, paper)
}

/// Draws it all; where the cursor stands.
fn draw(model: &Model, whole: Rect, paper: &mut Paper<'_>) -> Position {
    let notice_rows = model.notice_rows(whole.height);
    let Plan { area, screen: screen_area, said, style } = Plan::of(model, whole);
    let above = area.y - whole.y;
    let cells = usize::from(area.width);
    let (said_rows, below) = (rows_of(&said), area.height - screen_area.height);
    if small::is_too_small(model) {
        let room = Rect { width: whole.width.saturating_sub(1), ..whole };
        return small::draw(model, room, paper);
    }
    let cursor = match &model.overlay {
        Overlay::Nothing => model.history.current().screen.draw(&model.shared, screen_area, paper),
        Overlay::Palette(palette) => palette.draw(screen_area, paper),
        Overlay::Picker(picker) => picker.draw(screen_area, paper),
        Overlay::Macro(form) => form.draw(screen_area, paper),
        Overlay::Pages(pages) | Overlay::Lesson(pages) => pages.draw(screen_area, paper),
        Overlay::Contact(prompt) => {
            model.history.current().screen.draw(&model.shared, screen_area, paper);
            draw_prompt(prompt, screen_area, area.bottom().saturating_sub(1), paper)
        }
    };
    let ways = panel(model, cells, usize::from(area.height).saturating_sub(1));
    let ways_rows = u16::try_from(ways.len()).unwrap_or_default();
    let ways_area =
        Rect { y: area.bottom().saturating_sub(1 + ways_rows), height: ways_rows, ..area };
    paper.clear(ways_area);
    let cursor = if ways.is_empty() { cursor } else { ways_area.as_position() };
    let mut canvas = Canvas::new(area, paper);
    for (row, line) in (usize::from(screen_area.height)..).zip(&said) {
        canvas.put(row, 0, line, style);
    }
    for (row, line) in (usize::from(ways_area.y - area.y)..).zip(&ways) {
        canvas.line(row, line);
    }
    if said_rows < below || !ways.is_empty() {
        canvas.line(canvas.height().saturating_sub(1), &footer(model, cells));
    }
    if notice_rows > 0
        && let Some(notice) = &model.notice
    {
        let row = Rect { height: notice_rows, width: area.width, ..whole };
        draw_notice(model, notice, &mut Canvas::new(row, paper));
    }
    if let (Some(coach), true) = (&model.coach, above > notice_rows) {
        let row = Rect {
            y: whole.y + notice_rows,
            height: above - notice_rows,
            width: area.width,
            ..whole
        };
        let mut canvas = Canvas::new(row, paper);
        for (at, line) in coach.rows(&model.shared, canvas.width()).iter().enumerate() {
            canvas.put(at, 0, line, Meaning::Strong);
        }
    }
    cursor
}

/// Words for the status line: safe to show, and with the keys as they are now.
fn said(model: &Model, words: &str) -> String {
    sentence(&model.shared.keymap.in_words(words)).into_owned()
}

/// The prompt's rows over the lowest ones of the screen, and where the cursor stands: in the line, on the heading, or
/// where the footer is all that it has.
fn draw_prompt(prompt: &Prompt, area: Rect, footer: u16, paper: &mut Paper<'_>) -> Position {
    let rows = prompt.rows();
    let line = prompt.line();
    if rows.is_empty() && line.is_none() {
        return Position::new(area.x, footer);
    }
    let wanted = u16::try_from(rows.len() + usize::from(line.is_some())).unwrap_or(area.height);
    let height = wanted.min(area.height);
    let place = Rect { y: area.bottom() - height, height, ..area };
    paper.clear(place);
    let mut canvas = Canvas::new(place, paper);
    for (row, words) in rows.iter().enumerate() {
        canvas.put(row, 0, words, if row == 0 { Meaning::Rule } else { Meaning::Plain });
    }
    let Some((label, line)) = line else { return canvas.position(0, 0) };
    let column = canvas.put(rows.len(), 0, label, Meaning::Plain);
    let cells = canvas.width().saturating_sub(column);
    let cursor = line.draw_in_row(&mut canvas, rows.len(), column, cells);
    canvas.position(rows.len(), cursor)
}

/// One line above everything, in words and, where it is bad, in bold: what is the matter, and the key that tells the rest.
fn draw_notice(model: &Model, notice: &Notice, canvas: &mut Canvas<'_>) {
    let key = key_of(&model.shared, keys(model), Action::OpenHelp);
    let hint = key.map(|key| format!("   {key} tells all")).unwrap_or_default();
    let style = if notice.is_trouble { Meaning::Alarm } else { Meaning::Strong };
    let room = canvas.width().saturating_sub(width(&hint));
    let words = format!("{}: {}", notice.heading, notice.short);
    let column = canvas.put_within(0, 0, room, &words, style);
    canvas.put(0, column, &hint, style);
}
