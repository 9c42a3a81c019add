//! Says how much there is of something, for people.

/// Names of the units that bytes are counted in, each 1,024 of the one before.
const UNITS: [&str; 5] = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/// A number of bytes as people say it: `0 bytes`, `9.5 MiB`, `256 MiB`. It is rounded towards zero, so that it never says
/// that there is more than there is.
#[must_use]
pub fn amount_of_bytes(bytes: u64) -> String {
    let (mut tenths, mut unit) = (u128::from(bytes) * 10, 0);
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1_024;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    match (unit, tenths / 10, tenths % 10) {
        (0, whole, _) => format!("{whole} {name}"),
        (_, whole, tenth) if whole < 10 && tenth > 0 => format!("{whole}.{tenth} {name}"),
        (_, whole, _) => format!("{whole} {name}"),
    }
}

/// A number with its thousands set apart: `1,234,567`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_in_the_unit_that_fits_and_never_rounded_up() {
        let said = [0, 1_023, 1_024, 10_188, 268_435_455, 268_435_456, u64::MAX];
        let expected =
            ["0 bytes", "1023 bytes", "1 KiB", "9.9 KiB", "255 MiB", "256 MiB", "16777215 TiB"];
        assert_eq!(said.map(amount_of_bytes), expected);
    }

    #[test]
    fn thousands_are_set_apart() {
        let said = [0, 999, 1_000, 12_345_678].map(grouped);
        assert_eq!(said, ["0", "999", "1,000", "12,345,678"]);
    }
}
