//! The screening: what becomes of a new case, with its nature and subject settled on the way.

use crate::desk::{Answer, AskSubjects, DraftForm};
use crate::domain::cases::{CaseAct, Class, Nature, RejectionReason, ScreeningOutcome, Stage};
use crate::domain::knowledge::Subject;
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX};
use crate::domain::{CaseId, SubjectCode};
use crate::keymap::{Key, KeyCode};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::escalate::turned;
use super::suggested::Suggestion;

/// Subjects that are offered at once.
const SUBJECTS_SHOWN: u32 = 4;

/// How it ends, by its digit, before its words are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Accept,
    NeedInfo,
    Duplicate,
    NotOurs,
    Reject,
    NoResponse,
}

impl Ending {
    const ALL: [(char, Self, &'static str, &'static str); 6] = [
        ('1', Self::Accept, "accept", ""),
        ('2', Self::NeedInfo, "ask for more", "what the citizen is asked"),
        ('3', Self::Duplicate, "duplicate of", "the other case's number"),
        ('4', Self::NotOurs, "not ours", "which agency"),
        ('5', Self::Reject, "reject", "why, in words"),
        ('6', Self::NoResponse, "no response", ""),
    ];

    fn with_key(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|(key, ..)| *key == letter).map(|(_, ending, ..)| ending)
    }

    /// Whether it is there to be picked: nothing is closed for want of an answer before the citizen had their time.
    fn is_offered(self, scene: &Scene) -> bool {
        let plan = scene.file.as_ref().and_then(|file| file.kept.as_ref());
        let wait = plan.and_then(|plan| plan.info.as_ref());
        let is_over = || wait.is_none_or(|wait| wait.is_over(scene.now));
        self != Self::NoResponse || (scene.row.stage == Stage::NeedsInfo && is_over())
    }

    /// Whether it takes words.
    fn takes_words(self) -> bool {
        !matches!(self, Self::Accept | Self::NoResponse)
    }

    fn line(self) -> (char, Self, &'static str, &'static str) {
        let [first, ..] = Self::ALL;
        Self::ALL.into_iter().find(|(_, ending, ..)| *ending == self).unwrap_or(first)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Ending,
    Subject,
    Change,
    Rejection,
    Words,
}

impl Focus {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Ending, "ending"),
        (Self::Subject, "subject"),
        (Self::Change, "change"),
        (Self::Rejection, "rejection"),
        (Self::Words, "words"),
    ];
}

/// A screening that is being done.
#[derive(Debug)]
pub(super) struct ScreeningEditor {
    focus: Focus,
    ending: Option<Ending>,
    rejection: Option<RejectionReason>,
    words: TextField,
    nature: Option<Nature>,
    /// Why nature or subject change.
    change: TextField,
    letters: TextField,
    subjects: Vec<Subject>,
    chosen: usize,
    ticket: Option<Ticket>,
    suggestion: Suggestion,
}

impl ScreeningEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Ending,
            ending: None,
            rejection: None,
            words: TextField::line(LINE_BYTES_MAX),
            nature: None,
            change: TextField::line(LINE_BYTES_MAX),
            letters: TextField::line(CODE_BYTES_MAX),
            subjects: Vec::new(),
            chosen: 0,
            ticket: None,
            suggestion: Suggestion::default(),
        }
    }

    fn pick(&mut self, letter: char, scene: &Scene) -> Typed {
        if let Some(ending) = Ending::with_key(letter).filter(|ending| ending.is_offered(scene)) {
            self.ending = Some(ending);
            self.focus = match ending {
                Ending::Accept if needs_subject(scene) => Focus::Subject,
                Ending::Accept | Ending::NoResponse => Focus::Ending,
                Ending::Reject => Focus::Rejection,
                Ending::NeedInfo | Ending::Duplicate | Ending::NotOurs => Focus::Words,
            };
        } else if let Some(nature) = Nature::from_key(letter) {
            self.nature = (nature != scene.row.nature).then_some(nature);
            self.focus = if self.nature.is_some() { Focus::Change } else { Focus::Ending };
        } else {
            return Typed::Nothing;
        }
        Typed::Changed
    }

    fn reject_for(&mut self, key: Key) -> Typed {
        match key.typed().and_then(RejectionReason::from_key) {
            Some(reason) => {
                self.rejection = Some(reason);
                self.focus = Focus::Words;
                Typed::Changed
            }
            None => Typed::Nothing,
        }
    }

    fn ask(&mut self, context: &mut Context<'_>) {
        self.chosen = 0;
        self.subjects.clear();
        self.ticket = (!self.letters.is_blank())
            .then(|| context.ask(AskSubjects { text: self.letters.text(), limit: SUBJECTS_SHOWN }));
    }

    fn subject_typed(&mut self, typed: Typed, context: &mut Context<'_>) -> Typed {
        if typed == Typed::Changed {
            self.ask(context);
        }
        typed
    }

    fn subject(&self) -> Option<SubjectCode> {
        self.subjects.get(self.chosen).map(|subject| subject.code.clone())
    }

    fn missing(&mut self, focus: Focus, what: &str) -> Composed {
        self.focus = focus;
        Composed::Missing(what.to_owned())
    }

    /// How the screening ends; nothing where only nature or subject are settled, and what is missing where something is.
    fn outcome(&mut self) -> Result<Option<ScreeningOutcome>, Composed> {
        let Some(ending) = self.ending else { return Ok(None) };
        let words = self.words.text();
        if ending == Ending::Reject && self.rejection.is_none() {
            return Err(self.missing(Focus::Rejection, "Pick why it is rejected, by its digit."));
        }
        if ending.takes_words() && self.words.is_blank() {
            let (.., what) = ending.line();
            return Err(self.missing(Focus::Words, &format!("Type {what}.")));
        }
        Ok(Some(match ending {
            Ending::Accept => ScreeningOutcome::Accept,
            Ending::NoResponse => ScreeningOutcome::NoResponse,
            Ending::NeedInfo => ScreeningOutcome::NeedInfo { ask: words },
            Ending::NotOurs => ScreeningOutcome::NotOurs { agency: words },
            Ending::Reject => ScreeningOutcome::Reject {
                reason: self.rejection.unwrap_or(RejectionReason::Other),
                words,
            },
            Ending::Duplicate => {
                match words.parse::<CaseId>().or_else(|_| format!("C{words}").parse()) {
                    Ok(of) => ScreeningOutcome::DuplicateOf(of),
                    Err(_) => {
                        return Err(
                            self.missing(Focus::Words, "Type the other case's number, as C-123.")
                        );
                    }
                }
            }
        }))
    }
}

/// Whether the subject has to be settled here: there is none, and no step after this one settles it.
fn needs_subject(scene: &Scene) -> bool {
    has_no_subject(scene) && scene.file.as_ref().is_some_and(|file| !file.is_classified_later)
}

fn has_no_subject(scene: &Scene) -> bool {
    scene.file.as_ref().is_some_and(|file| file.case.subjects.is_empty())
}

impl Editor for ScreeningEditor {
    fn title(&self) -> &'static str {
        "SCREEN"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Screening)
    }

    fn open(&mut self, scene: &Scene, context: &mut Context<'_>) {
        self.suggestion.ask(scene, context);
    }

    fn key(&mut self, key: Key, scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Ending => key.typed().map_or(Typed::Nothing, |letter| self.pick(letter, scene)),
            Focus::Rejection => self.reject_for(key),
            Focus::Subject => {
                let typed = self.letters.key(key).into();
                self.subject_typed(typed, context)
            }
            Focus::Change => self.change.key(key).into(),
            Focus::Words => self.words.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Subject => {
                let typed = self.letters.paste(text).into();
                self.subject_typed(typed, context)
            }
            Focus::Change => self.change.paste(text).into(),
            Focus::Ending | Focus::Rejection | Focus::Words => self.words.paste(text).into(),
        }
    }

    /// The arrows choose among the subjects that are offered; otherwise the focus moves.
    fn turn(&mut self, turn: Turn, key: Key, _scene: &Scene) {
        if self.focus == Focus::Subject
            && self.subjects.len() > 1
            && matches!(key.code(), KeyCode::Up | KeyCode::Down)
        {
            let last = self.subjects.len().saturating_sub(1);
            self.chosen = match turn {
                Turn::Next => (self.chosen + 1).min(last),
                Turn::Previous => self.chosen.saturating_sub(1),
            };
            return;
        }
        let mut fields = vec![Focus::Ending, Focus::Subject];
        if self.nature.is_some() || !self.letters.is_blank() {
            fields.push(Focus::Change);
        }
        if self.ending == Some(Ending::Reject) {
            fields.push(Focus::Rejection);
        }
        if self.ending.is_some_and(Ending::takes_words) {
            fields.push(Focus::Words);
        }
        self.focus = turned(&fields, self.focus, turn);
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        if self.ticket != Some(ticket) {
            return self.suggestion.answered(ticket, answer);
        }
        self.ticket = None;
        if let Some(Answer::Subjects(subjects)) = answer {
            self.subjects.clone_from(&subjects.subjects);
        }
        true
    }

    fn informed(&mut self, scene: &Scene) -> Typed {
        if self.ending == Some(Ending::Accept)
            && self.focus == Focus::Ending
            && needs_subject(scene)
        {
            self.focus = Focus::Subject;
        }
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if self.ticket.is_some() {
            return Composed::Waiting;
        }
        let mut subject = self.subject();
        if subject.is_none() && !self.letters.is_blank() {
            return self.missing(Focus::Subject, "No subject is called that: type other letters.");
        }
        let is_open = self.ending == Some(Ending::Accept) && needs_subject(scene);
        if is_open && subject.is_none() {
            if self.suggestion.is_waiting() {
                return Composed::Waiting;
            }
            subject = self.suggestion.subject().map(|suggested| suggested.code.clone());
        }
        if is_open && subject.is_none() {
            return self
                .missing(Focus::Subject, "It has no subject yet: type some letters of one.");
        }
        let replaces = subject.is_some() && !has_no_subject(scene) && scene.file.is_some();
        if (self.nature.is_some() || replaces) && self.change.is_blank() {
            return self.missing(Focus::Change, "A change takes a reason: type why.");
        }
        let outcome = match self.outcome() {
            Ok(outcome) => outcome,
            Err(missing) => return missing,
        };
        let reason = self.change.text();
        let suggested = subject.as_ref().and_then(|subject| self.suggestion.kept(subject));
        let acts = if suggested.is_some() {
            vec![CaseAct::Classify(Class { nature: self.nature, subject, reason, suggested })]
        } else {
            let nature =
                self.nature.map(|nature| CaseAct::SetNature { nature, reason: reason.clone() });
            let subject = subject.map(|subject| CaseAct::SetSubject { subject, reason });
            nature.into_iter().chain(subject).collect()
        };
        let acts: Vec<_> = acts.into_iter().chain(outcome.map(CaseAct::Screen)).collect();
        if acts.is_empty() {
            return self.missing(Focus::Ending, "Pick what becomes of it, by its digit.");
        }
        Composed::Acts(acts)
    }

    fn fields(&self) -> Vec<(String, String)> {
        // What is picked changes or ends the case, so that it is picked anew each time: words alone are kept.
        let texts = [kept("words", self.words.text()), kept("change", self.change.text())];
        texts.into_iter().flatten().collect()
    }

    fn focus(&self) -> &'static str {
        let mut names = Focus::ALL.into_iter();
        names.find(|(focus, _)| *focus == self.focus).map_or("ending", |(_, name)| name)
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "words" => self.words.set(text),
            "change" => self.change.set(text),
            _ => {}
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, field: &str) {
        let known = Focus::ALL.into_iter().find(|(_, name)| *name == field);
        self.focus = known.map_or(self.focus, |(focus, _)| focus);
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let has_focus = |focus| self.focus == focus;
        let endings: Vec<_> = Ending::ALL
            .iter()
            .filter(|(_, ending, ..)| ending.is_offered(scene))
            .map(|(key, ending, label, _)| (format!("{key} {label}"), self.ending == Some(*ending)))
            .collect();
        picture.choices("outcome", &endings, has_focus(Focus::Ending), cells);
        let nature = self.nature.unwrap_or(scene.row.nature);
        let natures: Vec<_> = Nature::ALL
            .iter()
            .map(|one| (format!("{} {}", one.key(), one.label()), *one == nature))
            .collect();
        picture.choices("nature", &natures, false, cells);
        self.show_subject(scene, cells, picture);
        if self.nature.is_some() || has_focus(Focus::Change) || !self.change.is_blank() {
            picture.field("changes", &self.change, has_focus(Focus::Change), cells, 2);
            picture.words("", "(why nature or subject change)", cells, 1);
        }
        let Some(ending) = self.ending.filter(|ending| ending.takes_words()) else {
            if !self.words.is_blank() {
                picture.field("words", &self.words, false, cells, 3);
            }
            return;
        };
        if ending == Ending::Reject {
            let reasons: Vec<_> = RejectionReason::ALL
                .iter()
                .map(|one| (format!("{} {}", one.key(), one.label()), self.rejection == Some(*one)))
                .collect();
            picture.choices("because", &reasons, has_focus(Focus::Rejection), cells);
        }
        picture.field("words", &self.words, has_focus(Focus::Words), cells, 3);
        let (.., what) = ending.line();
        picture.words("", &format!("({what})"), cells, 1);
    }
}

impl ScreeningEditor {
    fn show_subject(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let is_open = has_no_subject(scene) && self.letters.is_blank();
        if is_open {
            let takes = self.ending == Some(Ending::Accept) && needs_subject(scene);
            let takes = if takes { "   Enter takes it" } else { "" };
            self.suggestion.show(takes, cells, picture);
        }
        if self.focus == Focus::Subject || !self.letters.is_blank() {
            picture.field("subject", &self.letters, self.focus == Focus::Subject, cells, 1);
            for (at, subject) in self.subjects.iter().enumerate() {
                let marker = if at == self.chosen { '>' } else { ' ' };
                picture.words(
                    "",
                    &format!("{marker}{} {}", subject.code, safe_line(&subject.label)),
                    cells,
                    1,
                );
            }
        } else if has_no_subject(scene) {
            picture.words("subject", "none yet: Tab, then some of its letters", cells, 1);
        } else {
            picture.words("subject", &scene.row.subject, cells, 1);
        }
    }
}
