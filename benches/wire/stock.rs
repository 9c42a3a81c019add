//! The moves in programs as one writes them with ratatui as it comes: its own backend, and a frame for every key.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::{Block, List, ListState, Paragraph, Wrap};
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

use super::Failure;
use super::casedesk::Frames;
use super::table::{Move, Table};
use super::terminal::{COLUMNS, ROWS};

/// A line that only counts.
struct Line(Rc<Cell<usize>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal that nobody looks at, and the bytes that it was sent so far.
struct Stock(Terminal<CrosstermBackend<Line>>, Rc<Cell<usize>>);

impl Stock {
    fn new() -> Result<Self, Failure> {
        let viewport = Viewport::Fixed(Rect::new(0, 0, COLUMNS, ROWS));
        let sent = Rc::new(Cell::new(0));
        let backend = CrosstermBackend::new(Line(Rc::clone(&sent)));
        Ok(Self(Terminal::with_options(backend, TerminalOptions { viewport })?, sent))
    }

    /// Draws a frame; how many bytes were written for it.
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> Result<usize, Failure> {
        let before = self.1.get();
        self.0.draw(view)?;
        Ok(self.1.get() - before)
    }
}

/// Draws the very frames that casedesk showed.
pub(crate) fn measure_same(frames: &Frames, table: &mut Table) -> Result<(), Failure> {
    const NAME: &str = "the same screens, stock ratatui";
    for (kind, shown) in &frames.0 {
        let mut terminal = Stock::new()?;
        let mut counts = Vec::new();
        for screen in shown {
            counts.push(terminal.draw(|frame| copy(screen, frame))?);
        }
        counts.remove(0);
        // No program that draws for every key has a burst.
        if *kind == Move::Burst {
            counts = vec![counts.iter().sum()];
        }
        table.add(NAME, *kind, counts);
    }
    Ok(())
}

/// Draws what a terminal shows.
fn copy(screen: &vt100::Screen, frame: &mut Frame<'_>) {
    let buffer: &mut Buffer = frame.buffer_mut();
    for position in Rect::new(0, 0, COLUMNS, ROWS).positions() {
        let (Some(shown), Some(cell)) =
            (screen.cell(position.y, position.x), buffer.cell_mut(position))
        else {
            continue;
        };
        if shown.has_contents() {
            cell.set_symbol(shown.contents());
        }
        let mut style = Style::new();
        if let vt100::Color::Idx(number) = shown.fgcolor() {
            style = style.fg(Color::Indexed(number));
        }
        let marks = [
            (shown.bold(), Modifier::BOLD),
            (shown.dim(), Modifier::DIM),
            (shown.underline(), Modifier::UNDERLINED),
            (shown.inverse(), Modifier::REVERSED),
        ];
        for (_, mark) in marks.into_iter().filter(|(is_so, _)| *is_so) {
            style = style.add_modifier(mark);
        }
        cell.set_style(style);
    }
    let (y, x) = screen.cursor_position();
    frame.set_cursor_position(Position::new(x, y));
}

/// A list beside its detail, with borders and a bar, as most programs of today look.
pub(crate) fn measure_classic(table: &mut Table) -> Result<(), Failure> {
    const NAME: &str = "list beside detail, stock ratatui";
    let mut terminal = Stock::new()?;
    let mut list = ListState::default().with_selected(Some(0));
    let mut show = |at: usize, list: &mut ListState| {
        list.select(Some(at));
        terminal.draw(|frame| classic(frame, list))
    };
    table.add(NAME, Move::FirstScreen, vec![show(0, &mut list)?]);
    let mut walk = |from: usize, times: usize| -> Result<Vec<usize>, Failure> {
        (from + 1..=from + times).map(|at| show(at, &mut list)).collect()
    };
    table.add(NAME, Move::Cursor, walk(0, 9)?);
    walk(9, 13)?;
    table.add(NAME, Move::Scroll, walk(22, 9)?);
    table.add(NAME, Move::Burst, vec![walk(31, 30)?.iter().sum()]);
    let mut page = |from: usize| show(from, &mut list);
    let pages = [80, 100, 120].map(&mut page).into_iter().collect::<Result<Vec<usize>, _>>()?;
    table.add(NAME, Move::Page, pages);
    Ok(())
}

fn classic(frame: &mut Frame<'_>, list: &mut ListState) {
    let [left, right] =
        Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)])
            .areas(frame.area());
    let rows = (0..200_usize).map(row);
    let bar = Style::new().add_modifier(Modifier::REVERSED);
    let widget = List::new(rows).block(Block::bordered().title("Cases")).highlight_style(bar);
    frame.render_stateful_widget(widget, left, list);
    let detail = detail(list.selected().unwrap_or_default());
    let words = Paragraph::new(detail).wrap(Wrap { trim: true });
    frame.render_widget(words.block(Block::bordered().title("Detail")), right);
}

const SUBJECTS: [&str; 5] = [
    "Rent subsidy late",
    "Damp, second report",
    "Lift out of order",
    "Moving grant",
    "Evening counter",
];
const NAMES: [&str; 7] = [
    "Mohammadi, Sara",
    "Haugen, Ingrid",
    "Demir, Mehmet",
    "Solberg, Nora",
    "Yildirim, Ayse",
    "Whitlock, G.",
    "Hernandez, Luz",
];

fn row(at: usize) -> String {
    let word = |words: &[&'static str]| words.get(at % words.len()).copied().unwrap_or_default();
    format!("{:>3}d C-{} {} {}", at / 9, 20_000 + at * 37, word(&SUBJECTS), word(&NAMES))
}

/// As much as casedesk's preview says, for the case at a place.
fn detail(at: usize) -> String {
    let word = |words: &[&'static str], by: usize| {
        words.get((at + by) % words.len()).copied().unwrap_or_default()
    };
    format!(
        "C-{}\n\n{}\n{}\n\nasks: {} was promised for {} August and has not come; {} asks who decides.\n\nlast: letter of {} \
         August, the lease was sent again\n\nnext: decision, due {} September\n\nowner: {}\nchannel: telephone\nunit: Housing",
        20_000 + at * 37,
        word(&SUBJECTS, 0),
        word(&NAMES, 0),
        word(&SUBJECTS, 0),
        at % 28 + 1,
        word(&NAMES, 0),
        (at * 3) % 28 + 1,
        (at * 5) % 30 + 1,
        word(&NAMES, 3),
    )
}
