//! The plain mode: when it is chosen, and how it writes.

use std::io::{self, IsTerminal as _};

use clap::Args;

use super::Context;
use super::error::CliError;
use crate::tui::PlainOptions;

/// Cells of a line where the terminal does not say how wide it is.
const CELLS_DEFAULT: usize = 80;
/// Rows of a terminal that are left for what was said before and for the prompt.
const ROWS_BESIDE: usize = 2;
/// The fewest lines that are said at once.
const ROWS_MIN: usize = 5;

/// How casedesk is shown where it is not the full screen.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Plain {
    /// Show the office in numbered lines without cursor addressing: for screen readers, braille, teletypes and pipes
    ///
    /// A preference `plain = true` chooses it, too, and so does a TERM that is `dumb` or not set.
    ///
    /// Example: printf 'find mohmdi\n1\nquit\n' | casedesk --plain
    #[arg(long, verbatim_doc_comment)]
    plain: bool,
    /// Break the lines of --plain after so many cells, or not at all with 0 [default: the terminal's width, or 80]
    #[arg(long, value_name = "CELLS")]
    width: Option<u16>,
}

/// Why the plain mode was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chosen {
    /// Somebody asked for it.
    Asked,
    /// The terminal can do no more, as this sentence says.
    ByTerminal(String),
}

impl Plain {
    /// Whether it was asked for on the command line.
    pub(super) fn is_asked(self) -> bool {
        self.plain
    }

    /// Whether the plain mode is to be shown, and why.
    pub(super) fn chosen(self, context: &Context) -> Result<Option<Chosen>, CliError> {
        if self.plain || context.preferences()?.plain {
            return Ok(Some(Chosen::Asked));
        }
        let term = std::env::var("TERM").unwrap_or_default();
        let why = match term.as_str() {
            "" => "TERM is not set",
            "dumb" => "TERM is dumb",
            _ => return Ok(None),
        };
        let words =
            format!("{why}, so casedesk shows lines and numbers (--plain); help says more.");
        Ok(Some(Chosen::ByTerminal(words)))
    }

    /// How it writes to what it is shown on. Only somebody at a terminal is asked for Enter when much is said.
    pub(super) fn options(self) -> PlainOptions {
        let size = rustix::termios::tcgetwinsize(io::stdout());
        let (columns, rows) = size.map(|size| (size.ws_col, size.ws_row)).unwrap_or_default();
        let (is_shown, is_typed) = (io::stdout().is_terminal(), io::stdin().is_terminal());
        let known = Some(usize::from(columns)).filter(|columns| *columns > 0 && is_shown);
        let cells = self.width.map(usize::from).or(known).unwrap_or(CELLS_DEFAULT);
        let rows = usize::from(rows);
        let rows = (is_shown && is_typed && rows > 0)
            .then(|| rows.saturating_sub(ROWS_BESIDE).max(ROWS_MIN));
        PlainOptions { cells, rows }
    }
}
