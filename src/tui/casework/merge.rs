//! Merging the case with another one: one with a person in common chosen already, both side by side, and what is going to happen.

use crate::desk::{
    Answer, AskMergeCandidates, CaseRow, ComparedCase, DraftForm, InCommon, MergeCandidate,
    RowPerson,
};
use crate::domain::CaseId;
use crate::domain::cases::{CaseAct, Keeps};
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX};
use crate::keymap::{Action, Key, KeyCode};
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;
use crate::tui::when::{day, due_in};

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};

/// Candidates that are shown at once.
const SHOWN_MAX: usize = 4;
/// Characters of a name in a candidate's row, so that the whole reason has room after it.
const NAME_CHARACTERS: usize = 24;
/// Characters of a place, so that a case takes one row beside what it asks.
const PLACE_CHARACTERS: usize = 20;
/// The key that types another case's number.
const NAME: char = '/';
/// The key that turns round which of the two goes on.
const TURN: char = 'o';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Pick,
    Number,
    Reason,
}

/// A case that is being merged.
#[derive(Debug)]
pub(super) struct MergeEditor {
    focus: Focus,
    candidates: Vec<MergeCandidate>,
    /// None until somebody says which, where none has a person in common.
    chosen: Option<usize>,
    /// Which goes on, once somebody has said so.
    keeps: Option<Keeps>,
    own: Option<ComparedCase>,
    number: TextField,
    reason: TextField,
    asked: Option<Ticket>,
    /// The question for a case that was named, or marked beside this one.
    naming: Option<(Ticket, CaseId)>,
    /// The case that goes before all candidates, and whether it was typed.
    named: Option<CaseId>,
    is_numbered: bool,
}

impl MergeEditor {
    /// The line with the likeliest case of the same person chosen, or with `beside` where that is another one that was marked.
    pub(super) fn new(beside: Option<CaseId>) -> Self {
        Self {
            focus: Focus::Pick,
            candidates: Vec::new(),
            chosen: None,
            keeps: None,
            own: None,
            number: TextField::line(CODE_BYTES_MAX),
            reason: TextField::line(LINE_BYTES_MAX),
            asked: None,
            naming: None,
            named: beside,
            is_numbered: false,
        }
    }

    fn ask_named(&mut self, scene: &Scene, context: &mut Context<'_>) {
        if let Some(named) = self.named {
            let question = AskMergeCandidates { case: scene.row.id, named: Some(named) };
            self.naming = Some((context.ask(question), named));
        }
    }

    fn other(&self) -> Option<&MergeCandidate> {
        self.candidates.get(self.chosen?)
    }

    /// Which goes on: the other one, unless it has ended and this one has not, or somebody turned it round.
    fn keeps(&self, scene: &Scene) -> Keeps {
        self.keeps.unwrap_or_else(|| {
            let ends_other = self.other().is_some_and(|other| !other.row.stage.is_open());
            if ends_other && scene.row.stage.is_open() { Keeps::This } else { Keeps::Other }
        })
    }

    fn pick(&mut self, letter: char, scene: &Scene) -> Typed {
        let digit = letter.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
        if let Some(place) = digit.and_then(|digit| digit.checked_sub(1)) {
            if place < self.candidates.len() {
                self.chosen = Some(place);
                self.keeps = None;
            }
        } else if letter == TURN {
            self.keeps = Some(match self.keeps(scene) {
                Keeps::Other => Keeps::This,
                Keeps::This => Keeps::Other,
            });
        } else if matches!(letter, NAME | 'c' | 'C') {
            self.type_number();
        }
        Typed::Nothing
    }

    fn type_number(&mut self) {
        self.focus = Focus::Number;
        self.number.set("C-");
        self.number.set_cursor(2);
    }

    /// Follows the number that is being typed, once it is one.
    fn number_typed(&mut self, typed: Typed, scene: &Scene, context: &mut Context<'_>) -> Typed {
        self.named = self.number.text().parse().ok();
        self.is_numbered = self.named.is_some();
        self.ask_named(scene, context);
        // A number picks a case, so that it is typed anew each time.
        if typed == Typed::Changed { Typed::Nothing } else { typed }
    }

    /// Why a reason has to be given, if one has.
    fn needs_reason(&self, scene: &Scene) -> Option<&'static str> {
        let other = self.other()?;
        let (merged, survivor) = match self.keeps(scene) {
            Keeps::Other => (&scene.row, &other.row),
            Keeps::This => (&other.row, &scene.row),
        };
        let is_named = |row: &CaseRow| matches!(row.person, RowPerson::Person(..));
        if !merged.stage.is_open() && survivor.stage.is_open() {
            Some("One of them has ended: say in a reason why they are the same matter.")
        } else if is_named(merged) != is_named(survivor) {
            Some("Nobody is named on one of them: say in a reason how you know that they are one.")
        } else if is_named(merged) && other.common != InCommon::Person {
            Some("They are of different people: say in a reason how you know that they are one.")
        } else {
            None
        }
    }

    /// The likeliest with a person in common. Nobody's case goes into a stranger's because Enter was pressed.
    fn choose_first(&mut self) {
        let is_near = |other: &MergeCandidate| other.common != InCommon::Nobody;
        self.chosen = self.candidates.iter().position(is_near);
        self.keeps = None;
    }
}

impl Editor for MergeEditor {
    fn title(&self) -> &'static str {
        "MERGE"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Merge)
    }

    fn open(&mut self, scene: &Scene, context: &mut Context<'_>) {
        self.asked = Some(context.ask(AskMergeCandidates { case: scene.row.id, named: None }));
        self.named = self.named.filter(|named| *named != scene.row.id);
        self.ask_named(scene, context);
    }

    fn key(&mut self, key: Key, scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Pick => key.typed().map_or(Typed::Nothing, |letter| self.pick(letter, scene)),
            Focus::Number
                if key
                    .typed()
                    .is_some_and(|letter| !"-cC".contains(letter) && !letter.is_numeric()) =>
            {
                Typed::Refused("A case's number has digits only.".to_owned())
            }
            Focus::Number => {
                let typed = self.number.key(key).into();
                self.number_typed(typed, scene, context)
            }
            Focus::Reason => self.reason.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, scene: &Scene, context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Reason => self.reason.paste(text).into(),
            Focus::Pick | Focus::Number => {
                self.focus = Focus::Number;
                self.number.set("");
                let typed = self.number.paste(text).into();
                self.number_typed(typed, scene, context)
            }
        }
    }

    /// Tab goes to the reason, the arrows through the candidates.
    fn turn(&mut self, turn: Turn, key: Key, _scene: &Scene) {
        if matches!(key.code(), KeyCode::Tab | KeyCode::BackTab) || self.focus != Focus::Pick {
            self.focus = if self.focus == Focus::Reason { Focus::Pick } else { Focus::Reason };
            return;
        }
        let last = self.candidates.len().saturating_sub(1);
        self.chosen = (!self.candidates.is_empty()).then(|| match (turn, self.chosen) {
            (_, None) => 0,
            (Turn::Next, Some(at)) => (at + 1).min(last),
            (Turn::Previous, Some(at)) => at.saturating_sub(1),
        });
        self.keeps = None;
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, _scene: &Scene) -> bool {
        if self.asked == Some(ticket) {
            self.asked = None;
            if let Some(Answer::MergeCandidates(found)) = answer {
                self.own = Some(found.facts.clone());
                let named = self.named;
                let first = self.candidates.iter().find(|first| Some(first.row.id) == named);
                let first = first.cloned().into_iter();
                let others = found.candidates.iter().cloned();
                let is_other = |other: &MergeCandidate| Some(other.row.id) != named;
                self.candidates = first.chain(others.filter(is_other)).collect();
                if self.named.is_none() {
                    self.choose_first();
                }
            }
            // Where nothing looks like it, the number is all that there is to say.
            if self.candidates.is_empty() && self.named.is_none() && self.focus == Focus::Pick {
                self.type_number();
            }
            return true;
        }
        let Some((_, case)) = self.naming.filter(|(naming, _)| *naming == ticket) else {
            return false;
        };
        self.naming = None;
        let is_typed = self.is_numbered;
        self.candidates.retain(|known| known.row.id != case);
        let found = match answer {
            Some(Answer::MergeCandidates(found)) => found.candidates.first(),
            _ => None,
        };
        if let Some(found) = found {
            // An old number leads to the case that stands for it.
            self.named = Some(found.row.id);
            self.candidates.retain(|known| known.row.id != found.row.id);
            let why = if is_typed { "as you typed" } else { "marked, too" };
            self.candidates.insert(0, MergeCandidate { why: why.to_owned(), ..found.clone() });
            self.chosen = Some(0);
            self.keeps = None;
        } else {
            self.choose_first();
        }
        true
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if self.asked.is_some() || self.naming.is_some() {
            return Composed::Waiting;
        }
        if self.focus == Focus::Number && self.other().map(|other| other.row.id) != self.named {
            let number = self.number.text();
            return Composed::Missing(format!("There is no case {number}: type another number."));
        }
        if let Some(why) = self.needs_reason(scene).filter(|_| self.reason.is_blank()) {
            self.focus = Focus::Reason;
            return Composed::Missing(why.to_owned());
        }
        let Some(other) = self.other().filter(|other| other.row.id != scene.row.id) else {
            if !self.candidates.is_empty() {
                let case = scene.row.id;
                return Composed::Missing(format!(
                    "None of these is of the same people as {case}: choose one by its digit."
                ));
            }
            self.type_number();
            return Composed::Missing("No case looks like it: type the other one's number.".into());
        };
        let (other, keeps) = (other.row.id, self.keeps(scene));
        Composed::Acts(vec![CaseAct::Merge { other, keeps, reason: self.reason.text() }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        kept("reason", self.reason.text()).into_iter().collect()
    }

    fn focus(&self) -> &'static str {
        match self.focus {
            Focus::Pick => "pick",
            Focus::Number => "number",
            Focus::Reason => "reason",
        }
    }

    fn restore(&mut self, field: &str, text: &str) {
        if field == "reason" {
            self.reason.set(text);
        }
    }

    fn picks_by_key(&self) -> bool {
        true
    }

    fn restore_focus(&mut self, _field: &str) {}

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        if self.focus == Focus::Number {
            picture.field("number", &self.number, true, cells, 1);
        }
        let first = self.chosen.unwrap_or(0).saturating_sub(SHOWN_MAX - 1);
        let top = picture.rows.len();
        for (at, candidate) in self.candidates.iter().enumerate().skip(first).take(SHOWN_MAX) {
            let is_chosen = Some(at) == self.chosen;
            let marker = if is_chosen { '>' } else { ' ' };
            let label = if at == first { "with" } else { "" };
            if (is_chosen || self.chosen.is_none() && at == first) && self.focus == Focus::Pick {
                picture.cursor = (picture.rows.len(), 0);
            }
            let words = format!("{marker}{} {}", at + 1, line(candidate));
            picture.words(label, &words, cells, 1);
        }
        if self.candidates.is_empty() {
            let words = if self.asked.is_some() || self.naming.is_some() {
                "looking for cases like it"
            } else {
                "no case looks like it: type the other one's number"
            };
            picture.words("with", words, cells, 1);
            if self.focus == Focus::Pick {
                picture.cursor = (top, 0);
            }
        }
        if let Some(own) = &self.own {
            side(&scene.row, own, scene, cells, picture);
        }
        if let Some(other) = self.other() {
            side(&other.row, &other.facts, scene, cells, picture);
            picture.words("then", &then(scene, &other.row, self.keeps(scene)), cells, 2);
        }
        picture.field("reason", &self.reason, self.focus == Focus::Reason, cells, 1);
        let keys = format!("(digit another, {NAME} by number, {TURN} other way round, Tab reason)");
        picture.words("", &keys, cells, 1);
    }
}

/// `C-7 Mohammadi, Sara   same person, same subject   Rent subsidy late`.
fn line(candidate: &MergeCandidate) -> String {
    let CaseRow { id, subject, .. } = &candidate.row;
    let name: String = person(&candidate.row).chars().take(NAME_CHARACTERS).collect();
    format!("{id} {}   {}   {}", safe_line(&name), candidate.why, safe_line(subject))
}

fn person(row: &CaseRow) -> &str {
    match &row.person {
        RowPerson::Person(_, name) => name,
        RowPerson::Anonymous => "nobody named",
        RowPerson::From(source) => source,
        RowPerson::Hidden => RowPerson::HIDDEN,
    }
}

/// One of the two: `Mohammadi, Sara; Azadi 12  in 21 Aug, due -2d  work, you`, and what is asked.
fn side(row: &CaseRow, facts: &ComparedCase, scene: &Scene, cells: usize, picture: &mut Picture) {
    let owner = match &row.owner {
        Some((owner, _)) if *owner == scene.who.caseworker.id => "you".to_owned(),
        Some((_, name)) => name.to_string(),
        None => row.unit.to_string(),
    };
    let received = day(scene.zone.day(facts.received_at), scene.zone.day(scene.now));
    let due = row.due_at.map_or_else(
        || "no limit".to_owned(),
        |due| format!("due {}", due_in(due, scene.now, &scene.zone)),
    );
    let place = if facts.place.is_empty() { "no place" } else { &facts.place };
    let place: String = place.chars().take(PLACE_CHARACTERS).collect();
    let (person, stage) = (safe_line(person(row)), row.stage.label());
    let (place, owner) = (safe_line(&place), safe_line(&owner));
    let words = format!("{person}; {place}  in {received}, {due}  {stage}, {owner}");
    picture.words(&row.id.to_string(), &words, cells, 2);
    picture.words("", &said(&facts.asks), cells, 1);
}

fn said(asks: &str) -> String {
    if asks.trim().is_empty() { "nothing is written down".to_owned() } else { asks.to_owned() }
}

/// What is going to happen, in a line or two.
fn then(scene: &Scene, other: &CaseRow, keeps: Keeps) -> String {
    let this = &scene.row;
    let (merged, survivor) = match keeps {
        Keeps::Other => (this, other),
        Keeps::This => (other, this),
    };
    let hold = if merged.is_held && merged.stage.is_open() { "; its hold ends" } else { "" };
    format!(
        "{} goes into {}, which keeps its own clocks, and the earlier legal limit{hold}; both numbers lead there, {} parts them",
        merged.id,
        survivor.id,
        scene.key(Action::Undo)
    )
}
