//! The closed list of placeholders that a template may have.

use std::fmt;

/// Declares the placeholders with their names and what stands there.
macro_rules! placeholders {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// Something that is filled into a template for a case and a reader.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Placeholder { $($(#[$doc])* $variant,)+ }

        impl Placeholder {
            /// Every one, in the order in which messages list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name between the braces.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

placeholders! {
    /// The greeting with the form of address and the name, as the language has it.
    Salutation = "salutation";
    /// The form of address as it stands in the file: `Mrs`.
    Address = "address";
    /// The name as it follows the form of address: the family name behind one, the whole name without.
    Name = "name";
    /// Given and family name.
    FullName = "full_name";
    /// The family name; the given one where there is no other.
    Family = "family";
    /// Where the reader lives, line by line.
    PostalAddress = "postal_address";
    /// The case's reference.
    Case = "case";
    /// The case's subject.
    Subject = "subject";
    /// Who writes.
    Caseworker = "caseworker";
    /// The unit that answers.
    Unit = "unit";
    /// The office.
    Office = "office";
    /// The day of writing.
    Today = "today";
    /// The day on which the matter was received.
    Received = "received";
    /// The day by which the citizen has an answer.
    AnswerBy = "answer_by";
    /// The day by which it is decided.
    DecideBy = "decide_by";
    /// The day by which the citizen is asked to answer.
    ReplyBy = "reply_by";
    /// The last day of the term for an objection.
    AppealUntil = "appeal_until";
    /// Why the office says no.
    Reasons = "reasons";
    /// Which papers are needed; typed.
    Papers = "papers";
    /// What was promised and not kept; typed.
    Promised = "promised";
    /// What is said in this case only; typed.
    Details = "details";
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.name())
    }
}

/// Braces that stand around no placeholder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceholderError {
    /// There is no such placeholder.
    #[error("there is no placeholder {{{0}}}; there are {known}", known = known())]
    Unknown(String),
    /// A brace is left open, or closed twice.
    #[error("a brace stands alone; a placeholder is a name between two braces, as {{case}}")]
    Brace,
}

fn known() -> String {
    Placeholder::ALL.iter().map(|known| known.name()).collect::<Vec<_>>().join(", ")
}

/// A piece of a template: words, or a place to fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Words(&'t str),
    Place(Placeholder),
}

impl Placeholder {
    /// The placeholder of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }
}

/// Refuses a text with braces that stand around no placeholder.
///
/// # Errors
/// What is the matter with the first of them.
pub fn check_placeholders(text: &str) -> Result<(), PlaceholderError> {
    pieces(text).map(drop).map_err(|(_, error)| error)
}

/// The pieces of a template, in order.
///
/// # Errors
/// The byte at which a brace stands that belongs to no placeholder, and what is the matter with it.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, (usize, PlaceholderError)> {
    let mut found = Vec::new();
    let mut rest = text;
    let at = |rest: &str| text.len() - rest.len();
    while let Some((words, from)) = rest.split_once('{') {
        if let Some(stray) = words.find('}') {
            return Err((at(rest) + stray, PlaceholderError::Brace));
        }
        let brace = at(from) - 1;
        let is_name =
            |name: &&str| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        let (name, after) = from
            .split_once('}')
            .filter(|(name, _)| !name.contains(['{', '\n']))
            .ok_or((brace, PlaceholderError::Brace))?;
        let place = Some(name).filter(is_name).and_then(Placeholder::named);
        let place = place.ok_or_else(|| (brace, PlaceholderError::Unknown(name.to_owned())))?;
        found.push(Piece::Words(words));
        found.push(Piece::Place(place));
        rest = after;
    }
    if let Some(stray) = rest.find('}') {
        return Err((at(rest) + stray, PlaceholderError::Brace));
    }
    found.push(Piece::Words(rest));
    Ok(found)
}
