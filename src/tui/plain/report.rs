//! Says what is new, in the order in which it is read.

use crate::keymap::{self, Action};
use crate::tui::model::Overlay;
use crate::tui::place::Place;
use crate::tui::screen::Status;
use crate::tui::status::key_of;
use crate::tui::when;

use super::help;
use super::line::Reader;
use super::page::{Line, Page, SIZE};
use super::session::{Listed, Plain};
use super::speech::Typing;
use super::words;

impl Plain {
    /// What is to be said now, with the prompt at its end; lines end in LF, the prompt in a space.
    pub fn report(&mut self) -> String {
        if self.rest.is_empty() {
            let news = self.news();
            self.rest = news.iter().flat_map(|line| words::lines(line, self.cells)).collect();
        }
        let count = self.rows.unwrap_or(usize::MAX).min(self.rest.len());
        let mut said: Vec<String> = self.rest.drain(..count).collect();
        if self.has_ended {
            said.extend(self.rest.drain(..));
            said.push(String::new());
            return said.join("\n");
        }
        said.push(self.ask_again());
        said.join("\n")
    }

    /// What is asked, as it was asked last: for somebody before whose eyes something else was shown since.
    #[must_use]
    pub fn ask_again(&self) -> String {
        let prompt = match self.rest.len() {
            0 => self.prompt(),
            1 => "1 more line: Enter".to_owned(),
            more => format!("{more} more lines: Enter"),
        };
        format!("{}> ", words::lines(&prompt, 0).join(" "))
    }

    pub(super) fn help(&mut self, all: bool) {
        let contexts = self.contexts();
        let reader = Reader { keymap: &self.model.shared.keymap, contexts: &contexts };
        let lines = match (self.is_entry(), all) {
            (true, _) => help::of_entry(),
            (false, true) => help::all(&reader),
            (false, false) => {
                let screen = &self.model.history.current().screen;
                help::here(&reader, &screen.hints(), &|action| screen.hint_label(action))
            }
        };
        self.said.extend(lines);
    }

    /// Says in one line that the screen has changed since it was read, and takes it as it is now for what was there.
    pub(super) fn hear_what_changed(&mut self) {
        let now = Page::of(&self.model);
        let Some(before) = &self.page else { return };
        let changed = if before.place == now.place { now.since(before).len() } else { 0 };
        if changed > 0 && !self.is_entry() {
            let lines = if changed == 1 { "one line" } else { "some lines" };
            self.said.push(format!("Meanwhile {lines} of this screen changed: again reads it."));
        }
        self.page = Some(now);
    }

    /// What there is to say, in the order in which it is read.
    pub(super) fn news(&mut self) -> Vec<String> {
        let mut said = self.notices();
        said.append(&mut self.said);
        let page = Page::of(&self.model);
        let mut read = [self.page.take(), self.below.clone()].into_iter().flatten();
        let before = read.find(|before| before.place == page.place);
        let is_new_place = before.is_none();
        let is_writing = self.is_in_text && page.typing == Typing::Block;
        let reads_all = std::mem::take(&mut self.reads_all) || is_new_place;
        let mut is_focus_said = false;
        let focus = page.focused().cloned();
        if reads_all {
            said.extend(page.all().map(Line::read));
            self.numbers.clear();
            self.note_numbers(page.all());
            is_focus_said = focus.as_ref().is_none_or(|line| line.place.is_none());
        } else if let Some(before) = before.as_ref().filter(|_| !is_writing) {
            let new = page.news(before);
            for line in &new {
                let is_focus = focus.as_ref() == Some(*line);
                is_focus_said |= is_focus;
                said.push(if is_focus { line.read_alone() } else { line.read() });
            }
            self.note_numbers(new.into_iter().chain(focus.as_ref()));
            is_focus_said |= before.focused() == focus.as_ref() && before.focus == page.focus;
            if std::mem::take(&mut self.is_field_done) && page.focus < before.focus {
                said.push(format!(
                    "That was the last field. A single dot: {}.",
                    self.sending_word()
                ));
            }
        }
        if let Some(line) = focus.filter(|_| !is_focus_said && !is_writing) {
            let at = if reads_all { "At " } else { "" };
            said.push(format!("{at}{}", line.read_alone()));
        }
        let is_heard = is_writing || self.has_ended || self.model.status.is_some();
        if said.is_empty() && !is_heard {
            said.extend(page.focused().map(Line::read_alone));
        }
        said.extend(self.explanation());
        match self.model.status.take() {
            Some(Status::Done(words)) => said.push(words),
            Some(Status::Refused(words)) => said.push(format!("Not done: {words}")),
            None => {}
        }
        self.close_pages();
        let read = Page::of(&self.model);
        if read.place.1.is_empty() {
            self.below = Some(read.clone());
        }
        self.page = Some(read);
        said
    }

    /// Pages are read as a whole, so that nothing is left of them to be closed.
    pub(super) fn close_pages(&mut self) {
        if matches!(self.model.overlay, Overlay::Pages(_)) {
            self.model.overlay = Overlay::Nothing;
        }
    }

    /// What lasts or rings wherever one is, each said once.
    pub(super) fn notices(&mut self) -> Vec<String> {
        let mut said = Vec::new();
        let notice = self.model.notice.as_ref();
        let notice = notice.map(|notice| format!("{}: {}", notice.heading, notice.short));
        if notice != self.notice {
            said.extend(notice.clone());
            self.notice = notice;
        }
        let shared = &self.model.shared;
        for ring in &shared.presence.rings {
            let is_late = ring.due_at < shared.now;
            if !self.rung.insert((ring.promise, is_late)) {
                continue;
            }
            let key = key_of(shared, keymap::Context::Everywhere, Action::GoRing);
            let key = key.map(|key| format!(", key {key}")).unwrap_or_default();
            let late = if is_late { "late: " } else { "" };
            let at = when::time(ring.due_at, &shared.zone);
            let about = ring.case.map(|case| format!(" about {case}")).unwrap_or_default();
            let (person, name) = &ring.person;
            let by = ring.channel.label();
            said.push(format!(
                "It rings: {late}promised for {at} by {by} to {name} {person}{about}; ring goes there{key}."
            ));
        }
        if let Some(coach) = &self.model.coach {
            let rows = coach.rows(shared, usize::from(SIZE.0));
            said.extend(rows.into_iter().filter(|row| !row.trim().is_empty()));
        }
        said
    }

    /// Remembers what each number meant as it was read. Those of a form go with it.
    fn note_numbers<'a>(&mut self, lines: impl IntoIterator<Item = &'a Line>) {
        let listed = self.listed();
        if listed == Listed::OnScreen {
            self.numbers.retain(|(listed, _), _| *listed == Listed::OnScreen);
        }
        for line in lines {
            if let Some((place, _)) = line.place {
                self.numbers.insert((listed, place), line.about().to_owned());
            }
        }
    }

    /// How texts are entered, once for each form that opens.
    pub(super) fn explanation(&mut self) -> Option<String> {
        if !self.is_entry() {
            self.is_explained = false;
            return None;
        }
        if std::mem::replace(&mut self.is_explained, true) {
            return None;
        }
        if self.is_only_read() {
            return Some("Enter leaves this.".to_owned());
        }
        let word = match &self.model.overlay {
            Overlay::Contact(_) => {
                return Some("A letter picks. /leave leaves this.".to_owned());
            }
            _ => self.sending_word(),
        };
        Some(format!(
            "Each line fills a field. A line with a single dot: {word}. /leave leaves this, its draft is kept; /help tells more."
        ))
    }

    pub(super) fn sending_word(&self) -> &'static str {
        let action = self.sending();
        let own = self.model.history.current().screen.hint_label(action);
        own.filter(|_| matches!(self.model.overlay, Overlay::Nothing))
            .unwrap_or(action.info().label)
    }

    /// Where one is, and what is asked.
    pub(super) fn prompt(&self) -> String {
        let page = self.page.clone().unwrap_or_else(|| Page::of(&self.model));
        let over = page.place.1;
        let (name, words) = self.model.history.current().place.words();
        let at = match (over, &self.model.history.current().place) {
            ("", Place::Case(_) | Place::Person(_)) => {
                format!("{name} {}", words.first().cloned().unwrap_or_default())
            }
            ("", _) => name.to_owned(),
            ("pick", _) => "list".to_owned(),
            (over, _) => over.to_owned(),
        };
        if !self.is_entry() {
            return at;
        }
        let form = page.part().and_then(form_of).unwrap_or(at);
        let asked = page.asked().map(|label| format!(", {label}")).unwrap_or_default();
        format!("{form}{asked}")
    }
}

/// The name of a form by its heading: `ESCALATE C-20931` is `escalate`.
fn form_of(heading: &str) -> Option<String> {
    let words = heading.split([' ', ';', ',']);
    let capitals: Vec<&str> =
        words.take_while(|word| word.chars().all(char::is_uppercase) && !word.is_empty()).collect();
    (!capitals.is_empty()).then(|| capitals.join(" ").to_lowercase())
}
