//! casedesk: the work of a public office at the keyboard. This page is the map for engineers.
//!
//! # Rooms
//! ```text
//!  domain (pure)       store (bytes)       keymap (data)
//!    ↑   ↖ search        ↑                    ↑
//!    └────── desk ───────┘                    │
//!             ↑     ↖                         │
//!           link     └───────── tui ──────────┤
//!             ↑                  ↑            │
//!             └────── cli ───────┴────────────┘
//! ```
//! Two arrows are not drawn: `cli/evaluate` asks [`search`] itself, and [`domain`] names [`text`] to suggest the word that was meant.
//!
//! - [`domain`]: the rules of casework. Time and identity are arguments. A case act is decided by
//!   [`domain::cases::decide`] into events, and [`domain::fold`] makes states of events; both are total over what the
//!   types allow. `domain::rules` reads the texts that an office publishes: case types, decision tables, calendars.
//! - [`search`]: people found by what was heard. Pure: it reads bytes through a trait and returns the changes to write.
//!   Words are compared on shelves of one script, class and length; evidence is weighed in bits, by constants that were
//!   fitted on half of the questions of `casedesk evaluate search` and are right for any name.
//! - [`store`]: an ordered key-value trait in plain bytes, and two engines that obey one law suite: memory, and sled behind
//!   our own journal; snapshots, backups, and the store as it was after one of its commits.
//! - [`desk`]: the one door. A command is authorised, read, decided and committed with its events; a query answers masked.
//! - [`link`]: the desk over a socket, of the same user or of an office's daemon. A new command changes no line there.
//! - [`keymap`]: keys as data, and the one table of actions that footer, help, palette and `keys check` read.
//! - [`tui`]: a model, an update without I/O, a view without change; only its `driver` does I/O, and only its `thin` makes
//!   frames of bytes. Its `plain` reads the same screens out in lines: what a row says is noted while it is drawn.
//! - [`cli`]: one file per subcommand, and one place that decides blame, hint and exit code.
//! - Smaller ones: [`text`] (the sanitiser), [`codec`] (the envelope of records), [`exchange`] (files that come in),
//!   [`made`] (offices for demonstration, made only by commands), [`config`].
//!
//! `tests/architecture.rs` reads the sources and keeps the arrows.
//!
//! # How a command becomes true
//! `Session::execute` runs the command over a [`desk`] work that remembers every version it read. The store's one committer
//! checks those versions, then calls the commit's stamp: numbers, the audit chain, counters and the search index are made
//! there from the newest values, so that no two creations conflict and no number is skipped. Numbers are guessed in the
//! first run; where the guess was wrong, or the act has to know its place to be undone, the command runs again over what
//! was read. Then one frame goes to the journal, one `fdatasync` covers the group, sled takes the after-images, and the
//! caller is answered.
//!
//! # Invariants
//! - An acknowledgement rests on the journal alone; sled can be made again from it. A database that cannot be relied on is
//!   set aside, never deleted, and made anew; a kill in the middle of that is finished by the next opening.
//! - After any failed write or sync nothing more is accepted, and reading goes on; that is told to every feed, near or
//!   remote. A file whose reading cannot be recorded does not open: what a session has opened it reads on.
//! - The log, the anchors of the audit chain and `backup.json` name no citizen, and hold no key of the database.
//! - Every change is events with actor, unit, time and reason; opening a file and revealing a field are events too, and are
//!   durable before anything is shown. That holds for whatever speaks to the desk: a question that shows what only an opened
//!   file shows (`desk::opened` says which) opens it first, once a session, for what tells its purpose, and is refused where
//!   nothing does.
//! - Reading the audit trail is an event, durable before anything is shown; the desk gives pages of the trail for that reading
//!   alone, up to that event, for a day. The chain's hash leaves the database at every 1,000th event and when the desk closes.
//! - A past lies between two commits; whoever looks at it has the rights of today, and the look is an event of today.
//! - A query never returns an unmasked number, but for an export of the trail, whose reading is recorded. Ordering and routing
//!   take a view of the case in which there is no person.
//! - A closed case has an outcome, and every number that was given is a case that is open or has ended.
//! - Whom an actor may not see is left out before a search ranks, counts and pages; the list is an index of the store. What
//!   words are worth is counted without anybody whom not everybody may find, and a word that only those have is one for
//!   nobody else; the few whose files are closed to the actor alone are taken out of what is counted. A registration tells nothing of whom its clerk may not see: what it looks like is kept outside the chain, for whoever may
//!   see both.
//! - A person and their search index change in one commit, and so do the relatives whose document has the person's name; but
//!   for an import larger than the register: a row says that the index is behind or being built, searches are refused
//!   while it says so, and the next opening builds it. A half index is never taken for a whole one.
//! - Texts are kept as they were entered and made safe where they are shown, by one function.
//! - Nothing masked is shown under a contact whose caller failed to prove who they are, and nothing to an unverified caller
//!   unless whoever shows it says so. A file about which the caller may not ask opens only for a purpose of the caseworker's own.
//! - Promises are ended by people only; a rule notes once that one is late and tells whoever leads the unit.
//! - A limit only leaves rows out, and only among rows that the actor may see; under a limit, what is hidden is not counted
//!   either. Its order is a function over `SortFacts`, in which there is no person.
//! - An act on many cases is divided into commits and is no transaction: each case is decided alone, and its undo lies in parts
//!   beside one entry.
//! - A message is released by an event before it is handed over, so that no recall comes between. A PIN is kept only as a hash,
//!   and printing a slip replaces it.
//! - A merge moves and deletes nothing: the merged record says where it went, the survivor is read under all its numbers, and
//!   the merge keeps what it brought, so that it can be given back at any time.
//! - What is typed is durable two seconds later at the latest, and the place on the screen is kept beside it, outside the chain,
//!   one of each session. Saved views, macros and what came since somebody left are outside the chain, too.
//! - What comes into a unit and leaves it is counted by day from events, beginning with the first commit of a program that
//!   counts (`Counter::FlowSince`); `verify --deep` counts it again.
//! - An undo tells the actor's earlier acts the version under which a record stands again; what somebody else has changed since
//!   is not undone.
//! - The tutor watches and presses nothing; its office lies in memory only.
//! - Nothing reaches a terminal but through the canvas and cli's output; `tests/architecture.rs` names the files that may write.
//!   Screens say what a cell means (`Meaning`) and where a section begins (`Canvas::rule`), never a colour or a sign.
//! - A row is made of fields: a citizen's text is marked by `text::row`, ordered alone by the canvas, and never moves what
//!   stands beside it. Screens name `tui::text`, which marks.
//! - A published text of rules never changes; whoever proposed it does not publish it, unless nobody else who may is here, and
//!   then the trail says so. A case type is accepted only where every stage can be left whatever the facts are, a table only
//!   where it is sound over the office's own subjects and units.
//! - What a type makes of a case lies in its plan, a record beside it; what follows by itself from an act is in the act's own
//!   commit, each event with its rule. No rule refuses, closes, decides or pays.
//! - Tables and guards take `domain::rules::CaseFacts`, in which there is no person and nobody's words. What no rule could place
//!   lies in an Unrouted queue, with an event that names whom it told.
//! - A due date is a function of term, start, pauses, extensions and calendar; `DueSum` counts it a second time, day by day.
//! - An extension stands and falls with its notice, is no answer and no decision, and brings no target past the legal limit.
//! - The watch of a case, when to look whether it escalates, may lie too early and never too late; a sweep reads only what is due.
//! - What closed cases suggest is learned in memory and orders nothing; a word is known once five different people used it.
//! - What the desk tells is put by until the next frame (`tui::take_in`), unless keys wait for it; a row under the cursor
//!   leaves its list only when the cursor leaves it, or by the caseworker's own act.
//!
//! - A request whose conversation broke is sent again with its id, and done once. While a desk works it gives signs of life, and
//!   is waited for; one that gives none counts as away. Groups that the system cannot name are those of the last time. In daemon mode a client's environment,
//!   `--data` and `--as` count for nothing. Whoever runs the machine and is not enrolled, the superuser and the daemon's own
//!   user, has `desk::StatusAlone`, which answers how the desk is and refuses everything else.
//! - `permit` is asked with everything effective: roles, narrower rights and those of groups. There is no wildcard with
//!   secrecy, and a right in some units never reaches the whole office. Nobody gives themselves a right.
//! - `Sight` alone says whether a case or person may be known to be there. Rows and counters of cases name their class, which
//!   `Resource::of_case_anywhere` decides: whoever changes that function raises the layout.
//! - Files of one's own, the family and colleagues of the unit are closed; an attempt is an event, and an emergency access
//!   opens one of them for an hour and is reviewed by somebody else.
//! - Claims are decided in the stamp over the newest state and read nothing that conflicts; the stamp keeps a size and an
//!   additive sum of each queue's free cases and writes them into each claim, so that `casedesk fairness` counts them again.
//! - An act is written only under the directory that it was decided by: each commit that changes the office's rights, units or
//!   rules raises a version that every other one has read. So many acts are under way at once (`desk::turnstile`), and others
//!   wait before they read anything.
//! - Who has what open is known by session and kept nowhere; a lease lies outside the chain and refuses nothing. An act is
//!   refused only where somebody else has changed what it rests on. A watcher hears of units whose lists changed and of
//!   records that it may see, never of drafts.
//! - A unit's zone is that of the calendar it works by; what is counted by day is counted by the office's days. Whoever is not
//!   on a unit's roster has none of its cases.
//! - What is kept in memory (`desk::kept`) is untrue from the commit that changes it; whoever commits says so before the
//!   caller is answered.
//! - What is above its maker's limit, and every edit of a closed case, is kept with its first signature beside the case and takes
//!   effect with that of another person; an account of the same citizen is no other person. A right for some purposes opens and
//!   shows for those alone.
//! - Citizens' data is read for a purpose of the office's register that is in force that day; one is retired from a day on and
//!   never deleted, and the trail names it by its code. `casework` and `contact`, which the desk records itself, stay in force.
//! - Whoever's sight changes is told `Change::Sight`, and no screen keeps what may not be seen any more. The trail leaves the desk
//!   without events of hidden records; an export keeps their places and hashes, and says nothing of an event that names a hidden
//!   case or person, which is found by the types of the numbers in it (`EventRecord::named`).
//! - What is held until a day returns when that day has come where its unit works.
//! - A caseworker's session over SSH is casedesk and nothing else; `tests/open_ssh.rs` shows it at a real server. A screen that
//!   nobody touches asks twice a minute.
//!
//! # Deliberately absent
//! No clock, randomness or environment below [`cli`]; no `unsafe`; no score, tier or value of a person; no shell escape,
//! editor or pager; no deletion of a record.
//!
//! # Where the code departs from the design
//! - The stamp is a closure that each commit brings, not one object of the store: what has to be made in order differs from
//!   commit to commit, and the store stays free of casework.
//! - The torn rule covers the last group of frames, since one `fdatasync` covers a group; and only what is missing or zero
//!   is torn, however few of its bytes stand alone in a sector. A frame that merely differs is damage, in the last frame
//!   too, for somebody may have been told of it.
//! - A new database is built under another name and renamed, rather than filled in place behind a moved checkpoint. A
//!   snapshot is fuzzy: it is of use only with a journal that reaches its end.
//! - A backup is the journal up to one commit, without its manifest and without snapshots: the journal alone is the truth,
//!   and the first opening makes the rest again. age draws its own randomness, in `store::backup`: a key that follows from
//!   an argument would be no secret.
//! - A timeline's tail has up to 4 KiB, not 1 KiB: with one, nearly every note wrote a sealed page of 16 KiB again.
//!   Readings, of a hundred bytes, have tails of 640 bytes and pages of 4 KiB, for each opening looks through the newest.
//! - The screen is drawn on a `tui::Sheet` rather than through ratatui's `Terminal`: what is written on a row is noted first, and
//!   a row on which the same is written as before keeps its cells. Where only the board's cursor moved, nothing is written on
//!   the other rows at all; where its list scrolled, they move with their cells, in the sheet and in the terminal. Tests
//!   read the sheet where the design has a `TestBackend`.
//! - Additive writes of the search index are not a kind of write of their own: the stamp makes the index's changes from the
//!   newest values, one commit after the other, which conflict with nobody either.
//! - Dictionary checkpoints are not needed: a million people's words are read in a tenth of a second from blocks of 64.
//! - fuzzy-matcher marks letters and orders lists of actions and subjects; people of equal evidence come in the order of
//!   their numbers.
//! - `undo` appends an event that carries the state before the act, rather than an inverse command for each kind of act:
//!   one mechanism, and the fold stays total. It is refused as designed where somebody has changed the record since.
//! - What a person's record must not hold is kept beside it: structs that lie in events are frozen, for their bytes are hashed,
//!   so that new facts are new events, appended variants and records of their own rather than new fields.
//! - crossterm sets raw mode and reads nothing: its event reader takes sequences apart on slow lines and spins on a hang-up.
//!   `tui/driver/input` decodes the bytes itself, told of silences rather than asking a clock. The loop waits for them itself, so
//!   that no key waits for one thread to wake another; a thread stands by that hears them in its stead once it is at work for
//!   longer, for pauses tell what was typed from what was pasted. Both ways go over descriptions of the terminal of our own
//!   that do not block.
//! - Texts of the domain and the desk name default keys in brackets, `(r)`; `Keymap::in_words` puts the live key there where
//!   they are shown.
//! - A case type is kept as the text that was published, and read when the office is opened: one form to check, to show, to
//!   compare and to keep, rather than a struct whose every field is frozen.
//! - The past of a case from another system's log is one event of its plan with the source's own times: the audit trail tells
//!   what happened here.
//! - Changes come between the answers of one conversation, gathered for a tenth of a second, rather than over a second one.
//! - The database is given what is durable on a thread of its own, many commits at once, rather than before each answer: until
//!   then, readers see it over the database, and the next opening replays it. Checkpoints are made there too. Nothing that an
//!   acknowledgement rests on is later for it. A daemon keeps the families of `desk::FAMILIES_IN_MEMORY` in memory whole.
//! - A session has a thread that listens to it; what it hears is done by one of a few threads (`link::crew`), acts and
//!   questions that may open a file, which wait for the disk, apart from other questions. A thousand stacks that each did some
//!   of the work took more memory than all that the sessions know, and more time: what a thread keeps for its next allocation
//!   is of use only to whoever works often.
//! - sled can stop for good under a burst on a slow disk (`store/pace.rs` has how). It is flushed behind the batch that makes it
//!   200 rows or 64 KiB, which keeps clear of that as far as was measured; and where an office is open in whose process a write
//!   to it lasts two minutes, the process ends, to be started again. While it is being opened or made anew, nobody watches.
//! - Three requests together have the next group wait two milliseconds for more, so that a thousand commits a second are not a
//!   thousand syncs.
//!
//! # Checklists
//! **A new command:** its variant in `desk::command` (append), what it does in `desk::run`, its event and rule in
//! [`domain`], its right in [`domain::office::permit`] with a row in `tests/permit.rs` and in
//! `tests/golden/rights.txt`. On a key: one line in
//! `keymap::actions`, one in each of `keymaps/`. On the command line: one file in [`cli`]. A new question that shows what is in
//! a file: its line in `desk::opened`.
//!
//! **A new screen:** a struct that implements [`tui::Screen`], its line in `tui/place.rs`, its name in `Place::words` and
//! `Place::of_words`, and a line in `tui/screens.rs`. Its list rows say their number and words (`Canvas::list`, `Canvas::say`).
//!
//! **A new record:** the type and its events in [`domain`], an [`domain::EntityId`] and [`domain::Entity`] variant
//! (append), a tag in `desk::keys`, a line in `desk::records` and in `desk::verify`, its index entries in `desk::derive`, and its golden bytes in
//! `tests/golden.rs`.
//!
//! **A new event:** its variant (append), its fold, its words in `domain::label`, its bytes in `tests/golden.rs`.
//!
//! **A record that changes:** the old struct is frozen as `CaseV1` with a conversion, the new one gets the next version in
//! `desk::records`, and the old golden bytes stay in the tests.

pub mod cli;
pub mod codec;
pub mod config;
pub mod desk;
pub mod domain;
pub mod exchange;
pub mod keymap;
pub mod link;
pub mod made;
pub mod search;
pub mod store;
pub mod text;
pub mod tui;
