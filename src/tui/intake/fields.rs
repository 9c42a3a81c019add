//! The fields of the form: their order, what each holds, and what is still needed.

use crate::desk::{PersonFileAnswer, SimilarAnswer};
use crate::domain::cases::{About, CasePlace, Channel, Intake, Nature, SameCheck, SameChoice};
use crate::domain::limits::{CODE_BYTES_MAX, LINE_BYTES_MAX, TEXT_BYTES_MAX};
use crate::domain::time::{Calendar, Instant, SaidTime, Tongue, Zone, said_time};
use crate::domain::{CaseId, PersonId, SubjectCode};

use super::super::field::TextField;
use super::moment::parse_received;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Via,
    Received,
    Nature,
    Subject,
    AskedBy,
    About,
    Addressee,
    Place,
    Same,
    Says,
    Promise,
}

impl Field {
    /// In the order of the screen.
    pub(super) const ALL: [Self; 11] = [
        Self::Via,
        Self::Received,
        Self::Nature,
        Self::Subject,
        Self::AskedBy,
        Self::About,
        Self::Addressee,
        Self::Place,
        Self::Same,
        Self::Says,
        Self::Promise,
    ];

    /// Its name in a draft.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Via => "via",
            Self::Received => "received",
            Self::Nature => "nature",
            Self::Subject => "subject",
            Self::AskedBy => "asked by",
            Self::About => "about",
            Self::Addressee => "letters to",
            Self::Place => "place",
            Self::Same => "same",
            Self::Says => "says",
            Self::Promise => "promise",
        }
    }

    fn place(self) -> usize {
        Self::ALL.iter().position(|field| *field == self).unwrap_or(0)
    }

    /// The field after this one; the last stays.
    pub(super) fn next(self) -> Self {
        Self::ALL.get(self.place() + 1).copied().unwrap_or(self)
    }

    /// The field before this one; the first stays.
    pub(super) fn previous(self) -> Self {
        self.place().checked_sub(1).and_then(|at| Self::ALL.get(at)).copied().unwrap_or(self)
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// Nobody was named yet.
    Open,
    /// Nobody known, on purpose.
    Anonymous,
    /// A person.
    Person(PersonId),
}

/// What the form holds.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) via: Option<Channel>,
    /// Empty stands for the moment at which the form was opened.
    pub(super) received: TextField,
    pub(super) nature: Option<Nature>,
    pub(super) subject_text: TextField,
    pub(super) subject: Option<(SubjectCode, String)>,
    pub(super) asker: Asker,
    pub(super) asker_text: TextField,
    pub(super) about: About,
    pub(super) about_text: TextField,
    pub(super) addressee: Option<PersonId>,
    pub(super) addressee_text: TextField,
    pub(super) place: TextField,
    /// Whether the place is the file's, and its area with it.
    pub(super) place_of_file: Option<CasePlace>,
    pub(super) same: Option<SameChoice>,
    pub(super) says: TextField,
    /// By when something is promised, as one says it.
    pub(super) promise: TextField,
}

impl Fields {
    /// An empty form for whoever asks.
    pub(super) fn new(person: Option<PersonId>, words: &str) -> Self {
        let mut says = TextField::block(TEXT_BYTES_MAX);
        says.set(words);
        Self {
            via: None,
            received: TextField::line(CODE_BYTES_MAX),
            nature: None,
            subject_text: TextField::line(LINE_BYTES_MAX),
            subject: None,
            asker: person.map_or(Asker::Open, Asker::Person),
            asker_text: TextField::line(CODE_BYTES_MAX),
            about: About::Same,
            about_text: TextField::line(CODE_BYTES_MAX),
            addressee: None,
            addressee_text: TextField::line(CODE_BYTES_MAX),
            place: TextField::line(LINE_BYTES_MAX),
            place_of_file: None,
            same: None,
            says,
            promise: TextField::line(CODE_BYTES_MAX),
        }
    }

    /// The person who asks.
    pub(super) fn person(&self) -> Option<PersonId> {
        match self.asker {
            Asker::Person(person) => Some(person),
            Asker::Anonymous | Asker::Open => None,
        }
    }

    /// Fills the place from the file of whoever asks, unless one was typed.
    pub(super) fn place_from(&mut self, file: &PersonFileAnswer) {
        if !self.place.is_blank() && self.place_of_file.is_none() {
            return;
        }
        let area = file.area.trim();
        let street = match area {
            "" => file.address.as_str(),
            area => file
                .address
                .strip_suffix(area)
                .unwrap_or(&file.address)
                .trim_end_matches([',', ' ']),
        };
        self.place_of_file = Some(CasePlace { text: street.to_owned(), area: area.to_owned() });
        let parts: Vec<&str> = [street, area].into_iter().filter(|part| !part.is_empty()).collect();
        self.place.set(&parts.join(", "));
    }

    /// The place; of a typed one, what stands after the last comma is the area.
    pub(super) fn case_place(&self) -> CasePlace {
        if let Some(place) = &self.place_of_file {
            return place.clone();
        }
        let typed = self.place.text();
        match typed.rsplit_once(',') {
            Some((text, area)) => {
                CasePlace { text: text.trim().to_owned(), area: area.trim().to_owned() }
            }
            None => CasePlace { text: typed.trim().to_owned(), area: String::new() },
        }
    }

    /// Whether Enter may pass a field by, as there is nothing to settle in it.
    pub(super) fn is_passed_by(&self, field: Field, similar: Option<&SimilarAnswer>) -> bool {
        match field {
            // The received date of a call stands at now, and letters go to whoever asks, unless one goes there on purpose.
            Field::Received => self.via.is_none_or(Channel::is_live),
            Field::Addressee => true,
            Field::Via => self.via.is_some(),
            Field::Nature => self.nature.is_some(),
            Field::Subject => self.subject.is_some(),
            Field::AskedBy => self.asker != Asker::Open,
            Field::Same => {
                self.same.is_some() || similar.is_some_and(|similar| similar.cases.is_empty())
            }
            Field::About | Field::Place | Field::Says | Field::Promise => false,
        }
    }

    /// When the office received it: what was typed, or the moment at which the form was opened.
    pub(super) fn received_at(
        &self,
        opened_at: Instant,
        now: Instant,
        zone: &Zone,
    ) -> Option<Instant> {
        if self.received.is_blank() {
            return Some(opened_at);
        }
        parse_received(&self.received.text(), now, zone)
    }

    /// What is promised: nothing where nothing was typed.
    ///
    /// # Errors
    /// It is no time, or nobody is known to whom something could be promised.
    pub(super) fn promised(
        &self,
        now: Instant,
        calendar: &Calendar,
    ) -> Result<Option<SaidTime>, String> {
        if self.promise.is_blank() {
            return Ok(None);
        }
        if self.person().is_none() {
            return Err(
                "Nobody known can be promised anything: leave the promise empty.".to_owned()
            );
        }
        let said = said_time(&self.promise.text(), now, calendar, &Tongue::ALL);
        said.map(Some).map_err(|error| error.to_string())
    }

    /// Whether there are letters of a subject of which none was picked.
    pub(super) fn is_subject_unsettled(&self) -> bool {
        self.subject.is_none() && !self.subject_text.is_blank()
    }

    /// What keeps the form from being registered, in the words of its fields.
    pub(super) fn missing(&self, similar: Option<&SimilarAnswer>) -> Vec<&'static str> {
        let has_similar = similar.is_some_and(|similar| !similar.cases.is_empty());
        let is_added = matches!(self.same, Some(SameChoice::AddedTo(_)));
        [
            (self.via.is_none(), "via"),
            (self.nature.is_none() && !is_added, "nature"),
            (self.asker == Asker::Open, "asked by"),
            (has_similar && self.same.is_none(), "SAME?"),
            (self.says.is_blank() && (is_added || self.subject.is_none()), "what the citizen says"),
        ]
        .into_iter()
        .filter_map(|(is_missing, name)| is_missing.then_some(name))
        .collect()
    }

    /// The nature of the case that this is added to: whoever adds to a case need not say it again.
    fn nature_of_same(&self, similar: Option<&SimilarAnswer>) -> Option<Nature> {
        let Some(SameChoice::AddedTo(added)) = self.same else { return None };
        let case = similar?.cases.iter().find(|case| case.row.id == added)?;
        Some(case.row.nature)
    }

    /// The intake, once nothing is missing.
    pub(super) fn intake(
        &self,
        received_at: Instant,
        similar: Option<&SimilarAnswer>,
    ) -> Option<Intake> {
        let shown: Vec<CaseId> =
            similar.map(|similar| similar.cases.iter().map(|case| case.row.id).collect())?;
        let choice = if shown.is_empty() { SameChoice::NothingShown } else { self.same? };
        Some(Intake {
            channel: self.via?,
            registry_number: None,
            received_at,
            nature: self.nature.or_else(|| self.nature_of_same(similar))?,
            subject: self.subject.as_ref().map(|(code, _)| code.clone()),
            asked_by: self.person(),
            about: self.about.clone(),
            addressee: self.addressee,
            place: self.case_place(),
            says: self.says.text().trim_end().to_owned(),
            same: SameCheck { shown, choice },
        })
    }
}
