//! Finds the name that was most likely meant.

/// The candidate nearest to the name, in capitals or not, if one is near enough that the name may be a slip of it.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (edits(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, delete, replace or swap with their neighbour to get from one name to the other.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut above_that: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    let mut last_left = None;
    for (index, left) in from.chars().enumerate() {
        let mut row = vec![index + 1];
        let mut last_right = None;
        for (column, &right) in to.iter().enumerate() {
            let at =
                |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&above, column) + usize::from(left != right);
            let one_side = at(&above, column + 1).min(at(&row, column)) + 1;
            let is_swap = last_left == Some(right) && last_right == Some(left);
            let swapped = match column.checked_sub(1) {
                Some(before) if is_swap => at(&above_that, before) + 1,
                Some(_) | None => usize::MAX,
            };
            row.push(replaced.min(one_side).min(swapped));
            last_right = Some(right);
        }
        above_that = std::mem::replace(&mut above, row);
        last_left = Some(left);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{edits, nearest};

    #[test]
    fn edits_count_slips_of_the_finger() {
        for (from, to, slips) in [
            ("vim", "vim", 0),
            ("vmi", "vim", 1),
            ("case.escalat", "case.escalate", 1),
            ("bord", "board", 1),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(edits(from, to), slips, "{from} {to}");
        }
    }

    #[test]
    fn a_name_that_is_far_from_all_gets_no_suggestion() {
        assert_eq!(nearest("emacs", ["default", "vim"]), None);
        assert_eq!(nearest("find.opne", ["find.open", "find.open-hit"]), Some("find.open"));
        assert_eq!(nearest("recieved", ["ended", "Received"]), Some("Received"));
        assert_eq!(nearest("colour", ["ended", "received"]), None);
    }
}
