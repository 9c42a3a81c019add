//! `casedesk` without a subcommand: the terminal program.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::time::Duration;

use super::Context;
use super::error::CliError;
use super::keys;
use super::open::Opened;
use super::plain::Chosen;
use super::terminal::{look, surroundings};
use crate::config::Preferences;
use crate::domain::time::{AlsoCalendar, Tongue};
use crate::keymap::Problem;
use crate::tui::thin::Abilities;
use crate::tui::{self, Charts, Go, Options, Prepared, Status};

/// Opens the terminal program on the data directory.
pub(super) fn run(context: &Context) -> Result<(), CliError> {
    check_terminal(context)?;
    let opened = context.open_or_found()?;
    show(context, &opened)
}

/// Refuses to open the terminal program where there is no terminal, and nobody asked for lines alone.
pub(super) fn check_terminal(context: &Context) -> Result<(), CliError> {
    if is_terminal() || context.plain.is_asked() {
        return Ok(());
    }
    let hint = if context.is_login_shell {
        "This account has casedesk and nothing else: no other command is run, and no file is copied. Log in with a \
         terminal: ssh -t HOST."
    } else {
        "Scripts use the subcommands: casedesk --help; casedesk --plain reads lines from a pipe."
    };
    Err(CliError::refused("terminal", "The terminal program needs a terminal.", hint))
}

/// Whether there is a terminal to type at and to look at.
pub(super) fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// What charts are drawn with: what the preferences say, or else what the locale of the terminal can show.
fn charts(context: &Context) -> Result<Charts, CliError> {
    let preferences = context.preferences()?;
    let is_utf8 = surroundings(&preferences).is_utf8();
    let are_blocks = preferences.charts.are_blocks(is_utf8);
    Ok(if are_blocks { Charts::Blocks } else { Charts::Ascii })
}

/// Runs the terminal program at an opened desk until the caseworker leaves.
pub(super) fn show(context: &Context, opened: &Opened) -> Result<(), CliError> {
    show_at(context, opened, None, None)
}

/// As [`show`], beginning at some screen and with some words on its status line.
pub(super) fn show_at(
    context: &Context,
    opened: &Opened,
    start: Option<Go>,
    said: Option<Status>,
) -> Result<(), CliError> {
    let options = Options { start, ..options(context, opened, said)? };
    run_as_chosen(context, opened, options)
}

/// Runs the tutor at an opened desk in which everything is prepared for it.
pub(super) fn teach(
    context: &Context,
    opened: &Opened,
    prepared: Prepared,
) -> Result<(), CliError> {
    let options = Options { tutor: Some(prepared), ..options(context, opened, None)? };
    run_as_chosen(context, opened, options)
}

/// Runs the full screen, or the plain mode where that was chosen or the terminal can do no more.
fn run_as_chosen(context: &Context, opened: &Opened, options: Options) -> Result<(), CliError> {
    let options = match context.plain.chosen(context)? {
        None => return Ok(tui::run(&opened.desk, options)?),
        Some(Chosen::Asked) => options,
        Some(Chosen::ByTerminal(why)) => {
            let notice = Some(options.notice.unwrap_or(Status::Done(why)));
            Options { notice, ..options }
        }
    };
    Ok(tui::run_plain(&opened.desk, options, context.plain.options())?)
}

/// What the terminal program is run with, with some words on its status line.
fn options(context: &Context, opened: &Opened, said: Option<Status>) -> Result<Options, CliError> {
    let preferences = context.preferences()?;
    let terminal = Abilities::of(&surroundings(&preferences));
    let (keymap, problems) = keys::load(context, None)?;
    let notice = skipped(&problems).map(Status::Refused);
    Ok(Options {
        keymap,
        clock: Arc::clone(&opened.means.clock),
        entropy: Arc::clone(&opened.means.entropy),
        has_bell: preferences.bell,
        also: AlsoCalendar::named(&preferences.also_calendar),
        tongues: tongues(&preferences),
        look: look(&preferences, terminal),
        terminal,
        notice: said.or(notice),
        start: None,
        charts: charts(context)?,
        escape_delay: Duration::from_millis(preferences.escape_delay_ms),
        tutor: None,
    })
}

/// What the status line says of a keymap file's lines that are not as they were meant: the first one, and how many more.
fn skipped(problems: &[Problem]) -> Option<String> {
    let first = problems.first()?;
    Some(match problems.len() - 1 {
        0 => first.to_string(),
        more => format!("{first}   {more} more: casedesk keys check"),
    })
}

/// The languages in which times are understood, the office's own first.
pub(super) fn tongues(preferences: &Preferences) -> Vec<Tongue> {
    preferences.languages.iter().filter_map(|code| Tongue::from_code(code)).collect()
}
