//! What a case type says of itself before anything else.

use serde::Deserialize;

use crate::domain::cases::{Nature, TypeVersion, general_type};
use crate::domain::rules::{CaseType, Flaw};

#[derive(Deserialize)]
struct Header {
    code: String,
    version: u32,
}

/// Reads a case type.
///
/// # Errors
/// Every flaw that it has.
pub fn read_type(text: &str) -> Result<CaseType, Vec<Flaw>> {
    let header: Header = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        vec![Flaw {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            field: "file".to_owned(),
            what: error.message().lines().next().unwrap_or("It is not TOML.").to_owned(),
            hint: String::new(),
        }]
    })?;
    let id = TypeVersion { code: header.code, version: header.version };
    Ok(CaseType { id, ..(*general_type(Nature::Request)).clone() })
}
