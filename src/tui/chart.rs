//! Small charts in rows of text, for whoever would rather look than read: the digits stand beside them in any case.

/// What charts are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charts {
    /// Letters and signs of every terminal.
    #[default]
    Ascii,
    /// Blocks of eight heights.
    Blocks,
}

/// The heights of a column, the lowest first; the first is for nothing at all.
const ASCII: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl Charts {
    /// One column for each value, from `low` on the ground to the highest value. Whatever is more than `low` is seen.
    pub(in crate::tui) fn spark(self, values: &[u64], low: u64) -> String {
        let heights = match self {
            Self::Ascii => ASCII,
            Self::Blocks => BLOCKS,
        };
        let range = values.iter().copied().max().unwrap_or_default().saturating_sub(low);
        let height = |value: u64| {
            let steps = value.saturating_sub(low).saturating_mul(7).div_ceil(range.max(1));
            usize::try_from(steps).unwrap_or_default()
        };
        let column = |value: &u64| heights.get(height(*value).min(7)).copied().unwrap_or(' ');
        values.iter().map(column).collect()
    }
}

/// A bar of so many parts of `most`, in at most so many cells; whatever is there at all has one.
pub(in crate::tui) fn bar(value: u64, most: u64, cells: usize) -> String {
    let cells = u64::try_from(cells).unwrap_or_default();
    let long = value.saturating_mul(cells).div_ceil(most.max(1)).min(cells);
    "#".repeat(usize::try_from(long).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_as_high_as_its_value_and_what_is_there_is_seen() {
        assert_eq!(Charts::Ascii.spark(&[0, 1, 50, 100], 0), "_.=#");
        assert_eq!(Charts::Blocks.spark(&[0, 1, 50, 100], 0), "▁▂▅█");
        assert_eq!(Charts::Ascii.spark(&[1_000, 1_007], 1_000), "_#");
        assert_eq!(Charts::Ascii.spark(&[0, 0], 0), "__");
        assert_eq!(Charts::Ascii.spark(&[], 0), "");
        assert_eq!(bar(1, 1_000, 10), "#");
        assert_eq!((bar(0, 5, 10).as_str(), bar(5, 5, 4).as_str()), ("", "####"));
    }
}
