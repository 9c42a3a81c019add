//! Whether two telephone numbers are one, however each is written.

use super::document::country_digits;
use super::fold::normalise;

/// A number as it was written.
enum Written {
    /// With its country code: the digits from there on.
    Whole(String),
    /// Without: the digits as one dials them within the country.
    National(String),
}

impl Written {
    fn read(text: &str) -> Self {
        let is_marked = text.trim_start_matches([' ', '(']).starts_with(['+', '＋']);
        let digits: String = normalise(text).chars().filter(char::is_ascii_digit).collect();
        match digits.strip_prefix("00") {
            _ if is_marked => Self::Whole(digits),
            Some(rest) => Self::Whole(rest.to_owned()),
            None => Self::National(digits),
        }
    }
}

/// Whether two telephone numbers are the same: `+98 912 123 4411`, `0098 (912) 1234411` and `0912 1234411` are.
///
/// Each is taken whole. Two that both have a country code have to agree on it; a zero in front of a national number is the
/// trunk prefix (ITU-T E.123), which is not dialled from abroad.
#[must_use]
pub fn is_same_telephone(one: &str, other: &str) -> bool {
    let trimmed = |digits: &str| digits.trim_start_matches('0').to_owned();
    match (Written::read(one), Written::read(other)) {
        (Written::Whole(one), Written::Whole(other)) => !one.is_empty() && one == other,
        (Written::National(one), Written::National(other)) => {
            !trimmed(&one).is_empty() && trimmed(&one) == trimmed(&other)
        }
        (Written::Whole(whole), Written::National(national))
        | (Written::National(national), Written::Whole(whole)) => {
            let after_code = whole.get(country_digits(&whole)..).unwrap_or_default();
            // Some leave out the plus and nothing else, or dial a zero that stands after the country code as well.
            !trimmed(&national).is_empty()
                && (national == whole || trimmed(&national) == trimmed(after_code))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_written_and_another_is_not() {
        let number = "+989121234411";
        for same in [
            "+98 912 123 4411",
            "0098 912 1234411",
            "(+98) 912-123-4411",
            "09121234411",
            "912 123 4411",
            "989121234411",
            "+۹۸ ۹۱۲ ۱۲۳ ۴۴۱۱",
        ] {
            assert!(is_same_telephone(same, number), "{same}");
            assert!(is_same_telephone(number, same), "{same}");
        }
        for other in ["1234411", "+47 912 123 4411", "+989121234412", "89121234411", "", "+", "0"] {
            assert!(!is_same_telephone(other, number), "{other}");
        }
        assert!(is_same_telephone("022334455", "22334455"));
    }
}
