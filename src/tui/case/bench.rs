//! A case screen with a desk that answers what the test has put there.

use crate::desk::{
    Answer, CaseFileAnswer, CaseRow, ClockLine, Command, DeskError, Disclosure, Draft,
    EscalationTarget, EscalationTargetsAnswer, FilledAnswer, GiveTargetsAnswer, ModuleLine,
    ModulesAnswer, PartyLine, Query, Receipt, ReplyKitAnswer, ReplyText, SubjectsAnswer,
    TemplateLine, TimelineEntry, Undoable, WhyAnswer, WhySection, WhyTopic,
};
use crate::domain::answers::{Matter, Reader, fill, shipped};
use crate::domain::cases::{
    Case, CaseAct, CaseOrigin, CasePlace, Channel, EscalationLevel, GiveTo, Nature, Party,
    PartyRole, RoleOnCase, SameCheck, SameChoice, Stage, TypeVersion, clocks_for, outcomes,
    tasks_for,
};
use crate::domain::knowledge::Subject;
use crate::domain::office::{Confidentiality, Purpose};
use crate::domain::time::{Calendar, Day, Instant};
use crate::domain::{
    CaseId, CaseworkerId, EntityId, PersonId, QueueId, Refusal, SubjectCode, Ulid, UnitId,
};
use crate::tui::bench::{self, TestDesk, day, shared};
use crate::tui::screen::Shared;

use super::CaseScreen;

pub(super) use crate::tui::bench::{BOSS, ME};

/// What the desk shows and says.
pub(super) struct CaseDesk {
    pub(super) file: CaseFileAnswer,
    pub(super) draft: Option<Draft>,
    pub(super) targets: Vec<(GiveTo, String, String)>,
    pub(super) subjects: Vec<Subject>,
    /// Why the next act is refused.
    pub(super) refusal: Option<DeskError>,
    now: Instant,
}

/// The case screen in front of it.
pub(super) type Bench = bench::Bench<CaseScreen, CaseDesk>;

impl Bench {
    /// A claimed complaint, opened.
    pub(super) fn open() -> Self {
        Self::with(|_| {})
    }

    /// The same, changed before it is opened.
    pub(super) fn with(change: impl FnOnce(&mut CaseFileAnswer)) -> Self {
        let shared = shared("Europe/Oslo", day(2026, 11, 20));
        let mut file = file(&shared);
        change(&mut file);
        let screen = CaseScreen::new(file.case.id);
        let desk = CaseDesk {
            file,
            draft: None,
            targets: Vec::new(),
            subjects: Vec::new(),
            refusal: None,
            now: shared.now,
        };
        Self::at(screen, shared, desk)
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
}

impl TestDesk for CaseDesk {
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
                about: EntityId::Person(*person),
                fields: vec![("telephone".to_owned(), "+98 912 000 4411".to_owned())],
            }),
            _ => None,
        };
        let label = String::new();
        let undo = Undoable::Yes;
        let (created, rows) = (Vec::new(), Vec::new());
        Ok(Receipt {
            sequence: 1,
            label,
            created,
            subject: None,
            undo,
            disclosed,
            rows,
            text: None,
        })
    }

    fn answer(&mut self, query: Query) -> Result<Answer, DeskError> {
        Ok(match query {
            Query::CaseFile(_) => Answer::CaseFile(Box::new(self.file.clone())),
            Query::Draft(asked) => {
                let draft = self.draft.clone().filter(|draft| draft.key == asked.key);
                Answer::Draft(Box::new(draft))
            }
            Query::EscalationTargets(_) => {
                Answer::EscalationTargets(Box::new(escalation_targets(self.now)))
            }
            Query::GiveTargets(asked) => {
                let mut targets = self.targets.clone();
                targets.retain(|(_, name, _)| name.to_lowercase().starts_with(&asked.text));
                Answer::GiveTargets(Box::new(GiveTargetsAnswer { targets }))
            }
            Query::Subjects(_) => {
                Answer::Subjects(Box::new(SubjectsAnswer { subjects: self.subjects.clone() }))
            }
            Query::ReplyKit(_) => Answer::ReplyKit(Box::new(reply_kit(&self.file))),
            Query::Modules(_) => {
                let modules = reply_kit(&self.file).modules.remove(0).1;
                Answer::Modules(Box::new(ModulesAnswer { modules }))
            }
            Query::Why(_) => Answer::Why(Box::new(WhyAnswer {
                sections: vec![WhySection::new(
                    WhyTopic::Due,
                    vec!["decide: 20 working days from 2026-11-02".to_owned()],
                )],
                days: Vec::new(),
            })),
            other => return Err(DeskError::Lost(format!("{other:?}"))),
        })
    }
}

/// The shipped templates for the case's only person.
fn reply_kit(file: &CaseFileAnswer) -> ReplyKitAnswer {
    let library = shipped();
    let reader = Reader {
        given: "Sara".to_owned(),
        family: "Mohammadi".to_owned(),
        form_of_address: "Mrs".to_owned(),
        ..Reader::default()
    };
    let matter = Matter {
        case: file.case.id,
        subject: file.case.subject_label.clone(),
        caseworker: "Leila Karimi".to_owned(),
        unit: "Housing".to_owned(),
        office: "Town".to_owned(),
        today: day(2026, 11, 20),
        received: day(2026, 11, 2),
        answer_by: Some(day(2026, 11, 9)),
        decide_by: None,
        reasons: String::new(),
    };
    let codes = library.codes();
    let party = &file.parties[0];
    let text = |code: &str, channel: Channel| {
        let template = library.choose(code, "", channel).unwrap();
        let filled = fill(template, library.language("").unwrap(), &matter, &reader);
        let missing = filled.missing.iter().map(|place| place.name().to_owned()).collect();
        let (template, language) = (template.reference(), "en".to_owned());
        ReplyText {
            person: party.person,
            channel,
            code: code.to_owned(),
            filled: FilledAnswer { template, language, wanted: None, text: filled.text, missing },
        }
    };
    let ways = party.reply.iter().map(|(channel, _)| *channel);
    let modules = library.modules.iter().map(|module| ModuleLine {
        code: module.code.clone(),
        title: module.texts[0].title.clone(),
        text: module.texts[0].text.replace("{case}", &file.case.id.to_string()),
        language: "en".to_owned(),
        uses: 0,
        is_of_subject: false,
        is_for_citizens: true,
    });
    ReplyKitAnswer {
        texts: ways.flat_map(|way| codes.iter().map(move |(code, _)| text(code, way))).collect(),
        templates: codes
            .iter()
            .map(|(code, label)| TemplateLine { code: code.clone(), label: label.clone() })
            .collect(),
        modules: vec![(party.person, modules.collect())],
        recall_minutes: 2,
    }
}

pub(super) fn refused(what: &str) -> DeskError {
    DeskError::Refused(Refusal::new("test", what, "Do something else."))
}

fn escalation_targets(now: Instant) -> EscalationTargetsAnswer {
    let line = |level, receiver, note: &str| EscalationTarget {
        level,
        receiver: Some(receiver),
        note: note.to_owned(),
    };
    EscalationTargetsAnswer {
        others: Vec::new(),
        targets: vec![
            line(EscalationLevel::Colleague, (CaseworkerId(3), "Rahimi".to_owned()), ""),
            line(EscalationLevel::Supervisor, (BOSS, "Kaya".to_owned()), "Berg out, so M. Kaya"),
            line(EscalationLevel::Head, (CaseworkerId(4), "Holm".to_owned()), ""),
        ],
        due_at: now.plus_minutes(6 * 60),
        urgent_due_at: now.plus_minutes(6 * 60),
    }
}

fn file(shared: &Shared) -> CaseFileAnswer {
    let calendar = &shared.who.calendar;
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
        version: case.version,
        owner: Some((ME, "Karimi".into())),
        due_kind: Some(case.clocks[1].kind),
        ..bench::case_row(case.id.0, case.clocks[1].due_at)
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
        promises: Vec::new(),
        passed_on: None,
        extensions: Vec::new(),
        signing: None,
        merges: Vec::new(),
        is_classified_later: false,
        kept: None,
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
        served_by: None,
        is_first_contact: false,
        zone: None,
        fired: Vec::new(),
        plan: crate::desk::PlanView::default(),
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
        subjects: vec![SubjectCode("RENT-2".into())],
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
