//! What keys cost on the line: bytes of the real program in a real terminal of 80x24, on the demo office.

use std::time::Duration;

use crate::harness::program;
use crate::pty_terminal::Pty;

/// A frame has been sent once nothing came for so long, which is less than it takes for a cursor to rest.
const FRAME: Duration = Duration::from_millis(150);

/// The rest of a preview has been sent once nothing came for so long.
const REST: Duration = Duration::from_millis(600);

/// The bytes of each of these keys, pressed one after the other, before anybody rests.
fn costs(pty: &mut Pty, keys: &[&str]) -> Vec<usize> {
    let cost = |key: &&str| {
        pty.press(key);
        pty.cost(FRAME)
    };
    keys.iter().map(cost).collect()
}

/// The middle one; of two, the larger.
fn median(mut costs: Vec<usize>) -> usize {
    costs.sort_unstable();
    costs[costs.len() / 2]
}

/// The bytes of each letter of words that are typed into a search without a rest: from the letter until what is found by it
/// is there, which the line above the hits tells.
fn typed(pty: &mut Pty, words: &str) -> Vec<usize> {
    go(pty, "/");
    let mut so_far = String::new();
    let mut costs = Vec::new();
    for letter in words.chars() {
        so_far.push(letter);
        let names = so_far.split_whitespace().collect::<Vec<_>>().join(", ");
        pty.press(&letter.to_string());
        costs.push(pty.cost_until(&so_far, |screen| {
            let rows: Vec<String> = screen.rows(0, 80).collect();
            let is = |row: usize, text: &str| rows[row].split("   ").next() == Some(text);
            is(1, format!("/ {so_far}").trim_end()) && is(2, &format!("names {names}"))
        }));
    }
    go(pty, "\x1b");
    costs
}

/// Presses keys that are not measured, until all that comes of them is there.
fn go(pty: &mut Pty, keys: &str) {
    pty.press(keys);
    pty.cost(REST);
}

#[test]
fn keys_cost_no_more_than_their_budgets() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("data");
    let home_of_other = home.path().to_owned();
    let mut pty = Pty::start_on(home, &place, "exec $casedesk demo");
    pty.wait("the board", |screen| screen.contents().contains("1Mine"));
    go(&mut pty, "2");

    let moves = costs(&mut pty, &["j"; 8]);
    let rest = pty.cost(REST);
    assert!(median(moves.clone()) <= 140, "cursor move with a preview of two lines: {moves:?}");
    assert!(rest > 0 && rest <= 450, "the rest of a preview: {rest}");

    go(&mut pty, "jjjj");
    let scrolls = costs(&mut pty, &["j"; 7]);
    assert!(median(scrolls.clone()) <= 260, "one line scrolled: {scrolls:?}");

    go(&mut pty, &"k".repeat(40));
    let burst = costs(&mut pty, &[&"j".repeat(30)]);
    assert!(burst[0] <= 900, "thirty j in one burst: {burst:?}");

    go(&mut pty, "gd");
    let moves = costs(&mut pty, &["j", "k", "j", "k", "j", "k"]);
    assert!(median(moves.clone()) <= 12, "cursor move in a list alone: {moves:?}");
    go(&mut pty, "qgo");
    let moves = costs(&mut pty, &["j", "j", "j", "k", "k", "k"]);
    assert!(median(moves.clone()) <= 140, "cursor move over the ages of units: {moves:?}");

    go(&mut pty, "q");
    let file = costs(&mut pty, &["/P-12\r"]);
    pty.wait("the file", |screen| screen.contents().starts_with("P-12 "));
    assert!(file[0] <= 2_200, "a person's file from the board: {file:?}");

    go(&mut pty, "q");
    go(&mut pty, "\x1b");
    go(&mut pty, "\x1b");
    let words = ["mohamedi", "sara mohamedi", "hansen"];
    let letters: Vec<usize> = words.iter().flat_map(|words| typed(&mut pty, words)).collect();
    assert!(median(letters.clone()) <= 450, "a letter of a search: {letters:?}");

    let counts: Vec<usize> = ["P-21", "P-22", "P-23"]
        .into_iter()
        .map(|person| {
            let other = program()
                .env("HOME", &home_of_other)
                .arg("--data")
                .arg(&place)
                .args(["promise", "make", person, "+3d", "--insist"])
                .output()
                .unwrap();
            assert!(other.status.success(), "{other:?}");
            pty.cost(REST)
        })
        .collect();
    let count = median(counts.clone());
    assert!(count > 0 && count <= 40, "a count that somebody else changed: {counts:?}");
}
