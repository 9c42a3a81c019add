//! The numbering plans that are known: how long a national number is, and how its digits are grouped.
//!
//! Sources: the national plans as the ITU publishes them (Operational Bulletin, numbering), ITU-T E.123 for the groups. Kept
//! coarse on purpose: which ranges are in use changes every month, and a number that was given out last week is not to be
//! refused.

/// A country's numbering plan.
#[derive(Debug)]
pub(super) struct Plan {
    /// ISO 3166-1.
    pub(super) country: &'static str,
    /// The country code.
    pub(super) code: &'static str,
    /// What is dialled before a national number within the country, if anything is.
    pub(super) trunk: &'static str,
    /// What stands for `+` there.
    pub(super) international: &'static str,
    /// What stands between the groups behind the country code.
    pub(super) separator: char,
    /// The first shape whose beginning fits says how long the number may be, and how it is grouped.
    pub(super) shapes: &'static [Shape],
}

/// The numbers of a plan that begin alike: the beginning, how long they are, and the sizes of the groups. The last group
/// takes what is left; a number without groups is written in one.
pub(super) struct Shape(
    pub(super) &'static str,
    pub(super) &'static [usize],
    pub(super) &'static [usize],
);

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}*", self.0)
    }
}

const NORWAY: &[Shape] = &[
    Shape("0", &[5], &[]),
    Shape("80", &[8], &[3, 2, 3]),
    Shape("81", &[8], &[3, 2, 3]),
    Shape("82", &[8], &[3, 2, 3]),
    Shape("85", &[8], &[3, 2, 3]),
    Shape("88", &[8], &[3, 2, 3]),
    Shape("1", &[3, 4, 6], &[]),
    Shape("", &[8], &[2, 2, 2, 2]),
];

/// All plans; where two countries share a code, the first is meant by it.
pub(super) const PLANS: &[Plan] = &[
    Plan {
        country: "MX",
        code: "52",
        trunk: "",
        international: "00",
        separator: ' ',
        shapes: &[
            Shape("0", &[], &[]),
            Shape("33", &[10], &[2, 4, 4]),
            Shape("55", &[10], &[2, 4, 4]),
            Shape("56", &[10], &[2, 4, 4]),
            Shape("81", &[10], &[2, 4, 4]),
            Shape("", &[10], &[3, 3, 4]),
        ],
    },
    Plan {
        country: "TR",
        code: "90",
        trunk: "0",
        international: "00",
        separator: ' ',
        shapes: &[
            Shape("0", &[], &[]),
            Shape("444", &[7], &[]),
            Shape("512", &[10], &[3, 3, 4]),
            Shape("8", &[10], &[3, 3, 4]),
            Shape("9", &[10], &[3, 3, 4]),
            Shape("", &[10], &[3, 3, 2, 2]),
        ],
    },
    Plan {
        country: "NO",
        code: "47",
        trunk: "",
        international: "00",
        separator: ' ',
        shapes: NORWAY,
    },
    Plan {
        country: "SJ",
        code: "47",
        trunk: "",
        international: "00",
        separator: ' ',
        shapes: NORWAY,
    },
    Plan {
        country: "IR",
        code: "98",
        trunk: "0",
        international: "00",
        separator: ' ',
        shapes: &[
            Shape("0", &[], &[]),
            Shape("96", &[4, 5], &[]),
            Shape("9", &[10], &[3, 3, 4]),
            Shape("", &[10], &[2, 4, 4]),
        ],
    },
    Plan {
        country: "GB",
        code: "44",
        trunk: "0",
        international: "00",
        separator: ' ',
        shapes: &[
            Shape("0", &[], &[]),
            Shape("2", &[10], &[2, 4, 4]),
            Shape("11", &[10], &[3, 3, 4]),
            Shape("121", &[10], &[3, 3, 4]),
            Shape("131", &[10], &[3, 3, 4]),
            Shape("141", &[10], &[3, 3, 4]),
            Shape("151", &[10], &[3, 3, 4]),
            Shape("161", &[10], &[3, 3, 4]),
            Shape("191", &[10], &[3, 3, 4]),
            Shape("1", &[9, 10], &[4, 6]),
            Shape("3", &[10], &[3, 3, 4]),
            Shape("5", &[10], &[2, 4, 4]),
            Shape("70", &[10], &[2, 4, 4]),
            Shape("7624", &[10], &[4, 6]),
            Shape("76", &[10], &[2, 4, 4]),
            Shape("7", &[10], &[4, 6]),
            Shape("8001111", &[7], &[3, 4]),
            Shape("8454", &[7, 10], &[3, 3, 4]),
            Shape("80", &[9, 10], &[3, 3, 4]),
            Shape("8", &[10], &[3, 3, 4]),
            Shape("9", &[10], &[3, 3, 4]),
            Shape("", &[], &[]),
        ],
    },
    Plan {
        country: "US",
        code: "1",
        trunk: "1",
        international: "011",
        separator: '-',
        shapes: &[Shape("0", &[], &[]), Shape("1", &[], &[]), Shape("", &[10], &[3, 3, 4])],
    },
    Plan {
        country: "ES",
        code: "34",
        trunk: "",
        international: "00",
        separator: ' ',
        shapes: &[
            Shape("800", &[9], &[3, 3, 3]),
            Shape("900", &[9], &[3, 3, 3]),
            Shape("5", &[9], &[3, 2, 2, 2]),
            Shape("6", &[9], &[3, 2, 2, 2]),
            Shape("7", &[9], &[3, 2, 2, 2]),
            Shape("8", &[9], &[3, 2, 2, 2]),
            Shape("9", &[9], &[3, 2, 2, 2]),
            Shape("", &[], &[]),
        ],
    },
    Plan {
        country: "NL",
        code: "31",
        trunk: "0",
        international: "00",
        separator: ' ',
        shapes: &[
            Shape("0", &[], &[]),
            Shape("14", &[5, 6], &[]),
            Shape("66", &[9], &[2, 7]),
            Shape("6", &[9], &[1, 8]),
            Shape("80", &[7, 10, 11], &[3, 4]),
            Shape("90", &[7, 10, 11], &[3, 4]),
            Shape("", &[9], &[2, 3, 4]),
        ],
    },
];

impl Plan {
    /// The shape of a national number.
    pub(super) fn shape(&self, national: &str) -> Option<&'static Shape> {
        self.shapes.iter().find(|Shape(beginning, ..)| national.starts_with(beginning))
    }

    /// Whether a national number, without what is dialled before it, is as long as the plan has it.
    pub(super) fn fits(&self, national: &str) -> bool {
        self.shape(national).is_some_and(|Shape(_, lengths, _)| lengths.contains(&national.len()))
    }
}
