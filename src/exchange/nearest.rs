//! Finds the name that was most likely meant.

/// `; did you mean ...` for the candidate that is few slips away from what was written; empty where none is.
pub(super) fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    let allowed = (written.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (slips(&written.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(slips, _)| *slips <= allowed)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}

/// Letters to insert, delete or replace to get from one name to the other.
fn slips(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, left) in from.chars().enumerate() {
        let mut before = index;
        let mut here = index + 1;
        for (column, right) in to.iter().enumerate() {
            let above = row.get(column + 1).copied().unwrap_or(usize::MAX - 1);
            let next = (before + usize::from(left != *right)).min(above + 1).min(here + 1);
            if let Some(cell) = row.get_mut(column) {
                *cell = here;
            }
            before = above;
            here = next;
        }
        if let Some(cell) = row.last_mut() {
            *cell = here;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, slips};

    #[test]
    fn slips_count_letters_and_a_far_name_is_not_meant() {
        for (from, to, count) in
            [("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("same", "same", 0)]
        {
            assert_eq!(slips(from, to), count, "{from} {to}");
        }
        assert_eq!(did_you_mean("recieved", ["ended", "received"]), "; did you mean `received`?");
        assert_eq!(did_you_mean("colour", ["ended", "received"]), "");
    }
}
