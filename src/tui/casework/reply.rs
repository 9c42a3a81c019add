//! The reply: a template or a blank page, to somebody, by a way that reaches them.

use crate::desk::{Answer, AskReplyKit, DraftForm, FilledAnswer, ReplyKitAnswer};
use crate::domain::PersonId;
use crate::domain::answers::{SMS_PARTS_MAX, first_open_placeholder, sms_length, writing_place};
use crate::domain::cases::{CaseAct, Channel, ReplyAddress};
use crate::domain::limits::TEXT_BYTES_MAX;
use crate::keymap::{self, Action, Key, KeyCode};
use crate::tui::field::{Picture, TextField, Written};
use crate::tui::screen::{Context, Ticket};
use crate::tui::text::safe_line;

use super::editor::{Composed, Editor, Scene, Turn, Typed, kept};
use super::modules::{COLONS, ModulePicker, Picked, modules_for};
use super::way::{Way, ways};

/// Rows of a reply that are shown at once, at least and at most.
const ROWS: std::ops::RangeInclusive<usize> = 4..=12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Template,
    To,
    Text,
}

/// What the editor knows to write with.
#[derive(Debug)]
enum Kit {
    /// It was asked for.
    Asked(Option<Ticket>),
    /// It is here.
    Here(Box<ReplyKitAnswer>),
    /// The desk has none: the page stays blank.
    Lost,
}

/// A reply that is being written.
#[derive(Debug)]
pub(super) struct ReplyEditor {
    focus: Focus,
    text: TextField,
    kit: Kit,
    /// The place of the template that was picked.
    picked: Option<usize>,
    /// What is kept with the message: the template that the text began from.
    reference: Option<String>,
    /// The text as it was filled in, to see whether anything was typed since.
    filled: Option<FilledAnswer>,
    /// A template that was picked before that came which fills it in.
    is_to_fill: bool,
    ways: Vec<Way>,
    way: usize,
    /// The way that a draft had chosen.
    wanted_way: Option<(PersonId, Channel)>,
    /// The line of text modules, while it is open.
    modules: Option<ModulePicker>,
    /// A passage that came from elsewhere and is to stand in the text.
    brought: Option<String>,
}

impl ReplyEditor {
    pub(super) fn new() -> Self {
        Self {
            focus: Focus::Template,
            text: TextField::block(TEXT_BYTES_MAX),
            kit: Kit::Asked(None),
            picked: None,
            reference: None,
            filled: None,
            is_to_fill: false,
            ways: Vec::new(),
            way: 0,
            wanted_way: None,
            modules: None,
            brought: None,
        }
    }

    fn here(&self) -> Option<&ReplyKitAnswer> {
        match &self.kit {
            Kit::Here(kit) => Some(kit),
            Kit::Asked(_) | Kit::Lost => None,
        }
    }

    fn pick(&mut self, key: Key, scene: &Scene) -> Typed {
        if let Some(digit) = key.digit() {
            let picked = usize::from(digit).checked_sub(1);
            let count = self.here().map(|kit| kit.templates.len());
            let is_there = picked.is_some_and(|at| count.is_none_or(|count| at < count));
            if !is_there || matches!(self.kit, Kit::Lost) {
                return Typed::Refused("There is no such template; Enter begins blank.".to_owned());
            }
            self.picked = picked;
            self.is_to_fill = true;
            self.focus = Focus::Text;
            self.fill(scene);
            return Typed::Changed;
        }
        if matches!(key.code(), KeyCode::Enter | KeyCode::Down) {
            self.focus = Focus::Text;
            return Typed::Nothing;
        }
        let written = self.text.key(key);
        if written == Written::Changed {
            self.focus = Focus::Text;
        }
        written.into()
    }

    /// Fills the picked template in, once it is known for whom. Where there is nobody to write to, it stays to be filled.
    fn fill(&mut self, scene: &Scene) {
        let is_known = scene.file.is_some() || scene.is_file_lost;
        if !self.is_to_fill || !is_known || matches!(self.kit, Kit::Asked(_)) {
            return;
        }
        self.is_to_fill = false;
        let Some(filled) = self.filled_for_way() else { return };
        self.text.set(&filled.text);
        self.text.set_cursor(writing_place(&filled.text));
        self.reference = Some(filled.template.clone());
        self.filled = Some(filled);
    }

    /// The picked template for the chosen way.
    fn filled_for_way(&self) -> Option<FilledAnswer> {
        let (kit, way) = (self.here()?, self.ways.get(self.way)?);
        let code = &kit.templates.get(self.picked?)?.code;
        let mut texts = kit.texts.iter();
        let found = texts.find(|text| {
            text.person == way.person && text.channel == way.channel && text.code == *code
        });
        found.map(|text| text.filled.clone())
    }

    /// Another way has another form of the template, as long as nobody has typed into it.
    fn fill_again(&mut self, scene: &Scene) {
        let is_as_filled =
            self.filled.as_ref().is_some_and(|filled| filled.text == self.text.text());
        if is_as_filled {
            self.is_to_fill = true;
            self.fill(scene);
        }
    }

    fn choose_way(&mut self, key: Key, scene: &Scene) -> Typed {
        let count = self.ways.len();
        if let Some(digit) = key.digit() {
            if let Some(way) = usize::from(digit).checked_sub(1).filter(|way| *way < count) {
                self.way = way;
                self.focus = Focus::Text;
                self.fill_again(scene);
                return Typed::Changed;
            }
            return Typed::Nothing;
        }
        if matches!(key.code(), KeyCode::Enter | KeyCode::Down) {
            self.focus = Focus::Text;
        } else if matches!(key.code(), KeyCode::Space | KeyCode::Right) && count > 0 {
            self.way = (self.way + 1) % count;
            self.fill_again(scene);
            return Typed::Changed;
        }
        Typed::Nothing
    }

    fn write(&mut self, key: Key) -> Typed {
        if key.typed().is_some() {
            self.take_placeholder_out();
        }
        let typed = Typed::from(self.text.key(key));
        if typed == Typed::Changed && self.text.before_cursor().ends_with(COLONS) {
            let person = self.ways.get(self.way).map(|way| way.person);
            let lines = self.here().map(|kit| modules_for(kit, person)).unwrap_or_default();
            if !lines.is_empty() {
                self.modules = Some(ModulePicker::new(lines));
            }
        }
        typed
    }

    /// What is typed at an open placeholder takes its place.
    fn take_placeholder_out(&mut self) {
        let (before, after) = (self.text.before_cursor(), self.text.after_cursor());
        if let Some((0, place)) = first_open_placeholder(&after)
            && let Some(rest) = after.strip_prefix(&place.to_string())
        {
            self.text.set(&format!("{before}{rest}"));
            self.text.set_cursor(before.chars().count());
        }
    }

    /// Takes a key for the line of modules.
    fn pick_module(&mut self, key: Key, context: &mut Context<'_>) -> Typed {
        let Some(picker) = &mut self.modules else { return Typed::Nothing };
        match picker.key(key) {
            Picked::Nothing => Typed::Nothing,
            Picked::Left => {
                self.modules = None;
                Typed::Nothing
            }
            Picked::Module(line) => {
                self.modules = None;
                let (before, after) = (self.text.before_cursor(), self.text.after_cursor());
                let before = before.strip_suffix(COLONS).unwrap_or(&before);
                let is_gap = before.is_empty() || before.ends_with(char::is_whitespace);
                let gap = if is_gap { "" } else { " " };
                let written = format!("{before}{gap}{}", line.text);
                if written.len() + after.len() > TEXT_BYTES_MAX {
                    return Typed::Refused(
                        "There is no room for it: shorten the reply.".to_owned(),
                    );
                }
                self.text.set(&format!("{written}{after}"));
                self.text.set_cursor(written.chars().count());
                context.execute(crate::desk::Command::CountUse { module: line.code });
                Typed::Changed
            }
        }
    }

    fn is_template_line(&self) -> bool {
        self.text.is_blank() && !self.is_to_fill
    }

    /// What is to be filled in yet, by name, each once.
    fn open_places(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut rest = self.text.text();
        while let Some((at, place)) = first_open_placeholder(&rest) {
            let name = place.to_string();
            rest = rest.chars().skip(at + name.chars().count()).collect();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn is_sms(&self) -> bool {
        self.ways.get(self.way).is_some_and(|way| way.channel == Channel::Sms)
    }

    /// What keeps the text from being sent, if anything does.
    fn obstacle(&mut self) -> Option<String> {
        if self.modules.is_some() {
            let what = "A text is being picked: Enter puts it in, leaving leaves the colons.";
            return Some(what.to_owned());
        }
        if self.text.is_blank() {
            return Some("There is nothing in the reply: type it first.".to_owned());
        }
        let open = self.open_places();
        if !open.is_empty() {
            if let Some((at, _)) = first_open_placeholder(&self.text.text()) {
                self.text.set_cursor(at);
                self.focus = Focus::Text;
            }
            return Some(format!("Fill in {} first: type where the cursor is.", open.join(", ")));
        }
        let sms = sms_length(&self.text.text());
        (self.is_sms() && sms.parts > SMS_PARTS_MAX).then(|| {
            let parts = sms.parts;
            format!(
                "It would be {parts} text messages, and {SMS_PARTS_MAX} are the most: shorten it."
            )
        })
    }
}

impl Editor for ReplyEditor {
    fn title(&self) -> &'static str {
        "REPLY"
    }

    fn form(&self) -> Option<DraftForm> {
        Some(DraftForm::Reply)
    }

    fn keys(&self) -> keymap::Context {
        keymap::Context::Editor
    }

    fn open(&mut self, scene: &Scene, context: &mut Context<'_>) {
        self.kit = Kit::Asked(Some(context.ask(AskReplyKit { case: scene.row.id })));
    }

    fn answered(&mut self, ticket: Ticket, answer: Option<&Answer>, scene: &Scene) -> bool {
        if !matches!(self.kit, Kit::Asked(asked) if asked == Some(ticket)) {
            return false;
        }
        self.kit = match answer {
            Some(Answer::ReplyKit(kit)) => Kit::Here(kit.clone()),
            _ => Kit::Lost,
        };
        self.fill(scene);
        true
    }

    fn is_waiting(&self) -> bool {
        matches!(self.kit, Kit::Asked(_))
    }

    fn key(&mut self, key: Key, scene: &Scene, context: &mut Context<'_>) -> Typed {
        if self.modules.is_some() {
            return self.pick_module(key, context);
        }
        match self.focus {
            Focus::Template => self.pick(key, scene),
            Focus::To => self.choose_way(key, scene),
            Focus::Text => self.write(key),
        }
    }

    fn paste(&mut self, text: &str, _scene: &Scene, _context: &mut Context<'_>) -> Typed {
        self.focus = Focus::Text;
        self.modules = None;
        self.text.paste(text).into()
    }

    fn turn(&mut self, turn: Turn, _key: Key, _scene: &Scene) {
        if let Some(picker) = &mut self.modules {
            picker.step(turn);
            return;
        }
        self.focus = match self.focus {
            Focus::Template | Focus::Text => Focus::To,
            Focus::To if self.is_template_line() => Focus::Template,
            Focus::To => Focus::Text,
        };
    }

    fn escape(&mut self) -> bool {
        self.modules.take().is_some()
    }

    fn informed(&mut self, scene: &Scene) -> Typed {
        let chosen = self.ways.get(self.way).map(|way| (way.person, way.channel));
        let wanted = chosen.or(self.wanted_way);
        self.ways = scene.file.as_ref().map(|file| ways(file)).unwrap_or_default();
        let mut known = self.ways.iter();
        let found = known.position(|way| Some((way.person, way.channel)) == wanted);
        self.way = found.unwrap_or_default();
        self.fill(scene);
        Typed::Nothing
    }

    fn compose(&mut self, scene: &Scene) -> Composed {
        let is_asked = self.is_to_fill && matches!(self.kit, Kit::Asked(_));
        if is_asked || (scene.file.is_none() && !scene.is_file_lost) {
            return Composed::Waiting;
        }
        self.fill(scene);
        let Some(way) = self.ways.get(self.way).cloned() else {
            let what = "There is nobody to write to: add a note (a) of what was done.".to_owned();
            return Composed::Missing(what);
        };
        if let Some(obstacle) = self.obstacle() {
            return Composed::Missing(obstacle);
        }
        Composed::Acts(vec![CaseAct::Reply {
            to: ReplyAddress { addressee: way.person, channel: way.channel },
            template: self.reference.clone(),
            text: self.text.text(),
        }])
    }

    fn fields(&self) -> Vec<(String, String)> {
        let Some(text) = kept("text", self.text.text()) else { return Vec::new() };
        let template = self.reference.clone().and_then(|reference| kept("template", reference));
        let way = self.ways.get(self.way);
        let way = way.and_then(|way| kept("way", format!("{} {}", way.person, way.channel.code())));
        [Some(text), template, way].into_iter().flatten().collect()
    }

    fn focus(&self) -> &'static str {
        match self.focus {
            Focus::Template => "template",
            Focus::To => "to",
            Focus::Text => "text",
        }
    }

    fn restore(&mut self, field: &str, text: &str) {
        match field {
            "text" => {
                self.text.set(text);
                if let Some(brought) = self.brought.take() {
                    self.restore(BROUGHT, &brought);
                }
            }
            "template" => {
                self.reference = Some(text.to_owned());
                // Words that began from a template go on where its signature does not follow them yet.
                self.text.set_cursor(writing_place(&self.text.text()));
            }
            "way" => {
                let way = text.split_once(' ').and_then(|(person, channel)| {
                    Some((person.parse().ok()?, Channel::from_code(channel)?))
                });
                let mut known = self.ways.iter();
                let place = known.position(|known| Some((known.person, known.channel)) == way);
                self.way = place.unwrap_or(self.way);
                self.wanted_way = way;
            }
            BROUGHT => {
                let gap = if self.text.is_blank() { "" } else { "\n\n" };
                self.text.paste_keepable(&format!("{gap}{text}"));
                self.brought = Some(text.to_owned());
                self.focus = Focus::Text;
            }
            _ => {}
        }
    }

    fn restore_focus(&mut self, field: &str) {
        self.focus = if field == "to" { Focus::To } else { Focus::Text };
    }

    fn show(&self, scene: &Scene, cells: usize, picture: &mut Picture) {
        if self.is_template_line() {
            let lines = self.here().map(|kit| kit.templates.as_slice()).unwrap_or_default();
            let choices: Vec<_> = lines
                .iter()
                .zip(1..)
                .map(|(template, digit): (_, u8)| (format!("{digit} {}", template.label), false))
                .chain(std::iter::once(("Enter blank".to_owned(), false)))
                .collect();
            picture.choices("begin", &choices, self.focus == Focus::Template, cells);
        }
        let ways: Vec<_> = self
            .ways
            .iter()
            .zip(1..)
            .enumerate()
            .map(|(at, (way, digit)): (_, (_, usize))| {
                let address = if way.address.is_empty() { "no address" } else { &way.address };
                let words = format!(
                    "{digit} {} by {}, {}",
                    safe_line(&way.name),
                    way.channel.label(),
                    safe_line(address)
                );
                (words, at == self.way)
            })
            .collect();
        if ways.is_empty() {
            let is_read = scene.file.is_some() || scene.is_file_lost;
            picture.words("to", if is_read { "nobody to write to" } else { "reading" }, cells, 1);
        } else {
            picture.choices("to", &ways, self.focus == Focus::To, cells);
        }
        picture.text(&self.text, self.focus == Focus::Text, cells, ROWS);
        if let Some(picker) = &self.modules {
            picker.show(cells, picture);
            return;
        }
        picture.words("", &self.remarks(scene), cells, 2);
    }
}

/// The field in which a passage comes from elsewhere.
pub(super) const BROUGHT: &str = "brought";

impl ReplyEditor {
    /// What there is to know of the text: what it lacks, its language, its length, and how long it can be recalled.
    fn remarks(&self, scene: &Scene) -> String {
        let undo = scene.key(Action::Undo);
        let mut remarks = Vec::new();
        let open = self.open_places();
        if !open.is_empty() {
            remarks.push(format!("to fill in: {}", open.join(", ")));
        }
        if let Some(FilledAnswer { language, wanted: Some(wanted), .. }) = &self.filled {
            remarks.push(format!("there is no text in {wanted}: this one is in {language}"));
        }
        if self.is_sms() {
            let sms = sms_length(&self.text.text());
            let script = if sms.is_gsm { "GSM" } else { "UCS-2" };
            let parts =
                if sms.parts == 1 { "1 part".to_owned() } else { format!("{} parts", sms.parts) };
            remarks.push(format!("SMS {} of {}, {parts}, {script}", sms.length, sms.room));
        }
        let minutes = self.here().map_or(0, |kit| kit.recall_minutes);
        remarks.push(match minutes {
            0 => format!("Sent is sent: {undo} does not take a reply back"),
            minutes => format!("{undo} recalls it for {minutes} min"),
        });
        if self.here().is_some_and(|kit| !kit.modules.is_empty()) {
            remarks.push(format!("{COLONS} puts a text in"));
        }
        remarks.join("; ")
    }
}
