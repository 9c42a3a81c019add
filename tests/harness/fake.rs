//! A desk of canned answers: lists of made rows, and whatever receipt a test wants next.

use std::sync::Mutex;

use casedesk::desk::{
    Anchor, Answer, AskCases, BoardAnswer, CaseIdsAnswer, CasePreviewAnswer, CaseRow, CasesAnswer,
    ClockLine, Command, Desk, DeskError, Feed, OverdueAnswer, Query, Receipt, Request, RowPerson,
    Undoable, View, ViewKind, WhoAnswer, WhyAnswer, WhySection, WhyTopic,
};
use casedesk::domain::cases::{Channel, Nature, Stage};
use casedesk::domain::office::{Caseworker, CaseworkerState, Office, Role, Unit};
use casedesk::domain::time::{Calendar, ClockKind, Day, Instant, OfficeHours, Zone};
use casedesk::domain::{CaseId, CaseworkerId, EntityId, PersonId, UnitId};

/// A desk whose lists and receipts a test sets.
pub(crate) struct FakeDesk {
    state: Mutex<State>,
}

struct State {
    lists: Vec<(ViewKind, Vec<CaseRow>)>,
    board: BoardAnswer,
    receipts: Vec<Result<Receipt, DeskError>>,
    commands: Vec<Command>,
    queries: Vec<Query>,
    units: Vec<(Unit, u64, u64)>,
}

impl FakeDesk {
    /// A desk of the unit Housing on Friday 21 August 2026, 08:02, with L. Karimi at it and nothing to do.
    pub(crate) fn new() -> Self {
        let unit = unit(1, "Housing");
        let board = BoardAnswer {
            unit: unit.clone(),
            views: Vec::new(),
            unrouted: 0,
            drafts: 0,
            escalations_unseen: 0,
            answers: Vec::new(),
            messages_failed: 0,
            undo: None,
            at: now(),
            duplicates: 0,
            letters_returned: 0,
            messages_waiting: 0,
            calls: Vec::new(),
            promises_late: 0,
            since: None,
            uncovered: Vec::new(),
            flow: Vec::new(),
            steps: Vec::new(),
            zone: None,
        };
        let state = State {
            lists: Vec::new(),
            board,
            receipts: Vec::new(),
            commands: Vec::new(),
            queries: Vec::new(),
            units: vec![(unit, 3, 31), (self::unit(2, "Roads"), 14, 40)],
        };
        Self { state: Mutex::new(state) }
    }

    /// With these rows in a list.
    pub(crate) fn with_rows(self, kind: ViewKind, rows: Vec<CaseRow>) -> Self {
        self.set_rows(kind, rows);
        self
    }

    /// Puts these rows into a list from now on.
    pub(crate) fn set_rows(&self, kind: ViewKind, rows: Vec<CaseRow>) {
        let mut state = self.state.lock().unwrap();
        state.lists.retain(|(known, _)| *known != kind);
        state.lists.push((kind, rows));
    }

    /// Changes what the strip says besides the counts.
    pub(crate) fn set_board(&self, change: impl FnOnce(&mut BoardAnswer)) {
        change(&mut self.state.lock().unwrap().board);
    }

    /// Answers the next command with a receipt of this label, about this record.
    pub(crate) fn will_do(&self, label: &str, subject: Option<EntityId>, undo: Undoable) {
        let label = label.to_owned();
        let receipt = Receipt {
            sequence: 1,
            label,
            created: Vec::new(),
            subject,
            undo,
            disclosed: None,
            rows: Vec::new(),
            text: None,
        };
        self.state.lock().unwrap().receipts.push(Ok(receipt));
    }

    /// Answers the next command with this error.
    pub(crate) fn will_refuse(&self, error: DeskError) {
        self.state.lock().unwrap().receipts.push(Err(error));
    }

    /// What it was told to do so far.
    pub(crate) fn commands(&self) -> Vec<Command> {
        self.state.lock().unwrap().commands.clone()
    }

    /// How often rows were asked for so far.
    pub(crate) fn row_questions(&self) -> usize {
        let state = self.state.lock().unwrap();
        state.queries.iter().filter(|query| matches!(query, Query::Cases(_))).count()
    }

    /// How often a preview was asked for so far.
    pub(crate) fn preview_questions(&self) -> usize {
        let state = self.state.lock().unwrap();
        state.queries.iter().filter(|query| matches!(query, Query::CasePreview(_))).count()
    }
}

impl Desk for FakeDesk {
    fn execute(&self, request: Request) -> Result<Receipt, DeskError> {
        // That somebody is here, what they are typing and where they are is kept beside whatever a test is about.
        if matches!(
            request.command,
            Command::NoteHere
                | Command::SaveDraft(_)
                | Command::DropDraft(_)
                | Command::KeepPlace(_)
        ) {
            return Ok(noted());
        }
        let mut state = self.state.lock().unwrap();
        state.commands.push(request.command);
        assert!(!state.receipts.is_empty(), "no receipt was prepared: {:?}", state.commands.last());
        state.receipts.remove(0)
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a new question is one that the fake has no answer to"
    )]
    fn query(&self, query: Query) -> Result<Answer, DeskError> {
        let mut state = self.state.lock().unwrap();
        state.queries.push(query.clone());
        Ok(match query {
            Query::Who(_) => Answer::Who(Box::new(who())),
            Query::Board(ask) => {
                let mut board = state.board.clone();
                let count = |kind: ViewKind| (View { kind, unit: ask.unit }, state.count(kind));
                board.views = ViewKind::BOARD.into_iter().map(count).collect();
                if let Some((unit, _, _)) =
                    state.units.iter().find(|(unit, _, _)| unit.id == ask.unit)
                {
                    board.unit = unit.clone();
                }
                Answer::Board(Box::new(board))
            }
            Query::Cases(ask) => Answer::Cases(Box::new(state.cases(&ask))),
            Query::CaseIds(ask) => {
                let rows = state.rows(ask.view.kind);
                let ids = rows.iter().take(ask.most as usize).map(|row| row.id).collect();
                Answer::CaseIds(Box::new(CaseIdsAnswer {
                    ids,
                    total: rows.len() as u64,
                    is_cut: false,
                }))
            }
            Query::CasePreview(ask) => {
                let rows = state.lists.iter().flat_map(|(_, rows)| rows);
                let row = rows.into_iter().find(|row| row.id == ask.case).cloned();
                // A case that left its list can be seen all the same; the fake has nothing more to say of it.
                let row = row.ok_or_else(|| DeskError::Broken("a fake".to_owned()))?;
                Answer::CasePreview(Box::new(preview(row)))
            }
            Query::Why(_) => Answer::Why(Box::new(WhyAnswer {
                sections: vec![WhySection::new(
                    WhyTopic::Due,
                    vec!["Answer within 10 working days of receipt: general@1/answer.".to_owned()],
                )],
                days: Vec::new(),
            })),
            Query::Presence(_) => Answer::Presence(Box::default()),
            Query::Overdue(_) => {
                let ages = state.units.iter().map(|(_, late, _)| [*late, 0, 0, 0, 0, 0]).collect();
                Answer::Overdue(Box::new(OverdueAnswer { units: state.units.clone(), ages }))
            }
            other => return Err(DeskError::Lost(format!("the fake has no answer to {other:?}"))),
        })
    }

    fn watch(&self) -> Feed {
        Feed::channel().1
    }
}

/// The receipt for what leaves nothing that anybody sees.
fn noted() -> Receipt {
    Receipt {
        sequence: 1,
        label: String::new(),
        created: Vec::new(),
        subject: None,
        undo: Undoable::Nothing,
        disclosed: None,
        rows: Vec::new(),
        text: None,
    }
}

impl State {
    fn rows(&self, kind: ViewKind) -> &[CaseRow] {
        let list = self.lists.iter().find(|(known, _)| *known == kind);
        list.map_or(&[], |(_, rows)| rows.as_slice())
    }

    fn count(&self, kind: ViewKind) -> u64 {
        self.rows(kind).len() as u64
    }

    fn cases(&self, ask: &AskCases) -> CasesAnswer {
        let rows = self.rows(ask.view.kind);
        let at = match ask.anchor {
            Anchor::First => 0,
            Anchor::Last => rows.len().saturating_sub(1),
            // Made rows lie in the order of their numbers.
            Anchor::Case(case) => rows.partition_point(|row| row.id < case),
        };
        let first = at.saturating_sub(ask.before as usize);
        let end = rows.len().min(at + ask.after as usize);
        CasesAnswer {
            rows: rows[first..end].to_vec(),
            first: first as u64,
            total: rows.len() as u64,
            of: rows.len() as u64,
            is_cut: false,
        }
    }
}

/// Friday 21 August 2026, 08:02 in Oslo.
pub(crate) fn now() -> Instant {
    Zone::named("Europe/Oslo").unwrap().instant(Day::from_parts(2026, 8, 21).unwrap(), 8, 2)
}

/// A case that is due so many days from now.
pub(crate) fn case_row(number: u64, due_in_days: i64) -> CaseRow {
    CaseRow {
        id: CaseId(number),
        version: 1,
        due_at: Some(now().plus_minutes(due_in_days * 24 * 60)),
        due_kind: Some(ClockKind::Decide),
        nature: Nature::Complaint,
        subject: "Rent subsidy late".into(),
        person: RowPerson::Person(PersonId(4711), "Mohammadi, Sara".into()),
        stage: Stage::InProgress,
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
        worked_stage: casedesk::domain::rules::Labels::default(),
    }
}

fn preview(row: CaseRow) -> CasePreviewAnswer {
    let due_at = row.due_at.unwrap();
    CasePreviewAnswer {
        asks: format!("July subsidy of {} not paid", row.id),
        last: None,
        next: "a decision, yours".to_owned(),
        clocks: vec![ClockLine {
            kind: ClockKind::Decide,
            due_at,
            state: "running".to_owned(),
            source: "general@1/decide".to_owned(),
        }],
        todo: vec![("income".to_owned(), true), ("lease".to_owned(), false)],
        place: "Azadi 12/3".to_owned(),
        row,
    }
}

fn unit(number: u64, name: &str) -> Unit {
    Unit {
        id: UnitId(number),
        version: 1,
        code: name.to_lowercase(),
        name: name.to_owned(),
        parent: None,
        manager: None,
        substitute: None,
    }
}

fn who() -> WhoAnswer {
    WhoAnswer {
        caseworker: Caseworker {
            id: CaseworkerId(1),
            version: 1,
            account: "karimi".to_owned(),
            name: "L. Karimi".to_owned(),
            unit: UnitId(1),
            grants: Vec::new(),
            state: CaseworkerState::Active,
        },
        unit: unit(1, "Housing"),
        roles: vec![Role::Caseworker],
        rights: Vec::new(),
        office: Office {
            version: 1,
            name: "Town of Example".to_owned(),
            calendar: OfficeHours::weekdays("Europe/Oslo"),
            currency: "NOK".to_owned(),
            is_made: false,
        },
        at: now(),
        calendar: Calendar::weekdays("Europe/Oslo"),
    }
}
