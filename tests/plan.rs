//! What a published type makes of a case: the type that is chosen, what follows from acts by itself, fields, decisions,
//! and the rules that hold whatever is done.

use std::sync::Arc;

use casedesk::domain::cases::{
    self, About, Block, Case, CaseAct, CaseContext, CaseEvent, CasePlace, CasePlan, Channel,
    GiveTo, Happened, HoldReason, Intake, Nature, PlanEvent, PlanItemState, ReplyAddress,
    SameCheck, SameChoice, ScreeningOutcome, Stage, Surroundings, TaskState, blocks, case_facts,
    ends_anyhow, follow, is_given_now, read_field, typed_again,
};
use casedesk::domain::event::{EntityId, Event, EventRecord};
use casedesk::domain::rules::{CaseType, FieldKind, FieldRule, FieldValue, Rules, choose_type};
use casedesk::domain::time::{Calendar, ClockKind, ClockState, Instant, Term};
use casedesk::domain::{
    CaseId, CaseworkerId, MessageId, PersonId, QueueId, Refusal, SubjectCode, Ulid, UnitId,
};

use crate::harness::Dice;
use crate::plan_types::{all, lamp, objection};

const ME: CaseworkerId = CaseworkerId(1);

/// A case under a type, without a desk: acts go in, states come out.
struct World {
    case: Case,
    plan: CasePlan,
    case_type: Arc<CaseType>,
    calendar: Calendar,
    at: Instant,
    told_at: Option<Instant>,
    /// What followed by itself, all of it.
    followed: Vec<Happened>,
}

impl World {
    /// A case of this type, registered by somebody who may screen or not.
    fn new(case_type: CaseType, may_screen: bool, asked_by: Option<PersonId>) -> Self {
        let calendar = Calendar::weekdays("UTC");
        let at = Instant::from_milliseconds(1_787_000_000_000);
        let nature = case_type.guard.natures.first().copied().unwrap_or(Nature::Request);
        let intake = Intake {
            channel: Channel::Telephone,
            registry_number: None,
            received_at: at,
            nature,
            subject: Some(SubjectCode("HOU-1".into())),
            asked_by,
            about: About::Same,
            addressee: None,
            place: CasePlace::default(),
            says: "the lamp is out".to_owned(),
            same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
        };
        let case_type = Arc::new(case_type);
        let plan = CasePlan::none_yet(CaseId(1), cases::general_type(nature).id.clone());
        let context = context(&case_type, &plan, &calendar, at, may_screen);
        let queues = (QueueId(1), QueueId(2));
        let event = cases::register(&intake, CaseId(1), Ulid(1), queues, "Housing", None, &context)
            .unwrap();
        let case = cases::apply(None, &record(at), &event).unwrap();
        let mut world =
            Self { case, plan, case_type, calendar, at, told_at: None, followed: Vec::new() };
        let to = Arc::clone(&world.case_type);
        let begun = cases::type_change(&world.case, &world.plan, &to, &world.calendar, &[]);
        world.happen(begun);
        world.follow();
        world
    }

    fn happen(&mut self, happened: Vec<Happened>) {
        let record = record(self.at);
        for one in happened {
            match one {
                Happened::Case(event) => {
                    self.case = cases::apply(Some(self.case.clone()), &record, &event).unwrap();
                }
                Happened::Plan(event) => {
                    let plan = Some(self.plan.clone());
                    self.plan = cases::apply_plan(plan, CaseId(1), &record, &event).unwrap();
                }
            }
        }
    }

    fn follow(&mut self) {
        let zone = self.calendar.zone();
        let facts = case_facts(&self.case, &self.plan, &self.case_type, "housing", |_| None, &zone);
        let around = Surroundings {
            case_type: &self.case_type,
            facts: &facts,
            calendar: &self.calendar,
            terms: &[],
            at: self.at,
            told_at: self.told_at,
        };
        let followed = follow(&self.case, &self.plan, &around);
        let code = &self.case_type.id.code;
        assert!(followed.iter().all(|one| one.rule.starts_with(&format!("{code}@1/"))));
        let happened: Vec<_> = followed.into_iter().map(|one| one.happened).collect();
        self.followed.extend(happened.clone());
        self.happen(happened);
    }

    fn act(&mut self, act: &CaseAct) -> Result<(), Refusal> {
        let mut context = context(&self.case_type, &self.plan, &self.calendar, self.at, true);
        context.is_notified = self.told_at.is_some();
        let happened = cases::decide(&self.case, act, &context)?;
        if matches!(act, CaseAct::Reply { .. }) {
            self.told_at = Some(self.at);
        }
        if matches!(act, CaseAct::Reopen { .. }) {
            self.told_at = None;
        }
        self.happen(happened);
        self.follow();
        Ok(())
    }

    fn stage(&self) -> &str {
        self.plan.stage().map_or("", |stage| stage.code.as_str())
    }

    fn fill(&mut self, fields: &[(&str, &str)]) -> Result<(), Refusal> {
        let fields = fields.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned()));
        self.act(&CaseAct::SetFields { fields: fields.collect() })
    }

    fn tick(&mut self, title: &str) {
        let at = self.case.tasks.iter().position(|task| task.title == title).unwrap();
        let index = u32::try_from(at).unwrap();
        self.act(&CaseAct::SetTask { index, is_done: true }).unwrap();
    }

    /// An objection that is ready to be decided.
    fn assessed() -> Self {
        let mut world = Self::new(objection(), true, Some(PersonId(1)));
        world.act(&CaseAct::Claim).unwrap();
        world.fill(&[("received", "2026-08-01"), ("hearing", "no")]).unwrap();
        world.tick("weigh");
        world.fill(&[("ground", "facts")]).unwrap();
        world
    }
}

fn context<'c>(
    case_type: &Arc<CaseType>,
    plan: &CasePlan,
    calendar: &'c Calendar,
    at: Instant,
    may_screen: bool,
) -> CaseContext<'c> {
    CaseContext {
        actor: ME,
        unit: UnitId(1),
        at,
        calendar,
        may_screen,
        leads_unit: false,
        destination: Some((UnitId(1), QueueId(2))),
        receiver: Some(CaseworkerId(2)),
        message: Some(MessageId(1)),
        subject: Some((SubjectCode("HOU-1".into()), "Housing".to_owned())),
        passed: None,
        is_notified: false,
        case_type: Arc::clone(case_type),
        plan: Box::new(plan.clone()),
        next: None,
        screening: None,
        terms: Vec::new(),
        terms_set: Vec::new(),
    }
}

fn record(at: Instant) -> EventRecord {
    let record = EventRecord::alone(EntityId::Case(CaseId(1)), at, Event::Opened);
    EventRecord { sequence: 1, actor: ME, unit: UnitId(1), ..record }
}

fn reply() -> CaseAct {
    CaseAct::Reply {
        to: ReplyAddress { addressee: PersonId(1), channel: Channel::Letter },
        template: None,
        text: "It is decided.".to_owned(),
    }
}

fn decide(outcome: &str, reasons: &str) -> CaseAct {
    CaseAct::Decide {
        outcome: outcome.to_owned(),
        reasons: reasons.to_owned(),
        ground: "the act, section 7".to_owned(),
    }
}

fn close_as(outcome: &str) -> CaseAct {
    let outcome = outcome.to_owned();
    CaseAct::CloseAs { outcome, reasons: "because".to_owned(), not_notified: None }
}

fn clock(world: &World, kind: ClockKind) -> ClockState {
    world.case.clocks.iter().find(|clock| clock.kind == kind).unwrap().state()
}

#[test]
fn a_case_enters_the_first_stage_with_its_tasks_once_it_is_accepted() {
    let mut waiting = World::new(objection(), false, Some(PersonId(1)));
    assert_eq!((waiting.stage(), waiting.case.stage), ("", Stage::Screening));
    assert!(!waiting.case.clocks.iter().any(|clock| clock.kind == ClockKind::Answer));
    waiting.act(&CaseAct::Screen(ScreeningOutcome::Accept)).unwrap();
    assert_eq!(waiting.stage(), "intake");
    assert_eq!(waiting.case.tasks.len(), 1, "the steps of the built-in type are gone");
    assert_eq!(waiting.case.tasks[0].title, "check-term");
    assert_eq!(clock(&waiting, ClockKind::Answer), ClockState::Running);
    assert!(matches!(clock(&waiting, ClockKind::Screen), ClockState::Ended(_)));
    assert_eq!(waiting.case.purpose.0, "objections");
}

#[test]
fn a_filled_field_satisfies_its_task_and_the_stage_is_left_by_the_exit_that_holds() {
    let mut world = World::new(objection(), true, Some(PersonId(1)));
    world.act(&CaseAct::Claim).unwrap();
    let waits = blocks(&world.case, &world.plan, &world.case_type);
    assert!(matches!(waits.as_slice(), [Block::Task(0), Block::Field(_), Block::Field(_)]));
    world.fill(&[("received", "1.8.2026"), ("hearing", "y")]).unwrap();
    assert_eq!(world.case.tasks[0].state, TaskState::Done);
    assert_eq!(world.stage(), "hearing");
    assert!(world.plan.milestones.iter().any(|(code, _)| code == "complete"));
    let untick = world.act(&CaseAct::SetTask { index: 0, is_done: false }).unwrap_err();
    assert_eq!(untick.code, "task.satisfied");
    world.tick("hear");
    assert_eq!(world.stage(), "assess");
    assert_eq!(clock(&world, ClockKind::Decide), ClockState::Running);
    assert!(world.case.clocks.iter().all(|clock| {
        clock.kind != ClockKind::Decide
            || clock.explain().contains(&Term::WorkingDays(10).to_string())
    }));
}

#[test]
fn every_wrong_field_is_told_by_its_name_and_nothing_is_kept_of_the_right_ones() {
    let mut world = World::new(objection(), true, Some(PersonId(1)));
    world.act(&CaseAct::Claim).unwrap();
    let before = world.plan.clone();
    let refusal =
        world.fill(&[("received", "soon"), ("hearing", "no"), ("amount", "1.234")]).unwrap_err();
    assert!(refusal.what.contains("received") && refusal.what.contains("amount"), "{refusal}");
    assert_eq!(world.plan, before);
    assert_eq!(world.fill(&[("colour", "red")]).unwrap_err().code, "fields.wrong");
    world.fill(&[("amount", "1 234,5"), ("objector", "12 34 56")]).unwrap();
    assert_eq!(world.plan.field("amount").unwrap().value, FieldValue::Money(123_450));
    world.fill(&[("amount", "")]).unwrap();
    assert_eq!(world.plan.field("amount"), None);
    let zone = world.calendar.zone();
    let facts = case_facts(&world.case, &world.plan, &world.case_type, "u", |_| None, &zone);
    assert!(facts.fields.is_empty(), "nobody's number is a fact: {facts:?}");
}

#[test]
fn a_decision_needs_its_stage_and_reasons_is_told_and_closes_the_case() {
    let mut world = World::new(objection(), true, Some(PersonId(1)));
    world.act(&CaseAct::Claim).unwrap();
    assert_eq!(world.act(&decide("upheld", "")).unwrap_err().code, "outcome.stage");
    let mut world = World::assessed();
    assert_eq!(world.act(&decide("sunny", "")).unwrap_err().code, "closing.type");
    assert_eq!(world.act(&decide("unfounded", " ")).unwrap_err().code, "text.empty");
    world.act(&decide("unfounded", "it came too late")).unwrap();
    assert_eq!((world.stage(), world.case.stage), ("tell", Stage::Decided));
    assert!(matches!(clock(&world, ClockKind::Decide), ClockState::Ended(_)));
    assert_eq!(world.act(&close_as("upheld")).unwrap_err().code, "closing.notified");
    world.act(&reply()).unwrap();
    assert_eq!(world.case.stage, Stage::Notified);
    assert_eq!(world.plan.stages.last().unwrap().state, PlanItemState::Completed);
    assert_eq!(world.act(&close_as("upheld")).unwrap_err().code, "closing.decided");
    let empty = CaseAct::CloseAs {
        outcome: "unfounded".to_owned(),
        reasons: String::new(),
        not_notified: None,
    };
    world.act(&empty).unwrap();
    assert_eq!(world.case.outcome.as_ref().unwrap().reasons, "it came too late");
}

#[test]
fn another_decision_replaces_the_first_one_which_is_kept() {
    let mut world = World::assessed();
    world.act(&decide("unfounded", "late")).unwrap();
    world.act(&reply()).unwrap();
    world.at = world.at.plus_minutes(60);
    world.act(&decide("upheld", "it was in time")).unwrap();
    assert_eq!(world.plan.earlier.len(), 1);
    assert_eq!(world.case.stage, Stage::Decided, "the letter told of the first decision only");
    assert_eq!(world.act(&decide("upheld", "it was in time")).unwrap_err().code, "decision.same");
}

#[test]
fn a_case_closes_only_once_its_stage_is_through_unless_it_ends_anyhow() {
    let mut world = World::new(lamp(), true, Some(PersonId(1)));
    world.act(&CaseAct::Claim).unwrap();
    world.act(&reply()).unwrap();
    assert_eq!(world.act(&close_as("repaired")).unwrap_err().code, "closing.task");
    let mut other = World::new(lamp(), true, Some(PersonId(1)));
    other.act(&CaseAct::Claim).unwrap();
    other.act(&reply()).unwrap();
    other.act(&close_as("not-ours")).unwrap();
    assert_eq!(other.plan.stages.last().unwrap().state, PlanItemState::Terminated);
    world.tick("repair");
    world.act(&close_as("repaired")).unwrap();
    assert_eq!(world.plan.decision.as_ref().unwrap().outcome, "repaired");
    assert_eq!(world.plan.stages.last().unwrap().state, PlanItemState::Completed);
}

#[test]
fn a_reopened_case_goes_on_in_the_stage_that_was_worked_last_and_is_undecided() {
    let mut world = World::assessed();
    world.act(&decide("upheld", "in time")).unwrap();
    world.act(&reply()).unwrap();
    world.act(&close_as("upheld")).unwrap();
    world.at = world.at.plus_minutes(2 * 24 * 60);
    world.act(&CaseAct::Reopen { reason: "new papers".to_owned() }).unwrap();
    assert_eq!(world.stage(), "tell");
    assert_eq!((world.plan.decision.is_none(), world.plan.earlier.len()), (true, 1));
    assert!(world.case.clocks.iter().all(|clock| clock.ended.is_none()));
    assert!(!world.case.clocks.iter().any(|clock| clock.kind == ClockKind::Screen));
}

#[test]
fn holds_and_their_pauses_are_those_of_the_type() {
    let mut world = World::assessed();
    let hold = |reason, days| CaseAct::Hold {
        reason,
        until: Calendar::weekdays("UTC").zone().day(world.at).plus_days(days),
        words: String::new(),
    };
    let (legal, long, right) =
        (hold(HoldReason::Legal, 5), hold(HoldReason::Citizen, 11), hold(HoldReason::Citizen, 10));
    assert_eq!(world.act(&legal).unwrap_err().code, "hold.type");
    assert_eq!(world.act(&long).unwrap_err().code, "hold.until");
    world.act(&right).unwrap();
    assert_eq!(clock(&world, ClockKind::Decide), ClockState::Paused);
    assert_eq!(clock(&world, ClockKind::Answer), ClockState::Running);
}

#[test]
fn steps_of_the_type_are_added_by_hand_where_it_lets_them() {
    let mut world = World::assessed();
    let add = |task: &str| CaseAct::AddPlanned { task: task.to_owned() };
    assert_eq!(world.act(&add("hear")).unwrap_err().code, "task.unknown");
    world.act(&add("expert")).unwrap();
    assert!(world.case.tasks.iter().any(|task| task.title == "expert"));
    assert_eq!(world.act(&add("expert")).unwrap_err().code, "task.unknown");
}

#[test]
fn a_type_change_keeps_what_was_done_and_empties_fields_that_it_does_not_have() {
    let mut world = World::assessed();
    let to = lamp();
    let changed = cases::type_change(&world.case, &world.plan, &to, &world.calendar, &[]);
    world.happen(changed);
    world.case_type = Arc::new(to);
    world.follow();
    assert_eq!((world.stage(), world.plan.fields.len()), ("repair", 0));
    let titles: Vec<&str> = world.case.tasks.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(titles, ["check-term", "weigh", "repair"]);
}

#[test]
fn nothing_is_chosen_where_nothing_was_published() {
    let world = World::new(lamp(), true, None);
    let zone = world.calendar.zone();
    let facts = case_facts(&world.case, &world.plan, &world.case_type, "u", |_| None, &zone);
    let (chosen, fired) = choose_type(&Rules::default(), &facts, zone.day(world.at), world.at);
    assert_eq!((chosen.code.as_str(), fired), ("general", None));
}

/// Something that a field takes.
fn sample(rule: &FieldRule, dice: &mut Dice) -> String {
    match &rule.kind {
        FieldKind::Text => "a word".to_owned(),
        FieldKind::Number { min, max } => (*if dice.roll(2) == 0 { min } else { max }).to_string(),
        FieldKind::Money { .. } => "0".to_owned(),
        FieldKind::Date => "2026-08-01".to_owned(),
        FieldKind::YesNo => ["yes", "no"][dice.roll(2)].to_owned(),
        FieldKind::Choice(choices) => choices[dice.roll(choices.len())].0.clone(),
        FieldKind::Identity(_) => "12345678".to_owned(),
        FieldKind::Telephone => "+4791234567".to_owned(),
        FieldKind::Email => "sara@example.org".to_owned(),
    }
}

fn any_act(world: &World, dice: &mut Dice) -> CaseAct {
    let case_type = Arc::clone(&world.case_type);
    let words = ["", "a word"][dice.roll(2)].to_owned();
    let pick = |dice: &mut Dice, codes: Vec<String>| match codes.len() {
        0 => String::new(),
        count => codes[dice.roll(count)].clone(),
    };
    let outcomes: Vec<String> = case_type.outcomes.iter().map(|rule| rule.code.clone()).collect();
    match dice.roll(16) {
        0 => CaseAct::Claim,
        1 => CaseAct::Release,
        2 => CaseAct::Give { to: GiveTo::Unit(UnitId(1)), words },
        3 => CaseAct::Note { text: words },
        4 => reply(),
        5 => CaseAct::Hold {
            reason: HoldReason::ALL[dice.roll(4)],
            until: world.calendar.zone().day(world.at).plus_days(5),
            words,
        },
        6 => CaseAct::Resume,
        7 => CaseAct::AddTask { title: "by hand".to_owned(), is_required: dice.roll(8) == 0 },
        8 | 9 => CaseAct::SetTask {
            index: u32::try_from(dice.roll(6)).unwrap(),
            is_done: dice.roll(4) > 0,
        },
        10 => {
            CaseAct::Decide { outcome: pick(dice, outcomes), reasons: words, ground: String::new() }
        }
        11 => {
            CaseAct::CloseAs { outcome: pick(dice, outcomes), reasons: words, not_notified: None }
        }
        12 => CaseAct::Reopen { reason: words },
        13 => CaseAct::AddPlanned {
            task: pick(dice, case_type.tasks.iter().map(|rule| rule.code.clone()).collect()),
        },
        14 => CaseAct::Screen(ScreeningOutcome::Accept),
        _ => match case_type.fields.len() {
            0 => CaseAct::Claim,
            count => {
                let rule = &case_type.fields[dice.roll(count)];
                let text = if dice.roll(5) == 0 { String::new() } else { sample(rule, dice) };
                CaseAct::SetFields { fields: vec![(rule.code.clone(), text)] }
            }
        },
    }
}

/// The hard rules, as far as a case and its plan can break them.
fn check(world: &World, before: &Case, did: &CaseAct) {
    let (case, plan, case_type) = (&world.case, &world.plan, &world.case_type);
    if let (false, Some(outcome)) = (case.is_open(), &case.outcome) {
        assert!(case_type.outcomes.iter().any(|rule| rule.kind == outcome.code), "rule 4");
        assert!(!outcome.code.is_refusal() || !outcome.reasons.trim().is_empty(), "rule 1");
        let is_through =
            case.tasks.iter().all(|task| !task.is_required || task.state == TaskState::Done);
        assert!(is_through || ends_anyhow(outcome.code), "rule 1: {did:?} left {:?}", case.tasks);
        assert!(case.roles[0].party == cases::Party::Anonymous || world.told_at.is_some());
    }
    assert_eq!(case.is_open(), case.outcome.is_none(), "rule 1");
    assert_eq!(case.is_open(), case.closed_at.is_none(), "rule 2");
    assert!(case.is_open() || case.clocks.iter().all(|clock| clock.ended.is_some()), "rule 2");
    if !before.is_open() && case.is_open() {
        assert!(matches!(did, CaseAct::Reopen { reason } if !reason.is_empty()), "rule 3: {did:?}");
    }
    assert_eq!(plan.case_type, case.case_type, "rule 4");
    assert!(plan.stages.iter().all(|held| case_type.stages.iter().any(|s| s.code == held.code)));
    let today = world.calendar.zone().day(world.at);
    for held in &plan.fields {
        let rule = case_type.fields.iter().find(|rule| rule.code == held.code).unwrap();
        assert_eq!(
            read_field(rule, &typed_again(&held.value), today),
            Ok(Some(held.value.clone()))
        );
    }
    if let Some(decision) = &plan.decision {
        assert!(case_type.outcomes.iter().any(|rule| rule.code == decision.outcome), "rule 4");
        assert!(!decision.kind.is_refusal() || !decision.reasons.is_empty(), "rule 1");
    }
    let active = plan.stages.iter().filter(|stage| stage.state == PlanItemState::Active).count();
    assert!(active <= usize::from(case.is_open()), "a case that ended is in no stage");
    assert!(plan.tasks.iter().all(|task| (task.index as usize) < case.tasks.len()));
    assert_eq!(case.roles, before.roles, "rule 15");
}

/// No automatic rule decides, refuses, closes or pays (rule 16).
fn check_followed(world: &World) {
    for one in &world.followed {
        let is_allowed = match one {
            Happened::Case(event) => matches!(
                event,
                CaseEvent::TaskAdded { .. }
                    | CaseEvent::TaskSet { .. }
                    | CaseEvent::ClocksSet { .. }
                    | CaseEvent::Notified
            ),
            Happened::Plan(event) => matches!(
                event,
                PlanEvent::StageEntered { .. }
                    | PlanEvent::StageLeft { .. }
                    | PlanEvent::MilestoneReached { .. }
                    | PlanEvent::TaskPlanned(_)
                    | PlanEvent::Reopened { .. }
            ),
        };
        assert!(is_allowed, "{one:?} followed by itself");
    }
}

/// Brings a case to its end as somebody would who does what the screens ask for; whether they could.
fn can_be_ended(mut world: World, dice: &mut Dice) -> bool {
    for _ in 0..120 {
        if !world.case.is_open() {
            return true;
        }
        world.at = world.at.plus_minutes(1);
        let mut acts = vec![CaseAct::Screen(ScreeningOutcome::Accept), CaseAct::Claim];
        acts.push(CaseAct::Resume);
        for (index, task) in world.case.tasks.iter().enumerate() {
            if task.state == TaskState::Open {
                acts.push(CaseAct::SetTask { index: u32::try_from(index).unwrap(), is_done: true });
            }
        }
        for rule in &world.case_type.fields {
            let fields = vec![(rule.code.clone(), sample(rule, dice))];
            acts.push(CaseAct::SetFields { fields });
        }
        let own = world.case_type.outcomes.iter().filter(|rule| !ends_anyhow(rule.kind));
        let given: Vec<String> = own
            .filter(|rule| is_given_now(rule, &world.plan, &world.case_type))
            .map(|rule| rule.code.clone())
            .collect();
        if !given.is_empty() {
            acts.push(decide(&given[dice.roll(given.len())], "because"));
        }
        acts.push(reply());
        let decided = world.plan.decision.as_ref().map(|decision| decision.outcome.clone());
        acts.extend(decided.map(|outcome| close_as(&outcome)));
        for act in acts {
            // Most of it is refused at any one moment; what matters is that something goes on.
            let _may_be_refused = world.act(&act);
        }
    }
    false
}

#[test]
fn the_hard_rules_hold_whatever_is_done_and_no_state_is_a_dead_end() {
    for case_type in all() {
        for seed in 1..=30_u64 {
            let mut dice = Dice(seed * 7_919);
            let asked_by = (seed % 3 > 0).then_some(PersonId(1));
            let may_screen = seed % 2 == 0;
            let mut world = World::new((*case_type).clone(), may_screen, asked_by);
            for _ in 0..60 {
                world.at = world.at.plus_minutes(i64::try_from(dice.roll(600)).unwrap());
                let act = any_act(&world, &mut dice);
                let before = world.case.clone();
                if world.act(&act).is_ok() {
                    check(&world, &before, &act);
                }
            }
            check_followed(&world);
            let code = &case_type.id.code;
            assert!(can_be_ended(world, &mut dice), "{code}, seed {seed}: a dead end");
        }
    }
}
