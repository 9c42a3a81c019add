//! A case screen with a desk that answers what the test has put there.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, CaseFileAnswer, CaseRow, ClockLine, Command, DeskError, Disclosure, Draft,
    EscalationTarget, EscalationTargetsAnswer, GiveTargetsAnswer, PartyLine, Query, Receipt,
    RowPerson, SubjectsAnswer, TimelineEntry, Undoable, WhoAnswer, WhyAnswer,
};
use crate::domain::cases::{
    Case, CaseAct, CaseOrigin, CasePlace, Channel, EscalationLevel, GiveTo, Nature, Party,
    PartyRole, RoleOnCase, SameCheck, SameChoice, Stage, TypeVersion, clocks_for, outcomes,
    tasks_for,
};
use crate::domain::knowledge::Subject;
use crate::domain::office::{
    Caseworker, CaseworkerState, Confidentiality, Office, Purpose, Role, Unit,
};
use crate::domain::time::{Calendar, Day, Instant};
use crate::domain::{CaseId, CaseworkerId, PersonId, QueueId, Refusal, SubjectCode, Ulid, UnitId};
use crate::keymap::{Key, Keymap, Resolution, parse_sequence};
use crate::tui::screen::{Context, Effect, Go, Screen, Shared, Status, Ticket};

use super::CaseScreen;

/// Whoever sits at the screen.
pub(super) const ME: CaseworkerId = CaseworkerId(1);
/// Whoever leads the unit.
pub(super) const BOSS: CaseworkerId = CaseworkerId(2);

pub(super) struct Bench {
    pub(super) screen: CaseScreen,
    pub(super) shared: Shared,
    next: Ticket,
    /// What the desk shows.
    pub(super) file: CaseFileAnswer,
    pub(super) draft: Option<Draft>,
    pub(super) targets: Vec<(GiveTo, String, String)>,
    pub(super) subjects: Vec<Subject>,
    /// Why the next act is refused.
    pub(super) refusal: Option<DeskError>,
    /// Whether answers and receipts wait for [`Bench::settle`].
    pub(super) is_slow: bool,
    waiting: Vec<Effect>,
    /// Commands in the order in which they were carried out or refused.
    pub(super) commands: Vec<Command>,
    pub(super) went: Option<Go>,
    pub(super) said: Option<Status>,
}

impl Bench {
    /// A claimed complaint, opened.
    pub(super) fn open() -> Self {
        Self::with(|_| {})
    }

    /// The same, changed before it is opened.
    pub(super) fn with(change: impl FnOnce(&mut CaseFileAnswer)) -> Self {
        let shared = shared();
        let mut file = file(&shared);
        change(&mut file);
        let mut bench = Self {
            screen: CaseScreen::new(file.case.id),
            shared,
            next: Ticket::default(),
            file,
            draft: None,
            targets: Vec::new(),
            subjects: Vec::new(),
            refusal: None,
            is_slow: false,
            waiting: Vec::new(),
            commands: Vec::new(),
            went: None,
            said: None,
        };
        bench.with_context(Screen::load);
        bench
    }

    /// Presses keys, written as in a keymap with spaces between them.
    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in parse_sequence(keys).unwrap() {
            self.press(key);
        }
        self
    }

    /// Types a text letter by letter.
    pub(super) fn types(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.press(Key::char(letter));
        }
        self
    }

    fn press(&mut self, key: Key) {
        let resolution = self.shared.keymap.resolve(self.screen.keys(), &[], key);
        self.with_context(|screen, context| match resolution {
            Resolution::Action(action) => {
                screen.act(action, key, context);
            }
            Resolution::Unbound => {
                screen.key(key, context);
            }
            Resolution::Pending(_) => {}
        });
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.with_context(|screen, context| screen.paste(text, context));
    }

    /// Lets seconds pass, one at a time.
    pub(super) fn seconds(&mut self, seconds: i64) -> &mut Self {
        for _ in 0..seconds {
            let now = self.shared.now.milliseconds() + 1_000;
            self.shared.now = Instant::from_milliseconds(now);
            self.with_context(Screen::tick);
        }
        self
    }

    pub(super) fn with_context(&mut self, act: impl FnOnce(&mut CaseScreen, &mut Context<'_>)) {
        let mut context = Context {
            shared: &self.shared,
            next_ticket: &mut self.next,
            effects: Vec::new(),
            go: None,
            status: None,
        };
        act(&mut self.screen, &mut context);
        let Context { effects, go, status, .. } = context;
        self.went = go.or(self.went.take());
        self.said = status.or(self.said.take());
        self.waiting.extend(effects);
        if !self.is_slow {
            self.settle();
        }
    }

    /// Answers everything that waits, and what is asked because of it.
    pub(super) fn settle(&mut self) {
        let was_slow = std::mem::replace(&mut self.is_slow, true);
        while !self.waiting.is_empty() {
            match self.waiting.remove(0) {
                Effect::Ask(ticket, query) => {
                    let answer = self.answer(&query);
                    self.with_context(|screen, context| screen.answered(ticket, answer, context));
                }
                Effect::Execute(ticket, command) => {
                    let receipt = self.carry_out(&command);
                    self.commands.push(command);
                    self.with_context(|screen, context| screen.executed(ticket, &receipt, context));
                }
                Effect::Quit => {}
            }
        }
        self.is_slow = was_slow;
    }

    fn carry_out(&mut self, command: &Command) -> Result<Receipt, DeskError> {
        match command {
            Command::SaveDraft(draft) => self.draft = Some(draft.clone()),
            Command::DropDraft(_) => self.draft = None,
            Command::Case { .. } => {
                if let Some(error) = self.refusal.take() {
                    return Err(error);
                }
                self.file.row.version += 1;
                self.file.case.version += 1;
            }
            _ => {}
        }
        let disclosed = match command {
            Command::RevealPerson { person, .. } => Some(Disclosure {
                person: *person,
                fields: vec![("telephone".to_owned(), "+98 912 000 4411".to_owned())],
            }),
            _ => None,
        };
        let label = String::new();
        let undo = Undoable::Yes;
        let (created, rows) = (Vec::new(), Vec::new());
        Ok(Receipt { sequence: 1, label, created, subject: None, undo, disclosed, rows })
    }

    fn answer(&self, query: &Query) -> Result<Answer, DeskError> {
        Ok(match query {
            Query::CaseFile(_) => Answer::CaseFile(Box::new(self.file.clone())),
            Query::Draft(asked) => {
                let draft = self.draft.clone().filter(|draft| draft.key == asked.key);
                Answer::Draft(Box::new(draft))
            }
            Query::EscalationTargets(_) => Answer::EscalationTargets(Box::new(targets(self))),
            Query::GiveTargets(asked) => {
                let mut targets = self.targets.clone();
                targets.retain(|(_, name, _)| name.to_lowercase().starts_with(&asked.text));
                Answer::GiveTargets(Box::new(GiveTargetsAnswer { targets }))
            }
            Query::Subjects(_) => {
                Answer::Subjects(Box::new(SubjectsAnswer { subjects: self.subjects.clone() }))
            }
            Query::Why(_) => Answer::Why(Box::new(WhyAnswer {
                lines: vec!["decide: 20 working days from 2026-11-02".to_owned()],
            })),
            other => return Err(DeskError::Lost(format!("{other:?}"))),
        })
    }

    /// The acts on the case so far, drafts and openings left out.
    pub(super) fn acts(&self) -> Vec<CaseAct> {
        self.commands
            .iter()
            .filter_map(|command| match command {
                Command::Case { act, .. } => Some(act.clone()),
                _ => None,
            })
            .collect()
    }

    /// The screen's rows and its cursor.
    pub(super) fn drawn(&self, width: u16, height: u16) -> (Vec<String>, Position) {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        let cursor = self.screen.draw(&self.shared, area, &mut buffer);
        let rows = (0..height)
            .map(|y| {
                let row: String = (0..width).map(|x| buffer[(x, y)].symbol()).collect();
                row.trim_end().to_owned()
            })
            .collect();
        (rows, cursor)
    }

    /// The screen at 79x22, as one text.
    pub(super) fn shown(&self) -> String {
        self.drawn(79, 22).0.join("\n")
    }
}

pub(super) fn refused(what: &str) -> DeskError {
    DeskError::Refused(Refusal::new("test", what, "Do something else."))
}

fn targets(bench: &Bench) -> EscalationTargetsAnswer {
    let line = |level, receiver, note: &str| EscalationTarget {
        level,
        receiver: Some(receiver),
        note: note.to_owned(),
    };
    EscalationTargetsAnswer {
        targets: vec![
            line(EscalationLevel::Colleague, (CaseworkerId(3), "Rahimi".to_owned()), ""),
            line(EscalationLevel::Supervisor, (BOSS, "Kaya".to_owned()), "Berg out, so M. Kaya"),
            line(EscalationLevel::Head, (CaseworkerId(4), "Holm".to_owned()), ""),
        ],
        due_at: bench.shared.now.plus_minutes(6 * 60),
    }
}

fn shared() -> Shared {
    let calendar = Calendar::weekdays("Europe/Oslo");
    let zone = calendar.zone();
    let now = zone.instant(Day::from_parts(2026, 11, 20).unwrap(), 9, 14);
    let unit = Unit {
        id: UnitId(1),
        version: 1,
        code: "housing".to_owned(),
        name: "Housing".to_owned(),
        parent: None,
        manager: Some(BOSS),
        substitute: None,
    };
    let caseworker = Caseworker {
        id: ME,
        version: 1,
        account: "karimi".to_owned(),
        name: "Leila Karimi".to_owned(),
        unit: unit.id,
        grants: Vec::new(),
        state: CaseworkerState::Active,
    };
    let office = Office {
        version: 1,
        name: "Town".to_owned(),
        calendar,
        currency: "NOK".to_owned(),
        is_made: true,
    };
    let who = WhoAnswer { caseworker, unit, roles: vec![Role::Caseworker], office, at: now };
    let (keymap, _) = Keymap::of_text("default", None);
    Shared { who, zone, now, keymap, size: (80, 24) }
}

fn file(shared: &Shared) -> CaseFileAnswer {
    let calendar = &shared.who.office.calendar;
    let received = Day::from_parts(2026, 11, 2).unwrap();
    let received_at = shared.zone.instant(received, 15, 47);
    let case = case(received, received_at, calendar);
    let clocks = case
        .clocks
        .iter()
        .map(|clock| ClockLine {
            kind: clock.kind,
            due_at: clock.due_at,
            state: "running".to_owned(),
            source: clock.explain(),
        })
        .collect();
    let row = CaseRow {
        id: case.id,
        version: case.version,
        due_at: case.clocks.get(1).map(|clock| clock.due_at),
        due_kind: case.clocks.get(1).map(|clock| clock.kind),
        nature: case.nature,
        subject: case.subject_label.clone(),
        person: RowPerson::Person(PersonId(4711), "Mohammadi, Sara".to_owned()),
        stage: case.stage,
        channel: case.channel,
        owner: Some((ME, "Karimi".to_owned())),
        unit: "Housing".to_owned(),
        is_held: false,
        is_escalated: false,
        is_answered: false,
        has_draft: false,
        has_mail: false,
        closed_at: None,
    };
    let party = PartyLine {
        person: PersonId(4711),
        name: "Mohammadi, Sara".to_owned(),
        role: "asked".to_owned(),
        reply: vec![(Channel::Sms, "+98 912 ***4411".to_owned()), (Channel::Letter, String::new())],
        form_of_address: "Mrs".to_owned(),
    };
    let outcomes = outcomes(case.nature);
    let timeline = (0..12).map(|ago| entry(ago, shared.now)).collect();
    CaseFileAnswer {
        case,
        row,
        parties: vec![party],
        clocks,
        timeline,
        timeline_total: 12,
        messages: Vec::new(),
        names: vec![(ME, "Karimi".to_owned()), (BOSS, "Kaya".to_owned())],
        queue: Some("Inbox".to_owned()),
        next: String::new(),
        outcomes,
        is_actors: true,
    }
}

fn entry(ago: u32, now: Instant) -> TimelineEntry {
    TimelineEntry {
        at: now.plus_minutes(-i64::from(ago) * 1_440),
        sequence: u64::from(100 - ago),
        kind: "note".to_owned(),
        who: "Karimi".to_owned(),
        words: format!("entry {ago}"),
        text: format!("whole text of entry {ago}"),
    }
}

fn case(received: Day, received_at: Instant, calendar: &Calendar) -> Case {
    let nature = Nature::Complaint;
    let party = Party::Person(PersonId(4711));
    Case {
        id: CaseId(20931),
        ulid: Ulid(1),
        version: 7,
        created_by: ME,
        created_at: received_at,
        confidentiality: Confidentiality::Internal,
        purpose: Purpose("casework".to_owned()),
        case_type: TypeVersion { code: "general".to_owned(), version: 1 },
        nature,
        subjects: vec![SubjectCode("RENT-2".to_owned())],
        subject_label: "Rent subsidy late".to_owned(),
        roles: vec![RoleOnCase { party, role: PartyRole::Initiator, from: received, to: None }],
        household: None,
        asks: "July subsidy not on her account".to_owned(),
        place: CasePlace::default(),
        channel: Channel::Telephone,
        registry_number: None,
        received_at,
        registered_at: received_at,
        stage: Stage::Claimed,
        unit: UnitId(1),
        queue: Some(QueueId(2)),
        owner: Some(ME),
        last_handler: Some(ME),
        clocks: clocks_for(nature, received, calendar),
        tasks: tasks_for(nature),
        hold: None,
        escalations: Vec::new(),
        messages: Vec::new(),
        contacts: Vec::new(),
        outcome: None,
        closed_at: None,
        reopened: 0,
        links: Vec::new(),
        origin: CaseOrigin::Registered,
        same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
    }
}
