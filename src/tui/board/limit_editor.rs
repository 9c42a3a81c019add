//! The line in which a limit is typed: it counts what is left, completes what is begun, and keeps what cannot be read.

use crate::desk::{
    Anchor, Answer, Ask as _, AskCases, AskFrequencies, AskLimitWords, DeskError, Narrowing, View,
};
use crate::domain::cases::filter::{Completion, Field, Filter, Sort, Vocabulary, complete};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::keymap::{self, Action, Key, KeyCode};
use crate::tui::field::{Picture, TextField, Written};
use crate::tui::text::width;

use super::super::screen::{Context, Status, Ticket};
use super::narrow::Wish;

/// Rows of what can be put in.
const OFFER_ROWS: usize = 3;

/// A limit that is being typed.
#[derive(Debug)]
pub(super) struct LimitEditor {
    view: View,
    sort: Sort,
    field: TextField,
    vocabulary: Vocabulary,
    words_asked: Option<Ticket>,
    areas_asked: Option<Ticket>,
    /// The count that is under way, and the limit that it is of.
    counting: Option<(Ticket, Filter)>,
    /// What was counted last: of which limit, and how many there are, or why that cannot be said.
    counted: Option<(Filter, String)>,
    /// The completion that Tab walks through, and which offer stands in the text.
    walking: Option<(Completion, usize)>,
    /// The key that puts an offer in.
    offer_key: String,
    past: Vec<String>,
    /// How far back in the past limits Up has gone.
    back: usize,
}

impl LimitEditor {
    /// The line, with the limit that holds in it.
    pub(super) fn new(
        view: View,
        narrowing: &Narrowing,
        past: &[String],
        context: &mut Context<'_>,
    ) -> Self {
        let mut field = TextField::line(LINE_BYTES_MAX);
        if !narrowing.limit.is_empty() {
            field.set(&format!("{} ", narrowing.limit));
        }
        let everything = Filter::default();
        let areas = AskFrequencies { view, limit: everything, field: Field::Area };
        let mut editor = Self {
            view,
            sort: narrowing.sort,
            field,
            vocabulary: Vocabulary::default(),
            words_asked: Some(context.ask(AskLimitWords {})),
            areas_asked: None,
            counting: None,
            counted: None,
            walking: None,
            offer_key: context.shared.keymap.key(keymap::Context::Limit, Action::NextField),
            past: past.to_vec(),
            back: 0,
        };
        editor.count(context);
        editor.areas_asked = Some(context.ask(areas));
        editor
    }

    /// Counts what the limit leaves, unless a count is under way: then that one's answer begins the next.
    pub(super) fn count(&mut self, context: &mut Context<'_>) {
        let Ok(limit) = self.field.text().parse::<Filter>() else { return };
        if self.counting.is_some() {
            return;
        }
        let narrowing = Narrowing { limit: limit.clone(), sort: self.sort };
        let (view, anchor) = (self.view, Anchor::First);
        let ticket = context.ask(AskCases { view, anchor, before: 0, after: 0, narrowing });
        self.counting = Some((ticket, limit));
    }

    pub(super) fn action(&mut self, action: Action, key: Key, context: &mut Context<'_>) -> Wish {
        match (action, key.code()) {
            (Action::Send, _) => return self.apply(context),
            (Action::NextField, KeyCode::Down) => self.recall(self.back.saturating_sub(1)),
            (Action::PreviousField, KeyCode::Up) => self.recall(self.back + 1),
            (Action::NextField, _) => self.complete(true),
            (Action::PreviousField, _) => self.complete(false),
            _ => return Wish::NotTaken,
        }
        self.count(context);
        Wish::Nothing
    }

    pub(super) fn key(&mut self, key: Key, context: &mut Context<'_>) -> Wish {
        let written = self.field.key(key);
        self.wrote(written, context)
    }

    pub(super) fn paste(&mut self, text: &str, context: &mut Context<'_>) {
        let written = self.field.paste(text);
        self.wrote(written, context);
    }

    fn wrote(&mut self, written: Written, context: &mut Context<'_>) -> Wish {
        match written {
            Written::Changed => {
                self.walking = None;
                self.count(context);
            }
            Written::Same => self.walking = None,
            Written::Refused(why) => context.say(Status::Refused(why)),
            Written::NotTaken => return Wish::NotTaken,
        }
        Wish::Nothing
    }

    fn apply(&mut self, context: &mut Context<'_>) -> Wish {
        match self.field.text().parse::<Filter>() {
            Ok(limit) => Wish::Narrow(Narrowing { limit, sort: self.sort }),
            Err(error) => {
                self.field.set_cursor(error.column.saturating_sub(1));
                context.say(Status::Refused(format!("{error}.")));
                Wish::Nothing
            }
        }
    }

    /// Puts a limit of before in; 0 is an empty line.
    fn recall(&mut self, back: usize) {
        self.back = back.min(self.past.len());
        let past = self.past.len().checked_sub(self.back).and_then(|at| self.past.get(at));
        self.field.set(past.map_or("", String::as_str));
        self.walking = None;
    }

    /// Puts in what all offers have in common; where that is there already, one offer after the other.
    fn complete(&mut self, is_forward: bool) {
        let (completion, at) = if let Some((completion, at)) = self.walking.take() {
            let last = completion.offers.len().saturating_sub(1);
            let next = if is_forward { at + 1 } else { at.checked_sub(1).unwrap_or(last) };
            (completion, if next > last { 0 } else { next })
        } else {
            let (text, cursor) = (self.field.text(), self.field.cursor());
            let completion = complete(&text, cursor, &self.vocabulary);
            let typed = cursor.saturating_sub(completion.from);
            let common = common_beginning(&completion);
            if common.chars().count() > typed && completion.offers.len() > 1 {
                return self.replace(completion.from, &common);
            }
            (completion, 0)
        };
        let Some(offer) = completion.offers.get(at).map(|offer| offer.text.clone()) else { return };
        self.replace(completion.from, &offer);
        // A single offer is settled; among several Tab goes on to the next.
        if completion.offers.len() > 1 {
            self.walking = Some((completion, at));
        }
    }

    /// Puts words in the place of the characters from one on to the cursor.
    fn replace(&mut self, from: usize, words: &str) {
        let text = self.field.text();
        let before: String = text.chars().take(from).collect();
        let after: String = text.chars().skip(self.field.cursor()).collect();
        self.field.set(&format!("{before}{words}{after}"));
        self.field.set_cursor(from + words.chars().count());
    }

    pub(super) fn answered(
        &mut self,
        ticket: Ticket,
        answer: &Result<Answer, DeskError>,
        context: &mut Context<'_>,
    ) -> bool {
        if self.words_asked == Some(ticket) {
            self.words_asked = None;
            if let Ok(words) = answer.clone().and_then(AskLimitWords::expect) {
                self.vocabulary.units = words.units;
                self.vocabulary.owners = words.owners;
                self.vocabulary.subjects = words.subjects;
                self.vocabulary.sites = words.sites;
            }
        } else if self.areas_asked == Some(ticket) {
            self.areas_asked = None;
            if let Ok(areas) = answer.clone().and_then(AskFrequencies::expect) {
                let named = areas.values.iter().filter(|area| !area.label.starts_with('('));
                self.vocabulary.areas = named.map(|area| area.label.clone()).collect();
            }
        } else if let Some((_, limit)) = self.counting.take_if(|(asked, _)| *asked == ticket) {
            let counted = match answer.clone().and_then(AskCases::expect) {
                Ok(rows) if rows.is_cut => {
                    format!("{} of {}, as far as it was looked at", rows.total, rows.of)
                }
                Ok(rows) => {
                    let meant = limit.meant().filter(|_| rows.total == 0);
                    let meant = meant.map(|term| format!("; did you mean {term}?"));
                    format!("{} of {}{}", rows.total, rows.of, meant.unwrap_or_default())
                }
                Err(error) => error.to_string(),
            };
            let is_old = self.field.text().parse().as_ref() != Ok(&limit);
            self.counted = Some((limit, counted));
            if is_old {
                self.count(context);
            }
        } else {
            return false;
        }
        true
    }

    pub(super) fn show(&self, name: &str, cells: usize, picture: &mut Picture) {
        let read = self.field.text().parse::<Filter>();
        let said = match (&read, &self.counted) {
            (Err(error), _) => error.to_string(),
            (Ok(limit), Some((of, counted))) if limit == of => counted.clone(),
            (Ok(_), _) => "...".to_owned(),
        };
        let title = format!("-- LIMIT {name}   {said}");
        // What helps stands below where the title has no room for it.
        let is_long = width(&title) > cells;
        picture.rows.push(if is_long { format!("-- LIMIT {name}") } else { title });
        picture.field("only", &self.field, true, cells, 1);
        let completion = match &self.walking {
            Some((completion, _)) => completion.clone(),
            None => complete(&self.field.text(), self.field.cursor(), &self.vocabulary),
        };
        let walked = self.walking.as_ref().map(|(_, at)| *at);
        let offers: Vec<String> = completion
            .offers
            .iter()
            .enumerate()
            .skip(walked.unwrap_or(0).saturating_sub(2))
            .map(|(at, offer)| {
                let marker = if Some(at) == walked { ">" } else { "" };
                let note = match offer.note.as_str() {
                    "" => String::new(),
                    note => format!(" ({note})"),
                };
                format!("{marker}{}{note}", offer.text)
            })
            .collect();
        let offers = if offers.is_empty() {
            vec!["words in subject, text, place or name; \"in quotes\", a,b for either".to_owned()]
        } else {
            offers
        };
        // The rows are there whatever is offered, so that the list above does not jump while one types.
        let rows = picture.rows.len() + OFFER_ROWS;
        if is_long {
            picture.words("", &said, cells, OFFER_ROWS);
        }
        let left = rows.saturating_sub(picture.rows.len());
        if left > 0 {
            picture.things(&self.offer_key, &offers, cells, left);
        }
        picture.rows.resize(rows, String::new());
    }
}

/// What all offers begin with.
fn common_beginning(completion: &Completion) -> String {
    let mut offers = completion.offers.iter().map(|offer| offer.text.as_str());
    let Some(first) = offers.next() else { return String::new() };
    let mut common: Vec<char> = first.chars().collect();
    for offer in offers {
        let same = common.iter().zip(offer.chars()).take_while(|(one, other)| **one == *other);
        let same = same.count();
        common.truncate(same);
    }
    common.into_iter().collect()
}
