//! One telephone number: read from what somebody wrote, compared, judged and shown.

use super::country::Country;
use super::plans::{PLANS, Plan, Shape};
use crate::domain::people::Verdict;
use crate::text::{country_digits, latin_digits};

/// Digits of a number that is one at all: what an exchange within a house has, and more.
const DIGITS_MIN: usize = 5;
/// Digits of a number with its country code (ITU-T E.164).
const DIGITS_MAX: usize = 15;
/// Digits of the shortest number that is dialled from abroad, its country code included.
const WHOLE_DIGITS_MIN: usize = 6;

/// A telephone number as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telephone {
    /// The digits; with the country code at their front where it is known.
    digits: String,
    /// Whether the country code is among them.
    is_whole: bool,
    plan: Option<&'static str>,
}

impl Telephone {
    /// Reads what somebody wrote: `+98 912 123 4411`, `0098 (912) 1234411`, `tel:+98-912-123-4411`, or, where the home
    /// country is known and its plan has such numbers, `0912 1234411`. A number that does not fit the plan of home stays
    /// without a country code, as it was dialled.
    ///
    /// # Errors
    /// A sentence that says why it is no telephone number at all: another sign, or too few or too many digits.
    pub fn read(raw: &str, home: Option<Country>) -> Result<Self, String> {
        let latin = latin_digits(raw);
        let written = latin.trim().trim_start_matches("tel:");
        let written = written.split(';').next().unwrap_or_default().replace('＋', "+");
        let is_sign =
            |letter: char| letter.is_whitespace() || "+-()/.‐‑–\u{200e}\u{200f}".contains(letter);
        if let Some(stray) = written.chars().find(|sign| !sign.is_ascii_digit() && !is_sign(*sign))
        {
            let stray = if stray.is_alphabetic() { "a letter" } else { "another sign" };
            return Err(format!(
                "A telephone number is digits, as +98 912 555 4411, and this has {stray}."
            ));
        }
        let digits: String = written.chars().filter(char::is_ascii_digit).collect();
        let plan = home.and_then(Country::plan);
        let is_marked = written.contains('+');
        let abroad = if is_marked { Some(digits.as_str()) } else { from_abroad(&digits, plan) };
        let read = match abroad {
            Some(digits) => Self::whole(digits),
            None => Self::at_home(&digits, plan),
        };
        match read.digits.len() {
            0..DIGITS_MIN => Err(format!(
                "A telephone number has {DIGITS_MIN} to {DIGITS_MAX} digits, and this has {}.",
                read.digits.len()
            )),
            DIGITS_MIN..=DIGITS_MAX => Ok(read),
            many => Err(format!(
                "A telephone number has at most {DIGITS_MAX} digits, and this has {many}."
            )),
        }
    }

    /// A number with its country code. A trunk prefix behind it, as in `+44 (0)121 234 5678`, is not dialled.
    fn whole(digits: &str) -> Self {
        let plan = PLANS.iter().find(|plan| digits.starts_with(plan.code));
        let mut digits = digits.to_owned();
        if let Some(plan) = plan
            && let Some(national) = digits.get(plan.code.len()..)
            && !plan.fits(national)
            && let Some(rest) = trunk_off(national, plan)
        {
            digits = format!("{}{rest}", plan.code);
        }
        Self { digits, is_whole: true, plan: plan.map(|plan| plan.country) }
    }

    fn at_home(digits: &str, plan: Option<&'static Plan>) -> Self {
        let national = plan.and_then(|plan| {
            let rest = if plan.fits(digits) { Some(digits) } else { trunk_off(digits, plan) };
            rest.map(|rest| (plan, rest))
        });
        match national {
            Some((plan, national)) => Self {
                digits: format!("{}{national}", plan.code),
                is_whole: true,
                plan: Some(plan.country),
            },
            None => Self { digits: digits.to_owned(), is_whole: false, plan: None },
        }
    }

    fn plan(&self) -> Option<&'static Plan> {
        PLANS.iter().find(|plan| Some(plan.country) == self.plan)
    }

    /// How many of the first digits are the country code; 0 where it is not known.
    #[must_use]
    pub fn code_digits(&self) -> usize {
        if self.is_whole { country_digits(&self.digits) } else { 0 }
    }

    /// The digits behind the country code.
    fn national(&self) -> &str {
        self.digits.get(self.code_digits()..).unwrap_or_default()
    }

    /// E.164 with its `+`, or the digits as they are dialled where the country is not known.
    #[must_use]
    pub fn normalised(&self) -> String {
        let plus = if self.is_whole { "+" } else { "" };
        format!("{plus}{}", self.digits)
    }

    /// In groups, as it is read out: `+98 912 123 4411`.
    #[must_use]
    pub fn grouped(&self) -> String {
        if !self.is_whole {
            return self.digits.clone();
        }
        let (code, national) = (self.code_digits(), self.national());
        let code = self.digits.get(..code).unwrap_or_default();
        let Some(plan) = self.plan() else { return format!("+{code} {national}") };
        let groups = plan.shape(national).filter(|_| plan.fits(national));
        let mut shown = format!("+{code} ");
        let mut rest = national;
        let mut sizes =
            groups.map_or(&[] as &[usize], |Shape(_, _, sizes)| sizes).iter().peekable();
        while let Some(size) = sizes.next() {
            let Some((group, after)) = rest.split_at_checked(*size) else { break };
            if after.is_empty() || sizes.peek().is_none() {
                break;
            }
            shown.push_str(group);
            shown.push(plan.separator);
            rest = after;
        }
        shown.push_str(rest);
        shown
    }

    /// Whether it can be dialled. A number with a country code whose plan is known is as long as the plan says; one without
    /// a country code, in an office whose country is known, should have fitted that plan.
    #[must_use]
    pub fn verdict(&self, home: Option<Country>) -> Verdict {
        match (self.plan(), home.and_then(Country::plan)) {
            (Some(plan), _) if plan.fits(self.national()) => Verdict::Valid,
            (Some(plan), _) => Verdict::Invalid(format!(
                "This is no number of +{}: {}.",
                plan.code,
                misfit(self.national(), plan)
            )),
            (None, Some(home)) if !self.is_whole => Verdict::Warn(format!(
                "Without a country code this should be a number of +{}, and it is none: {}.",
                home.code,
                misfit(&self.digits, home)
            )),
            (None, _) if self.is_whole && self.digits.len() < WHOLE_DIGITS_MIN => {
                Verdict::Invalid("This is too short for a number with a country code.".to_owned())
            }
            (None, _) if self.digits.starts_with('0') && self.is_whole => {
                Verdict::Invalid("No country code begins with 0.".to_owned())
            }
            (None, _) => Verdict::Valid,
        }
    }

    /// Whether two numbers are the same. Two that both have a country code have to agree on it; a zero in front of a
    /// national number is the trunk prefix (ITU-T E.123), which is not dialled from abroad.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let bare = |digits: &str| digits.trim_start_matches('0').to_owned();
        match (self.is_whole, other.is_whole) {
            (true, true) => self.digits == other.digits,
            (false, false) => bare(&self.digits) == bare(&other.digits),
            (false, true) => other.is_same(self),
            (true, false) => {
                // Some leave out the plus and nothing else, or dial a zero that stands after the country code as well.
                let national = bare(&other.digits);
                !national.is_empty()
                    && (other.digits == self.digits || national == bare(self.national()))
            }
        }
    }
}

/// The digits behind what stands for `+`: `00` nearly everywhere, and what the home country has.
fn from_abroad<'d>(digits: &'d str, plan: Option<&Plan>) -> Option<&'d str> {
    let own = plan.map_or("00", |plan| plan.international);
    digits.strip_prefix(own).or_else(|| digits.strip_prefix("00"))
}

/// The number behind the trunk prefix, where the plan has one and such a number.
fn trunk_off<'d>(digits: &'d str, plan: &Plan) -> Option<&'d str> {
    let trunk = plan.trunk;
    digits.strip_prefix(trunk).filter(|rest| !trunk.is_empty() && plan.fits(rest))
}

/// Why a national number does not fit a plan.
fn misfit(national: &str, plan: &Plan) -> String {
    let lengths = plan.shape(national).map_or(&[] as &[usize], |Shape(_, lengths, _)| lengths);
    let has = national.len();
    match lengths {
        [] => "none begins with these digits".to_owned(),
        [only] => format!("behind the code it has {only} digits, and this has {has}"),
        several => {
            let several: Vec<String> = several.iter().map(ToString::to_string).collect();
            format!("behind the code it has {} digits, and this has {has}", several.join(" or "))
        }
    }
}

/// What a typed number comes to, in an office of a country, if that is known.
#[must_use]
pub fn check_telephone(raw: &str, home: Option<Country>) -> Verdict {
    match Telephone::read(raw, home) {
        Ok(read) => read.verdict(home),
        Err(why) => Verdict::Invalid(why),
    }
}

/// A kept number in groups; what is no number stays as it is.
#[must_use]
pub fn grouped(kept: &str) -> String {
    Telephone::read(kept, None).map_or_else(|_| kept.to_owned(), |read| read.grouped())
}

/// Whether two numbers are the same, however each is written: `+98 912 123 4411`, `0098 (912) 1234411` and
/// `0912 1234411` are.
#[must_use]
pub fn is_same_telephone(one: &str, other: &str) -> bool {
    match (Telephone::read(one, None), Telephone::read(other, None)) {
        (Ok(one), Ok(other)) => one.is_same(&other),
        _ => false,
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

    #[test]
    fn a_number_of_home_gets_its_country_and_one_that_does_not_fit_is_kept_as_it_was_dialled() {
        let home = Country::of_zone("Europe/Oslo");
        let read = |raw: &str| Telephone::read(raw, home).unwrap().normalised();
        assert_eq!(read("912 34 567"), "+4791234567");
        assert_eq!(read("0047 912 34 567"), "+4791234567");
        assert_eq!(read("02000"), "+4702000");
        assert_eq!(read("9123456"), "9123456");
        assert!(matches!(check_telephone("9123456", home), Verdict::Warn(_)));
        assert!(matches!(check_telephone("+47 9123456", home), Verdict::Invalid(_)));
        assert_eq!(read("+44 (0)121 234 5678"), "+441212345678");
        assert_eq!(read("0912 123 4411"), "09121234411");
    }
}
