//! A row stays under the cursor though it has left its list, so that a key never hits its neighbour instead.

/// Rows as they are now, where the cursor is among them, and whether its row is not one of them any more: that row then
/// lies where it lay, below the nearest one that was above it, until the cursor leaves it.
pub(in crate::tui) fn keep<R: Clone>(
    before: &[R],
    cursor: usize,
    mut now: Vec<R>,
    is_same: impl Fn(&R, &R) -> bool,
) -> (Vec<R>, usize, bool) {
    let Some(row) = before.get(cursor) else { return (now, 0, false) };
    let place = |row: &R, now: &[R]| now.iter().position(|other| is_same(row, other));
    if let Some(place) = place(row, &now) {
        return (now, place, false);
    }
    let above = before.iter().take(cursor).rev().find_map(|row| place(row, &now));
    let below = before.iter().skip(cursor).find_map(|row| place(row, &now));
    let at = above.map(|at| at + 1).or(below).unwrap_or_else(|| cursor.min(now.len()));
    now.insert(at, row.clone());
    (now, at, true)
}

#[cfg(test)]
mod tests {
    use super::keep;

    #[test]
    fn a_row_that_is_gone_lies_where_it_lay_whatever_came_and_went_around_it() {
        let kept = |before: &[u8], cursor, now: &[u8]| {
            keep(before, cursor, now.to_vec(), |one, other| one == other)
        };
        assert_eq!(kept(&[1, 2, 3], 1, &[0, 1, 3]), (vec![0, 1, 2, 3], 2, true));
        assert_eq!(kept(&[1, 2, 3], 1, &[3, 2, 1]), (vec![3, 2, 1], 1, false));
        assert_eq!(kept(&[1, 2, 3], 1, &[9, 3]), (vec![9, 2, 3], 1, true));
        assert_eq!(kept(&[1, 2, 3], 2, &[]), (vec![3], 0, true));
        assert_eq!(kept(&[], 0, &[4]), (vec![4], 0, false));
    }
}
