//! How equal waiting is between groups of citizens: sums over groups, in which nobody is named and nobody stands alone.
//!
//! Means are compared by the index of Jain, Chiu and Hawe, "A Quantitative Measure of Fairness and Discrimination for Resource
//! Allocation in Shared Computer Systems" (DEC-TR-301, 1984): the square of the sum over n times the sum of the squares. It
//! is 1 where all groups wait the same on average, and 1/n where one of them does all of the waiting. The worst group is the
//! one with the longest median, and its ratio is that median over the median of everybody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Cases below which a group is not told of by itself, so that no single citizen's waiting shows: it goes into [`OTHER`].
pub const GROUP_CASES_MIN: usize = 10;
/// The group of those that are too small.
pub const OTHER: &str = "other";
/// Groups of one kind that are told of; the smallest beyond them go into [`OTHER`].
pub const GROUPS_MAX: usize = 60;

/// How long the cases of a group waited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The group.
    pub group: String,
    /// How many cases.
    pub cases: u64,
    /// Their mean, in minutes.
    pub mean_minutes: u64,
    /// Their median, in minutes: of two in the middle, the shorter.
    pub median_minutes: u64,
}

/// How equal waiting is between the groups of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equality {
    /// The groups, the longest median first.
    pub groups: Vec<Waiting>,
    /// Jain's index over the means, in thousandths; none where nothing waited, or in fewer than two groups.
    pub jain_thousandths: Option<u32>,
    /// The worst group's median over that of everybody, in hundredths; none where that is nothing, or there are fewer than
    /// two groups.
    pub worst_hundredths: Option<u64>,
}

/// How equal the waiting of these cases is, each given with its group and its minutes. Fewer than [`GROUP_CASES_MIN`] cases
/// in all make no group.
///
/// ```
/// use casedesk::domain::fairness::equality;
/// let of = |group: &'static str, minutes| (0..10).map(move |_| (group.to_owned(), minutes));
/// let told = equality(of("W1", 10).chain(of("W7", 30)).chain([("W9".to_owned(), 5)]));
/// // The one case of W9 would show: it goes together with the smallest other group.
/// assert_eq!(told.groups.len(), 2);
/// let even = equality(of("W1", 10).chain(of("W7", 10)));
/// assert_eq!((even.jain_thousandths, even.worst_hundredths), (Some(1_000), Some(100)));
/// let uneven = equality(of("W1", 10).chain(of("W7", 30)));
/// assert_eq!((uneven.jain_thousandths, uneven.worst_hundredths), (Some(800), Some(300)));
/// ```
pub fn equality(waits: impl IntoIterator<Item = (String, u64)>) -> Equality {
    let mut by_group: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut all = Vec::new();
    for (group, minutes) in waits {
        by_group.entry(group).or_default().push(minutes);
        all.push(minutes);
    }
    let mut groups: Vec<Waiting> =
        without_small(by_group).into_iter().map(|(group, waits)| waited(group, waits)).collect();
    groups.sort_by(|one, other| {
        (other.median_minutes, &one.group).cmp(&(one.median_minutes, &other.group))
    });
    let has_some = groups.len() > 1;
    let jain_thousandths = jain(&groups).filter(|_| has_some);
    let everybody = waited(String::new(), all).median_minutes;
    let worst = groups.first().filter(|_| has_some);
    let worst_hundredths =
        worst.and_then(|worst| worst.median_minutes.saturating_mul(100).checked_div(everybody));
    Equality { groups, jain_thousandths, worst_hundredths }
}

/// The groups with those that are too small put together; nothing where even all together are.
fn without_small(by_group: BTreeMap<String, Vec<u64>>) -> Vec<(String, Vec<u64>)> {
    let mut groups: Vec<(String, Vec<u64>)> = by_group.into_iter().collect();
    groups.sort_by_key(|(_, waits)| std::cmp::Reverse(waits.len()));
    let (mut kept, mut other) = (Vec::new(), Vec::new());
    for (group, mut waits) in groups {
        if waits.len() < GROUP_CASES_MIN || kept.len() >= GROUPS_MAX || group == OTHER {
            other.append(&mut waits);
        } else {
            kept.push((group, waits));
        }
    }
    // What is left out of all others would show what the small ones are.
    while !other.is_empty() && other.len() < GROUP_CASES_MIN {
        let Some((_, mut smallest)) = kept.pop() else { return Vec::new() };
        other.append(&mut smallest);
    }
    if !other.is_empty() {
        kept.push((OTHER.to_owned(), other));
    }
    kept
}

fn waited(group: String, mut minutes: Vec<u64>) -> Waiting {
    minutes.sort_unstable();
    let cases = u64::try_from(minutes.len()).unwrap_or(u64::MAX);
    let sum = minutes.iter().fold(0_u64, |sum, minutes| sum.saturating_add(*minutes));
    let middle = minutes.len().saturating_sub(1) / 2;
    Waiting {
        group,
        cases,
        mean_minutes: sum.checked_div(cases).unwrap_or(0),
        median_minutes: minutes.get(middle).copied().unwrap_or(0),
    }
}

fn jain(groups: &[Waiting]) -> Option<u32> {
    let means = || groups.iter().map(|group| u128::from(group.mean_minutes));
    let sum = means().fold(0_u128, u128::saturating_add);
    let squares = means().fold(0_u128, |all, mean| all.saturating_add(mean.saturating_mul(mean)));
    let count = u128::try_from(groups.len()).ok()?;
    let square = sum.saturating_mul(sum).saturating_mul(1_000);
    u32::try_from(square.checked_div(count.saturating_mul(squares))?).ok()
}
