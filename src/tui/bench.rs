//! A screen under test: keys go through the real keymap, a desk of the test answers, and what is drawn is read back as
//! text.

use ratatui::layout::{Position, Rect};
use std::collections::VecDeque;
use std::sync::Arc;

use crate::desk::{
    Answer, CaseRow, Command, DeskError, PresenceAnswer, Query, Receipt, RowPerson, WhoAnswer,
};
use crate::domain::cases::{Channel, Nature, Stage};
use crate::domain::office::{Caseworker, CaseworkerState, Office, PurposeRegister, Role, Unit};
use crate::domain::time::{Calendar, ClockKind, Day, Instant, OfficeHours, Tongue};
use crate::domain::{CaseId, CaseworkerId, PersonId, UnitId};
use crate::keymap::{Key, Keymap, Resolution, parse_sequence};

use super::look::Look;
use super::paint::Paper;
use super::{Context, Effect, Go, Handled, Screen, Shared, Sheet, Status, Ticket};

/// Whoever sits at the screen.
pub(super) const ME: CaseworkerId = CaseworkerId(1);
/// Whoever leads the unit.
pub(super) const BOSS: CaseworkerId = CaseworkerId(2);

/// What a test has behind the screen.
pub(super) trait TestDesk {
    /// Answers a question.
    fn answer(&mut self, query: Query) -> Result<Answer, DeskError>;

    /// Carries out a command.
    fn carry_out(&mut self, command: &Command) -> Result<Receipt, DeskError>;
}

/// A screen, and the desk of a test behind it.
pub(super) struct Bench<S, D> {
    pub(super) screen: S,
    pub(super) shared: Shared,
    pub(super) desk: D,
    pub(super) go: Option<Go>,
    pub(super) status: Option<Status>,
    /// Commands in the order in which they were carried out or refused.
    pub(super) commands: Vec<Command>,
    /// Whether questions and commands are left unanswered until [`Bench::settle`].
    pub(super) is_slow: bool,
    waiting: VecDeque<Effect>,
    ticket: Ticket,
}

impl<S: Screen, D: TestDesk> Bench<S, D> {
    /// The screen, opened.
    pub(super) fn at(screen: S, shared: Shared, desk: D) -> Self {
        let mut bench = Self {
            screen,
            shared,
            desk,
            go: None,
            status: None,
            commands: Vec::new(),
            is_slow: false,
            waiting: VecDeque::new(),
            ticket: Ticket::default(),
        };
        bench.handle(S::load);
        bench
    }

    /// Presses the keys, written as in a keymap with spaces between them; a word of several letters is typed.
    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for word in keys.split(' ') {
            match parse_sequence(word) {
                Ok(sequence) => sequence.into_iter().for_each(|key| self.press(key)),
                Err(_) => {
                    self.types(word);
                }
            }
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
        self.handle(|screen, context| match resolution {
            Resolution::Action(action) => {
                screen.act(action, key, context);
            }
            Resolution::Pending(_) | Resolution::Unbound => {
                assert_eq!(screen.key(key, context), Handled::Yes, "{key}");
            }
        });
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.handle(|screen, context| screen.paste(text, context));
    }

    /// So many seconds pass, each with its tick.
    pub(super) fn seconds(&mut self, seconds: i64) -> &mut Self {
        for _ in 0..seconds {
            let now = self.shared.now.milliseconds() + 1_000;
            self.shared.now = Instant::from_milliseconds(now);
            self.handle(S::tick);
        }
        self
    }

    pub(super) fn handle(&mut self, run: impl FnOnce(&mut S, &mut Context<'_>)) {
        let mut context = Context::new(&self.shared, &mut self.ticket);
        run(&mut self.screen, &mut context);
        let Context { effects, go, status, .. } = context;
        self.waiting.extend(effects);
        self.go = go.or(self.go.take());
        self.status = status.or(self.status.take());
        if !self.is_slow {
            self.settle();
        }
    }

    /// Answers everything that waits, and what is asked because of it, in its order.
    pub(super) fn settle(&mut self) {
        while !self.waiting.is_empty() {
            self.answer_oldest();
        }
    }

    /// Answers the oldest question alone; the others stay unanswered where the desk is slow.
    pub(super) fn answer_oldest(&mut self) {
        match self.waiting.pop_front() {
            Some(Effect::Ask(ticket, query)) => {
                let answer = self.desk.answer(query);
                self.handle(|screen, context| screen.answered(ticket, answer, context));
            }
            Some(Effect::Execute(ticket, command)) => {
                let receipt = self.desk.carry_out(&command);
                self.commands.push(*command);
                self.handle(|screen, context| screen.executed(ticket, &receipt, context));
            }
            Some(Effect::Quit | Effect::Bell | Effect::Redraw) | None => {}
        }
    }

    /// The screen's rows and its cursor.
    pub(super) fn drawn(&self, width: u16, height: u16) -> (Vec<String>, Position) {
        let area = Rect::new(0, 0, width, height);
        let mut sheet = Sheet::new(area);
        let cursor =
            self.screen.draw(&self.shared, area, &mut Paper::new(&mut sheet, self.shared.look));
        let buffer = sheet.buffer();
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

    /// Draws at every size that a terminal may have while it is resized.
    pub(super) fn assert_draws_at_every_size(&self) {
        for width in [0, 1, 2, 3, 7, 20, 40, 79, 80, 109, 110, 160] {
            for height in [0, 1, 2, 3, 5, 9, 14, 22, 50] {
                let (_, position) = self.drawn(width, height);
                assert!(
                    position.x < width.max(1) && position.y < height.max(1),
                    "{width}x{height}"
                );
            }
        }
    }

    pub(super) fn refused(&self) -> &str {
        match &self.status {
            Some(Status::Refused(words)) => words,
            _ => "",
        }
    }
}

pub(super) fn day(year: i16, month: i8, day: i8) -> Day {
    Day::from_parts(year, month, day).unwrap()
}

/// Leila Karimi of Housing at the screen, at 9:14 on a day of a zone, with the default keys.
pub(super) fn shared(zone: &str, on: Day) -> Shared {
    let hours = OfficeHours::weekdays(zone);
    let calendar = Calendar::from(&hours);
    let zone = calendar.zone();
    let now = zone.instant(on, 9, 14);
    let who = WhoAnswer {
        caseworker: Caseworker {
            id: ME,
            version: 1,
            account: "karimi".to_owned(),
            name: "Leila Karimi".to_owned(),
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
            manager: Some(BOSS),
            substitute: None,
        },
        roles: vec![Role::Caseworker],
        rights: Vec::new(),
        office: Office {
            version: 1,
            name: "Town".to_owned(),
            calendar: hours,
            currency: "NOK".to_owned(),
            is_made: true,
        },
        at: now,
        calendar,
    };
    let purposes = PurposeRegister::default().in_force(on).into_iter().cloned().collect();
    let presence = PresenceAnswer { purposes, ..PresenceAnswer::default() };
    Shared {
        who,
        zone,
        now,
        keymap: Arc::new(Keymap::load("default", None).0),
        size: (80, 24),
        charts: crate::tui::Charts::Ascii,
        look: Look::default(),
        presence,
        tongues: Tongue::ALL.to_vec(),
        also: None,
        is_rested: true,
        others: None,
    }
}

/// A claimed complaint of Sara Mohammadi's, by telephone.
pub(super) fn case_row(id: u64, due_at: Instant) -> CaseRow {
    CaseRow {
        id: CaseId(id),
        version: 3,
        due_at: Some(due_at),
        due_kind: Some(ClockKind::Decide),
        nature: Nature::Complaint,
        subject: "Rent subsidy late".into(),
        person: RowPerson::Person(PersonId(4_711), "Mohammadi, Sara".into()),
        stage: Stage::Claimed,
        channel: Channel::Telephone,
        owner: None,
        unit: "Housing".into(),
        is_held: false,
        is_escalated: false,
        is_answered: false,
        has_draft: false,
        has_mail: false,
        closed_at: None,
        alike: 0,
        has_promise: false,
        subject_code: None,
        worked_stage: crate::domain::rules::Labels::default(),
    }
}
