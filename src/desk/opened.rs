//! What a session reads of files: whatever speaks to the desk, nothing of a file is handed out before its opening is durable.

use std::collections::{BTreeSet, VecDeque};

use crate::domain::office::Purpose;
use crate::domain::{AccessId, EntityId};

use super::Desk as _;
use super::command::{Command, Request};
use super::error::DeskError;
use super::local::lock;
use super::query::{Answer, Query};
use super::read::Reader;
use super::session::Session;

/// Files of which is known that a session has opened them; beyond that the oldest is forgotten, and opened anew.
const OPENED_MAX: usize = 1_024;

/// A file as it stands open: by the record that stands for it, and under which emergency access, if under one. What was
/// opened under an access is not open under the next.
pub(super) type OpenFile = (EntityId, Option<AccessId>);

/// The files that a session has opened.
#[derive(Debug, Default)]
pub(super) struct OpenFiles {
    known: BTreeSet<OpenFile>,
    /// The oldest first.
    order: VecDeque<OpenFile>,
}

impl OpenFiles {
    pub(super) fn note(&mut self, file: OpenFile) {
        if !self.known.insert(file.clone()) {
            return;
        }
        self.order.push_back(file);
        if self.order.len() > OPENED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    pub(super) fn has(&self, file: &OpenFile) -> bool {
        self.known.contains(file)
    }
}

/// The files of which a question would show what only an opened one shows, where the question itself names them.
///
/// Beside the files themselves that is what is made of them: letters filled in with names and addresses, two people side by
/// side, contacts of a person, the past of a case, and a case compared with others.
///
/// Nothing else is one: rows of lists, hits of the search, headers, previews and promises are what whoever may see a record
/// finds it by; why a case is due, a trial of a table, suggestions and whom an escalation would reach have no person in
/// them; how somebody likes to be reached tells no more than a hit does; drafts are the actor's own words; what waits for a
/// signature is for those who are to sign it; and the trail, lists of likely duplicates and reckonings of fairness record
/// readings of their own.
#[expect(clippy::wildcard_enum_match_arm, reason = "few questions show what is in a file")]
pub(super) fn named_in(query: &Query) -> Vec<EntityId> {
    let case = |case: &_| vec![EntityId::Case(*case)];
    match query {
        Query::CaseFile(question) => case(&question.case),
        Query::History(question) => case(&question.case),
        Query::ReplyKit(question) => case(&question.case),
        Query::Filled(question) => case(&question.case),
        Query::MergeCandidates(question) => case(&question.case),
        Query::Modules(question) => question.case.iter().flat_map(case).collect(),
        Query::PersonFile(question) => vec![EntityId::Person(question.person)],
        Query::Contacts(question) => question.person.map(EntityId::Person).into_iter().collect(),
        Query::PersonMerge(question) => {
            vec![EntityId::Person(question.survivor), EntityId::Person(question.merged)]
        }
        _ => Vec::new(),
    }
}

/// The files of which an answer shows what only an opened one shows, where only the answer says which.
#[expect(clippy::wildcard_enum_match_arm, reason = "few answers show what is in a file")]
fn shown_in(answer: &Answer) -> Option<EntityId> {
    match answer {
        Answer::Message(message) => Some(EntityId::Case(message.case)),
        Answer::Contact(contact) => contact.person.as_ref().map(|(id, _)| EntityId::Person(*id)),
        Answer::Verification(asked) => Some(EntityId::Person(asked.person.0)),
        Answer::ForEach(preview) => {
            preview.letter.as_ref().map(|letter| EntityId::Case(letter.case))
        }
        _ => None,
    }
}

impl Query {
    /// Whether a question may open a file before it is answered: one that it names, or that only its answer says.
    #[must_use]
    pub fn may_open(&self) -> bool {
        matches!(
            self,
            Self::CaseFile(_)
                | Self::History(_)
                | Self::ReplyKit(_)
                | Self::Filled(_)
                | Self::MergeCandidates(_)
                | Self::Modules(_)
                | Self::PersonFile(_)
                | Self::Contacts(_)
                | Self::PersonMerge(_)
                | Self::Message(_)
                | Self::Contact(_)
                | Self::Verification(_)
                | Self::ForEach(_)
        )
    }
}

impl Session {
    /// Opens whatever an answer shows and this session has not opened, as a command would for which nobody named a purpose,
    /// so that it is durable before the answer is handed out. The past is no file: the look at it is recorded as one.
    ///
    /// # Errors
    /// Nothing tells the purpose, the opening is refused otherwise, or nothing can be written: the answer stays here.
    pub(super) fn open_what_is_shown(
        &self,
        reader: &Reader<'_>,
        mut files: Vec<EntityId>,
        answer: &Answer,
    ) -> Result<(), DeskError> {
        if self.desk.past.is_some() {
            return Ok(());
        }
        files.extend(shown_in(answer));
        for file in files {
            let is_open = || Ok::<_, DeskError>(self.token.has_opened(&reader.open_file(&file)?));
            if is_open()? {
                continue;
            }
            // Of many questions at once about one file, one opens it.
            let _alone = lock(&self.token.opening);
            if is_open()? {
                continue;
            }
            let purpose = Purpose::unasked();
            #[expect(clippy::wildcard_enum_match_arm, reason = "files are of cases and people")]
            let command = match file {
                EntityId::Case(case) => Command::OpenCase { case, purpose },
                EntityId::Person(person) => Command::OpenPerson { person, purpose },
                _ => continue,
            };
            let id = u128::from_be_bytes(self.desk.entropy.draw());
            self.execute(Request { id, command })?;
        }
        Ok(())
    }

    /// Notes that this session has opened a file.
    pub(super) fn note_opened(&self, file: &EntityId) -> Result<(), DeskError> {
        let reader = Reader::new(&self.desk, self.actor)?;
        self.token.note_opened(reader.open_file(file)?);
        Ok(())
    }
}
