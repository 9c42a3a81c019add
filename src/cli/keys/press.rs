//! `casedesk keys press`.

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::super::Context;
use super::super::board::check_terminal;
use super::super::error::CliError;
use super::super::output;
use crate::text::safe_line;
use crate::tui;

/// Presses that are shown before it ends of itself.
const PRESSES_MAX: usize = 1_000;

/// Shows for each key that is pressed what the program understood, and which bytes came.
///
/// For a terminal whose function keys, Backspace or letters do not do what they should: the bytes say what it sends. Esc
/// twice ends it, and so does Ctrl-C.
///
///   casedesk keys press
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Press {}

#[derive(Serialize)]
struct Pressed {
    presses: Vec<PressAnswer>,
}

#[derive(Serialize)]
struct PressAnswer {
    bytes: String,
    length: usize,
    meaning: String,
}

impl Press {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let Self {} = self;
        check_terminal(context)?;
        let escape_delay = Duration::from_millis(context.preferences()?.escape_delay_ms);
        output::tell("Press keys, one at a time. Esc twice ends it, and so does Ctrl-C.");
        let is_json = context.output.is_json();
        let mut presses = Vec::new();
        let pressing = tui::press(escape_delay, |pressed| {
            let press = PressAnswer {
                bytes: hexadecimal(&pressed.bytes, pressed.length),
                length: pressed.length,
                meaning: pressed.meaning,
            };
            // In raw mode a line is ended by hand. Who pipes the output away reads it at the end.
            let is_shown =
                is_json || output::raw(&format!("{}\r\n", safe_line(&press.text()))).is_ok();
            presses.push(press);
            is_shown && presses.len() < PRESSES_MAX
        });
        pressing.map_err(tui::TuiError::from)?;
        if is_json {
            output::json(&Pressed { presses })?;
        }
        Ok(())
    }
}

impl PressAnswer {
    fn text(&self) -> String {
        format!("{:<24}  {}", self.meaning, self.bytes)
    }
}

fn hexadecimal(bytes: &[u8], length: usize) -> String {
    let shown: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let rest = if length > bytes.len() { " .." } else { "" };
    format!("{}{rest}", shown.join(" "))
}
