//! Says an amount of money.

use crate::domain::money::Money;

/// An amount in whole units with its currency: `4,200,000 IRR`, with hundredths where there are any.
pub(in crate::tui) fn in_words(amount: &Money) -> String {
    let whole = amount.minor / 100;
    let rest = (amount.minor % 100).abs();
    let sign = if amount.minor < 0 && whole == 0 { "-" } else { "" };
    let mut digits = whole.unsigned_abs().to_string();
    let mut place = digits.len();
    while place > 3 {
        place -= 3;
        digits.insert(place, ',');
    }
    let sign = if whole < 0 { "-" } else { sign };
    let hundredths = if rest == 0 { String::new() } else { format!(".{rest:02}") };
    format!("{sign}{digits}{hundredths} {}", amount.currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_keep_their_sign() {
        let say = |minor| in_words(&Money { minor, currency: "NOK".to_owned() });
        assert_eq!(say(420_000_000), "4,200,000 NOK");
        assert_eq!(say(-50), "-0.50 NOK");
        assert_eq!(say(-123_456), "-1,234.56 NOK");
    }
}
