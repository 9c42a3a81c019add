//! What the stage of a case waits for: the checklist of its type.

use crate::desk::{CaseFileAnswer, PlanTaskLine};
use crate::domain::cases::Task;
use crate::tui::field::Picture;
use crate::tui::text::safe_line;

use super::editor::Scene;

/// Letters of the steps that can be added.
const LETTERS: std::ops::RangeInclusive<char> = 'a'..='i';

/// Whether the type of the case has stages, so that its steps are a checklist.
pub(super) fn has_stage(scene: &Scene) -> bool {
    scene.file.as_ref().is_some_and(|file| !file.plan.stage.0.is_empty())
}

/// The line of a step that comes of the type.
pub(super) fn planned(file: &CaseFileAnswer, at: usize) -> Option<&PlanTaskLine> {
    file.plan.tasks.iter().find(|line| usize::try_from(line.index) == Ok(at))
}

/// The name of a step: in the office's language where the type names it.
pub(super) fn step_name(file: &CaseFileAnswer, at: usize, task: &Task, language: &str) -> String {
    let line = planned(file, at);
    let name = line.map_or(task.title.as_str(), |line| line.labels.in_language(language));
    let satisfied = line.and_then(|line| line.satisfied_by.as_ref());
    let by = satisfied
        .map_or_else(String::new, |field| format!("   by \"{}\"", field.in_language(language)));
    safe_line(&format!("{name}{by}")).into_owned()
}

/// The step that a letter adds: its code.
pub(super) fn added_by(letter: char, scene: &Scene) -> Option<String> {
    let place = LETTERS.clone().position(|known| known == letter)?;
    let file = scene.file.as_ref()?;
    file.plan.addable.get(place).map(|(code, _)| code.clone())
}

/// What the stage is, and above the steps.
pub(super) fn show_stage(scene: &Scene, cells: usize, picture: &mut Picture) {
    let Some(file) = scene.file.as_ref().filter(|_| has_stage(scene)) else { return };
    let stage = file.plan.stage.in_language(scene.language);
    let name = file.plan.type_labels.in_language(scene.language);
    let words = format!("{stage}   {name}, {}", file.plan.case_type);
    picture.words("stage", &words, cells, 1);
}

/// What is missing beside the steps, what can be added, and what has to be done before the stage is left.
pub(super) fn show_rest(scene: &Scene, cells: usize, picture: &mut Picture) {
    let Some(file) = scene.file.as_ref().filter(|_| has_stage(scene)) else { return };
    let addable = file.plan.addable.iter().zip(LETTERS);
    let addable: Vec<String> = addable
        .map(|((_, labels), letter)| {
            format!("{letter} {}", safe_line(labels.in_language(scene.language)))
        })
        .collect();
    if !addable.is_empty() {
        picture.things("add", &addable, cells, 2);
    }
    let waits = waits_for(file, scene.language);
    let words = if waits.is_empty() {
        "nothing keeps it in this stage".to_owned()
    } else {
        format!("goes on and closes once: {}", waits.join("; "))
    };
    picture.words("then", &scene.keymap.in_words(&words), cells, 3);
}

/// The steps and fields that keep the stage from being left.
pub(in crate::tui) fn waits_for(file: &CaseFileAnswer, language: &str) -> Vec<String> {
    let tasks = file.plan.blocking_tasks.iter().filter_map(|index| {
        let at = usize::try_from(*index).ok()?;
        let task = file.case.tasks.get(at)?;
        let line = planned(file, at);
        let name = line.map_or(task.title.as_str(), |line| line.labels.in_language(language));
        Some(safe_line(name).into_owned())
    });
    let empty =
        file.plan.fields.iter().filter(|line| line.is_required_now && line.value.is_empty());
    let fields = empty.map(|line| {
        format!("\"{}\" filled in (i)", safe_line(line.rule.labels.in_language(language)))
    });
    tasks.chain(fields).collect()
}
