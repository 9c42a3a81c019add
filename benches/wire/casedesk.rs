//! The moves in casedesk, on an office that is made for it.

use std::path::Path;
use std::process::Command;

use portable_pty::CommandBuilder;

use super::table::{Move, Table};
use super::terminal::{REST, Terminal};
use super::{Failure, program};

const NAME: &str = "casedesk";

/// Times that a move is made.
const TIMES: usize = 9;

/// Frames that casedesk showed, by the move that each pair of neighbours is.
pub(crate) struct Frames(pub(crate) Vec<(Move, Vec<vt100::Screen>)>);

/// Measures casedesk.
pub(crate) fn measure(home: &Path, table: &mut Table) -> Result<Frames, Failure> {
    let office = home.join("office");
    make(&office)?;
    let mut command = CommandBuilder::new(program());
    command.args(["--data".as_ref(), office.as_os_str()]);
    command.args(["--as", "karimi"]);
    let mut screen = Terminal::start(command, home)?;
    let first = screen.until("\n>")? + screen.drain(REST);
    table.add(NAME, Move::FirstScreen, vec![first]);
    // The unit's inbox is longer than the screen.
    screen.press("2")?;
    screen.drain(REST);
    let mut frames = Frames(vec![(Move::FirstScreen, vec![blank(), screen.screen().clone()])]);
    let mut rests = Vec::new();
    let cursor = walk(&mut screen, "j", 6, Some(&mut rests), &mut frames, Move::Cursor)?;
    table.add(NAME, Move::Cursor, cursor);
    table.add(NAME, Move::Rest, rests);
    // Down to the lowest row of the list, and on.
    screen.press(&"j".repeat(12))?;
    screen.drain(REST);
    let scrolled = walk(&mut screen, "j", TIMES, None, &mut frames, Move::Scroll)?;
    table.add(NAME, Move::Scroll, scrolled);
    let paged = walk(&mut screen, "\x1b[6~", 3, None, &mut frames, Move::Page)?;
    table.add(NAME, Move::Page, paged);
    screen.press("\x1b[H")?;
    screen.drain(REST);
    table.add(NAME, Move::Burst, vec![screen.press(&"j".repeat(30))?]);
    screen.drain(REST);
    screen.press("\x1b[H")?;
    screen.drain(REST);
    // Stock programs draw a frame for each key, so their burst is made of these.
    walk(&mut screen, "j", 30, None, &mut frames, Move::Burst)?;
    let opened = walk(&mut screen, "\r", 1, None, &mut frames, Move::Open)?;
    table.add(NAME, Move::Open, opened);
    screen.press("a")?;
    screen.press("The ")?;
    screen.drain(REST);
    let typed = walk(&mut screen, "e", TIMES, None, &mut frames, Move::Cell)?;
    table.add(NAME, Move::Cell, typed);
    screen.press("\x1b")?;
    screen.press("<")?;
    screen.drain(REST);
    // As tests/wire.rs has it: whoever types does not rest between two letters.
    let (mut searched, mut shown) = (Vec::new(), Vec::new());
    for words in ["hansen", "sara mohamedi", "mohamedi"] {
        screen.go("\x1b")?;
        screen.press("/")?;
        screen.drain(REST);
        shown.push(screen.screen().clone());
        let mut so_far = String::new();
        for letter in words.chars() {
            so_far.push(letter);
            let names = so_far.split_whitespace().collect::<Vec<_>>().join(", ");
            searched.push(screen.type_on(letter, &format!("names {names}"))?);
            shown.push(screen.screen().clone());
        }
    }
    frames.0.push((Move::Search, shown));
    table.add(NAME, Move::Search, searched);
    screen.drain(REST);
    let opened = walk(&mut screen, "\r", 1, None, &mut frames, Move::OpenPerson)?;
    table.add(NAME, Move::OpenPerson, opened);
    Ok(frames)
}

fn make(office: &Path) -> Result<(), Failure> {
    let mut command = Command::new(program());
    command.args(["demo", "--no-open"]).arg("--data").arg(office);
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("the office was not made: {said}").into())
}

fn blank() -> vt100::Screen {
    use super::terminal::{COLUMNS, ROWS};
    vt100::Parser::new(ROWS, COLUMNS, 0).screen().clone()
}

/// Presses a key so many times, each after a rest, and keeps the frames; what came after the rests is counted apart.
fn walk(
    screen: &mut Terminal,
    key: &str,
    times: usize,
    mut rests: Option<&mut Vec<usize>>,
    frames: &mut Frames,
    kind: Move,
) -> Result<Vec<usize>, Failure> {
    let mut shown = vec![screen.screen().clone()];
    let mut counts = Vec::new();
    for _ in 0..times {
        counts.push(screen.press(key)?);
        let rest = screen.drain(REST);
        if let Some(rests) = &mut rests {
            rests.push(rest);
        }
        shown.push(screen.screen().clone());
    }
    frames.0.push((kind, shown));
    Ok(counts)
}
