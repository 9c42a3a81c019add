//! Divides the rows of the screen among head, timeline, the chosen entry's text and the editor.

/// The rows of the head that are there before anything else: the reference, the people, the next clock.
const HEAD_MIN: usize = 3;
/// The fewest rows of the timeline, its title included, that are of use.
const TIMELINE_MIN: usize = 3;
/// The fewest rows of an entry's text, its title included, that are of use.
const DETAIL_MIN: usize = 2;

/// Rows of each part, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Division {
    pub(super) head: usize,
    pub(super) timeline: usize,
    pub(super) detail: usize,
    pub(super) editor: usize,
}

/// What each part would like to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wishes {
    pub(super) head: usize,
    pub(super) timeline: usize,
    pub(super) detail: usize,
    pub(super) editor: usize,
    /// Whether the entry's text goes before the timeline.
    pub(super) is_detail_first: bool,
}

/// Divides: the editor comes first, for it has the cursor; then the first lines of the head, some of the timeline and
/// of the text, the rest of the head; what is left over goes to the timeline, then to the text.
pub(super) fn divide(rows: usize, wishes: Wishes) -> Division {
    let mut left = rows;
    let mut take = |wish: usize| {
        let taken = wish.min(left);
        left -= taken;
        taken
    };
    let editor = take(wishes.editor);
    let mut head = take(wishes.head.min(HEAD_MIN));
    let mut timeline = take(wishes.timeline.min(TIMELINE_MIN));
    let mut detail = take(wishes.detail.min(DETAIL_MIN));
    head += take(wishes.head - head);
    if wishes.is_detail_first {
        detail += take(wishes.detail - detail);
        timeline += take(wishes.timeline - timeline);
    } else {
        // The text gets a third of what is left before the timeline takes the rest, for one of the two is being read.
        detail += take((wishes.detail - detail).min((rows / 3).saturating_sub(detail)));
        timeline += take(wishes.timeline - timeline);
        detail += take(wishes.detail - detail);
    }
    Division { head, timeline, detail, editor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_given_twice_however_few_there_are() {
        for rows in 0..60 {
            for editor in [0, 6, 30] {
                for is_detail_first in [false, true] {
                    let wishes =
                        Wishes { head: 8, timeline: 24, detail: 12, editor, is_detail_first };
                    let Division { head, timeline, detail, editor } = divide(rows, wishes);
                    assert!(head + timeline + detail + editor <= rows);
                }
            }
        }
    }

    #[test]
    fn an_editor_leaves_the_reference_and_a_few_entries_on_a_small_screen() {
        let wishes = Wishes { head: 6, timeline: 20, detail: 5, editor: 8, is_detail_first: false };
        let division = divide(22, wishes);
        assert_eq!((division.head, division.editor), (6, 8));
        assert!(division.timeline >= 3 && division.detail >= 2);
    }
}
