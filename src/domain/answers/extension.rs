//! The notice of a statutory extension: why the office needs more time, which law lets it, and the new date.

use crate::domain::cases::Channel;
use crate::domain::time::Day;

use super::language::Language;
use super::template::{Binding, Template};

/// The template of the notice in a language: with its salutation, but for a text message, which has room for no more than
/// what is said. What is not written in the language is the reason and the law, which stand as they were typed.
#[must_use]
pub fn extension_notice(
    language: &Language,
    channel: Channel,
    due: Day,
    (reason, legal_ground): (&str, &str),
) -> Template {
    let due = language.day(due);
    let said = match language.code.as_str() {
        "es" => format!(
            "Necesitamos más tiempo para su asunto {{case}}. La ley lo permite: {legal_ground}.\n\nTendrá nuestra decisión a más tardar el {due}.\n\nEl motivo: {reason}"
        ),
        "fa" => format!(
            "برای پرونده {{case}} به زمان بیشتری نیاز داریم. قانون این اجازه را داده است: {legal_ground}.\n\nتاریخ جدید: {due}\n\nدلیل: {reason}"
        ),
        "nb" => format!(
            "Vi trenger mer tid til saken din {{case}}. Loven åpner for det: {legal_ground}.\n\nDu får svar senest {due}.\n\nGrunnen: {reason}"
        ),
        "tr" => format!(
            "{{case}} numaralı dosyanız için daha fazla zamana ihtiyacımız var. Yasa buna izin veriyor: {legal_ground}.\n\nYeni tarih: {due}\n\nNedeni: {reason}"
        ),
        _ => format!(
            "We need more time for your case {{case}}. The law allows it: {legal_ground}.\n\nYou will have our answer by {due} at the latest.\n\nThe reason: {reason}"
        ),
    };
    let text = if channel == Channel::Sms {
        format!("{said}\n{{unit}}, {{office}}")
    } else {
        format!("{{salutation}}\n\n{said}\n\n{{caseworker}}\n{{unit}}, {{office}}")
    };
    Template {
        code: String::new(),
        version: 1,
        language: language.code.clone(),
        channels: vec![channel],
        label: String::new(),
        binding: Binding::default(),
        text,
        is_withdrawn: false,
    }
}
