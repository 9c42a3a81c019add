//! Britain's numbers: National Insurance, NHS and tax.

use super::figures::{digits, invalid, right_length, verdict, weighted, wrong_check};
use crate::domain::people::Verdict;
use crate::domain::time::Day;

/// Prefixes that are not used (HMRC, National Insurance Manual NIM39110).
const UNUSED_PREFIXES: [&str; 7] = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];

/// National Insurance number: two letters, six digits and a letter from A to D; it has no check digit (HMRC, NIM39110).
pub(super) fn nino(value: &str, _today: Day) -> Verdict {
    verdict(read_nino(value))
}

fn read_nino(value: &str) -> Result<Verdict, Verdict> {
    const NAME: &str = "National Insurance number";
    right_length(value, 9, NAME, "signs, as AB 12 34 56 C")?;
    let mut letters = value.chars();
    let (first, second) = (letters.next().unwrap_or_default(), letters.next().unwrap_or_default());
    let last = letters.next_back().unwrap_or_default();
    if !first.is_ascii_uppercase() || !second.is_ascii_uppercase() {
        return Err(invalid(format!("A {NAME} begins with two letters.")));
    }
    digits::<6>(letters.as_str(), &format!("{NAME} between its letters"))?;
    let prefix = format!("{first}{second}");
    if "DFIQUV".contains(first)
        || "DFIOQUV".contains(second)
        || UNUSED_PREFIXES.contains(&prefix.as_str())
    {
        return Err(invalid(format!("No {NAME} begins with these two letters.")));
    }
    if !('A'..='D').contains(&last) {
        return Err(invalid(format!("A {NAME} ends with A, B, C or D.")));
    }
    Ok(Verdict::Valid)
}

/// NHS number: ten digits, the last checks the others modulo 11 (NHS data dictionary).
pub(super) fn nhs(value: &str, _today: Day) -> Verdict {
    verdict(read_nhs(value))
}

fn read_nhs(value: &str) -> Result<Verdict, Verdict> {
    let digits = digits::<10>(value, "NHS number")?;
    let expected = (11 - weighted(&digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    let [.., check] = digits;
    // A number whose check would be 10 is not given out.
    if check != expected {
        return Err(wrong_check("NHS number", "last digit"));
    }
    Ok(Verdict::Valid)
}

/// Unique taxpayer reference: ten digits, the first checks the others (HMRC).
pub(super) fn utr(value: &str, _today: Day) -> Verdict {
    verdict(read_utr(value))
}

fn read_utr(value: &str) -> Result<Verdict, Verdict> {
    const CHECKS: [u32; 11] = [2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    // Letters about the tax return carry the reference with a K at its end.
    let value = value.strip_suffix('K').unwrap_or(value);
    let [check, rest @ ..] = digits::<10>(value, "taxpayer reference")?;
    let remainder = weighted(&rest, &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
    let expected = usize::try_from(remainder).ok().and_then(|at| CHECKS.get(at));
    if expected != Some(&check) {
        return Err(wrong_check("taxpayer reference", "first digit"));
    }
    Ok(Verdict::Valid)
}
