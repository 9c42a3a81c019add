//! Lays presets and the user's file over one another.

use super::advice::is_character;
use super::check;
use super::file::{self, Entry, File, LayoutLines, Section};
use super::key::Key;
use super::layout::{LAYOUT_KEYS_MAX, LAYOUTS_MAX, Layout};
use super::map::{Binding, Keymap};
use super::mention;
use super::preset::{self, PRESETS};
use super::problem::{Problem, ProblemKind};
use crate::text::nearest;
use std::fs;
use std::io::Read as _;
use std::path::Path;

/// The most bytes that are read of a user's keymap file.
const KEYMAP_BYTES_MAX: u64 = 256 * 1024;

/// The most files that are laid over one another: a file, its preset, and what that extends.
const LAYERS_MAX: usize = 8;

const DEFAULT_PRESET: &str = "default";

/// One file to be laid over those before it.
struct Layer {
    name: String,
    file: File,
}

impl Keymap {
    /// The keymap of a preset with the user's file, if there is one, laid over it; and everything in them that is not as
    /// its writer meant it.
    ///
    /// It never fails: what is wrong is skipped and reported, and an unknown preset gives the default one. A file that
    /// says `extends` is laid over that preset, whichever is asked for.
    #[must_use]
    pub fn load(preset: &str, user_file: Option<&Path>) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let user = user_file.and_then(|path| {
            let name = path.display().to_string();
            match read_file(path) {
                Ok(text) => Some((name, text)),
                Err(kind) => {
                    problems.push(Problem { file: name, line: 0, kind });
                    None
                }
            }
        });
        let user = user.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
        let (keymap, found) = Self::of_text(preset, user);
        problems.extend(found);
        (keymap, problems)
    }

    /// As [`Keymap::load`], of a user's file that was read already: its name for the reports, and its text.
    #[must_use]
    pub fn of_text(preset: &str, user: Option<(&str, &str)>) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut layers = Vec::new();
        let mut base = (preset.to_owned(), 0, "preferences".to_owned());
        if let Some((name, text)) = user {
            let layer = Layer { name: name.to_owned(), file: file::read(text) };
            if let Some((extends, line)) = &layer.file.extends {
                base = (extends.clone(), *line, layer.name.clone());
            }
            layers.push(layer);
        }
        if preset::text(&base.0).is_none() {
            let (name, line, file) = base;
            let suggestion = nearest(&name, PRESETS.iter().map(|(preset, _)| *preset));
            let kind = ProblemKind::UnknownPreset { name, suggestion };
            problems.push(Problem { file, line, kind });
            base = (DEFAULT_PRESET.to_owned(), 0, String::new());
        }
        push_presets(&mut layers, base.0);
        layers.reverse();
        let keymap = lay_over(layers, &mut problems);
        (keymap, problems)
    }
}

fn read_file(path: &Path) -> Result<String, ProblemKind> {
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(KEYMAP_BYTES_MAX + 1).read_to_string(&mut text))
        .map_err(|error| ProblemKind::Unreadable(error.to_string()))?;
    if text.len() as u64 > KEYMAP_BYTES_MAX {
        let message = format!("it has more than {KEYMAP_BYTES_MAX} bytes");
        return Err(ProblemKind::Unreadable(message));
    }
    Ok(text)
}

/// The preset, then what it extends, and so on down to the lowest.
fn push_presets(layers: &mut Vec<Layer>, first: String) {
    let mut next = Some(first);
    while let Some(name) = next.take()
        && layers.len() < LAYERS_MAX
        && let Some(text) = preset::text(&name)
    {
        let file = file::read(text);
        next = file.extends.as_ref().map(|(extends, _)| extends.clone());
        layers.push(Layer { name: format!("keymaps/{name}.toml"), file });
    }
}

fn lay_over(layers: Vec<Layer>, problems: &mut Vec<Problem>) -> Keymap {
    let mut keymap = Keymap::default();
    for layout in file::read(preset::LAYOUTS).layouts {
        lay_out(&mut keymap, layout);
    }
    let mut names = Vec::new();
    for (number, Layer { name, file }) in layers.into_iter().enumerate() {
        let mut found = file.problems;
        if let Some(leader) = file.leader {
            lead(&mut keymap, leader);
        }
        for layout in file.layouts {
            lay_out(&mut keymap, layout);
        }
        for section in &file.sections {
            found.extend(set_parent(&mut keymap, section));
        }
        for section in file.sections {
            found.extend(bind(&mut keymap, section, number));
        }
        found.extend(check::keys_that_never_arrive(&keymap, number));
        found.sort_by_key(|(line, _)| *line);
        problems.extend(found.into_iter().map(|(line, kind)| Problem {
            file: name.clone(),
            line,
            kind,
        }));
        names.push(name);
        if number == 0 {
            keymap.written = mention::written(&keymap);
        }
    }
    for (layer, line, kind) in check::shadowed(&keymap) {
        let file = names.get(layer).cloned().unwrap_or_default();
        problems.push(Problem { file, line, kind });
    }
    keymap.files = names;
    keymap
}

/// Puts what single characters mean outside text behind a key.
fn lead(keymap: &mut Keymap, leader: Key) {
    let levels = keymap.bindings.iter_mut().filter(|(context, _)| !context.is_text());
    for binding in levels.flat_map(|(_, level)| level) {
        if binding.keys.first().is_some_and(|key| is_character(*key)) {
            binding.keys.insert(0, leader);
        }
    }
    keymap.leader = Some(leader);
}

/// Adds a keyboard, or its lines to the one of that name that is there.
fn lay_out(keymap: &mut Keymap, lines: LayoutLines) {
    let known = keymap.layouts.iter().position(|layout| layout.name == lines.name);
    if known.is_none() && keymap.layouts.len() < LAYOUTS_MAX {
        keymap.layouts.push(Layout { name: lines.name, keys: Vec::new() });
    }
    let place = known.unwrap_or(keymap.layouts.len().saturating_sub(1));
    if let Some(layout) = keymap.layouts.get_mut(place) {
        layout.keys.retain(|(typed, _)| lines.keys.iter().all(|(new, _)| new != typed));
        layout.keys.splice(0..0, lines.keys);
        layout.keys.truncate(LAYOUT_KEYS_MAX);
    }
}

fn set_parent(keymap: &mut Keymap, section: &Section) -> Option<(usize, ProblemKind)> {
    let (parent, line) = section.parent?;
    let problem = check::parent(keymap, section.context, parent);
    if problem.is_none() {
        keymap.parents.insert(section.context, parent);
    }
    problem.map(|kind| (line, kind))
}

/// Puts a section's lines before what the context has already, so that the newest keys are shown first.
fn bind(keymap: &mut Keymap, section: Section, layer: usize) -> Vec<(usize, ProblemKind)> {
    let mut problems = Vec::new();
    let mut bindings = Vec::new();
    for Entry { keys, action, line } in section.entries {
        match check::entry(keymap, section.context, &keys, action) {
            Some(kind) => problems.push((line, kind)),
            None => bindings.push(Binding { keys, action, layer, line }),
        }
    }
    let level = keymap.bindings.entry(section.context).or_default();
    // What is unbound takes along all that begins with it.
    level.retain(|old| {
        bindings.iter().all(|new| {
            new.keys != old.keys && !(new.action.is_none() && old.keys.starts_with(&new.keys))
        })
    });
    level.splice(0..0, bindings);
    problems
}
