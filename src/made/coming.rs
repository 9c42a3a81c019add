//! Which cases come to a made office, when, and what becomes of each: decided before anything is written.

use crate::domain::cases::Nature;
use crate::domain::time::Calendar;

use super::axis::{Axis, DAY};
use super::course::Fate;
use super::data::{Data, Home, Matter};
use super::random::Random;
use super::story::Coming;

/// The stream of chance of what a case is.
const MATTER: u64 = 3;
/// How many cases in a thousand are open today.
const OPEN_PERMILLE: u64 = 125;
/// How many open cases in a hundred are Housing's.
const HOUSING_PERCENT: u64 = 34;

/// Whose an open case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The manager's of its unit.
    Managers,
    /// Somebody else's of its unit, where it is anybody's.
    Others,
}

/// Where an open case stands against its next clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Haste {
    InTime,
    Today,
    Late,
}

/// A case with its fate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fated<'m> {
    pub(super) coming: Coming<'m>,
    pub(super) fate: Fate,
    pub(super) whose: Whose,
}

/// What Housing always has, in this order as far as it has cases: the twelve of its manager, the escalations to the
/// manager, and what is late, due today or came back.
const HOUSING: [(Fate, Whose, Haste); 26] = {
    use Fate as F;
    use Haste as H;
    use Whose as W;
    [
        (F::Claimed, W::Managers, H::InTime),
        (F::Raised, W::Others, H::InTime),
        (F::Free, W::Others, H::Late),
        (F::Answered, W::Managers, H::InTime),
        (F::Free, W::Others, H::Today),
        (F::Raised, W::Others, H::InTime),
        (F::Answered, W::Managers, H::Late),
        (F::Held, W::Managers, H::InTime),
        (F::Seen, W::Others, H::InTime),
        (F::Claimed, W::Managers, H::Today),
        (F::Raised, W::Managers, H::InTime),
        (F::Claimed, W::Others, H::Late),
        (F::Ruled, W::Managers, H::InTime),
        (F::Answered, W::Managers, H::InTime),
        (F::MailFailed, W::Others, H::InTime),
        (F::Claimed, W::Managers, H::InTime),
        (F::Answered, W::Managers, H::InTime),
        (F::Claimed, W::Managers, H::Late),
        (F::Answered, W::Others, H::Late),
        (F::Held, W::Managers, H::InTime),
        (F::MailFailed, W::Others, H::InTime),
        (F::Free, W::Others, H::Late),
        (F::Claimed, W::Others, H::Today),
        (F::Answered, W::Managers, H::InTime),
        (F::Ruled, W::Others, H::InTime),
        (F::Free, W::Others, H::Today),
    ]
};

/// All cases of a plan, in the order in which they come. `first` is where the two years begin.
pub(super) fn cases<'m>(
    data: &'m Data,
    axis: &Axis,
    calendar: &Calendar,
    seed: u64,
    first: i64,
    count: u64,
) -> Vec<Fated<'m>> {
    let open = count.saturating_mul(OPEN_PERMILLE) / 1_000;
    let housing = open.saturating_mul(HOUSING_PERCENT).div_ceil(100);
    let mut cases: Vec<Fated<'m>> = (0..count)
        .filter_map(|number| {
            let mut random = Random::of(seed, MATTER, number);
            if number < open {
                let home = if number < housing { Home::Housing } else { other_home(&mut random) };
                let (fate, whose, haste) = stand(home, number, &mut random);
                open_case(data, axis, calendar, number, home, (fate, whose, haste), &mut random)
            } else {
                let home = random.share(
                    &[
                        (27, Home::Housing),
                        (19, Home::Education),
                        (22, Home::Property),
                        (18, Home::Social),
                    ],
                    Home::Registry,
                );
                closed_case(data, axis, first, number, home, &mut random)
            }
        })
        .collect();
    cases.sort_by_key(|fated| (fated.coming.received, fated.coming.number));
    cases
}

fn other_home(random: &mut Random) -> Home {
    random.share(&[(26, Home::Education), (30, Home::Property), (24, Home::Social)], Home::Registry)
}

fn stand(home: Home, number: u64, random: &mut Random) -> (Fate, Whose, Haste) {
    let fixed = usize::try_from(number).ok().and_then(|place| HOUSING.get(place));
    if let Some(fixed) = fixed.filter(|_| home == Home::Housing) {
        return *fixed;
    }
    let fate = random.share(
        &[
            (33, Fate::Free),
            (16, Fate::Claimed),
            (20, Fate::Answered),
            (9, Fate::Held),
            (2, Fate::Ruled),
            (1, Fate::MailFailed),
            (9, Fate::Screening),
            (3, Fate::NeedsInfo),
        ],
        if home == Home::Housing { Fate::Answered } else { Fate::Raised },
    );
    let haste = match fate {
        Fate::Free | Fate::Claimed | Fate::Answered => {
            random.share(&[(84, Haste::InTime), (9, Haste::Today)], Haste::Late)
        }
        Fate::Closed
        | Fate::Screening
        | Fate::NeedsInfo
        | Fate::MailFailed
        | Fate::Held
        | Fate::Raised
        | Fate::Seen
        | Fate::Ruled => Haste::InTime,
    };
    (fate, Whose::Others, haste)
}

fn subject<'m>(data: &'m Data, home: Home, random: &mut Random) -> Option<(&'m Matter, Nature)> {
    let own: Vec<&Matter> = data
        .matters
        .iter()
        .filter(|matter| matter.home == home && !matter.wordings.is_empty())
        .collect();
    let matter = random.pick(&own).copied()?;
    let nature = random.pick(&matter.wordings)?.nature;
    Some((matter, nature))
}

fn closed_case<'m>(
    data: &'m Data,
    axis: &Axis,
    first: i64,
    number: u64,
    home: Home,
    random: &mut Random,
) -> Option<Fated<'m>> {
    let (matter, nature) = subject(data, home, random)?;
    let received = random.between(first, (axis.end() - 3 * DAY).max(first));
    let is_anonymous = may_be_anonymous(nature) && random.chance(14);
    Some(Fated {
        coming: Coming { number, received, matter, nature, is_anonymous },
        fate: Fate::Closed,
        whose: Whose::Others,
    })
}

fn may_be_anonymous(nature: Nature) -> bool {
    match nature {
        Nature::Report | Nature::Suggestion => true,
        Nature::Complaint | Nature::Request | Nature::Information => false,
    }
}

fn open_case<'m>(
    data: &'m Data,
    axis: &Axis,
    calendar: &Calendar,
    number: u64,
    home: Home,
    (fate, whose, haste): (Fate, Whose, Haste),
    random: &mut Random,
) -> Option<Fated<'m>> {
    let (mut matter, mut nature) = subject(data, home, random)?;
    // A question is answered within a day, so it hardly ever stays open for long.
    for _ in 0..8 {
        if nature != Nature::Information || matches!(fate, Fate::Free | Fate::Screening) {
            break;
        }
        (matter, nature) = subject(data, home, random)?;
    }
    let (answer, decide) = terms(nature, axis, calendar);
    let is_answered = matches!(
        fate,
        Fate::Answered | Fate::MailFailed | Fate::Held | Fate::Raised | Fate::Seen | Fate::Ruled
    );
    let term = if is_answered { decide } else { answer };
    let days = match (fate, haste) {
        (Fate::Screening | Fate::NeedsInfo, _) => 0,
        (_, Haste::InTime) if is_answered => random.between(1, (term - 2).max(1)),
        (_, Haste::InTime) => random.between(0, term - 1),
        (_, Haste::Today) => term,
        (_, Haste::Late) => term + random.between(1, 6),
    };
    let minute = random.between(0, if days == 0 { axis.end() - axis.today() } else { DAY - 60 });
    let is_anonymous = may_be_anonymous(nature)
        && matches!(fate, Fate::Free | Fate::Claimed | Fate::Screening)
        && random.chance(16);
    let received = (axis.today() - days * DAY + minute).max(0);
    Some(Fated { coming: Coming { number, received, matter, nature, is_anonymous }, fate, whose })
}

/// Working days to the first answer and to the decision, by the rule of the type itself.
fn terms(nature: Nature, axis: &Axis, calendar: &Calendar) -> (i64, i64) {
    use crate::domain::cases::clocks_for;
    use crate::domain::time::ClockKind;
    let from = axis.day(axis.today());
    let zone = calendar.zone();
    let clocks = clocks_for(nature, from, calendar);
    let days = |kind| {
        clocks.iter().find(|clock| clock.kind == kind).map_or(1, |clock| {
            i64::from(calendar.working_days_between(from, zone.day(clock.due_at)).max(1))
        })
    };
    (days(ClockKind::Answer), days(ClockKind::Decide))
}
