//! The real cursor stands where the focus is, on every screen and in everything that lies over one: a screen reader and a
//! magnifier follow it.

use std::sync::Arc;

use casedesk::desk::LocalDesk;
use casedesk::domain::time::Instant;
use casedesk::made::classroom;
use casedesk::store::MemoryStore;

use crate::harness::TestScreen;
use crate::office::{Counted, TestClock};

/// Where the cursor has to be.
#[derive(Debug, Clone, Copy)]
enum Stands {
    /// On the row with the marker.
    Marked,
    /// After the letter that was typed last.
    InText,
    /// On a row that begins so: a field that is to be picked, or a heading where there is no list.
    On(&'static str),
}

use Stands::{InText, Marked, On};

/// Keys from the board on, and where they lead the cursor.
const WAYS: [(&str, Stands); 59] = [
    ("", Marked),
    ("j", Marked),
    ("<end>", Marked),
    ("2", Marked),
    ("2 ", Marked),
    ("g", On("-- g ..")),
    ("c", On("c ..")),
    ("ct", Marked),
    ("c", On("-- K-")),
    ("cb", Marked),
    ("N", Marked),
    ("R", Marked),
    ("Q", On("MACROS")),
    ("w", On("1 due")),
    ("<f1>", On("/")),
    (":", InText),
    (":ov", InText),
    ("f", InText),
    ("F", Marked),
    ("o", On("by")),
    ("y", On("-- ")),
    ("go", Marked),
    ("gp", Marked),
    ("gc", Marked),
    ("gcj", Marked),
    ("gd", Marked),
    ("gl", On("None waits")),
    ("gn", On("Nothing came")),
    ("gr", On("")),
    ("gw", On("Nothing waits")),
    ("gj", On("PLACES")),
    ("gojgj", Marked),
    ("gt", Marked),
    ("gtj", Marked),
    ("/", InText),
    ("/mohmdi", InText),
    ("/mohmdi<down>", InText),
    ("/mohmdi<tab>", Marked),
    ("/zx8zx8", InText),
    ("/zx8zx8<tab>", On("Nobody is found")),
    ("/mohmdi<enter>", Marked),
    ("/mohmdi<enter><tab>", Marked),
    ("/mohmdi<enter>i", Marked),
    ("/zx8zx8<tab>n", InText),
    ("n", Marked),
    ("nt", Marked),
    ("ntc", InText),
    ("<enter>", Marked),
    ("<enter>j", Marked),
    ("<enter>e", On("level")),
    ("<enter>e2a", InText),
    ("<enter>r", On("begin")),
    ("<enter>r1", InText),
    ("<enter>a", InText),
    ("<enter>h", On("for")),
    ("<enter>t", InText),
    ("<enter>x", On("outcome")),
    ("<enter>p", InText),
    ("<enter>K", Marked),
];

/// Whether the cursor stands there.
fn is_there(screen: &mut TestScreen, stands: Stands) -> bool {
    match stands {
        Marked => screen.cursor_row().starts_with('>'),
        On(words) => screen.cursor_row().trim_start().starts_with(words),
        InText => {
            screen.keys("z");
            let (column, row) = screen.cursor();
            let cells = &screen.cells()[row];
            column.checked_sub(1).is_some_and(|before| cells[before] == "z")
        }
    }
}

#[test]
fn the_cursor_stands_on_the_focus_of_every_screen() {
    let now = Instant::from_milliseconds(1_787_300_000_000);
    let clock = Arc::new(TestClock::at(now.milliseconds()));
    let store = Arc::new(MemoryStore::new());
    let desk = LocalDesk::open(store, clock, Arc::new(Counted::from(1))).unwrap();
    classroom(&desk, now).unwrap();
    let mut wrong: Vec<String> = Vec::new();
    for size in [(80, 24), (60, 20)] {
        for (keys, stands) in WAYS {
            let desk = Arc::new(desk.sign_in("karimi", None).unwrap());
            let mut screen = TestScreen::open_with(desk, "default", size);
            screen.keys(keys);
            if !is_there(&mut screen, stands) {
                let (column, row) = screen.cursor();
                let text = screen.text();
                wrong.push(format!("{keys} at {size:?}: {column},{row}, not {stands:?}\n{text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
