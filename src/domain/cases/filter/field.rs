//! The words of the language: fields that take values, and flags that stand alone.

/// Declares an enum of words, each with the key that picks it and a sentence.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $( $variant:ident = ($key:literal, $word:literal, $help:literal), )+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $( #[doc = $help] $variant, )+ }

        impl $name {
            /// Every one, in the order in which screens list them.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The word in the language.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// The key that picks it where it is picked.
            #[must_use]
            pub fn key(self) -> char {
                match self { $( Self::$variant => $key, )+ }
            }

            /// What it is about.
            #[must_use]
            pub fn help(self) -> &'static str {
                match self { $( Self::$variant => $help, )+ }
            }

            /// The one of this word, in capitals or not.
            #[must_use]
            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word().eq_ignore_ascii_case(word))
            }

            /// The one with this key.
            #[must_use]
            pub fn from_key(key: char) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.key() == key)
            }
        }
    };
}

words! {
    /// What a term, or a table of frequencies, is about.
    Field {
        Subject = ('s', "subject", "The subject's code, or words of its name."),
        Nature = ('n', "nature", "The nature: complaint, request, suggestion, report, information."),
        Unit = ('u', "unit", "The unit, by its code or name; another one than the list's is looked for everywhere."),
        Owner = ('o', "owner", "Who has it: `me`, `none`, or a colleague."),
        Stage = ('g', "stage", "Where it stands in its life."),
        Channel = ('c', "channel", "The way it came."),
        Area = ('a', "area", "The office's area."),
        Due = ('d', "due", "When its next clock runs out: `<2d`, `>4h`, `=today`."),
        Received = ('r', "received", "How long ago it was received: `>2w`, `<1d`, `=today`."),
        Flag = ('f', "flag", "What rows carry as a flag, and whether a clock has run out."),
        Term = ('t', "term", "An index term: its code, or words of its name."),
        Site = ('l', "site", "Where the unit works that has it: the code or name of a site; it is looked for everywhere."),
    }
}

words! {
    /// What a case is or has, or not.
    Flag {
        Late = ('l', "late", "A clock has run out."),
        Hold = ('h', "hold", "It waits for somebody outside."),
        Escalated = ('e', "escalated", "An escalation waits for its answer."),
        Answered = ('a', "answered", "Its last escalation has an answer."),
        Reopened = ('r', "reopened", "It was closed before, and taken up again."),
        Anonymous = ('y', "anonymous", "Nobody is known who asked."),
        Promise = ('p', "promise", "Something is promised about it, and not yet kept."),
        Draft = ('d', "draft", "You have a draft on it."),
        Mail = ('m', "mail", "A message of it failed or still waits."),
    }
}

impl Flag {
    /// Whether other records than the case's own say it.
    pub(super) fn is_of_other_records(self) -> bool {
        match self {
            Self::Promise | Self::Draft | Self::Mail => true,
            Self::Late
            | Self::Hold
            | Self::Escalated
            | Self::Answered
            | Self::Reopened
            | Self::Anonymous => false,
        }
    }
}

/// Another word for `received`, as people say it.
pub(super) const AGE: &str = "age";

impl Field {
    /// The field that a word before `:`, `=`, `<` or `>` means.
    pub(super) fn meant(word: &str) -> Option<Self> {
        if word.eq_ignore_ascii_case(AGE) { Some(Self::Received) } else { Self::named(word) }
    }
}
