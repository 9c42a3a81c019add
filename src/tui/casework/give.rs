//! Giving the case away: letters of a unit or person, and whoever fits them best.

use crate::desk::{Answer, AskGiveTargets, DraftForm};
use crate::domain::CaseworkerId;
use crate::domain::cases::{CaseAct, EachAct, GiveTo};
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX};
use crate::keymap::{Key, KeyCode};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};

/// Targets that are shown at once.
const SHOWN_MAX: usize = 6;
/// The key that chooses whoever had the case last.
const LAST_HANDLER: char = '-';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    To,
    Words,
}

/// A case that is being given away.
#[derive(Debug)]
pub(super) struct GiveEditor {
    focus: Focus,
    letters: TextField,
    words: TextField,
    targets: Vec<(GiveTo, String, String)>,
    chosen: usize,
    /// The question for the letters as they are now; an older one is not waited for.
    ticket: Option<Ticket>,
    wants_last: bool,
}

impl GiveEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::To,
            letters: TextField::line(CODE_BYTES_MAX),
            words: TextField::line(LINE_BYTES_MAX),
            targets: Vec::new(),
            chosen: 0,
            ticket: None,
            wants_last: false,
        }
    }

    fn ask(&mut self, context: &mut Context<'_>) {
        self.ticket = Some(context.ask(AskGiveTargets { text: self.letters.text() }));
        self.chosen = 0;
    }

    fn letters_typed(&mut self, typed: Typed, context: &mut Context<'_>) -> Typed {
        if typed == Typed::Changed {
            self.ask(context);
        }
        typed
    }
}

/// Whoever had the case last, where that is somebody else; or else whoever had another case of its person last, for that
/// is who knows them (R42).
fn last_handler(scene: &Scene) -> Option<(GiveTo, String)> {
    let file = scene.file.as_ref()?;
    let is_other = |last: &CaseworkerId| Some(*last) != file.case.owner;
    let of_case = file.case.last_handler.filter(is_other);
    let of_case = of_case.map(|last| (GiveTo::Caseworker(last), scene.name(last)));
    of_case.or_else(|| {
        let (last, name) = file.served_by.clone().filter(|(last, _)| is_other(last))?;
        Some((GiveTo::Caseworker(last), name))
    })
}

impl Editor for GiveEditor {
    fn title(&self) -> &'static str {
        "GIVE"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Give)
    }

    fn open(&mut self, _scene: &Scene, context: &mut Context<'_>) {
        self.ask(context);
    }

    fn key(&mut self, key: Key, _scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::To if key.typed() == Some(LAST_HANDLER) && self.letters.is_blank() => {
                self.wants_last = true;
                Typed::Changed
            }
            Focus::To => {
                self.wants_last = false;
                let typed = self.letters.key(key).into();
                self.letters_typed(typed, context)
            }
            Focus::Words => self.words.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::To => {
                let typed = self.letters.paste(text).into();
                self.letters_typed(typed, context)
            }
            Focus::Words => self.words.paste(text).into(),
        }
    }

    /// Tab goes to the words that go with the case, the arrows through the list.
    fn turn(&mut self, turn: Turn, key: Key, _scene: &Scene) {
        if matches!(key.code(), KeyCode::Tab | KeyCode::BackTab) || self.focus == Focus::Words {
            self.focus = if self.focus == Focus::To { Focus::Words } else { Focus::To };
            return;
        }
        let last = self.targets.len().saturating_sub(1);
        self.chosen = match turn {
            Turn::Next => (self.chosen + 1).min(last),
            Turn::Previous => self.chosen.saturating_sub(1),
        };
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        if self.ticket != Some(ticket) {
            return false;
        }
        self.ticket = None;
        if let Some(Answer::GiveTargets(targets)) = answer {
            self.targets.clone_from(&targets.targets);
            self.chosen = 0;
        }
        true
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        let words = self.words.text();
        if self.wants_last {
            return match last_handler(scene) {
                Some((to, _)) => Composed::Acts(vec![CaseAct::Give { to, words }]),
                None if scene.file.is_none() && !scene.is_file_lost => Composed::Waiting,
                None => Composed::Missing("Nobody else had it before: type a name.".to_owned()),
            };
        }
        if self.ticket.is_some() {
            return Composed::Waiting;
        }
        if let Some((to, _, _)) = self.targets.get(self.chosen) {
            return Composed::Acts(vec![CaseAct::Give { to: *to, words }]);
        }
        self.focus = Focus::To;
        Composed::Missing("No unit and nobody is called that: type other letters.".to_owned())
    }

    fn for_each(&self, _scene: &Scene) -> Option<EachAct> {
        if self.wants_last || self.ticket.is_some() {
            return None;
        }
        let (to, _, _) = self.targets.get(self.chosen)?;
        Some(EachAct::Acts(vec![CaseAct::Give { to: *to, words: self.words.text() }]))
    }

    fn fields(&self) -> Vec<(String, String)> {
        // Letters pick who gets it, so that they are typed anew each time.
        kept("words", self.words.text()).into_iter().collect()
    }

    fn focus(&self) -> &'static str {
        match self.focus {
            Focus::To => "to",
            Focus::Words => "words",
        }
    }

    fn restore(&mut self, field: &str, text: &str) {
        if field == "words" {
            self.words.set(text);
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, field: &str) {
        if field == "words" {
            self.focus = Focus::Words;
        }
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        picture.field("to", &self.letters, self.focus == Focus::To, cells, 1);
        if let Some((_, name)) = last_handler(scene) {
            let marker = if self.wants_last { '>' } else { ' ' };
            picture.words(
                "",
                &format!("{marker}{LAST_HANDLER} {}, who had it last", safe_line(&name)),
                cells,
                1,
            );
        }
        let first = self.chosen.saturating_sub(SHOWN_MAX - 1);
        for (at, (_, name, note)) in self.targets.iter().enumerate().skip(first).take(SHOWN_MAX) {
            let is_chosen = at == self.chosen && !self.wants_last;
            let marker = if is_chosen { '>' } else { ' ' };
            let heard = format!("{name}; {note}").trim_end_matches("; ").to_owned();
            let note = if note.is_empty() { String::new() } else { format!("   {note}") };
            picture.words("", &format!("{marker}{}{note}", safe_line(name)), cells, 1);
            picture.list(&heard, at, self.targets.len(), is_chosen);
        }
        if self.targets.is_empty() && self.ticket.is_none() {
            let words = if self.letters.is_blank() {
                " type letters of a unit or person"
            } else {
                " no unit and nobody is called that"
            };
            picture.words("", words, cells, 1);
        }
        picture.field("words", &self.words, self.focus == Focus::Words, cells, 2);
    }
}
