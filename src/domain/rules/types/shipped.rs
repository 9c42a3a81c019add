//! The municipal catalogue that comes with casedesk, made after the reference case types of VNG Realisatie (EUPL-1.2): texts
//! like an office's own, which it publishes as they are or as a beginning of its own.

/// Code and text of each.
const SHIPPED: [(&str, &str); 16] = [
    ("complaint", include_str!("shipped/complaint.toml")),
    ("report", include_str!("shipped/report.toml")),
    ("repair", include_str!("shipped/repair.toml")),
    ("objection", include_str!("shipped/objection.toml")),
    ("question", include_str!("shipped/question.toml")),
    ("disclosure", include_str!("shipped/disclosure.toml")),
    ("permit", include_str!("shipped/permit.toml")),
    ("subsidy", include_str!("shipped/subsidy.toml")),
    ("suggestion", include_str!("shipped/suggestion.toml")),
    ("request", include_str!("shipped/request.toml")),
    ("registration", include_str!("shipped/registration.toml")),
    ("product", include_str!("shipped/product.toml")),
    ("support", include_str!("shipped/support.toml")),
    ("sanction", include_str!("shipped/sanction.toml")),
    ("helpdesk", include_str!("shipped/helpdesk.toml")),
    ("dispute", include_str!("shipped/dispute.toml")),
];

/// The codes and texts of the shipped case types.
#[must_use]
pub fn shipped_types() -> &'static [(&'static str, &'static str)] {
    &SHIPPED
}

#[cfg(test)]
mod tests {
    use super::shipped_types;
    use crate::domain::rules::types::said::labels;
    use crate::domain::rules::{PUBLICATION_BYTES_MAX, read_type};

    const LANGUAGES: [&str; 5] = ["en", "es", "tr", "nb", "fa"];

    #[test]
    fn every_shipped_type_is_sound_and_has_its_five_languages_everywhere() {
        assert!(shipped_types().len() >= 12);
        for (code, text) in shipped_types() {
            let read = read_type(text).unwrap_or_else(|flaws| panic!("{code}: {flaws:#?}"));
            assert_eq!(read.id.code, *code);
            assert!(text.len() <= PUBLICATION_BYTES_MAX, "{code}");
            assert!(text.starts_with('#') && text.contains("EUPL-1.2"), "{code} names its source");
            for labels in labels(&read) {
                let tags: Vec<&str> = labels.0.iter().map(|(tag, _)| tag.as_str()).collect();
                assert_eq!(tags, LANGUAGES, "{code}: {labels:?}");
            }
        }
    }
}
