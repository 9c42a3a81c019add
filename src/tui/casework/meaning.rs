//! What an action means on a case: an act at once, or an editor.

use crate::desk::CaseRow;
use crate::domain::cases::{CaseAct, Step};
use crate::keymap::Action;

use super::classifying::ClassifyingEditor;
use super::close::CloseEditor;
use super::correct::CorrectEditor;
use super::deciding::DecideEditor;
use super::editor::Editor;
use super::escalate::EscalateEditor;
use super::existing::ExistingEditor;
use super::extending::ExtendEditor;
use super::fill::FillEditor;
use super::give::GiveEditor;
use super::hold::HoldEditor;
use super::indexing::IndexingEditor;
use super::knowledge::KnowledgePanel;
use super::letters::LettersEditor;
use super::merge::MergeEditor;
use super::note::NoteEditor;
use super::reopen::ReopenEditor;
use super::reply::ReplyEditor;
use super::returned::ReturnedEditor;
use super::reviewing::ReviewingEditor;
use super::screening::ScreeningEditor;
use super::steps::StepsEditor;
use super::why::WhyPanel;

/// The act of an action that needs no word more.
pub(super) fn act_at_once(action: Action, row: &CaseRow) -> Option<CaseAct> {
    let acts = [
        (Action::Acknowledge, true, CaseAct::AcknowledgeEscalation),
        (Action::Hold, row.is_held, CaseAct::Resume),
    ];
    acts.into_iter().find(|(of, fits, _)| *of == action && *fits).map(|(.., act)| act)
}

/// The editor of an action on a case.
#[expect(clippy::wildcard_enum_match_arm, reason = "most actions are no work on a case")]
pub(super) fn editor_for(action: Action, row: &CaseRow) -> Option<Box<dyn Editor>> {
    Some(match action {
        Action::Escalate if row.is_escalated => Box::new(ExistingEditor::new()),
        Action::Escalate => Box::new(EscalateEditor::new()),
        Action::Hold => Box::new(HoldEditor::new()),
        Action::Reply => Box::new(ReplyEditor::new()),
        Action::AddNote => Box::new(NoteEditor::new()),
        Action::Give => Box::new(GiveEditor::new()),
        Action::NextStep => match Step::of(row.stage) {
            Some(Step::Screening) => Box::new(ScreeningEditor::new()),
            Some(Step::Classification) => Box::new(ClassifyingEditor::new()),
            Some(Step::Review) => Box::new(ReviewingEditor::new()),
            Some(Step::Indexing) => Box::new(IndexingEditor::new()),
            None => Box::new(StepsEditor::new()),
        },
        Action::CloseCase => Box::new(CloseEditor::new()),
        Action::ReopenCase => Box::new(ReopenEditor::new()),
        Action::CorrectClosed => Box::new(CorrectEditor::new()),
        Action::Merge => Box::new(MergeEditor::new(None)),
        Action::Why => Box::new(WhyPanel::new()),
        Action::Knowledge => Box::new(KnowledgePanel::new()),
        Action::CameBack => Box::new(ReturnedEditor::new()),
        Action::Decide => Box::new(DecideEditor::new()),
        Action::FillIn => Box::new(FillEditor::new()),
        Action::Extend => Box::new(ExtendEditor::new()),
        _ => return None,
    })
}

/// What sending does in the editor of an action, where "send" is not the word for it.
#[expect(clippy::wildcard_enum_match_arm, reason = "most editors send something")]
pub(super) fn sending(begun_by: Action, row: &CaseRow) -> Option<&'static str> {
    match begun_by {
        Action::Escalate if row.is_escalated => Some("answer"),
        Action::Escalate => Some("raise"),
        Action::AddNote | Action::FillIn => Some("keep"),
        Action::Decide => Some("sign, no undo"),
        Action::CorrectClosed => Some("sign first"),
        Action::Give
        | Action::Hold
        | Action::Extend
        | Action::CloseCase
        | Action::ReopenCase
        | Action::Merge => Some(begun_by.info().label),
        _ => None,
    }
}

/// The editor of an action on many cases.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most actions are about one case, or about none"
)]
pub(super) fn editor_for_many(action: Action) -> Option<Box<dyn Editor>> {
    Some(match action {
        Action::Give => Box::new(GiveEditor::new()),
        Action::AddNote => Box::new(NoteEditor::new()),
        Action::Hold => Box::new(HoldEditor::new()),
        Action::CloseCase => Box::new(CloseEditor::new()),
        Action::Reply => Box::new(LettersEditor::new()),
        _ => return None,
    })
}
