//! Makes an office: walks through two years window by window, and brings what happens in each to the desk.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::desk::{Act, Command, DeskError, LocalDesk, Receipt};
use crate::domain::cases::{Channel, Direction, NewContact};
use crate::domain::money::{DeliveredService, Money};
use crate::domain::people::{
    FamilyRole, NewHousehold, PersonChange, Relationship, RelationshipKind,
};
use crate::domain::time::{Calendar, Day, Instant};
use crate::domain::{CaseId, MessageId, PersonId, PromiseId};

use super::axis::{Axis, DAY};
use super::coming::{self, Fated, Whose};
use super::course::Fate;
use super::data::{Data, Home};
use super::office::{self, CURRENCY, Office};
use super::people::{self, Family, NewFamily};
use super::promises;
use super::random::Random;
use super::sender::{self, Sender, act};
use super::story::{Bringer, Doing, Step, Story, Telling, numbered};
use super::{branches, kin, rollout, typed};

/// Days before today at which a made office opens: two years, and six weeks to take the register over.
const DAYS: i32 = 730 + SETTING_UP_DAYS;
const SETTING_UP_DAYS: i32 = 42;
/// Families in a hundred that are on the register before the first case comes.
const EARLY_PERCENT: u64 = 70;
/// Cases that one window is to have, so that a window's acts fill a few commits; windows are whole working days.
const WINDOW_CASES: i64 = 45;
const WINDOW_DAYS_MAX: i64 = 10;
/// Streams of chance.
const STORY: u64 = 4;
const EVERYDAY: u64 = 5;
const MOVING_IN: u64 = 6;
/// Working minutes before the end in which the office has rules of its own; none of them where the day is too young.
const RULED: i64 = 90;
/// Working minutes before the end in which it is said who is here today.
const BEFORE_THE_END: i64 = 40;
/// Acts that are gathered before they are sent.
const GATHERED_MAX: usize = 128;

/// What is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How many people.
    pub people: u64,
    /// How many cases.
    pub cases: u64,
    /// The same seed makes the same office.
    pub seed: u64,
    /// The moment at which the office is looked at: nothing in it is later.
    pub today: Instant,
}

/// What was made, counted while it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// People registered.
    pub people: u64,
    /// Households formed.
    pub households: u64,
    /// Cases registered.
    pub cases: u64,
    /// Cases that are open today.
    pub open: u64,
    /// Open cases whose next clock has run out, those that wait for somebody outside left aside.
    pub late: u64,
    /// Open cases on hold.
    pub held: u64,
    /// Open cases with an escalation that waits for its answer.
    pub escalated: u64,
    /// Contacts recorded, those that brought cases included.
    pub contacts: u64,
    /// Services delivered.
    pub services: u64,
    /// Units.
    pub units: u64,
    /// Caseworkers.
    pub caseworkers: u64,
    /// Descriptions of cases that differ.
    pub descriptions: u64,
}

/// Makes an office at a desk that has none yet: it works under the built-in type until this morning, and from then on
/// under published types, tables and a calendar, as an office that moved over. `progress` is told how many people and cases
/// are done, of how many.
///
/// # Errors
/// The store failed; or an act was refused, which is a mistake of the making, and the error names the act.
pub fn make(
    desk: &LocalDesk,
    plan: &Plan,
    progress: &dyn Fn(u64, u64),
) -> Result<Summary, DeskError> {
    make_until(desk, plan, true, progress)
}

/// Makes an office that has not published any rules.
///
/// # Errors
/// As those of [`make`].
pub(super) fn make_unruled(desk: &LocalDesk, plan: &Plan) -> Result<(), DeskError> {
    make_until(desk, plan, false, &|_, _| {}).map(drop)
}

fn make_until(
    desk: &LocalDesk,
    plan: &Plan,
    is_ruled: bool,
    progress: &dyn Fn(u64, u64),
) -> Result<Summary, DeskError> {
    let data = Data::read();
    let zone = office::hours(Day::default(), Day::default()).zone();
    let last = zone.day(plan.today);
    let first = last.plus_days(-DAYS);
    let hours = office::hours(first, last);
    let whole = Axis::new(&Calendar::from(&hours), first, plan.today);
    let axis = if is_ruled { whole.shorter(RULED) } else { whole.clone() };
    let sender = Sender::new(desk);
    let mut office = office::open(desk, &sender, &data, &hours, axis.instant(0))?;
    let kin = if is_ruled {
        branches::open(&sender, &mut office, axis.instant(0), last)?;
        kin::register(&sender, &office, axis.instant(0), plan.people)?
    } else {
        Vec::new()
    };
    let others = plan.people - count(kin.len());
    let opened = axis.position(first.plus_days(SETTING_UP_DAYS));
    let mut cases = coming::cases(&data, &axis, &office.calendar, plan.seed, opened, plan.cases);
    let under_types = if is_ruled { typed::count(plan.people, plan.cases) } else { 0 };
    leave_out(&mut cases, under_types);
    let mut making = Making {
        plan: &Plan { cases: plan.cases - under_types, people: others, ..*plan },
        data: &data,
        axis: &axis,
        office: &office,
        sender,
        has_branches: is_ruled,
        opened,
        families: Vec::new(),
        next_family: 0,
        open_stories: BTreeMap::new(),
        next_story: 0,
        due: BinaryHeap::new(),
        said: BTreeSet::new(),
        summary: Summary {
            units: office.units(),
            caseworkers: office.caseworkers,
            ..Summary::default()
        },
    };
    making.run(&cases, progress)?;
    if is_ruled {
        rollout::publish(&making.sender, &office, &hours, axis.instant(axis.end()))?;
        if under_types > 0 {
            making.work_under_types(&whole, plan.seed, &kin)?;
        }
        making.end_ruled(&whole, under_types > 0, &kin)?;
    }
    let leave = last.plus_days(12);
    let at = whole.instant(whole.end());
    office::send_on_leave(&making.sender, &office, at, leave)?;
    close_the_day(&making.sender, &office, whole.now())?;
    making.summary.descriptions = count(making.said.len());
    Ok(making.summary)
}

/// Notes what is late by now, and what would escalate or return then, so that whoever opens the office adds nothing to it
/// by that.
fn close_the_day(sender: &Sender<'_>, office: &Office, now: Instant) -> Result<(), DeskError> {
    sender.send(vec![act(office.head, now, Command::MarkLate { until: now })])?;
    loop {
        let swept = sender.send(vec![act(office.head, now, Command::Sweep { until: now })])?;
        if swept.iter().all(|receipt| receipt.rows.is_empty()) {
            return Ok(());
        }
    }
}

/// Leaves so many of the cases out that have ended, those that came last.
fn leave_out(cases: &mut Vec<Fated<'_>>, mut count: u64) {
    for place in (0..cases.len()).rev() {
        if count == 0 {
            return;
        }
        if cases.get(place).is_some_and(|fated| fated.fate == Fate::Closed) {
            cases.remove(place);
            count -= 1;
        }
    }
}

/// A story that goes on.
struct Going {
    case: Option<CaseId>,
    message: Option<MessageId>,
    promise: Option<PromiseId>,
    steps: std::vec::IntoIter<Step>,
}

struct Making<'m> {
    plan: &'m Plan,
    data: &'m Data,
    axis: &'m Axis,
    office: &'m Office,
    sender: Sender<'m>,
    has_branches: bool,
    /// Where the two years begin.
    opened: i64,
    families: Vec<Family>,
    next_family: u64,
    open_stories: BTreeMap<u64, Going>,
    next_story: u64,
    /// The next step of each story: when, and whose.
    due: BinaryHeap<Reverse<(i64, u64, Held)>>,
    said: BTreeSet<u64>,
    summary: Summary,
}

/// A step in the heap, which is ordered by time and story alone.
struct Held(Step);

impl PartialEq for Held {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Held {}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Held {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

impl Making<'_> {
    fn run(&mut self, cases: &[Fated<'_>], progress: &dyn Fn(u64, u64)) -> Result<(), DeskError> {
        let total = self.plan.people.saturating_add(self.plan.cases);
        self.move_in(self.opened, progress)?;
        let days = (self.axis.end() - self.opened) / DAY + 1;
        let a_day = i64::try_from(self.plan.cases).unwrap_or(i64::MAX) / days.max(1);
        let window = (WINDOW_CASES / a_day.max(1)).clamp(1, WINDOW_DAYS_MAX) * DAY;
        let mut from = self.opened;
        let mut rest = cases;
        while from <= self.axis.end() {
            let to = from.saturating_add(window);
            self.move_in(to, progress)?;
            let (now, later) =
                rest.split_at(rest.partition_point(|fated| fated.coming.received < to));
            rest = later;
            self.take_in(now)?;
            self.everyday(from, to.min(self.axis.end()));
            self.go_on(to)?;
            progress(self.summary.people.saturating_add(self.summary.cases), total);
            from = to;
        }
        self.go_on(i64::MAX)
    }

    /// The families that are on the register at a time; the first one where none is yet.
    fn known(&self, at: i64) -> &[Family] {
        let known = self.families.partition_point(|family| family.known_from <= at).max(1);
        self.families.get(..known).unwrap_or_default()
    }

    /// Registers the families that are on the register by then. Early ones come while the office is set up, the others
    /// move to the town over the two years.
    fn move_in(&mut self, by: i64, progress: &dyn Fn(u64, u64)) -> Result<(), DeskError> {
        let total = self.plan.people.saturating_add(self.plan.cases);
        loop {
            let mut arrivals: Vec<(i64, NewFamily)> = Vec::new();
            let mut people = 0_usize;
            while people < GATHERED_MAX {
                let done = self.summary.people.saturating_add(count(people));
                let room = self.plan.people.saturating_sub(done);
                let at = self.arrival(done);
                // The first case needs somebody who brings it.
                if room == 0 || (at >= by && !(self.families.is_empty() && arrivals.is_empty())) {
                    break;
                }
                let room = usize::try_from(room).unwrap_or(usize::MAX);
                let today = self.axis.day(self.axis.end());
                let family =
                    people::family(self.data, self.plan.seed, self.next_family, room, today);
                self.next_family += 1;
                people += family.people.len();
                arrivals.push((at, family));
            }
            if arrivals.is_empty() {
                return Ok(());
            }
            self.register(arrivals)?;
            progress(self.summary.people.saturating_add(self.summary.cases), total);
        }
    }

    /// When the person after so many is registered.
    fn arrival(&self, done: u64) -> i64 {
        let early = (self.plan.people.saturating_mul(EARLY_PERCENT) / 100).max(1);
        let part = |of: u64, whole: u64, length: i64| {
            i64::try_from(
                u128::from(of) * u128::from(length.unsigned_abs()) / u128::from(whole.max(1)),
            )
            .unwrap_or(0)
        };
        if done < early {
            // The first day is the office's own.
            return part(done, early, (self.opened - DAY).max(0)) + DAY.min(self.opened);
        }
        let later = self.plan.people.saturating_sub(early);
        self.opened + part(done - early, later, (self.axis.end() - self.opened).max(0))
    }

    fn register(&mut self, arrivals: Vec<(i64, NewFamily)>) -> Result<(), DeskError> {
        let mut random = Random::of(self.plan.seed, MOVING_IN, count(self.families.len()));
        let mut acts = Vec::new();
        for (at, family) in &arrivals {
            let home = random.share(&[(15, Home::Housing), (10, Home::Social)], Home::Registry);
            let clerk = self.office.team(home).clerk(&mut random);
            for (minute, person) in (0_i64..).zip(&family.people) {
                acts.push(act(
                    clerk,
                    self.axis.instant(at + minute),
                    Command::RegisterPerson(person.clone()),
                ));
            }
        }
        let receipts = self.sender.send(acts)?;
        self.summary.people += count(receipts.len());
        let mut receipts = receipts.iter();
        let mut formed: Vec<usize> = Vec::new();
        let mut households = Vec::new();
        let mut rest = Vec::new();
        for (at, new) in arrivals {
            let clerk = self.office.team(Home::Registry).clerk(&mut random);
            let NewFamily { mut family, ties, sibling, notes, .. } = new;
            family.known_from = at + 10;
            for member in &mut family.members {
                if let Some(receipt) = receipts.next() {
                    member.id = sender::person(receipt)?;
                }
            }
            let now = self.axis.instant(at + 8);
            if family.members.len() > 1 {
                let members =
                    family.members.iter().map(|member| (member.id, member.role)).collect();
                formed.push(self.families.len());
                households.push(act(clerk, now, Command::FormHousehold(NewHousehold { members })));
            }
            for (one, other, kind) in ties {
                if let (Some(one), Some(other)) =
                    (family.members.get(one), family.members.get(other))
                {
                    rest.push(act(clerk, now, related(one.id, other.id, kind)));
                }
            }
            let head = family.members.first().map(|head| head.id);
            let sibling = sibling.and_then(|number| usize::try_from(number).ok());
            let sibling = sibling
                .and_then(|number| self.families.get(number))
                .and_then(|other| other.members.first());
            if let (Some(head), Some(sibling)) = (head, sibling) {
                rest.push(act(clerk, now, related(head, sibling.id, RelationshipKind::Sibling)));
            }
            for (place, note) in notes {
                if let Some(member) = family.members.get(place) {
                    let command = changed(
                        member.id,
                        PersonChange::Note(note.to_owned()),
                        "told at the counter",
                    );
                    rest.push(act(clerk, self.axis.instant(at + 9), command));
                }
            }
            self.families.push(family);
        }
        for (place, receipt) in formed.into_iter().zip(self.sender.send(households)?) {
            if let Some(family) = self.families.get_mut(place) {
                family.household = Some(sender::household(&receipt)?);
                self.summary.households += 1;
            }
        }
        self.sender.send(rest).map(drop)
    }

    /// Tells the stories of the cases that come now, and registers them.
    fn take_in(&mut self, now: &[Fated<'_>]) -> Result<(), DeskError> {
        for some in now.chunks(GATHERED_MAX) {
            let mut stories: Vec<Story> =
                some.iter().filter_map(|fated| self.tell(fated)).collect();
            stories.sort_by_key(|story| story.registered);
            let acts = stories.iter().map(|story| {
                let command = Command::RegisterCase(story.intake.clone());
                act(story.registrar, self.axis.instant(story.registered), command)
            });
            let receipts = self.sender.send(acts.collect())?;
            for (story, receipt) in stories.into_iter().zip(receipts) {
                self.count_case(&story);
                let case = sender::case(&receipt)?;
                let newest = self.plan.cases.saturating_sub(case.0);
                let mine = self.office.team(Home::Housing).manager;
                let promised = promises::steps(&story, case, newest, self.axis, mine);
                let steps = together(story.steps, promised).into_iter();
                self.begin(Going { case: Some(case), message: None, promise: None, steps });
            }
        }
        Ok(())
    }

    /// Brings the cases that come once the office has rules of its own.
    fn work_under_types(
        &mut self,
        axis: &Axis,
        seed: u64,
        kin: &[PersonId],
    ) -> Result<(), DeskError> {
        let world = (self.office, axis);
        let from = self.axis.end();
        let made = typed::work(&self.sender, world, (&self.families, kin), seed, from)?;
        typed::said().for_each(|says| self.note_said(says));
        self.summary.cases += made.cases;
        self.summary.open += made.cases;
        self.summary.contacts += made.cases;
        self.summary.held += made.held;
        self.summary.escalated += made.escalated;
        Ok(())
    }

    /// Sets who is here today, and says who the caseworkers are as citizens.
    fn end_ruled(
        &mut self,
        axis: &Axis,
        has_work: bool,
        kin: &[PersonId],
    ) -> Result<(), DeskError> {
        let position = axis.end() - BEFORE_THE_END;
        let (at, today) = (axis.instant(position), axis.day(axis.end()));
        self.summary.caseworkers +=
            branches::staff_today(&self.sender, self.office, at, today, has_work)?;
        if !kin.is_empty() {
            kin::link(&self.sender, self.office, kin, at)?;
            self.summary.people += count(kin.len());
            self.summary.households += kin::households();
        }
        Ok(())
    }

    fn note_said(&mut self, says: &str) {
        let mut hasher = DefaultHasher::new();
        says.hash(&mut hasher);
        self.said.insert(hasher.finish());
    }

    fn count_case(&mut self, story: &Story) {
        self.note_said(&story.intake.says);
        let standing = story.standing;
        self.summary.cases += 1;
        self.summary.contacts += 1;
        self.summary.open += u64::from(!standing.is_closed);
        self.summary.late += u64::from(standing.is_late);
        self.summary.held += u64::from(standing.is_held && !standing.is_closed);
        self.summary.escalated += u64::from(standing.is_escalated && !standing.is_closed);
    }

    fn tell(&self, fated: &Fated<'_>) -> Option<Story> {
        let coming = fated.coming;
        let mut random = Random::of(self.plan.seed, STORY, coming.number);
        let family = random.pick(self.known(coming.received))?;
        let adults: Vec<_> = family.members.iter().filter(|member| member.is_adult).collect();
        let member = random.pick(&adults).copied().or(family.members.first())?;
        let home = coming.matter.home;
        let is_open = fated.fate != Fate::Closed;
        let is_passed_on = !is_open && random.chance(3);
        let waits = matches!(fated.fate, Fate::Screening | Fate::NeedsInfo);
        let is_screened = !waits && (is_passed_on || random.chance(62));
        // What few may see is taken in by those who work it.
        let is_kept = self.has_branches && home == Home::Social;
        let is_taken_in_there = is_passed_on && home != Home::Registry && !is_kept;
        let counter = if is_taken_in_there { Home::Registry } else { home };
        let world = (self.data, self.axis, self.office);
        let mut telling =
            Telling::begin(world, random, coming, Bringer { family, member }, counter, is_screened);
        if counter != home {
            telling.pass_on(counter);
        }
        if is_open {
            let owner = match fated.whose {
                Whose::Managers => self.office.team(home).manager,
                Whose::Others => telling.worker(self.axis.end()),
            };
            telling.stay_open(fated.fate, owner);
        } else {
            telling.close();
        }
        Some(telling.end())
    }

    /// What happens besides: calls that are answered at once, and payments that run.
    fn everyday(&mut self, from: i64, to: i64) {
        let mut random = Random::of(self.plan.seed, EVERYDAY, from.unsigned_abs());
        let days = (self.axis.end() - self.opened).max(1);
        let share = |whole: u64| {
            let whole = i64::try_from(whole).unwrap_or(i64::MAX / 2).saturating_mul(to - from);
            whole / days
        };
        for _ in 0..share(self.plan.people / 6).max(1) {
            let at = random.between(from, to);
            self.call(at, &mut random);
        }
        for _ in 0..share(self.plan.people / 8).max(1) {
            let at = random.between(from, to);
            self.payment(at, &mut random);
        }
    }

    fn call(&mut self, at: i64, random: &mut Random) {
        let home = random.pick(&Home::ALL).copied().unwrap_or(Home::Housing);
        let clerk = self.office.team(home).clerk(random);
        let adult = random.pick(self.known(at)).and_then(|family| family.members.first());
        let person = adult.filter(|_| random.chance(85)).map(|member| member.id);
        let started_at = self.axis.instant(at);
        let ended_at =
            self.axis.instant((at + random.between(1, 9)).min(self.axis.end())).max(started_at);
        let channel =
            random.share(&[(68, Channel::Telephone), (24, Channel::WalkIn)], Channel::Email);
        let summary = random.words(self.data.phrases("call")).to_owned();
        let contact = NewContact {
            channel,
            direction: Direction::In,
            person,
            started_at,
            ended_at: if ended_at.minutes_since(started_at) > 60 { started_at } else { ended_at },
            summary,
            case: None,
        };
        self.summary.contacts += 1;
        self.alone(Step {
            at,
            actor: clerk,
            doing: Doing::Other(Box::new(Command::RecordContact(contact))),
        });
    }

    fn payment(&mut self, at: i64, random: &mut Random) {
        let Some(family) = random.pick(self.known(at)) else { return };
        let Some(head) = family.members.first() else { return };
        let has_child = family.members.iter().any(|member| member.role == FamilyRole::Child);
        let (service, home, low, high) = if has_child && random.chance(40) {
            ("school kit", Home::Education, 45, 120)
        } else if random.chance(60) {
            ("rent subsidy", Home::Housing, 180, 420)
        } else {
            ("home help hours", Home::Social, 140, 520)
        };
        let child = family.members.iter().find(|member| member.role == FamilyRole::Child);
        let recipient = child.filter(|_| home == Home::Education).unwrap_or(head).id;
        let team = self.office.team(home);
        let delivered = DeliveredService {
            service: service.to_owned(),
            recipient,
            household: family.household,
            amount: Some(Money {
                minor: random.between(low, high) * 100,
                currency: CURRENCY.to_owned(),
            }),
            quantity: (home == Home::Education).then_some(1),
            on: self.axis.day(at),
            unit: team.unit,
            case: None,
        };
        let actor = team.worker(random);
        let is_absent = actor == self.office.absent && at > self.axis.end() - 40 * DAY;
        let actor = if is_absent { team.substitute } else { actor };
        self.summary.services += 1;
        self.alone(Step {
            at,
            actor,
            doing: Doing::Other(Box::new(Command::RecordService(delivered))),
        });
    }

    fn alone(&mut self, step: Step) {
        let steps = vec![step].into_iter();
        self.begin(Going { case: None, message: None, promise: None, steps });
    }

    fn begin(&mut self, going: Going) {
        let story = self.next_story;
        self.next_story += 1;
        self.open_stories.insert(story, going);
        self.next_step(story);
    }

    /// Puts a story's next step among those that are due; a story without one is over.
    fn next_step(&mut self, story: u64) {
        let step = self.open_stories.get_mut(&story).and_then(|going| going.steps.next());
        match step {
            Some(step) => self.due.push(Reverse((step.at, story, Held(step)))),
            None => drop(self.open_stories.remove(&story)),
        }
    }

    /// Carries out every step that is due before `to`, in the order of time. A step that needs what another one's receipt
    /// says waits for the next commit.
    fn go_on(&mut self, to: i64) -> Result<(), DeskError> {
        loop {
            let mut acts: Vec<Act> = Vec::new();
            let mut waiting: Vec<(usize, u64)> = Vec::new();
            while acts.len() < GATHERED_MAX
                && let Some(Reverse((at, _, _))) = self.due.peek()
                && *at < to
                && let Some(Reverse((_, story, Held(step)))) = self.due.pop()
            {
                let is_reply =
                    matches!(&step.doing, Doing::Act(crate::domain::cases::CaseAct::Reply { .. }));
                let is_promise = matches!(&step.doing, Doing::Promise(_));
                if let Some(act) = self.carry_out(story, step) {
                    acts.push(act);
                }
                if is_reply || is_promise {
                    waiting.push((acts.len().saturating_sub(1), story));
                } else {
                    self.next_step(story);
                }
            }
            if acts.is_empty() {
                return Ok(());
            }
            let receipts: Vec<Receipt> = self.sender.send(acts)?;
            for (place, story) in waiting {
                let Some(receipt) = receipts.get(place) else { continue };
                if let Some(going) = self.open_stories.get_mut(&story) {
                    match sender::promise(receipt) {
                        Ok(promise) => going.promise = Some(promise),
                        Err(_) => going.message = Some(sender::message(receipt)?),
                    }
                }
                self.next_step(story);
            }
        }
    }

    fn carry_out(&mut self, story: u64, step: Step) -> Option<Act> {
        let going = self.open_stories.get(&story)?;
        let command = match step.doing {
            Doing::Act(act) => {
                let case = going.case?;
                Command::Case { case, version: None, act: numbered(act, case) }
            }
            Doing::Contact(contact) => {
                self.summary.contacts += 1;
                Command::RecordContact(NewContact { case: going.case, ..contact })
            }
            Doing::Deliver(failure) => Command::DeliverMessage { message: going.message?, failure },
            Doing::Service(service) => {
                self.summary.services += 1;
                Command::RecordService(DeliveredService { case: going.case, ..service })
            }
            Doing::Promise(wish) => Command::MakePromise(wish),
            Doing::PromiseAct(act) => {
                Command::Promise { promise: going.promise?, version: None, act }
            }
            Doing::Other(command) => *command,
        };
        Some(act(step.actor, self.axis.instant(step.at), command))
    }
}

/// The steps of a case and those of its promise in one order of time: of two stories, one waits for a receipt while the
/// other one goes on, and the case's timeline would say so.
fn together(mut steps: Vec<Step>, promised: Vec<Step>) -> Vec<Step> {
    for step in promised {
        let place = steps.iter().position(|other| other.at > step.at).unwrap_or(steps.len());
        steps.insert(place, step);
    }
    steps
}

pub(super) fn related(person: PersonId, to: PersonId, kind: RelationshipKind) -> Command {
    let source = "town register".to_owned();
    let relationship = Relationship { to, kind, from: None, until: None, source };
    changed(person, PersonChange::Relationship(relationship), "town register")
}

fn changed(person: PersonId, change: PersonChange, source: &str) -> Command {
    Command::ChangePerson {
        person,
        version: None,
        change,
        source: source.to_owned(),
        is_verified: false,
    }
}

fn count(things: usize) -> u64 {
    u64::try_from(things).unwrap_or(u64::MAX)
}
