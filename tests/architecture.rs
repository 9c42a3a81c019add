//! The arrows between the layers, and who may name which outside crate: read from the sources, so that they stay true.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use syn::visit::{self, Visit};

/// Which rooms of the house a room may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("codec", &[]),
    ("domain", &["text"]),
    ("search", &["text"]),
    ("store", &["text"]),
    ("keymap", &["text"]),
    ("config", &["text", "keymap"]),
    ("desk", &["domain", "search", "store", "codec", "text"]),
    ("link", &["desk", "codec", "text"]),
    ("exchange", &["desk", "domain", "text"]),
    ("made", &["desk", "domain"]),
    ("tui", &["desk", "domain", "keymap", "text"]),
    (
        "cli",
        &[
            "codec", "config", "desk", "domain", "exchange", "keymap", "link", "made", "search",
            "store", "text", "tui",
        ],
    ),
];

/// Which rooms may name an outside crate; a crate that is not here may be named anywhere.
const CRATES: &[(&str, &[&str])] = &[
    ("sled", &["store"]),
    ("bincode", &["codec"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("tui_textarea", &["tui"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("indicatif", &["cli"]),
    ("listenfd", &["cli"]),
    ("fuzzy_matcher", &["search", "tui"]),
    ("csv", &["domain", "exchange"]),
    ("flate2", &["exchange"]),
    ("toml", &["domain", "exchange", "keymap", "config"]),
    ("sha2", &["store", "desk", "cli"]),
    ("age", &["store"]),
];

/// Names of the domain that only the desk may call: everything else goes through commands.
const DESK_ONLY: &[&str] = &["decide", "apply", "fold"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Every path that a file names, as its segments.
#[derive(Default)]
struct Named {
    paths: Vec<Vec<String>>,
}

impl<'a> Visit<'a> for Named {
    fn visit_path(&mut self, path: &'a syn::Path) {
        self.paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        self.tree(&item.tree, &mut Vec::new());
    }
}

impl Named {
    fn tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Group(group) => {
                for item in &group.items {
                    self.tree(item, before);
                }
            }
            syn::UseTree::Name(name) => {
                self.paths.push([before.as_slice(), &[name.ident.to_string()]].concat());
            }
            syn::UseTree::Rename(name) => {
                self.paths.push([before.as_slice(), &[name.ident.to_string()]].concat());
            }
            syn::UseTree::Glob(_) => self.paths.push(before.clone()),
        }
    }
}

/// A file of the sources.
struct Source {
    /// Where it is below `src`.
    inside: PathBuf,
    named: Named,
    words: Words,
}

/// All of the sources, which are parsed once for all tests: that takes seconds.
fn all_sources() -> &'static [Source] {
    static READ: OnceLock<Vec<Source>> = OnceLock::new();
    READ.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        sources(&root, &mut files);
        let read = |file: PathBuf| {
            let parsed = syn::parse_file(&std::fs::read_to_string(&file).unwrap()).unwrap();
            let (mut named, mut words) = (Named::default(), Words::default());
            named.visit_file(&parsed);
            words.visit_file(&parsed);
            Source { inside: file.strip_prefix(&root).unwrap().to_owned(), named, words }
        };
        files.into_iter().map(read).collect()
    })
}

/// Each room with what its files name.
fn rooms() -> BTreeMap<String, Vec<(&'static Path, &'static [String])>> {
    let mut rooms: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for Source { inside, named, .. } in all_sources() {
        let Some(room) = inside.parent().and_then(|folder| folder.iter().next()) else { continue };
        let paths = named.paths.iter().map(|path| (inside.as_path(), path.as_slice()));
        rooms.entry(room.to_string_lossy().into_owned()).or_default().extend(paths);
    }
    rooms
}

#[test]
fn rooms_name_only_the_rooms_below_them() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let known: BTreeSet<&str> = arrows.keys().copied().collect();
    let mut wrong = BTreeSet::new();
    let rooms = rooms();
    assert_eq!(
        rooms.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        known,
        "every room has its arrows"
    );
    for (room, paths) in &rooms {
        for (file, path) in paths {
            if let [root, other, ..] = path
                && root == "crate"
                && known.contains(other.as_str())
                && other != room
                && !arrows[room.as_str()].contains(&other.as_str())
            {
                wrong.insert(format!("{}: {room} names {other}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_outside_crate_is_named_where_it_belongs() {
    let homes: BTreeMap<&str, &[&str]> = CRATES.iter().copied().collect();
    let mut wrong = BTreeSet::new();
    for (room, paths) in rooms() {
        for (file, path) in paths {
            if let Some(first) = path.first()
                && path.len() > 1
                && let Some(home) = homes.get(first.as_str())
                && !home.contains(&room.as_str())
            {
                wrong.insert(format!("{}: {room} names the crate {first}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sled_has_one_home_file() {
    let files: BTreeSet<&Path> = rooms()["store"]
        .iter()
        .filter(|(_, path)| path.len() > 1 && path[0] == "sled")
        .map(|(file, _)| *file)
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
}

#[test]
fn only_the_desk_decides_and_applies() {
    let mut wrong = BTreeSet::new();
    for (room, paths) in rooms() {
        if matches!(room.as_str(), "domain" | "desk") {
            continue;
        }
        for (file, path) in paths {
            let is_domains = path.first().is_some_and(|first| first == "crate")
                && path.get(1).is_some_and(|second| second == "domain");
            if is_domains && path.last().is_some_and(|last| DESK_ONLY.contains(&last.as_str())) {
                wrong.insert(format!("{}: {}", file.display(), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Functions of `text` beside which `text::row` has one of the same name that marks a field of a row.
const OF_ROWS: [&str; 6] = ["safe_line", "safe_block", "clip", "fit", "fit_right", "wrap"];

/// Files of the screens that take the plain ones: they edit or measure one text alone, or say it aloud.
const OF_TEXTS: [&str; 3] =
    ["tui/field/text_field.rs", "tui/field/layout.rs", "tui/plain/words.rs"];

#[test]
fn screens_mark_every_text_as_a_field_of_its_row() {
    let mut wrong = BTreeSet::new();
    for (file, path) in &rooms()["tui"] {
        let is_plain = matches!(path, [first, second, name]
            if first == "crate" && second == "text" && OF_ROWS.contains(&name.as_str()));
        if is_plain && !OF_TEXTS.iter().any(|home| *file == Path::new(home)) {
            wrong.insert(format!("{}: {}", file.display(), path.join("::")));
        }
    }
    assert!(wrong.is_empty(), "tui::text has the ones that mark a field: {wrong:#?}");
}

/// Words of the sources that belong to what reaches a terminal, and the files or folders that may say them: whatever else
/// has something to show hands it to these, which make it safe.
const TERMINAL_WORDS: &[(&[&str], &[&str])] = &[
    // Where the program's own streams are written to or asked for; a child's are pipes.
    (
        &["stdout", "stderr", "Stdout", "Stderr"],
        &[
            "cli/output.rs",
            "cli/board.rs",
            "cli/plain.rs",
            "cli/terminal.rs",
            "cli/evaluate/child.rs",
            "cli/bench/seats.rs",
            "cli/bench/screens.rs",
            "store/probe.rs",
            "tui/driver",
            "tui/thin",
        ],
    ),
    // Text comes to a cell by the canvas alone.
    (
        &[
            "set_string",
            "set_stringn",
            "set_line",
            "set_span",
            "set_symbol",
            "set_char",
            "append_symbol",
            "render_widget",
            "render_stateful_widget",
        ],
        &["tui/sheet.rs"],
    ),
    (&["buffer_mut"], &["tui/view.rs"]),
    // clap prints by itself what it was given.
    (&["print_help", "print_long_help", "println", "eprintln"], &[]),
    // Nobody gives the terminal a title, reaches for the clipboard, or runs what shows or edits a text.
    (&["SetTitle", "CopyToClipboard", "EDITOR", "PAGER", "VISUAL"], &[]),
];

/// The folders that may spell the sequences that a terminal obeys.
const SEQUENCE_HOMES: &[&str] = &["tui/driver", "tui/thin"];

/// All words of a file outside its tests: names, words inside macros, and texts.
#[derive(Default)]
struct Words {
    names: BTreeSet<String>,
    texts: Vec<String>,
}

impl<'a> Visit<'a> for Words {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        let is_test = item.attrs.iter().any(|attribute| {
            let list = attribute.meta.require_list().map(|list| list.tokens.to_string());
            attribute.path().is_ident("cfg") && list.is_ok_and(|list| list == "test")
        });
        if !is_test {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_ident(&mut self, name: &'a syn::Ident) {
        self.names.insert(name.to_string());
    }

    fn visit_macro(&mut self, called: &'a syn::Macro) {
        let tokens = called.tokens.to_string();
        let words = tokens.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        self.names.extend(words.map(str::to_owned));
        self.texts.push(tokens);
        visit::visit_macro(self, called);
    }

    // What a comment of the documentation says is not what the program does.
    fn visit_attribute(&mut self, _attribute: &'a syn::Attribute) {}

    fn visit_lit_str(&mut self, text: &'a syn::LitStr) {
        self.names.insert(text.value());
        self.texts.push(text.value());
    }

    fn visit_lit_byte_str(&mut self, text: &'a syn::LitByteStr) {
        self.texts.push(String::from_utf8_lossy(&text.value()).into_owned());
    }
}

#[test]
fn nothing_reaches_a_terminal_around_those_who_make_it_safe() {
    let mut wrong = BTreeSet::new();
    for Source { inside, words, .. } in all_sources() {
        // Such files are declared under `cfg(test)` by the module above them.
        if inside.ends_with("tests.rs") || inside.ends_with("bench.rs") {
            continue;
        }
        let lives_in = |homes: &[&str]| homes.iter().any(|home| inside.starts_with(home));
        for (names, homes) in TERMINAL_WORDS {
            for name in names.iter().filter(|name| words.names.contains(**name)) {
                if !lives_in(homes) {
                    wrong.insert(format!("{} says `{name}`", inside.display()));
                }
            }
        }
        let spells = |text: &String| {
            ["\u{1b}", "\u{9b}", "\\x1b", "\\u{1b}", "\\x1B"]
                .iter()
                .any(|begun| text.contains(begun))
        };
        if words.texts.iter().any(spells) && !lives_in(SEQUENCE_HOMES) {
            wrong.insert(format!("{} spells a sequence that terminals obey", inside.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_test_file_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !["main", "golden", "due_dates"].contains(&name.as_str())
            && (path.is_dir() || path.extension().is_some_and(|ending| ending == "rs"))
        {
            assert!(main.contains(&format!("mod {name};")), "tests/main.rs forgets {name}");
        }
    }
}

#[test]
fn the_program_is_started_by_tests_with_a_desk_of_its_own_whatever_the_machine_is_set_to() {
    let mut tests = Vec::new();
    sources(Path::new("tests"), &mut tests);
    let names = |path: &PathBuf| {
        std::fs::read_to_string(path).unwrap().contains(concat!("CARGO_BIN", "_EXE_"))
    };
    tests.retain(names);
    assert_eq!(tests, [Path::new("tests/harness/program.rs")]);
}

#[test]
fn every_file_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let without: Vec<_> = files
        .iter()
        .filter(|file| !std::fs::read_to_string(file).unwrap().starts_with("//!"))
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

/// What of the domain is a person, or leads to one: a table or guard that could name it could treat two people differently.
const OF_PEOPLE: &[&str] = &[
    "people",
    "Person",
    "PersonId",
    "HouseholdId",
    "Household",
    "RoleOnCase",
    "Party",
    "PartyRole",
    "About",
    "Contact",
    "ContactId",
    "Case",
    "Intake",
];

#[test]
fn what_tables_are_told_and_made_of_names_no_person() {
    let is_of_tables = |file: &Path| {
        let names = ["facts.rs", "test.rs", "table.rs"];
        let is_shape = file.parent() == Some(Path::new("domain/rules"))
            && file.file_name().is_some_and(|name| names.iter().any(|known| name == *known));
        is_shape || file.starts_with("domain/rules/tables")
    };
    let mut looked_at = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    for (file, path) in &rooms()["domain"] {
        if is_of_tables(file) {
            looked_at.insert(*file);
            if path.iter().any(|segment| OF_PEOPLE.contains(&segment.as_str())) {
                wrong.insert(format!("{}: {}", file.display(), path.join("::")));
            }
        }
    }
    assert!(looked_at.len() > 10, "the files are where this looks for them: {looked_at:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Files whose functions order queues, route cases and climb ladders: they take views. Where a view is made of a case, the
/// case may be named, and nobody in it.
const OF_ORDER: &[(&str, bool)] = &[
    ("domain/cases/ordering.rs", true),
    ("domain/cases/ladder.rs", true),
    ("domain/cases/case_facts.rs", true),
    ("domain/cases/filter/sort.rs", false),
    ("domain/rules/choose.rs", false),
];

/// Hard rule 6: what is not in the view of a case is not reached in another way either.
#[test]
fn no_function_that_orders_routes_or_escalates_names_a_person() {
    let mut wrong = BTreeSet::new();
    for (file, makes_view) in OF_ORDER {
        let source = all_sources().iter().find(|source| source.inside == Path::new(file)).unwrap();
        let named = OF_PEOPLE.iter().filter(|name| source.words.names.contains(**name));
        let named = named.filter(|name| !(*makes_view && **name == "Case"));
        wrong.extend(named.map(|name| format!("{file} names {name}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
