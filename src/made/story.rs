//! The story of a made case: how it came, and every step that somebody took on it.

use crate::desk::{Command, PromiseWish};
use crate::domain::cases::{
    About, CaseAct, CasePlace, Channel, Direction, Intake, Nature, NewContact, PromiseAct,
    SameCheck, SameChoice, clocks_for,
};
use crate::domain::time::{Clock, ClockKind, Instant};
use crate::domain::{CaseId, CaseworkerId, PersonId, SubjectCode};

use super::axis::{Axis, DAY};
use super::data::{Data, Home, Matter};
use super::office::Office;
use super::people::{Family, Resident};
use super::random::Random;
use super::words::{self, Spot};

/// What is done in a step.
#[derive(Debug)]
pub(super) enum Doing {
    /// Something with the case.
    Act(CaseAct),
    /// A contact about the case.
    Contact(NewContact),
    /// The last message was handed over, or could not be.
    Deliver(Option<String>),
    /// A service under the case.
    Service(crate::domain::money::DeliveredService),
    /// Something is promised.
    Promise(PromiseWish),
    /// What became of what was promised.
    PromiseAct(PromiseAct),
    /// Something that no case has to do with.
    Other(Box<Command>),
}

/// A step, at a position of the working time.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) at: i64,
    pub(super) actor: CaseworkerId,
    pub(super) doing: Doing,
}

/// Where a story leaves its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and any of them may go together"
)]
pub(super) struct Standing {
    pub(super) is_screened: bool,
    pub(super) is_answered: bool,
    pub(super) is_held: bool,
    pub(super) is_escalated: bool,
    pub(super) is_asked: bool,
    pub(super) is_closed: bool,
    pub(super) is_late: bool,
}

/// A story: the intake, then the steps in the order of their times.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) registered: i64,
    pub(super) registrar: CaseworkerId,
    pub(super) intake: Intake,
    pub(super) steps: Vec<Step>,
    pub(super) standing: Standing,
}

/// What a case that is going to come is, before anybody knows who brings it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coming<'m> {
    pub(super) number: u64,
    pub(super) received: i64,
    pub(super) matter: &'m Matter,
    pub(super) nature: Nature,
    pub(super) is_anonymous: bool,
}

/// Who brings it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bringer<'f> {
    pub(super) family: &'f Family,
    pub(super) member: &'f Resident,
}

/// A story while it is being told.
pub(super) struct Telling<'t> {
    pub(super) data: &'t Data,
    pub(super) axis: &'t Axis,
    pub(super) office: &'t Office,
    pub(super) random: Random,
    pub(super) coming: Coming<'t>,
    pub(super) bringer: Bringer<'t>,
    pub(super) clocks: Vec<Clock>,
    pub(super) story: Story,
    /// Where the case is worked.
    pub(super) home: Home,
}

impl<'t> Telling<'t> {
    /// Begins with how the case came. `counter` is the unit that took it in.
    pub(super) fn begin(
        (data, axis, office): (&'t Data, &'t Axis, &'t Office),
        mut random: Random,
        coming: Coming<'t>,
        bringer: Bringer<'t>,
        counter: Home,
        is_screened: bool,
    ) -> Self {
        let channel = channel(coming.nature, coming.is_anonymous, &mut random);
        let (received_at, registered) = arrival(axis, channel, coming.received, &mut random);
        let team = office.team(counter);
        let registrar =
            if is_screened { team.screener(&mut random) } else { team.clerk(&mut random) };
        let spot = spot(data, bringer.family, &mut random);
        let zone = office.calendar.zone();
        let received_on = zone.day(received_at);
        let language = if coming.is_anonymous { "en" } else { bringer.family.culture.language() };
        let says = says(data, coming, language, &spot, received_on, &mut random);
        let asked_by = (!coming.is_anonymous).then_some(bringer.member.id);
        let number = coming.number;
        let intake = Intake {
            channel,
            registry_number: matches!(channel, Channel::Letter | Channel::Fax)
                .then(|| format!("{}-{:05}", received_on.date().year(), 10_000 + number)),
            received_at,
            nature: coming.nature,
            subject: Some(SubjectCode(coming.matter.code.into())),
            asked_by,
            about: about(coming, bringer, &mut random),
            addressee: None,
            place: CasePlace { text: spot.street, area: spot.area.to_owned() },
            says,
            same: SameCheck { shown: Vec::new(), choice: SameChoice::NothingShown },
        };
        let clocks = clocks_for(coming.nature, received_on, &office.calendar);
        let story = Story {
            registered,
            registrar,
            intake,
            steps: Vec::new(),
            standing: Standing { is_screened, ..Standing::default() },
        };
        Self {
            data,
            axis,
            office,
            random,
            coming,
            bringer,
            clocks,
            story,
            home: coming.matter.home,
        }
    }

    /// Adds a step; it is never before the step before it, nor after today.
    pub(super) fn step(&mut self, at: i64, actor: CaseworkerId, doing: Doing) {
        let earliest = self.story.steps.last().map_or(self.story.registered, |step| step.at);
        let at = at.max(earliest).min(self.axis.end());
        self.story.steps.push(Step { at, actor, doing });
    }

    /// Adds an act on the case.
    pub(super) fn act(&mut self, at: i64, actor: CaseworkerId, act: CaseAct) {
        self.step(at, actor, Doing::Act(act));
    }

    /// The time of the last step.
    pub(super) fn now(&self) -> i64 {
        self.story.steps.last().map_or(self.story.registered, |step| step.at)
    }

    /// Working days from the received day to a clock's due day.
    pub(super) fn term(&self, kind: ClockKind) -> i64 {
        let zone = self.office.calendar.zone();
        let days = self.clocks.iter().find(|clock| clock.kind == kind).map_or(1, |clock| {
            self.office.calendar.working_days_between(clock.from, zone.day(clock.due_at))
        });
        i64::from(days.max(1))
    }

    /// A contact of the bringer about the case, or of an office with them.
    pub(super) fn contact(
        &mut self,
        at: i64,
        actor: CaseworkerId,
        direction: Direction,
        summary: String,
    ) {
        let channel = match direction {
            Direction::Out => Channel::Telephone,
            Direction::In => self.random.share(
                &[(60, Channel::Telephone), (18, Channel::WalkIn), (12, Channel::Email)],
                Channel::Letter,
            ),
        };
        let at = at.max(self.now()).min(self.axis.end());
        let started_at = self.axis.instant(at);
        let minutes = self.random.between(2, 14);
        let ended_at = started_at
            .plus_minutes(minutes)
            .min(self.axis.instant(self.axis.end()))
            .max(started_at);
        let person = self.story.intake.asked_by;
        let held =
            NewContact { channel, direction, person, started_at, ended_at, summary, case: None };
        self.step(at, actor, Doing::Contact(held));
    }

    /// A message to the bringer, if there is one to write to.
    pub(super) fn reply(&mut self, at: i64, actor: CaseworkerId, template: &str, words: &str) {
        let Some(addressee) = self.story.intake.asked_by else { return };
        let member = self.bringer.member;
        let channel = if member.has_email && self.random.chance(60) {
            Channel::Email
        } else if member.has_telephone && self.random.chance(60) {
            Channel::Sms
        } else {
            Channel::Letter
        };
        let text = if channel == Channel::Sms {
            words.to_owned()
        } else {
            format!(
                "Dear {},\n\n{words}\n\nYours sincerely,\nBrightwater Town Hall",
                member.addressed
            )
        };
        let to = crate::domain::cases::ReplyAddress { addressee, channel };
        self.act(at, actor, CaseAct::Reply { to, template: Some(template.to_owned()), text });
        self.story.standing.is_answered = true;
    }

    /// A phrase of a section.
    pub(super) fn phrase(&mut self, section: &str) -> String {
        self.phrase_with(section, &[])
    }

    /// A phrase of a section that fits the matter, with what is known for its blanks.
    pub(super) fn phrase_with(&mut self, section: &str, known: &[(&str, &str)]) -> String {
        let fits = (kind_of(self.coming), self.home.code());
        words::phrase(self.data, section, fits, known, &mut self.random)
    }

    /// Whose case it would be: somebody of the unit who works cases, and is not about to go on leave.
    pub(super) fn worker(&mut self, at: i64) -> CaseworkerId {
        let team = self.office.team(self.home);
        let worker = team.worker(&mut self.random);
        let is_leaving = worker == self.office.absent && at > self.axis.end() - 40 * DAY;
        if is_leaving { team.substitute } else { worker }
    }

    /// Ends the story: what it leaves is worked out from the clocks, as the desk does.
    pub(super) fn end(mut self) -> Story {
        let standing = self.story.standing;
        let runs = |clock: &&Clock| match clock.kind {
            ClockKind::Screen => !standing.is_screened,
            ClockKind::Answer => !standing.is_answered,
            ClockKind::Decide | ClockKind::Legal | ClockKind::Source | ClockKind::Update => true,
        };
        let now = self.axis.now();
        let due = self.clocks.iter().filter(runs).map(|clock| clock.due_at).min();
        let waits = standing.is_held || standing.is_asked;
        self.story.standing.is_late =
            !standing.is_closed && !waits && due.is_some_and(|due| due < now);
        self.story
    }
}

/// The kind of a matter, as the sections of phrases name it: what is said of a payment does not fit a broken lamp.
fn kind_of(coming: Coming<'_>) -> &'static str {
    let is_building =
        coming.matter.home == Home::Property || coming.matter.code.starts_with("HOME");
    match coming.nature {
        Nature::Information => "question",
        Nature::Report => "repair",
        Nature::Request if coming.matter.grant.is_some() => "grant",
        Nature::Complaint if is_building => "repair",
        Nature::Complaint | Nature::Request | Nature::Suggestion => "other",
    }
}

/// Nobody gives a report at the counter without being seen; complaints and requests are not anonymous.
fn channel(nature: Nature, is_anonymous: bool, random: &mut Random) -> Channel {
    if is_anonymous {
        return random.share(
            &[(40, Channel::Online), (30, Channel::Kiosk), (20, Channel::Telephone)],
            Channel::Letter,
        );
    }
    let telephone = if nature == Nature::Information { 44 } else { 31 };
    random.share(
        &[
            (telephone, Channel::Telephone),
            (17, Channel::WalkIn),
            (13, Channel::Online),
            (11, Channel::Email),
            (9, Channel::Letter),
            (4, Channel::Sms),
            (4, Channel::Kiosk),
            (3, Channel::Fax),
        ],
        Channel::Audience,
    )
}

/// When it was received, and at which position it was registered. Who stands at the counter is registered at once, what
/// came in the night in the morning, a letter when the registry has opened it.
fn arrival(axis: &Axis, channel: Channel, received: i64, random: &mut Random) -> (Instant, i64) {
    let end = axis.end();
    let received = received.clamp(0, end);
    match channel {
        Channel::Telephone | Channel::WalkIn | Channel::Audience => {
            (axis.instant(received), (received + random.between(3, 15)).min(end))
        }
        Channel::Letter | Channel::Fax => {
            (axis.instant(received), (received + random.between(120, 2 * DAY)).min(end))
        }
        Channel::Email | Channel::Sms | Channel::Kiosk | Channel::Online => {
            let is_overnight = random.chance(45);
            let lag = if is_overnight { random.between(40, 840) } else { random.between(5, 200) };
            let opening = received - received.rem_euclid(DAY);
            let seen = if is_overnight { opening } else { received };
            (axis.instant(seen).plus_minutes(-lag), (seen + random.between(5, 90)).min(end))
        }
    }
}

/// Mostly at home, sometimes elsewhere in the town.
fn spot(data: &Data, family: &Family, random: &mut Random) -> Spot {
    if random.chance(72) {
        return Spot { street: family.street.clone(), area: family.area };
    }
    let area = random.pick(&data.areas);
    let street = area.map_or("", |area| random.words(&area.streets));
    Spot {
        street: format!("{street} {}", random.between(1, 88)),
        area: area.map_or("", |area| area.name),
    }
}

fn says(
    data: &Data,
    coming: Coming<'_>,
    language: &str,
    spot: &Spot,
    on: crate::domain::time::Day,
    random: &mut Random,
) -> String {
    let fits = |wording: &&super::data::Wording| wording.nature == coming.nature;
    let own =
        coming.matter.wordings.iter().filter(fits).filter(|wording| wording.language == language);
    let own: Vec<_> = own.collect();
    let english =
        coming.matter.wordings.iter().filter(fits).filter(|wording| wording.language == "en");
    let english: Vec<_> = english.collect();
    let is_own = english.is_empty() || (!own.is_empty() && random.chance(45));
    let wording = random.pick(if is_own { &own } else { &english }).copied();
    wording
        .or(coming.matter.wordings.first())
        .map_or_else(String::new, |wording| words::asks(data, wording, spot, on, random))
}

fn about(coming: Coming<'_>, bringer: Bringer<'_>, random: &mut Random) -> About {
    use crate::domain::people::FamilyRole;
    let family = bringer.family;
    if coming.is_anonymous {
        return About::Same;
    }
    let relative = |role| {
        family.members.iter().find(move |other| other.role == role && other.id != bringer.member.id)
    };
    let child = relative(FamilyRole::Child).filter(|_| coming.matter.home == Home::Education);
    let parent = relative(FamilyRole::Parent).filter(|_| coming.matter.home == Home::Social);
    if let Some(other) = child.or(parent).filter(|_| random.chance(70)) {
        return About::Person(other.id);
    }
    match family.household {
        Some(household) if coming.matter.home == Home::Housing && random.chance(25) => {
            About::Household(household)
        }
        _ => About::Same,
    }
}

/// Puts the number of the case into what was written before it had one.
pub(super) fn numbered(act: CaseAct, case: CaseId) -> CaseAct {
    let CaseAct::Reply { to, template, text } = act else { return act };
    CaseAct::Reply { to, template, text: text.replace(words::CASE_BLANK, &case.to_string()) }
}

/// Whom the case is about, for a service.
pub(super) fn recipient(intake: &Intake) -> Option<PersonId> {
    match intake.about {
        About::Person(person) => Some(person),
        About::Same | About::Household(_) => intake.asked_by,
    }
}
