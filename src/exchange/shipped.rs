//! The mappings that casedesk brings with it.

/// Names and texts of the shipped mappings.
pub const SHIPPED: [(&str, &str); 5] = [
    ("nyc-council", include_str!("mappings/nyc-council.toml")),
    ("chicago-sanitation", include_str!("mappings/chicago-sanitation.toml")),
    ("sf311", include_str!("mappings/sf311.toml")),
    ("boston311", include_str!("mappings/boston311.toml")),
    ("receipt-wabo", include_str!("mappings/receipt-wabo.toml")),
];

/// Codes and texts of the case types that shipped mappings of event logs are for.
pub const SHIPPED_TYPES: [(&str, &str); 1] =
    [("receipt-wabo", include_str!("mappings/receipt-wabo.type.toml"))];

/// The text of a shipped mapping.
pub(super) fn text(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(shipped, _)| *shipped == name).map(|(_, text)| *text)
}
