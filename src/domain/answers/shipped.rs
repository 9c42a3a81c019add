//! The answers that casedesk brings with it.

use std::sync::LazyLock;

use super::file::{AnswerFileError, read_answer_file};
use super::library::Library;

/// The languages of the shipped answers, English first.
pub const SHIPPED_LANGUAGES: [&str; 5] = ["en", "es", "tr", "nb", "fa"];

/// File names and texts of the shipped answers.
const SHIPPED: [(&str, &str); 5] = [
    ("en.toml", include_str!("presets/en.toml")),
    ("es.toml", include_str!("presets/es.toml")),
    ("tr.toml", include_str!("presets/tr.toml")),
    ("nb.toml", include_str!("presets/nb.toml")),
    ("fa.toml", include_str!("presets/fa.toml")),
];

static LIBRARY: LazyLock<Result<Library, AnswerFileError>> = LazyLock::new(read);

/// The shipped answers, read once. A test holds that they read: where they did not, there would be none.
#[must_use]
pub fn shipped() -> &'static Library {
    static NONE: Library =
        Library { templates: Vec::new(), modules: Vec::new(), languages: Vec::new() };
    LIBRARY.as_ref().unwrap_or(&NONE)
}

/// The file names and texts of the shipped answers: an example for an office's own.
#[must_use]
pub fn shipped_texts() -> &'static [(&'static str, &'static str)] {
    &SHIPPED
}

fn read() -> Result<Library, AnswerFileError> {
    let mut library = Library::default();
    for (name, text) in SHIPPED {
        let file = read_answer_file(name, text)?;
        library.languages.extend(file.language);
        library.templates.extend(file.templates);
        for module in file.modules {
            match library.modules.iter_mut().find(|known| known.code == module.code) {
                Some(known) => known.texts.extend(module.texts),
                None => library.modules.push(module),
            }
        }
    }
    Ok(library)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_answers_read_and_are_there_in_every_language() {
        let library = LIBRARY.as_ref().unwrap();
        assert_eq!(library.languages.len(), SHIPPED_LANGUAGES.len());
        let keys = |language: &str| {
            let of = library.templates.iter().filter(move |held| held.language == language);
            of.map(|held| (held.code.as_str(), held.channels.clone())).collect::<Vec<_>>()
        };
        for language in SHIPPED_LANGUAGES {
            assert_eq!(keys(language), keys("en"), "{language}");
            for module in &library.modules {
                assert_eq!(module.text_in(language).unwrap().language, language);
            }
        }
    }
}
