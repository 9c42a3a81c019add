//! Draws the model: the screen or what lies over it, the status line, the footer. It changes nothing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use crate::text::{safe_line, width, wrap};

use super::footer::footer;
use super::model::{Model, Overlay};
use super::paint::{ALARM, Canvas};
use super::screen::{Shared, Status};
use super::when;

/// Rows below the screen: the status line and the footer.
pub(super) const ROWS_BELOW: u16 = 2;

/// The most rows that a refusal takes; it is said in full, over the footer where one row is not enough.
const STATUS_ROWS_MAX: usize = 6;

/// What stands over the right end of the first row of every screen where the office is shown as it was.
fn past(shared: &Shared) -> Option<String> {
    let past = shared.who.past?;
    Some(format!(" as it was on {} · read-only", when::date_and_time(past.at, &shared.zone)))
}

/// Draws the model into the frame. The last column stays empty, for some terminals wrap when it is written.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let whole = frame.area();
    let area = Rect { width: whole.width.saturating_sub(1), ..whole };
    let cells = usize::from(area.width);
    let (words, style) = match &model.status {
        None => (String::new(), Style::default()),
        Some(Status::Done(words)) => (safe_line(words).into_owned(), Style::default()),
        Some(Status::Refused(words)) => (safe_line(words).into_owned(), ALARM),
    };
    let said = wrap(&words, cells, STATUS_ROWS_MAX);
    let said_rows = u16::try_from(said.len()).unwrap_or(ROWS_BELOW).max(1);
    let below = ROWS_BELOW.max(said_rows).min(area.height);
    let screen_area = Rect { height: area.height - below, ..area };
    let buffer = frame.buffer_mut();
    let cursor = match &model.overlay {
        Overlay::Nothing => model.history.current().screen.draw(&model.shared, screen_area, buffer),
        Overlay::Palette(palette) => palette.draw(screen_area, buffer),
        Overlay::Pages(pages) => pages.draw(screen_area, buffer),
    };
    let mut canvas = Canvas::new(area, buffer);
    if let Some(words) = past(&model.shared) {
        canvas.put(0, cells.saturating_sub(width(&words)), &words, ALARM);
    }
    for (row, line) in (usize::from(screen_area.height)..).zip(&said) {
        canvas.put(row, 0, line, style);
    }
    if said_rows < below {
        canvas.line(canvas.height().saturating_sub(1), &footer(model, cells));
    }
    if !model.has_colour {
        for cell in &mut buffer.content {
            cell.fg = Color::Reset;
            cell.bg = Color::Reset;
        }
    }
    let inside = cursor.x < whole.right() && cursor.y < whole.bottom();
    frame.set_cursor_position(if inside { cursor } else { whole.as_position() });
}
