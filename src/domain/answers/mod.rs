//! Answers to citizens: templates and text modules as checked data, and the one function that fills them in.
//!
//! A template is a whole message of one channel and language, with placeholders of a closed list; a text module is a
//! passage that is put into a message. Both come with casedesk in [`SHIPPED_LANGUAGES`], and an office adds its own.

mod day;
mod extension;
mod file;
mod fill;
mod language;
mod library;
mod placeholder;
mod shipped;
mod sms;
mod template;

pub use extension::extension_notice;
pub use file::{AnswerFile, AnswerFileError, read_answer_file};
pub use fill::{Filled, Matter, Reader, fill, first_open_placeholder, writing_place};
pub use language::{Language, StageText};
pub use library::{Library, codes_of};
pub use placeholder::{Placeholder, PlaceholderError, check_placeholders};
pub use shipped::{SHIPPED_LANGUAGES, shipped, shipped_texts};
pub use sms::{SMS_PARTS_MAX, SmsLength, sms_length};
pub use template::{
    AnswerEvent, Audience, Binding, ENGLISH, ModuleText, RecallTime, Template, TextModule,
    check_module, check_template, primary,
};
