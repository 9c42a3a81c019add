//! A screen under test: keys go through the real keymap, answers are handed in, and what is drawn is read back as text.

use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::desk::{
    Answer, CaseRow, Command, DeskError, Draft, FindAnswer, FindHit, KinLine, PersonFileAnswer,
    Query, Receipt, RowPerson, SimilarAnswer, SubjectsAnswer, Undoable, WhoAnswer,
};
use crate::domain::cases::{Channel, Nature, Stage};
use crate::domain::knowledge::Subject;
use crate::domain::office::{Caseworker, CaseworkerState, Office, Unit};
use crate::domain::people::PersonState;
use crate::domain::time::{Calendar, ClockKind, Day, Zone};
use crate::domain::{CaseId, CaseworkerId, EntityId, HouseholdId, PersonId, SubjectCode, UnitId};
use crate::keymap::{Key, Keymap, Resolution, parse_sequence};
use crate::tui::{Context, Effect, Go, Handled, Screen, Shared, Status, Ticket};

/// What the desk of a test answers, and a screen in front of it.
pub(in crate::tui) struct Bench<S> {
    pub(in crate::tui) screen: S,
    pub(in crate::tui) shared: Shared,
    pub(in crate::tui) go: Option<Go>,
    pub(in crate::tui) status: Option<Status>,
    pub(in crate::tui) commands: Vec<Command>,
    pub(in crate::tui) draft: Option<Draft>,
    pub(in crate::tui) similar: SimilarAnswer,
    /// Whether questions and commands are left unanswered for now.
    pub(in crate::tui) is_slow: bool,
    waiting: VecDeque<Effect>,
    ticket: Ticket,
}

impl<S: Screen> Bench<S> {
    pub(in crate::tui) fn open(screen: S) -> Self {
        Self::with_draft(screen, None)
    }

    pub(in crate::tui) fn with_draft(screen: S, draft: Option<Draft>) -> Self {
        let mut bench = Self {
            screen,
            shared: shared(),
            go: None,
            status: None,
            commands: Vec::new(),
            draft,
            similar: SimilarAnswer {
                cases: Vec::new(),
                answer_by: None,
                answer_source: String::new(),
            },
            is_slow: false,
            waiting: VecDeque::new(),
            ticket: Ticket(0),
        };
        bench.handle(|screen, context| screen.load(context));
        bench
    }

    /// Presses the keys, written as in a keymap with spaces between them; a word of several letters is typed.
    pub(in crate::tui) fn keys(&mut self, keys: &str) {
        for word in keys.split(' ') {
            match parse_sequence(word) {
                Ok(sequence) => sequence.into_iter().for_each(|key| self.press(key)),
                Err(_) => self.type_text(word),
            }
        }
    }

    pub(in crate::tui) fn type_text(&mut self, words: &str) {
        for letter in words.chars() {
            self.press(Key::char(letter));
        }
    }

    pub(in crate::tui) fn press(&mut self, key: Key) {
        let resolution = self.shared.keymap.resolve(self.screen.keys(), &[], key);
        self.handle(|screen, context| match resolution {
            Resolution::Action(action) => {
                screen.act(action, key, context);
            }
            Resolution::Pending(_) | Resolution::Unbound => {
                assert_eq!(screen.key(key, context), Handled::Yes, "{key}");
            }
        });
    }

    /// So many seconds pass, each with its tick.
    pub(in crate::tui) fn seconds(&mut self, seconds: i64) {
        for _ in 0..seconds {
            let now = self.shared.now.milliseconds() + 1_000;
            self.shared.now = crate::domain::time::Instant::from_milliseconds(now);
            self.handle(|screen, context| screen.tick(context));
        }
    }

    pub(in crate::tui) fn handle(&mut self, run: impl FnOnce(&mut S, &mut Context<'_>)) {
        let mut context = Context {
            shared: &self.shared,
            next_ticket: &mut self.ticket,
            effects: Vec::new(),
            go: None,
            status: None,
        };
        run(&mut self.screen, &mut context);
        let Context { effects, go, status, .. } = context;
        self.waiting.extend(effects);
        self.go = go.or(self.go.take());
        self.status = status.or(self.status.take());
        if !self.is_slow {
            self.answer_all();
        }
    }

    /// Answers everything that was asked, in its order.
    pub(in crate::tui) fn answer_all(&mut self) {
        while let Some(effect) = self.waiting.pop_front() {
            self.answer(effect);
        }
    }

    /// Answers the newest question alone; the older ones stay unanswered.
    pub(in crate::tui) fn answer_oldest(&mut self) {
        if let Some(effect) = self.waiting.pop_front() {
            self.answer(effect);
        }
    }

    fn answer(&mut self, effect: Effect) {
        match effect {
            Effect::Ask(ticket, query) => {
                let answer = self.answer_to(query);
                self.handle(|screen, context| screen.answered(ticket, answer, context));
            }
            Effect::Execute(ticket, command) => {
                let receipt = Ok(receipt_of(&command));
                self.commands.push(*command);
                self.handle(|screen, context| screen.executed(ticket, &receipt, context));
            }
            Effect::Quit => {}
        }
    }

    fn answer_to(&self, query: Query) -> Result<Answer, DeskError> {
        match query {
            Query::Find(ask) => Ok(Answer::Find(Box::new(found(&ask.text, ask.limit)))),
            Query::PersonFile(ask) => Ok(Answer::PersonFile(Box::new(file(ask.person)))),
            Query::Subjects(ask) => Ok(Answer::Subjects(Box::new(subjects(&ask.text)))),
            Query::Similar(_) => Ok(Answer::Similar(Box::new(self.similar.clone()))),
            Query::Draft(_) => Ok(Answer::Draft(Box::new(self.draft.clone()))),
            other => Err(DeskError::NotFound(format!("{other:?}"))),
        }
    }

    pub(in crate::tui) fn draw(&self, width: u16, height: u16) -> (Vec<String>, Position) {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        let position = self.screen.draw(&self.shared, area, &mut buffer);
        let lines = (0..height)
            .map(|y| {
                let line: String = (0..width).map(|x| buffer[(x, y)].symbol()).collect();
                line.trim_end().to_owned()
            })
            .collect();
        (lines, position)
    }

    pub(in crate::tui) fn text(&self) -> String {
        self.draw(80, 22).0.join("\n")
    }

    /// Draws at every size that a terminal may have while it is resized.
    pub(in crate::tui) fn assert_draws_at_every_size(&self) {
        for width in [0, 1, 2, 3, 7, 20, 40, 79, 80, 109, 110, 160] {
            for height in [0, 1, 2, 3, 5, 9, 14, 22, 50] {
                let (_, position) = self.draw(width, height);
                assert!(
                    position.x < width.max(1) && position.y < height.max(1),
                    "{width}x{height}"
                );
            }
        }
    }

    pub(in crate::tui) fn refused(&self) -> &str {
        match &self.status {
            Some(Status::Refused(words)) => words,
            _ => "",
        }
    }
}

pub(in crate::tui) fn day(year: i16, month: i8, day: i8) -> Day {
    Day::from_parts(year, month, day).unwrap()
}

fn shared() -> Shared {
    let zone = Zone::utc();
    let now = zone.instant(day(2026, 8, 21), 9, 14);
    let who = WhoAnswer {
        caseworker: Caseworker {
            id: CaseworkerId(1),
            version: 1,
            account: "karimi".to_owned(),
            name: "L. Karimi".to_owned(),
            unit: UnitId(1),
            grants: Vec::new(),
            state: CaseworkerState::Active,
        },
        unit: Unit {
            id: UnitId(1),
            version: 1,
            code: "housing".to_owned(),
            name: "Housing".to_owned(),
            parent: None,
            manager: None,
            substitute: None,
        },
        roles: Vec::new(),
        office: Office {
            version: 1,
            name: "Office".to_owned(),
            calendar: Calendar::weekdays("UTC"),
            currency: "NOK".to_owned(),
            is_made: true,
        },
        at: now,
    };
    let keymap = Keymap::load("default", None).0;
    Shared { who, zone, now, keymap, size: (80, 24) }
}

fn receipt_of(command: &Command) -> Receipt {
    let created = match command {
        Command::RegisterPerson(_) => vec![EntityId::Person(PersonId(90_001))],
        Command::RegisterCase(_) => vec![EntityId::Case(CaseId(21_100))],
        _ => Vec::new(),
    };
    let disclosed = match command {
        Command::RevealPerson { person, .. } => Some(crate::desk::Disclosure {
            person: *person,
            fields: vec![("telephone".to_owned(), "+98 912 555 4411".to_owned())],
        }),
        _ => None,
    };
    Receipt {
        sequence: 1,
        label: "Done.".to_owned(),
        created,
        subject: None,
        undo: Undoable::Nothing,
        disclosed,
        rows: Vec::new(),
    }
}

fn found(text: &str, limit: u32) -> FindAnswer {
    let names = ["Mohammadi, Sara", "Mohammadi, Zara", "Mohammadi, Reza"];
    let hit = |(place, name): (usize, &&str)| FindHit {
        person: Some(PersonId(4_711 + u64::try_from(place).unwrap())),
        name: (*name).to_owned(),
        marked: vec![0, 1, 2, 11],
        born: "1986-03-02".to_owned(),
        area: "Azadi, W7".to_owned(),
        open_cases: 3,
        due_at: None,
        why: "1 off, year".to_owned(),
        evidence: "mohamedi = Mohammadi (m, a for e)   1986 = year".to_owned(),
        household: "Reza (husband), Nika 6".to_owned(),
        last_contact: None,
        case: None,
    };
    let is_case = text.trim() == "c-20931";
    let hits: Vec<FindHit> = match text.trim() {
        "nobody" => Vec::new(),
        _ if is_case => {
            let mut hit = hit((0, &names[0]));
            hit.case = Some(case_row(20_931));
            vec![hit]
        }
        _ => names.iter().enumerate().map(hit).take(usize::try_from(limit).unwrap()).collect(),
    };
    FindAnswer {
        text: text.to_owned(),
        matched: if hits.is_empty() { 0 } else { 31 },
        hits,
        people: 500_000,
        understood: "names sara, mohamedi   born 1986".to_owned(),
    }
}

fn subjects(text: &str) -> SubjectsAnswer {
    let known = [
        ("RENT-2", "rent subsidy, late or missing"),
        ("RENT-1", "rent subsidy, apply"),
        ("PARK-4", "rental parking place"),
    ];
    let subjects = known
        .iter()
        .filter(|(code, label)| format!("{code} {label}").to_lowercase().contains(text))
        .map(|(code, label)| Subject {
            code: SubjectCode((*code).to_owned()),
            version: 1,
            label: (*label).to_owned(),
            synonyms: Vec::new(),
            parent: None,
            is_retired: false,
        })
        .collect();
    SubjectsAnswer { subjects }
}

pub(in crate::tui) fn case_row(id: u64) -> CaseRow {
    CaseRow {
        id: CaseId(id),
        version: 3,
        due_at: Some(Zone::utc().instant(day(2026, 8, 19), 16, 0)),
        due_kind: Some(ClockKind::Decide),
        nature: Nature::Complaint,
        subject: "Rent subsidy late".to_owned(),
        person: RowPerson::Person(PersonId(4_711), "Mohammadi, Sara".to_owned()),
        stage: Stage::Claimed,
        channel: Channel::Telephone,
        owner: None,
        unit: "Housing".to_owned(),
        is_held: false,
        is_escalated: false,
        is_answered: false,
        has_draft: false,
        has_mail: false,
        closed_at: None,
    }
}

/// A file with three kin, three open cases and a past one.
pub(in crate::tui) fn file(person: PersonId) -> PersonFileAnswer {
    let kin = [
        ("husband", "Mohammadi, Reza"),
        ("daughter", "Mohammadi, Nika"),
        ("mother", "Ahmadi, Zahra"),
    ];
    let kin = kin.iter().enumerate().map(|(place, (relation, name))| KinLine {
        person: PersonId(5_001 + u64::try_from(place).unwrap()),
        relation: (*relation).to_owned(),
        name: (*name).to_owned(),
        born: Some(1984),
        age: None,
        open_cases: 1,
        is_household: true,
    });
    let mut past = case_row(19_402);
    past.stage = Stage::Closed;
    past.closed_at = past.due_at;
    PersonFileAnswer {
        person,
        version: 7,
        name: "Mohammadi, Sara".to_owned(),
        other_names: Vec::new(),
        state: PersonState::Provisional,
        born: Some("1986-03-02".to_owned()),
        age: Some(40),
        form_of_address: "Mrs".to_owned(),
        languages: vec!["fa".to_owned()],
        preferred_channel: Some(Channel::Sms),
        fields: vec![crate::desk::FieldLine {
            field: "born".to_owned(),
            value: "1986-03-02".to_owned(),
            source: "identity card".to_owned(),
            on: day(2026, 8, 11),
            is_verified: true,
        }],
        contact_points: vec![crate::desk::ContactPointLine {
            index: 0,
            kind: crate::domain::people::ContactPointKind::Telephone,
            value: "+98 912 ***4411".to_owned(),
            state: crate::domain::people::ContactPointState::Unverified,
            is_primary: true,
            on: day(2026, 8, 11),
        }],
        address: "Azadi 12/3, W7".to_owned(),
        area: "W7".to_owned(),
        needs: Vec::new(),
        household: Some(HouseholdId(1_190)),
        kin: kin.collect(),
        cases: vec![case_row(20_931), case_row(21_007), case_row(21_044), past],
        cases_open: 3,
        cases_total: 11,
        services: vec![crate::desk::ServiceLine {
            on: day(2026, 6, 1),
            service: "rent subsidy".to_owned(),
            amount: Some(crate::domain::money::Money {
                minor: 420_000_000,
                currency: "NOK".to_owned(),
            }),
            quantity: None,
            case: Some(CaseId(19_870)),
            recipient: None,
        }],
        services_year: vec![crate::domain::money::Money {
            minor: 840_000_000,
            currency: "NOK".to_owned(),
        }],
        contacts: vec![crate::desk::ContactLine {
            at: Zone::utc().instant(day(2026, 8, 20), 9, 0),
            channel: Channel::Letter,
            direction: "in".to_owned(),
            handler: "registry".to_owned(),
            summary: "lease sent again \u{1b}]0;x".to_owned(),
            case: Some(CaseId(20_931)),
        }],
        contacts_total: 14,
        next: vec!["Mon decision C-21007 (Hansen)".to_owned()],
        notes: vec![(
            Zone::utc().instant(day(2026, 7, 30), 9, 0),
            "Rahimi".to_owned(),
            "mornings best".to_owned(),
        )],
        last_handler: None,
        origin: None,
    }
}
