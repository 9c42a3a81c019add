//! `casedesk keys`.

mod card;
mod check;
mod press;
mod show;

use std::path::Path;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};

use super::Context;
use super::error::CliError;
use crate::keymap::{Context as Place, Keymap, Problem, preset_names};

/// Checks and shows keys.
#[derive(Debug, Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    command: KeysSubcommand,
}

#[derive(Debug, Subcommand)]
enum KeysSubcommand {
    Check(check::Check),
    Show(show::Show),
    Press(press::Press),
}

impl Keys {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            KeysSubcommand::Check(check) => check.run(context),
            KeysSubcommand::Show(show) => show.run(context),
            KeysSubcommand::Press(press) => press.run(context),
        }
    }
}

/// The keys as the preferences have them, with a file of the user's own where it is given.
pub(super) fn load(
    context: &Context,
    file: Option<&Path>,
) -> Result<(Keymap, Vec<Problem>), CliError> {
    load_preset(context, None, file)
}

/// As [`load`]; a preset that is named comes without the file of the preferences, which may lie over another one.
fn load_preset(
    context: &Context,
    preset: Option<&str>,
    file: Option<&Path>,
) -> Result<(Keymap, Vec<Problem>), CliError> {
    let preferences = context.preferences()?;
    let of_preferences = preferences.keymap_file.as_deref().filter(|_| preset.is_none());
    let preset = preset.unwrap_or(&preferences.keymap);
    let (mut keymap, mut problems) = Keymap::load(preset, file.or(of_preferences));
    if !keymap.choose_layout(&preferences.layout) {
        let kind = keymap.unknown_layout(&preferences.layout);
        problems.push(Problem { file: "preferences".to_owned(), line: 0, kind });
    }
    Ok((keymap, problems))
}

/// The presets, for clap to check and complete.
fn presets() -> PossibleValuesParser {
    PossibleValuesParser::new(preset_names())
}

/// The contexts, for clap to check and complete.
fn places() -> PossibleValuesParser {
    PossibleValuesParser::new(Place::ALL.map(Place::name))
}
