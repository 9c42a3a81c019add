//! Measures what a caseworker waits for: the first frame, and each key; and what the terminal program takes in memory.
//!
//! `cargo bench --bench response`. `OFFICE` is an office to open, made where it is not there yet (60,000 people and 100,000
//! cases; `PEOPLE` and `CASES` say otherwise); `KEYS` (200) is how often each key is pressed. Every key is pressed by turns
//! in casedesk and in a program that echoes a byte and does nothing else, so that both meet the same machine.

mod echo;
mod memory;
mod ssh;
mod terminal;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use memory::Memory;
use terminal::Terminal;

/// What stops a measurement.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How often the program is started.
const STARTS: usize = 7;

/// The program that is measured: the one built with the bench, or another build of it.
fn program() -> String {
    variable("PROGRAM", env!("CARGO_BIN_EXE_casedesk"))
}

fn variable(name: &str, or: &str) -> String {
    std::env::var(name).unwrap_or_else(|_absent| or.to_owned())
}

#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn main() -> Result<(), Failure> {
    if echo::is_wanted() {
        return echo::run();
    }
    let made = tempfile::tempdir()?;
    let office = std::env::var_os("OFFICE").map(PathBuf::from);
    let office = office.unwrap_or_else(|| made.path().join("office"));
    if !office.join("journal").exists() {
        make(&office)?;
    }
    println!("binary: {} bytes", std::fs::metadata(program())?.len());
    start(&office)?;
    press(&office)?;
    press_far_away(&office)?;
    remember(&office)
}

/// Makes an office of size.
fn make(office: &Path) -> Result<(), Failure> {
    let (people, cases) = (variable("PEOPLE", "60000"), variable("CASES", "100000"));
    let mut command = Command::new(program());
    command
        .args(["demo", "--no-open", "--people", &people, "--cases", &cases])
        .arg("--data")
        .arg(office);
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("the office was not made: {status}").into()) }
}

/// From the start of the process, and from when the database is open, until the first whole frame.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn start(office: &Path) -> Result<(), Failure> {
    let (mut whole, mut after_opening) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let begun = Instant::now();
        let mut screen = Terminal::open(&program(), office)?;
        let shown_at = screen.until_whole()?;
        let shown_on_the_clock = jiff::Timestamp::now().checked_sub(shown_at.elapsed())?;
        whole.push(shown_at - begun);
        let opened = memory::opened_at(office)?;
        after_opening.push(Duration::try_from(shown_on_the_clock - opened)?);
        screen.quit()?;
    }
    println!("start to the first whole frame: {}", Spread::of(&mut whole));
    println!("database open to the first whole frame: {}", Spread::of(&mut after_opening));
    Ok(())
}

/// From a key to the last byte that it costs, beside a bare echo.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn press(office: &Path) -> Result<(), Failure> {
    let rounds: usize = variable("KEYS", "200").parse()?;
    let mut screen = Terminal::open(&program(), office)?;
    screen.until_whole()?;
    let this = std::env::current_exe()?;
    let mut echo = Terminal::echo(&this.to_string_lossy())?;
    // The longest list of the board, which is the queue of what nobody has.
    screen.press(b"4")?;
    for (name, keys) in [("cursor down", &[b"j".as_slice()][..]), ("open and back", &[b"\r", b"<"])]
    {
        let (mut answered, mut echoed) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            let key = keys.get(round % keys.len()).copied().unwrap_or(b"j");
            answered.push(screen.press(key)?);
            echoed.push(echo.press(b"x")?);
        }
        let (answered, echoed) = (Spread::of(&mut answered), Spread::of(&mut echoed));
        let above = answered.median.saturating_sub(echoed.median);
        println!("{name}: {answered}; a bare echo {echoed}; {above:.2?} above it at the median");
    }
    screen.quit()
}

/// From a key to its first byte through OpenSSH, beside `cat` on another line of the same server.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn press_far_away(office: &Path) -> Result<(), Failure> {
    let rounds: usize = variable("KEYS", "200").parse()?;
    let Some(server) = ssh::Server::start()? else {
        println!("through OpenSSH: left out, for there is no server on this machine");
        return Ok(());
    };
    let (program, account) = (program(), terminal::ACCOUNT);
    let words = [program.as_ref(), "--data".as_ref(), office.as_os_str()];
    let words = [&words[..], &["--as".as_ref(), account.as_ref()]].concat();
    let mut screen = Terminal::start(server.client(&words))?;
    screen.until_whole()?;
    screen.press(b"2")?;
    let mut cat =
        Terminal::start(server.client(&["stty raw -echo; echo listening; cat".as_ref()]))?;
    cat.until(|shown| shown.contains("listening"))?;
    let (mut answered, mut echoed) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        answered.push(screen.cost(b"j")?.first);
        echoed.push(cat.cost(b"x")?.first);
    }
    let (answered, echoed) = (Spread::of(&mut answered), Spread::of(&mut echoed));
    let above = answered.median.saturating_sub(echoed.median);
    println!(
        "first byte through OpenSSH: {answered}; cat {echoed}; {above:.2?} above it at the median"
    );
    screen.quit()
}

/// What the terminal program takes: as a client of a desk that another process has open, and with the database.
#[expect(clippy::print_stdout, reason = "a bench reports on stdout")]
fn remember(office: &Path) -> Result<(), Failure> {
    let mut owner = Terminal::open(&program(), office)?;
    owner.until_whole()?;
    let alone = owner.memory()?;
    walk(&mut owner)?;
    let walked = owner.memory()?;
    println!("with the database: {alone} at its first frame, {walked} after a walk");
    let mut client = Terminal::open(&program(), office)?;
    client.until_whole()?;
    let first = client.memory()?;
    walk(&mut client)?;
    println!("as a client of it: {first} at its first frame, {} after a walk", client.memory()?);
    client.quit()?;
    owner.quit()
}

/// Every screen that a day begins with.
fn walk(screen: &mut Terminal) -> Result<(), Failure> {
    let keys: [&[u8]; 11] =
        [b"4", b"\x1b[6~", b"\r", b"<", b"/", b"moham", b"\x1b", b"go", b"gc", b"gb", b":"];
    for key in keys {
        screen.press(key)?;
    }
    screen.press(b"\x1b")?;
    Ok(())
}

/// How times are spread.
struct Spread {
    median: Duration,
    most: Duration,
}

impl Spread {
    fn of(times: &mut [Duration]) -> Self {
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).or(times.last()).copied();
        Self { median: at(50).unwrap_or_default(), most: at(95).unwrap_or_default() }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "p50 {:.2?}, p95 {:.2?}", self.median, self.most)
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mega = |kibibytes: u64| kibibytes * 1_024 / 100_000;
        let (all, own) = (mega(self.resident), mega(self.anonymous));
        write!(
            f,
            "{}.{} MB, of which {}.{} MB are not the program's file",
            all / 10,
            all % 10,
            own / 10,
            own % 10
        )
    }
}
