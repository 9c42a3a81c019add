//! The extension: which clock, why, and how the citizen hears of the new date.

use crate::desk::DraftForm;
use crate::domain::PersonId;
use crate::domain::cases::{CaseAct, Channel, ExtensionOffer, ReplyAddress, Telling};
use crate::domain::limits::LINE_BYTES_MAX;
use crate::domain::time::ClockKind;
use crate::keymap::Key;
use crate::tui::field::{Picture, TextField};
use crate::tui::screen::Context;
use crate::tui::text::safe_line;
use crate::tui::when::weekday_and_day;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::escalate::turned;
use super::way::{Way, ways};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Clock,
    Reason,
    To,
    Words,
}

impl Focus {
    const TOLD: [Self; 3] = [Self::Clock, Self::Reason, Self::To];
    /// Where nobody can be told, why is to be typed.
    const NOT_TOLD: [Self; 4] = [Self::Clock, Self::Reason, Self::To, Self::Words];

    fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Reason => "reason",
            Self::To => "to",
            Self::Words => "words",
        }
    }
}

/// How the citizen is to hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    By(PersonId, Channel),
    CannotBe,
}

/// A clock that is being extended.
#[derive(Debug)]
pub(super) struct ExtendEditor {
    focus: Focus,
    clock: Option<ClockKind>,
    reason: TextField,
    told: Option<Told>,
    words: TextField,
}

impl ExtendEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Reason,
            clock: None,
            reason: TextField::line(LINE_BYTES_MAX),
            told: None,
            words: TextField::line(LINE_BYTES_MAX),
        }
    }

    fn fields_there(&self) -> &'static [Focus] {
        if self.told == Some(Told::CannotBe) { &Focus::NOT_TOLD } else { &Focus::TOLD }
    }

    fn chosen<'s>(&self, scene: &'s Scene) -> Option<&'s ExtensionOffer> {
        offers(scene).iter().find(|offer| Some(offer.clock) == self.clock)
    }

    fn pick_clock(&mut self, key: Key, scene: &Scene) -> Typed {
        let place = key.digit().and_then(|digit| usize::from(digit).checked_sub(1));
        let Some(offer) = place.and_then(|place| offers(scene).get(place)) else {
            return Typed::Nothing;
        };
        self.clock = Some(offer.clock);
        self.focus = Focus::Reason;
        Typed::Changed
    }

    fn pick_way(&mut self, key: Key, scene: &Scene) -> Typed {
        let Some(digit) = key.digit() else { return Typed::Nothing };
        let Some(place) = usize::from(digit).checked_sub(1) else {
            self.told = Some(Told::CannotBe);
            self.focus = Focus::Words;
            return Typed::Changed;
        };
        let known = known_ways(scene);
        let Some(way) = known.get(place) else { return Typed::Nothing };
        self.told = Some(Told::By(way.person, way.channel));
        Typed::Changed
    }

    /// What comes of it: the new date, and what the law leaves.
    fn then(&self, scene: &Scene) -> String {
        let Some(offer) = self.chosen(scene) else {
            return if scene.file.is_some() || scene.is_file_lost {
                "the law behind the clocks of this case lets nobody extend one now".to_owned()
            } else {
                "reading".to_owned()
            };
        };
        let day = weekday_and_day(scene.zone.day(offer.due_at), scene.today());
        let left = match offer.left {
            0 => "; not again after that".to_owned(),
            left => format!("; {left} more after that"),
        };
        let ground = safe_line(&offer.legal_ground);
        format!("{} more: due {day}, by {ground}{left}", offer.term)
    }
}

fn offers(scene: &Scene) -> &[ExtensionOffer] {
    scene.file.as_ref().map(|file| file.extensions.as_slice()).unwrap_or_default()
}

/// Ways that reach somebody.
fn known_ways(scene: &Scene) -> Vec<Way> {
    let all = scene.file.as_ref().map(|file| ways(file)).unwrap_or_default();
    all.into_iter().filter(|way| !way.address.is_empty()).collect()
}

impl Editor for ExtendEditor {
    fn title(&self) -> &'static str {
        "EXTEND"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Extension)
    }

    fn key(&mut self, key: Key, scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Clock => self.pick_clock(key, scene),
            Focus::Reason => self.reason.key(key).into(),
            Focus::To => self.pick_way(key, scene),
            Focus::Words => self.words.key(key).into(),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        match self.focus {
            Focus::Words => self.words.paste(text).into(),
            Focus::Clock | Focus::Reason | Focus::To => {
                self.focus = Focus::Reason;
                self.reason.paste(text).into()
            }
        }
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        self.focus = turned(self.fields_there(), self.focus, turn);
    }

    fn informed(&mut self, scene: &Scene) -> Typed {
        if self.chosen(scene).is_none() {
            self.clock = offers(scene).first().map(|offer| offer.clock);
        }
        if self.told.is_none() {
            let first = known_ways(scene).into_iter().next();
            let way = first.map_or(Told::CannotBe, |way| Told::By(way.person, way.channel));
            self.told = Some(way);
        }
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        if scene.file.is_none() && !scene.is_file_lost {
            return Composed::Waiting;
        }
        // The desk says why a clock cannot be extended; it is asked with the one that people mean.
        let clock = self.clock.unwrap_or(ClockKind::Decide);
        if self.clock.is_some() && self.reason.is_blank() {
            self.focus = Focus::Reason;
            return Composed::Missing(
                "An extension has a reason that the citizen reads: type it.".to_owned(),
            );
        }
        let told = match self.told {
            Some(Told::By(addressee, channel)) => Telling::By(ReplyAddress { addressee, channel }),
            Some(Told::CannotBe) | None => {
                if self.clock.is_some() && self.words.is_blank() {
                    self.told = Some(Told::CannotBe);
                    self.focus = Focus::Words;
                    let what = "Nobody is told: type why they cannot be.";
                    return Composed::Missing(what.to_owned());
                }
                Telling::CannotBe(self.words.text())
            }
        };
        Composed::Acts(vec![CaseAct::Extend { clock, reason: self.reason.text(), told }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        let texts = [kept("reason", self.reason.text()), kept("words", self.words.text())];
        texts.into_iter().flatten().collect()
    }

    fn focus(&self) -> &'static str {
        self.focus.name()
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "reason" => self.reason.set(text),
            "words" => self.words.set(text),
            _ => {}
        }
    }

    fn restore_focus(&mut self, field: &str) {
        let known = Focus::TOLD.into_iter().find(|focus| focus.name() == field);
        self.focus = known.unwrap_or(self.focus);
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        let clocks: Vec<_> = (1_u32..10)
            .zip(offers(scene))
            .map(|(digit, offer)| {
                let words = format!("{digit} {}", offer.clock.label());
                (words, self.clock == Some(offer.clock))
            })
            .collect();
        if clocks.is_empty() {
            picture.words("clock", &self.then(scene), cells, 2);
        } else {
            picture.choices("clock", &clocks, self.focus == Focus::Clock, cells);
            picture.words("", &self.then(scene), cells, 2);
        }
        picture.field("reason", &self.reason, self.focus == Focus::Reason, cells, 2);
        let known = known_ways(scene);
        let told: Vec<_> = (1_u32..10)
            .zip(&known)
            .map(|(digit, way)| {
                let (name, channel) = (safe_line(&way.name), way.channel.label());
                let is_chosen = self.told == Some(Told::By(way.person, way.channel));
                (format!("{digit} {name} by {channel}"), is_chosen)
            })
            .chain([("0 cannot be told".to_owned(), self.told == Some(Told::CannotBe))])
            .collect();
        picture.choices("tell", &told, self.focus == Focus::To, cells);
        if self.told == Some(Told::CannotBe) {
            picture.field("why not", &self.words, self.focus == Focus::Words, cells, 2);
        }
    }
}
