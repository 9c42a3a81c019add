//! `casedesk keys show`.

use clap::Args;
use serde::Serialize;

use super::super::Context;
use super::super::error::CliError;
use super::super::output;
use super::card::card;
use crate::keymap::{ActionInfo, Context as Place, Keymap};

/// Shows what every key does, as the keys are now: by context, outer ones first. A context that is named is shown with all
/// that works in it.
///
///   casedesk keys show
///   casedesk keys show board
///   casedesk keys show --preset emacs case
///   casedesk keys show --unbound
///   casedesk keys show --card | lp
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Show {
    /// The context: where the focus is
    #[arg(value_name = "CONTEXT", value_parser = super::places())]
    place: Option<String>,
    /// A preset as it comes, instead of the keys of the preferences
    #[arg(long, value_name = "NAME", value_parser = super::presets())]
    preset: Option<String>,
    /// Only what no key means, and the palette has
    #[arg(long)]
    unbound: bool,
    /// One page of 80 columns to print and lay beside the keyboard
    #[arg(long, conflicts_with_all = ["place", "unbound"])]
    card: bool,
}

#[derive(Serialize)]
struct Shown {
    keys: Vec<KeyAnswer>,
}

#[derive(Serialize)]
struct KeyAnswer {
    context: &'static str,
    keys: Vec<String>,
    action: &'static str,
    label: &'static str,
    help: &'static str,
}

#[derive(Serialize)]
struct Card {
    card: Vec<String>,
}

impl Show {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        let (keymap, problems) = super::load_preset(context, self.preset.as_deref(), None)?;
        for problem in problems {
            output::tell(&problem.to_string());
        }
        if self.card {
            let card = Card { card: card(&keymap) };
            return context.output.show(&card, |card| card.card.clone());
        }
        let keys = self.keys(&keymap);
        context.output.show(&Shown { keys }, |shown| {
            if shown.keys.is_empty() {
                return vec!["Every action here has a key.".to_owned()];
            }
            shown.keys.iter().map(line).collect()
        })
    }

    fn keys(&self, keymap: &Keymap) -> Vec<KeyAnswer> {
        let place = self.place.as_deref().and_then(Place::named);
        let mut keys = Vec::new();
        for at in Place::ALL.into_iter().filter(|at| place.is_none_or(|place| *at == place)) {
            let is_shown = |info: &&ActionInfo| place.is_some() || info.contexts.contains(&at);
            let answers = keymap.actions_in(at).filter(is_shown).map(|info| KeyAnswer {
                context: at.name(),
                keys: keymap.keys_for(at, info.action).to_vec(),
                action: info.name,
                label: info.label,
                help: info.help,
            });
            keys.extend(answers.filter(|answer| !self.unbound || answer.keys.is_empty()));
        }
        keys
    }
}

fn line(key: &KeyAnswer) -> String {
    let keys = key.keys.join(", ");
    format!("{:<10}  {keys:<20}  {:<24}  {}", key.context, key.action, key.help)
}
