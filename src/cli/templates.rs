//! `casedesk templates`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use super::error::CliError;
use super::output;
use crate::desk::{AskLibrary, Command};
use crate::domain::answers::{AnswerFile, read_answer_file, shipped_texts};
use crate::text::with_sources;

/// Checks, lists and adds templates of replies and text modules.
///
/// casedesk brings templates and text modules in five languages. An office adds its own, or puts its own in the place of
/// one of them: the same code, language and first channel. Earlier versions stay in the audit trail, and each message
/// that was sent names the version that it was made of.
#[derive(Debug, Args)]
pub(super) struct TemplatesCommand {
    #[command(subcommand)]
    command: TemplatesSubcommand,
}

#[derive(Debug, Subcommand)]
enum TemplatesSubcommand {
    Check(Check),
    List(List),
    Add(Add),
    Example(Example),
}

/// Checks a file of templates and text modules; nothing is changed.
///
///   casedesk templates check letters.toml
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Check {
    /// The file
    file: PathBuf,
}

/// Lists the templates and text modules of the office, its own and those that come with casedesk.
///
///   casedesk templates list --language fa
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct List {
    /// Only of this language, as fa
    #[arg(long)]
    language: Option<String>,
}

/// Adds a file's templates and text modules to the office's own.
///
///   casedesk templates add letters.toml
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Add {
    /// The file
    file: PathBuf,
}

/// Prints the file that comes with casedesk for a language, to begin one's own from.
///
///   casedesk templates example es
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct Example {
    /// The language, as es
    language: String,
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    templates: usize,
    modules: usize,
    problem: Option<String>,
}

#[derive(Serialize)]
struct Listed {
    recall_minutes: u32,
    templates: Vec<TemplateLine>,
    modules: Vec<ModuleLine>,
}

#[derive(Serialize)]
struct TemplateLine {
    template: String,
    channels: Vec<&'static str>,
    label: String,
    is_own: bool,
}

#[derive(Serialize)]
struct ModuleLine {
    module: String,
    languages: Vec<String>,
    title: String,
    is_own: bool,
}

#[derive(Serialize)]
struct Added {
    added: String,
}

impl TemplatesCommand {
    pub(super) fn run(&self, context: &Context) -> Result<(), CliError> {
        match &self.command {
            TemplatesSubcommand::Check(check) => check.run(context),
            TemplatesSubcommand::List(list) => list.run(context),
            TemplatesSubcommand::Add(add) => add.run(context),
            TemplatesSubcommand::Example(example) => example.run(),
        }
    }
}

fn read(file: &Path) -> Result<Result<AnswerFile, String>, CliError> {
    let name = file.display().to_string();
    let text = fs::read_to_string(file).map_err(CliError::failed_to(format!("read {name}")))?;
    Ok(read_answer_file(&name, &text).map_err(|error| with_sources(&error)))
}

impl Check {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let checked = match read(&self.file)? {
            Ok(file) => Checked {
                ok: true,
                templates: file.templates.len(),
                modules: file.modules.len(),
                problem: None,
            },
            Err(problem) => Checked { ok: false, templates: 0, modules: 0, problem: Some(problem) },
        };
        context.output.show(&checked, |checked| {
            let sound = format!(
                "{} templates and {} text modules are sound.",
                checked.templates, checked.modules
            );
            vec![checked.problem.clone().unwrap_or(sound)]
        })?;
        if checked.ok { Ok(()) } else { Err(CliError::Found) }
    }
}

impl List {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let library = context.open()?.ask(AskLibrary { language: self.language.clone() })?;
        let templates = library.templates.into_iter().map(|(held, is_own)| TemplateLine {
            template: held.reference(),
            channels: held.channels.iter().map(|channel| channel.code()).collect(),
            label: held.label,
            is_own,
        });
        let modules = library.modules.into_iter().map(|(held, is_own)| ModuleLine {
            module: format!("{}@{}", held.code, held.version),
            languages: held.texts.iter().map(|text| text.language.clone()).collect(),
            title: held.texts.first().map(|text| text.title.clone()).unwrap_or_default(),
            is_own,
        });
        let listed = Listed {
            recall_minutes: library.recall_minutes,
            templates: templates.collect(),
            modules: modules.collect(),
        };
        context.output.show(&listed, |listed| {
            let own = |is_own| if is_own { "own" } else { "" };
            let templates = listed.templates.iter().map(|line| {
                let channels = line.channels.join(",");
                format!(
                    "{:<18}  {channels:<12}  {:<4}{}",
                    line.template,
                    own(line.is_own),
                    line.label
                )
            });
            let modules = listed.modules.iter().map(|line| {
                let languages = line.languages.join(",");
                format!(
                    "{:<18}  {languages:<14}  {:<4}{}",
                    line.module,
                    own(line.is_own),
                    line.title
                )
            });
            let wait = format!("A reply waits {} min.", listed.recall_minutes);
            templates.chain(modules).chain([wait]).collect()
        })
    }
}

impl Add {
    fn run(&self, context: &Context) -> Result<(), CliError> {
        let file = read(&self.file)?.map_err(|problem| {
            CliError::refused("templates", problem, "Correct it: casedesk templates check.")
        })?;
        let command = Command::SetAnswers { templates: file.templates, modules: file.modules };
        let receipt = context.open()?.execute(command)?;
        context.output.show(&Added { added: receipt.label }, |answer| vec![answer.added.clone()])
    }
}

impl Example {
    fn run(&self) -> Result<(), CliError> {
        let name = format!("{}.toml", self.language);
        let found = shipped_texts().iter().find(|(known, _)| *known == name);
        let (_, text) = found.ok_or_else(|| {
            let known = shipped_texts().iter().map(|(name, _)| name.trim_end_matches(".toml"));
            let known = known.collect::<Vec<_>>().join(", ");
            let what = format!("There is no example in `{}`.", self.language);
            CliError::refused("templates", what, format!("There are {known}."))
        })?;
        output::raw(text)
    }
}
