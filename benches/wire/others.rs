//! The moves in other programs of the terminal, where they are installed.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use portable_pty::CommandBuilder;

use super::Failure;
use super::table::{Move, Table};
use super::terminal::{REST, Terminal};

/// Mails and commits: more than a screen has rows several times over.
const THINGS: usize = 200;

/// Times that a move is made.
const TIMES: usize = 9;

/// neomutt, on a maildir.
pub(crate) fn measure_neomutt(home: &Path, table: &mut Table) -> Result<(), Failure> {
    if !is_installed("neomutt", "-v") {
        return Ok(());
    }
    let mails = home.join("mails");
    // It asks for this folder wherever it opens another one.
    fs::create_dir_all(home.join("Mail"))?;
    for folder in ["cur", "new", "tmp"] {
        fs::create_dir_all(mails.join(folder))?;
    }
    for at in 0..THINGS {
        let mail = format!(
            "From: Sara Mohammadi {at} <sara{at}@example.org>\nTo: office@example.org\nSubject: Rent subsidy late, letter {}\n\
             Date: Fri, 21 Aug 2026 {:02}:{:02}:00 +0000\nMessage-ID: <{at}@example.org>\n\nThe subsidy for {at} has not come.\n",
            at * at,
            at / 60,
            at % 60,
        );
        fs::write(mails.join(format!("cur/{at}.bench:2,S")), mail)?;
    }
    let settings = home.join("neomuttrc");
    fs::write(
        &settings,
        "set sort=date\nset menu_scroll=yes\nset mail_check=600\nset timeout=600\nset wait_key=no\nset quit=yes\nset help=yes\n",
    )?;
    let mut command = CommandBuilder::new("neomutt");
    command.args(["-n".as_ref(), "-F".as_ref(), settings.as_os_str()]);
    command.args(["-f".as_ref(), mails.as_os_str()]);
    let mut screen = Terminal::start(command, home)?;
    let first = screen.until("Rent subsidy")?;
    walk("neomutt", &mut screen, first, ["=", "j", "\x1b[6~"], table)?;
    table.add("neomutt", Move::Open, vec![screen.press("\r")?]);
    Ok(())
}

/// tig, on a repository.
pub(crate) fn measure_tig(home: &Path, table: &mut Table) -> Result<(), Failure> {
    if !is_installed("tig", "--version") {
        return Ok(());
    }
    let repository = home.join("repository");
    fs::create_dir_all(&repository)?;
    git(&repository, &["init", "-q"], "")?;
    let mut stream = String::new();
    for at in 1..=THINGS {
        let words = format!("Rent subsidy late, letter {}", at * at);
        let file = format!("letter {at}\n");
        write!(
            stream,
            "commit refs/heads/main\ncommitter Sara Mohammadi <sara@example.org> {} +0000\ndata {}\n{words}\n\
             M 644 inline letter-{}\ndata {}\n{file}\n",
            1_787_000_000 + at * 60,
            words.len(),
            at % 7,
            file.len(),
        )?;
    }
    git(&repository, &["fast-import", "--quiet"], &stream)?;
    let mut command = CommandBuilder::new("tig");
    command.args(["-C".as_ref(), repository.as_os_str()]);
    command.arg("main");
    let mut screen = Terminal::start(command, home)?;
    let first = screen.until("Rent subsidy")?;
    walk("tig", &mut screen, first, ["\x1b[H", "j", "\x1b[6~"], table)?;
    table.add("tig", Move::Open, vec![screen.press("\r")?]);
    Ok(())
}

/// htop, which is told to look at the machine once in ten seconds only.
pub(crate) fn measure_htop(home: &Path, table: &mut Table) -> Result<(), Failure> {
    if !is_installed("htop", "--version") {
        return Ok(());
    }
    // Something has to run for a list to be longer than the screen.
    let mut running = Running(Vec::new());
    for _ in 0..THINGS / 4 {
        let sleeping = Command::new("sleep").arg("600").stdout(Stdio::null()).spawn()?;
        running.0.push(sleeping);
    }
    let mut command = CommandBuilder::new("htop");
    command.args(["-d", "100"]);
    let mut screen = Terminal::start(command, home)?;
    let first = screen.until("F10")?;
    walk("htop", &mut screen, first, ["\x1b[H", "\x1b[B", "\x1b[6~"], table)?;
    screen.press("\x1b[H")?;
    screen.press("/")?;
    let letters = ["s", "l", "e", "e", "p"].into_iter();
    let searched = letters.map(|letter| screen.press(letter)).collect::<Result<_, _>>()?;
    table.add("htop", Move::Search, searched);
    Ok(())
}

/// Processes that end with the measurement.
struct Running(Vec<std::process::Child>);

impl Drop for Running {
    fn drop(&mut self) {
        for process in &mut self.0 {
            let _killed = process.kill();
            let _ended = process.wait();
        }
    }
}

/// The moves that all of them know, by their keys for the first row, the next row and the next page.
fn walk(
    name: &'static str,
    screen: &mut Terminal,
    first: usize,
    [top, down, page]: [&str; 3],
    table: &mut Table,
) -> Result<(), Failure> {
    table.add(name, Move::FirstScreen, vec![first + screen.drain(REST)]);
    screen.go(top)?;
    table.add(name, Move::Cursor, screen.press_each(down, 6)?);
    screen.go(&down.repeat(24))?;
    table.add(name, Move::Scroll, screen.press_each(down, TIMES)?);
    table.add(name, Move::Page, screen.press_each(page, 3)?);
    screen.go(top)?;
    table.add(name, Move::Burst, vec![screen.press(&down.repeat(30))?]);
    Ok(())
}

fn is_installed(program: &str, version: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(version).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn git(repository: &Path, arguments: &[&str], input: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut command = Command::new("git");
    command.arg("-C").arg(repository).args(arguments).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut running = command.spawn()?;
    if let Some(mut stdin) = running.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let status = running.wait()?;
    if status.success() { Ok(()) } else { Err(format!("git {arguments:?}: {status}").into()) }
}
