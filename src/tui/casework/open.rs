//! An editor that is open on a case, with its questions and its draft.

use crate::desk::{Answer, AskCaseFile, AskDraft, CaseFileAnswer, CaseRow, Draft, DraftKey};
use crate::domain::event::EntityId;
use crate::keymap::{Action, Key, KeyCode, Modifiers};
use crate::tui::field::{DraftKeeper, Keeping, Picture};
use crate::tui::screen::{Context, Status, Ticket};
use crate::tui::text::{fit, safe_line, width};
use std::sync::Arc;

use super::editor::{Editor, Scene, Typed};

/// Timeline entries that an editor asks for: enough to see whether the citizen was told.
const FILE_ENTRIES: u32 = 40;

/// The editor, its surroundings, and what is under way for it.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own of the words in the editor, and none excludes another"
)]
pub(super) struct Open {
    pub(super) editor: Box<dyn Editor>,
    /// The action that opened it, so that it can be begun anew.
    pub(super) begun_by: Action,
    pub(super) scene: Scene,
    /// An editor without words keeps none.
    pub(super) draft: Option<DraftKeeper>,
    /// Why the last try was refused.
    pub(super) refusal: Option<String>,
    /// Who composes the same.
    pub(super) lease: Option<String>,
    /// What it is about, for the title: a case's number, or how many there are.
    about: String,
    file_ticket: Option<Ticket>,
    draft_ticket: Option<Ticket>,
    /// Whether somebody changed the case meanwhile, so that its version is to be read again.
    is_stale: bool,
    has_typed: bool,
    /// Whether words from a draft were put back.
    is_from_draft: bool,
    /// Whether it is opened for whoever was cut off in the middle of typing into it, and so types on.
    pub(super) is_resumed: bool,
}

impl Open {
    /// Opens an editor on a case: asks for its file, for the draft, and for what the editor itself needs.
    pub(super) fn new(
        editor: Box<dyn Editor>,
        begun_by: Action,
        row: &CaseRow,
        context: &mut Context<'_>,
    ) -> Self {
        let target = Some(EntityId::Case(row.id));
        let file = context.ask(AskCaseFile { case: row.id, entries: FILE_ENTRIES });
        Self::with(editor, begun_by, row, target, context).about(row.id.to_string(), Some(file))
    }

    /// Opens an editor on many cases, of which this is one: it sees the file of none, and its draft is of none.
    pub(super) fn on_many(
        editor: Box<dyn Editor>,
        begun_by: Action,
        row: &CaseRow,
        count: usize,
        context: &mut Context<'_>,
    ) -> Self {
        let cases = if count == 1 { "case" } else { "cases" };
        let open = Self::with(editor, begun_by, row, None, context);
        let mut open = open.about(format!("{count} {cases}"), None);
        open.scene.is_file_lost = true;
        open
    }

    fn about(self, about: String, file_ticket: Option<Ticket>) -> Self {
        Self { about, file_ticket, ..self }
    }

    fn with(
        mut editor: Box<dyn Editor>,
        begun_by: Action,
        row: &CaseRow,
        target: Option<EntityId>,
        context: &mut Context<'_>,
    ) -> Self {
        let shared = context.shared;
        let scene = Scene {
            row: row.clone(),
            file: None,
            is_file_lost: false,
            who: shared.who.clone(),
            zone: shared.zone.clone(),
            now: shared.now,
            keymap: Arc::clone(&shared.keymap),
            language: shared.language(),
            also: shared.also,
        };
        let key = editor.form().map(|form| DraftKey { form, target });
        let draft = key.map(DraftKeeper::new);
        let draft_ticket =
            draft.as_ref().map(|draft| context.ask(AskDraft { key: draft.key().clone() }));
        editor.open(&scene, context);
        Self {
            editor,
            begun_by,
            scene,
            draft,
            refusal: None,
            lease: None,
            about: String::new(),
            file_ticket: None,
            draft_ticket,
            is_stale: false,
            has_typed: false,
            is_from_draft: false,
            is_resumed: false,
        }
    }

    /// Takes a key that means nothing as it is: an arrow chooses the choice beside the chosen one, and a letter of another
    /// script picks what the key at its place picks.
    pub(super) fn key_meant(&mut self, key: Key, context: &mut Context<'_>) -> Typed {
        let step = match key.code() {
            KeyCode::Left => Some(-1),
            KeyCode::Right => Some(1),
            _ => None,
        };
        let Some(step) = step.filter(|_| key.modifiers() == Modifiers::default()) else {
            let latin = self.scene.keymap.by_position(key);
            return latin
                .map_or(Typed::Nothing, |latin| self.editor.key(latin, &self.scene, context));
        };
        let Some(beside) = self.picture(CHOICE_CELLS).beside(step) else { return Typed::Nothing };
        let focus = self.editor.focus();
        let typed = self.editor.key(beside, &self.scene, context);
        self.editor.restore_focus(focus);
        typed
    }

    /// Notes what came of a key: what there is to keep, and what was not taken.
    pub(super) fn note(&mut self, typed: &Typed, context: &mut Context<'_>) {
        match typed {
            Typed::Changed => {
                self.has_typed = true;
                self.refusal = None;
                if let Some(draft) = &mut self.draft {
                    draft.typed(context.shared.now);
                }
            }
            Typed::Refused(why) => context.say(Status::Refused(safe_line(why).into_owned())),
            Typed::Nothing | Typed::Send | Typed::Close | Typed::Begin(..) => {}
        }
    }

    /// Takes a file of the case, from whoever has one.
    pub(super) fn inform(&mut self, file: Box<CaseFileAnswer>) -> Typed {
        if self.is_stale {
            self.is_stale = false;
            self.scene.row = file.row.clone();
        }
        self.scene.file = Some(file);
        self.editor.informed(&self.scene)
    }

    /// Takes an answer: what the editor makes of it, if it waited for it.
    pub(super) fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>) -> Option<Typed> {
        if self.file_ticket == Some(ticket) {
            self.file_ticket = None;
            if let Some(Answer::CaseFile(file)) = answer {
                return Some(self.inform(file.clone()));
            }
            self.scene.is_file_lost = self.scene.file.is_none();
            return Some(Typed::Nothing);
        }
        if self.draft_ticket == Some(ticket) {
            self.draft_ticket = None;
            if let Some(Answer::Draft(draft)) = answer
                && let Some(draft) = draft.as_ref()
            {
                self.restore(draft);
            }
            return Some(Typed::Nothing);
        }
        self.editor.answered(ticket, answer, &self.scene).then_some(Typed::Nothing)
    }

    /// A draft goes in only where nothing was typed before it came: what is typed now is newer.
    fn restore(&mut self, draft: &Draft) {
        if let Some(keeper) = &mut self.draft {
            keeper.found(draft.saved_at);
        }
        if self.has_typed {
            return;
        }
        for (field, text) in &draft.fields {
            self.editor.restore(field, text);
        }
        self.is_from_draft = true;
        if self.is_resumed || !self.editor.picks_by_key() {
            self.editor.restore_focus(&draft.focus);
        }
    }

    /// Keeps what was typed, if anything was since it was kept last.
    pub(super) fn keep(&mut self, context: &mut Context<'_>) -> Option<Keeping> {
        let draft = self.draft.as_mut().filter(|draft| draft.is_unkept())?;
        let version = self.scene.row.version;
        draft.keep(self.editor.fields(), self.editor.focus(), version, context)
    }

    /// Drops the draft, since what it kept is done.
    pub(super) fn drop_draft(&mut self, context: &mut Context<'_>) -> Option<Keeping> {
        self.draft.as_mut()?.drop_draft(context)
    }

    /// Somebody changed the case: the file is read again, and the next try goes by what it says.
    pub(super) fn read_again(&mut self, context: &mut Context<'_>) {
        self.is_stale = true;
        let case = self.scene.row.id;
        self.file_ticket = Some(context.ask(AskCaseFile { case, entries: FILE_ENTRIES }));
    }

    /// Whether what is typed now could be about something that has not come yet: an older draft, or the case itself.
    pub(super) fn is_waiting(&self) -> bool {
        self.draft_ticket.is_some()
            || self.file_ticket.is_some() && self.scene.file.is_none()
            || self.editor.is_waiting()
    }

    /// There is no draft to wait for: it was dropped, or the editor begins anew.
    pub(super) fn begin_anew(&mut self) {
        self.draft_ticket = None;
    }

    /// The draft is at hand: the desk need not be waited for.
    pub(super) fn restore_at_hand(&mut self, draft: &Draft) {
        self.draft_ticket = None;
        self.restore(draft);
    }

    /// The title, the editor's rows, and why the last try was refused.
    pub(super) fn picture(&self, cells: usize) -> Picture {
        let kept = self.draft.as_ref().and_then(|draft| draft.label(&self.scene.zone));
        let title = format!("-- {} {}", self.editor.title(), self.about);
        let title = kept.map_or_else(
            || title.clone(),
            |kept| {
                let anew = self.scene.keymap.key(self.editor.keys(), Action::StartAnew);
                title_with_draft(&title, &kept, self.is_from_draft.then_some(&*anew), cells)
            },
        );
        let mut picture = Picture::titled(title);
        self.editor.show(&self.scene, cells, &mut picture);
        if let Some(lease) = &self.lease {
            picture.words("lease", lease, cells, 2);
        }
        if let Some(refusal) = &self.refusal {
            picture.words("refused", &self.scene.keymap.in_words(refusal), cells, 2);
        }
        for row in &mut picture.rows {
            if width(row) > cells {
                *row = fit(row, cells);
            }
        }
        picture
    }
}

/// Cells in which choices are laid out to see which one is beside another.
const CHOICE_CELLS: usize = 80;

/// The title with what is said of the draft: that its words are here, and how to begin without them, in as many words as
/// there is room for.
fn title_with_draft(title: &str, kept: &str, anew: Option<&str>, cells: usize) -> String {
    let Some(anew) = anew else { return format!("{title}   {kept}") };
    let whole = format!("{title}   {kept}: its words are here; {anew} starts anew");
    if width(&whole) <= cells { whole } else { format!("{title}   {kept}, here; {anew} anew") }
}
