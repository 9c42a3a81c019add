//! How two words differ, in as few words as a row has room for.

/// Differences that are named; more of them say nothing to anybody.
const NAMED_MAX: usize = 3;

/// Letters of a word that are compared; words of the search index are no longer.
const LETTERS_MAX: usize = 32;

/// One difference between a typed word and what it matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    /// A letter that was not typed.
    More(char),
    /// A letter that was typed and is not there.
    Less(char),
    /// The letter that is there, and the one that was typed.
    For(char, char),
    /// Two letters that were typed the other way round, as they are.
    Turned(char, char),
}

/// What is otherwise in `is` than in `typed`, as `m, a for e`; nothing where that is too much to be named.
///
/// Where only a beginning was typed, what follows is no difference.
pub(super) fn difference(typed: &str, is: &str, is_beginning: bool) -> Option<String> {
    let typed: Vec<char> = typed.chars().take(LETTERS_MAX).collect();
    let is: Vec<char> = is.chars().take(LETTERS_MAX).collect();
    let mut found = differences(&typed, &is);
    if is_beginning {
        while matches!(found.last(), Some((place, Difference::More(_))) if *place == typed.len()) {
            found.pop();
        }
    }
    if found.is_empty() || found.len() > NAMED_MAX {
        return None;
    }
    let named = |(_, difference): &(usize, Difference)| match difference {
        Difference::More(letter) => letter.to_string(),
        Difference::Less(letter) => format!("no {letter}"),
        Difference::For(is, typed) => format!("{is} for {typed}"),
        Difference::Turned(one, other) => format!("{one}{other} for {other}{one}"),
    };
    Some(found.iter().map(named).collect::<Vec<_>>().join(", "))
}

/// The fewest differences, each with the place in `typed` where it is.
fn differences(typed: &[char], is: &[char]) -> Vec<(usize, Difference)> {
    let costs = costs(typed, is);
    let cost = |from: usize, to: usize| costs.get(from).and_then(|row| row.get(to)).copied();
    let (mut from, mut to) = (0, 0);
    let mut found = Vec::new();
    while let Some(here) = cost(from, to).filter(|here| *here > 0) {
        let pair = (typed.get(from), is.get(to));
        if let (Some(one), Some(other)) = pair
            && one == other
            && cost(from + 1, to + 1) == Some(here)
        {
            (from, to) = (from + 1, to + 1);
            continue;
        }
        let is_next = |step: (usize, usize)| cost(from + step.0, to + step.1) == Some(here - 1);
        let turned = (typed.get(from + 1), is.get(to + 1));
        let (step, difference) = match pair {
            (Some(one), Some(other))
                if turned == (Some(other), Some(one)) && one != other && is_next((2, 2)) =>
            {
                ((2, 2), Difference::Turned(*other, *one))
            }
            // A letter too few or too many comes first, so that the letters after it stand for each other.
            (_, Some(other)) if is_next((0, 1)) => ((0, 1), Difference::More(*other)),
            (Some(one), _) if is_next((1, 0)) => ((1, 0), Difference::Less(*one)),
            (Some(one), Some(other)) => ((1, 1), Difference::For(*other, *one)),
            (Some(_) | None, None) | (None, Some(_)) => break,
        };
        found.push((from, difference));
        (from, to) = (from + step.0, to + step.1);
    }
    found
}

/// The fewest differences between the ends of both words, from each pair of places on.
fn costs(typed: &[char], is: &[char]) -> Vec<Vec<usize>> {
    let mut costs = vec![vec![0_usize; is.len() + 1]; typed.len() + 1];
    for from in (0..=typed.len()).rev() {
        for to in (0..=is.len()).rev() {
            let cost = |from: usize, to: usize| costs.get(from)?.get(to).copied();
            let (one, other) = (typed.get(from), is.get(to));
            let least = match (one, other) {
                (Some(one), Some(other)) => {
                    let next = cost(from + 1, to + 1).map(|cost| cost + usize::from(one != other));
                    let is_turned =
                        (typed.get(from + 1), is.get(to + 1)) == (Some(other), Some(one));
                    let turned = cost(from + 2, to + 2).filter(|_| is_turned).map(|cost| cost + 1);
                    let one_more = cost(from, to + 1).map(|cost| cost + 1);
                    let one_less = cost(from + 1, to).map(|cost| cost + 1);
                    [next, turned, one_more, one_less].into_iter().flatten().min()
                }
                (Some(_), None) => Some(typed.len() - from),
                (None, _) => Some(is.len() - to),
            };
            if let Some(cell) = costs.get_mut(from).and_then(|row| row.get_mut(to)) {
                *cell = least.unwrap_or_default();
            }
        }
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_differences_are_named_letter_by_letter() {
        let said = |typed, is| difference(typed, is, false).unwrap_or_default();
        assert_eq!(said("mohamedi", "mohammadi"), "m, a for e");
        assert_eq!(said("mohammadi", "mohamedi"), "no m, e for a");
        assert_eq!(said("fetherstone", "featherstone"), "a");
        assert_eq!(said("sahra", "sara"), "no h");
        assert_eq!(said("blkae", "blake"), "ak for ka");
        assert_eq!(said("sara", "sara"), "");
        assert_eq!(said("sara", "wqpl"), "");
        assert_eq!(difference("fether", "featherstone", true).unwrap_or_default(), "a");
    }
}
