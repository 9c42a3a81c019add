//! The schemes that are known, by code and by the name that people say.

use super::figures::plain;
use super::{americas, britain, iran, norway, southern};
use crate::domain::people::{Identity, Verdict};
use crate::domain::time::Day;

/// A kind of identity number whose rules are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Mexico's population key, Clave Única de Registro de Población.
    MexicoCurp,
    /// Mexico's tax key, Registro Federal de Contribuyentes.
    MexicoRfc,
    /// Türkiye's identity number, T.C. Kimlik Numarası.
    TurkeyTckn,
    /// Norway's national identity number, D-number or a made one.
    NorwayFnr,
    /// Norway's organisation number, with or without the letters of the value added tax.
    NorwayOrg,
    /// Iran's national code.
    IranCode,
    /// Britain's National Insurance number.
    BritainNino,
    /// England's and Wales' NHS number.
    BritainNhs,
    /// Britain's unique taxpayer reference.
    BritainUtr,
    /// The United States' Social Security number.
    AmericaSsn,
    /// Spain's identity document.
    SpainDni,
}

/// What is known of one scheme.
struct Known {
    scheme: Scheme,
    code: &'static str,
    name: &'static str,
    /// What people call it, in lower case.
    also: &'static [&'static str],
    check: fn(&str, Day) -> Verdict,
}

/// The codes of all known schemes, as a form offers them.
pub const SCHEMES: [Scheme; 11] = [
    Scheme::MexicoCurp,
    Scheme::MexicoRfc,
    Scheme::TurkeyTckn,
    Scheme::NorwayFnr,
    Scheme::NorwayOrg,
    Scheme::IranCode,
    Scheme::BritainNino,
    Scheme::BritainNhs,
    Scheme::BritainUtr,
    Scheme::AmericaSsn,
    Scheme::SpainDni,
];

impl Scheme {
    fn known(self) -> Known {
        let known = |code, name, also, check| Known { scheme: self, code, name, also, check };
        match self {
            Self::MexicoCurp => known("mx-curp", "CURP", &["curp"], americas::curp),
            Self::MexicoRfc => known("mx-rfc", "RFC", &["rfc"], americas::rfc),
            Self::TurkeyTckn => known(
                "tr-tckn",
                "T.C. Kimlik number",
                &["tckn", "tc", "t.c. kimlik", "tckimlik", "kimlik"],
                southern::tckn,
            ),
            Self::NorwayFnr => known(
                "no-fnr",
                "fødselsnummer",
                &["fnr", "fødselsnummer", "fodselsnummer", "no-dnr", "dnr", "d-number"],
                norway::fnr,
            ),
            Self::NorwayOrg => {
                known("no-org", "organisation number", &["no-mva", "orgnr", "mva"], norway::org)
            }
            Self::IranCode => known(
                "ir-code",
                "national code",
                &["ir-melli", "ir-nid", "melli", "kod-e melli", "کد ملی"],
                iran::code,
            ),
            Self::BritainNino => {
                known("gb-nino", "National Insurance number", &["nino"], britain::nino)
            }
            Self::BritainNhs => known("gb-nhs", "NHS number", &["nhs"], britain::nhs),
            Self::BritainUtr => known("gb-utr", "taxpayer reference", &["utr"], britain::utr),
            Self::AmericaSsn => known("us-ssn", "Social Security number", &["ssn"], americas::ssn),
            Self::SpainDni => known("es-dni", "DNI", &["dni"], southern::dni),
        }
    }

    /// The code under which numbers of it are kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.known().code
    }

    /// What it is called in a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.known().name
    }

    /// The scheme of a code or of what people call it, in any case; none where it is not known here.
    #[must_use]
    pub fn of(words: &str) -> Option<Self> {
        let words = words.trim().to_lowercase().replace('_', "-");
        let is_meant = |scheme: &&Self| {
            let known = scheme.known();
            known.code == words || known.also.contains(&words.as_str())
        };
        SCHEMES.iter().find(is_meant).copied()
    }

    /// The scheme of the number that a country (ISO 3166-1, in any case) gives to everybody, where it is known.
    #[must_use]
    pub fn of_country(country: &str) -> Option<Self> {
        match country.trim().to_lowercase().as_str() {
            "mx" => Some(Self::MexicoCurp),
            "tr" => Some(Self::TurkeyTckn),
            "no" | "sj" => Some(Self::NorwayFnr),
            "ir" => Some(Self::IranCode),
            "gb" => Some(Self::BritainNino),
            "us" => Some(Self::AmericaSsn),
            "es" => Some(Self::SpainDni),
            _ => None,
        }
    }

    /// Whether a number can be one of this scheme on a day: the Norwegian rule changes in 2032, and nobody has been born
    /// tomorrow.
    #[must_use]
    pub fn check(self, value: &str, today: Day) -> Verdict {
        let known = self.known();
        let verdict = (known.check)(&plain(value), today);
        match (known.scheme, verdict) {
            // A tax key is often typed from memory or given without its end, and the tax office alone can tell.
            (Self::MexicoRfc, Verdict::Invalid(why)) => Verdict::Warn(why),
            (_, verdict) => verdict,
        }
    }
}

/// Whether a number can be one of a scheme, by the scheme's code or name. Nothing speaks against a number of a scheme that
/// is not known here.
#[must_use]
pub fn check(scheme: &str, value: &str, today: Day) -> Verdict {
    Scheme::of(scheme).map_or(Verdict::Valid, |scheme| scheme.check(value, today))
}

/// The number as it is kept: of a known scheme under its code, without spaces, dots and dashes, in capitals and Latin
/// digits, so that one number has one form; any other as it was typed.
#[must_use]
pub fn canonical(scheme: &str, value: &str) -> Identity {
    match Scheme::of(scheme) {
        Some(known) => Identity { scheme: known.code().to_owned(), value: plain(value) },
        None => Identity { scheme: scheme.trim().to_owned(), value: value.trim().to_owned() },
    }
}
