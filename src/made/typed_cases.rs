//! The cases that come to a made office under published types: a fixed few, one in each place that its rules know, brought
//! there by the acts of those whose work it is.

use crate::domain::cases::Nature;

/// Stands in a field for the day on which it is filled in.
pub(super) const TODAY: &str = "{today}";

/// What is done with a case.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Accept,
    Review(&'static str),
    Classify(&'static str),
    Claim,
    Tick(u32),
    Fill(&'static [(&'static str, &'static str)]),
    Note(&'static str),
    Hold(&'static str),
    Escalate(&'static str),
    Decide(&'static str, &'static str),
}

/// A case: who took it in, what it is, what the citizen said, and who did what with it.
pub(super) struct Typed {
    pub(super) taken_in_by: &'static str,
    pub(super) nature: Nature,
    pub(super) subject: Option<&'static str>,
    pub(super) says: &'static str,
    pub(super) deeds: &'static [(&'static str, Deed)],
    /// Which of the caseworkers' own people brings it, by place; somebody else without.
    pub(super) kin: Option<usize>,
}

const fn typed(
    taken_in_by: &'static str,
    nature: Nature,
    subject: &'static str,
    says: &'static str,
    deeds: &'static [(&'static str, Deed)],
) -> Typed {
    Typed { taken_in_by, nature, subject: Some(subject), says, deeds, kin: None }
}

/// A matter of a caseworker's own, or of their family, which somebody of another unit took in.
const fn own(
    taken_in_by: &'static str,
    kin: usize,
    subject: &'static str,
    says: &'static str,
) -> Typed {
    let subject = Some(subject);
    Typed { taken_in_by, nature: Nature::Request, subject, says, deeds: &[], kin: Some(kin) }
}

/// All of them, in the order in which they come. The numbers of steps are those of the types' own texts, from 0.
pub(super) const CASES: [Typed; 34] = {
    use Deed as D;
    use Nature as N;
    [
        typed(
            "castillo",
            N::Request,
            "RENT-1",
            "Applies for the rent subsidy: new lease from next month, 780 a month for four people.",
            &[
                ("rahimi", D::Accept),
                ("kaya", D::Review("Lease and wages are enclosed; it can be worked.")),
                ("karimi", D::Claim),
                ("karimi", D::Fill(&[("asked", "780"), ("first", "yes")])),
                ("karimi", D::Tick(0)),
            ],
        ),
        typed(
            "castillo",
            N::Complaint,
            "HOME-2",
            "No heating since Tuesday, and nobody came although somebody was to come yesterday.",
            &[
                ("rahimi", D::Accept),
                ("lunde", D::Review("About how it was handled, not only about the boiler.")),
                ("karimi", D::Claim),
                ("karimi", D::Tick(0)),
                ("karimi", D::Tick(1)),
                ("karimi", D::Fill(&[("staff", "the repairs desk")])),
                ("karimi", D::Tick(2)),
            ],
        ),
        typed(
            "castillo",
            N::Request,
            "MOVE-1",
            "Asks for the moving grant: moved on the first, the van and two helpers cost 640.",
            &[
                ("rahimi", D::Accept),
                ("lunde", D::Review("Invoice enclosed, household is on the list.")),
                ("karimi", D::Claim),
                ("karimi", D::Fill(&[("asked", "640"), ("from", TODAY)])),
                ("karimi", D::Tick(0)),
                ("karimi", D::Tick(1)),
                ("karimi", D::Tick(2)),
                ("karimi", D::Fill(&[("granted", "600")])),
                ("karimi", D::Tick(4)),
                ("karimi", D::Tick(5)),
                ("karimi", D::Decide("granted", "By-law on housing, section 7")),
            ],
        ),
        typed(
            "castillo",
            N::Request,
            "HOME-3",
            "Five people in two rooms; asks for a larger dwelling, near the school if it can be.",
            &[
                ("rahimi", D::Accept),
                ("karimi", D::Claim),
                ("karimi", D::Tick(0)),
                ("karimi", D::Tick(1)),
                ("karimi", D::Tick(2)),
                ("karimi", D::Note("Two flats near the school come free in spring.")),
            ],
        ),
        typed(
            "castillo",
            N::Complaint,
            "HOME-1",
            "The mould came back six weeks after the wall was painted over; wants it done properly.",
            &[
                ("rahimi", D::Accept),
                ("lunde", D::Review("Third one from this house.")),
                ("kaya", D::Claim),
                ("kaya", D::Tick(0)),
                ("kaya", D::Hold("the photographs of the wall")),
            ],
        ),
        typed(
            "castillo",
            N::Complaint,
            "RENT-3",
            "The notice names arrears that were paid in spring; has the receipts.",
            &[
                ("kaya", D::Accept),
                ("lunde", D::Review("The notice runs out soon: to be worked at once.")),
                ("rahimi", D::Claim),
                ("rahimi", D::Tick(0)),
                ("rahimi", D::Escalate("Can the notice be suspended until it is looked into?")),
            ],
        ),
        typed(
            "castillo",
            N::Complaint,
            "OBJ-1",
            "Objects to the decision of last month: the second child was not counted.",
            &[("rahimi", D::Accept), ("lunde", D::Review("In time, and it names the decision."))],
        ),
        typed(
            "castillo",
            N::Complaint,
            "RENT-2",
            "The subsidy has not come for two months, and two letters were not answered.",
            &[("karimi", D::Accept)],
        ),
        typed(
            "castillo",
            N::Complaint,
            "HOME-4",
            "A saw runs in the cellar every Sunday; was told at the counter to call the police.",
            &[("rahimi", D::Accept)],
        ),
        Typed {
            taken_in_by: "castillo",
            nature: N::Request,
            subject: None,
            says: "Wants help with the flat; the rent rises and the bathroom cannot be used.",
            deeds: &[("rahimi", D::Accept)],
            kin: None,
        },
        typed(
            "castillo",
            N::Information,
            "WAT-1",
            "Asks who reads the water meter, and why the bill came twice.",
            &[("rahimi", D::Accept)],
        ),
        typed(
            "castillo",
            N::Request,
            "RENT-3",
            "Is three months behind; asks to pay in six parts.",
            &[("rahimi", D::Accept)],
        ),
        typed(
            "castillo",
            N::Suggestion,
            "HOME-6",
            "A rail beside the yard steps would keep the older neighbours from falling.",
            &[("kaya", D::Accept)],
        ),
        typed(
            "castillo",
            N::Complaint,
            "HOME-3",
            "Was passed over on the list for larger flats although the letter promised one.",
            &[("rahimi", D::Accept), ("lunde", D::Review("The letter is in the file."))],
        ),
        typed(
            "castillo",
            N::Report,
            "HOME-2",
            "The radiators in the stairwell are hot day and night, with the windows open.",
            &[("rahimi", D::Accept)],
        ),
        typed("rahimi", N::Information, "RENT-1", "Asks which papers the rent subsidy takes.", &[]),
        Typed {
            taken_in_by: "castillo",
            nature: N::Request,
            subject: None,
            says: "Needs a rail and a raised seat in the bathroom before coming home from hospital.",
            deeds: &[("kaya", D::Accept), ("kaya", D::Classify("HOME-5"))],
            kin: None,
        },
        typed(
            "walker",
            N::Request,
            "PRM-1",
            "Asks to close the yard for a street party.",
            &[
                ("sadeghi", D::Accept),
                ("ortega", D::Review("Second party this year; neighbours agree.")),
            ],
        ),
        typed(
            "walker",
            N::Report,
            "PROP-1",
            "The lift stands between two floors again.",
            &[("sadeghi", D::Accept)],
        ),
        typed(
            "flores",
            N::Request,
            "SCHOOL-1",
            "Asks for a seat on the school bus.",
            &[
                ("price", D::Accept),
                ("yilmaz", D::Review("Two changes and no pavement: it can be granted.")),
            ],
        ),
        typed(
            "reid",
            N::Request,
            "FOI-1",
            "Asks to see the minutes on the new harbour road.",
            &[("haug", D::Accept)],
        ),
        typed("castillo", N::Complaint, "HOME-1", "Water drips through the ceiling again.", &[]),
        typed("castillo", N::Suggestion, "HOME-6", "A lamp at the bins would help.", &[]),
        typed("castillo", N::Request, "RENT-1", "Applies for the rent subsidy, first time.", &[]),
        typed(
            "novak",
            N::Report,
            "HOME-2",
            "The boiler of the whole stair went out at night.",
            &[],
        ),
        typed("novak", N::Report, "PROP-2", "The light in the bicycle cellar does not go on.", &[]),
        typed(
            "okafor",
            N::Request,
            "SAFE-1",
            "Has to leave the flat today with two children; nobody may learn where to.",
            &[
                ("okafor", D::Claim),
                ("okafor", D::Note("A room from tonight on; the school is told nothing.")),
            ],
        ),
        typed(
            "okafor",
            N::Request,
            "SAFE-1",
            "Was found by the one from whom they hide, and needs another place.",
            &[],
        ),
        typed("okafor", N::Request, "SAFE-1", "Asks how one comes to the shelter at night.", &[]),
        typed(
            "silva",
            N::Request,
            "ISL-1",
            "Asks for a ferry pass for four: goes to the mainland clinic every week.",
            &[],
        ),
        typed("silva", N::Complaint, "ISL-1", "Waited for the ferry pass through winter.", &[]),
        own("walker", 0, "PROP-4", "Asks for the rental parking place in the yard."),
        own("reid", 3, "REG-1", "Needs a certificate of residence for a lease."),
        own("strand", 2, "SOC-4", "Looks after the mother alone and asks for days of relief."),
    ]
};
