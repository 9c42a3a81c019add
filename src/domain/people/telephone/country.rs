//! The country whose numbers are dialled without a country code.

use super::plans::{PLANS, Plan};

/// A country with a numbering plan that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country(&'static str);

/// Zones by their country, where a zone does not say it by itself (IANA, zone1970.tab).
const ZONES: &[(&str, &str)] = &[
    ("Europe/Istanbul", "TR"),
    ("Asia/Istanbul", "TR"),
    ("Turkey", "TR"),
    ("Europe/Oslo", "NO"),
    ("Arctic/Longyearbyen", "SJ"),
    ("Asia/Tehran", "IR"),
    ("Iran", "IR"),
    ("Europe/London", "GB"),
    ("Europe/Belfast", "GB"),
    ("GB", "GB"),
    ("Europe/Madrid", "ES"),
    ("Atlantic/Canary", "ES"),
    ("Africa/Ceuta", "ES"),
    ("Europe/Amsterdam", "NL"),
    ("America/Mexico_City", "MX"),
    ("America/Cancun", "MX"),
    ("America/Merida", "MX"),
    ("America/Monterrey", "MX"),
    ("America/Matamoros", "MX"),
    ("America/Chihuahua", "MX"),
    ("America/Ciudad_Juarez", "MX"),
    ("America/Ojinaga", "MX"),
    ("America/Mazatlan", "MX"),
    ("America/Bahia_Banderas", "MX"),
    ("America/Hermosillo", "MX"),
    ("America/Tijuana", "MX"),
    ("America/New_York", "US"),
    ("America/Detroit", "US"),
    ("America/Chicago", "US"),
    ("America/Denver", "US"),
    ("America/Boise", "US"),
    ("America/Phoenix", "US"),
    ("America/Los_Angeles", "US"),
    ("America/Anchorage", "US"),
    ("Pacific/Honolulu", "US"),
];

impl Country {
    /// The country of a code (ISO 3166-1, in any case), where its plan is known.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        PLANS
            .iter()
            .find(|plan| plan.country.eq_ignore_ascii_case(code))
            .map(|plan| Self(plan.country))
    }

    /// The country that a time zone lies in, where its plan is known: an office dials as its neighbours do.
    #[must_use]
    pub fn of_zone(zone: &str) -> Option<Self> {
        ZONES.iter().find(|(known, _)| *known == zone).and_then(|(_, country)| Self::of(country))
    }

    /// Its ISO 3166-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0
    }

    pub(super) fn plan(self) -> Option<&'static Plan> {
        PLANS.iter().find(|plan| plan.country == self.0)
    }
}
